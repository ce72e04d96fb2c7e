"""Every field a rule may name: its type, its meaning, and where it stands on the 837 and on paper.

A rule writes `alias.field` ("line.procedure", "claim.patient.sex"). Each entry says how compiled code reaches the value
from the facts of its scope (`access`) and under which path of the claim a finding names it (`path`).
"""

from __future__ import annotations

from collections.abc import Mapping
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
    OBJECTS = "objects"


class ScopeKind(StrEnum):
    """What a rule looks at one by one."""

    CLAIM = "claim"
    LINE = "line"
    PROCEDURE_LINE = "procedure_line"
    DIAGNOSIS = "diagnosis"
    PROVIDER = "provider"
    PROCEDURE = "procedure"
    FAULT = "structural_fault"
    LINES = "lines"
    PROCEDURE_LINES = "procedure_lines"


GROUPED: Mapping[ScopeKind, ScopeKind] = MappingProxyType(
    {ScopeKind.LINES: ScopeKind.LINE, ScopeKind.PROCEDURE_LINES: ScopeKind.PROCEDURE_LINE}
)
"""Scopes whose items are groups, and what the groups are of."""


@attrs.frozen
class Field:
    """One field of a scope. `private` fields may be tested but never shown in a message.

    `source` names the field that a derived one needs: from the claim's top, or from the item if it begins with a dot.
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
        if self.source and not self.source.startswith("."):
            return self.source
        name = self.source.removeprefix(".") or self.name
        return f"{item_path}.{name}" if item_path else name


def _field(
    name: str,
    type_: FieldType,
    meaning: str,
    x12: str = "",
    paper: str = "",
    *,
    private: bool = False,
    source: str = "",
) -> Field:
    return Field(name, type_, meaning, name, x12, paper, private, source)


CODE, CODES, TEXT, NUMBER, NUMBERS, MONEY, DATE, FLAG, OBJECT, OBJECTS = FieldType


def _raw(name: str, type_: FieldType, meaning: str, x12: str = "", paper: str = "", private: bool = False) -> Field:
    """A field of the scope's own claim object; "?" marks a hop that may be blank."""
    return Field(name, type_, meaning, f"raw.{name}", x12, paper, private)


def _claim(
    name: str, type_: FieldType, meaning: str, x12: str = "", paper: str = "", private: bool = False, access: str = ""
) -> Field:
    return Field(name, type_, meaning, access or f"claim.{name}", x12, paper, private)


_CLAIM_FIELDS = (
    _claim("claim_id", TEXT, "patient control number", "CLM01", "CMS-1500 26, UB-04 3a", private=True),
    _claim("form", CODE, "form of the claim (professional, institutional or dental)", "ST03"),
    _field(
        "setting", CODE, "setting of the claim (professional, dental, inpatient, outpatient; from the type of bill)"
    ),
    _field("inpatient", FLAG, "the type of bill is an inpatient one"),
    _claim("frequency", CODE, "claim frequency code", "CLM05-3", "CMS-1500 22"),
    _claim(
        "original_reference",
        TEXT,
        "payer's number of the claim this one replaces",
        "REF F8",
        "CMS-1500 22",
        private=True,
    ),
    _claim("prior_authorization", TEXT, "prior authorization number", "REF G1", "CMS-1500 23", private=True),
    _claim("payer.id", CODE, "payer identifier", "2010BB NM109"),
    _claim("payer.name", TEXT, "payer name", "2010BB NM103"),
    _claim("payer.kind", CODE, "kind of payer (medicare, medicaid, commercial …)", "SBR09"),
    _claim("payer.insurance_type", CODE, "why Medicare pays second (12 to 16, 41, 42, 43, 47)", "2000B SBR05"),
    _claim("payer_sequence", CODE, "this payer's place in the order (primary, secondary, tertiary)", "SBR01"),
    _claim("subscriber.member_id", TEXT, "member id of the insured", "2010BA NM109", "CMS-1500 1a", private=True),
    _claim("subscriber.relationship", CODE, "relationship of the patient to the insured", "SBR02, PAT01", "CMS-1500 6"),
    _claim("subscriber.birth_date", DATE, "birth date of the insured", "2010BA DMG02", "CMS-1500 11a", private=True),
    _claim("subscriber.sex", CODE, "sex of the insured", "2010BA DMG03", "CMS-1500 11a", private=True),
    _claim("patient.birth_date", DATE, "patient's birth date", "DMG02", "CMS-1500 3, UB-04 10", private=True),
    _claim("patient.age_years", NUMBER, "patient's age as the source states it", private=True),
    _claim("patient.sex", CODE, "patient's sex", "DMG03", "CMS-1500 3, UB-04 11", private=True),
    _claim("patient.death_date", DATE, "patient's date of death", "PAT06", private=True),
    _claim("patient.state", CODE, "state the patient lives in", "N402", "CMS-1500 5"),
    _field(
        "age_years",
        NUMBER,
        "age in whole years on admission (inpatient), else on the first service date",
        private=True,
        source="patient.birth_date",
    ),
    _claim("billing_provider.npi", CODE, "billing provider NPI", "2010AA NM109", "CMS-1500 33a, UB-04 56"),
    _claim("billing_provider.taxonomy", CODE, "billing provider taxonomy", "2000A PRV03"),
    _claim("billing_provider.tax_id", TEXT, "billing provider tax id", "2010AA REF EI/SY", "CMS-1500 25", private=True),
    _claim("billing_provider.address", OBJECT, "billing provider address", "2010AA N3, N4", "CMS-1500 33"),
    _claim(
        "billing_provider.address.line1",
        TEXT,
        "billing provider street line",
        "2010AA N301",
        "CMS-1500 33",
        True,
        "claim.billing_provider.address?.line1",
    ),
    _claim(
        "billing_provider.address.zip",
        TEXT,
        "billing provider ZIP code",
        "2010AA N403",
        "CMS-1500 33",
        True,
        "claim.billing_provider.address?.zip",
    ),
    _claim("rendering_provider", OBJECT, "rendering provider", "2310B", "CMS-1500 24J"),
    _claim(
        "rendering_provider.npi",
        CODE,
        "rendering provider NPI",
        "2310B NM109",
        "CMS-1500 24J",
        access="claim.rendering_provider?.npi",
    ),
    _claim(
        "rendering_provider.taxonomy",
        CODE,
        "rendering provider taxonomy",
        "2310B PRV03",
        access="claim.rendering_provider?.taxonomy",
    ),
    _claim(
        "referring_provider.npi",
        CODE,
        "referring provider NPI",
        "2310A NM109",
        "CMS-1500 17b",
        access="claim.referring_provider?.npi",
    ),
    _claim(
        "ordering_provider.npi",
        CODE,
        "ordering provider NPI",
        "2420E NM109",
        "CMS-1500 17b",
        access="claim.ordering_provider?.npi",
    ),
    _claim("attending_provider", OBJECT, "attending provider", "2310A", "UB-04 76"),
    _claim(
        "attending_provider.npi",
        CODE,
        "attending provider NPI",
        "2310A NM109",
        "UB-04 76",
        access="claim.attending_provider?.npi",
    ),
    _claim(
        "operating_provider.npi",
        CODE,
        "operating provider NPI",
        "2310B NM109",
        "UB-04 77",
        access="claim.operating_provider?.npi",
    ),
    _claim("service_facility", OBJECT, "service facility", "2310C", "CMS-1500 32"),
    _claim(
        "service_facility.zip",
        TEXT,
        "service facility ZIP code",
        "2310C N403",
        "CMS-1500 32",
        True,
        "claim.service_facility?.zip",
    ),
    _claim("place_of_service", CODE, "place of service of the claim", "CLM05-1", "CMS-1500 24B"),
    _claim("diagnoses", OBJECTS, "all diagnoses", "HI", "CMS-1500 21, UB-04 67"),
    _field(
        "diagnosis_codes",
        CODES,
        "codes of all diagnoses but admitting ones and reasons for the visit",
        source="diagnoses",
    ),
    _claim("lines", OBJECTS, "all service lines", "2400", "CMS-1500 24, UB-04 42-47"),
    _claim("procedures", OBJECTS, "procedure codes of an institutional claim", "HI BBR, BBQ", "UB-04 74"),
    _field("other_payer_kinds", CODES, "kinds of the other payers (commercial, workers_comp …)", "2320 SBR09"),
    _claim("other_payers", OBJECTS, "other payers of the claim", "2320", "CMS-1500 9, UB-04 50"),
    _claim("attachments", OBJECTS, "paperwork that goes with the claim", "PWK"),
    _field(
        "attachment_types",
        CODES,
        "report types of the paperwork, such as CT, a certification",
        "PWK01",
        source="attachments",
    ),
    _claim("total_charge", MONEY, "total charge", "CLM02", "CMS-1500 28, UB-04 47 line 23"),
    _field("line_charges", MONEY, "exact sum of the line charges, without revenue 0001", source="lines.charge"),
    _claim("accident", OBJECT, "what the claim says of an accident", "CLM11", "CMS-1500 10"),
    _claim("accident.date", DATE, "date of the accident", "DTP 439", "CMS-1500 14", access="claim.accident?.date"),
    _claim(
        "accident.state", CODE, "state of the auto accident", "CLM11-4", "CMS-1500 10b", access="claim.accident?.state"
    ),
    _claim(
        "accident.employment",
        FLAG,
        "related to employment",
        "CLM11 EM",
        "CMS-1500 10a",
        access="claim.accident?.employment",
    ),
    _claim("accident.auto", FLAG, "auto accident", "CLM11 AA", "CMS-1500 10b", access="claim.accident?.auto"),
    _claim("accident.other", FLAG, "other accident", "CLM11 OA", "CMS-1500 10c", access="claim.accident?.other"),
    _claim("receipt_date", DATE, "date the claim was received", "DTP 050"),
    _claim(
        "care_dates.assumed",
        DATE,
        "day on which postoperative care was taken over",
        "DTP 090",
        "CMS-1500 19",
        access="claim.care_dates?.assumed",
    ),
    _claim(
        "care_dates.relinquished",
        DATE,
        "day on which postoperative care was given up",
        "DTP 091",
        "CMS-1500 19",
        access="claim.care_dates?.relinquished",
    ),
    _claim("delay_reason", CODE, "delay reason code", "CLM20"),
    _claim("claim_note", TEXT, "claim note", "NTE", "CMS-1500 19, UB-04 80", private=True),
    _claim("jurisdiction", CODE, "Medicare contractor's jurisdiction"),
    _claim("property_casualty_number", TEXT, "property and casualty claim number", "REF Y4", private=True),
    _claim("clinical_trial_number", CODE, "clinical trial number", "REF P4"),
    _claim("clia_number", CODE, "CLIA number", "REF X4", "CMS-1500 23"),
    _claim("predetermination", FLAG, "a request for predetermination of benefits", "CLM19"),
    _claim("type_of_bill", CODE, "type of bill", "CLM05-1, CLM05-3", "UB-04 4"),
    _field("bill_type", CODE, "type of bill with its leading zero"),
    _field("bill_frequency", CODE, "last character of the type of bill"),
    _field("billed_frequency", CODE, "frequency code, else the last character of the type of bill", source="frequency"),
    _claim("statement_from", DATE, "first day of the statement", "DTP 434", "UB-04 6"),
    _claim("statement_to", DATE, "last day of the statement", "DTP 434", "UB-04 6"),
    _claim("admission_date", DATE, "admission date", "DTP 435", "UB-04 12"),
    _claim("admission_type", CODE, "priority of the admission", "CL101", "UB-04 14"),
    _claim("admission_source", CODE, "point of origin", "CL102", "UB-04 15"),
    _claim("discharge_status", CODE, "patient discharge status", "CL103", "UB-04 17"),
    _claim("condition_codes", CODES, "condition codes", "HI BG", "UB-04 18-28"),
    _field("first_date", DATE, "first day of service", source="lines.service_date"),
    _field("last_date", DATE, "last day of service", source="lines.service_date"),
    _field(
        "places_without_facility",
        CODES,
        "places of service for which neither line nor claim names a facility",
        source="place_of_service",
    ),
    _field(
        "service_span",
        NUMBER,
        "days from the first to the last date of service of the lines, 0 without dates",
        source="lines.service_date",
    ),
    _field("as_of", DATE, "the day that the claim is judged by (it selects rules and rows)"),
    _field(
        "reference_date",
        DATE,
        "the day that counts as today: the caller's as-of date, else the receipt date",
        source="receipt_date",
    ),
)

_LINE_FIELDS = (
    _field("position", NUMBER, "place of the line in the claim, counted from 1"),
    _raw("number", NUMBER, "line number as the source gives it", "LX01"),
    _field("procedure", CODE, "procedure code", "SV101-2, SV202-2, SV301-2", "CMS-1500 24D, UB-04 44"),
    _raw("modifiers", CODES, "procedure modifiers", "SV101-3 to -6", "CMS-1500 24D"),
    _raw("description", TEXT, "description of the service", "SV101-7, NTE", private=True),
    _raw("units", NUMBER, "units of service", "SV104, SV205, SV306", "CMS-1500 24G, UB-04 46"),
    _raw("unit", CODE, "unit of measure (UN, MJ, DA)", "SV103, SV204"),
    _raw("minutes", NUMBER, "minutes of the service", "SV104 with MJ"),
    _raw("charge", MONEY, "charge of the line", "SV102, SV203, SV302", "CMS-1500 24F, UB-04 47"),
    _raw("noncovered_charge", MONEY, "non-covered part of the charge", "SV207", "UB-04 48"),
    _raw("service_date", DATE, "date of service", "DTP 472", "CMS-1500 24A, UB-04 45"),
    _raw("service_date_end", DATE, "last date of service, where it spans days", "DTP 472", "CMS-1500 24A"),
    _field("last_date", DATE, "last date of service, the first one where it spans no days"),
    _field("days", NUMBER, "days of the span, first and last included"),
    _field(
        "place_of_service", CODE, "place of service, the line's or else the claim's", "SV105, CLM05-1", "CMS-1500 24B"
    ),
    _raw("diagnosis_pointers", NUMBERS, "numbers of the diagnoses the line points to", "SV107, SV311", "CMS-1500 24E"),
    _field(
        "diagnosis_codes",
        CODES,
        "codes of the diagnoses the line points to; all of the claim's where lines have no pointers (institutional)",
        "SV107, SV311",
        "CMS-1500 24E",
        source=".diagnosis_pointers",
    ),
    _raw("prior_authorization", TEXT, "prior authorization number of the line", "2400 REF G1", private=True),
    _raw("revenue_code", CODE, "revenue code", "SV201", "UB-04 42"),
    _raw("ndc", CODE, "national drug code", "LIN03", "CMS-1500 24 shaded"),
    _raw("ndc_unit", CODE, "unit of the drug", "CTP05", "CMS-1500 24 shaded"),
    _raw("ndc_quantity", NUMBER, "quantity of the drug", "CTP04", "CMS-1500 24 shaded"),
    _raw("tooth", CODE, "tooth", "TOO02", "ADA 27"),
    _raw("surfaces", CODE, "tooth surfaces", "TOO03", "ADA 28"),
    _raw("oral_cavity", CODE, "area of the oral cavity", "SV304", "ADA 25"),
    _field(
        "rendering_npi", CODE, "rendering NPI: the line's, the claim's, else the billing NPI", "2420A, 2310B, 2010AA"
    ),
    _field(
        "named_rendering_npi",
        CODE,
        "rendering NPI that the line or the claim names",
        "2420A, 2310B",
        "CMS-1500 24J",
        source="rendering_provider",
    ),
    _field(
        "rendering_taxonomy",
        CODE,
        "taxonomy of who rendered the line: the line's or the claim's rendering provider, else a person who bills",
        "2420A, 2310B, 2000A PRV03",
        source="rendering_provider",
    ),
    _field(
        "ordering_or_referring_npi", CODE, "ordering NPI, else referring NPI, of the line or the claim", "2420E, 2310A"
    ),
    _field("age_years", NUMBER, "age in whole years on the date of service", private=True, source="patient.birth_date"),
    _field("age_days", NUMBER, "age in days on the date of service", private=True, source="patient.birth_date"),
    _field("as_of", DATE, "the line's date of service", source=".service_date"),
)

_DIAGNOSIS_FIELDS = (
    _field("position", NUMBER, "1-based place of the diagnosis in the list"),
    _field("code", CODE, "diagnosis code without the dot", "HI", "CMS-1500 21, UB-04 66-72"),
    _raw("kind", CODE, "kind as the source gives it", "HI qualifier"),
    _field("role", CODE, "kind, a blank one read as principal (first) or other", "HI qualifier"),
    _raw("poa", CODE, "present on admission", "HI01-9", "UB-04 67"),
    _field("first_listed", FLAG, "first of the list"),
    _field("principal", FLAG, "the principal diagnosis"),
    _field("first_pointed", FLAG, "first pointer of some line", "SV107-1", "CMS-1500 24E"),
    _field("leads", FLAG, "principal (institutional), else first-listed or first pointer of a professional line"),
    _field("pointed_modifiers", CODES, "modifiers of the lines that point to it"),
    _field("led_procedures", CODES, "procedures of the lines whose first pointer it is"),
    _field("earlier_codes", CODES, "codes of the diagnoses above it but admitting ones and reasons for the visit"),
    _field("as_of", DATE, "earliest date on which the code must hold"),
)

_PROVIDER_FIELDS = (
    _field("role", CODE, "role of the provider (billing_provider, rendering_provider …)"),
    _field("role_words", TEXT, "role of the provider in words"),
    _raw("npi", CODE, "NPI", "NM109"),
    _raw("taxonomy", CODE, "taxonomy code", "PRV03"),
    _raw("tax_id", TEXT, "tax id", "REF EI/SY", "CMS-1500 25", private=True),
    _raw("zip", TEXT, "ZIP code", "N403", "CMS-1500 32, 33", private=True),
    _raw("entity", CODE, "person or organization", "NM102"),
    _field("as_of", DATE, "date of service"),
)

_PROCEDURE_FIELDS = (
    _field("position", NUMBER, "1-based place of the procedure in the list"),
    _field("code", CODE, "procedure code without the dot", "HI BBR, BBQ", "UB-04 74"),
    _raw("date", DATE, "date of the procedure", "HI BBR-4", "UB-04 74"),
    _field("principal", FLAG, "the principal procedure"),
    _field("as_of", DATE, "date that selects the code set: the last day of the statement"),
)

_FAULT_FIELDS = (
    _raw("edit", CODE, "id of the EDI rule that reports the fault"),
    _raw("variant", TEXT, "kind of fault within the rule"),
    _raw("text", TEXT, "the fault in a sentence without patient data"),
    _raw("codes", CODES, "control numbers, counts or qualifiers the fault is about"),
    _field("as_of", DATE, "first date of service of the claim"),
)

_GROUP_FIELDS = (
    _field("count", NUMBER, "lines of the group", source=".procedure"),
    _field("positions", NUMBERS, "1-based places of the lines in the claim", source=".number"),
    _field("units", NUMBER, "sum of the units", "SV104, SV205, SV306", "CMS-1500 24G, UB-04 46"),
    _field("charge", MONEY, "exact sum of the charges", "SV102, SV203, SV302", "CMS-1500 24F, UB-04 47"),
    _field("minutes", NUMBER, "sum of the minutes", "SV104 with MJ"),
    _field("procedures", CODES, "procedure codes, each once, in the order of the lines", source=".procedure"),
    _field("modifiers", CODES, "modifiers, each once, in the order of the lines"),
    _field("revenue_codes", CODES, "revenue codes, each once, in the order of the lines", source=".revenue_code"),
    _field("rendering_npis", CODES, "rendering NPIs, each once, in the order of the lines", source=".rendering_npi"),
    _field("first_date", DATE, "earliest date of service", source=".service_date"),
    _field("last_date", DATE, "latest date of service", source=".service_date"),
    _field("as_of", DATE, "earliest date of service that is known", source=".service_date"),
)

ADDED_UP = ("units", "charge", "minutes")
"""Fields of a line that a group adds up under the same name."""


def group_field(field: Field) -> Field:
    """A field of a line as a field of the group whose lines have it in common."""
    return attrs.evolve(field, access=field.name)


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
        ScopeKind.LINES: _by_name(_GROUP_FIELDS),
        ScopeKind.PROCEDURE_LINES: _by_name(_GROUP_FIELDS),
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
        what = "a group of lines" if scope in GROUPED else f"a {scope.value.replace('_', ' ')}"
        raise UnknownName(f"field of {what}", name, fields)
    return fields[name]
