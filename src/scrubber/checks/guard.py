"""Holds the checks of other packages to their promises while claims are checked.

What such a check raises never ends a run and never reaches a report: an exception may repeat the value that it broke
on. The rule is then not evaluated, and says which check failed, with the kind of exception and the line in its file.
The shipped checks are not wrapped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from types import SimpleNamespace
from typing import Any

import attrs

from scrubber.checks.answers import UNKNOWN, Unknown, Unsupported
from scrubber.checks.contract import CheckFailed, Finder, Predicate
from scrubber.fields import FieldType
from scrubber.tables import Row, TableSet


@attrs.frozen
class GuardedTest:
    """The test of a predicate of another package: True, False, or `CheckFailed`."""

    name: str
    test: Callable[[Any], object]

    def __call__(self, value: Any) -> bool:
        try:
            return bool(self.test(value))
        except Exception as error:
            reason = _reason(self.name, error)
        raise CheckFailed(reason)  # outside, so that it does not carry what the check raised


def guarded_predicate(predicate: Predicate) -> Predicate:
    """The predicate with its test guarded."""
    return attrs.evolve(predicate, test=GuardedTest(predicate.name, predicate.test))


def guarded_finder(finder: Finder) -> Finder:
    """The finder, which answers with what it promises, or with why it cannot tell."""
    name, find, gives, silent_on = finder.name, finder.find, dict(finder.gives), finder.silent_on

    def ask(facts: Any, item: Any, tables: TableSet) -> object | Unknown | None:
        try:
            return _as_promised(name, find(facts, item, tables), gives)
        except Exception as error:
            return Unsupported(_reason(name, error))

    def is_silent(facts: Any) -> bool:
        try:
            return silent_on is not None and bool(silent_on(facts))
        except Exception:
            return False  # `find` is asked then

    return attrs.evolve(finder, find=ask, silent_on=None if silent_on is None else is_silent)


def _as_promised(name: str, answer: Any, gives: Mapping[str, FieldType]) -> object | Unknown | None:
    """A copy of the answer with its promised fields, read now: a property that fails later would fail in a rule."""
    if answer is None or isinstance(answer, UNKNOWN):
        return answer
    copy = SimpleNamespace()
    row, table = getattr(answer, "row", None), getattr(answer, "table", None)
    if isinstance(row, Row) and isinstance(table, str):
        copy.row, copy.table = row, table  # the evidence of a finding
    for column, type_ in gives.items():
        value = getattr(answer, column)
        if value is not None and not _IS[type_](value):
            return Unsupported(f"the check {name} failed: its {column} is no {type_.value}")
        setattr(copy, column, value)
    return copy


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _all(value: Any, of: Callable[[Any], bool]) -> bool:
    return isinstance(value, tuple) and all(of(part) for part in value)


_IS: Mapping[FieldType, Callable[[Any], bool]] = {
    FieldType.CODE: _is_text,
    FieldType.TEXT: _is_text,
    FieldType.CODES: lambda value: _all(value, _is_text),
    FieldType.NUMBER: _is_number,
    FieldType.MONEY: _is_number,
    FieldType.NUMBERS: lambda value: _all(value, _is_number),
    FieldType.DATE: lambda value: isinstance(value, date) and not isinstance(value, datetime),
    FieldType.FLAG: lambda value: isinstance(value, bool),
    FieldType.OBJECT: lambda value: True,
    FieldType.OBJECTS: lambda value: isinstance(value, tuple),
}


def _reason(name: str, error: Exception) -> str:
    """That a check failed, by the kind of exception and its place; the exception's own words may hold claim data."""
    trace = error.__traceback__.tb_next if error.__traceback__ is not None else None  # the first is this module's
    if trace is None:
        return f"the check {name} failed ({type(error).__name__})"
    file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
    while trace is not None:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == file else line
        trace = trace.tb_next
    return f"the check {name} failed ({type(error).__name__}, {PurePath(file).name}:{line})"
