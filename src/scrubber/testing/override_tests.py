"""Runs the tests that stand behind overrides: what a rule says of a claim once all layers are in place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import attrs

from scrubber.engine.compile import compile_rule
from scrubber.engine.judge import judge
from scrubber.engine.plan import RUNNING, Plan
from scrubber.facts import ClaimFacts
from scrubber.rules.layers import by_level
from scrubber.rules.model import Pack, Rule
from scrubber.tables import TableSet
from scrubber.testing.examples import Example, difference, ready_examples
from scrubber.testing.rule_tests import RuleTestResult


def run_override_tests(
    packs: Iterable[Pack], tables: TableSet, only: Collection[str] | None = None
) -> Iterator[RuleTestResult]:
    """Run the tests of every override of the packs that were asked for, each rule by itself.

    `only` names the ids of the rules whose overrides are tested.
    """
    packs = tuple(packs)
    layers = tuple(by_level(pack for pack in packs if pack.level != "national"))
    by_id: dict[str, list[Rule]] = {}
    for rule in (rule for pack in packs for rule in pack.rules if rule.status in RUNNING):
        by_id.setdefault(rule.id, []).append(rule)
    for override in (override for pack in packs if not pack.brought for override in pack.overrides):
        versions = by_id.get(override.rule, [])
        if not versions or (only is not None and override.rule not in only):
            continue
        with ready_examples(attrs.evolve(versions[0], tests=override.tests), tables) as examples:
            for example in examples:
                yield RuleTestResult(versions[0], example.test, _trouble(example, versions, layers))


def _trouble(example: Example, versions: Iterable[Rule], layers: tuple[Pack, ...]) -> str | None:
    if example.claim is None:
        return example.unusable
    compiled = tuple(compile_rule(rule, example.tables) for rule in versions)
    outcomes, selection = Plan(compiled, example.tables, layers).run(ClaimFacts(example.claim, example.as_of))
    return difference(example.test, judge(outcomes, selection))
