"""Questions to the clinician: what a claim holds of its patient never stands in one."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest

from scrubber.claim import Claim
from scrubber.engine.judge import judge
from scrubber.rules.loader import load_packs
from scrubber.rules.model import Rule
from scrubber.tables import TableSet
from scrubber.testing.examples import Compilations, Example, ready_examples

PACKS = ("core", "medicare", "medicaid", "commercial-sample")
MARK = "KOWALSKIJAN"


@pytest.fixture(scope="module")
def asking(shipped_tables: TableSet) -> list[Rule]:
    rules = (rule for pack in load_packs(PACKS, shipped_tables) for rule in pack.rules)
    return [rule for rule in rules if any(case.question for case in rule.cases)]


def marked(claim: Claim) -> Claim:
    """The claim with a name where something private may stand, and beside the modifiers, as a damaged file has it."""
    lines = tuple(
        attrs.evolve(line, description=MARK, prior_authorization=MARK, modifiers=(*line.modifiers, MARK))
        for line in claim.lines
    )
    return attrs.evolve(
        claim,
        claim_id=MARK,
        prior_authorization=MARK,
        original_reference=MARK,
        claim_note=MARK,
        property_casualty_number=MARK,
        subscriber=attrs.evolve(claim.subscriber, member_id=MARK) if claim.subscriber else None,
        billing_provider=attrs.evolve(claim.billing_provider, tax_id=MARK) if claim.billing_provider else None,
        lines=lines,
    )


def questions(rule: Rule, example: Example, compilations: Compilations) -> Iterator[str]:
    findings = judge(*example.run(compilations.for_example(example))).findings
    yield from (finding.question for finding in findings if finding.question is not None)


def test_every_question_is_asked_by_an_example_and_names_no_patient(
    asking: list[Rule], shipped_tables: TableSet
) -> None:
    with_a_name: set[str] = set()
    for rule in asking:
        compilations = Compilations(rule)
        asked: list[str] = []
        with ready_examples(rule, shipped_tables) as examples:
            for example in examples:
                if example.claim is None or not example.test.fires_at:
                    continue
                asked += questions(rule, example, compilations)
                claim = marked(example.claim)
                for question in questions(rule, attrs.evolve(example, claim=claim), compilations):
                    with_a_name.add(rule.id)
                    assert MARK not in question, rule.id
                    assert birthday(claim) not in question, rule.id
        assert asked, rule.id
        for question in asked:
            assert "(blank)" not in question, (rule.id, question)
            assert question.endswith("; other; or cannot be determined?"), rule.id
    assert len(with_a_name) > 35  # an example that no longer fires with a name in it shows nothing


def birthday(claim: Claim) -> str:
    """The patient's birth date as a sentence would show it, where no service has the same day."""
    born = claim.patient.birth_date if claim.patient else None
    days = {day for line in claim.lines for day in (line.service_date, line.service_date_end)}
    days |= {claim.statement_from, claim.statement_to, claim.admission_date}
    return born.isoformat() if born is not None and born not in days else MARK
