"""Loops 2400 to 2440: service lines, with their drug, their providers and what other payers did with them."""

from __future__ import annotations

from datetime import date
from typing import Any

from scrubber.claim import Adjustment, OtherPayerLine, ServiceLine, StructuralFault
from scrubber.readers.x12.claim_level import repricing
from scrubber.readers.x12.draft import Draft
from scrubber.readers.x12.faults import fault, place, shown
from scrubber.readers.x12.loops import ROLES, Loop, Segment
from scrubber.readers.x12.parties import provider_of
from scrubber.readers.x12.values import Values, at, name_at

Fields = dict[str, Any]

Adjudication = tuple[str | None, OtherPayerLine, dict[str, object]]
"""What a 2430 loop says: the payer's id (SVD01), the adjudication, and where it stands."""


def service_line(
    group: list[Loop],
    number: int,
    draft: Draft,
    default: tuple[date | None, date | None],
    values: Values,
    adjudications: list[Adjudication],
) -> ServiceLine:
    """One line from its loops; `default` is the claim's service date, which dental lines without their own take."""
    fields: Fields = {"service_date": default[0], "service_date_end": default[1]}
    component = draft.component
    for loop in group:
        identifier = loop.id
        if identifier == "2400":
            for segment in loop.segments:
                read = _SEGMENTS.get(segment[0])
                if read is not None:
                    read(segment, loop, fields, component, values)
        elif identifier == "2410":
            _drug(loop, fields, component, values)
        elif identifier[:3] == "242":
            role = ROLES.get(at(loop.segments[0], 1) or "")
            if role in _LINE_ROLES and role not in fields:
                fields[role] = provider_of(loop)
        elif identifier == "2430":
            adjudications.append(_adjudication(loop, number, len(adjudications), component, values))
    return ServiceLine(**fields)


_LINE_ROLES = frozenset(
    ("rendering_provider", "referring_provider", "ordering_provider", "supervising_provider", "operating_provider",
     "service_facility")
)  # fmt: skip


def _number(segment: Segment, loop: Loop, fields: Fields, component: str, values: Values) -> None:
    text = segment[1] if len(segment) > 1 else ""
    if text.isascii() and text.isdigit() and len(text) < 7:
        fields["number"] = int(text)
    elif text:
        values.wrong("number-invalid", "is no line number", loop, segment, "01", "number")


def _procedure(parts: list[str], fields: Fields) -> None:
    """The composite medical procedure identifier: qualifier, code, four modifiers, description."""
    if len(parts) > 1:
        fields["procedure"] = parts[1] or None
        if len(parts) > 2:
            fields["modifiers"] = tuple([part for part in parts[2:6] if part])
            if len(parts) > 6:
                fields["description"] = name_at(parts, 6)


def _pointers(segment: Segment, index: int, loop: Loop, fields: Fields, component: str, values: Values) -> None:
    text = segment[index] if len(segment) > index else ""
    if not text:
        return
    pointers = []
    for n, part in enumerate(text.split(component), 1):
        if part.isascii() and part.isdigit() and len(part) < 3:
            pointers.append(int(part))
        elif part:
            values.wrong(
                "number-invalid", "is no diagnosis pointer", loop, segment, f"{index:02d}-{n}", "diagnosis_pointers"
            )
    fields["diagnosis_pointers"] = tuple(pointers)


def _professional(segment: Segment, loop: Loop, fields: Fields, component: str, values: Values) -> None:
    """SV1: professional service."""
    if len(segment) > 1:
        _procedure(segment[1].split(component), fields)
    fields["charge"] = values.number(loop, segment, 2, "charge")
    fields["unit"] = unit = at(segment, 3)
    fields["units"] = units = values.number(loop, segment, 4, "units")
    if unit == "MJ":
        fields["minutes"] = units
    fields["place_of_service"] = at(segment, 5)
    _pointers(segment, 7, loop, fields, component, values)


def _institutional(segment: Segment, loop: Loop, fields: Fields, component: str, values: Values) -> None:
    """SV2: institutional service."""
    fields["revenue_code"] = at(segment, 1)
    if len(segment) > 2 and segment[2]:
        _procedure(segment[2].split(component), fields)
    fields["charge"] = values.number(loop, segment, 3, "charge")
    fields["unit"] = at(segment, 4)
    fields["units"] = values.number(loop, segment, 5, "units")
    fields["noncovered_charge"] = values.number(loop, segment, 7, "noncovered_charge")


def _dental(segment: Segment, loop: Loop, fields: Fields, component: str, values: Values) -> None:
    """SV3: dental service."""
    if len(segment) > 1:
        _procedure(segment[1].split(component), fields)
    fields["charge"] = values.number(loop, segment, 2, "charge")
    fields["place_of_service"] = at(segment, 3)
    if len(segment) > 4 and segment[4]:
        fields["oral_cavity"] = segment[4].split(component)[0] or None
    fields["prosthesis"] = at(segment, 5)
    fields["units"] = values.number(loop, segment, 6, "units")
    _pointers(segment, 11, loop, fields, component, values)


def _tooth(segment: Segment, loop: Loop, fields: Fields, component: str, values: Values) -> None:
    """TOO: the first tooth of the line and its surfaces."""
    if "tooth" not in fields:
        fields["tooth"] = at(segment, 2)
        if len(segment) > 3 and segment[3]:
            fields["surfaces"] = "".join(segment[3].split(component)) or None


def _date(segment: Segment, loop: Loop, fields: Fields, component: str, values: Values) -> None:
    if at(segment, 1) == "472":
        fields["service_date"], fields["service_date_end"] = values.period(loop, segment, "service_date")


def _reference(segment: Segment, loop: Loop, fields: Fields, component: str, values: Values) -> None:
    qualifier = at(segment, 1)
    if qualifier == "6R":
        fields.setdefault("control_number", at(segment, 2))
    elif qualifier == "G1":
        fields.setdefault("prior_authorization", at(segment, 2))


def _repricing(segment: Segment, loop: Loop, fields: Fields, component: str, values: Values) -> None:
    fields["repricing"] = repricing(segment, loop, values)


def _note(segment: Segment, loop: Loop, fields: Fields, component: str, values: Values) -> None:
    """The line note describes the service where the procedure itself does not (NTE01 ADD or DCP)."""
    if at(segment, 1) in ("ADD", "DCP") and not fields.get("description"):
        fields["description"] = at(segment, 2)


_SEGMENTS = {
    "LX": _number, "SV1": _professional, "SV2": _institutional, "SV3": _dental, "TOO": _tooth, "DTP": _date,
    "REF": _reference, "HCP": _repricing, "NTE": _note,
}  # fmt: skip


def _drug(loop: Loop, fields: Fields, component: str, values: Values) -> None:
    """Loop 2410: NDC, quantity and unit."""
    for segment in loop.segments:
        if segment[0] == "LIN":
            if at(segment, 2) == "N4":
                fields["ndc"] = at(segment, 3)
        elif segment[0] == "CTP":
            fields["ndc_quantity"] = values.number(loop, segment, 4, "ndc_quantity")
            fields["ndc_unit"] = segment[5].split(component)[0] or None if len(segment) > 5 else None


def _adjudication(loop: Loop, line: int, index: int, component: str, values: Values) -> Adjudication:
    """Loop 2430: what one other payer paid for the line, and its adjustments."""
    service = loop.segments[0]
    procedure = service[3].split(component) if len(service) > 3 else []
    field = f"other_payers.lines[{index}]"
    paid_date = None
    adjusted: list[Adjustment] = []
    for segment in loop.segments:
        if segment[0] == "CAS":
            adjusted += adjustments(segment, loop, values, field)
        elif segment[0] == "DTP" and at(segment, 1) == "573":
            paid_date = values.period(loop, segment, field + ".paid_date")[0]
    number = loop.number_of(service)
    settled = OtherPayerLine(
        line=line,
        procedure=at(procedure, 1),
        units=values.number(loop, service, 5, field + ".units"),
        paid=values.number(loop, service, 2, field + ".paid"),
        paid_date=paid_date,
        adjustments=tuple(adjusted),
    )
    return at(service, 1), settled, place(number, "2430", "SVD01")


def adjustments(segment: Segment, loop: Loop, values: Values, field: str) -> list[Adjustment]:
    """CAS: up to six reasons of one group, each with its amount and quantity."""
    found = []
    group = at(segment, 1)
    for index in range(2, min(len(segment), 20), 3):
        reason = segment[index] or None
        amount = values.number(loop, segment, index + 1, field + ".adjustments")
        if reason is None and amount is None:
            continue
        quantity = values.number(loop, segment, index + 2, field + ".adjustments")
        found.append(Adjustment(group=group, carc=reason, amount=amount, quantity=quantity))
    return found


def unknown_payer(settled: Adjudication, alone: bool) -> StructuralFault:
    """The fault of an adjudication whose payer the claim does not name; `alone`: there is one it can be meant for."""
    payer, _, at_place = settled
    text = f"SVD01 (segment {at_place['segment']}) names a payer that no loop 2330B names"
    if alone:
        return fault(
            "EDI107", "payer-differs", f"{text}; it is read as the one that there is.", at_place, shown(payer or "")
        )
    return fault("EDI107", "payer-unknown", f"{text}; what it says is not read.", at_place, shown(payer or ""))
