"""The side of the body that diagnoses and modifiers name: whether they agree, and whether a known side is left out.

The side of a diagnosis is read from the words of its title (`tables.sides`), never from a place in the code.
"""

from __future__ import annotations

import re

import attrs

from scrubber.checks.answers import Unknown, gravest
from scrubber.checks.contract import Finder, Follows
from scrubber.checks.diagnoses import DiagnosisEntry, shared_entry
from scrubber.facts import REASONS_TO_COME, ClaimFacts, DiagnosisFacts, LineFacts, dotted_code
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import Row, Table, TableSet

TABLE = "icd10cm"

LEFT = frozenset(["LT", "E1", "E2", "FA", "F1", "F2", "F3", "F4", "TA", "T1", "T2", "T3", "T4"])
RIGHT = frozenset(["RT", "E3", "E4", "F5", "F6", "F7", "F8", "F9", "T5", "T6", "T7", "T8", "T9"])
BOTH = frozenset(["50"])
SIDED = LEFT | RIGHT | BOTH

PARTS = {
    **dict.fromkeys(("E1", "E3"), "upper eyelid"),
    **dict.fromkeys(("E2", "E4"), "lower eyelid"),
    **dict.fromkeys(("FA", "F5"), "thumb"),
    **dict.fromkeys(("F1", "F6"), "index finger"),
    **dict.fromkeys(("F2", "F7"), "middle finger"),
    **dict.fromkeys(("F3", "F8"), "ring finger"),
    **dict.fromkeys(("F4", "F9"), "little finger"),
    **dict.fromkeys(("TA", "T5"), "great toe"),
    **dict.fromkeys(("T1", "T2", "T3", "T4", "T6", "T7", "T8", "T9"), "lesser toe"),
}
"""The lid, finger or toe of a modifier, in the words of ICD-10-CM titles, where a lesser toe has no number."""

_PARTS_OF_TITLES = tuple(dict.fromkeys(PARTS.values()))
_OPPOSITE = {"left": "right", "right": "left"}
_SIDES = ("left", "right", "bilateral")
_WORDS_OF_SIDE = frozenset(["left", "right", "bilateral", "unspecified", "side", "the", "of"])
_WORD = re.compile(r"[a-z0-9]+")
_DIGITS = "0123456789"
_CATEGORY_LENGTH = 3


@attrs.frozen
class LineSide:
    """What the modifiers of a line say of a side, against the diagnoses that the line points to.

    `side`: left, right or both. `conflict`: the diagnoses that name a side all name the opposite one; with `side` both,
    that all of the claim name one and the same. `codes`: those diagnoses. `other_part`: they name the same side but
    another lid, finger or toe. `unspecified`: diagnoses that leave the side open although their family has it, and
    `better`, the codes of that family with the side of the modifier.
    """

    modifier: str
    side: str
    named: str | None = None
    conflict: bool = False
    other_part: bool = False
    codes: tuple[str, ...] = ()
    unspecified: tuple[str, ...] = ()
    better: tuple[str, ...] = ()


def line_side(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> LineSide | Unknown | None:
    """The side of a line against its diagnoses; None where no modifier, or modifiers of both sides, name one."""
    modifiers = SIDED.intersection(item.raw.modifiers)
    if not modifiers:
        return None
    side = _side_of(modifiers)
    table = tables.get(TABLE)
    if side is None or table is None:
        return None
    modifier = next(written for written in item.raw.modifiers if written in modifiers)
    pointed, unknown = _sides(facts, _pointed(facts, item), tables)
    if unknown is not None:
        return unknown
    sided = [entry for entry in pointed if entry.side in ("left", "right", "bilateral")]
    open_ones = [entry for entry in pointed if entry.side == "unspecified"]
    if side == "both":
        return _both(facts, modifier, sided, open_ones, tables)
    better = {entry.code: twin for entry in open_ones if (twin := _twins(table, entry).get(side))}
    answer = LineSide(
        modifier,
        side,
        unspecified=tuple(dotted_code(code) for code in better),
        better=tuple(dict.fromkeys(dotted_code(code) for code in better.values())),
    )
    if not sided:
        return answer
    codes = tuple(dotted_code(entry.code) for entry in sided)
    if all(entry.side == _OPPOSITE[side] for entry in sided):
        return attrs.evolve(answer, conflict=True, named=_OPPOSITE[side], codes=codes)
    part = PARTS.get(modifier) if len(modifiers) == 1 else None
    if part is not None and not open_ones and _all_name_another(part, sided, side):
        return attrs.evolve(answer, other_part=True, named=part, codes=codes)
    return answer


def _side_of(modifiers: frozenset[str]) -> str | None:
    if modifiers & BOTH:
        return "both"
    left, right = bool(modifiers & LEFT), bool(modifiers & RIGHT)
    return None if left and right else "left" if left else "right"


def _both(
    facts: ClaimFacts,
    modifier: str,
    sided: list[DiagnosisEntry],
    open_ones: list[DiagnosisEntry],
    tables: TableSet,
) -> LineSide | Unknown:
    """A line of both sides: it conflicts where the claim names one side only, and leaves none open."""
    answer = LineSide(modifier, "both")
    if not sided or open_ones:
        return answer
    everywhere, unknown = _sides(facts, facts.diagnoses, tables)
    if unknown is not None:
        return unknown
    named = {entry.side for entry in everywhere if entry.side is not None}
    if len(named) != 1 or named <= {"bilateral", "unspecified"}:
        return answer
    return attrs.evolve(
        answer, conflict=True, named=named.pop(), codes=tuple(dotted_code(entry.code) for entry in sided)
    )


def _pointed(facts: ClaimFacts, item: LineFacts) -> tuple[DiagnosisFacts, ...]:
    """The diagnoses of a line: those it points to; on institutional claims all of them."""
    if facts.claim.form == "institutional":
        return facts.diagnoses
    diagnoses = facts.diagnoses
    return tuple(diagnoses[number - 1] for number in item.raw.diagnosis_pointers if 0 < number <= len(diagnoses))


def _sides(
    facts: ClaimFacts, diagnoses: tuple[DiagnosisFacts, ...], tables: TableSet
) -> tuple[list[DiagnosisEntry], Unknown | None]:
    """The valid ICD-10 entries among diagnoses, or why one of them cannot be told."""
    found: list[DiagnosisEntry] = []
    reasons: list[Unknown] = []
    for diagnosis in diagnoses:
        if diagnosis.raw.kind in REASONS_TO_COME:
            continue
        entry = shared_entry(facts, diagnosis, tables)
        if not isinstance(entry, DiagnosisEntry):
            reasons.append(entry)
        elif entry.verdict != "valid":
            return [], None  # what an invalid code means is not known: its own fault is told
        elif entry.table == TABLE and not _names_other_side(entry):
            found.append(entry)
    return found, gravest(reasons)


def _names_other_side(entry: DiagnosisEntry) -> bool:
    """Whether the side of a code is that of a palsy, which a lesion of the other half of the brain may have caused."""
    return entry.side is not None and "dominant side" in (entry.title or "").lower()


def _all_name_another(part: str, sided: list[DiagnosisEntry], side: str) -> bool:
    """Whether every diagnosis names one lid, finger or toe of the side, and none of them this one."""
    for entry in sided:
        title = (entry.title or "").lower()
        named = [other for other in _PARTS_OF_TITLES if other in title]
        if entry.side != side or len(named) != 1 or named[0] == part:
            return False
    return bool(sided)


def _twins(table: Table, entry: DiagnosisEntry) -> dict[str, str]:
    """The codes that are an unspecified-side code but for their side, by that side.

    They differ from it in one character, and their titles in nothing but the words of the side.
    """
    code, found = entry.code, {}
    words = _words_but_side(entry.title)
    for place in range(_CATEGORY_LENGTH, len(code)):
        for digit in _DIGITS:
            other = code[:place] + digit + code[place + 1 :]
            row = table.look_up(other, entry.as_of) if other != code else None
            if (
                isinstance(row, Row)
                and row.get("billable")
                and row.get("side") in _SIDES
                and _words_but_side(row.get("title")) == words
            ):
                found[row.get("side")] = other
    return found


def _words_but_side(title: str | None) -> list[str]:
    return [word for word in _WORD.findall((title or "").lower()) if word not in _WORDS_OF_SIDE]


@attrs.frozen
class KnownSide:
    """Other diagnoses of the claim that name the side which this one leaves open."""

    codes: tuple[str, ...]


def known_side(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> KnownSide | Unknown | None:
    """The same diagnosis with its side, elsewhere on the claim, where this one is of an unspecified side."""
    entry = shared_entry(facts, item, tables)
    if not isinstance(entry, DiagnosisEntry):
        return entry
    table = tables.get(TABLE)
    if table is None or entry.verdict != "valid" or entry.side != "unspecified" or item.raw.kind in REASONS_TO_COME:
        return None
    others = {code for code in facts.diagnosis_codes if code[:_CATEGORY_LENGTH] == entry.code[:_CATEGORY_LENGTH]}
    if not others - {entry.code}:
        return None
    found = tuple(dotted_code(code) for code in _twins(table, entry).values() if code in others)
    return KnownSide(found) if found else None


def _no_sided_modifier(facts: ClaimFacts) -> bool:
    for line in facts.claim.lines:  # noqa: SIM110 - asked of every claim
        if line.modifiers and not SIDED.isdisjoint(line.modifiers):
            return False
    return True


_CODES = FieldType.CODES

FINDERS = (
    Finder(
        "line_side",
        frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE}),
        {
            "modifier": FieldType.CODE,
            "side": FieldType.CODE,
            "named": FieldType.TEXT,
            "conflict": FieldType.FLAG,
            "other_part": FieldType.FLAG,
            "codes": _CODES,
            "unspecified": _CODES,
            "better": _CODES,
        },
        "the side that a line's modifiers name, against the diagnoses it points to",
        line_side,
        (TABLE, "icd9cm"),
        silent_on=_no_sided_modifier,
    ),
    Finder(
        "known_side",
        frozenset({ScopeKind.DIAGNOSIS}),
        {"codes": _CODES},
        "the same diagnosis with its side elsewhere on the claim, where this one leaves the side open",
        known_side,
        (TABLE, "icd9cm"),
        follows=Follows("diagnosis_entry", "side", frozenset({"unspecified"})),
    ),
)
