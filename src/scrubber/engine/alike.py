"""When two items look alike to a rule: the public fields on which its answer hangs, and the days on which that changes.

A rule that asks of a line only its procedure, its modifiers and its day says the same of every line that is alike in
these. What it says is then worked out once (`remember`). Only codes, numbers of units and spans of days make items
alike: no name, no id of a person, no birth date, no age, no amount of money. A field that is not listed here is never
compared, and a rule that reads it is asked on every claim.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from scrubber.checks import GuardedTest, known_checks
from scrubber.checks.contract import Follows
from scrubber.engine.possible import Known
from scrubber.fields import FieldType, ScopeKind
from scrubber.rules.model import (
    Case,
    Condition,
    DaysLookUp,
    FieldRef,
    FinderLookUp,
    LookUp,
    Node,
    Param,
    Rule,
    Span,
    TableLookUp,
)
from scrubber.tables import TableSet

LINES = frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE})
KINDS = LINES | {ScopeKind.DIAGNOSIS, ScopeKind.PROVIDER}

_LINE = ("procedure", "modifiers", "units", "unit", "minutes", "place_of_service", "revenue_code")
PUBLIC: Mapping[ScopeKind, tuple[str, ...]] = {
    ScopeKind.CLAIM: ("billing_provider.taxonomy",),
    ScopeKind.LINE: _LINE,
    ScopeKind.PROCEDURE_LINE: _LINE,
    ScopeKind.DIAGNOSIS: ("code", "kind", "role", "principal", "leads"),
    ScopeKind.PROVIDER: ("role", "npi", "taxonomy", "entity"),
}
"""The fields in which items may be alike; those of the claim hold for all of its items."""

PUBLIC_EXACTLY: Mapping[ScopeKind, tuple[str, ...]] = {ScopeKind.CLAIM: ("payer.id",)}
"""The same where the days themselves are compared."""

DAYS: Mapping[ScopeKind, frozenset[str]] = {
    ScopeKind.CLAIM: frozenset({"as_of", "first_date", "last_date", "service_span", "reference_date"}),
    ScopeKind.LINE: frozenset({"as_of", "service_date", "last_date", "days"}),
    ScopeKind.PROCEDURE_LINE: frozenset({"as_of", "service_date", "last_date", "days"}),
    ScopeKind.DIAGNOSIS: frozenset({"as_of"}),
    ScopeKind.PROVIDER: frozenset({"as_of"}),
}
"""Dates, and the days between them. Where a claim has one day only, all dates but the one that stands for today are the
day of service, and the days are as many on all such claims.
"""

REFERENCE = "reference_date"


@attrs.frozen
class Sight:
    """What rules about claims of a kind may be told by: the item alone, or with `together` all lines of the claim."""

    known: Known
    together: bool = False
    after: bool = False
    """Whether answers that follow others count as told: they are where the other one has nothing that they follow."""
    exactly: bool = False
    """Rules about nothing but dates, and what the claim says of its payer: alike are claims of the same days."""

    def tells(self, rule: Rule, condition: Condition) -> bool:
        """Whether a condition hangs on nothing but public fields and the day."""
        subject, operand = condition.subject, condition.operand
        if self.exactly:
            other = operand.of if isinstance(operand, Span) else operand
            plain = not isinstance(other, (GuardedTest, FieldRef)) or (
                isinstance(other, FieldRef) and self._reads(rule, other)
            )
            return plain and self._reads(rule, subject)
        if isinstance(operand, (GuardedTest, Span)):
            return False
        if isinstance(operand, FieldRef):
            if self.together and _is_same_provider(rule, subject, operand):
                return True
            if not self._reads(rule, operand):
                return False
            if subject.type is FieldType.DATE:
                return _of_rows(rule, subject, operand) or (_is_the_day(subject) and _is_the_day(operand))
        return self._reads(rule, subject)

    def settles(self, rule: Rule) -> bool:
        """Whether all that a rule says hangs on public fields and the day."""
        return all(self.tells(rule, condition) for condition in conditions_of(rule))

    def _reads(self, rule: Rule, reference: FieldRef) -> bool:
        if reference.field is None:
            return self.answers(rule, _called(rule, reference.alias))
        kind = self._kind_of(rule, reference.alias)
        if kind is not None:
            return self._names(kind, reference.name) or (self.together and reference.name == "position")
        return reference.alias == "claim" and self._names(ScopeKind.CLAIM, reference.name)

    def _kind_of(self, rule: Rule, alias: str) -> ScopeKind | None:
        """The kind of an item, or of its partner where all lines are looked at together."""
        if alias == rule.scope.alias:
            return rule.scope.kind
        partner = rule.pair if self.together else None
        return partner.kind if partner is not None and partner.alias == alias and partner.kind in LINES else None

    def _names(self, kind: ScopeKind, name: str) -> bool:
        of_claim = kind is ScopeKind.CLAIM and name in self.known
        public = PUBLIC_EXACTLY.get(kind, ()) if self.exactly else PUBLIC[kind]
        return of_claim or name in public or name in DAYS[kind]

    def answers(self, rule: Rule, look_up: LookUp) -> bool:
        """Whether the answer of a look-up hangs on nothing else."""
        if isinstance(look_up, DaysLookUp):
            return False
        if isinstance(look_up, FinderLookUp):
            kind = self._kind_of(rule, look_up.of)
            return kind is not None and self._is_seen(kind, look_up.finder)
        parts = [part for part in look_up.match.values() if isinstance(part, FieldRef)]
        plain = not self.exactly and all(part.type is not FieldType.DATE and self._reads(rule, part) for part in parts)
        return plain and look_up.as_of.name != REFERENCE and self._reads(rule, look_up.as_of)

    def _is_seen(self, kind: ScopeKind, name: str) -> bool:
        finder = known_checks().finders[name]
        if self.after and finder.sees is None and finder.follows is not None:
            return self._is_seen(kind, finder.follows.finder)
        if finder.sees is None or (finder.of_all_lines and not self.together):
            return False
        if f"claim.{REFERENCE}" in finder.sees and not self.exactly:
            return False  # it reckons days, which differ within a span
        return all(
            self._names(ScopeKind.CLAIM, field.removeprefix("claim."))
            if field.startswith("claim.")
            else self._names(kind, field)
            for field in finder.sees
        )


def _of_rows(rule: Rule, subject: FieldRef, operand: FieldRef) -> bool:
    """Whether a date is compared that a row names, with another such or with the day: that changes on days that the
    table knows.
    """
    by_name = {look_up.alias: look_up for look_up in rule.look_ups}
    rows = [isinstance(by_name.get(one.alias), TableLookUp) for one in (subject, operand)]
    days = [one.field is not None and one.name != REFERENCE for one in (subject, operand)]
    return any(rows) and all(row or day for row, day in zip(rows, days, strict=True))


def bases_of(rule: Rule) -> tuple[Follows, ...]:
    """What the answers that a rule asks for start from, where they are not told by themselves."""
    asked = [known_checks().finders[one.finder] for one in rule.look_ups if isinstance(one, FinderLookUp)]
    return tuple(finder.follows for finder in asked if finder.follows is not None and finder.sees is None)


def _is_the_day(reference: FieldRef) -> bool:
    return reference.field is not None and reference.name != REFERENCE


def _is_same_provider(rule: Rule, subject: FieldRef, operand: FieldRef) -> bool:
    """Whether a condition compares who rendered two lines: the same, if no line names one of its own; where the claim
    names none either, it cannot be told.
    """
    return rule.pair is not None and subject.name == operand.name == "rendering_npi"


def needs_all_lines(rule: Rule) -> bool:
    """Whether a rule compares two lines, or asks a finder that looks at all lines together."""
    if rule.pair is not None:
        return True
    finders = known_checks().finders
    return any(isinstance(asked, FinderLookUp) and finders[asked.finder].of_all_lines for asked in rule.look_ups)


def public_fields(rules: Iterable[Rule]) -> frozenset[tuple[ScopeKind, str]]:
    """Every field in which items must be alike for what rules say to be the same."""
    found: set[tuple[ScopeKind, str]] = set()
    for rule in rules:
        found.update(_fields_of(rule))
    return frozenset((kind, name) for kind, name in found if name in PUBLIC.get(kind, ()) or name == REFERENCE)


def _fields_of(rule: Rule) -> Iterator[tuple[ScopeKind, str]]:
    kind = rule.scope.kind
    if ScopeKind.PROCEDURE_LINE in (kind, rule.pair.kind if rule.pair is not None else None):
        yield ScopeKind.PROCEDURE_LINE, "procedure"  # whether there is one decides, even where no condition asks for it
    references = [reference for condition in conditions_of(rule) for reference in _references(condition)]
    for look_up in rule.look_ups:
        if isinstance(look_up, TableLookUp):
            references += [part for part in look_up.match.values() if isinstance(part, FieldRef)]
        elif isinstance(look_up, FinderLookUp):
            finder = known_checks().finders[look_up.finder]
            follows = known_checks().finders[finder.follows.finder].sees if finder.follows is not None else None
            for name in (finder.sees or frozenset()) | (follows or frozenset()):
                yield (ScopeKind.CLAIM, name.removeprefix("claim.")) if name.startswith("claim.") else (kind, name)
    for reference in references:
        if reference.field is not None:
            of_item = reference.alias == rule.scope.alias
            of_partner = rule.pair is not None and reference.alias == rule.pair.alias
            yield (kind if of_item else rule.pair.kind if of_partner and rule.pair else ScopeKind.CLAIM), reference.name


def turning_days(rules: Iterable[Rule], tables: TableSet) -> frozenset[int]:
    """The day numbers on which what rules say may change: those they name, and those of tables and value sets."""
    days: set[int] = set()
    named: set[str] = set()
    value_sets = False
    for rule in rules:
        window = (rule.effective_from, rule.effective_to)
        operands = [condition.operand for condition in conditions_of(rule)]
        values = [
            value for operand in operands if isinstance(operand, Param) for part in operand.values for value in part
        ]
        finders = [known_checks().finders[asked.finder] for asked in rule.look_ups if isinstance(asked, FinderLookUp)]
        finders += [known_checks().finders[finder.follows.finder] for finder in finders if finder.follows is not None]
        turns = [turn for finder in finders for turn in finder.turns_on]
        value_sets = value_sets or bool(finders)
        named.update(rule.tables, *(finder.tables for finder in finders), *((t,) for t in turns if isinstance(t, str)))
        for day in (*window, *operands, *values, *turns):
            if isinstance(day, date):
                days.update((day.toordinal(), day.toordinal() + 1))
    for name in named:
        table = tables.get(name)
        if table is not None:
            days |= table.turning_days
    if value_sets:
        days.update(first.toordinal() for held in tables.value_sets.values() for first, _ in held.values)
    return frozenset(days)


_REMEMBERED_DAYS = 8192


class Spans(dict[date | None, int]):
    """The number of the span of days, without a change, in which a day lies; -1 where there is no day."""

    def __init__(self, turning: Iterable[int]) -> None:
        self.turning = sorted(turning)

    def __missing__(self, day: date | None) -> int:
        if len(self) >= _REMEMBERED_DAYS:
            self.clear()
        found = self[day] = -1 if day is None else bisect_right(self.turning, day.toordinal())
        return found


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """Every condition on which the outcome of a rule hangs."""
    cases: tuple[Case, ...] = rule.cases
    for nodes in (rule.when, rule.unless, *((*case.when, *case.unless) for case in cases)):
        for node in nodes:
            yield from _conditions_in(node)


def _conditions_in(node: Node) -> Iterator[Condition]:
    if isinstance(node, Condition):
        yield node
    else:
        for member in node.members:
            yield from _conditions_in(member)


def _references(condition: Condition) -> list[FieldRef]:
    operand: Any = condition.operand.of if isinstance(condition.operand, Span) else condition.operand
    return [condition.subject, *([operand] if isinstance(operand, FieldRef) else [])]


def _called(rule: Rule, alias: str) -> LookUp:
    return next(look_up for look_up in rule.look_ups if look_up.alias == alias)


_NARROW = frozenset({"is", "is_one_of", "starts_with", "ends_with", "includes_any", "includes_any_starting_with"})
"""Words that few codes fit."""


def narrows(sight: Sight, rule: Rule) -> bool:
    """Whether what can be told rules most items out: it asks a look-up, for certain codes, or for several days."""
    return _any_narrows(sight, rule, rule.when) or all(_any_narrows(sight, rule, case.when) for case in rule.cases)


def _any_narrows(sight: Sight, rule: Rule, nodes: Iterable[Node]) -> bool:
    return any(_narrows(sight, rule, node) for node in nodes)


def _narrows(sight: Sight, rule: Rule, node: Node) -> bool:
    if not isinstance(node, Condition):
        members = (_narrows(sight, rule, member) for member in node.members)
        return any(members) if node.kind == "all_of" else node.kind == "any_of" and all(members)
    subject = node.subject
    if subject.field is None:
        asked = _called(rule, subject.alias)
        follower = isinstance(asked, FinderLookUp) and known_checks().finders[asked.finder].follows is not None
        return follower or sight.tells(rule, node)
    if subject.alias == "claim" and subject.name in sight.known:
        return sight.known[subject.name] is not None and _is_ruled_out(node, sight.known[subject.name])
    if subject.alias != rule.scope.alias or not sight.tells(rule, node):
        return False
    of_codes = subject.type in _CODES and subject.name != "role" and node.word.name in _NARROW
    return of_codes or (subject.name == "days" and node.word.name == "more_than")


def _is_ruled_out(condition: Condition, value: Any) -> bool:
    """Whether a condition on a field that is the same on all claims of the kind never holds."""
    if isinstance(condition.operand, (FieldRef, Param, Span, GuardedTest)):
        return False
    return not condition.word.test(value, condition.operand)


_CODES = frozenset({FieldType.CODE, FieldType.CODES})
