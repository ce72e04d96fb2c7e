"""Where a value of a claim stands in JSON text, whatever its layout: for mending it in place."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping

from scrubber.claim import Claim
from scrubber.errors import InputError
from scrubber.readers import read_claims
from scrubber.readers.mapping import BARE_KEYS

_STEP = re.compile(r"([a-z_0-9]+)(?:\[(\d+)\])?")
_SPACE = re.compile(r"[ \t\r\n]*")

_scan = json.JSONDecoder(strict=False).raw_decode

Bounds = tuple[int, int]
Layout = Callable[[str], Iterator[Bounds]]


class JsonPlaces:
    """Finds the text of a value: first and last character, in text that is encoded again as it was.

    How the claims are laid out (a list, one a line, one after the other) is found by trying: it is the layout in which
    the claims that are asked for are what the reader has read.
    """

    def __init__(self, data: bytes, claims: Mapping[int, Claim]) -> None:
        # Bytes that are no UTF-8 come back as they were.
        self.text = data.decode("utf-8", "surrogateescape")
        self._claims = next((found for layout in _LAYOUTS if (found := self._fitting(layout, claims)) is not None), {})

    def span(self, claim: int, field: str, old: str) -> Bounds | None:
        """The text of a string with its quotes, if the string is `old` but for blanks around it."""
        bounds = self._claims.get(claim)
        if bounds is None:
            return None
        try:
            found = _value_at(self.text, bounds[0], field)
        except (ValueError, IndexError, RecursionError):
            return None
        if found is None or self.text[found[0]] != '"':
            return None
        value, end = _scan(self.text, found[0])
        return found if end == found[1] and value.strip() == old else None

    def _fitting(self, layout: Layout, claims: Mapping[int, Claim]) -> dict[int, Bounds] | None:
        """The bounds of the claims in this layout; None where one of them is another claim."""
        found: dict[int, Bounds] = {}
        try:
            for index, bounds in enumerate(layout(self.text)):
                if index not in claims:
                    continue
                written = self.text[slice(*bounds)].encode("utf-8", "surrogateescape")
                if next(read_claims(io.BytesIO(written), input_format="json"), None) != claims[index]:
                    return None
                found[index] = bounds
        except (InputError, ValueError, RecursionError):
            pass  # broken from here on: what stands before it may still be all that is asked for
        return found if len(found) == len(claims) else None


def _lines(text: str) -> Iterator[Bounds]:
    start = _begin(text)
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start:end].strip(" \t\r\x0b\x0c"):  # as blank as the reader finds it
            yield start, end
        start = end + 1


def _list(text: str) -> Iterator[Bounds]:
    start = _after_space(text, _begin(text))
    if text[start : start + 1] == "[":
        yield from _items(text, start)


def _row(text: str) -> Iterator[Bounds]:
    start = _after_space(text, _begin(text))
    while start < len(text):
        _, end = _scan(text, start)
        yield start, end
        start = _after_space(text, end)


_LAYOUTS: tuple[Layout, ...] = (_list, _lines, _row)


def _begin(text: str) -> int:
    return 1 if text.startswith("\ufeff") else 0


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _items(text: str, start: int) -> Iterator[Bounds]:
    """The values of the list that begins here."""
    start = _after_space(text, start + 1)
    while text[start : start + 1] not in ("]", ""):
        _, end = _scan(text, start)
        yield start, end
        start = _after_space(text, end)
        if text[start : start + 1] != ",":
            return
        start = _after_space(text, start + 1)


def _member(text: str, start: int, name: str) -> int | None:
    """Where the value of a key begins in the object that begins here; of a key that stands twice the last counts."""
    found = None
    start = _after_space(text, start + 1)
    while text[start : start + 1] == '"':
        key, end = _scan(text, start)
        value = _after_space(text, _after_space(text, end) + 1)  # behind the colon
        if key == name:
            found = value
        _, end = _scan(text, value)
        start = _after_space(text, end)
        if text[start : start + 1] == ",":
            start = _after_space(text, start + 1)
    return found


def _value_at(text: str, start: int, field: str) -> Bounds | None:
    """The bounds of the value at "lines[0].rendering_provider.npi" of the object that begins here."""
    for step in field.split("."):
        named = _STEP.fullmatch(step)
        if named is None:
            return None
        if text[start] == '"' and step in BARE_KEYS:  # the object may be given as the bare string
            break
        if text[start] != "{" or (inner := _member(text, start, named[1])) is None:
            return None
        start = inner
        if named[2] is not None:
            if text[start] != "[":
                return None
            start = list(_items(text, start))[int(named[2])][0]
    return start, _scan(text, start)[1]
