"""`rewrite` of a safe fix: what it proposes, and what the loader says of one that cannot be."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber import Scrubber
from scrubber.claim import Claim, Diagnosis, Provider, ServiceLine
from scrubber.findings import Change
from scrubber.mending import is_form_only, mended, plain, value_at
from scrubber.rules.rule_file import read_rule
from scrubber.tables import TableSet

MARCH = date(2026, 3, 2)
RULE = """
id: ABC101
name: npi
title: t
status: stable
for_each: provider
when: [{provider.npi: {fails: npi}}]
severity: error
risk: 0.9
disposition: claim_rejection
owner: biller
message: m
why: w
references: [{title: r}]
fix: {FIX}
tests: [{name: a, claim: {npi: "1"}, fires_at: [claim]}, {name: b, claim: {npi: "1234567893"}, fires_at: []}]
"""


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.load(packs=["core"])


def problems(fix: str) -> list[str]:
    _, found = read_rule(Path("a.yaml"), "", TableSet.open(None), text=RULE.replace("{FIX}", fix))
    return [problem.message for problem in found]


def test_a_rewrite_that_can_be() -> None:
    assert problems("{text: x, safety: safe, rewrite: {provider.npi: npi}}") == []


@pytest.mark.parametrize(
    ("fix", "said"),
    [
        ("{text: x, rewrite: {provider.npi: npi}}", "a fix that rewrites is safe"),
        ("{text: x, safety: safe, rewrite: {provider.tax_id: tax_id}}", "provider.tax_id cannot be rewritten"),
        ("{text: x, safety: safe, rewrite: {claim.total_charge: whole_cents}}", "total_charge cannot be rewritten"),
        ("{text: x, safety: safe, rewrite: {provider.npi: nip}}", "nip"),
        ("{text: x, safety: safe, rewrite: {provider.nip: npi}}", "nip"),
        ("{text: x, safety: safe, rewrite: {provider.npi: whole_number}}", "does not fit"),
        ("{text: x, safety: safe, rewrite: [provider.npi]}", "rewrite must be a mapping"),
    ],
)
def test_a_rewrite_that_cannot_be(fix: str, said: str) -> None:
    assert any(said in message for message in problems(fix)), problems(fix)


def changes_of(scrubber: Scrubber, claim: Claim, rule: str) -> list[tuple[str, str, str, str]]:
    return [
        (finding.fix.safety, change.field, change.old, change.new)
        for finding in scrubber.scrub(claim).findings
        if finding.rule == rule
        for change in finding.fix.changes
    ]


def test_an_npi_with_dashes(scrubber: Scrubber) -> None:
    claim = Claim(billing_provider=Provider(npi="123-456-7893"))
    assert changes_of(scrubber, claim, "PRV102") == [("safe", "billing_provider.npi", "123-456-7893", "1234567893")]


def test_a_number_that_is_no_npi_is_only_shown(scrubber: Scrubber) -> None:
    claim = Claim(billing_provider=Provider(npi="123-456-7890"))
    (finding,) = [one for one in scrubber.scrub(claim).findings if one.rule == "PRV102"]
    assert (finding.fix.safety, finding.fix.changes) == ("display", ())


def test_what_may_be_a_name_is_never_shown_as_a_change(scrubber: Scrubber) -> None:
    claim = Claim(billing_provider=Provider(npi="123 456 7893"))
    assert changes_of(scrubber, claim, "PRV102") == []


def test_mended_does_every_safe_fix_and_nothing_else(scrubber: Scrubber) -> None:
    claim = Claim(
        form="professional",
        diagnoses=(Diagnosis(code="E1.19"), Diagnosis(code="E11.9")),
        billing_provider=Provider(npi="123-456-7893"),
        lines=(ServiceLine(procedure="99213", service_date=MARCH, rendering_provider=Provider(npi="123.456.7893")),),
    )
    report = scrubber.scrub(claim)
    new = mended(claim, report)
    assert new.diagnoses == (Diagnosis(code="E119"), Diagnosis(code="E11.9"))
    assert new.billing_provider.npi == "1234567893"
    assert new.lines[0].rendering_provider == Provider(npi="1234567893")
    assert claim.diagnoses[0].code == "E1.19"
    assert not {"DX106", "PRV102"} & {finding.rule for finding in scrubber.scrub(new).findings}
    # a report of another claim mends nothing
    assert mended(Claim(), report) == Claim()


@given(st.text(max_size=14), st.text(max_size=14))
def test_no_change_of_letters_or_digits_is_form(old: str, new: str) -> None:
    if is_form_only(Change(field="diagnoses[0].code", old=old, new=new)):
        assert re.sub(r"[^0-9a-z]", "", old.lower()) == new.lower()
        assert re.fullmatch(r"[0-9A-Z]*", new)
        assert plain(new) == new


@pytest.mark.parametrize(
    "change",
    [
        Change(field="lines[0].units", old="1-0", new="10"),
        Change(field="lines[0].charge", old="1.00", new="100"),
        Change(field="diagnoses[0].code", old="E11.9", new="E11"),
        Change(field="diagnoses[0].code", old="É119", new="119"),
        Change(field="diagnoses[0].code", old="E119", new="E119"),
        Change(field="claim_id", old="A-1", new="A1"),
    ],
)
def test_what_is_not_form(change: Change) -> None:
    assert not is_form_only(change)


def test_the_value_at_a_place() -> None:
    claim = Claim(lines=(ServiceLine(rendering_provider=Provider(npi="1")),))
    assert value_at(claim, "lines[0].rendering_provider.npi") == "1"
    assert value_at(claim, "lines[1].rendering_provider.npi") is None
    assert value_at(claim, "service_facility.npi") is None
