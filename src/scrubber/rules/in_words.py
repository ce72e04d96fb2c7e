"""Conditions of a rule in words, for its page and for what tells why it fired."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from scrubber.checks import Predicate, known_checks
from scrubber.fields import FieldType
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
    Template,
)
from scrubber.rules.plain_names import PLAIN_NAMES
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
    if called is not str:
        return _said_plainly(condition, day, called)
    word = condition.word.name.replace("_", " ")
    if condition.word.operand is OperandKind.FLAG:
        return f"{subject} {word if operand else _denied(word)}"
    if condition.word.operand is OperandKind.PREDICATE:
        return f"{subject} {word} the check {', '.join(check.name for check in _checks_behind(operand))}"
    return f"{subject} {word} {operand_text(operand, day)}"


def _said_plainly(condition: Condition, day: date | None, called: Naming) -> str:
    subject, operand, name = condition.subject, condition.operand, condition.word.name
    several = subject.type in _SEVERAL
    if isinstance(operand, bool) and name in ("is", "is_not"):
        holds = operand is (name == "is")
        if subject.field is None and subject.name == "found":
            return f"{'there is' if holds else 'there is not'}: {called(subject)}"
        return f"{called(subject)}: {'yes' if holds else 'no'}"
    word = _ALONE.get(name, _read(condition)) if _is_one(operand) else _read(condition)
    if condition.word.operand is OperandKind.FLAG:
        word = word if operand else _denied(word)
        if several:
            word = re.sub(r"^is\b", "are", re.sub(r"^has\b", "have", word))
        return f"{called(subject)} {word}"
    if condition.word.operand is OperandKind.PREDICATE:
        meanings = ", ".join(check.meaning for check in _checks_behind(operand))
        return f"{called(subject)} {'are' if several else 'is'} {'' if name == 'passes' else 'not '}{meanings}"
    return f"{called(subject)} {word} {operand_text(operand, day, called)}"


_ALONE = {"is_one_of": "is", "is_none_of": "is not", "includes_any": "have", "includes_none": "do not have",
          "includes_all": "have"}  # fmt: skip
"""What a word becomes where its list has one member only."""


def _is_one(operand: object) -> bool:
    if isinstance(operand, Param):
        return len(operand.values) == 1 and _is_one(operand.values[0][1])
    if isinstance(operand, str) or not isinstance(operand, Iterable):
        return False
    items = [str(item) for item in operand]
    return len(items) == 1 and "-" not in items[0]


_SEVERAL = (FieldType.CODES, FieldType.NUMBERS, FieldType.OBJECTS)


def _denied(word: str) -> str:
    return word.replace("is ", "is not ", 1).replace("has ", "has no ", 1)


def _checks_behind(test: object) -> list[Predicate]:
    """The checks with this function: the loader has put it in the place of the name."""
    return [check for check in known_checks().predicates.values() if check.test is test]


def _read(condition: Condition) -> str:
    """The word of a condition as it stands in a sentence."""
    name = condition.word.name
    if name in _COMPARING:
        return f"is {name.replace('_', ' ')}"
    return _READ.get(name) or name.replace("_", " ")


def in_plain_words(rule: Rule) -> Naming:
    """Fields of a rule called by what they mean, for people who have not seen the rule language."""
    looked_up = {look_up.alias: _source(look_up) for look_up in rule.look_ups}
    several = rule.pair is not None or bool(rule.group_by)

    def called(field: FieldRef) -> str:
        alias, name = field.alias.replace("_", " "), field.name.replace("_", " ").replace(".", " ")
        if field.alias in looked_up:
            if field.name == "found":
                return f"the {alias}"
            return PLAIN_NAMES.get((looked_up[field.alias], field.name)) or f"{name} of the {alias}"
        meaning = field.field.meaning if field.field else name
        meaning = re.split(r" \(|: ", meaning)[0]  # what follows lists values or says where it is read
        return f"{meaning} ({alias})" if several and field.alias != "claim" else meaning

    return called


def _source(look_up: LookUp) -> str:
    """The finder or table that answers."""
    if isinstance(look_up, FinderLookUp):
        return look_up.finder
    return look_up.table if isinstance(look_up, TableLookUp) else ""


def look_up_text(look_up: LookUp, called: Naming = str) -> str:
    """What a look-up finds, in a sentence that begins with the name the rule gives it."""
    alias = look_up.alias.replace("_", " ")
    if isinstance(look_up, FinderLookUp):
        return f"the {alias}: {known_checks().finders[look_up.finder].meaning}"
    if isinstance(look_up, TableLookUp):
        values = (called(value) if isinstance(value, FieldRef) else value for value in look_up.match.values())
        return f"the {alias}: the row of the table {look_up.table} for {', '.join(values)}"
    return f"the {alias}: the days from {called(look_up.start)} to {called(look_up.end)}"


def operand_text(operand: Any, day: date | None = None, called: Naming = str) -> str:
    """What stands behind a word."""
    if isinstance(operand, FieldRef):
        return called(operand)
    if isinstance(operand, Param):
        held = _held(operand, day, called)
        # value sets come as params called value_sets.NAME
        of_pack = operand.name.startswith("value_sets.")
        name = operand.name if of_pack else f"params.{operand.name}"
        if called is not str:
            name = name.replace("value_sets.", "value set ").replace("params.", "").replace("_", " ")
        return name if held is None else f"{held} ({name})"
    if isinstance(operand, Span):
        return f"{operand_text(operand.days, day)} days of {called(operand.of)}"
    if isinstance(operand, bool):
        return "yes" if operand else "no"
    if isinstance(operand, Mapping):
        return f"{{{', '.join(f'{key}: {operand_text(value)}' for key, value in operand.items())}}}"
    if isinstance(operand, Iterable) and not isinstance(operand, str):
        items = [str(item) if called is str else str(item).replace("_", " ") for item in operand]
        more = f" and {len(items) - OPERANDS_SHOWN} more" if len(items) > OPERANDS_SHOWN else ""
        shown = f"{', '.join(items[:OPERANDS_SHOWN])}{more}"
        return f"[{shown}]" if called is str else shown
    return str(operand) if called is str else str(operand).replace("_", " ")


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


def with_gaps(template: Template) -> str:
    """A sentence whose fields are named in angle brackets, where no example fills them."""
    return "".join(part if isinstance(part, str) else f"<{_gap(part)}>" for part in template.parts)


def _gap(field: FieldRef) -> str:
    return field.field.meaning if field.field else field.name.replace("_", " ")
