"""Segments, elements and loops in words, for the texts of faults: "HI01-2, the diagnosis code,".

The words are our own and short; what an element holds is never among them.
"""

from __future__ import annotations

import re

from scrubber.readers.x12.loops import Segment

_PROCEDURE = {"1": "the kind of procedure code", "2": "the procedure code", "7": "the description"} | dict.fromkeys(
    "3456", "a modifier"
)
_POINTERS = dict.fromkeys("1234", "a diagnosis pointer")

ELEMENTS: dict[str, str] = {
    "BHT02": "the purpose of the transaction set", "BHT03": "the number of the transaction",
    "BHT04": "the date of the transaction set", "BHT05": "the time of the transaction set",
    "BHT06": "the kind of transaction",
    "NM101": "the entity code", "NM102": "person or organization", "NM103": "the name", "NM104": "the first name",
    "NM108": "the kind of identifier", "NM109": "the identifier",
    "N301": "the street", "N401": "the city", "N402": "the state", "N403": "the ZIP code",
    "REF02": "the reference number", "PRV03": "the taxonomy code",
    "SBR01": "the payer's place in the order of payers", "SBR02": "the relationship to the insured",
    "SBR09": "the claim filing indicator", "PAT01": "the relationship to the insured", "PAT06": "the date of death",
    "DMG02": "the birth date", "DMG03": "the sex",
    "CLM01": "the claim number", "CLM02": "the total charge", "CLM05": "the facility and the claim frequency",
    "CLM05-1": "the place of service or type of bill", "CLM05-2": "the kind of facility code",
    "CLM05-3": "the claim frequency", "CLM06": "the provider's signature", "CLM07": "the acceptance of assignment",
    "CLM08": "the assignment of benefits", "CLM09": "the release of information",
    "CLM11-1": "the cause of the condition", "CLM11-2": "the second cause of the condition",
    "CLM11-3": "the third cause of the condition", "CLM11-4": "the state of the accident",
    "CLM20": "the reason of the delay",
    "DTP02": "the format of the date", "DTP03": "the date",
    "CL101": "the admission type", "CL102": "the admission source", "CL103": "the discharge status",
    "PWK01": "the kind of attachment", "PWK02": "the way the attachment is sent", "PWK06": "the attachment number",
    "AMT02": "the amount", "NTE02": "the note", "QTY02": "the quantity",
    "HCP01": "the repricing method", "HCP02": "the allowed amount", "HCP03": "the amount saved",
    "LX01": "the line number",
    "SV101": "the procedure", "SV102": "the charge", "SV103": "the unit of measure", "SV104": "the units",
    "SV105": "the place of service", "SV107": "the diagnosis pointers",
    "SV201": "the revenue code", "SV202": "the procedure", "SV203": "the charge", "SV204": "the unit of measure",
    "SV205": "the units", "SV207": "the charge that is not covered",
    "SV301": "the procedure", "SV302": "the charge", "SV303": "the place of service", "SV304": "the oral cavity",
    "SV305": "first placement or replacement", "SV306": "the units", "SV311": "the diagnosis pointers",
    "TOO02": "the tooth", "TOO03": "the surfaces",
    "LIN03": "the drug code (NDC)", "CTP04": "the quantity of the drug", "CTP05-1": "the unit of the drug",
    "SVD01": "the identifier of the other payer", "SVD02": "the amount paid", "SVD03": "the procedure",
    "SVD05": "the units", "CAS01": "the group of the adjustment",
    "OI03": "the assignment of benefits", "OI06": "the release of information",
} | {f"CAS{reason:02d}": "the reason of the adjustment" for reason in range(2, 20, 3)} | {
    f"CAS{amount:02d}": "the amount of the adjustment" for amount in range(3, 20, 3)
} | {f"CAS{quantity:02d}": "the quantity of the adjustment" for quantity in range(4, 20, 3)} | {
    f"{element}-{part}": words
    for element in ("SV101", "SV202", "SV301", "SVD03", "SV501") for part, words in _PROCEDURE.items()
} | {f"{element}-{part}": words for element in ("SV107", "SV311") for part, words in _POINTERS.items()}  # fmt: skip

DATES = {
    "472": "the date of service", "434": "the dates of the statement", "435": "the admission date",
    "096": "the discharge hour", "431": "the date of onset", "454": "the date of the initial treatment",
    "439": "the accident date", "573": "the date the payer decided", "050": "the date of receipt",
    "090": "the date care was assumed", "091": "the date care was relinquished",
}  # fmt: skip
"""What DTP03 is, by the qualifier in DTP01."""

REFERENCES = {
    "EI": "the tax number", "SY": "the social security number", "G1": "the prior authorization number",
    "F8": "the payer's number of the original claim", "X4": "the CLIA number", "P4": "the clinical trial number",
    "6R": "the control number of the line", "Y4": "the property and casualty claim number",
}  # fmt: skip
"""What REF02 is, by the qualifier in REF01."""

_CODES = (
    dict.fromkeys(("ABK", "BK"), "the principal diagnosis code")
    | dict.fromkeys(("ABF", "BF", "ABJ", "BJ", "APR", "PR", "ZZ", "ABN", "BN"), "the diagnosis code")
    | dict.fromkeys(("BBR", "BR", "BBQ", "BQ"), "the procedure code")
    | {"BG": "the condition code", "BH": "the occurrence code", "BI": "the occurrence span code"}
    | {"BE": "the value code", "DR": "the DRG", "TC": "the treatment code"}
)
_OF_CODES = {
    "1": "the kind of code", "3": "the format of the date", "4": "the date", "5": "the amount",
    "9": "the present-on-admission mark",
}  # fmt: skip

SEGMENTS = {
    "HI": "the diagnoses", "DMG": "the birth date and sex", "N3": "the street",
    "N4": "the city, state and ZIP code", "CL1": "the codes of admission and discharge", "SBR": "the insurance",
    "PAT": "the relationship to the insured", "LX": "the line number", "SV1": "the service", "SV2": "the service",
    "SV3": "the service", "PER": "the person to contact", "OI": "the consents for the other insurance",
    "CTP": "the quantity of the drug", "BHT": "the head of the transaction set", "NM1": "the name",
}  # fmt: skip

_PART = re.compile(r"HI\d\d-(\d)")


def element_in_words(segment: Segment, element: str, component: str) -> str:
    """An element with what it is, as the subject of a sentence: "SV102, the charge,"."""
    qualifier = segment[1] if len(segment) > 1 else ""
    words = ELEMENTS.get(element)
    part = _PART.fullmatch(element)
    if part:
        index = int(element[2:4])
        kind = (segment[index] if len(segment) > index else "").split(component)[0]
        words = _CODES.get(kind, "the code") if part[1] == "2" else _OF_CODES.get(part[1])
    elif element == "DTP03":
        words = DATES.get(qualifier, words)
    elif element == "REF02":
        words = REFERENCES.get(qualifier, words)
    return f"{element}, {words}," if words else element


def segment_in_words(identifier: str, qualifiers: list[str]) -> str:
    """A missing segment with what it is: "DTP with qualifier 472, the date of service,"."""
    known = {"DTP": DATES, "REF": REFERENCES}.get(identifier, {})
    words = next((known[code] for code in qualifiers if code in known), SEGMENTS.get(identifier))
    named = f"{identifier} with qualifier {' or '.join(qualifiers)}" if qualifiers else identifier
    return f"{named}, {words}," if words else named


def loop_in_words(loop: str) -> str:
    """A loop as a text names it."""
    return "the header of the transaction set" if loop == "HEADER" else f"loop {loop}"
