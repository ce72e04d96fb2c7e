"""HCPCS: the published file, the text of 320 characters, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from scrubber.tables import NO_EDITION, NO_ROW, Row

HEADER = (
    "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,PRICE1,PRICE2,PRICE3,PRICE4,MULT_PI,CIM1,CIM2,CIM3,MCM1,MCM2,"
    "MCM3,STATUTE,LABCERT1,LABCERT2,LABCERT3,LABCERT4,LABCERT5,LABCERT6,LABCERT7,LABCERT8,XREF1,XREF2,XREF3,XREF4,"
    "XREF5,COV,ASC_GRP,ASC_DT,OPPS,OPPS_PI,OPPS_DT,PROCNOTE,BETOS,TOS1,TOS2,TOS3,TOS4,TOS5,ANEST_BU,ADD DT,ACT EFF DT,"
    "TERM DT,ACTION CD"
)


def csv_row(code: str, recid: str = "3", text: str = "Made-up supply", added: str = "20200101", ended: str = "") -> str:
    blank = [""] * 20
    cells = [code, "0010", recid, f'"{text}"', "Made-up", "32", "36", "", "", "A", *blank, "D", *[""] * 5, "", "D1A"]
    cells += ["P", "R", "", "", "", "0", added, added, ended, "N"]
    assert len(cells) == 48
    return ",".join(cells)


def fixed_row(code: str, recid: str, text: str, *, added: str = "", ended: str = "") -> str:
    """A record of 320 characters, built by position as the record layout gives them."""
    line = [" "] * 320
    fields = {1: f"{code:>5}", 6: "00100", 11: recid, 12: text[:80]}
    if added:
        fields |= {92: "Made-up short", 120: "3236", 230: "D", 257: "D1A", 261: "PR", 269: added, 277: added}
        fields |= {285: ended, 293: "N"}
    for place, value in fields.items():
        line[place - 1 : place - 1 + len(value)] = value
    assert len(line) == 320
    return "".join(line)


@pytest.fixture(scope="module")
def published(shared_data: Path, imported_once: Callable[..., object]) -> object:
    return imported_once(shared_data / "cms/hcpcs/HCPC2024_JUL_ANWEB.zip")


def test_the_published_file_is_taken_whole(published) -> None:
    assert published.problems == []
    assert published.refusals == []
    assert published.editions == {
        "hcpcs": ("2024q3", "2014-01-01", "2024-09-30", 8033),
        "modifiers": ("2024q3", "2014-01-01", "2024-09-30", 383),
    }


@pytest.mark.parametrize(
    ("code", "added", "ended"),
    [
        ("G0463", date(2014, 1, 1), None),
        ("J1030", date(1982, 1, 1), date(2024, 3, 31)),
        ("G2211", date(2021, 1, 1), None),
        ("K1006", date(2020, 10, 1), date(2023, 12, 31)),
        ("C9113", date(2002, 1, 1), date(2024, 6, 30)),
        ("J7325", date(2010, 1, 1), None),
    ],
)
def test_anchors_of_the_published_file(published, code: str, added: date, ended: date | None) -> None:
    [row] = published.table("hcpcs").rows(code)
    assert (row.added, row.terminated, row.valid_from, row.valid_to) == (added, ended, added, ended)


def test_an_ended_code_is_found_on_its_last_day_and_not_after(published) -> None:
    hcpcs = published.table("hcpcs")
    assert isinstance(hcpcs.look_up("J1030", date(2024, 3, 31)), Row)
    assert hcpcs.look_up("J1030", date(2024, 4, 1)) is NO_ROW


def test_years_of_which_the_file_keeps_no_ended_codes_have_no_edition(published) -> None:
    assert published.table("hcpcs").look_up("G2211", date(2013, 12, 31)) is NO_EDITION
    assert published.table("hcpcs").look_up("G2211", date(2024, 10, 1)) is NO_EDITION


def test_the_layout_of_2026_is_known(shared_data: Path, imported) -> None:
    found = imported(shared_data / "cms/official_layouts/HCPC2026_OCT_ANWEB.excerpt.csv")
    assert found.editions == {"modifiers": ("2026q4", "2016-01-01", "2026-12-31", 12)}
    assert found.table("modifiers").look_up("JG", date(2025, 6, 1)) is NO_ROW


def test_columns(imported, write) -> None:
    found = imported(write("HCPC2025_JAN_ANWEB.csv", [HEADER, csv_row("A1234"), csv_row("   ZZ", "7")]))
    row = found.table("hcpcs").look_up("A1234", date(2025, 1, 1))
    assert row.as_dict() == {
        "added": date(2020, 1, 1),
        "terminated": None,
        "price_indicator": "32",
        "price_indicators": "32 36",
        "coverage": "D",
        "type_of_service": "P R",
        "betos": "D1A",
        "processing_note": None,
        "action": "N",
        "short_title": "Made-up",
        "title": "Made-up supply",
    }
    assert isinstance(found.table("modifiers").look_up("ZZ", date(2025, 1, 1)), Row)


def test_text_of_fixed_width_says_the_same_as_the_csv(imported, write) -> None:
    lines = [
        fixed_row(
            "ZZ", "7", "A modifier that was made up for this test, with a text that goes on in the", added="20190101"
        ),
        fixed_row("ZZ", "8", "next record"),
        fixed_row("A1234", "3", "A supply that was made up", added="20200101", ended="20231231"),
        fixed_row("A1234", "4", "for this test"),
        fixed_row("A1235", "3", "Another", added="20210701"),
    ]
    found = imported(write("HCPC2025_APR_ANWEB.txt", lines))
    assert found.problems == []
    [row] = found.table("hcpcs").rows("A1234")
    assert row.title == "A supply that was made up for this test"
    assert (row.valid_from, row.valid_to) == (date(2020, 1, 1), date(2023, 12, 31))
    assert (row.price_indicator, row.price_indicators, row.coverage, row.type_of_service) == ("32", "32 36", "D", "P R")
    assert found.table("modifiers").look_up("ZZ", date(2025, 4, 1)).title.endswith("goes on in the next record")
    assert found.editions["hcpcs"][:3] == ("2025q2", "2023-01-01", "2025-06-30")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (csv_row("A12"), "'A12' is no procedure code."),
        (csv_row("A1234", "5"), "the record identification is '5', and 3, 4, 7 or 8 was expected."),
        (csv_row("A1234", "4"), "this goes on with a description whose first line is not above it."),
        (csv_row("A1234", added=""), "A1234 has no day on which it was added."),
        (csv_row("A1234", added="20201301"), "the day on which it was added, '20201301' is no day."),
        (csv_row("A1234", ended="20191231"), "A1234 ended on 2019-12-31, before it was added on 2020-01-01."),
        (csv_row("   Z", "7"), "'Z' is no modifier."),
    ],
)
def test_bad_rows_are_refused_with_line_and_reason(imported, write, row: str, reason: str) -> None:
    good = [csv_row("B1000"), csv_row("B1001")]
    found = imported(write("HCPC2025_JAN_ANWEB.csv", [HEADER, *good, row]))
    assert found.refusals == [(4, reason)]
    assert found.editions["hcpcs"][3] == 2


def test_without_a_telling_name_the_latest_change_tells_the_quarter(imported, write) -> None:
    found = imported(write("codes.csv", [HEADER, csv_row("A1234"), csv_row("A1235", added="20250401")]))
    assert found.editions["hcpcs"][0] == "2025q2"


def test_a_workbook_is_read_as_the_csv_is(imported, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append([heading.replace(" ", "\n") for heading in HEADER.split(",")])
    cells = [cell.strip('"') for cell in csv_row("A1234").split(",")]
    book.active.append([*cells[:44], 20200101, 20200101, None, "N"])
    path = tmp_path / "HCPC2025_JAN_ANWEB.xlsx"
    book.save(path)
    found = imported(path)
    assert found.table("hcpcs").look_up("A1234", date(2025, 1, 1)).price_indicators == "32 36"
