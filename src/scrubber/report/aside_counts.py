"""What a run says of the findings that were set aside, as a whole."""

from __future__ import annotations

from collections import Counter

import attrs

from scrubber.findings import Report, Severity, Suppression
from scrubber.suppress import Entry


@attrs.frozen(kw_only=True)
class BaselineUse:
    """How many findings a baseline knows of the rules that were asked, and how many of them were not found again."""

    place: str
    known: int
    gone: int


@attrs.define
class AsideCounts:
    """Counted claim by claim; what can only be told of a whole run is added at its end."""

    findings: int = 0
    severities: Counter[Severity] = attrs.Factory(Counter)
    decisions: Counter[tuple[Suppression, str]] = attrs.Factory(Counter)
    """Why findings were set aside, and of which rule they were."""
    expired: tuple[Entry, ...] = ()
    """Suppressions whose last day is over: they set nothing aside any more."""
    unused: tuple[Entry, ...] = ()
    """Suppressions in force that no finding fitted."""
    baseline: BaselineUse | None = None

    def add(self, report: Report) -> None:
        for one in report.suppressed:
            self.findings += 1
            self.severities[one.finding.severity] += 1
            self.decisions[one.suppression, one.finding.rule] += 1
