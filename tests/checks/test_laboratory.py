"""Laboratory lists: what a list says, what it leaves open, and how a panel is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from scrubber import Report, Scrubber
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand
from scrubber.testing.small_tables import with_small_tables

Scrub = Callable[[dict[str, Any]], Report]


@contextmanager
def _with(shipped: TableSet, small: dict[str, Any], rule: str) -> Iterator[Scrub]:
    with with_small_tables(shipped, small) as tables:
        scrubber = Scrubber.load(tables=tables, select=[rule])
        yield lambda claim: scrubber.scrub(claim_from_shorthand(claim))


def _reasons(report: Report) -> list[str]:
    return [unjudged.reason for unjudged in (*report.not_evaluated, *report.not_checked)]


@pytest.mark.parametrize(
    ("rule", "row", "reason"),
    [
        ("PRV108", {"code": "87880", "waived": "true"}, "the clia table does not say which codes are excluded"),
        ("MOD175", {"code": "86486", "excluded": "true"}, "the clia table does not say which codes are waived"),
    ],
)
def test_a_list_says_nothing_of_what_it_does_not_hold(
    shipped_tables: TableSet, rule: str, row: dict[str, str], reason: str
) -> None:
    with _with(shipped_tables, {"clia": [row]}, rule) as scrub:
        report = scrub({"payer": "medicare", "lines": ["85025"]})
    assert report.findings == ()
    assert _reasons(report) == [reason]


def test_what_a_list_says_is_asked_for_each_day(shipped_tables: TableSet) -> None:
    """One Scrubber remembers what it read of a day, and not for another day."""
    rows = [
        {"code": "87880", "waived": "true", "needs_qw": "true", "from": "2026-01-01"},
        {"code": "86486", "excluded": "true", "from": "2020-01-01"},
    ]
    with _with(shipped_tables, {"clia": rows}, "MOD175") as scrub:
        before = scrub({"payer": "medicare", "dos": "2025-12-31", "lines": ["87880"]})
        after = scrub({"payer": "medicare", "dos": "2026-01-01", "lines": ["87880"]})
    assert before.findings == ()
    assert [finding.severity for finding in after.findings] == ["info"]


@pytest.mark.parametrize("kind", ["Waiver", " waiver ", "MICROSCOPY"])
def test_the_kind_of_a_certificate_is_read_whatever_its_case(shipped_tables: TableSet, kind: str) -> None:
    small = {
        "clia": [{"code": "87880", "waived": "true", "needs_qw": "true"}],
        "clia_certificates": [{"number": "11D1234567", "kind": kind}],
    }
    with _with(shipped_tables, small, "MOD175") as scrub:
        report = scrub({"payer": "medicare", "clia": "11d1234567", "lines": ["87880"]})
    assert [finding.severity for finding in report.findings] == ["warning"]


def test_of_several_panels_the_largest_is_named(shipped_tables: TableSet) -> None:
    members = {"80048": ["82310", "82374"], "80053": ["82310", "82374", "84075"], "80061": ["82465", "84478"]}
    rows = [{"panel": panel, "member": test} for panel, tests in members.items() for test in tests]
    with _with(shipped_tables, {"panels": rows}, "PRC131") as scrub:
        larger = scrub({"lines": ["84075", "82374", "82310"]})
        smaller = scrub({"lines": ["82374", "82310", "84076"]})
        billed = scrub({"lines": ["80053", "84075", "82374", "82310"]})
    assert "panel 80053" in larger.findings[0].message
    assert "panel 80048" in smaller.findings[0].message
    assert billed.findings == ()


def test_a_panel_of_one_test_is_none(shipped_tables: TableSet) -> None:
    with _with(shipped_tables, {"panels": [{"panel": "80061", "member": "82465"}]}, "PRC131") as scrub:
        assert scrub({"lines": ["82465", "83718"]}).findings == ()
