"""Conditions of a rule in words, for its page and for what tells why it fired."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from scrubber.checks import known_checks
from scrubber.rules.model import (
    Condition,
    FieldRef,
    FinderLookUp,
    Group,
    LookUp,
    Node,
    Param,
    Rule,
    Span,
    TableLookUp,
)
from scrubber.rules.words import OperandKind

OPERANDS_SHOWN = 12
VALUES_SHOWN = 3
"""Of a constant with more dated values than these only the latest are shown."""
GROUP_WORDS = {"all_of": "all of", "any_of": "any of", "none_of": "none of"}


_READ = {
    "includes_any": "have one of",
    "includes_none": "have none of",
    "includes_all": "have all of",
    "includes_several_of": "have several of",
    "includes_any_starting_with": "have one that begins with",
    "includes_none_starting_with": "have none that begins with",
    "has_more_than": "are more than",
    "has_fewer_than": "are fewer than",
    "starts_with": "begins with",
    "does_not_start_with": "does not begin with",
    "within_days_after": "is on, or at most so long after:",
    "within_days_before": "is on, or at most so long before:",
    "length_is": "has as many characters as",
}
_COMPARING = ("more_than", "at_least", "less_than", "at_most", "after", "on_or_after", "before", "on_or_before",
              "within", "not_within")  # fmt: skip
"""Words that read as sentences behind "is"."""

Naming = Callable[[FieldRef], str]
"""How a field is called: by its name in the rule, or in plain words."""


def condition_lines(
    nodes: Iterable[Node], depth: int = 0, *, day: date | None = None, called: Naming = str
) -> Iterator[str]:
    """Conditions, one to a line; a group's members stand two spaces in."""
    for node in nodes:
        if isinstance(node, Group):
            yield f"{'  ' * depth}{GROUP_WORDS[node.kind]}:"
            yield from condition_lines(node.members, depth + 1, day=day, called=called)
        else:
            yield f"{'  ' * depth}{condition_text(node, day, called)}"


def condition_text(condition: Condition, day: date | None = None, called: Naming = str) -> str:
    """A condition as a sentence; a dated constant with its value on `day`, else with its values and days."""
    subject, operand = condition.subject, condition.operand
    word = condition.word.name.replace("_", " ") if called is str else _read(condition)
    if called is not str and subject.field is None and subject.name == "found" and isinstance(operand, bool):
        return f"{called(subject)} is {'found' if operand is (word == 'is') else 'not found'}"
    if condition.word.operand is OperandKind.FLAG:
        denied = word.replace("is ", "is not ", 1).replace("has ", "has no ", 1)
        return f"{called(subject)} {word if operand else denied}"
    if condition.word.operand is OperandKind.PREDICATE:
        # The loader has put the check's function in the place of its name.
        checks = [check for check in known_checks().predicates.values() if check.test is operand]
        if called is not str and len(checks) == 1:
            return f"{called(subject)} is {'' if word == 'passes' else 'not '}{checks[0].meaning}"
        return f"{called(subject)} {word} the check {', '.join(check.name for check in checks)}"
    return f"{called(subject)} {word} {operand_text(operand, day, called)}"


def _read(condition: Condition) -> str:
    """The word of a condition as it stands in a sentence."""
    name = condition.word.name
    if name in _COMPARING:
        return f"is {name.replace('_', ' ')}"
    return _READ.get(name) or name.replace("_", " ")


def in_plain_words(rule: Rule) -> Naming:
    """Fields of a rule called by what they mean, for people who have not seen the rule language."""
    looked_up = {look_up.alias for look_up in rule.look_ups}
    several = rule.pair is not None or bool(rule.group_by)

    def called(field: FieldRef) -> str:
        alias, name = field.alias.replace("_", " "), field.name.replace("_", " ").replace(".", " ")
        if field.alias in looked_up:
            return f"the {alias}" if field.name == "found" else f"{name} of the {alias}"
        meaning = field.field.meaning if field.field else name
        meaning = re.split(r" \(|: ", meaning)[0]  # what follows lists values or says where it is read
        return f"{meaning} ({alias})" if several and field.alias != "claim" else meaning

    return called


def look_up_text(look_up: LookUp) -> str:
    """What a look-up finds, in a sentence that begins with the name the rule gives it."""
    alias = look_up.alias.replace("_", " ")
    if isinstance(look_up, FinderLookUp):
        return f"the {alias}: {known_checks().finders[look_up.finder].meaning}"
    if isinstance(look_up, TableLookUp):
        by = ", ".join(f"{key} = {value}" for key, value in look_up.match.items())
        return f"the {alias}: the row of the table {look_up.table} with {by}"
    return f"the {alias}: the days from {look_up.start} to {look_up.end}"


def operand_text(operand: Any, day: date | None = None, called: Naming = str) -> str:
    """What stands behind a word."""
    if isinstance(operand, FieldRef):
        return called(operand)
    if isinstance(operand, Param):
        held = _held(operand, day, called)
        # value sets come as params called value_sets.NAME
        name = operand.name if operand.name.startswith("value_sets.") else f"params.{operand.name}"
        return name if held is None else f"{held} ({name})"
    if isinstance(operand, Span):
        return f"{operand_text(operand.days, day)} days of {called(operand.of)}"
    if isinstance(operand, bool):
        return "yes" if operand else "no"
    if isinstance(operand, Mapping):
        return f"{{{', '.join(f'{key}: {operand_text(value)}' for key, value in operand.items())}}}"
    if isinstance(operand, Iterable) and not isinstance(operand, str):
        items = [str(item) for item in operand]
        more = f" and {len(items) - OPERANDS_SHOWN} more" if len(items) > OPERANDS_SHOWN else ""
        shown = f"{', '.join(items[:OPERANDS_SHOWN])}{more}"
        return f"[{shown}]" if called is str else shown
    return str(operand)


def _held(param: Param, day: date | None, called: Naming) -> str | None:
    """The value of a constant on a day, else its latest; without a day all of them, each with its first day."""
    values = param.values
    if day is not None:
        on_the_day = param.on(day)
        values = values[-1:] if on_the_day is None else ((None, on_the_day),)
    if not values:
        return None
    if len(values) == 1:
        return operand_text(values[0][1], called=called)
    shown = values[-VALUES_SHOWN:]
    texts = [(start, operand_text(value, called=called)) for start, value in shown]
    told = [f"{text} from {start}" if start else text for start, text in texts]
    between = ", then " if called is str else "; then "
    return f"{f'…{between}' if len(shown) < len(values) else ''}{between.join(told)}"
