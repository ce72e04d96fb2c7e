"""The summary of a run, counted claim by claim: memory grows with the rules, never with the claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

import attrs

from scrubber.findings import Coverage, Report, Severity
from scrubber.report.aside_counts import AsideCounts


@attrs.define
class RuleCount:
    """How often one rule fired, on how many claims, and as what."""

    name: str
    findings: int = 0
    claims: int = 0
    severities: Counter[Severity] = attrs.Factory(Counter)


@attrs.define
class Tally:
    """The running counts of a run. It is the one thing here that changes; add every report exactly once."""

    passed: int = 0
    review: int = 0
    hold: int = 0
    unreadable: int = 0
    partly_read: int = 0
    """Claims that were checked although something of them could not be read."""
    findings: int = 0
    below_min_risk: int = 0
    """Findings that the user asked not to see."""
    interrupted: bool = False
    """The user stopped the run, so there may be claims that nobody looked at."""
    amount_at_risk: Decimal = Decimal("0.00")
    by_rule: dict[str, RuleCount] = attrs.Factory(dict)
    by_severity: Counter[Severity] = attrs.Factory(Counter)
    by_owner: Counter[str] = attrs.Factory(Counter)
    masked: int = 0
    not_evaluated: Counter[str] = attrs.Factory(Counter)
    not_checked: Counter[str] = attrs.Factory(Counter)
    """Rule id to the number of claims on which it gave no verdict."""
    undecided_layers: Counter[tuple[str, str]] = attrs.Factory(Counter)
    """Layers and the blank field for which it could not be told whether they lie over a claim, by claims."""
    coverage: Coverage = attrs.Factory(Coverage)
    aside: AsideCounts = attrs.Factory(AsideCounts)

    @property
    def claims(self) -> int:
        """Claims that were checked; what could not be read at all is counted apart."""
        return self.passed + self.review + self.hold

    def rules_most_first(self) -> list[tuple[str, RuleCount]]:
        """The rules that fired, the most frequent first; equals in the order of their ids."""
        return sorted(self.by_rule.items(), key=lambda item: (-item[1].findings, item[0]))

    def add(self, report: Report) -> None:
        if not report.readable:
            self.unreadable += 1
            return
        self.partly_read += bool(report.errors)
        if report.decision == "pass":
            self.passed += 1
        elif report.decision == "review":
            self.review += 1
        else:
            self.hold += 1
        self.amount_at_risk += report.amount_at_risk
        self.below_min_risk += report.below_min_risk
        self.masked += len(report.masked)
        self.aside.add(report)
        self.not_evaluated.update({unjudged.rule for unjudged in report.not_evaluated})
        self.not_checked.update({unjudged.rule for unjudged in report.not_checked})
        self.undecided_layers.update((one.pack, one.undecided) for one in report.layers if one.undecided)
        self.coverage = _sum(self.coverage, report.coverage)
        if report.findings:
            self._add_findings(report)

    def _add_findings(self, report: Report) -> None:
        self.findings += len(report.findings)
        for finding in report.findings:
            count = self.by_rule.setdefault(finding.rule, RuleCount(finding.name))
            count.findings += 1
            count.severities[finding.severity] += 1
            self.by_severity[finding.severity] += 1
            self.by_owner[finding.owner] += 1
        for rule in {finding.rule for finding in report.findings}:
            self.by_rule[rule].claims += 1


def most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Counts, the highest first; equals by name, so that two runs over the same claims read the same."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _sum(first: Coverage, second: Coverage) -> Coverage:
    return Coverage(
        fired=first.fired + second.fired,
        excused=first.excused + second.excused,
        not_evaluated=first.not_evaluated + second.not_evaluated,
        not_checked=first.not_checked + second.not_checked,
        clear=first.clear + second.clear,
    )
