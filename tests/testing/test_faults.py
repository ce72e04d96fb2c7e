"""Planted faults: every professional rule has one, and finds it at its place."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.tables import oracle

from scrubber import Scrubber
from scrubber.cli import main as scrubber_command
from scrubber.testing.corpus import clean_claims
from scrubber.testing.faults import Fault, Means, Planted, all_faults
from scrubber.testing.faults.edits import COMMON, VISITS
from scrubber.testing.faults.measure import measure
from scrubber.testing.faults.page import page
from scrubber.testing.faults.reasons import WITHOUT_FAULT
from scrubber.testing.lists import tables_with_lists
from scrubber.testing.recall import is_named, measure_all, professional_rules, unproven, why_left_out

EACH = 3
_PUBLISHED = ("hcpcs/*.zip", "aoc/*.xlsx", "mue/*Practitioner*.zip", "mpfs/*.zip", "coverage/*.zip")


@pytest.fixture(scope="module")
def shipped() -> Iterator[Scrubber]:
    """All rules, with the shipped tables and small lists."""
    with tables_with_lists() as tables:
        yield Scrubber.load(tables=tables)


@pytest.fixture(scope="module")
def published(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrubber]:
    """All rules, with what CMS published for the days of the faults; of pairs those of common codes."""
    pytest.importorskip("openpyxl")
    folder, cms = tmp_path_factory.mktemp("published"), shared_data / "cms"
    files = [str(path) for pattern in _PUBLISHED for path in sorted(cms.glob(pattern))]
    result = CliRunner().invoke(scrubber_command, ["tables", "import", "--tables", str(folder), *files])
    assert result.exit_code == 0, result.output
    pairs = "ncci_ptp_practitioner"
    oracle.write(folder, pairs, oracle.ptp_rows(cms, pairs, frozenset((*COMMON, *VISITS))))
    with tables_with_lists(folder) as tables:
        yield Scrubber.load(tables=tables)


def ready(scrubber: Scrubber) -> list[Fault]:
    rules = {rule.id for rule in scrubber.rules}
    return [fault for fault in all_faults() if why_left_out(fault, scrubber.tables, rules) is None]


def not_found(faults: Sequence[Fault], scrubber: Scrubber) -> list[str]:
    recalls = measure_all(faults, scrubber, EACH, seed=7)
    few = [f"{r.fault.rule} {r.fault.name}: planted {r.planted} times" for r in recalls if r.planted < EACH]
    return few + [f"{r.fault.rule} {r.fault.name}: {dict(r.misses)}" for r in recalls if r.misses]


def test_faults_are_found_with_the_shipped_tables(shipped: Scrubber) -> None:
    faults = ready(shipped)
    assert len(faults) > 150
    missed = not_found(faults, shipped)
    assert not missed, "\n".join(missed)


def test_faults_that_need_published_tables_are_found(shipped: Scrubber, published: Scrubber) -> None:
    without_tables = {(fault.rule, fault.name) for fault in ready(shipped)}
    faults = [fault for fault in ready(published) if (fault.rule, fault.name) not in without_tables]
    assert len(faults) > 20
    missed = not_found(faults, published)
    assert not missed, "\n".join(missed)


def test_every_professional_rule_has_a_fault_or_a_reason(shipped: Scrubber) -> None:
    assert sorted(set(unproven(shipped.rules)) - set(WITHOUT_FAULT)) == []


def test_every_fault_is_of_a_rule_that_runs(shipped: Scrubber) -> None:
    assert sorted({fault.rule for fault in all_faults()} - {rule.id for rule in shipped.rules}) == []


def test_a_reason_is_for_a_rule_without_fault(shipped: Scrubber) -> None:
    idle = set(WITHOUT_FAULT) - set(unproven(shipped.rules))
    assert idle == set(), "these have a fault now, or are no professional rules"
    assert "DX102" in professional_rules(shipped.rules)
    assert "FAC101" not in professional_rules(shipped.rules)


def test_no_two_faults_have_one_name() -> None:
    names = [(fault.rule, fault.name) for fault in all_faults()]
    assert len(names) == len(set(names))


def test_planting_changes_nothing_of_the_clean_claim(shipped: Scrubber) -> None:
    claims = list(clean_claims(3, seed=2, period="2026"))
    before = repr(claims)
    for fault in all_faults():
        if fault.period == "2026" and not fault.tables:
            for claim in claims:
                fault.plant(claim, Means(random.Random(1), shipped.tables))
    assert repr(claims) == before


def test_a_fault_that_no_rule_finds_is_told(shipped: Scrubber) -> None:
    def plant(claim: dict[str, object], means: Means) -> Planted:
        return Planted(claim, claim, "line 1")

    claims = list(clean_claims(4, seed=2, period="2026"))
    silent = measure(Fault("CLM103", "nothing", "error", plant), claims, shipped, 4, seed=1)
    assert (silent.planted, silent.found, silent.share) == (4, 0, 0.0)
    assert silent.misses == {"silent": 4}


def test_a_rule_that_spoke_before_has_not_found_the_fault(shipped: Scrubber) -> None:
    def plant(claim: dict[str, object], means: Means) -> Planted:
        wrong = {**claim, "total_charge": "1.00"}
        return Planted(wrong, wrong, "claim")

    claims = list(clean_claims(2, seed=2, period="2026"))
    recall = measure(Fault("CLM103", "it was wrong already", "error", plant), claims, shipped, 2, seed=1)
    assert recall.misses == {"fires without the fault too": 2}


def test_the_same_seed_gives_the_same_page(shipped: Scrubber) -> None:
    faults = [fault for fault in ready(shipped) if is_named(fault.rule, ["clm"])]
    one, two, other = (page(measure_all(faults, shipped, 2, seed), {}, (), "twice") for seed in (1, 1, 2))
    assert one == two
    assert "| CLM103 | the total charge is not the sum of the lines | error | 2 | 2 | 100.0% |" in one
    assert len(other.splitlines()) == len(one.splitlines())


def test_what_needs_a_missing_table_is_left_out_and_named(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    result = CliRunner().invoke(
        scrubber_command, ["testing", "recall", "--claims", "1", "--rule", "NCCI101", "--output", str(file)]
    )
    assert result.exit_code == 0, result.output
    assert "no edition of `ncci_ptp_practitioner` covers 2024-07-01" in file.read_text(encoding="utf-8")
