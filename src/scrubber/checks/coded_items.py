"""Condition, occurrence, span and value codes of an institutional claim: what is incomplete or repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from datetime import date

import attrs

from scrubber.checks.contract import Finder
from scrubber.checks.dates import DEATH
from scrubber.checks.shapes import two_characters
from scrubber.facts import ClaimFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import TableSet

_CLAIM = frozenset({ScopeKind.CLAIM})


@attrs.frozen(kw_only=True)
class CodedItems:
    """The codes of each kind that are incomplete or repeated."""

    malformed_conditions: tuple[str, ...]
    repeated_conditions: tuple[str, ...]
    undated_occurrences: tuple[str, ...]
    repeated_occurrences: tuple[str, ...]
    undated_spans: tuple[str, ...]
    values_without_amount: tuple[str, ...]
    repeated_values: tuple[str, ...]


NO_FAULT = CodedItems(**dict.fromkeys((field.name for field in attrs.fields(CodedItems)), ()))


def incomplete_coded_items(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> CodedItems | None:
    """What is incomplete or repeated (NUBC FL 18-41; 837I HI BG, BH, BI, BE); None where nothing is."""
    claim = facts.claim
    conditions, occurrences = claim.condition_codes, claim.occurrence_codes
    spans, values = claim.occurrence_spans, claim.value_codes
    if not (conditions or occurrences or spans or values):
        return None
    found = CodedItems(
        malformed_conditions=tuple(code for code in conditions if not two_characters(code)),
        repeated_conditions=_repeated(conditions),
        undated_occurrences=tuple(o.code for o in occurrences if o.code and o.date is None),
        repeated_occurrences=_repeated((o.code, o.date) for o in occurrences if o.code and o.date),
        undated_spans=tuple(s.code for s in spans if s.code and (s.first_day is None or s.last_day is None)),
        values_without_amount=tuple(v.code for v in values if v.code and v.amount is None),
        repeated_values=_repeated(v.code for v in values if v.code),
    )
    return None if found == NO_FAULT else found


def _repeated(entries: Iterable[Hashable]) -> tuple[str, ...]:
    """Codes that stand more than once; an entry may be a code or a code with what belongs to it."""
    entries = list(entries)
    if len(set(entries)) == len(entries):
        return ()
    entries = list(entries)
    if len(set(entries)) == len(entries):
        return ()
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
        "incomplete_coded_items",
        _CLAIM,
        dict.fromkeys((field.name for field in attrs.fields(CodedItems)), FieldType.CODES),
        "the condition, occurrence, span and value codes that are incomplete or repeated",
        incomplete_coded_items,
    ),
    Finder(
        "death_occurrence",
        _CLAIM,
        {"day": FieldType.DATE},
        "occurrence code 55, the date of death",
        death_occurrence,
        private=frozenset({"day"}),
    ),
)
