"""The physician fee schedule: relative values and payment indicators (PPRRVU), with the files that lie beside it.

Five lines of title and notice, then headings spread over five lines, of which the last begins HCPCS, MOD:

    ,,,STATUS,MEDICARE,WORK,NON-FAC,NA,…
    HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,…

Columns are found by their headings put together ("STATUS CODE"), since the layout drifts: 2026 has a new column before
ENDO BASE. A release answers for its quarter (RVU25A to RVU25D). From 2026 CMS publishes each release twice, for
practitioners in alternative payment models and for others; they differ in the conversion factor and the amounts that
follow from it, neither of which is taken, so both give the same rows. Descriptions are the AMA's and are left out.

Source: RVU25D record layout; https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, islice

from attrs import frozen

from scrubber.errors import TableError
from scrubber.tables.importers.cells import Cells, rows_of
from scrubber.tables.importers.contract import (
    EditionFound,
    Importer,
    Parsed,
    Refused,
    Remark,
    Sample,
    SourceFile,
    TableRow,
    reads_nothing,
)
from scrubber.tables.importers.headings import joined
from scrubber.tables.importers.periods import Period, month_in, quarter_of, quarter_of_names, stated_or, year_in
from scrubber.tables.importers.values import NotTaken, cell_at, decimal_of, modifier_of, procedure_of, shown
from scrubber.tables.schemas import SCHEMAS

TABLE = "mpfs"
_LICENCE = "CPT codes are the AMA's, used under your own licence; the values are works of CMS"
_HEADING_ROWS = 5
_MOST_TOP_ROWS = 30

_HEADINGS = {
    "code": "hcpcs",
    "modifier": "mod",
    "status": "status code",
    "pctc": "pctc ind",
    "global_days": "glob days",
    "multiple": "mult proc",
    "bilateral": "bilat surg",
    "assistant": "asst surg",
    "cosurgeons": "co surg",
    "team": "team surg",
}
_MORE_HEADINGS = {
    "endoscopic_base": "endo base",
    "physician_supervision": "physician supervision of diagnostic procedures",
    "diagnostic_imaging_family": "diagnostic imaging family indicator",
    "not_used_for_medicare": "not used for medicare payment",
    "nonfacility_na": "non fac na indicator",
    "facility_na": "facility na indicator",
    "work_rvu": "work rvu",
    "nonfacility_pe_rvu": "non fac pe rvu",
    "facility_pe_rvu": "facility pe rvu",
    "malpractice_rvu": "mp rvu",
    "nonfacility_total": "non facility total",
    "facility_total": "facility total",
    "preoperative": "pre op",
    "intraoperative": "intra op",
    "postoperative": "post op",
}
_COLUMNS = tuple(column.name for column in SCHEMAS[TABLE].short_columns)
_INDICATORS = ("pctc", "multiple", "bilateral", "assistant", "cosurgeons", "team")
_DECIMALS = (
    "work_rvu",
    "nonfacility_pe_rvu",
    "facility_pe_rvu",
    "malpractice_rvu",
    "nonfacility_total",
    "facility_total",
    "preoperative",
    "intraoperative",
    "postoperative",
)
_STATUS = re.compile(r"[A-Z]")
_INDICATOR = re.compile(r"[0-9A-Z]")
_GLOBAL_DAYS = re.compile(r"\d{3}|[A-Z]{3}")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_RELEASE = re.compile(r"RVU(\d\d)([A-D])", re.IGNORECASE)

_COMPANIONS = (
    ("geographic practice cost ind", "geographic practice cost indices"),
    ("counties included in", "counties of the localities"),
    ("national anes cf", "conversion factors of anesthesia"),
    ("opps payment amount", "caps of imaging services"),
)


@frozen
class _Top:
    """What stands above the rows."""

    title: str
    places: dict[str, int]
    rows_before: int


def _is_fee_schedule(sample: Sample) -> bool:
    return _top(sample.rows) is not None


def _top(rows: Sequence[Cells]) -> _Top | None:
    """Title and columns, or None where the headings are not those of the fee schedule."""
    for number, cells in enumerate(rows[:_MOST_TOP_ROWS]):
        if [cell.strip().upper() for cell in cells[:2]] != ["HCPCS", "MOD"]:
            continue
        # The headings of the code and the modifier have notices above them in some releases.
        named = joined(rows[max(0, number + 1 - _HEADING_ROWS) : number + 1])
        places = _places([*cells[:2], *named[2:]])
        if {"status", "global_days"} <= places.keys():
            title = " ".join(" ".join(row) for row in rows[:number])
            return _Top(" ".join(title.split()), places, number + 1)
    return None


def _places(headings: Sequence[str]) -> dict[str, int]:
    plain = [_NOT_A_WORD.sub(" ", heading.lower()).strip() for heading in headings]
    wanted = {**_HEADINGS, **_MORE_HEADINGS}
    return {name: plain.index(words) for name, words in wanted.items() if words in plain}


def _read(source: SourceFile) -> Iterator[Parsed]:
    rows = rows_of(source)
    beginning = list(islice(rows, _MOST_TOP_ROWS))
    top = _top([cells for _, cells in beginning])
    if top is None:
        raise TableError("the headings of the fee schedule are missing.", where=source.name)
    missing = [words for name, words in _HEADINGS.items() if name not in top.places]
    if missing:
        raise TableError(f"the fee schedule has no column {', '.join(missing)}.", where=source.name)
    period = _period(source, top.title)
    yield EditionFound(
        table=TABLE,
        name=period.name,
        first_day=period.first_day,
        last_day=period.last_day,
        source=f"CMS physician fee schedule, relative value file of {period.name}",
        licence=_LICENCE,
    )
    absent = [words for name, words in _MORE_HEADINGS.items() if name not in top.places]
    if absent:
        yield Remark(f"This release has no column {', '.join(absent)}; it stays blank.")
    is_sheet = source.kind == "sheet"
    for line, cells in chain(beginning[top.rows_before :], rows):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            yield _row(line, cells, top.places, period, is_sheet=is_sheet)
        except NotTaken as reason:
            yield Refused(line, f"{reason}.")


def _row(line: int, cells: Cells, places: dict[str, int], period: Period, *, is_sheet: bool) -> TableRow:
    def text(name: str) -> str:
        return cell_at(cells, places, name).strip()

    code = procedure_of(text("code"), is_sheet=is_sheet)
    modifier = modifier_of(text("modifier")) if text("modifier") else ""
    status = text("status").upper()
    if not _STATUS.fullmatch(status):
        raise NotTaken(f"the status code {shown(status)} is no letter")
    days = text("global_days").upper()
    days = days.zfill(3) if is_sheet and days.isdigit() else days
    if not _GLOBAL_DAYS.fullmatch(days):
        raise NotTaken(f"the global days are {shown(days)}, and three digits or letters were expected")
    values: dict[str, object] = {"status": status, "global_days": days}
    for name in _INDICATORS:
        if not _INDICATOR.fullmatch(text(name)):
            raise NotTaken(f"the {_HEADINGS[name].upper()} is {shown(text(name))}, and one digit was expected")
        values[name] = text(name)
    for name in ("endoscopic_base", "physician_supervision", "diagnostic_imaging_family"):
        values[name] = text(name) or None
    if is_sheet and isinstance(values["physician_supervision"], str):
        values["physician_supervision"] = values["physician_supervision"].zfill(2)
    values["not_used_for_medicare"] = text("not_used_for_medicare") == "+"
    for name in ("nonfacility_na", "facility_na"):
        values[name] = text(name).upper() == "NA"
    for name in _DECIMALS:
        values[name] = decimal_of(text(name), _MORE_HEADINGS[name].upper())
    ordered = tuple(values[name] for name in _COLUMNS)
    return TableRow(TABLE, (code, modifier), period.first_day, period.last_day, ordered, (), line)


def _period(source: SourceFile, title: str) -> Period:
    """The quarter of a release: as its title says ("2025 … October Release"), else as a name says (RVU25D)."""
    year, month = year_in(title), month_in(title.partition("Relative Value File")[2])
    found = quarter_of(date(year, month, 1)) if year is not None and month is not None else None
    if found is None:
        release = next((match for match in map(_RELEASE.search, source.names) if match), None)
        if release is not None:
            found = quarter_of(date(2000 + int(release[1]), 3 * "ABCD".index(release[2].upper()) + 1, 1))
    return stated_or(source, found or quarter_of_names(source), "which release it is")


def _companion(sample: Sample) -> str | None:
    text = sample.text
    return next((what for words, what in _COMPANIONS if words in text), None)


def _is_companion(sample: Sample) -> bool:
    return _companion(sample) is not None and not _is_fee_schedule(sample)


IMPORTERS = (
    Importer(
        name="mpfs",
        meaning="physician fee schedule: payment indicators and relative values",
        layout="CMS PPRRVU, csv or workbook: headings over five lines, the last begins HCPCS, MOD",
        recognise=_is_fee_schedule,
        read=_read,
    ),
    Importer(
        name="mpfs_companion",
        meaning="files beside the fee schedule that no edit needs (GPCI, localities, anesthesia, imaging caps)",
        layout="as in the zip of the release",
        recognise=_is_companion,
        read=reads_nothing,
        leaves_out="it sets prices by place or kind of service, which no edit needs.",
    ),
)
