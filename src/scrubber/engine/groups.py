"""The groups of lines that a rule looks at, made once for all rules that group alike."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
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
from scrubber.rules.words import CodeSet, is_empty


@attrs.frozen
class Grouping:
    """How a rule groups lines. Groupings that do the same are equal, whichever rules they come from."""

    kind: ScopeKind
    shape: Hashable
    """What is shared and who is a member, without the places where the rule file says it."""
    fields: tuple[Field, ...] = attrs.field(eq=False, repr=False)
    rule: Rule = attrs.field(eq=False, repr=False)
    """The rule's conditions on members, read as those of a rule about lines."""

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
            member = self._is_member(facts, line, out)
            if member is False:
                continue
            key: Hashable = tuple([attrgetter(field.access)(line) for field in self.fields])
            blank = next((f for f in self.fields if is_empty(attrgetter(f.access)(line))), None)
            if blank is not None:  # of which group it is cannot be told: it stands alone
                key = line
            together.setdefault(key, []).append(line)
            if member is not True:
                untold.setdefault(key, member)
            elif blank is not None:
                untold[key] = blank_reason(blank, line)
        for key, lines in together.items():
            shared = {field.name: attrgetter(field.access)(lines[0]) for field in self.fields}
            yield GroupFacts(facts, tuple(lines), shared, untold.get(key))

    def _is_member(self, facts: ClaimFacts, line: LineFacts, out: Outcomes) -> bool | Unknown:
        if not self.rule.when:
            return True
        at = AtHand(self.rule, out, {"claim": facts, "line": line})
        return all_of(verdict_of(node, at) for node in self.rule.when)


def grouping_of(rule: Rule) -> Grouping | None:
    """How a rule groups lines; None for one that looks at single things."""
    if rule.scope.kind not in GROUPED:
        return None
    fields = tuple(reference.field for reference in rule.group_by if reference.field is not None)
    shape = (tuple(field.name for field in fields), tuple(_shape(node) for node in rule.members))
    of_lines = attrs.evolve(
        rule, scope=Scope(GROUPED[rule.scope.kind], "line"), pair=None, when=rule.members, look_ups=()
    )
    return Grouping(rule.scope.kind, shape, fields, of_lines)


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
