"""What fields, look-ups and conditions say of one item, asked one by one.

The plain reading of the rule language: `compile.py` makes the same answers quick, and tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from scrubber.checks import CheckFailed, known_checks
from scrubber.checks.answers import UNKNOWN, Blank, NoEdition, Unknown, Unsupported, graver, no_edition
from scrubber.engine.days import days_between
from scrubber.engine.outcomes import UNASKED, Outcomes
from scrubber.fields import Field
from scrubber.rules.model import (
    Condition,
    DaysLookUp,
    FieldRef,
    FinderLookUp,
    Group,
    LookUp,
    Node,
    Param,
    Rule,
    Span,
    TableLookUp,
)
from scrubber.rules.words import OperandKind, Word

Verdict = bool | Unknown
"""Yes, no, or the reason why it cannot be told."""

ABSENT = object()
"""What a column stands for where there is no row, or no answer of a finder."""


@attrs.define(eq=False)
class AtHand:
    """What the names of a rule stand for at one item, or at one pair of items. Look-ups are asked when first needed."""

    rule: Rule
    out: Outcomes
    scopes: Mapping[str, Any]
    """Facts of the claim, of the item and of its partner, by alias."""
    answers: dict[str, Any] = attrs.field(factory=dict)
    """What look-ups said, by alias: a row or an answer, None for nothing, or why it cannot be told."""

    @classmethod
    def of(cls, rule: Rule, out: Outcomes, item: Any, partner: Any = None) -> AtHand:
        scopes = {"claim": out.facts, rule.scope.alias: item}
        if rule.pair is not None:
            scopes[rule.pair.alias] = partner
        return cls(rule, out, scopes)

    @property
    def item(self) -> Any:
        """The item that the rule looks at."""
        return self.scopes[self.rule.scope.alias]

    def answer(self, alias: str) -> Any:
        """What a look-up of the rule says of the item."""
        if alias not in self.answers:
            look_up = next(found for found in self.rule.look_ups if found.alias == alias)
            self.answers[alias] = self._ask(look_up)
        return self.answers[alias]

    def named(self) -> dict[str, Any]:
        """Everything that the rule has a name for, as a hit carries it."""
        return {**self.scopes, **{look_up.alias: self.answer(look_up.alias) for look_up in self.rule.look_ups}}

    def _ask(self, look_up: LookUp) -> Any:
        if isinstance(look_up, FinderLookUp):
            item = self.scopes[look_up.of]
            known = item.found.get(look_up.finder, UNASKED)
            return self.out.find(known_checks().finders[look_up.finder], item) if known is UNASKED else known
        if isinstance(look_up, DaysLookUp):
            return days_between(key_value(look_up.start, self), key_value(look_up.end, self))
        return self._row(look_up)

    def _row(self, look_up: TableLookUp) -> Any:
        table = self.out.tables.get(look_up.table)
        key: list[Any] = []
        for column in table.key if table is not None else look_up.match:
            part = look_up.match[column]
            value = key_value(part, self) if isinstance(part, FieldRef) else part
            if value is None or isinstance(value, UNKNOWN):
                return value
            key.append(value)
        day = key_value(look_up.as_of, self)
        if day is None or isinstance(day, UNKNOWN):
            return day
        if table is None:
            return no_edition(look_up.table, day)
        return self.out.look_up(table, key[0] if len(key) == 1 else tuple(key), day)


def value_of(reference: FieldRef, at: AtHand) -> Any:
    """The value of a field or column: None where it is blank, ABSENT without a row, or why it cannot be told."""
    if reference.field is not None:
        item = at.scopes[reference.alias]
        untold = getattr(item, "untold", None)  # of a group of lines
        return _field_value(reference.field, item) if untold is None else untold
    answer = at.answer(reference.alias)
    look_up = next(found for found in at.rule.look_ups if found.alias == reference.alias)
    if isinstance(answer, UNKNOWN):
        # days that cannot be counted because a date is blank are known to be blank
        known_blank = isinstance(look_up, DaysLookUp) and not isinstance(answer, NoEdition)
        return None if known_blank else answer
    if reference.name == "found":
        return answer is not None
    if answer is None:
        return ABSENT
    return answer.get(reference.name) if isinstance(look_up, TableLookUp) else getattr(answer, reference.name)


def key_value(reference: FieldRef, at: AtHand) -> Any:
    """The value as a part of a key, why it cannot be told, or None where there is no such row."""
    value = value_of(reference, at)
    return (why_blank(reference, at) if value is None else None) if value is None or value is ABSENT else value


def why_blank(reference: FieldRef, at: AtHand) -> Unknown | None:
    """Why a field has no value; None for a column, whose blank is known to be one."""
    if reference.field is not None:
        return blank_reason(reference.field, at.scopes[reference.alias])
    answer = at.answer(reference.alias)
    return answer if isinstance(answer, UNKNOWN) else None


def blank_reason(field: Field, item: Any) -> Blank | Unsupported:
    """Why a field of an item has no value: it is blank, or for a derived one what the facts say of it."""
    why = item.why_blank(field.name)
    return Blank(field.path_below(item.path)) if why is None else Unsupported(why)


def verdict_of(node: Node, at: AtHand) -> Verdict:
    """What a condition or a group says of the item."""
    if isinstance(node, Group):
        return JOINED[node.kind](verdict_of(member, at) for member in node.members)
    value = value_of(node.subject, at)
    if isinstance(value, UNKNOWN):
        return value
    if value is ABSENT:
        return False
    if node.word.name == "is_blank":
        return node.word.test(value, node.operand)
    if value is None:
        return why_blank(node.subject, at) or False
    return _against_operand(node, value, at)


def test_of(word: Word) -> Callable[[Any, Any], Verdict]:
    """The test of a word; where it asks a check of another package that fails, the answer is why."""
    if word.operand is not OperandKind.PREDICATE:
        return word.test

    def ask(value: Any, check: Any) -> Verdict:
        try:
            return word.test(value, check)
        except CheckFailed as error:
            return Unsupported(error.message)

    return ask


def _against_operand(condition: Condition, value: Any, at: AtHand) -> Verdict:
    word, operand = condition.word, condition.operand
    if isinstance(operand, (FieldRef, Span)):
        other = key_value(operand if isinstance(operand, FieldRef) else operand.of, at)
        if other is None or isinstance(other, UNKNOWN):
            return other or False
        return word.test(value, other) if isinstance(operand, FieldRef) else _in_span(word, operand, value, other, at)
    if not isinstance(operand, Param):
        return test_of(word)(value, operand)
    held = operand.on(at.item.as_of)
    if held is not None:
        return word.test(value, held)
    return undated(word, operand, value)


def undated(word: Word, param: Param, value: Any, of: date | None = None) -> Verdict:
    """What a condition says on a day on which its param has no value: no where none of its values would hold, whatever
    the date; else that it cannot be told. `of` is the date of a span.
    """
    if any(word.test(value, held if of is None else (held, of)) for _, held in param.values):
        return Unsupported(f"the param {param.name} has no value for the date")
    return False


def _in_span(word: Word, span: Span, value: Any, other: Any, at: AtHand) -> Verdict:
    days = span.days.on(at.item.as_of) if isinstance(span.days, Param) else span.days
    if days is None and isinstance(span.days, Param):
        return undated(word, span.days, value, other)
    return word.test(value, (days, other))


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Yes if all are; one no settles it, and a reason wins over a yes."""
    return _joined(verdicts, decided=False)


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Yes if one is, which settles it; a reason wins over a no."""
    return _joined(verdicts, decided=True)


def none_of(verdicts: Iterable[Verdict]) -> Verdict:
    """The opposite of `any_of`, a reason where that has one."""
    found = any_of(verdicts)
    return not found if isinstance(found, bool) else found


JOINED = {"all_of": all_of, "any_of": any_of, "none_of": none_of}
"""How groups join what their members say. No member is asked after the one that settles it."""


def _joined(verdicts: Iterable[Verdict], *, decided: bool) -> Verdict:
    reason: Unknown | None = None
    for verdict in verdicts:
        if not isinstance(verdict, bool):
            reason = graver(reason, verdict)
        elif verdict is decided:
            return decided
    return not decided if reason is None else reason


def _field_value(field: Field, item: Any) -> Any:
    value = item
    for hop in field.access.split("."):
        value = getattr(value, hop.removesuffix("?"))
        if value is None:
            return None
    return value
