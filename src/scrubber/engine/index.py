"""Finds the rules that can fire on an item from the codes it names, so that cost follows the claim.

A rule that demands a procedure, a modifier, a diagnosis, a revenue code or a kind of structural fault is entered only
for items that name one of those it demands. The index never changes an outcome: where the demanded field is blank, the
rule runs, because blank is not "no".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import attrs

from scrubber.engine.compile import CompiledRule, ItemFunction
from scrubber.engine.groups import of_lines
from scrubber.fields import ScopeKind
from scrubber.rules.model import Condition, Node, Param, Rule
from scrubber.rules.words import CodeSet

_LINES = frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE})
_REMEMBERED = 50_000
"""Values of a kind whose rules are remembered; a file of claims names far fewer."""


@attrs.frozen
class Demand:
    """That an item names one of `codes` (or a code with one of `prefixes`) in a kind of field."""

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


def demand_of(rule: Rule) -> Demand | None:
    """What an item must name for the rule to fire, where the rule says so; None where it does not."""
    shared = _first_demand(rule, rule.when)
    if shared is not None:
        return shared
    by_case = [_first_demand(rule, case.when) for case in rule.cases]
    return _union(by_case)


def indexed_demand(rule: Rule) -> Demand | None:
    """What a rule is found by; None for one that is looked at for every item."""
    demand = demand_of(rule)
    # what only the cases demand is often a wide range, and the conditions before them rule more out
    return None if rule.when and _first_demand(rule, rule.when) is None else demand


def demand_of_members(rule: Rule) -> Demand | None:
    """What a line must name for a rule about groups to have it in one; None where the rule takes any line."""
    lines = of_lines(rule)
    return _first_demand(lines, lines.when)


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
    subject = condition.subject
    if subject.field is None or subject.alias != rule.scope.alias:
        return None
    kind = _KINDS.get((rule.scope.kind, subject.name))
    if kind is None:
        return None
    values = _constants(condition.operand)
    match condition.word.name:
        case "is" if all(isinstance(value, str) for value in values):
            return Demand(kind, (CodeSet(values),)) if values else None
        case "is_one_of" | "includes_any" if all(isinstance(value, CodeSet) for value in values):
            return Demand(kind, tuple(values)) if values else None
        case "starts_with" if all(isinstance(value, tuple) for value in values):
            return Demand(kind, (), tuple(prefix for value in values for prefix in value)) if values else None
    return None


def _constants(operand: Any) -> list[Any]:
    """The constants behind a word: one, or each dated value of a param; none for another field."""
    if isinstance(operand, Param):
        return [value for _, value in operand.values]
    return [operand] if isinstance(operand, (str, tuple, CodeSet)) else []


Demanding = TypeVar("Demanding")


class Dispatch(dict[str | None, tuple[Demanding, ...]], Generic[Demanding]):
    """What a value may concern (functions of rules, ways of grouping), worked out when the value is first met."""

    def __init__(self, demands: Sequence[tuple[Demand, Demanding]]) -> None:
        self.demands = demands

    def __missing__(self, value: str | None) -> tuple[Demanding, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        met = self[value] = tuple(demanding for demand, demanding in self.demands if demand.is_met_by(value))
        return met


def met_by_any(dispatch: Dispatch[Demanding], values: Iterable[str]) -> Iterable[Demanding]:
    """What some of several values may concern, each once."""
    return dict.fromkeys(demanding for value in values for demanding in dispatch[value])


DEMANDED_OF: Mapping[str, Callable[[Any], Any]] = {
    "procedure": lambda line: line.procedure,
    "modifier": lambda line: line.raw.modifiers,
    "revenue_code": lambda line: line.raw.revenue_code,
    "diagnosis": lambda diagnosis: diagnosis.code,
    "fault": lambda fault: fault.raw.edit,
}
"""What an item names that rules of each kind of demand are found by; modifiers are several."""


@attrs.frozen
class RuleIndex:
    """Rules by what they demand of an item of their scope."""

    always: tuple[CompiledRule, ...]
    """Rules that demand nothing."""
    by_code: Mapping[ScopeKind, Mapping[str, Dispatch[ItemFunction]]]

    @classmethod
    def of(cls, rules: Iterable[CompiledRule]) -> RuleIndex:
        """Index rules by the codes they demand."""
        always: list[CompiledRule] = []
        demanding: dict[tuple[ScopeKind, str], list[tuple[Demand, ItemFunction]]] = {}
        for compiled in rules:
            demand = indexed_demand(compiled.rule)
            if demand is None:
                always.append(compiled)
            else:
                demanding.setdefault((compiled.rule.scope.kind, demand.kind), []).append((demand, compiled.judge))
        by_code: dict[ScopeKind, dict[str, Dispatch[ItemFunction]]] = {}
        for (scope, kind), listed in demanding.items():
            by_code.setdefault(scope, {})[kind] = Dispatch(listed)
        return cls(tuple(always), by_code)
