"""Assertions on reports: what they let pass, and what they say when they do not."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import pytest

from scrubber import Report, Scrubber, UnknownName
from scrubber.findings import Finding, Masked, Suppressed, Suppression
from scrubber.testing import (
    a_claim,
    a_line,
    assert_clean,
    assert_fires,
    assert_same_findings,
    assert_silent,
    mini_scrubber,
)

WRONG = a_claim(diagnoses=["E11"], lines=["99213", "99213"], patient={"last_name": "SECRETNAME"}, claim_id="SECRETID")


def failure(assertion: Callable[..., Any], *arguments: Any, **how: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        assertion(*arguments, **how)
    told = str(caught.value)
    assert "SECRET" not in told
    return told


def test_a_clean_claim_is_clean() -> None:
    assert_clean(a_claim())
    assert_clean(mini_scrubber().scrub(a_claim()))
    assert_clean([a_claim(), a_claim(payer="medicare")], scrubber=mini_scrubber())


def test_what_fires_is_told_with_its_place() -> None:
    told = failure(assert_clean, WRONG)
    assert told.startswith("the claim is not clean:\n")
    assert re.search(r"^  DX102 error at diagnosis 1: E11 ", told, re.MULTILINE)


def test_among_several_the_report_is_told_by_its_place() -> None:
    assert "  report 2: DX102 error at diagnosis 1" in failure(assert_clean, [a_claim(), WRONG])


def test_a_rule_may_be_allowed_and_a_severity_asked() -> None:
    waived = a_claim(payer="medicare", lines=["80053"])  # an info of MOD175
    assert_clean(waived)
    assert "MOD175 info at line 1" in failure(assert_clean, waived, severity="info")
    assert_clean(waived, severity="info", allow=["MOD175"])


def test_rules_that_were_not_checked_are_not_clean() -> None:
    shipped = Scrubber.load()
    told = failure(assert_clean, a_claim(payer="medicare"), scrubber=shipped)
    assert "MUE101 not checked: no edition of mue_practitioner covers 2026-03-02" in told
    assert " more" in told
    missing = {unjudged.table for unjudged in shipped.scrub(a_claim(payer="medicare")).not_checked}
    assert_clean(a_claim(payer="medicare"), scrubber=shipped, allow_not_checked=True)
    assert_clean(a_claim(payer="medicare"), scrubber=shipped, allow_not_checked={table for table in missing if table})
    left = failure(assert_clean, a_claim(), scrubber=shipped, allow_not_checked=missing - {"addon"})
    assert "AOC101 not checked" in left
    assert "MUE101" not in left


def test_rules_that_lacked_a_field_may_be_refused() -> None:
    claim = a_claim(payer_sequence=None)
    assert_clean(claim)
    assert "PAY102 not evaluated: payer_sequence is blank" in failure(assert_clean, claim, allow_not_evaluated=False)
    assert_clean(claim, allow_not_evaluated=["PAY102"])


def test_a_claim_that_cannot_be_read_is_not_clean() -> None:
    assert "cannot be read" in failure(assert_clean, {"lines": [{"charge": "much"}]}, allow_not_checked=True)


def test_a_rule_fires_and_is_given_back() -> None:
    finding = assert_fires(WRONG, "DX102", diagnosis=1, severity="error")
    assert finding.codes == ("E11",)
    assert assert_fires(mini_scrubber().scrub(WRONG), "DX102", at="diagnosis 1", field="diagnoses[0].code") == finding


def test_a_rule_that_fires_elsewhere_is_told() -> None:
    told = failure(assert_fires, WRONG, "DX102", diagnosis=2, severity="warning")
    assert told.startswith("DX102 does not fire as asked (diagnosis 2, severity warning): it fires otherwise.\n")
    assert "  DX102 error at diagnosis 1: " in told


def test_why_a_rule_is_silent_is_told() -> None:
    assert "it had nothing to say.\n  nothing fires" in failure(assert_fires, a_claim(), "DX102")
    assert "it was not evaluated: payer_sequence is blank." in failure(
        assert_fires, a_claim(payer_sequence=None), "PAY102"
    )
    assert "it was not checked: no edition of addon covers" in failure(
        assert_fires, a_claim(), "AOC101", scrubber=Scrubber.load()
    )
    assert "the claim cannot be read" in failure(assert_fires, {"nothing": 1}, "DX102")


def test_a_hidden_and_a_suppressed_finding_are_told() -> None:
    finding = Finding(
        rule="DX113", name="x", family="dx", severity="error", risk=1, disposition="advice", message="It fires."
    )
    report = Report(claim_id=None, source=None, index=None, decision="pass", risk=0, amount_at_risk=Decimal(0))
    hidden = attrs.evolve(report, masked=(Masked(rule="DX113", by="DX102"),))
    assert "it was hidden by DX102" in failure(assert_fires, hidden, "DX113")
    suppression = Suppression(kind="baseline", place="baseline.json")
    aside = attrs.evolve(report, suppressed=(Suppressed(finding=finding, suppression=suppression),))
    assert "it was set aside by a baseline" in failure(assert_fires, aside, "DX113")
    assert "DX113 is silent, but it was hidden by DX102" in failure(assert_silent, hidden, "DX113")


def test_a_silent_rule_was_asked() -> None:
    assert_silent(a_claim(), "DX102")
    assert "DX102 fires:\n  DX102 error at diagnosis 1" in failure(assert_silent, WRONG, "DX102")
    assert "no rule of that id runs" in failure(assert_silent, a_claim(), "DX1O2")
    assert "is silent, but it was not checked" in failure(assert_silent, a_claim(), "AOC101", scrubber=Scrubber.load())


def test_findings_are_the_same_in_any_order() -> None:
    lines = [a_line("99213"), a_line("11042"), a_line("99214")]
    one, other = a_claim(lines=lines), a_claim(lines=lines[::-1])
    assert_same_findings(one, one)
    assert_same_findings([one, other], [one, other])
    told = failure(assert_same_findings, WRONG, a_claim(diagnoses=["E11.9"], lines=["99213", "99213"]))
    assert told.startswith(
        "the findings differ:\n  only in the first: DX102 error at diagnosis 1 diagnoses[0].code E11"
    )
    assert "report 2: " in failure(assert_same_findings, [one, WRONG], [one, a_claim()])


def test_findings_are_the_same_by_fingerprint_where_lines_are_renumbered() -> None:
    faulty = [a_line("99213"), a_line("36415", units=0)]
    one, other = a_claim(lines=faulty), a_claim(lines=faulty[::-1])
    assert_same_findings(one, other, by="fingerprint")
    failure(assert_same_findings, one, other)


def test_nothing_is_not_clean_and_not_the_same() -> None:
    assert "nothing was looked at" in failure(assert_clean, [])
    assert "nothing was compared" in failure(assert_same_findings, [], [])
    assert "the first has 1 report, the second 2 reports." in failure(
        assert_same_findings, [a_claim()], [a_claim(), a_claim()]
    )


def test_findings_are_not_the_same_where_one_side_was_not_looked_at() -> None:
    whole, bare = mini_scrubber().scrub(a_claim()), Scrubber.load().scrub(a_claim())
    assert "  only in the second: AOC101 not checked: addon" in failure(assert_same_findings, whole, bare)
    assert_same_findings(whole, bare, allow_not_checked=True)
    assert_same_findings(bare, Scrubber.load().scrub(a_claim(day="2026-05-04")))
    assert "only in the second: cannot be read: total_charge: " in failure(
        assert_same_findings, {"lines": []}, {"lines": [], "total_charge": "much"}
    )
    fires = a_claim(payer="medicare", lines=["45385", "45380"])
    told = failure(
        assert_same_findings, mini_scrubber().scrub(fires), Scrubber.load().scrub(fires), allow_not_checked=True
    )
    assert re.search(r"only in the first: NCCI101 error .*; in the other it was not checked: no edition of ncci", told)


def test_one_name_is_not_taken_for_its_letters() -> None:
    assert_clean(a_claim(diagnoses=["E11"]), allow="DX102")
    bare = Scrubber.load()
    told = failure(assert_clean, a_claim(), scrubber=bare, allow_not_checked="addon")
    assert "AOC101" not in told
    assert "PAY101 not checked" in told
    assert "DX102" in failure(assert_clean, WRONG, allow="DX1021")


def test_what_is_asked_wrongly_is_told() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'warning'"):
        assert_clean(a_claim(), severity="warn")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="no severity is called 'errro'"):
        assert_fires(WRONG, "DX102", severity="errro")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="Did you mean 'fingerprint'"):
        assert_same_findings(WRONG, WRONG, by="fingerprints")  # type: ignore[arg-type]
    for not_one in ([WRONG], "claims.837", None):
        with pytest.raises(TypeError, match="one report or one claim is asked for"):
            assert_fires(not_one, "DX102")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not str"):
        assert_clean("claims.837")  # type: ignore[arg-type]
    assert "DX1022 does not fire: no rule of that id runs. Did you mean DX1" in failure(assert_fires, WRONG, "DX1022")
    assert "no rule of that id runs" in failure(
        assert_silent, mini_scrubber().scrub(WRONG), "DX1O2", scrubber=mini_scrubber()
    )
