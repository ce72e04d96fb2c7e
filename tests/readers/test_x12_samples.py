"""Public sample files: every claim is found, and the examples of the guides have nothing to report."""

from __future__ import annotations

import csv
import json
from contextlib import suppress

import pytest

from scrubber.claim import StructuralFault
from scrubber.errors import InputError
from scrubber.readers.x12 import read_x12

from .x12_files import SHARED

FOLDER = SHARED / "data" / "claims837"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the public sample files are not beside the checkout")


def manifest() -> list[dict[str, str]]:
    if not FOLDER.is_dir():
        return []
    with (FOLDER / "MANIFEST.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


ROWS = manifest()


def read_sample(file: str) -> tuple[int, int, list[StructuralFault]]:
    """Claims, lines and faults of a file."""
    claims = []
    with (FOLDER / file).open("rb") as stream, suppress(InputError):
        for claim in read_x12(stream, file):
            claims.append(claim)
    found = [fault for claim in claims if claim.origin for fault in claim.origin.faults]
    return len(claims), sum(len(claim.lines) for claim in claims), found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_every_claim_is_found(row: dict[str, str]) -> None:
    claims, lines, _ = read_sample(row["file"])
    assert claims == int(row["claims"])
    if not row["file"].endswith("x12-missing-required-loops-mult-repeats.txt"):  # two of its lines have no LX
        assert lines == int(row["lines"])


GUIDE_EXAMPLES = [
    row["file"]
    for row in ROWS
    if row["origin"] == "irobayna+stupidedi" and row["version"] in ("005010X222A1", "005010X223A2", "005010X224A2")
]


@pytest.mark.parametrize("file", GUIDE_EXAMPLES)
def test_the_examples_of_the_guides_are_clean(file: str) -> None:
    _, _, found = read_sample(file)
    known = {("EDI107", "date-invalid")} if file.endswith("Institutional_837-institutional-claim.edi") else set()
    # that one example gives its statement dates as RD8 with one day
    assert {(fault.edit, fault.variant) for fault in found} == known


def test_a_004010_file_is_named_as_one() -> None:
    for row in ROWS:
        if row["version"].startswith("004010X09") and int(row["claims"]):
            _, _, found = read_sample(row["file"])
            assert {fault.variant for fault in found} & {"release-4010", "old-release"}, row["file"]


@pytest.mark.parametrize(
    ("case", "variant"),
    [
        ("bad_2010AA_bug", "loop-missing"),
        ("per_segment_repeat", "segment-repeated"),
        ("loop_counting", "loop-repeated"),
        ("blank1", "trailing-separators"),
        ("trailing_terms", "trailing-separators"),
        ("elements", "date-invalid"),
    ],
)
def test_positions_are_those_of_the_acknowledgement(case: str, variant: str) -> None:
    """Segments are numbered as in a 997 or 999 (AK302, IK302): ST is 1."""
    cases = json.loads((SHARED / "data" / "acks" / "expected_997.json").read_text("utf-8"))
    expected = next(entry for entry in cases if entry["case"] == case)
    named = {(segment["segment"], segment["position"]) for segment in expected["sets"][0]["segments"]}
    _, _, found = read_sample(expected["file"].removeprefix("claims837/"))
    ours = {
        (str(fault.position["element"])[:3].rstrip("0"), fault.position["segment"])
        for fault in found
        if fault.variant == variant and fault.position
    }
    assert ours
    assert ours <= named
