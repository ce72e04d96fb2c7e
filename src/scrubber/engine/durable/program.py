"""A rule as durable runs it: which expressions say that it is not ruled out, and what each of its parts says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from scrubber.checks.answers import UNKNOWN, Unknown, graver
from scrubber.engine.durable.expressions import MOST_JOINTS, Compared, Expression, all_of, any_of, joints, ways
from scrubber.engine.durable.logic import CaseParts, Group, Logic, RuleParts
from scrubber.engine.durable.sayings import UNTOLD, YES, Truth, Vocabulary, joined, native, say
from scrubber.engine.evaluate import AtHand, verdict_of
from scrubber.engine.values import look_ups_of
from scrubber.fields import ScopeKind
from scrubber.rules import model
from scrubber.rules.model import Condition, Node, Rule

FIRST_DAY, LAST_DAY = "from", "to"
"""Properties of a fact: the date of the item, twice. An item without one lies after every first day and before every
last one.
"""
MOST_WAYS = 200


def of_rule(rule: Rule) -> list[Rule]:
    """The rules that a rule stands for: where every case that holds speaks, each case is one."""
    return [attrs.evolve(rule, cases=(case,)) for case in rule.cases] if rule.every_case else [rule]


def in_order(rule: Rule) -> list[Node]:
    """The conditions of `when` in the order in which reasons count: those that ask nothing of a table come first."""
    return sorted(rule.when, key=lambda node: len(look_ups_of(node)))


def conditions_of(nodes: Sequence[Node]) -> Iterator[Condition]:
    """All conditions of nodes, those in groups too."""
    for node in nodes:
        if isinstance(node, model.Group):
            yield from conditions_of(node.members)
        else:
            yield node


def all_conditions(rule: Rule) -> Iterator[Condition]:
    """Every condition of a rule, in the order of its parts."""
    yield from conditions_of(rule.when)
    for case in rule.cases:
        yield from conditions_of((*case.when, *case.unless))
    yield from conditions_of(rule.unless)


def roles_of(rule: Rule) -> dict[str, str]:
    """What the names of a rule stand for, so that rules with names of their own share the values of an item."""
    roles = {rule.scope.alias: "item"}
    if rule.pair is not None:
        roles[rule.pair.alias] = "partner"
    return {**roles, "claim": "claim"} if rule.scope.kind is not ScopeKind.CLAIM else {**roles, "claim": "item"}


def sieve(number: int, rule: Rule, words: Vocabulary, *, natively: bool) -> Expression:
    """That nothing rules the rule out for an item: its day is covered, no condition of `when` is known not to hold, and
    not every case is known not to.

    It may say less than that where the rule is too long for one rule of durable's; what passes is judged in full.
    """
    tests: list[Expression] = []
    if rule.effective_from is not None:
        tests.append(Compared("$gte", FIRST_DAY, rule.effective_from.toordinal()))
    if rule.effective_to is not None:
        tests.append(Compared("$lte", LAST_DAY, rule.effective_to.toordinal()))
    if not rule.undated:
        tests.append(Compared("$gte", LAST_DAY, 1))  # an item without a date has 0
    roles = roles_of(rule)

    def open_still(nodes: Sequence[Node]) -> Expression:
        return all_of(truth_of(node, number, roles, words, natively=natively).not_no for node in nodes)

    for part in (*((node,) for node in rule.when), None):
        # last, that some case may hold
        test = any_of(open_still(case.when) for case in rule.cases) if part is None else open_still(part)
        trial = all_of((*tests, test))
        if joints(trial) <= MOST_JOINTS and ways(trial) <= MOST_WAYS:
            tests = [trial]
    passes = all_of(tests)
    return Compared("$gte", FIRST_DAY, 0) if passes is True else passes


def truth_of(node: Node, number: int, roles: Mapping[str, str], words: Vocabulary, *, natively: bool) -> Truth:
    """The truth of a node over the facts of a vocabulary."""
    if isinstance(node, model.Group):
        members = tuple(truth_of(member, number, roles, words, natively=natively) for member in node.members)
        return joined(members, node.kind)
    return say(number, node, roles, words, natively=natively)


def leaf_rules(rule: Rule, words: Vocabulary, *, natively: bool) -> list[tuple[str, Expression]]:
    """For each condition that is said natively, when it holds and when it cannot be told."""
    found: list[tuple[str, Expression]] = []
    for number, condition in enumerate(all_conditions(rule)):
        if natively and native(condition):
            truth = say(0, condition, roles_of(rule), words)
            found += [(f"{number} {YES}", truth.yes), (f"{number} {UNTOLD}", truth.untold)]
    return [(name, expression) for name, expression in found if expression is not False]


@attrs.define(eq=False)
class Open:
    """A rule that is not ruled out for an item, and what its conditions and groups say of it."""

    place: tuple[int, ...]
    """Where its outcome stands among those of the claim: rule, item, partner, case."""
    rule: Rule
    at: AtHand
    natively: bool
    says: dict[int, int] = attrs.field(factory=dict)
    """What nodes say, by their identity."""

    def nodes(self) -> Iterator[Node]:
        """Every node of the rule."""
        parts = [
            self.rule.when,
            self.rule.unless,
            *(part for case in self.rule.cases for part in (case.when, case.unless)),
        ]
        for part in parts:
            yield from _below(part)

    def part(self, kind: str, nodes: Sequence[Node]) -> Group:
        """A list of nodes as a group; where it says nothing, it holds or excuses nothing."""
        return Group(kind, [self.says[id(node)] for node in nodes])

    def reason(self, nodes: Sequence[Node]) -> Unknown | None:
        """The gravest reason why nodes cannot be told."""
        found: Unknown | None = None
        for node in nodes:
            if self.says[id(node)] == UNTOLD:
                if isinstance(node, model.Group):
                    reason = self.reason(node.members)
                else:
                    verdict = verdict_of(node, self.at)
                    reason = verdict if isinstance(verdict, UNKNOWN) else None
                found = found if reason is None else graver(found, reason)
        return found


def _below(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, model.Group):
            yield from _below(node.members)
        yield node


def height(node: Node) -> int:
    """0 for a condition; a group stands above its members."""
    return 1 + max(height(member) for member in node.members) if isinstance(node, model.Group) else 0


@attrs.frozen
class Judged:
    """The outcome of a rule about an item: fire, excuse, leave (with a reason), or "" for clear."""

    outcome: str
    case: int = 0
    reason: Unknown | None = None


def judge_open(found: Sequence[Open], logic: Logic) -> list[Judged]:
    """The outcomes of rules whose conditions have said what they say: groups first, then cases, then rules."""
    groups = [(one, node) for one in found for node in one.nodes() if isinstance(node, model.Group)]
    for level in sorted({height(node) for _, node in groups}):
        here = [(one, node) for one, node in groups if height(node) == level]
        for (one, node), answer in zip(
            here, logic.answers([one.part(node.kind, node.members) for one, node in here]), strict=True
        ):
            one.says[id(node)] = answer
    whens = logic.answers([one.part("all_of", one.rule.when) for one in found])
    unlesses = logic.answers([one.part("any_of", one.rule.unless) for one in found])
    each = [(one, case) for one in found for case in one.rule.cases]
    case_whens = logic.answers([one.part("all_of", case.when) for one, case in each])
    case_unlesses = logic.answers([one.part("any_of", case.unless) for one, case in each])
    cases = logic.answers([CaseParts(*parts) for parts in zip(case_whens, case_unlesses, strict=True)])
    of_rules: list[list[int]] = []
    excusing: list[list[int]] = []
    start = 0
    for one in found:
        end = start + len(one.rule.cases)
        of_rules.append(cases[start:end])
        excusing.append(case_unlesses[start:end])
        start = end
    firsts = logic.first(of_rules)
    parts = [RuleParts(when, first[0], unless) for when, first, unless in zip(whens, firsts, unlesses, strict=True)]
    judged: list[Judged] = []
    for one, verdict, (_, case), answers, excuses in zip(
        found, logic.verdicts(parts), firsts, of_rules, excusing, strict=True
    ):
        outcome, _, by = verdict.partition(" ")
        if outcome != "untold":
            judged.append(Judged(outcome, case or 0))
        else:
            judged.append(Judged("leave", 0, _why(one, by, answers, excuses)))
    return judged


def _why(one: Open, by: str, cases: Sequence[int], excuses: Sequence[int]) -> Unknown | None:
    """The reason to tell for a rule that cannot be judged because of a part of it."""
    if by == "when":
        return one.reason(in_order(one.rule))
    if by == "unless":
        return one.reason(one.rule.unless)
    found: Unknown | None = None
    for case, answer, excuse in zip(one.rule.cases, cases, excuses, strict=True):
        if answer == UNTOLD:
            reason = one.reason(case.when)
            if excuse == UNTOLD:
                other = one.reason(case.unless)
                reason = reason if other is None else graver(reason, other)
            found = found if reason is None else graver(found, reason)
    return found
