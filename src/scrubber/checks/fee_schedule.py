"""What the Medicare physician fee schedule says of a line: its row, by code and component, on the date of service.

CMS publishes for some codes a row for the professional component (26), for the technical component (TC) and for a
procedure that was broken off (53) beside the row of the whole service, and the indicators of these rows may differ.
"""

from __future__ import annotations

from datetime import date

import attrs

from scrubber.checks.answers import Blank, NoEdition, Unknown, gravest, no_edition
from scrubber.checks.contract import Finder, Follows
from scrubber.checks.same_service import procedure_lines_by_day, relation
from scrubber.facts import ClaimFacts, LineFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import Row, TableSet
from scrubber.tables.schemas import SCHEMAS

TABLE = "mpfs"
COMPONENTS = ("26", "TC", "53")
"""Modifiers that have rows of their own, in the order in which a line that bears several is read."""

PAID = frozenset("ACR")
"""Status codes of services that the fee schedule pays: active, priced by the contractor, restricted coverage."""
PAID_ALONE = frozenset("PT")
"""Status codes of services that are part of what else the fee schedule pays on the day."""

_WHOLE = ""
_TYPES = {"text": FieldType.CODE, "flag": FieldType.FLAG, "decimal": FieldType.NUMBER}
_COLUMNS = SCHEMAS[TABLE].columns
_NO_VALUES = dict.fromkeys(column.name for column in _COLUMNS)


class FeeScheduleRow:
    """The row of the fee schedule that a line is paid by. The columns of the table are attributes of their own, since
    they are read far more often than looked up.
    """

    def __init__(self, row: Row, edition: str) -> None:
        self.table = TABLE
        self.edition = edition
        self.row = row
        self.component: str | None = row.key[1] or None
        vars(self).update({**_NO_VALUES, **row.as_dict()})


def fee_schedule(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> FeeScheduleRow | Unknown | None:
    """The row of the line's component where the line names one and there is such a row, else that of the whole
    service; None where the fee schedule does not know the code.
    """
    code, day = item.procedure, item.as_of
    if code is None:
        return Blank(f"{item.path}.procedure")
    if day is None:
        return Blank(f"{item.path}.service_date")
    component = _WHOLE
    for modifier in COMPONENTS if item.raw.modifiers else ():
        if modifier in item.raw.modifiers:
            component = modifier
            break
    key = (TABLE, code, component, day)
    if key in facts.memory:
        known: FeeScheduleRow | NoEdition | None = facts.memory[key]
        return known
    answer: FeeScheduleRow | NoEdition | None = facts.memory.keep(key, _row(tables, code, component, day))
    return answer


def _row(tables: TableSet, code: str, component: str, day: date) -> FeeScheduleRow | NoEdition | None:
    table = tables.get(TABLE)
    edition = table.edition_on(day) if table is not None else None
    if table is None or edition is None:
        return no_edition(TABLE, day)
    for modifier in dict.fromkeys((component, _WHOLE)):
        row = table.look_up((code, modifier), day)
        if isinstance(row, Row):
            return FeeScheduleRow(row, edition.name)
    return None


@attrs.frozen
class PaidBeside:
    """Another line of the same day and provider that the fee schedule pays."""

    position: int
    procedure: str


def paid_beside(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> PaidBeside | Unknown | None:
    """For a line whose code is not paid beside others (status P or T): the first line of its day and provider that is
    charged and paid by the fee schedule.
    """
    own = fee_schedule(facts, item, tables)
    if not isinstance(own, FeeScheduleRow):
        return own
    if own.row.get("status") not in PAID_ALONE:
        return None
    unsure: list[Unknown] = []
    for line, _ in procedure_lines_by_day(facts).sharing_a_day(item):
        if line is item or line.raw.charge == 0:
            continue
        together = relation(item, line)
        if together == "different":
            continue
        row = fee_schedule(facts, line, tables)
        if not isinstance(row, FeeScheduleRow):
            unsure += [row] if row is not None else []
        elif row.row.get("status") in PAID:
            if together == "same" and line.procedure:
                return PaidBeside(line.position, line.procedure)
            unsure += [together] if not isinstance(together, str) else []
    return gravest(unsure)


_LINES = frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE})

FINDERS = (
    Finder(
        "fee_schedule",
        _LINES,
        {"component": FieldType.CODE, **{column.name: _TYPES[column.type] for column in _COLUMNS}},
        "the row of the Medicare physician fee schedule for the line's code and its component (26, TC or 53)",
        fee_schedule,
        (TABLE,),
        sees=frozenset({"procedure", "modifiers", "as_of"}),
    ),
    Finder(
        "paid_beside",
        _LINES,
        {"position": FieldType.NUMBER, "procedure": FieldType.CODE},
        "the line of the day and the provider beside which the fee schedule does not pay a code of status P or T",
        paid_beside,
        (TABLE,),
        follows=Follows("fee_schedule", "status", PAID_ALONE),
    ),
)
