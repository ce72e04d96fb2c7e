"""Add-on code edits: several primaries for a code, and three ways for an edit to end. Codes are made up."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from scrubber.tables import NO_EDITION, NO_ROW, TableSet
from scrubber.tables.importers.intake import ImportReport, import_files

HEADINGS = (
    "AOC_Edit_Type,Add-On_Code,AOC_DelDT,Primary_Code,Primary_Code_DelDT,AOC_Edit_EffDT,AOC_Edit_DelDT,"
    "Special_Instruction_Notes"
)
DAY = date(2024, 8, 1)
Import = Callable[..., ImportReport]


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    def run(*rows: str, name: str = "AOC_V2024Q3-MCR.csv", headings: str = HEADINGS) -> ImportReport:
        path = tmp_path / name
        path.write_text("\n".join(["CPT only copyright.", headings, *rows, ""]), encoding="utf-8")
        return import_files([path], tmp_path / "tables")

    return run


def primaries(tmp_path: Path, code: str, day: date) -> object:
    table = TableSet.open(tmp_path / "tables").get("addon")
    assert table is not None
    rows = table.rows_on(code, day)
    return {row.primary for row in rows} if rows else rows


def test_several_primaries_are_in_force(imported: Import, tmp_path: Path) -> None:
    imported("1,X0001,,Y0001,,2013091,,", "1,X0001,,Y0002,,2013091,,", "2,X0002,,CCCCC,,2013091,,(CCCCC = …)")
    assert primaries(tmp_path, "X0001", DAY) == {"Y0001", "Y0002"}
    assert primaries(tmp_path, "X0003", DAY) is NO_ROW
    assert primaries(tmp_path, "X0001", date(2013, 3, 31)) is NO_EDITION
    assert primaries(tmp_path, "X0001", date(2024, 10, 1)) is NO_EDITION
    table = TableSet.open(tmp_path / "tables").get("addon")
    assert table is not None
    (row,) = table.rows("X0002")
    assert (row.edit_type, row.contractor_defined, row.primary) == (2, True, "CCCCC")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("1,X0001,2023365,Y0001,,2013091,,", "addon_deleted"),
        ("1,X0001,,Y0001,2023365,2013091,,", "primary_deleted"),
        ("1,X0001,,Y0001,,2013091,2023365,", None),
        ("1,X0001,2024100,Y0001,2023365,2013091,,", "primary_deleted"),
    ],
)
def test_an_edit_ends_with_the_first_of_its_ends(
    imported: Import, tmp_path: Path, row: str, column: str | None
) -> None:
    imported(row)
    assert primaries(tmp_path, "X0001", date(2023, 12, 31)) == {"Y0001"}
    assert primaries(tmp_path, "X0001", date(2024, 1, 1)) is NO_ROW
    table = TableSet.open(tmp_path / "tables").get("addon")
    assert table is not None
    if column:
        assert table.rows("X0001")[0].get(column) == date(2023, 12, 31)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("4,X0001,,Y0001,,2013091,,", "the edit type is none of 1, 2 and 3"),
        ("1,X1,,Y0001,,2013091,,", "the add-on code is no procedure code"),
        ("1,X0001,,Y1,,2013091,,", "neither a procedure code nor CCCCC"),
        ("1,X0001,,Y0001,,2013366,,", "the effective date is no day"),
        ("1,X0001,,Y0001,,2013091,2013000,", "a deletion date is no day"),
        ("1,X0001,,Y0001,,2013091,2012366,", "it ends (2012-12-31) before it begins (2013-04-01)"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(imported: Import, row: str, reason: str) -> None:
    report = imported("1,X0001,,Y0001,,2013091,,", "1,X0001,,Y0002,,2013091,,", row)
    assert [refusal.line for refusal in report.sources[0].refusals] == [5]
    assert reason in report.sources[0].refusals[0].reason


def test_columns_are_found_by_their_headings(imported: Import, tmp_path: Path) -> None:
    headings = "Primary_Code_DelDT,Primary_Code,New_Thing,AOC_Edit_EffDT,Add-On_Code,AOC_Edit_Type"
    imported(",Y0001,new,2013091,X0001,1", headings=headings)
    assert primaries(tmp_path, "X0001", DAY) == {"Y0001"}


def test_edits_of_medicaid_are_refused(imported: Import) -> None:
    report = imported("1,X0001,,Y0001,,2013091,,", name="AOC_V2024Q3-MCD.csv")
    assert "Medicaid" in str(report.sources[0].problem)


def test_the_published_file(shared_data: Path, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    truth = json.loads((shared_data / "truth" / "counts.json").read_text(encoding="utf-8"))
    name = "cms/aoc/AOC_V2024Q3-MCR.xlsx"
    report = import_files([shared_data / name], tmp_path)
    assert report.refused_rows == 0
    assert report.editions[0].edition.rows == truth["files"][name]["rows"]
    table = TableSet.open(tmp_path).get("addon")
    assert table is not None
    assert len({row.key for row in table.starting_with("")}) == truth["files"][name]["codes"]
    for anchor in truth["anchors"]:
        if anchor["table"] == "addon":
            rows = table.rows_on(tuple(anchor["key"]), DAY)
            assert rows
            assert len(rows) == anchor["primaries"]
            assert sorted({row.edit_type for row in rows}) == anchor["types"]
