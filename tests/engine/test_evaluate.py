"""The plain reading of conditions says what the compiled one says, of every condition of every shipped rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext

import attrs

from scrubber.checks.answers import Blank
from scrubber.engine.compile import compile_rule
from scrubber.engine.evaluate import AtHand, Verdict, all_of, any_of, none_of, verdict_of
from scrubber.engine.groups import grouping_of
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.scopes import COLLECTIONS
from scrubber.facts import ClaimFacts
from scrubber.fields import ScopeKind
from scrubber.rules.loader import load_pack
from scrubber.rules.model import Node, Rule
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand
from scrubber.testing.shorthand import as_of_from_shorthand
from scrubber.testing.small_tables import with_small_tables


def test_every_condition_of_every_shipped_rule_reads_as_it_is_compiled(shipped_tables: TableSet) -> None:
    for rule in load_pack("core", shipped_tables).rules:
        nodes = [*rule.when, *rule.unless, *(node for case in rule.cases for node in (*case.when, *case.unless))]
        alone = [_with_only(rule, node) for node in nodes]
        usual = [compile_rule(one, shipped_tables) for one in alone]
        for test in rule.tests:
            with with_small_tables(shipped_tables, test.tables) if test.tables else nullcontext(shipped_tables) as own:
                compiled = [compile_rule(one, own) for one in alone] if test.tables else usual
                for node, one in zip(nodes, compiled, strict=True):
                    facts = ClaimFacts(claim_from_shorthand(test.claim), as_of_from_shorthand(test.claim))
                    for item, partner in _items(rule, facts, own):
                        out = Outcomes(facts, own)
                        if partner is None:
                            one.judge(facts, item, out)
                            assert verdict_of(node, AtHand.of(rule, out, item)) == _verdict(out), (rule.id, test.name)
                    if rule.pair is not None:
                        _compare_pairs(one.rule, node, facts, own)


def test_a_no_wins_over_what_cannot_be_told_and_a_yes_settles_any_of() -> None:
    reason = Blank("lines[0].units")
    assert all_of([True, reason, False]) is False
    assert all_of([True, reason]) == reason
    assert any_of([False, reason, True]) is True
    assert none_of([False, reason]) == reason
    assert none_of([False, False]) is True


def test_of_two_reasons_the_first_is_told() -> None:
    assert all_of([Blank("a"), Blank("b")]) == any_of([Blank("a"), Blank("b")]) == Blank("a")


def _compare_pairs(rule: Rule, node: Node, facts: ClaimFacts, tables: TableSet) -> None:
    out = Outcomes(facts, tables)
    compile_rule(rule, tables).run(facts, out)
    verdicts = [verdict_of(node, AtHand.of(rule, out, item, partner)) for item, partner in _items(rule, facts, tables)]
    assert sum(verdict is True for verdict in verdicts) == len(out.hits)
    assert {verdict for verdict in verdicts if not isinstance(verdict, bool)} == set(out.left.values())


def _with_only(rule: Rule, node: Node) -> Rule:
    """A rule that fires where the one condition holds."""
    case = attrs.evolve(rule.cases[0], when=(), unless=())
    return attrs.evolve(
        rule, when=(node,), unless=(), cases=(case,), every_case=False, effective_from=None, effective_to=None
    )


def _items(rule: Rule, facts: ClaimFacts, tables: TableSet) -> Iterator[tuple[object, object]]:
    kind, grouping = rule.scope.kind, grouping_of(rule)
    items: Sequence[object]
    if grouping is not None:
        items = grouping.of(facts, Outcomes(facts, tables))
    else:
        items = (facts,) if kind is ScopeKind.CLAIM else getattr(facts, COLLECTIONS[kind])
    for item in items:
        if rule.pair is None:
            yield item, None
        else:
            partners = (facts,) if rule.pair.kind is ScopeKind.CLAIM else getattr(facts, COLLECTIONS[rule.pair.kind])
            yield from ((item, partner) for partner in partners if partner is not item)


def _verdict(out: Outcomes) -> Verdict:
    if out.hits:
        return True
    return next(iter(out.left.values()), False)
