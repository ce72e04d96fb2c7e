"""One claim from a mapping: what is read, and how each bad field is named."""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.claim import Claim, Diagnosis, OccurrenceSpan, ReadProblem
from scrubber.readers import claim_from_mapping

LINE = {
    "number": 1,
    "procedure": "99213",
    "modifiers": ["25"],
    "units": 1,
    "charge": "125.00",
    "service_date": "2026-10-02",
    "diagnosis_pointers": [1],
}
CLAIM: dict[str, Any] = {
    "claim_id": "A-1001",
    "form": "professional",
    "payer": {"id": "60054", "kind": "commercial"},
    "subscriber": {"member_id": "M-1", "relationship": "self"},
    "patient": {"birth_date": "1970-05-01", "sex": "F"},
    "billing_provider": {"npi": "1234567893"},
    "place_of_service": "11",
    "diagnoses": [{"code": "E11.9", "kind": "principal"}],
    "lines": [LINE],
    "total_charge": "125.00",
}


def problems_of(claim: Claim) -> tuple[ReadProblem, ...]:
    assert claim.origin is not None
    return claim.origin.problems


def changed(path: str, value: object) -> dict[str, Any]:
    """CLAIM with the value at `path` ("lines.0.charge") replaced."""

    def put(node: Any, keys: list[str]) -> Any:
        key, *rest = keys
        if isinstance(node, list):
            return [put(each, rest) if rest else value for each in node]
        return {**node, key: put(node.get(key, {}), rest) if rest else value}

    result: dict[str, Any] = put(CLAIM, path.split("."))
    return result


def test_a_whole_claim_is_read() -> None:
    claim = claim_from_mapping(CLAIM, source="claims.json", index=3)

    assert problems_of(claim) == ()
    assert claim.origin is not None
    assert (claim.origin.source, claim.origin.index, claim.origin.readable) == ("claims.json", 3, True)
    assert claim.total_charge == Decimal("125.00")
    assert claim.patient.birth_date == date(1970, 5, 1)
    assert claim.diagnoses == (Diagnosis(code="E11.9", kind="principal"),)
    (line,) = claim.lines
    assert (line.procedure, line.modifiers, line.units, line.diagnosis_pointers) == ("99213", ("25",), Decimal(1), (1,))


def test_every_field_of_the_claim_is_a_key() -> None:
    known = {field.name for field in attrs.fields(Claim)} - {"origin"}
    claim = claim_from_mapping({**dict.fromkeys(known), "lines": []})
    assert problems_of(claim) == ()
    assert claim == Claim()


def test_diagnoses_may_be_bare_strings() -> None:
    claim = claim_from_mapping({"diagnoses": ["E11.9", {"code": "I10"}]})
    assert claim.diagnoses == (Diagnosis(code="E11.9"), Diagnosis(code="I10"))


def test_null_and_blank_leave_the_field_blank() -> None:
    given_blank = dict.fromkeys(["claim_id", "payer", "subscriber", "patient", "billing_provider", "accident"])
    claim = claim_from_mapping(
        {
            **given_blank,
            "lines": None,
            "diagnoses": [],
            "place_of_service": " ",
            "total_charge": "",
            "admission_date": "",
        }
    )
    assert problems_of(claim) == ()
    assert claim == Claim()


def test_blanks_around_text_are_no_part_of_it() -> None:
    assert claim_from_mapping({"lines": [{"procedure": " 99213 "}]}).lines[0].procedure == "99213"


def test_occurrence_spans_run_from_to() -> None:
    spans = [{"code": "74", "from": "2026-10-01", "to": "2026-10-03"}]
    claim = claim_from_mapping({"form": "institutional", "occurrence_spans": spans})
    first, last = date(2026, 10, 1), date(2026, 10, 3)
    assert claim.occurrence_spans == (OccurrenceSpan(code="74", first_day=first, last_day=last),)


@pytest.mark.parametrize(
    ("mapping", "form"),
    [
        ({"lines": [{"procedure": "99213"}]}, "professional"),
        ({"lines": []}, "professional"),
        ({"lines": [{"procedure": "D1110"}, {"procedure": "D0120"}, {}]}, "dental"),
        ({"lines": [{"procedure": "D1110"}, {"procedure": "99213"}]}, "professional"),
        ({"lines": [{"procedure": "D1110", "revenue_code": "0510"}]}, "institutional"),
        ({"lines": [], "type_of_bill": "0131"}, "institutional"),
        ({"diagnoses": ["I10"], "statement_from": "2026-10-02"}, "institutional"),
        ({"form": "dental", "type_of_bill": "0131"}, "dental"),
    ],
)
def test_the_form_is_inferred_where_it_is_not_given(mapping: Mapping[str, Any], form: str) -> None:
    assert claim_from_mapping(mapping).form == form


@pytest.mark.parametrize("value", ["125", "125.5", "125.50", "-3.00", " 125.50 ", 125, 125.5, Decimal("125.50"), "0"])
def test_money_in_its_accepted_ways(value: object) -> None:
    claim = claim_from_mapping(changed("total_charge", value))
    assert problems_of(claim) == ()
    assert claim.total_charge == Decimal(str(value).strip())


BAD_FIELDS = [
    ("total_charge", "125.001", "total_charge", "is not an amount of money with at most two decimals"),
    ("total_charge", Decimal("125.001"), "total_charge", "money"),
    ("total_charge", Decimal("1E+2"), "total_charge", "money"),
    ("total_charge", "1e2", "total_charge", "money"),
    ("total_charge", "NaN", "total_charge", "money"),
    ("total_charge", float("inf"), "total_charge", "money"),
    ("total_charge", Decimal("sNaN"), "total_charge", "money"),
    ("total_charge", "$125.00", "total_charge", "money"),
    ("total_charge", "1,250.00", "total_charge", "money"),
    ("total_charge", "٣", "total_charge", "money"),
    ("total_charge", True, "total_charge", "money"),
    ("total_charge", 10**30, "total_charge", "money"),
    pytest.param("total_charge", 10**5000, "total_charge", "money", id="huge-money"),
    ("total_charge", ["125.00"], "total_charge", "money"),
    ("lines.0.charge", "a lot", "lines[0].charge", "money"),
    ("lines.0.units", "one", "lines[0].units", "is not a plain number"),
    ("lines.0.units", Decimal("1E+3"), "lines[0].units", "is not a plain number"),
    ("lines.0.units", False, "lines[0].units", "is not a plain number"),
    ("lines.0.number", "1", "lines[0].number", "is not a whole number"),
    ("lines.0.number", 1.0, "lines[0].number", "is not a whole number"),
    ("lines.0.number", Decimal("1.0"), "lines[0].number", "is not a whole number"),
    ("lines.0.number", True, "lines[0].number", "is not a whole number"),
    pytest.param("lines.0.number", 10**5000, "lines[0].number", "is not a whole number", id="huge-number"),
    ("lines.0.diagnosis_pointers", ["1"], "lines[0].diagnosis_pointers[0]", "is not a whole number"),
    ("lines.0.diagnosis_pointers", 1, "lines[0].diagnosis_pointers", "is not a list"),
    ("lines.0.modifiers", "25", "lines[0].modifiers", "is not a list"),
    ("lines.0.modifiers", ["25", None], "lines[0].modifiers[1]", "is blank"),
    ("lines.0.modifiers", [25], "lines[0].modifiers[0]", "is a number"),
    ("lines.0.revenue_code", 450, "lines[0].revenue_code", "is a number"),
    ("lines.0.procedure", Decimal("99213.0"), "lines[0].procedure", "is a number"),
    ("lines.0.procedure", True, "lines[0].procedure", "is not text"),
    ("lines.0.procedure", {"code": "99213"}, "lines[0].procedure", "is not text"),
    ("claim_id", "A\ud800", "claim_id", "half a character"),
    ("lines.0.service_date", "10/02/2026", "lines[0].service_date", "is not a date"),
    ("lines.0.service_date", "20261002", "lines[0].service_date", "is not a date"),
    ("lines.0.service_date", "2026-W40-5", "lines[0].service_date", "is not a date"),
    ("lines.0.service_date", "2026-10-02T00:00:00", "lines[0].service_date", "is not a date"),
    ("lines.0.service_date", 20261002, "lines[0].service_date", "is not a date"),
    ("lines.0.service_date", datetime(2026, 10, 2, 8), "lines[0].service_date", "is not a date"),
    ("lines.0.service_date", "2026-02-30", "lines[0].service_date", "does not exist"),
    ("lines.0.service_date", "0001-01-01", "lines[0].service_date", "between 1800 and 2199"),
    ("form", "Professional", "form", "is not one of the known words"),
    ("payer.kind", "blue", "payer.kind", "is not one of the known words"),
    ("payer", "60054", "payer", "is not an object"),
    ("payer", [], "payer", "is not an object"),
    ("lines", {"procedure": "99213"}, "lines", "is not a list"),
    ("lines", ["99213"], "lines[0]", "is not an object"),
    ("diagnoses", ["I10", 5], "diagnoses[1]", "is not an object"),
    ("diagnoses", "I10", "diagnoses", "is not a list"),
    ("accident", {"auto": "yes"}, "accident.auto", "is neither true nor false"),
    ("predetermination", 1, "predetermination", "is neither true nor false"),
    ("value_codes", [{"code": "80", "amount": "x"}], "value_codes[0].amount", "money"),
    ("other_payers", [{"adjustments": [{"amount": "x"}]}], "other_payers[0].adjustments[0].amount", "money"),
]


@pytest.mark.parametrize(("path", "value", "field", "message"), BAD_FIELDS)
def test_a_bad_field_is_named_and_the_rest_is_read(path: str, value: object, field: str, message: str) -> None:
    claim = claim_from_mapping(changed(path, value))

    (problem,) = problems_of(claim)
    assert problem.field == field
    assert message in problem.message
    assert claim.origin is not None
    assert claim.origin.readable
    assert claim.claim_id == ("A-1001" if path != "claim_id" else None)


def test_a_message_never_repeats_the_value() -> None:
    mapping = {"lines": ["Jane Roe"], "claim_id": 77123, "patient": {"birth_date": "Jane Roe", "sex": ["Jane Roe"]}}
    claim = claim_from_mapping({**mapping, "total_charge": "Jane Roe", "payer": {"kind": "Jane Roe"}})
    assert len(problems_of(claim)) == 6
    assert "Jane" not in repr(problems_of(claim))
    assert "77123" not in repr(problems_of(claim))


def test_a_bad_line_keeps_its_place() -> None:
    claim = claim_from_mapping({"lines": [LINE, "99214", {**LINE, "procedure": "99215"}]})
    assert [line.procedure for line in claim.lines] == ["99213", None, "99215"]


def test_every_problem_of_a_claim_is_told() -> None:
    claim = claim_from_mapping(
        {**CLAIM, "total_charge": "x", "payer": 5, "lines": [{**LINE, "units": "x", "charge": "y"}]}
    )
    fields = [problem.field for problem in problems_of(claim)]
    assert sorted(str(field) for field in fields) == ["lines[0].charge", "lines[0].units", "payer", "total_charge"]


@pytest.mark.parametrize(
    ("mapping", "field", "message", "hint"),
    [
        ({"diagnosis": []}, "diagnosis", "the key 'diagnosis' is not a field of a claim", "Did you mean 'diagnoses'?"),
        ({"payer": {"Kind": 1}}, "payer.Kind", "'Kind' is not a field of a payer", "Did you mean 'kind'?"),
        ({"lines": [{"proc": "1"}]}, "lines[0].proc", "not a field of a service line", "Did you mean 'procedure'?"),
        ({"origin": {}}, "origin", "the key 'origin' is not a field of a claim", ""),
        ({"occurrence_spans": [{"first_day": None}]}, "occurrence_spans[0].first_day", "an occurrence span", "from"),
        ({"qqqqqqq": None}, "qqqqqqq", "'qqqqqqq'", "Known: "),
        ({5: None}, None, "has a key that is not text", ""),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest_known_one(
    mapping: dict[Any, Any], field: str | None, message: str, hint: str
) -> None:
    claim = claim_from_mapping({"form": "professional", **mapping})
    (problem,) = problems_of(claim)
    assert problem.field == field
    assert message in problem.message
    assert hint in problem.hint


def test_a_very_long_key_is_shown_in_part() -> None:
    (problem,) = problems_of(claim_from_mapping({"form": "dental", "k\n" * 500: 1}))
    assert len(problem.message) < 200
    assert "\n" not in problem.message


@pytest.mark.parametrize("value", [None, 5, "claim", [], [CLAIM], {}, {"claim_id": "A"}, {"lines": None}])
def test_what_is_no_claim_is_unreadable(value: object) -> None:
    claim = claim_from_mapping(value)
    assert claim.origin is not None
    assert not claim.origin.readable
    assert claim.origin.problems


def test_claims_inside_an_object_are_refused_with_the_way_out() -> None:
    claim = claim_from_mapping({"claims": [CLAIM]})
    assert claim.origin is not None
    assert not claim.origin.readable
    unknown, nothing = claim.origin.problems
    assert "'claims'" in unknown.message
    assert "without an object around them" in nothing.hint


def test_the_mapping_stays_as_it_was() -> None:
    given_mapping = {"diagnoses": ["I10"], "payer": None, "lines": [dict(LINE)]}
    claim_from_mapping(given_mapping)
    assert given_mapping == {"diagnoses": ["I10"], "payer": None, "lines": [LINE]}


def test_dates_may_be_dates() -> None:
    assert claim_from_mapping(changed("receipt_date", date(2026, 10, 5))).receipt_date == date(2026, 10, 5)


KEYS = sorted({field.name for field in attrs.fields(Claim)} | set(LINE) | {"code", "kind", "npi", "from", "address"})
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.dates()
    | st.text(alphabet=st.characters())
    | st.sampled_from(["", "I10", "2026-10-02", "125.00", "D1110", "professional", "NaN"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(string.printable, max_size=5), inner, max_size=6)
    ),
    max_leaves=25,
)


@given(VALUES | st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=10))
def test_no_value_makes_it_raise(value: object) -> None:
    claim = claim_from_mapping(value)
    assert isinstance(claim, Claim)
    assert claim.origin is not None
    assert claim.origin.readable or claim.origin.problems
    for problem in claim.origin.problems:
        f"{problem.field} {problem.message} {problem.hint}".encode()
