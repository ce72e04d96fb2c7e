"""The groups of lines that a rule looks at, made once for all rules that group alike."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from operator import attrgetter
from typing import Any

import attrs

from scrubber.checks.answers import Unknown
from scrubber.engine.evaluate import AtHand, all_of, blank_reason, verdict_of
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.scopes import COLLECTIONS
from scrubber.facts import ClaimFacts, GroupFacts, LineFacts
from scrubber.fields import GROUPED, Field, ScopeKind
from scrubber.rules.model import FieldRef, Node, Param, Rule, Scope, Span
from scrubber.rules.model import Group as GroupOfConditions
from scrubber.rules.words import CodeSet

MemberTest = Callable[[ClaimFacts, LineFacts, Outcomes], bool | Unknown]
"""Whether a line is grouped at all, or why it cannot be told."""


@attrs.frozen(cache_hash=True)
class Grouping:
    """How a rule groups lines. Groupings that do the same are equal, whichever rules they come from."""

    kind: ScopeKind
    shape: Hashable
    """What is shared and who is a member, without the places where the rule file says it."""
    fields: tuple[Field, ...] = attrs.field(eq=False, repr=False)
    readers: tuple[Callable[[LineFacts], Any], ...] = attrs.field(eq=False, repr=False)
    """What gives the value of each field for a line."""
    member: MemberTest | None = attrs.field(eq=False, repr=False)

    def of(self, facts: ClaimFacts, out: Outcomes) -> tuple[GroupFacts, ...]:
        """The groups of a claim, in the order of their first lines."""
        known: tuple[GroupFacts, ...] | None = facts.groups.get(self)
        if known is None:
            known = facts.groups[self] = tuple(self._groups(facts, out))
        return known

    def _groups(self, facts: ClaimFacts, out: Outcomes) -> Iterable[GroupFacts]:
        together: dict[Hashable, list[LineFacts]] = {}
        untold: dict[Hashable, Unknown] = {}
        for line in getattr(facts, COLLECTIONS[GROUPED[self.kind]]):
            member = True if self.member is None else self.member(facts, line, out)
            if member is False:
                continue
            values = tuple([read(line) for read in self.readers])
            key: Hashable = values
            if None in values:  # of which group it is cannot be told: it stands alone
                key = line
                untold[key] = blank_reason(self.fields[values.index(None)], line)
            together.setdefault(key, []).append(line)
            if member is not True:
                untold[key] = untold.get(key, member) if key is values else member
        for key, lines in together.items():
            shared = {field.name: read(lines[0]) for field, read in zip(self.fields, self.readers, strict=True)}
            yield GroupFacts(facts, tuple(lines), shared, untold.get(key))


def grouping_of(rule: Rule, member: MemberTest | None = None) -> Grouping | None:
    """How a rule groups lines; None for one that looks at single things. `member` is a quicker test of members."""
    if rule.scope.kind not in GROUPED:
        return None
    fields = tuple(reference.field for reference in rule.group_by if reference.field is not None)
    shape = (tuple(field.name for field in fields), tuple(_shape(node) for node in rule.members))
    readers = tuple(attrgetter(field.access) for field in fields)
    if member is None and rule.members:
        member = _asked_one_by_one(of_lines(rule))
    return Grouping(rule.scope.kind, shape, fields, readers, member)


def of_lines(rule: Rule) -> Rule:
    """The conditions on members as those of a rule about lines."""
    return attrs.evolve(
        rule, scope=Scope(GROUPED[rule.scope.kind], "line"), pair=None, when=rule.members, look_ups=(), group_by=()
    )


def _asked_one_by_one(rule: Rule) -> MemberTest:
    def is_member(facts: ClaimFacts, line: LineFacts, out: Outcomes) -> bool | Unknown:
        at = AtHand(rule, out, {"claim": facts, "line": line})
        return all_of(verdict_of(node, at) for node in rule.when)

    return is_member


def _shape(node: Node) -> Hashable:
    if isinstance(node, GroupOfConditions):
        return node.kind, tuple(_shape(member) for member in node.members)
    return str(node.subject), node.word.name, _operand_shape(node.operand)


def _operand_shape(operand: Any) -> Hashable:
    if isinstance(operand, Param):
        return tuple((start, _operand_shape(value)) for start, value in operand.values)
    if isinstance(operand, CodeSet):
        return operand.text
    if isinstance(operand, Span):
        return _operand_shape(operand.days), str(operand.of)
    return str(operand) if isinstance(operand, FieldRef) else operand
