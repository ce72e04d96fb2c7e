"""The second engine: packs run by durable_rules, a library of forward chaining over facts.

It gives the reports of the compiled engine, is slower, and is there to prove it. ADR 5 says how rules are told to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from scrubber.engine.durable.library import library
from scrubber.engine.durable.logic import Logic
from scrubber.engine.durable.run import runner
from scrubber.engine.outcomes import Outcomes
from scrubber.facts import ClaimFacts
from scrubber.rules.model import Rule

__all__ = ["DurableEngine", "PlannedRule"]


@attrs.frozen
class PlannedRule:
    """A rule that durable is told together with others."""

    rule: Rule


@attrs.define
class DurableEngine:
    """Runs rules with durable_rules."""

    _logic: Logic | None = attrs.field(default=None, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        library()

    def prepared(self, rule: Rule) -> PlannedRule:
        return PlannedRule(rule)

    def runner(self, rules: Sequence[PlannedRule], known: object) -> Callable[[ClaimFacts, Outcomes], None]:
        """What runs rules on claims of one kind."""
        if self._logic is None:
            self._logic = Logic.registered()
        return runner([planned.rule for planned in rules], self._logic)
