"""Labelled cases: claims with the findings that must be there, and families in which nothing else may stand.

They lie beside the checkout and are read in place.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scrubber import Scrubber
from scrubber.tables import TableSet

JUDGED = ("icd", "mce_")
"""Groups whose rules are all there: validity, code sets, order, age and sex of diagnoses."""

Place = tuple[str, int | None, int | None]


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> list[dict[str, Any]]:
    lines = (shared_data / "labelled" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
    return [case for case in map(json.loads, lines) if case["group"].startswith(JUDGED)]


@pytest.fixture(scope="module")
def scrubber(shipped_tables: TableSet) -> Scrubber:
    return Scrubber.load(tables=shipped_tables)


def place(expected: dict[str, Any]) -> Place:
    return expected["rule"], expected.get("line"), expected.get("diagnosis")


def trouble_with(case: dict[str, Any], scrubber: Scrubber) -> str | None:
    """What differs from the label, in a sentence; None where nothing does."""
    report = scrubber.scrub(case["claim"])
    if report.errors:
        return f"could not be read: {report.errors[0].message}"
    found = {(finding.rule, finding.line, finding.diagnosis) for finding in report.findings}
    held = {
        (finding.rule, finding.line, finding.diagnosis)
        for finding in report.findings
        if finding.family in case["only_families"] and finding.severity != "info"
    }
    missing = {place(expected) for expected in case["expect"] if not expected.get("optional")} - found
    beside = held - {place(expected) for expected in case["expect"]}
    parts = [f"lacks {sorted(missing, key=str)}"] if missing else []
    parts += [f"has {sorted(beside, key=str)} beside"] if beside else []
    return " and ".join(parts) or None


def test_every_case_holds_whole(cases: list[dict[str, Any]], scrubber: Scrubber) -> None:
    troubles = [
        f"{case['id']} ({case['group']}) {trouble}"
        for case in cases
        if (trouble := trouble_with(case, scrubber)) is not None
    ]
    assert len(cases) > 100
    assert not troubles, "\n".join(troubles)
