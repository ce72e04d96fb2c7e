"""Readers: claims from files and streams, one at a time.

Each format has a module of its own; `recognize` tells from the content which one reads it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, get_args

from scrubber.claim import Claim
from scrubber.errors import InputError, UnknownName, cannot_be_read
from scrubber.readers.json_claims import WrittenClaim, find_json
from scrubber.readers.mapping import claim_from_mapping
from scrubber.readers.recognize import BYTE_ORDER_MARK, HEAD_SIZE, recognize

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

    from scrubber.readers.x12.draft import Draft

    FoundClaim = WrittenClaim | Draft | Claim
    """A claim as it stands in its source: found, which takes little, and mostly not read yet. It can be sent, so
    that another process reads it."""

__all__ = ["INPUT_FORMATS", "InputFormat", "claim_from_mapping", "claim_maker", "find_claims", "read_claims"]

InputFormat = Literal["x12", "json", "ndjson"]

INPUT_FORMATS: tuple[str, ...] = get_args(InputFormat)


def read_claims(
    path_or_stream: str | Path | BinaryIO,
    *,
    input_format: InputFormat | None = None,
    source: str | None = None,
) -> Iterator[Claim]:
    """The claims of a file or of a binary stream, in order, read as they are asked for.

    The format is recognised from the content unless `input_format` names it ("json" is one document, "ndjson" one
    claim per line). What could not be read of a claim stands in `claim.origin`. `source` is the name that reports
    show; by default the path, or the stream's own name.

    A file is opened at the first claim and closed after the last; a stream stays open.

    Raises:
        UnknownName: no input format has that name (at once).
        InputError: what is given is neither a path nor a binary stream (at once), or it cannot be opened or holds no
            claims (when the first claim is asked for). An empty list of claims as JSON gives none.
    """
    make = claim_maker(_name_of(path_or_stream, source))
    return map(make, find_claims(path_or_stream, input_format=input_format, source=source))


def find_claims(
    path_or_stream: str | Path | BinaryIO,
    *,
    input_format: InputFormat | None = None,
    source: str | None = None,
) -> Iterator[FoundClaim]:
    """The claims of a file or of a binary stream as they stand there, for `claim_maker` to read; else `read_claims`.

    Raises:
        UnknownName, InputError: as `read_claims`.
    """
    _refuse_what_cannot_be_read(path_or_stream)
    if input_format is not None and input_format not in INPUT_FORMATS:
        raise UnknownName("input format", input_format, INPUT_FORMATS)
    return _find(path_or_stream, input_format, _name_of(path_or_stream, source))


def claim_maker(source: str | None) -> Callable[[FoundClaim], Claim]:
    """What reads the found claims of one source; neighbours are read together with less work."""
    build: Callable[[Draft], Claim] | None = None

    def make(found: FoundClaim) -> Claim:
        nonlocal build
        if isinstance(found, Claim):
            return found
        if isinstance(found, WrittenClaim):
            return found.read(source)
        if build is None:
            from scrubber.readers.x12.build import Builder

            build = Builder(source or "").claim
        return build(found)

    return make


def _refuse_what_cannot_be_read(given: object) -> None:
    if isinstance(given, str | Path) or callable(getattr(given, "read", None)):
        return
    is_bytes = isinstance(given, bytes | bytearray | memoryview)
    raise InputError(
        f"claims are read from a path or a binary stream, not from {type(given).__name__}.",
        hint="Wrap the bytes: io.BytesIO(data)."
        if is_bytes
        else "Give a path, or a file opened with open(path, 'rb').",
    )


def _name_of(path_or_stream: str | Path | BinaryIO, source: str | None) -> str | None:
    """The name that reports show."""
    if isinstance(path_or_stream, str | Path):
        return source or str(path_or_stream)
    own_name = getattr(path_or_stream, "name", None)
    return own_name if source is None and isinstance(own_name, str) else source


def _find(
    path_or_stream: str | Path | BinaryIO, input_format: InputFormat | None, source: str | None
) -> Iterator[FoundClaim]:
    try:
        if isinstance(path_or_stream, str | Path):
            with Path(path_or_stream).open("rb") as stream:
                yield from _found(stream, source, input_format)
        else:
            yield from _found(path_or_stream, source, input_format)
    except OSError as fault:
        raise cannot_be_read(fault, source or "") from fault


def _found(stream: BinaryIO, source: str | None, input_format: InputFormat | None) -> Iterator[FoundClaim]:
    head = _read_head(stream, source)
    content: InputFormat = input_format or recognize(head, where=source or "")
    if content == "x12":
        from scrubber.readers.x12 import find_x12

        return find_x12(_rejoin(head, stream), source or "")
    rejoined = _rejoin(head.removeprefix(BYTE_ORDER_MARK), stream)
    return find_json(rejoined, source, layout=None if input_format is None else content)


def _read_head(stream: BinaryIO, source: str | None) -> bytes:
    """The first HEAD_SIZE bytes, or all where there are fewer. A pipe may give them piece by piece."""
    head = b""
    while len(head) < HEAD_SIZE:
        piece: object = stream.read(HEAD_SIZE - len(head))
        if not isinstance(piece, bytes):
            raise InputError("the stream gives no bytes.", where=source or "", hint="Open it in binary mode.")
        if not piece:
            break
        head += piece
    return head


def _rejoin(head: bytes, stream: BinaryIO) -> BinaryIO:
    """A stream that gives `head` again, then the rest."""
    return io.BufferedReader(_HeadAndRest(head, stream), buffer_size=1 << 16)


class _HeadAndRest(io.RawIOBase):
    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        # read1 gives what a pipe holds now; read would wait until it can fill the whole buffer.
        self._read_rest = getattr(rest, "read1", rest.read)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        room = memoryview(buffer).cast("B")
        piece = self._head[: len(room)] or self._read_rest(len(room))
        self._head = self._head[len(room) :]
        room[: len(piece)] = piece
        return len(piece)
