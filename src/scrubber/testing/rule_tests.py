"""Runs the tests that stand in rule files: each claim against its own rule, as an author would read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from scrubber.rules.model import Rule, RuleTest
from scrubber.tables import TableSet
from scrubber.testing.examples import Compilations, ready_examples


@attrs.frozen
class RuleTestResult:
    """One test of one rule; `trouble` says in a sentence what differed, None where it passed."""

    rule: Rule
    test: RuleTest
    trouble: str | None

    @property
    def passed(self) -> bool:
        return self.trouble is None


def run_rule_tests(rules: Iterable[Rule], tables: TableSet) -> Iterator[RuleTestResult]:
    """Run every inline test of every rule, each rule by itself so that no other rule masks it."""
    for rule in rules:
        if rule.status == "retired":
            continue
        compilations = Compilations(rule)
        with ready_examples(rule, tables) as examples:
            for example in examples:
                trouble = example.trouble(compilations.for_example(example))
                yield RuleTestResult(rule, example.test, trouble)
