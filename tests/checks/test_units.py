"""Units of a day: sums over lines and spans, against adding them up day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber import Scrubber
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand
from scrubber.testing.small_tables import with_small_tables

LIMIT = 5
LINES = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3), st.integers(1, 12)), min_size=1, max_size=8)


@pytest.fixture
def scrubber(shipped_tables: TableSet) -> Iterator[Scrubber]:
    row = {"code": "A9001", "value": str(LIMIT), "mai": "3"}
    with with_small_tables(shipped_tables, {"mue_practitioner": [row]}) as tables:
        yield Scrubber.load(tables=tables, select=["mue"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=LINES)
def test_the_sum_equals_adding_up_every_day(scrubber: Scrubber, lines: list[tuple[int, int, int]]) -> None:
    of_day: dict[date, Decimal] = {}
    spans: list[list[date]] = []
    for start, more, units in lines:
        days = [date(2024, 8, start) + timedelta(days=number) for number in range(more + 1)]
        each = Decimal(units) if not more else (Decimal(units) / len(days)).quantize(Decimal(1), ROUND_HALF_UP)
        for day in days:
            of_day[day] = of_day.get(day, Decimal(0)) + each
        spans.append(days)
    expected = [number for number, days in enumerate(spans, 1) if max(of_day[day] for day in days) > LIMIT]
    written = [f"A9001 x{units} @2024-08-0{start}..2024-08-0{start + more}" for start, more, units in lines]
    claim = claim_from_shorthand({"payer": "medicare", "lines": written})
    assert [finding.line for finding in scrubber.scrub(claim).findings] == expected


def test_the_finding_names_sum_limit_lines_and_row(scrubber: Scrubber) -> None:
    claim = claim_from_shorthand({"dos": "2024-08-01", "payer": "medicare", "lines": ["A9001 x4", "A9001-76 x2"]})
    finding = scrubber.scrub(claim).findings[0]
    assert "6 units of A9001 on 2024-08-01 (lines 1 and 2), where 5 is the most" in finding.message
    assert "indicator 3" in finding.message
    assert finding.field == "lines[0].units"
    assert finding.evidence is not None
    assert (finding.evidence.table, finding.evidence.row["value"]) == ("mue_practitioner", LIMIT)


def test_an_end_before_the_start_counts_as_one_day(scrubber: Scrubber) -> None:
    claim = claim_from_shorthand({"payer": "medicare", "lines": ["A9001 x6 @2024-08-05..2024-08-01"]})
    assert [finding.rule for finding in scrubber.scrub(claim).findings] == ["MUE102"]


@pytest.mark.parametrize(
    ("bill", "revenue", "expected"),
    [("0851", "0975", []), ("0851", "0361", [1, 2]), ("0131", "0975", [1, 2])],
    ids=["hospital and surgeon", "the hospital twice", "a hospital that bills for no practitioner"],
)
def test_a_critical_access_hospital_bills_for_its_practitioners_apart(
    shipped_tables: TableSet, bill: str, revenue: str, expected: list[int]
) -> None:
    row = {"code": "45385", "value": "1", "mai": "2"}
    with with_small_tables(shipped_tables, {"mue_hospital": [row]}) as tables:
        scrubber = Scrubber.load(tables=tables, select=["mue"])
        claim = claim_from_shorthand(
            {"payer": "medicare", "tob": bill, "dos": "2024-08-12", "lines": ["0360 45385", f"{revenue} 45385"]}
        )
        assert [finding.line for finding in scrubber.scrub(claim).findings] == expected
