"""Strategies: right claims are clean with the mini tables, faulty ones are found at their place."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import scrubber.testing
from scrubber import Claim, ScrubberError, UnknownName
from scrubber.tables import TableSet
from scrubber.testing import (
    FaultyClaim,
    a_claim,
    a_dental_claim,
    assert_clean,
    assert_fires,
    mini_scrubber,
    mini_tables,
    plant_fault,
    strategies,
)
from scrubber.testing.examples import place_of
from scrubber.testing.faults import all_faults

RIGHT = {
    "professional": strategies.professional_claims(),
    "institutional": strategies.institutional_claims(),
    "dental": strategies.dental_claims(),
}
few = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("form", RIGHT)
def test_right_claims_are_clean(form: str) -> None:
    seen: Counter[str] = Counter()

    @few
    @given(RIGHT[form])
    def nothing_fires(claim: Claim) -> None:
        assert claim.form == form
        assert_clean(claim)
        seen[str(claim.payer.kind)] += 1

    nothing_fires()
    assert len(seen) > 2 or form == "dental"


def _is_found(faulty: FaultyClaim) -> None:
    assert_fires(faulty.claim, faulty.rule, at=faulty.at, severity=faulty.severity)
    before = mini_scrubber().scrub(faulty.right).findings
    assert (faulty.rule, faulty.at, faulty.severity) not in [(f.rule, place_of(f), f.severity) for f in before]


@few
@given(st.sampled_from(sorted({fault.rule for fault in all_faults()})).flatmap(strategies.claims_with))
def test_faulty_claims_are_found(faulty: FaultyClaim) -> None:
    _is_found(faulty)


def test_every_fault_can_be_planted() -> None:
    for fault in all_faults():
        _is_found(plant_fault(fault.rule, name=fault.name))


def test_the_same_seed_plants_the_same_fault_and_the_claim_stays_as_it_was() -> None:
    claim = a_claim(diagnoses=["M54.50"], patient={"sex": "M"})
    one, two = plant_fault("DX102", claim, seed=3), plant_fault("DX102", claim, seed=3)
    assert one == two
    assert claim == a_claim(diagnoses=["M54.50"], patient={"sex": "M"})
    assert one.claim.patient == claim.patient


def test_what_cannot_be_planted_is_told() -> None:
    with pytest.raises(UnknownName, match="no fault of rule is called"):
        plant_fault("DX1O2")
    with pytest.raises(UnknownName, match="a category in place of a code"):
        plant_fault("DX102", name="a category in place of code")
    with pytest.raises(ScrubberError, match="this one is dental"):
        plant_fault("DX102", a_dental_claim())
    with pytest.raises(ScrubberError, match="need the table ncci_ptp_practitioner"):
        plant_fault("NCCI101", tables=TableSet.open())
    with pytest.raises(UnknownName, match="no fault of rule is called"):
        strategies.claims_with("DX1O2")


@pytest.mark.parametrize("rule", ["DX102", "CLM103", "NCCI101"])
def test_faulty_claims_shrink_to_a_small_one(rule: str) -> None:
    small = find(
        strategies.claims_with(rule),
        lambda faulty: any(f.rule == rule for f in mini_scrubber().scrub(faulty.claim).findings),
        settings=settings(few, phases=[Phase.generate, Phase.shrink]),
    )
    assert len(small.claim.lines) <= 2, small.fault
    assert len(small.claim.diagnoses) <= 1


def test_claims_of_any_form_come() -> None:
    forms: set[str] = set()
    for form in RIGHT:
        find(strategies.claims(), lambda claim, form=form: claim.form == form)  # type: ignore[misc]
        forms.add(form)
    assert forms == set(RIGHT)
    assert mini_tables() is mini_scrubber().tables


@pytest.mark.parametrize(
    ("strategy", "call"),
    [
        (strategies.professional_claims(), "claim=a_claim("),
        (strategies.institutional_claims(), "claim=an_institutional_claim("),
        (strategies.dental_claims(), "claim=a_dental_claim("),
        (strategies.claims_with("DX102"), "claim=plant_fault("),
    ],
)
def test_a_failing_example_is_shown_as_a_call_that_can_be_copied(
    strategy: st.SearchStrategy[Claim | FaultyClaim], call: str
) -> None:
    seen: list[Claim | FaultyClaim] = []

    @settings(few, max_examples=1, phases=[Phase.generate], database=None)
    @given(strategy)
    def never(claim: Claim | FaultyClaim) -> None:
        seen.append(claim)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as caught:
        never()
    # where it runs without a person (CI), Hypothesis adds a note of its own on how to see the example again
    (told,) = [note for note in caught.value.__notes__ if call in note]
    code = told[told.index(call) + len("claim=") : told.rindex(")")].split("  # ")[0].rstrip().rstrip(",")
    names = {name: getattr(scrubber.testing, name) for name in scrubber.testing.__all__}
    assert eval(code, {**names, "datetime": datetime}) == seen[-1]
