"""Segments into drafts: follows the loops of each transaction set and hands over one draft a claim.

The walker trusts entity codes and the order of segments, as every reader must, and goes on where they fail: a segment
that is out of place is kept where it can be read, and the fault is noted.
"""

from __future__ import annotations

from collections.abc import Callable

from scrubber.claim import Form, StructuralFault
from scrubber.readers.x12.draft import Draft
from scrubber.readers.x12.envelope import Envelope, element
from scrubber.readers.x12.faults import fault, place, shown
from scrubber.readers.x12.hierarchy import Hierarchy
from scrubber.readers.x12.loops import (
    BEFORE_CLAIM,
    HOME,
    IN_CLAIM,
    LEVELS,
    OF_4010,
    OPENS_IN_LINE,
    PARENT,
    SERVICES,
    Loop,
    Segment,
)
from scrubber.readers.x12.tokens import Body, Delimiters, Header, Overlong, Skipped, Token, Unterminated, upper

PLAIN = frozenset(
    "BHT REF PER PRV CUR N3 N4 DMG DTP PWK CN1 AMT K3 NTE CR1 CR3 CRC HCP CAS QTY MEA PS1 CTP FRM".split()
)
"""Segments that stay in the loop that is open."""

_CLAIM_AREAS = ("2300", "2320", "2400")

Handler = Callable[[Segment], None]


class _Handlers(dict[str, Handler]):
    """Handlers by segment identifier, and one for all others."""

    def __init__(self, other: Handler, known: dict[str, Handler]) -> None:
        super().__init__(known)
        self.other = other

    def __missing__(self, identifier: str) -> Handler:
        return self.other


class Walker:
    """Stateful: one input, from its first token to its last."""

    def __init__(self) -> None:
        self.envelope = Envelope()
        self.hierarchy = Hierarchy()
        self.delimiters = Delimiters("*", ":", None, "~")
        self.started = False
        self.number = 0
        self.index = 0
        self.coming: list[StructuralFault] = []
        """Faults that wait for the next claim."""
        self.current: Draft | None = None
        self.last: Draft | None = None
        self.finished: list[Draft] = []
        envelope: dict[str, Handler] = {"GS": self._gs, "ST": self._st, "SE": self._se, "GE": self._ge, "IEA": self._iea}
        self._between = _Handlers(self._outside, {**envelope, "TA1": self._ignore})
        self._other_set = _Handlers(self._ignore, envelope)
        within = dict.fromkeys(HOME, self._at_home) | dict.fromkeys(OPENS_IN_LINE, self._in_line)
        within |= {"HL": self._hl, "NM1": self._nm1, "CLM": self._clm, "SBR": self._sbr, "PAT": self._pat, "LX": self._lx}
        self._within = _Handlers(self._odd, {**envelope, **within})
        self.known_identifiers = PLAIN | set(within) | set(envelope)
        self._leave_set()
        self._empty_context()

    # ------------------------------------------------------------------------------------------------------- tokens

    def take(self, token: Token) -> list[Draft]:
        """The claims that this token completes."""
        if isinstance(token, Body):
            self._body(token)
        elif isinstance(token, Header):
            self._header(token)
        elif isinstance(token, Skipped):
            self._skipped(token)
        elif isinstance(token, Unterminated):
            self._unterminated(token.text)
        elif isinstance(token, Overlong):
            self.number += 1
            text = f"Segment {self.number} is longer than 1 MiB and was skipped."
            self._note(fault("EDI103", "segment-too-long", text, self._here("")))
        finished, self.finished = self.finished, []
        return finished

    def end(self) -> list[Draft]:
        """The claims that the end of the input completes."""
        self._close_claim()
        missing = self.envelope.missing_trailers("end")
        last = self.last
        if last is None or all(found.variant != "truncated" for found in last.faults):
            self._behind(missing)
        if last is not None:
            last.faults += self.coming
            self.coming = []
        return self.finished

    def _header(self, header: Header) -> None:
        self.started = True
        self._close_claim()
        self._behind(self.envelope.missing_trailers("ISA"))
        self._leave_set()
        self.delimiters = header.delimiters
        self.coming += self.envelope.open_interchange(header)

    def _skipped(self, token: Skipped) -> None:
        at = place(0, "ISA", "ISA")
        texts = {
            "byte-order-mark": ("byte-order-mark", "A byte order mark stands before ISA."),
            "blank": ("blank-before-isa", "Blanks or blank lines stand before ISA."),
            "text": ("text-outside", "Text stands outside any interchange; it was skipped."),
            "isa": ("isa-unreadable", "An ISA was skipped: its separators cannot be told apart."),
        }
        variant, text = texts[token.kind]
        found = fault("EDI103", variant, text, at)
        if token.first:
            self.coming.append(found)
        else:
            self._behind([found])

    def _unterminated(self, text: str) -> None:
        parts = text.split(self.delimiters.element)
        if parts[0] in ("SE", "GE", "IEA") and len(parts) == 3:
            self._segment(text)
            found = f"The last segment, {parts[0]}, has no terminator."
            at = place(0, {"SE": "TRAILER", "GE": "GS", "IEA": "ISA"}[parts[0]], parts[0])
            self._behind([fault("EDI103", "terminator-missing", found, at)])
            return
        name = parts[0] if parts[0] in self.known_identifiers else "a segment"
        found = f"The input ends inside segment {self.number + 1} ({name})."
        at = place(self.number + 1, self.loop.id, name if name != "a segment" else "")
        if self.current is not None:
            self.current.whole = False
        self._behind([fault("EDI103", "truncated", found, at)])

    # ----------------------------------------------------------------------------------------------------- segments

    def _body(self, body: Body) -> None:
        separator = self.delimiters.element
        for text in body.texts:
            segment = text.split(separator)
            identifier = segment[0]
            self.number += 1
            if identifier in self._inside:
                self.loop.segments.append(segment)
            else:
                self._handlers[identifier](segment)

    def _segment(self, text: str) -> None:
        self._body(Body([text], False))

    def _ignore(self, segment: Segment) -> None:
        """A segment of a transaction set that is no 837."""

    def _odd(self, segment: Segment) -> None:
        """A segment that the 837 does not have as it stands: empty, indented, in lower case, or unknown."""
        bare = segment[0].strip()
        if not bare and len(segment) == 1:
            self.number -= 1  # no segment: SE01 does not count it
            variant, what = ("segment-empty", "An empty segment stands") if not segment[0] else (
                "segment-indented", "Blank lines stand"
            )
            self._note_once(fault("EDI105", variant, f"{what} before segment {self.number + 1}.", self._here("")))
            return
        if bare != segment[0]:
            text = f"Blanks or blank lines stand before segment {self.number}."
            self._note_once(fault("EDI105", "segment-indented", text, self._here(bare[:3])))
        name = upper(bare)
        if name in self.known_identifiers:
            if name != bare:
                text = f"Segment {self.number}, {name}, has its identifier in lower case."
                self._note_once(fault("EDI105", "segment-lower-case", text, self._here(name)))
            segment[0] = name
            if name in PLAIN:
                self.loop.segments.append(segment)
            else:
                self._handlers[name](segment)
            return
        text = f"Segment {self.number} has the identifier {shown(bare[:3])}, which no 837 has."
        self._note_once(fault("EDI105", "segment-unknown", text, self._here(""), shown(bare[:3])))
        segment[0] = "?" + bare[:3]
        self.loop.segments.append(segment)

    def _outside(self, segment: Segment) -> None:
        """A segment between the sets: blank ones aside, a set has begun without its ST."""
        if not segment[0].strip() and len(segment) == 1:
            self.number -= 1
            return
        if upper(segment[0].strip()) not in self.known_identifiers:
            if upper(segment[0].strip()) != "TA1":
                self.number -= 1
            return
        self._behind([fault("EDI103", "set-header-missing", "Segments stand outside ST and SE.", place(0, "GS", "ST"))])
        self.number = 2
        self._begin_set()
        self._handlers = self._within
        self._inside = PLAIN
        self._odd(segment)

    # ----------------------------------------------------------------------------------------------------- envelope

    def _gs(self, segment: Segment) -> None:
        self._close_claim()
        self._behind(self.envelope.missing_trailers("GS"))
        self._leave_set()
        self.coming += self.envelope.open_group(segment)

    def _st(self, segment: Segment) -> None:
        self._close_claim()
        self._behind(self.envelope.missing_trailers("ST"))
        self.number = 1
        found = self.envelope.open_set(segment)
        if element(segment, 1) != "837":
            text = f"The transaction set {shown(element(segment, 2))} is a {shown(element(segment, 1))}, no 837."
            at = place(1, "HEADER", "ST01")
            self._behind([fault("EDI104", "not-a-claim-set", text, at, shown(element(segment, 1)))])
            self._handlers, self._inside = self._other_set, frozenset()
            return
        self.coming += found
        self._begin_set()
        self.loop.segments.append(segment)

    def _begin_set(self) -> None:
        self._handlers, self._inside = self._within, PLAIN
        self.hierarchy = Hierarchy()
        self._empty_context()
        self.area = "HEADER"
        self.loop = Loop("HEADER", self.number, [])
        self.header = [self.loop]
        self.part = self.header

    def _leave_set(self) -> None:
        self._handlers: _Handlers = self._between
        self._inside: frozenset[str] = frozenset()
        self.number = 0

    def _empty_context(self) -> None:
        self.area = "?"
        self.header: list[Loop] = []
        self.billing: list[Loop] = []
        self.subscriber: list[Loop] = []
        self.patient: list[Loop] = []
        self.part: list[Loop] = []
        self.loop = Loop("?", 0, [])

    def _se(self, segment: Segment) -> None:
        self._close_claim()
        if self._handlers is self._within:
            self._behind(self.hierarchy.leave())
        self._behind(self.envelope.close_set(segment, self.number))
        self._leave_set()

    def _ge(self, segment: Segment) -> None:
        self._close_claim()
        self._behind(self.envelope.missing_trailers("GE") + self.envelope.close_group(segment))
        self._leave_set()

    def _iea(self, segment: Segment) -> None:
        self._close_claim()
        self._behind(self.envelope.missing_trailers("IEA") + self.envelope.close_interchange(segment))
        self._leave_set()

    # -------------------------------------------------------------------------------------------------------- loops

    def _open(self, identifier: str, segment: Segment) -> None:
        self.loop = Loop(identifier, self.number, [segment])
        self.part.append(self.loop)

    def _level(self, loop: str) -> None:
        """A level begins: what stood below it is gone."""
        self._close_claim()
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
        self._close_claim()
        if level in ("20", "22"):
            self._behind(self.hierarchy.leave())
        self.coming += self.hierarchy.add(segment, self.number)
        self._level(LEVELS.get(level, "?"))
        self._open(LEVELS.get(level, "?"), segment)

    def _level_without_hl(self, loop: str, segment: Segment) -> None:
        """What can only stand in `loop` comes without the HL of that level."""
        self._level(loop)
        text = f"Segment {self.number}, {segment[0]}, begins loop {loop}, whose HL is missing."
        self._note(fault("EDI105", "loop-missing", text, place(self.number, loop, "HL"), loop, "HL"))

    def _nm1(self, segment: Segment) -> None:
        code = element(segment, 1)
        area = self.area
        if area in _CLAIM_AREAS:
            loop = self._claim_loop(area, code)
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

    def _claim_loop(self, area: str, code: str) -> str | None:
        assert self.current is not None
        form = self.current.form
        loop = IN_CLAIM[form][area].get(code)
        if loop is None and area == "2320":
            loop = IN_CLAIM[form]["2300"].get(code)
        if self.current.guide.old:
            return OF_4010[form][area].get(code, loop)
        return loop

    def _unknown_loop(self, segment: Segment, area: str) -> None:
        code = shown(element(segment, 1))
        text = f"NM1 at segment {self.number} has the entity code {code}, which has no loop here."
        self._note(fault("EDI105", "loop-unknown", text, place(self.number, area, "NM101"), code))
        self._open("?", segment)

    def _clm(self, segment: Segment) -> None:
        self._close_claim()
        guide = self.envelope.guide
        form: Form = guide.form or _form_of(segment, self.delimiters.component)
        self.current = Draft(
            self.index, guide, form, self.delimiters.component, self.header, self.billing, self.subscriber, self.patient,
            [], self.coming,
        )  # fmt: skip
        self.index += 1
        self.coming = []
        self.area = "2300"
        self.part = self.current.loops
        self._open("2300", segment)

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

    def _close_claim(self) -> None:
        if self.current is not None:
            self.finished.append(self.current)
            self.last, self.current = self.current, None
            self.area = "?"
            self.part = []
            self.loop = Loop("?", 0, [])

    # ------------------------------------------------------------------------------------------------------- faults

    def _here(self, what: str) -> dict[str, object]:
        return place(self.number, self.loop.id, what)

    def _note(self, found: StructuralFault) -> None:
        """A fault of the claim that is open, or of the next one."""
        (self.coming if self.current is None else self.current.faults).append(found)

    def _note_once(self, found: StructuralFault) -> None:
        """The same, once a claim and kind: a file that is in lower case says so once a claim, not once a segment."""
        faults = self.coming if self.current is None else self.current.faults
        if all((f.variant, f.codes) != (found.variant, found.codes) for f in faults):
            faults.append(found)

    def _behind(self, faults: list[StructuralFault]) -> None:
        """Faults of a trailer: they go to the claim before, or wait for the next where there is none."""
        before = self.current or self.last
        if before is None:
            self.coming += faults
        else:
            before.faults += faults


def _form_of(segment: Segment, component: str) -> Form:
    """The form where no guide says it: facility codes of qualifier A are types of bill."""
    facility = element(segment, 5).split(component)
    return "institutional" if len(facility) > 1 and facility[1] == "A" else "professional"
