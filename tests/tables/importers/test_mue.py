"""MUE values: the edition comes from the name, the setting from the headings. Codes are made up."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from scrubber.tables import NO_EDITION, NO_ROW, Row, TableSet
from scrubber.tables.importers.intake import ImportReport, import_files
from scrubber.tables.importers.sources import Stated

NOTICE = "CPT® codes are copyright of their owner.\n\nAll rights reserved."
NAME = "MCR_MUE_PractitionerServices_Eff_07-01-2024.csv"
Import = Callable[..., ImportReport]


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    def run(
        *rows: tuple[str, ...],
        name: str = NAME,
        heading: str = "Practitioner Services MUE Values",
        encoding: str = "cp1252",
        **stated: object,
    ) -> ImportReport:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([NOTICE, "", "", ""])
            writer.writerow(["HCPCS/\nCPT Code", heading, "MUE Adjudication Indicator", "MUE Rationale"])
            writer.writerows(rows)
        return import_files([path], tmp_path / "tables", stated=Stated(**stated))  # type: ignore[arg-type]

    return run


def row(code: str = "X0001", value: str = "6", indicator: str = "3 Date of Service Edit: Clinical") -> tuple[str, ...]:
    return code, value, indicator, "Made up"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_value_for_its_quarter(imported: Import, tmp_path: Path, encoding: str) -> None:
    report = imported(row(), encoding=encoding)
    assert report.sources[0].taken == {"mue_practitioner": 1}
    table = TableSet.open(tmp_path / "tables").get("mue_practitioner")
    assert table is not None
    found = table.look_up("X0001", date(2024, 9, 30))
    assert isinstance(found, Row)
    assert (found.value, found.mai, found.rationale) == (6, 3, "Made up")
    assert table.look_up("X0002", date(2024, 9, 30)) is NO_ROW
    assert table.look_up("X0001", date(2024, 10, 1)) is NO_EDITION


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("Practitioner Services MUE Values", "mue_practitioner"),
        ("Outpatient Hospital Services\nMUE Values", "mue_hospital"),
        ("DME Supplier Services MUE Values", "mue_dme"),
    ],
)
def test_the_heading_tells_the_setting(imported: Import, heading: str, table: str) -> None:
    assert imported(row(), heading=heading, name="MUE_Eff_07-01-2024.csv").editions[0].table == table


def test_heading_and_name_contradict_each_other(imported: Import) -> None:
    name = "MCR_MUE_OutpatientHospitalServices_Eff_07-01-2024.csv"
    report = imported(row(), name=name)
    assert f"its content says practitioner, and its name {name!r} says outpatient hospital" in str(
        report.sources[0].problem
    )
    assert not report.editions
    assert imported(row(), name=name, table="mue_hospital").editions[0].table == "mue_hospital"


def test_member_and_zip_contradict_each_other(imported: Import, tmp_path: Path) -> None:
    imported(row())
    for outer, said in (
        (NAME.replace("07-01", "10-01"), "2024q4"),
        (NAME.replace("Practitioner", "OutpatientHospital"), "outpatient hospital"),
    ):
        path = (tmp_path / outer).with_suffix(".zip")
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(tmp_path / NAME, NAME)
        problem = str(import_files([path], tmp_path / "other").sources[0].problem)
        assert f"the name {NAME!r} says" in problem
        assert f"that of its zip, {path.name!r}, says {said}" in problem


def test_the_name_tells_the_setting_where_the_heading_does_not(imported: Import) -> None:
    assert imported(row(), heading="MUE Values").editions[0].table == "mue_practitioner"


def test_the_user_tells_the_edition(imported: Import) -> None:
    report = imported(row(), name="values.csv", day=date(2025, 1, 1))
    assert report.editions[0].edition.name == "2025q1"
    assert "carry no dates" in str(imported(row(), name="values.csv").sources[0].problem)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (row(code="X01"), "no procedure code"),
        (row(value="six"), "no whole number"),
        (row(value="-1"), "no whole number"),
        (row(value="9" * 5000), "no whole number"),
        (row(indicator="4 Something"), "none of 1, 2 and 3"),
        (row(code="X0002", value="7"), "on the same days as in line"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(imported: Import, wrong: tuple[str, ...], reason: str) -> None:
    report = imported(row("X0002"), row("X0003"), row("X0004"), wrong)
    assert report.refused_rows == 1
    assert reason in report.sources[0].refusals[0].reason
    assert report.editions[0].edition.rows == 3


def test_a_refused_row_may_have_values_that_no_other_has(imported: Import, tmp_path: Path) -> None:
    report = imported(row("X0002"), ("X0002", "6", "2 Date", "Other"), ("X0003", "7", "2 Date", "A third"))
    assert [refusal.reason for refusal in report.sources[0].refusals] == [
        "X0002 is in force on the same days as in line 6."
    ]
    table = TableSet.open(tmp_path / "tables").get("mue_practitioner")
    assert table is not None
    found = table.look_up("X0003", date(2024, 8, 1))
    assert isinstance(found, Row)
    assert (found.value, found.rationale) == (7, "A third")


def test_the_same_rows_in_two_files_count_once(imported: Import, tmp_path: Path) -> None:
    imported(row(), row("X0002"))
    other = tmp_path / "more" / NAME
    other.parent.mkdir()
    other.write_bytes((tmp_path / NAME).read_bytes())
    report = import_files([tmp_path / NAME, other], tmp_path / "tables")
    assert [source.repeated for source in report.sources] == [0, 2]
    assert report.editions[0].edition.rows == 2
    assert report.editions[0].replaced


def test_limits_of_medicaid_have_a_table_of_their_own(imported: Import, tmp_path: Path) -> None:
    report = imported(row(), name="MCD_MUE_PractitionerServices_Eff_07-01-2024.csv")
    assert report.sources[0].taken == {"mue_practitioner_medicaid": 1}
    assert TableSet.open(tmp_path / "tables").get("mue_practitioner") is None


def test_a_file_without_indicators_has_to_say_that_it_is_of_medicaid(tmp_path: Path) -> None:
    text = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Rationale\nX0001,4,Made up\n"
    plain = tmp_path / "MUE_PractitionerServices_Eff_07-01-2024.csv"
    named = tmp_path / "MCD_MUE_PractitionerServices_Eff_07-01-2024.csv"
    for path in (plain, named):
        path.write_text(text)
    report = import_files([plain, named], tmp_path / "tables")
    assert "--table mue_practitioner_medicaid" in str(report.sources[0].problem)
    table = TableSet.open(tmp_path / "tables").get("mue_practitioner_medicaid")
    assert table is not None
    found = table.look_up("X0001", date(2024, 8, 1))
    assert isinstance(found, Row)
    assert (found.value, found.mai) == (4, 1)


def test_the_published_files(shared_data: Path, tmp_path: Path) -> None:
    truth = json.loads((shared_data / "truth" / "counts.json").read_text(encoding="utf-8"))
    folder = shared_data / "cms" / "mue"
    pytest.importorskip("openpyxl")
    report = import_files(sorted(folder.iterdir()), tmp_path)
    assert (report.refused_files, report.refused_rows) == (0, 0)
    tables = TableSet.open(tmp_path)
    for name, known in truth["files"].items():
        if known["table"].startswith("mue_"):
            table = tables.get(known["table"])
            assert table is not None
            assert table.editions[0].rows == known["rows"], name
    for anchor in truth["anchors"]:
        if anchor["table"].startswith("mue_"):
            table = tables.get(anchor["table"])
            assert table is not None
            found = table.look_up(anchor["key"][0], date(2024, 7, 1))
            assert (found and {"value": found.value, "mai": found.mai}) == (anchor["row"] or NO_ROW)


def test_the_published_layout_of_2026(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "cms" / "official_layouts" / "MCR_MUE_PractitionerServices_Eff_07-01-2026.excerpt.csv"
    report = import_files([path], tmp_path)
    assert report.sources[0].taken == {"mue_practitioner": 20}
    assert report.editions[0].edition.name == "2026q3"
