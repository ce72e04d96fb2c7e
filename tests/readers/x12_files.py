"""837 files for tests: a made-up claim of each form, and ways to look into one."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path

from scrubber.claim import Claim, StructuralFault
from scrubber.readers.x12 import read_x12

SHARED = Path(__file__).parents[3] / "shared"

ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*1200*^*00501*000000001*0*T*:~"

PROFESSIONAL = """
GS*HC*SENDER*RECEIVER*20260105*1200*1*X*005010X222A1~
ST*837*0001*005010X222A1~
BHT*0019*00*REF1*20260105*1200*CH~
NM1*41*2*SUBMITTER*****46*S1~
PER*IC*DESK*TE*5550001111~
NM1*40*2*RECEIVER*****46*R1~
HL*1**20*1~
PRV*BI*PXC*207Q00000X~
NM1*85*2*CLINIC*****XX*1234567893~
N3*1 FIRST ST~
N4*TOWN*FL*331311234~
REF*EI*123456789~
HL*2*1*22*0~
SBR*P*18*GRP******CI~
NM1*IL*1*DOE*JANE****MI*W0001~
N3*2 SECOND ST~
N4*TOWN*FL*33131~
DMG*D8*19700102*F~
NM1*PR*2*PAYER*****PI*P1~
CLM*A-1*150***11:B:1*Y*A*Y*Y*P*OA:::FL~
DTP*431*D8*20260101~
DTP*439*D8*20260101~
PWK*OZ*EL***AC*ATT1~
REF*G1*AUTH1~
NTE*ADD*A NOTE~
HI*ABK:E119*ABF:I10~
HCP*03*120*30~
NM1*DN*1*ROE*RICHARD****XX*1993999998~
NM1*82*1*POE*PAULA****XX*1234567893~
PRV*PE*PXC*207Q00000X~
NM1*77*2*HOSPITAL*****XX*1993999998~
N3*3 THIRD ST~
N4*TOWN*FL*331311234~
SBR*S*18*OGRP******CI~
CAS*PR*1*10~
AMT*D*20~
OI***Y***Y~
NM1*IL*1*DOE*JANE****MI*W0002~
NM1*PR*2*OTHER*****PI*P2~
LX*1~
SV1*HC:99213:25:::::WORDS*100*UN*1***1:2~
DTP*472*D8*20260103~
REF*6R*L1~
NM1*82*1*ROE*RICHARD****XX*1993999998~
SVD*P2*20*HC:99213**1~
CAS*CO*45*70**253*0~
DTP*573*D8*20260104~
LX*2~
SV1*HC:J1885*50*UN*2*12**1~
DTP*472*RD8*20260103-20260104~
LIN**N4*00409379601~
CTP****2*ML~
SE*51*0001~
GE*1*1~
IEA*1*000000001~
"""

INSTITUTIONAL = """
GS*HC*SENDER*RECEIVER*20260105*1200*1*X*005010X223A2~
ST*837*0001*005010X223A2~
BHT*0019*00*REF1*20260105*1200*CH~
NM1*41*2*SUBMITTER*****46*S1~
PER*IC*DESK*TE*5550001111~
NM1*40*2*RECEIVER*****46*R1~
HL*1**20*1~
NM1*85*2*HOSPITAL*****XX*1234567893~
N3*1 FIRST ST~
N4*TOWN*FL*331311234~
REF*EI*123456789~
HL*2*1*22*1~
SBR*P********MA~
NM1*IL*1*DOE*JANE****MI*W0001~
NM1*PR*2*PAYER*****PI*P1~
HL*3*2*23*0~
PAT*19~
NM1*QC*1*DOE*JIM~
N3*2 SECOND ST~
N4*TOWN*FL*33131~
DMG*D8*19700102*M~
CLM*A-2*300***11:A:1**A*Y*Y~
DTP*096*TM*1130~
DTP*434*RD8*20260101-20260103~
DTP*435*DT*202601010815~
CL1*1*1*01~
HI*ABK:J189:::::::Y~
HI*ABJ:J189~
HI*DR:195~
HI*ABF:I10:::::::Y*ABF:E785:::::::N~
HI*BBR:0SR90JZ:D8:20260102~
HI*BI:70:RD8:20260101-20260102~
HI*BH:11:D8:20260101~
HI*BE:80:::2*BE:45:::3~
HI*BG:C1~
NM1*71*1*POE*PAULA****XX*1234567893~
PRV*AT*PXC*207R00000X~
LX*1~
SV2*0120**200*DA*2**0~
LX*2~
SV2*0300*HC:80053*100*UN*1~
DTP*472*D8*20260102~
SE*42*0001~
GE*1*1~
IEA*1*000000001~
"""

DENTAL = """
GS*HC*SENDER*RECEIVER*20260105*1200*1*X*005010X224A2~
ST*837*0001*005010X224A2~
BHT*0019*00*REF1*20260105*1200*CH~
NM1*41*2*SUBMITTER*****46*S1~
PER*IC*DESK*TE*5550001111~
NM1*40*2*RECEIVER*****46*R1~
HL*1**20*1~
NM1*85*2*DENTIST*****XX*1234567893~
N3*1 FIRST ST~
N4*TOWN*FL*331311234~
REF*EI*123456789~
HL*2*1*22*0~
SBR*P*18*GRP******CI~
NM1*IL*1*DOE*JANE****MI*W0001~
N3*2 SECOND ST~
N4*TOWN*FL*33131~
DMG*D8*19700102*F~
NM1*PR*2*PAYER*****PI*P1~
CLM*A-3*200***11:B:1*Y*A*Y*Y~
DTP*472*D8*20260103~
LX*1~
SV3*AD:D2392*150**10:20**1~
TOO*JP*30*M:O~
LX*2~
SV3*AD:D2740*50***I~
DTP*472*D8*20260104~
SE*26*0001~
GE*1*1~
IEA*1*000000001~
"""

FORMS = {"professional": PROFESSIONAL, "institutional": INSTITUTIONAL, "dental": DENTAL}


def file_of(form: str, *edits: tuple[str, str], isa: str = ISA) -> bytes:
    """An interchange with one claim, with each text replaced once and SE01 set to the segments that are there."""
    text = isa + FORMS[form]
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return recounted(text).encode("latin-1")


def recounted(text: str) -> str:
    """The same with a right SE01."""
    segments = text.split("~\n")
    start = next(number for number, segment in enumerate(segments) if segment.startswith("ST"))
    for number, segment in enumerate(segments):
        if segment.startswith("SE*"):
            segments[number] = f"SE*{number - start + 1}*{segment.split('*')[2]}"
    return "~\n".join(segments)


def read(data: bytes) -> list[Claim]:
    return list(read_x12(io.BytesIO(data), "claims.837"))


def faults(claims: Iterable[Claim]) -> list[StructuralFault]:
    return [fault for claim in claims if claim.origin for fault in claim.origin.faults]


def found(data: bytes) -> set[tuple[str, str]]:
    """Edit and variant of the faults of all claims."""
    return {(fault.edit, fault.variant) for fault in faults(read(data))}


def at_position(data: bytes) -> Callable[[dict[str, object]], str]:
    """What stands at a position of a file with one transaction set, `*` and `:`."""
    segments = [text.split("*") for text in data.decode("latin-1").replace("\n", "").split("~")]
    start = next(number for number, segment in enumerate(segments) if segment[0] == "ST")

    def value(position: dict[str, object]) -> str:
        number = position["segment"]
        assert isinstance(number, int)
        segment = segments[start + number - 1]
        name, _, part = str(position["element"]).partition("-")
        if not name[-2:].isdigit() or name == segment[0]:
            return segment[0]
        assert name[:-2] == segment[0], position
        index = int(name[-2:])
        text = segment[index] if index < len(segment) else ""
        return text.split(":")[int(part) - 1] if part and text else text

    return value
