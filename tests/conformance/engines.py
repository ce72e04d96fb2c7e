"""The engines that must agree on what rules mean. An engine runs rules over the facts of one claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from scrubber.engine.compile import compile_rule
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.plan import Plan
from scrubber.engine.trace import trace_rule
from scrubber.facts import ClaimFacts
from scrubber.rules.model import Rule
from scrubber.tables import TableSet

Engine = Callable[[Sequence[Rule], TableSet, ClaimFacts], Outcomes]


def compiled(rules: Sequence[Rule], tables: TableSet, facts: ClaimFacts) -> Outcomes:
    """Each rule as a function of its own."""
    out = Outcomes(facts, tables)
    for rule in rules:
        compile_rule(rule, tables).run(facts, out)
    return out


def fused(rules: Sequence[Rule], tables: TableSet, facts: ClaimFacts) -> Outcomes:
    """All rules as one function, which is what checks claims."""
    outcomes, _ = Plan(tuple(compile_rule(rule, tables) for rule in rules), tables).run(facts)
    return outcomes


def traced(rules: Sequence[Rule], tables: TableSet, facts: ClaimFacts) -> Outcomes:
    """Each condition asked one by one, as `check --why` tells it."""
    out = Outcomes(facts, tables)
    for rule in rules:
        trace_rule(rule, out)
    return out


ENGINES: Mapping[str, Engine] = {"compiled": compiled, "fused": fused, "traced": traced}
"""Every engine by its name; a new one is a function here."""
