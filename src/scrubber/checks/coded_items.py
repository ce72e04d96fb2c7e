"""Condition, occurrence, span and value codes of an institutional claim: what is incomplete or repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from datetime import date

import attrs

from scrubber.checks.contract import Finder
from scrubber.checks.dates import DEATH
from scrubber.checks.shapes import two_characters
from scrubber.claim import Claim
from scrubber.facts import ClaimFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import TableSet

_CLAIM = frozenset({ScopeKind.CLAIM})


@attrs.frozen
class CodedItem:
    """Codes of one kind with one fault.

    `kind`: condition, occurrence, span or value. `fault`: malformed, undated, without_amount or repeated.
    """

    kind: str
    fault: str
    codes: tuple[str, ...]


def incomplete_coded_item(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> CodedItem | None:
    """The first kind of code that is incomplete or repeated (NUBC FL 18-41; 837I HI BG, BH, BI, BE)."""
    return next((found for found in _faults(facts.claim) if found.codes), None)


def _faults(claim: Claim) -> Iterator[CodedItem]:
    conditions = claim.condition_codes
    yield CodedItem("condition", "malformed", tuple(code for code in conditions if not two_characters(code)))
    yield CodedItem("condition", "repeated", _repeated(conditions))
    occurrences = claim.occurrence_codes
    yield CodedItem("occurrence", "undated", tuple(o.code for o in occurrences if o.code and o.date is None))
    yield CodedItem("occurrence", "repeated", _repeated((o.code, o.date) for o in occurrences if o.code and o.date))
    spans = claim.occurrence_spans
    undated = tuple(s.code for s in spans if s.code and (s.first_day is None or s.last_day is None))
    yield CodedItem("span", "undated", undated)
    values = claim.value_codes
    yield CodedItem("value", "without_amount", tuple(v.code for v in values if v.code and v.amount is None))
    yield CodedItem("value", "repeated", _repeated(v.code for v in values if v.code))


def _repeated(entries: Iterable[Hashable]) -> tuple[str, ...]:
    """Codes that stand more than once; an entry may be a code or a code with what belongs to it."""
    counted = Counter(entries)
    found = [entry for entry, times in counted.items() if times > 1]
    return tuple(str(entry[0] if isinstance(entry, tuple) else entry) for entry in found)


@attrs.frozen
class DeathOccurrence:
    """Occurrence code 55 and its date."""

    day: date | None


def death_occurrence(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> DeathOccurrence | None:
    """Occurrence code 55, None where the claim has none (CMS CR 7792)."""
    for occurrence in facts.claim.occurrence_codes:
        if occurrence.code == DEATH:
            return DeathOccurrence(occurrence.date)
    return None


FINDERS = (
    Finder(
        "incomplete_coded_item",
        _CLAIM,
        {"kind": FieldType.CODE, "fault": FieldType.CODE, "codes": FieldType.CODES},
        "condition, occurrence, span or value codes that are incomplete or repeated",
        incomplete_coded_item,
    ),
    Finder(
        "death_occurrence",
        _CLAIM,
        {"day": FieldType.DATE},
        "occurrence code 55, the date of death",
        death_occurrence,
    ),
)
