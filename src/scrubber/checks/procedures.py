"""What the code tables know of a procedure on its date: HCPCS, CPT and ICD procedure codes."""

from __future__ import annotations

from datetime import date

import attrs

from scrubber.checks.answers import Blank, NoEdition, Unknown, no_edition
from scrubber.checks.contract import Finder
from scrubber.checks.shapes import procedure_shape
from scrubber.facts import ICD10_STARTS, ClaimFacts, LineFacts, ProcedureFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import Row, Table, TableSet

CODE_SETS = {"hcpcs": "HCPCS", "cpt": "CPT", "cdt": "CDT", "icd10pcs": "ICD-10-PCS", "icd9proc": "ICD-9-CM"}
"""How people call the code set of a table."""

HIPPS_REVENUE_CODES = frozenset({"0022", "0023", "0024"})
"""Revenue codes whose lines carry a HIPPS code in place of a procedure (CMS Pub. 100-04, chapter 25, FL 44)."""


@attrs.frozen
class ProcedureEntry:
    """The verdict on a procedure code on its date: valid, unknown, expired or not_yet_effective."""

    verdict: str
    as_of: date | None
    table: str
    edition: str | None = None
    row: Row | None = None
    ended_on: date | None = None
    starts_on: date | None = None

    @property
    def code_set(self) -> str:
        """The name of the code set."""
        return CODE_SETS[self.table]


def procedure_table(code: str) -> str:
    """The table that should hold a code of this shape: D and four digits is CDT, another letter HCPCS, all else CPT."""
    if code[:1] == "D":
        return "cdt"
    return "hcpcs" if code[:1].isalpha() else "cpt"


def procedure_entry(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> ProcedureEntry | Unknown | None:
    """Look the line's procedure up on the date of service (CMS HCPCS files; the user's CPT and CDT files).

    None where a HIPPS code stands in place of a procedure.
    """
    if item.raw.revenue_code in HIPPS_REVENUE_CODES:
        return None
    code, day = item.procedure, item.as_of or facts.as_of
    if code is None:
        return Blank(f"{item.path}.procedure")
    if day is None and procedure_shape(code):
        return Blank(f"{item.path}.service_date")
    key = ("procedure", code, day)
    known: ProcedureEntry | NoEdition | None = facts.memory.get(key)
    return facts.memory.keep(key, _line_entry(tables, code, day)) if known is None else known


def _line_entry(tables: TableSet, code: str, day: date | None) -> ProcedureEntry | NoEdition:
    name = procedure_table(code)
    if day is None or not procedure_shape(code):
        return ProcedureEntry("unknown", day, name)
    return _entry(tables.get(name), name, code, day)


def institutional_procedure_entry(
    facts: ClaimFacts, item: ProcedureFacts, tables: TableSet
) -> ProcedureEntry | Unknown:
    """Look an inpatient procedure up on the last day of the statement (ICD-10-PCS, before 2015-10-01 ICD-9-CM)."""
    day = item.as_of
    if item.code is None:
        return Blank(f"{item.path}.code")
    if day is None:
        return Blank("statement_to")
    name = "icd10pcs" if day >= ICD10_STARTS else "icd9proc"
    return _entry(tables.get(name), name, item.code, day)


def _entry(table: Table | None, name: str, code: str, day: date) -> ProcedureEntry | NoEdition:
    edition = table.edition_on(day) if table else None
    if table is None or edition is None:
        return no_edition(name, day)
    row = table.look_up(code, day)
    if isinstance(row, Row):
        return ProcedureEntry("valid", day, name, edition.name, row)
    windows = table.rows(code)
    ended = max((w.valid_to for w in windows if w.valid_to is not None and w.valid_to < day), default=None)
    starts = min((w.valid_from for w in windows if w.valid_from > day), default=None)
    verdict = "expired" if ended is not None else "not_yet_effective" if starts is not None else "unknown"
    return ProcedureEntry(verdict, day, name, edition.name, None, ended, starts)


_ENTRY = {
    "verdict": FieldType.CODE,
    "as_of": FieldType.DATE,
    "table": FieldType.CODE,
    "code_set": FieldType.TEXT,
    "ended_on": FieldType.DATE,
    "starts_on": FieldType.DATE,
}

FINDERS = (
    Finder(
        "procedure_entry",
        frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE}),
        _ENTRY,
        "the verdict on a line's procedure code on its date of service",
        procedure_entry,
        ("hcpcs", "cpt", "cdt"),
        sees=frozenset({"procedure", "revenue_code", "as_of"}),
    ),
    Finder(
        "institutional_procedure_entry",
        frozenset({ScopeKind.PROCEDURE}),
        _ENTRY,
        "the verdict on an inpatient procedure code on the discharge date",
        institutional_procedure_entry,
        ("icd10pcs", "icd9proc"),
    ),
)
