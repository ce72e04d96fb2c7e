"""What the ICD tables know of a diagnosis on its date: whether it holds, or why not, and what edits ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import attrs

from scrubber.checks.answers import Blank, NoEdition, Unknown
from scrubber.checks.contract import Finder
from scrubber.checks.shapes import icd9_shape, icd10_shape
from scrubber.facts import ICD10_STARTS, ClaimFacts, DiagnosisFacts, age_in_years, dotted_code
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import NO_EDITION, Row, Table, TableSet

SUGGESTIONS = 4
"""How many codes a message lists at most."""


def _column(name: str) -> Any:
    """An attribute of the entry's row; None where there is no row."""
    return property(lambda entry: None if entry.row is None else entry.row.get(name))


@attrs.frozen
class DiagnosisEntry:
    """The verdict on a diagnosis code on one day, and the row in force it rests on.

    `verdict`: valid, format, wrong_code_set, not_billable, expired, not_yet_effective, unknown (catalogue, family DX:
    the first that matches in that order, a row in force first).
    """

    verdict: str
    as_of: date
    code_set: str
    table: str
    edition: str | None = None
    row: Row | None = None
    ended_on: date | None = None
    starts_on: date | None = None
    longer_codes: str | None = None

    external_cause = _column("external_cause")
    manifestation = _column("manifestation")
    unacceptable_principal = _column("unacceptable_principal")
    requires_secondary = _column("requires_secondary")
    questionable_admission = _column("questionable_admission")
    unspecified = _column("unspecified")
    wrong_procedure = _column("wrong_procedure")
    delivery_outcome = _column("delivery_outcome")
    age_class = _column("age_class")
    sex = _column("sex")
    title = _column("title")


def diagnosis_entry(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> DiagnosisEntry | Unknown:
    """Look a diagnosis up on its dates.

    Outpatient institutional claims: valid on any date is valid (the I/OCE looks at from and through date).
    Others: the earliest date on which the code fails, else the first date.
    """
    if item.raw.code is None or item.code is None:
        return Blank(f"{item.path}.code")
    if not item.dates:
        return Blank("statement_to" if facts.inpatient else "lines[0].service_date")
    worst: DiagnosisEntry | Unknown | None = None
    for day in item.dates:
        entry = entry_on(tables, item.raw.code, item.code, day)
        failed = isinstance(entry, NoEdition) or entry.verdict != "valid"
        if failed is not (facts.setting == "outpatient"):
            return entry
        worst = worst or entry
    assert worst is not None  # there was at least one date
    return worst


def entry_on(tables: TableSet, raw: str, code: str, day: date) -> DiagnosisEntry | NoEdition:
    """The verdict on one code on one day."""
    names = ("icd10cm", "icd9cm") if day >= ICD10_STARTS else ("icd9cm", "icd10cm")
    table, other = (tables.get(name) for name in names)
    code_set = "ICD-10-CM" if names[0] == "icd10cm" else "ICD-9-CM"
    if not (icd10_shape(raw) or icd9_shape(raw)):
        return DiagnosisEntry("format", day, code_set, names[0])
    edition = table.edition_on(day) if table else None
    if table is None or edition is None:
        return NoEdition(names[0], day)
    windows = table.rows(code)
    if not windows and other is not None and any(row.get("billable") for row in other.rows(code)):
        return DiagnosisEntry("wrong_code_set", day, code_set, names[0], edition.name)
    row = table.look_up(code, day)
    if isinstance(row, Row) and row.get("billable"):
        return DiagnosisEntry("valid", day, code_set, names[0], edition.name, row)
    billable = [window for window in windows if window.get("billable")]
    ended = max((w.valid_to for w in billable if w.valid_to is not None and w.valid_to < day), default=None)
    starts = min((w.valid_from for w in billable if w.valid_from > day), default=None)
    longer = list(_longer_codes(table, code, day))
    listed = ", ".join(dotted_code(found, icd9=names[0] == "icd9cm") for found in longer[:SUGGESTIONS])
    if len(longer) > SUGGESTIONS:
        listed += " …"
    found = row if isinstance(row, Row) else None
    if found is not None or longer:
        verdict = "not_billable"
    elif ended is not None:
        verdict = "expired"
    elif starts is not None:
        verdict = "not_yet_effective"
    else:
        verdict = "unknown"
    return DiagnosisEntry(verdict, day, code_set, names[0], edition.name, found, ended, starts, listed or None)


def _longer_codes(table: Table, code: str, day: date) -> Iterator[str]:
    """Billable codes in force that begin with `code`, at most one more than a message lists."""
    count = 0
    for row in table.starting_with(code, day):
        if row.key[0] != code and row.get("billable"):
            yield row.key[0]
            count += 1
            if count > SUGGESTIONS:
                return


@attrs.frozen
class AgeBand:
    """The band of an age class on a date; `holds` says whether the patient's age lies in it."""

    age_class: str
    from_age: int
    to_age: int
    holds: bool


def diagnosis_age_band(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> AgeBand | Unknown | None:
    """The MCE age band that the code's age class asks for, against the patient's age; None without an age class."""
    entry = facts.found.get(("diagnosis_entry", id(item))) or diagnosis_entry(facts, item, tables)
    if not isinstance(entry, DiagnosisEntry):
        return entry
    if not entry.age_class:
        return None
    bands = tables.get("age_bands")
    row = bands.look_up(entry.age_class, entry.as_of) if bands else NO_EDITION
    if not isinstance(row, Row):
        return NoEdition("age_bands", entry.as_of)
    age = facts.age_years
    if not facts.inpatient and facts.claim.patient.birth_date is not None:
        age = age_in_years(facts.claim.patient.birth_date, entry.as_of)
    if age is None:
        return Blank("patient.birth_date")
    low, high = int(row.get("from_age")), int(row.get("to_age"))
    return AgeBand(entry.age_class, low, high, low <= age <= high)


@attrs.frozen
class DuplicateDiagnosis:
    """An earlier diagnosis with the same code."""

    of_position: int
    of_principal: bool


def duplicate_diagnosis(
    facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet
) -> DuplicateDiagnosis | Unknown | None:
    """An earlier diagnosis of the same code and role; another diagnosis may not equal the principal either.

    Admitting and reason-for-visit diagnoses may equal the principal, and external causes are compared among themselves.
    """
    if item.code is None:
        return Blank(f"{item.path}.code")
    for earlier in facts.diagnoses:
        if earlier.code != item.code or earlier is item:
            continue
        counts = {earlier.role, item.role} <= {"principal", "other"} or earlier.role == item.role
        if counts and (earlier.principal or earlier.index < item.index) and not item.principal:
            return DuplicateDiagnosis(earlier.position, earlier.principal)
    return None


_ENTRY = {
    "verdict": FieldType.CODE,
    "as_of": FieldType.DATE,
    "code_set": FieldType.TEXT,
    "ended_on": FieldType.DATE,
    "starts_on": FieldType.DATE,
    "longer_codes": FieldType.TEXT,
    "age_class": FieldType.CODE,
    "sex": FieldType.CODE,
    "title": FieldType.TEXT,
    **dict.fromkeys(
        (
            "external_cause",
            "manifestation",
            "unacceptable_principal",
            "requires_secondary",
            "questionable_admission",
            "unspecified",
            "wrong_procedure",
            "delivery_outcome",
        ),
        FieldType.FLAG,
    ),
}
_DIAGNOSIS = frozenset({ScopeKind.DIAGNOSIS})

FINDERS = (
    Finder(
        "diagnosis_entry",
        _DIAGNOSIS,
        _ENTRY,
        "the verdict on a diagnosis code on its date, and the attributes of its row",
        diagnosis_entry,
        ("icd10cm", "icd9cm"),
    ),
    Finder(
        "diagnosis_age_band",
        _DIAGNOSIS,
        {
            "age_class": FieldType.CODE,
            "from_age": FieldType.NUMBER,
            "to_age": FieldType.NUMBER,
            "holds": FieldType.FLAG,
        },
        "the MCE age band of a diagnosis, and whether the patient's age lies in it",
        diagnosis_age_band,
        ("icd10cm", "icd9cm", "age_bands"),
    ),
    Finder(
        "duplicate_diagnosis",
        _DIAGNOSIS,
        {"of_position": FieldType.NUMBER, "of_principal": FieldType.FLAG},
        "an earlier diagnosis with the same code and role",
        duplicate_diagnosis,
    ),
)
