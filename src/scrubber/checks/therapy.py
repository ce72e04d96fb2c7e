"""Timed therapy: the units of a day against its minutes, as Medicare counts them and service by service."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from scrubber.checks.answers import UNKNOWN, Blank, Unknown, Unsupported, gravest, no_edition
from scrubber.checks.contract import Finder
from scrubber.facts import ClaimFacts, GroupFacts, LineFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import Row, Table, TableSet

PLANS = ("GP", "GO", "GN")
"""Modifiers of a plan of care: physical therapy, occupational therapy, speech-language pathology."""

_UNIT = 15
_LEAST = 8


@attrs.frozen
class TimedTherapy:
    """Timed services under one plan of care on one day. `allowed` counts all minutes together (CMS Pub. 100-04, chapter
    5, section 20.2), `by_service` those of each code for itself, which is never fewer than payers who count so allow.
    """

    table: str
    units: Decimal
    minutes: Decimal
    allowed: Decimal
    by_service: Decimal


def units_of(minutes: Decimal) -> Decimal:
    """Units of 15 minutes: 8 to 22 minutes are one, 23 to 37 two, and so on."""
    return Decimal((minutes + _UNIT - _LEAST) // _UNIT)


def timed_therapy(facts: ClaimFacts, item: GroupFacts, tables: TableSet) -> TimedTherapy | Unknown | None:
    """The plan of care whose timed units are furthest above its minutes; None where no line of the group is timed.

    Each discipline counts its own minutes. Nothing is told while one of its timed lines does not say its minutes.
    """
    day = item.as_of
    if day is None:
        return Blank(f"{item.path}.service_date")
    table = tables.get("therapy_codes")
    if table is None or table.edition_on(day) is None:
        return no_edition("therapy_codes", day)
    plans: dict[str | None, list[LineFacts]] = {}
    unsure: list[Unknown] = []
    for line in item.lines:
        timed = _is_timed(table, line)
        if isinstance(timed, UNKNOWN):
            unsure.append(timed)
        elif timed:
            reason = _lacks(line)
            if reason is not None:
                unsure.append(reason)
            plans.setdefault(next((plan for plan in PLANS if plan in line.raw.modifiers), None), []).append(line)
    if unsure:
        return gravest(unsure)
    counted = [_count(lines) for lines in plans.values()]
    return max(counted, key=lambda therapy: therapy.units - therapy.allowed, default=None)


def _is_timed(table: Table, line: LineFacts) -> bool | Unknown:
    day = line.as_of
    row = table.look_up(line.procedure or "", day) if day is not None else None
    if not isinstance(row, Row):
        return False
    timed = row.get("timed")
    if timed is None:
        return Unsupported(f"the table therapy_codes does not say whether {line.procedure} is timed")
    return bool(timed)


def _lacks(line: LineFacts) -> Unknown | None:
    raw = line.raw
    if raw.minutes is None:
        return Blank(f"{line.path}.minutes")
    if raw.units is None:
        return Blank(f"{line.path}.units")
    if line.days != 1:
        return Unsupported(f"line {line.position} spans several days, whose minutes count day by day")
    return None


def _count(lines: Iterable[LineFacts]) -> TimedTherapy:
    units, minutes = Decimal(0), Decimal(0)
    by_code: dict[str | None, Decimal] = {}
    for line in lines:
        units += line.raw.units or 0
        minutes += line.raw.minutes or 0
        by_code[line.procedure] = by_code.get(line.procedure, Decimal(0)) + (line.raw.minutes or 0)
    by_service = sum((units_of(each) for each in by_code.values()), Decimal(0))
    return TimedTherapy("therapy_codes", units, minutes, units_of(minutes), max(by_service, units_of(minutes)))


FINDERS = (
    Finder(
        "timed_therapy",
        frozenset({ScopeKind.LINES, ScopeKind.PROCEDURE_LINES}),
        dict.fromkeys(("units", "minutes", "allowed", "by_service"), FieldType.NUMBER),
        "the units of timed therapy under one plan of care, and how many its minutes allow",
        timed_therapy,
        ("therapy_codes",),
    ),
)
