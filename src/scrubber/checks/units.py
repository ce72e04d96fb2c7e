"""Units of service against the medically unlikely edits (CMS MUE files), by line and by day."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import attrs

from scrubber.checks.answers import Blank, Unknown, gravest, no_edition
from scrubber.checks.contract import Finder
from scrubber.checks.same_service import (
    LinesByDay,
    first_day,
    is_supplier_claim,
    last_day,
    listed,
    own_of_medicaid,
    relation,
)
from scrubber.facts import ClaimFacts, LineFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import Row, TableSet

OTHER_PAYMENT_BILLS = frozenset({"32", "33", "65", "66", "71", "72", "73", "77", "81", "82", "86", "89"})
"""Digits 2-3 of outpatient bills that are paid by visit, stay or treatment (home health, rural and federal health
centers, dialysis, hospice): the hospital limits are not made for their lines."""

HOMES = frozenset({"04", "12", "13", "14", "16", "33", "54", "55", "56"})
"""Places of service in which equipment is used as at home (CMS Pub. 100-04, chapter 20)."""

POSTOPERATIVE_CARE = "55"
"""Its units are days of care, which no limit on procedures is made for."""


@attrs.frozen
class UnitLimit:
    """The most units of a code: of one line (mai 1) or of one day (mai 2 and 3); 0 where it is not payable here.

    `for_others` says that a Medicaid claim is held against a limit of Medicare's.
    """

    table: str
    edition: str
    row: Row
    day: date
    value: int
    mai: int
    for_others: bool


def unit_limit(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> UnitLimit | Unknown | None:
    """Look up the limit for the setting and the day; None where the file has none."""
    name = _table_name(facts, tables)
    if not isinstance(name, str):
        return name
    code, day = item.procedure, item.as_of
    if code is None:
        return Blank(f"{item.path}.procedure")
    if day is None:
        return Blank(f"{item.path}.service_date")
    table = tables.get(name)
    edition = table.edition_on(day) if table is not None else None
    if table is None or edition is None:
        return no_edition(name, day)
    row = table.look_up(code, day)
    if not isinstance(row, Row) or row.get("value") is None:
        return None
    for_others = facts.claim.payer.kind == "medicaid" and not name.endswith("_medicaid")
    limit = UnitLimit(name, edition.name, row, day, int(row.get("value")), int(row.get("mai") or 0), for_others)
    if limit.value == 0 and name == "mue_practitioner" and _may_be_supplier(facts, item, tables):
        return Blank("billing_provider.taxonomy")
    return limit


def _table_name(facts: ClaimFacts, tables: TableSet) -> str | Blank | None:
    if facts.claim.form == "professional":
        return own_of_medicaid(facts, "mue_dme" if is_supplier_claim(facts, tables) else "mue_practitioner", tables)
    if facts.setting != "outpatient":
        return None
    if facts.bill_type is None:
        return Blank("type_of_bill")
    if facts.bill_type[1:3] in OTHER_PAYMENT_BILLS:
        return None
    return own_of_medicaid(facts, "mue_hospital", tables)


def _may_be_supplier(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> bool:
    """An item for the home that a practitioner may not bill and a supplier may, without a word of who bills."""
    if facts.claim.billing_provider.taxonomy or item.place_of_service not in HOMES:
        return False
    table = tables.get("mue_dme")
    row = table.look_up(item.procedure or "", item.as_of) if table is not None and item.as_of is not None else None
    return isinstance(row, Row) and bool(row.get("value"))


@attrs.frozen
class DayUnits:
    """Units of a code on one day: of the line, and of all its lines by the same provider.

    `lines` are their numbers, `on_lines` names them: "lines 1 and 2".
    """

    day: date
    of_line: Decimal
    of_day: Decimal
    lines: tuple[int, ...]
    on_lines: str


def day_units(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> DayUnits | Unknown | None:
    """Sum the units of a line's code over the lines of its day; None where the units are no count of services.

    Where a line cannot be counted for sure, there is an answer only if the sum without it is above the limit.
    """
    first = first_day(item)
    if item.procedure is None or first is None:
        return Blank(f"{item.path}.{'service_date' if item.procedure else 'procedure'}")
    if not _counts(item):
        return None
    of_line = units_of_a_day(item)
    if of_line is None:
        return Blank(f"{item.path}.units")
    same_code = _lines_of(facts, item.procedure)
    # the sum can only change where some line begins
    starts = {max(first, begins) for other, _ in same_code.sharing_a_day(item) if (begins := first_day(other))}
    best: DayUnits | None = None
    unsure: list[Unknown] = []
    for day in sorted(starts):
        lines: list[LineFacts] = []
        for other in same_code.on(day):
            together = relation(item, other)
            units = units_of_a_day(other)
            if together == "same" and units is not None:
                lines.append(other)
            elif together != "different":
                unsure.append(together if together != "same" else Blank(f"{other.path}.units"))
        total = sum((units_of_a_day(line) or Decimal(0) for line in lines), Decimal(0))
        if best is None or total > best.of_day:
            numbers = tuple(line.position for line in lines)
            words = f"line{'s' if len(numbers) > 1 else ''} {listed(numbers)}"
            best = DayUnits(day, of_line, total, numbers, words)
    if unsure and best is not None:
        limit = unit_limit(facts, item, tables)
        if isinstance(limit, UnitLimit) and best.of_day <= limit.value:
            return gravest(unsure)
    return best


def _lines_of(facts: ClaimFacts, code: str) -> LinesByDay:
    """The lines of a code that count, by day; sorted once for a claim."""
    if "lines_by_code" not in facts.found:
        listed_lines: dict[str, list[LineFacts]] = {}
        for line in facts.procedure_lines:
            if line.procedure and _counts(line):
                listed_lines.setdefault(line.procedure, []).append(line)
        facts.found["lines_by_code"] = {procedure: LinesByDay(lines) for procedure, lines in listed_lines.items()}
    by_code: dict[str, LinesByDay] = facts.found["lines_by_code"]
    return by_code[code]


def _counts(line: LineFacts) -> bool:
    """Whether the units of a line count services: not minutes of anesthesia, not days of postoperative care."""
    raw = line.raw
    if raw.unit == "MJ" or (raw.units is None and raw.minutes is not None):
        return False
    return POSTOPERATIVE_CARE not in raw.modifiers


def units_of_a_day(line: LineFacts) -> Decimal | None:
    """Units of one day: those of a span are spread over its days and rounded to whole ones."""
    first = first_day(line)
    if line.raw.units is None or first is None:
        return None
    days = (last_day(line) - first).days + 1
    return line.raw.units if days == 1 else (line.raw.units / days).quantize(Decimal(1), ROUND_HALF_UP)


_LINES = frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE})

FINDERS = (
    Finder(
        "unit_limit",
        _LINES,
        {
            "table": FieldType.CODE,
            "day": FieldType.DATE,
            "value": FieldType.NUMBER,
            "mai": FieldType.NUMBER,
            "for_others": FieldType.FLAG,
        },
        "the most units of the line's code on its day, by the MUE file for its setting",
        unit_limit,
        (
            "mue_practitioner",
            "mue_hospital",
            "mue_dme",
            "mue_practitioner_medicaid",
            "mue_hospital_medicaid",
            "mue_dme_medicaid",
        ),
        sees=frozenset(
            {
                "procedure",
                "place_of_service",
                "as_of",
                "claim.as_of",
                "claim.billing_provider.taxonomy",
                "claim.payer.kind",
            }
        ),
    ),
    Finder(
        "day_units",
        _LINES,
        {
            "day": FieldType.DATE,
            "of_line": FieldType.NUMBER,
            "of_day": FieldType.NUMBER,
            "lines": FieldType.NUMBERS,
            "on_lines": FieldType.TEXT,
        },
        "the units of the line's code on one day: of the line, and of all lines of the same provider",
        day_units,
        sees=frozenset(
            {
                "procedure",
                "modifiers",
                "units",
                "unit",
                "minutes",
                "place_of_service",
                "as_of",
                "claim.as_of",
                "claim.billing_provider.taxonomy",
                "claim.payer.kind",
            }
        ),
        of_all_lines=True,
        turns_on=("mue_practitioner", "mue_dme", "mue_practitioner_medicaid", "mue_dme_medicaid"),
    ),
)
