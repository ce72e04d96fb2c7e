"""What programs rely on: the keys, their order, and that any report at all becomes valid JSON."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import attrs

from scrubber.findings import Evidence, Report
from scrubber.report.json import JsonWriter, NdjsonWriter, claim_object, encode
from scrubber.report.summary import Tally
from scrubber.report.writer import Run

CLAIM_KEYS = [
    "claim_id", "source", "index", "decision", "risk", "amount_at_risk", "findings", "masked",
    "not_evaluated", "not_checked", "errors", "coverage",
]  # fmt: skip
FINDING_KEYS = [
    "rule", "name", "family", "severity", "risk", "disposition", "message", "line", "diagnosis", "field",
    "position", "codes", "group", "carc", "rarc", "owner", "fix", "evidence", "references", "fingerprint",
]  # fmt: skip
FINDING_KEYS_SOMETIMES = ["acknowledgment", "question", "layers"]
SUMMARY_KEYS = ["claims", "pass", "review", "hold", "findings", "by_rule", "unreadable"]


def as_json(run: Run, reports: list[Report]) -> dict[str, Any]:
    stream, tally = io.StringIO(), Tally()
    writer = JsonWriter(stream)
    writer.start(run)
    for report in reports:
        writer.claim(report)
        tally.add(report)
    writer.finish(tally)
    document: dict[str, Any] = json.loads(stream.getvalue())
    return document


def test_names_and_their_order(run: Run, reports: list[Report]) -> None:
    document = as_json(run, reports)
    assert list(document) == ["schema", "scrubber", "packs", "tables", "claims", "summary"]
    assert list(document["claims"][0]) == CLAIM_KEYS
    assert list(document["claims"][0]["findings"][0]) == [*FINDING_KEYS, "question"]
    assert list(document["claims"][0]["findings"][1]["fix"]) == ["safety", "text", "changes"]
    assert list(document["summary"])[: len(SUMMARY_KEYS)] == SUMMARY_KEYS
    assert list(document["tables"][0]) == ["name", "edition", "from", "to"]


def test_every_finding_has_every_key(run: Run, reports: list[Report]) -> None:
    for claim in as_json(run, reports)["claims"]:
        for finding in claim["findings"]:
            assert [key for key in finding if key not in FINDING_KEYS_SOMETIMES] == FINDING_KEYS


def test_the_answer_of_a_front_end_stands_beside_the_adjustment(run: Run, reports: list[Report]) -> None:
    denied, refused = as_json(run, reports)["claims"][0]["findings"]
    assert refused["acknowledgment"] == {"category": "A7", "status": ["255"], "entity": None}
    assert "acknowledgment" not in denied
    assert denied["question"].startswith("Were XX001 and XX002")


def test_what_could_not_be_read_is_listed_and_counted_apart(run: Run, reports: list[Report]) -> None:
    document = as_json(run, reports)
    summary, last = document["summary"], document["claims"][-1]
    assert (last["claim_id"], last["decision"], last["findings"]) == (None, "hold", [])
    assert last["errors"][0]["position"] == {"segment": 40, "loop": "2300"}
    assert summary["unreadable"] == 1
    assert summary["claims"] == summary["pass"] + summary["review"] + summary["hold"] == 5


def test_no_claims_is_an_empty_list(run: Run) -> None:
    document = as_json(run, [])
    assert document["claims"] == []
    assert document["summary"]["claims"] == 0


def test_ndjson_holds_the_same_objects_in_the_same_order(run: Run, reports: list[Report]) -> None:
    stream = io.StringIO()
    writer = NdjsonWriter(stream)
    writer.start(run)
    for report in reports:
        writer.claim(report)
    writer.finish(Tally())
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert lines == as_json(run, reports)["claims"]


def test_money_is_text_with_two_decimals(reports: list[Report]) -> None:
    amounts = [claim_object(report)["amount_at_risk"] for report in reports]
    assert amounts == ["125.00", "80.00", "0.00", "0.00", "0.00", "0.00"]


def test_the_row_of_a_table_keeps_its_values(reports: list[Report]) -> None:
    row = MappingProxyType({"from": date(2026, 1, 1), "rate": Decimal("1.50"), "flags": frozenset({"A"})})
    finding = attrs.evolve(reports[0].findings[0], evidence=Evidence(table="mpfs", edition=None, row=row))
    written = json.loads(encode(claim_object(attrs.evolve(reports[0], findings=(finding,)))))
    assert written["findings"][0]["evidence"]["row"] == {"from": "2026-01-01", "rate": "1.50", "flags": ["A"]}


def test_a_line_of_ndjson_is_one_line_whatever_the_claim_id(reports: list[Report]) -> None:
    stream = io.StringIO()
    NdjsonWriter(stream).claim(attrs.evolve(reports[0], claim_id='A\n"\u2028\x1b[31m'))
    assert stream.getvalue().count("\n") == 1
    assert json.loads(stream.getvalue())["claim_id"] == 'A\n"\u2028\x1b[31m'
