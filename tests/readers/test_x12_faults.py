"""Each kind of structural fault, from the smallest change to a clean file that shows it."""

from __future__ import annotations

import io
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
