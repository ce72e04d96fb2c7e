"""Runs rules over the facts of a claim with durable: the same outcomes as the compiled engine, found another way.

Per claim, the items of each scope become facts: their values, and the answers of what durable has no words for. Durable
says for which items a rule is not ruled out, then what its conditions say of them, then what groups, cases and the rule
itself come to. Each step has sessions of its own, and each answer is a fact of the next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import attrs

from scrubber.checks.answers import UNKNOWN
from scrubber.engine.durable.expressions import AllOf, AnyOf, Compared, Expression, Name
from scrubber.engine.durable.library import Ruleset, TooLarge, in_sets
from scrubber.engine.durable.logic import Logic
from scrubber.engine.durable.program import (
    FIRST_DAY,
    LAST_DAY,
    Open,
    all_conditions,
    judge_open,
    leaf_rules,
    of_rule,
    sieve,
)
from scrubber.engine.durable.sayings import NO, UNTOLD, Unsayable, Vocabulary, answer_property, native, value_properties
from scrubber.engine.evaluate import AtHand, verdict_of
from scrubber.engine.groups import Grouping, grouping_of
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.scopes import COLLECTIONS
from scrubber.errors import ScrubberError
from scrubber.facts import ClaimFacts
from scrubber.fields import ScopeKind
from scrubber.rules.model import Condition, Rule

_AFTER_ALL = 10**7
"""A day that no calendar reaches."""

Looked = tuple[ScopeKind, ScopeKind | None, Grouping | None]
"""What rules look at one by one: a scope, that of the partners of pairs, and how lines are grouped."""
Place = tuple[int, int]
"""An item and its partner by their numbers; the partner of a rule without pairs is 0."""


@attrs.frozen
class Item:
    """An item of a scope, or a pair of them."""

    place: Place
    item: Any
    partner: Any = None


@attrs.define(eq=False, slots=False)
class Program:
    """A rule (or one case of it) with its sets of rules about single conditions, which are made when first needed."""

    place: tuple[int, int]
    """The rule's number and that of its case."""
    rule: Rule

    def opened(self, item: Item, out: Outcomes, *, natively: bool) -> Open:
        number, case = self.place
        at = AtHand.of(self.rule, out, item.item, item.partner)
        return Open((number, *item.place, case), self.rule, at, natively)

    def ask_conditions(self, found: Sequence[Open]) -> None:
        """Have every condition say what it says of the items."""
        told: list[str] = []
        asked: list[Open] = []
        for one in found:
            fact = self._fact(one) if one.natively else None
            if fact:
                told.append(fact)
                asked.append(one)
            for condition, natively in self.conditions:
                if fact and natively:
                    one.says[id(condition)] = NO
                else:
                    verdict = verdict_of(condition, one.at)
                    one.says[id(condition)] = UNTOLD if isinstance(verdict, UNKNOWN) else int(verdict)
        for ruleset in self.leaves[1] if told else ():
            for match in ruleset.matches(told):
                number, says = match.rule.split()
                asked[match.fact].says[id(self.conditions[int(number)][0])] = int(says)

    def _fact(self, one: Open) -> str | None:
        """The values of an item that conditions compare; None where durable cannot hold one of them."""
        words, _ = self.leaves
        told: list[str] = []
        try:
            for number, (_, reference) in enumerate(words.readers):
                told += value_properties(number, reference, one.at, words)
        except Unsayable:
            return None
        return ",".join(told)

    @cached_property
    def conditions(self) -> list[tuple[Condition, bool]]:
        """The conditions of all parts of the rule, and whether durable has words for them."""
        return [(condition, native(condition)) for condition in all_conditions(self.rule)]

    @cached_property
    def leaves(self) -> tuple[Vocabulary, list[Ruleset]]:
        """The rules about conditions that durable has words for."""
        words = Vocabulary()
        rules = {name: [(name, rule)] for name, rule in leaf_rules(self.rule, words, natively=True)}
        return words, [ruleset for ruleset, _ in in_sets(f"conditions of {self.rule.id}", rules)]

    @cached_property
    def joined_sieve(self) -> tuple[Vocabulary, Ruleset | None]:
        """The sieve with all conditions joined, for items with values that durable cannot hold."""
        words = Vocabulary()
        expression = sieve(0, self.rule, words, natively=False)
        return words, None if expression is False else Ruleset(f"{self.rule.id}, joined", {"0": expression})


@attrs.define(eq=False)
class Family:
    """The rules about one scope, or about pairs of two, in as many sets as durable needs."""

    programs: Sequence[Program]
    words: Vocabulary
    sets: list[Passage]
    grouping: Grouping | None

    @classmethod
    def of(cls, name: str, programs: Sequence[Program]) -> Family:
        words = Vocabulary()
        sieves = {
            str(number): sieve(number, program.rule, words, natively=True) for number, program in enumerate(programs)
        }
        rules = {number: [(number, expression)] for number, expression in sieves.items() if expression is not False}
        try:
            sets = [
                Passage.of(ruleset, [(int(number), sieves[number]) for number in numbers])
                for ruleset, numbers in in_sets(name, rules)
            ]
        except TooLarge as error:
            rule = programs[int(str(error))].rule
            hint = "Split the rule, or use the compiled engine."
            raise ScrubberError("the rule is too long for the durable engine.", where=rule.id, hint=hint) from None
        return cls(programs, words, sets, grouping_of(programs[0].rule))

    def items(self, facts: ClaimFacts, out: Outcomes) -> list[Item]:
        """What the rules look at, one by one."""
        rule = self.programs[0].rule
        items = self.grouping.of(facts, out) if self.grouping is not None else items_of(facts, rule.scope.kind)
        if rule.pair is None:
            return [Item((number, 0), item) for number, item in enumerate(items)]
        partners = items_of(facts, rule.pair.kind)
        return [
            Item((number, other), item, partner)
            for number, item in enumerate(items)
            for other, partner in enumerate(partners)
            if partner is not item
        ]

    def not_ruled_out(self, facts: ClaimFacts, out: Outcomes) -> Iterator[Open]:
        """For which items which rules are not ruled out."""
        items = self.items(facts, out)
        if not items:
            return
        reading = [Reading(self, item, out) for item in items]
        for passage in self.sets:
            told = [passage.fact(one) for one in reading]
            for match in passage.ruleset.matches([fact for fact, _ in told]):
                number = int(match.rule)
                if number not in told[match.fact][1]:
                    yield self.programs[number].opened(items[match.fact], out, natively=True)
            for item, (_, unsayable) in zip(items, told, strict=True):
                for number in sorted(unsayable):
                    yield from self._with_answers(self.programs[number], item, out)

    @staticmethod
    def _with_answers(program: Program, item: Item, out: Outcomes) -> Iterator[Open]:
        words, ruleset = program.joined_sieve
        opened = program.opened(item, out, natively=False)
        told = [answer_property(number, condition, opened.at) for number, (_, condition) in enumerate(words.answers)]
        if ruleset is not None and list(ruleset.matches([",".join([_days(item.item), *told])])):
            yield opened


@attrs.define(eq=False)
class Reading:
    """The properties of one item, each read when first needed."""

    family: Family
    item: Item
    out: Outcomes
    properties: dict[tuple[str, int], list[str] | None] = attrs.field(factory=dict)
    """None for a value that durable cannot hold."""
    at_hand: dict[int, AtHand] = attrs.field(factory=dict)

    def at(self, rule: int) -> AtHand:
        found = self.at_hand.get(rule)
        if found is None:
            program = self.family.programs[rule]
            found = self.at_hand[rule] = AtHand.of(program.rule, self.out, self.item.item, self.item.partner)
        return found

    def of(self, kind: str, number: int) -> list[str] | None:
        key = (kind, number)
        if key not in self.properties:
            self.properties[key] = self._read(kind, number)
        return self.properties[key]

    def _read(self, kind: str, number: int) -> list[str] | None:
        words = self.family.words
        if kind == "answer":
            rule, condition = words.answers[number]
            return [answer_property(number, condition, self.at(rule))]
        rule, reference = words.readers[number]
        try:
            return value_properties(number, reference, self.at(rule), words)
        except Unsayable:
            return None


@attrs.define(eq=False)
class Passage:
    """A set of sieves, and which values and answers the facts for it hold."""

    ruleset: Ruleset
    needs: dict[tuple[str, int], set[int]]
    """Values and answers, each with the numbers of the rules that read it."""

    @classmethod
    def of(cls, ruleset: Ruleset, sieves: Iterable[tuple[int, Expression]]) -> Passage:
        needs: dict[tuple[str, int], set[int]] = defaultdict(set)
        for number, expression in sieves:
            for name in _names_in(expression):
                if name not in (FIRST_DAY, LAST_DAY):
                    needs["answer" if name[0] == "j" else "value", int(name[1:])].add(number)
        return cls(ruleset, dict(needs))

    def fact(self, reading: Reading) -> tuple[str, set[int]]:
        """The fact of an item, and the rules for which it lacks a value that durable cannot hold."""
        told = [_days(reading.item.item)]
        unsayable: set[int] = set()
        for (kind, number), rules in self.needs.items():
            properties = reading.of(kind, number)
            if properties is None:
                unsayable |= rules
            else:
                told += properties
        return ",".join(told), unsayable


def items_of(facts: ClaimFacts, kind: ScopeKind) -> Sequence[Any]:
    """The items of a scope."""
    return (facts,) if kind is ScopeKind.CLAIM else getattr(facts, COLLECTIONS[kind])


def _days(item: Any) -> str:
    day = item.as_of
    first, last = (_AFTER_ALL, 0) if day is None else (day.toordinal(), day.toordinal())
    return f'"{FIRST_DAY}":{first},"{LAST_DAY}":{last}'


def _names_in(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Compared):
        yield expression.name
        if isinstance(expression.value, Name):
            yield expression.value.name
    elif isinstance(expression, AllOf | AnyOf):
        for member in expression.members:
            yield from _names_in(member)


def runner(rules: Sequence[Rule], logic: Logic) -> Callable[[ClaimFacts, Outcomes], None]:
    """What runs rules on a claim. They are registered here, so only for the kinds of claims that are met."""
    programs: dict[Looked, list[Program]] = defaultdict(list)
    for number, rule in enumerate(rules):
        for case, part in enumerate(of_rule(rule)):
            looked = rule.scope.kind, rule.pair.kind if rule.pair else None, grouping_of(rule)
            programs[looked].append(Program((number, case), part))
    families = [
        Family.of(" with ".join(kind.value for kind in looked[:2] if kind), of_kind)
        for looked, of_kind in programs.items()
    ]
    by_place = {program.place: program for of_kind in programs.values() for program in of_kind}

    def run(facts: ClaimFacts, out: Outcomes) -> None:
        found = [one for family in families for one in family.not_ruled_out(facts, out)]
        found.sort(key=lambda one: one.place)
        of_program: dict[tuple[int, int], list[Open]] = defaultdict(list)
        for one in found:
            of_program[one.place[0], one.place[3]].append(one)
        for place, opened in of_program.items():
            by_place[place].ask_conditions(opened)
        for one, judged in zip(found, judge_open(found, logic), strict=True):
            if judged.outcome == "fire":
                out.fire(one.rule, judged.case, one.at.item, one.at.named())
            elif judged.outcome == "excuse":
                out.excuse(one.rule)
            elif judged.reason is not None:
                out.leave(one.rule, judged.reason)

    return run
