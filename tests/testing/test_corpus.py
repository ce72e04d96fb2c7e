"""The clean corpus: repeatable, in the shape of the JSON claim, and right by date."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from scrubber.errors import UnknownName
from scrubber.readers.mapping import claim_from_mapping
from scrubber.tables import TableSet
from scrubber.testing.corpus import PERIODS, SCENARIOS, Period, clean_claims, scenario_claims

NAMES = [period.name for period in PERIODS]
ENOUGH = len(SCENARIOS) * max(len(scenarios) for scenarios in SCENARIOS.values())
"""As many claims as bring every scenario at least once."""


def test_the_same_seed_writes_the_same_claims() -> None:
    assert list(clean_claims(40, seed=7, period="2026")) == list(clean_claims(40, seed=7, period="2026"))
    assert list(clean_claims(40, seed=7, period="2026")) != list(clean_claims(40, seed=8, period="2026"))


def test_a_claim_may_be_changed_without_touching_the_next() -> None:
    first, *others = list(clean_claims(60, seed=3))
    first["billing_provider"]["npi"] = "0"
    assert all(claim["billing_provider"]["npi"] != "0" for claim in others)


@pytest.mark.parametrize("period", NAMES)
def test_every_scenario_is_read_without_a_problem(period: str) -> None:
    seen: Counter[str] = Counter()
    for scenario, mapping in scenario_claims(ENOUGH, seed=2, period=period):
        claim = claim_from_mapping(mapping)
        assert claim.origin is None or not claim.origin.problems, (scenario, claim.origin)
        seen[scenario] += 1
    assert len(seen) == sum(len(scenarios) for scenarios in SCENARIOS.values())


@pytest.mark.parametrize("period", PERIODS, ids=NAMES)
def test_days_lie_in_the_period(period: Period) -> None:
    for claim in clean_claims(ENOUGH, seed=2, period=period.name):
        begins = min(date.fromisoformat(line["service_date"]) for line in claim["lines"])
        assert period.first <= begins <= period.last


@pytest.mark.parametrize("period", NAMES)
def test_diagnoses_are_billable_on_the_day(period: str, shipped_tables: TableSet) -> None:
    table = shipped_tables.get("icd10cm")
    assert table is not None
    for scenario, claim in scenario_claims(ENOUGH, seed=5, period=period):
        for line in claim["lines"]:
            day = date.fromisoformat(line["service_date"])
            for code in (entry["code"].replace(".", "") for entry in claim["diagnoses"]):
                row = table.look_up((code,), day)
                assert row, (scenario, code, day)
                assert row.as_dict()["billable"], (scenario, code, day)


def test_an_unknown_specialty_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="pediatrics"):
        list(clean_claims(1, specialties=["pediatric"]))
