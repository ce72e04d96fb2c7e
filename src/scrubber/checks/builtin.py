"""The named checks that are shipped, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scrubber.checks import (
    addons,
    claims,
    coded_items,
    coverage,
    dates,
    diagnoses,
    diagnosis_notes,
    diagnosis_sequence,
    diagnosis_sides,
    diagnosis_spelling,
    drugs,
    fee_schedule,
    identifiers,
    laboratory,
    modifiers,
    ncci,
    other_payers,
    payers,
    procedures,
    same_day,
    shapes,
    therapy,
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
            *coverage.FINDERS,
            *dates.FINDERS,
            *diagnoses.FINDERS,
            *diagnosis_notes.FINDERS,
            *diagnosis_sequence.FINDERS,
            *diagnosis_sides.FINDERS,
            *diagnosis_spelling.FINDERS,
            *drugs.FINDERS,
            *fee_schedule.FINDERS,
            *identifiers.FINDERS,
            *laboratory.FINDERS,
            *modifiers.FINDERS,
            *ncci.FINDERS,
            *other_payers.FINDERS,
            *payers.FINDERS,
            *procedures.FINDERS,
            *same_day.FINDERS,
            *therapy.FINDERS,
            *units.FINDERS,
        )
    }
)
