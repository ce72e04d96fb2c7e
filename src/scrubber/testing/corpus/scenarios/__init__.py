"""The situations that claims are made of, one module for each group of specialties.

A new scenario is one more function in its module, and its name in `SCENARIOS` there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import Claim, Practice, Specialty
from scrubber.testing.corpus.scenarios import (
    diagnostics,
    hospital,
    medicine,
    primary_care,
    skin_eyes_nerves,
    supplies,
    surgery,
    therapy,
    women,
)

Scenario = Callable[[Chance, Practice, date], Claim]

_MODULES = (primary_care, surgery, medicine, skin_eyes_nerves, women, diagnostics, hospital, therapy, supplies)

SPECIALTIES: Mapping[str, Specialty] = MappingProxyType(
    {specialty.name: specialty for module in _MODULES for specialty in module.SCENARIOS}
)
SCENARIOS: Mapping[str, tuple[Scenario, ...]] = MappingProxyType(
    {specialty.name: scenarios for module in _MODULES for specialty, scenarios in module.SCENARIOS.items()}
)
"""The scenarios of each specialty."""
