"""Modifiers of a line: whether each is a code in force, an ambulance's places, and in which order they stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from scrubber.checks.answers import Blank, NoEdition, Unknown, no_edition
from scrubber.checks.contract import Finder, Predicate
from scrubber.checks.shapes import two_characters
from scrubber.facts import ClaimFacts, LineFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import Row, Table, TableSet

ORIGINS = frozenset("DEGHIJNPRS")
DESTINATIONS = ORIGINS | {"X"}
"""Letters of places in ambulance modifiers (CMS Pub. 100-04, chapter 15, section 30)."""

CPT_MODIFIERS = frozenset(
    [
        *("22", "23", "24", "25", "26", "27", "32", "33", "47", "50", "51", "52", "53", "54", "55", "56", "57", "58"),
        *("59", "62", "63", "66", "73", "74", "76", "77", "78", "79", "80", "81", "82", "90", "91", "92", "93", "95"),
        *("96", "97", "99", "P1", "P2", "P3", "P4", "P5", "P6", "1P", "2P", "3P", "8P"),
    ]
)
"""Modifiers of CPT by their numbers, which no CMS file lists with dates."""

MODIFIER_STARTS = {
    "95": date(2017, 1, 1),
    "96": date(2018, 1, 1),
    "97": date(2018, 1, 1),
    "93": date(2022, 1, 1),
    "FQ": date(2022, 1, 1),
    "FR": date(2022, 1, 1),
    "FS": date(2022, 1, 1),
    "FT": date(2022, 1, 1),
    "JZ": date(2023, 1, 1),
    "XE": date(2015, 1, 1),
    "XP": date(2015, 1, 1),
    "XS": date(2015, 1, 1),
    "XU": date(2015, 1, 1),
}
"""First days of modifiers that are younger than the claims a payer still takes, where no CMS file tells them: it has
none of CPT's, and a placeholder of 1996 for some of its own.
"""

INFORMATIONAL = frozenset(
    [
        "GC", "GT", "KX", "LT", "RT", "Q5", "Q6", "PT", "33", "95", "93", "FQ"
    ]
)  # fmt: skip
PAYMENT = frozenset(
    [
        "24", "25", "26", "50", "52", "53", "54", "55", "57", "58", "62", "66", "76", "77", "78", "79", "80",
        "81", "82", "AS", "TC", "AA", "AD", "QK", "QX", "QY", "QZ", "NU", "RR", "UE"
    ]
)  # fmt: skip
"""Modifiers that say something, and modifiers that change the price (order guidance of Medicare contractors)."""

_LINES = frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE})


def is_ambulance_line(procedure: str | None) -> bool:
    """A0021 to A0999: ambulance and other transport (HCPCS)."""
    return procedure is not None and len(procedure) == 5 and "A0021" <= procedure <= "A0999"


def is_place_pair(modifier: str) -> bool:
    """Origin and destination of an ambulance trip in two letters."""
    return len(modifier) == 2 and modifier[0] in ORIGINS and modifier[1] in DESTINATIONS


def names_places(modifiers: Iterable[str]) -> bool:
    """Whether one of the modifiers is an ambulance's origin and destination."""
    return any(is_place_pair(modifier.upper()) for modifier in modifiers)


@attrs.frozen
class ModifierEntries:
    """The modifiers of a line that are no code at all, and those whose days do not hold the date of service."""

    as_of: date
    table: str
    edition: str | None = None
    unknown: tuple[str, ...] = ()
    not_in_force: tuple[str, ...] = ()
    ended_on: date | None = None
    starts_on: date | None = None


def modifier_entries(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> ModifierEntries | Unknown | None:
    """Look every modifier of a line up on its date; None for a line without modifiers.

    On ambulance lines pairs of places are read as places, even where a real modifier is spelled the same.
    """
    if not item.raw.modifiers:
        return None
    day = item.as_of or facts.as_of
    if day is None:
        return Blank(f"{item.path}.service_date")
    ambulance = is_ambulance_line(item.procedure)
    key = (item.raw.modifiers, ambulance, day)
    known: ModifierEntries | NoEdition | None = facts.memory.get(key)
    return facts.memory.keep(key, _entries(tables, *key)) if known is None else known


def _entries(tables: TableSet, written: tuple[str, ...], ambulance: bool, day: date) -> ModifierEntries | NoEdition:
    modifiers = list(dict.fromkeys(modifier.strip().upper() for modifier in written))
    if ambulance:
        modifiers = [modifier for modifier in modifiers if not is_place_pair(modifier)]
    table = tables.get("modifiers")
    edition = table.edition_on(day) if table else None
    if edition is None and not CPT_MODIFIERS.issuperset(modifiers):
        return no_edition("modifiers", day)
    windows = {modifier: _windows(modifier, table if edition else None, day) for modifier in modifiers}
    outside = [(modifier, spans) for modifier, spans in windows.items() if spans]
    first_outside = outside[0][1] if outside else []
    return ModifierEntries(
        as_of=day,
        table="modifiers",
        edition=edition.name if edition else None,
        unknown=tuple(modifier for modifier, spans in windows.items() if spans == []),
        not_in_force=tuple(modifier for modifier, _ in outside),
        ended_on=max((last for _, last in first_outside if last is not None and last < day), default=None),
        starts_on=min((first for first, _ in first_outside if first is not None and first > day), default=None),
    )


def _windows(modifier: str, table: Table | None, day: date) -> list[tuple[date | None, date | None]] | None:
    """First and last days of a modifier, None where one window holds the day, empty where there is none."""
    starts = MODIFIER_STARTS.get(modifier)
    if starts is not None and day < starts:
        return [(starts, None)]
    if modifier in CPT_MODIFIERS or table is None or isinstance(table.look_up(modifier, day), Row):
        return None
    return [(row.valid_from, row.valid_to) for row in table.rows(modifier)]


@attrs.frozen
class ModifierOrder:
    """An informational modifier that stands before one that decides the price."""

    informational: str
    payment: str


def modifier_order(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> ModifierOrder | None:
    """The first informational modifier with a payment modifier behind it; places of ambulance lines do not count."""
    if is_ambulance_line(item.procedure):
        return None
    informational: str | None = None
    for modifier in item.raw.modifiers:
        if modifier in PAYMENT and informational is not None:
            return ModifierOrder(informational, modifier)
        if modifier in INFORMATIONAL and informational is None:
            informational = modifier
    return None


def modifier_shapes(modifiers: Iterable[str]) -> bool:
    """Every modifier is two letters or digits."""
    for modifier in modifiers:  # noqa: SIM110 - a generator costs more than most lines have modifiers
        if not two_characters(modifier.strip()):
            return False
    return True


def _without_modifiers(facts: ClaimFacts) -> bool:
    """Whether no line has a modifier."""
    for line in facts.claim.lines:  # noqa: SIM110 - asked of every claim
        if line.modifiers:
            return False
    return True


_CODES = frozenset({FieldType.CODES})

PREDICATES = (
    Predicate("modifier_shapes", _CODES, "two letters or digits each", modifier_shapes),
    Predicate(
        "names_places", _CODES, "such that one of them names an ambulance's origin and destination", names_places
    ),
)

FINDERS = (
    Finder(
        "modifier_entries",
        _LINES,
        {
            "as_of": FieldType.DATE,
            "unknown": FieldType.CODES,
            "not_in_force": FieldType.CODES,
            "ended_on": FieldType.DATE,
            "starts_on": FieldType.DATE,
        },
        "the modifiers of a line that are unknown or not in force on its date",
        modifier_entries,
        ("modifiers",),
        silent_on=_without_modifiers,
        sees=frozenset({"procedure", "modifiers", "as_of"}),
        turns_on=tuple(MODIFIER_STARTS.values()),
    ),
    Finder(
        "modifier_order",
        _LINES,
        {"informational": FieldType.CODE, "payment": FieldType.CODE},
        "an informational modifier that stands before one that decides the price",
        modifier_order,
        silent_on=_without_modifiers,
        sees=frozenset({"procedure", "modifiers"}),
    ),
)
