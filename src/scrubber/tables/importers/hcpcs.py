"""HCPCS Level II and its modifiers: the quarterly ANWEB file of CMS, as csv, workbook or fixed-width text.

Source of the layouts: HCPC2024_recordlayout.txt of the release (contractor record of 320 characters). A record is the
first line of a procedure (RECID 3) or of a modifier (7), or a further line of its long description (4, 8).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import date
from itertools import islice

from attrs import frozen

from scrubber.errors import TableError
from scrubber.tables.importers.cells import plain, rows_of, text_lines
from scrubber.tables.importers.contract import (
    EditionFound,
    Importer,
    Parsed,
    Refused,
    Sample,
    SourceFile,
    TableRow,
)
from scrubber.tables.importers.periods import Period, quarter_of, quarter_of_names, stated_or
from scrubber.tables.importers.values import NotTaken, day_of, joined, modifier_of, mostly, procedure_of, shown

_SOURCE = "CMS HCPCS quarterly update, ANWEB file"
_LICENCE = "public domain (CMS)"
_NEEDED = ("HCPC", "RECID", "LONG DESCRIPTION", "ADD DT", "TERM DT")
_HEADER_WITHIN = 30

_PROCEDURE, _MORE_OF_PROCEDURE, _MODIFIER, _MORE_OF_MODIFIER = "3", "4", "7", "8"
_TABLES = {_PROCEDURE: "hcpcs", _MODIFIER: "modifiers"}
_MORE_OF = {_MORE_OF_PROCEDURE: _PROCEDURE, _MORE_OF_MODIFIER: _MODIFIER}

# First and last position of each field in the text, counted from 1 as CMS counts.
_POSITIONS: Mapping[str, tuple[int, int]] = {
    "HCPC": (1, 5),
    "SEQNUM": (6, 10),
    "RECID": (11, 11),
    "LONG DESCRIPTION": (12, 91),
    "SHORT DESCRIPTION": (92, 119),
    "PRICE1": (120, 121),
    "PRICE2": (122, 123),
    "PRICE3": (124, 125),
    "PRICE4": (126, 127),
    "COV": (230, 230),
    "PROCNOTE": (253, 256),
    "BETOS": (257, 259),
    "TOS1": (261, 261),
    "TOS2": (262, 262),
    "TOS3": (263, 263),
    "TOS4": (264, 264),
    "TOS5": (265, 265),
    "ADD DT": (269, 276),
    "ACT EFF DT": (277, 284),
    "TERM DT": (285, 292),
    "ACTION CD": (293, 293),
}
_FIXED = re.compile(r"(?:[0-9A-Z]{5}| {3}[0-9A-Z]{2})\d{5}[3478].{80}.*")
_FIRST_LINE = re.compile(r".{10}[37].{257}\d{8}(?:\d{8}| {8})(?:\d{8}| {8})[A-Z ]")

Record = Mapping[str, str]


@frozen
class _Line:
    """One line of the file: its fields by the names of the csv."""

    number: int
    record: Record

    def field(self, name: str) -> str:
        return self.record.get(name, "")


def _is_hcpcs(sample: Sample) -> bool:
    return _is_table(sample) or _is_fixed(sample)


def _is_table(sample: Sample) -> bool:
    return any(_is_header(cells) for cells in sample.rows[:_HEADER_WITHIN])


def _is_header(cells: Iterable[str]) -> bool:
    headings = {plain(cell).upper() for cell in cells}
    return headings.issuperset(_NEEDED)


def _is_fixed(sample: Sample) -> bool:
    if sample.source.kind != "text":
        return False
    return any(_FIRST_LINE.match(found.string) for found in mostly(_FIXED, sample.lines))


def _read(source: SourceFile) -> Iterator[Parsed]:
    rows: dict[str, list[TableRow]] = {table: [] for table in _TABLES.values()}
    latest: date | None = None
    for entry in _entries(_lines(source)):
        if isinstance(entry, Refused):
            yield entry
            continue
        first, texts = entry
        try:
            row, changed = _row(first, texts, is_sheet=source.kind == "sheet")
        except NotTaken as reason:
            yield Refused(first.number, f"{reason}.")
            continue
        latest = max((day for day in (latest, changed) if day), default=None)
        rows[row.table].append(row)
    if not any(rows.values()):
        raise TableError("no row of the file could be read as an HCPCS record.", where=source.name)
    period = _period(source, latest)
    # CMS keeps ended codes for about ten years. Before the first end in the file nobody knows what is missing, so
    # the edition does not answer for the years before it.
    ended = [row.valid_to for table_rows in rows.values() for row in table_rows if row.valid_to is not None]
    first_day = min(period.first_day, *(date(day.year, 1, 1) for day in ended)) if ended else period.first_day
    for table, table_rows in rows.items():
        if table_rows:
            yield EditionFound(table, period.name, first_day, period.last_day, _SOURCE, _LICENCE)
            yield from table_rows


def _period(source: SourceFile, latest: date | None) -> Period:
    """From the name; a file without a telling name is of the quarter of its latest change."""
    found = quarter_of_names(source)
    if found is None and latest is not None:
        found = quarter_of(latest)
    return stated_or(source, found, "which quarter it is of")


def _lines(source: SourceFile) -> Iterator[_Line]:
    """The records of either layout, blank lines left out."""
    headings: list[str] | None = None
    if source.kind == "text" and _begins_fixed(source):
        for number, line in text_lines(source):
            if line.strip():
                yield _Line(number, {name: line[first - 1 : last] for name, (first, last) in _POSITIONS.items()})
        return
    for number, cells in rows_of(source):
        if headings is None:
            if _is_header(cells):
                headings = [plain(cell).upper() for cell in cells]
        elif any(cell.strip() for cell in cells):
            yield _Line(number, dict(zip(headings, cells, strict=False)))


def _begins_fixed(source: SourceFile) -> bool:
    """Whether the first lines of a text have the layout of 320 characters."""
    with closing(text_lines(source)) as text:
        return bool(mostly(_FIXED, [line for _, line in islice(text, _HEADER_WITHIN)]))


def _entries(lines: Iterator[_Line]) -> Iterator[tuple[_Line, list[str]] | Refused]:
    """Each first line with its long description, to which the further lines of the same code belong."""
    first: _Line | None = None
    texts: list[str] = []
    for line in lines:
        kind = line.field("RECID").strip()
        if kind in _TABLES:
            if first is not None:
                yield first, texts
            first, texts = line, [line.field("LONG DESCRIPTION")]
        elif kind not in _MORE_OF:
            yield Refused(line.number, f"the record identification is {shown(kind)}, and 3, 4, 7 or 8 was expected.")
        elif first is None or _identity(first) != (_MORE_OF[kind], line.field("HCPC").strip()):
            yield Refused(line.number, "this goes on with a description whose first line is not above it.")
        else:
            texts.append(line.field("LONG DESCRIPTION"))
    if first is not None:
        yield first, texts


def _identity(line: _Line) -> tuple[str, str]:
    return line.field("RECID").strip(), line.field("HCPC").strip()


def _row(line: _Line, texts: list[str], *, is_sheet: bool) -> tuple[TableRow, date | None]:
    """The row of a code, and the day of its last change."""
    table = _TABLES[line.field("RECID").strip()]
    code = modifier_of(line.field("HCPC")) if table == "modifiers" else procedure_of(line.field("HCPC"))
    added = day_of(line.field("ADD DT"), "the day on which it was added,")
    changed = day_of(line.field("ACT EFF DT"), "the day of its last change,")
    ended = day_of(line.field("TERM DT"), "the day on which it ended,")
    if added is None:
        raise NotTaken(f"{code} has no day on which it was added")
    if ended is not None and ended < added:
        raise NotTaken(f"{code} ended on {ended}, before it was added on {added}")
    coverage = line.field("COV").strip() or None
    action = line.field("ACTION CD").strip() or None
    if table == "modifiers":
        values: tuple[object, ...] = (added, ended, coverage, action)
    else:
        prices = [line.field(f"PRICE{number}").strip() for number in range(1, 5)]
        if is_sheet:
            prices = [price.zfill(2) if price else "" for price in prices]
        values = (
            added,
            ended,
            prices[0] or None,
            joined(prices),
            coverage,
            joined([line.field(f"TOS{number}") for number in range(1, 6)]),
            line.field("BETOS").strip() or None,
            line.field("PROCNOTE").strip() or None,
            action,
        )
    title = " ".join(" ".join(texts).split()) or None
    short_title = " ".join(line.field("SHORT DESCRIPTION").split()) or None
    return TableRow(table, (code,), added, ended, values, (short_title, title), line.number), changed


IMPORTERS = (
    Importer(
        name="hcpcs",
        meaning="HCPCS Level II codes and modifiers",
        layout="CMS ANWEB: csv or workbook with the columns HCPC, RECID, ADD DT, TERM DT; or text of 320 characters",
        recognise=_is_hcpcs,
        read=_read,
    ),
)
