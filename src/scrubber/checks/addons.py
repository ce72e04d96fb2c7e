"""Add-on codes and the primary procedures they stand with (CMS add-on code edit file)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import attrs

from scrubber.checks.answers import Blank, Unknown, gravest, no_edition
from scrubber.checks.contract import Finder
from scrubber.checks.same_service import procedure_lines_by_day, relation
from scrubber.facts import ClaimFacts, LineFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import NO_EDITION, Row, TableSet

CONTRACTOR_DEFINED = "CCCCC"
ALL_LISTED, NONE_LISTED, PARTLY_LISTED = 1, 2, 3
_SHOWN = 6


@attrs.frozen
class AddOn:
    """An add-on code in force, and whether the claim has what it is added to.

    `listed`: one of the listed primaries on the same day by the same provider; `listed_day_before`: on the day
    before; `other`: another procedure that may be a primary which the contractor names.
    """

    table: str
    edition: str
    row: Row
    edit_type: int
    listed: bool
    listed_day_before: bool
    other: bool
    primaries: str


def add_on(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> AddOn | Unknown | None:
    """The add-on edit of a line's code on its day; None where the code is no add-on."""
    code, day = item.procedure, item.as_of
    if code is None:
        return Blank(f"{item.path}.procedure")
    if day is None:
        return Blank(f"{item.path}.service_date")
    table = tables.get("addon")
    edition = table.edition_on(day) if table is not None else None
    if table is None or edition is None:
        return no_edition("addon", day)
    rows = rows_in_force(tables, code, day)
    if not rows:
        return None
    edit_type = _edit_type(rows)
    primaries = {str(row.get("primary")) for row in rows} - {CONTRACTOR_DEFINED}
    listed: list[bool | Unknown] = []
    other: list[bool | Unknown] = []
    for line, _ in procedure_lines_by_day(facts).sharing_a_day(item):
        if line.procedure == code:
            continue
        together = relation(item, line)
        answer = together == "same" if isinstance(together, str) else together
        if line.procedure in primaries:
            listed.append(answer)
        if edit_type != ALL_LISTED and not _has_none_listed(facts, tables, line.procedure or "", day):
            other.append(answer)
    needed = [*listed, *other]
    if True not in needed and (unsure := gravest(reason for reason in needed if not isinstance(reason, bool))):
        return unsure
    eve = day - timedelta(days=1)
    return AddOn(
        table="addon",
        edition=edition.name,
        row=rows[0],
        edit_type=edit_type,
        listed=True in listed,
        listed_day_before=any(
            line.procedure in primaries and relation(item, line) == "same"
            for line in procedure_lines_by_day(facts).on(eve)
        ),
        other=True in other,
        primaries=_some(sorted(primaries)),
    )


def rows_in_force(tables: TableSet, code: str, day: date) -> tuple[Row, ...]:
    """The add-on edits of a code on a day, without primaries that have ended."""
    table = tables.get("addon")
    rows = table.rows_on(code, day) if table is not None else NO_EDITION
    if not isinstance(rows, tuple):
        return ()
    return tuple(row for row in rows if not _ended(row, day))


def _ended(row: Row, day: date) -> bool:
    return any((last := row.get(column)) is not None and last < day for column in ("addon_deleted", "primary_deleted"))


def _edit_type(rows: Iterable[Row]) -> int:
    """1 where all primaries are listed, 2 where the contractor names them all, 3 where some are listed."""
    types = {int(row.get("edit_type")) for row in rows}
    return types.pop() if len(types) == 1 else PARTLY_LISTED


def _has_none_listed(facts: ClaimFacts, tables: TableSet, code: str, day: date) -> bool:
    """Whether a code is itself an add-on without listed primaries, which is the primary of nothing."""
    known: dict[tuple[str, date], bool] = facts.found.setdefault("none_listed", {})
    if (code, day) not in known:
        rows = rows_in_force(tables, code, day)
        known[code, day] = bool(rows) and _edit_type(rows) == NONE_LISTED
    return known[code, day]


def _some(codes: list[str]) -> str:
    more = f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else ""
    return ", ".join(codes[:_SHOWN]) + more


FINDERS = (
    Finder(
        "add_on",
        frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE}),
        {
            "edit_type": FieldType.NUMBER,
            "listed": FieldType.FLAG,
            "listed_day_before": FieldType.FLAG,
            "other": FieldType.FLAG,
            "primaries": FieldType.TEXT,
        },
        "the add-on edit of the line's code, and whether its primary procedure is on the claim",
        add_on,
        ("addon",),
        sees=frozenset({"procedure", "as_of"}),
        of_all_lines=True,
    ),
)
