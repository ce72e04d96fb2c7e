"""The worst first, for every format: a stage before the writer that holds all reports until the run ends."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from scrubber.findings import SEVERITIES, Finding, Report
from scrubber.report.summary import Tally
from scrubber.report.writer import ReportWriter, Run

_DECISIONS = ("hold", "review", "pass")


class WorstFirst:
    """Gives a writer its claims in the order in which somebody would work on them, when all are there."""

    def __init__(self, writer: ReportWriter) -> None:
        self._writer = writer
        self._reports: list[Report] = []

    def start(self, run: Run) -> None:
        self._writer.start(run)

    def claim(self, report: Report) -> None:
        self._reports.append(report)

    def finish(self, tally: Tally) -> None:
        for report in worst_first(self._reports):
            self._writer.claim(report)
        self._writer.finish(tally)


def worst_first(reports: Iterable[Report]) -> list[Report]:
    """What could not be read, then claims on hold, on review and passed, each by the dollars they are likely to lose.

    Equals keep the order of the input.
    """
    return [
        attrs.evolve(report, findings=findings_worst_first(report.findings)) for report in sorted(reports, key=_order)
    ]


def findings_worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By severity, then by risk; equals keep their order."""
    return tuple(sorted(findings, key=lambda finding: (SEVERITIES.index(finding.severity), -finding.risk)))


def _order(report: Report) -> tuple[bool, int, float]:
    likely_loss = float(report.amount_at_risk) * report.risk
    return report.readable, _DECISIONS.index(report.decision), -likely_loss
