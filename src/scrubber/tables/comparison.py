"""What one edition of a table says otherwise than another: codes added, ended, changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from attrs import define, field, frozen

from scrubber.tables.edition_file import EditionFile
from scrubber.tables.model import Edition

Key = tuple[str, ...]
Window = tuple[date, date | None, tuple[Any, ...]]

EXAMPLES = 5


@frozen
class Change:
    """One key that two editions see differently. Rows are values by column, with their windows."""

    key: Key
    before: tuple[dict[str, Any], ...]
    after: tuple[dict[str, Any], ...]


@define
class Kind:
    """How many keys changed in one way, and the first few of them."""

    count: int = 0
    examples: list[Change] = field(factory=list)

    def add(self, change: Change, most: int) -> None:
        self.count += 1
        if len(self.examples) < most:
            self.examples.append(change)


@define
class Difference:
    """Two editions side by side, each on the last day it answers for.

    `corrected` are keys that both editions see alike on those days, but whose earlier windows differ.
    """

    table: str
    before: Edition
    after: Edition
    added: Kind = field(factory=Kind)
    ended: Kind = field(factory=Kind)
    changed: Kind = field(factory=Kind)
    corrected: Kind = field(factory=Kind)
    same: int = 0


def compare(before: EditionFile, after: EditionFile, examples: int = EXAMPLES) -> Difference:
    """Walk through two editions at once, in the order of their keys: memory does not grow with them."""
    difference = Difference(after.table, before.edition, after.edition)
    columns = list(dict.fromkeys((*before.positions, *after.positions)))
    old, new = _Side(before, columns), _Side(after, columns)
    # An edition without history states its own period as the window of each row, which is no difference.
    dated = not (old.without_history and new.without_history)
    left, right = next(old.keys, None), next(new.keys, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[0] < right[0]):
            assert left is not None
            key, was, now = left[0], left[1], []
            left = next(old.keys, None)
        elif left is None or right[0] < left[0]:
            key, was, now = right[0], [], right[1]
            right = next(new.keys, None)
        else:
            key, was, now = left[0], left[1], right[1]
            left, right = next(old.keys, None), next(new.keys, None)
        _count(difference, key, was, now, old, new, examples, dated=dated)
    return difference


def _count(
    difference: Difference,
    key: Key,
    was: list[Window],
    now: list[Window],
    old: _Side,
    new: _Side,
    examples: int,
    *,
    dated: bool,
) -> None:
    in_force_before, in_force_now = old.in_force(was), new.in_force(now)
    values_before, values_now = {values for *_, values in in_force_before}, {values for *_, values in in_force_now}
    if values_before == values_now:
        if not dated or was == now or {*was} == {*now}:
            difference.same += 1
            return
        kind = difference.corrected
    elif not in_force_before:
        kind = difference.added
    elif not in_force_now:
        kind = difference.ended
    else:
        kind = difference.changed
    kind.add(Change(key, old.described(was), new.described(now)), examples)


class _Side:
    """One of the two editions."""

    def __init__(self, file: EditionFile, columns: list[str]) -> None:
        self._file = file
        self._columns = columns
        self._places = [file.positions.get(column) for column in columns]
        self._day = file.edition.last_day or date.max
        self.without_history = all(
            file.window_at(number)[2] == file.edition.first_day for number in range(0, file.count, 97)
        )
        self.keys = self._keys()

    def _keys(self) -> Iterator[tuple[Key, list[Window]]]:
        for key, rows in groupby(self._rows(), key=lambda row: row[0]):
            yield key, [row[1] for row in rows]

    def _rows(self) -> Iterator[tuple[Key, Window]]:
        file, places = self._file, self._places
        for number in range(file.count):
            values = file.values_at(number)
            _, _, first, last = file.window_at(number)
            ordered = tuple([None if place is None else values[place] for place in places])
            yield file.key_at(number), (first, last, ordered)

    def in_force(self, windows: list[Window]) -> list[Window]:
        """The windows that hold on the last day of the edition."""
        return [
            window for window in windows if window[0] <= self._day and (window[1] is None or self._day <= window[1])
        ]

    def described(self, windows: list[Window]) -> tuple[dict[str, Any], ...]:
        return tuple(
            {"from": first, "to": last, **dict(zip(self._columns, values, strict=True))}
            for first, last, values in windows
        )
