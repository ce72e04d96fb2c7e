"""What the notes of the ICD-10-CM tabular list say of the diagnoses of a claim together: Excludes1 pairs, and diseases
that a manifestation is coded behind.

The notes of a code are its own and those it inherits from its category, block and chapter. They are read for the codes
they name; a note in words alone says nothing here. One tabular list is shipped and answers for every day of ICD-10-CM.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import attrs

from scrubber.checks.answers import UNKNOWN, NoEdition, Unknown, no_edition
from scrubber.checks.contract import Finder, Follows
from scrubber.checks.diagnoses import DiagnosisEntry, shared_entry
from scrubber.facts import REASONS_TO_COME, ClaimFacts, DiagnosisFacts, dotted_code
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import NO_EDITION, Table, TableSet
from scrubber.tables.notes import Note, Notes, notes_of

CATEGORY_LENGTH = 3
TABLE = "icd10cm"
SHOWN = 6
"""How many diseases a message lists at most."""

_LEFT_AND_RIGHT = {"left", "right"}
_CODE_INSTEAD = re.compile(r"(?:- ?|\b)code to\b", re.IGNORECASE)
_SOME_CODE = re.compile(r"[A-Z][0-9][0-9A-Z]")

Exclusions = Mapping[str, tuple[Note, ...]]
"""The Excludes1 notes of a code, by each category of three characters that they name codes of."""

_LookedAt = tuple[DiagnosisFacts, DiagnosisEntry, str, Exclusions]
"""A valid diagnosis, its entry, its category and its Excludes1 notes."""


@attrs.frozen
class ExcludedPair:
    """Earlier diagnoses that an Excludes1 note keeps apart from this one; the note is the one about the first."""

    code: str
    position: int
    codes: tuple[str, ...]
    note: str
    noted_at: str


def excludes1_pair(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> ExcludedPair | Unknown | None:
    """The earlier diagnoses of the claim that may not stand beside this one, by an Excludes1 note of either.

    Left beside right is no such pair, nor are two diagnoses of a professional claim of which no day has both.
    """
    if _fewer_than_two(facts):
        return None
    pairs: dict[int, ExcludedPair] | NoEdition | None = facts.found.get("excludes1")
    if pairs is None:  # the pairs of a claim are found together, so that each code is asked for once
        pairs = facts.found["excludes1"] = _excluded_pairs(facts, tables)
    if isinstance(pairs, NoEdition):
        return pairs
    pair = pairs.get(item.index)
    if pair is None:
        entry = shared_entry(facts, item, tables)
        return entry if isinstance(entry, UNKNOWN) else None
    return pair


def _excluded_pairs(facts: ClaimFacts, tables: TableSet) -> dict[int, ExcludedPair] | NoEdition:
    """The pairs of a claim, by the index of the later diagnosis."""
    table = tables.get(TABLE)
    looked_at: list[_LookedAt] = []
    for diagnosis in facts.diagnoses:
        entry = shared_entry(facts, diagnosis, tables)
        if (
            not isinstance(entry, DiagnosisEntry)
            or entry.verdict != "valid"
            or entry.table != TABLE
            or diagnosis.raw.kind in REASONS_TO_COME
        ):
            continue
        assert table is not None  # an entry was found in it
        exclusions = facts.memory.get(("excludes1", entry.code))
        if exclusions is None:
            exclusions = _exclusions(facts, table, entry)
            if isinstance(exclusions, NoEdition):
                return exclusions
        looked_at.append((diagnosis, entry, entry.code[:CATEGORY_LENGTH], exclusions))
    apart = _apart(looked_at)
    found: dict[int, ExcludedPair] = {}
    for later, earlier in sorted(apart):
        first, second = looked_at[earlier], looked_at[later]
        if not _together(first[0], second[0]) or {first[1].side, second[1].side} == _LEFT_AND_RIGHT:
            continue
        code, index, note = dotted_code(first[1].code), second[0].index, apart[later, earlier]
        pair = found.get(index)
        if pair is None:
            found[index] = ExcludedPair(code, first[0].position, (code,), note.text, _written(note.node))
        else:
            found[index] = attrs.evolve(pair, codes=(*pair.codes, code))
    return found


def _apart(looked_at: list[_LookedAt]) -> dict[tuple[int, int], Note]:
    """The notes that hold one diagnosis of a pair, by the places of the later and the earlier one."""
    categories = {category for _, _, category, _ in looked_at}
    apart: dict[tuple[int, int], Note] = {}
    for place in range(len(looked_at) - 1, -1, -1):
        exclusions = looked_at[place][3]
        if exclusions.keys().isdisjoint(categories):
            continue  # so it is with most: one look instead of one at each other diagnosis
        for other_place, (_, other, category, _) in enumerate(looked_at):
            notes = exclusions.get(category)
            note = next((note for note in notes if note.holds(other.code)), None) if notes is not None else None
            if note is not None and other_place != place:
                apart.setdefault((max(place, other_place), min(place, other_place)), note)
    return apart


def _exclusions(facts: ClaimFacts, table: Table, entry: DiagnosisEntry) -> Exclusions | NoEdition:
    """The Excludes1 notes of a code, to be kept for all claims of a plan."""
    notes = notes_of(table, entry.code, entry.as_of)
    if notes is NO_EDITION or table.notes is None:
        return no_edition(TABLE, entry.as_of)
    by_category: dict[str, tuple[Note, ...]] = {}
    for note in notes.excludes1 if isinstance(notes, Notes) else ():
        if note.holds(entry.code) or _says_where_to_code(note.text):
            continue
        for span in note.codes:
            first, last = span.first[:CATEGORY_LENGTH], span.last[:CATEGORY_LENGTH]
            reached = (first,) if first == last else table.notes.categories_between(first, last)
            for category in reached:
                by_category[category] = (*by_category.get(category, ()), note)
    exclusions: Exclusions = facts.memory.keep(("excludes1", entry.code), by_category)
    return exclusions


def _says_where_to_code(text: str) -> bool:
    """Whether a note names codes only behind "code to": where the condition belongs, not what it excludes."""
    found = _CODE_INSTEAD.search(text)
    return found is not None and _SOME_CODE.search(text[: found.start()]) is None


def _together(one: DiagnosisFacts, other: DiagnosisFacts) -> bool:
    """Whether two diagnoses are of one encounter: on a professional claim lines of one day point to both."""
    facts = one.facts
    if facts.claim.form != "professional":
        return True
    if not (one.pointed_by and other.pointed_by):
        return False
    if len(facts.service_dates) <= 1:
        return True
    days = {line.raw.service_date for line in one.pointed_by}
    return any(line.raw.service_date in days for line in other.pointed_by)


def _written(node: str) -> str:
    """The node of a note for a message: a code with its dot, a block or a chapter as it is called."""
    return node if "-" in node or " " in node else dotted_code(node)


@attrs.frozen
class MissingEtiology:
    """What a manifestation is coded behind. `open_list`: the list only names examples."""

    expected: str | None
    open_list: bool


def missing_etiology(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> MissingEtiology | Unknown | None:
    """The diseases that a manifestation must stand behind, where none of them does; None where one does.

    Where the tabular list names examples ("such as"), or a disease without its code, any earlier disease will do.
    """
    entry = shared_entry(facts, item, tables)
    if not isinstance(entry, DiagnosisEntry):
        return entry
    table = tables.get(TABLE)
    if table is None or entry.table != TABLE or entry.verdict != "valid" or not entry.manifestation:
        return None
    notes = notes_of(table, entry.code, entry.as_of)
    if notes is NO_EDITION:
        return no_edition(TABLE, entry.as_of)
    lists = notes.code_first if isinstance(notes, Notes) else ()
    open_list = not lists or any(not note.codes or "such as" in note.text.lower() for note in lists)
    for earlier in _before(facts, item):
        code = earlier.code
        if code is None:
            continue
        if any(note.holds(code) for note in lists) or (open_list and _is_disease(facts, earlier, tables)):
            return None
    return MissingEtiology(_listed(lists), open_list)


def _before(facts: ClaimFacts, item: DiagnosisFacts) -> Iterable[DiagnosisFacts]:
    """The diagnoses that come before one: those above it, and the principal wherever it stands."""
    for diagnosis in facts.diagnoses:
        if diagnosis is item or diagnosis.raw.kind in REASONS_TO_COME:
            continue
        if diagnosis.index < item.index or diagnosis.principal:
            yield diagnosis


def _is_disease(facts: ClaimFacts, diagnosis: DiagnosisFacts, tables: TableSet) -> bool:
    """A diagnosis that can lie beneath a manifestation: no manifestation itself, no factor (Z), no external cause."""
    entry = shared_entry(facts, diagnosis, tables)
    if not isinstance(entry, DiagnosisEntry) or entry.verdict != "valid":
        return True  # its own fault is told elsewhere, and what it stands for is not known
    return not (entry.manifestation or entry.external_cause or entry.code.startswith("Z"))


def _listed(notes: Iterable[Note]) -> str | None:
    spans = dict.fromkeys(
        dotted_code(span.first) if span.first == span.last else f"{dotted_code(span.first)}-{dotted_code(span.last)}"
        for note in notes
        for span in note.codes
    )
    shown = ", ".join(list(spans)[:SHOWN])
    return f"{shown} …" if len(spans) > SHOWN else shown or None


def _fewer_than_two(facts: ClaimFacts) -> bool:
    return len(facts.claim.diagnoses) < 2


_DIAGNOSIS = frozenset({ScopeKind.DIAGNOSIS})

FINDERS = (
    Finder(
        "excludes1_pair",
        _DIAGNOSIS,
        {
            "code": FieldType.CODE,
            "position": FieldType.NUMBER,
            "codes": FieldType.CODES,
            "note": FieldType.TEXT,
            "noted_at": FieldType.TEXT,
        },
        "earlier diagnoses that an Excludes1 note of the tabular list keeps apart from this one",
        excludes1_pair,
        (TABLE, "icd9cm"),
        silent_on=_fewer_than_two,
    ),
    Finder(
        "missing_etiology",
        _DIAGNOSIS,
        {"expected": FieldType.TEXT, "open_list": FieldType.FLAG},
        "the diseases that a manifestation is coded behind, where none of them stands before it",
        missing_etiology,
        (TABLE, "icd9cm"),
        follows=Follows("diagnosis_entry", "manifestation"),
    ),
)
