"""What a table is made of, as data: columns, editions, and the two answers that are no row."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Final, Literal

from attrs import frozen

ColumnType = Literal["flag", "text", "number", "decimal", "date", "long_text"]


@frozen
class Column:
    """One attribute of the rows of a table.

    A `long_text` column (a title) lies in a compressed section of its own and is read only when asked for.
    """

    name: str
    type: ColumnType
    meaning: str = ""

    @property
    def is_long(self) -> bool:
        """Whether the column is kept apart from the short values of a row."""
        return self.type == "long_text"


@frozen
class Edition:
    """One state of a table: the days it answers for, and where it comes from."""

    name: str
    first_day: date
    last_day: date | None
    source: str
    licence: str
    rows: int
    sha256: str = ""
    files: tuple[str, ...] = ()  # the names of the files that it was imported from
    missing_parts: tuple[int, ...] = ()  # the parts that its publisher has and that were not imported

    @property
    def missing_in_words(self) -> str:
        """The parts that were not imported, as "part 4" or "parts 2, 4"; blank where none is missing."""
        parts = ", ".join(map(str, self.missing_parts))
        return parts and f"{'part' if len(self.missing_parts) == 1 else 'parts'} {parts}"

    def covers(self, day: date) -> bool:
        """Whether this edition answers for a day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


class NoAnswer(Enum):
    """The two ways in which a look-up has no row. Both are false in a condition, and neither is the other."""

    NO_ROW = "no row"
    NO_EDITION = "no edition"

    def __bool__(self) -> bool:
        return False


NO_ROW: Final = NoAnswer.NO_ROW
NO_EDITION: Final = NoAnswer.NO_EDITION
