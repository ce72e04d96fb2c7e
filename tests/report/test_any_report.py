"""Whatever a report holds, each format can write it, and the summary adds up."""

from __future__ import annotations

import io
import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.findings import Report
from scrubber.report.html import HtmlWriter
from scrubber.report.json import JsonWriter, NdjsonWriter
from scrubber.report.summary import Tally
from scrubber.report.text import TextWriter
from scrubber.report.writer import Run

from .any_reports import reports


@settings(max_examples=60, deadline=None)
@given(st.lists(reports, max_size=4))
def test_every_format_can_write_it(run: list[Report]) -> None:
    as_json, as_lines, as_text = io.StringIO(), io.StringIO(), io.StringIO()
    as_page = io.StringIO()
    writers = (
        JsonWriter(as_json, statistics=True),
        NdjsonWriter(as_lines),
        TextWriter(as_text, statistics=True),
        HtmlWriter(as_page),
    )
    tally = Tally()
    for writer in writers:
        writer.start(Run(scrubber="0.1.0"))
    for report in run:
        tally.add(report)
        for writer in writers:
            writer.claim(report)
    for writer in writers:
        writer.finish(tally)

    document = json.loads(as_json.getvalue())
    assert [json.loads(line) for line in as_lines.getvalue().split("\n") if line] == document["claims"]
    assert all(line.isprintable() for line in as_text.getvalue().split("\n"))
    data = as_page.getvalue().partition('id="data">\n')[2].partition("</script>")[0]
    claims = [value for kind, value in json.loads(data) if kind == "claim"]
    assert [len(claim.get("findings", ())) for claim in claims] == [len(report.findings) for report in run]

    summary = document["summary"]
    assert summary["claims"] + summary["unreadable"] == len(run)
    assert summary["pass"] + summary["review"] + summary["hold"] == summary["claims"]
    assert sum(summary["by_rule"].values()) == summary["findings"]
    read = [report for report in run if report.readable]
    assert summary["findings"] == sum(len(report.findings) for report in read)
    assert Decimal(summary["amount_at_risk"]) == sum(report.amount_at_risk for report in read)
