"""Equivalence mappings: both published directions, their flags, and what is refused."""

from __future__ import annotations

from datetime import date

DAY = date(2014, 5, 1)


def test_the_published_mappings(shared_data, imported) -> None:
    found = imported(shared_data / "cms/icd10/2018-ICD-10-CM-General-Equivalence-Mappings.zip")
    assert found.problems == []
    assert found.refusals == []
    assert found.editions == {
        "gem_icd9_to_icd10": ("2018", "1979-01-01", None, 23912),
        "gem_icd10_to_icd9": ("2018", "1979-01-01", None, 78838),
    }
    there = found.table("gem_icd9_to_icd10")
    assert {row.target for row in there.rows_on("00589", DAY)} == {"A054", "A058"}
    [none] = there.rows_on("36570", DAY)
    assert (none.target, none.no_map) == (None, True)
    back = found.table("gem_icd10_to_icd9").rows_on("A021", DAY)
    assert [(row.target, row.combination, row.scenario, row.choice_list) for row in back] == [
        ("0031", True, 1, 1),
        ("99591", True, 1, 2),
    ]


def test_bad_lines_are_refused_with_line_and_reason(imported, write) -> None:
    lines = ["0010  A000    00000", "0011  A001    00000", "0012  A002    00000", "0013  NoDx    00000", "nonsense"]
    found = imported(write("2018_I9gem.txt", lines))
    assert found.refusals == [
        (4, "0013 has the flag for no target and a target, or neither."),
        (5, "this is no mapping of the kind of the first lines."),
    ]
    assert found.editions["gem_icd9_to_icd10"][3] == 3


def test_mappings_of_procedures_are_left_out(imported, write, pack) -> None:
    files = [
        write("gem_i9pcs.txt", ["0001  6A750Z4 10000", "0002  NoPCS   11000"]),
        write("2018_I9gem.txt", ["0010  A000    00000"]),
    ]
    found = imported(pack("gems.zip", *files))
    assert found.problems == []
    assert [left.reason for left in found.report.left_out] == ["these are mappings of procedures, which no edit needs."]
