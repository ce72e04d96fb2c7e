"""PTP pairs: the join with the table, what a finding shows, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber import Scrubber
from scrubber.checks.ncci import FEW_CODES
from scrubber.facts import ClaimFacts
from scrubber.tables import Table, TableSet
from scrubber.tables.schemas import SCHEMAS
from scrubber.tables.writer import NewEdition, Pile
from scrubber.testing import claim_from_shorthand
from scrubber.testing.small_tables import with_small_tables

TABLE = "ncci_ptp_practitioner"
CODES = [f"A9{number:03}" for number in range(60)]
DAY = date(2024, 8, 1)


def pair(first: str, second: str, indicator: str = "1", **window: str) -> dict[str, str]:
    return {"column_1": first, "column_2": second, "modifier_indicator": indicator, **window}


def scrubbed(tables: TableSet, *lines: Any, **rest: Any) -> list[tuple[int | None, tuple[str, ...]]]:
    claim = claim_from_shorthand({"dos": DAY.isoformat(), "payer": "medicare", "lines": list(lines), **rest})
    report = Scrubber.load(tables=tables, select=["NCCI101"]).scrub(claim)
    return [(finding.line, finding.codes) for finding in report.findings]


@pytest.fixture
def some_pairs(shipped_tables: TableSet) -> Iterator[TableSet]:
    """Every third code is column 1 of every fifth."""
    rows = [pair(first, second) for first in CODES[::3] for second in CODES[::5] if first != second]
    with with_small_tables(shipped_tables, {TABLE: rows}) as tables:
        yield tables


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(st.tuples(st.sampled_from(CODES), st.integers(1, 3), st.integers(0, 2)), max_size=30))
def test_the_join_equals_trying_every_pair(some_pairs: TableSet, lines: list[tuple[str, int, int]]) -> None:
    table = some_pairs.get(TABLE)
    assert table is not None
    written = [f"{code} @2024-08-0{day}..2024-08-0{day + more}" for code, day, more in lines]
    expected = {
        second + 1
        for first, second in permutations(range(len(lines)), 2)
        if lines[first][1] <= lines[second][1] + lines[second][2]
        and lines[second][1] <= lines[first][1] + lines[first][2]
        and table.look_up((lines[first][0], lines[second][0]), DAY)
    }
    if written:
        assert {line for line, _ in scrubbed(some_pairs, *written)} == expected


def test_codes_stand_in_the_order_of_the_table_and_the_row_is_the_evidence(some_pairs: TableSet) -> None:
    claim = claim_from_shorthand({"dos": "2024-08-01", "payer": "medicare", "lines": [CODES[5], CODES[3]]})
    finding = Scrubber.load(tables=some_pairs, select=["NCCI101"]).scrub(claim).findings[0]
    assert (finding.line, finding.codes) == (1, (CODES[3], CODES[5]))
    assert finding.evidence is not None
    assert finding.evidence.table == TABLE
    assert finding.evidence.edition == "small"
    assert finding.evidence.row["modifier_indicator"] == "1"
    assert f"{CODES[5]} on line 1 is bundled into {CODES[3]} on line 2" in finding.message
    assert (finding.group, finding.carc) == ("CO", ("236",))


def test_several_column_1_lines_are_named_in_one_finding(shipped_tables: TableSet) -> None:
    rows = [pair("A9001", "A9009"), pair("A9002", "A9009")]
    with with_small_tables(shipped_tables, {TABLE: rows}) as tables:
        claim = claim_from_shorthand({"dos": "2024-08-01", "payer": "medicare", "lines": ["A9001", "A9002", "A9009"]})
        findings = Scrubber.load(tables=tables, select=["NCCI101"]).scrub(claim).findings
    assert len(findings) == 1
    assert "A9001 on line 1 and A9002 on line 2" in findings[0].message


def test_two_rows_of_a_pair_on_one_day(shipped_tables: TableSet) -> None:
    """A pair deleted and stated anew on one day: the row that applies counts, the strictest of two."""
    rows = [
        pair("A9001", "A9002", "9", **{"from": "2024-08-01", "to": "2024-08-01"}),
        pair("A9001", "A9002", "1"),
        pair("A9001", "A9002", "0"),
    ]
    with with_small_tables(shipped_tables, {TABLE: rows}) as tables:
        assert scrubbed(tables, "A9001", "A9002-59") == [(2, ("A9001", "A9002"))]


def test_a_part_that_was_not_imported_is_not_checked(tmp_path: Path) -> None:
    """Of an edition published in parts only what was imported can be told."""
    schema = SCHEMAS[TABLE]
    edition = NewEdition(
        table=TABLE, name="2024q3", first_day=date(1996, 1, 1), last_day=date(2024, 9, 30), source="", licence="",
        key=schema.key, columns=schema.columns, several_in_force=True,
    )  # fmt: skip
    (tmp_path / TABLE).mkdir()
    pile = Pile(tmp_path / TABLE / "2024q3.table", edition)
    pile.add(("A9001", "A9002"), date(1996, 1, 1), None, ("1", False, None))
    pile.settle()
    pile.write({"parts": {"present": [1], "expected": 2}, "holes": [["A9001", ""]]})
    scrubber = Scrubber.load(tables=tmp_path, select=["NCCI101"])
    claim = {"dos": "2024-08-01", "payer": "medicare"}
    known = scrubber.scrub(claim_from_shorthand({**claim, "lines": ["A9001", "A9002"]}))
    assert [finding.line for finding in known.findings] == [2]
    beyond = scrubber.scrub(claim_from_shorthand({**claim, "lines": ["B9001", "B9002"]}))
    [unjudged] = beyond.not_checked
    assert (unjudged.rule, unjudged.table, unjudged.date) == ("NCCI101", TABLE, date(2024, 8, 1))
    assert unjudged.reason == f"part 2 of {TABLE} 2024q3 is not imported"


class Counted:
    """How often a table is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = 0
        for name in ("look_up", "rows_on", "rows", "pairs_among"):
            monkeypatch.setattr(Table, name, self._counting(getattr(Table, name)))

    def _counting(self, method: Any) -> Any:
        def counting(*given: Any) -> Any:
            self.asked += 1
            return method(*given)

        return counting


@pytest.mark.parametrize("number", [2, FEW_CODES, 50, 200])
def test_look_ups_do_not_grow_with_the_square_of_the_lines(
    shipped_tables: TableSet, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    with with_small_tables(shipped_tables, {TABLE: [pair("Z0001", "Z0002")]}) as tables:
        scrubber = Scrubber.load(tables=tables, select=["NCCI101"])
        claim = claim_from_shorthand(
            {"dos": "2024-08-01", "payer": "medicare", "lines": [f"B{place:04}" for place in range(number)]}
        )
        counted = Counted(monkeypatch)
        assert scrubber.plan.run(ClaimFacts(claim))[0].hits == []
    assert counted.asked <= max(number, FEW_CODES**2)


def test_many_lines_of_two_codes_on_many_days(shipped_tables: TableSet, monkeypatch: pytest.MonkeyPatch) -> None:
    """A series of treatments: each line meets only those of its own day."""
    with with_small_tables(shipped_tables, {TABLE: [pair("A9001", "A9002")]}) as tables:
        lines = [f"A900{code} @2024-0{month}-{day:02}" for month in (7, 8) for day in range(1, 29) for code in (1, 2)]
        scrubber = Scrubber.load(tables=tables, select=["NCCI101"])
        claim = claim_from_shorthand({"payer": "medicare", "lines": lines})
        counted = Counted(monkeypatch)
        assert len(scrubber.scrub(claim).findings) == 56
    assert counted.asked <= 4 * len(lines)
