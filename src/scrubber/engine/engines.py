"""What a plan asks of an engine, and the engines there are. All give the same outcomes; judging them is shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import attrs

from scrubber.engine.compile import CompiledRule, compile_rule
from scrubber.engine.fuse import fuse
from scrubber.engine.index import RuleIndex
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.possible import Known
from scrubber.engine.remember import recollection_of
from scrubber.errors import UnknownName
from scrubber.facts import ClaimFacts
from scrubber.rules.model import Rule
from scrubber.tables import TableSet

ENGINES = ("compiled", "durable")

RunFunction = Callable[[ClaimFacts, Outcomes], None]
"""Runs rules on a claim and tells the outcomes."""


class Prepared(Protocol):
    """A rule as an engine takes it."""

    @property
    def rule(self) -> Rule: ...


class Engine(Protocol):
    """Makes rules ready, each once, and then runs those of a kind of claim together."""

    def prepared(self, rule: Rule) -> Prepared: ...
    def runner(self, rules: Sequence[Any], known: Known) -> RunFunction: ...


@attrs.frozen
class CompiledEngine:
    """Compiles rules to Python functions (ADR 4)."""

    tables: TableSet
    remembers: bool = True
    """Whether what rules say of items that look alike is kept from claim to claim (ADR 8)."""

    def prepared(self, rule: Rule) -> CompiledRule:
        return compile_rule(rule, self.tables)

    def runner(self, rules: Sequence[CompiledRule], known: Known) -> RunFunction:
        if len(rules) == 1:
            return rules[0].run
        if not self.remembers:
            return fuse(RuleIndex.of(rules), known, self.tables).run
        recollection, others = recollection_of(rules, known, self.tables)
        fused = fuse(RuleIndex.of(others), known, self.tables).run
        if recollection is None:
            return fused
        remembered = recollection.run

        def run(facts: ClaimFacts, out: Outcomes) -> None:
            remembered(facts, out)
            fused(facts, out)

        return run


def engine_named(name: str, tables: TableSet) -> Engine:
    """The engine of a name.

    Raises:
        UnknownName: there is no such engine.
        ScrubberError: the package that it needs is not installed.
    """
    if name not in ENGINES:
        raise UnknownName("engine", name, ENGINES)
    if name == "compiled":
        return CompiledEngine(tables)
    from scrubber.engine.durable import DurableEngine

    return DurableEngine()
