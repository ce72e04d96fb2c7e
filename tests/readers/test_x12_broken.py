"""Odd and broken files with one fault each: every claim is read, and the fault is named."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from scrubber import Scrubber, read_claims
from scrubber.claim import Claim, StructuralFault
from scrubber.errors import InputError
from scrubber.readers.x12 import looks_like_x12, read_x12

from .x12_files import SHARED, faults

FOLDER = SHARED / "data" / "claims837_broken"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the broken sample files are not beside the checkout")

EXPECTED: dict[str, set[tuple[str, str]]] = {
    "05_bom": {("EDI103", "byte-order-mark")},
    "06_leading_nl": {("EDI103", "blank-before-isa")},
    "11_missing_SE": {("EDI102", "trailer-missing")},
    "12_bad_SE_count": {("EDI102", "segment-count")},
    "13_bad_SE02": {("EDI101", "set-control-number")},
    "14_bad_IEA": {("EDI101", "interchange-control-number"), ("EDI102", "group-count")},
    "15_missing_GE_IEA": {("EDI102", "trailer-missing")},
    "16_truncated_midseg": {("EDI103", "truncated")},
    "17_no_final_term": {("EDI103", "terminator-missing")},
    "18_double_term": {("EDI105", "segment-empty")},
    "19_blank_line": {("EDI105", "segment-indented")},
    "20_lower_ids": {("EDI105", "segment-lower-case")},
    "21_lower_all": {("EDI103", "lower-case")},
    "26_latin1": {("EDI107", "character-invalid")},
    "27_utf8": {("EDI107", "character-invalid")},
    "28_trailing_el": {("EDI107", "trailing-separators")},
    "29_junk_between_isa": {("EDI103", "text-outside")},
    "30_unknown_segment": {("EDI105", "segment-unknown")},
    "31_isa_short": {("EDI103", "isa-not-fixed-width")},
    "32_isa11_U": {("EDI103", "repetition-separator-invalid")},
    "33_x222a2": {("EDI104", "addendum-differs")},
    "34_x222": {("EDI104", "addendum-differs")},
    "35_i_x223a3": {("EDI104", "addendum-differs")},
    "36_no_st03": {("EDI104", "guide-missing")},
    "37_gs_only_005010": {("EDI104", "guide-differs")},
    "38_13dx": {("EDI107", "too-many-elements")},
    "39_repeat_2310b": {("EDI105", "loop-repeated")},
    "40_empty_clm02": {("EDI107", "element-missing")},
    "41_bad_amount": {("EDI107", "number-invalid")},
    "42_bad_date": {("EDI107", "date-invalid")},
    "43_bad_hl_parent": {("EDI106", "parent-unknown")},
    "44_hl_out_of_order": {("EDI106", "number-out-of-sequence")},
    "45_bare_st_se": {("EDI103", "envelope-missing")},
    "46_text_before_isa": {("EDI103", "text-outside")},
    "50_clm_before_hl": {
        ("EDI105", "loop-missing"),
        ("EDI106", "number-out-of-sequence"),
        ("EDI106", "parent-unknown"),  # the patient of that subscriber names the HL that is not there
    },
    "51_sub_in_name": {("EDI107", "separator-in-data")},
    "52_rep_sep": {("EDI107", "separator-in-data")},
    "54_one_bad_claim": {("EDI105", "qualifier-unexpected")},
}
"""Edit and variant of all faults of a file; a file that is not here has none."""

REFUSED = {"47_empty": "empty", "48_not_x12": "no X12", "49_835_in": "835"}

MANIFEST = json.loads((FOLDER / "manifest.json").read_text("utf-8")) if FOLDER.is_dir() else {}


def claims_of(name: str) -> list[Claim]:
    with Path(FOLDER / MANIFEST[name]["file"]).open("rb") as stream:
        return list(read_x12(stream, name))


def data_of(name: str) -> bytes:
    return Path(FOLDER / MANIFEST[name]["file"]).read_bytes()


@pytest.mark.parametrize("name", [name for name in MANIFEST if name not in REFUSED])
def test_every_claim_is_read_and_the_fault_named(name: str) -> None:
    claims = claims_of(name)
    assert len(claims) == MANIFEST[name]["claims"]
    found = {(fault.edit, fault.variant) for fault in faults(claims)}
    assert found == EXPECTED.get(name, set())
    assert bool(found) != MANIFEST[name]["legal"]
    assert looks_like_x12(data_of(name)[:4096])


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_without_claims_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=REFUSED[name]) as error:
        list(read_x12(io.BytesIO(data_of(name)), "claims.837"))
    assert error.value.where == "claims.837"
    assert error.value.hint


@pytest.mark.parametrize("name", ["23_multi_isa_diff_delims", "24_multi_st", "25_multi_gs_P_and_I", "22_multi_isa"])
def test_claims_are_counted_through_the_whole_file(name: str) -> None:
    assert [claim.origin.index for claim in claims_of(name) if claim.origin] == list(range(20))


def one(name: str, variant: str) -> tuple[int, StructuralFault]:
    """The one fault of a kind, and the index of its claim."""
    found = [
        (claim.origin.index, fault)
        for claim in claims_of(name)
        if claim.origin and claim.origin.index is not None
        for fault in claim.origin.faults
        if fault.variant == variant
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("name", "variant", "index", "element"),
    [
        ("05_bom", "byte-order-mark", 0, "ISA"),
        ("12_bad_SE_count", "segment-count", 19, "SE01"),
        ("14_bad_IEA", "group-count", 19, "IEA01"),
        ("16_truncated_midseg", "truncated", 14, "CLM"),
        ("18_double_term", "segment-empty", 5, ""),
        ("29_junk_between_isa", "text-outside", 9, "ISA"),
        ("33_x222a2", "addendum-differs", 0, "ST03"),
        ("43_bad_hl_parent", "parent-unknown", 0, "HL02"),
        ("54_one_bad_claim", "qualifier-unexpected", 7, "DTP01"),
    ],
)
def test_a_fault_belongs_to_its_claim(name: str, variant: str, index: int, element: str) -> None:
    found, fault = one(name, variant)
    assert found == index
    assert fault.position is not None
    assert fault.position["element"] == element


def test_a_cut_file_keeps_the_claims_before_the_cut() -> None:
    clean = claims_of("00_clean_P")
    assert claims_of("16_truncated_midseg") == clean[:15]


@pytest.mark.parametrize("name", ["04_crlf", "07_odd_delims", "20_lower_ids", "45_bare_st_se", "52_rep_sep"])
def test_the_other_fields_are_those_of_the_clean_file(name: str) -> None:
    assert [c.lines for c in claims_of(name)] == [c.lines for c in claims_of("00_clean_P")]


def test_what_cannot_be_converted_names_the_field_it_left_blank() -> None:
    for name, field in (("41_bad_amount", "total_charge"), ("40_empty_clm02", "total_charge")):
        for claim in claims_of(name):
            assert claim.total_charge is None
            assert [fault.field for fault in faults([claim])] == [field]
    for claim in claims_of("42_bad_date"):
        assert {fault.field for fault in faults([claim])} == {
            f"lines[{n}].service_date" for n in range(len(claim.lines))
        }


def test_a_name_in_utf8_is_read_as_such() -> None:
    names = {claim.subscriber.last_name or "" for claim in claims_of("27_utf8")}
    assert all(name.startswith("MU\u00d1OZ ") for name in names)
    assert names == {claim.subscriber.last_name for claim in claims_of("26_latin1")}


def test_a_cut_file_is_read_in_part_whatever_rules_are_chosen(shared_data: Path) -> None:
    claims = list(read_claims(shared_data / "claims837_broken" / "16_truncated_midseg.edi"))
    report = Scrubber.load(select=["dx"]).scrub(claims[-1])
    assert report.decision == "hold"
    assert "ends inside segment" in report.errors[0].message


def test_no_fault_repeats_a_name_that_stands_where_a_code_belongs(clinic_837: Path) -> None:
    text = clinic_837.read_text(encoding="ascii")
    shifted = text
    for segment in ("HL*2*1*22", "SBR*P*18", "NM1*IL*1", "DTP*472", "REF*EI", "CLM*LFC-1001*"):
        assert segment in text
        name, _, rest = segment.partition("*")
        shifted = shifted.replace(segment, f"{name}*HARTWELL*{rest}", 1)
    found = [fault for claim in read_claims(io.BytesIO(shifted.encode())) for fault in claim.origin.faults]
    assert len(found) > 3
    assert not [fault for fault in found if "HARTWELL" in repr(fault)]
