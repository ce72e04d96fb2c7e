"""Identifiers against what their publishers say, worked out in another way than the code does."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber import Scrubber
from scrubber.checks.identifiers import clia, full_zip, mbi, medicare_number, npi, street_address, tax_id, taxonomy
from scrubber.findings import Finding
from scrubber.testing.shorthand import claim_from_shorthand

DIGITS = string.digits
LETTERS = "ACDEFGHJKMNPQRTUVWXY"
"""The twenty letters of an MBI: the alphabet without S, L, O, I, B and Z."""
MBI_PLACES = (
    "123456789",
    LETTERS,
    LETTERS + DIGITS,
    DIGITS,
    LETTERS,
    LETTERS + DIGITS,
    DIGITS,
    LETTERS,
    LETTERS,
    DIGITS,
    DIGITS,
)


def luhn_remainder(number: str) -> int:
    """The Luhn sum of a whole number, modulo ten, by the table of doubled digits."""
    doubled = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    digits = [int(digit) for digit in number]
    return (sum(digits[-1::-2]) + sum(doubled[digit] for digit in digits[-2::-2])) % 10


nine_digits = st.text(DIGITS, min_size=9, max_size=9)


@pytest.mark.parametrize("number", ["1234567893", "1003000126", "1999999984"])
def test_published_npis(number: str) -> None:
    assert npi(number)


@given(nine_digits)
def test_one_check_digit_of_ten_makes_an_npi(start: str) -> None:
    passing = [digit for digit in DIGITS if npi(start + digit)]
    right = [digit for digit in DIGITS if luhn_remainder("80840" + start + digit) == 0]
    assert len(right) == 1
    assert passing == (right if start[0] in "12" else [])


@given(st.sampled_from("12"), st.text(DIGITS, min_size=9, max_size=9), st.integers(0, 9), st.sampled_from(DIGITS))
def test_no_single_wrong_digit_goes_unseen(first: str, rest: str, place: int, digit: str) -> None:
    number = first + rest
    changed = number[:place] + digit + number[place + 1 :]
    assert not (npi(number) and npi(changed) and changed != number)


@pytest.mark.parametrize("text", ["", "123456789", "12345678933", "123456789X", "1234567893 ", "١٢٣٤٥٦٧٨٩٣"])
def test_no_npi(text: str) -> None:
    assert not npi(text)


@given(st.tuples(*(st.sampled_from(place) for place in MBI_PLACES)).map("".join))
def test_every_mbi_of_the_published_pattern(number: str) -> None:
    assert mbi(number)
    assert mbi(number.lower())
    assert mbi(f"{number[:4]}-{number[4:7]}-{number[7:]}")
    assert medicare_number(number)


@pytest.mark.parametrize("place", range(11))
def test_each_place_of_an_mbi_takes_only_its_characters(place: int) -> None:
    sample = "1EG4TE5MK73"
    for character in string.ascii_uppercase + DIGITS:
        changed = sample[:place] + character + sample[place + 1 :]
        assert mbi(changed) is (character in MBI_PLACES[place]), changed


@pytest.mark.parametrize("number", ["123456789A", "123456789C1", "123-45-6789A", "WA123456", "A123456789", "MH000000"])
def test_claim_numbers_of_the_time_before_2020(number: str) -> None:
    assert medicare_number(number)
    assert not mbi(number)


@pytest.mark.parametrize("number", ["123456789", "12345678A", "123456789AAA", "ABCD123456", "WA12345"])
def test_no_claim_numbers(number: str) -> None:
    assert not medicare_number(number)


@pytest.mark.parametrize("number", ["583522358", "58-3522358", "123-45-6789", "010000001"])
def test_tax_ids(number: str) -> None:
    assert tax_id(number)


@pytest.mark.parametrize("number", ["58352235", "5835223580", "111111111", "000000000", "001234567", "58352235A", ""])
def test_no_tax_ids(number: str) -> None:
    assert not tax_id(number)


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("207Q00000X", True),
        ("261QM1300X", True),
        ("207q00000x", True),
        ("207Q00000", False),
        ("207Q00000Y", False),
        ("207Q-0000X", False),
    ],
)
def test_taxonomy(code: str, right: bool) -> None:
    assert taxonomy(code) is right


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("11D1234567", True),
        ("11d1234567", True),
        ("11D234567", False),
        ("1112345678", False),
        ("11D12345678", False),
        ("D111234567", False),
    ],
)
def test_clia_number(number: str, right: bool) -> None:
    assert clia(number) is right


@pytest.mark.parametrize(
    "street",
    ["PO BOX 12", "P.O. Box 12", "P O BOX 3", "P. O. BOX 77", "P.O.BOX 5", "POB 12", "P.O.B. 12", "POBOX 12",
     "PO BOX A", "P0 BOX 4", "PO BX 4", "Post Office Box 9", "LOCK BOX 7", "Lockbox 7", "LOCK BIN 3",
     "SUITE 4 PO BOX 12", "Dept 9, P.O. Box 12"],
)  # fmt: skip
def test_boxes_are_no_street(street: str) -> None:
    assert not street_address(street)


@pytest.mark.parametrize(
    "street",
    ["100 MAIN ST", "1 Pobox Street", "Pobox Street", "12 BOXWOOD LN", "PO BOXWOOD 12", "4 DEPOB 12 RD", "RR 2 BOX 14",
     "50 POBLANO RD", "200 LOCK ST", "9 POST OFFICE RD", "7 LOCKBOXER WAY", "1 CAMPO BOXER DR"],
)  # fmt: skip
def test_streets(street: str) -> None:
    assert street_address(street)


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("331311234", True),
        ("33131-1234", True),
        ("33131 1234", True),
        ("33131", False),
        ("331310000", False),
        ("331319999", False),
        ("331319998", True),
        ("3313112345", False),
        ("3313A1234", False),
    ],
)
def test_full_zip(code: str, right: bool) -> None:
    assert full_zip(code) is right


# the rules that rest on them --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.load(select=["PRV102", "PRV104", "PRV105", "PRV111", "PAT106"], as_of=date(2026, 11, 21))


def findings(scrubber: Scrubber, short: dict[str, object]) -> list[Finding]:
    return list(scrubber.scrub(claim_from_shorthand(short)).findings)


def test_a_number_wrong_in_one_role_is_told_once_and_in_each_role(scrubber: Scrubber) -> None:
    found = findings(scrubber, {
        "npi": "1234567890", "rendering_provider": {"npi": "1234567890"},
        "lines": ["99213 npi=1234567890", "93000 npi=1234567891", "80053 npi=1234567891"],
    })  # fmt: skip
    assert [(f.rule, f.field, f.rarc) for f in found] == [
        ("PRV102", "billing_provider.npi", ("N257",)),
        ("PRV102", "rendering_provider.npi", ("N290",)),
        ("PRV102", "lines[1].rendering_provider.npi", ("N290",)),
    ]


@pytest.mark.parametrize(
    ("role", "rarc"),
    [("billing_provider", ("N257",)), ("rendering_provider", ("N290",)), ("referring_provider", ("N286",)),
     ("ordering_provider", ("N265",)), ("service_facility", ("N293",)), ("supervising_provider", ("N297",)),
     ("attending_provider", ("N253",)), ("operating_provider", ("N262",))],
)  # fmt: skip
def test_each_role_has_its_remark(scrubber: Scrubber, role: str, rarc: tuple[str, ...]) -> None:
    (found,) = findings(scrubber, {"tob": "0111", role: {"npi": "1234567890"}})
    assert (found.rule, found.carc, found.rarc) == ("PRV102", ("207",), rarc)


def test_an_address_fault_points_to_its_element(scrubber: Scrubber) -> None:
    (box,) = findings(scrubber, {"billing_provider": {"address": {"line1": "PO BOX 1", "zip": "33131"}}})
    (code,) = findings(scrubber, {"billing_provider": {"address": {"line1": "1 MAIN ST", "zip": "33131"}}})
    (facility,) = findings(scrubber, {"service_facility": {"zip": "33131"}})
    assert (box.field, box.rarc) == ("billing_provider.address.line1", ("N258",))
    assert "box" in box.message
    assert "ZIP code" in box.message
    assert (code.field, code.rarc) == ("billing_provider.address.zip", ("N258",))
    assert (facility.field, facility.rarc) == ("service_facility.zip", ("N294",))


def test_the_same_facility_on_two_lines_is_told_once(scrubber: Scrubber) -> None:
    line = {"procedure": "99213", "service_facility": {"zip": "33131"}}
    assert [f.line for f in findings(scrubber, {"lines": [line, line]})] == [1]


def test_a_foreign_postal_code_has_no_nine_digits(scrubber: Scrubber) -> None:
    assert findings(scrubber, {"billing_provider": {"address": {"line1": "1 KING ST", "zip": "M5V 2T6"}}}) == []


def test_no_message_holds_a_private_number(scrubber: Scrubber) -> None:
    found = findings(scrubber, {
        "payer": "medicare", "member_id": "1SG4TE5MK73",
        "billing_provider": {"tax_id": "583522350123", "address": {"line1": "PO BOX 4711", "zip": "33131"}},
    })  # fmt: skip
    assert {f.rule for f in found} == {"PAT106", "PRV104", "PRV111"}
    said = " ".join([*(f.message for f in found), *(f.fix.text for f in found), *(str(f.codes) for f in found)])
    for private in ("1SG4TE5MK73", "583522350123", "4711", "33131"):
        assert private not in said
