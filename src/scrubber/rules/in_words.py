"""Conditions of a rule in words, for its page and for what tells why it fired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from scrubber.checks import known_checks
from scrubber.rules.model import Condition, FieldRef, Group, Node, Param, Span
from scrubber.rules.words import OperandKind

OPERANDS_SHOWN = 12
VALUES_SHOWN = 3
"""Of a constant with more dated values than these only the latest are shown."""
GROUP_WORDS = {"all_of": "all of", "any_of": "any of", "none_of": "none of"}


def condition_lines(nodes: Iterable[Node], depth: int = 0, *, day: date | None = None) -> Iterator[str]:
    """Conditions, one to a line; a group's members stand two spaces in."""
    for node in nodes:
        if isinstance(node, Group):
            yield f"{'  ' * depth}{GROUP_WORDS[node.kind]}:"
            yield from condition_lines(node.members, depth + 1, day=day)
        else:
            yield f"{'  ' * depth}{condition_text(node, day)}"


def condition_text(condition: Condition, day: date | None = None) -> str:
    """A condition as a sentence; a dated constant with its value on `day`, else with its values and days."""
    word = condition.word.name.replace("_", " ")
    if condition.word.operand is OperandKind.FLAG:
        denied = word.replace("is ", "is not ", 1).replace("has ", "has no ", 1)
        return f"{condition.subject} {word if condition.operand else denied}"
    if condition.word.operand is OperandKind.PREDICATE:
        # The loader has put the check's function in the place of its name.
        names = [name for name, check in known_checks().predicates.items() if check.test is condition.operand]
        return f"{condition.subject} {word} the check {', '.join(names)}"
    return f"{condition.subject} {word} {operand_text(condition.operand, day)}"


def operand_text(operand: Any, day: date | None = None) -> str:
    """What stands behind a word."""
    if isinstance(operand, FieldRef):
        return str(operand)
    if isinstance(operand, Param):
        held = _held(operand, day)
        # value sets come as params called value_sets.NAME
        name = operand.name if operand.name.startswith("value_sets.") else f"params.{operand.name}"
        return name if held is None else f"{held} ({name})"
    if isinstance(operand, Span):
        return f"{operand_text(operand.days, day)} days of {operand.of}"
    if isinstance(operand, bool):
        return "yes" if operand else "no"
    if isinstance(operand, Mapping):
        return f"{{{', '.join(f'{key}: {operand_text(value)}' for key, value in operand.items())}}}"
    if isinstance(operand, Iterable) and not isinstance(operand, str):
        items = [str(item) for item in operand]
        more = f" and {len(items) - OPERANDS_SHOWN} more" if len(items) > OPERANDS_SHOWN else ""
        return f"[{', '.join(items[:OPERANDS_SHOWN])}{more}]"
    return str(operand)


def _held(param: Param, day: date | None) -> str | None:
    """The value of a constant on a day, else its latest; without a day all of them, each with its first day."""
    values = param.values
    if day is not None:
        on_the_day = param.on(day)
        values = values[-1:] if on_the_day is None else ((None, on_the_day),)
    if not values:
        return None
    if len(values) == 1:
        return operand_text(values[0][1])
    shown = values[-VALUES_SHOWN:]
    told = [f"{operand_text(value)} from {start}" if start else operand_text(value) for start, value in shown]
    return f"{'…, then ' if len(shown) < len(values) else ''}{', then '.join(told)}"
