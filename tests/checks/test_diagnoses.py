"""What is said of a diagnosis: the sentence, what hides what, and what is not worked out before it is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from scrubber import Scrubber
from scrubber.checks.diagnoses import DiagnosisEntry, diagnosis_entry
from scrubber.facts import ClaimFacts
from scrubber.findings import Finding, Report
from scrubber.tables import Table, TableSet
from scrubber.testing import claim_from_shorthand

Scrub = Callable[..., Report]


@pytest.fixture(scope="module")
def scrub(shipped_tables: TableSet) -> Scrub:
    scrubber = Scrubber.load(tables=shipped_tables, select=["dx", "edi"])

    def scrub(**short: Any) -> Report:
        return scrubber.scrub(claim_from_shorthand(short))

    return scrub


def finding_of(report: Report, rule: str) -> Finding:
    found = [finding for finding in report.findings if finding.rule == rule]
    assert len(found) == 1, [(finding.rule, finding.message) for finding in report.findings]
    return found[0]


@pytest.mark.parametrize(
    ("rule", "short", "message"),
    [
        ("DX102", {"dos": "2024-03-01", "dx": ["E11"]}, "E11 is a heading of ICD-10-CM on 2024-03-01"),
        ("DX102", {"dos": "2021-10-01", "dx": ["M54.5"]}, "M54.5 could be billed until 2021-09-30; on 2021-10-01"),
        ("DX103", {"dos": "2017-10-01", "dx": ["S63.141A"]}, "S63.141A ended on 2017-09-30"),
        ("DX104", {"dos": "2024-09-30", "dx": ["E66.811"]}, "E66.811 can be billed from 2024-10-01"),
        ("DX105", {"dos": "2016-02-01", "dx": ["346.10"]}, "346.10 is a code of ICD-9-CM; on 2016-02-01"),
        ("DX106", {"dos": "2024-03-01", "dx": ["E1.19"]}, "E1.19 is not written as a diagnosis code: its dot"),
        ("DX106", {"dos": "2026-10-07", "dx": ["M5.45"]}, "M5.45 is not written as a diagnosis code."),
        ("DX106", {"dos": "2024-03-01", "dx": ["11E.9"]}, "11E.9 is not written as a diagnosis code."),
        ("DX110", {"tob": "0111", "dx": ["V78.1XXA"]}, "cannot be the principal diagnosis"),
        ("DX110", {"dos": "2024-03-01", "dx": ["V78.1XXA"]}, "cannot be the first diagnosis"),
        ("DX112", {"tob": "0111", "payer": "medicare", "dx": ["Z51.89"]}, "needs another diagnosis beside it"),
        ("DX112", {"tob": "0111", "payer": "medicare", "dx": ["Z88.1"]}, "is not accepted as the principal"),
        ("DX113", {"tob": "0111", "age": "8", "dx": ["I10", "Z05.9"]}, "before their first birthday"),
        ("DX113", {"tob": "0111", "age": "8", "dx": ["I25.10"]}, "for patients of 15 to 124 years (adult)"),
        ("DX114", {"dos": "2024-08-01", "sex": "M", "dx": ["C57.3"]}, "C57.3 is a diagnosis of females"),
        ("DX114", {"dos": "2024-08-01", "sex": "F", "dx": ["N35.814"]}, "N35.814 is a diagnosis of males"),
        ("DX115", {"tob": "0111", "dx": ["I10", "I10"]}, "it is the principal one already"),
        ("DX115", {"dos": "2024-03-01", "dx": ["I10", "I10"]}, "it is diagnosis 1 already"),
        ("DX124", {"dos": "2024-03-01", "dx": ["S52.501"]}, "which is one of A, B, C, D, E, F"),
        ("DX124", {"dos": "2024-03-01", "dx": ["S52.501Z"]}, "is not one that the code takes: A, B, C"),
        ("DX125", {"dos": "2024-03-01", "dx": ["S134A"]}, "written in full it is S13.4XXA"),
        ("DX172", {"tob": "0111", "dx": ["I10/principal", "E11.9/principal"]}, "2 diagnoses are marked as principal"),
        ("DX172", {"tob": "0111", "dx": ["I10/other"]}, "No diagnosis is marked as principal"),
        ("DX172", {"tob": "0111", "dx": ["I10/principal", "I10/admitting", "R42/admitting"]}, "marked as admitting"),
    ],
)
def test_the_sentence_says_what_and_when(scrub: Scrub, rule: str, short: Mapping[str, Any], message: str) -> None:
    finding = finding_of(scrub(**short), rule)
    assert message in finding.message
    assert "(blank)" not in finding.message + finding.fix.text


@pytest.mark.parametrize(
    ("rule", "short", "advice"),
    [
        ("DX101", {"dos": "2024-03-01", "dx": ["A06.87"]}, "In force under A06.8: A06.81, A06.82, A06.89."),
        ("DX101", {"dos": "2024-03-01", "dx": ["U44.1"]}, "ICD-10-CM has no category U44 on that day."),
        ("DX102", {"dos": "2024-03-01", "dx": ["E11"]}, "E11.00, E11.01, E11.10, E11.11 …"),
        ("DX102", {"dos": "2021-10-01", "dx": ["M54.5"]}, "M54.50, M54.51, M54.59."),
        ("DX106", {"dos": "2024-03-01", "dx": ["E1.19"]}, "Write E11.9"),
    ],
)
def test_the_advice_names_codes_in_force(scrub: Scrub, rule: str, short: Mapping[str, Any], advice: str) -> None:
    assert advice in finding_of(scrub(**short), rule).fix.text


@pytest.mark.parametrize(
    ("short", "remark"),
    [
        ({"dos": "2024-03-01", "dx": ["A06.87"]}, "M76"),
        ({"tob": "0111", "dx": ["A06.87/principal"]}, "MA63"),
        ({"tob": "0111", "dx": ["I50.22/principal", "A06.87/other"]}, "M64"),
    ],
)
def test_the_remark_tells_the_place_of_an_unknown_code(scrub: Scrub, short: Mapping[str, Any], remark: str) -> None:
    assert finding_of(scrub(**short), "DX101").rarc == (remark,)


def test_a_code_that_is_not_valid_has_one_finding_and_notes_beside_it(scrub: Scrub) -> None:
    report = scrub(dos="2024-03-01", dx=["S13.4A", "S13.4A"])
    assert [(finding.rule, finding.diagnosis) for finding in report.findings] == [
        ("DX101", 1),
        ("DX101", 2),
        ("DX125", 1),
        ("DX125", 2),
    ]
    assert [(hidden.rule, hidden.by) for hidden in report.masked] == [("DX115", "DX101")]


def test_an_external_cause_in_front_is_told_once(scrub: Scrub) -> None:
    report = scrub(dos="2024-03-01", dx=["V78.1XXS", "S52.501A"])
    assert [finding.rule for finding in report.findings] == ["DX110"]
    assert [(hidden.rule, hidden.by) for hidden in report.masked] == [("DX161", "DX110")]


def test_the_reader_of_an_837_tells_the_code_set(scrub: Scrub) -> None:
    report = scrub(dos="2026-03-01", dx=["250.00"], faults=[{"edit": "EDI108", "variant": "qualifier-too-old"}])
    assert [finding.rule for finding in report.findings] == ["EDI108"]
    assert [(hidden.rule, hidden.by) for hidden in report.masked] == [("DX105", "EDI108")]


def test_risk_of_an_unacceptable_principal_by_payer(scrub: Scrub) -> None:
    medicare = finding_of(scrub(tob="0111", payer="medicare", dx=["Z88.1"]), "DX112")
    commercial = finding_of(scrub(tob="0111", payer="commercial", dx=["Z88.1"]), "DX112")
    assert (medicare.risk, commercial.risk) == (0.95, 0.5)


def test_a_diagnosis_in_force_costs_one_look_up(shipped_tables: TableSet, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("suggestions are worked out for a message only")

    claim = claim_from_shorthand({"dos": "2024-03-01", "dx": ["E11.9"]})
    facts = ClaimFacts(claim)
    monkeypatch.setattr(Table, "starting_with", asked)
    entry = diagnosis_entry(facts, facts.diagnoses[0], shipped_tables)
    assert isinstance(entry, DiagnosisEntry)
    assert (entry.verdict, entry.as_of, entry.edition) == ("valid", date(2024, 3, 1), "fy2027")


def test_the_principal_is_never_the_reason_to_come() -> None:
    claim = claim_from_shorthand({"tob": "0111", "dx": ["R07.9/admitting", "I21.4", "I10"]})
    facts = ClaimFacts(claim)
    assert [diagnosis.role for diagnosis in facts.diagnoses] == ["admitting", "principal", "other"]
    assert facts.diagnosis_codes == ("I214", "I10")
