"""Loop 2300 with its providers (2310): the fields of a claim that stand above its lines."""

from __future__ import annotations

from datetime import date
from typing import Any

from scrubber.claim import (
    Accident,
    Attachment,
    CareDates,
    Diagnosis,
    DiagnosisKind,
    InstitutionalProcedure,
    OccurrenceCode,
    OccurrenceSpan,
    Repricing,
    ValueCode,
)
from scrubber.readers.x12.draft import Draft
from scrubber.readers.x12.loops import ROLES, Loop, Segment
from scrubber.readers.x12.parties import provider_of
from scrubber.readers.x12.values import Values, at, day_of, name_at, period_of

Fields = dict[str, Any]

DIAGNOSES: dict[str, tuple[DiagnosisKind, str]] = {
    "ABK": ("principal", "icd10"), "ABF": ("other", "icd10"), "ABJ": ("admitting", "icd10"),
    "APR": ("reason_for_visit", "icd10"), "ABN": ("external_cause", "icd10"),
    "BK": ("principal", "icd9"), "BF": ("other", "icd9"), "BJ": ("admitting", "icd9"),
    "PR": ("reason_for_visit", "icd9"), "BN": ("external_cause", "icd9"), "ZZ": ("reason_for_visit", "icd9"),
}  # fmt: skip
"""Kind and code set by HI qualifier; ZZ is the reason for the visit of 004010."""

PROCEDURES = {"BBR": "icd10", "BBQ": "icd10", "BR": "icd9", "BQ": "icd9"}

REFERENCES = {
    "G1": "prior_authorization", "F8": "original_reference", "X4": "clia_number", "P4": "clinical_trial_number",
    "Y4": "property_casualty_number",
}  # fmt: skip
"""Field by REF qualifier of loop 2300."""

DATES = {
    "431": "onset_date", "454": "initial_treatment_date", "050": "receipt_date", "435": "admission_date",
    "439": "accident.date", "090": "care_dates.assumed", "091": "care_dates.relinquished",
}  # fmt: skip
"""Field by DTP qualifier of loop 2300, where it is one date."""


def claim_level(draft: Draft, values: Values) -> Fields:
    """The fields that the 2300 and 2310 loops of a claim give."""
    fields: Fields = {}
    found = _Codes()
    dates: dict[str, date | None] = {}
    notes: list[str] = []
    attachments: list[Attachment] = []
    component = draft.component
    for loop in draft.loops:
        identifier = loop.id
        if identifier == "2300":
            for segment in loop.segments:
                name = segment[0]
                if name == "HI":
                    _codes(segment, loop, component, found, values)
                elif name == "REF":
                    if len(segment) > 2 and segment[1] in REFERENCES:
                        fields.setdefault(REFERENCES[segment[1]], segment[2] or None)
                elif name == "DTP":
                    _date(segment, loop, fields, dates, values)
                elif name == "CLM":
                    _claim(segment, loop, draft, fields, values)
                elif name == "CL1":
                    fields["admission_type"] = at(segment, 1)
                    fields["admission_source"] = at(segment, 2)
                    fields["discharge_status"] = at(segment, 3)
                elif name == "NTE":
                    notes.append(name_at(segment, 2) or "")
                elif name == "PWK":
                    attachments.append(
                        Attachment(type=at(segment, 1), transmission=at(segment, 2), control_number=at(segment, 6))
                    )
                elif name == "HCP":
                    fields["repricing"] = repricing(segment, loop, values)
        elif identifier[:3] == "231":
            role = ROLES.get(at(loop.segments[0], 1) or "")
            if role is not None and role not in fields:
                fields[role] = provider_of(loop)
        elif identifier == "2400":
            break
    _dates_into(fields, dates, draft)
    if notes:
        fields["claim_note"] = " ".join(notes) or None
    if attachments:
        fields["attachments"] = tuple(attachments)
    found.into(fields)
    return fields


def _claim(segment: Segment, loop: Loop, draft: Draft, fields: Fields, values: Values) -> None:
    fields["claim_id"] = at(segment, 1)
    fields["total_charge"] = values.number(loop, segment, 2, "total_charge")
    component = draft.component
    facility = segment[5].split(component) if len(segment) > 5 else []
    frequency = at(facility, 2)
    fields["frequency"] = frequency
    if draft.form == "institutional":
        if facility and facility[0]:
            fields["type_of_bill"] = "0" + facility[0] + (frequency or "")
    elif facility:
        fields["place_of_service"] = facility[0] or None
    if len(segment) > 11 and segment[11]:
        fields["accident"] = _accident(segment[11].split(component), draft)
    if draft.form == "dental":
        fields["predetermination"] = at(segment, 19) == "PB"
    if draft.guide.predetermination:
        fields["predetermination"] = True
    fields["delay_reason"] = at(segment, 20)


_CAUSES = {"EM": "employment", "AA": "auto", "OA": "other", "AP": "other", "AB": None}
"""Causes that CLM11 names; 004010 has two more, another party and abuse."""


def _accident(parts: list[str], draft: Draft) -> Accident:
    """CLM11: the guides ask for every cause there is, so that a cause that is not named is none.

    Where a code is none of theirs it may stand for any cause. Institutional claims tell causes by occurrence codes.
    """
    named = {code for code in parts[:3] if code}
    known = named <= set(_CAUSES) and draft.form != "institutional" and (bool(named) or not any(parts))
    causes = {_CAUSES.get(code) for code in named}

    def answer(cause: str) -> bool | None:
        return True if cause in causes else False if known else None

    return Accident(state=at(parts, 3), employment=answer("employment"), auto=answer("auto"), other=answer("other"))


def _date(segment: Segment, loop: Loop, fields: Fields, dates: dict[str, date | None], values: Values) -> None:
    qualifier = at(segment, 1) or ""
    if qualifier in DATES:
        field = DATES[qualifier]
        first, _ = values.period(loop, segment, field)
        dates.setdefault(field, first)
        if qualifier == "435" and first is not None and segment[2] == "DT":
            fields["admission_hour"] = segment[3][8:10]
    elif qualifier == "434":
        first, last = values.period(loop, segment, "statement_from")
        fields["statement_from"], fields["statement_to"] = first, last or first
    elif qualifier == "096" and at(segment, 2) == "TM" and len(segment) > 3:
        fields["discharge_hour"] = values.hour(loop, segment, segment[3], "discharge_hour")
    elif qualifier == "472":
        dates["service_date"], dates["service_date_end"] = values.period(loop, segment, "lines[0].service_date")


def _dates_into(fields: Fields, dates: dict[str, date | None], draft: Draft) -> None:
    """Put the dates of loop 2300 where they belong; those of an accident and of care go into their own objects."""
    if not dates:
        return
    if "accident.date" in dates:
        known: Accident = fields.get("accident") or _accident([], draft)
        day = dates.pop("accident.date")
        fields["accident"] = Accident(
            date=day, state=known.state, employment=known.employment, auto=known.auto, other=known.other
        )
    if "care_dates.assumed" in dates or "care_dates.relinquished" in dates:
        fields["care_dates"] = CareDates(
            assumed=dates.pop("care_dates.assumed", None), relinquished=dates.pop("care_dates.relinquished", None)
        )
    fields.update(dates)


def repricing(segment: Segment, loop: Loop, values: Values) -> Repricing:
    """HCP: method, allowed and saved amount."""
    return Repricing(
        method=at(segment, 1),
        allowed=values.number(loop, segment, 2, "repricing.allowed"),
        saved=values.number(loop, segment, 3, "repricing.saved"),
    )


class _Codes:
    """What the HI segments of a claim hold, in their order."""

    def __init__(self) -> None:
        self.diagnoses: list[Diagnosis] = []
        self.procedures: list[InstitutionalProcedure] = []
        self.conditions: list[str] = []
        self.occurrences: list[OccurrenceCode] = []
        self.spans: list[OccurrenceSpan] = []
        self.values: list[ValueCode] = []
        self.drg: str | None = None

    def into(self, fields: Fields) -> None:
        fields["diagnoses"] = tuple(self.diagnoses)
        fields["drg"] = self.drg
        fields["procedures"] = tuple(self.procedures)
        fields["condition_codes"] = tuple(self.conditions)
        fields["occurrence_codes"] = tuple(self.occurrences)
        fields["occurrence_spans"] = tuple(self.spans)
        fields["value_codes"] = tuple(self.values)


def _codes(segment: Segment, loop: Loop, component: str, found: _Codes, values: Values) -> None:
    """One HI: each composite is a qualifier and a code, with a date, an amount or a present-on-admission mark."""
    for index in range(1, len(segment)):
        text = segment[index]
        if not text:
            continue
        parts = text.split(component)
        qualifier = parts[0]
        code = at(parts, 1)
        kind = DIAGNOSES.get(qualifier)
        if kind is not None:
            found.diagnoses.append(
                Diagnosis(code=code, kind=kind[0], poa=at(parts, 8), code_set=kind[1])  # type: ignore[arg-type]
            )
        elif qualifier in PROCEDURES:
            field = f"procedures[{len(found.procedures)}].date"
            day = _coded_day(parts, "D8", segment, index, loop, field, values)[0]
            code_set: Any = PROCEDURES[qualifier]
            found.procedures.append(InstitutionalProcedure(code=code, date=day, code_set=code_set))
        elif qualifier == "BG":
            if code:
                found.conditions.append(code)
        elif qualifier == "BH":
            field = f"occurrence_codes[{len(found.occurrences)}].date"
            day = _coded_day(parts, "D8", segment, index, loop, field, values)[0]
            found.occurrences.append(OccurrenceCode(code=code, date=day))
        elif qualifier == "BI":
            field = f"occurrence_spans[{len(found.spans)}].first_day"
            first, last = _coded_day(parts, "RD8", segment, index, loop, field, values)
            found.spans.append(OccurrenceSpan(code=code, first_day=first, last_day=last))
        elif qualifier == "BE":
            field = f"value_codes[{len(found.values)}].amount"
            found.values.append(ValueCode(code=code, amount=values.part(loop, segment, index, parts, 5, field)))
        elif qualifier == "DR":
            found.drg = code


def _coded_day(
    parts: list[str], form: str, segment: Segment, index: int, loop: Loop, field: str, values: Values
) -> tuple[date | None, date | None]:
    """The date of a code: component 4, in the format that component 3 names."""
    text = at(parts, 3)
    if text is None:
        return None, None
    if form == "D8":
        first = day_of(text)
        if first is not None:
            return first, None
        found = None
    else:
        found = period_of(form, text)
    if found is None:
        values.wrong("date-invalid", f"is no date of format {form}", loop, segment, f"{index:02d}-4", field)
        return None, None
    return found
