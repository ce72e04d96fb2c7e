"""A claim as the walker leaves it: its loops and those above it, not yet made into a `Claim`."""

from __future__ import annotations

import attrs

from scrubber.claim import Form, StructuralFault
from scrubber.readers.x12.loops import Loop


@attrs.define
class Guide:
    """What a transaction set says it is: form (None: not said), whether 004010, and whether a predetermination."""

    form: Form | None
    old: bool = False
    claims: bool = True
    predetermination: bool = False


@attrs.define
class Draft:
    """The loops of one claim (`loops`, from CLM on) and those it shares with its neighbours."""

    index: int
    guide: Guide
    form: Form
    component: str
    header: list[Loop]
    billing: list[Loop]
    subscriber: list[Loop]
    patient: list[Loop]
    loops: list[Loop]
    faults: list[StructuralFault]
    whole: bool = True
    """False where the input ends inside this claim: what it lacks is then no fault of its own."""
