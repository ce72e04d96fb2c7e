"""Each kind of structural fault, from the smallest change to a clean file that shows it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from scrubber.errors import InputError
from scrubber.readers.x12 import looks_like_x12, read_x12
from scrubber.readers.x12.faults import VARIANTS

from .x12_files import FORMS, ISA, faults, file_of, found, read

P, I, D = "professional", "institutional", "dental"  # noqa: E741

Edit = tuple[str, str]

# form, edits of the clean file, the one fault, and its position
CASES: dict[str, tuple[str, list[Edit], str, tuple[int, str, str]]] = {
    "interchange-control-number": (P, [("IEA*1*000000001", "IEA*1*000000002")], "EDI101", (0, "ISA", "IEA02")),
    "group-control-number": (P, [("GE*1*1", "GE*1*9")], "EDI101", (0, "GS", "GE02")),
    "set-control-number": (P, [("*0001~\nGE", "*0009~\nGE")], "EDI101", (52, "TRAILER", "SE02")),
    "set-count": (P, [("GE*1*1", "GE*2*1")], "EDI102", (0, "GS", "GE01")),
    "group-count": (P, [("IEA*1*", "IEA*2*")], "EDI102", (0, "ISA", "IEA01")),
    "trailer-missing": (P, [("GE*1*1~\nIEA*1*000000001~\n", "")], "EDI102", (0, "GS", "GE")),
    "terminator-missing": (P, [("IEA*1*000000001~\n", "IEA*1*000000001")], "EDI103", (0, "ISA", "IEA")),
    "guide-differs": (P, [("*X*005010X222A1", "*X*005010X222")], "EDI104", (1, "HEADER", "ST03")),
    "guide-missing": (P, [("0001*005010X222A1", "0001")], "EDI104", (1, "HEADER", "ST03")),
    "segment-missing": (P, [("REF*EI*123456789~\n", "")], "EDI105", (11, "2010AA", "REF")),
    "loop-missing": (P, [("NM1*PR*2*PAYER*****PI*P1~\n", "")], "EDI105", (18, "2010BB", "NM1")),
    "segment-repeated": (P, [("REF*G1*AUTH1~\n", "REF*G1*AUTH1~\nREF*G1*AUTH2~\n")], "EDI105", (24, "2300", "REF")),
    "loop-repeated": (I, [("NM1*71*1", "NM1*71*1*POE*PAULA~\nNM1*71*1")], "EDI105", (36, "2310A", "NM1")),
    "segment-out-of-order": (
        P, [("N3*3 THIRD ST~\nN4*TOWN*FL*331311234~", "N4*TOWN*FL*331311234~\nN3*3 THIRD ST~")],
        "EDI105", (32, "2310C", "N3"),
    ),
    "segment-unexpected": (P, [("LX*1~\n", "LX*1~\nCAS*CO*45*1~\n")], "EDI105", (40, "2400", "CAS")),
    "segment-unknown": (P, [("LX*1~\n", "LX*1~\nZZZ*1~\n")], "EDI105", (40, "2400", "")),
    "segment-indented": (P, [("~\nLX*1~", "~\n\n LX*1~")], "EDI105", (39, "2330B", "LX")),
    "segment-lower-case": (P, [("LX*1~\n", "lx*1~\n")], "EDI105", (39, "2330B", "LX")),
    "loop-unknown": (P, [("NM1*82*1*POE", "NM1*99*1*POE")], "EDI105", (28, "2300", "NM101")),
    "qualifier-unexpected": (P, [("DTP*431*", "DTP*999*")], "EDI105", (20, "2300", "DTP01")),
    "facility-qualifier-wrong": (P, [("11:B:1", "11:A:1")], "EDI105", (19, "2300", "CLM05-2")),
    "claim-indicator-missing": (P, [("*Y*A*Y*Y*P", "*Y**Y*Y*P")], "EDI105", (19, "2300", "CLM07")),
    "principal-diagnosis-missing": (I, [("ABK:J189", "ABF:J189")], "EDI105", (26, "2300", "HI01-1")),
    "number-out-of-sequence": (P, [("HL*2*1*22", "HL*7*1*22")], "EDI106", (12, "2000B", "HL01")),
    "parent-unknown": (P, [("HL*2*1*22", "HL*2*5*22")], "EDI106", (12, "2000B", "HL02")),
    "parent-wrong": (P, [("HL*1**20", "HL*1*1*20")], "EDI106", (6, "2000A", "HL02")),
    "child-code-wrong": (P, [("HL*2*1*22*0", "HL*2*1*22*1")], "EDI106", (12, "2000B", "HL04")),
    "self-with-patient-loop": (I, [("SBR*P**", "SBR*P*18*")], "EDI106", (12, "2000B", "SBR02")),
    "patient-loop-missing": (P, [("SBR*P*18", "SBR*P*")], "EDI106", (13, "2000B", "SBR02")),
    "element-missing": (P, [("HC:J1885*50", "HC:J1885*")], "EDI107", (48, "2400", "SV102")),
    "element-too-long": (P, [("NM1*85*2*CLINIC", "NM1*85*2*" + "C" * 61)], "EDI107", (8, "2010AA", "NM103")),
    "element-too-short": (P, [("HC:99213:25", "HC:99213:2")], "EDI107", (40, "2400", "SV101-3")),
    "too-many-elements": (P, [("LX*1~", "LX*1*2~")], "EDI107", (39, "2400", "LX02")),
    "code-invalid": (P, [("PWK*OZ*EL***AC", "PWK*OZ*EL***XX")], "EDI107", (22, "2300", "PWK05")),
    "number-invalid": (P, [("HC:J1885*50", "HC:J1885*5O.00")], "EDI107", (48, "2400", "SV102")),
    "date-invalid": (P, [("D8*20260103", "D8*20261345")], "EDI107", (41, "2400", "DTP03")),
    "character-invalid": (P, [("NM1*IL*1*DOE", "NM1*IL*1*DO\u00c9")], "EDI107", (14, "2010BA", "NM103")),
    "separator-in-data": (P, [("NM1*IL*1*DOE", "NM1*IL*1*DO:E")], "EDI107", (14, "2010BA", "NM103")),
    "payer-differs": (P, [("SVD*P2", "SVD*P3")], "EDI107", (44, "2430", "SVD01")),
    "trailing-separators": (P, [("LX*1~", "LX*1*~")], "EDI107", (39, "2400", "LX")),
    "qualifier-too-old": (P, [("ABK:E119*ABF:I10", "BK:25000*BF:4019")], "EDI108", (25, "2300", "HI01")),
    "qualifiers-mixed": (P, [("ABF:I10", "BF:4019")], "EDI108", (25, "2300", "HI02")),
    "code-shape": (P, [("ABF:I10", "ABF:4019")], "EDI108", (25, "2300", "HI02")),
}  # fmt: skip


@pytest.mark.parametrize("variant", CASES)
def test_one_change_shows_one_fault_in_its_place(variant: str) -> None:
    form, edits, edit, position = CASES[variant]
    claims = read(file_of(form, *edits))
    assert len(claims) == 1
    found = faults(claims)
    assert [(fault.edit, fault.variant) for fault in found] == [(edit, variant)]
    assert found[0].position == dict(zip(("segment", "loop", "element"), position, strict=True))


OTHERS: dict[str, tuple[bytes, str]] = {
    "control-number-invalid": (file_of(P, isa=ISA.replace("*000000001*", "*00000000A*")), "EDI101"),
    "set-control-number-repeated": (
        file_of(P).replace(b"GE*1*", file_of(P)[file_of(P).index(b"ST*") : file_of(P).index(b"GE*")] + b"GE*2*"),
        "EDI101",
    ),
    "segment-count": (file_of(P).replace(b"SE*52*", b"SE*25*"), "EDI102"),
    "header-missing": (file_of(P).replace(b"GE*1*1~", b"GE*1*1~GE*1*1~"), "EDI102"),
    "byte-order-mark": (b"\xef\xbb\xbf" + file_of(P), "EDI103"),
    "blank-before-isa": (b"\n " + file_of(P), "EDI103"),
    "text-outside": (b"hello " + file_of(P), "EDI103"),
    "isa-unreadable": (b"ISA*00*  *00*  *ZZ*A*ZZ*B*260105*1200*^*00501*1*0*T***" + file_of(P), "EDI103"),
    "isa-not-fixed-width": (file_of(P, isa=ISA.replace("SENDER         ", "SENDER")), "EDI103"),
    "repetition-separator-invalid": (file_of(P, isa=ISA.replace("*^*", "*U*")), "EDI103"),
    "component-separator-wrong": (file_of(D).replace(b":", b">").replace(b"*T*>~", b"*T*:~"), "EDI103"),
    "segment-empty": (file_of(P).replace(b"LX*1~", b"~LX*1~"), "EDI105"),
    "release-unknown": (file_of(P, isa=ISA.replace("00501", "00601")), "EDI103"),
    "envelope-missing": (file_of(P)[len(ISA) + 1 :], "EDI103"),
    "set-header-missing": (file_of(P).replace(b"ST*837*0001*005010X222A1~\n", b""), "EDI103"),
    "truncated": (file_of(P)[: file_of(P).index(b":J1885")], "EDI103"),
    "segment-too-long": (file_of(P).replace(b"A NOTE", b"A" * (1 << 21)), "EDI103"),
    "lower-case": (file_of(P).lower(), "EDI103"),
    "guide-unknown": (file_of(P).replace(b"005010X222A1", b"005010X999"), "EDI104"),
    "guide-not-for-claims": (file_of(P).replace(b"005010X222A1", b"005010X291"), "EDI104"),
    "addendum-differs": (file_of(P).replace(b"005010X222A1", b"005010X222A2"), "EDI104"),
    "content-differs": (file_of(P).replace(b"005010X222A1", b"005010X224A2"), "EDI104"),
    "old-release": (file_of(P).replace(b"005010X222A1", b"004010X098A1"), "EDI104"),
    "release-4010": (file_of(P).replace(b"005010X222A1", b"004010X098A1").replace(b"20260105", b"20050105"), "EDI104"),
    "not-a-claim-set": (file_of(P).replace(b"GE*1*", b"ST*835*0002~SE*2*0002~GE*2*"), "EDI104"),
    "level-unknown": (file_of(P).replace(b"HL*2*1*22*0", b"HL*2*1*29*0"), "EDI106"),
    "payer-unknown": (file_of(D).replace(b"LX*2~", b"SVD*P9*1*AD:D2392**1~DTP*573*D8*20260103~LX*2~"), "EDI107"),
    "qualifier-too-new": (
        file_of(
            D,
            ("DTP*472*D8*20260103~\n", "DTP*472*D8*20150930~\nHI*ABK:K0252~\n"),
            ("DTP*472*D8*20260104~\n", ""),
        ),
        "EDI108",
    ),
}  # fmt: skip


@pytest.mark.parametrize("variant", OTHERS)
def test_a_change_of_the_envelope_shows_its_fault(variant: str) -> None:
    data, edit = OTHERS[variant]
    assert (edit, variant) in found(data)
    assert read(data)[0].claim_id in ("A-1", "A-3", "a-1")


def test_every_variant_is_tested_and_none_is_unknown() -> None:
    assert {variant for variants in VARIANTS.values() for variant in variants} == set(CASES) | set(OTHERS)


@pytest.mark.parametrize("form", FORMS)
def test_a_clean_file_has_no_fault(form: str) -> None:
    assert found(file_of(form)) == set()


def test_a_claim_is_read_by_its_lines_where_the_guide_is_another() -> None:
    (claim,) = read(file_of(I).replace(b"005010X223A2", b"005010X222A1"))
    (as_said,) = read(file_of(I))
    assert claim.form == "institutional"
    assert claim == as_said


WRONG = [("HC:99213", "XX:99213"), ("*Y*A*Y*Y*P", "*Y*Z*Y*Y*P"), ("NM1*85*2*", "NM1*85*7*"), ("BHT*0019", "BHT*9999")]


def lower_identifiers(text: str) -> str:
    """Every identifier but that of ISA in lower case."""
    return re.sub(r"(?<=~\n)[A-Z0-9]+", lambda name: name[0].lower(), text)


ODD: dict[str, tuple[Callable[[str], str], set[str]]] = {
    "indented": (lambda text: text.replace("~\n", "~\n  "), {"segment-indented"}),
    "a blank after the terminator": (lambda text: text.replace("~\n", "~ \n"), {"segment-indented"}),
    "blank lines": (lambda text: text.replace("~\n", "~\n\n"), {"segment-indented"}),
    "a blank after the identifier": (lambda text: text.replace("SV1*", "SV1 *"), {"segment-indented"}),
    "identifiers in lower case": (lower_identifiers, {"segment-lower-case"}),
    "no transaction set header": (
        lambda text: text.replace("ST*837*0001*005010X222A1~\n", " "),
        {"segment-indented", "set-header-missing", "header-missing", "set-count"},
    ),
}


@pytest.mark.parametrize("way", ODD)
def test_an_odd_segment_is_checked_as_a_clean_one(way: str) -> None:
    clean = file_of(P, *WRONG)
    expected = {(f.variant, f.text) for f in faults(read(clean))}
    assert {text.split(",")[0].split()[0] for _, text in expected} == {"SV101-1", "CLM07", "NM102", "BHT01"}
    write, oddities = ODD[way]
    odd = faults(read(write(clean.decode("ascii")).encode("ascii")))
    assert {(f.variant, f.text) for f in odd if f.variant not in oddities} == expected
    assert {f.variant for f in odd} == oddities | {"code-invalid"}
    assert sum(f.variant in ("segment-indented", "segment-lower-case") for f in odd) == 1


HI_AGAIN = "HI*ABK::::::::Y*ABF:I10~"

# form, edits, and the field that the one fault leaves blank
BLANKED: list[tuple[str, list[Edit], str]] = [
    (P, [("HI*ABK:E119*ABF:I10~\n", "")], "diagnoses"),
    (P, [("HI*ABK:E119*ABF:I10~", HI_AGAIN)], "diagnoses[0].code"),
    (P, [("DMG*D8*19700102*F~\n", "")], "patient"),
    (I, [("DMG*D8*19700102*M~\n", "")], "patient"),
    (P, [("DMG*D8*19700102*F~", "DMG*D8*19700102~")], "patient.sex"),
    (P, [("DMG*D8*19700102*F~", "DMG*D8*19700102*X~")], "patient.sex"),
    (I, [("DMG*D8*19700102*M~", "DMG*D8*19700102*X~")], "patient.sex"),
    (P, [("DTP*472*D8*20260103~\n", "")], "lines[0].service_date"),
    (P, [("DTP*472*RD8*20260103-20260104~\n", "")], "lines[1].service_date"),
    (P, [("DTP*472*D8*20260103~", "DTP*472*D8~")], "lines[0].service_date"),
    (P, [("SV1*HC:J1885*50*UN*2*12**1~\n", "")], "lines[1]"),
    (P, [("HC:J1885*50*UN*2", "HC:J1885*50*UN*")], "lines[1].units"),
    (P, [("LX*2~\n", "")], "lines[1].number"),
    (P, [("CTP****2*ML~\n", "")], "lines[1].ndc_quantity"),
    (P, [("SBR*P*18*GRP******CI~", "SBR*P**GRP******CI~")], "subscriber.relationship"),
    (I, [("PAT*19~\n", "")], "subscriber.relationship"),
    (P, [("REF*EI*123456789~\n", "")], "billing_provider.tax_id"),
    (P, [("N3*3 THIRD ST~\n", "")], "service_facility.address.line1"),
    (I, [("DTP*434*RD8*20260101-20260103~\n", "")], "statement_from"),
    (I, [("CL1*1*1*01~\n", "")], "discharge_status"),
    (I, [("CL1*1*1*01~", "CL1*1*1~")], "discharge_status"),
    (I, [("CL1*1*1*01~", "CL1**1*01~")], "admission_type"),
    (I, [("11:A:1*", ":A:1*")], "type_of_bill"),
    (P, [("NM1*PR*2*OTHER*****PI*P2~\n", ""), ("SVD*P2*20*HC:99213**1~\n", ""), ("CAS*CO*45*70**253*0~\n", ""),
         ("DTP*573*D8*20260104~\n", "")], "other_payers[0].id"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "edits", "field"), BLANKED)
def test_a_fault_names_the_field_it_leaves_blank(form: str, edits: list[Edit], field: str) -> None:
    (claim,) = read(file_of(form, *edits))
    assert [fault.field for fault in faults([claim])] == [field]


def test_the_sex_of_a_subscriber_who_is_not_the_patient_is_not_the_patients() -> None:
    data = file_of(I, ("NM1*IL*1*DOE*JANE****MI*W0001~\n", "NM1*IL*1*DOE*JANE****MI*W0001~\nDMG*D8*19700102*X~\n"))
    assert [fault.field for fault in faults(read(data))] == ["subscriber.sex"]


@pytest.mark.parametrize(
    ("form", "edit", "text"),
    [
        (P, ("HI*ABK:E119*ABF:I10~", HI_AGAIN), "HI01-2, the principal diagnosis code, is blank but required"),
        (P, ("HI*ABK:E119*ABF:I10~\n", ""), "HI, the diagnoses, is missing in loop 2300."),
        (P, ("DTP*472*D8*20260103~\n", ""), "DTP with qualifier 472, the date of service, is missing in loop 2400."),
        (P, ("SBR*P*18*GRP", "SBR*P**GRP"), "SBR02, the relationship to the insured, is blank, but no patient loop"),
        (P, ("11:B:1", "11::1"), "CLM05-2, the kind of facility code, is blank; professional claims have B."),
        (P, ("BHT*0019", "CAS*CO*45*1~\nBHT*0019"), "Segment 2, CAS, does not belong in the header"),
        (P, ("LX*1~\n", "LX*1~\nCAS*CO*45*1~\n"), "Segment 40, CAS, does not belong in loop 2400."),
        (I, ("HL*3*2*23", "HL*3**23"), "HL02 of HL 3, the level above it, is blank."),
        (I, ("0SR90JZ:D8:20260102", "0SR90JZ:D8:2026"), "HI01-4, the date, is no date of format D8 (segment 30)."),
        (P, ("HC:99213:25", "HC:99213:2"), "SV101-3, a modifier, has 1 character, at least 2 (segment 40)."),
    ],
)
def test_a_text_says_what_an_element_is(form: str, edit: Edit, text: str) -> None:
    assert any(fault.text.startswith(text) for fault in faults(read(file_of(form, edit))))


def test_codes_are_never_prose() -> None:
    broken = [file_of(form, *edits) for form, edits, _, _ in CASES.values()] + [data for data, _ in OTHERS.values()]
    broken += [file_of(form, *edits) for form, edits, _ in BLANKED]
    broken += [file_of(P, ("BHT*0019", "BHT*" + code)) for code in ("9999", "19", "A WORD", "")]
    broken += [file_of(P, ("*CI~", "*" + code + "~")) for code in ("\u00e9", "A WORD", "X")]
    for data in broken:
        for fault in faults(read(data)):
            assert all(re.fullmatch(r"[A-Z0-9./_-]+", code) for code in fault.codes), fault


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        ("20260105*1200*CH", "20261345*1200*CH", "BHT04"),
        ("20260105*1200*CH", "20260230*1200*CH", "BHT04"),
        ("20260105*1200*CH", "260105*1200*CH", "BHT04"),
        ("20260105*1200*CH", "20260105*9999*CH", "BHT05"),
        ("20260105*1200*CH", "20260105*12000*CH", "BHT05"),
        ("20260105*1200*CH", "20260105*2400*CH", "BHT05"),
        ("20260105*1200*CH", "20240229*1200*CH", ""),
        ("20260105*1200*CH", "20260105*12003045*CH", ""),
    ],
)
def test_date_and_time_of_the_transaction_set(old: str, new: str, element: str) -> None:
    found = [(f.variant, f.position and f.position["element"]) for f in faults(read(file_of(P, (old, new))))]
    assert found == ([("date-invalid", element)] if element else [])


def of_4010(form: str, *edits: Edit) -> bytes:
    guide, old = {P: ("222A1", "098A1"), I: ("223A2", "096A1")}[form]
    data = file_of(form, *edits).replace(f"005010X{guide}".encode(), f"004010X{old}".encode())
    return data.replace(b"20260105", b"20050105")


@pytest.mark.parametrize(
    ("form", "edit", "variant", "element"),
    [
        (P, ("*Y*A*Y*Y*P", "*Y**Y*Y*P"), "claim-indicator-missing", "CLM07"),
        (P, ("NM1*PR*2*PAYER*****PI*P1", "NM1*PR*2*PAYER*****PI"), "element-missing", "NM109"),
        (P, ("HC:J1885*50", "HC:J1885*"), "element-missing", "SV102"),
        (P, ("NM1*77*2*", "NM1*FA*3333*"), "element-too-long", "NM102"),
        (I, ("*A*Y*Y~", "**Y*Y~"), "", ""),
        (I, ("CL1*1*1*01", "CL1**1"), "", ""),
        (P, ("NM1*77*2*", "NM1*FA*2*"), "", ""),
        (P, ("11:B:1", "11::1"), "", ""),
    ],
)
def test_a_004010_file_is_checked_where_it_agrees_with_005010(
    form: str, edit: Edit, variant: str, element: str
) -> None:
    found = [(f.variant, f.position and f.position["element"]) for f in faults(read(of_4010(form, edit)))]
    assert found == [("release-4010", "ST"), *([(variant, element)] if variant else [])]


def test_a_004010_file_says_what_is_not_checked() -> None:
    assert "Not checked are codes and qualifiers" in faults(read(of_4010(P)))[0].text


@pytest.mark.parametrize(
    ("form", "edits", "expected"),
    [
        (P, [], (False, False, True)),
        (P, [("*OA:::FL", "*AA:EM::FL")], (True, True, False)),
        (P, [("*OA:::FL", "*EM")], (True, False, False)),
        (P, [("*OA:::FL", "*ZZ")], (None, None, None)),
        (P, [("*OA:::FL", "*AA:ZZ")], (None, True, None)),
        (P, [("*OA:::FL", "*:::FL")], (None, None, None)),
        (P, [("*P*OA:::FL", "*P")], (False, False, False)),  # an accident date alone
        (P, [("*P*OA:::FL", "*P"), ("DTP*439*D8*20260101~\n", "")], None),
        (D, [("*Y*A*Y*Y~", "*Y*A*Y*Y**AA:::FL~")], (False, True, False)),
    ],
)
def test_a_cause_that_clm11_does_not_name_is_none(
    form: str, edits: list[Edit], expected: tuple[bool | None, ...] | None
) -> None:
    (claim,) = read(file_of(form, *edits))
    found = claim.accident
    assert (found and (found.employment, found.auto, found.other)) == expected


def test_a_line_break_inside_a_segment_is_no_blank_line() -> None:
    (one,) = faults(read(file_of(P, ("1 FIRST ST", "1 FIRST\nST"))))
    assert (one.variant, one.position) == ("character-invalid", {"segment": 9, "loop": "2010AA", "element": "N301"})


def test_blank_lines_are_no_characters() -> None:
    data = file_of(P, ("CLINIC", "CL\u00cdNIC")).replace(b"~\n", b"~\n\n")
    assert [(f.variant, f.position and f.position["element"]) for f in faults(read(data))] == [
        ("segment-indented", "GS"),
        ("character-invalid", "NM103"),
    ]


def test_another_set_ends_however_its_trailer_is_written() -> None:
    data = file_of(P).decode("ascii")
    other = "ST*835*0009~\n BPR*I~\n se*3*0009~\nge*1*7~\n"
    other = "GS*HP*A*B*20260105*1200*7*X*005010X221A1~\n" + other
    start = data.index("GS*")
    claims = read((data[:start] + other + data[start:]).replace("IEA*1", "IEA*2").encode("ascii"))
    assert [f.variant for f in faults(claims)] == ["not-a-claim-set"]


def test_a_claim_that_is_cut_is_read_as_far_as_it_goes() -> None:
    data = file_of(P)
    (claim,) = read(data[: data.index(b":J1885")])
    assert len(claim.lines) == 2
    assert claim.lines[1].procedure is None
    assert claim.total_charge == 150
    assert [fault.variant for fault in faults([claim])] == ["truncated"]


def test_faults_of_headers_go_to_the_next_claim_and_those_of_trailers_to_the_one_before() -> None:
    one = file_of(P).decode("ascii")
    body = one[one.index("GS*") :]
    second = body.replace("0001*005010X222A1", "0001*005010X222").replace("A-1", "A-2")
    data = (ISA + "\n" + body.replace("GE*1*1", "GE*3*1") + ISA + "\n" + second).encode("ascii")
    first, last = read(data)
    assert [fault.variant for fault in faults([first])] == ["set-count"]
    assert {fault.variant for fault in faults([last])} == {"guide-differs", "addendum-differs"}


def test_no_fault_and_no_error_names_a_person() -> None:
    private = ("DOE", "JANE", "W0001", "W0002", "19700102", "SECOND", "A NOTE", "GRP", "ATT1", "AUTH1")
    broken = [file_of(form, *edits) for form, edits, _, _ in CASES.values()] + [data for data, _ in OTHERS.values()]
    for data in broken:
        for claim in read(data):
            for fault in faults([claim]):
                shown = f"{fault.text} {fault.codes} {fault.position}"
                assert not any(word in shown for word in private), shown
            assert not any(word in repr(claim.origin) + repr(claim) for word in ("DOE", "JANE", "19700102"))


def test_nothing_is_read_ahead_of_what_is_asked_for() -> None:
    data = file_of(P)
    stream = io.BytesIO(data * 200)
    claims = read_x12(stream, "x")
    next(claims)
    assert stream.tell() < len(data) * 200
    assert sum(1 for _ in claims) == 199


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"no claims here", "no X12"),
        (file_of(P).replace(b"ST*837", b"ST*835"), "835"),
        (
            (ISA + "\nGS*HC*A*B*20260105*1200*1*X*005010X222A1~\nGE*0*1~\nIEA*1*000000001~").encode(),
            "no transaction set",
        ),
        (file_of(P)[: file_of(P).index(b"CLM*") + 8], "no claim"),
    ],
)
def test_a_file_without_a_claim_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        read(data)
    assert error.value.where == "claims.837"
    assert "DOE" not in str(error.value)


def test_the_documentation_names_every_variant() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reading-837.md").read_text("utf-8")
    for edit, variants in VARIANTS.items():
        assert f"### {edit}" in page
        for variant, meaning in variants.items():
            assert f"| `{variant}` | {meaning} |" in page


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"ISA*00*", True),
        (b"\xef\xbb\xbfISA|00|", True),
        (b"\r\n isa*00*", True),
        (b"note\nISA*00*", True),
        (b"ST*837*0001*005010X222A1~", True),
        (b"GS*HC*A*B~", True),
        (b"a visa--or not", False),
        (b'{"claim_id": "1"}', False),
        (b"", False),
    ],
)
def test_the_first_bytes_tell_x12(head: bytes, expected: bool) -> None:
    assert looks_like_x12(head) is expected


def test_a_file_without_claims_tells_each_fault_once() -> None:
    sets = "".join(f"ST*278*000{n}~\nSE*2*000{n}~\n" for n in (1, 2, 3))
    sets += "ST*837*0004*005010X222A1~\nSE*2*0004~\n"
    text = f"{ISA}\nGS*HI*S*R*20260105*1200*1*X*005010X217~\n{sets}GE*4*1~\nIEA*1*000000001~\n"
    with pytest.raises(InputError) as caught:
        list(read_x12(io.BytesIO(text.encode()), source="a file"))
    assert str(caught.value).count("ST01 is 278") == 1
