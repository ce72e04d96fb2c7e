"""One finding in the report for people: what, where, why, what to do, who, and what a payer would answer."""

from __future__ import annotations

import re

from scrubber.claim_status import coded, in_words
from scrubber.findings import Finding
from scrubber.report.page import STYLES, Page, Span, percent
from scrubber.report.places import where_in_claim

BODY = 10
"""How far the text under a finding stands in, so that severities can be skimmed."""

_NARROW_BODY = 4
_END_OF_SENTENCE = re.compile(r"(?<=[a-z0-9)][.!?])\s+(?=[A-Z0-9])")


def write_finding(page: Page, finding: Finding, *, why: str = "") -> None:
    page.line(
        (f"{finding.severity:<8}", STYLES[finding.severity]),
        (f"{finding.rule} ", "bold"),
        (finding.name, ""),
        (f"  {where_in_claim(finding)}", "dim"),
        indent=2,
        hang=2 if page.narrow else BODY - 2,
    )
    write_under(page, (finding.message, ""), hang=0)
    if why:
        write_under(page, ("why: ", "bold dim"), (why, "dim"))
    if finding.fix.text:
        write_under(page, ("to do: ", "bold"), (finding.fix.text, ""))
    if finding.question:
        write_under(page, ("ask the clinician: ", "bold"), (finding.question, ""))
    for change in finding.fix.changes:
        write_under(page, (f"{change.field}: {change.old} -> {change.new} ({finding.fix.safety})", ""))
    notes = [f"who: {finding.owner.replace('_', ' ')}", f"risk {percent(finding.risk)}"]
    if finding.carc or finding.rarc:  # a group alone tells nobody anything
        answer = " ".join([finding.group or "", *finding.carc, *finding.rarc]).strip()
        notes.append(f"likely answer: {answer}")
    if finding.acknowledgment:
        notes.append(f"277CA: {coded(finding.acknowledgment)} ({in_words(finding.acknowledgment)})")
    if finding.fingerprint:
        notes.append(f"fingerprint {finding.fingerprint}")
    write_under(page, ("; ".join(notes), "dim"))
    for mark in finding.layers:
        changed = ", ".join(mark.set).replace("_", " ")
        write_under(page, (f"layer {mark.pack} {mark.version} set {changed}: {mark.reason}", "dim"))


def first_sentence(text: str) -> str:
    """The beginning of a text that says the main thing; all of it stands on the page of the rule."""
    return _END_OF_SENTENCE.split(text.strip(), maxsplit=1)[0]


def write_under(page: Page, *spans: Span, hang: int = 2) -> None:
    """A line that belongs to the finding above it."""
    page.line(*spans, indent=_NARROW_BODY if page.narrow else BODY, hang=hang)
