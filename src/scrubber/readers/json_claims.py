"""Claims as JSON: one object, a list of objects, or one object per line (NDJSON).

Lines are read one at a time. A list, or objects over several lines, are parsed as a whole, so their memory grows with
the file. Of a key that stands twice in one object the last one counts, as JSON parsers mostly do.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import BinaryIO, Literal

import attrs
import msgspec

from scrubber.claim import Claim
from scrubber.errors import InputError
from scrubber.readers.broken_json import BrokenJson, Places, explained, not_utf8
from scrubber.readers.mapping import claim_from_mapping, looks_like_claim, unreadable_claim

Layout = Literal["json", "ndjson"]
PlacedValue = tuple[object, dict[str, object]]
"""A value and the line and column where it begins."""


def _number(written: str) -> object:
    try:
        return Decimal(written)
    except InvalidOperation:  # an exponent beyond all bounds; the field says that it is no number
        return Decimal("NaN")


_decode = msgspec.json.Decoder(float_hook=_number).decode
_split_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_in_text = json.JSONDecoder(parse_float=_number).raw_decode

_UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What the decoders above raise on bytes that they refuse."""

_SPACE = re.compile(r"\s*")


@attrs.frozen
class WrittenClaim:
    """The text of a claim, and where it begins: a line by itself, or an item of a list, which has a column."""

    text: bytes = attrs.field(repr=False)
    index: int
    line: int
    column: int | None = None

    def read(self, source: str | None) -> Claim:
        """The claim; one that says why, where the text is no JSON."""
        position: dict[str, object] | None = {"line": self.line}
        if self.column is not None:
            position = {"line": self.line, "column": self.column}
        try:
            value = _parsed(self.text)
        except BrokenJson as broken:
            if self.column is None:
                what, position = "this line", {"line": self.line, "column": broken.column}
            else:
                what = f"item {self.index + 1} of the list"
                position = broken.position_from(self.line, self.column)
            return unreadable_claim(
                f"{what} is not JSON: {broken.reason}",
                source=source,
                index=self.index,
                position=position,
                hint=broken.hint,
            )
        return claim_from_mapping(value, source=source, index=self.index, position=position)


Found = WrittenClaim | Claim


def find_json(stream: BinaryIO, source: str | None = None, *, layout: Layout | None = None) -> Iterator[Found]:
    """The claims of a stream of JSON, in order: their texts, mostly. Without `layout` the content tells a document
    from lines.

    What cannot be read comes as an unreadable `Claim`, at the latest when its text is read, and the rest follows.

    Raises:
        InputError: a document is not JSON, and no claim stands before the place where it breaks.
    """
    if layout == "ndjson":
        return _lines(stream)
    if layout == "json":
        return _document(stream.read(), source)
    head = line = b""
    for line in stream:
        head += line
        if line.strip():
            break
    if isinstance(_parsed_or_none(line), dict):
        return _lines(chain(io.BytesIO(head), stream))
    # A document over several lines, or lines of which the first is broken: only the whole tells.
    data = head + stream.read()
    try:
        return _document(data, source)
    except InputError:
        values, broken = _sound_values(data)
        of_claims = bool(values) and looks_like_claim(values[0][0])
        if of_claims and broken is None:
            return _row(values, broken, source)
        if any(looks_like_claim(_parsed_or_none(line)) for line in data.splitlines()):
            return _lines(io.BytesIO(data))
        if of_claims:
            return _row(values, broken, source)
        raise


def _lines(lines: Iterable[bytes]) -> Iterator[WrittenClaim]:
    index = 0
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield WrittenClaim(line, index, number)
            index += 1


def _document(data: bytes, source: str | None) -> Iterator[Found]:
    """The claims of a list, or the one claim. What is wrong with the document as a whole is raised at once."""
    is_list = data.lstrip().startswith(b"[")
    try:
        if is_list:
            return _items(data, _split_list(data))
    except _UNDECODABLE:
        pass
    try:
        value = _parsed(data)
    except BrokenJson as broken:
        found = _sound_values(data, in_list=True)[0] if is_list else []
        if not found:
            place = "" if broken.line is None else f" line {broken.line} column {broken.column}"
            error = InputError(
                f"this is not JSON: {broken.reason}.", where=f"{source or 'input'}{place}", hint=broken.hint
            )
            error.position = broken.position
            raise error from None
        return _row(found, broken, source, "the list of claims breaks here")
    values = iter(value if isinstance(value, list) else [value])
    return (claim_from_mapping(each, source=source, index=index) for index, each in enumerate(values))


def _items(data: bytes, items: list[msgspec.Raw]) -> Iterator[WrittenClaim]:
    places = Places(data)
    for index, item in enumerate(items):
        written = bytes(item)
        yield WrittenClaim(written, index, *places.of(written))


def _row(
    values: list[PlacedValue], broken: BrokenJson | None, source: str | None, what_broke: str = ""
) -> Iterator[Claim]:
    """Values that follow one another, and an unreadable claim in place of what cannot be read after them."""
    for index, (value, position) in enumerate(values):
        yield claim_from_mapping(value, source=source, index=index, position=position)
    if broken is not None:
        hint = f"{broken.hint} What follows is not read; one object per line keeps a fault to its own claim."
        yield unreadable_claim(
            f"{what_broke or 'what follows the claim is not JSON'}: {broken.reason}",
            source=source,
            index=len(values),
            position=broken.position,
            hint=hint.lstrip(),
        )


def _sound_values(data: bytes, *, in_list: bool = False) -> tuple[list[PlacedValue], BrokenJson | None]:
    """The values that stand one after the other, or in a list up to where it breaks; and what ends them too early."""
    undecodable: BrokenJson | None = None
    try:
        written = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        undecodable = not_utf8(data, fault.start)
        written = data[: fault.start].decode("utf-8")
    found: list[PlacedValue] = []
    line, line_start, counted = 1, 0, 0
    place = _after_space(written, written.index("[") + 1 if in_list else 0)
    while place < len(written):
        line += written.count("\n", counted, place)
        line_start, counted = written.rfind("\n", 0, place) + 1, place
        try:
            value, end = _in_text(written, place)
        except (ValueError, RecursionError) as fault:
            return found, undecodable or explained(fault)
        found.append((value, {"line": line, "column": place - line_start + 1}))
        place = _after_space(written, end)
        if in_list:
            if written[place : place + 1] != ",":
                break
            place = _after_space(written, place + 1)
    return found, undecodable


def _after_space(written: str, place: int) -> int:
    space = _SPACE.match(written, place)
    return space.end() if space else place


def _parsed_or_none(data: bytes) -> object:
    try:
        return _parsed(data)
    except BrokenJson:
        return None


def _parsed(data: bytes) -> object:
    """The value that `data` is in JSON.

    What the fast parser refuses, the one of the standard library either explains by line and column, or takes (NaN,
    half characters, huge integers): then their fields refuse them.

    Raises:
        BrokenJson: it is none.
    """
    try:
        return _decode(data)
    except _UNDECODABLE:
        pass
    try:
        return json.loads(data.decode("utf-8"), parse_float=_number)
    except UnicodeDecodeError as fault:
        raise not_utf8(data, fault.start) from None
    except (ValueError, RecursionError) as fault:
        raise explained(fault) from None
