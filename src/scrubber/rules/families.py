"""The families of rules, by the letters that their ids begin with."""

from __future__ import annotations

from collections.abc import Mapping

FAMILIES: Mapping[str, str] = {
    "clm": "Completeness of the claim",
    "pat": "Patient and subscriber",
    "prv": "Providers",
    "dat": "Dates and filing limits",
    "dx": "Diagnoses",
    "prc": "Procedures",
    "mod": "Modifiers",
    "unt": "Units and charges",
    "ncci": "Pairs of procedures",
    "mue": "Unlikely units",
    "aoc": "Add-on codes",
    "cov": "Coverage",
    "ane": "Anesthesia",
    "evm": "Visits",
    "fac": "Institutional claims",
    "den": "Dental claims",
    "dme": "Equipment and supplies",
    "hst": "History",
    "edi": "Structure of the 837",
    "pay": "Payers and coordination of benefits",
}
"""The families of the shipped rules in the order of the catalogue; others stand behind under their letters."""


def family_title(family: str) -> str:
    """What the rules of a family are about."""
    return FAMILIES.get(family, family.upper())
