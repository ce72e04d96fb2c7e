"""Coverage policies and the user's rules of payers, from the files that people import."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scrubber import Scrubber
from scrubber.tables.importers.intake import import_files
from scrubber.testing import claim_from_shorthand

OWN_POLICIES = """\
# table: coverage
# first day: 2026-01-01
procedure,jurisdiction,policy,kind,diagnosis_list,modifiers,from,to
11111,60054,MP-12,policy,MP-12,,,2026-06-30
22222,WI,L100,lcd,,KX,,
"""
OWN_DIAGNOSES = """\
# table: coverage_diagnoses
# first day: 2026-01-01
diagnosis_list,diagnosis,covered,groups,only_with
MP-12,I10,yes,,
MP-12,E119,yes,1,2
MP-12,Z794,yes,2,1
"""
OWN_PAYER_RULES = """\
# table: payer_rules
# first day: 2026-01-01
payer,procedure,revenue_code,place_of_service,needs_authorization,modifiers,policy
60054,33333,,,yes,,prior authorization list 2026
60054,*,0128,,yes,,
60054,44444,,02 10,,93 95,telehealth policy
"""


@pytest.fixture
def scrubber(tmp_path: Path) -> Scrubber:
    """The rules with lists of one's own, as they are imported."""
    written = {"coverage.csv": OWN_POLICIES, "diagnoses.csv": OWN_DIAGNOSES, "rules.csv": OWN_PAYER_RULES}
    for name, text in written.items():
        (tmp_path / name).write_text(text)
    folder = tmp_path / "tables"
    report = import_files([tmp_path / name for name in written], folder)
    assert [(source.problem, list(source.refusals)) for source in report.sources] == [(None, [])] * len(written)
    return Scrubber.load(tables=folder, select=["cov", "CLM110"])


def found(scrubber: Scrubber, **short: Any) -> list[tuple[str, int | None]]:
    report = scrubber.scrub(claim_from_shorthand(short))
    return [(finding.rule, finding.line) for finding in report.findings]


def test_a_list_of_ones_own_is_a_payers_policy(scrubber: Scrubber) -> None:
    assert found(scrubber, dx=["I10"], lines=["11111"]) == []
    assert found(scrubber, dx=["J06.9"], lines=["11111"]) == [("COV101", 1)]
    assert found(scrubber, dx=["J06.9"], lines=["11111 @2026-07-01"]) == []
    assert found(scrubber, payer="medicare", jurisdiction="WI", dx=["J06.9"], lines=["11111"]) == []


def test_two_groups_that_are_needed_together(scrubber: Scrubber) -> None:
    assert found(scrubber, dx=["E11.9"], lines=["11111"]) == [("COV101", 1)]
    assert found(scrubber, dx=["E11.9", "Z79.4"], lines=["11111 dx=AB"]) == []


def test_demands_for_modifiers_of_a_policy_and_of_a_payer(scrubber: Scrubber) -> None:
    assert found(scrubber, payer="medicare", jurisdiction="WI", lines=["22222", "22222-KX"]) == [("COV103", 1)]
    assert found(scrubber, lines=["44444 pos=10", "44444-95 pos=10", "44444"]) == [("COV103", 1)]


def test_demands_for_an_authorization(scrubber: Scrubber) -> None:
    assert found(scrubber, lines=["99213", "33333"]) == [("CLM110", 2)]
    assert found(scrubber, tob="0111", lines=[{"revenue_code": "0128", "units": 2, "charge": "10.00"}]) == [
        ("CLM110", 1)
    ]


def test_a_published_article(shared_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    import_files([shared_data / "cms/coverage/current_article_csv.zip"], folder)
    article = Scrubber.load(tables=folder, select=["cov"])
    visit = {"dos": "2025-12-01", "payer": "medicare", "jurisdiction": "WI"}
    assert found(article, **visit, dx=["J06.9"], lines=["93306"]) == [("COV101", 1)]
    assert found(article, **visit, dx=["J06.9", "A18.84"], lines=["93306 dx=A", "93306 dx=B"]) == [("COV101", 1)]
    assert found(article, **visit, dx=["J06.9"], lines=["93306-GA"]) == []
    nowhere = claim_from_shorthand(
        {
            "dos": "2025-12-01",
            "payer": "medicare",
            "billing_provider": {"address": ""},
            "dx": ["J06.9"],
            "lines": ["93306"],
        }
    )
    report = article.scrub(nowhere)
    assert report.findings == ()
    assert ("COV101", "jurisdiction is blank") in [(one.rule, one.reason) for one in report.not_evaluated]
    before = article.scrub(claim_from_shorthand({**visit, "dos": "2025-09-30", "dx": ["J06.9"], "lines": ["93306"]}))
    assert "COV101" in {one.rule for one in before.not_checked}
    assert date(2025, 9, 30) in {one.date for one in before.not_checked}


def test_a_list_of_ones_own_and_an_export_answer_together(shared_data: Path, tmp_path: Path) -> None:
    for name, text in {"coverage.csv": OWN_POLICIES, "diagnoses.csv": OWN_DIAGNOSES}.items():
        (tmp_path / name).write_text(text)
    folder = tmp_path / "tables"
    export = shared_data / "cms/coverage/current_article_csv.zip"
    import_files([export, tmp_path / "coverage.csv", tmp_path / "diagnoses.csv"], folder)
    both = Scrubber.load(tables=folder, select=["cov"])
    assert found(both, payer="medicare", jurisdiction="WI", dx=["J06.9"], lines=["93306"]) == [("COV101", 1)]
    assert found(both, payer="medicare", jurisdiction="WI", dx=["A18.84"], lines=["93306"]) == []
    report = both.scrub(claim_from_shorthand({"dx": ["J06.9"], "lines": ["11111"]}))
    assert [finding.rule for finding in report.findings] == ["COV101"]
    assert report.findings[0].evidence is not None
    assert report.findings[0].evidence.edition == "2026-01-01"
