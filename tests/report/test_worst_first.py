"""The order in which somebody would work: nothing is lost by it, and it is the same for every format."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.findings import Report
from scrubber.report.json import JsonWriter
from scrubber.report.worst_first import WorstFirst, findings_worst_first, worst_first
from scrubber.report.writer import Run

from .any_reports import reports as any_reports
from .writing import written


def test_what_was_not_read_then_hold_then_the_dollars_likely_lost(reports: list[Report]) -> None:
    hold, review, noted, clean, partly, unreadable = reports
    dear = attrs.evolve(review, claim_id="dear", amount_at_risk=Decimal("9000"), risk=0.5)
    sure = attrs.evolve(review, claim_id="sure", amount_at_risk=Decimal("100"), risk=0.9)
    order = [clean, review, noted, sure, hold, partly, dear, unreadable]
    assert [(one.claim_id, one.index) for one in worst_first(order)] == [
        (None, 5),
        ("A-1001", 0),
        ("dear", 1),
        ("sure", 1),
        ("A-1002", 1),
        ("A-1004", 3),
        (None, None),
        ("A-1005", 4),
    ]


def test_findings_by_severity_then_risk(reports: list[Report]) -> None:
    pair, dot = reports[0].findings
    note = reports[2].findings[0]
    small = attrs.evolve(pair, risk=0.1)
    assert findings_worst_first((note, dot, small, pair)) == (pair, small, dot, note)


@settings(max_examples=40, deadline=None)
@given(st.lists(any_reports, max_size=5))
def test_nothing_is_lost_and_the_summary_is_the_same(run: list[Report]) -> None:
    in_order = json.loads(written(JsonWriter, Run(scrubber="0.1.0"), run))
    sorted_first = json.loads(written(lambda stream: WorstFirst(JsonWriter(stream)), Run(scrubber="0.1.0"), run))
    assert sorted_first["summary"] == in_order["summary"]
    assert sorted(map(_whole, sorted_first["claims"])) == sorted(map(_whole, in_order["claims"]))


def test_nothing_is_written_before_the_last_claim(run: Run, reports: list[Report]) -> None:
    stream = io.StringIO()
    writer = WorstFirst(JsonWriter(stream))
    writer.start(run)
    writer.claim(reports[0])
    assert "A-1001" not in stream.getvalue()


def _whole(claim: dict[str, object]) -> str:
    findings = claim["findings"]
    assert isinstance(findings, list)
    return json.dumps({**claim, "findings": sorted(map(json.dumps, findings))})
