"""What the rules say of one claim while they run: who fired where, who was excused, who could not tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from scrubber.checks.answers import NoEdition, Unknown, no_edition
from scrubber.checks.contract import Finder
from scrubber.facts import ClaimFacts
from scrubber.rules.model import Rule
from scrubber.tables import NO_EDITION, NO_ROW, Row, Table, TableSet

UNASKED = object()
"""What compiled rules see where no rule has asked a finder about an item yet."""


@attrs.frozen(eq=False)
class Hit:
    """A rule that fired: which case, about which item, and what every name of the rule stood for."""

    rule: Rule
    case: int
    item: Any
    named: Mapping[str, Any]


@attrs.frozen(eq=False)
class UntoldOnDay:
    """Rules without a verdict on a day for want of a table, told together. Known by its identity."""

    left: Mapping[tuple[str, str], Unknown]


@attrs.define
class Outcomes:
    """Collects outcomes for one claim, and shares look-ups between rules. Made anew for every claim."""

    facts: ClaimFacts
    tables: TableSet
    hits: list[Hit] = attrs.field(factory=list)
    excused: set[str] = attrs.field(factory=set)
    left: dict[tuple[str, str], Unknown] = attrs.field(factory=dict)
    """Rules without a verdict and why, each reason once."""
    untold: list[UntoldOnDay] = attrs.field(factory=list)
    """More of the same, which `tell_all` adds."""

    def fire(self, rule: Rule, case: int, item: Any, named: Mapping[str, Any]) -> None:
        self.hits.append(Hit(rule, case, item, named))

    def excuse(self, rule: Rule) -> None:
        self.excused.add(rule.id)

    def leave(self, rule: Rule, reason: Unknown) -> None:
        self.left[rule.id, reason.reason] = reason

    def tell_all(self) -> None:
        """Note the rules without a verdict one by one."""
        for together in self.untold:
            self.left.update(together.left)
        self.untold.clear()

    def find(self, finder: Finder, item: Any) -> Any:
        """The finder's answer about an item, kept for the other rules that ask."""
        answer = item.found[finder.name] = finder.find(self.facts, item, self.tables)
        return answer

    @staticmethod
    def look_up(table: Table | str, key: Any, day: date) -> Row | NoEdition | None:
        """A row, None for no row, or that no edition covers the day."""
        if isinstance(table, str):
            return no_edition(table, day)
        answer = table.look_up(key, day)
        if answer is NO_EDITION:
            return no_edition(table.name, day, table.lacking_on(day))
        return None if answer is NO_ROW else answer
