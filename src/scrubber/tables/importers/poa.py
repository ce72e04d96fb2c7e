"""Diagnoses exempt from reporting whether they were present on admission: the yearly list of CMS, text or workbook.

    Order2020   POAexemptCode   Description
    01225       B90.0           Sequelae of central nervous system tuberculosis

The list holds for a fiscal year and says nothing of the codes that a later year adds, so it answers for its year only.

Source: https://www.cms.gov/medicare/payment/fee-for-service-providers/hospital-aquired-conditions-hac/coding
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from scrubber.errors import TableError
from scrubber.tables.importers.cells import Cells, plain, rows_of
from scrubber.tables.importers.contract import (
    EditionFound,
    Importer,
    Parsed,
    Refused,
    Sample,
    SourceFile,
    TableRow,
)
from scrubber.tables.importers.periods import fiscal_year, fiscal_year_of, unknown_edition, year_in
from scrubber.tables.importers.values import NotTaken, icd10cm_of

TABLE = "poa_exempt"
_LICENCE = "public domain (CMS, CDC/NCHS)"
_MOST_TOP_ROWS = 30
_YEAR = re.compile(r"(?:order|fy|fiscal year|codes?) ?(20\d\d)", re.IGNORECASE)


def _is_list(sample: Sample) -> bool:
    return sample.source.kind != "xml" and _top(sample.rows) is not None


def _top(rows: Sequence[Cells]) -> tuple[int, int | None, int] | None:
    """Columns of code and description, and how many rows stand above the data."""
    for number, cells in enumerate(rows[:_MOST_TOP_ROWS]):
        headings = [plain(cell).lower() for cell in cells]
        about = " ".join(" ".join(row) for row in rows[: number + 1]).lower()
        code = next((place for place, heading in enumerate(headings) if "code" in heading), None)
        text = next((place for place, heading in enumerate(headings) if "description" in heading), None)
        if code is not None and code != text and text is not None and "exempt" in about and "poa" in about:
            return code, text, number + 1
    return None


def _read(source: SourceFile) -> Iterator[Parsed]:
    rows = rows_of(source)
    beginning = list(islice(rows, _MOST_TOP_ROWS))
    top = _top([cells for _, cells in beginning])
    if top is None:
        raise TableError("the headings of a list of exempt diagnoses are missing.", where=source.name)
    code_at, text_at, before = top
    period = fiscal_year(_fiscal_year(source, [cells for _, cells in beginning[:before]]))
    what = f"CMS list of diagnoses exempt from present-on-admission reporting, {period.name}"
    yield EditionFound(TABLE, period.name, period.first_day, period.last_day, what, _LICENCE)
    for line, cells in chain(beginning[before:], rows):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            code = icd10cm_of(cells[code_at] if code_at < len(cells) else "")
        except NotTaken as reason:
            yield Refused(line, f"{reason}.")
            continue
        title = cells[text_at].strip() if text_at is not None and text_at < len(cells) else ""
        yield TableRow(TABLE, (code,), period.first_day, period.last_day, (), (title or None,), line)


def _fiscal_year(source: SourceFile, top: Sequence[Cells]) -> int:
    """As the user says, as the headings say ("Order2020"), else as the name says."""
    if source.stated_day is not None:
        return fiscal_year_of(source.stated_day)
    words = " ".join(plain(cell) for cells in top for cell in cells)
    found = _YEAR.search(words)
    if found:
        return int(found[1])
    year = next((year for year in map(year_in, source.names) if year), None)
    if year is None:
        raise unknown_edition(source, "of which fiscal year it is")
    return year


IMPORTERS = (
    Importer(
        name="poa_exempt",
        meaning="diagnoses exempt from present-on-admission reporting",
        layout="CMS list, text with tabs or workbook: order, code, description",
        recognise=_is_list,
        read=_read,
    ),
)
