"""On the clean corpus nothing fires but what is listed here, with its reason.

The published tables of the third quarter of 2024 and the fee schedule of October 2025 are read where they are beside
the checkout; without them the shipped tables and the small lists remain.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.tables import oracle

from scrubber.tables import TableSet
from scrubber.tables.importers.intake import import_files
from scrubber.testing.corpus import PERIODS, SCENARIOS, scenario_claims
from scrubber.testing.corpus.judge import Tally, tally
from scrubber.testing.corpus.periods import period_named

CLAIMS = 200
"""Of each period; together they meet every scenario."""
SEED = 20
PACKS = ("core", "medicare", "medicaid")
LISTED: dict[tuple[str, str], str] = {}
"""Findings that are right, or that cannot be helped: (scenario, rule) and why."""


@pytest.fixture(scope="session")
def published(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what CMS published, of pairs those that the claims can meet."""
    pytest.importorskip("openpyxl")
    codes = frozenset(line["procedure"] for _, claim in _claims("2024q3") for line in claim["lines"])
    folder, cms = tmp_path_factory.mktemp("published"), shared_data / "cms"
    for table in oracle.PTP_FILES:
        oracle.write(folder, table, oracle.ptp_rows(cms, table, codes))
    files = [
        *(cms / "mue").glob("*.zip"), *(cms / "aoc").glob("*.xlsx"), *(cms / "hcpcs").glob("*.zip"),
        *(cms / "mpfs").glob("*.zip"), cms / "mue" / "MCR_MUE_DMESupplierServices_Eff_07-01-2024.csv",
        cms / "coverage" / "current_article_csv.zip",
    ]  # fmt: skip
    assert not [source.problem for source in import_files(files, folder).sources if source.problem]
    return folder


Pair = tuple[str, dict[str, Any]]


def _claims(*periods: str) -> list[Pair]:
    names = periods or tuple(period.name for period in PERIODS)
    return [pair for name in names for pair in scenario_claims(CLAIMS, seed=SEED, period=name)]


def test_nothing_fires_with_what_is_shipped() -> None:
    _assert_only_listed(tally(_claims(), packs=PACKS))


def test_nothing_fires_with_the_published_tables(published: Path) -> None:
    """In any order of the lines, too."""
    chance = Random(SEED)
    claims = _claims()
    for _, claim in claims:
        if not claim.get("other_payers"):  # which speak of lines by their place
            chance.shuffle(claim["lines"])
    _assert_only_listed(tally(claims, packs=PACKS, tables=published))


def test_procedures_are_those_of_the_period(published: Path) -> None:
    tables = TableSet.open(published)
    for period, table, letters in (("2024q3", "hcpcs", True), ("2025q4", "mpfs", False)):
        known, days = tables.get(table), period_named(period)
        assert known is not None
        for name, claim in _claims(period):
            for line in claim["lines"]:
                code, day = line["procedure"], date.fromisoformat(line["service_date"])
                if code[0].isalpha() == letters and day <= days.last:
                    assert known.look_up((code, "") if table == "mpfs" else (code,), day), (name, code)


def test_all_scenarios_are_asked() -> None:
    every = {f"{name}.{make.__name__}" for name, scenarios in SCENARIOS.items() for make in scenarios}
    assert {name for name, _ in _claims()} == every


def test_a_claim_that_was_made_wrong_is_told(published: Path) -> None:
    """The corpus is quiet because it is right, not because nobody looks."""
    claims = _claims("2024q3")
    for _, claim in claims:
        claim["payer"] = claim["payer"] | {"kind": "medicare"}
        for line in claim["lines"]:
            line["modifiers"] = []
    assert {rule for rule, _ in tally(claims, packs=PACKS, tables=published).by_rule} >= {"NCCI101", "MOD180", "MOD185"}


def _assert_only_listed(found: Tally) -> None:
    assert not found.unread
    assert found.claims == CLAIMS * len(PERIODS)
    unlisted = {place: example for place, example in found.examples.items() if place not in LISTED}
    assert not unlisted, found.text()


def test_the_page_names_every_specialty_and_every_listed_finding() -> None:
    page = (Path(__file__).parents[2] / "docs" / "clean-corpus.md").read_text(encoding="utf-8").replace("\n", " ")
    for name, scenarios in SCENARIOS.items():
        assert f"{name.replace('_', ' ')} ({len(scenarios)})" in page
    assert all(reason in page for reason in LISTED.values())
