"""Whether two conditions on one field can hold together, and whether one follows from the other.

Both are asked of some values that stand for all others: every constant they name, the ends of their ranges, something
between and something outside. The words themselves answer, so nothing here knows better than the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any, Literal

from scrubber.fields import FieldType
from scrubber.rules.model import Condition, FieldRef, Group, Node, Param
from scrubber.rules.words import WORDS, OperandKind

Relation = Literal["never", "follows"]
"""Never: both cannot hold. Follows: where the first holds, the second does."""

_ORDER = {
    "is": "=", "is_not": "<>", "more_than": ">", "after": ">", "at_least": ">=", "on_or_after": ">=",
    "less_than": "<", "before": "<", "at_most": "<=", "on_or_before": "<=",
}  # fmt: skip
_ONE_CODE = {"is", "is_not", "is_one_of", "is_none_of", "starts_with", "does_not_start_with"}
_CODES = {"includes_any", "includes_none", "includes_all", "includes_several_of", "includes_any_starting_with",
          "includes_none_starting_with"}  # fmt: skip
_LISTS = (FieldType.CODES, FieldType.NUMBERS)
_OUTSIDE = "\x00"
_MOST = 40
"""More constants than these are not tried in pairs."""


def relation(first: Condition, second: Condition) -> Relation | None:
    """How two conditions hang together; None where nothing can be said."""
    if str(first.subject) != str(second.subject):
        return None
    if written(first) == written(second):
        return "follows"
    if "is_blank" in (first.word.name, second.word.name):
        return _with_blank(first, second)
    if _same_operand(first, second):
        return _with_one_operand(first, second)
    values = _values(first, second)
    if values is None:
        return None
    holds = [(_holds(first, value), _holds(second, value)) for value in values]
    if not any(one and other for one, other in holds):
        return "never"
    if all(other for one, other in holds if one) and not _has_ranges(first):
        return "follows"
    return None


def always(first: Condition, second: Condition) -> bool:
    """Whether one of two conditions holds for every filled value."""
    if str(first.subject) != str(second.subject):
        return False
    if first.word.name == second.word.name == "is_blank":
        return bool(first.operand != second.operand)
    if _same_operand(first, second):
        return first.word.opposite == second.word.name
    values = _values(first, second)
    if values is None or _has_ranges(first) or _has_ranges(second):
        return False
    return all(_holds(first, value) or _holds(second, value) for value in values)


def flat(nodes: Sequence[Node]) -> Iterator[Condition]:
    """The conditions that must all hold: those of `all_of` too, and the opposites of those of `none_of`."""
    for node in nodes:
        if isinstance(node, Condition):
            yield node
        elif node.kind == "all_of":
            yield from flat(node.members)
        elif node.kind == "none_of":
            yield from (opposite for one in node.members if (opposite := _opposite(one)) is not None)


def written(node: Node) -> str:
    """A condition as text, for comparing it with others."""
    if isinstance(node, Group):
        return f"{node.kind}({', '.join(sorted(map(written, node.members)))})"
    return f"{node.subject} {node.word.name} {_operand_text(node.operand)}"


def _operand_text(operand: Any) -> str:
    if isinstance(operand, Param):
        return f"${operand.name} {[(str(day), _operand_text(value)) for day, value in operand.values]}"
    if isinstance(operand, (str, FieldRef, bool, int, Decimal, date)):
        return str(operand)
    if callable(operand):
        return getattr(operand, "__qualname__", repr(operand))
    return repr(list(getattr(operand, "text", operand))) if hasattr(operand, "__iter__") else str(operand)


def _opposite(node: Node) -> Condition | None:
    if isinstance(node, Group) or node.word.opposite is None:
        return None
    return Condition(node.subject, WORDS[node.word.opposite], node.operand, node.place)


def _with_blank(first: Condition, second: Condition) -> Relation | None:
    if first.word.name == second.word.name:
        return "follows" if first.operand == second.operand else "never"
    blank, other = (first, second) if first.word.name == "is_blank" else (second, first)
    if blank.operand is not True:
        return None  # a filled field is asked for first, so that a blank one means "clear" and not "not evaluated"
    if blank.subject.type not in (*_LISTS, FieldType.OBJECT):
        return "never"
    constant = _constant(other)
    if constant is None or other.word.operand is OperandKind.PREDICATE:
        return None
    if not other.word.test((), constant):
        return "never"
    return "follows" if blank is first else None


def _same_operand(first: Condition, second: Condition) -> bool:
    """Whether both compare with the same field, or with the same dated constant."""
    if not isinstance(first.operand, (FieldRef, Param)) or _constant(first) is not None:
        return False
    return _operand_text(first.operand) == _operand_text(second.operand)


def _with_one_operand(first: Condition, second: Condition) -> Relation | None:
    if first.word.name == second.word.name:
        return "follows"
    if first.word.opposite == second.word.name:
        return "never"
    one, other = (set(_ORDER.get(condition.word.name, "")) for condition in (first, second))
    if not one or not other:
        return None
    return "never" if not one & other else "follows" if one <= other else None


def _constant(condition: Condition) -> Any:
    """What stands behind a word on every day; None where that depends on the day or on another field."""
    operand = condition.operand
    if isinstance(operand, Param):
        return operand.values[0][1] if len(operand.values) == 1 and operand.values[0][0] is None else None
    return None if isinstance(operand, FieldRef) or condition.word.operand is OperandKind.SPAN else operand


def _holds(condition: Condition, value: Any) -> bool:
    return condition.word.test(value, _constant(condition))


def _values(first: Condition, second: Condition) -> list[Any] | None:
    """Values that stand for all; None where there is no telling."""
    constants = [_constant(first), _constant(second)]
    if any(constant is None for constant in constants):
        return None
    names, type_ = {first.word.name, second.word.name}, first.subject.type
    if type_ is FieldType.FLAG:
        return [True, False]
    if type_ in (FieldType.NUMBER, FieldType.MONEY) and names <= {*_ORDER, "is_one_of", "is_none_of"}:
        return _numbers(sorted({Decimal(item) for constant in constants for item in _items(constant)}))
    if type_ is FieldType.DATE and names <= set(_ORDER):
        return _dates(sorted(set(constants)))
    if type_ in (FieldType.CODE, FieldType.TEXT) and names <= _ONE_CODE:
        return _codes(first, second)
    if type_ is FieldType.CODES and names <= _CODES:
        return _lists(first, second)
    return None


def _items(constant: Any) -> tuple[Any, ...]:
    if isinstance(constant, (str, Decimal, int, date)):
        return (constant,)
    return tuple(getattr(constant, "text", constant))


def _numbers(constants: list[Decimal]) -> list[Any]:
    between = [(low + high) / 2 for low, high in pairwise(constants)]
    return [constants[0] - 1, *constants, *between, constants[-1] + 1]


def _dates(constants: list[date]) -> list[Any]:
    days = {near for day in constants for near in _around(day)}
    return sorted(days)


def _around(day: date) -> Iterator[date]:
    yield day
    if day > date.min:
        yield day - timedelta(days=1)
    if day < date.max:
        yield day + timedelta(days=1)


def _codes(first: Condition, second: Condition) -> list[str]:
    found: dict[str, None] = {_OUTSIDE: None}
    lengths: set[int] = set()
    for condition in (first, second):
        for item in _items(_constant(condition)):
            ends = item.split("-") if _ranges_allowed(condition) else [item]
            found.update(dict.fromkeys(ends))
            lengths |= {len(end) for end in ends}
    for condition in (first, second):
        if condition.word.name.endswith(("start_with", "starts_with", "starting_with")):
            for prefix in _items(_constant(condition)):
                found[f"{prefix}~"] = None
                for length in lengths:
                    if length > len(prefix):
                        found |= dict.fromkeys((prefix.ljust(length, "0"), prefix.ljust(length, "Z")))
    return list(found)


def _lists(first: Condition, second: Condition) -> list[Any] | None:
    codes = _codes(first, second)
    if len(codes) > _MOST:
        return None
    wholes = [tuple(_items(_constant(one))) for one in (first, second)]
    return [(), *((code,) for code in codes), *combinations(codes, 2), *wholes, wholes[0] + wholes[1]]


def _ranges_allowed(condition: Condition) -> bool:
    return condition.word.name in ("is_one_of", "is_none_of", "includes_any", "includes_none")


def _has_ranges(condition: Condition) -> bool:
    return bool(getattr(_constant(condition), "has_ranges", False))
