"""Risk, decision and amount at risk: examples that a biller can check by hand, then properties."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.claim import Claim, ServiceLine
from scrubber.findings import Finding, Severity
from scrubber.scoring import amount_at_risk, claim_risk, claim_total, decision


def finding(severity: Severity = "error", risk: float = 0.5, line: int | None = None) -> Finding:
    return Finding(
        rule="CLM101",
        name="example",
        family="clm",
        severity=severity,
        risk=risk,
        disposition="line_denial",
        message="An example.",
        line=line,
    )


def claim(*charges: str | None, total: str | None = None) -> Claim:
    lines = tuple(
        ServiceLine(number=number, charge=None if charge is None else Decimal(charge))
        for number, charge in enumerate(charges, start=1)
    )
    return Claim(lines=lines, total_charge=None if total is None else Decimal(total))


class TestRisk:
    def test_no_finding_is_no_risk(self) -> None:
        assert claim_risk([]) == 0.0

    def test_one_finding_gives_its_own_risk(self) -> None:
        assert claim_risk([finding(risk=0.95)]) == 0.95

    def test_two_findings_combine_as_independent_chances(self) -> None:
        assert claim_risk([finding(risk=0.5), finding(risk=0.5)]) == 0.75

    def test_rounds_to_four_digits(self) -> None:
        assert claim_risk([finding(risk=0.33333), finding(risk=0.1)]) == 0.4

    def test_certain_refusal(self) -> None:
        assert claim_risk([finding(risk=1.0), finding(risk=0.2)]) == 1.0


class TestDecision:
    @pytest.mark.parametrize(
        ("severities", "expected"),
        [
            ([], "pass"),
            (["info", "info"], "pass"),
            (["info", "warning"], "review"),
            (["warning", "error", "info"], "hold"),
        ],
    )
    def test_worst_severity_decides(self, severities: list[Severity], expected: str) -> None:
        assert decision([finding(severity) for severity in severities]) == expected

    def test_a_high_risk_does_not_stand_in_for_severity(self) -> None:
        assert decision([finding("info", risk=1.0)]) == "pass"


class TestAmountAtRisk:
    def test_nothing_found_nothing_at_risk(self) -> None:
        assert amount_at_risk([], claim("125.00")) == Decimal("0.00")

    def test_a_line_counts_once(self) -> None:
        found = [finding(line=2), finding("warning", line=2)]
        assert amount_at_risk(found, claim("100.00", "25.50", total="125.50")) == Decimal("25.50")

    def test_lines_add_up(self) -> None:
        found = [finding(line=1), finding(line=3)]
        assert amount_at_risk(found, claim("100", "20", "3")) == Decimal("103.00")

    def test_a_finding_on_the_claim_puts_all_of_it_in_doubt(self) -> None:
        found = [finding(line=1), finding()]
        assert amount_at_risk(found, claim("100", "20", total="120")) == Decimal("120.00")

    def test_info_puts_nothing_in_doubt(self) -> None:
        assert amount_at_risk([finding("info"), finding("info", line=1)], claim("100")) == 0

    def test_never_more_than_the_total(self) -> None:
        assert amount_at_risk([finding(line=1)], claim("100", total="80")) == Decimal("80.00")

    def test_a_total_of_zero_over_charged_lines_is_not_believed(self) -> None:
        assert amount_at_risk([finding()], claim("100", total="0")) == Decimal("100.00")

    def test_a_claim_without_charges_has_nothing_at_stake(self) -> None:
        assert amount_at_risk([finding(), finding(line=1)], claim(None, "0")) == Decimal("0.00")

    def test_a_blank_or_negative_charge_counts_as_nothing(self) -> None:
        found = [finding(line=1), finding(line=2), finding(line=3)]
        assert amount_at_risk(found, claim(None, "-5", "10")) == Decimal("10.00")

    def test_a_line_that_the_claim_does_not_have_means_the_claim(self) -> None:
        assert amount_at_risk([finding(line=9)], claim("10", "20")) == Decimal("30.00")

    def test_always_two_decimals(self) -> None:
        assert str(amount_at_risk([finding(line=1)], claim("7"))) == "7.00"

    def test_an_absurd_amount_is_no_reason_to_fail(self) -> None:
        assert amount_at_risk([finding()], claim("9" * 40)) > 0


severities = st.sampled_from(["error", "warning", "info"])
findings = st.lists(st.builds(finding, severities, st.floats(0, 1), st.none() | st.integers(1, 6)), max_size=12)
money = st.decimals("-50", "5000", places=2)
claims = st.builds(
    lambda charges, total: Claim(lines=tuple(ServiceLine(charge=c) for c in charges), total_charge=total),
    st.lists(st.none() | money, max_size=5),
    st.none() | money,
)
RANK = {"pass": 0, "review": 1, "hold": 2}


@given(findings, st.randoms(use_true_random=False), claims)
def test_the_order_of_findings_does_not_matter(found: list[Finding], shuffler: random.Random, of: Claim) -> None:
    mixed = list(found)
    shuffler.shuffle(mixed)
    assert claim_risk(mixed) == claim_risk(found)
    assert decision(mixed) == decision(found)
    assert amount_at_risk(mixed, of) == amount_at_risk(found, of)


@given(findings, findings, claims)
def test_one_more_finding_never_makes_a_claim_look_better(found: list[Finding], more: list[Finding], of: Claim) -> None:
    assert claim_risk(found + more) >= claim_risk(found)
    assert RANK[decision(found + more)] >= RANK[decision(found)]
    assert amount_at_risk(found + more, of) >= amount_at_risk(found, of)


@given(findings, claims)
def test_everything_stays_within_bounds(found: list[Finding], of: Claim) -> None:
    assert 0.0 <= claim_risk(found) <= 1.0
    assert 0 <= amount_at_risk(found, of) <= claim_total(of)
