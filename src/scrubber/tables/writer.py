"""Writes one edition of a table into one file. Importers and the build of the shipped tables both end here."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrs import frozen

from scrubber.errors import TableError
from scrubber.tables.container import write_container
from scrubber.tables.model import Column

ROWS_PER_BLOCK = 128
ROW_SEPARATOR = "\x1e"
TEXT_SEPARATOR = "\x1f"
# How a row waits for being written, behind its key: days first, so that sorting the records sorts the windows.
_RECORD = struct.Struct(">5I")
_FOREVER = date.max.toordinal()
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

    Rows may come in any order; unless the edition says otherwise, windows of one key may not overlap. The same rows
    give the same bytes. A row is kept as a short record until it is written, since PTP editions have millions.

    Raises:
        TableError: a key or a value does not fit, or two windows of a key overlap.
    """
    short = [column for column in edition.columns if not column.is_long]
    windows: dict[tuple[str, str | None], int] = {}
    combinations: dict[tuple[Any, ...], int] = {}
    texts: list[tuple[str | None, ...]] = []
    records: list[bytes] = []
    widths = [1] * len(edition.key)
    for row in rows:
        _check_row(path, edition, len(short), row)
        widths = [max(width, len(part)) for width, part in zip(widths, row.key, strict=True)]
        window = (row.valid_from.isoformat(), None if row.valid_to is None else row.valid_to.isoformat())
        values = tuple(map(_plain, row.values))
        numbers = (
            windows.setdefault(window, len(windows)),
            combinations.setdefault(values, len(combinations)),
            len(texts),
        )
        if row.texts:
            texts.append(row.texts)
        last = _FOREVER if row.valid_to is None else row.valid_to.toordinal()
        key = "\0".join(row.key).encode("ascii") + b"\0"
        records.append(key + _RECORD.pack(row.valid_from.toordinal(), last, *numbers))
    records.sort()
    if not edition.several_in_force:
        _check_windows(path, records)
    sections = {"keys": b"".join(_padded(record, widths) for record in records)}
    window_dictionary, window_letter, sections["windows"] = _encode(
        windows, [_numbers(record)[2] for record in records]
    )
    groups: list[dict[str, Any]] = []
    for members in _groups(combinations, len(short)):
        section = f"group{len(groups)}"
        parts, places = _parts_of(combinations, members)
        dictionary, letter, sections[section] = _encode(parts, [places[_numbers(record)[3]] for record in records])
        groups.append({"section": section, "code": letter, "columns": members, "dictionary": dictionary})
    if len(short) < len(edition.columns):
        sections |= _text_sections([texts[_numbers(record)[4]] for record in records])
    head = {
        "table": edition.table,
        "edition": edition.name,
        "first_day": edition.first_day.isoformat(),
        "last_day": None if edition.last_day is None else edition.last_day.isoformat(),
        "source": edition.source,
        "licence": edition.licence,
        "rows": len(records),
        "key": list(edition.key),
        "widths": widths,
        "columns": [[column.name, column.type, column.meaning] for column in edition.columns],
        "windows": {"code": window_letter, "dictionary": window_dictionary},
        "groups": groups,
        "rows_per_block": ROWS_PER_BLOCK,
        "sha256": _digest(sections),
    }
    write_container(path, head, sections)
    return len(records)


def _check_row(path: Path, edition: NewEdition, short: int, row: NewRow) -> None:
    """Refuse what the file cannot hold."""
    name = " ".join(row.key)
    if len(row.key) != len(edition.key) or len(row.values) != short:
        raise TableError(f"row {name!r} has not the columns of the table.", where=str(path))
    if len(row.texts) != len(edition.columns) - short:
        raise TableError(f"row {name!r} has not the texts of the table.", where=str(path))
    if not all(part.isascii() and (part.isprintable() or not part) for part in row.key):
        raise TableError(f"key {name!r} is not plain ASCII text.", where=str(path))
    if row.valid_to is not None and row.valid_to < row.valid_from:
        raise TableError(f"row {name!r} ends before it begins.", where=str(path))


def _check_windows(path: Path, records: Sequence[bytes]) -> None:
    """Refuse windows that overlap: a look-up could not answer with one row."""
    for before, record in pairwise(records):
        key = record[: -_RECORD.size]
        if before[: -_RECORD.size] == key and _numbers(before)[1] >= _numbers(record)[0]:
            name = key.rstrip(b"\0").decode("ascii").replace("\0", " ")
            day = date.fromordinal(_numbers(record)[0])
            raise TableError(f"row {name!r} has overlapping windows from {day}.", where=str(path))


def _numbers(record: bytes) -> tuple[int, ...]:
    """First day, last day, window, combination of values, and text of a record."""
    return _RECORD.unpack_from(record, len(record) - _RECORD.size)


def _padded(record: bytes, widths: Sequence[int]) -> bytes:
    parts = record[: -_RECORD.size - 1].split(b"\0")
    return b"".join(part.ljust(width, b"\0") for part, width in zip(parts, widths, strict=True))


def _groups(combinations: Mapping[tuple[Any, ...], int], count: int) -> list[list[int]]:
    """Which columns share one dictionary: all, while their combinations are few; else each has its own.

    The attributes of ICD codes come in about a hundred combinations, so that a row needs one byte for all of them and
    rows share one tuple of values. The relative values of a fee schedule do not.
    """
    if not count:
        return []
    if len(combinations) <= _MANY_COMBINATIONS:
        return [list(range(count))]
    return [[position] for position in range(count)]


def _parts_of(
    combinations: Mapping[tuple[Any, ...], int], members: Sequence[int]
) -> tuple[dict[tuple[Any, ...], int], list[int]]:
    """The different values of some columns, and for each combination the number of its part."""
    parts: dict[tuple[Any, ...], int] = {}
    places = [
        parts.setdefault(tuple(combination[member] for member in members), len(parts)) for combination in combinations
    ]
    return parts, places


def _encode(items: Mapping[Any, int], numbers: Iterable[int]) -> tuple[list[Any], str, bytes]:
    """The items in a fixed order, and the numbers made into numbers of that order, with their struct code."""
    ordered = sorted(items, key=lambda item: tuple((value is not None, str(value)) for value in item))
    new_numbers = {items[item]: number for number, item in enumerate(ordered)}
    letter = next(letter for letter, largest in _CODE_FORMATS if len(ordered) <= largest + 1)
    codes = [new_numbers[number] for number in numbers]
    return ordered, letter, struct.pack(f"<{len(codes)}{letter}", *codes)


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


def _digest(sections: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sections.items():
        digest.update(name.encode("ascii") + len(content).to_bytes(8, "little") + content)
    return digest.hexdigest()
