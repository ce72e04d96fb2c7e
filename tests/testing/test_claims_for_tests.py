"""Claims for tests: valid as they come, every field may be set, and they go out as JSON and come back the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scrubber import Claim
from scrubber.checks.identifiers import npi
from scrubber.readers.mapping import claim_from_mapping
from scrubber.testing import (
    ShorthandError,
    a_claim,
    a_dental_claim,
    a_line,
    a_medicare_number,
    an_institutional_claim,
    an_npi,
    as_json,
    as_mapping,
    assert_clean,
)

VALID: dict[str, Callable[[], Claim]] = {
    "an office visit": a_claim,
    "a visit with a test": lambda: a_claim(diagnoses=["E11.9"], lines=[a_line("99213", "25"), a_line("83036")]),
    "a Medicare patient": lambda: a_claim(payer="medicare", age=70, sex="M"),
    "a Medicaid patient": lambda: a_claim(payer="medicaid", age=30),
    "laboratory tests for Medicare": lambda: a_claim(payer="medicare", lines=["80061", "36415"], diagnoses=["E78.5"]),
    "a visit in a hospital": lambda: a_claim(place_of_service="21", lines=["99223"], diagnoses=["J18.9"]),
    "a car accident": lambda: a_claim(payer="auto", diagnoses=["S93.401A"]),
    "an accident at work": lambda: a_claim(payer="workers_comp", diagnoses=["S93.401A"], day=date(2025, 11, 3)),
    "an outpatient visit": an_institutional_claim,
    "of another day": lambda: an_institutional_claim(statement_from="2025-05-01", statement_to="2025-05-01"),
    "an inpatient stay": lambda: an_institutional_claim(
        type_of_bill="0111",
        statement_from=date(2026, 3, 2),
        statement_to=date(2026, 3, 5),
        diagnoses=["J18.9/principal/Y"],
        lines=[a_line(revenue_code="0120", units=3, charge=Decimal(3000))],
    ),
    "an examination": a_dental_claim,
    "a filling": lambda: a_dental_claim(lines=["D0120", a_line("D2391", tooth="3", surfaces="O")]),
}


@pytest.mark.parametrize("name", VALID)
def test_a_claim_is_valid_as_it_comes(name: str) -> None:
    assert_clean(VALID[name](), allow_not_evaluated=False)


@pytest.mark.parametrize("name", VALID)
def test_a_claim_as_json_is_read_as_the_same_claim(name: str) -> None:
    claim = VALID[name]()
    assert claim_from_mapping(as_mapping(claim)) == claim
    assert as_json(claim, claim).count("\n") == 2


def test_totals_add_up_and_lines_are_numbered() -> None:
    claim = a_claim(lines=[a_line("99213", charge="125.50"), a_line("36415", charge=Decimal("8.25"), units=2)])
    assert claim.total_charge == Decimal("133.75")
    assert [line.number for line in claim.lines] == [1, 2]
    assert claim.lines[1].units == 2


def test_the_day_is_that_of_all_lines_but_those_that_name_one() -> None:
    claim = a_claim(day="2025-11-03", lines=["99213", a_line("36415", service_date=date(2025, 11, 5))])
    assert [line.service_date for line in claim.lines] == [date(2025, 11, 3), date(2025, 11, 5)]
    assert claim.receipt_date == date(2025, 11, 12)


def test_a_part_is_laid_over_what_is_there() -> None:
    claim = a_claim(patient={"sex": "M"}, billing_provider={"npi": an_npi("ours")}, total_charge="1.00")
    assert claim.patient.sex == "M"
    assert claim.patient.birth_date is not None
    assert claim.billing_provider.taxonomy is not None
    assert claim.total_charge == Decimal("1.00")


def test_a_field_may_be_left_blank() -> None:
    claim = a_claim(rendering_provider=None, place_of_service=None, diagnoses=[], lines=[a_line("99213", charge=None)])
    assert claim.rendering_provider is None
    assert (claim.place_of_service, claim.diagnoses, claim.lines[0].charge) == (None, (), None)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"diagnosis": ["E11.9"]}, "Did you mean 'diagnoses'"),
        ({"lines": [a_line("99213", unitz=2)]}, "Did you mean 'unit'"),
        ({"lines": ["99213 foo"]}, "'foo' is not understood"),
        ({"day": "03/02/2026"}, "is not a date"),
        ({"day": "2026-03-02", "dos": "2026-03-02"}, "day and dos are the same"),
        ({"total_charge": 12.5}, "a number with a point"),
    ],
)
def test_a_mistake_of_the_test_is_told(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ShorthandError, match=says):
        a_claim(**fields)


def test_numbers_are_made_from_seeds() -> None:
    assert an_npi(1) == an_npi(1) != an_npi(2)
    assert npi(an_npi("any"))
    assert a_medicare_number(1) == a_medicare_number(1) != a_medicare_number(2)


@pytest.mark.parametrize("kind", ["medicare", "commercial", "auto", "workers_comp"])
@pytest.mark.parametrize("make", [a_claim, an_institutional_claim, a_dental_claim])
def test_a_payer_may_be_given_by_its_fields(make: Callable[..., Claim], kind: str) -> None:
    assert make(payer={"kind": kind}) == make(payer=kind)
    assert make(payer={"kind": kind, "id": "60054"}).payer.id == "60054"
    if make is not a_dental_claim:
        assert_clean(make(payer=kind))


def test_parts_of_another_claim_may_be_given() -> None:
    one = a_claim(lines=["99213-25", "83036"], patient={"last_name": "OURS"})
    other = a_claim(lines=one.lines, diagnoses=list(one.diagnoses), patient=one.patient)
    assert (other.lines, other.diagnoses, other.patient) == (one.lines, one.diagnoses, one.patient)
    assert len(a_claim(lines=(a_line(code) for code in ("99213", "83036"))).lines) == 2  # type: ignore[arg-type]


def test_an_age_that_is_no_number_is_told() -> None:
    with pytest.raises(ShorthandError, match="age: 'old' is no number of years"):
        a_claim(age="old")
    with pytest.raises(ShorthandError, match=r"is not a field of a claim\. Did you mean 'diagnoses'"):
        a_claim(diagnosis=["E11"])
