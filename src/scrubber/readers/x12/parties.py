"""Loops 2000A to 2010CA and the provider loops: billing provider, subscriber, patient, payer."""

from __future__ import annotations

from collections.abc import Iterable

from scrubber.claim import Address, Entity, Patient, Payer, PayerKind, PayerSequence, Provider, Subscriber
from scrubber.readers.x12.loops import Loop, Segment, first_loop
from scrubber.readers.x12.values import Values, at, name_at

ENTITIES: dict[str, Entity] = {"1": "person", "2": "organization"}

SEQUENCES: dict[str, PayerSequence] = {"P": "primary", "S": "secondary", "T": "tertiary", "U": "unknown"}

RELATIONSHIPS = {
    "01": "spouse", "18": "self", "19": "child", "20": "employee", "21": "unknown", "39": "organ_donor",
    "40": "cadaver_donor", "53": "life_partner", "G8": "other",
}  # fmt: skip
"""The patient's relationship to the insured, SBR02 and PAT01; any other code is kept as it is."""

PAYER_KINDS: dict[str, PayerKind] = {
    "MA": "medicare", "MB": "medicare", "16": "medicare_advantage", "MC": "medicaid", "CH": "tricare",
    "WC": "workers_comp", "AM": "auto", "12": "commercial", "13": "commercial", "14": "commercial", "15": "commercial",
    "17": "commercial", "BL": "commercial", "CI": "commercial", "FI": "commercial", "HM": "commercial",
}  # fmt: skip
"""What the claim filing indicator, SBR09, says for certain (16: Medicare risk HMO); all else is "other"."""


def payer_kind(indicator: str | None) -> PayerKind | None:
    """The kind of payer that a claim filing indicator names; None where there is none."""
    return None if indicator is None else PAYER_KINDS.get(indicator, "other")


def relationship(code: str | None) -> str | None:
    """A relationship code in words."""
    return None if code is None else RELATIONSHIPS.get(code, code)


def address_of(segments: Iterable[Segment]) -> Address | None:
    """The N3 and N4 of a loop."""
    street = city = None
    for segment in segments:
        if segment[0] == "N3":
            street = segment
        elif segment[0] == "N4":
            city = segment
    if street is None and city is None:
        return None
    street, city = street or [], city or []
    return Address(
        line1=name_at(street, 1),
        line2=name_at(street, 2),
        city=name_at(city, 1),
        state=at(city, 2),
        zip=at(city, 3),
    )


def provider_of(loop: Loop, taxonomy: str | None = None, pay_to: Address | None = None) -> Provider:
    """A provider in any role, from its NM1 loop."""
    segments = loop.segments
    name = segments[0]
    npi = tax_id = address = None
    if len(name) > 9 and name[9]:
        if name[8] == "XX":
            npi = name[9]
        elif name[8] in ("24", "34"):  # 004010: the tax number stands where the NPI came later
            tax_id = name[9]
    for segment in segments:
        identifier = segment[0]
        if identifier == "PRV":
            taxonomy = at(segment, 3)
        elif identifier == "REF" and len(segment) > 2 and segment[1] in ("EI", "SY"):
            tax_id = segment[2] or tax_id
        elif address is None and identifier in ("N3", "N4"):
            address = address_of(segments)
    return Provider(
        npi=npi,
        taxonomy=taxonomy,
        tax_id=tax_id,
        entity=ENTITIES.get(name[2]) if len(name) > 2 else None,
        name=name_at(name, 3),
        first_name=name_at(name, 4),
        zip=address.zip if address else None,
        address=address,
        pay_to_address=pay_to,
    )


def billing_provider(loops: list[Loop]) -> Provider:
    """Loops 2000A (taxonomy), 2010AA and 2010AB (pay-to address)."""
    level, own, pay_to = (first_loop(loops, identifier) for identifier in ("2000A", "2010AA", "2010AB"))
    specialty = level.first("PRV") if level else None
    taxonomy = at(specialty, 3) if specialty else None
    if own is None:
        return Provider(taxonomy=taxonomy)
    return provider_of(own, taxonomy, address_of(pay_to.segments) if pay_to else None)


class Insured:
    """What the claims of one subscriber (and patient) share: the levels 2000B and 2000C as fields of a claim."""

    def __init__(self, subscriber: list[Loop], patient: list[Loop], values: Values) -> None:
        level, person = first_loop(subscriber, "2000B"), first_loop(subscriber, "2010BA")
        payer = first_loop(subscriber, "2010BB")
        insurance = (level.first("SBR") if level else None) or []
        own_level, own = first_loop(patient, "2000C"), first_loop(patient, "2010CA")
        name = person.segments[0] if person else []
        birth = person.first("DMG") if person else None
        group, filing = at(insurance, 3), at(insurance, 9)
        code = at(insurance, 2)
        if patient:
            related = own_level.first("PAT") if own_level else None
            code = at(related, 1) if related else None
        address = address_of(person.segments) if person else None
        born = "subscriber.birth_date" if patient else "patient.birth_date"
        self.subscriber = Subscriber(
            member_id=at(name, 9),
            relationship=relationship(code),
            group_number=group,
            last_name=name_at(name, 3),
            first_name=name_at(name, 4),
            birth_date=values.day(person, birth, 2, born) if person and birth else None,
            sex=at(birth, 3) if birth else None,
            address=address,
        )
        self.payer_sequence = SEQUENCES.get(at(insurance, 1) or "")
        party = payer.segments[0] if payer else []
        self.payer = Payer(
            id=at(party, 9),
            name=name_at(party, 3),
            kind=payer_kind(filing),
            filing_indicator=filing,
            insurance_type=at(insurance, 5),
        )
        self.patient = self._patient(own_level or level, own if patient else None, bool(patient), values)
        self.property_casualty_number = _casualty_number(own if patient else person) or _casualty_number(person)

    def _patient(self, level: Loop | None, person: Loop | None, dependent: bool, values: Values) -> Patient:
        """The patient: loop 2010CA, or the subscriber where there is no patient level."""
        details = level.first("PAT") if level else None
        died = None
        if level and details and at(details, 5) == "D8":
            died = values.day(level, details, 6, "patient.death_date")
        if dependent:
            name = person.segments[0] if person else []
            birth = person.first("DMG") if person else None
            address = address_of(person.segments) if person else None
            return Patient(
                birth_date=values.day(person, birth, 2, "patient.birth_date") if person and birth else None,
                sex=at(birth, 3) if birth else None,
                death_date=died,
                state=address.state if address else None,
                last_name=name_at(name, 3),
                first_name=name_at(name, 4),
                address=address,
            )
        own = self.subscriber
        return Patient(
            birth_date=own.birth_date,
            sex=own.sex,
            death_date=died,
            state=own.address.state if own.address else None,
            last_name=own.last_name,
            first_name=own.first_name,
            address=own.address,
        )


def _casualty_number(loop: Loop | None) -> str | None:
    """REF*Y4 of the subscriber's or the patient's name loop."""
    for segment in loop.segments if loop else ():
        if segment[0] == "REF" and len(segment) > 2 and segment[1] == "Y4":
            return segment[2] or None
    return None
