"""The file that every table lies in: a JSON head that describes named byte sections, read through a memory map.

    8 bytes   magic, with the version of this layout
    4 bytes   length of the head (little endian)
    4 bytes   CRC-32 of the head
    head      JSON: what the file says of itself, and for each section its place, length and CRC-32
    sections  each at a multiple of eight bytes, so that they can be cast to numbers in place

Opening checks the head and the total length, which catches truncated and foreign files without reading the
sections; `Container.verify` reads everything.
"""

from __future__ import annotations

import json
import mmap
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from scrubber.errors import TableError

MAGIC = b"ScrubTb1"
_ALIGNMENT = 8
_FIXED = len(MAGIC) + 8
_LARGEST_HEAD = 256 * 1024 * 1024
_SIZES = {"B": 1, "H": 2, "I": 4}
_REBUILD = "Build or import the table again."


@frozen
class Container:
    """An open file. `head` is its description; `section` gives bytes of the map without copying them."""

    path: Path
    head: Mapping[str, Any]
    mapped: mmap.mmap = field(repr=False)
    _view: memoryview = field(repr=False)
    _places: Mapping[str, tuple[int, int, int]] = field(repr=False)

    @classmethod
    def open(cls, path: Path) -> Container:
        """Map a file and check its head and its length.

        Raises:
            TableError: the file is missing, truncated, damaged, or no table.
        """
        try:
            with path.open("rb") as stream:
                mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            hint = "Give your account the right to read it." if isinstance(error, PermissionError) else _REBUILD
            raise TableError(f"the table file cannot be read ({error}).", where=str(path), hint=hint) from error
        view = memoryview(mapped)
        head, start = _read_head(view, path)
        try:
            places = {
                str(name): (start + int(offset), int(length), int(crc))
                for name, (offset, length, crc) in head["sections"].items()
            }
            size = start + int(head["sections_length"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise TableError("the table file has a damaged head.", where=str(path), hint=_REBUILD) from error
        inside = all(
            start <= offset and length >= 0 and offset + length <= size for offset, length, _ in places.values()
        )
        if size != len(view) or not inside:
            raise TableError(
                f"the table file is {len(view)} bytes long and should be {size}.",
                where=str(path),
                hint=_REBUILD,
            )
        return cls(path, head, mapped, view, places)

    def place(self, name: str) -> tuple[int, int]:
        """Where a section begins in `mapped`, and how long it is.

        Raises:
            TableError: the file has no such section.
        """
        if name not in self._places:
            raise TableError(f"the table file has no section {name!r}.", where=str(self.path), hint=_REBUILD)
        offset, length, _ = self._places[name]
        return offset, length

    def section(self, name: str) -> memoryview:
        """The bytes of one section, not copied."""
        offset, length = self.place(name)
        return self._view[offset : offset + length]

    def numbers(self, name: str, code: str, count: int) -> memoryview:
        """A section as `count` numbers of a struct code; the files are little endian, as our platforms are."""
        offset, length = self.place(name)
        if code not in _SIZES or length != count * _SIZES[code]:
            raise self.damaged(name)
        raw: Any = self._view[offset : offset + length]
        cast: memoryview = raw.cast(code)
        return cast

    def damaged(self, section: str) -> TableError:
        """The error to raise when the content of a section makes no sense."""
        return TableError(f"section {section!r} of the table file is damaged.", where=str(self.path), hint=_REBUILD)

    def verify(self) -> None:
        """Read every section and compare it with its checksum.

        Raises:
            TableError: a section is not what was written.
        """
        for name, (_, _, crc) in self._places.items():
            if zlib.crc32(self.section(name)) != crc:
                raise self.damaged(name)


def write_container(path: Path, head: Mapping[str, Any], sections: Mapping[str, bytes]) -> None:
    """Write a container: the same input gives the same bytes, and a crash leaves the old file as it was."""
    places: dict[str, list[int]] = {}
    parts: list[bytes] = []
    offset = 0
    for name, content in sections.items():
        places[name] = [offset, len(content), zlib.crc32(content)]
        padding = -len(content) % _ALIGNMENT
        parts.append(content + bytes(padding))
        offset += len(content) + padding
    described = {**head, "sections": places, "sections_length": offset}
    text = json.dumps(described, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    text += b" " * (-(_FIXED + len(text)) % _ALIGNMENT)
    fixed = MAGIC + len(text).to_bytes(4, "little") + zlib.crc32(text).to_bytes(4, "little")
    unfinished = path.with_name(path.name + ".unfinished")
    with unfinished.open("wb") as stream:
        stream.write(fixed + text)
        for part in parts:
            stream.write(part)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(path)


def _read_head(view: memoryview, path: Path) -> tuple[dict[str, Any], int]:
    """The head, and where the sections begin."""
    if bytes(view[: len(MAGIC)]) != MAGIC:
        raise TableError("the file is no table of this version of the library.", where=str(path), hint=_REBUILD)
    length = int.from_bytes(view[8:12], "little")
    start = _FIXED + length
    if len(view) < start or length > _LARGEST_HEAD:
        raise TableError("the table file ends inside its head.", where=str(path), hint=_REBUILD)
    raw = bytes(view[_FIXED:start])
    if zlib.crc32(raw) != int.from_bytes(view[12:16], "little"):
        raise TableError("the head of the table file is damaged.", where=str(path), hint=_REBUILD)
    try:
        head = json.loads(raw)
    except ValueError as error:
        raise TableError("the head of the table file is damaged.", where=str(path), hint=_REBUILD) from error
    if not isinstance(head, dict):
        raise TableError("the head of the table file is damaged.", where=str(path), hint=_REBUILD)
    return head, start
