"""The closed list of words of the rule language: each takes a field's value and an operand and says yes or no.

A word never sees a blank value (blank is neither yes nor no and the engine reports `not_evaluated`), except `is_blank`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import attrs

from scrubber.fields import FieldType
from scrubber.tables.value_sets import CodeSet as CodeSet


class OperandKind(StrEnum):
    """What stands behind a word."""

    VALUE = "a value of the field's type, or $alias.field, or $params.name"
    LIST = "a list of values (codes may be ranges such as 99202-99215), $params.name or $value_sets.name"
    FLAG = "true or false"
    COUNT = "a whole number"
    PREDICATE = "the name of a check"
    SPAN = "{days: a whole number or $params.name, of: $alias.field}"


@attrs.frozen
class Word:
    """A word: what it takes, what stands behind it, what it means, and the test itself.

    The test of a word with a span is given its days and its date as a pair.
    """

    name: str
    takes: frozenset[FieldType]
    operand: OperandKind
    meaning: str
    test: Callable[[Any, Any], bool]
    opposite: str | None = None


_TEXTS = frozenset({FieldType.CODE, FieldType.TEXT})
_LISTS = frozenset({FieldType.CODES, FieldType.NUMBERS})
_CODE_LISTS = frozenset({FieldType.CODES})
_SIZES = frozenset({FieldType.NUMBER, FieldType.MONEY})
_DATES = frozenset({FieldType.DATE})
_SINGLE = _TEXTS | _SIZES | _DATES | {FieldType.FLAG}
_ALL = frozenset(FieldType)


_BLANKS: dict[type, object] = {}
"""What a blank object of each class looks like; None for classes that are no part of a claim."""


def is_empty(value: object) -> bool:
    """Whether a value counts as blank: None, empty text or list, or an object with nothing filled."""
    if value is None or isinstance(value, (str, tuple)):
        return not value
    class_ = type(value)
    if class_ not in _BLANKS:
        _BLANKS[class_] = class_() if attrs.has(class_) else None
    blank = _BLANKS[class_]
    return blank is not None and value == blank


def _includes_repeats(value: Collection[Any], operand: bool) -> bool:
    return (len(set(value)) < len(value)) is operand


def _holds_beginning(value: Collection[str], operand: tuple[str, ...]) -> bool:
    for item in value:  # noqa: SIM110 - asked of every diagnosis; a generator costs several times as much
        if item.startswith(operand):
            return True
    return False


_WORDS = (
    Word("is", _SINGLE, OperandKind.VALUE, "equals", lambda v, o: bool(v == o), "is_not"),
    Word("is_not", _SINGLE, OperandKind.VALUE, "differs from", lambda v, o: bool(v != o), "is"),
    Word(
        "is_one_of",
        _TEXTS | {FieldType.NUMBER},
        OperandKind.LIST,
        "stands in the list",
        lambda v, o: v in o,
        "is_none_of",
    ),
    Word(
        "is_none_of",
        _TEXTS | {FieldType.NUMBER},
        OperandKind.LIST,
        "does not stand in the list",
        lambda v, o: v not in o,
        "is_one_of",
    ),
    Word(
        "is_blank",
        _ALL,
        OperandKind.FLAG,
        "is blank (true) or filled (false); never unknown",
        lambda v, o: is_empty(v) is o,
    ),
    Word("starts_with", _TEXTS, OperandKind.LIST, "starts with one of the list", lambda v, o: v.startswith(tuple(o))),
    Word(
        "does_not_start_with",
        _TEXTS,
        OperandKind.LIST,
        "starts with none of the list",
        lambda v, o: not v.startswith(tuple(o)),
    ),
    Word("ends_with", _TEXTS, OperandKind.LIST, "ends with one of the list", lambda v, o: v.endswith(tuple(o))),
    Word(
        "contains",
        _TEXTS,
        OperandKind.LIST,
        "holds one of the texts, whatever the case",
        lambda v, o: any(part.casefold() in v.casefold() for part in o),
    ),
    Word("length_is", _TEXTS, OperandKind.COUNT, "has so many characters", lambda v, o: len(v) == o),
    Word("more_than", _SIZES, OperandKind.VALUE, "is greater than", lambda v, o: bool(v > o), "at_most"),
    Word("at_least", _SIZES, OperandKind.VALUE, "is greater than or equal to", lambda v, o: bool(v >= o), "less_than"),
    Word("less_than", _SIZES, OperandKind.VALUE, "is less than", lambda v, o: bool(v < o), "at_least"),
    Word("at_most", _SIZES, OperandKind.VALUE, "is less than or equal to", lambda v, o: bool(v <= o), "more_than"),
    Word(
        "after",
        _DATES,
        OperandKind.VALUE,
        "is a later day than",
        lambda v, o: bool(v > o),
        "on_or_before",
    ),
    Word(
        "on_or_after",
        _DATES,
        OperandKind.VALUE,
        "is that day or later",
        lambda v, o: bool(v >= o),
        "before",
    ),
    Word(
        "before",
        _DATES,
        OperandKind.VALUE,
        "is an earlier day than",
        lambda v, o: bool(v < o),
        "on_or_after",
    ),
    Word(
        "on_or_before",
        _DATES,
        OperandKind.VALUE,
        "is that day or earlier",
        lambda v, o: bool(v <= o),
        "after",
    ),
    Word(
        "within",
        _DATES,
        OperandKind.SPAN,
        "is at most so many days before or after the date",
        lambda v, o: abs((v - o[1]).days) <= o[0],
        "not_within",
    ),
    Word(
        "not_within",
        _DATES,
        OperandKind.SPAN,
        "is more than so many days before or after the date",
        lambda v, o: abs((v - o[1]).days) > o[0],
        "within",
    ),
    Word(
        "within_days_after",
        _DATES,
        OperandKind.SPAN,
        "is the date or one of so many days after it",
        lambda v, o: 0 <= (v - o[1]).days <= o[0],
    ),
    Word(
        "within_days_before",
        _DATES,
        OperandKind.SPAN,
        "is the date or one of so many days before it",
        lambda v, o: 0 <= (o[1] - v).days <= o[0],
    ),
    Word(
        "includes_any",
        _LISTS,
        OperandKind.LIST,
        "holds at least one of the list",
        lambda v, o: any(item in o for item in v),
        "includes_none",
    ),
    Word(
        "includes_none",
        _LISTS,
        OperandKind.LIST,
        "holds none of the list",
        lambda v, o: not any(item in o for item in v),
        "includes_any",
    ),
    Word(
        "includes_all",
        _LISTS,
        OperandKind.LIST,
        "holds every one of the list",
        lambda v, o: all(item in v for item in o),
    ),
    Word(
        "includes_any_starting_with",
        _CODE_LISTS,
        OperandKind.LIST,
        "holds a code that starts with one of the list",
        _holds_beginning,
        "includes_none_starting_with",
    ),
    Word(
        "includes_none_starting_with",
        _CODE_LISTS,
        OperandKind.LIST,
        "holds no code that starts with one of the list",
        lambda v, o: not _holds_beginning(v, o),
        "includes_any_starting_with",
    ),
    Word(
        "includes_several_of",
        _LISTS,
        OperandKind.LIST,
        "holds at least two different ones of the list",
        lambda v, o: len({item for item in v if item in o}) > 1,
    ),
    Word("has_repeats", _LISTS, OperandKind.FLAG, "holds some value twice (true) or none (false)", _includes_repeats),
    Word(
        "has_more_than",
        _LISTS | {FieldType.OBJECTS},
        OperandKind.COUNT,
        "holds more than so many",
        lambda v, o: len(v) > o,
    ),
    Word(
        "has_fewer_than",
        _LISTS | {FieldType.OBJECTS},
        OperandKind.COUNT,
        "holds fewer than so many",
        lambda v, o: len(v) < o,
    ),
    Word(
        "passes", _TEXTS | _SIZES | _LISTS, OperandKind.PREDICATE, "passes the named check", lambda v, o: o(v), "fails"
    ),
    Word(
        "fails",
        _TEXTS | _SIZES | _LISTS,
        OperandKind.PREDICATE,
        "fails the named check",
        lambda v, o: not o(v),
        "passes",
    ),
)

WORDS: Mapping[str, Word] = MappingProxyType({word.name: word for word in _WORDS})
"""Every word by name."""
