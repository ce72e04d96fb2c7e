"""Findings in, three verdicts out: the decision, the risk of refusal and the dollars in doubt.

They answer different questions and never replace each other: severity decides what happens to a claim, risk and
amount at risk order the work queue. All three are pure, do not depend on the order of the findings, and never fall
when a finding is added.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from scrubber.claim import Claim, ServiceLine
from scrubber.findings import ClaimOutline, Decision, Finding, OutlineLine, Report

RISK_DIGITS = 4
"""Risks are estimates: digits beyond these would only pretend to know more."""

_NOTHING = Decimal("0.00")
"""Adding it gives an amount its two decimals; `quantize` would raise on the absurd amounts of a broken file."""


def claim_risk(findings: Iterable[Finding]) -> float:
    """The chance that the claim is refused as it stands: one minus the chance that no finding comes true."""
    if not findings:
        return 0.0
    chance_of_none = 1.0
    # Sorted, because products of floats depend on the order in their last digit.
    for risk in sorted(finding.risk for finding in findings):
        chance_of_none *= 1.0 - risk
    return round(1.0 - chance_of_none, RISK_DIGITS)


def decision(findings: Iterable[Finding]) -> Decision:
    """Hold a claim with an error, review one with a warning, pass the rest; an info never stops a claim."""
    if not findings:
        return "pass"
    severities = {finding.severity for finding in findings}
    if "error" in severities:
        return "hold"
    return "review" if "warning" in severities else "pass"


def amount_at_risk(findings: Iterable[Finding], claim: Claim | ClaimOutline) -> Decimal:
    """The dollars that errors and warnings put in doubt.

    A finding on a line puts that line's charge in doubt, a finding on the claim puts all of it. A line counts once
    however many findings it has, and the sum is never more than the claim's total.
    """
    if not findings:
        return _NOTHING
    total = claim_total(claim)
    doubtful_lines: set[int] = set()
    for finding in findings:
        if finding.severity == "info":
            continue
        if finding.line is None or not 1 <= finding.line <= len(claim.lines):
            return total
        doubtful_lines.add(finding.line)
    in_doubt = sum((_charge(claim.lines[line - 1]) for line in doubtful_lines), _NOTHING)
    return min(in_doubt, total)


def with_findings(report: Report, findings: tuple[Finding, ...], claim: Claim) -> Report:
    """The report as if these were all that was found."""
    return attrs.evolve(
        report,
        findings=findings,
        # What could be read only in part is never passed, whatever is left to see of it.
        decision="hold" if report.errors else decision(findings),
        risk=claim_risk(findings),
        amount_at_risk=amount_at_risk(findings, claim),
    )


def claim_total(claim: Claim | ClaimOutline) -> Decimal:
    """What the claim asks for: its total charge, or the sum of its lines where the total is blank or not positive.

    A total of zero over lines that charge something is a fault of the total, so the lines are believed.
    """
    if claim.total_charge is not None and claim.total_charge > 0:
        return claim.total_charge + _NOTHING
    return sum((_charge(line) for line in claim.lines), _NOTHING)


def _charge(line: ServiceLine | OutlineLine) -> Decimal:
    """A line's charge as an amount that can be lost: blank and negative charges put nothing at stake."""
    return line.charge if line.charge is not None and line.charge > 0 else _NOTHING
