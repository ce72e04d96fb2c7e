"""On the clean corpus nothing fires but what is listed here, with its reason.

The published tables of the third quarter of 2024 and the fee schedule of October 2025 are read where they are beside
the checkout; without them the shipped tables and the small lists remain.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tables import oracle

from scrubber.tables.importers.intake import import_files
from scrubber.testing.corpus import PERIODS, SCENARIOS, scenario_claims
from scrubber.testing.corpus.judge import Tally, tally

CLAIMS = 200
"""Of each period: every specialty, and most of their scenarios."""
SEED = 20
PACKS = ("core", "medicare", "medicaid")
LISTED: dict[tuple[str, str], str] = {}
"""Findings that are right, or that cannot be helped: (scenario, rule) and why."""


@pytest.fixture(scope="session")
def published(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what CMS published, of pairs those that the corpus can meet."""
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


def _claims(period: str) -> list[tuple[str, dict[str, object]]]:
    return list(scenario_claims(CLAIMS, seed=SEED, period=period))


@pytest.mark.parametrize("period", [period.name for period in PERIODS])
def test_nothing_fires_with_what_is_shipped(period: str) -> None:
    _assert_only_listed(tally(_claims(period), packs=PACKS))


@pytest.mark.parametrize("period", [period.name for period in PERIODS])
def test_nothing_fires_with_the_published_tables(period: str, published: Path) -> None:
    _assert_only_listed(tally(_claims(period), packs=PACKS, tables=published))


def test_all_specialties_are_asked() -> None:
    assert {name.split(".")[0] for name, _ in _claims("2026")} == set(SCENARIOS)


def test_a_claim_that_was_made_wrong_is_told(published: Path) -> None:
    """The corpus is quiet because it is right, not because nobody looks."""
    claims = _claims("2024q3")
    for _, claim in claims:
        claim["payer"] = claim["payer"] | {"kind": "medicare"}  # type: ignore[operator]
        for line in claim["lines"]:  # type: ignore[attr-defined]
            line["modifiers"] = []
    assert {rule for rule, _ in tally(claims, packs=PACKS, tables=published).by_rule} >= {"NCCI101", "MOD185"}


def _assert_only_listed(found: Tally) -> None:
    assert not found.unread
    assert found.claims == CLAIMS
    unlisted = {place: example for place, example in found.examples.items() if place not in LISTED}
    assert not unlisted, found.text()


def test_the_page_names_every_specialty_and_every_listed_finding() -> None:
    page = (Path(__file__).parents[2] / "docs" / "clean-corpus.md").read_text(encoding="utf-8").replace("\n", " ")
    for name, scenarios in SCENARIOS.items():
        assert f"{name.replace('_', ' ')} ({len(scenarios)})" in page
    assert all(reason in page for reason in LISTED.values())
