"""Units of timed therapy against the table of the manual, and what keeps a day from being judged."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from scrubber import Report, Scrubber
from scrubber.checks.therapy import units_of
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand
from scrubber.testing.small_tables import with_small_tables

CODES = {"therapy_codes": [{"code": "97110", "disposition": "always", "timed": "true"}]}


@pytest.mark.parametrize(
    ("least", "most", "units"),
    [(0, 7, 0), (8, 22, 1), (23, 37, 2), (38, 52, 3), (53, 67, 4), (68, 82, 5), (83, 97, 6), (98, 112, 7)],
)
def test_minutes_make_the_units_of_the_manual(least: int, most: int, units: int) -> None:
    """CMS Pub. 100-04, chapter 5, section 20.2, its table of units and minutes."""
    assert {units_of(Decimal(minutes)) for minutes in range(least, most + 1)} == {units}


@pytest.fixture
def scrubber(shipped_tables: TableSet) -> Iterator[Scrubber]:
    with with_small_tables(shipped_tables, CODES) as tables:
        yield Scrubber.load(tables=tables, select=["UNT104"])


def _told(scrubber: Scrubber, *lines: str) -> Report:
    return scrubber.scrub(claim_from_shorthand({"payer": "medicare", "lines": list(lines)}))


def test_the_finding_names_lines_day_minutes_and_what_they_allow(scrubber: Scrubber) -> None:
    (finding,) = _told(scrubber, "97110-GP x2 min=15", "97110-GP x2 min=22").findings
    assert finding.message == (
        "Lines 1, 2 of 2026-03-02: 4 timed units for 37 minutes in all, which Medicare counts as 2."
    )
    assert finding.line == 2


def test_no_order_of_lines_changes_the_outcome(scrubber: Scrubber) -> None:
    lines = ["97110-GP x2 min=15", "97110-GO x1 min=30", "97110-GP x1 min=8"]
    said = {_told(scrubber, *order).findings[0].message.split(": ")[1] for order in (lines, lines[::-1])}
    assert said == {"3 timed units for 23 minutes in all, which Medicare counts as 2."}


def test_blank_units_are_not_evaluated(scrubber: Scrubber) -> None:
    without = {"procedure": "97110", "modifiers": ["GP"], "minutes": "30", "service_date": "2026-03-02", "units": ""}
    claim = {"payer": "medicare", "lines": ["97110-GP x2 min=15", without]}
    report = scrubber.scrub(claim_from_shorthand(claim))
    assert report.findings == ()
    assert [unjudged.reason for unjudged in report.not_evaluated] == ["lines[1].units is blank"]
