"""A field that could not be read is one error, and no finding says once more that it is blank."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from scrubber.findings import Report
from scrubber.scrub import Scrubber
from scrubber.tables import TableSet

CLAIM: dict[str, Any] = {
    "claim_id": "A-1",
    "form": "professional",
    "frequency": "1",
    "payer": {"id": "60054", "name": "PAYER", "kind": "commercial"},
    "subscriber": {"member_id": "W123456789", "relationship": "self"},
    "patient": {"birth_date": "1970-05-01", "sex": "F"},
    "billing_provider": {
        "npi": "1234567893",
        "taxonomy": "261QM1300X",
        "tax_id": "583522358",
        "name": "CLINIC",
        "address": {"line1": "100 MAIN ST", "city": "MIAMI", "state": "FL", "zip": "331311234"},
    },
    "rendering_provider": {"npi": "1003000126"},
    "place_of_service": "11",
    "diagnoses": [{"code": "E11.9", "kind": "principal"}, {"code": "I10", "kind": "other"}],
    "lines": [
        {
            "number": 1,
            "procedure": "99213",
            "modifiers": ["25"],
            "units": 1,
            "charge": "125.00",
            "service_date": "2026-10-02",
            "diagnosis_pointers": [1, 2],
        },
        {
            "number": 2,
            "procedure": "93000",
            "units": 1,
            "charge": "50.00",
            "service_date": "2026-10-02",
            "diagnosis_pointers": [2],
            "place_of_service": "11",
        },
    ],
    "total_charge": "175.00",
}


def _paths(value: object, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if above:
        yield above
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(item, (*above, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _paths(item, (*above, place))


def _changed(path: tuple[Any, ...], value: object) -> dict[str, Any]:
    claim = copy.deepcopy(CLAIM)
    holder: Any = claim
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return claim


@pytest.fixture(scope="module")
def scrubber(shipped_tables: TableSet) -> Scrubber:
    return Scrubber.load(tables=shipped_tables, as_of=date(2026, 11, 21))


def test_the_claim_is_clean(scrubber: Scrubber) -> None:
    assert scrubber.scrub(CLAIM).findings == ()


@pytest.mark.parametrize("value", [7.5, [["x"]]], ids=["number", "list"])
def test_whatever_cannot_be_read_no_finding_follows_from_it(scrubber: Scrubber, value: object) -> None:
    followed: dict[tuple[Any, ...], list[str]] = {}
    for path in _paths(CLAIM):
        report = scrubber.scrub(_changed(path, value))
        if report.errors and report.findings:
            followed[path] = [finding.rule for finding in report.findings]
    assert followed == {}


def _not_evaluated(report: Report) -> dict[str, str]:
    return {one.rule: one.reason for one in report.not_evaluated}


def test_the_rule_is_not_evaluated_and_the_reason_names_the_field(scrubber: Scrubber) -> None:
    reasons = _not_evaluated(scrubber.scrub(_changed(("patient",), "Jane")))
    assert reasons["PAT101"] == "patient could not be read"
    reasons = _not_evaluated(scrubber.scrub(_changed(("place_of_service",), 11)))
    assert reasons["PRC112"] == "place_of_service could not be read"


def test_another_line_is_judged_all_the_same(scrubber: Scrubber) -> None:
    claim = _changed(("lines", 1), "93000")
    claim["lines"][0]["service_date"] = None
    report = scrubber.scrub(claim)
    assert [(finding.rule, finding.line) for finding in report.findings] == [("DAT101", 1)]
