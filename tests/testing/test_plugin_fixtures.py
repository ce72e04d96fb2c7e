"""The fixtures of the plugin, in real runs of pytest."""

from __future__ import annotations

import json

import pytest

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "scrubber.testing.plugin", "-p", "no:cacheprovider")
SNAPSHOTS = """\
from decimal import Decimal
from scrubber import Finding, Report

def report(*rules):
    findings = tuple(
        Finding(rule=rule, name="x", family="x", severity="error", risk=0.5, disposition="advice", message="It fires.")
        for rule in rules
    )
    return Report(claim_id="T-1", source="a.837", index=0, decision="hold", risk=0.5, amount_at_risk=Decimal("7.5"),
                  findings=findings)

def test_report(report_snapshot):
    report_snapshot(report("{rule}"))
    report_snapshot([report(), report("DX103")], "several")
    report_snapshot(report())
"""


def test_fixtures_work_together(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import scrubber.testing as kit

        def test_claims(mini_scrubber, scrubber_mini_tables, make_claim):
            assert mini_scrubber.tables is scrubber_mini_tables is kit.mini_tables()
            assert mini_scrubber is kit.mini_scrubber()
            claims = [make_claim(), make_claim(form="dental"), make_claim(form="institutional", claim_id="OURS")]
            assert [claim.claim_id for claim in claims] == ["T-1", "T-2", "OURS"]
            kit.assert_clean(claims, scrubber=mini_scrubber)
            assert make_claim().claim_id == "T-4"
        """
    )
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_a_snapshot_is_stored_compared_and_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_ours=SNAPSHOTS.format(rule="DX102"))
    first = pytester.runpytest_subprocess(*PLUGIN)
    first.assert_outcomes(failed=1)
    first.stdout.fnmatch_lines(["*nothing is stored yet. Run the test with --scrubber-update-snapshots once*"])
    pytester.runpytest_subprocess(*PLUGIN, "--scrubber-update-snapshots").assert_outcomes(passed=1)
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)
    folder = pytester.path / "snapshots" / "test_ours"
    names = ["test_report-3.json", "test_report-several.json", "test_report.json"]
    assert sorted(path.name for path in folder.iterdir()) == names
    stored = json.loads((folder / "test_report.json").read_text(encoding="utf-8"))
    assert (stored["decision"], stored["findings"][0]["rule"]) == ("hold", "DX102")
    assert not {"source", "evidence", "edition"} & {*stored, *stored["findings"][0]}
    pytester.makepyfile(test_ours=SNAPSHOTS.format(rule="DX104"))
    changed = pytester.runpytest_subprocess(*PLUGIN)
    changed.assert_outcomes(failed=1)
    changed.stdout.fnmatch_lines(
        [
            "*If it is right now, run the test with --scrubber-update-snapshots.*",
            '*-*"rule": "DX102"*',
            '*+*"rule": "DX104"*',
        ]
    )
    changed.stdout.no_fnmatch_line("*def __call__*")


NAMESAKES = """\
import pytest
from scrubber.testing import a_claim

class TestRight:
    def test_it(self, mini_scrubber, report_snapshot):
        report_snapshot(mini_scrubber.scrub(a_claim()))

class TestWrong:
    def test_it(self, mini_scrubber, report_snapshot):
        report_snapshot(mini_scrubber.scrub(a_claim(diagnoses=["E11"])))

@pytest.mark.parametrize("claim_id", ["a-b", "a b", "a::b", "a" * 300])
def test_ids(mini_scrubber, report_snapshot, claim_id):
    report = mini_scrubber.scrub(a_claim(claim_id=claim_id[:9]))
    report_snapshot(report, "same")
    with pytest.raises(ValueError, match="snapshot of that name already"):
        report_snapshot(report, "same")
"""


def test_no_two_tests_share_a_snapshot(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_ours=NAMESAKES)
    pytester.runpytest_subprocess(*PLUGIN, "--scrubber-update-snapshots").assert_outcomes(passed=6)
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=6)
    names = sorted(path.name for path in (pytester.path / "snapshots" / "test_ours").iterdir())
    assert len(names) == 6
    assert {"TestRight.test_it.json", "TestWrong.test_it.json", "test_ids-a-b-same.json"} < set(names)
