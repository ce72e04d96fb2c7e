"""What a front end answers: each answer of the rules stands on the page with its source, and each gap is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scrubber.claim_status import ENTITIES, REFUSALS, STATUS, coded, in_words
from scrubber.findings import Acknowledgment
from scrubber.rules.loader import load_packs
from scrubber.rules.model import Case, Rule
from scrubber.tables import TableSet

PAGE = (Path(__file__).parents[2] / "docs" / "claim-status.md").read_text("utf-8")
PACKS = ("core", "medicare", "medicaid", "commercial-sample")
REFUSED = ("claim_rejection", "line_rejection", "return_to_provider")
ROW = re.compile(r"^\| ([A-Z]{2,5}[0-9]{3}) \| ([A-Z0-9:, ]+) \| (.+) \|$", re.MULTILINE)
BEFORE_CLAIMS = "edi"
"""The family whose faults are answered with a TA1 or a 999."""


@pytest.fixture(scope="module")
def rules(shipped_tables: TableSet) -> tuple[Rule, ...]:
    return tuple(rule for pack in load_packs(PACKS, shipped_tables) for rule in pack.rules)


def told(rules: tuple[Rule, ...]) -> Iterator[tuple[Rule, Case, Acknowledgment]]:
    for rule in rules:
        for case in rule.cases:
            if case.acknowledgment is not None:
                yield rule, case, case.acknowledgment


def test_the_page_names_a_source_for_each_answer_and_no_other(rules: tuple[Rule, ...]) -> None:
    rows = ROW.findall(PAGE)
    assert sorted({(rule.id, coded(one)) for rule, _, one in told(rules)}) == sorted(
        (id_, said) for id_, said, _ in rows
    )
    assert all(len(source) > 5 for _, _, source in rows)


def test_the_page_lists_the_refusals_whose_answer_is_not_known(rules: tuple[Rule, ...]) -> None:
    known = {rule.id for rule, _, _ in told(rules)}
    refusing = {rule.id for rule in rules for case in rule.cases if case.disposition in REFUSED}
    listed = set(re.findall(r"\b[A-Z]{2,5}[0-9]{3}\b", PAGE.split("## Not known")[1].split("## No list")[0]))
    assert refusing - known == listed
    assert {id_ for id_ in listed if id_.lower().startswith(BEFORE_CLAIMS)}


def test_only_refusals_are_answered_so(rules: tuple[Rule, ...]) -> None:
    for rule, case, one in told(rules):
        assert case.disposition in REFUSED, rule.id
        assert one.category in REFUSALS, rule.id


def test_each_code_has_words_of_ours_and_no_words_are_left_over(rules: tuple[Rule, ...]) -> None:
    assert {status for _, _, one in told(rules) for status in one.status} == set(STATUS)
    assert {one.entity for _, _, one in told(rules) if one.entity} == set(ENTITIES)


@pytest.mark.parametrize(
    ("one", "as_segment", "words"),
    [
        (Acknowledgment(category="A6", status=("164",), entity="IL"), "A6:164:IL",
         "missing: member id of the subscriber"),
        (Acknowledgment(category="A7", status=("510", "187")), "A7:510, A7:187",
         "invalid: day that is still to come, date of service"),
        (Acknowledgment(category="A8", status=("999",), entity="ZZ"), "A8:999:ZZ", "do not fit each other"),
    ],
)  # fmt: skip
def test_codes_and_words(one: Acknowledgment, as_segment: str, words: str) -> None:
    assert (coded(one), in_words(one)) == (as_segment, words)
