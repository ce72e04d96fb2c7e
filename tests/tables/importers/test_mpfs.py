"""The physician fee schedule: layouts of 2025 and 2026, the quarter of a release, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from scrubber.tables import NO_EDITION

TOP = """\
,,2026 National Physician Fee Schedule Relative Value File July Release
,,Notice
,,RELEASED 06/30/2026
,,,,NOT USED,,,,,,,,,,,,,,,,,,
,,,,FOR,,,NON-FAC,,FACILITY ,,,,,,,,,,,,,
,,,STATUS,MEDICARE ,WORK,NON-FAC,NA,FACILITY,NA,MP,NON-FACILITY,FACILITY,\
PCTC,GLOB,PRE,INTRA,POST,MULT,BILAT,ASST,CO-,TEAM
HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,\
IND,DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG
""".splitlines()
ROW = "00001,,Made up,A,+,1.50,0.80,NA,0.40,,0.10,2.40,2.00,1,090,0.10,0.80,0.10,2,1,0,2,9"


@pytest.fixture(scope="module")
def published(shared_data: Path, imported_once: Callable[..., object]) -> object:
    return imported_once(shared_data / "cms/mpfs/RVU25D.zip")


def test_the_published_release_answers_for_its_quarter(published) -> None:
    assert published.problems == []
    assert published.refusals == []
    assert published.editions == {"mpfs": ("2025q4", "2025-10-01", "2025-12-31", 19090)}
    assert published.table("mpfs").look_up(("99213", ""), date(2026, 1, 1)) is NO_EDITION


def test_files_beside_it_are_left_out_by_name_and_no_mistake(published) -> None:
    assert sorted(one.name.rsplit(" ")[-1] for one in published.report.left_out) == [
        "25LOCCO.csv",
        "ANES2025.csv",
        "GPCI2025.csv",
    ]


def test_anchors_of_the_published_release(published, shared_data: Path) -> None:
    anchors = json.loads((shared_data / "truth/counts.json").read_text())["anchors"]
    names = ("status", "pctc", "global_days", "multiple", "bilateral", "assistant", "cosurgeons", "team")
    of_table = [anchor for anchor in anchors if anchor["table"] == "mpfs"]
    assert of_table
    for anchor in of_table:
        row = published.table("mpfs").look_up(tuple(anchor["key"]), date(2025, 10, 1))
        assert {name: row.get(name) for name in names} == {name: anchor[name] for name in names}


def test_the_layout_of_2026_has_a_new_column_and_is_read_by_its_headings(shared_data: Path, imported) -> None:
    found = imported(shared_data / "cms/official_layouts/PPRRVU2026_Jul_nonQPP.excerpt.redacted.csv")
    assert found.editions == {"mpfs": ("2026q3", "2026-07-01", "2026-09-30", 6)}
    row = found.table("mpfs").look_up(("00100", ""), date(2026, 7, 1))
    assert (row.status, row.team, row.endoscopic_base, row.physician_supervision) == ("J", "9", None, "09")


def test_columns(imported, write) -> None:
    found = imported(write("any.csv", [*TOP, ROW, ROW.replace(",,Made", ",TC,Made", 1)]))
    row = found.table("mpfs").look_up(("00001", ""), date(2026, 8, 1))
    assert (row.status, row.pctc, row.global_days, row.multiple) == ("A", "1", "090", "2")
    assert (row.bilateral, row.assistant, row.cosurgeons, row.team) == ("1", "0", "2", "9")
    assert (row.not_used_for_medicare, row.nonfacility_na, row.facility_na) == (True, True, False)
    assert row.work_rvu == Decimal("1.50")
    assert (row.nonfacility_total, row.facility_total) == (Decimal("2.40"), Decimal("2.00"))
    assert found.table("mpfs").look_up(("00001", "TC"), date(2026, 8, 1)).key == ("00001", "TC")
    assert any("endo base" in remark for remark in found.remarks)


def test_the_two_files_of_a_release_give_the_same_rows(imported, write, pack) -> None:
    files = [write(f"PPRRVU2026_Jul_{name}.csv", [*TOP, ROW]) for name in ("nonQPP", "QPP")]
    found = imported(pack("rvu26c.zip", *files))
    assert found.problems == []
    assert found.refusals == []
    assert found.editions["mpfs"][3] == 1


@pytest.mark.parametrize(
    ("name", "quarter"), [("RVU26A.csv", "2026q1"), ("PPRRVU2026_Oct.csv", "2026q4"), ("rvu26b-2.csv", "2026q2")]
)
def test_without_a_title_the_name_tells_the_release(imported, write, name: str, quarter: str) -> None:
    assert imported(write(name, [",,Untitled", *TOP[1:], ROW])).editions["mpfs"][0] == quarter


def test_a_file_that_tells_no_release_is_refused_with_advice(imported, write) -> None:
    [problem] = imported(write("fees.csv", [",,Untitled", *TOP[3:], ROW])).problems
    assert "which release it is" in problem
    assert "--edition" in problem


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ("00001", "0001", "'0001' is no procedure code."),
        (",,Made", ",ABC,Made", "'ABC' is no modifier."),
        (",A,+", ",,+", "the status code '' is no letter."),
        ("1.50", "x", "WORK RVU 'x' is no number."),
        (",090,", ",9,", "the global days are '9', and three digits or letters were expected."),
        (",2,1,0,2,9", ",2,,0,2,9", "the BILAT SURG is '', and one digit was expected."),
    ],
)
def test_bad_rows_are_refused_with_line_and_reason(imported, write, was: str, now: str, reason: str) -> None:
    other = [ROW.replace("00001", "00002"), ROW.replace("00001", "00003")]
    found = imported(write("RVU26C.csv", [*TOP, *other, ROW.replace(was, now, 1)]))
    assert found.refusals == [(10, reason)]


def test_a_missing_column_is_named(imported, write) -> None:
    broken = [line.replace("BILAT", "OTHER") for line in TOP]
    assert "has no column bilat surg" in imported(write("RVU26C.csv", [*broken, ROW])).problems[0]
