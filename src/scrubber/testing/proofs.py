"""What the examples of a rule prove: each condition by a mutant that they notice, each day on which it changes.

A condition that can be left out without any example noticing is not proven by any: the next hand that edits the rule
may lose it, and nothing would tell. Some prove nothing alone, because another condition implies them; a comment behind
them says so and why:

    - pair.modifier_indicator: {is: "1"}  # proves nothing alone: the finder answers for indicator 1 only
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import attrs

from scrubber.engine.scopes import COLLECTIONS
from scrubber.facts import ClaimFacts
from scrubber.fields import ScopeKind
from scrubber.rules.model import Condition, Node, Param, Place, Rule, Span
from scrubber.tables import TableSet
from scrubber.testing.examples import Compilations, Example, ready_examples
from scrubber.testing.mutants import mutants_of

_DAY = timedelta(days=1)
_MARK = re.compile(r"#.*\bproves nothing alone: *\S")


@attrs.frozen
class Unproven:
    """Something of a rule that no example notices: what, where, and the example to add."""

    rule: Rule
    kind: Literal["condition", "edge"]
    message: str
    hint: str
    place: Place


@attrs.frozen
class Proof:
    """What the examples of one rule prove. `asked` is false where an example does not pass, so that nothing is told."""

    rule: Rule
    asked: bool
    mutants: int = 0
    unproven: tuple[Unproven, ...] = ()


def prove_rules(rules: Iterable[Rule], tables: TableSet, *, mutants: bool = True) -> Iterator[Proof]:
    """Hold the examples of every rule that is not retired against its mutants, and against the days of its edges."""
    for rule in rules:
        if rule.status != "retired":
            yield prove_rule(rule, tables, mutants=mutants)


def prove_rule(rule: Rule, tables: TableSet, *, mutants: bool = True) -> Proof:
    """What the examples of a rule prove, of its conditions (`mutants`) and of its edges."""
    with ready_examples(rule, tables) as examples:
        compilations = Compilations(rule)
        if any(example.trouble(compilations.for_example(example)) for example in examples):
            return Proof(rule, asked=False)
        # those without tables of their own first: a mutant is compiled once for all of them
        examples = tuple(sorted(examples, key=lambda example: example.tables is not tables))
        count, conditions = _conditions(rule, examples) if mutants else (0, [])
        return Proof(rule, asked=True, mutants=count, unproven=(*conditions, *_edges(rule, examples)))


def _conditions(rule: Rule, examples: Sequence[Example]) -> tuple[int, list[Unproven]]:
    marked = _Marks()
    unproven: list[Unproven] = []
    missed: set[Place] = set()
    count = 0
    for mutant in mutants_of(rule):
        count += 1
        if missed.intersection(mutant.within):  # it was told of the whole group
            continue
        compilations = Compilations(mutant.rule)
        if any(example.trouble(compilations.for_example(example)) for example in examples):
            continue
        missed.add(mutant.place)
        if not marked.at(mutant.place):
            message = f"no example notices when {mutant.lacks} is left out."
            unproven.append(Unproven(rule, "condition", message, mutant.needs, mutant.place))
    return count, unproven


@attrs.define
class _Marks:
    """The comments of rule files that say of a condition that it proves nothing alone."""

    _lines: dict[Path, list[str]] = attrs.field(factory=dict, init=False)

    def at(self, place: Place) -> bool:
        if place.path not in self._lines:
            try:
                text = place.path.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError):
                text = ""
            self._lines[place.path] = text.splitlines()
        lines = self._lines[place.path]
        return place.line <= len(lines) and _MARK.search(lines[place.line - 1]) is not None


# edges -------------------------------------------------------------------------------------------------------------


def _edges(rule: Rule, examples: Sequence[Example]) -> Iterator[Unproven]:
    """The days on which the rule begins, ends or changes, without an example on each side of them."""
    days = {day for example in examples for day in _days(rule, example)}
    for first, what, place in _changes(rule):
        lacking = [day for day in (first - _DAY, first) if day not in days]
        if lacking:
            told = " and ".join(day.isoformat() for day in lacking)
            message = f"{what} on {first.isoformat()}, and no example is dated {told}."
            hint = "Add one for the last day before and one for the first day."
            yield Unproven(rule, "edge", message, hint, place)


def _changes(rule: Rule) -> Iterator[tuple[date, str, Place]]:
    """The first day of each new state of the rule, and what changes then."""
    if rule.effective_from:
        yield rule.effective_from, "the rule begins", rule.place
    if rule.effective_to:
        yield rule.effective_to + _DAY, "the rule has ended", rule.place
    told: set[str] = set()
    for condition in _all_conditions(rule):
        operand = condition.operand
        param = operand.days if isinstance(operand, Span) else operand
        if isinstance(param, Param) and param.name not in told:
            told.add(param.name)
            name = f"${param.name}" if param.name.startswith("value_sets.") else f"$params.{param.name}"
            # before its first value a rule is not evaluated, which is no change of its logic
            for start, _ in param.values[1:]:
                if start is not None and _in_window(rule, start):
                    yield start, f"{name} changes", condition.place


def _in_window(rule: Rule, day: date) -> bool:
    """Whether the logic holds on that day and on the day before it."""
    begun = rule.effective_from is None or rule.effective_from < day
    return begun and (rule.effective_to is None or day <= rule.effective_to)


def _all_conditions(rule: Rule) -> Iterator[Condition]:
    yield from _conditions_of((*rule.members, *rule.when, *rule.unless))
    for case in rule.cases:
        yield from _conditions_of((*case.when, *case.unless))


def _conditions_of(nodes: Iterable[Node]) -> Iterator[Condition]:
    for node in nodes:
        if isinstance(node, Condition):
            yield node
        else:
            yield from _conditions_of(node.members)


def _days(rule: Rule, example: Example) -> Iterator[date]:
    """The days that select the logic for what the rule looks at in an example."""
    assert example.claim is not None
    facts = ClaimFacts(example.claim, example.as_of)
    kind = rule.scope.kind
    # a group of lines has the days of its lines
    items = (facts,) if kind is ScopeKind.CLAIM else getattr(facts, COLLECTIONS.get(kind, "lines"))
    for item in items:
        if item.as_of is not None:
            yield item.as_of
