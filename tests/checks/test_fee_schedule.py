"""The row of the fee schedule that a line is paid by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from scrubber.checks.answers import Blank, NoEdition, Unsupported
from scrubber.checks.fee_schedule import FeeScheduleRow, PaidBeside, fee_schedule, paid_beside
from scrubber.facts import ClaimFacts
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand
from scrubber.testing.small_tables import with_small_tables

ROWS = [
    {"code": "11111", "modifier": "", "status": "A", "pctc": "1", "bilateral": "2", "nonfacility_na": "yes"},
    {"code": "11111", "modifier": "26", "status": "A", "pctc": "1", "bilateral": "3"},
    {"code": "22222", "modifier": "", "status": "A", "global_days": "000", "work_rvu": "1.25"},
    {"code": "22222", "modifier": "53", "status": "R", "global_days": "000"},
    {"code": "44444", "modifier": "", "status": "T"},
]


@pytest.fixture
def tables(shipped_tables: TableSet) -> Iterator[TableSet]:
    fee_schedules = {"from": "2025-10-01", "to": "2025-12-31", "rows": ROWS}
    with with_small_tables(shipped_tables, {"mpfs": fee_schedules}) as with_fees:
        yield with_fees


def asked(tables: TableSet, line: str, day: str = "2025-11-03") -> object:
    facts = ClaimFacts(claim_from_shorthand({"dos": day, "lines": [line]}))
    return fee_schedule(facts, facts.lines[0], tables)


@pytest.mark.parametrize(
    ("line", "component", "bilateral"),
    [("11111", None, "2"), ("11111-26-50", "26", "3"), ("11111-RT-26", "26", "3"), ("11111-TC", None, "2")],
)
def test_the_row_of_the_component_and_else_of_the_whole(
    tables: TableSet, line: str, component: str | None, bilateral: str
) -> None:
    row = asked(tables, line)
    assert isinstance(row, FeeScheduleRow)
    assert (row.component, vars(row)["bilateral"]) == (component, bilateral)


def test_columns_are_those_of_the_table(tables: TableSet) -> None:
    row = asked(tables, "22222-53")
    assert isinstance(row, FeeScheduleRow)
    assert (row.component, vars(row)["status"], vars(row)["global_days"]) == ("53", "R", "000")
    assert vars(row)["team"] is None
    assert (row.table, row.row.key) == ("mpfs", ("22222", "53"))


def test_a_code_without_row(tables: TableSet) -> None:
    assert asked(tables, "33333") is None


@pytest.mark.parametrize("day", ["2025-09-30", "2026-01-01"])
def test_a_day_without_edition(tables: TableSet, day: str) -> None:
    assert asked(tables, "11111", day) == NoEdition("mpfs", date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2025-10-01", "2025-12-31"])
def test_the_first_and_the_last_day_of_an_edition(tables: TableSet, day: str) -> None:
    assert isinstance(asked(tables, "11111", day), FeeScheduleRow)


def test_no_table(shipped_tables: TableSet) -> None:
    assert asked(shipped_tables, "11111") == NoEdition("mpfs", date(2025, 11, 3))


def test_a_line_without_date_or_procedure(tables: TableSet) -> None:
    assert asked(tables, "11111 date=") == Blank("lines[0].service_date")
    facts = ClaimFacts(claim_from_shorthand({"tob": "0131", "lines": ["0250"]}))
    assert fee_schedule(facts, facts.lines[0], tables) == Blank("lines[0].procedure")


@pytest.mark.parametrize("day", [date(2016, 12, 31), date(2017, 1, 1), date(2026, 3, 2)])
def test_facility_places_are_those_of_the_place_table(shipped_tables: TableSet, day: date) -> None:
    """The set is for rules that list places; the flag of the table is for rules that have a line's place."""
    places = shipped_tables.get("place_of_service")
    assert places is not None
    flagged = {row.key[0] for row in places.starting_with("", day) if row.get("facility")}
    held = {
        f"{number:02d}"
        for number in range(100)
        if shipped_tables.value_sets["facility_pos"].holds(f"{number:02d}", day)
    }
    assert held == flagged


def beside(tables: TableSet, *lines: str, **claim: object) -> object:
    facts = ClaimFacts(claim_from_shorthand({"dos": "2025-11-03", "lines": list(lines), **claim}))
    return paid_beside(facts, facts.lines[0], tables)


def test_a_line_that_is_paid_beside(tables: TableSet) -> None:
    assert beside(tables, "44444", "33333", "22222") == PaidBeside(3, "22222")


@pytest.mark.parametrize(
    "other",
    ["44444", "33333", "22222 @2025-11-04", "22222 npi=1234567893", "22222 charge=0.00"],
    ids=["bundled itself", "not in the schedule", "another day", "another provider", "no charge"],
)
def test_lines_that_do_not_count(tables: TableSet, other: str) -> None:
    assert beside(tables, "44444", other) is None


def test_a_line_that_shares_a_day_of_a_span(tables: TableSet) -> None:
    assert beside(tables, "44444", "22222 @2025-11-01..2025-11-04") == PaidBeside(2, "22222")


def test_a_provider_that_cannot_be_told(tables: TableSet) -> None:
    group = {"npi": "1234567893", "taxonomy": "207R00000X", "tax_id": "123456789"}
    mine = {**group, "npi": "1003000126"}
    lines = [
        {"procedure": code, "service_date": "2025-11-03", "charge": "10.00", "rendering_provider": provider}
        for code, provider in (("44444", mine), ("22222", group))
    ]
    facts = ClaimFacts(claim_from_shorthand({"lines": lines}))
    assert isinstance(paid_beside(facts, facts.lines[0], tables), Unsupported)
