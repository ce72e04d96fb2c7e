"""Findings that were set aside, in the report for people: counted for each claim, and told at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scrubber.findings import SEVERITIES, Finding, Suppressed, Suppression
from scrubber.report.aside_counts import AsideCounts
from scrubber.report.page import Page, count_of, some_of
from scrubber.report.places import where_in_claim
from scrubber.report.text_finding import write_under
from scrubber.suppress import Entry


def write_aside(page: Page, suppressed: Iterable[Suppressed], *, each: bool) -> None:
    """One line for all of a claim, or one for each."""
    suppressed = tuple(suppressed)
    if not suppressed:
        return
    if each:
        for one in suppressed:
            _write_one(page, one.finding, one.suppression)
        return
    counts = Counter((one.suppression, one.finding.rule) for one in suppressed)
    told = "; ".join(f"{_why(why)} ({rules})" for why, rules in _by_decision(counts))
    page.line(("set aside: ", "bold dim"), (told, "dim"), indent=2, hang=2)


def write_aside_summary(page: Page, counts: AsideCounts) -> None:
    """How many findings were set aside, by whom and until when; and which decisions need a look."""
    if counts.findings:
        severities = ", ".join(f"{counts.severities[one]} {one}" for one in SEVERITIES if counts.severities[one])
        page.line(
            ("set aside: ", "bold"), (f"{count_of(counts.findings, 'finding')} ({severities})", ""), indent=2, hang=2
        )
        for why, rules in _by_decision(counts.decisions):
            reason = f"; {why.reason}" if why.reason else ""
            page.line((f"{_why(why)}: ", "bold"), (f"{rules}{reason}", ""), (f"  {why.place}", "dim"), indent=4, hang=2)
    if counts.baseline is not None and counts.baseline.gone:
        known, gone = counts.baseline.known, counts.baseline.gone
        told = f"{gone:,} of {count_of(known, 'known finding')} gone; --write-baseline writes down those that are left"
        page.line(("baseline: ", "bold"), (told, ""), indent=2, hang=2)
    for entry in counts.expired:
        told = f"{entry.about} ({entry.by}, until {entry.until}) sets nothing aside any more"
        page.line(("expired suppression: ", "yellow"), (told, ""), (f"  {entry.place}", "dim"), indent=2, hang=2)
    if counts.unused:
        page.line(("unused suppressions: ", "bold"), (_unused(counts.unused), ""), indent=2, hang=2)


def _unused(entries: Iterable[Entry]) -> str:
    return f"{some_of(f'{entry.about} ({entry.place})' for entry in entries)}; no finding fitted"


def _write_one(page: Page, finding: Finding, why: Suppression) -> None:
    page.line(
        (f"{'aside':<8}", "dim"),
        (f"{finding.rule} ", "bold dim"),
        (f"{finding.name}  {where_in_claim(finding)}", "dim"),
        indent=2,
    )
    write_under(page, (finding.message, "dim"), hang=0)
    notes = [finding.severity, f"{_why(why)}{f': {why.reason}' if why.reason else ''}", why.place]
    write_under(page, ("; ".join(notes), "dim"))


def _by_decision(counts: Counter[tuple[Suppression, str]]) -> list[tuple[Suppression, str]]:
    """Each decision with its rules: "DX104 3, MOD110"."""
    rules: dict[Suppression, list[str]] = {}
    for (why, rule), count in sorted(counts.items(), key=lambda item: (item[0][0].place, -item[1], item[0][1])):
        rules.setdefault(why, []).append(rule if count == 1 else f"{rule} {count:,}")
    return [(why, ", ".join(names)) for why, names in rules.items()]


def _why(why: Suppression) -> str:
    if why.kind == "baseline":
        return "known before"
    return f"{why.by}, until {why.expires}"
