"""What a message may show of a claim: codes, dates and amounts; never a name that slipped into a code field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from scrubber import Scrubber
from scrubber.engine.wording import BLANK, NOT_SHOWN, shown
from scrubber.fields import FieldType
from scrubber.tables import TableSet


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        (None, FieldType.CODE, BLANK),
        ((), FieldType.CODES, BLANK),
        (Decimal("125"), FieldType.MONEY, "125.00"),
        (Decimal("10.123"), FieldType.MONEY, "10.123"),
        (Decimal("1.50"), FieldType.NUMBER, "1.5"),
        (Decimal("100"), FieldType.NUMBER, "100"),
        (date(2026, 3, 2), FieldType.DATE, "2026-03-02"),
        (True, FieldType.FLAG, "yes"),
        (("25", "LT"), FieldType.CODES, "25, LT"),
        ("S52.501A", FieldType.CODE, "S52.501A"),
        ("1234567893", FieldType.CODE, "1234567893"),
        ("00006-4681-00", FieldType.CODE, "00006-4681-00"),
        ("medicare", FieldType.CODE, "medicare"),
        ("GZFZZZZ", FieldType.CODE, "GZFZZZZ"),
        ("HARTWELL", FieldType.CODE, NOT_SHOWN),
        ("NORA", FieldType.CODE, NOT_SHOWN),
        ("123 MAIN ST", FieldType.CODE, NOT_SHOWN),
        (("25", "HARTWELL"), FieldType.CODES, f"25, {NOT_SHOWN}"),
    ],
)
def test_shown(value: object, type_: FieldType, text: str) -> None:
    assert shown(value, type_) == text


def test_a_name_in_every_code_field_is_shown_by_no_finding(shipped_tables: TableSet) -> None:
    name = "HARTWELL"
    claim = {
        "claim_id": "A1",
        "form": "professional",
        "frequency": name,
        "payer": {"id": name, "kind": "medicare"},
        "subscriber": {"member_id": name, "relationship": name},
        "patient": {"sex": name, "birth_date": "1970-05-01"},
        "billing_provider": {"npi": name, "taxonomy": name, "tax_id": name},
        "rendering_provider": {"npi": name},
        "place_of_service": name,
        "diagnoses": [name, {"code": name, "kind": "other"}],
        "lines": [
            {
                "procedure": name,
                "modifiers": [name, name],
                "units": 1,
                "charge": "1.00",
                "service_date": "2026-03-02",
                "place_of_service": name,
                "diagnosis_pointers": [1, 1],
                "revenue_code": name,
                "ndc": name,
                "ndc_unit": name,
            }
        ],
    }
    report = Scrubber.load(["core"], shipped_tables).scrub(claim)
    assert len(report.findings) > 5
    for finding in report.findings:
        assert name not in repr(finding)
