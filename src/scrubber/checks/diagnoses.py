"""What the ICD tables know of a diagnosis on its date: whether it holds, or why not, and what edits ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import attrs

from scrubber.checks.answers import Blank, NoEdition, Unknown, Unsupported, no_edition
from scrubber.checks.contract import Finder, Follows
from scrubber.checks.shapes import icd9_shape, icd10_shape
from scrubber.facts import ICD10_STARTS, ClaimFacts, DiagnosisFacts, age_in_years, dotted_code, plain_code
from scrubber.facts.once import once
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import NO_EDITION, Row, Table, TableSet

SUGGESTIONS = 4
"""How many codes a message lists at most."""


OLDEST = 124
"""The highest age that the Medicare Code Editor takes; an age beyond it is a fault of its own, not of a diagnosis."""


def _column(name: str) -> Any:
    """An attribute of the entry's row; None where there is no row."""
    return once(lambda entry: None if entry.row is None else entry.row.get(name))


@attrs.frozen(slots=False)  # `once` keeps what was read of the row beside the fields: entries are kept over claims
class DiagnosisEntry:
    """The verdict on a diagnosis code on one day, and the row in force it rests on.

    `verdict`: valid, format, not_billable, expired, not_yet_effective, wrong_code_set, unknown; the first that matches,
    a row in force first. A few E codes stand in both code sets: the set of the date speaks first.
    What only a message needs is worked out when asked.
    """

    verdict: str
    code: str
    as_of: date
    table: str
    row: Row | None = None
    _source: Table | None = attrs.field(default=None, eq=False, repr=False)

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

    @property
    def side(self) -> str | None:
        """left, right, bilateral or unspecified, by the title; codes of ICD-9-CM name no side."""
        return None if self.row is None or self.table != "icd10cm" else self.row.get("side")

    @property
    def code_set(self) -> str:
        return "ICD-10-CM" if self.table == "icd10cm" else "ICD-9-CM"

    @property
    def other_code_set(self) -> str:
        return "ICD-9-CM" if self.table == "icd10cm" else "ICD-10-CM"

    @property
    def edition(self) -> str | None:
        edition = self._source.edition_on(self.as_of) if self._source else None
        return edition.name if edition else None

    @property
    def ended_on(self) -> date | None:
        """The last day on which the code could be billed, where that is past."""
        ends = (row.valid_to for row in self._billable_windows())
        return max((end for end in ends if end is not None and end < self.as_of), default=None)

    @property
    def starts_on(self) -> date | None:
        """The first day on which the code can be billed, where that is to come."""
        return min((row.valid_from for row in self._billable_windows() if row.valid_from > self.as_of), default=None)

    def _billable_windows(self) -> tuple[Row, ...]:
        rows = self._source.rows(self.code) if self._source else ()
        return tuple(row for row in rows if row.get("billable"))

    @property
    def longer_codes(self) -> str | None:
        """The first codes in force that begin with this one."""
        return self._listed(self.code)

    @property
    def neighbourhood(self) -> str:
        """A sentence on the codes in force under the longest beginning that this one shares with any."""
        for length in range(len(self.code) - 1, 2, -1):
            listed = self._listed(self.code[:length])
            if listed:
                return f"In force under {self._written(self.code[:length])}: {listed}."
        return f"{self.code_set} has no category {self.code[:3]} on that day."

    @property
    def rewritten(self) -> str | None:
        """The code with its dot in the right place, where there is such a code in force."""
        row = self._source.look_up(self.code, self.as_of) if self._source else None
        return self._written(self.code) if isinstance(row, Row) and row.get("billable") else None

    def _listed(self, beginning: str) -> str | None:
        if self._source is None:
            return None
        found = list(islice(longer_codes(self._source, beginning, self.as_of), SUGGESTIONS + 1))
        shown = ", ".join(self._written(code) for code in found[:SUGGESTIONS])
        return f"{shown} …" if len(found) > SUGGESTIONS else shown or None

    def _written(self, code: str) -> str:
        return dotted_code(code, icd9=self.table == "icd9cm")


def longer_codes(table: Table, code: str, day: date) -> Iterator[str]:
    """Billable codes in force that begin with `code`, without the code itself."""
    return (row.key[0] for row in table.starting_with(code, day) if row.key[0] != code and row.get("billable"))


def diagnosis_entry(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> DiagnosisEntry | Unknown:
    """Look a diagnosis up on its dates.

    Outpatient institutional claims: valid on any date is valid (the I/OCE looks at from and through date).
    Others: the earliest date on which the code fails, else the first date.
    """
    if item.raw.code is None or item.code is None:
        return Blank(f"{item.path}.code")
    dates = item.dates
    if not dates:
        return Blank("statement_to" if facts.inpatient else "lines[0].service_date")
    first: DiagnosisEntry | Unknown | None = None
    for day in dates:
        key = (item.raw.code, day)
        entry: DiagnosisEntry | NoEdition | None = facts.memory.get(key)
        if entry is None:
            entry = facts.memory.keep(key, entry_on(tables, item.raw.code, item.code, day))
        assert entry is not None
        if len(dates) == 1:
            return entry
        failed = isinstance(entry, NoEdition) or entry.verdict != "valid"
        if failed is not (facts.setting == "outpatient"):
            return entry
        first = first or entry
    assert first is not None  # there was at least one date
    return first


def shared_entry(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> DiagnosisEntry | Unknown:
    """The entry of a diagnosis, for finders that start from it: looked up once per claim."""
    entry: DiagnosisEntry | Unknown | None = item.found.get("diagnosis_entry")
    if entry is None:
        entry = item.found["diagnosis_entry"] = diagnosis_entry(facts, item, tables)
    return entry


def entry_on(tables: TableSet, raw: str, code: str, day: date) -> DiagnosisEntry | NoEdition:
    """The verdict on one code on one day."""
    name, other_name = ("icd10cm", "icd9cm") if day >= ICD10_STARTS else ("icd9cm", "icd10cm")
    table = tables.get(name)
    row = table.look_up(code, day) if table else NO_EDITION
    well_dotted = raw == code or raw.strip().upper() in (code, dotted_code(code, icd9=name == "icd9cm"))
    if isinstance(row, Row) and well_dotted and row.get("billable"):
        return DiagnosisEntry("valid", code, day, name, row, table)
    if not (icd10_shape(raw) or icd9_shape(raw) or (well_dotted and table and _is_known(table, code))):
        return DiagnosisEntry("format", code, day, name, None, table)
    if table is None or row is NO_EDITION:
        return no_edition(name, day)
    entry = DiagnosisEntry("unknown", code, day, name, row if isinstance(row, Row) else None, table)
    return attrs.evolve(entry, verdict=_verdict(entry, table, tables.get(other_name)))


def _is_known(table: Table, code: str) -> bool:
    """Whether a code, or a longer one, was ever in the table: the table knows more shapes than the guidelines tell
    (chapter Q has had categories of two letters since fiscal year 2027).
    """
    return len(code) > 2 and code.isalnum() and next(table.starting_with(code), None) is not None


def _verdict(entry: DiagnosisEntry, table: Table, other: Table | None) -> str:
    """Why a code of the right shape, with no billable row in force, is not valid."""
    if entry.row is not None or next(longer_codes(table, entry.code, entry.as_of), None) is not None:
        return "not_billable"
    if entry.ended_on is not None:
        return "expired"
    if entry.starts_on is not None:
        return "not_yet_effective"
    elsewhere = other.rows(entry.code) if other is not None else ()
    return "wrong_code_set" if any(row.get("billable") for row in elsewhere) else "unknown"


@attrs.frozen
class AgeBand:
    """The band of an age class on a date; `holds` says whether the patient's age lies in it."""

    age_class: str
    from_age: int
    to_age: int
    holds: bool


def diagnosis_age_band(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> AgeBand | Unknown | None:
    """The MCE age band that the code's age class asks for, against the patient's age; None without an age class."""
    entry = shared_entry(facts, item, tables)
    if not isinstance(entry, DiagnosisEntry):
        return entry
    if not entry.age_class:
        return None
    bands = tables.get("age_bands")
    row = bands.look_up(entry.age_class, entry.as_of) if bands else NO_EDITION
    if not isinstance(row, Row):
        return no_edition("age_bands", entry.as_of)
    age = facts.age_years
    if not facts.inpatient and facts.claim.patient.birth_date is not None:
        age = age_in_years(facts.claim.patient.birth_date, entry.as_of)
    if age is None:
        return Blank("patient.birth_date")
    if not 0 <= age <= OLDEST:
        return Unsupported(f"the patient's age is not between 0 and {OLDEST}")
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


def _each_code_once(facts: ClaimFacts) -> bool:
    """Whether every diagnosis has a code that no other has."""
    codes = set()
    for diagnosis in facts.claim.diagnoses:
        if not diagnosis.code:
            return False
        codes.add(plain_code(diagnosis.code))
    return len(codes) == len(facts.claim.diagnoses)


_ENTRY = {
    "verdict": FieldType.CODE,
    "as_of": FieldType.DATE,
    "code_set": FieldType.TEXT,
    "other_code_set": FieldType.TEXT,
    "ended_on": FieldType.DATE,
    "starts_on": FieldType.DATE,
    "longer_codes": FieldType.TEXT,
    "neighbourhood": FieldType.TEXT,
    "rewritten": FieldType.TEXT,
    "age_class": FieldType.CODE,
    "sex": FieldType.CODE,
    "side": FieldType.CODE,
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
        sees=frozenset({"code", "as_of"}),
        turns_on=(ICD10_STARTS,),
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
        follows=Follows("diagnosis_entry", "age_class"),
    ),
    Finder(
        "duplicate_diagnosis",
        _DIAGNOSIS,
        {"of_position": FieldType.NUMBER, "of_principal": FieldType.FLAG},
        "an earlier diagnosis with the same code and role",
        duplicate_diagnosis,
        silent_on=_each_code_once,
    ),
)
