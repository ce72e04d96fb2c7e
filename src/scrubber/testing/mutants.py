"""Mutants of a rule: the rule with one condition left out, or with one case turned off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs

from scrubber.checks import known_checks
from scrubber.rules.model import Case, Condition, FieldRef, Group, Node, Param, Place, Rule, Span
from scrubber.rules.words import OperandKind

ITEMS_SHOWN = 4
"""More items of a list are not repeated when a condition is quoted."""

ONE_FAILS = "Add one where everything else holds and this does not."
ONE_EXCUSES = "Add one that this alone excuses."
ONE_HOLDS = "Add one where of its group only this holds."
NOT_GROUPED = "Add one with a line that only this keeps out of the group."
TWICE = "Add one that would be told twice without it."
ONE_SPEAKS = "Add one to which only this case speaks, and quote its words under `says`."

Nodes = tuple[Node, ...]
Rebuild = Callable[[Nodes], Rule]


@attrs.frozen
class Mutant:
    """A rule with one thing missing: what, where it stands, and which example would notice."""

    rule: Rule
    lacks: str
    needs: str
    place: Place
    within: tuple[Place, ...] = ()
    """The groups that hold the missing condition, outermost first."""


def mutants_of(rule: Rule) -> Iterator[Mutant]:
    """Every mutant of a rule, each group before its members."""
    yield from _without_each(rule.when, lambda left: attrs.evolve(rule, when=left), ONE_FAILS)
    yield from _without_each(rule.unless, lambda left: attrs.evolve(rule, unless=left), ONE_EXCUSES)
    yield from _without_each(rule.members, lambda left: attrs.evolve(rule, members=left), NOT_GROUPED)
    if rule.once_per is not None:
        yield Mutant(attrs.evolve(rule, once_per=None), "`once_per`", TWICE, rule.place)
    for index, case in enumerate(rule.cases):
        yield from _of_case(rule, index, case)


def _of_case(rule: Rule, index: int, case: Case) -> Iterator[Mutant]:
    def with_case(*cases: Case) -> Rule:
        return attrs.evolve(rule, cases=(*rule.cases[:index], *cases, *rule.cases[index + 1 :]))

    yield from _without_each(case.when, lambda left: with_case(attrs.evolve(case, when=left)), ONE_FAILS)
    yield from _without_each(case.unless, lambda left: with_case(attrs.evolve(case, unless=left)), ONE_EXCUSES)
    if len(rule.cases) > 1:
        # a case without conditions has no place of its own
        place = next((node.place for node in (*case.when, *case.unless)), rule.place)
        yield Mutant(with_case(), f"case {index + 1}", ONE_SPEAKS, place)


def _without_each(nodes: Nodes, rebuild: Rebuild, needs: str, within: tuple[Place, ...] = ()) -> Iterator[Mutant]:
    for index, node in enumerate(nodes):
        before, after = nodes[:index], nodes[index + 1 :]
        yield Mutant(rebuild((*before, *after)), f"`{quoted(node)}`", needs, node.place, within)
        if isinstance(node, Group) and len(node.members) > 1:
            inner = ONE_FAILS if node.kind == "all_of" else ONE_HOLDS
            regroup = _in_group(node, before, after, rebuild)
            yield from _without_each(node.members, regroup, inner, (*within, node.place))


def _in_group(group: Group, before: Nodes, after: Nodes, rebuild: Rebuild) -> Rebuild:
    return lambda members: rebuild((*before, attrs.evolve(group, members=members), *after))


def quoted(node: Node) -> str:
    """A condition as its author would write it, long lists cut short."""
    if isinstance(node, Group):
        return f"{node.kind}: [{', '.join(quoted(member) for member in node.members)}]"
    return f"{node.subject}: {{{node.word.name}: {_operand(node)}}}"


def _operand(condition: Condition) -> str:
    operand = condition.operand
    if condition.word.operand is OperandKind.PREDICATE:
        # the loader has put the function of the check in the place of its name
        return next((name for name, check in known_checks().predicates.items() if check.test is operand), "…")
    return _value(operand)


def _value(operand: Any) -> str:
    if isinstance(operand, Param):
        return f"${operand.name}" if operand.name.startswith("value_sets.") else f"$params.{operand.name}"
    if isinstance(operand, FieldRef):
        return f"${operand}"
    if isinstance(operand, Span):
        return f"{{days: {_value(operand.days)}, of: ${operand.of}}}"
    if isinstance(operand, bool):
        return "true" if operand else "false"
    if isinstance(operand, str) or not hasattr(operand, "__iter__"):
        return str(operand)
    items = [str(item) for item in operand]
    return f"[{', '.join(items[:ITEMS_SHOWN])}{', …' if len(items) > ITEMS_SHOWN else ''}]"
