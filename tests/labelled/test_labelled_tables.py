"""Labelled cases of pairs, units, add-on codes, procedures and modifiers, with the published tables of 2024.

A case passes whole: every expected finding is there, and no other error or warning of the families it names.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.tables import oracle

from scrubber import Scrubber

GROUPS = ("ptp", "mue", "aoc", "hcpcs", "modifier")

Case = dict[str, Any]


@pytest.fixture(scope="session")
def cases(shared_data: Path) -> list[Case]:
    with (shared_data / "labelled" / "sample.jsonl").open(encoding="utf-8") as file:
        found = [case for line in file if (case := json.loads(line))["group"].startswith(GROUPS)]
    assert len(found) > 180
    return found


@pytest.fixture(scope="session")
def published_tables(shared_data: Path, cases: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tables with what CMS published for the third quarter of 2024."""
    pytest.importorskip("openpyxl")
    codes = frozenset(line["procedure"] for case in cases for line in case["claim"]["lines"])
    folder = tmp_path_factory.mktemp("published")
    oracle.write_all(shared_data / "cms", folder, codes)
    return folder


@pytest.fixture(scope="session")
def scrubber_with_tables(published_tables: Path) -> Scrubber:
    return Scrubber.load(tables=published_tables)


def test_every_case_passes_whole(cases: list[Case], scrubber_with_tables: Scrubber) -> None:
    wrong = [trouble for case in cases if (trouble := trouble_of(case, scrubber_with_tables))]
    assert not wrong, "\n".join(wrong)


def test_every_group_is_there(cases: list[Case]) -> None:
    groups = {case["group"].split("_")[0] for case in cases}
    assert groups == {"ptp", "ptp0", "ptp1", "mue", "aoc", "hcpcs", "modifier"}


def trouble_of(case: Case, scrubber: Scrubber) -> str | None:
    """What is wrong with the findings of a case, by rule and place."""
    report = scrubber.scrub(case["claim"])
    assert not report.errors, case["id"]
    found = {(finding.rule, finding.line) for finding in report.findings}
    graver = {(f.rule, f.line) for f in report.findings if f.severity != "info" and f.family in case["only_families"]}
    expected = {(place["rule"], place.get("line")) for place in case["expect"] if not place.get("optional")}
    allowed = {(place["rule"], place.get("line")) for place in case["expect"]}
    missing, extra = expected - found, graver - allowed
    if not missing and not extra:
        return None
    return f"{case['id']} {case['group']}: missing {sorted(missing)}, too many {sorted(extra)}"
