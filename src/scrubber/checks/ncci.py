"""Procedure-to-procedure pairs of the NCCI: which line of a claim is bundled into which other (CMS NCCI PTP files)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import permutations

import attrs

from scrubber.checks.answers import Blank, Unknown, gravest, no_edition
from scrubber.checks.contract import Finder
from scrubber.checks.modifiers import MODIFIER_STARTS, ModifierEntries, modifier_entries
from scrubber.checks.same_service import LinesByDay, is_supplier_claim, listed, own_of_medicaid, relation
from scrubber.facts import ClaimFacts, LineFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import NO_EDITION, Row, Table, TableSet

CONFIRMED_BILLS = frozenset({"13", "14", "85"})
HOSPITAL_BILLS = CONFIRMED_BILLS | {"12", "22", "23", "34", "74", "75", "76"}
"""Digits 2-3 of the types of bill that the hospital pairs are for: outpatient hospital and critical access hospital;
and Part B bills of others, of which no text of CMS at hand gives the full list."""

EITHER_COLUMN_FROM = date(2019, 7, 1)
"""Until the day before, 59 and the X modifiers counted on the column 2 code only (CMS Change Request 11168)."""

FACILITY_ONLY = "27"
"""Several outpatient visits on one day: a modifier of hospitals."""

FEW_CODES = 12
"""Up to so many different codes on a claim every pair is looked up; with more, the table's key is joined."""

NOT_APPLICABLE = "9"


@attrs.frozen
class PtpPair:
    """A line (column 2) that is bundled into another (column 1) on a day, and what may excuse it.

    `into` names all column 1 lines: "45385 on line 1"; `beside` are their places. `bypass` are the modifiers on the two
    lines that let both be paid; `confirmed` says whether the kind of bill is certain to be checked.
    """

    table: str
    edition: str
    row: Row
    day: date
    column_1: str
    column_2: str
    column_1_line: int
    modifier_indicator: str
    beside: tuple[int, ...]
    into: str
    bypass: tuple[str, ...]
    confirmed: bool


@attrs.frozen
class _Match:
    """A row in force on a day that two lines of one claim share."""

    column_1: LineFacts
    column_2: LineFacts
    day: date
    row: Row
    indicator: str


def ptp_pair(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> PtpPair | Unknown | None:
    """The pair in which a line is the column 2 code: one without excuse before an excused one."""
    name = _table_name(facts, tables)
    if not isinstance(name, str):
        return name
    table = tables.get(name)
    unsure: list[Unknown] = []
    firing: list[_Match] = []
    excused: list[tuple[_Match, tuple[str, ...]]] = []
    for match in _matches(facts, table).get(item.index, ()):
        together = relation(match.column_1, item)
        if together == "different":
            continue
        bypass = bypassing_modifiers(facts, match.column_1, item, match.day, tables) if match.indicator == "1" else ()
        if together != "same":
            unsure += [] if bypass else [together]
        elif bypass:
            excused.append((match, bypass))
        else:
            firing.append(match)
    if firing:
        return _answer(facts, table, firing, ())
    if unsure:
        return gravest(unsure)
    missing = _not_covered(facts, item, name, table)
    if missing is not None:
        return missing
    return _answer(facts, table, [excused[0][0]], excused[0][1]) if excused else None


def ptp_pair_on_one_site(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> PtpPair | Unknown | None:
    """A pair that only modifiers of a side or a part of the body excuse, although both lines name the same one."""
    name = _table_name(facts, tables)
    if not isinstance(name, str):
        return name
    table = tables.get(name)
    sites = tables.value_sets["ncci_site"]
    for match in _matches(facts, table).get(item.index, ()):
        if match.indicator != "1" or relation(match.column_1, item) != "same":
            continue
        bypass = bypassing_modifiers(facts, match.column_1, item, match.day, tables)
        if not bypass or not all(sites.holds(modifier, match.day) for modifier in bypass):
            continue
        there = _valid_modifiers(facts, match.column_1, tables)
        here = [modifier for modifier in _valid_modifiers(facts, item, tables) if sites.holds(modifier, match.day)]
        if here and set(here) <= set(there):
            return _answer(facts, table, [match], tuple(dict.fromkeys(here)))
    return _not_covered(facts, item, name, table)


def _one_procedure(facts: ClaimFacts) -> bool:
    """Whether a professional claim has no two procedures that could be a pair."""
    return facts.claim.form == "professional" and len({line.procedure for line in facts.procedure_lines}) < 2


def bypassing_modifiers(
    facts: ClaimFacts, column_1: LineFacts, column_2: LineFacts, day: date, tables: TableSet
) -> tuple[str, ...]:
    """The modifiers on either line that let both codes of a pair be paid (NCCI Policy Manual, chapter I, section E).

    A modifier that is unknown or not in force does not.
    """
    counting = tables.value_sets["ncci_bypass"].on(day) or ()
    distinct = tables.value_sets["distinct"].on(day) or ()
    found: list[str] = []
    for line in (column_2, column_1):
        for modifier in _valid_modifiers(facts, line, tables):
            if modifier not in counting or (modifier == FACILITY_ONLY and facts.claim.form != "institutional"):
                continue
            if line is column_1 and day < EITHER_COLUMN_FROM and modifier in distinct:
                continue
            found.append(modifier)
    return tuple(dict.fromkeys(found))


def _valid_modifiers(facts: ClaimFacts, line: LineFacts, tables: TableSet) -> list[str]:
    """The modifiers of a line without those that the table says are unknown or out of their days."""
    written = list(line.raw.modifiers)
    if not written or "modifiers" not in tables:
        return written
    if "modifier_entries" not in line.found:
        line.found["modifier_entries"] = modifier_entries(facts, line, tables)
    entries = line.found["modifier_entries"]
    if not isinstance(entries, ModifierEntries):
        return written
    bad = {*entries.unknown, *entries.not_in_force}
    return [modifier for modifier in written if modifier not in bad]


def _table_name(facts: ClaimFacts, tables: TableSet) -> str | Blank | None:
    """The table that the claim is checked against; None where CMS checks no pairs."""
    if facts.claim.form == "professional":
        if not is_supplier_claim(facts, tables):
            return own_of_medicaid(facts, "ncci_ptp_practitioner", tables)
        return "ncci_ptp_dme_medicaid" if facts.claim.payer.kind == "medicaid" else None
    if facts.setting != "outpatient":
        return None
    if facts.bill_type is None:
        return Blank("type_of_bill")
    return own_of_medicaid(facts, "ncci_ptp_hospital", tables) if facts.bill_type[1:3] in HOSPITAL_BILLS else None


def _matches(facts: ClaimFacts, table: Table | None) -> dict[int, list[_Match]]:
    """Every pair of lines that share a day and stand in the table, by the column 2 line; found once for a claim."""
    if "ptp_matches" not in facts.found:
        found: dict[int, list[_Match]] = {}
        for match in _join(facts, table) if table is not None else ():
            found.setdefault(match.column_2.index, []).append(match)
        for matches in found.values():
            matches.sort(key=lambda match: (match.indicator, match.column_1.index))
        facts.found["ptp_matches"] = found
    by_line: dict[int, list[_Match]] = facts.found["ptp_matches"]
    return by_line


def _join(facts: ClaimFacts, table: Table) -> Iterator[_Match]:
    lines: dict[str, list[LineFacts]] = {}
    for line in facts.procedure_lines:
        if line.procedure and line.as_of is not None:
            lines.setdefault(line.procedure, []).append(line)
    if len(lines) < 2:
        return
    by_day: dict[str, LinesByDay] = {}
    for first, second in _pairs(table, lines):
        if first not in by_day:
            by_day[first] = LinesByDay(lines[first])
        for line in lines[second]:
            for other, day in by_day[first].sharing_a_day(line):
                row = _row_in_force(table, first, second, day)
                if row is not None:
                    yield _Match(other, line, day, row, str(row.get("modifier_indicator")))


def _pairs(table: Table, codes: Collection[str]) -> Iterable[tuple[str, str]]:
    """The pairs of the table, on whatever day, both of whose codes the claim has."""
    if len(codes) > FEW_CODES:
        return (pair for pair in table.pairs_among(codes) if pair[0] != pair[1])
    return [pair for pair in permutations(codes, 2) if table.rows(pair)]


def _row_in_force(table: Table, first: str, second: str, day: date) -> Row | None:
    """The strictest row of a pair on a day. Rows with indicator 9 were deleted when they began and never apply."""
    rows = table.rows_on((first, second), day)
    found = rows if isinstance(rows, tuple) else ()
    in_force = [row for row in found if str(row.get("modifier_indicator")) != NOT_APPLICABLE]
    return min(in_force, key=lambda row: str(row.get("modifier_indicator")), default=None)


def _not_covered(facts: ClaimFacts, item: LineFacts, name: str, table: Table | None) -> Unknown | None:
    """Why a line cannot be told to be free: it has no date, or no edition covers a day it shares with another code."""
    if table is not None and all(_is_whole(table, day) for day in (item.raw.service_date, item.last_date)):
        return None
    others = [line for line in facts.procedure_lines if line.procedure != item.procedure]
    if not others:
        return None
    if item.as_of is None:
        return Blank(f"{item.path}.service_date")
    for other, day in LinesByDay(others).sharing_a_day(item):
        if relation(other, item) == "different":
            continue
        if table is None or table.rows_on((other.procedure or "", item.procedure or ""), day) is NO_EDITION:
            return no_edition(name, day, table.lacking_on(day) if table is not None else None)
    return None


def _is_whole(table: Table, day: date | None) -> bool:
    """Whether an edition answers for a day, and all its parts were imported."""
    edition = table.edition_on(day) if day is not None else None
    return edition is not None and not edition.missing_parts


def _answer(facts: ClaimFacts, table: Table | None, matches: list[_Match], bypass: tuple[str, ...]) -> PtpPair:
    """The first match, which is the strictest, naming the column 1 lines of all."""
    match = matches[0]
    edition = table.edition_on(match.day) if table is not None else None
    places = dict.fromkeys((one.column_1.procedure, one.column_1.position) for one in matches)
    return PtpPair(
        table=table.name if table is not None else "",
        edition=edition.name if edition is not None else "",
        row=match.row,
        day=match.day,
        column_1=match.column_1.procedure or "",
        column_2=match.column_2.procedure or "",
        column_1_line=match.column_1.position,
        modifier_indicator=match.indicator,
        beside=tuple(dict.fromkeys(one.column_1.position for one in matches)),
        into=listed(f"{code} on line {position}" for code, position in places),
        bypass=bypass,
        confirmed=facts.claim.form != "institutional" or (facts.bill_type or "")[1:3] in CONFIRMED_BILLS,
    )


_LINES = frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE})
_TABLES = (
    "ncci_ptp_practitioner",
    "ncci_ptp_hospital",
    "ncci_ptp_practitioner_medicaid",
    "ncci_ptp_hospital_medicaid",
    "ncci_ptp_dme_medicaid",
)
_PAIR = {
    "table": FieldType.CODE,
    "day": FieldType.DATE,
    "column_1": FieldType.CODE,
    "column_2": FieldType.CODE,
    "column_1_line": FieldType.NUMBER,
    "modifier_indicator": FieldType.CODE,
    "beside": FieldType.NUMBERS,
    "into": FieldType.TEXT,
    "bypass": FieldType.CODES,
    "confirmed": FieldType.FLAG,
}
_SEES = frozenset(
    {"procedure", "modifiers", "as_of", "claim.as_of", "claim.billing_provider.taxonomy", "claim.payer.kind"}
)
_TURNS_ON: tuple[date | str, ...] = (EITHER_COLUMN_FROM, *MODIFIER_STARTS.values(), "modifiers")

FINDERS = (
    Finder(
        "ptp_pair",
        _LINES,
        _PAIR,
        "the PTP pair in which the line is the column 2 code, on one day and of one provider",
        ptp_pair,
        _TABLES,
        silent_on=_one_procedure,
        sees=_SEES,
        of_all_lines=True,
        turns_on=_TURNS_ON,
    ),
    Finder(
        "ptp_pair_on_one_site",
        _LINES,
        _PAIR,
        "a PTP pair that only anatomic modifiers excuse, although both lines name the same part of the body",
        ptp_pair_on_one_site,
        _TABLES,
        silent_on=_one_procedure,
        sees=_SEES,
        of_all_lines=True,
        turns_on=_TURNS_ON,
    ),
)
