"""The report for people: findings grouped by claim, then what was not judged, and a summary at the end.

A claim that passes without a finding is counted and not listed: the summary says how many there were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TextIO

from scrubber.findings import LayerOfClaim, ReadError, Report, Unjudged
from scrubber.report.missing_tables import MissingTables
from scrubber.report.page import STYLES, Page, Span, count_of, dollars, open_page, percent, some_of
from scrubber.report.places import position_text
from scrubber.report.summary import Tally
from scrubber.report.text_aside import write_aside
from scrubber.report.text_finding import first_sentence, write_finding
from scrubber.report.text_summary import write_statistics, write_summary
from scrubber.report.text_why import write_why
from scrubber.report.writer import PackUsed, Run

REASONS_SHOWN = 4
"""A claim's own list of reasons is cut here; the report as JSON has all of them."""

TABLES_NAMED = 2
"""A claim that lacked more tables says how many: the summary names them."""


class TextWriter:
    """Writes each claim when it comes; nothing of it is kept but which table which rule lacked."""

    def __init__(self, stream: TextIO, *, color: bool = True, statistics: bool = False) -> None:
        self._page = open_page(stream, color=color)
        self._statistics = statistics
        self._missing = MissingTables()
        self._packs: tuple[PackUsed, ...] = ()
        self._whys: dict[str, str] = {}

    def start(self, run: Run) -> None:
        """Nothing is written: whoever reads this report wants the findings first."""
        self._missing = MissingTables(loaded=frozenset(table.name for table in run.tables))
        self._packs = run.packs
        self._whys = {rule.id: first_sentence(rule.why) for rule in run.rules if rule.why}

    def claim(self, report: Report) -> None:
        for unjudged in report.not_checked:
            self._missing.add(unjudged)
        told = report.findings or report.errors or report.why or (self._statistics and report.suppressed)
        if report.readable and not told:
            return
        self._page.line(*_headline(report), hang=2)
        write_body(self._page, report, each_aside=self._statistics, whys=self._whys, briefly=True)
        write_why(self._page, report.why or ())
        self._page.line()

    def finish(self, tally: Tally) -> None:
        if self._statistics:
            write_statistics(self._page, tally, self._packs)
        write_summary(self._page, tally, self._missing)


def write_body(
    page: Page,
    report: Report,
    *,
    each_aside: bool = False,
    whys: dict[str, str] | None = None,
    briefly: bool = False,
) -> None:
    """All that is to be said of a claim under its headline.

    `each_aside` tells of everything that was set aside; `whys` has a sentence for each rule whose reason was not told
    yet, and loses those that are told; `briefly` leaves the names of many missing tables to the summary.
    """
    for error in report.errors:
        page.line(*_error_spans(error), indent=2, hang=2)
    for finding in report.findings:
        write_finding(page, finding, why=whys.pop(finding.rule, "") if whys else "")
    write_aside(page, report.suppressed, each=each_aside)
    _write_not_evaluated(page, report.not_evaluated)
    _write_not_checked(page, report.not_checked, briefly=briefly)
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
    page.line(("not evaluated: ", "bold dim"), ("; ".join(groups), "dim"), indent=2, hang=2)


def _write_not_checked(page: Page, unjudged: Collection[Unjudged], *, briefly: bool) -> None:
    """One line with the tables that were missing. It is much the same for every claim, so the summary has the rest."""
    rules = {one.rule for one in unjudged}
    if not rules:
        return
    tables = list(dict.fromkeys(one.table or one.reason for one in unjudged))
    many = briefly and len(tables) > TABLES_NAMED
    told = f"{len(tables)} tables, named at the end" if many else some_of(tables)
    text = f"{count_of(len(rules), 'rule')}, for want of {told}"
    page.line(("not checked: ", "bold dim"), (text, "dim"), indent=2, hang=2)


def _write_undecided(page: Page, layers: Iterable[LayerOfClaim]) -> None:
    """Layers of which it could not be told whether they are for the claim: their values did not count."""
    untold = [f"{one.pack} ({one.undecided})" for one in layers if one.undecided]
    if untold:
        page.line(("layers that could not be decided: ", "bold dim"), ("; ".join(untold), "dim"), indent=2, hang=2)
