"""Both engines give the same reports on the claims at hand. What differs is a bug in one of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.oracle.engine_reports import difference

from scrubber import Scrubber, read_claims
from scrubber.engine import Plan, judge
from scrubber.engine.compile import compile_rule
from scrubber.errors import InputError
from scrubber.facts import ClaimFacts
from scrubber.rules.model import RuleTest
from scrubber.tables import TableSet
from scrubber.testing.shorthand import as_of_from_shorthand, claim_from_shorthand
from scrubber.testing.small_tables import with_small_tables

pytest.importorskip("durable_rules_engine", reason="durable_rules is not installed")

LINES = 60
"""Rules about pairs cost the square of the lines: the slower engine takes minutes and gigabytes for 1,000 of them."""

Compare = Callable[[Any], str]


@pytest.fixture(scope="module")
def compare(shipped_tables: TableSet) -> Compare:
    """Checks a claim by the core pack with both engines and says what differs."""
    compiled, durable = (Scrubber.load(tables=shipped_tables, engine=name) for name in ("compiled", "durable"))
    return lambda claim: difference(compiled.scrub(claim), durable.scrub(claim))


def test_the_sample_file(compare: Compare, clinic_837: Path) -> None:
    assert [compare(claim) for claim in read_claims(clinic_837)] == [""] * 8


def test_the_examples_of_all_shipped_rules(shipped_tables: TableSet) -> None:
    """Each against all rules: with the shipped tables, and one in ten of the small tables of examples, since all rules
    are compiled anew for each of them.
    """
    compiled, durable = (Scrubber.load(["core"], shipped_tables, engine=name) for name in ("compiled", "durable"))
    by_tables: dict[str, list[RuleTest]] = {}
    for rule in compiled.rules:
        for example in rule.tests:
            by_tables.setdefault(repr(example.tables), []).append(example)
    differing: list[str] = []
    shipped = by_tables.pop(repr({}))
    for examples in (shipped, *list(by_tables.values())[::10]):
        with with_small_tables(shipped_tables, examples[0].tables) as tables:
            plan = Plan(tuple(compile_rule(rule, tables) for rule in compiled.rules), tables)
            durable.plan.tables = tables  # what durable was told does not depend on tables
            for example in examples:
                claim, today = claim_from_shorthand(example.claim), as_of_from_shorthand(example.claim)
                if len(claim.lines) > LINES:
                    continue
                one, other = (
                    judge(outcomes, attrs.evolve(selection))
                    for outcomes, selection in (each.run(ClaimFacts(claim, today)) for each in (plan, durable.plan))
                )
                if one != other:
                    differing.append(f"{example.place} ({example.name}): {one} and {other}")
    assert not differing, "\n".join(differing)


@pytest.mark.parametrize("folder", ["claims837", "claims837_broken"])
def test_published_files(compare: Compare, shared_data: Path, folder: str) -> None:
    files = [
        path for path in sorted((shared_data / folder).rglob("*")) if path.suffix in (".edi", ".837", ".txt", ".x12")
    ]
    claims = 0
    for path in files:
        try:
            for claim in read_claims(path):
                claims += 1
                assert not compare(claim), f"{path.name}, claim {claims}"
        except InputError:  # not a file of claims, which the readers are tested for
            continue
    assert claims > 20


def test_the_labelled_sample(compare: Compare, shared_data: Path) -> None:
    lines = (shared_data / "labelled" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
    differing = [f"{case['id']}: {found}" for case in map(json.loads, lines) if (found := compare(case["claim"]))]
    assert len(lines) > 100
    assert not differing, "\n".join(differing)
