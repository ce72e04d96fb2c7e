"""Segments into drafts: follows the loops of each transaction set and hands over one draft a claim.

The walker trusts entity codes and the order of segments, as every reader must, and goes on where they fail: a segment
that is out of place is kept where it can be read, and the fault is noted.
"""

from __future__ import annotations

from scrubber.readers.x12.draft import Draft
from scrubber.readers.x12.envelope import element
from scrubber.readers.x12.faults import fault, place, shown
from scrubber.readers.x12.follow import Handler, LoopWalker
from scrubber.readers.x12.loops import Segment
from scrubber.readers.x12.tokens import Body, Header, Overlong, Skipped, Token, Unterminated, upper
from scrubber.readers.x12.wording import element_in_words

PLAIN = frozenset((
    "REF", "PER", "PRV", "CUR", "N3", "N4", "DMG", "DTP", "PWK", "CN1", "AMT", "K3", "NTE", "CR1", "CR3", "CRC", "HCP",
    "CAS", "QTY", "MEA", "PS1", "CTP", "FRM",
))  # fmt: skip
"""Segments that stay in the loop that is open."""

_MOST_CLEAN = 10_000
_REPEATING = frozenset(("PRV", "N4", "SBR", "PAT", "DTP", "LX", "CL1", "OI", "PER"))
"""Segments that are often the same to the letter: what was found clean once is not checked again."""


class _Handlers(dict[str, Handler]):
    """Handlers by segment identifier, and one for all others."""

    def __init__(self, other: Handler, known: dict[str, Handler]) -> None:
        super().__init__(known)
        self.other = other

    def __missing__(self, identifier: str) -> Handler:
        return self.other


class Walker(LoopWalker):
    """Stateful: one input, from its first token to its last."""

    def __init__(self) -> None:
        super().__init__()
        self.started = False
        self._handlers: _Handlers
        self._inside: frozenset[str]
        envelope: dict[str, Handler] = {
            "GS": self._gs,
            "ST": self._st,
            "SE": self._se,
            "GE": self._ge,
            "IEA": self._iea,
        }
        self._between = _Handlers(self._outside, {**envelope, "TA1": self._ignore})
        self._other_set = _Handlers(self._of_other_set, envelope)
        within = self.openers | {"BHT": self._bht}
        self._within = _Handlers(self._odd, {**envelope, **within})
        self.known_identifiers = PLAIN | set(within) | set(envelope)
        self._leave_set()

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
            self.note(fault("EDI103", "segment-too-long", text, self.here("")))
        finished, self.finished = self.finished, []
        return finished

    def end(self) -> list[Draft]:
        """The claims that the end of the input completes."""
        self.close_claim()
        missing = self.envelope.missing_trailers("end")
        last = self.last
        if last is None or all(found.variant != "truncated" for found in last.faults):
            self.behind(missing)
        if last is not None:
            last.faults += self.coming
            self.coming = []
        return self.finished

    def _header(self, header: Header) -> None:
        self.started = True
        self.close_claim()
        self.behind(self.envelope.missing_trailers("ISA"))
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
            self.behind([found])

    def _unterminated(self, text: str) -> None:
        parts = text.split(self.delimiters.element)
        if parts[0] in ("SE", "GE", "IEA") and len(parts) == 3:
            self._segment(text)
            found = f"The last segment, {parts[0]}, has no terminator."
            at = place(0, {"SE": "TRAILER", "GE": "GS", "IEA": "ISA"}[parts[0]], parts[0])
            self.behind([fault("EDI103", "terminator-missing", found, at)])
            return
        name = parts[0] if parts[0] in self.known_identifiers else "a segment"
        found = f"The input ends inside segment {self.number + 1} ({name})."
        at = place(self.number + 1, self.loop.id, name if name != "a segment" else "")
        if self.current is not None:
            self.current.whole = False
        self.behind([fault("EDI103", "truncated", found, at)])

    # ----------------------------------------------------------------------------------------------------- segments

    def _body(self, body: Body) -> None:
        """The hot path: most segments stay in the loop that is open, and match what their guide says of them."""
        separator, odd = self.delimiters.element, body.odd
        check_of, clean = self.checks.get, self.clean
        inside, handlers, append = self._inside, self._handlers, self.loop.segments.append
        for text in body.texts:
            segment = text.split(separator)
            identifier = segment[0]
            self.number += 1
            if identifier in inside:
                append(segment)
            else:
                handlers[identifier](segment)
                inside, handlers, append = self._inside, self._handlers, self.loop.segments.append
            check = check_of(identifier)
            if check is not None and (identifier not in _REPEATING or text not in clean):
                if check(text) is None:
                    self._suspect(segment)
                elif identifier in _REPEATING and len(clean) < _MOST_CLEAN:
                    clean.add(text)
            if odd:
                self._characters(text, segment)

    def _suspect(self, segment: Segment) -> None:
        """Keep a segment that does not match, to be looked at element by element."""
        if self._handlers is self._within:
            (self.suspects if self.current is None else self.current.suspects).append((self.loop, segment))

    def _characters(self, text: str, segment: Segment) -> None:
        """Report separators at an end and characters outside the X12 character set."""
        if self._handlers is not self._within or not segment[0].strip():
            return
        element, component = self.delimiters.element, self.delimiters.component
        name = segment[0].lstrip("?")
        if text.endswith((element, component)) or component + element in text:
            what = f"Segment {self.number}, {name}, has separators at its end or at the end of a composite."
            self.note_once(fault("EDI107", "trailing-separators", what, self.here(name)))
        if not text.isprintable() or not text.isascii():
            for index, value in enumerate(segment):
                value = value.replace(component, "")
                if not (value.isprintable() and value.isascii()):
                    at = self.here(f"{name}{index:02d}")
                    named = element_in_words(segment, f"{name}{index:02d}", component)
                    what = f"{named} has a character outside the X12 character set (segment {self.number})."
                    self.note_once(fault("EDI107", "character-invalid", what, at))
                    break

    def _segment(self, text: str) -> None:
        self._body(Body([text], False))

    def _ignore(self, segment: Segment) -> None:
        """A segment that says nothing about a claim."""

    def _of_other_set(self, segment: Segment) -> None:
        """A segment of a transaction set that is no 837; its end counts however it is written."""
        name = upper(segment[0].strip())
        if name != segment[0] and name in self._other_set:
            segment[0] = name
            self._other_set[name](segment)

    def _odd(self, segment: Segment) -> None:
        """A segment that the 837 does not have as it stands: empty, indented, in lower case, or unknown.

        Put right, it is read and checked as any other.
        """
        bare = segment[0].strip()
        if not bare and len(segment) == 1:
            self.number -= 1  # no segment: SE01 does not count it
            variant, what = (
                ("segment-empty", "An empty segment stands")
                if not segment[0]
                else ("segment-indented", "Blank lines stand")
            )
            self.note_once(fault("EDI105", variant, f"{what} before segment {self.number + 1}.", self.here("")))
            return
        if bare != segment[0]:
            text = f"Blanks or blank lines stand before segment {self.number}."
            if not segment[0][0].isspace():
                text = f"Segment {self.number} has blanks after its identifier."
            self.note_once(fault("EDI105", "segment-indented", text, self.here(upper(bare[:3]))))
        name = upper(bare)
        if name in self.known_identifiers:
            if name != bare:
                text = f"Segment {self.number}, {name}, has its identifier in lower case."
                self.note_once(fault("EDI105", "segment-lower-case", text, self.here(name)))
            segment[0] = name
            if name in PLAIN:
                self.loop.segments.append(segment)
            else:
                self._handlers[name](segment)
            self._check_again(segment)
            return
        text = f"The identifier of segment {self.number} is {shown(bare[:3])}, which no 837 has."
        self.note_once(fault("EDI105", "segment-unknown", text, self.here(""), shown(bare[:3])))
        segment[0] = "?" + bare[:3]
        self.loop.segments.append(segment)

    def _check_again(self, segment: Segment) -> None:
        """Check the elements of a segment that was put right: as it stood, no check knew it."""
        check = self.checks.get(segment[0])
        if check is not None and check(self.delimiters.element.join(segment)) is None:
            self._suspect(segment)

    def _outside(self, segment: Segment) -> None:
        """A segment between the sets: part of the envelope, or of a set that has begun without its ST."""
        bare = segment[0].strip()
        name = upper(bare)
        if name not in self.known_identifiers and name != "TA1":
            if segment[0]:  # what is empty between the sets may be a line break too many
                text = f"The identifier of a segment outside ST and SE is {shown(bare[:3])}, which no envelope has."
                self.behind([fault("EDI105", "segment-unknown", text, place(0, "GS", ""), shown(bare[:3]))])
            return
        if bare != segment[0]:
            text = f"Blanks or blank lines stand before {name}."
            if self.last is None or all(found.variant != "segment-indented" for found in self.last.faults):
                self.note_once(fault("EDI105", "segment-indented", text, place(0, "GS", name)))
        right, segment[0] = segment[0] == name, name
        if name in self._between:
            self._between[name](segment)
            return
        text = "Segments stand outside ST and SE; they are read as if an ST stood before them."
        self.behind([fault("EDI103", "set-header-missing", text, place(0, "GS", "ST"))])
        self.number = 1
        self.envelope.guide_of_group()
        self._enter_set()
        self.check_with(self.envelope.guide)
        self.loop.segments.append(["ST"])  # keeps the numbers of what follows right
        self.number = 2
        if name in PLAIN:
            self.loop.segments.append(segment)
        else:
            self._within[name](segment)
        if not right:
            self._check_again(segment)

    # ----------------------------------------------------------------------------------------------------- envelope

    def _gs(self, segment: Segment) -> None:
        self.close_claim()
        self.behind(self.envelope.missing_trailers("GS"))
        self._leave_set()
        self.coming += self.envelope.open_group(segment)

    def _bht(self, segment: Segment) -> None:
        self.coming += self.envelope.begin_transaction(segment)
        self.loop.segments.append(segment)

    def _st(self, segment: Segment) -> None:
        self.close_claim()
        self.behind(self.envelope.missing_trailers("ST"))
        self.number = 1
        found = self.envelope.open_set(segment)
        if element(segment, 1) != "837":
            text = f"ST01 is {shown(element(segment, 1))} in a transaction set; claims are in an 837."
            at = place(1, "HEADER", "ST01")
            self.behind([fault("EDI104", "not-a-claim-set", text, at, shown(element(segment, 1)))])
            self._handlers, self._inside = self._other_set, frozenset()
            return
        self.coming += found
        self._enter_set()
        self.check_with(self.envelope.guide)
        self.loop.segments.append(segment)

    def _enter_set(self) -> None:
        self._handlers, self._inside = self._within, PLAIN
        self.begin_set()

    def _leave_set(self) -> None:
        self._handlers = self._between
        self._inside = frozenset()
        self.number = 0

    def _se(self, segment: Segment) -> None:
        self.close_claim()
        if self._handlers is self._within:
            self.behind(self.hierarchy.leave())
        self.behind(self.envelope.close_set(segment, self.number))
        self._leave_set()

    def _ge(self, segment: Segment) -> None:
        self.close_claim()
        self.behind(self.envelope.missing_trailers("GE") + self.envelope.close_group(segment))
        self._leave_set()

    def _iea(self, segment: Segment) -> None:
        self.close_claim()
        self.behind(self.envelope.missing_trailers("IEA") + self.envelope.close_interchange(segment))
        self._leave_set()
