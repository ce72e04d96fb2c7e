"""Runs the tests that stand in rule files: each claim against its own rule, as an author would read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from scrubber.engine.compile import CompiledRule, compile_rule
from scrubber.engine.judge import judge
from scrubber.engine.plan import Plan
from scrubber.errors import ScrubberError
from scrubber.facts import ClaimFacts
from scrubber.findings import Finding
from scrubber.rules.model import Rule, RuleTest
from scrubber.tables import TableSet
from scrubber.testing.shorthand import as_of_from_shorthand, claim_from_shorthand
from scrubber.testing.small_tables import with_small_tables


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
        compiled = compile_rule(rule, tables)
        for test in rule.tests:
            yield RuleTestResult(rule, test, _trouble(compiled, test, tables))


def _trouble(compiled: CompiledRule, test: RuleTest, tables: TableSet) -> str | None:
    """As `run_rule_test`, with the small tables of the test in place."""
    if not test.tables:
        return run_rule_test(compiled, test, tables)
    try:
        with with_small_tables(tables, test.tables) as own:
            return run_rule_test(compile_rule(compiled.rule, own), test, own)
    except ScrubberError as error:
        return f"the tables of the test cannot be read: {error}"


def run_rule_test(compiled: CompiledRule, test: RuleTest, tables: TableSet) -> str | None:
    """What differs from what the test expects, or None."""
    try:
        claim = claim_from_shorthand(test.claim)
        facts = ClaimFacts(claim, as_of_from_shorthand(test.claim))
    except ScrubberError as error:
        return f"the claim of the test cannot be read: {error}"
    judgement = judge(*Plan((compiled,), tables).run(facts))
    findings = judgement.findings
    fired = sorted(place_of(finding) for finding in findings)
    expected = sorted(" ".join(place.split()) for place in test.fires_at)
    if fired != expected:
        reasons = [f"{unjudged.reason}" for unjudged in (*judgement.not_evaluated, *judgement.not_checked)]
        because = f" ({'; '.join(reasons)})" if reasons else ""
        return f"expected to fire at {_listed(expected)}, fired at {_listed(fired)}{because}."
    if test.severity and any(finding.severity != test.severity for finding in findings):
        return f"expected severity {test.severity}, got {', '.join(f.severity for f in findings)}."
    if test.outcome is not None:
        coverage = judgement.coverage
        if not getattr(coverage, test.outcome):
            happened = next(
                (o for o in ("fired", "excused", "not_evaluated", "not_checked") if getattr(coverage, o)), "clear"
            )
            return f"expected the outcome {test.outcome}, got {happened}."
    return None


def place_of(finding: Finding) -> str:
    """Where a finding points, as tests write it: "line 2", "diagnosis 1" or "claim"."""
    if finding.line is not None:
        return f"line {finding.line}"
    return f"diagnosis {finding.diagnosis}" if finding.diagnosis is not None else "claim"


def _listed(places: list[str]) -> str:
    return ", ".join(places) or "nothing"
