"""The claim: what a provider asks a payer to pay, in the terms of the CMS-1500, the UB-04 and the 837.

Every class is frozen. A blank field is `None` (or an empty tuple): blank is never "no". Names, addresses, ids and
dates of birth are kept because edits need some of them, and are left out of every `repr`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import attrs

Form = Literal["professional", "institutional", "dental"]
PayerKind = Literal[
    "medicare", "medicare_advantage", "medicaid", "commercial", "tricare", "workers_comp", "auto", "other"
]
DiagnosisKind = Literal["principal", "other", "admitting", "reason_for_visit", "external_cause"]
PayerSequence = Literal["primary", "secondary", "tertiary", "unknown"]
Entity = Literal["person", "organization"]


def private() -> Any:
    """A blank field that may identify a person or lead to one: never shown by `repr`."""
    return attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Address:
    line1: str | None = private()
    line2: str | None = private()
    city: str | None = private()
    state: str | None = None
    zip: str | None = private()


@attrs.frozen(kw_only=True)
class Provider:
    """A provider in any role. `name` is the organization's name or the person's last name."""

    npi: str | None = None
    taxonomy: str | None = None
    tax_id: str | None = private()
    entity: Entity | None = None
    name: str | None = private()
    first_name: str | None = private()
    zip: str | None = private()
    address: Address | None = private()
    pay_to_address: Address | None = private()


@attrs.frozen(kw_only=True)
class Payer:
    """The payer this claim goes to. `kind` comes from the claim filing indicator or from configuration."""

    id: str | None = None
    name: str | None = None
    kind: PayerKind | None = None
    filing_indicator: str | None = None
    insurance_type: str | None = None


@attrs.frozen(kw_only=True)
class Subscriber:
    """The insured. `relationship` is the patient's to the insured: "self" or the words or code the source gives."""

    member_id: str | None = private()
    relationship: str | None = None
    group_number: str | None = private()
    last_name: str | None = private()
    first_name: str | None = private()
    birth_date: date | None = private()
    sex: str | None = private()
    address: Address | None = private()


@attrs.frozen(kw_only=True)
class Patient:
    birth_date: date | None = private()
    age_years: int | None = private()
    sex: str | None = private()
    death_date: date | None = private()
    state: str | None = None
    last_name: str | None = private()
    first_name: str | None = private()
    address: Address | None = private()


@attrs.frozen(kw_only=True)
class Diagnosis:
    """One diagnosis as the source gives it, with or without the dot. `poa`: present on admission, Y N U W or 1."""

    code: str | None = None
    kind: DiagnosisKind | None = None
    poa: str | None = None
    code_set: Literal["icd10", "icd9"] | None = None


@attrs.frozen(kw_only=True)
class InstitutionalProcedure:
    """A procedure of an institutional claim: ICD-10-PCS, or ICD-9-CM volume 3 before 2015-10-01."""

    code: str | None = None
    date: date | None = None
    code_set: Literal["icd10", "icd9"] | None = None


@attrs.frozen(kw_only=True)
class OccurrenceCode:
    """An occurrence code with its day. The day may be a birth date (A1, B1, C1), so `repr` leaves it out."""

    code: str | None = None
    date: date | None = private()


@attrs.frozen(kw_only=True)
class OccurrenceSpan:
    """An occurrence span code with its first and last day ("from" and "to" in JSON)."""

    code: str | None = None
    first_day: date | None = None
    last_day: date | None = None


@attrs.frozen(kw_only=True)
class ValueCode:
    code: str | None = None
    amount: Decimal | None = None


@attrs.frozen(kw_only=True)
class Accident:
    """`employment`, `auto` and `other` say which causes the claim names; None where it says nothing."""

    date: date | None = None
    state: str | None = None
    employment: bool | None = None
    auto: bool | None = None
    other: bool | None = None


@attrs.frozen(kw_only=True)
class CareDates:
    assumed: date | None = None
    relinquished: date | None = None


@attrs.frozen(kw_only=True)
class Attachment:
    """Paperwork that goes with the claim: the report type (PWK01), how it is sent (PWK02), its control number."""

    type: str | None = None
    transmission: str | None = None
    control_number: str | None = private()


@attrs.frozen(kw_only=True)
class Adjustment:
    """What an earlier payer took off: group (CO, PR, OA, PI, CR), claim adjustment reason code, amount."""

    group: str | None = None
    carc: str | None = None
    amount: Decimal | None = None
    quantity: Decimal | None = None


@attrs.frozen(kw_only=True)
class OtherPayerLine:
    """How an earlier payer settled one line; `line` is the 1-based line of this claim."""

    line: int | None = None
    procedure: str | None = None
    units: Decimal | None = None
    paid: Decimal | None = None
    paid_date: date | None = None
    adjustments: tuple[Adjustment, ...] = ()


@attrs.frozen(kw_only=True)
class OtherPayer:
    """Another payer of the same claim, and what it did with it."""

    sequence: PayerSequence | None = None
    id: str | None = None
    name: str | None = None
    kind: PayerKind | None = None
    insurance_type: str | None = None
    filing_indicator: str | None = None
    member_id: str | None = private()
    group_number: str | None = private()
    relationship: str | None = None
    paid: Decimal | None = None
    paid_date: date | None = None
    patient_owes: Decimal | None = None
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[OtherPayerLine, ...] = ()


@attrs.frozen(kw_only=True)
class Repricing:
    """Claim or line pricing by a third party (837 HCP): method, allowed amount and saved amount."""

    method: str | None = None
    allowed: Decimal | None = None
    saved: Decimal | None = None


def _capitals(modifiers: Iterable[str]) -> tuple[str, ...]:
    """Modifiers in capitals without blanks around them: they mean the same however they were typed."""
    return tuple([modifier.strip().upper() for modifier in modifiers])


@attrs.frozen(kw_only=True)
class ServiceLine:
    """One service. `charge` is the whole line's charge (units times price); `units` may have a fraction."""

    number: int | None = None
    procedure: str | None = None
    modifiers: tuple[str, ...] = attrs.field(default=(), converter=_capitals)
    description: str | None = private()
    units: Decimal | None = None
    unit: str | None = None
    minutes: Decimal | None = None
    charge: Decimal | None = None
    noncovered_charge: Decimal | None = None
    service_date: date | None = None
    service_date_end: date | None = None
    place_of_service: str | None = None
    diagnosis_pointers: tuple[int, ...] = ()
    revenue_code: str | None = None
    ndc: str | None = None
    ndc_unit: str | None = None
    ndc_quantity: Decimal | None = None
    tooth: str | None = None
    surfaces: str | None = None
    oral_cavity: str | None = None
    prosthesis: str | None = None
    control_number: str | None = private()
    prior_authorization: str | None = private()
    rendering_provider: Provider | None = None
    referring_provider: Provider | None = None
    ordering_provider: Provider | None = None
    supervising_provider: Provider | None = None
    operating_provider: Provider | None = None
    service_facility: Provider | None = None
    repricing: Repricing | None = None


@attrs.frozen(kw_only=True)
class ReadProblem:
    """Something of a claim that could not be read: what, where, and how to mend it. Never holds the value."""

    message: str
    field: str | None = None
    position: Mapping[str, object] | None = None
    hint: str = ""


@attrs.frozen(kw_only=True)
class StructuralFault:
    """A fault of an 837's structure, found while reading: `edit` is the id of the EDI rule that reports it.

    `variant` is the kind of fault within that rule, `text` a sentence without patient data, `field` the claim field
    that the fault left blank, if any ("patient" stands for all of its fields that are blank), and `codes` what the
    fault is about (control numbers, counts, qualifiers).
    """

    edit: str
    variant: str
    text: str
    position: Mapping[str, object] | None = None
    field: str | None = None
    codes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Origin:
    """Where a claim came from and what was found while reading it. Readers subclass it to give positions.

    `readable` is False where nothing of the claim could be read: its report then holds only `problems`.
    """

    source: str | None = None
    index: int | None = None
    readable: bool = True
    problems: tuple[ReadProblem, ...] = ()
    faults: tuple[StructuralFault, ...] = ()

    def position(self, field: str) -> Mapping[str, object] | None:
        """Where `field` ("lines[1].procedure") stands in the source, in the source's own terms; None if unknown."""
        return None


@attrs.frozen(kw_only=True)
class Claim:
    """A professional (CMS-1500, 837P), institutional (UB-04, 837I) or dental (ADA, 837D) claim."""

    claim_id: str | None = None
    form: Form = "professional"
    frequency: str | None = None
    original_reference: str | None = private()
    prior_authorization: str | None = private()
    payer: Payer = Payer()
    payer_sequence: PayerSequence | None = None
    other_payers: tuple[OtherPayer, ...] = ()
    subscriber: Subscriber = Subscriber()
    patient: Patient = Patient()
    billing_provider: Provider = Provider()
    rendering_provider: Provider | None = None
    referring_provider: Provider | None = None
    ordering_provider: Provider | None = None
    supervising_provider: Provider | None = None
    attending_provider: Provider | None = None
    operating_provider: Provider | None = None
    service_facility: Provider | None = None
    place_of_service: str | None = None
    diagnoses: tuple[Diagnosis, ...] = ()
    lines: tuple[ServiceLine, ...] = ()
    total_charge: Decimal | None = None
    accident: Accident | None = None
    onset_date: date | None = private()
    initial_treatment_date: date | None = private()
    care_dates: CareDates | None = None
    receipt_date: date | None = None
    delay_reason: str | None = None
    claim_note: str | None = private()
    jurisdiction: str | None = None
    property_casualty_number: str | None = private()
    clinical_trial_number: str | None = None
    clia_number: str | None = None
    attachments: tuple[Attachment, ...] = ()
    predetermination: bool | None = None
    repricing: Repricing | None = None

    type_of_bill: str | None = None
    statement_from: date | None = None
    statement_to: date | None = None
    admission_date: date | None = None
    admission_hour: str | None = None
    discharge_hour: str | None = None
    admission_type: str | None = None
    admission_source: str | None = None
    discharge_status: str | None = None
    drg: str | None = None
    procedures: tuple[InstitutionalProcedure, ...] = ()
    condition_codes: tuple[str, ...] = ()
    occurrence_codes: tuple[OccurrenceCode, ...] = ()
    occurrence_spans: tuple[OccurrenceSpan, ...] = ()
    value_codes: tuple[ValueCode, ...] = ()

    origin: Origin | None = attrs.field(default=None, eq=False, repr=False)
    """What the reader knows of the source; not part of the claim's data."""
