"""How the words of the rule language are asked in generated code: inline where Python has an operator for them.

The meaning of a word stands in `rules/words.py`; these are the same tests without the cost of a call. The tests of
outcomes hold the two against each other.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from scrubber.engine import syntax as py
from scrubber.fields import FieldType
from scrubber.rules.model import FieldRef
from scrubber.rules.words import CodeSet, Word

Share = Callable[[str, object], ast.expr]
"""Gives a constant to the function that is being generated, and returns its name there."""

_REMEMBERED = 16_384
"""Codes that are remembered of each set; a file of claims names far fewer."""

_OPERATORS: Mapping[str, Callable[[], ast.cmpop]] = {
    "is": ast.Eq, "is_not": ast.NotEq, "is_one_of": ast.In, "is_none_of": ast.NotIn,
    "more_than": ast.Gt, "at_least": ast.GtE, "less_than": ast.Lt, "at_most": ast.LtE,
    "after": ast.Gt, "on_or_after": ast.GtE, "before": ast.Lt, "on_or_before": ast.LtE,
}  # fmt: skip
_OF_LENGTH: Mapping[str, Callable[[], ast.cmpop]] = {
    "length_is": ast.Eq, "has_more_than": ast.Gt, "has_fewer_than": ast.Lt,
}  # fmt: skip
_OF_ENDS = {
    "starts_with": ("startswith", True),
    "does_not_start_with": ("startswith", False),
    "ends_with": ("endswith", True),
}
_OF_SETS = {"includes_any": ("isdisjoint", False), "includes_none": ("isdisjoint", True),
            "includes_all": ("issubset", True)}  # fmt: skip


class _Members(dict[str, bool]):
    """Whether codes stand in a set with ranges, worked out when a code is first met and then read without a call."""

    def __init__(self, codes: CodeSet) -> None:
        self.codes = codes

    def __missing__(self, code: str) -> bool:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[code] = code in self.codes
        return found


def field_test(word: Word, value: ast.expr, operand: ast.expr, share: Share) -> ast.expr:
    """The test of a filled value against that of another field."""
    if word.name in _OPERATORS:
        return py.compare(value, _OPERATORS[word.name](), operand)
    return py.call(share("word", word.test), value, operand)


def span_test(word: Word, value: ast.expr, days: int | ast.expr, date: ast.expr, share: Share) -> ast.expr:
    """The test of a filled date that counts days from or to another."""
    counted = py.constant(days) if isinstance(days, int) else days
    return py.call(share("word", word.test), value, py.sequence([counted, date]))


def constant_test(word: Word, value: ast.expr, operand: Any, share: Share) -> ast.expr:
    """The test of a filled value against a constant."""
    assert not isinstance(operand, FieldRef)
    quick = operand
    if isinstance(operand, CodeSet) and not operand.has_ranges:
        quick = frozenset(operand)  # asked without a call
    if isinstance(quick, CodeSet) and word.name in ("is_one_of", "is_none_of"):
        test: ast.expr = ast.Subscript(share("members", _Members(quick)), value, ast.Load())
        return test if word.name == "is_one_of" else py.negated(test)
    if word.name in _OPERATORS:
        constant = py.constant(quick) if isinstance(quick, (str, int)) else share("operand", quick)
        return py.compare(value, _OPERATORS[word.name](), constant)
    if word.name in _OF_LENGTH:
        return py.compare(py.call(py.name("len"), value), _OF_LENGTH[word.name](), py.constant(int(operand)))
    if word.name == "has_repeats":
        size, different = py.call(py.name("len"), value), py.call(py.name("len"), py.call(py.name("set"), value))
        test = py.both(py.compare(size, ast.Gt(), py.constant(1)), py.compare(different, ast.Lt(), size))
        return test if operand else py.negated(test)
    if word.name == "includes_several_of":
        held = py.call(py.attribute(share("operand", frozenset(operand)), "intersection"), value)
        return py.compare(py.call(py.name("len"), held), ast.Gt(), py.constant(1))
    if word.name in _OF_ENDS:
        method, wanted = _OF_ENDS[word.name]
        test = py.call(py.attribute(value, method), share("operand", tuple(operand)))
        return test if wanted else py.negated(test)
    if word.name in _OF_SETS and not isinstance(quick, CodeSet):
        method, wanted = _OF_SETS[word.name]
        test = py.call(py.attribute(share("operand", frozenset(quick)), method), value)
        return test if wanted else py.negated(test)
    if word.name in ("passes", "fails"):
        test = py.call(share("check", operand), value)
        return test if word.name == "passes" else py.negated(test)
    return py.call(share("word", word.test), value, share("operand", operand))


def blank_test(type_: FieldType, value: ast.expr, *, wanted: bool) -> ast.expr:
    """Whether a value is blank, asked in the quickest way its type allows (see `is_empty`)."""
    if type_ in (FieldType.CODES, FieldType.NUMBERS, FieldType.OBJECTS):
        return py.negated(value) if wanted else py.call(py.name("bool"), value)
    if type_ is FieldType.OBJECT:  # an object of the claim is true, None and an empty tuple are not
        filled_list = py.is_(py.attribute(value, "__class__"), py.name("tuple"))
        empty_object = py.both(py.negated(filled_list), py.call(py.name("is_empty"), value))
        blank = py.either(py.negated(value), empty_object)
        return blank if wanted else py.negated(blank)
    if type_ in (FieldType.CODE, FieldType.TEXT):
        return py.compare(value, ast.In() if wanted else ast.NotIn(), py.sequence([py.constant(None), py.constant("")]))
    return (py.is_ if wanted else py.is_not)(value, py.constant(None))
