"""Dates as people write them, for the mend of a date that is not written as 2026-10-01."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

import attrs

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OPEN = ("none", "open", "never", "no", "n/a", "na", "null", "present", "end", "unlimited", "indefinite")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})", re.ASCII)
_RUN = re.compile(r"\d{8}", re.ASCII)
_WORDS = re.compile(r"(?:(\d{1,2})\.? )?([A-Za-z]{3})[A-Za-z]*\.?,? (?:(\d{1,2}),? )?(\d{4})", re.ASCII)


@attrs.frozen
class Guess:
    """The day that a text most likely means; `certain` where it can mean no other."""

    day: date
    certain: bool

    @property
    def hint(self) -> str:
        if self.certain:
            return f"Write it as {self.day}."
        return f"Write it as {self.day}, if {_MONTHS[self.day.month - 1].title()} {self.day.day} is meant."


def iso_day(text: str) -> date | None:
    """The day of a date written as 2026-10-01, and in no other way."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def no_day(text: str) -> str:
    """The mend of a text that means no day."""
    found = _ISO.fullmatch(text)
    if found and 1 <= int(text[5:7]) <= len(_MONTHS) and int(text[:4]):
        days = monthrange(int(text[:4]), int(text[5:7]))[1]
        return f"There is no such day: {_MONTHS[int(text[5:7]) - 1].title()} {text[:4]} has {days} days."
    if text.strip().casefold() in _OPEN:
        return "Where there is no such day, leave the key out."
    return "Write the year, the month and the day, such as 2026-10-01."


def guess_day(text: str) -> Guess | None:
    """The day that a date written in another way means; an American one has its month first."""
    days = list(dict.fromkeys(_readings(text.strip())))
    return Guess(days[0], certain=len(days) == 1) if days else None


def _readings(text: str) -> Iterator[date]:
    if found := _NUMBERS.fullmatch(text):
        first, second, third = found.groups()
        if len(first) == 4:
            yield from _day(first, second, third)
        elif len(third) == 4:
            yield from _day(third, first, second)
            yield from _day(third, second, first)
    elif _RUN.fullmatch(text):
        yield from _day(text[:4], text[4:6], text[6:])
        yield from _day(text[4:], text[:2], text[2:4])
    elif (found := _WORDS.fullmatch(text)) and found[2].lower() in _MONTHS and (found[1] or found[3]):
        yield from _day(found[4], str(_MONTHS.index(found[2].lower()) + 1), found[1] or found[3])


def _day(year: str, month: str, day: str) -> Iterator[date]:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return
    if 1900 <= found.year <= 2100:
        yield found
