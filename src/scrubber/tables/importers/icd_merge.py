"""Lays an order file over the shipped table: its codes and titles from its first day on, all else as shipped.

What the shipped table knows and an order file does not (attributes of the Medicare Code Editor, history of windows)
stays. A code in force both there and in the file keeps its window and takes the file's title. A code that becomes
billable or a header on the first day begins a new window; one that the file no longer has ends the day before. Codes
that the shipped table has never had get blank attributes, which stand for *not known*, and not for *no*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from attrs import frozen

from scrubber.content import content_folder
from scrubber.errors import TableError
from scrubber.tables.edition_file import Row
from scrubber.tables.importers.contract import TableRow
from scrubber.tables.sides import sides_of
from scrubber.tables.table import Table
from scrubber.tables.table_set import TableSet


@frozen
class Listed:
    """A code as a file lists it."""

    billable: bool
    title: str
    line: int


def shipped_table(name: str) -> Table:
    """A table as it is shipped, whatever the user has imported.

    Raises:
        TableError: the library was installed without its tables.
    """
    table = TableSet.from_folders([(content_folder("code_tables"), False)]).get(name)
    if table is None:
        raise TableError(f"the shipped table {name!r} is missing.", hint="Install the library again.")
    return table


def laid_over(
    shipped: Table, listed: Mapping[str, Listed], first_day: date, *, deleted: Sequence[str] | None = None
) -> Iterator[TableRow]:
    """Every window of the merged table, by code.

    A complete list (`deleted` is None) ends whatever it does not hold; a list of changes ends only what it deletes.
    """
    new = _Laying(shipped, listed, first_day, None if deleted is None else frozenset(deleted))
    seen = set()
    for code, windows in groupby(shipped.starting_with(""), key=lambda row: row.key[0]):
        seen.add(code)
        yield from new.windows(code, list(windows))
    for code in listed:
        if code not in seen:
            yield new.row(code, first_day, None, new.unknown(code), listed[code].title)


class _Laying:
    """One laying over. Holds what is the same for every code."""

    def __init__(
        self, shipped: Table, listed: Mapping[str, Listed], first_day: date, deleted: frozenset[str] | None
    ) -> None:
        self.name = shipped.name
        self.listed = listed
        self.first_day = first_day
        self.deleted = deleted
        self.short = [column for column in shipped.columns.values() if not column.is_long]
        self.long = [column.name for column in shipped.columns.values() if column.is_long]
        has_sides = any(column.name == "side" for column in self.short)
        self.sides = sides_of({code: entry.title for code, entry in listed.items()}, ()) if has_sides else {}
        self.header = _header_values(shipped) if "billable" in shipped.columns else None

    def windows(self, code: str, rows: list[Row]) -> Iterator[TableRow]:
        """The windows of a code that the shipped table has."""
        entry = self.listed.get(code)
        if entry is None:
            ends = code in self.deleted if self.deleted is not None else True
            for row in rows:
                if not ends or row.valid_from > self.first_day:
                    yield self.row(code, row.valid_from, row.valid_to, row.values, row.get("title"))
                elif row.valid_from < self.first_day:
                    yield self._clipped(code, row)
            return
        later = [row for row in rows if row.valid_from > self.first_day]
        current = next((row for row in rows if row.covers(self.first_day)), None)
        keeps = current is not None and (self.header is None or current.get("billable") == entry.billable)
        for row in rows:
            if row is current and keeps:
                yield self.row(code, row.valid_from, row.valid_to, self._with_side(code, row), entry.title)
            elif row is current and row.valid_from < self.first_day:
                yield self._clipped(code, row)
            elif row is not current:
                yield self.row(code, row.valid_from, row.valid_to, row.values, row.get("title"))
        if not keeps:
            until = later[0].valid_from - timedelta(days=1) if later else None
            yield self.row(code, self.first_day, until, self.unknown(code), entry.title)

    def unknown(self, code: str) -> tuple[object, ...]:
        """Values of a code of which the shipped table says nothing; a header has the values of all headers."""
        entry = self.listed[code]
        known: dict[str, object] = {"billable": entry.billable, "side": self.sides.get(code)}
        if self.header is not None and not entry.billable:
            known = {**self.header, **known}
        return tuple(known.get(column.name) for column in self.short)

    def _with_side(self, code: str, row: Row) -> tuple[object, ...]:
        """The shipped values; a code that is shipped without title has its side from the file's title."""
        if code not in self.sides or row.get("side") is not None or row.get("title") is not None:
            return row.values
        return tuple(
            self.sides[code] if column.name == "side" else value
            for column, value in zip(self.short, row.values, strict=True)
        )

    def _clipped(self, code: str, row: Row) -> TableRow:
        day_before = self.first_day - timedelta(days=1)
        until = day_before if row.valid_to is None else min(row.valid_to, day_before)
        return self.row(code, row.valid_from, until, row.values, row.get("title"))

    def row(self, code: str, first: date, last: date | None, values: tuple[object, ...], title: str | None) -> TableRow:
        texts = tuple(title if name == "title" else None for name in self.long)
        line = self.listed[code].line if code in self.listed else 0
        return TableRow(self.name, (code,), first, last, values, texts, line)


def _header_values(shipped: Table) -> dict[str, object]:
    """What the shipped table says of headers: no attribute of the code editor applies to them."""
    return {
        column.name: False if column.type == "flag" else None
        for column in shipped.columns.values()
        if not column.is_long
    }
