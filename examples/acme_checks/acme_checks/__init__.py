"""Named checks for the rules of ACME Health, an invented payer."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import attrs

from scrubber.checks import Blank, Finder, Predicate, Unknown
from scrubber.facts import ClaimFacts, LineFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import TableSet

_SHAPE = re.compile(r"W[0-9]{9}")
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9)


def member_number(text: str) -> bool:
    """W, eight digits, and their weighted sum modulo 10."""
    if not _SHAPE.fullmatch(text):
        return False
    *digits, check = (int(digit) for digit in text[1:])
    return sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 10 == check


@attrs.frozen
class Week:
    """The lines of one procedure in a week from Monday to Sunday."""

    first_day: date
    last_day: date
    units: Decimal
    last_line: bool
    """The line that was asked about is the last of them, so that a rule speaks once a week."""


def week(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> Week | Unknown | None:
    """Add up the units of the line's procedure in the week of its date of service."""
    if item.procedure is None:
        return None
    if item.as_of is None:
        return Blank(f"{item.path}.service_date")
    monday = item.as_of - timedelta(days=item.as_of.weekday())
    sunday = monday + timedelta(days=6)
    units, last = Decimal(0), item
    for line in facts.lines:
        if line.procedure != item.procedure or line.as_of is None or not monday <= line.as_of <= sunday:
            continue
        if line.raw.units is None:
            return Blank(f"{line.path}.units")
        units, last = units + line.raw.units, line
    return Week(monday, sunday, units, last is item)


CHECKS = [
    Predicate(
        name="acme_member_number",
        takes=frozenset({FieldType.CODE, FieldType.TEXT}),
        meaning="a member number of ACME Health: W, eight digits and a check digit",
        test=member_number,
    ),
    Finder(
        name="acme_week",
        of=frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE}),
        gives={
            "first_day": FieldType.DATE,
            "last_day": FieldType.DATE,
            "units": FieldType.NUMBER,
            "last_line": FieldType.FLAG,
        },
        meaning="the units of a line's procedure in the calendar week of its date of service",
        find=week,
    ),
]
