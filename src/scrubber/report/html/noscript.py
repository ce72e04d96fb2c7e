"""The summary for a browser that runs no script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from scrubber.report.page import dollars, printable
from scrubber.report.summary import Tally

RULES_SHOWN = 20


def summary_html(tally: Tally) -> str:
    """The counts, and the rules that fired most; a list of claims needs the script."""
    return "\n".join(_parts(tally))


def _parts(tally: Tally) -> Iterator[str]:
    yield '<div class="noscript"><h2>Summary</h2>'
    yield "<p>The work queue needs JavaScript, which this browser does not run. "
    yield "The report as text (<code>--format text</code>) has every finding.</p><dl>"
    yield from _counts(tally)
    yield "</dl>"
    if tally.interrupted:
        yield "<p><strong>The run was interrupted: what came after these claims was not looked at.</strong></p>"
    if tally.by_rule:
        yield "<table><caption>Findings by rule</caption><thead><tr><th>Rule</th><th>Findings</th><th>Claims</th></tr>"
        yield "</thead><tbody>"
        for rule, count in tally.rules_most_first()[:RULES_SHOWN]:
            name = escape(printable(f"{rule} {count.name}"))
            yield f"<tr><td>{name}</td><td>{count.findings:,}</td><td>{count.claims:,}</td></tr>"
        yield "</tbody></table>"
    yield "</div>"


def _counts(tally: Tally) -> Iterator[str]:
    yield from _count("Claims", f"{tally.claims:,}")
    yield from _count("Hold", f"{tally.hold:,}")
    yield from _count("Review", f"{tally.review:,}")
    yield from _count("Pass", f"{tally.passed:,}")
    yield from _count("Findings", f"{tally.findings:,}")
    yield from _count("At risk", dollars(tally.amount_at_risk))
    if tally.unreadable:
        yield from _count("Not read", f"{tally.unreadable:,}")
    if tally.partly_read:
        yield from _count("Read in part", f"{tally.partly_read:,}")
    if tally.not_checked:
        yield from _count("Rules without a table for some claims", f"{len(tally.not_checked):,}")


def _count(word: str, number: str) -> Iterator[str]:
    yield f"<dt>{word}</dt><dd>{number}</dd>"
