"""Where each segment of an 837 stands in its bytes, by the number that positions count: for mending it in place."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from scrubber.readers.x12.tokens import Body, Delimiters, Header, Overlong, tokens, upper
from scrubber.readers.x12.walk import Walker

_ELEMENT = re.compile(r"([A-Z][A-Z0-9]{1,2}?)(\d\d)(?:-(\d+))?")


@attrs.frozen
class ClaimPlaces:
    """The segments of the transaction set of one claim: first and last byte of each by its number, and separators."""

    segments: Mapping[int, tuple[int, int]]
    delimiters: Delimiters


class X12Places:
    """Finds the bytes of an element. Stateful only as an index of the data, which is made once.

    It goes through the data with the reader's own tokens and walker, one segment at a time, so that numbers mean the
    same here as in a position.
    """

    def __init__(self, data: bytes) -> None:
        self._text = data.decode("latin-1")
        self._folded: str | None = None
        self._claims: dict[int, ClaimPlaces] = {}
        self._index(data)

    def span(self, claim: int, position: Mapping[str, Any], old: str) -> tuple[int, int] | None:
        """First and last byte of what stands at the position, if that is `old`."""
        places = self._claims.get(claim)
        element = _ELEMENT.fullmatch(str(position.get("element")))
        bounds = places.segments.get(position.get("segment", 0)) if places else None
        if places is None or element is None or bounds is None:
            return None
        start, end = bounds
        parts = list(_parts(self._text, start, end, places.delimiters.element))
        if self._cut(parts[0]).strip().upper() != element[1] or int(element[2]) >= len(parts):
            return None
        found = parts[int(element[2])]
        if element[3] is not None:
            components = list(_parts(self._text, *found, places.delimiters.component))
            if int(element[3]) > len(components):
                return None
            found = components[int(element[3]) - 1]
        return found if self._cut(found) in (old, upper(old)) or upper(self._cut(found)) == old else None

    def around(self, claim: int, position: Mapping[str, Any]) -> tuple[int, int]:
        """First and last byte of the segment at the position."""
        return self._claims[claim].segments[position["segment"]]

    def _cut(self, bounds: tuple[int, int]) -> str:
        return self._text[slice(*bounds)]

    def _index(self, data: bytes) -> None:
        walker = Walker()
        text = self._text
        at = number = 0
        segments: dict[int, tuple[int, int]] = {}
        for token in tokens(io.BytesIO(data)):
            if isinstance(token, Header):
                walker.take(token)
                text = self._as_upper() if token.folded else self._text
                if token.isa is not None:
                    header = token.delimiters.element.join(token.isa) + token.delimiters.terminator
                    at = max(text.find(header, at), at) + len(header)
                continue
            if not isinstance(token, Body):
                walker.take(token)
                # What a skipped segment is counted as has no place of its own.
                number = walker.number if isinstance(token, Overlong) else number
                continue
            for segment in token.texts:
                start = _next(text, at, segment + walker.delimiters.terminator)
                walker.take(Body([segment], False))
                if start is None:
                    return
                at = start + len(segment) + 1
                if walker.number < number or walker.number == 1:
                    segments = {}  # another transaction set
                if walker.number != number or walker.number == 1:
                    segments[walker.number] = (start, start + len(segment))
                number = walker.number
                if walker.current is not None:
                    self._claims[walker.current.index] = ClaimPlaces(segments, walker.current.delimiters)

    def _as_upper(self) -> str:
        if self._folded is None:
            self._folded = upper(self._text)
        return self._folded


def _next(text: str, at: int, wanted: str) -> int | None:
    """Where the next segment begins: right here, behind line breaks, or behind something that was skipped."""
    for blank in ("", "\n", "\r\n"):
        if text.startswith(blank + wanted, at):
            return at + len(blank)
    found = text.find(wanted, at)
    return None if found < 0 else found


def _parts(text: str, start: int, end: int, separator: str) -> Iterator[tuple[int, int]]:
    """The bounds of each part between separators."""
    while (cut := text.find(separator, start, end)) >= 0:
        yield start, cut
        start = cut + 1
    yield start, end
