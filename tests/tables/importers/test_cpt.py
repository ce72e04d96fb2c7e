"""The AMA's text files. Codes and texts are made up: CPT is the AMA's."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

NOTICE = [
    "=" * 70,
    "CPT® codes, descriptions and other data are copyright 1966, 1970, 1983-2025",
    "American Medical Association. All rights reserved.",
    "CPT is a registered trademark of the American Medical Association.",
    "=" * 70,
    "",
]
CODES = ("00001", "00002", "0003T")
LONG = [f"{code}\tLong made-up text of {code}, in mixed case" for code in CODES]
MEDIUM = [f"{code} MEDIUM MADE-UP TEXT OF {code}" for code in CODES]
SHORT = [f"{code} MADE UP {code}" for code in CODES]
FIXED = [
    line for code in CODES for line in (f"{code} 01 LONG MADE-UP TEXT OF {code}, IN", f"{code} 02 CAPITALS AND LINES")
]
TEXTS = {"title": "Long made-up text of 0003T, in mixed case", "medium_title": "MEDIUM MADE-UP TEXT OF 0003T"}
DAY = date(2026, 5, 1)


@pytest.mark.parametrize("order", list(itertools.permutations(["LONGULT", "MEDU", "SHORTU"])))
@pytest.mark.parametrize("zipped", [True, False])
def test_the_files_of_a_release_are_put_together(imported, write, pack, order, zipped) -> None:
    content = {"LONGULT": LONG, "MEDU": MEDIUM, "SHORTU": SHORT}
    files = [write(f"release/{name}.txt", [*NOTICE, *content[name]]) for name in order]
    found = imported(pack("cpt.zip", *files)) if zipped else imported(*files)
    assert found.problems == []
    assert found.refusals == []
    assert found.editions == {"cpt": ("2026", "2026-01-01", "2026-12-31", 3)}
    row = found.table("cpt").look_up("0003T", DAY)
    assert row.as_dict() == {**TEXTS, "short_title": "MADE UP 0003T"}


def test_lines_of_fixed_width_go_on_in_the_next(imported, write) -> None:
    found = imported(write("release/LONGUF.txt", [*NOTICE, *FIXED]))
    assert found.table("cpt").look_up("00002", DAY).title == "LONG MADE-UP TEXT OF 00002, IN CAPITALS AND LINES"


def test_mixed_case_goes_before_capitals(imported, write) -> None:
    files = [write("release/LONGUF.txt", [*NOTICE, *FIXED]), write("release/LONGULT.txt", [*NOTICE, *LONG])]
    assert imported(*files).table("cpt").look_up("0003T", DAY).title == TEXTS["title"]


def test_a_text_may_begin_with_digits_of_its_own(imported, write) -> None:
    lines = [*NOTICE, "00001 24 HOURS OF IT", "00002 OTHER", "00003 30 DAYS OF IT"]
    assert (
        imported(write("release/SHORTU.txt", lines)).table("cpt").look_up("00001", DAY).short_title == "24 HOURS OF IT"
    )


def test_the_user_is_told_whose_licence_it_is(imported, write) -> None:
    found = imported(write("release/MEDU.txt", [*NOTICE, *MEDIUM]))
    [remark] = found.remarks
    assert "under your own licence" in remark
    assert "own licence" in found.table("cpt").editions[0].licence


def test_refusals_repeat_no_text_of_the_file(imported, write) -> None:
    lines = [*NOTICE, *SHORT, "SECRET TEXT WITHOUT CODE", "00001 SECRET TEXT AGAIN"]
    found = imported(write("release/SHORTU.txt", lines))
    assert [line for line, _ in found.refusals] == [10, 11]
    assert not any("SECRET" in reason for _, reason in found.refusals)
    assert "SECRET" not in str(found.problems)


@pytest.mark.parametrize("between", ["\t", "  "])
def test_rows_of_another_table_are_no_descriptors(imported, write, between) -> None:
    lines = [between.join(("00001", f"{number:04}T", "20240101", "1", "made up")) for number in range(1, 200)]
    found = imported(write("release/list.txt", [*NOTICE, *SHORT, *lines, *SHORT[:1]]))
    [problem] = found.problems
    assert "200 of its 203 rows make no sense" in problem
    assert not found.editions
