"""CMS files read in the plainest way, to hold the importers against and to give tests their tables.

Only rows of the codes asked for are taken, so that a test need not read millions of rows into tables. Nothing here is
shared with the importers.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from scrubber.tables.schemas import SCHEMAS
from scrubber.tables.writer import NewEdition, NewRow, write_edition

QUARTER = (date(2024, 7, 1), date(2024, 9, 30))
MUE_FILES = {
    "mue_practitioner": "MCR_MUE_PractitionerServices_Eff_07-01-2024.zip",
    "mue_hospital": "MCR_MUE_OutpatientHospitalServices_Eff_07-01-2024.zip",
    "mue_dme": "MCR_MUE_DMESupplierServices_Eff_07-01-2024.csv",
}
PTP_FILES = {"ncci_ptp_practitioner": "ccipra-v302r0-f*.zip", "ncci_ptp_hospital": "ccioph-v302r0-f*.zip"}


PlainRow = tuple[tuple[str, ...], date, date | None, dict[str, Any]]
"""A key, its window, and the columns that tests look at."""


def day(text: str) -> date | None:
    """YYYYMMDD; `*` and blank are open."""
    return None if text.strip() in ("", "*") else date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def ptp_rows(folder: Path, table: str, codes: frozenset[str]) -> Iterator[PlainRow]:
    """The pairs both of whose codes are wanted."""
    wanted = {code.encode("ascii") for code in codes}
    for path in sorted((folder / "ncci").glob(PTP_FILES[table])):
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as member:
            for raw in member:
                if raw[:5] not in wanted or raw[6:11] not in wanted:
                    continue
                first, second, _, effective, deletion, indicator, rationale = raw.decode("cp1252").split("\t")
                begins = day(effective)
                assert begins is not None
                values = {"modifier_indicator": indicator, "before_1996": False, "rationale": rationale.strip()}
                yield (first, second), begins, day(deletion), values


def mue_rows(folder: Path, table: str) -> Iterator[PlainRow]:
    """Every limit."""
    path = folder / "mue" / MUE_FILES[table]
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            raw = archive.read(next(name for name in archive.namelist() if name.endswith(".csv")))
    else:
        raw = path.read_bytes()
    for cells in csv.reader(io.StringIO(raw.decode("cp1252"), newline="")):
        if len(cells) == 4 and cells[1].isdigit():
            values = {"value": int(cells[1]), "mai": int(cells[2][0]), "rationale": cells[3]}
            yield (cells[0],), *QUARTER, values


def addon_rows(folder: Path) -> Iterator[PlainRow]:
    """Every add-on edit; dates are YYYYDDD."""
    import openpyxl

    book = openpyxl.load_workbook(folder / "aoc" / "AOC_V2024Q3-MCR.xlsx")
    cells_of_rows = list(book.active.iter_rows(min_row=3, values_only=True))
    book.close()
    for cells in cells_of_rows:
        edit_type, code, _, primary, _, effective, _, notes = cells
        begins = date(effective // 1000, 1, 1) + timedelta(days=effective % 1000 - 1)
        values = {
            "primary": str(primary),
            "edit_type": int(edit_type),
            "contractor_defined": primary == "CCCCC",
            "instructions": notes,
        }
        yield (str(code),), begins, None, values


def hcpcs_rows(folder: Path, record: str) -> Iterator[PlainRow]:
    """Procedures (record 3) or modifiers (record 7)."""
    with zipfile.ZipFile(folder / "hcpcs" / "HCPC2024_JUL_ANWEB.zip") as archive:
        raw = archive.read(archive.namelist()[0])
    for cells in csv.DictReader(io.StringIO(raw.decode("cp1252"), newline="")):
        if cells["RECID"] != record:
            continue
        added, ended = day(cells["ADD DT"]), day(cells["TERM DT"])
        assert added is not None
        values = {"added": added, "terminated": ended, "title": cells["LONG DESCRIPTION"]}
        yield (cells["HCPC"].strip(),), added, ended, values


def write(folder: Path, table: str, rows: Iterator[PlainRow]) -> None:
    """One edition of a table, answering as its publisher's does."""
    schema = SCHEMAS[table]
    edition = NewEdition(
        table=table,
        name="2024q3",
        first_day=schema.history_from or QUARTER[0],
        last_day=QUARTER[1],
        source="published file",
        licence="",
        key=schema.key,
        columns=schema.columns,
        several_in_force=schema.several_in_force,
    )
    path = folder / table / "2024q3.table"
    path.parent.mkdir(parents=True, exist_ok=True)
    short, long = ([column.name for column in columns] for columns in (schema.short_columns, schema.long_columns))
    write_edition(
        path,
        edition,
        (
            NewRow(key, first, last, tuple(map(values.get, short)), tuple(map(values.get, long)))
            for key, first, last, values in rows
        ),
    )


def write_all(cms: Path, folder: Path, codes: frozenset[str]) -> None:
    """The tables of the third quarter of 2024; of pairs those of the wanted codes."""
    for table in PTP_FILES:
        write(folder, table, ptp_rows(cms, table, codes))
    for table in MUE_FILES:
        write(folder, table, mue_rows(cms, table))
    write(folder, "addon", addon_rows(cms))
    write(folder, "hcpcs", hcpcs_rows(cms, "3"))
    write(folder, "modifiers", hcpcs_rows(cms, "7"))
