"""Filing limits, the day of death, dates of procedures and days of a stay."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.checks.answers import Blank, NoEdition, Unsupported
from scrubber.checks.dates import FilingLimit, death, filing_limit, one_year_later, procedure_date, stay_days
from scrubber.facts import ClaimFacts
from scrubber.tables import TableSet
from scrubber.tables.model import Column
from scrubber.tables.writer import NewEdition, NewRow, write_edition
from scrubber.testing.shorthand import claim_from_shorthand

NO_TABLES = TableSet({})


def facts_of(today: date | None = None, **short: Any) -> ClaimFacts:
    return ClaimFacts(claim_from_shorthand(short), today)


@pytest.mark.parametrize(
    ("service", "last_day"),
    [
        (date(2025, 3, 10), date(2026, 3, 10)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2023, 2, 28), date(2024, 2, 28)),
        (date(2024, 12, 31), date(2025, 12, 31)),
    ],
)
def test_one_calendar_year(service: date, last_day: date) -> None:
    assert one_year_later(service) == last_day


@given(st.dates(date(2010, 1, 1), date(2060, 1, 1)))
def test_a_calendar_year_has_365_or_366_days(day: date) -> None:
    assert one_year_later(day) - day in (timedelta(365), timedelta(366))


def test_a_medicare_line_counts_from_its_first_day() -> None:
    facts = facts_of(date(2026, 3, 1), payer="medicare", lines=["99232 x2 @2025-03-10..2025-03-11"])
    found = filing_limit(facts, facts.lines[0], NO_TABLES)
    assert found == FilingLimit(date(2025, 3, 10), date(2026, 3, 10), 9)


def test_what_is_blank_is_named() -> None:
    undated = facts_of(lines=["99213 date="])
    assert filing_limit(undated, undated.lines[0], NO_TABLES) == Blank("lines[0].service_date")
    nobody_knows_today = facts_of(payer="medicare", dos="2025-03-10")
    assert filing_limit(nobody_knows_today, nobody_knows_today.lines[0], NO_TABLES) == Unsupported(
        "nobody said what today is"
    )
    no_kind = facts_of(date(2026, 3, 1), payer={"id": "60054"})
    assert filing_limit(no_kind, no_kind.lines[0], NO_TABLES) == Blank("payer.kind")


def _limits(folder: Path, key: tuple[str, ...], rows: list[NewRow]) -> TableSet:
    (folder / "timely_filing").mkdir()
    edition = NewEdition(
        table="timely_filing",
        name="mine",
        first_day=date(2020, 1, 1),
        last_day=None,
        source="a list",
        licence="mine",
        key=key,
        columns=(Column("days", "number"),),
    )
    write_edition(folder / "timely_filing" / "mine.table", edition, rows)
    return TableSet.from_folders([(folder, True)])


def test_limits_of_other_payers_come_from_the_users_table(tmp_path: Path) -> None:
    row = NewRow(key=("60054", "professional"), valid_from=date(2020, 1, 1), valid_to=None, values=(90,))
    tables = _limits(tmp_path, ("payer", "form"), [row])
    facts = facts_of(date(2026, 4, 2), dos="2026-01-02")
    found = filing_limit(facts, facts.lines[0], tables)
    assert found == FilingLimit(date(2026, 1, 2), date(2026, 4, 2), 0)
    early = facts_of(date(2026, 4, 2), dos="2019-12-31")
    assert filing_limit(early, early.lines[0], tables) == NoEdition("timely_filing", date(2019, 12, 31))
    assert filing_limit(facts, facts.lines[0], NO_TABLES) == NoEdition("timely_filing", date(2026, 1, 2))
    stranger = facts_of(date(2026, 4, 2), dos="2026-01-02", payer={"id": "99999", "kind": "commercial"})
    assert isinstance(filing_limit(stranger, stranger.lines[0], tables), Unsupported)


def test_a_table_of_another_shape_is_told(tmp_path: Path) -> None:
    row = NewRow(key=("60054",), valid_from=date(2020, 1, 1), valid_to=None, values=(90,))
    facts = facts_of(date(2026, 4, 2), dos="2026-01-02")
    found = filing_limit(facts, facts.lines[0], _limits(tmp_path, ("payer",), [row]))
    assert isinstance(found, Unsupported)
    assert "payer, form and days" in found.reason


def test_the_later_day_of_death_counts() -> None:
    occurrence = [{"code": "55", "date": "2026-05-02"}]
    facts = facts_of(tob="0111", patient={"death_date": "2026-05-01"}, occurrence_codes=occurrence)
    found = death(facts, facts, NO_TABLES)
    assert found is not None
    assert (found.day, found.by_occurrence) == (date(2026, 5, 2), True)
    alive = facts_of(tob="0111", occurrence_codes=[{"code": "11", "date": "2026-05-02"}])
    assert death(alive, alive, NO_TABLES) is None


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("2026-03-01", "before_admission"),
        ("2026-03-02", "valid"),
        ("2026-03-07", "valid"),
        ("2026-03-08", "after_discharge"),
        ("", "blank"),
    ],
)
def test_date_of_a_procedure(day: str, verdict: str) -> None:
    procedures = [{"code": "02703DZ", "date": day}]
    facts = facts_of(tob="0111", **{"from": "2026-03-05", "to": "2026-03-07"}, procedures=procedures)
    found = procedure_date(facts, facts.procedures[0], NO_TABLES)
    assert getattr(found, "verdict", None) == verdict


@pytest.mark.parametrize(
    ("first", "last", "status", "days"),
    [
        ("2026-05-01", "2026-05-04", "01", 3),
        ("2026-05-01", "2026-05-04", "30", 4),
        ("2026-05-01", "2026-05-01", "01", 1),
        ("2026-05-01", "2026-05-01", "30", 1),
    ],
)
def test_days_of_a_stay(first: str, last: str, status: str, days: int) -> None:
    values = [{"code": "80", "amount": "2"}, {"code": "81", "amount": "1"}, {"code": "A1", "amount": "9"}]
    facts = facts_of(tob="0111", status=status, **{"from": first, "to": last}, value_codes=values)
    found = stay_days(facts, facts, NO_TABLES)
    assert (getattr(found, "by_dates", None), getattr(found, "by_value_codes", None)) == (days, 3)
