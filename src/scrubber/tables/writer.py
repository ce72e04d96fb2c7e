"""Writes one edition of a table into one file. Importers and the build of the shipped tables both end
here.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from attrs import frozen

from scrubber.errors import TableError
from scrubber.tables.container import write_container
from scrubber.tables.model import Column

ROWS_PER_BLOCK = 128
ROW_SEPARATOR = "\x1e"
TEXT_SEPARATOR = "\x1f"
_MANY_COMBINATIONS = 4096
_CODE_FORMATS = (("B", 0xFF), ("H", 0xFFFF), ("I", 0xFFFFFFFF))


@frozen
class NewRow:
    """A row to be written: its key, its window (None = open), short values and long texts in column order."""

    key: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    values: tuple[Any, ...] = ()
    texts: tuple[str | None, ...] = ()


@frozen
class NewEdition:
    """What a file says of itself: see `Edition`, plus the columns of its key and of its rows."""

    table: str
    name: str
    first_day: date
    last_day: date | None
    source: str
    licence: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    several_in_force: bool = False  # whether a key may have several rows in force on one day, as add-on codes have


def write_edition(path: Path, edition: NewEdition, rows: Iterable[NewRow]) -> int:
    """Write an edition and give back how many rows it has.

    Rows may come in any order; windows of one key may not overlap. The same rows give the same bytes.

    Raises:
        TableError: a key or a value does not fit, or two windows of a key overlap.
    """
    ordered = sorted(rows, key=lambda row: (row.key, row.valid_from, row.valid_to or date.max))
    _check(path, edition, ordered)
    widths = [max((len(row.key[part]) for row in ordered), default=1) for part in range(len(edition.key))]
    sections = {
        "keys": b"".join(
            b"".join(text.encode("ascii").ljust(width, b"\0") for text, width in zip(row.key, widths, strict=True))
            for row in ordered
        )
    }
    windows, window_codes = _encode([(_iso(row.valid_from), _iso(row.valid_to)) for row in ordered])
    sections["windows"] = window_codes[1]
    short = [column for column in edition.columns if not column.is_long]
    groups: list[dict[str, Any]] = []
    for members in _groups(ordered, len(short)):
        dictionary, (letter, packed) = _encode([tuple(_plain(row.values[i]) for i in members) for row in ordered])
        section = f"group{len(groups)}"
        groups.append({"section": section, "code": letter, "columns": members, "dictionary": dictionary})
        sections[section] = packed
    if len(short) < len(edition.columns):
        sections |= _text_sections([row.texts for row in ordered])
    head = {
        "table": edition.table,
        "edition": edition.name,
        "first_day": edition.first_day.isoformat(),
        "last_day": _iso(edition.last_day),
        "source": edition.source,
        "licence": edition.licence,
        "rows": len(ordered),
        "key": list(edition.key),
        "widths": widths,
        "columns": [[column.name, column.type, column.meaning] for column in edition.columns],
        "windows": {"code": window_codes[0], "dictionary": windows},
        "groups": groups,
        "rows_per_block": ROWS_PER_BLOCK,
        "sha256": _digest(sections),
    }
    write_container(path, head, sections)
    return len(ordered)


def _check(path: Path, edition: NewEdition, rows: Sequence[NewRow]) -> None:
    """Refuse what the file cannot hold, and what a look-up could not answer with one row."""
    long_columns = sum(column.is_long for column in edition.columns)
    before: NewRow | None = None
    for row in rows:
        name = " ".join(row.key)
        if len(row.key) != len(edition.key) or len(row.values) != len(edition.columns) - long_columns:
            raise TableError(f"row {name!r} has not the columns of the table.", where=str(path))
        if len(row.texts) != long_columns:
            raise TableError(f"row {name!r} has not the texts of the table.", where=str(path))
        if not all(part.isascii() and part.isprintable() for part in row.key):
            raise TableError(f"key {name!r} is not plain ASCII text.", where=str(path))
        if row.valid_to is not None and row.valid_to < row.valid_from:
            raise TableError(f"row {name!r} ends before it begins.", where=str(path))
        if (
            not edition.several_in_force
            and before is not None
            and before.key == row.key
            and (before.valid_to is None or before.valid_to >= row.valid_from)
        ):
            raise TableError(f"row {name!r} has overlapping windows from {row.valid_from}.", where=str(path))
        before = row


def _groups(rows: Sequence[NewRow], count: int) -> list[list[int]]:
    """Which columns share one dictionary: all, while their combinations are few; else each has its own.

    The attributes of ICD codes come in about a hundred combinations, so that a row needs one byte for all of
    them and rows share one tuple of values. The relative values of a fee schedule do not.
    """
    if not count:
        return []
    combinations = {tuple(_plain(value) for value in row.values) for row in rows}
    if len(combinations) <= _MANY_COMBINATIONS:
        return [list(range(count))]
    return [[position] for position in range(count)]


def _encode(items: Sequence[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], tuple[str, bytes]]:
    """The different items in a fixed order, and every item as a number into them."""
    different = sorted(set(items), key=lambda item: tuple((value is not None, str(value)) for value in item))
    codes = {item: code for code, item in enumerate(different)}
    letter = next(letter for letter, largest in _CODE_FORMATS if len(different) <= largest + 1)
    return different, (letter, struct.pack(f"<{len(items)}{letter}", *(codes[item] for item in items)))


def _text_sections(texts: Sequence[tuple[str | None, ...]]) -> dict[str, bytes]:
    """Long texts in row order, compressed by blocks, with an index of where each block begins."""
    blocks: list[bytes] = []
    places = [0]
    for start in range(0, len(texts), ROWS_PER_BLOCK):
        block = texts[start : start + ROWS_PER_BLOCK]
        lines = [TEXT_SEPARATOR.join(_clean(text) for text in row) for row in block]
        blocks.append(zlib.compress(ROW_SEPARATOR.join(lines).encode("utf-8"), 9))
        places.append(places[-1] + len(blocks[-1]))
    return {"texts": b"".join(blocks), "text_places": struct.pack(f"<{len(places)}I", *places)}


def _clean(text: str | None) -> str:
    return (text or "").replace(ROW_SEPARATOR, " ").replace(TEXT_SEPARATOR, " ")


def _plain(value: Any) -> Any:
    """A value as JSON can hold it; dates and decimals as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _digest(sections: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sections.items():
        digest.update(name.encode("ascii") + len(content).to_bytes(8, "little") + content)
    return digest.hexdigest()
