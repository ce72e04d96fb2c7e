"""The parts of a claim that rules look at one by one: diagnoses, lines, providers, procedures, structural faults."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from scrubber.claim import Diagnosis, InstitutionalProcedure, Provider, ServiceLine, StructuralFault
from scrubber.facts.once import once
from scrubber.facts.terms import ICD10_STARTS, REASONS_TO_COME, age_in_years, dotted_code, plain_code

if TYPE_CHECKING:
    from scrubber.facts.claim_facts import ClaimFacts

Found = dict[str, Any]
"""What finders said of an item, by the finder's name: shared between rules."""


class DiagnosisFacts:
    """One diagnosis with its place in the claim and the dates on which its code is looked up."""

    def __init__(self, facts: ClaimFacts, index: int, raw: Diagnosis) -> None:
        self.facts = facts
        self.found: Found = {}
        self.raw = raw
        self.index = index
        self.position = index + 1
        self.code = plain_code(raw.code) if raw.code else None

    @property
    def path(self) -> str:
        return f"diagnoses[{self.index}]"

    @property
    def diagnosis(self) -> int:
        return self.position

    @property
    def line(self) -> int | None:
        return None

    @property
    def written(self) -> str | None:
        """The code with its dot, for messages; as the source gives it where it has no shape of a code or its dot is
        out of place, for that is then the fault.
        """
        if self.raw.code is None or self.code is None or not self.code.isalnum():
            return self.raw.code
        dotted = dotted_code(self.code, icd9=self.as_of is not None and self.as_of < ICD10_STARTS)
        given = self.raw.code.strip()
        return dotted if "." not in given or given.upper() == dotted else given

    @property
    def first_listed(self) -> bool:
        return self.index == 0

    @property
    def principal(self) -> bool:
        """The diagnosis of kind principal, else the first that is no admitting diagnosis or reason for the visit."""
        return self.facts.principal is self

    @property
    def role(self) -> str:
        """The kind, where a blank kind means principal for the first diagnosis and other for the rest."""
        return self.raw.kind or ("principal" if self.principal else "other")

    @once
    def pointed_by(self) -> tuple[LineFacts, ...]:
        return tuple([line for line in self.facts.lines if self.position in line.raw.diagnosis_pointers])

    @property
    def first_pointed(self) -> bool:
        """First on the list of pointers of some line of a professional claim."""
        return any(line.raw.diagnosis_pointers[0] == self.position for line in self.pointed_by)

    @once
    def leads(self) -> bool:
        """In the place of the main reason for the service: the principal diagnosis of an institutional claim; elsewhere
        the first-listed one, and on professional claims the first pointer of a line.
        """
        form = self.facts.claim.form
        if form == "institutional":
            return self.principal
        return self.index == 0 or (form == "professional" and self.first_pointed)

    @property
    def pointed_modifiers(self) -> tuple[str, ...]:
        """Modifiers of the lines that point to the diagnosis."""
        return tuple(modifier for line in self.pointed_by for modifier in line.raw.modifiers)

    @property
    def led_procedures(self) -> tuple[str, ...]:
        """Procedures of the lines whose first pointer it is."""
        return tuple(
            line.procedure
            for line in self.pointed_by
            if line.procedure and line.raw.diagnosis_pointers[0] == self.position
        )

    @property
    def earlier_codes(self) -> tuple[str, ...]:
        """Codes of the diagnoses above it, without admitting diagnoses and reasons for the visit."""
        above = self.facts.diagnoses[: self.index]
        return tuple(other.code for other in above if other.code and other.raw.kind not in REASONS_TO_COME)

    @once
    def dates(self) -> tuple[date, ...]:
        """The dates on which the code must hold, earliest first.

        Inpatient: the discharge date. Outpatient: the lines' dates, else the statement's (good on any is good).
        Professional and dental: the dates of the lines that point to it, else the first line's date.
        """
        facts = self.facts
        if len(facts.service_dates) == 1 and facts.setting != "inpatient":
            return facts.service_dates  # the day of all lines is that of those that point to it
        return facts.diagnosis_dates(self)

    @property
    def as_of(self) -> date | None:
        return self.dates[0] if self.dates else None

    def why_blank(self, name: str) -> str | None:
        """See `ClaimFacts.why_blank`."""
        return self.facts.why_blank(name)


class LineFacts:
    """One service line with the values that hold for it, its own or else the claim's."""

    def __init__(self, facts: ClaimFacts, index: int, raw: ServiceLine) -> None:
        self.facts = facts
        self.found: Found = {}
        self.raw = raw
        self.index = index
        self.position = index + 1
        self.procedure = raw.procedure.strip().upper() if raw.procedure else None
        self.place_of_service = raw.place_of_service or facts.claim.place_of_service
        self.as_of = raw.service_date
        self.last_date = raw.service_date_end or raw.service_date

    @property
    def path(self) -> str:
        return f"lines[{self.index}]"

    @property
    def line(self) -> int:
        return self.position

    @property
    def diagnosis(self) -> int | None:
        return None

    @property
    def rendering_npi(self) -> str | None:
        """The NPI that decides "same provider": the line's rendering, else the claim's, else the billing NPI."""
        for provider in (
            self.raw.rendering_provider,
            self.facts.claim.rendering_provider,
            self.facts.claim.billing_provider,
        ):
            if provider is not None and provider.npi:
                return provider.npi
        return None

    def provider_npi(self, role: str) -> str | None:
        """The NPI in `role` ("ordering_provider"): the line's, else the claim's."""
        for holder in (self.raw, self.facts.claim):
            provider: Provider | None = getattr(holder, role, None)
            if provider is not None and provider.npi:
                return provider.npi
        return None

    @property
    def named_rendering_npi(self) -> str | None:
        """The rendering NPI that the line or the claim names; the billing NPI does not stand in for it."""
        own, of_claim = self.raw.rendering_provider, self.facts.claim.rendering_provider
        return (own.npi if own is not None else None) or (of_claim.npi if of_claim is not None else None) or None

    @property
    def rendering_taxonomy(self) -> str | None:
        """The taxonomy of who rendered the line; None where that is not told.

        A billing provider stands in only where nobody else is named and it is a person: that of a group says nothing of
        its members.
        """
        own, claim = self.raw.rendering_provider, self.facts.claim
        named = claim.rendering_provider
        if own is not None and (own.npi or own.taxonomy):
            same = named is not None and named.npi == own.npi
            return own.taxonomy or (named.taxonomy if named is not None and same else None)
        if named is not None and (named.npi or named.taxonomy):
            return named.taxonomy
        return claim.billing_provider.taxonomy if claim.billing_provider.entity == "person" else None

    @property
    def ordering_or_referring_npi(self) -> str | None:
        return self.provider_npi("ordering_provider") or self.provider_npi("referring_provider")

    @once
    def diagnosis_codes(self) -> tuple[str, ...] | None:
        """Codes of the diagnoses the line points to, in the order of its pointers; None where it points to none.

        Lines of institutional claims have no pointers, so every diagnosis of the claim stands for them.
        """
        if self.facts.claim.form == "institutional":
            return self.facts.diagnosis_codes
        diagnoses = self.facts.diagnoses
        numbers = [number for number in self.raw.diagnosis_pointers if 0 < number <= len(diagnoses)]
        return tuple([code for number in numbers if (code := diagnoses[number - 1].code)]) or None

    @property
    def days(self) -> int | None:
        """Days of the span, first and last included."""
        if self.raw.service_date is None:
            return None
        return ((self.last_date or self.raw.service_date) - self.raw.service_date).days + 1

    @property
    def age_years(self) -> int | None:
        """Age on the date of service, from the birth date, else as the claim states it."""
        patient = self.facts.claim.patient
        if patient.birth_date is not None and self.raw.service_date is not None:
            return age_in_years(patient.birth_date, self.raw.service_date)
        return patient.age_years if patient.birth_date is None else None

    def why_blank(self, name: str) -> str | None:
        """See `ClaimFacts.why_blank`."""
        if name in ("age_years", "age_days") and self.facts.claim.patient.birth_date is not None:
            return f"{self.path}.service_date is blank"
        return None

    @property
    def age_days(self) -> int | None:
        born = self.facts.claim.patient.birth_date
        if born is None or self.raw.service_date is None:
            return None
        return (self.raw.service_date - born).days


class ProviderFacts:
    """One provider in one role, on the claim or on a line."""

    def __init__(self, facts: ClaimFacts, role: str, raw: Provider, line: LineFacts | None) -> None:
        self.facts = facts
        self.found: Found = {}
        self.role = role
        self.raw = raw
        self.on_line = line
        self.as_of = line.as_of if line is not None else facts.as_of

    @property
    def path(self) -> str:
        return f"{self.on_line.path}.{self.role}" if self.on_line else self.role

    @property
    def role_words(self) -> str:
        return self.role.replace("_", " ")

    @property
    def line(self) -> int | None:
        return self.on_line.position if self.on_line else None

    @property
    def diagnosis(self) -> int | None:
        return None

    def why_blank(self, name: str) -> str | None:
        """See `ClaimFacts.why_blank`."""
        if name == "as_of" and self.on_line is not None:
            return f"{self.on_line.path}.service_date is blank"
        return self.facts.why_blank(name)


class ProcedureFacts:
    """One procedure code of an institutional claim."""

    def __init__(self, facts: ClaimFacts, index: int, raw: InstitutionalProcedure) -> None:
        self.facts = facts
        self.found: Found = {}
        self.raw = raw
        self.index = index
        self.position = index + 1
        self.code = plain_code(raw.code) if raw.code else None

    path = property(lambda self: f"procedures[{self.index}]")
    line: int | None = None
    diagnosis: int | None = None

    @property
    def principal(self) -> bool:
        return self.index == 0

    @property
    def as_of(self) -> date | None:
        return self.facts.claim.statement_to

    def why_blank(self, name: str) -> str | None:
        """See `ClaimFacts.why_blank`."""
        return "statement_to is blank" if name == "as_of" else None


class FaultFacts:
    """One structural fault that the reader found."""

    path = ""
    line: int | None = None
    diagnosis: int | None = None

    def __init__(self, facts: ClaimFacts, raw: StructuralFault) -> None:
        self.facts = facts
        self.found: Found = {}
        self.raw = raw

    @property
    def as_of(self) -> date | None:
        return self.facts.as_of

    def why_blank(self, name: str) -> str | None:
        """See `ClaimFacts.why_blank`."""
        return self.facts.why_blank(name)
