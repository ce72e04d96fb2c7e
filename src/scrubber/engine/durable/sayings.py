"""How conditions are said to durable: natively over the values of a fact, or as an answer that is joined to it.

A value of a fact has up to three properties: `tN` says whether it can be told (see below), `vN` is the value, there
only where it is filled, and `bN` says whether it is blank. An answer that is joined is one property, `jN`.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import attrs

from scrubber.checks.answers import UNKNOWN
from scrubber.engine.durable.expressions import (
    OPPOSITES,
    Compared,
    Expression,
    Name,
    all_of,
    any_of,
    is_,
    is_not,
)
from scrubber.engine.evaluate import ABSENT, AtHand, value_of, verdict_of, why_blank
from scrubber.fields import FieldType
from scrubber.rules.model import Condition, FieldRef, Param
from scrubber.rules.words import CodeSet, is_empty

NO, YES, UNTOLD = 0, 1, 2
"""What joined answers, and all answers that rules derive, may be."""
_NO_ROW = 3
"""Of a blank: there is no row, so the value is neither blank nor filled."""
_UNTOLD, _NEVER, _FILLED = 0, 1, 2
"""Of a value: it cannot be told; no condition on it holds, for there is no row; it is filled."""

_SCALE = 10**6
_MOST = 2**31 - 1 if sys.platform == "win32" else 2**53
"""The largest number that durable is given; its constants are C longs."""
_MOST_CODES = 8
"""Longer lists are joined: durable compares with one code after the other."""
_LONGEST = 200

_COMPARISONS = {
    "is": "$eq", "is_not": "$neq",
    "more_than": "$gt", "at_least": "$gte", "less_than": "$lt", "at_most": "$lte",
    "after": "$gt", "on_or_after": "$gte", "before": "$lt", "on_or_before": "$lte",
}  # fmt: skip
_ORDERED = frozenset({FieldType.NUMBER, FieldType.MONEY, FieldType.DATE})
_NATIVE = _ORDERED | {FieldType.CODE, FieldType.TEXT, FieldType.FLAG}


class Unsayable(Exception):
    """A value that durable cannot hold exactly."""


@attrs.frozen
class Truth:
    """When a condition or group holds, does not hold or cannot be told, as expressions over one fact."""

    yes: Expression
    no: Expression
    untold: Expression
    not_yes: Expression
    not_no: Expression

    @property
    def inverted(self) -> Truth:
        return Truth(self.no, self.yes, self.untold, self.not_no, self.not_yes)


def joined(members: tuple[Truth, ...], kind: str) -> Truth:
    """The truth of a group, three-valued: what settles it does so whatever else cannot be told."""
    if kind != "all_of":
        either = joined(tuple(member.inverted for member in members), "all_of").inverted
        return either if kind == "any_of" else either.inverted
    not_no = all_of(member.not_no for member in members)
    return Truth(
        yes=all_of(member.yes for member in members),
        no=any_of(member.no for member in members),
        untold=all_of((not_no, any_of(member.untold for member in members))),
        not_yes=any_of(member.not_yes for member in members),
        not_no=not_no,
    )


@attrs.define
class Vocabulary:
    """The properties that the facts of a set of rules have, and what each is of."""

    values: dict[Hashable, int] = attrs.field(factory=dict)
    readers: list[tuple[int, FieldRef]] = attrs.field(factory=list)
    """For each value, a rule that reads it (by its number), and the field."""
    blanks: set[int] = attrs.field(factory=set)
    """Values of which rules ask whether they are blank."""
    compared: set[int] = attrs.field(factory=set)
    """Values that rules compare."""
    answers: list[tuple[int, Condition]] = attrs.field(factory=list)
    """Conditions that are joined, each with the number of its rule."""

    def value(self, rule: int, role: str, reference: FieldRef) -> int:
        """The number of a value. Rules that look at the same field of the same item share it."""
        key: Hashable = (
            (role, reference.name) if reference.field is not None else (rule, reference.alias, reference.name)
        )
        number = self.values.setdefault(key, len(self.readers))
        if number == len(self.readers):
            self.readers.append((rule, reference))
        return number

    def answer(self, rule: int, condition: Condition) -> int:
        self.answers.append((rule, condition))
        return len(self.answers) - 1


def native(condition: Condition) -> bool:
    """Whether a condition can be said in durable's own words."""
    word, operand, type_ = condition.word.name, constant_of(condition.operand), condition.subject.type
    if word == "is_blank":
        return True
    if type_ not in _NATIVE or isinstance(operand, Param):
        return False
    if word in _COMPARISONS:
        if isinstance(operand, FieldRef):
            return operand.type is type_ or {operand.type, type_} <= _ORDERED - {FieldType.DATE}
        return _sayable(operand, type_)
    if word in ("is_one_of", "is_none_of") and not isinstance(operand, FieldRef):
        few = not (isinstance(operand, CodeSet) and operand.has_ranges) and len(tuple(operand)) <= _MOST_CODES
        return few and all(_sayable(one, type_) for one in operand)
    return False


def constant_of(operand: Any) -> Any:
    """A param that holds always is the constant it stands for."""
    if isinstance(operand, Param) and len(operand.values) == 1 and operand.values[0][0] is None:
        return operand.values[0][1]
    return operand


def say(
    rule: int, condition: Condition, roles: Mapping[str, str], words: Vocabulary, *, natively: bool = True
) -> Truth:
    """The truth of a condition over the facts of a vocabulary."""
    if not natively or not native(condition):
        joint = f"j{words.answer(rule, condition)}"
        return Truth(is_(joint, YES), is_(joint, NO), is_(joint, UNTOLD), is_not(joint, YES), is_not(joint, NO))
    subject = words.value(rule, roles.get(condition.subject.alias, ""), condition.subject)
    if condition.word.name == "is_blank":
        words.blanks.add(subject)
        return _blank(f"b{subject}", YES if condition.operand else NO)
    words.compared.add(subject)
    told, value = f"t{subject}", f"v{subject}"
    operand = constant_of(condition.operand)
    if isinstance(operand, FieldRef):
        other = words.value(rule, roles.get(operand.alias, ""), operand)
        words.compared.add(other)
        return _against_field(condition, told, value, f"t{other}", f"v{other}")
    yes, no = _against_constant(condition, operand, value)
    return Truth(
        yes=yes,
        no=any_of((is_(told, _NEVER), no)),
        untold=is_(told, _UNTOLD),
        not_yes=any_of((Compared("$lt", told, _FILLED), no)),
        not_no=any_of((is_(told, _UNTOLD), yes)),
    )


def _blank(name: str, wanted: int) -> Truth:
    yes, untold = is_(name, wanted), is_(name, UNTOLD)
    no = any_of((is_(name, NO if wanted == YES else YES), is_(name, _NO_ROW)))
    return Truth(yes, no, untold, not_yes=is_not(name, wanted), not_no=any_of((untold, yes)))


def _against_constant(condition: Condition, operand: Any, value: str) -> tuple[Expression, Expression]:
    word, type_ = condition.word.name, condition.subject.type
    if word in _COMPARISONS:
        operator, constant = _COMPARISONS[word], said(operand, type_)
        return Compared(operator, value, constant), Compared(OPPOSITES[operator], value, constant)
    constants = dict.fromkeys(said(one, type_) for one in operand)
    among = any_of(Compared("$eq", value, constant) for constant in constants)
    outside = all_of(Compared("$neq", value, constant) for constant in constants)
    return (among, outside) if word == "is_one_of" else (outside, among)


def _against_field(condition: Condition, told: str, value: str, other_told: str, other: str) -> Truth:
    """Two values of the fact. That the first cannot be told comes before anything about the second."""
    operator = _COMPARISONS[condition.word.name]
    filled, other_filled = is_(told, _FILLED), is_(other_told, _FILLED)
    yes = all_of((filled, other_filled, Compared(operator, value, Name(other))))
    untold = any_of((is_(told, _UNTOLD), all_of((filled, is_(other_told, _UNTOLD)))))
    differs = all_of((filled, other_filled, Compared(OPPOSITES[operator], value, Name(other))))
    no = any_of((is_(told, _NEVER), all_of((filled, is_(other_told, _NEVER))), differs))
    return Truth(yes, no, untold, not_yes=any_of((untold, no)), not_no=any_of((untold, yes)))


def value_properties(number: int, reference: FieldRef, at: AtHand, words: Vocabulary) -> list[str]:
    """The properties of a value at an item.

    Raises:
        Unsayable: durable could not hold the value exactly.
    """
    value = value_of(reference, at)
    cannot_tell, absent = isinstance(value, UNKNOWN), value is ABSENT
    properties: list[str] = []
    if number in words.blanks:
        blank = UNTOLD if cannot_tell else _NO_ROW if absent else int(is_empty(value))
        properties.append(f'"b{number}":{blank}')
    if number in words.compared:
        if cannot_tell or (value is None and _is_reason_for_blank(reference, at)):
            properties.append(f'"t{number}":{_UNTOLD}')
        elif absent or value is None:
            properties.append(f'"t{number}":{_NEVER}')
        else:
            constant = said(value, reference.type)
            shown = f'"{constant}"' if isinstance(constant, str) else str(constant)
            properties.append(f'"t{number}":{_FILLED},"v{number}":{shown}')
    return properties


def _is_reason_for_blank(reference: FieldRef, at: AtHand) -> bool:
    """Whether a blank means that nothing can be told; that of a column is known to be one."""
    return reference.field is not None or why_blank(reference, at) is not None


def answer_property(number: int, condition: Condition, at: AtHand) -> str:
    """The property of a joined condition at an item."""
    verdict = verdict_of(condition, at)
    return f'"j{number}":{UNTOLD if isinstance(verdict, UNKNOWN) else int(verdict)}'


def said(value: Any, type_: FieldType) -> int | str:
    """A value as durable holds it: numbers scaled to whole ones, dates as days, text without marks of JSON.

    Raises:
        Unsayable: durable could not hold it exactly.
    """
    if type_ is FieldType.DATE and isinstance(value, date) and not isinstance(value, datetime):
        return value.toordinal()
    if type_ is FieldType.FLAG and isinstance(value, bool):
        return int(value)
    if type_ in (FieldType.CODE, FieldType.TEXT) and isinstance(value, str):
        if len(value) > _LONGEST:
            raise Unsayable
        return quote(value, safe=" ")
    if type_ in (FieldType.NUMBER, FieldType.MONEY) and isinstance(value, int | Decimal):
        return _scaled(value)
    raise Unsayable


def _scaled(value: int | Decimal) -> int:
    if not Decimal(value).is_finite() or abs(Decimal(value)) > _MOST // _SCALE:
        raise Unsayable
    above, below = Decimal(value).as_integer_ratio()
    whole, rest = divmod(above * _SCALE, below)
    if rest:
        raise Unsayable
    return whole


def _sayable(value: Any, type_: FieldType) -> bool:
    try:
        said(value, type_)
    except Unsayable:
        return False
    return True
