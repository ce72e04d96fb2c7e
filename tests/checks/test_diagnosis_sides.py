"""The side of lines and diagnoses: read from titles and modifiers, with the codes that would name it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scrubber.checks.diagnoses import DiagnosisEntry, entry_on
from scrubber.checks.diagnosis_sides import KnownSide, LineSide, known_side, line_side
from scrubber.facts import ClaimFacts
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand


def side_of(tables: TableSet, **short: Any) -> LineSide | None:
    facts = ClaimFacts(claim_from_shorthand({"dos": "2026-03-01", **short}))
    found = line_side(facts, facts.lines[0], tables)
    assert found is None or isinstance(found, LineSide)
    return found


@pytest.mark.parametrize("modifier", ["LT", "E1", "E2", "FA", "F1", "F4", "TA", "T1", "T4"])
def test_left_modifiers_conflict_with_the_right_side(shipped_tables: TableSet, modifier: str) -> None:
    found = side_of(shipped_tables, dx=["M17.11"], lines=[f"20610-{modifier}"])
    assert found is not None
    assert (found.modifier, found.side, found.named, found.conflict) == (modifier, "left", "right", True)
    agreed = side_of(shipped_tables, dx=["M17.12"], lines=[f"20610-{modifier}"])
    assert agreed is not None
    assert not agreed.conflict


@pytest.mark.parametrize("modifier", ["RT", "E3", "E4", "F5", "F9", "T5", "T9"])
def test_right_modifiers_conflict_with_the_left_side(shipped_tables: TableSet, modifier: str) -> None:
    found = side_of(shipped_tables, dx=["M17.12"], lines=[f"20610-{modifier}"])
    assert found is not None
    assert (found.side, found.named, found.conflict) == ("right", "left", True)


@pytest.mark.parametrize("modifiers", ["", "-59", "-LC", "-LT-RT"])
def test_nothing_is_said_without_one_side(shipped_tables: TableSet, modifiers: str) -> None:
    assert side_of(shipped_tables, dx=["M17.11"], lines=[f"20610{modifiers}"]) is None


@pytest.mark.parametrize(
    ("code", "modifier", "better"),
    [
        ("M17.10", "RT", "M17.11"),
        ("S52.509A", "LT", "S52.502A"),
        ("H25.10", "LT", "H25.12"),
        ("C50.919", "RT", "C50.911"),
        ("H65.00", "RT", "H65.01"),  # not H65.04, which is recurrent
        ("S42.263A", "RT", "S42.261A"),  # not S42.264A, which is not displaced
        ("M25.519", "LT", "M25.512"),
    ],
)
def test_the_code_that_would_name_the_side(shipped_tables: TableSet, code: str, modifier: str, better: str) -> None:
    found = side_of(shipped_tables, dx=[code], lines=[f"20610-{modifier}"])
    assert found is not None
    assert (found.unspecified, found.better, found.conflict) == ((code,), (better,), False)


def test_most_unspecified_sides_have_their_codes(shipped_tables: TableSet) -> None:
    """What is left out by the care for titles stays a fiftieth: mostly "unspecified site"."""
    table = shipped_tables.get("icd10cm")
    assert table is not None
    day = date(2026, 3, 1)
    missing = total = 0
    for row in table.starting_with("M", day):
        if not row.get("billable") or row.get("side") != "unspecified":
            continue
        entry = entry_on(shipped_tables, row.key[0], row.key[0], day)
        assert isinstance(entry, DiagnosisEntry)
        assert entry.side == "unspecified"
        found = side_of(shipped_tables, dx=[row.key[0]], lines=["20610-RT"])
        assert found is not None
        total += 1
        missing += not found.better
    assert total > 1000
    assert missing / total < 0.1


@pytest.mark.parametrize(
    ("codes", "answer"),
    [
        (["M17.10", "M17.11"], KnownSide(("M17.11",))),
        (["M17.10", "M17.11", "M17.12"], KnownSide(("M17.11", "M17.12"))),
        (["M17.10", "M17.0"], None),  # bilateral knees differ in more than the side
        (["M17.10", "M25.561"], None),
        (["M17.11", "M17.10"], None),
    ],
)
def test_a_side_known_elsewhere(shipped_tables: TableSet, codes: list[str], answer: KnownSide | None) -> None:
    facts = ClaimFacts(claim_from_shorthand({"dos": "2026-03-01", "dx": codes}))
    assert known_side(facts, facts.diagnoses[0], shipped_tables) == answer
