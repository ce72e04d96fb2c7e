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
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST = 60
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
    if all(other for one, other in holds if one):
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
    return values is not None and all(_holds(first, value) or _holds(second, value) for value in values)


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
    if blank.subject.type not in (*_LISTS, FieldType.OBJECTS):
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
    """The ends of every range of codes that is meant, their neighbours, and a code that nobody names.

    Codes of one length are in order, so a list, a range and a beginning are each made of stretches of them; where two
    such stretches meet or leave a gap, one of their ends or a neighbour of it lies.
    """
    named = {end for condition in (first, second) for end in _ends(condition)}
    lengths = {len(end) for end in named}
    lengths.add(max(lengths) + 1)
    for condition in (first, second):
        if "start" in condition.word.name:
            for prefix in _ends(condition):
                named |= {prefix.ljust(length, end) for length in lengths if length >= len(prefix) for end in "0Z"}
    return sorted({_OUTSIDE, *named, *(near for code in named for near in _neighbours(code))})


def _neighbours(code: str) -> Iterator[str]:
    """The codes of the same length before and after one."""
    for step, wrapped, lowest in ((1, "Z", "0"), (-1, "0", "Z")):
        kept = code.rstrip(wrapped)
        if kept and kept[-1] in _ALPHABET:
            turned = _ALPHABET[_ALPHABET.index(kept[-1]) + step]
            yield kept[:-1] + turned + lowest * (len(code) - len(kept))


def _lists(first: Condition, second: Condition) -> list[Any] | None:
    codes = _codes(first, second)
    if len(codes) > _MOST:
        return None
    wholes = [_ends(one) for one in (first, second)]
    more = [(*whole, code) for whole in wholes for code in codes]
    return [(), *((code,) for code in codes), *combinations(codes, 2), *wholes, wholes[0] + wholes[1], *more]


def _ends(condition: Condition) -> tuple[str, ...]:
    """The codes behind a word, and the first and last ones of its ranges."""
    items = _items(_constant(condition))
    return tuple(end for item in items for end in item.split("-")) if _ranges_allowed(condition) else items


def _ranges_allowed(condition: Condition) -> bool:
    return condition.word.name in ("is_one_of", "is_none_of", "includes_any", "includes_none")
