"""Column 1/column 2 edits: every layout of headings, whose edits they are, and rows that make no sense. Codes are
made up.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from scrubber.tables import NO_EDITION, NO_ROW, Row, TableSet
from scrubber.tables.importers.intake import ImportReport, import_files
from scrubber.tables.importers.sources import Stated

PREAMBLE = (
    "CPT only copyright 2023 American Medical Association.  All rights reserved.\t\t\t\t\t\t\r\n"
    "Column1/Column2 Edits\t\t\t\t\t\t\r\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n"
    "\t\t\t\t*=no data\t1=allowed\t\r\n"
    "\t\t\t\t\t9=not applicable\t\r\n"
)
DAY = date(2024, 8, 1)
Import = Callable[..., ImportReport]


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    """Writes a text under a name and imports it; the folder of tables is `tmp_path / "tables"`."""

    def run(*rows: str, name: str = "ccipra-v302r0.txt", preamble: str = PREAMBLE, **stated: object) -> ImportReport:
        path = tmp_path / name
        path.write_text(preamble + "".join(f"{row}\r\n" for row in rows), encoding="cp1252", newline="")
        return import_files([path], tmp_path / "tables", stated=Stated(**stated))  # type: ignore[arg-type]

    return run


def table_of(tmp_path: Path, name: str = "ncci_ptp_practitioner") -> object:
    table = TableSet.open(tmp_path / "tables").get(name)
    assert table is not None
    return table


def look(tmp_path: Path, first: str, second: str, day: date = DAY, name: str = "ncci_ptp_practitioner") -> object:
    return table_of(tmp_path, name).look_up((first, second), day)  # type: ignore[attr-defined]


class TestRows:
    def test_windows_indicator_and_rationale(self, imported: Import, tmp_path: Path) -> None:
        report = imported(
            "X0001\tX0002\t\t20200101\t20231231\t1\tMade up",
            "X0001\tX0002\t\t20240101\t*\t0\tMade up again",
        )
        assert report.sources[0].taken == {"ncci_ptp_practitioner": 2}
        row = look(tmp_path, "X0001", "X0002")
        assert isinstance(row, Row)
        assert (row.valid_from, row.valid_to) == (date(2024, 1, 1), None)
        assert (row.modifier_indicator, row.before_1996, row.rationale) == ("0", False, "Made up again")
        assert look(tmp_path, "X0001", "X0002", date(2023, 12, 31)).modifier_indicator == "1"  # type: ignore[attr-defined]
        assert look(tmp_path, "X0002", "X0001") is NO_ROW

    def test_the_star_of_1996_is_not_that_of_no_deletion(self, imported: Import, tmp_path: Path) -> None:
        imported("X0001\tX0002\t*\t19960101\t*\t1\tMade up")
        row = look(tmp_path, "X0001", "X0002")
        assert isinstance(row, Row)
        assert row.before_1996 is True
        assert row.valid_to is None

    def test_a_pair_that_stands_twice_for_two_reasons_is_kept_twice(self, imported: Import, tmp_path: Path) -> None:
        report = imported("X0001\tX0002\t\t19960101\t19960101\t9\tOne", "X0001\tX0002\t\t19960101\t19960101\t9\tOther")
        assert report.refused_rows == 0
        assert report.editions[0].edition.rows == 2

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ("X001\tX0002\t\t20200101\t*\t1\tMade up", "no procedure code"),
            ("X0001\tX0002\t\t20201301\t*\t1\tMade up", "the effective date is no day"),
            ("X0001\tX0002\t\t20200101\tsoon\t1\tMade up", "the deletion date is no day"),
            ("X0001\tX0002\t\t20200101\t20191231\t1\tMade up", "it ends (2019-12-31) before it begins (2020-01-01)"),
            ("X0001\tX0002\t\t20200101\t*\t2\tMade up", "none of 0, 1 and 9"),
            ("X0001\tX0002", "none of 0, 1 and 9"),
            ("X0001\tX0002\tx\t20200101\t*\t1\tMade up", "neither blank nor *"),
        ],
    )
    def test_a_row_that_makes_no_sense_is_refused_by_line(self, imported: Import, row: str, reason: str) -> None:
        good = [f"X000{number}\tX0009\t\t20200101\t*\t1\tMade up" for number in range(4)]
        report = imported(*good, row)
        assert report.sources[0].problem is None
        assert [refusal.line for refusal in report.sources[0].refusals] == [11]
        assert reason in report.sources[0].refusals[0].reason

    def test_mostly_senseless_rows_make_a_senseless_file(self, imported: Import, tmp_path: Path) -> None:
        report = imported("X0001\tX0002\t\t20200101\t*\t1\tMade up", *["X0001\tX0002\t\t\t\t\t"] * 3)
        assert report.refused_files == 1
        assert report.sources[0].taken == {}
        assert not list((tmp_path / "tables").glob("*/*"))


class TestLayout:
    def test_columns_are_found_by_their_headings(self, imported: Import, tmp_path: Path) -> None:
        preamble = "Column 2\tModifier\tColumn 1\tDeletion Date\tEffective Date\tNew thing\r\n"
        imported("X0002\t1\tX0001\t*\t20200101\tnew", preamble=preamble)
        assert isinstance(look(tmp_path, "X0001", "X0002"), Row)

    def test_a_workbook(self, tmp_path: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        book.active.append(["CPT only copyright 2023 American Medical Association."])
        book.active.append(["Column1/Column2 Edits"])
        headings = (
            "Column 1|Column 2|*=in existence\nprior to 1996|Effective\nDate|Deletion\nDate\n*=no data|Modifier\n0=not"
        )
        book.active.append([*headings.split("|"), "PTP Edit Rationale"])
        book.active.append(["X0001", "X0002", None, 20200101, "*", 1, "Made up"])
        path = tmp_path / "ccioph-v302r0-f1.xlsx"
        book.save(path)
        report = import_files([path], tmp_path / "tables")
        assert report.sources[0].problem is None
        assert isinstance(look(tmp_path, "X0001", "X0002", name="ncci_ptp_hospital"), Row)

    def test_headings_without_rows(self, imported: Import) -> None:
        told = str(imported().sources[0].problem)
        assert "the headings of NCCI procedure-to-procedure edits, and no row below them. Download it again" in told


class TestDamaged:
    @pytest.mark.parametrize("missing", ["Column 1", "Column 2", "Effective", "Deletion", "Modifier"])
    def test_a_missing_column_is_named(self, imported: Import, tmp_path: Path, missing: str) -> None:
        lines = [line.split("\t") for line in PREAMBLE.splitlines()]
        place = lines[2].index(missing)
        preamble = "".join("\t".join(line[:place] + line[place + 1 :]) + "\r\n" for line in lines)
        cells = ["00001", "0002T", "", "20200101", "*", "1", "Made up"]
        row = "\t".join(cells[:place] + cells[place + 1 :])
        report = imported(*[row] * 100, preamble=preamble)
        assert f"damaged file of column 1/column 2 edits, without the column '{missing}" in str(
            report.sources[0].problem
        )
        assert not report.editions

    def test_only_the_title_is_left(self, imported: Import) -> None:
        preamble = "".join(f"{line}\r\n" for line in PREAMBLE.splitlines()[:2])
        report = imported(*["00001\t0002T\t\t20200101\t*\t1\tMade up"] * 100, preamble=preamble)
        assert "damaged file" in str(report.sources[0].problem)


class TestWhoseEdits:
    @pytest.mark.parametrize(
        ("name", "table"),
        [
            ("ccipra-v302r0.txt", "ncci_ptp_practitioner"),
            ("ccioph-v302r0.txt", "ncci_ptp_hospital"),
            ("Medicaid_NCCI_PTP_DME_2024Q3.txt", "ncci_ptp_dme_medicaid"),
        ],
    )
    def test_the_name_tells(self, imported: Import, name: str, table: str) -> None:
        assert imported("X0001\tX0002\t\t20200101\t*\t1\t", name=name).editions[0].table == table

    def test_the_preamble_tells(self, imported: Import) -> None:
        preamble = PREAMBLE.replace("Column1/Column2 Edits", "Outpatient Hospital Column1/Column2 Edits")
        row = "X0001\tX0002\t\t20200101\t*\t1\t"
        assert imported(row, preamble=preamble, name="v302r0.txt").editions[0].table == "ncci_ptp_hospital"
        problem = str(imported(row, preamble=preamble).sources[0].problem)
        assert "its content says outpatient hospital, and its name 'ccipra-v302r0.txt' says practitioner" in problem

    @pytest.mark.parametrize(
        ("outer", "said"),
        [
            ("ccioph-v302r0-f1.zip", "says outpatient hospital"),
            ("ccipra-v302r0-f2.zip", "says part 2"),
            ("ccipra-v303r0-f1.zip", "says 2024q4"),
            ("all.zip", None),
        ],
    )
    def test_the_names_of_member_and_zip(self, tmp_path: Path, outer: str, said: str | None) -> None:
        with zipfile.ZipFile(tmp_path / outer, "w") as archive:
            archive.writestr("ccipra-v302r0-f1.TXT", PREAMBLE + "X0001\tX0002\t\t20200101\t*\t1\t\r\n")
        report = import_files([tmp_path / outer], tmp_path / "tables")
        if said is None:
            assert report.editions[0].table == "ncci_ptp_practitioner"
        else:
            problem = str(report.sources[0].problem)
            assert "the name 'ccipra-v302r0-f1.TXT' says" in problem
            assert f"that of its zip, {outer!r}, {said}" in problem
            assert not report.editions

    def test_neither_tells(self, imported: Import) -> None:
        report = imported("X0001\tX0002\t\t20200101\t*\t1\t", name="2024Q3.txt")
        assert "whose column 1/column 2 edits" in str(report.sources[0].problem)
        assert "--table" in str(report.sources[0].problem)

    def test_the_user_tells(self, imported: Import) -> None:
        report = imported(
            "X0001\tX0002\t\t20200101\t*\t1\t", name="a.txt", table="ncci_ptp_hospital", day=date(2025, 4, 1)
        )
        assert (report.editions[0].table, report.editions[0].edition.name) == ("ncci_ptp_hospital", "2025q2")

    def test_the_edits_of_medicaid_are_not_those_of_medicare(self, imported: Import) -> None:
        report = imported("X0001\tX0002\t\t20200101\t*\t1\t", name="MCD_PTP_practitioner_2024Q3.txt")
        assert report.editions[0].table == "ncci_ptp_practitioner_medicaid"

    @pytest.mark.parametrize(
        ("version", "name", "last"), [("302", "2024q3", "2024-09-30"), ("323", "2026q4", "2026-12-31")]
    )
    def test_the_version_is_a_quarter(self, imported: Import, version: str, name: str, last: str) -> None:
        edition = imported("X0001\tX0002\t\t20200101\t*\t1\t", name=f"ccipra-v{version}r0.txt").editions[0].edition
        assert (edition.name, str(edition.first_day), str(edition.last_day)) == (name, "1996-01-01", last)

    def test_no_quarter(self, imported: Import) -> None:
        report = imported("X0001\tX0002\t\t20200101\t*\t1\t", name="ccipra.txt")
        assert "--edition" in str(report.sources[0].problem)


class TestParts:
    """An edition comes in four parts; of codes in a part that is missing nothing is known."""

    def test_a_missing_part_is_no_edition_and_not_no_row(self, imported: Import, tmp_path: Path) -> None:
        imported("B0001\tX0002\t\t20200101\t*\t1\t", "B0005\tX0002\t\t20200101\t*\t1\t", name="ccipra-v302r0-f2.txt")
        assert isinstance(look(tmp_path, "B0001", "X0002"), Row)
        assert look(tmp_path, "B0003", "X0002") is NO_ROW
        assert look(tmp_path, "A0001", "X0002") is NO_EDITION
        assert look(tmp_path, "C0001", "X0002") is NO_EDITION

    def test_parts_one_after_the_other(self, imported: Import, tmp_path: Path) -> None:
        for part, letter in ((1, "A"), (2, "B"), (4, "D")):
            report = imported(f"{letter}0001\tX0002\t\t20200101\t*\t1\t", name=f"ccipra-v302r0-f{part}.txt")
        stored = report.editions[0]
        assert stored.kept_parts == (1, 2)
        assert stored.edition.missing_parts == (3,)
        assert stored.edition.rows == 3
        assert look(tmp_path, "C0001", "X0002") is NO_EDITION
        report = imported("C0001\tX0002\t\t20200101\t*\t1\t", name="ccipra-v302r0-f3.txt")
        assert report.editions[0].edition.missing_parts == ()
        assert look(tmp_path, "C0002", "X0002") is NO_ROW
        assert look(tmp_path, "Z0002", "X0002") is NO_ROW

    def test_a_part_again_replaces_only_itself(self, imported: Import, tmp_path: Path) -> None:
        imported("A0001\tX0002\t\t20200101\t*\t1\t", name="ccipra-v302r0-f1.txt")
        imported("B0001\tX0002\t\t20200101\t*\t1\t", name="ccipra-v302r0-f2.txt")
        imported("A0009\tX0002\t\t20200101\t*\t1\t", name="ccipra-v302r0-f1.txt")
        assert isinstance(look(tmp_path, "A0009", "X0002"), Row)
        assert isinstance(look(tmp_path, "B0001", "X0002"), Row)
        assert look(tmp_path, "A0001", "X0002") is NO_ROW

    def test_a_part_under_the_number_of_another(self, imported: Import, tmp_path: Path) -> None:
        parts = {
            number: tuple(f"{letter}000{code}\tX0002\t\t20200101\t*\t1\t" for code in range(1, 9))
            for number, letter in ((1, "A"), (2, "B"), (3, "C"))
        }
        for number in (1, 2):
            imported(*parts[number], name=f"ccipra-v302r0-f{number}.txt")
        report = imported(*parts[1], name="ccipra-v302r0-f2.txt")
        assert (
            "it is named part 2 of ncci_ptp_practitioner 2024q3, and its codes (A0001 to A0008) are those of part 1"
            in str(report.sources[0].problem)
        )
        assert not report.editions
        assert isinstance(look(tmp_path, "B0001", "X0002"), Row)
        report = imported(*parts[3], name="ccipra-v302r0-f1.txt")
        assert "(C0001 to C0008) do not follow part 2 (B0001 to B0008)" in str(report.sources[0].problem)

    def test_two_parts_of_one_content_at_once(self, tmp_path: Path) -> None:
        rows = "".join(f"A000{code}\tX0002\t\t20200101\t*\t1\t\r\n" for code in range(1, 9))
        paths = [tmp_path / f"ccipra-v302r0-f{number}.txt" for number in (1, 2)]
        for path in paths:
            path.write_text(PREAMBLE + rows, encoding="cp1252", newline="")
        report = import_files(paths, tmp_path / "tables")
        assert [source.problem is None for source in report.sources] == [True, False]
        assert report.editions[0].edition.missing_parts == (2, 3, 4)

    def test_a_fragment_of_a_part_and_of_all(self, imported: Import, tmp_path: Path) -> None:
        rows = [f"A{code}0\tX0002\t\t20200101\t*\t1\t" for code in range(100, 150)]
        imported(*rows, name="ccipra-v302r0-f1.txt")
        imported("B0001\tX0002\t\t20200101\t*\t1\t", name="ccipra-v302r0-f2.txt")
        report = imported(*rows[:3], name="ccipra-v302r0-f1.txt")
        assert "it has 3 rows for part 1 of ncci_ptp_practitioner 2024q3" in str(report.sources[0].problem)
        report = imported(*rows[:3], name="ccipra-v302r0.txt")
        assert "it has 3 rows for ncci_ptp_practitioner 2024q3, and the edition that is there has 51" in str(
            report.sources[0].problem
        )
        assert table_of(tmp_path).rows(("A1490", "X0002"))  # type: ignore[attr-defined]


def test_the_published_layout_of_2026(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "cms" / "official_layouts" / "ccipra-v322r0-f1.excerpt.txt"
    report = import_files([path], tmp_path)
    assert report.sources[0].taken == {"ncci_ptp_practitioner": 40}
    assert report.editions[0].edition.name == "2026q3"


@pytest.mark.parametrize("part", [4])
def test_a_published_part(shared_data: Path, tmp_path: Path, part: int) -> None:
    """One of the parts in full; all of them are held against the known rows in the benchmark."""
    name = f"cms/ncci/ccioph-v302r0-f{part}.zip"
    truth = json.loads((shared_data / "truth" / "counts.json").read_text(encoding="utf-8"))
    report = import_files([shared_data / name], tmp_path)
    known = truth["files"][name]
    assert report.sources[0].taken == {known["table"]: known["rows"]}
    assert report.refused_rows == 0
    table = TableSet.open(tmp_path).get(known["table"])
    assert table is not None
    for anchor in truth["anchors"]:
        if anchor["table"] != known["table"] or anchor["key"][0] < known["first"][0]:
            continue
        windows = [
            {
                "effective": row.valid_from.strftime("%Y%m%d"),
                "deletion": row.valid_to.strftime("%Y%m%d") if row.valid_to else None,
                "indicator": row.modifier_indicator,
            }
            for row in table.rows(tuple(anchor["key"]))
        ]
        assert windows == anchor["windows"]
