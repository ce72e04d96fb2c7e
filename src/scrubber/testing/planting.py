"""One fault planted into a claim that is right, at a known place: for tests of what is done with findings."""

from __future__ import annotations

import random

import attrs

from scrubber.claim import Claim
from scrubber.errors import ScrubberError, UnknownName
from scrubber.findings import Severity
from scrubber.readers.mapping import claim_from_mapping
from scrubber.tables import TableSet
from scrubber.testing.claims import a_claim, as_mapping
from scrubber.testing.faults import Fault, Means, all_faults
from scrubber.testing.faults.staging import FIRST_DAYS, lacking
from scrubber.testing.mini import mini_tables

_TRIES = 20
_OTHER_RENDERING_NPI = "1999999984"
"""Not that of the shorthand, which some faults give to the other provider."""


@attrs.frozen(kw_only=True)
class FaultyClaim:
    """A claim with one fault, the same claim without it, and where the rule must fire: "claim", "line 2" …"""

    claim: Claim
    right: Claim
    rule: str
    at: str
    severity: Severity
    fault: str
    """The mistake in a few words."""


def plant_fault(
    rule: str, claim: Claim | None = None, *, name: str | None = None, seed: object = 1, tables: TableSet | None = None
) -> FaultyClaim:
    """Plant a fault that a rule must find into a professional claim, else into a visit of its own.

    Where a rule has several faults, `name` names one ("a category in place of a code"), else the seed chooses. Some
    faults bring their own diagnoses, lines and payer; the patient, the providers and the day stay. `tables` are those
    that the claim will be checked with: the mini tables, unless the test says otherwise.

    Raises:
        UnknownName: there is no fault of that rule or name; names the nearest one.
        ScrubberError: no fault of the rule can be planted into the claim, or with these tables.
    """
    tables = tables if tables is not None else mini_tables()
    chance = random.Random(f"{seed} {rule}")
    faults = faults_of(rule, tables, name)
    for _ in range(_TRIES):
        fault = chance.choice(faults)
        found = planted(fault, suited(fault) if claim is None else claim, chance, tables)
        if found is not None:
            return found
    raise ScrubberError(f"no fault of {rule} can be planted into this claim.", hint="Plant it into another one.")


def faults_of(rule: str, tables: TableSet, name: str | None = None) -> tuple[Fault, ...]:
    """The faults of a rule that can be planted with these tables.

    Raises:
        UnknownName: there is no fault of that rule or name.
        ScrubberError: tables are missing.
    """
    every = [fault for fault in all_faults() if fault.rule == rule]
    if not every:
        raise UnknownName("fault of rule", rule, sorted({fault.rule for fault in all_faults()}))
    named = [fault for fault in every if name is None or fault.name == name]
    if not named:
        raise UnknownName(f"fault of {rule}", str(name), [fault.name for fault in every])
    ready = tuple(fault for fault in named if lacking(fault, tables) is None)
    if not ready:
        raise ScrubberError(f"faults of {rule} need the table {lacking(named[0], tables)} for their days.")
    return ready


def planted(fault: Fault, claim: Claim, chance: random.Random, tables: TableSet) -> FaultyClaim | None:
    """A fault planted into a claim; None where the claim is not suited.

    Raises:
        ScrubberError: the claim is not professional.
    """
    if claim.form != "professional":
        raise ScrubberError(f"faults are planted into professional claims, and this one is {claim.form}.")
    try:
        done = fault.plant(as_mapping(claim), Means(chance, tables))
    except (LookupError, TypeError):  # the tables have no such row, or the claim not the fields that the fault changes
        return None
    if done is None:
        return None
    wrong, right = claim_from_mapping(done.claim), claim_from_mapping(done.right)
    return FaultyClaim(claim=wrong, right=right, rule=fault.rule, at=done.at, severity=fault.severity, fault=fault.name)


def suited(fault: Fault) -> Claim:
    """A visit of the days for which the fault is made."""
    return a_claim(
        day=FIRST_DAYS[fault.period],
        diagnoses=["M54.50"],
        rendering_provider={"npi": _OTHER_RENDERING_NPI},
    )
