"""Expressions over the properties of one fact, as durable's rules say them, and what they take of its fixed tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

OPPOSITES = {"$eq": "$neq", "$neq": "$eq", "$gt": "$lte", "$lte": "$gt", "$gte": "$lt", "$lt": "$gte"}


@attrs.frozen
class Name:
    """Another property of the same fact."""

    name: str


@attrs.frozen
class Compared:
    """A property compared with a constant or with another property. It fails where the property is not there."""

    operator: str
    name: str
    value: int | str | Name


@attrs.frozen
class AllOf:
    members: tuple[Expression, ...]


@attrs.frozen
class AnyOf:
    members: tuple[Expression, ...]


Expression = Compared | AllOf | AnyOf | bool


def is_(name: str, value: int) -> Compared:
    return Compared("$eq", name, value)


def is_not(name: str, value: int) -> Compared:
    return Compared("$neq", name, value)


def all_of(members: Iterable[Expression]) -> Expression:
    """Every member holds. Constants fall away, and what is nested without need is not."""
    kept: list[Expression] = []
    for member in members:
        if member is False:
            return False
        if member is not True:
            kept += member.members if isinstance(member, AllOf) else [member]
    return True if not kept else kept[0] if len(kept) == 1 else AllOf(tuple(kept))


def any_of(members: Iterable[Expression]) -> Expression:
    """At least one member holds."""
    kept: list[Expression] = []
    for member in members:
        if member is True:
            return True
        if member is not False:
            kept += member.members if isinstance(member, AnyOf) else [member]
    return False if not kept else kept[0] if len(kept) == 1 else AnyOf(tuple(kept))


def joints(expression: Expression) -> int:
    """How many times an expression says "and" or "or"; durable keeps two places for each, of 32 that a rule has."""
    if isinstance(expression, AllOf | AnyOf):
        return 1 + sum(joints(member) for member in expression.members)
    return 0


def ways(expression: Expression) -> int:
    """In how many ways an expression may come to hold at most: durable follows each of them."""
    if isinstance(expression, AllOf):
        product = 1
        for member in expression.members:
            product *= ways(member)
        return product
    return sum(ways(member) for member in expression.members) if isinstance(expression, AnyOf) else 1


def as_definition(expression: Expression) -> dict[str, Any]:
    """An expression in the form in which durable takes it."""
    if isinstance(expression, AllOf):
        return {"$and": [as_definition(member) for member in expression.members]}
    if isinstance(expression, AnyOf):
        return {"$or": [as_definition(member) for member in expression.members]}
    assert not isinstance(expression, bool), "what always or never holds is no rule"
    value = {"$m": expression.value.name} if isinstance(expression.value, Name) else expression.value
    if expression.operator == "$eq":
        return {expression.name: value}
    return {expression.operator: {expression.name: value}}


@attrs.define
class Size:
    """What a set of rules takes of durable's tables: its network of nodes, built here the way durable builds it.

    A node has 512 places for tests below it, 128 for alternatives and 256 for rules. Durable never returns from
    registering a node that is full, and writes beyond the end of the lists of the other two, so it is asked only to
    register what fits. While it looks at a fact it keeps 64 nodes in mind at most.
    """

    nodes: list[_Node] = attrs.field(factory=lambda: [_Node()])
    rules: int = 0

    @classmethod
    def of(cls, expressions: Iterable[Expression]) -> Size:
        size = cls()
        for expression in expressions:
            size.add(expression)
        return size

    def add(self, expression: Expression) -> None:
        """Count a rule."""
        self.nodes[self._place(expression, 0)].rules += 1
        self.rules += 1

    def _place(self, expression: Expression, below: int) -> int:
        if isinstance(expression, AllOf):
            for member in expression.members:
                below = self._place(member, below)
            return below
        if isinstance(expression, AnyOf):
            joined = self._new()
            for member in expression.members:
                self.nodes[self._place(member, below)].alternatives.append(joined)
            return joined
        assert not isinstance(expression, bool)
        found = self.nodes[below].tests.get(expression)
        if found is None:
            found = self.nodes[below].tests[expression] = self._new()
        return found

    def _new(self) -> int:
        self.nodes.append(_Node())
        return len(self.nodes) - 1

    @property
    def fits(self) -> bool:
        """Whether durable can register the rules and look at any fact with them."""
        within = all(
            len(node.tests) <= MOST_TESTS and len(node.alternatives) <= MOST_ALTERNATIVES and node.rules <= MOST_RULES
            for node in self.nodes
        )
        return within and self.rules <= MOST_RULES and self._in_mind() <= MOST_IN_MIND

    def _in_mind(self) -> int:
        """The most nodes that wait at once while durable looks at a fact which passes every test."""
        most: list[int] = [0] * len(self.nodes)
        for number in reversed(self._in_order()):
            below = self.nodes[number].below
            most[number] = max((len(below) - 1 + max(most[child], 1) for child in below), default=0)
        return most[0]

    def _in_order(self) -> list[int]:
        """The nodes, each before those below it."""
        order: list[int] = []
        waiting = [0]
        parents = [0] * len(self.nodes)
        for node in self.nodes:
            for child in node.below:
                parents[child] += 1
        while waiting:
            number = waiting.pop()
            order.append(number)
            for child in self.nodes[number].below:
                parents[child] -= 1
                if parents[child] == 0:
                    waiting.append(child)
        return order


@attrs.define
class _Node:
    tests: dict[Compared, int] = attrs.field(factory=dict)
    alternatives: list[int] = attrs.field(factory=list)
    rules: int = 0

    @property
    def below(self) -> list[int]:
        return [*self.tests.values(), *self.alternatives]


MOST_TESTS = 480
MOST_ALTERNATIVES = 120
MOST_RULES = 240
MOST_IN_MIND = 60
MOST_JOINTS = 15
"""A rule has 32 places for the beginnings and ends of "and" and "or", and the last of them is not to be used."""
