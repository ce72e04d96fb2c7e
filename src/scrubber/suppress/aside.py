"""Moves findings of a report to those that are set aside, and scores the rest anew."""

from __future__ import annotations

from collections import Counter

import attrs

from scrubber.claim import Claim
from scrubber.findings import Report, Suppressed, Suppression
from scrubber.scoring import with_findings
from scrubber.suppress.baseline import Baseline, Key
from scrubber.suppress.suppressions import Suppressions


@attrs.frozen(kw_only=True)
class Aside:
    """What to set aside: findings that a baseline knows, and those that suppressions in force are about."""

    baseline: Baseline | None = None
    suppressions: Suppressions | None = None


def set_aside(report: Report, claim: Claim, aside: Aside) -> Report:
    """The report with findings moved to `suppressed`; decision, risk and amount at risk are those of the rest.

    What such a finding masks stays masked: it tells the same fault, and one decision about it is enough.
    """
    if not report.findings or (aside.baseline is None and aside.suppressions is None):
        return report
    chosen: dict[int, Suppression] = {}
    known: Counter[Key] = Counter()  # what the baseline knows, as often as it was set aside on this claim
    # The gravest come first in a report. Of equal findings of which one is new, the gravest is the one to tell.
    for number in reversed(range(len(report.findings))):
        finding = report.findings[number]
        why = aside.suppressions.about(finding, claim) if aside.suppressions is not None else None
        key = finding.rule, finding.fingerprint
        if why is None and aside.baseline is not None and known[key] < aside.baseline.counts.get(key, 0):
            known[key] += 1
            why = Suppression(kind="baseline", place=aside.baseline.place)
        if why is not None:
            chosen[number] = why
    if not chosen:
        return report
    kept = tuple(finding for number, finding in enumerate(report.findings) if number not in chosen)
    moved = tuple(Suppressed(finding=report.findings[number], suppression=chosen[number]) for number in sorted(chosen))
    return attrs.evolve(with_findings(report, kept, claim), suppressed=report.suppressed + moved)
