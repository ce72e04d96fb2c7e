"""Every field of a claim knows its segment, loop and element."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest

from .x12_files import FORMS, at_position, file_of, read

# What is put into words or put together, and so does not stand in the file as it is.
WORDED = {
    "form", "kind", "payer.kind", "payer_sequence", "relationship", "sequence", "code_set", "entity", "line",
    "employment", "auto", "other", "predetermination", "oral_cavity", "type_of_bill", "surfaces", "modifiers",
}  # fmt: skip


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Path and value of every filled field below a model object."""
    if attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            if field.name != "origin":
                yield from leaves(getattr(value, field.name), f"{path}.{field.name}" if path else field.name)
    elif isinstance(value, tuple) and value and attrs.has(type(value[0])):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    elif value not in (None, ()):
        yield path, value


@pytest.mark.parametrize("form", FORMS)
def test_a_position_holds_the_value_of_its_field(form: str) -> None:
    data = file_of(form)
    (claim,) = read(data)
    assert claim.origin is not None
    value_at = at_position(data)
    for path, value in leaves(claim):
        position = claim.origin.position(path)
        assert position is not None, path
        assert set(position) == {"segment", "loop", "element"}
        raw = value_at(dict(position))
        name = path.rpartition(".")[2].partition("[")[0]
        if name in WORDED or path in WORDED:
            continue
        if isinstance(value, date):
            assert value.strftime("%Y%m%d") in raw, path
        elif isinstance(value, Decimal):
            assert Decimal(raw) == value, path
        elif name in ("admission_hour", "discharge_hour"):
            assert value in raw, path
        elif name == "diagnosis_pointers":
            assert [int(part) for part in raw.split(":")] == list(value), path
        elif name == "condition_codes":
            assert value[0] in raw
        else:
            assert raw == str(value), path


@pytest.mark.parametrize(
    ("form", "field", "position"),
    [
        ("professional", "claim_id", (19, "2300", "CLM01")),
        ("professional", "lines[1].procedure", (48, "2400", "SV101-2")),
        ("professional", "lines[0].rendering_provider.npi", (43, "2420A", "NM109")),
        ("professional", "lines[1].ndc", (50, "2410", "LIN03")),
        ("professional", "diagnoses[1].code", (25, "2300", "HI02-2")),
        ("professional", "other_payers[0].adjustments[0].carc", (34, "2320", "CAS02")),
        ("professional", "other_payers[0].lines[0].adjustments[1].amount", (45, "2430", "CAS06")),
        ("professional", "billing_provider.taxonomy", (7, "2000A", "PRV03")),
        ("institutional", "patient.birth_date", (20, "2010CA", "DMG02")),
        ("institutional", "subscriber.relationship", (16, "2000C", "PAT01")),
        ("institutional", "procedures[0].date", (30, "2300", "HI01-4")),
        ("institutional", "diagnoses[3].poa", (29, "2300", "HI02-9")),
        ("institutional", "lines[0].revenue_code", (38, "2400", "SV201")),
        # the date of a dental line without its own is the claim's
        ("dental", "lines[0].service_date", (19, "2300", "DTP03")),
        ("dental", "lines[1].service_date", (25, "2400", "DTP03")),
    ],
)
def test_positions(form: str, field: str, position: tuple[int, str, str]) -> None:
    (claim,) = read(file_of(form))
    assert claim.origin is not None
    assert claim.origin.position(field) == dict(zip(("segment", "loop", "element"), position, strict=True))


@pytest.mark.parametrize(
    ("form", "field", "position"),
    [
        ("professional", "original_reference", (19, "2300", "REF02")),
        ("professional", "lines[1].rendering_provider.npi", (47, "2400", "LX")),
        ("professional", "supervising_provider", (19, "2300", "CLM")),
        ("professional", "lines[0].ndc", (39, "2410", "LIN")),
        ("institutional", "operating_provider.npi", (21, "2300", "CLM")),
        ("institutional", "receipt_date", (21, "2300", "DTP03")),
        ("institutional", "claim_note", (21, "2300", "NTE")),
        ("dental", "diagnoses", (18, "2300", "HI")),
        ("dental", "lines[0].charge", (21, "2400", "SV302")),
        ("dental", "other_payers", (18, "2320", "SBR")),
    ],
)
def test_a_blank_field_has_the_position_where_it_is_missing(
    form: str, field: str, position: tuple[int, str, str]
) -> None:
    (claim,) = read(file_of(form))
    assert claim.origin is not None
    assert claim.origin.position(field) == dict(zip(("segment", "loop", "element"), position, strict=True))


@pytest.mark.parametrize(
    "field", ["", "no_such_field", "lines[9].charge", "lines[0].no_such", "a b", "diagnoses[99].code"]
)
def test_what_is_no_field_has_no_position(field: str) -> None:
    (claim,) = read(file_of("professional"))
    assert claim.origin is not None
    assert claim.origin.position(field) is None


@pytest.mark.parametrize(
    ("edits", "element"),
    [
        ([], "REF02"),
        ([("REF*EI*123456789", "REF*SY*123456789")], "REF02"),
        ([("REF*EI*123456789~\n", ""), ("*XX*1234567893~\nN3*1", "*24*123456789~\nN3*1")], "NM109"),
        ([("REF*EI*123456789~\n", "")], "REF02"),
    ],
)
def test_the_tax_number_stands_in_ref_or_as_in_004010_in_nm1(edits: list[tuple[str, str]], element: str) -> None:
    data = file_of("professional", *edits)
    (claim,) = read(data)
    assert claim.origin is not None
    position = claim.origin.position("billing_provider.tax_id")
    assert position is not None
    assert position["element"] == element
    if claim.billing_provider.tax_id:
        assert at_position(data)(dict(position)) == claim.billing_provider.tax_id


@pytest.mark.parametrize(
    ("procedure", "note", "description"),
    [
        ("HC:J3490", "NTE*ADD*DRUG OF NO CODE~\n", "DRUG OF NO CODE"),
        ("HC:J3490", "NTE*TPO*FOR THE REPRICER~\n", None),
        ("HC:J3490:::::ITS NAME", "NTE*ADD*MORE OF IT~\n", "ITS NAME"),
    ],
)
def test_the_note_of_a_line_describes_it_where_the_procedure_does_not(
    procedure: str, note: str, description: str | None
) -> None:
    end = "DTP*472*RD8*20260103-20260104~\n"
    edits = (("SV1*HC:J1885*", f"SV1*{procedure}*"), (end, end + note))
    (claim,) = read(file_of("professional", *edits))
    assert claim.lines[1].description == description
