"""The segments of each loop in their order, as the guides have them: X222 (professional), X223 (institutional), X224.

A loop is one line. A segment is its identifier; `*n` how often it may stand, where more than once; `!` where it is
required. After `:` come the qualifiers it may have, each with its own `*n`; one of those marked `!` must be there.
"""

from __future__ import annotations

from functools import lru_cache

import attrs

from scrubber.claim import Form

QUALIFIED = frozenset(("DTP", "REF", "AMT"))
"""Segments that are told apart by their first element."""

_NAME = "NM1! N3! N4! REF:{}"
_COMMON = {
    "HEADER": "ST! BHT! REF:87",
    "1000A": "NM1! PER*2!",
    "1000B": "NM1!",
    "2000A": "HL! PRV CUR",
    "2010AB": "NM1! N3! N4!",
    "2010AC": "NM1! N3! N4! REF:2U,FY,NF,EI",
    "2010BB": "NM1! N3 N4 REF:2U*3,EI*3,FY*3,NF*3,G2*2,LU*2",
    "2000C": "HL! PAT!",
    "2010CA": "NM1! N3! N4! DMG! REF:Y4,1W,SY PER",
    "2330A": "NM1! N3 N4 REF:SY*3",
    "2330B": "NM1! N3 N4 DTP:573 REF:2U*2,EI*2,FY*2,NF*2,G1,9F,T4,F8",
    "2410": "LIN! CTP! REF:VY,XZ",
    "2430": "SVD! CAS*5 DTP:573! AMT:EAF",
    "?": "",
}
_PROVIDER = "NM1! PRV REF:0B*20,1G*20,G2*20,LU*20"
_NAMELESS = "NM1! REF:0B*4,1G*4,G2*4,LU*4"
_FACILITY = "NM1! N3! N4! REF:0B*3,G2*3,LU*3 PER"
_AMBULANCE = "NM1! N3! N4!"

GUIDES: dict[Form, dict[str, str]] = {
    "professional": _COMMON | {
        "2010AA": "NM1! N3! N4! REF:EI!,SY!,0B*2,1G*2 PER*2",
        "2000B": "HL! SBR! PAT",
        "2010BA": "NM1! N3 N4 DMG REF:SY,Y4 PER",
        "2300": (
            "CLM! DTP:431,454,304,453,439,484,455,471,314,360,361,297,296,435,096,090*2,091*2,444,050 PWK*10 CN1 AMT:F5"
            " REF:4N,F5,EW,9F,G1,F8,X4,9A,9C,LX,D9,EA,P4,1J K3*10 NTE CR1 CR2 CRC*8 HI*4! HCP"
        ),
        "2310A": _PROVIDER, "2310B": _PROVIDER, "2310C": _FACILITY, "2310D": _PROVIDER,
        "2310E": _AMBULANCE, "2310F": _AMBULANCE,
        "2320": "SBR! CAS*5 AMT:D,A8,EAF OI! MOA",
        "2330C": _NAMELESS, "2330D": _NAMELESS, "2330E": _NAMELESS, "2330F": _NAMELESS, "2330G": _NAMELESS,
        "2400": (
            "LX! SV1! SV5 PWK*11 CR1 CR3 CRC*5 DTP:472!,471,607,463,461,304,738*2,739*2,011,455,454 QTY*2 MEA*5 CN1"
            " REF:9B,9D,G1*5,6R,EW,X4,F4,BT,9F*5 AMT:T,F4 K3*10 NTE*2 PS1 HCP"
        ),
        "2420A": _PROVIDER, "2420B": _PROVIDER, "2420C": _FACILITY, "2420D": _PROVIDER,
        "2420E": "NM1! N3 N4 REF:0B*20,1G*20,G2*20 PER", "2420F": _PROVIDER, "2420G": _AMBULANCE, "2420H": _AMBULANCE,
        "2440": "LQ! FRM*99!",
    },
    "institutional": _COMMON | {
        "2010AA": "NM1! N3! N4! REF:EI! PER*2",
        "2000B": "HL! SBR!",
        "2010BA": "NM1! N3 N4 DMG REF:SY,Y4",
        "2300": (
            "CLM! DTP:096,434!,435,050 CL1! PWK*10 CN1 AMT:F3 REF:4N,9F,G1,F8,9A,9C,LX*5,D9,LU,EA,P4,G4 K3*10 NTE*11"
            " CRC HI*25! HCP"
        ),
        "2310A": _PROVIDER, "2310B": _PROVIDER, "2310C": _PROVIDER, "2310D": _PROVIDER, "2310E": _FACILITY,
        "2310F": _PROVIDER,
        "2320": "SBR! CAS*5 AMT:D,EAF,A8 OI! MIA MOA",
        "2330C": _NAMELESS, "2330D": _NAMELESS, "2330E": _NAMELESS, "2330F": _NAMELESS, "2330G": _NAMELESS,
        "2330H": _NAMELESS, "2330I": _NAMELESS,
        "2400": "LX! SV2! PWK*10 DTP:472 REF:6R,9B,9D AMT:GT,N8 NTE HCP",
        "2420A": _PROVIDER, "2420B": _PROVIDER, "2420C": _PROVIDER, "2420D": _PROVIDER,
    },
    "dental": _COMMON | {
        "2010AA": "NM1! N3! N4! REF:EI!,SY!,0B*2,1G*2,G2*2,LU*2 PER*2",
        "2000B": "HL! SBR!",
        "2010BA": "NM1! N3 N4 DMG REF:SY,Y4",
        "2300": (
            "CLM! DTP:439,452,472,050 DN1 DN2*35 PWK*10 CN1 AMT:F5 REF:G3,4N,F8,9F,9A,G1,9C,D9 K3*10 NTE*5 HI HCP"
        ),
        "2310A": _PROVIDER, "2310B": _PROVIDER, "2310C": _FACILITY, "2310D": _PROVIDER, "2310E": _PROVIDER,
        "2320": "SBR! CAS*5 AMT:D,A8,EAF OI! MOA",
        "2330C": _NAMELESS, "2330D": _NAMELESS, "2330E": _NAMELESS, "2330F": _NAMELESS, "2330G": _NAMELESS,
        "2330H": _NAMELESS,
        "2400": "LX! SV3! TOO*32 DTP:472,441,452,446,196,139 CN1 REF:G3,G1*5,6R,9A,9C,9F*5 AMT:T K3*10 HCP",
        "2420A": _PROVIDER, "2420B": _PROVIDER, "2420C": _PROVIDER, "2420D": _FACILITY,
    },
}  # fmt: skip

LOOP_LIMITS: dict[Form, dict[str, int]] = {
    "professional": {"2310A": 2, "2320": 10, "2400": 50, "2420F": 2, "2330C": 2, "2430": 15, "2440": 99},
    "institutional": {"2320": 10, "2400": 999, "2430": 15},
    "dental": {"2310A": 2, "2320": 10, "2400": 50, "2330C": 2, "2430": 15},
}
"""How often a loop may stand within the one above it, where that is more than once."""


OF_4010 = {
    "1000A": "NM1! PER*2",
    "1000B": "NM1!",
    "2010AA": "NM1! N3! N4!",
    "2010BB": "NM1!",
    "2010CA": "NM1! N3! N4! DMG!",
    "2330A": "NM1!",
    "2330B": "NM1!",
}
"""What 004010 has in common with the above: only this much of a loop is checked there."""


@attrs.frozen
class Slot:
    """One place in the order of a loop: which segment, how often, whether it is required, with which qualifiers."""

    index: int
    most: int
    required: bool
    qualifiers: dict[str, int]
    required_qualifiers: tuple[str, ...]


@lru_cache(maxsize=128)
def slots(form: Form, loop: str, old: bool) -> dict[str, Slot] | None:
    """The segments of a loop with their place in its order; None where nothing is known of the loop."""
    line = OF_4010.get(loop) if old else GUIDES[form].get(loop)
    if line is None:
        return None
    found = {}
    for index, word in enumerate(line.split()):
        identifier, _, listed = word.partition(":")
        each, needed = {}, []
        for item in listed.split(",") if listed else ():
            code, _, times = item.removesuffix("!").partition("*")
            each[code] = int(times or 1)
            if item.endswith("!"):
                needed.append(code)
        identifier, _, most = identifier.removesuffix("!").partition("*")
        required = bool(needed) if listed else word.endswith("!")
        found[identifier] = Slot(index, int(most or 1), required, each, tuple(needed))
    return found
