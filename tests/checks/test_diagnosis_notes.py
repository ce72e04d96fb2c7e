"""Excludes1 pairs and the diseases beneath a manifestation, against the tabular list read anew, and by name."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby, permutations
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import attrs
import pytest

from scrubber.checks.answers import UNKNOWN
from scrubber.checks.diagnosis_notes import ExcludedPair, MissingEtiology, excludes1_pair, missing_etiology
from scrubber.facts import ClaimFacts, Memory
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand

DAY = date(2026, 3, 1)

HONEST = [
    # diabetes and what it does: combination codes with their further codes (OCG I.C.4.a)
    "E11.22 N18.30 I12.9 Z79.4", "E11.42 E11.621 L97.521 Z79.84", "E11.319 H40.1131 E11.51",
    "E10.65 Z79.4 Z96.41", "E11.65 E66.01 Z68.41 E78.5", "E09.9 T38.0X5A", "O24.410 Z3A.28 O99.213 E66.9",
    # heart, lung, kidney (OCG I.C.9, I.C.10)
    "I11.0 I50.22 I48.91 Z79.01", "I13.0 I50.32 N18.4", "I25.10 I25.2 Z95.5 E78.00", "I21.4 I10 E78.5 F17.210",
    "J44.1 J96.01 F17.210", "J44.0 J18.9", "J45.901 J96.01", "J18.9 J96.01 I50.9", "I48.20 I69.354 Z79.01",
    "I63.9 I10 R47.01 R29.810 G81.91", "I70.213 E78.5 F17.210", "I26.99 I82.401 Z79.01",
    "N17.9 N18.30 E87.5 D63.1",
    # infections (OCG I.C.1)
    "A41.9 R65.21 N17.9 J18.9", "N39.0 B96.20 R31.9", "B20 B37.0 Z79.899", "L03.115 B95.62 Z16.11",
    "U07.1 J12.82 J96.01", "J02.0 R50.9", "A09 E86.0", "T81.44XA A41.9 R65.20", "B18.2 K74.60",
    # neoplasms (OCG I.C.2)
    "Z51.11 C50.911 C77.3 D70.1 T45.1X5A", "C34.90 C79.51 G89.3 Z51.5", "C61 C79.51 Z51.0", "D63.0 C18.9",
    "Z85.3 Z08 Z90.11", "Z12.31 Z80.3", "Z12.11 K63.5 K64.9", "C18.9 C78.7 R11.2",
    # mental health (OCG I.C.5)
    "F32.A F41.9", "F33.1 F41.1 G47.00", "F43.10 F33.2", "F10.20 K70.30 F32.1", "F84.0 F90.2",
    "G30.9 F02.80 Z74.1", "F11.20 Z79.891 G89.4", "F31.32 F43.10",
    # bones, injuries, pain (OCG I.C.13, I.C.19, I.C.6.b)
    "M17.11 Z96.652 M25.561", "M54.16 M51.361", "M54.50 M54.2 G89.29", "S52.501A W19.XXXA Y92.009",
    "S82.51XA S93.402A V43.52XA", "M81.0 E55.9", "M06.9 Z79.631", "S06.0X0A S00.83XA W01.0XXA",
    "M75.101 M75.41", "T40.2X5A K59.03 G89.4",
    # pregnancy and birth (OCG I.C.15, I.C.16)
    "O80 Z37.0 Z3A.39", "O70.1 O99.824 Z37.0 Z3A.40", "O09.522 O10.912 Z3A.20", "Z38.00 P59.9 P07.18",
    "Z34.02 Z3A.12", "O14.13 O60.14X0 Z37.0 Z3A.34",
    # visits without sickness (OCG I.C.21)
    "Z00.00 Z23 E78.5", "Z00.121 H66.91 Z23", "Z01.419 Z11.51", "Z01.818 M17.11 I10", "Z47.1 Z96.651",
    "Z39.2 Z30.09", "R07.9 R06.02 I10", "R10.13 R11.2 R19.7", "R55 R42", "K21.9 K44.9 R13.10",
    "E03.9 E55.9 D50.9",
]  # fmt: skip
"""Diagnoses that stand on honest claims together."""

APART = [
    "E11.9 E10.9", "E11.9 R73.9", "E11.9 R73.03", "E11.9 O24.410", "I10 O10.912", "E66.9 R63.5",
    "J96.01 R06.02", "F33.1 F32.9", "F31.9 F33.1", "F10.20 F10.10", "F17.210 Z87.891", "G30.9 F03.90",
    "K50.90 K51.90", "K58.9 K51.90", "N89.8 N76.0", "B20 Z21", "I73.9 I70.213", "Z34.83 O48.0",
    "Z33.1 O26.892", "E03.9 E89.0", "E55.9 M80.08XA", "Z01.419 Z12.4", "M79.10 M79.7", "M54.50 R52",
    "H81.10 R42", "J01.90 J32.9", "Z00.00 Z00.129", "K70.30 K74.60", "I69.354 G81.94", "I20.9 I25.10",
]  # fmt: skip
"""Pairs that the tabular list keeps apart."""


@pytest.fixture(scope="module")
def memory() -> Memory:
    return Memory()


def pair_of(tables: TableSet, memory: Memory, codes: list[str]) -> ExcludedPair | None:
    """What is said of the last of some diagnoses of one line."""
    letters = "ABCDEFGH"[: len(codes)]
    claim = claim_from_shorthand({"dos": DAY.isoformat(), "dx": codes, "lines": [f"99213 dx={letters}"]})
    facts = ClaimFacts(claim, memory=memory)
    found = excludes1_pair(facts, facts.diagnoses[-1], tables)
    assert not isinstance(found, UNKNOWN), found
    assert found is None or isinstance(found, ExcludedPair)
    return found


@pytest.mark.parametrize("codes", HONEST)
def test_honest_claims_hold_no_pair(shipped_tables: TableSet, memory: Memory, codes: str) -> None:
    listed = codes.split()
    for length in range(2, len(listed) + 1):
        assert pair_of(shipped_tables, memory, listed[:length]) is None


@pytest.mark.parametrize("codes", APART)
def test_known_pairs_are_found_in_either_order(shipped_tables: TableSet, memory: Memory, codes: str) -> None:
    for first, second in permutations(codes.split()):
        found = pair_of(shipped_tables, memory, [first, second])
        assert found is not None
        assert (found.code, found.position) == (first, 1)


def test_every_earlier_code_is_named(shipped_tables: TableSet, memory: Memory) -> None:
    found = pair_of(shipped_tables, memory, ["E11.9", "I10", "E13.9", "E10.9"])
    assert found is not None
    assert found.codes == ("E11.9", "E13.9")


# The oracle reads the XML by itself and only the plainest notes: one parenthesis of codes, "-" stems and ranges. Pairs
# that other notes may be about are not compared.

_PLAIN = re.compile(r"^[^()]*\((?P<codes>[A-Z0-9.,\s-]+)\)$")
_ONE = re.compile(r"^([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+)?)(?:\.?-)?(?:-([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+)?)(?:\.?-)?)?$")


@attrs.frozen
class Excluded:
    text: str
    spans: tuple[tuple[str, str], ...] | None
    """None where the note is not plain."""

    def holds(self, code: str) -> bool:
        return any(first <= code[: len(first)] and code[: len(last)] <= last for first, last in self.spans or ())


def _read(text: str) -> Excluded:
    found = _PLAIN.match(text)
    items = [_ONE.match(part.strip()) for part in found["codes"].split(",")] if found else [None]
    if any(item is None for item in items):
        return Excluded(text, None if re.search(r"[A-Z]\d[0-9A-Z]", text) else ())
    plain = [(item[1].replace(".", ""), (item[2] or item[1]).replace(".", "")) for item in items if item]
    return Excluded(text, tuple(plain))


def _notes(root: ElementTree.Element) -> Iterator[tuple[str, tuple[Excluded, ...]]]:
    """Every code of the list with the Excludes1 notes that stand at it or above it."""

    def walk(node: ElementTree.Element, above: tuple[Excluded, ...]) -> Iterator[tuple[str, tuple[Excluded, ...]]]:
        own = tuple(_read("".join(note.itertext()).strip()) for note in node.findall("excludes1/note"))
        reached = (*own, *above)
        if node.tag == "diag":
            yield (node.findtext("name") or "").replace(".", ""), reached
        for child in node:
            if child.tag in ("section", "diag"):
                yield from walk(child, reached)

    for chapter in root.findall("chapter"):
        yield from walk(chapter, ())


def test_pairs_against_the_tabular_list(shipped_tables: TableSet, memory: Memory, shared_data: Path) -> None:
    with ZipFile(shared_data / "cms/icd10/icd10cm-tabular-April-1-2026.zip") as archive:
        root = ElementTree.fromstring(archive.read("icd10cm-tabular-April-1-2026.xml"))
    table = shipped_tables.get("icd10cm")
    assert table is not None
    in_force = {row.key[0]: row.get("side") for row in table.starting_with("", DAY) if row.get("billable")}
    notes = {code: found for code, found in _notes(root) if code in in_force}
    codes = sorted(notes)
    by_category = {category: tuple(members) for category, members in groupby(codes, lambda code: code[:3])}
    chance = random.Random(20260301)
    kept_apart = compared = 0
    for _ in range(4000):
        one = chance.choice(codes)
        named = [span for note in notes[one] for span in note.spans or ()]
        other = chance.choice(codes)
        if named and chance.random() < 0.6:
            first, last = chance.choice(named)
            members = by_category.get(chance.choice((first, last))[:3], ())
            other = chance.choice([code for code in members if code.startswith((first, last))] or codes)
        if one == other or {in_force[one], in_force[other]} == {"left", "right"}:
            continue
        both = ((one, other), (other, one))
        if any(note.spans is None for code, _ in both for note in notes[code]):
            continue
        expected = any(note.holds(there) and not note.holds(here) for here, there in both for note in notes[here])
        assert (pair_of(shipped_tables, memory, [one, other]) is not None) is expected, (one, other)
        assert (pair_of(shipped_tables, memory, [other, one]) is not None) is expected, (other, one)
        compared += 1
        kept_apart += expected
    assert compared > 2000
    assert kept_apart > 300


def etiology_of(tables: TableSet, codes: list[str]) -> MissingEtiology | None:
    """What is said of the last of some diagnoses."""
    facts = ClaimFacts(claim_from_shorthand({"dos": DAY.isoformat(), "dx": codes}))
    found = missing_etiology(facts, facts.diagnoses[-1], tables)
    assert found is None or isinstance(found, MissingEtiology)
    return found


@pytest.mark.parametrize(
    ("codes", "answer"),
    [
        ("N18.4 D63.1", None),
        ("E11.9 D63.1", MissingEtiology("N18", False)),
        ("E11.9 D63.0", MissingEtiology("C00-D49", False)),
        ("D49.9 D63.0", None),
        ("I10 G94", None),  # "underlying disease", without a code: any disease
        ("Z91.81 G94", MissingEtiology(None, True)),
        ("Z91.81 F54", MissingEtiology("J45, L23-L25, K25, K58, K51, L50", True)),
        ("I10 E11.9", None),  # no manifestation
    ],
)
def test_the_disease_beneath_a_manifestation(
    shipped_tables: TableSet, codes: str, answer: MissingEtiology | None
) -> None:
    assert etiology_of(shipped_tables, codes.split()) == answer
