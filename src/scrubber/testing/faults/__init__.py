"""One known fault of every kind, to be planted into a clean claim: an independent measure of what the rules find.

The faults are written from the catalogue of edits, not from the rule files, one module for each kind of field.
`scrubber testing faults` writes claims with them; `scrubber testing recall` counts which are found.
"""

from __future__ import annotations

from importlib import import_module

from scrubber.testing.faults.model import Claim, Fault, Means, Planted

FAMILIES = ("claims", "dates", "diagnoses", "edits", "modifiers", "payers", "people", "procedures", "visits")

__all__ = ["FAMILIES", "Claim", "Fault", "Means", "Planted", "all_faults"]


def all_faults() -> tuple[Fault, ...]:
    """Every fault, by rule."""
    modules = (import_module(f"scrubber.testing.faults.{family}") for family in FAMILIES)
    return tuple(sorted((fault for module in modules for fault in module.FAULTS), key=lambda fault: fault.rule))
