"""What rules ask about a claim: positions, ages, dates, effective values. Derived from the claim, never stored in it.

Scopes of rules iterate over these objects: `ClaimFacts`, `LineFacts`, `DiagnosisFacts`, `ProviderFacts`,
`ProcedureFacts` and the structural faults of the reader. Everything costly is computed when first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

import attrs

from scrubber.claim import (
    Claim,
    Diagnosis,
    InstitutionalProcedure,
    Provider,
    ServiceLine,
    StructuralFault,
)

_Value = TypeVar("_Value")


class once(Generic[_Value]):
    """A property computed when first asked for. Unlike `functools.cached_property` before Python 3.12 it takes no
    lock, which would cost more than most of the values; facts belong to one claim and one thread.
    """

    def __init__(self, compute: Callable[[Any], _Value]) -> None:
        self.compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> _Value:
        value = self.compute(instance)
        instance.__dict__[self.name] = value
        return value


Found = dict[str, Any]
"""What finders said of an item, by the finder's name: shared between rules."""

INPATIENT_BILLS = frozenset({"11", "18", "21", "28", "41"})
"""Digits 2-3 of a type of bill that is an inpatient claim; 12x and 22x are Part B for inpatients (NUBC FL 4)."""

REASONS_TO_COME = ("admitting", "reason_for_visit")
"""Kinds of diagnoses that say why the patient came, not what was found; they may repeat the principal diagnosis."""

ICD10_STARTS = date(2015, 10, 1)
"""ICD-9-CM ends the day before (45 CFR 162.1002)."""

PROVIDER_ROLES = (
    "billing_provider",
    "rendering_provider",
    "referring_provider",
    "ordering_provider",
    "supervising_provider",
    "attending_provider",
    "operating_provider",
    "service_facility",
)


def age_in_years(born: date, on: date) -> int:
    """Whole years from birth to `on`; negative before birth. A leap-day birthday counts on March 1."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def dotted_code(code: str, *, icd9: bool = False) -> str:
    """A diagnosis code as people write it: the dot after the third character, after the fourth in ICD-9 E codes."""
    at = 4 if icd9 and code.startswith("E") else 3
    return code if len(code) <= at else f"{code[:at]}.{code[at:]}"


def plain_code(code: str) -> str:
    """A diagnosis or procedure code as the tables write it: no dot, no blanks around it, upper case."""
    return code.strip().replace(".", "").upper()


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
        """The code with its dot, for messages; as the source gives it where it has no shape of a code."""
        if self.code is None or not self.code.isalnum():
            return self.raw.code
        return dotted_code(self.code, icd9=self.as_of is not None and self.as_of < ICD10_STARTS)

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
        return tuple(line for line in self.facts.lines if self.position in line.raw.diagnosis_pointers)

    @property
    def first_pointed(self) -> bool:
        """First on the list of pointers of some line of a professional claim."""
        return any(line.raw.diagnosis_pointers[0] == self.position for line in self.pointed_by)

    @property
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

    @once
    def dates(self) -> tuple[date, ...]:
        """The dates on which the code must hold, earliest first.

        Inpatient: the discharge date. Outpatient: the lines' dates, else the statement's (good on any is good).
        Professional and dental: the dates of the lines that point to it, else the first line's date.
        """
        return self.facts.diagnosis_dates(self)

    @property
    def as_of(self) -> date | None:
        return self.dates[0] if self.dates else None


class LineFacts:
    """One service line with the values that hold for it, its own or else the claim's."""

    def __init__(self, facts: ClaimFacts, index: int, raw: ServiceLine) -> None:
        self.facts = facts
        self.found: Found = {}
        self.raw = raw
        self.index = index
        self.position = index + 1
        self.procedure = raw.procedure.strip().upper() if raw.procedure else None

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
    def place_of_service(self) -> str | None:
        return self.raw.place_of_service or self.facts.claim.place_of_service

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
        return self.provider_npi("rendering_provider")

    @property
    def ordering_or_referring_npi(self) -> str | None:
        return self.provider_npi("ordering_provider") or self.provider_npi("referring_provider")

    @property
    def last_date(self) -> date | None:
        return self.raw.service_date_end or self.raw.service_date

    @property
    def days(self) -> int | None:
        """Days of the span, first and last included."""
        if self.raw.service_date is None:
            return None
        return ((self.last_date or self.raw.service_date) - self.raw.service_date).days + 1

    @property
    def as_of(self) -> date | None:
        return self.raw.service_date

    @property
    def age_years(self) -> int | None:
        """Age on the date of service, from the birth date, else as the claim states it."""
        patient = self.facts.claim.patient
        if patient.birth_date is not None and self.raw.service_date is not None:
            return age_in_years(patient.birth_date, self.raw.service_date)
        return patient.age_years if patient.birth_date is None else None

    @property
    def age_days(self) -> int | None:
        born = self.facts.claim.patient.birth_date
        if born is None or self.raw.service_date is None:
            return None
        return (self.raw.service_date - born).days

    @once
    def pointed(self) -> tuple[DiagnosisFacts, ...]:
        """The diagnoses the line points to, in order; on institutional claims every line sees every diagnosis."""
        diagnoses = self.facts.diagnoses
        if self.facts.claim.form == "institutional":
            return diagnoses
        return tuple(diagnoses[p - 1] for p in self.raw.diagnosis_pointers if 0 < p <= len(diagnoses))


class ProviderFacts:
    """One provider in one role, on the claim or on a line."""

    def __init__(self, facts: ClaimFacts, role: str, raw: Provider, line: LineFacts | None) -> None:
        self.facts = facts
        self.found: Found = {}
        self.role = role
        self.raw = raw
        self.on_line = line

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

    @property
    def as_of(self) -> date | None:
        return self.on_line.as_of if self.on_line else self.facts.as_of


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


@attrs.define(slots=False, repr=False, eq=False)
class ClaimFacts:
    """The index of one claim. `today` is the caller's as-of date; the library has no clock."""

    claim: Claim
    today: date | None = None
    found: Found = attrs.field(factory=dict, init=False)

    path: ClassVar[str] = ""
    line: ClassVar[None] = None
    diagnosis: ClassVar[None] = None

    @once
    def lines(self) -> tuple[LineFacts, ...]:
        return tuple(LineFacts(self, i, raw) for i, raw in enumerate(self.claim.lines))

    @once
    def procedure_lines(self) -> tuple[LineFacts, ...]:
        """Lines that name a procedure; revenue-only lines of institutional claims do not."""
        return tuple(line for line in self.lines if line.procedure)

    @once
    def diagnoses(self) -> tuple[DiagnosisFacts, ...]:
        return tuple(DiagnosisFacts(self, i, raw) for i, raw in enumerate(self.claim.diagnoses))

    @once
    def procedures(self) -> tuple[ProcedureFacts, ...]:
        return tuple(ProcedureFacts(self, i, raw) for i, raw in enumerate(self.claim.procedures))

    @once
    def faults(self) -> tuple[FaultFacts, ...]:
        origin = self.claim.origin
        return tuple(FaultFacts(self, raw) for raw in origin.faults) if origin else ()

    @once
    def providers(self) -> tuple[ProviderFacts, ...]:
        """Every provider named on the claim or on a line."""
        return tuple(self._providers())

    def _providers(self) -> Iterator[ProviderFacts]:
        for role in PROVIDER_ROLES:
            provider = getattr(self.claim, role)
            if provider is not None:
                yield ProviderFacts(self, role, provider, None)
        for line in self.lines:
            for role in PROVIDER_ROLES[1:]:
                provider = getattr(line.raw, role, None)
                if provider is not None:
                    yield ProviderFacts(self, role, provider, line)

    @once
    def principal(self) -> DiagnosisFacts | None:
        for diagnosis in self.diagnoses:
            if diagnosis.raw.kind == "principal":
                return diagnosis
        for diagnosis in self.diagnoses:
            if diagnosis.raw.kind not in REASONS_TO_COME:
                return diagnosis
        return None

    @once
    def diagnosis_codes(self) -> tuple[str, ...]:
        """Codes of the diagnoses, as the tables write them, without admitting diagnoses and reasons for the visit."""
        return tuple(dx.code for dx in self.diagnoses if dx.code and dx.raw.kind not in REASONS_TO_COME)

    @once
    def bill_type(self) -> str | None:
        """Type of bill with its leading zero: "131" and "0131" are one value."""
        code = self.claim.type_of_bill
        if code is None:
            return None
        code = code.strip().upper()
        return "0" + code if len(code) == 3 else code

    @once
    def setting(self) -> str:
        """professional, dental, inpatient, or outpatient (any other institutional claim)."""
        if self.claim.form != "institutional":
            return self.claim.form
        bill = self.bill_type
        return "inpatient" if bill is not None and bill[1:3] in INPATIENT_BILLS else "outpatient"

    @property
    def inpatient(self) -> bool:
        return self.setting == "inpatient"

    @property
    def bill_frequency(self) -> str | None:
        bill = self.bill_type
        return bill[-1] if bill else None

    @property
    def billed_frequency(self) -> str | None:
        """The frequency code as given, else the last character of the type of bill."""
        return self.claim.frequency or self.bill_frequency

    @once
    def service_dates(self) -> tuple[date, ...]:
        """Dates of service of the lines, earliest first, without repeats."""
        return tuple(sorted({line.raw.service_date for line in self.lines if line.raw.service_date}))

    @property
    def service_span(self) -> int:
        """Days from the first to the last date of service of the lines; 0 where the lines have no dates."""
        days = self.service_dates
        return (days[-1] - days[0]).days if days else 0

    @once
    def first_date(self) -> date | None:
        """First day of service: the earliest line's, else the statement's first day."""
        return self.service_dates[0] if self.service_dates else self.claim.statement_from

    @once
    def last_date(self) -> date | None:
        """Last day of service: the latest line's, else the statement's last day."""
        days = [line.last_date for line in self.lines if line.last_date]
        return max(days) if days else self.claim.statement_to

    @once
    def places_without_facility(self) -> tuple[str, ...] | None:
        """Places of service of lines for which neither line nor claim names a facility; None where none is known."""
        if self.claim.service_facility not in (None, Provider()):
            return ()
        places = {line.place_of_service for line in self.lines if line.raw.service_facility in (None, Provider())}
        if not self.lines:
            places = {self.claim.place_of_service}
        known = tuple(sorted(place for place in places if place))
        return known if known or not places else None

    @once
    def as_of(self) -> date | None:
        """The date that selects logic and rows for the claim: discharge for inpatient, else the first service date."""
        if self.inpatient:
            return self.claim.statement_to
        return self.first_date or self.claim.statement_to

    @property
    def reference_date(self) -> date | None:
        """What stands for today: the caller's date, else the claim's receipt date."""
        return self.today or self.claim.receipt_date

    @once
    def age_date(self) -> date | None:
        """Ages are taken on admission (inpatient), else on the first service date."""
        if self.inpatient:
            return self.claim.admission_date or self.claim.statement_from
        return self.first_date

    @once
    def age_years(self) -> int | None:
        patient = self.claim.patient
        if patient.birth_date is not None and self.age_date is not None:
            return age_in_years(patient.birth_date, self.age_date)
        return patient.age_years if patient.birth_date is None else None

    @once
    def line_charges(self) -> Decimal | None:
        """Exact sum of the line charges without a paper total line (revenue 0001); None if any charge is blank."""
        total = Decimal(0)
        for line in self.claim.lines:
            if line.revenue_code == "0001":
                continue
            if line.charge is None:
                return None
            total += line.charge
        return total

    def diagnosis_dates(self, diagnosis: DiagnosisFacts) -> tuple[date, ...]:
        """See `DiagnosisFacts.dates`."""
        claim = self.claim
        setting = self.setting
        if setting == "inpatient":
            days = [claim.statement_to]
        elif setting == "outpatient":
            days = [*self.service_dates] or [claim.statement_from, claim.statement_to]
        else:
            days = [line.raw.service_date for line in diagnosis.pointed_by]
            if not any(days):
                days = [self.first_date]
        return tuple(sorted({day for day in days if day}))
