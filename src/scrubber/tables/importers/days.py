"""Days as publishers write them, and the quarter that an edition is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from attrs import frozen

_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_ORDINAL = re.compile(r"(\d{4})(\d{3})", re.ASCII)
_IN_NAME = (
    (re.compile(r"(?<!\d)(\d{1,2})[-_](\d{1,2})[-_](20\d{2})(?!\d)", re.ASCII), (3, 1, 2)),
    (re.compile(r"(?<!\d)(20\d{2})[-_]?(\d{2})[-_]?(\d{2})(?!\d)", re.ASCII), (1, 2, 3)),
)
_QUARTER_IN_NAME = (
    (re.compile(r"(20\d{2})[-_ ]?q(?:tr|uarter)?[-_ ]?([1-4])(?!\d)", re.ASCII | re.IGNORECASE), (1, 2)),
    (re.compile(r"q(?:tr|uarter)?[-_ ]?([1-4])[-_ ]?(20\d{2})(?!\d)", re.ASCII | re.IGNORECASE), (2, 1)),
)


@frozen
class Quarter:
    """A calendar quarter: the time for which CMS publishes most of its tables."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """How an edition of this quarter is named."""
        return f"{self.year}q{self.number}"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        following = date(self.year + 1, 1, 1) if self.number == 4 else date(self.year, 3 * self.number + 1, 1)
        return following - timedelta(days=1)


def quarter_of(day: date) -> Quarter:
    """The quarter in which a day lies."""
    return Quarter(day.year, (day.month + 2) // 3)


def quarter_in(names: Sequence[str]) -> Quarter | None:
    """The quarter that a file name tells, as a day (07-01-2024) or as a quarter (2024Q3); the nearest name first."""
    for name in names:
        for pattern, (year, month, day) in _IN_NAME:
            for match in pattern.finditer(name):
                try:
                    return quarter_of(date(int(match[year]), int(match[month]), int(match[day])))
                except ValueError:
                    continue
        for pattern, (year, number) in _QUARTER_IN_NAME:
            if found := pattern.search(name):
                return Quarter(int(found[year]), int(found[number]))
    return None


@lru_cache(maxsize=65_536)
def day_of(text: str) -> date | None:
    """A day as YYYYMMDD, YYYY-MM-DD, M/D/YYYY or YYYYDDD (the year and the number of the day in it); else None."""
    text = text.strip()
    try:
        if match := _ISO.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _AMERICAN.fullmatch(text):
            return date(int(match[3]), int(match[1]), int(match[2]))
        if match := _ORDINAL.fullmatch(text):
            year, number = int(match[1]), int(match[2])
            day = date(year, 1, 1) + timedelta(days=number - 1)
            return day if number and day.year == year else None
    except (ValueError, OverflowError):
        return None
    return None
