"""Claims as JSON: one object, a list of objects, or one object per line (NDJSON).

Lines are read one at a time. A list, or an object over several lines, is parsed as a whole, so its memory grows with
the file. Of a key that stands twice in one object the last one counts, as JSON parsers mostly do.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import BinaryIO, Literal

import msgspec

from scrubber.claim import Claim
from scrubber.errors import InputError
from scrubber.readers.mapping import claim_from_mapping, looks_like_claim, unreadable_claim

Layout = Literal["json", "ndjson"]


def _number(written: str) -> object:
    try:
        return Decimal(written)
    except InvalidOperation:  # an exponent beyond all bounds; the field says that it is no number
        return Decimal("NaN")


_decode = msgspec.json.Decoder(float_hook=_number).decode
_split_list = msgspec.json.Decoder(list[msgspec.Raw]).decode

_UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What the decoders above raise on bytes that they refuse."""


class _BrokenJson(Exception):
    """Bytes that are not JSON: the reason, which holds none of them, and where (1-based; None: cannot be told)."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column

    @property
    def position(self) -> dict[str, object] | None:
        return None if self.line is None else {"line": self.line, "column": self.column}


def read_json(stream: BinaryIO, source: str | None = None, *, layout: Layout | None = None) -> Iterator[Claim]:
    """The claims of a stream of JSON, in order. Without `layout` the content tells a document from lines.

    A claim that cannot be read comes as an unreadable `Claim`, and the rest follows.

    Raises:
        InputError: a document is not JSON, and no claim stands before the place where it breaks.
    """
    if layout == "ndjson":
        return _read_lines(stream, source)
    if layout == "json":
        return _read_document(stream.read(), source)
    head = line = b""
    for line in stream:
        head += line
        if line.strip():
            break
    if isinstance(_parsed_or_none(line), dict):
        return _read_lines(chain(io.BytesIO(head), stream), source)
    # A document over several lines, or lines of which the first is broken: only the whole tells.
    data = head + stream.read()
    try:
        return _read_document(data, source)
    except InputError:
        if any(looks_like_claim(_parsed_or_none(line)) for line in data.splitlines()):
            return _read_lines(io.BytesIO(data), source)
        raise


def _read_lines(lines: Iterable[bytes], source: str | None) -> Iterator[Claim]:
    index = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = _parsed(line)
        except _BrokenJson as broken:
            yield unreadable_claim(
                f"this line is not JSON: {broken.reason}",
                source=source,
                index=index,
                position={"line": number, "column": broken.column},
            )
        else:
            yield claim_from_mapping(value, source=source, index=index, position={"line": number})
        index += 1


def _read_document(data: bytes, source: str | None) -> Iterator[Claim]:
    """The claims of a list, or the one claim. What is wrong with the document as a whole is raised at once."""
    is_list = data.lstrip().startswith(b"[")
    try:
        if is_list:
            return _read_items(_split_list(data), source)
    except _UNDECODABLE:
        pass
    try:
        value = _parsed(data)
    except _BrokenJson as broken:
        values = _values_before_break(data) if is_list else iter(())
        if (first := next(values, None)) is None:
            place = "" if broken.line is None else f" line {broken.line} column {broken.column}"
            raise InputError(f"this is not JSON: {broken.reason}.", where=f"{source or 'input'}{place}") from None
        return _read_broken_list(chain([first], values), broken, source)
    values = iter(value if isinstance(value, list) else [value])
    return (claim_from_mapping(each, source=source, index=index) for index, each in enumerate(values))


def _read_items(items: list[msgspec.Raw], source: str | None) -> Iterator[Claim]:
    for index, item in enumerate(items):
        try:
            value = _parsed(bytes(item))
        except _BrokenJson as broken:
            message = f"item {index + 1} of the list is not JSON: {broken.reason}"
            yield unreadable_claim(message, source=source, index=index, position=None)
        else:
            yield claim_from_mapping(value, source=source, index=index)


def _read_broken_list(values: Iterator[object], broken: _BrokenJson, source: str | None) -> Iterator[Claim]:
    index = -1
    for index, value in enumerate(values):
        yield claim_from_mapping(value, source=source, index=index)
    yield unreadable_claim(
        f"the list of claims breaks here: {broken.reason}",
        source=source,
        index=index + 1,
        position=broken.position,
        hint="What follows is not read. One object per line keeps a fault to its own claim.",
    )


def _values_before_break(data: bytes) -> Iterator[object]:
    """The sound values of a list that breaks somewhere, in order."""
    written = data.decode("utf-8", errors="replace")
    decoder = json.JSONDecoder(parse_float=_number)
    place = written.index("[") + 1
    while True:
        while written[place : place + 1].isspace():
            place += 1
        try:
            value, place = decoder.raw_decode(written, place)
        except (ValueError, RecursionError):
            return
        yield value
        while written[place : place + 1].isspace():
            place += 1
        if written[place : place + 1] != ",":
            return
        place += 1


def _parsed_or_none(data: bytes) -> object:
    try:
        return _parsed(data)
    except _BrokenJson:
        return None


def _parsed(data: bytes) -> object:
    """The value that `data` is in JSON.

    What the fast parser refuses, the one of the standard library either explains by line and column, or takes (NaN,
    half characters, huge integers): then their fields refuse them.

    Raises:
        _BrokenJson: it is none.
    """
    try:
        return _decode(data)
    except _UNDECODABLE:
        pass
    try:
        return json.loads(data.decode("utf-8"), parse_float=_number)
    except UnicodeDecodeError as fault:
        before = data[: fault.start]
        line, column = before.count(b"\n") + 1, fault.start - before.rfind(b"\n")
        raise _BrokenJson("it is not UTF-8 text", line, column) from None
    except json.JSONDecodeError as fault:
        raise _BrokenJson(fault.msg[0].lower() + fault.msg[1:], fault.lineno, fault.colno) from None
    except RecursionError:
        raise _BrokenJson("it is nested too deeply") from None
    except ValueError:
        raise _BrokenJson("it holds a number of too many digits") from None
