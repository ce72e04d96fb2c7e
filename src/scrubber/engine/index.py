"""Finds the rules that can fire on a claim from what the claim names, so that cost follows the claim.

A rule that demands a procedure, a modifier, a diagnosis, a revenue code or a kind of structural fault is entered only
for claims that name one of those it demands; a rule that demands an answer of a finder which several rules ask
("the entry's verdict is expired") only where some item gets that answer. The index never changes an outcome: where the
demanded field is blank, or the finder cannot tell, the rule runs, because blank is not "no".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from scrubber.checks import FINDERS, Finder
from scrubber.checks.answers import UNKNOWN
from scrubber.engine.scopes import COLLECTIONS
from scrubber.facts import ClaimFacts
from scrubber.fields import ScopeKind
from scrubber.rules.model import Condition, FieldRef, FinderLookUp, Node, Param, Rule
from scrubber.rules.words import CodeSet

_LINES = frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE})
_REMEMBERED = 50_000
"""Values whose rules are remembered; a file of claims names far fewer."""


@attrs.frozen
class Demand:
    """That the claim names one of `codes` (or a code with one of `prefixes`) in a kind of field."""

    kind: str
    codes: tuple[CodeSet, ...] = ()
    prefixes: tuple[str, ...] = ()

    def is_met_by(self, value: str | None) -> bool:
        """Whether a value of the field may satisfy the rule; a blank one may."""
        if value is None:
            return True
        return any(value in codes for codes in self.codes) or value.startswith(self.prefixes)

    def joined(self, other: Demand) -> Demand:
        return Demand(self.kind, self.codes + other.codes, self.prefixes + other.prefixes)


def _each(kind: str, scopes: frozenset[ScopeKind], field: str) -> dict[tuple[ScopeKind, str], str]:
    return {(scope, field): kind for scope in scopes}


_KINDS: dict[tuple[ScopeKind, str], str] = {
    **_each("procedure", _LINES, "procedure"),
    **_each("modifier", _LINES, "modifiers"),
    **_each("revenue_code", _LINES, "revenue_code"),
    (ScopeKind.DIAGNOSIS, "code"): "diagnosis",
    (ScopeKind.FAULT, "edit"): "fault",
}


_NAMED: Mapping[str, Callable[[ClaimFacts], set[str | None]]] = {
    "procedure": lambda facts: {line.procedure for line in facts.lines},
    "modifier": lambda facts: {modifier for line in facts.claim.lines for modifier in line.modifiers},
    "revenue_code": lambda facts: {line.revenue_code for line in facts.claim.lines},
    "diagnosis": lambda facts: {diagnosis.code for diagnosis in facts.diagnoses},
    "fault": lambda facts: {fault.raw.edit for fault in facts.faults},
}
"""What a claim names, by kind of demand."""


_ASKED_OFTEN = 3
"""A finder is asked by the index where at least so many rules begin with its answers."""


@attrs.frozen
class FinderDemand:
    """Where a demand for an answer of a finder is looked at: the items to ask about, the finder, the field."""

    collection: str
    finder: Finder
    field: str

    def answers(self, facts: ClaimFacts, find: Callable[[Finder, Any], Any]) -> set[str | None]:
        """What the finder says of the items; None where it cannot tell of one."""
        given: set[str | None] = set()
        for item in getattr(facts, self.collection):
            answer = item.found[self.finder.name] if self.finder.name in item.found else find(self.finder, item)
            if isinstance(answer, UNKNOWN):
                given.add(None)
            elif answer is not None:
                given.add(_as_code(getattr(answer, self.field)))
        return given


def _as_code(value: object) -> str:
    """An answer as the text that demands compare: "true" and "false" for flags, "" for a blank one."""
    return value if isinstance(value, str) else "true" if value is True else "false" if value is False else ""


def demand_of(rule: Rule) -> Demand | None:
    """What a claim must name for the rule to fire, where the rule says so; None where it does not."""
    shared = _first_demand(rule, rule.when)
    if shared is not None:
        return shared
    by_case = [_first_demand(rule, case.when) for case in rule.cases]
    return _union(by_case)


def _first_demand(rule: Rule, nodes: Iterable[Node]) -> Demand | None:
    """The demand of the first node (all of which must hold) that makes one."""
    return next((demand for node in nodes if (demand := _demand(rule, node)) is not None), None)


def _demand(rule: Rule, node: Node) -> Demand | None:
    if isinstance(node, Condition):
        return _demand_of_condition(rule, node)
    if node.kind == "all_of":
        return _first_demand(rule, node.members)
    return _union([_demand(rule, member) for member in node.members]) if node.kind == "any_of" else None


def _union(demands: Sequence[Demand | None]) -> Demand | None:
    """What all alternatives demand together; None where one demands nothing, or they demand different kinds."""
    joined: Demand | None = None
    for demand in demands:
        if demand is None or (joined is not None and joined.kind != demand.kind):
            return None
        joined = demand if joined is None else joined.joined(demand)
    return joined


def _demand_of_condition(rule: Rule, condition: Condition) -> Demand | None:
    scopes = {scope.alias: scope.kind for scope in (rule.scope, rule.pair) if scope is not None}
    subject = condition.subject
    if subject.field is None:
        kind = _finder_kind(rule, subject)
    else:
        kind = _KINDS.get((scopes.get(subject.alias, ScopeKind.CLAIM), subject.name))
    if kind is None:
        return None
    values = _constants(condition.operand)
    if condition.operand is True and condition.word.name == "is":
        values = ["true"]
    match condition.word.name:
        case "is" if all(isinstance(value, str) for value in values):
            return Demand(kind, (CodeSet(values),)) if values else None
        case "is_one_of" | "includes_any" if all(isinstance(value, CodeSet) for value in values):
            return Demand(kind, tuple(values)) if values else None
        case "starts_with" if all(isinstance(value, tuple) for value in values):
            return Demand(kind, (), tuple(prefix for value in values for prefix in value)) if values else None
    return None


def _finder_kind(rule: Rule, subject: FieldRef) -> str | None:
    """The kind of demand for a field of a finder's answer about the rule's own items."""
    if subject.name == "found" or rule.scope.kind not in COLLECTIONS:
        return None
    for look_up in rule.look_ups:
        if look_up.alias == subject.alias and isinstance(look_up, FinderLookUp) and look_up.of == rule.scope.alias:
            return f"{look_up.finder}.{subject.name} of {COLLECTIONS[rule.scope.kind]}"
    return None


def _finder_demand(kind: str) -> FinderDemand:
    finder, _, rest = kind.partition(".")
    field, _, collection = rest.partition(" of ")
    return FinderDemand(collection, FINDERS[finder], field)


def _constants(operand: Any) -> list[Any]:
    """The constants behind a word: one, or each dated value of a param; none for another field."""
    if isinstance(operand, Param):
        return [value for _, value in operand.values]
    return [operand] if isinstance(operand, (str, tuple, CodeSet)) else []


@attrs.define
class RuleIndex:
    """The places of rules by what they demand. Stateful only in what it remembers of values seen."""

    always: tuple[int, ...]
    demands: dict[str, tuple[tuple[int, Demand], ...]]
    asked: dict[str, FinderDemand]
    _remembered: dict[tuple[str, str | None], tuple[int, ...]] = attrs.field(factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> RuleIndex:
        """Index rules by their place in the sequence."""
        demands: dict[str, list[tuple[int, Demand]]] = {}
        for place, rule in enumerate(rules):
            demand = demand_of(rule)
            if demand is not None:
                demands.setdefault(demand.kind, []).append((place, demand))
        asking = Counter(kind.partition(".")[0] for kind, listed in demands.items() for _ in listed if "." in kind)
        kept = {
            kind: tuple(listed)
            for kind, listed in demands.items()
            if "." not in kind or asking[kind.partition(".")[0]] >= _ASKED_OFTEN
        }
        indexed = {place for listed in kept.values() for place, _ in listed}
        always = tuple(place for place in range(len(rules)) if place not in indexed)
        return cls(always, kept, {kind: _finder_demand(kind) for kind in kept if "." in kind})

    def demanded(self, facts: ClaimFacts, find: Callable[[Finder, Any], Any]) -> set[int]:
        """Places of the rules, beside those that always run, whose demand the claim meets; `find` asks a finder."""
        met: set[int] = set()
        for kind in self.demands:
            asked = self.asked.get(kind)
            for value in _NAMED[kind](facts) if asked is None else asked.answers(facts, find):
                met.update(self._met_by(kind, value))
        return met

    def _met_by(self, kind: str, value: str | None) -> tuple[int, ...]:
        key = (kind, value)
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            found = tuple(place for place, demand in self.demands[kind] if demand.is_met_by(value))
            self._remembered[key] = found
        return found
