"""Faults as data: a right scene and a wrong one in the shorthand of rule tests, laid over a clean claim.

The claim lends its patient, providers, dates and numbers, so that one fault is met on many different claims; what the
scene is about (diagnoses, lines, payer, place) comes from the scene. In its texts `{name}` stands for one of the
choices of `vary`, and `{day}`, `{next_day}`, `{day_before}` for days.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from scrubber.findings import Severity
from scrubber.tables import TableSet
from scrubber.testing.faults.model import Claim, Fault, Means, Planted
from scrubber.testing.shorthand import SAMPLE_MBI, mapping_from_shorthand

Scene = Mapping[str, Any]
Choices = Mapping[str, Sequence[Any] | Callable[[Means, date], Any]]
"""What names in a scene may stand for: some values, or what is drawn from a table."""

FIRST_DAYS = {"2024q3": date(2024, 7, 1), "2025q4": date(2025, 10, 1), "2026": date(2026, 1, 5)}
FACILITY_PLACES = frozenset({"19", "21", "22", "23", "24", "26", "31", "32", "34", "51", "52", "53", "56", "61", "65"})
ORDERING_NPI = "1999999984"
_OF_THE_CLAIM_REPLACED = (
    "accident", "attachments", "care_dates", "claim_note", "clinical_trial_number", "delay_reason", "history",
    "initial_treatment_date", "original_reference", "other_payers", "payer_sequence", "prior_authorization",
    "property_casualty_number", "receipt_date", "referring_provider", "supervising_provider",
)  # fmt: skip
_LAID_OVER = frozenset({"dx", "lines", "payer", "pos", "sex", "age", "dos"})


def swapped(
    rule: str,
    name: str,
    severity: Severity,
    *,
    right: Scene,
    wrong: Scene,
    at: str,
    vary: Choices | None = None,
    period: str = "2026",
    tables: tuple[str, ...] = (),
) -> Fault:
    """A fault of which both scenes are written down; `wrong` says only what differs from `right`."""

    def plant(claim: Claim, means: Means) -> Planted | None:
        words = chosen_words(claim, means, vary or {}, right)
        good = {key: _filled(value, words) for key, value in right.items()}
        bad = {**good, **{key: _filled(value, words) for key, value in wrong.items()}}
        age = means.chance.randint(*_ages(good))
        other_age = age if _ages(bad) == _ages(good) else means.chance.randint(*_ages(bad))
        return Planted(staged(claim, bad, other_age), staged(claim, good, age), at.format(**words))

    return Fault(rule, name, severity, plant, period, tables)


def broken(
    rule: str,
    name: str,
    severity: Severity,
    change: Callable[[Claim, Means], str | None],
    *,
    scene: Scene | None = None,
    vary: Choices | None = None,
    period: str = "2026",
    tables: tuple[str, ...] = (),
) -> Fault:
    """A fault that is a change of a claim: as the claim comes, or laid over it by a scene first.

    `change` alters the claim and says where its rule must fire, or None where the claim is not suited.
    """

    def plant(claim: Claim, means: Means) -> Planted | None:
        right = claim
        if scene is not None:
            words = chosen_words(claim, means, vary or {}, scene)
            good = {key: _filled(value, words) for key, value in scene.items()}
            right = staged(claim, good, means.chance.randint(*_ages(good)))
        wrong = copy.deepcopy(right)
        at = change(wrong, means)
        return None if at is None else Planted(wrong, right, at)

    return Fault(rule, name, severity, plant, period, tables)


def staged(claim: Claim, scene: Scene, age: int) -> Claim:
    """A clean claim with the diagnoses, lines, payer and place of a scene, right in everything the scene leaves open.

    Keys of the JSON claim may stand in a scene too; those that are mappings are laid over what is there.
    """
    day = scene.get("dos") or first_day(claim).isoformat()
    payer = scene.get("payer", "commercial")
    short = mapping_from_shorthand(
        {"dos": day, "dx": scene.get("dx", ["I10"]), "lines": scene["lines"], "payer": payer, "age": age}
    )
    new = {key: value for key, value in copy.deepcopy(claim).items() if key not in _OF_THE_CLAIM_REPLACED}
    for key in ("diagnoses", "lines", "total_charge", "payer"):
        new[key] = short[key]
    new["subscriber"] = {"member_id": SAMPLE_MBI if payer == "medicare" else "W123456789", "relationship": "self"}
    new["patient"] = {**new.get("patient", {}), "birth_date": short["patient"]["birth_date"]}
    if "sex" in scene:
        new["patient"]["sex"] = scene["sex"]
    new["frequency"] = "1"
    new["jurisdiction"] = claim.get("jurisdiction") or "FL"
    new["place_of_service"] = scene.get("pos", "11")
    new["service_facility"] = None
    if new["place_of_service"] in FACILITY_PLACES:
        new["service_facility"] = {"npi": ORDERING_NPI, "name": "GENERAL HOSPITAL", "zip": "331311234"}
    new["billing_provider"] = {**new["billing_provider"], "taxonomy": "261QM1300X"}
    new["rendering_provider"] = {"npi": rendering_npi(claim), "taxonomy": "207Q00000X"}
    new["ordering_provider"] = {"npi": ORDERING_NPI}
    new["clia_number"] = "11D1234567"
    for key, value in scene.items():
        if key not in _LAID_OVER:
            below = new.get(key)
            new[key] = {**below, **value} if isinstance(value, dict) and isinstance(below, dict) else value
    return new


def first_day(claim: Claim) -> date:
    """The first day of service of a clean claim."""
    return min(date.fromisoformat(line["service_date"]) for line in claim["lines"])


def rendering_npi(claim: Claim) -> str:
    """Who gives the services of a clean claim."""
    for provider in (claim.get("rendering_provider"), claim["billing_provider"]):
        if provider and provider.get("npi"):
            return str(provider["npi"])
    return ORDERING_NPI


def chosen_words(claim: Claim, means: Means, vary: Choices, scene: Scene | None = None) -> dict[str, Any]:
    """What the names in a scene stand for this time."""
    day = first_day(claim)
    words: dict[str, Any] = {"day": day}
    for name, choices in vary.items():
        words[name] = choices(means, day) if callable(choices) else means.one_of(choices)
    if scene and "dos" in scene:
        day = date.fromisoformat(_filled(scene["dos"], words))
    return {**words, "day": day, "next_day": day + timedelta(1), "day_before": day - timedelta(1)}


def _ages(scene: Scene) -> tuple[int, int]:
    ages = scene.get("age", (25, 63))
    return ages if isinstance(ages, tuple) else (ages, ages)


def _filled(value: Any, words: Mapping[str, Any]) -> Any:
    """A value of a scene with its names replaced."""
    if isinstance(value, str):
        return value.format(**words) if "{" in value else value
    if isinstance(value, Mapping):
        return {key: _filled(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, words) for item in value]
    return value


def lacking(fault: Fault, tables: TableSet) -> str | None:
    """The first table that has nothing for the days of a fault; None where all are at hand."""
    for name in fault.tables:
        table = tables.get(name)
        if table is None or table.edition_on(FIRST_DAYS[fault.period]) is None:
            return name
    return None
