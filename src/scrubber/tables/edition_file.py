"""Reads one edition of a table from its memory-mapped file: no object per row but for the rows lately asked for."""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from scrubber.errors import TableError, UnknownName
from scrubber.tables.container import Container
from scrubber.tables.model import NO_EDITION, NO_ROW, Column, Edition, NoAnswer
from scrubber.tables.writer import ROW_SEPARATOR, TEXT_SEPARATOR

Key = str | tuple[str, ...]

# A look-up cache holds this many keys and is then emptied: simpler than an order of use, and a claim file
# asks for far fewer different codes. An entry with one row takes about 300 bytes.
CACHED_KEYS = 16_384
_CACHED_BLOCKS = 8
_SIGNPOSTS = 4096
_FOREVER = date.max.toordinal()
_CONVERTERS: Mapping[str, Callable[[str], Any]] = {"date": date.fromisoformat, "decimal": Decimal}


class Row:
    """One row of a table in one window. Immutable; columns are read by name, by attribute, or by position in
    `values`.
    """

    __slots__ = ("_file", "_number", "first", "key", "last", "valid_from", "valid_to", "values")

    key: tuple[str, ...]
    values: tuple[Any, ...]
    valid_from: date
    valid_to: date | None
    first: int  # the window again as day numbers, which are quicker to compare
    last: int

    def __init__(self, file: EditionFile, number: int, key: tuple[str, ...]) -> None:
        self._file = file
        self._number = number
        self.key = key
        self.first, self.last, self.valid_from, self.valid_to = file.window_at(number)
        self.values = file.values_at(number)

    def get(self, column: str) -> Any:
        """The value of a column, long texts included; None where the row has none.

        Raises:
            UnknownName: the table has no such column.
        """
        position = self._file.positions.get(column)
        if position is not None:
            return self.values[position]
        if column in self._file.key_names:
            return self.key[self._file.key_names.index(column)]
        return self._file.long_text(self._number, column)

    def __getattr__(self, column: str) -> Any:
        if column.startswith("_"):
            raise AttributeError(column)
        try:
            return self.get(column)
        except UnknownName as error:
            raise AttributeError(str(error)) from error

    def as_dict(self) -> dict[str, Any]:
        """Every column of the row by name, without key and window."""
        return {column.name: self.get(column.name) for column in self._file.columns}

    def covers(self, day: date) -> bool:
        """Whether the window of this row holds a day."""
        return self.first <= day.toordinal() <= self.last

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Row):
            return NotImplemented
        return (self.key, self.first, self.last, self.values) == (
            other.key,
            other.first,
            other.last,
            other.values,
        )

    def __hash__(self) -> int:
        return hash((self.key, self.first))

    def __repr__(self) -> str:
        until = self.valid_to.isoformat() if self.valid_to else "open"
        return f"Row({' '.join(self.key)}, {self.valid_from.isoformat()} to {until}, {self.values})"


class EditionFile:
    """One edition, open. Stateful only in its bounded caches, which threads may share."""

    def __init__(self, path: Path, *, imported: bool = False) -> None:
        self.container = Container.open(path)
        self.imported = imported
        try:
            self._read(self.container.head)
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            raise TableError("the head of the table file makes no sense.", where=str(path)) from error
        self.cache: dict[Key, tuple[Row, ...]] = {}
        self._block = lru_cache(maxsize=_CACHED_BLOCKS)(self._read_block)

    def _read(self, head: Mapping[str, Any]) -> None:
        self.table = str(head["table"])
        self.count = int(head["rows"])
        self.key_names: tuple[str, ...] = tuple(head["key"])
        self.widths: tuple[int, ...] = tuple(head["widths"])
        self.columns = tuple(Column(*described) for described in head["columns"])
        last_day = head["last_day"]
        self.edition = Edition(
            name=str(head["edition"]),
            first_day=date.fromisoformat(head["first_day"]),
            last_day=None if last_day is None else date.fromisoformat(last_day),
            source=str(head["source"]),
            licence=str(head["licence"]),
            rows=self.count,
            sha256=str(head["sha256"]),
            files=tuple(str(file["name"]) for file in head.get("files", [])),
            missing_parts=_missing(head.get("parts")),
        )
        # Between these (first parts of) keys nothing is known, since a part of the edition was not imported.
        self.holes: tuple[tuple[str, str], ...] = tuple((str(low), str(high)) for low, high in head.get("holes", []))
        self.first = self.edition.first_day.toordinal()
        self.last = self.edition.last_day.toordinal() if self.edition.last_day else _FOREVER
        self._width = sum(self.widths)
        self._signpost_distance = max(32, self.count // _SIGNPOSTS)
        self._keys_at, length = self.container.place("keys")
        if length != self.count * self._width or len(self.widths) != len(self.key_names):
            raise self.container.damaged("keys")
        self._windows = [_window(*described) for described in head["windows"]["dictionary"]]
        self._window_codes = self.container.numbers("windows", head["windows"]["code"], self.count)
        self._short = [column for column in self.columns if not column.is_long]
        self._long = [column.name for column in self.columns if column.is_long]
        self._groups: list[tuple[memoryview, list[tuple[Any, ...]]]] = []
        for group in head["groups"]:
            types = [self._short[position].type for position in group["columns"]]
            dictionary = _typed(group["dictionary"], types)
            self._groups.append((self.container.numbers(group["section"], group["code"], self.count), dictionary))
        self.positions: dict[str, int] = {column.name: i for i, column in enumerate(self._short)}
        self._order: tuple[int | None, ...] | None = None
        self._rows_per_block = int(head["rows_per_block"])
        if self._long:
            blocks = -(-self.count // self._rows_per_block)
            self._text_places = self.container.numbers("text_places", "I", blocks + 1)

    def arrange(self, columns: Sequence[str]) -> None:
        """Give short values in the column order of the whole table; what this edition lacks is None."""
        if [column.name for column in self._short] == list(columns):
            return
        order = tuple(self.positions.get(name) for name in columns)
        if len(self._groups) == 1:
            codes, dictionary = self._groups[0]
            self._groups = [(codes, [_pick(values, order) for values in dictionary])]
        else:
            self._order = order
        self.positions = {name: position for position, name in enumerate(columns)}

    def turning_days(self) -> Iterator[int]:
        """The first days of the edition, of rows and of dates that rows name, and the days after their last ones."""
        windows = [(first, last) for first, last, _, _ in self._windows]
        for first, last in ((self.first, self.last), *windows):
            yield from (first, last + 1)
        for _, dictionary in self._groups:
            for value in (value for values in dictionary for value in values if isinstance(value, date)):
                yield from (value.toordinal(), value.toordinal() + 1)

    def windows_of(self, key: Key) -> tuple[Row, ...]:
        """Every window of a key, oldest first; remembered, absence too."""
        known = self.cache.get(key)
        if known is not None:
            return known
        parts = (key,) if isinstance(key, str) else key
        if len(parts) != len(self.widths):
            raise TableError(
                f"table {self.table!r} has the key {', '.join(self.key_names)}, and was asked for {key!r}."
            )
        found: tuple[Row, ...] = ()
        probe = self._padded(parts)
        if probe is not None:
            start = self._bisect(probe)
            end = start
            while end < self.count and self.raw_key(end) == probe:
                end += 1
            found = tuple([Row(self, number, parts) for number in range(start, end)])
        if len(self.cache) >= CACHED_KEYS:
            self.cache.clear()
        self.cache[key] = found
        return found

    def absence(self, key: Key) -> NoAnswer:
        """What it means that a key has no row: there is none, or the part that would have it was not imported."""
        first = key if isinstance(key, str) else key[0]
        unknown = any(first > low and (not high or first < high) for low, high in self.holes)
        return NO_EDITION if unknown else NO_ROW

    def starting_with(self, prefix: str) -> Iterator[Row]:
        """Every row whose first key part begins with a text, in key order."""
        if not prefix.isascii() or len(prefix) > self.widths[0]:
            return
        raw = prefix.encode("ascii")
        number = self._bisect(raw)
        while number < self.count and self.raw_key(number).startswith(raw):
            yield Row(self, number, self.key_at(number))
            number += 1

    def pairs_among(self, codes: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The keys of two parts, in any window, both of whose parts are among some codes.

        The rows behind each first part are read as one piece, so the cost grows with the codes and not their square.
        """
        before, after = self.widths
        width, mapped, keys_at = self._width, self.container.mapped, self._keys_at
        first_parts = {code.encode("ascii").ljust(before, b"\0"): code for code in codes if _fits(code, before)}
        second_parts = {code.encode("ascii").ljust(after, b"\0"): code for code in codes if _fits(code, after)}
        for raw, first in first_parts.items():
            start = self._bisect(raw)
            end = bisect_right(range(self.count), raw, start, key=lambda number: self.raw_key(number)[:before])
            rows = mapped[keys_at + start * width : keys_at + end * width]
            behind = {rows[at : at + after] for at in range(before, len(rows), width)}
            yield from ((first, second_parts[part]) for part in second_parts.keys() & behind)

    def key_at(self, number: int) -> tuple[str, ...]:
        """The key of a row."""
        raw = self.raw_key(number)
        try:
            if len(self.widths) == 1:
                return (raw.rstrip(b"\0").decode("ascii"),)
            parts = []
            start = 0
            for width in self.widths:
                parts.append(raw[start : start + width].rstrip(b"\0").decode("ascii"))
                start += width
            return tuple(parts)
        except UnicodeDecodeError as error:
            raise self.container.damaged("keys") from error

    def window_at(self, number: int) -> tuple[int, int, date, date | None]:
        """The window of a row, as day numbers and as dates."""
        try:
            return self._windows[self._window_codes[number]]
        except IndexError as error:
            raise self.container.damaged("windows") from error

    def values_at(self, number: int) -> tuple[Any, ...]:
        """The short values of a row. Rows with equal attributes share one tuple."""
        try:
            if len(self._groups) == 1:
                codes, dictionary = self._groups[0]
                return dictionary[codes[number]]
            flat = tuple(value for codes, dictionary in self._groups for value in dictionary[codes[number]])
        except IndexError as error:
            raise self.container.damaged("groups") from error
        return flat if self._order is None else _pick(flat, self._order)

    def long_text(self, number: int, column: str) -> str | None:
        """One long text of a row; None where it is blank.

        Raises:
            UnknownName: the table has no such column.
        """
        if column not in self._long:
            if column in self.positions:
                return None
            raise UnknownName("column", column, [*self.positions, *self._long, *self.key_names], where=self.table)
        lines = self._block(number // self._rows_per_block)
        try:
            return lines[number % self._rows_per_block].split(TEXT_SEPARATOR)[self._long.index(column)] or None
        except IndexError as error:
            raise self.container.damaged("texts") from error

    def _read_block(self, block: int) -> list[str]:
        start, end = self._text_places[block], self._text_places[block + 1]
        try:
            return zlib.decompress(self.container.section("texts")[start:end]).decode("utf-8").split(ROW_SEPARATOR)
        except (zlib.error, UnicodeDecodeError) as error:
            raise self.container.damaged("texts") from error

    def _padded(self, parts: tuple[str, ...]) -> bytes | None:
        """The key as it stands in the file, or None where no key of the file can be like it."""
        if len(parts) == 1:
            part = parts[0]
            return part.encode("ascii").ljust(self._width, b"\0") if _fits(part, self._width) else None
        padded = b""
        for part, width in zip(parts, self.widths, strict=True):
            if not _fits(part, width):
                return None
            padded += part.encode("ascii").ljust(width, b"\0")
        return padded

    def raw_key(self, number: int) -> bytes:
        """The key of a row as it stands in the file: equal keys have equal bytes."""
        start = self._keys_at + number * self._width
        return self.container.mapped[start : start + self._width]

    @cached_property
    def _signposts(self) -> list[bytes]:
        """Every n-th key, so that most of a search runs over a small list."""
        return [self.raw_key(number) for number in range(0, self.count, self._signpost_distance)]

    def _bisect(self, raw: bytes) -> int:
        """The first row whose key is not below some bytes."""
        distance = self._signpost_distance
        signpost = bisect_left(self._signposts, raw)
        start, end = max(0, (signpost - 1) * distance), min(self.count, signpost * distance)
        mapped, at, width = self.container.mapped, self._keys_at, self._width
        return bisect_left(
            range(self.count), raw, start, end, key=lambda i: mapped[at + i * width : at + i * width + width]
        )


def _fits(part: str, width: int) -> bool:
    return len(part) <= width and part.isascii() and "\0" not in part


def _missing(parts: Mapping[str, Any] | None) -> tuple[int, ...]:
    if parts is None:
        return ()
    return tuple(part for part in range(1, int(parts["expected"]) + 1) if part not in parts["present"])


def _window(first: str, last: str | None) -> tuple[int, int, date, date | None]:
    valid_from = date.fromisoformat(first)
    if last is None:
        return valid_from.toordinal(), _FOREVER, valid_from, None
    valid_to = date.fromisoformat(last)
    return valid_from.toordinal(), valid_to.toordinal(), valid_from, valid_to


def _typed(dictionary: Sequence[Sequence[Any]], types: Sequence[str]) -> list[tuple[Any, ...]]:
    """The value tuples of a group; most have nothing that JSON does not give as it is wanted."""
    converters = [_CONVERTERS.get(type_) for type_ in types]
    if any(len(values) != len(types) for values in dictionary):
        raise ValueError("a tuple of values has not the length of its columns")
    if not any(converters):
        return [tuple(values) for values in dictionary]
    if len(types) == 1 and (only := converters[0]) is not None:
        return [(None if value is None else only(value),) for (value,) in dictionary]
    return [
        tuple(
            [
                value if value is None or convert is None else convert(value)
                for value, convert in zip(values, converters, strict=True)
            ]
        )
        for values in dictionary
    ]


def _pick(values: tuple[Any, ...], order: Sequence[int | None]) -> tuple[Any, ...]:
    return tuple(None if position is None else values[position] for position in order)
