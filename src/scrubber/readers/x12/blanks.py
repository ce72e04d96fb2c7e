"""Which field of the claim a missing segment or a faulty element leaves blank.

The engine hides the rules that would tell the same fault once more, as a field that is blank.
"""

from __future__ import annotations

from collections.abc import Iterable

from scrubber.readers.x12.claim_level import DIAGNOSES
from scrubber.readers.x12.draft import Draft
from scrubber.readers.x12.loops import ROLES, Loop, Segment, line_groups, other_payer_groups
from scrubber.readers.x12.values import at

SEGMENTS = {
    "HI": "diagnoses", "CL1": "discharge_status", "DTP*434": "statement_from", "DTP*472": "service_date",
    "DTP*573": "paid_date", "LX": "number", "SV1": "", "SV2": "", "SV3": "", "DMG": "", "REF*EI": "tax_id",
    "REF*SY": "tax_id", "N3": "address.line1", "N4": "address.zip", "CTP": "ndc_quantity", "NM1": "",
}  # fmt: skip
"""Field of its owner that a segment alone gives; "": all there is of the owner, or the better part of it."""

ELEMENTS = {
    "CLM01": "claim_id", "CLM02": "total_charge", "CLM05": "frequency", "CLM05-3": "frequency",
    "SV101": "procedure", "SV101-2": "procedure", "SV102": "charge", "SV103": "unit", "SV104": "units",
    "SV201": "revenue_code", "SV203": "charge", "SV204": "unit", "SV205": "units",
    "SV301": "procedure", "SV301-2": "procedure", "SV302": "charge", "LX01": "number",
    "DMG02": "birth_date", "DMG03": "sex", "CL101": "admission_type", "CL103": "discharge_status",
    "SBR01": "payer_sequence", "N301": "address.line1", "N403": "address.zip", "PRV03": "taxonomy",
    "LIN03": "ndc", "CTP04": "ndc_quantity", "CTP05-1": "ndc_unit",
}  # fmt: skip
"""Field of its owner that an element gives."""

_DATES = {"472": "service_date", "434": "statement_from", "435": "admission_date", "573": "paid_date"}
_RELATIONSHIP = "subscriber.relationship"


def blank_of_segment(draft: Draft, loop: Loop, name: str) -> str | None:
    """The field that a segment leaves blank where it is missing in `loop`; `name` with its qualifier: "DTP*472"."""
    if (loop.id, name) in (("2000B", "SBR"), ("2000C", "PAT")):
        return None if loop.id == "2000B" and draft.patient else _RELATIONSHIP
    owner = _owner(draft, loop)
    return None if owner is None else _below(owner, SEGMENTS.get(name))


def blank_of_element(draft: Draft, loop: Loop, segment: Segment, element: str) -> str | None:
    """The field that an element leaves blank."""
    if (loop.id, element) in (("2000B", "SBR02"), ("2000C", "PAT01")):
        return None if loop.id == "2000B" and draft.patient else _RELATIONSHIP
    if element == "SBR01" and loop.id == "2000B":
        return ELEMENTS[element]
    if element == "CLM05-1":
        return "type_of_bill" if draft.form == "institutional" else "place_of_service"
    if segment[0] == "HI":
        return _blank_diagnosis(draft, segment, element)
    field = ELEMENTS.get(element)
    qualifier = at(segment, 1) or ""
    if element in ("DTP02", "DTP03"):
        field = _DATES.get(qualifier)
    elif element == "REF02" and qualifier in ("EI", "SY"):
        field = "tax_id"
    owner = _owner(draft, loop)
    return None if owner is None else _below(owner, field)


def blank_of_loop(draft: Draft, loop: str) -> str | None:
    """The field that a whole loop leaves blank."""
    return {
        "2000A": "billing_provider", "2010AA": "billing_provider", "2000B": "subscriber",
        "2010BA": "subscriber" if draft.patient else "patient", "2010BB": "payer", "2000C": "patient",
        "2010CA": "patient", "2400": "lines",
    }.get(loop)  # fmt: skip


def _below(owner: str, field: str | None) -> str | None:
    """A field of an object of the claim; none of the claim itself."""
    if field is None:
        return None
    return f"{owner}.{field}" if owner and field else owner or field or None


def _owner(draft: Draft, loop: Loop) -> str | None:
    """The object of the claim that a loop fills: "" is the claim itself, None a loop that is not read."""
    identifier = loop.id
    if identifier == "2300":
        return ""
    if identifier == "2010BA":
        return "subscriber" if draft.patient else "patient"
    if identifier[:3] in ("231", "242"):
        role = ROLES.get(at(loop.segments[0], 1) or "")
        if role is None or identifier[:3] == "231":
            return role
        line = _index(line_groups(draft.loops), loop)
        return None if line is None else f"lines[{line}].{role}"
    if identifier in ("2400", "2410"):
        line = _index(line_groups(draft.loops), loop)
        return None if line is None else f"lines[{line}]"
    if identifier in ("2320", "2330B"):
        payer = _index(other_payer_groups(draft.loops), loop)
        return None if payer is None else f"other_payers[{payer}]"
    return {"2010AA": "billing_provider", "2000A": "billing_provider", "2010BB": "payer", "2010CA": "patient"}.get(
        identifier
    )


def _index(groups: Iterable[list[Loop]], loop: Loop) -> int | None:
    """Which of the groups a loop belongs to."""
    return next((index for index, group in enumerate(groups) if any(member is loop for member in group)), None)


def _blank_diagnosis(draft: Draft, segment: Segment, element: str) -> str | None:
    """The code of one diagnosis: "HI02-2" is the code of the claim's second, say."""
    if not element.endswith("-2"):
        return None
    count = 0
    for loop in draft.loops:
        for other in loop.segments if loop.id == "2300" else ():
            for index, text in enumerate(other[1:], 1) if other[0] == "HI" else ():
                diagnosis = text.split(draft.component)[0] in DIAGNOSES
                if other is segment and element == f"HI{index:02d}-2":
                    return f"diagnoses[{count}].code" if diagnosis else None
                count += diagnosis
    return None
