"""Add-on codes: what the finding says, and edits that end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scrubber import Scrubber
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand
from scrubber.testing.small_tables import with_small_tables

PRIMARIES = [f"A900{number}" for number in range(8)]


@pytest.fixture
def scrubber(shipped_tables: TableSet) -> Iterator[Scrubber]:
    rows = [{"code": "B9001", "primary": primary, "edit_type": "1"} for primary in PRIMARIES]
    rows += [
        {"code": "B9002", "primary": "A9000", "edit_type": "1"},
        {"code": "B9002", "primary": "CCCCC", "edit_type": "2", "contractor_defined": "true"},
        {"code": "B9003", "primary": "A9000", "edit_type": "1", "addon_deleted": "2024-07-31"},
    ]
    with with_small_tables(shipped_tables, {"addon": rows}) as tables:
        yield Scrubber.load(tables=tables, select=["aoc"])


def rules(scrubber: Scrubber, *lines: str) -> list[tuple[str, int | None, str]]:
    claim = claim_from_shorthand({"dos": "2024-08-01", "lines": list(lines)})
    return [(finding.rule, finding.line, finding.severity) for finding in scrubber.scrub(claim).findings]


@pytest.mark.parametrize("primary", PRIMARIES)
def test_any_of_its_primaries_will_do(scrubber: Scrubber, primary: str) -> None:
    assert rules(scrubber, "B9001", primary) == []


def test_a_long_list_of_primaries_is_cut(scrubber: Scrubber) -> None:
    claim = claim_from_shorthand({"dos": "2024-08-01", "lines": ["B9001"]})
    finding = scrubber.scrub(claim).findings[0]
    assert "A9000, A9001, A9002, A9003, A9004, A9005 and 2 more" in finding.message
    assert finding.rarc == ("N122",)
    assert finding.evidence is not None
    assert finding.evidence.table == "addon"


def test_a_code_with_listed_primaries_and_some_of_the_contractor_is_of_type_3(scrubber: Scrubber) -> None:
    assert rules(scrubber, "B9002") == [("AOC102", 1, "warning")]
    assert rules(scrubber, "B9002", "C9001") == [("AOC102", 1, "info")]


def test_an_add_on_code_that_has_ended_is_none(scrubber: Scrubber) -> None:
    assert rules(scrubber, "B9003") == []
