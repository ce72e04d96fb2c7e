"""Bytes into segments: finds each interchange, takes its delimiters from its ISA and cuts it into segment texts.

Nothing here knows what a claim is. Text that belongs to no interchange is skipped and reported, and the next ISA (or,
where an ISA is missing or past use, the next `ST*837`) starts afresh with its own delimiters.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import BinaryIO

import attrs

CHUNK = 1 << 16
LONGEST_SEGMENT = 1 << 20
"""No 837 segment comes near 1 MiB; what is longer is skipped up to its terminator, so that memory stays bounded."""

ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)

_START = re.compile(
    r"(?P<isa>ISA)(?P<element>[^A-Za-z0-9 \r\n])(?=[^\r\n]{0,3}(?P=element))"
    r"|(?P<bare>(?:GS|ST)(?P<separator>[^A-Za-z0-9\s])(?:837|HC)(?P=separator))",
    re.IGNORECASE,
)
_BARE_END = re.compile(r"[^A-Za-z0-9\s](?=\s*(?:ST|BHT)[^A-Za-z0-9\s])|[\r\n](?=\s*(?:ST|BHT)[^A-Za-z0-9\s])", re.I)
_LONGEST_HEADER = 400
_HELD_BACK = 64
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\r") + b"\x7f"
_MARKS = ("\xef\xbb\xbf", "\xff\xfe", "\xfe\xff")


@attrs.frozen
class Delimiters:
    """The four separators of one interchange; `repetition` is None where its ISA names none."""

    element: str
    component: str
    repetition: str | None
    terminator: str


@attrs.frozen
class Header:
    """The start of an interchange: its ISA (None: there is none) and the separators to use from here on."""

    isa: list[str] | None
    delimiters: Delimiters
    fixed_width: bool = True
    folded: bool = False


@attrs.frozen
class Body:
    """Segment texts in order, without terminators. `odd`: one of them may hold something that is no clean X12."""

    texts: list[str]
    odd: bool


@attrs.frozen
class Skipped:
    """Bytes outside any interchange; `kind` says what: byte-order-mark, blank, text, or isa (one that is past use).

    `first`: they stand before the first interchange.
    """

    kind: str
    first: bool


@attrs.frozen
class Overlong:
    """A segment of more than LONGEST_SEGMENT characters was skipped."""


@attrs.frozen
class Unterminated:
    """The input ends inside a segment; `text` is what there is of it."""

    text: str


Token = Header | Body | Skipped | Overlong | Unterminated


def looks_like_x12(head: bytes) -> bool:
    """Whether these first bytes of a file are those of an interchange, a functional group or a transaction set."""
    text = head[:4096].decode("latin-1")
    starts = (found.start() for found in _START.finditer(text))
    return any(start == 0 or not text[start - 1].isalnum() or not text[start - 1].isascii() for start in starts)


def tokens(stream: BinaryIO) -> Iterator[Token]:
    """Cut a binary stream into headers and blocks of segments, in constant memory."""
    source = _Source(stream)
    first = True
    while True:
        header = yield from _seek(source, first)
        if header is None:
            return
        first = False
        yield header
        yield from _body(source, header)


class _Source:
    """A stream of latin-1 text that can be looked ahead: `text` is what was read and not yet used."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.text = ""
        self.ended = False
        self.folded = False
        self.controls = False
        """Whether a control character was met anywhere: only then are blocks searched for them."""
        self.delimiters: Delimiters | None = None

    def more(self) -> bool:
        """Read another chunk; False at the end of the input."""
        data = b"" if self.ended else self.stream.read(CHUNK)
        if not data:
            self.ended = True
            return False
        if not self.controls and len(data.translate(None, _CONTROLS)) != len(data):
            self.controls = True
        text = data.decode("latin-1")
        self.text += upper(text) if self.folded else text
        return True


def upper(text: str) -> str:
    """Upper case of the ASCII letters only, so that no character becomes two."""
    return text.upper() if text.isascii() else "".join(c.upper() if c.isascii() else c for c in text)


def _seek(source: _Source, first: bool) -> Generator[Token, None, Header | None]:
    """Skip to the next interchange and return its header; None at the end. What was skipped is reported once."""
    source.folded = False
    found: set[str] = set()
    while True:
        start = _START.search(source.text)
        if start is None:
            keep = 0 if source.ended else _HELD_BACK
            header, used = None, max(0, len(source.text) - keep)
            found |= _skipped(source.text[:used], first)
        elif len(source.text) - start.start() < _LONGEST_HEADER and source.more():
            continue
        else:
            header, used = _header(source, start)
            if header is None and start["isa"]:
                found.add("isa")
            found |= _skipped(source.text[: start.start() if header else used], first)
        source.text = source.text[used:]
        ended = source.ended and not source.text
        if header is not None or ended:
            if "text" in found or ended:
                found.discard("blank")
            if "isa" in found:
                found.discard("text")
            for kind in sorted(found):
                yield Skipped(kind, first)
            return header
        if start is None:
            source.more()


def _skipped(text: str, first: bool) -> set[str]:
    """What kinds of bytes outside an interchange these are."""
    kinds = set()
    for mark in _MARKS:
        if text.startswith(mark):
            kinds.add("byte-order-mark")
            text = text[len(mark) :]
    if text.strip():
        kinds.add("text")
    elif text and first:
        kinds.add("blank")
    return kinds


def _header(source: _Source, start: re.Match[str]) -> tuple[Header | None, int]:
    """The header that begins at `start`, and how many characters it takes; None where it cannot be one."""
    at = start.start()
    if start["isa"] is None:
        return _bare_header(source, start)
    text = source.text[at : at + _LONGEST_HEADER]
    element = start["element"]
    parts = text.split(element, 16)
    if len(parts) < 17 or len(parts[16]) < 2 or max(map(len, parts[:16])) > 40:
        return None, start.end()
    component, terminator = parts[16][0], parts[16][1]
    if len({element, component, terminator}) < 3 or component.isalnum() or terminator.isalnum() or terminator == " ":
        return None, start.end()
    isa = [*parts[:16], component]
    folded = start["isa"] != "ISA"
    repetition = isa[11]
    usable = (
        len(repetition) == 1 and not repetition.isalnum() and repetition not in (" ", element, component, terminator)
    )
    delimiters = Delimiters(element, component, repetition if usable else None, terminator)
    fixed = tuple(len(value) for value in isa[1:]) == ISA_WIDTHS
    if folded:  # lower case throughout: read it as upper case, which all codes are in
        source.folded, source.text = True, upper(source.text)
        isa = [upper(value) for value in isa]
    source.delimiters = delimiters
    length = sum(map(len, parts[:16])) + 16 + 2
    return Header(isa, delimiters, fixed, folded), at + length


def _bare_header(source: _Source, start: re.Match[str]) -> tuple[Header | None, int]:
    """Separators for groups and sets without an ISA: the element separator stands there, the others are found."""
    at, element = start.start(), start["separator"]
    before = source.delimiters
    if before is not None and before.element == element:
        return Header(None, before), at
    end = _BARE_END.search(source.text, start.end(), at + 2 * _LONGEST_HEADER)
    if end is None or end[0] == element:
        return None, start.end()
    return Header(None, Delimiters(element, ":" if element != ":" else ">", None, end[0])), at


def _body(source: _Source, header: Header) -> Iterator[Token]:
    """The segments of one interchange, up to its IEA, the next ISA or the end of the input."""
    delimiters = header.delimiters
    terminator = delimiters.terminator
    last = re.compile(rf"(?:^|{re.escape(terminator)})\s*IEA{re.escape(delimiters.element)}")
    discarding = False
    while True:
        text = source.text
        ahead = _next_interchange(text)
        closing = last.search(text) if "IEA" in text else None
        if ahead is not None and (closing is None or closing.start() > ahead):
            source.text = text[:ahead]
            yield from _block(source, delimiters, len(source.text))
            rest, source.text = source.text, text[ahead:]
            if rest.strip():
                yield Unterminated(rest.strip())
            return
        if closing is not None:
            end = text.find(terminator, closing.end())
            if end >= 0 and not discarding:
                yield from _block(source, delimiters, end + 1)
                return
        end = text.rfind(terminator, 0, None if source.ended else max(0, len(text) - _HELD_BACK))
        if end >= 0:
            if discarding:
                discarding, start = False, text.find(terminator)
                source.text = text[start + 1 :]
                continue
            yield from _block(source, delimiters, end + 1)
        elif len(text) > LONGEST_SEGMENT:
            if not discarding:
                yield Overlong()
            discarding = True
            source.text = text[-_HELD_BACK:]
        if not source.ended:
            source.more()
        elif terminator not in source.text:
            if source.text.strip() and not discarding:
                yield Unterminated(source.text.strip())
            source.text = ""
            return


def _next_interchange(text: str) -> int | None:
    """Where in the middle of an interchange the next one begins: an ISA with its first four elements."""
    if "ISA" not in text:
        return None
    found = _INNER_ISA.search(text)
    return found.start() if found else None


_INNER_ISA = re.compile(r"ISA([^A-Za-z0-9 \r\n])\d\d\1.{0,12}\1\d\d\1")


def _block(source: _Source, delimiters: Delimiters, end: int) -> Iterator[Body]:
    """The segments of `source.text[:end]`, which ends with a terminator (or is cut off there)."""
    block, source.text = source.text[:end], source.text[end:]
    element, component, terminator = delimiters.element, delimiters.component, delimiters.terminator
    if not block.endswith(terminator):  # the next interchange begins before this one ended
        cut = block.rfind(terminator) + 1
        block, source.text = block[:cut], block[cut:] + source.text
        if not block:
            return
    if terminator != "\n":
        if "\r" in block:
            block = block.replace(terminator + "\r\n", terminator)
        block = block.replace(terminator + "\n", terminator)
        if block.startswith("\r\n"):
            block = block[2:]
        elif block.startswith("\n"):
            block = block[1:]
    repetition = delimiters.repetition
    odd = (
        not block.isascii()
        or source.controls
        or (terminator != "\n" and ("\n" in block or "\r" in block))
        or element + terminator in block
        or component + terminator in block
        or component + element in block
        or (repetition is not None and repetition in block)
    )
    texts = block.split(terminator)
    texts.pop()
    yield Body(texts, odd)
