"""SARIF: valid by the schema of OASIS, whole in the eyes of another reader, and nothing passed over in silence."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.findings import Report
from scrubber.report.sarif import TAGS, SarifWriter, artifact_uri, message_text
from scrubber.report.summary import Tally
from scrubber.report.writer import Run

from .any_reports import reports as any_reports
from .writing import written

validate = pytest.importorskip("sarif_kit.validate")
pysarif = pytest.importorskip("pysarif")


def sarif(run: Run, reports: list[Report]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(written(SarifWriter, run, reports))
    return document


@pytest.fixture
def document(full_run: Run, full_reports: list[Report]) -> dict[str, Any]:
    return sarif(full_run, full_reports)


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert validate.validation_errors(document) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda run: run["results"][0].update(level="info"),
        lambda run: run["results"][0].pop("message"),
        lambda run: run["results"][0].update(ruleIndex="0"),
        lambda run: run["tool"]["driver"].pop("name"),
        lambda run: run["invocations"][0].pop("executionSuccessful"),
        lambda run: run["results"][0]["suppressions"][0].update(kind="baseline"),
        lambda run: run["artifacts"].append(run["artifacts"][0]),
    ],
)
def test_the_schema_notices(document: dict[str, Any], spoil: Any) -> None:
    results = document["runs"][0]["results"]
    results.sort(key=lambda result: "suppressions" not in result)
    spoil(document["runs"][0])
    assert validate.validation_errors(document)


def test_another_reader_knows_every_key(document: dict[str, Any]) -> None:
    again = pysarif.save_to_dict(pysarif.load_from_json(json.dumps(document)))
    del document["$schema"]  # the name of a file, which it leaves out
    lost = [place for place in _lost(document, again) if not place.endswith(".suppressions[0].status")]
    assert lost == []  # the status of a suppression is the one key that this reader calls by another name


@settings(max_examples=40, deadline=None)
@given(st.lists(any_reports, max_size=3))
def test_any_report_is_valid(run: list[Report]) -> None:
    document = sarif(Run(scrubber="0.1.0"), run)
    assert validate.validation_errors(document) == []
    results = document["runs"][0]["results"]
    assert len(results) == sum(len(report.findings) + len(report.suppressed) for report in run)
    assert len([result for result in results if "suppressions" in result]) == sum(len(one.suppressed) for one in run)
    assert len(_told(document, "not-read")) == sum(len(report.errors) for report in run)
    for text in (result["message"]["text"] for result in results):
        assert text.isprintable()
        assert not re.search(r"\]\(|(?<!\{)\{(?!\{)\d+\}(?!\})", text)


def test_a_result_says_what_the_report_as_json_says(document: dict[str, Any]) -> None:
    result = document["runs"][0]["results"][0]
    assert (result["ruleId"], result["ruleIndex"], result["level"], result["rank"]) == ("NCCI101", 0, "error", 95.0)
    assert result["message"]["text"] == "A-1001: XX002 (line 2) is bundled into XX001 (line 1) on 2026-10-02."
    assert result["properties"]["claim"]["amount_at_risk"] == "125.00"
    assert result["properties"]["position"] == {"segment": 31, "loop": "2400", "element": "SV101-2"}
    assert set(result["partialFingerprints"].values()) == {"0123456789abcdef"}


def test_a_line_of_the_file_is_given_only_where_it_is_known(document: dict[str, Any]) -> None:
    segment, row, *_ = document["runs"][0]["results"]
    assert "region" not in segment["locations"][0]["physicalLocation"]
    assert "region" not in row["locations"][0]["physicalLocation"]
    line = next(one for one in document["runs"][0]["results"] if one["properties"]["claim"]["claim_id"][:1] == "=")
    assert line["locations"][0]["physicalLocation"]["region"] == {"startLine": 7}


def test_what_is_set_aside_says_by_whom_and_until_when(document: dict[str, Any]) -> None:
    aside = [result["suppressions"][0] for result in document["runs"][0]["results"] if "suppressions" in result]
    assert [one["kind"] for one in aside] == ["external", "external"]
    assert aside[0]["justification"] == "The payer agreed by letter. (by Ana Ruiz, until 2027-01-31)"
    assert aside[0]["location"]["physicalLocation"] == {
        "artifactLocation": {"uri": "suppressions.yaml"},
        "region": {"startLine": 12},
    }
    assert "baseline" in aside[1]["justification"]


def test_a_rule_brings_its_page(document: dict[str, Any]) -> None:
    rule = document["runs"][0]["tool"]["driver"]["rules"][0]
    assert rule["helpUri"] == "https://www.cms.gov/ncci"
    assert "Bill <line number> only." in rule["help"]["text"]
    # What an author wrote is no link, no HTML and no placeholder of ours.
    assert r"\[the manual\](x) & \<its tables\> for {{0}}." in rule["help"]["markdown"]
    assert {"ncci", "coder", "CARC 236"} <= set(rule["properties"]["tags"])
    assert len(rule["properties"]["tags"]) <= TAGS


def test_what_was_not_looked_at_is_told(document: dict[str, Any]) -> None:
    invocation = document["runs"][0]["invocations"][0]
    assert invocation["executionSuccessful"] is False
    read = [one["message"]["text"] for one in _told(document, "not-read")]
    assert "claims.837: claim 6: segment 40 loop 2300: the claim has no CLM segment." in read
    tables = {one["properties"]["table"]: one["message"]["text"] for one in _told(document, "not-checked")}
    assert "MUE101 could not be checked for 2026-10-02." in tables["mue_practitioner"]
    assert "scrubber tables import" in tables["coverage"]
    assert [one["associatedRule"]["id"] for one in _told(document, "not-evaluated") if "associatedRule" in one] == [
        "DX105"
    ]


def test_a_run_that_was_stopped_says_so(full_run: Run, full_reports: list[Report]) -> None:
    stream, tally = io.StringIO(), Tally(interrupted=True)
    writer = SarifWriter(stream)
    writer.start(full_run)
    tally.add(full_reports[2])
    writer.claim(full_reports[2])
    writer.finish(tally)
    document = json.loads(stream.getvalue())
    assert validate.validation_errors(document) == []
    assert _told(document, "interrupted")
    assert document["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_a_clean_run_is_a_valid_empty_list(full_run: Run, full_reports: list[Report]) -> None:
    document = sarif(full_run, [full_reports[3]])
    assert validate.validation_errors(document) == []
    assert document["runs"][0]["results"] == []
    assert document["runs"][0]["invocations"][0]["executionSuccessful"] is True


def test_results_of_one_input_share_its_artifact(full_run: Run, full_reports: list[Report]) -> None:
    other = attrs.evolve(full_reports[0], source="b.837")
    run = sarif(full_run, [full_reports[0], other, full_reports[0]])["runs"][0]
    assert [one["location"]["uri"] for one in run["artifacts"]] == ["claims.837", "b.837"]
    indexes = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["index"]
        for result in run["results"]
        if result["ruleId"] == "NCCI101"
    ]
    assert indexes == [0, 1, 0]


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("in box/a#1.837", "in%20box/a%231.837"),
        ("a:b.837", "a%3Ab.837"),
        ("/data/50%.837", "file:///data/50%25.837"),
        ("-", "-"),
    ],
)
def test_names_of_files_as_uris(source: str, uri: str) -> None:
    assert artifact_uri(source) == uri


def test_a_message_holds_no_link_and_no_placeholder_of_the_claim() -> None:
    assert message_text("[x](http://evil) {0}\n\x1b") == "[x] (http://evil) {{0}} \ufffd"


def _told(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    told = document["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    return [one for one in told if one["descriptor"]["id"] == name]


def _lost(value: Any, read: Any, place: str = "") -> Iterator[str]:
    """What of a value is not in what was read. A reader may fill in defaults, and free properties are not its own."""
    if isinstance(value, dict) and isinstance(read, dict):
        for key, item in value.items():
            if item is not None and key != "properties":
                yield from _lost(item, read.get(key), f"{place}.{key}")
    elif isinstance(value, list) and isinstance(read, list) and len(value) == len(read):
        for number, (item, other) in enumerate(zip(value, read, strict=True)):
            yield from _lost(item, other, f"{place}[{number}]")
    elif value != read:
        yield place
