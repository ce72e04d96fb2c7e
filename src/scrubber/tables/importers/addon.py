"""Add-on code edits as CMS publishes them: a workbook (or the same as text), one row for each pair of an add-on code
and a primary code, days as YYYYDDD.

    AOC_Edit_Type  Add-On_Code  AOC_DelDT  Primary_Code  Primary_Code_DelDT  AOC_Edit_EffDT  AOC_Edit_DelDT  Special_…
    1              0071U                   0070U                             2013091

Edit type 1: all primary codes are listed; 2: none is, the contractor names them (CCCCC); 3: some are.

Source: https://www.cms.gov/ncci-medicare/medicare-ncci-add-code-edits
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
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
from scrubber.tables.importers.days import Quarter, day_of, quarter_in, quarter_of
from scrubber.tables.importers.headings import CODE, cell, find_columns
from scrubber.tables.schemas import SCHEMAS

TABLE = "addon"
CONTRACTOR_DEFINED = "CCCCC"
HEADINGS = {
    "type": "aoc_edit_type",
    "code": "add-on_code",
    "addon_deleted": "aoc_deldt",
    "primary_deleted": "primary_code_deldt",
    "primary": "=primary_code",
    "effective": "aoc_edit_effdt",
    "deleted": "aoc_edit_deldt",
    "instructions": "special_instruction",
}
_NEEDED = ("type", "code", "primary", "effective")
_MOST_HEADING_ROWS = 30
_TYPES = {"1": 1, "2": 2, "3": 3}
_LICENCE = "CPT codes are the AMA's, used under your own licence; the edits are works of CMS"


def recognise(sample: Sample) -> bool:
    """Whether the headings are those of add-on code edits."""
    columns, _ = _header(sample.rows)
    return columns is not None


def read(source: SourceFile) -> Iterator[Parsed]:
    """The edits.

    Raises:
        TableError: headings are missing, or the quarter cannot be told.
    """
    rows = rows_of(source)
    beginning = list(islice(rows, _MOST_HEADING_ROWS))
    columns, start = _header([cells for _, cells in beginning])
    if columns is None:
        raise TableError("the headings of add-on code edits are missing.", where=source.name)
    quarter = _quarter(source)
    yield EditionFound(
        table=TABLE,
        name=quarter.name,
        first_day=SCHEMAS[TABLE].history_from or quarter.first_day,
        last_day=quarter.last_day,
        source=f"CMS add-on code edits of {quarter.name}",
        licence=_LICENCE,
    )
    for line, cells in chain(beginning[start:], rows):
        if any(cells):
            yield _row(line, {name: cell(cells, place) for name, place in columns.items()})


def _row(line: int, cells: dict[str, str]) -> Parsed:
    code, primary, kind = cells["code"], cells["primary"], _TYPES.get(cells["type"])
    if CODE.fullmatch(code) is None:
        return Refused(line, "the add-on code is no procedure code.")
    if primary != CONTRACTOR_DEFINED and CODE.fullmatch(primary) is None:
        return Refused(line, f"the primary code is neither a procedure code nor {CONTRACTOR_DEFINED}.")
    if kind is None:
        return Refused(line, "the edit type is none of 1, 2 and 3.")
    effective = day_of(cells["effective"])
    if effective is None:
        return Refused(line, "the effective date is no day written as YYYYDDD.")
    deletions: dict[str, date | None] = {}
    for name in ("addon_deleted", "primary_deleted", "deleted"):
        text = cells.get(name, "")
        deletions[name] = day = day_of(text)
        if text not in ("", "*") and day is None:
            return Refused(line, "a deletion date is no day written as YYYYDDD.")
    # An edit is over when it is deleted itself, or either of its codes is.
    last = min((day for day in deletions.values() if day), default=None)
    if last is not None and last < effective:
        return Refused(line, f"it ends ({last}) before it begins ({effective}).")
    values = (
        primary,
        kind,
        primary == CONTRACTOR_DEFINED,
        deletions["addon_deleted"],
        deletions["primary_deleted"],
        cells.get("instructions") or None,
    )
    return TableRow(TABLE, (code,), effective, last, values, (), line)


def _header(rows: list[Cells] | tuple[Cells, ...]) -> tuple[dict[str, int] | None, int]:
    """Where each column stands, and at which row the data begins."""
    for number, cells in enumerate(rows[:_MOST_HEADING_ROWS]):
        # Blanks, underscores and hyphens between the words of these headings differ from release to release.
        headings = [heading.replace(" ", "_").replace("add_on", "add-on") for heading in map(str.lower, cells)]
        columns = find_columns(headings, HEADINGS)
        if all(name in columns for name in _NEEDED):
            return columns, number + 1
    return None, 0


def _quarter(source: SourceFile) -> Quarter:
    names = " ".join(source.names).lower()
    if source.stated_table not in (None, TABLE):
        raise TableError(f"these are add-on code edits, not table {source.stated_table!r}.", where=source.name)
    if source.stated_table is None and ("mcd" in names or "medicaid" in names):
        raise TableError(
            "these are the add-on code edits of Medicaid, for which there is no table.",
            where=source.name,
            hint=f"To use them in place of Medicare's, add --table {TABLE}.",
        )
    if source.stated_day is not None:
        return quarter_of(source.stated_day)
    found = quarter_in(source.names)
    if found is None:
        raise TableError(
            "the name of the file does not say of which quarter it is.",
            where=source.name,
            hint="Keep the name that CMS gave it (AOC_V2024Q3-MCR), or add --edition with the first day, "
            "such as --edition 2024-07-01.",
        )
    return found


IMPORTERS = (
    Importer(
        name="addon",
        meaning="add-on code edits",
        layout="workbook or text; headings AOC_Edit_Type, Add-On_Code, Primary_Code, AOC_Edit_EffDT, deletion dates",
        recognise=recognise,
        read=read,
    ),
)
