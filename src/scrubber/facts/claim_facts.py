"""The index of one claim: what rules ask about it as a whole, and its parts."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import ClassVar

import attrs

from scrubber.claim import Claim, Provider, ServiceLine
from scrubber.facts.groups import GroupFacts
from scrubber.facts.items import DiagnosisFacts, FaultFacts, Found, LineFacts, ProcedureFacts, ProviderFacts
from scrubber.facts.memory import Memory
from scrubber.facts.once import once
from scrubber.facts.terms import INPATIENT_BILLS, REASONS_TO_COME, age_in_years

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

_LINE_ROLES = tuple(role for role in PROVIDER_ROLES if role in attrs.fields_dict(ServiceLine))
_providers_of_claim = attrgetter(*PROVIDER_ROLES)
_providers_of_line = attrgetter(*_LINE_ROLES)
_NO_PROVIDERS = (None,) * len(_LINE_ROLES)
_BLANK_PROVIDER = Provider()


@attrs.define(slots=False, repr=False, eq=False)
class ClaimFacts:
    """The index of one claim. `today` is the caller's as-of date; the library has no clock."""

    claim: Claim
    today: date | None = None
    memory: Memory = attrs.field(factory=Memory)
    """Shared by the claims that one set of tables checks."""
    found: Found = attrs.field(factory=dict, init=False)

    path: ClassVar[str] = ""
    line: ClassVar[None] = None
    diagnosis: ClassVar[None] = None

    def are_of_one_day(self, day: date) -> None:
        """Spares working out the dates of a claim of which it is known that all lines are of one day."""
        known = self.__dict__
        known["service_dates"] = (day,)
        known["first_date"] = known["last_date"] = day
        if self.claim.form != "institutional":
            known["as_of"] = day

    def done(self) -> None:
        """Lets go of everything. A claim and its parts know each other, and would else wait for the garbage collector,
        which looks through all claims that a program holds whenever some hundreds of such rings have gathered.
        """
        self.__dict__.clear()

    @once
    def lines(self) -> tuple[LineFacts, ...]:
        return tuple([LineFacts(self, i, raw) for i, raw in enumerate(self.claim.lines)])

    @once
    def procedure_lines(self) -> tuple[LineFacts, ...]:
        """Lines that name a procedure; revenue-only lines of institutional claims do not."""
        return tuple([line for line in self.lines if line.procedure])

    @once
    def groups(self) -> dict[Hashable, tuple[GroupFacts, ...]]:
        """Lines by what they have in common, for every way in which a rule has asked for them."""
        return {}

    @once
    def diagnoses(self) -> tuple[DiagnosisFacts, ...]:
        return tuple([DiagnosisFacts(self, i, raw) for i, raw in enumerate(self.claim.diagnoses)])

    @once
    def procedures(self) -> tuple[ProcedureFacts, ...]:
        return tuple([ProcedureFacts(self, i, raw) for i, raw in enumerate(self.claim.procedures)])

    @once
    def faults(self) -> tuple[FaultFacts, ...]:
        origin = self.claim.origin
        return tuple([FaultFacts(self, raw) for raw in origin.faults]) if origin and origin.faults else ()

    @once
    def providers(self) -> tuple[ProviderFacts, ...]:
        """Every provider named on the claim or on a line."""
        found: list[ProviderFacts] = []
        for role, provider in zip(PROVIDER_ROLES, _providers_of_claim(self.claim), strict=True):
            if provider is not None:
                found.append(ProviderFacts(self, role, provider, None))
        for line in self.lines:
            providers = _providers_of_line(line.raw)
            if providers != _NO_PROVIDERS:  # one comparison, for most lines name none of their own
                for role, provider in zip(_LINE_ROLES, providers, strict=True):
                    if provider is not None:
                        found.append(ProviderFacts(self, role, provider, line))
        return tuple(found)

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
        return tuple([dx.code for dx in self.diagnoses if dx.code and dx.raw.kind not in REASONS_TO_COME])

    @property
    def other_payer_kinds(self) -> tuple[str, ...]:
        return tuple([payer.kind for payer in self.claim.other_payers if payer.kind])

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

    @once
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
        days = {line.service_date for line in self.claim.lines}
        days.discard(None)
        return tuple(sorted(days) if len(days) > 1 else days)  # type: ignore[arg-type]

    @property
    def service_span(self) -> int:
        """Days from the first to the last date of service of the lines; 0 where the lines have no dates."""
        days = self.service_dates
        return (days[-1] - days[0]).days if days else 0

    @once
    def first_date(self) -> date | None:
        """First day of service: the earliest line's, else the statement's first day."""
        days = self.service_dates
        return days[0] if days else self.claim.statement_from

    @once
    def last_date(self) -> date | None:
        """Last day of service: the latest line's, else the statement's last day."""
        days = [day for line in self.claim.lines if (day := line.service_date_end or line.service_date)]
        return max(days) if days else self.claim.statement_to

    @once
    def places_without_facility(self) -> tuple[str, ...] | None:
        """Places of service of lines for which neither line nor claim names a facility; None where none is known."""
        claim = self.claim
        if claim.service_facility is not None and claim.service_facility != _BLANK_PROVIDER:
            return ()
        places: set[str | None] = set()
        for line in claim.lines:
            if line.service_facility is None or line.service_facility == _BLANK_PROVIDER:
                places.add(line.place_of_service or claim.place_of_service)
        if not claim.lines:
            places = {claim.place_of_service}
        known = tuple(sorted(place for place in places if place))
        return known if known or not places else None

    @property
    def attachment_types(self) -> tuple[str, ...]:
        """Report types of the paperwork that goes with the claim."""
        return tuple([attachment.type for attachment in self.claim.attachments if attachment.type])

    @once
    def as_of(self) -> date | None:
        """The date that selects logic and rows for the claim: discharge for inpatient, else the first service date."""
        if self.setting == "inpatient":
            return self.claim.statement_to
        return self.first_date or self.claim.statement_to

    @once
    def reference_date(self) -> date | None:
        """What stands for today: the caller's date, else the claim's receipt date."""
        return self.today or self.claim.receipt_date

    def why_blank(self, name: str) -> str | None:
        """Why a derived value is unknown, in a sentence; None where the field itself is blank."""
        if name == "reference_date":
            return "nobody said what today is"
        if name == "age_years" and self.claim.patient.birth_date is None:
            return None
        if name not in ("age_years", "as_of", "first_date", "last_date"):
            return None
        return "statement_to is blank" if name == "as_of" and self.inpatient else "no date of service is given"

    @once
    def age_date(self) -> date | None:
        """Ages are taken on admission (inpatient), else on the first service date."""
        if self.setting == "inpatient":
            return self.claim.admission_date or self.claim.statement_from
        return self.first_date

    @once
    def age_years(self) -> int | None:
        patient = self.claim.patient
        if patient.birth_date is None:
            return patient.age_years
        return None if self.age_date is None else age_in_years(patient.birth_date, self.age_date)

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
            return () if claim.statement_to is None else (claim.statement_to,)
        days: list[date | None]
        if setting == "outpatient":
            days = [*self.service_dates] or [claim.statement_from, claim.statement_to]
        else:
            days = [line.raw.service_date for line in diagnosis.pointed_by]
            if not any(days):
                days = [self.first_date]
        return tuple(sorted({day for day in days if day}))
