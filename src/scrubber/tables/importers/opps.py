"""OPPS Addendum B: status indicator and payment of each procedure for hospital outpatients, csv or workbook.

    Addendum B.-OPPS Payment by HCPCS Code for CY 2026
    …
    HCPCS Code,Short Descriptor,SI,APC,Relative Weight,Payment Rate,National Unadjusted Copayment,…

Amounts are written "$3,307.24", a lone point where there is none; single codes end in a stray byte. Rows have no dates:
a quarter's file answers for that quarter. Descriptors are the AMA's and are left out.

Source: https://www.cms.gov/medicare/payment/prospective-payment-systems/hospital-outpatient/addendum-a-b-updates
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from scrubber.errors import TableError
from scrubber.tables.importers.cells import Cells, rows_of
from scrubber.tables.importers.contract import (
    EditionFound,
    Importer,
    Parsed,
    Refused,
    Sample,
    SourceFile,
    TableRow,
)
from scrubber.tables.importers.periods import Period, quarter_in, quarter_of_names, stated_or
from scrubber.tables.importers.values import NotTaken, cell_at, decimal_of, header_places, procedure_of, shown

TABLE = "opps"
_LICENCE = "CPT codes are the AMA's, used under your own licence; indicators and rates are works of CMS"
_MOST_TOP_ROWS = 30
_HEADINGS = {
    "code": "HCPCS Code",
    "status": "SI",
    "apc": "APC",
    "relative_weight": "Relative Weight",
    "payment_rate": "Payment Rate",
    "national_copayment": "National Unadjusted Copayment",
    "minimum_copayment": "Minimum Unadjusted Copayment",
}
_NEEDED = ("code", "status", "apc")
_STATUS = re.compile(r"[A-Z]\d?")
_APC = re.compile(r"\d{1,5}")


def _is_addendum_b(sample: Sample) -> bool:
    return _top(sample.rows) is not None


def _top(rows: Sequence[Cells]) -> tuple[dict[str, int], int] | None:
    """Where the columns stand, and how many rows stand above the data."""
    for number, cells in enumerate(rows[:_MOST_TOP_ROWS]):
        places = header_places(cells, _HEADINGS)
        if all(name in places for name in _NEEDED):
            return places, number + 1
    return None


def _read(source: SourceFile) -> Iterator[Parsed]:
    rows = rows_of(source)
    beginning = list(islice(rows, _MOST_TOP_ROWS))
    top = _top([cells for _, cells in beginning])
    if top is None:
        raise TableError("the headings of Addendum B are missing.", where=source.name)
    places, before = top
    titles = [" ".join(cells) for _, cells in beginning[: before - 1]]
    # The file name tells the quarter more surely: titles of quarterly files often speak of the year only.
    found = quarter_of_names(source) or quarter_in(title for title in titles if "effective" in title.lower())
    period = stated_or(source, found or quarter_in(titles), "which quarter it is of")
    yield EditionFound(
        table=TABLE,
        name=period.name,
        first_day=period.first_day,
        last_day=period.last_day,
        source=f"CMS OPPS Addendum B of {period.name}",
        licence=_LICENCE,
    )
    for line, cells in chain(beginning[before:], rows):
        if not any(cell.strip() for cell in cells) or not cell_at(cells, places, "code").strip():
            continue  # blank lines, and notes below the rows, which stand in other columns
        try:
            yield _row(line, cells, places, period, is_sheet=source.kind == "sheet")
        except NotTaken as reason:
            yield Refused(line, f"{reason}.")


def _row(line: int, cells: Cells, places: dict[str, int], period: Period, *, is_sheet: bool) -> TableRow:
    code = procedure_of(cell_at(cells, places, "code"), is_sheet=is_sheet)
    status = cell_at(cells, places, "status").strip().upper()
    if not _STATUS.fullmatch(status):
        raise NotTaken(f"the status indicator {shown(status)} is none")
    apc: str | None = cell_at(cells, places, "apc").strip()
    if apc in ("", "."):
        apc = None
    elif not _APC.fullmatch(apc or ""):
        raise NotTaken(f"the APC {shown(apc or '')} is no number")
    amounts = tuple(
        decimal_of(cell_at(cells, places, name), f"the {_HEADINGS[name].lower()}")
        for name in ("relative_weight", "payment_rate", "national_copayment", "minimum_copayment")
    )
    values = (status, apc.zfill(4) if apc else None, *amounts)
    return TableRow(TABLE, (code,), period.first_day, period.last_day, values, (), line)


IMPORTERS = (
    Importer(
        name="opps",
        meaning="OPPS Addendum B: status indicators of procedures for hospital outpatients",
        layout="CMS Addendum B, csv or workbook with the columns HCPCS Code, SI and APC",
        recognise=_is_addendum_b,
        read=_read,
    ),
)
