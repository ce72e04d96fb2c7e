"""ICD-10-CM and ICD-9-CM as shipped, against known truths and facts of the publishers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scrubber.tables import NO_EDITION, NO_ROW, Row, Table

Truth = Callable[[str], Iterator[dict[str, str]]]
DayOf = Callable[[str], Any]

FLAG_WORDS = {
    "ecodepdx": "external_cause",
    "manifestation": "manifestation",
    "unacceptable": "unacceptable_principal",
    "reqsdx": "requires_secondary",
    "qadm": "questionable_admission",
    "unspecified": "unspecified",
    "wrngproc": "wrong_procedure",
    "delout": "delivery_outcome",
}
AGE_WORDS = ("newborn", "pediatric", "maternity", "adult")


@pytest.fixture(scope="module")
def diagnoses(table: Callable[[str], Table]) -> Table:
    return table("icd10cm")


@pytest.fixture(scope="module")
def all_rows(diagnoses: Table) -> list[Row]:
    return list(diagnoses.starting_with(""))


def test_every_billable_window_is_the_known_one(all_rows: list[Row], truth: Truth, day_of: DayOf) -> None:
    expected = Counter(
        (row["code"], day_of(row["valid_from"]), day_of(row["valid_to"]))
        for row in truth("icd10cm_master_2015_2027.csv.gz")
        if row["billable"] == "1"
    )
    assert len(expected) == 85_122
    assert Counter((row.key[0], row.valid_from, row.valid_to) for row in all_rows if row.billable) == expected


def test_billable_codes_on_both_days_of_every_fiscal_year(all_rows: list[Row], truth: Truth, day_of: DayOf) -> None:
    windows = [
        (day_of(row["valid_from"]), day_of(row["valid_to"]) or date.max)
        for row in truth("icd10cm_master_2015_2027.csv.gz")
        if row["billable"] == "1"
    ]
    covered = [[row.first, row.last] for row in all_rows if row.billable]
    days = [day for year in range(2016, 2028) for day in (date(year - 1, 10, 1), date(year, 4, 1))]
    expected = {day: sum(first <= day <= last for first, last in windows) for day in days}
    found = {day: sum(first <= day.toordinal() <= last for first, last in covered) for day in days}
    assert found == expected
    assert (found[date(2026, 4, 1)], found[date(2026, 10, 1)]) == (74_719, 74_879)


def test_headers_are_the_known_ones_with_their_dates(all_rows: list[Row], truth: Truth, day_of: DayOf) -> None:
    starts: dict[str, list[date]] = {}
    for row in all_rows:
        if not row.billable:
            starts.setdefault(row.key[0], []).append(row.valid_from)
    known = {
        row["code"]: row["valid_from"] for row in truth("icd10cm_master_2015_2027.csv.gz") if row["billable"] == "0"
    }
    assert set(known) <= set(starts)
    dated = {code: day_of(first) for code, first in known.items() if first}
    assert len(dated) == 459
    assert [code for code, first in dated.items() if first not in starts[code]] == []
    # Headers that the last order file no longer has are headers of the past only.
    current = {row.key[0] for row in all_rows if not row.billable and row.valid_to is None}
    assert current <= set(known)


def test_no_day_is_both_billable_and_header(diagnoses: Table) -> None:
    # The writer refuses overlapping windows; these are the codes where it matters.
    for code in ("D691", "N183", "M545"):
        rows = diagnoses.rows(code)
        assert [row.billable for row in rows] == [True, False]
        assert (rows[1].valid_from - rows[0].valid_to).days == 1


def test_additions_and_deletions_of_2027(diagnoses: Table, shared_data: Path) -> None:
    before, after = date(2026, 9, 30), date(2026, 10, 1)
    added, deleted, headers = [], [], []
    for line in (shared_data / "cms/icd10/icd10cm_order_addenda_2027.txt").read_text("utf-8").splitlines():
        action, _, rest = line.partition(":")
        words = rest.split()
        if action not in ("Add", "Delete") or len(words) < 2 or words[0] not in "01":
            continue
        if words[0] == "0":
            headers.append((action, words[1]))
        else:
            (added if action == "Add" else deleted).append(words[1])
    assert (len(added), len(deleted)) == (190, 30)
    assert [
        code for code in added if diagnoses.look_up(code, before) and diagnoses.look_up(code, before).billable
    ] == []
    assert [code for code in added if not diagnoses.look_up(code, after).billable] == []
    assert [code for code in deleted if not diagnoses.look_up(code, before).billable] == []
    assert [code for code in deleted if (row := diagnoses.look_up(code, after)) and row.billable] == []
    assert headers
    for action, code in headers:
        row = diagnoses.look_up(code, after)
        assert (row is not NO_ROW and not row.billable) == (action == "Add") or row.billable, code


def test_attributes_are_those_of_the_code_editor(diagnoses: Table, truth: Truth, day_of: DayOf) -> None:
    """Every flag of edition 43.1 of the editor; codes that edition 44 changed at its turn are compared before it."""
    wrong = []
    compared = 0
    for expected in truth("mce_v43.1_icd10cm_dx_codes.csv.gz"):
        first = day_of(expected["start_date"])
        row = diagnoses.look_up(expected["code"], first)
        words = set(expected["flags"].split("|")) - {""}
        assert isinstance(row, Row), expected
        found = {word for word, column in FLAG_WORDS.items() if row.get(column)}
        found |= {row.age_class} - {None}
        found |= {{"M": "male", "F": "female"}[row.sex]} if row.sex else set()
        found |= set((row.coverage_condition or "").split())
        found |= {"clintrial"} if row.clinical_trial else set()
        compared += bool(words)
        if found != words:
            wrong.append((expected["code"], words, found))
    assert compared > 20_000
    assert wrong == []


def test_sex_edit_ends(diagnoses: Table) -> None:
    assert diagnoses.look_up("O80", date(2024, 9, 30)).sex == "F"
    assert diagnoses.look_up("O80", date(2024, 10, 1)).sex is None
    day = date(2026, 3, 1)
    assert not any(row.sex for row in diagnoses.starting_with("", day))


@pytest.mark.parametrize(
    ("code", "side"),
    [
        ("M1711", "right"),
        ("M1712", "left"),
        ("M170", "bilateral"),
        ("M1710", "unspecified"),
        ("S52501A", "right"),
        ("R1031", "right"),
        ("H90A21", "right"),
        ("H5442A3", "bilateral"),  # both eyes are named
        ("G8190", "unspecified"),
        ("E119", None),
        ("I501", None),  # "left ventricular failure" is no side of the body
        ("I4510", None),
        ("T81500A", None),  # "accidentally left in body"
        ("A0100", None),  # "typhoid fever, unspecified"
        ("J189", None),
    ],
)
def test_sides(diagnoses: Table, code: str, side: str | None) -> None:
    assert diagnoses.look_up(code, date(2026, 3, 1)).side == side


def test_left_and_right_are_balanced(diagnoses: Table) -> None:
    counts = Counter(row.side for row in diagnoses.starting_with("", date(2026, 3, 1)) if row.billable)
    assert counts["left"] == counts["right"] > 13_000


def test_titles(diagnoses: Table, truth: Truth) -> None:
    known = {
        row["code"]: row["description"]
        for row in truth("icd10cm_master_2015_2027.csv.gz")
        if row["description"] and row["billable"] == "1" and not row["valid_to"] and row["valid_from"] < "20261001"
    }
    day = date(2026, 3, 1)
    titles = {row.key[0]: row.title for row in diagnoses.starting_with("", day)}
    assert [code for code in known if not titles[code]] == []
    different = [code for code, title in known.items() if titles[code].casefold() != title.casefold()]
    assert len(different) <= 10


def test_new_codes_of_2027_have_no_title(diagnoses: Table) -> None:
    row = diagnoses.look_up("C7831", date(2026, 10, 1))
    assert row.billable
    assert row.title is None


def test_days_that_no_edition_covers(diagnoses: Table) -> None:
    assert diagnoses.look_up("I10", date(2015, 9, 30)) is NO_EDITION
    assert diagnoses.look_up("I10", date(2027, 9, 30))
    assert diagnoses.look_up("I10", date(2027, 10, 1)) is NO_EDITION
    assert diagnoses.look_up("Q1Q", date(2026, 3, 1)) is NO_ROW


def test_icd9_diagnoses(table: Callable[[str], Table], truth: Truth, day_of: DayOf) -> None:
    old = table("icd9cm")
    rows = list(old.starting_with(""))
    expected = Counter(
        (row["code"], day_of(row["start_date"]), day_of(row["end_date"]))
        for row in truth("mce_v43.1_icd9cm_dx_codes.csv.gz")
    )
    assert Counter((row.key[0], row.valid_from, row.valid_to) for row in rows if row.billable) == expected
    last = date(2015, 9, 30)
    known = {row["code"]: row["long"] for row in truth("icd9cm_v32_dx.csv.gz")}
    in_force = {row.key[0]: row.title for row in rows if row.billable and row.covers(last)}
    assert set(in_force) == set(known)
    assert [
        code for code, title in known.items() if in_force[code].casefold() != " ".join(title.split()).casefold()
    ] == []
    assert old.look_up("250", last).billable is False
    assert old.look_up("25000", date(2015, 10, 1)) is NO_EDITION


def test_icd9_attributes(table: Callable[[str], Table], truth: Truth, day_of: DayOf) -> None:
    old = table("icd9cm")
    wrong = []
    for expected in truth("mce_v43.1_icd9cm_dx_codes.csv.gz"):
        row = old.look_up(expected["code"], day_of(expected["start_date"]))
        words = set(expected["flags"].split("|"))
        flags = {column: word in words for word, column in FLAG_WORDS.items()}
        classes = [word for word in AGE_WORDS if word in words]
        sex = "M" if "male" in words else "F" if "female" in words else None
        found = ({column: row.get(column) for column in flags}, row.age_class, row.sex)
        if found != (flags, classes[0] if classes else None, sex):
            wrong.append(expected)
    assert wrong == []
