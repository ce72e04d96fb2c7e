"""Every field a rule may name: its type, its meaning, and where it stands on the 837 and on paper.

A rule writes `alias.field` ("line.procedure", "claim.patient.sex"). Each entry says how compiled code reaches the value
from the facts of its scope (`access`) and under which path of the claim a finding names it (`path`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

import attrs

from scrubber.errors import UnknownName


class FieldType(StrEnum):
    """What a value is: it decides which words of the rule language fit it."""

    CODE = "code"
    CODES = "codes"
    TEXT = "text"
    NUMBER = "number"
    NUMBERS = "numbers"
    MONEY = "money"
    DATE = "date"
    FLAG = "flag"
    OBJECT = "object"


class ScopeKind(StrEnum):
    """What a rule looks at one by one."""

    CLAIM = "claim"
    LINE = "line"
    PROCEDURE_LINE = "procedure_line"
    DIAGNOSIS = "diagnosis"
    PROVIDER = "provider"
    PROCEDURE = "procedure"
    FAULT = "structural_fault"


@attrs.frozen
class Field:
    """One field of a scope. `private` fields may be tested but never shown in a message.

    `source` names the field of the claim that a derived field needs, from the claim's top.
    """

    name: str
    type: FieldType
    meaning: str
    access: str
    x12: str = ""
    paper: str = ""
    private: bool = False
    source: str = ""

    def path_below(self, item_path: str) -> str:
        """Where the field stands in the claim ("lines[1].charge"), given the path of its item."""
        return self.source or (f"{item_path}.{self.name}" if item_path else self.name)


def _field(name: str, type_: FieldType, meaning: str, x12: str = "", paper: str = "", *, private: bool = False,
           source: str = "") -> Field:  # fmt: skip
    return Field(name, type_, meaning, name, x12, paper, private, source)


C, CS, T, N, NS, M, D, F, O = (
    FieldType.CODE, FieldType.CODES, FieldType.TEXT, FieldType.NUMBER, FieldType.NUMBERS,
    FieldType.MONEY, FieldType.DATE, FieldType.FLAG, FieldType.OBJECT,
)  # fmt: skip


def _raw(name: str, type_: FieldType, meaning: str, x12: str = "", paper: str = "", private: bool = False) -> Field:
    """A field of the scope's own claim object; "?" marks a hop that may be blank."""
    return Field(name, type_, meaning, f"raw.{name}", x12, paper, private)


def _claim(name: str, type_: FieldType, meaning: str, x12: str = "", paper: str = "", private: bool = False,
           access: str = "") -> Field:  # fmt: skip
    return Field(name, type_, meaning, access or f"claim.{name}", x12, paper, private)


_CLAIM_FIELDS = (
    _claim("claim_id", T, "patient control number", "CLM01", "CMS-1500 26, UB-04 3a", private=True),
    _claim("form", C, "professional, institutional or dental", "ST03"),
    _field("setting", C, "professional, dental, inpatient or outpatient (from the type of bill)"),
    _field("inpatient", F, "the type of bill is an inpatient one"),
    _claim("frequency", C, "claim frequency code", "CLM05-3", "CMS-1500 22"),
    _claim("original_reference", T, "payer's number of the claim this one replaces", "REF F8", "CMS-1500 22", private=True),
    _claim("prior_authorization", T, "prior authorization number", "REF G1", "CMS-1500 23", private=True),
    _claim("payer.id", C, "payer identifier", "2010BB NM109"),
    _claim("payer.name", T, "payer name", "2010BB NM103"),
    _claim("payer.kind", C, "kind of payer (medicare, medicaid, commercial …)", "SBR09"),
    _claim("payer_sequence", C, "primary, secondary, tertiary", "SBR01"),
    _claim("subscriber.member_id", T, "member id of the insured", "2010BA NM109", "CMS-1500 1a", private=True),
    _claim("subscriber.relationship", C, "relationship of the patient to the insured", "SBR02, PAT01", "CMS-1500 6"),
    _claim("subscriber.birth_date", D, "birth date of the insured", "2010BA DMG02", "CMS-1500 11a", private=True),
    _claim("subscriber.sex", C, "sex of the insured", "2010BA DMG03", "CMS-1500 11a", private=True),
    _claim("patient.birth_date", D, "patient's birth date", "DMG02", "CMS-1500 3, UB-04 10", private=True),
    _claim("patient.age_years", N, "patient's age as the source states it", private=True),
    _claim("patient.sex", C, "patient's sex", "DMG03", "CMS-1500 3, UB-04 11", private=True),
    _claim("patient.death_date", D, "patient's date of death", "PAT06", private=True),
    _claim("patient.state", C, "state the patient lives in", "N402", "CMS-1500 5"),
    _field("age_years", N, "age in whole years on admission (inpatient), else on the first service date", private=True,
           source="patient.birth_date"),
    _claim("billing_provider.npi", C, "billing provider NPI", "2010AA NM109", "CMS-1500 33a, UB-04 56"),
    _claim("billing_provider.taxonomy", C, "billing provider taxonomy", "2000A PRV03"),
    _claim("billing_provider.tax_id", T, "billing provider tax id", "2010AA REF EI/SY", "CMS-1500 25", private=True),
    _claim("billing_provider.address", O, "billing provider address", "2010AA N3, N4", "CMS-1500 33"),
    _claim("billing_provider.address.line1", T, "billing provider street line", "2010AA N301", "CMS-1500 33",
           True, "claim.billing_provider.address?.line1"),
    _claim("billing_provider.address.zip", T, "billing provider ZIP code", "2010AA N403", "CMS-1500 33",
           True, "claim.billing_provider.address?.zip"),
    _claim("rendering_provider", O, "rendering provider", "2310B", "CMS-1500 24J"),
    _claim("rendering_provider.npi", C, "rendering provider NPI", "2310B NM109", "CMS-1500 24J",
           access="claim.rendering_provider?.npi"),
    _claim("rendering_provider.taxonomy", C, "rendering provider taxonomy", "2310B PRV03",
           access="claim.rendering_provider?.taxonomy"),
    _claim("referring_provider.npi", C, "referring provider NPI", "2310A NM109", "CMS-1500 17b",
           access="claim.referring_provider?.npi"),
    _claim("ordering_provider.npi", C, "ordering provider NPI", "2420E NM109", "CMS-1500 17b",
           access="claim.ordering_provider?.npi"),
    _claim("attending_provider", O, "attending provider", "2310A", "UB-04 76"),
    _claim("attending_provider.npi", C, "attending provider NPI", "2310A NM109", "UB-04 76",
           access="claim.attending_provider?.npi"),
    _claim("operating_provider.npi", C, "operating provider NPI", "2310B NM109", "UB-04 77",
           access="claim.operating_provider?.npi"),
    _claim("service_facility", O, "service facility", "2310C", "CMS-1500 32"),
    _claim("service_facility.zip", T, "service facility ZIP code", "2310C N403", "CMS-1500 32", True,
           "claim.service_facility?.zip"),
    _claim("place_of_service", C, "place of service of the claim", "CLM05-1", "CMS-1500 24B"),
    _claim("diagnoses", O, "all diagnoses", "HI", "CMS-1500 21, UB-04 67"),
    _field("diagnosis_codes", CS, "codes of all diagnoses but admitting ones and reasons for the visit",
           source="diagnoses"),
    _claim("lines", O, "all service lines", "2400", "CMS-1500 24, UB-04 42-47"),
    _claim("procedures", O, "procedure codes of an institutional claim", "HI BBR, BBQ", "UB-04 74"),
    _claim("other_payers", O, "other payers of the claim", "2320", "CMS-1500 9, UB-04 50"),
    _claim("attachments", O, "paperwork that goes with the claim", "PWK"),
    _claim("total_charge", M, "total charge", "CLM02", "CMS-1500 28, UB-04 47 line 23"),
    _field("line_charges", M, "exact sum of the line charges, without revenue 0001", source="lines.charge"),
    _claim("accident", O, "what the claim says of an accident", "CLM11", "CMS-1500 10"),
    _claim("accident.date", D, "date of the accident", "DTP 439", "CMS-1500 14", access="claim.accident?.date"),
    _claim("accident.state", C, "state of the auto accident", "CLM11-4", "CMS-1500 10b", access="claim.accident?.state"),
    _claim("accident.employment", F, "related to employment", "CLM11 EM", "CMS-1500 10a",
           access="claim.accident?.employment"),
    _claim("accident.auto", F, "auto accident", "CLM11 AA", "CMS-1500 10b", access="claim.accident?.auto"),
    _claim("accident.other", F, "other accident", "CLM11 OA", "CMS-1500 10c", access="claim.accident?.other"),
    _claim("receipt_date", D, "date the claim was received", "DTP 050"),
    _claim("delay_reason", C, "delay reason code", "CLM20"),
    _claim("claim_note", T, "claim note", "NTE", "CMS-1500 19, UB-04 80", private=True),
    _claim("jurisdiction", C, "Medicare contractor's jurisdiction"),
    _claim("property_casualty_number", T, "property and casualty claim number", "REF Y4", private=True),
    _claim("clinical_trial_number", C, "clinical trial number", "REF P4"),
    _claim("clia_number", C, "CLIA number", "REF X4", "CMS-1500 23"),
    _claim("predetermination", F, "a request for predetermination of benefits", "CLM19"),
    _claim("type_of_bill", C, "type of bill", "CLM05-1, CLM05-3", "UB-04 4"),
    _field("bill_type", C, "type of bill with its leading zero"),
    _field("bill_frequency", C, "last character of the type of bill"),
    _field("billed_frequency", C, "frequency code, else the last character of the type of bill", source="frequency"),
    _claim("statement_from", D, "first day of the statement", "DTP 434", "UB-04 6"),
    _claim("statement_to", D, "last day of the statement", "DTP 434", "UB-04 6"),
    _claim("admission_date", D, "admission date", "DTP 435", "UB-04 12"),
    _claim("admission_type", C, "priority of the admission", "CL101", "UB-04 14"),
    _claim("admission_source", C, "point of origin", "CL102", "UB-04 15"),
    _claim("discharge_status", C, "patient discharge status", "CL103", "UB-04 17"),
    _claim("condition_codes", CS, "condition codes", "HI BG", "UB-04 18-28"),
    _field("first_date", D, "first day of service", source="lines.service_date"),
    _field("last_date", D, "last day of service", source="lines.service_date"),
    _field("places_without_facility", CS, "places of service for which neither line nor claim names a facility",
           source="place_of_service"),
    _field("service_span", N, "days from the first to the last date of service of the lines, 0 without dates",
           source="lines.service_date"),
    _field("as_of", D, "date that selects logic and rows for the claim"),
    _field("reference_date", D, "what stands for today: the caller's as-of date, else the receipt date", source="receipt_date"),
)  # fmt: skip

_LINE_FIELDS = (
    _field("position", N, "1-based place of the line in the claim"),
    _raw("number", N, "line number as the source gives it", "LX01"),
    _field("procedure", C, "procedure code", "SV101-2, SV202-2, SV301-2", "CMS-1500 24D, UB-04 44"),
    _raw("modifiers", CS, "procedure modifiers", "SV101-3 to -6", "CMS-1500 24D"),
    _raw("description", T, "description of the service", "SV101-7", private=True),
    _raw("units", N, "units of service", "SV104, SV205, SV306", "CMS-1500 24G, UB-04 46"),
    _raw("unit", C, "unit of measure (UN, MJ, DA)", "SV103, SV204"),
    _raw("minutes", N, "minutes of the service", "SV104 with MJ"),
    _raw("charge", M, "charge of the line", "SV102, SV203, SV302", "CMS-1500 24F, UB-04 47"),
    _raw("noncovered_charge", M, "non-covered part of the charge", "SV207", "UB-04 48"),
    _raw("service_date", D, "date of service", "DTP 472", "CMS-1500 24A, UB-04 45"),
    _raw("service_date_end", D, "last date of service, where it spans days", "DTP 472", "CMS-1500 24A"),
    _field("last_date", D, "last date of service, the first one where it spans no days"),
    _field("days", N, "days of the span, first and last included"),
    _field("place_of_service", C, "place of service, the line's or else the claim's", "SV105, CLM05-1", "CMS-1500 24B"),
    _raw("diagnosis_pointers", NS, "numbers of the diagnoses the line points to", "SV107, SV311", "CMS-1500 24E"),
    _raw("revenue_code", C, "revenue code", "SV201", "UB-04 42"),
    _raw("ndc", C, "national drug code", "LIN03", "CMS-1500 24 shaded"),
    _raw("ndc_unit", C, "unit of the drug", "CTP05", "CMS-1500 24 shaded"),
    _raw("ndc_quantity", N, "quantity of the drug", "CTP04", "CMS-1500 24 shaded"),
    _raw("tooth", C, "tooth", "TOO02", "ADA 27"),
    _raw("surfaces", C, "tooth surfaces", "TOO03", "ADA 28"),
    _raw("oral_cavity", C, "area of the oral cavity", "SV304", "ADA 25"),
    _field("rendering_npi", C, "rendering NPI: the line's, the claim's, else the billing NPI", "2420A, 2310B, 2010AA"),
    _field("named_rendering_npi", C, "rendering NPI that the line or the claim names", "2420A, 2310B", "CMS-1500 24J",
           source="rendering_provider"),
    _field(
        "ordering_or_referring_npi", C, "ordering NPI, else referring NPI, of the line or the claim", "2420E, 2310A"
    ),
    _field("age_years", N, "age in whole years on the date of service", private=True, source="patient.birth_date"),
    _field("age_days", N, "age in days on the date of service", private=True, source="patient.birth_date"),
    _field("as_of", D, "the line's date of service"),
)

_DIAGNOSIS_FIELDS = (
    _field("position", N, "1-based place of the diagnosis in the list"),
    _field("code", C, "diagnosis code without the dot", "HI", "CMS-1500 21, UB-04 66-72"),
    _raw("kind", C, "kind as the source gives it", "HI qualifier"),
    _field("role", C, "kind, a blank one read as principal (first) or other", "HI qualifier"),
    _raw("poa", C, "present on admission", "HI01-9", "UB-04 67"),
    _field("first_listed", F, "first of the list"),
    _field("principal", F, "the principal diagnosis"),
    _field("first_pointed", F, "first pointer of some line", "SV107-1", "CMS-1500 24E"),
    _field("leads", F, "principal (institutional), else first-listed or first pointer of a professional line"),
    _field("pointed_modifiers", CS, "modifiers of the lines that point to it"),
    _field("as_of", D, "earliest date on which the code must hold"),
)

_PROVIDER_FIELDS = (
    _field("role", C, "role of the provider (billing_provider, rendering_provider …)"),
    _field("role_words", T, "role of the provider in words"),
    _raw("npi", C, "NPI", "NM109"),
    _raw("taxonomy", C, "taxonomy code", "PRV03"),
    _raw("tax_id", T, "tax id", "REF EI/SY", "CMS-1500 25", private=True),
    _raw("zip", T, "ZIP code", "N403", "CMS-1500 32, 33", private=True),
    _raw("entity", C, "person or organization", "NM102"),
    _field("as_of", D, "date of service"),
)

_PROCEDURE_FIELDS = (
    _field("position", N, "1-based place of the procedure in the list"),
    _field("code", C, "procedure code without the dot", "HI BBR, BBQ", "UB-04 74"),
    _raw("date", D, "date of the procedure", "HI BBR-4", "UB-04 74"),
    _field("principal", F, "the principal procedure"),
    _field("as_of", D, "date that selects the code set: the last day of the statement"),
)

_FAULT_FIELDS = (
    _raw("edit", C, "id of the EDI rule that reports the fault"),
    _raw("variant", C, "kind of fault within the rule"),
    _raw("text", T, "the fault in a sentence without patient data"),
    _raw("codes", CS, "control numbers, counts or qualifiers the fault is about"),
    _field("as_of", D, "first date of service of the claim"),
)


def _by_name(fields: tuple[Field, ...]) -> Mapping[str, Field]:
    return MappingProxyType({field.name: field for field in fields})


FIELDS: Mapping[ScopeKind, Mapping[str, Field]] = MappingProxyType(
    {
        ScopeKind.CLAIM: _by_name(_CLAIM_FIELDS),
        ScopeKind.LINE: _by_name(_LINE_FIELDS),
        ScopeKind.PROCEDURE_LINE: _by_name(_LINE_FIELDS),
        ScopeKind.DIAGNOSIS: _by_name(_DIAGNOSIS_FIELDS),
        ScopeKind.PROVIDER: _by_name(_PROVIDER_FIELDS),
        ScopeKind.PROCEDURE: _by_name(_PROCEDURE_FIELDS),
        ScopeKind.FAULT: _by_name(_FAULT_FIELDS),
    }
)
"""Fields by scope and name."""


def field_of(scope: ScopeKind, name: str) -> Field:
    """The field `name` of a scope.

    Raises:
        UnknownName: the scope has no such field; names the nearest one.
    """
    fields = FIELDS[scope]
    if name not in fields:
        raise UnknownName(f"field of a {scope.value.replace('_', ' ')}", name, fields)
    return fields[name]


def all_fields() -> Iterator[tuple[ScopeKind, Field]]:
    """Every field with its scope, for the documentation."""
    for scope, fields in FIELDS.items():
        for field in fields.values():
            yield scope, field
