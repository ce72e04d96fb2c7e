"""ICD-10-PCS, ICD-9-CM procedures and the small tables as shipped, against known truths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from scrubber.tables import NO_EDITION, NO_ROW, Table

Truth = Callable[[str], Iterator[dict[str, str]]]
DayOf = Callable[[str], Any]

FLAG_WORDS = {"noncovered": "noncovered", "csect": "cesarean", "vagdel": "vaginal_delivery", "los": "length_of_stay"}
LAST_DAY_OF_FY2026 = date(2026, 9, 30)


def found_words(row: Any) -> set[str]:
    words = {word for word, column in FLAG_WORDS.items() if row.get(column)}
    words |= {{"M": "male", "F": "female"}[row.sex]} if row.sex else set()
    words |= set((row.coverage_condition or "").split())
    return words | ({"lcov"} if row.limited_coverage else set())


def expected_words(flags: str) -> set[str]:
    words = set(flags.split("|")) - {""}
    return words | ({"lcov"} if any(word.startswith("lcov") for word in words) else set())


def test_every_pcs_window_and_flag(table: Callable[[str], Table], truth: Truth, day_of: DayOf) -> None:
    procedures = table("icd10pcs")
    wrong = []
    count = 0
    for expected in truth("mce_v43.1_icd10pcs_codes.csv.gz"):
        count += 1
        first, last = day_of(expected["start_date"]), day_of(expected["end_date"])
        row = procedures.look_up(expected["code"], first)
        # Edition 43.1 holds to 2026-09-30: what ended on that day was still open in it.
        same_end = row and row.valid_to in ((last,) if last else (None, LAST_DAY_OF_FY2026))
        if not row or row.valid_from != first or not same_end or found_words(row) != expected_words(expected["flags"]):
            wrong.append((expected, row))
    assert count == 86_809
    assert wrong == []


def test_pcs_windows_beyond_the_known_ones_are_those_of_2027(
    table: Callable[[str], Table], truth: Truth, day_of: DayOf
) -> None:
    known = {(row["code"], day_of(row["start_date"])) for row in truth("mce_v43.1_icd10pcs_codes.csv.gz")}
    new = [row for row in table("icd10pcs").starting_with("") if (row.key[0], row.valid_from) not in known]
    assert {row.valid_from for row in new} == {date(2026, 10, 1)}
    assert len(new) == 101


def test_pcs_titles_of_the_medical_and_surgical_section(table: Callable[[str], Table], truth: Truth) -> None:
    """The only source with titles has them for section 0, as of fiscal year 2025; the manifest counts the blanks."""
    day = date(2024, 11, 1)
    titles = {row.key[0]: row.title for row in table("icd10pcs").starting_with("0", day)}
    assert sum(title is None for title in titles.values()) == 12
    different = [
        row["code"]
        for row in truth("icd10pcs_master_2015_2026.csv.gz")
        if row["description"] and titles.get(row["code"]) and row["description"] != titles[row["code"]]
    ]
    assert len(different) <= 20


def test_icd9_procedures(table: Callable[[str], Table], truth: Truth, day_of: DayOf) -> None:
    old = table("icd9proc")
    expected = Counter(
        (row["code"], day_of(row["start_date"]), day_of(row["end_date"]))
        for row in truth("mce_v43.1_icd9cm_sg_codes.csv.gz")
    )
    assert Counter((row.key[0], row.valid_from, row.valid_to) for row in old.starting_with("")) == expected
    in_force = {row.key[0] for row in old.starting_with("", date(2015, 9, 30))}
    assert in_force == {row["code"] for row in truth("icd9cm_v32_sg.csv.gz")}
    wrong = []
    for row in truth("mce_v43.1_icd9cm_sg_codes.csv.gz"):
        words = set(row["flags"].split("|"))
        found = old.look_up(row["code"], day_of(row["start_date"]))
        flags = {column: word in words for word, column in FLAG_WORDS.items()}
        flags["operating_room"] = "or_indic" in words
        if {column: found.get(column) for column in flags} != flags:
            wrong.append(row)
    assert wrong == []


def test_age_bands(table: Callable[[str], Table], truth: Truth, day_of: DayOf) -> None:
    bands = list(table("age_bands").starting_with(""))
    found = {(row.key[0], row.from_age, row.to_age, row.valid_from, row.valid_to) for row in bands}
    expected = {
        (
            row["age_group"].lower(),
            int(row["start_age"]),
            int(row["end_age"]),
            day_of(row["start_date"]),
            day_of(row["end_date"]),
        )
        for row in truth("mce_v43.1_age_ranges.csv")
    }
    assert found == expected
    maternity = [table("age_bands").look_up("maternity", day) for day in (date(2019, 9, 30), date(2019, 10, 1))]
    assert [(row.from_age, row.to_age) for row in maternity] == [(12, 55), (9, 64)]


def test_discharge_status(table: Callable[[str], Table], truth: Truth, day_of: DayOf) -> None:
    status = table("discharge_status")
    found = {(row.key[0], row.valid_from, row.valid_to) for row in status.starting_with("")}
    expected = {
        (row["code"], day_of(row["start_date"]), day_of(row["end_date"]))
        for row in truth("mce_v43.1_discharge_status.csv")
    }
    assert found == expected
    assert status.look_up("21", date(2009, 9, 30)) is NO_ROW
    assert status.look_up("21", date(2009, 10, 1))
    assert status.look_up("01", date(2027, 10, 1)) is NO_EDITION
