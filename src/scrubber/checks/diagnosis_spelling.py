"""What is wrong with the spelling of a diagnosis code: its 7th character and its placeholders X (OCG I.A.4, I.A.5)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement

import attrs

from scrubber.checks.answers import Unknown, no_edition
from scrubber.checks.contract import Finder, Follows
from scrubber.checks.diagnoses import DiagnosisEntry, longer_codes, shared_entry
from scrubber.facts import ICD10_STARTS, ClaimFacts, DiagnosisFacts, dotted_code
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import NO_EDITION, Row, Table, TableSet
from scrubber.tables.notes import Notes, notes_of

FULL_LENGTH = 7
CATEGORY_LENGTH = 3
FILLER = "X"

_VERDICTS = frozenset({"not_billable", "unknown"})
"""Verdicts on codes that another spelling could mend."""


@attrs.frozen
class SeventhCharacter:
    """The 7th characters that a code takes. `missing`: the code stops before it; else its own is not among them."""

    missing: bool
    allowed: str


def seventh_character(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> SeventhCharacter | Unknown | None:
    """What the 7th character of a code that is not valid should be; None where the code takes none, or is valid."""
    entry, table = _failed_entry(facts, item, tables)
    if table is None or not isinstance(entry, DiagnosisEntry):
        return entry if not isinstance(entry, DiagnosisEntry) else None
    code = entry.code
    if entry.verdict == "unknown" and len(code) == FULL_LENGTH:
        used = {found[-1] for found in longer_codes(table, code[:-1], entry.as_of) if len(found) == FULL_LENGTH}
        return SeventhCharacter(False, ", ".join(sorted(used))) if used else None
    if entry.verdict != "not_billable":
        return None
    longer = next(longer_codes(table, code, entry.as_of), "")
    notes = notes_of(table, code, entry.as_of)
    if notes is NO_EDITION:
        return no_edition("icd10cm", entry.as_of)
    if not isinstance(notes, Notes) or len(longer) != FULL_LENGTH:
        return None
    allowed = sorted(notes.seventh_characters)
    return SeventhCharacter(True, ", ".join(allowed)) if allowed else None


@attrs.frozen
class RespelledCode:
    """The one code in force that differs only in its placeholders."""

    code: str


def respelled_code(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> RespelledCode | Unknown | None:
    """The billable code that adding or taking away placeholders X gives, where there is exactly one."""
    entry, table = _failed_entry(facts, item, tables)
    if table is None or not isinstance(entry, DiagnosisEntry):
        return entry if not isinstance(entry, DiagnosisEntry) else None
    found = {
        spelling
        for spelling in _spellings(entry.code)
        if isinstance(row := table.look_up(spelling, entry.as_of), Row) and row.get("billable")
    }
    return RespelledCode(dotted_code(found.pop())) if len(found) == 1 else None


def _failed_entry(
    facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet
) -> tuple[DiagnosisEntry | Unknown | None, Table | None]:
    """The entry of an ICD-10-CM code that is a heading or unknown, with its table; (None, None) for any other."""
    entry = shared_entry(facts, item, tables)
    if not isinstance(entry, DiagnosisEntry):
        return entry, None
    if entry.verdict not in _VERDICTS or entry.table != "icd10cm":
        return None, None
    return entry, tables.get("icd10cm")


def _spellings(code: str) -> Iterator[str]:
    """Every way to write a code with other placeholders between its category and its last character."""
    bare = code[:CATEGORY_LENGTH] + code[CATEGORY_LENGTH:].replace(FILLER, "")
    gaps = range(CATEGORY_LENGTH, len(bare))
    for count in range(FULL_LENGTH - len(bare) + 1):
        for places in combinations_with_replacement(gaps, count):
            spelling = bare
            for place in reversed(places):
                spelling = spelling[:place] + FILLER + spelling[place:]
            if spelling != code:
                yield spelling


_DIAGNOSIS = frozenset({ScopeKind.DIAGNOSIS})
_FAILED = Follows("diagnosis_entry", "verdict", _VERDICTS)

FINDERS = (
    Finder(
        "seventh_character",
        _DIAGNOSIS,
        {"missing": FieldType.FLAG, "allowed": FieldType.TEXT},
        "the 7th characters that a code takes which is not valid as it stands",
        seventh_character,
        ("icd10cm",),
        sees=frozenset({"code", "as_of"}),
        turns_on=(ICD10_STARTS, "icd9cm"),
        follows=_FAILED,
    ),
    Finder(
        "respelled_code",
        _DIAGNOSIS,
        {"code": FieldType.CODE},
        "the one billable code that other placeholders X would make of a code that is not valid",
        respelled_code,
        ("icd10cm",),
        sees=frozenset({"code", "as_of"}),
        turns_on=(ICD10_STARTS, "icd9cm"),
        follows=_FAILED,
    ),
)
