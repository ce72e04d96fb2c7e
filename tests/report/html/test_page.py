"""The file itself: its data, what holds it shut, and what is not in it."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import attrs
import pytest

from scrubber.claim import Claim, Diagnosis, Patient, Payer, Provider, ServiceLine, Subscriber
from scrubber.findings import Report
from scrubber.outline import outline_of
from scrubber.readers.recognize import is_own_report
from scrubber.report.html.data import Shared, cents, claim_lines, end_line
from scrubber.report.missing_tables import MissingTables
from scrubber.report.summary import Tally
from scrubber.report.writer import Run

GOLDEN = Path(__file__).parents[1] / "golden" / "report.html.json"

Lines = Callable[[str], list[tuple[str, Any]]]
Text = Callable[[str], str]

NASTY = "</script><img src=x onerror=alert(1)> <!-- & \u2028 \u202e \x1b[31m ]]>"


class Tags(HTMLParser):
    """The tags of a page as a browser would meet them, and what stands in each script and style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.insides: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] in ("script", "style") and data.strip():
            self.insides.append((self.tags[-1], data))


def test_the_data_is_as_it_was(run: Run, reports: list[Report], write: Any, data_text: Text) -> None:
    text = data_text(write(run, reports)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_a_later_run_knows_its_own_report(run: Run, reports: list[Report], write: Any) -> None:
    assert is_own_report(write(run, reports).encode())
    assert not is_own_report(b"<!doctype html><html><title>Another page</title></html>")


def test_only_its_own_style_and_script_may_run(run: Run, reports: list[Report], write: Any) -> None:
    html = write(run, reports)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    assert rules["default-src"] == "'none'"
    style, _, script = Tags(html).insides
    for name, (kind, text) in (("style-src", style), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert (name, rules[name]) == (f"{kind}-src", f"'sha256-{digest}'")


def test_nothing_is_fetched(run: Run, write: Any) -> None:
    page = Tags(write(run, []))
    assert not {"link", "img", "iframe", "object", "embed", "base"} & set(page.tags)
    assert not {"src", "style", "onclick"} & {name for name, _ in page.attributes}
    style, _, script = page.insides
    for _, text in (style, script):
        assert "@import" not in text
        assert "url(" not in text
        assert set(re.findall(r"https?://[a-z0-9.]+", text)) <= {"http://www.w3.org"}  # the name of SVG
        assert "innerHTML" not in text


def test_nothing_in_a_claim_breaks_out(run: Run, reports: list[Report], write: Any, data_lines: Lines) -> None:
    first = reports[0]
    assert first.outline is not None
    nasty = attrs.evolve(
        first,
        claim_id=NASTY,
        source=NASTY,
        findings=(
            attrs.evolve(first.findings[0], message=NASTY, question=NASTY, position={NASTY: NASTY}),
            *first.findings[1:],
        ),
        outline=attrs.evolve(first.outline, payer_name=NASTY, type_of_bill=NASTY),
    )
    plain, hostile = write(run, [first]), write(run, [nasty])
    assert Tags(hostile).tags == Tags(plain).tags
    assert "\u2028" not in hostile
    assert "\u202e" not in hostile
    assert "\x1b" not in hostile
    claim = next(value for kind, value in data_lines(hostile) if kind == "claim")
    assert claim["id"].startswith("</script><img src=x onerror=alert(1)> <!-- & ")


def test_the_summary_without_script_escapes(run: Run, reports: list[Report], write: Any) -> None:
    nasty = attrs.evolve(reports[0], findings=(attrs.evolve(reports[0].findings[0], name="<b>bold</b>"),))
    noscript = write(run, [nasty]).partition("<noscript>")[2].partition("</noscript>")[0]
    assert "&lt;b&gt;bold&lt;/b&gt;" in noscript
    assert "<dt>Hold</dt><dd>1</dd>" in noscript


def test_who_the_patient_is_does_not_leave(run: Run, reports: list[Report], write: Any) -> None:
    claim = Claim(
        claim_id="A-1",
        payer=Payer(id="60054", name="Blue Plan"),
        patient=Patient(last_name="MARKEDNAME", birth_date=date(1931, 1, 9)),
        subscriber=Subscriber(member_id="MARKEDMEMBER", last_name="MARKEDINSURED"),
        billing_provider=Provider(npi="1234567893", tax_id="MARKEDTAX", name="MARKEDCLINIC"),
        claim_note="MARKEDNOTE",
        diagnoses=(Diagnosis(code="E11"),),
        lines=(ServiceLine(number=1, procedure="99213", charge=Decimal("10.00"), description="MARKEDTEXT"),),
    )
    html = write(run, [attrs.evolve(reports[0], outline=outline_of(claim))])
    assert "99213" in html
    assert "MARKED" not in html
    assert "1931" not in html


def test_claims_with_nothing_found_bring_no_lines(
    run: Run, reports: list[Report], write: Any, data_lines: Lines
) -> None:
    claims = [value for kind, value in data_lines(write(run, reports)) if kind == "claim"]
    assert [("lines" in claim) for claim in claims] == [True, True, True, True, False, True, False]


def test_what_claims_share_is_written_once(reports: list[Report]) -> None:
    shared = Shared()
    first = "".join(claim_lines(reports[0], shared))
    again = claim_lines(reports[0], shared)
    assert len(again) == 1
    assert len(again[0]) < len(first) / 2


def test_the_counts_stand_in_one_order_whatever_came_first() -> None:
    def told(*rules: str) -> str:
        counts = Counter(rules)
        return end_line(Tally(not_evaluated=counts, not_checked=counts), MissingTables())

    assert told("DX101", "PAT102", "CLM101") == told("PAT102", "CLM101", "DX101")


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("12.34", 1234), ("-0.5", -50), ("0", 0), ("1E+400", 10**15), ("-1E+400", -(10**15)), ("NaN", None), (None, None)],
)
def test_amounts_as_cents(amount: str | None, expected: int | None) -> None:
    assert cents(None if amount is None else Decimal(amount)) == expected
