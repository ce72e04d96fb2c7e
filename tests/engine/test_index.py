"""The index enters only rules that can fire, and never changes what comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber import Claim, Report, Scrubber
from scrubber.engine.compile import CompiledRule, compile_rule
from scrubber.engine.index import RuleIndex, demand_of
from scrubber.engine.judge import judge
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.plan import Plan
from scrubber.facts import ClaimFacts
from scrubber.fields import ScopeKind
from scrubber.rules.model import Rule, RuleTest
from scrubber.rules.rule_file import read_rule
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand
from scrubber.testing.shorthand import as_of_from_shorthand
from scrubber.testing.small_tables import with_small_tables

Write = Callable[..., Path]
ScrubBoth = Callable[[Claim], tuple[Report, Report]]


@pytest.mark.parametrize(
    ("body", "named", "not_named"),
    [
        ("when: [{line.procedure: {is: '99213'}}]\n", "99213", "99214"),
        ("when: [{line.procedure: {is_one_of: ['99202-99215']}}]\n", "99203", "99201"),
        ("when: [{line.procedure: {starts_with: [J]}}]\n", "J0585", "G0463"),
        ("when: [any_of: [{line.procedure: {is: '1'}}, {line.procedure: {is: '2'}}]]\n", "2", "3"),
        (
            "params: {p: {2020-01-01: ['1'], 2024-01-01: ['2']}}\nwhen: [{line.procedure: {is_one_of: $params.p}}]\n",
            "1",
            "3",
        ),
        ("cases: [{when: [{line.procedure: {is: '1'}}]}, {when: [{line.procedure: {is: '2'}}]}]\n", "2", "3"),
    ],
)
def test_a_rule_says_what_it_demands(
    write_rule: Write, shipped_tables: TableSet, body: str, named: str, not_named: str
) -> None:
    rule, problems = read_rule(write_rule(body), "test", shipped_tables)
    assert rule is not None, problems
    demand = demand_of(rule)
    assert demand is not None
    assert demand.is_met_by(named)
    assert demand.is_met_by(None)
    assert not demand.is_met_by(not_named)


@pytest.mark.parametrize(
    "body",
    [
        "when: [{line.units: {is: 1}}]\n",
        "when: [{line.procedure: {is_not: '99213'}}]\n",
        "when: [none_of: [{line.procedure: {is: '99213'}}]]\n",
        "when: [any_of: [{line.procedure: {is: '1'}}, {line.units: {is: 2}}]]\n",
        "cases: [{when: [{line.procedure: {is: '1'}}]}, {when: [{line.units: {is: 2}}]}]\n",
    ],
)
def test_a_rule_that_may_fire_on_anything_demands_nothing(
    write_rule: Write, shipped_tables: TableSet, body: str
) -> None:
    rule, problems = read_rule(write_rule(body), "test", shipped_tables)
    assert rule is not None, problems
    assert demand_of(rule) is None


_CODES = ["99213", "J0585", "G0463", "45385", ""]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.tuples(st.sampled_from(_CODES), st.sampled_from(["", "-25", "-59", "-LT"])), max_size=4),
    diagnoses=st.lists(st.sampled_from(["I10", "E11", "Z00.00", "S52.501A", "M54.5", "?"]), max_size=3),
    form=st.sampled_from(["professional", "institutional"]),
)
def test_fusing_and_indexing_change_no_report(
    scrub_both: ScrubBoth, lines: list[tuple[str, str]], diagnoses: list[str], form: str
) -> None:
    claim = claim_from_shorthand(
        {"form": form, "dx": diagnoses, "lines": [code + (tail if code else "x1") for code, tail in lines]}
    )
    fused, plain = scrub_both(claim)
    assert fused == plain


@pytest.fixture(scope="module")
def scrub_both(shipped_tables: TableSet) -> ScrubBoth:
    """Checks a claim by the core pack twice: with all rules in one function, and by every rule on its own."""
    fused, plain = (Scrubber.load(["core"], shipped_tables) for _ in range(2))
    for setting in ("professional", "inpatient", "outpatient", "dental"):
        for payer_kind in (None, "commercial", "medicare"):
            selection = plain.plan.selection(setting, payer_kind)
            by_itself = attrs.evolve(selection, run=_each_on_its_own(selection.rules))
            plain.plan._met[setting, payer_kind, None, None] = by_itself
    return lambda claim: (fused.scrub(claim), plain.scrub(claim))


def _each_on_its_own(rules: Sequence[CompiledRule]) -> Callable[[ClaimFacts, Outcomes], None]:
    def run(facts: ClaimFacts, out: Outcomes) -> None:
        for compiled in rules:
            compiled.run(facts, out)

    return run


def test_fusing_changes_no_example_of_a_rule(shipped_tables: TableSet) -> None:
    """The examples of all rules, each against all rules with the shipped tables; and with the small tables of an
    example against the rules that read one of them, since all others say the same as before.
    """
    rules = [rule for rule in Scrubber.load(["core"], shipped_tables).rules if rule.status != "retired"]
    examples = {repr(example.claim): example for rule in rules for example in rule.tests}
    _fusing_changes_nothing(rules, shipped_tables, tuple(examples.values()))
    by_tables: dict[str, list[tuple[str, RuleTest]]] = {}
    for rule in rules:
        for example in rule.tests:
            if example.tables:
                by_tables.setdefault(repr(example.tables), []).append((rule.id, example))
    for of_rules in by_tables.values():
        small = of_rules[0][1].tables
        asking = {rule_id for rule_id, _ in of_rules}
        readers = [rule for rule in rules if rule.id in asking or not small.keys().isdisjoint(rule.tables)]
        with with_small_tables(shipped_tables, small) as tables:
            _fusing_changes_nothing(readers, tables, [example for _, example in of_rules])


def _fusing_changes_nothing(rules: Sequence[Rule], tables: TableSet, examples: Sequence[RuleTest]) -> None:
    fused = Plan(tuple(compile_rule(rule, tables) for rule in rules), tables)
    for example in (*examples, *examples):  # what is remembered of the first time tells the second
        claim, today = claim_from_shorthand(example.claim), as_of_from_shorthand(example.claim)
        outcomes, selection = fused.run(ClaimFacts(claim, today))
        plain = Outcomes(ClaimFacts(claim, today), tables)
        _each_on_its_own(selection.rules)(plain.facts, plain)
        for undecided, blank in selection.undecided:
            plain.leave(undecided, blank)
        forgetful = attrs.evolve(selection)  # a copy that remembers no judgement
        assert judge(outcomes, selection) == judge(plain, forgetful), example.place


def test_rules_of_other_codes_are_not_entered(write_rule: Write, shipped_tables: TableSet) -> None:
    rules = []
    for number in range(50):
        path = write_rule(f"when: [{{line.procedure: {{is: 'X{number:04}'}}}}]\n", id=f"TST{number + 100}")
        rule, problems = read_rule(path, "test", shipped_tables)
        assert rule is not None, problems
        rules.append(compile_rule(rule, shipped_tables))
    index = RuleIndex.of(rules)
    assert index.always == ()
    dispatch = index.by_code[ScopeKind.LINE]["procedure"]
    assert [dispatch[code] for code in ("X0007", "X0003", "99213")] == [(rules[7].judge,), (rules[3].judge,), ()]
    assert dispatch[None] == tuple(rule.judge for rule in rules)


def test_a_rule_met_by_two_modifiers_is_entered_once(write_rule: Write, shipped_tables: TableSet) -> None:
    rule, problems = read_rule(
        write_rule("when: [{line.modifiers: {includes_any: ['25', '59']}}]\n"), "test", shipped_tables
    )
    assert rule is not None, problems
    other, problems = read_rule(write_rule("when: [{line.units: {is: 7}}]\n", id="TST102"), "test", shipped_tables)
    assert other is not None, problems
    plan = Plan(tuple(compile_rule(each, shipped_tables) for each in (rule, other)), shipped_tables)
    outcomes, _ = plan.run(ClaimFacts(claim_from_shorthand({"lines": ["99213-25-59", "99213-LT"]})))
    assert [(hit.rule.id, hit.item.line) for hit in outcomes.hits] == [("TST101", 1)]
