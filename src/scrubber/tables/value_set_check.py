"""Whether the code tables know the codes of the value sets, on the days on which the sets hold them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile

from attrs import frozen

from scrubber.tables.table import Table
from scrubber.tables.table_set import TableSet
from scrubber.tables.value_sets import RANGE_MARK, ValueSet, ValueSetProblem

_TABLE_OF_KIND = {
    "modifier": "modifiers",
    "diagnosis": "icd10cm",
    "place_of_service": "place_of_service",
    "bill_type": "type_of_bill",
    "revenue_code": "revenue_code",
    "taxonomy": "taxonomy",
}
_REACHES_BACK = {"icd10cm": date(2015, 10, 1)}
"""Codes of days before are those of another code set."""


@frozen
class ValueSetCheck:
    """What came of one set: how many codes were found, which were not, and why others could not be looked up."""

    name: str
    known: int
    unknown: tuple[ValueSetProblem, ...]
    not_checked: tuple[str, ...]


def check_value_sets(tables: TableSet) -> Iterator[ValueSetCheck]:
    """Look up every code of every set. A range is known where the table has any code in it."""
    for value_set in tables.value_sets.values():
        yield _check(tables, value_set)


def _check(tables: TableSet, value_set: ValueSet) -> ValueSetCheck:
    known = 0
    unknown: list[ValueSetProblem] = []
    not_checked: dict[str, None] = {}
    for place, (start, codes) in enumerate(value_set.values):
        last = _last_day(value_set, place)
        for item in codes.text:
            name = _table_of(value_set.kind, item)
            if name is None:
                continue
            table = tables.get(name)
            if table is None or last < _REACHES_BACK.get(name, date.min):
                not_checked[f"no table {name}" if table is None else f"{name} does not reach back"] = None
            elif _is_known(table, item, start, last):
                known += 1
            elif not any(start <= (edition.last_day or date.max) and edition.first_day <= last
                         for edition in table.editions):  # fmt: skip
                not_checked[f"no edition of {name} for {start.isoformat()}"] = None
            else:
                message = f"{name} does not know {item}, which {value_set.name} holds from {start.isoformat()}."
                unknown.append(ValueSetProblem(value_set.path, value_set.lines[place], message))
    return ValueSetCheck(value_set.name, known, tuple(unknown), tuple(not_checked))


def _last_day(value_set: ValueSet, place: int) -> date:
    following = value_set.values[place + 1 :]
    return following[0][0] - timedelta(days=1) if following else date.max


def _table_of(kind: str, item: str) -> str | None:
    """The table that should know a code. Two-digit modifiers are CPT's and dental codes the ADA's: neither is in a
    table that every user has.
    """
    if kind == "procedure":
        if item.startswith("D"):
            return None
        return "hcpcs" if item[:1].isalpha() else "cpt"
    if kind == "modifier" and item[:1].isdigit():
        return None
    return _TABLE_OF_KIND[kind]


def _is_known(table: Table, item: str, start: date, last: date) -> bool:
    """Whether a code, or some code of a range, has a window that meets the days of the set."""
    first_code, mark, last_code = item.partition(RANGE_MARK)
    if not mark:
        return any(row.valid_from <= last and start <= (row.valid_to or date.max) for row in table.rows(first_code))
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(first_code, last_code, strict=True))
    shared = "".join(character for character, _ in alike)
    return any(
        first_code <= row.key[0] <= last_code and row.valid_from <= last and start <= (row.valid_to or date.max)
        for row in table.starting_with(shared)
    )
