"""JUnit XML: what a build server would show of a run, read by another program."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.findings import Report
from scrubber.report import junit
from scrubber.report.junit import JunitWriter
from scrubber.report.summary import Tally
from scrubber.report.writer import Run

from .any_reports import reports as any_reports
from .writing import written

junitparser = pytest.importorskip("junitparser")


def suites(run: Run, reports: list[Report], fail_on: str = "error") -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(written(partial(JunitWriter, fail_on=fail_on), run, reports))
    return {suite.attrib["name"]: suite for suite in root}


def outcome(case: ElementTree.Element) -> str:
    return next((child.tag for child in case if child.tag in ("error", "failure", "skipped")), "passed")


def test_no_element_and_no_attribute_but_those_that_jenkins_knows(run: Run, reports: list[Report]) -> None:
    """As the schema of its xUnit plugin, junit-10.xsd, has them; the required ones are all there."""
    root = ElementTree.fromstring(written(JunitWriter, run, reports))
    counts = {"tests", "failures", "errors"}
    known = {
        "testsuites": {"name", *counts},
        "testsuite": {"name", *counts, "skipped"},
        "testcase": {"classname", "name"},
        "failure": {"type", "message"},
        "error": {"type", "message"},
        "skipped": {"message"},
        "system-out": set(),
    }
    assert {element.tag for element in root.iter()} == set(known)
    assert all(set(element.attrib) == known[element.tag] for element in root.iter())


def test_a_claim_is_a_test_case_of_its_input(run: Run, reports: list[Report]) -> None:
    claims = suites(run, reports)["claims.837"]
    assert [(case.attrib["name"], outcome(case)) for case in claims] == [
        ("A-1001 (claim 1)", "failure"),
        ("A-1002 (claim 2)", "passed"),
        ("A-1004 (claim 4)", "passed"),
        ("A-1005 (claim 5)", "error"),
        ("claim 6", "error"),
    ]
    assert "to do: Bill line 1 only" in (claims[0][0].text or "")
    assert "DX101 diagnosis-format" in (claims[1].findtext("system-out") or "")


@pytest.mark.parametrize(
    ("fail_on", "outcomes"),
    [
        ("error", ["failure", "passed"]),
        ("warning", ["failure", "failure"]),
        ("never", ["passed", "passed"]),
    ],
)
def test_what_fails_is_what_makes_the_run_fail(
    run: Run, reports: list[Report], fail_on: str, outcomes: list[str]
) -> None:
    claims = suites(run, reports[:2], fail_on)["claims.837"]
    assert [outcome(case) for case in claims] == outcomes
    assert all("NCCI101" in "".join(case.itertext()) for case in claims[:1])


def test_a_missing_table_is_a_skipped_test(run: Run, reports: list[Report]) -> None:
    skipped = suites(run, reports)["not checked"]
    assert [case.attrib["name"] for case in skipped] == ["table coverage", "table mue_practitioner"]
    assert "MUE101 could not be checked for 2026-10-02" in skipped[1][0].attrib["message"]


def test_a_file_of_which_nothing_could_be_read(run: Run, reports: list[Report]) -> None:
    whole = attrs.evolve(reports[-1], index=None, source="gone.837")
    case = suites(run, [whole])["gone.837"][0]
    assert (case.attrib["name"], outcome(case)) == ("the input", "error")


def test_inputs_that_take_turns_have_one_suite_each(run: Run, reports: list[Report], tmp_path: Path) -> None:
    other = attrs.evolve(reports[0], source="b.837")
    found = suites(run, [reports[0], other, reports[1], other])
    assert {name: suite.attrib["tests"] for name, suite in found.items()} == {
        "claims.837": "2",
        "b.837": "2",
        "not checked": "2",
    }
    assert [case.attrib["name"] for case in found["claims.837"]] == ["A-1001 (claim 1)", "A-1002 (claim 2)"]


def test_what_waits_in_a_file_is_the_same(run: Run, reports: list[Report], monkeypatch: pytest.MonkeyPatch) -> None:
    in_memory = written(JunitWriter, run, reports * 3)
    monkeypatch.setattr(junit, "KEPT_IN_MEMORY", 100)
    assert written(JunitWriter, run, reports * 3) == in_memory


def test_a_run_that_was_stopped_is_an_error(run: Run, reports: list[Report]) -> None:
    stream, tally = io.StringIO(), Tally(interrupted=True)
    writer = JunitWriter(stream)
    writer.start(run)
    writer.claim(reports[3])
    writer.finish(tally)
    read = junitparser.JUnitXml.fromstring(stream.getvalue().encode())
    assert read.errors == 1
    assert "not looked at" in stream.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.lists(any_reports, max_size=4), st.sampled_from(["error", "warning", "never"]))
def test_another_program_counts_what_the_report_counts(run: list[Report], fail_on: str) -> None:
    text = written(partial(JunitWriter, fail_on=fail_on), Run(scrubber="0.1.0"), run)
    read = junitparser.JUnitXml.fromstring(text.encode())
    told = {name: getattr(read, name) for name in ("tests", "failures", "errors")}
    read.update_statistics()
    assert told == {name: getattr(read, name) for name in told}
    for suite in read:
        before = {name: getattr(suite, name) for name in (*told, "skipped")}
        suite.update_statistics()
        assert before == {name: getattr(suite, name) for name in before}
    assert read.errors == sum(bool(report.errors) for report in run)
    failing = junit.FAILING[fail_on]
    assert read.failures == sum(
        any(finding.severity in failing for finding in report.findings) and not report.errors for report in run
    )
    assert all(line.isprintable() for line in text.split("\n"))
