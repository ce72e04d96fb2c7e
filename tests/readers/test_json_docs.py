"""The page on claims as JSON tells what the reader does."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from scrubber import claim as claims
from scrubber.claim import Claim
from scrubber.readers import claim_from_mapping

PAGE = (Path(__file__).parents[2] / "docs" / "claims-as-json.md").read_text(encoding="utf-8")
SECTIONS = {
    "Claim": claims.Claim,
    "Line": claims.ServiceLine,
    "Diagnosis": claims.Diagnosis,
    "Procedure": claims.InstitutionalProcedure,
    "Payer": claims.Payer,
    "Subscriber": claims.Subscriber,
    "Patient": claims.Patient,
    "Provider": claims.Provider,
    "Address": claims.Address,
    "Accident": claims.Accident,
    "Care dates": claims.CareDates,
    "Attachment": claims.Attachment,
    "Repricing": claims.Repricing,
    "Occurrence code": claims.OccurrenceCode,
    "Occurrence span": claims.OccurrenceSpan,
    "Value code": claims.ValueCode,
    "Other payer": claims.OtherPayer,
    "Other payer line": claims.OtherPayerLine,
    "Adjustment": claims.Adjustment,
}
RENAMED = {"first_day": "from", "last_day": "to"}
SAMPLES = {
    "text": "x",
    "money": "1.25",
    "quantity": "1.125",
    "whole number": 7,
    "date": "2026-10-02",
    "true or false": True,
}
TYPES = {
    "text": str,
    "money": Decimal,
    "quantity": Decimal,
    "whole number": int,
    "date": date,
    "true or false": bool,
}


def rows_of(section: str) -> list[tuple[str, str]]:
    """Key and type of each row of the tables of a section."""
    body = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \| ([^|]+) \|", body, flags=re.MULTILINE)


def sample_of(kind: str) -> Any:
    """A value as the page describes the type."""
    if kind.startswith("list of "):
        return [sample_of(kind.removeprefix("list of ").replace("numbers", "number"))]
    if kind == "one of the words of the [payer](#payer)":
        return "medicare"
    if words := re.findall(r"`(\w+)`", kind):
        return words[-1]
    return {} if kind.startswith("[") else SAMPLES[kind]


@pytest.mark.parametrize("section", SECTIONS)
def test_the_page_names_every_key(section: str) -> None:
    known = {RENAMED.get(field.name, field.name) for field in attrs.fields(SECTIONS[section])} - {"origin"}
    named = [key for key, _ in rows_of(section)]
    assert sorted(named) == sorted(known)


def test_values_of_the_types_on_the_page_are_read() -> None:
    claim = claim_from_mapping({key: sample_of(kind.strip()) for key, kind in rows_of("Claim")})
    assert claim.origin is not None
    assert claim.origin.problems == ()
    line = claim_from_mapping({"lines": [{key: sample_of(kind.strip()) for key, kind in rows_of("Line")}]}).lines[0]
    for section, read in (("Claim", claim), ("Line", line)):
        for key, kind in rows_of(section):
            value = getattr(read, key)
            assert value is not None
            assert isinstance(value, TYPES.get(kind.strip(), object))


def test_the_words_on_the_page_are_all_there_are() -> None:
    kinds = dict(rows_of("Payer"))["kind"]
    origin = claim_from_mapping({"lines": [], "payer": {"kind": "x"}}).origin
    assert origin is not None
    assert [problem.hint for problem in origin.problems] == [f"Known: {', '.join(re.findall('`([a-z_]+)`', kinds))}."]


def test_the_example_is_read_without_a_problem() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)
    claim = claim_from_mapping(json.loads(example))
    assert isinstance(claim, Claim)
    assert claim.origin is not None
    assert claim.origin.problems == ()
    assert len(claim.diagnoses) == 2
