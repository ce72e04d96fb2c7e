"""Faults of the people on a claim: patient and subscriber (PAT), providers (PRV)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from scrubber.testing.faults.claims import without
from scrubber.testing.faults.model import Claim, Fault, Means
from scrubber.testing.faults.staging import broken, first_day, swapped

VISIT: dict[str, Any] = {"lines": ["{visit}"], "dx": ["{dx}"]}
VISITS: dict[str, Any] = {"visit": ("99212", "99213", "99214"), "dx": ("I10", "E11.9", "M54.50", "J06.9")}
MEDICARE: dict[str, Any] = {**VISIT, "payer": "medicare"}


def _set(part: str, **values: Any) -> Any:
    """A change of a part of the claim."""

    def change(claim: Claim, means: Means) -> str:
        claim[part] = {**(claim.get(part) or {}), **values}
        return "claim"

    return change


def _born_later(claim: Claim, means: Means) -> str:
    days = means.one_of([1, 2, 30, 365])
    claim["patient"]["birth_date"] = (first_day(claim) + timedelta(days)).isoformat()
    return "claim"


def _other_digit(part: str) -> Any:
    """The check digit of an NPI mistyped."""

    def change(claim: Claim, means: Means) -> str | None:
        provider = claim.get(part)
        if not provider or not provider.get("npi"):
            return None
        npi = provider["npi"]
        provider["npi"] = npi[:-1] + str((int(npi[-1]) + means.chance.randint(1, 9)) % 10)
        return "claim"

    return change


def _no_member(claim: Claim, means: Means) -> str | None:
    """Accident insurers know their patients by the number of the case."""
    if claim["payer"]["kind"] in ("workers_comp", "auto"):
        return None
    claim["subscriber"]["member_id"] = None
    return "claim"


_MEMBERS = {"member": ("1SG4TE5MK73", "1EG4TE5MK7", "0EG4TE5MK73", "1EG4TE5MKA3", "1EGATE5MK73", "123456789A")}
_HOSPITAL = {"lines": ["{inpatient}"], "dx": ["J18.9"], "pos": "21"}
_ROUNDS = {"inpatient": ("99221", "99222", "99231", "99232")}
_ADDRESS = {"line1": "100 MAIN ST", "city": "MIAMI", "state": "FL", "zip": "331311234"}


def _billing_address(**values: Any) -> dict[str, Any]:
    return {"billing_provider": {"address": {**_ADDRESS, **values}}}


FAULTS: tuple[Fault, ...] = (
    broken("PAT101", "no birth date", "error", without("patient.birth_date")),
    broken("PAT101", "an age in place of the birth date", "info", _set("patient", birth_date=None, age_years=45),
           scene=VISIT,
           vary=VISITS),
    broken("PAT102", "a patient born after the service", "error", _born_later),
    broken("PAT103", "a birth date of another century", "error", _set("patient", birth_date="1890-01-01"), scene=VISIT,
           vary=VISITS),
    broken("PAT103", "an age of 130", "error", _set("patient", birth_date=None, age_years=130), scene=VISIT,
           vary=VISITS),
    broken("PAT104", "no sex", "error", without("patient.sex")),
    broken("PAT104", "a sex that no form has", "error", _set("patient", sex="X")),
    broken("PAT105", "no member id", "error", _no_member),
    swapped("PAT106", "a Medicare number that is none", "error", right=MEDICARE,
            wrong={"subscriber": {"member_id": "{member}"}}, vary={**VISITS, **_MEMBERS}, at="claim"),
    broken("PAT107", "no relationship to the insured", "error", without("subscriber.relationship")),
    broken("PAT107", "a relationship that nobody knows", "error", _set("subscriber",
           relationship="cousin twice removed")),
    swapped("PAT107", "a Medicare patient who is not the insured", "warning", right=MEDICARE,
            wrong={"subscriber": {"relationship": "{relation}"}}, vary={**VISITS, "relation": ("spouse", "child")},
            at="claim"),
    broken("PRV101", "no NPI of the billing provider", "error", without("billing_provider.npi")),
    broken("PRV102", "a digit of the billing NPI mistyped", "error", _other_digit("billing_provider")),
    broken("PRV102", "a digit of the rendering NPI mistyped", "error", _other_digit("rendering_provider")),
    broken("PRV102", "a digit of the ordering NPI mistyped", "error", _other_digit("ordering_provider"),
           scene=VISIT, vary=VISITS),
    broken("PRV102", "a digit of the referring NPI mistyped", "error", _other_digit("referring_provider"),
           scene={**VISIT, "referring_provider": {"npi": "1999999984"}}, vary=VISITS),
    swapped("PRV102", "nine digits for the NPI of a line", "error",
            right={**VISIT, "lines": ["{visit} npi=1003000126"]},
            wrong={"lines": ["{visit} npi=100300012"]}, vary=VISITS, at="line 1"),
    swapped("PRV103", "the NPI of the rendering provider is deactivated", "warning",
            right={**VISIT, "rendering_provider": {"npi": "1003000126"}},
            wrong={"rendering_provider": {"npi": "1003000134"}}, vary=VISITS, at="claim", tables=("npi_registry",)),
    swapped("PRV103", "an organization as rendering provider", "warning",
            right={**VISIT, "rendering_provider": {"npi": "1003000126"}},
            wrong={"rendering_provider": {"npi": "1003000142"}}, vary=VISITS, at="claim", tables=("npi_registry",)),
    swapped("PRV103", "an organization as ordering provider", "warning",
            right={**VISIT, "ordering_provider": {"npi": "1003000126"}},
            wrong={"ordering_provider": {"npi": "1003000142"}}, vary=VISITS, at="claim", tables=("npi_registry",)),
    broken("PRV104", "a tax id of eight digits", "error", _set("billing_provider", tax_id="58352235")),
    broken("PRV104", "a tax id of one digit repeated", "error", _set("billing_provider", tax_id="999999999")),
    broken("PRV104", "a tax id that starts with 00", "error", _set("billing_provider", tax_id="00-3522358")),
    broken("PRV105", "a billing taxonomy of nine characters", "error", _set("billing_provider", taxonomy="261QM1300")),
    broken("PRV105", "a rendering taxonomy that does not end in X", "error",
           _set("rendering_provider", taxonomy="207Q00000Y"), scene=VISIT, vary=VISITS),
    swapped("PRV105", "a taxonomy that is not in the list", "error",
            right={**VISIT, "billing_provider": {"taxonomy": "261QM1300X"}},
            wrong={"billing_provider": {"taxonomy": "261QM1309X"}}, vary=VISITS, at="claim", tables=("taxonomy",)),
    swapped("PRV106", "a group that does not say who gave the service", "warning",
            right={**VISIT, "billing_provider": {"taxonomy": "{group}"}}, wrong={"rendering_provider": None},
            vary={**VISITS, "group": ("193200000X", "193400000X")}, at="line 1"),
    swapped("PRV107", "a laboratory test that nobody ordered", "error",
            right={"lines": ["{test}"], "dx": ["E78.5"], "payer": "medicare"},
            wrong={"ordering_provider": None, "referring_provider": None},
            vary={"test": ("80053", "85025", "80061", "84443")},
            at="line 1"),
    swapped("PRV107", "imaging that nobody ordered", "error",
            right={"lines": ["99213", "{image}"], "dx": ["M25.561"], "payer": "medicare"},
            wrong={"ordering_provider": None, "referring_provider": None}, vary={"image": ("73562", "73560", "72100")},
            at="line 2"),
    swapped("PRV107", "equipment that nobody ordered", "error",
            right={"lines": ["{item}"], "dx": ["G47.33"], "payer": "medicare", "pos": "12",
                   "billing_provider": {"taxonomy": "332B00000X"}, "rendering_provider": None},
            wrong={"ordering_provider": None, "referring_provider": None},
            vary={"item": ("E0601-RR-KH", "A7030-NU", "E0143-NU")}, at="line 1"),
    swapped("PRV108", "a laboratory test without a CLIA number", "error",
            right={"lines": ["{test}"], "dx": ["E78.5"], "payer": "{payer}"}, wrong={"clia_number": None},
            vary={"test": ("80053", "85025", "80061"), "payer": ("medicare", "medicaid")}, at="line 1",
            tables=("clia",)),
    swapped("PRV108", "a CLIA number that is none", "error",
            right={"lines": ["{test}"], "dx": ["E78.5"], "payer": "{payer}"}, wrong={"clia_number": "{number}"},
            vary={"test": ("80053", "85025", "80061"), "payer": ("medicare", "medicaid"),
                  "number": ("11D234567", "1112345678", "D111234567", "11X1234567")}, at="line 1"),
    swapped("PRV110", "a hospital visit without the hospital", "warning", right=_HOSPITAL,
            wrong={"service_facility": None}, vary=_ROUNDS, at="claim"),
    swapped("PRV111", "a post office box as billing address", "error", right=VISIT,
            wrong=_billing_address(line1="{box}"),
            vary={**VISITS, "box": ("PO BOX 12", "P.O. Box 77", "POB 12", "LOCK BOX 5")},
            at="claim"),
    swapped("PRV111", "a billing ZIP code of five digits", "error", right=VISIT, wrong=_billing_address(zip="33131"),
            vary=VISITS, at="claim"),
    swapped("PRV111", "a billing ZIP code that ends in 0000", "error", right=VISIT,
            wrong=_billing_address(zip="{zip}"), vary={**VISITS, "zip": ("331310000", "331319999")}, at="claim"),
    swapped("PRV111", "a facility ZIP code of five digits", "error", right=_HOSPITAL,
            wrong={"service_facility": {"zip": "33131"}}, vary=_ROUNDS, at="claim"),
)  # fmt: skip
