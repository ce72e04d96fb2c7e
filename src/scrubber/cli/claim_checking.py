"""From a claim to the report that a run shows of it: a function of the claim and of the choices of the run."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from decimal import Decimal

import attrs

from scrubber.claim import Claim
from scrubber.cli.group import debugging, failure_sentence, say
from scrubber.findings import ReadError, Report
from scrubber.outline import outline_of
from scrubber.scoring import with_findings
from scrubber.scrub import Scrubber
from scrubber.suppress import Aside, set_aside


@attrs.frozen(kw_only=True)
class ClaimChecker:
    """Checks one claim after the other, and knows nothing of those before: any process may do it."""

    scrubber: Scrubber
    why: bool = False
    select: tuple[str, ...] = ()
    min_risk: float = 0.0
    aside: Aside = attrs.field(factory=Aside)
    outline: bool = False

    def report(self, claim: Claim) -> Report:
        """The report of a claim; a fault of the program costs this one claim and not the others."""
        try:
            return self._report(claim)
        except Exception as error:
            origin = claim.origin
            source, index = (origin.source, origin.index) if origin else (None, None)
            say(f"{source}, claim {(index or 0) + 1}: {told(error)}")
            return attrs.evolve(unusable(source, failure_sentence(error)), claim_id=claim.claim_id, index=index)

    def _report(self, claim: Claim) -> Report:
        report = self.scrubber.scrub(claim)
        if self.why:
            report = attrs.evolve(report, why=self.scrubber.why(claim, self.select or None))
        # a payer that the run names stands in the place of the claim's own
        report = set_aside(report, self.scrubber.as_judged(claim), self.aside)
        if self.min_risk:
            report = _without_small_risks(report, claim, self.min_risk)
        return attrs.evolve(report, outline=outline_of(claim)) if self.outline and report.readable else report


def told(error: Exception) -> str:
    """The sentence for a failure; with --debug the place in the program goes before it."""
    if debugging():
        traceback.print_exception(error)
    return failure_sentence(error)


def unusable(source: str | None, message: str, hint: str = "", position: Mapping[str, object] | None = None) -> Report:
    """The entry of something that could not be used at all."""
    return Report(
        claim_id=None,
        source=source,
        index=None,
        decision="hold",
        risk=0.0,
        amount_at_risk=Decimal("0.00"),
        errors=(ReadError(message=message, hint=hint, position=position),),
        readable=False,
    )


def _without_small_risks(report: Report, claim: Claim, min_risk: float) -> Report:
    """The report as if findings of less risk had not been found; it says how many there were."""
    kept = tuple(finding for finding in report.findings if finding.risk >= min_risk)
    left_out = len(report.findings) - len(kept)
    if not left_out:
        return report
    return attrs.evolve(with_findings(report, kept, claim), below_min_risk=left_out)
