"""Practices: who bills, who treats, where it stands, and what kind of patient comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import attrs

from scrubber.testing.corpus.chance import Chance

Claim = dict[str, Any]
"""A claim in the shape of the JSON claim."""

_TOWNS = (
    ("MILWAUKEE", "WI", "53202"), ("MADISON", "WI", "53703"), ("TAMPA", "FL", "33602"), ("AUSTIN", "TX", "78701"),
    ("COLUMBUS", "OH", "43215"), ("DENVER", "CO", "80202"), ("ALBANY", "NY", "12207"), ("PORTLAND", "OR", "97204"),
    ("OMAHA", "NE", "68102"), ("RALEIGH", "NC", "27601"), ("PHOENIX", "AZ", "85004"), ("LANSING", "MI", "48933"),
)  # fmt: skip
_STREETS = ("100 SAMPLE ST", "2400 EXAMPLE AVE", "77 SYNTHETIC BLVD STE 200", "915 TEST PARKWAY", "8 MADE UP LN")
_GROUP, _FAMILY_PHYSICIAN = "193400000X", "207Q00000X"
TAXONOMIES_OF_OTHERS = (_GROUP, _FAMILY_PHYSICIAN)
"""What a practice is called that is a group of one specialty, and those of other practices who order and refer."""


@attrs.frozen
class Specialty:
    """What a specialty's practices look like. `itself`: it bills in its own name, as laboratories and suppliers do."""

    name: str
    taxonomies: tuple[str, ...]
    itself: bool = False


@attrs.frozen
class Practice:
    """One practice, with synthetic numbers."""

    specialty: Specialty
    billing: Claim
    clinicians: tuple[Claim, ...]
    state: str
    clia: str
    rate: Decimal
    """What it charges, as a multiple of the base charges of the scenarios."""

    @property
    def itself(self) -> bool:
        return self.specialty.itself

    def case(
        self,
        chance: Chance,
        day: date,
        *,
        ages: tuple[int, int] = (18, 90),
        sexes: str = "FM",
        payers: Sequence[str] = (),
    ) -> Case:
        """A patient of the practice; `payers` are the kinds it may be, else what is usual at that age."""
        age = chance.between(*ages)
        kind = chance.pick(*payers) if payers else usual_payer(chance, age)
        if kind.startswith("medicare") and age < 65 <= ages[1] and chance.happens(0.85):  # the others are disabled
            age = chance.between(65, ages[1])
        return Case(chance, self, day, kind, chance.pick(*sexes), _born(chance, day, age), age)

    def newborn(self, chance: Chance, day: date, days: int, *, payers: Sequence[str] = ()) -> Case:
        """A child `days` old."""
        kind = chance.pick(*payers) if payers else usual_payer(chance, 0)
        return Case(chance, self, day, kind, chance.pick("F", "M"), day - timedelta(days=days), 0)


def make_practice(specialty: Specialty, *seed: object) -> Practice:
    """A practice of a specialty, the same for the same seed."""
    chance = Chance("practice", specialty.name, *seed)
    city, state, code = chance.pick(*_TOWNS)
    clinicians: tuple[Claim, ...] = tuple(
        {"npi": chance.npi(), "taxonomy": taxonomy, "entity": "person"}
        for taxonomy in (*specialty.taxonomies, specialty.taxonomies[0])
    )
    billing = {
        "npi": chance.npi(),
        "taxonomy": specialty.taxonomies[0] if specialty.itself else _GROUP,
        "tax_id": f"{chance.between(20, 88)}{chance.digits(7)}",
        "entity": "organization",
        "name": f"SAMPLE {specialty.name.replace('_', ' ').upper()}",
        "address": {
            "line1": chance.pick(*_STREETS),
            "city": city,
            "state": state,
            "zip": f"{code}{chance.between(1101, 4899)}",
        },
    }
    rate = Decimal(chance.between(85, 140)) / 100
    return Practice(specialty, billing, clinicians, state, f"{chance.between(11, 54)}D{chance.digits(7)}", rate)


def usual_payer(chance: Chance, age: int) -> str:
    """A kind of payer that is usual at an age."""
    if age >= 65:
        return chance.weighed(
            [("medicare", 58), ("medicare_advantage", 26), ("commercial", 10), ("tricare", 3), ("medicaid", 3)]
        )
    if age < 19:
        return chance.weighed([("commercial", 48), ("medicaid", 44), ("tricare", 8)])
    return chance.weighed(
        [("commercial", 58), ("medicaid", 20), ("medicare", 9), ("tricare", 8), ("medicare_advantage", 5)]
    )


def _born(chance: Chance, day: date, age: int) -> date:
    """A birth date that makes somebody this many years old on a day."""
    year = day.year - age
    try:
        birthday = day.replace(year=year)
    except ValueError:
        birthday = day.replace(year=year, day=28)
    return birthday - timedelta(days=chance.between(1, 360) if age else chance.between(61, 360))


@attrs.frozen
class Service:
    """One service of a claim. `to` are places in the diagnoses, counted from 1; `price` is for one unit."""

    procedure: str
    modifiers: tuple[str, ...]
    price: Decimal
    to: tuple[int, ...] = (1,)
    units: Decimal = Decimal(1)
    more: Claim = attrs.field(factory=dict)


def service(
    code: str, price: float, *, to: Sequence[int] = (1,), units: float = 1, modifiers: Sequence[str] = (), **more: Any
) -> Service:
    """A service written as "99213-25": the code, and its modifiers after it. `more` are keys of the JSON line."""
    procedure, *written = code.split("-")
    plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in more.items()}
    return Service(procedure, (*written, *modifiers), Decimal(str(price)), tuple(to), Decimal(str(units)), plain)


def code_on(day: date, before: str, first: date, after: str) -> str:
    """The code of a day: `after` from `first` on, until then `before`."""
    return after if day >= first else before


FY2025, FY2026, FY2027 = date(2024, 10, 1), date(2025, 10, 1), date(2026, 10, 1)
"""First days of editions of ICD-10-CM."""


PAYERS = {
    "medicare": ("MCARE1", "MEDICARE B"),
    "medicare_advantage": ("MADV77", "SAMPLE ADVANTAGE"),
    "medicaid": ("MCAID5", "STATE MEDICAID"),
    "commercial": ("PLAN01", "SAMPLE HEALTH PLAN"),
    "tricare": ("TRICR9", "TRICARE EAST"),
    "workers_comp": ("WCOMP3", "SAMPLE COMPENSATION FUND"),
    "auto": ("AUTO22", "SAMPLE AUTO INSURANCE"),
}
FACILITY_PLACES = ("19", "21", "22", "23", "24", "26", "31", "32", "34", "51", "52", "56", "61", "65")
"""Places that are not the practice's own: the claim names them."""


@attrs.frozen
class Case:
    """A patient with a payer, at a practice, on a day."""

    chance: Chance
    practice: Practice
    day: date
    payer: str
    sex: str
    born: date
    age: int

    @property
    def medicare(self) -> bool:
        return self.payer == "medicare"

    @property
    def clinician(self) -> Claim:
        return self.practice.clinicians[0]

    def claim(self, diagnoses: Sequence[str], *services: Service, place: str = "11", **more: Any) -> Claim:
        """The claim of these services; `more` are keys of the JSON claim and replace what stands there."""
        lines = [self._line(number, entry) for number, entry in enumerate(services, 1)]
        claim: Claim = {
            "claim_id": f"C{self.chance.digits(9)}",
            "form": "professional",
            "frequency": "1",
            "payer": dict(zip(("id", "name", "kind"), (*PAYERS[self.payer], self.payer), strict=True)),
            "payer_sequence": "primary",
            "subscriber": self._subscriber(),
            "patient": {"birth_date": self.born.isoformat(), "sex": self.sex, "state": self.practice.state},
            "billing_provider": self.practice.billing,
        }
        if self.medicare:
            claim["jurisdiction"] = self.practice.state
        if not self.practice.itself:
            claim["rendering_provider"] = self.clinician
        codes = [entry.procedure for entry in services]
        if any(is_ordered(code) for code in codes):
            claim["ordering_provider"] = self.outside() if self.practice.itself else dict(self.clinician)
        if any(is_laboratory(code) for code in codes):
            claim["clia_number"] = self.practice.clia
        if place in FACILITY_PLACES:
            claim["service_facility"] = self.facility()
        claim |= {"place_of_service": place, "diagnoses": [{"code": code} for code in diagnoses], "lines": lines}
        total = sum((Decimal(line["charge"]) for line in lines), Decimal(0))
        last = max(line.get("service_date_end") or line["service_date"] for line in lines)
        received = date.fromisoformat(last) + timedelta(days=self.chance.between(1, 40))
        return claim | {"total_charge": f"{total:.2f}", "receipt_date": received.isoformat()} | more

    def outside(self, taxonomy: str = _FAMILY_PHYSICIAN) -> Claim:
        """A provider of another practice, such as the one who orders or refers."""
        return {"npi": self.chance.npi(), "taxonomy": taxonomy, "entity": "person"}

    def facility(self) -> Claim:
        """A hospital, center or home near the practice."""
        home = self.practice.billing["address"]["zip"]
        return {"npi": self.chance.npi(), "name": "SAMPLE FACILITY", "entity": "organization", "zip": home}

    def _subscriber(self) -> Claim:
        if self.medicare:
            return {"member_id": self.chance.mbi(), "relationship": "self"}
        if self.payer in ("commercial", "tricare") and (self.age < 19 or self.chance.happens(0.2)):
            return {
                "member_id": f"W{self.chance.digits(9)}",
                "relationship": "child" if self.age < 19 else "spouse",
                "birth_date": date(self.born.year - (28 if self.age < 19 else 1), 5, 14).isoformat(),
                "sex": self.chance.pick("F", "M"),
            }
        return {"member_id": f"W{self.chance.digits(9)}", "relationship": "self"}

    def _line(self, number: int, entry: Service) -> Claim:
        charge = (entry.price * entry.units * self.practice.rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return {
            "number": number,
            "procedure": entry.procedure,
            "modifiers": list(entry.modifiers),
            "units": f"{entry.units.normalize():f}",
            "charge": f"{charge:f}",
            "service_date": self.day.isoformat(),
            "diagnosis_pointers": list(entry.to),
        } | entry.more


def is_laboratory(code: str) -> bool:
    """Laboratory tests, for which a claim names the laboratory's certificate (42 CFR 493)."""
    return code.isdigit() and "80047" <= code <= "89398"


def is_ordered(code: str) -> bool:
    """Tests, imaging and equipment are given because somebody ordered them (42 CFR 424.507)."""
    return (
        (code.isdigit() and "70010" <= code <= "89398")
        or code[:1] in {"E", "K", "L"}
        or code.startswith(("A4", "A6", "A7"))
    )
