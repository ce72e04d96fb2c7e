"""Named checks: what the words of the rule language cannot say, in Python.

A *predicate* says yes or no of one value (`passes:` and `fails:` in a rule). A *finder* looks something up about one
item of the claim and gives an answer with fields that conditions and messages may name (`look_up:` in a rule).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scrubber.checks import (
    addons,
    claims,
    coded_items,
    dates,
    diagnoses,
    diagnosis_sequence,
    diagnosis_spelling,
    identifiers,
    modifiers,
    ncci,
    procedures,
    shapes,
    units,
)
from scrubber.checks.contract import Finder, Predicate

PREDICATES: Mapping[str, Predicate] = MappingProxyType(
    {predicate.name: predicate for predicate in (*identifiers.PREDICATES, *modifiers.PREDICATES, *shapes.PREDICATES)}
)
FINDERS: Mapping[str, Finder] = MappingProxyType(
    {
        finder.name: finder
        for finder in (
            *addons.FINDERS,
            *claims.FINDERS,
            *coded_items.FINDERS,
            *dates.FINDERS,
            *diagnoses.FINDERS,
            *diagnosis_sequence.FINDERS,
            *diagnosis_spelling.FINDERS,
            *identifiers.FINDERS,
            *modifiers.FINDERS,
            *ncci.FINDERS,
            *procedures.FINDERS,
            *units.FINDERS,
        )
    }
)

__all__ = ["FINDERS", "PREDICATES", "Finder", "Predicate"]
