"""Where a field of a claim stands in its 837.

Each field has one static origin (the charge of a line is SV102 of its 2400 loop), so nothing is kept for it while
reading: a position is worked out from the claim's own segments when somebody asks for it. Where the field is blank,
the position is that of the element, or of the segment, that would hold it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from scrubber.claim import Origin
from scrubber.readers.x12.claim_level import DATES, DIAGNOSES, PROCEDURES, REFERENCES
from scrubber.readers.x12.draft import Draft
from scrubber.readers.x12.faults import place
from scrubber.readers.x12.loops import ROLES, Loop, line_groups, other_payer_groups
from scrubber.readers.x12.values import at

Position = Mapping[str, object]

_ELEMENT = re.compile(r"([A-Z][A-Z0-9]{1,2}?)(?:\d\d(?:-\d+)?)?")
_STEP = re.compile(r"([a-z_0-9]+)(?:\[(\d+)\])?")

CLAIM = {
    "claim_id": "CLM01", "total_charge": "CLM02", "place_of_service": "CLM05-1", "type_of_bill": "CLM05-1",
    "frequency": "CLM05-3", "accident": "CLM11", "accident.state": "CLM11-4", "accident.employment": "CLM11",
    "accident.auto": "CLM11", "accident.other": "CLM11", "predetermination": "CLM19", "delay_reason": "CLM20",
    "statement_from": "DTP*434/03", "statement_to": "DTP*434/03", "discharge_hour": "DTP*096/03",
    "admission_hour": "DTP*435/03", "admission_type": "CL101", "admission_source": "CL102", "discharge_status": "CL103",
    "care_dates": "DTP*090/03", "attachments": "PWK01", "claim_note": "NTE02", "repricing": "HCP01",
    "repricing.method": "HCP01", "repricing.allowed": "HCP02", "repricing.saved": "HCP03", "diagnoses": "HI",
    "procedures": "HI", "drg": "HI", "condition_codes": "HI", "occurrence_codes": "HI", "occurrence_spans": "HI",
    "value_codes": "HI", "form": "CLM05-2",
} | {field: f"REF*{code}/02" for code, field in REFERENCES.items() if code != "Y4"} | {
    field: f"DTP*{code}/03" for code, field in DATES.items()
}  # fmt: skip
"""Fields of loop 2300: segment and element, with a qualifier where one is needed."""

LINE = {
    "number": "LX01", "service_date": "DTP*472/03", "service_date_end": "DTP*472/03", "control_number": "REF*6R/02",
    "prior_authorization": "REF*G1/02", "tooth": "TOO02", "surfaces": "TOO03", "repricing": "HCP01",
    "repricing.method": "HCP01", "repricing.allowed": "HCP02", "repricing.saved": "HCP03", "ndc": "LIN03",
    "ndc_quantity": "CTP04", "ndc_unit": "CTP05-1",
}  # fmt: skip

SERVICE = {
    "professional": {
        "procedure": "SV101-2", "modifiers": "SV101", "description": "SV101-7", "charge": "SV102", "unit": "SV103",
        "units": "SV104", "minutes": "SV104", "place_of_service": "SV105", "diagnosis_pointers": "SV107",
    },
    "institutional": {
        "revenue_code": "SV201", "procedure": "SV202-2", "modifiers": "SV202", "description": "SV202-7",
        "charge": "SV203", "unit": "SV204", "units": "SV205", "noncovered_charge": "SV207",
    },
    "dental": {
        "procedure": "SV301-2", "modifiers": "SV301", "description": "SV301-7", "charge": "SV302",
        "place_of_service": "SV303", "oral_cavity": "SV304", "prosthesis": "SV305", "units": "SV306",
        "diagnosis_pointers": "SV311",
    },
}  # fmt: skip

PARTY = {
    "": "NM1", "id": "NM109", "npi": "NM109", "member_id": "NM109", "name": "NM103", "last_name": "NM103",
    "first_name": "NM104", "entity": "NM102", "taxonomy": "PRV03", "tax_id": "REF*EI/02", "zip": "N403",
    "address": "N3", "address.line1": "N301", "address.line2": "N302", "address.city": "N401",
    "address.state": "N402", "address.zip": "N403", "state": "N402", "birth_date": "DMG02", "sex": "DMG03",
    "age_years": "DMG02",
}  # fmt: skip

LEVEL = {
    "payer_sequence": ("2000B", "SBR01"), "payer.kind": ("2000B", "SBR09"),
    "payer.filing_indicator": ("2000B", "SBR09"), "payer.insurance_type": ("2000B", "SBR05"),
    "subscriber.group_number": ("2000B", "SBR03"),
}  # fmt: skip

OTHER_PAYER = {
    "": ("2320", "SBR"), "sequence": ("2320", "SBR01"), "relationship": ("2320", "SBR02"),
    "group_number": ("2320", "SBR03"), "insurance_type": ("2320", "SBR05"), "kind": ("2320", "SBR09"),
    "filing_indicator": ("2320", "SBR09"), "paid": ("2320", "AMT*D/02"), "patient_owes": ("2320", "AMT*EAF/02"),
    "id": ("2330B", "NM109"), "name": ("2330B", "NM103"), "paid_date": ("2330B", "DTP*573/03"),
    "member_id": ("2330A", "NM109"),
}  # fmt: skip

HI_OF = {
    "condition_codes": ("BG",), "occurrence_codes": ("BH",), "occurrence_spans": ("BI",), "value_codes": ("BE",),
    "drg": ("DR",), "procedures": tuple(PROCEDURES), "diagnoses": tuple(DIAGNOSES),
}  # fmt: skip
HI_PART = {"code": 2, "date": 4, "first_day": 4, "last_day": 4, "amount": 5, "poa": 9, "kind": 1, "code_set": 1}


@attrs.frozen(kw_only=True)
class X12Origin(Origin):
    """Keeps the claim's own segments; a position is worked out only when it is asked for."""

    draft: Draft = attrs.field(repr=False, eq=False)

    def position(self, field: str) -> Position | None:
        """Segment (ST = 1), loop and element of a field, or of the place where it is missing; None if unknown."""
        steps = [_STEP.fullmatch(step) for step in field.split(".")]
        if not field or any(step is None for step in steps):
            return None
        names = [(step[1], None if step[2] is None else int(step[2])) for step in steps if step is not None]
        (head, index), rest = names[0], ".".join(name for name, _ in names[1:])
        if head == "lines":
            return self._line(index, rest)
        if head == "other_payers":
            return self._other_payer(index, names[1:])
        if head in HI_OF:
            return self._code(head, index, rest)
        if head == "attachments" and index is not None:
            return self._attachment(index, rest)
        whole = f"{head}.{rest}" if rest else head
        if whole in CLAIM:
            return self._in_claim(CLAIM[whole])
        return self._party(head, rest, whole)

    # -------------------------------------------------------------------------------------------------- the claim

    def _in_claim(self, place_of_field: str) -> Position:
        loops = [loop for loop in self.draft.loops if loop.id == "2300"]
        return _find(loops, place_of_field)

    def _attachment(self, index: int, rest: str) -> Position | None:
        elements = {"": "PWK01", "type": "PWK01", "transmission": "PWK02", "control_number": "PWK06"}
        found = [(loop, s) for loop in self.draft.loops if loop.id == "2300" for s in loop.segments if s[0] == "PWK"]
        if index >= len(found) or rest not in elements:
            return None
        loop, segment = found[index]
        return place(loop.number_of(segment), loop.id, elements[rest])

    def _code(self, head: str, index: int | None, rest: str) -> Position | None:
        """An HI composite: the `index`-th of the claim with a qualifier of this field."""
        count = 0
        for loop in self.draft.loops:
            for segment in loop.segments if loop.id == "2300" else ():
                if segment[0] != "HI":
                    continue
                for element, text in enumerate(segment[1:], 1):
                    parts = text.split(self.draft.component)
                    if parts[0] not in HI_OF[head] or (head == "condition_codes" and not at(parts, 1)):
                        continue
                    if count == (index or 0):
                        part = HI_PART.get(rest, 2)
                        name = f"HI{element:02d}" if index is None and head != "drg" else f"HI{element:02d}-{part}"
                        return place(loop.number_of(segment), loop.id, name)
                    count += 1
        return self._in_claim("HI") if index is None else None

    # ---------------------------------------------------------------------------------------------------- parties

    def _party(self, head: str, rest: str, whole: str) -> Position | None:
        draft = self.draft
        if whole in LEVEL:
            identifier, where = LEVEL[whole]
            return _find([loop for loop in draft.subscriber if loop.id == identifier], where) or None
        if whole == "subscriber.relationship":
            loops = [loop for loop in draft.patient if loop.id == "2000C"]
            if loops:
                return _find(loops, "PAT01")
            return _find([loop for loop in draft.subscriber if loop.id == "2000B"], "SBR02")
        if whole == "patient.death_date":
            loops = [loop for loop in draft.patient or draft.subscriber if loop.id in ("2000C", "2000B")]
            return _find(loops, "PAT06")
        if whole == "property_casualty_number":
            loops = [loop for loop in draft.patient + draft.subscriber if loop.id in ("2010CA", "2010BA")]
            return _find(loops, "REF*Y4/02")
        if rest not in PARTY and not rest.startswith("pay_to_address"):
            return None
        if head == "payer":
            return _find([loop for loop in draft.subscriber if loop.id == "2010BB"], PARTY[rest])
        if head == "subscriber":
            return _find([loop for loop in draft.subscriber if loop.id == "2010BA"], PARTY[rest])
        if head == "patient":
            wanted, loops = ("2010CA", draft.patient) if draft.patient else ("2010BA", draft.subscriber)
            return _find([loop for loop in loops if loop.id == wanted], PARTY[rest])
        if head == "billing_provider":
            return self._billing(rest)
        return self._provider([loop for loop in draft.loops if loop.id[:3] == "231"], head, rest, draft.loops[0])

    def _billing(self, rest: str) -> Position:
        loops = self.draft.billing
        if rest.startswith("pay_to_address"):
            part = rest.removeprefix("pay_to_").strip(".")
            return _find([loop for loop in loops if loop.id == "2010AB"], PARTY.get(part, "N3"))
        level = "2000A" if rest == "taxonomy" else "2010AA"
        own = [loop for loop in loops if loop.id == level]
        return _tax_number(own[0]) if rest == "tax_id" and own else _find(own, PARTY[rest])

    def _provider(self, loops: list[Loop], role: str, rest: str, anchor: Loop) -> Position | None:
        if role not in ROLES.values() or rest not in PARTY:
            return None
        for loop in loops:
            if ROLES.get(at(loop.segments[0], 1) or "") == role:
                return _tax_number(loop) if rest == "tax_id" else _find([loop], PARTY[rest])
        return place(anchor.start, anchor.id, anchor.segments[0][0])

    # ------------------------------------------------------------------------------------------------------ lines

    def _line(self, index: int | None, rest: str) -> Position | None:
        groups = list(line_groups(self.draft.loops))
        if index is None or index >= len(groups):
            last = self.draft.loops[-1]
            return place(last.start + len(last.segments), "2400", "LX") if index is None or not groups else None
        group = groups[index]
        own = [loop for loop in group if loop.id == "2400"]
        if not rest:
            return place(group[0].start, "2400", group[0].segments[0][0])
        where = SERVICE[self.draft.form].get(rest) or LINE.get(rest)
        if where is None:
            role, _, part = rest.partition(".")
            return self._provider([loop for loop in group if loop.id[:3] == "242"], role, part, own[0])
        if rest.startswith("ndc"):
            drug = [loop for loop in group if loop.id == "2410"]
            return _find(drug, where) if drug else place(own[0].start, "2410", "LIN")
        if rest.startswith("service_date") and not _has(own, "DTP", "472") and self.draft.form == "dental":
            claim = [loop for loop in self.draft.loops if loop.id == "2300"]
            if _has(claim, "DTP", "472"):
                return _find(claim, where)
        return _find(own, where)

    def _other_payer(self, index: int | None, names: list[tuple[str, int | None]]) -> Position | None:
        groups = list(other_payer_groups(self.draft.loops))
        if index is None or index >= len(groups):
            first = self.draft.loops[0]
            return None if groups and index is not None else place(first.start, "2320", "SBR")
        group = groups[index]
        head, inner = names[0] if names else ("", None)
        if head == "adjustments":
            return _adjustment([loop for loop in group if loop.id == "2320"], inner or 0, names[1:])
        if head == "lines":
            return self._settled(group, inner or 0, names[1:])
        if head not in OTHER_PAYER:
            return None
        identifier, where = OTHER_PAYER[head]
        loops = [loop for loop in group if loop.id == identifier]
        return _find(loops, where) if loops else place(group[0].start, identifier, "NM1")

    def _settled(self, group: list[Loop], index: int, names: list[tuple[str, int | None]]) -> Position | None:
        """A 2430 loop: the `index`-th that names this payer."""
        payer = next((at(loop.segments[0], 9) for loop in group if loop.id == "2330B"), None)
        settled = [loop for loop in self.draft.loops if loop.id == "2430" and at(loop.segments[0], 1) == payer]
        if index >= len(settled):
            return None
        loop = settled[index]
        head = names[0][0] if names else ""
        if head == "adjustments":
            return _adjustment([loop], names[0][1] or 0, names[1:])
        elements = {"": "SVD", "line": "SVD", "procedure": "SVD03-2", "units": "SVD05", "paid": "SVD02"}
        return _find([loop], "DTP*573/03" if head == "paid_date" else elements.get(head, "SVD"))


def _find(loops: list[Loop], where: str) -> Position:
    """The place of "CLM05-3", or of "DTP*434/03" with its qualifier; the head of the loop where it is missing.

    There the element is the missing segment, or, where the loop may have others of its kind, the element itself.
    """
    identifier, qualifier = where, None
    if "/" in where:
        key, element = where.split("/")
        identifier, qualifier = key.split("*")
        name = identifier + element
    else:
        identifier, name = _ELEMENT.fullmatch(where)[1], where  # type: ignore[index]
    for loop in loops:
        for segment in loop.segments:
            if segment[0] == identifier and (qualifier is None or at(segment, 1) == qualifier):
                return place(loop.number_of(segment), loop.id, name)
    if loops:
        return place(loops[0].start, loops[0].id, name if qualifier else identifier)
    return place(0, "", name)


def _tax_number(loop: Loop) -> Position:
    """REF EI or SY of a provider; 004010 has it in NM109 where NM108 is 24 or 34."""
    found = next((s for s in reversed(loop.segments) if s[0] == "REF" and at(s, 1) in ("EI", "SY") and at(s, 2)), None)
    if found is not None:
        return place(loop.number_of(found), loop.id, "REF02")
    if at(loop.segments[0], 8) in ("24", "34") and at(loop.segments[0], 9):
        return place(loop.start, loop.id, "NM109")
    given = next((at(s, 1) for s in loop.segments if s[0] == "REF" and at(s, 1) in ("EI", "SY")), "EI")
    return _find([loop], f"REF*{given}/02")


def _has(loops: list[Loop], identifier: str, qualifier: str) -> bool:
    return any(s[0] == identifier and at(s, 1) == qualifier for loop in loops for s in loop.segments)


def _adjustment(loops: list[Loop], index: int, names: list[tuple[str, int | None]]) -> Position | None:
    """The `index`-th adjustment of the CAS segments: group, reason, amount or quantity."""
    count = 0
    for loop in loops:
        for segment in loop.segments:
            for element in range(2, min(len(segment), 20), 3) if segment[0] == "CAS" else ():
                if not at(segment, element) and not at(segment, element + 1):
                    continue
                if count == index:
                    part = names[0][0] if names else "carc"
                    offset = {"group": 1 - element, "carc": 0, "amount": 1, "quantity": 2}.get(part, 0)
                    return place(loop.number_of(segment), loop.id, f"CAS{element + offset:02d}")
                count += 1
    return place(loops[0].start, loops[0].id, "CAS") if loops else None
