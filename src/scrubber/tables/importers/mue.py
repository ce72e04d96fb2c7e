"""NCCI medically unlikely edits as CMS publishes them each quarter: csv or workbook, one notice above the headings.

    "HCPCS/
    CPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale
    A4206,0,3 Date of Service Edit: Clinical,CMS Policy

Rows have no dates: the edition is the quarter that the file name tells, and it answers for that quarter only.

Source: https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
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
from scrubber.tables.importers.days import Quarter, quarter_in, quarter_of
from scrubber.tables.importers.headings import CODE, cell, find_columns
from scrubber.tables.importers.names import check_content, check_names

HEADINGS = {
    "code": "hcpcs",
    "value": "*mue value",
    "indicator": "*adjudication indicator",
    "rationale": "*rationale",
}
_MOST_HEADING_ROWS = 30
_INDICATORS = {"1": 1, "2": 2, "3": 3}
_LARGEST_VALUE = 1_000_000
OF_MEDICAID = "_medicaid"
_SETTINGS = (
    ("mue_dme", "dme", "DME supplier"),
    ("mue_hospital", "hospital", "outpatient hospital"),
    ("mue_practitioner", "practitioner", "practitioner"),
)
_MEND = "Give the file the name that CMS gave it, or add --table, such as --table mue_practitioner."
_LICENCE = "CPT codes are the AMA's, used under your own licence; the limits are works of CMS"


def recognise(sample: Sample) -> bool:
    """Whether the headings are those of MUE values."""
    columns, _ = _header(sample.rows)
    return columns is not None


def read(source: SourceFile) -> Iterator[Parsed]:
    """The limits of one setting in one quarter.

    Raises:
        TableError: headings are missing, or setting or quarter cannot be told.
    """
    rows = rows_of(source)
    beginning = list(islice(rows, _MOST_HEADING_ROWS))
    columns, start = _header([cells for _, cells in beginning])
    if columns is None:
        raise TableError("the headings of MUE values are missing.", where=source.name)
    table, what = _setting(source, plain(beginning[start - 1][1][columns["value"]]).lower())
    if "indicator" not in columns and not table.endswith(OF_MEDICAID):
        raise TableError(
            "the file has no adjudication indicators: these look like limits of Medicaid, and no name says so.",
            where=source.name,
            hint=f"If they are Medicaid's, add --table {table}{OF_MEDICAID}.",
        )
    quarter = _quarter(source)
    yield EditionFound(
        table=table,
        name=quarter.name,
        first_day=quarter.first_day,
        last_day=quarter.last_day,
        source=f"CMS NCCI MUE values of {quarter.name}, {what}",
        licence=_LICENCE,
    )
    yield from _rows(table, quarter.first_day, quarter.last_day, columns, chain(beginning[start:], rows))


def _rows(
    table: str, first: date, last: date, columns: dict[str, int], rows: Iterator[tuple[int, Cells]]
) -> Iterator[Parsed]:
    for line, cells in rows:
        if not any(cells):
            continue
        code, value = cell(cells, columns["code"]), cell(cells, columns["value"])
        # Medicaid holds every limit against the line, and its files may have no column for it
        indicator = _INDICATORS.get(cell(cells, columns["indicator"])[:1]) if "indicator" in columns else 1
        if CODE.fullmatch(code) is None:
            yield Refused(line, "the first column is no procedure code.")
        elif not (value.isascii() and value.isdecimal() and len(value) < 8 and int(value) <= _LARGEST_VALUE):
            yield Refused(line, "the MUE value is no whole number.")
        elif indicator is None:
            yield Refused(line, "the adjudication indicator begins with none of 1, 2 and 3.")
        else:
            rationale = cell(cells, columns.get("rationale")) or None
            yield TableRow(table, (code,), first, last, (int(value), indicator, rationale), (), line)


def _header(rows: list[Cells] | tuple[Cells, ...]) -> tuple[dict[str, int] | None, int]:
    """Where each column stands, and at which row the data begins."""
    for number, cells in enumerate(rows[:_MOST_HEADING_ROWS]):
        columns = find_columns(cells, HEADINGS)
        if "code" in columns and "value" in columns:
            return columns, number + 1
    return None, 0


def _setting(source: SourceFile, heading: str) -> tuple[str, str]:
    """Whose limits these are: as the user says, as the heading of the values says, else as the file names say."""
    names = " ".join(source.names).lower()
    is_medicaid = "mcd" in names or "medicaid" in names
    for told in (source.stated_table or "", heading, names):
        for table, word, what in _SETTINGS:
            if f"{table}{OF_MEDICAID}" == told:
                return told, f"Medicaid, {what}"
            if table == told or (told != source.stated_table and word in told):
                if source.stated_table is None:
                    check_names(source, _settings_in, _MEND)
                    check_content(source, what, _settings_in, _MEND)
                    if is_medicaid:
                        return f"{table}{OF_MEDICAID}", f"Medicaid, {what}"
                return table, what
        if told and told == source.stated_table:
            raise TableError(f"these are MUE values, not table {told!r}.", where=source.name)
    raise TableError(
        "neither the headings nor the name of the file say whose MUE values these are.",
        where=source.name,
        hint="Keep the name that CMS gave it, or add --table, such as --table mue_practitioner.",
    )


def _settings_in(name: str) -> frozenset[str]:
    return frozenset(what for _, word, what in _SETTINGS if word in name.lower())


def _quarters_in(name: str) -> frozenset[str]:
    found = quarter_in((name,))
    return frozenset() if found is None else frozenset([found.name])


def _quarter(source: SourceFile) -> Quarter:
    if source.stated_day is not None:
        return quarter_of(source.stated_day)
    check_names(source, _quarters_in)
    found = quarter_in(source.names)
    if found is None:
        raise TableError(
            "MUE files carry no dates, and the name of this one does not say of which quarter it is.",
            where=source.name,
            hint="Keep the name that CMS gave it (…_Eff_07-01-2024), or add --edition with the first day, "
            "such as --edition 2024-07-01.",
        )
    return found


IMPORTERS = (
    Importer(
        name="mue",
        meaning="NCCI medically unlikely edits",
        layout="csv or workbook; headings HCPCS/CPT Code, … MUE Values, MUE Adjudication Indicator, MUE Rationale",
        recognise=recognise,
        read=read,
    ),
)
