"""Whatever a report holds, each format can write it, and the summary adds up."""

from __future__ import annotations

import io
import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.findings import Evidence, Finding, Fix, Masked, ReadError, Reference, Report, Unjudged
from scrubber.report.html import HtmlWriter
from scrubber.report.json import JsonWriter, NdjsonWriter
from scrubber.report.summary import Tally
from scrubber.report.text import TextWriter
from scrubber.report.writer import Run

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
blank_or_text = st.none() | text
texts = st.lists(text, max_size=2).map(tuple)
position = st.none() | st.dictionaries(text, st.none() | st.integers() | text, max_size=2)
money = st.decimals("0", "99999999", places=2)

findings = st.builds(
    Finding,
    rule=st.sampled_from(["DX101", "NCCI101"]),
    name=text,
    family=text,
    severity=st.sampled_from(["error", "warning", "info"]),
    risk=st.floats(0, 1),
    disposition=st.just("suspend"),
    message=text,
    line=st.none() | st.integers(1, 99),
    diagnosis=st.none() | st.integers(1, 99),
    field=blank_or_text,
    position=position,
    codes=texts,
    group=blank_or_text,
    carc=texts,
    rarc=texts,
    owner=st.sampled_from(["coder", "clinician", "front_desk", "biller"]),
    fix=st.builds(Fix, text=text),
    evidence=st.none()
    | st.builds(
        Evidence,
        table=text,
        edition=blank_or_text,
        row=st.dictionaries(text, st.dates() | money | text | st.booleans() | texts, max_size=3),
    ),
    references=st.lists(st.builds(Reference, title=text, url=blank_or_text), max_size=1).map(tuple),
    fingerprint=text,
)
unjudged = st.lists(
    st.builds(
        Unjudged,
        rule=text,
        reason=text,
        table=st.none() | text,
        date=st.none() | st.dates(),
        missing_part=st.none() | text,
    ),
    max_size=2,
).map(tuple)
reports = st.builds(
    Report,
    claim_id=blank_or_text,
    source=blank_or_text,
    index=st.none() | st.integers(0, 9),
    decision=st.sampled_from(["pass", "review", "hold"]),
    risk=st.floats(0, 1),
    amount_at_risk=money,
    findings=st.lists(findings, max_size=3).map(tuple),
    masked=st.lists(st.builds(Masked, rule=text, by=text), max_size=1).map(tuple),
    not_evaluated=unjudged,
    not_checked=unjudged,
    errors=st.lists(st.builds(ReadError, message=text, position=position, hint=text), max_size=1).map(tuple),
    readable=st.booleans(),
)


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
