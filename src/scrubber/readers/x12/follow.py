"""The loops of a transaction set: which loop each segment belongs to, where one claim ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Callable

from scrubber.claim import Form, StructuralFault
from scrubber.readers.x12.draft import Draft, Guide
from scrubber.readers.x12.elements import Match, matchers
from scrubber.readers.x12.envelope import Envelope, element
from scrubber.readers.x12.faults import fault, place, shown
from scrubber.readers.x12.hierarchy import Hierarchy
from scrubber.readers.x12.loops import (
    BEFORE_CLAIM,
    HOME,
    LEVELS,
    OPENS_IN_LINE,
    PARENT,
    SERVICES,
    UNKNOWN,
    Loop,
    Segment,
    claim_loop,
)
from scrubber.readers.x12.tokens import Delimiters

Handler = Callable[[Segment], None]

_CLAIM_AREAS = ("2300", "2320", "2400")

_FACILITY = re.compile(r"[A-Za-z0-9]{1,2}([^A-Za-z0-9\s])[AB]\1[A-Za-z0-9]")
"""CLM05 as all claims have it, whatever its separator."""


class LoopWalker:
    """Stateful: follows the segments of transaction sets. What it opens and closes becomes one draft a claim."""

    def __init__(self) -> None:
        self.envelope = Envelope()
        self.hierarchy = Hierarchy()
        self.delimiters = Delimiters("*", ":", None, "~")
        self.number = 0
        self.index = 0
        self.coming: list[StructuralFault] = []
        """Faults that wait for the next claim."""
        self.suspects: list[tuple[Loop, Segment]] = []
        """Segments before the next claim whose elements are not all as they should be."""
        self.checks: dict[str, Match] = {}
        self.clean: set[str] = set()
        """Segment texts that were checked and are clean; many stand in a file again and again."""
        self.current: Draft | None = None
        self.last: Draft | None = None
        self.finished: list[Draft] = []
        self.area = UNKNOWN
        self.header: list[Loop] = []
        self.billing: list[Loop] = []
        self.subscriber: list[Loop] = []
        self.patient: list[Loop] = []
        self.part: list[Loop] = []
        self.loop = Loop(UNKNOWN, 0, [])
        openers: dict[str, Handler] = {
            "HL": self._hl, "NM1": self._nm1, "CLM": self._clm, "SBR": self._sbr, "PAT": self._pat, "LX": self._lx,
        }  # fmt: skip
        self.openers = dict.fromkeys(HOME, self._at_home) | dict.fromkeys(OPENS_IN_LINE, self._in_line) | openers

    def begin_set(self) -> None:
        """A transaction set begins: nothing of the one before holds any more."""
        self.hierarchy = Hierarchy()
        self.area = "HEADER"
        self.loop = Loop("HEADER", self.number, [])
        self.header = self.part = [self.loop]
        self.billing, self.subscriber, self.patient = [], [], []

    def _open(self, identifier: str, segment: Segment) -> None:
        self.loop = Loop(identifier, self.number, [segment])
        self.part.append(self.loop)

    def _level(self, loop: str) -> None:
        """A level begins: what stood below it is gone."""
        self.close_claim()
        self.area = loop
        if loop == "2000A":
            self.part = self.billing = []
            self.subscriber, self.patient = [], []
        elif loop == "2000B":
            self.part = self.subscriber = []
            self.patient = []
        elif loop == "2000C":
            self.part = self.patient = []
        else:
            self.part = []

    def _hl(self, segment: Segment) -> None:
        level = element(segment, 3)
        self.close_claim()
        if level in ("20", "22"):
            self.behind(self.hierarchy.leave())
        self.coming += self.hierarchy.add(segment, self.number)
        self._level(LEVELS.get(level, UNKNOWN))
        self._open(LEVELS.get(level, UNKNOWN), segment)

    def _level_without_hl(self, loop: str, segment: Segment) -> None:
        """What can only stand in `loop` comes without the HL of that level."""
        self._level(loop)
        text = f"Segment {self.number}, {segment[0]}, begins loop {loop}, whose HL is missing."
        self.note(fault("EDI105", "loop-missing", text, place(self.number, loop, "HL"), loop, "HL"))

    def _nm1(self, segment: Segment) -> None:
        code = segment[1] if len(segment) > 1 else ""
        area = self.area
        if area in _CLAIM_AREAS:
            assert self.current is not None
            loop = claim_loop(self.current.form, area, code, self.current.guide.old)
            if loop is not None:
                self._open(loop, segment)
                return
            if area != "2400" or code not in ("85", "IL", "QC"):
                self._unknown_loop(segment, area)
                return
        loop = BEFORE_CLAIM.get(code)
        if loop is None:
            self._unknown_loop(segment, area)
            return
        level = PARENT[loop]
        if level not in (self.area, "HEADER"):
            self._level_without_hl(level, segment)
        self._open(loop, segment)

    def _unknown_loop(self, segment: Segment, area: str) -> None:
        code = shown(element(segment, 1))
        text = f"NM101, the entity code, is {code}, which has no loop here (segment {self.number})."
        self.note(fault("EDI105", "loop-unknown", text, place(self.number, area, "NM101"), code))
        self._open(UNKNOWN, segment)

    def _clm(self, segment: Segment) -> None:
        self.close_claim()
        guide = self.envelope.guide
        self._component_separator(segment)
        form: Form = guide.form or _form_of(segment, self.delimiters.component)
        shared = self.header, self.billing, self.subscriber, self.patient
        before = self.last
        self.current = Draft(
            self.index, guide, form, self.delimiters, *shared, [], self.coming, self.suspects,
            fresh=shared if before is None else _fresh(shared, before.shared),
            own_claims=bool(before and before.subscriber is self.subscriber and before.patient is not self.patient),
        )  # fmt: skip
        self.index += 1
        self.coming, self.suspects = [], []
        self.area = "2300"
        self.part = self.current.loops
        self._open("2300", segment)

    def _component_separator(self, segment: Segment) -> None:
        """Where CLM05 is cut by another character than ISA16 says, that one is the component separator."""
        facility = element(segment, 5)
        component = self.delimiters.component
        if component in facility or not (found := _FACILITY.fullmatch(facility)):
            return
        text = "ISA16 names another component separator than the claims use; they are read by the one they use."
        self.note(fault("EDI103", "component-separator-wrong", text, place(0, "ISA", "ISA16")))
        given = self.delimiters
        repetition = None if given.repetition == found[1] else given.repetition
        self.delimiters = Delimiters(given.element, found[1], repetition, given.terminator)
        self.check_with(self.envelope.guide)

    def check_with(self, guide: Guide) -> None:
        """Check elements by this guide and these separators from here on."""
        self.checks.clear()
        self.clean.clear()
        if guide.claims:
            self.checks.update(matchers(self.delimiters, guide.old))

    def _sbr(self, segment: Segment) -> None:
        if self.area in ("2300", "2320"):
            self.area = "2320"
            self._open("2320", segment)
        elif self.area != "2000B":
            self._level_without_hl("2000B", segment)
            self._open("2000B", segment)
        else:
            self._within_level("2000B", segment)

    def _pat(self, segment: Segment) -> None:
        if self.area in ("2000B", "2000C"):
            self._within_level(self.area, segment)
        elif self.area in ("2300", "2320"):
            self.loop.segments.append(segment)
        else:
            self._level_without_hl("2000C", segment)
            self._open("2000C", segment)

    def _within_level(self, loop: str, segment: Segment) -> None:
        if self.loop.id == loop:
            self.loop.segments.append(segment)
        else:
            self._open(loop, segment)

    def _lx(self, segment: Segment) -> None:
        if self.area in _CLAIM_AREAS:
            self.area = "2400"
            self._open("2400", segment)
        else:
            self.loop.segments.append(segment)

    def _in_line(self, segment: Segment) -> None:
        if self.area == "2400":
            self._open(OPENS_IN_LINE[segment[0]], segment)
        else:
            self.loop.segments.append(segment)

    def _at_home(self, segment: Segment) -> None:
        """A segment that belongs to one loop only; where another is open, its own is taken up again."""
        home = HOME[segment[0]]
        if self.area not in _CLAIM_AREAS or (home == "2320" and self.area != "2320"):
            self.loop.segments.append(segment)
        elif home == "2400" and self.area != "2400":
            self.area = "2400"
            self._open("2400", segment)
        elif self.loop.id != home or (segment[0] in SERVICES and self.loop.first(segment[0])):
            self._open(home, segment)
        else:
            self.loop.segments.append(segment)

    def close_claim(self) -> None:
        if self.current is not None:
            self.finished.append(self.current)
            self.last, self.current = self.current, None
            self.area = UNKNOWN
            self.part = []
            self.loop = Loop(UNKNOWN, 0, [])

    # ------------------------------------------------------------------------------------------------------- faults

    def here(self, what: str) -> dict[str, object]:
        return place(self.number, self.loop.id, what)

    def note(self, found: StructuralFault) -> None:
        """A fault of the claim that is open, or of the next one."""
        (self.coming if self.current is None else self.current.faults).append(found)

    def note_once(self, found: StructuralFault) -> None:
        """The same, once a claim and kind: a file that is in lower case says so once a claim, not once a segment."""
        faults = self.coming if self.current is None else self.current.faults
        if all((f.variant, f.codes) != (found.variant, found.codes) for f in faults):
            faults.append(found)

    def behind(self, faults: list[StructuralFault]) -> None:
        """Faults of a trailer: they go to the claim before, or wait for the next where there is none."""
        before = self.current or self.last
        if before is None:
            self.coming += faults
        else:
            before.faults += faults


def _fresh(shared: tuple[list[Loop], ...], before: tuple[list[Loop], ...]) -> tuple[list[Loop], ...]:
    """Which of the loops above a claim are not those of the claim before."""
    return tuple([own for own, old in zip(shared, before, strict=True) if own is not old])


def _form_of(segment: Segment, component: str) -> Form:
    """The form where no guide says it: facility codes of qualifier A are types of bill."""
    facility = element(segment, 5).split(component)
    return "institutional" if len(facility) > 1 and facility[1] == "A" else "professional"
