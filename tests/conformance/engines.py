"""The engines that must agree on what rules mean. An engine runs rules over the facts of one claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec

from scrubber.engine.compile import compile_rule
from scrubber.engine.engines import engine_named
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


def durable(rules: Sequence[Rule], tables: TableSet, facts: ClaimFacts) -> Outcomes:
    """The second engine, which has durable_rules find what follows."""
    engine = engine_named("durable", tables)
    plan = Plan(tuple(engine.prepared(rule) for rule in rules), tables, engine=engine)
    return plan.run(facts)[0]


ENGINES: Mapping[str, Engine] = {"compiled": compiled, "fused": fused, "traced": traced}
if find_spec("durable_rules_engine") is not None:  # the extra `durable`
    ENGINES = {**ENGINES, "durable": durable}
"""Every engine by its name; a new one is a function here."""
