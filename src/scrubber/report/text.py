"""The report for people: findings grouped by claim, then what was not judged, and a summary at the end.

A claim that passes without a finding is counted and not listed: the summary says how many there were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TextIO

from scrubber.claim_status import coded, in_words
from scrubber.findings import Finding, LayerOfClaim, ReadError, Report, Unjudged
from scrubber.report.missing_tables import MissingTables
from scrubber.report.page import STYLES, Page, Span, count_of, dollars, open_page, percent, some_of
from scrubber.report.places import position_text, where_in_claim
from scrubber.report.summary import Tally
from scrubber.report.text_aside import write_aside
from scrubber.report.text_summary import write_statistics, write_summary
from scrubber.report.text_why import write_why
from scrubber.report.writer import PackUsed, Run

REASONS_SHOWN = 4
"""A claim's own list of reasons is cut here; the report as JSON has all of them."""

BODY = 10
"""How far the text under a finding stands in, so that severities can be skimmed."""


class TextWriter:
    """Writes each claim when it comes; nothing of it is kept but which table which rule lacked."""

    def __init__(self, stream: TextIO, *, color: bool = True, statistics: bool = False) -> None:
        self._page = open_page(stream, color=color)
        self._statistics = statistics
        self._missing = MissingTables()
        self._packs: tuple[PackUsed, ...] = ()

    def start(self, run: Run) -> None:
        """Nothing is written: whoever reads this report wants the findings first."""
        self._missing = MissingTables(loaded=frozenset(table.name for table in run.tables))
        self._packs = run.packs

    def claim(self, report: Report) -> None:
        for unjudged in report.not_checked:
            self._missing.add(unjudged)
        told = report.findings or report.errors or report.why or (self._statistics and report.suppressed)
        if report.readable and not told:
            return
        self._page.line(*_headline(report))
        write_body(self._page, report, each_aside=self._statistics)
        write_why(self._page, report.why or ())
        self._page.line()

    def finish(self, tally: Tally) -> None:
        if self._statistics:
            write_statistics(self._page, tally, self._packs)
        write_summary(self._page, tally, self._missing)


def write_body(page: Page, report: Report, *, each_aside: bool = False) -> None:
    """All that is to be said of a claim under its headline, but why. `each_aside`: of what is set aside, too."""
    for error in report.errors:
        page.line(*_error_spans(error), indent=2)
    for finding in report.findings:
        _write_finding(page, finding)
    write_aside(page, report.suppressed, each=each_aside)
    _write_not_evaluated(page, report.not_evaluated)
    _write_not_checked(page, report.not_checked)
    _write_undecided(page, report.layers)


def _headline(report: Report) -> list[Span]:
    place = report.source or ""
    if report.index is not None:
        number = f"claim {report.index + 1}"
        place = f"{place}, {number}" if place else number
    if not report.readable:
        return [("NOT READ  ", STYLES["hold"]), (place or "a claim", "bold")]
    spans = [
        (f"{report.decision.upper():<8}", STYLES[report.decision]),
        (report.claim_id or "(claim without an id)", "bold"),
        (f"  {place}" if place else "", "dim"),
    ]
    if report.findings:
        spans.append((f"  risk {percent(report.risk)}, {dollars(report.amount_at_risk)} at risk", ""))
    return spans


def _error_spans(error: ReadError) -> list[Span]:
    place = " ".join(filter(None, [error.field, position_text(error.position or {})]))
    return [
        ("not read: ", STYLES["error"]),
        (f"{place}: " if place else "", "dim"),
        (error.message, ""),
        (_next_sentence(error.message, error.hint), ""),
    ]


def _next_sentence(first: str, second: str) -> str:
    stop = "" if first.endswith((".", "!", "?", ":")) else "."
    return f"{stop} {second}" if second else ""


def _write_finding(page: Page, finding: Finding) -> None:
    page.line(
        (f"{finding.severity:<8}", STYLES[finding.severity]),
        (f"{finding.rule} ", "bold"),
        (finding.name, ""),
        (f"  {where_in_claim(finding)}", "dim"),
        indent=2,
    )
    page.line((finding.message, ""), indent=BODY)
    if finding.fix.text:
        page.line(("to do: ", "bold"), (finding.fix.text, ""), indent=BODY)
    if finding.question:
        page.line(("ask the clinician: ", "bold"), (finding.question, ""), indent=BODY)
    for change in finding.fix.changes:
        page.line((f"{change.field}: {change.old} -> {change.new} ({finding.fix.safety})", ""), indent=BODY)
    notes = [f"who: {finding.owner.replace('_', ' ')}", f"risk {percent(finding.risk)}"]
    answer = " ".join([finding.group or "", *finding.carc, *finding.rarc]).strip()
    if answer:
        notes.append(f"likely answer: {answer}")
    if finding.acknowledgment:
        notes.append(f"277CA: {coded(finding.acknowledgment)} ({in_words(finding.acknowledgment)})")
    if finding.fingerprint:
        notes.append(f"fingerprint {finding.fingerprint}")
    page.line(("; ".join(notes), "dim"), indent=BODY)
    for mark in finding.layers:
        changed = ", ".join(mark.set).replace("_", " ")
        page.line((f"layer {mark.pack} {mark.version} set {changed}: {mark.reason}", "dim"), indent=BODY)


def _write_not_evaluated(page: Page, unjudged: Iterable[Unjudged]) -> None:
    """One line for all rules that lacked a field, grouped by the field."""
    by_reason: dict[str, list[str]] = {}
    for one in unjudged:
        by_reason.setdefault(one.reason, []).append(one.rule)
    if not by_reason:
        return
    groups = [f"{reason} ({some_of(rules)})" for reason, rules in list(by_reason.items())[:REASONS_SHOWN]]
    if len(by_reason) > REASONS_SHOWN:
        groups.append(f"and {len(by_reason) - REASONS_SHOWN} more reasons")
    page.line(("not evaluated: ", "bold dim"), ("; ".join(groups), "dim"), indent=2)


def _write_not_checked(page: Page, unjudged: Collection[Unjudged]) -> None:
    """One line with the tables that were missing. It is much the same for every claim, so the summary has the rest."""
    rules = {one.rule for one in unjudged}
    if not rules:
        return
    tables = some_of(one.table or one.reason for one in unjudged)
    page.line(("not checked: ", "bold dim"), (f"{count_of(len(rules), 'rule')}, for want of {tables}", "dim"), indent=2)


def _write_undecided(page: Page, layers: Iterable[LayerOfClaim]) -> None:
    """Layers of which it could not be told whether they are for the claim: their values did not count."""
    untold = [f"{one.pack} ({one.undecided})" for one in layers if one.undecided]
    if untold:
        page.line(("layers that could not be decided: ", "bold dim"), ("; ".join(untold), "dim"), indent=2)
