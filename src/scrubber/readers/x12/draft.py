"""A claim as the walker leaves it: its loops and those above it, not yet made into a `Claim`."""

from __future__ import annotations

import attrs

from scrubber.claim import Form, StructuralFault
from scrubber.readers.x12.loops import Loop, Segment
from scrubber.readers.x12.tokens import Delimiters


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
    delimiters: Delimiters
    header: list[Loop]
    billing: list[Loop]
    subscriber: list[Loop]
    patient: list[Loop]
    loops: list[Loop]
    faults: list[StructuralFault]
    suspects: list[tuple[Loop, Segment]]
    """Segments whose elements are not all as they should be."""
    fresh: tuple[list[Loop], ...]
    """Which of the shared loops the claim before does not have: the faults of the others are said there."""
    own_claims: bool = False
    """Whether the subscriber had claims of their own before the patient level began."""
    whole: bool = True
    """False where the input ends inside this claim: what it lacks is then no fault of its own."""

    @property
    def component(self) -> str:
        return self.delimiters.component

    @property
    def shared(self) -> tuple[list[Loop], ...]:
        return self.header, self.billing, self.subscriber, self.patient

    def seen(self, loops: list[Loop]) -> bool:
        """Whether the claim before has these loops too."""
        return all(loops is not own for own in self.fresh)
