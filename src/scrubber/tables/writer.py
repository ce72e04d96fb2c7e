"""Writes one edition of a table into one file. Importers and the build of the shipped tables both end here."""

from __future__ import annotations

import hashlib
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
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
# How a row waits for being written, behind its key: first and last day, combination of values, text, origin, line.
# The days come first, so that sorting the records sorts the windows.
_RECORD = struct.Struct(">4IBI")
_ORIGIN_AT = 5  # from the end of a record
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


@frozen
class LeftOutRow:
    """A row that a pile gave up because another one of the same key is in force on some of its days."""

    key: tuple[str, ...]
    valid_from: date
    origin: int
    line: int
    repeated: bool  # the other row says exactly the same
    other_line: int
    other_origin: int


class Pile:
    """Rows waiting to be written, each as a short record: about eighty bytes, since PTP editions have millions.

    Stateful until it is written. `origin` tells from which file (or part) a row comes, so that those of a file that
    turns out to be damaged can be thrown away, and refusals name their line.
    """

    def __init__(self, path: Path, edition: NewEdition) -> None:
        self._path = path
        self._edition = edition
        self._short = sum(not column.is_long for column in edition.columns)
        self._long = len(edition.columns) - self._short
        self._records: list[bytes] = []
        self._combinations: dict[tuple[Any, ...], int] = {}
        self._known_values: dict[tuple[Any, ...], int] = {}
        self._texts: dict[tuple[str | None, ...], int] = {}
        self._parts: list[set[str]] = [set() for _ in edition.key]
        self._days: dict[date | None, int] = {None: _FOREVER}

    def add(
        self,
        key: tuple[str, ...],
        valid_from: date,
        valid_to: date | None,
        values: tuple[Any, ...] = (),
        texts: tuple[str | None, ...] = (),
        origin: int = 0,
        line: int = 0,
    ) -> None:
        """Take a row.

        Raises:
            TableError: the file cannot hold it.
        """
        if len(key) != len(self._edition.key) or len(values) != self._short:
            raise self._cannot_hold(key, "has not the columns of the table")
        if len(texts) != self._long:
            raise self._cannot_hold(key, "has not the texts of the table")
        for part, known in zip(key, self._parts, strict=True):
            if part not in known:
                if not (part.isascii() and (part.isprintable() or not part)):
                    raise TableError(f"key {' '.join(key)!r} is not plain ASCII text.", where=str(self._path))
                known.add(part)
        first, last = self._day(valid_from), self._day(valid_to)
        if last < first:
            raise self._cannot_hold(key, "ends before it begins")
        combination = self._known_values.get(values)
        if combination is None:
            combination = self._combination(values)
        text = self._texts.setdefault(texts, len(self._texts)) if texts else 0
        record = "\0".join(key).encode("ascii") + b"\0" + _RECORD.pack(first, last, combination, text, origin, line)
        self._records.append(record)

    def forget(self, origin: int) -> None:
        """Throw the rows of one origin away."""
        self._records = [record for record in self._records if _numbers(record)[4] != origin]
        self._parts = [set() for _ in self._edition.key]
        for record in self._records:
            for part, known in zip(_key_of(record), self._parts, strict=True):
                known.add(part)

    def settle(self) -> list[LeftOutRow]:
        """Sort the rows and leave out those that say the same as another, and (unless the table allows several rows
        in force) those whose days another one of the key has: the longer window stays, else the earlier line.
        """
        self._records.sort()
        kept: list[bytes] = []
        left_out: list[LeftOutRow] = []
        several = self._edition.several_in_force
        key = b""
        length = -1
        for record in self._records:
            if not (record.startswith(key) and len(record) == length):
                kept.append(record)
                key, length = record[: -_RECORD.size], len(record)
                continue
            before = kept[-1]
            first, last, combination, text, origin, line = _numbers(record)
            other = _numbers(before)
            repeated = other[:4] == (first, last, combination, text)
            if not repeated and (several or other[1] < first):
                kept.append(record)
                continue
            if not repeated and last - first > other[1] - other[0]:
                kept[-1] = record
                record, (first, _, _, _, origin, line), other = before, other, _numbers(record)
            left_out.append(
                LeftOutRow(_key_of(record), date.fromordinal(first), origin, line, repeated, other[5], other[4])
            )
        self._records = kept
        return left_out

    def spans(self) -> dict[int, tuple[str, str]]:
        """For each origin the lowest and the highest first part of its keys."""
        spans: dict[int, tuple[str, str]] = {}
        for record in self._records:
            origin, first = record[-_ORIGIN_AT], record[: record.index(0)].decode("ascii")
            known = spans.get(origin)
            if known is None:
                spans[origin] = (first, first)
            elif not known[0] <= first <= known[1]:
                spans[origin] = (min(first, known[0]), max(first, known[1]))
        return spans

    def write(self, extra: Mapping[str, Any] | None = None, *, origins: bytes | None = None) -> int:
        """Write the settled rows, and give back how many there are. `extra` is added to what the file says of itself;
        `origins` (256 bytes) tells of which part each origin is, and adds a section that says it for each row.
        """
        edition = self._edition
        records = self._records
        widths = [max((1, *map(len, known))) for known in self._parts]
        keys = bytearray()
        windows: dict[tuple[int, int], int] = {}
        window_numbers, combination_numbers, text_numbers = array("I"), array("I"), array("I")
        row_origins = bytearray()
        whole = sum(widths) + len(widths) + _RECORD.size
        for record in records:
            if len(record) == whole:
                keys += record[: -_RECORD.size].replace(b"\0", b"")
            else:
                keys += _padded(record, widths)
            first, last, combination, text, origin, _ = _numbers(record)
            window_numbers.append(windows.setdefault((first, last), len(windows)))
            combination_numbers.append(combination)
            text_numbers.append(text)
            row_origins.append(origin)
        sections: dict[str, bytes] = {"keys": bytes(keys)}
        del keys
        named = {_window_text(window): number for window, number in windows.items()}
        window_dictionary, window_letter, sections["windows"] = _encode(named, window_numbers)
        used = set(combination_numbers)
        combinations = {values: number for values, number in self._combinations.items() if number in used}
        groups: list[dict[str, Any]] = []
        for members in _groups(combinations, self._short):
            section = f"group{len(groups)}"
            parts, places = _parts_of(combinations, members)
            numbers = array("I", [places[number] for number in combination_numbers])
            dictionary, letter, sections[section] = _encode(parts, numbers)
            groups.append({"section": section, "code": letter, "columns": members, "dictionary": dictionary})
        if self._long:
            texts = list(self._texts)
            sections |= _text_sections([texts[number] for number in text_numbers])
        if origins is not None:
            sections["origins"] = bytes(row_origins.translate(origins))
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
            **(extra or {}),
        }
        write_container(self._path, head, sections)
        return len(records)

    def _day(self, day: date | None) -> int:
        number = self._days.get(day)
        if number is None:
            assert day is not None
            number = self._days[day] = day.toordinal()
        return number

    def _combination(self, values: tuple[Any, ...]) -> int:
        """The number of a combination of values, made as plain as the file keeps them."""
        plain = tuple(map(_plain, values))
        number = self._combinations.setdefault(plain, len(self._combinations))
        if plain == values:
            self._known_values[values] = number
        return number

    def _cannot_hold(self, key: tuple[str, ...], why: str) -> TableError:
        return TableError(f"row {' '.join(key)!r} {why}.", where=str(self._path))


def write_edition(path: Path, edition: NewEdition, rows: Iterable[NewRow]) -> int:
    """Write an edition and give back how many rows it has.

    Rows may come in any order; unless the edition says otherwise, windows of one key may not overlap. The same rows
    give the same bytes.

    Raises:
        TableError: a key or a value does not fit, or two windows of a key overlap.
    """
    pile = Pile(path, edition)
    for row in rows:
        pile.add(row.key, row.valid_from, row.valid_to, row.values, row.texts)
    for left_out in pile.settle():
        if edition.several_in_force:
            continue
        name = " ".join(left_out.key)
        raise TableError(f"row {name!r} has overlapping windows from {left_out.valid_from}.", where=str(path))
    return pile.write()


def _numbers(record: bytes) -> tuple[int, ...]:
    """First day, last day, combination of values, text, origin and line of a record."""
    return _RECORD.unpack_from(record, len(record) - _RECORD.size)


def _key_of(record: bytes) -> tuple[str, ...]:
    return tuple(record[: -_RECORD.size - 1].decode("ascii").split("\0"))


def _window_text(window: tuple[int, int]) -> tuple[str, str | None]:
    first, last = window
    return date.fromordinal(first).isoformat(), None if last == _FOREVER else date.fromordinal(last).isoformat()


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
) -> tuple[dict[tuple[Any, ...], int], dict[int, int]]:
    """The different values of some columns, and for the number of each combination that of its part."""
    parts: dict[tuple[Any, ...], int] = {}
    places = {
        number: parts.setdefault(tuple(combination[member] for member in members), len(parts))
        for combination, number in combinations.items()
    }
    return parts, places


def _encode(items: Mapping[Any, int], numbers: Iterable[int]) -> tuple[list[Any], str, bytes]:
    """The items in a fixed order, and the numbers made into numbers of that order, with their struct code."""
    ordered = sorted(items, key=lambda item: tuple((value is not None, str(value)) for value in item))
    new_numbers = {items[item]: number for number, item in enumerate(ordered)}
    letter = next(letter for letter, largest in _CODE_FORMATS if len(ordered) <= largest + 1)
    codes = array(letter, map(new_numbers.__getitem__, numbers))
    if sys.byteorder == "big":
        codes.byteswap()
    return ordered, letter, codes.tobytes()


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
