"""Elements into values: money, numbers, dates and names. What cannot be converted is left blank and reported."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from scrubber.claim import StructuralFault
from scrubber.readers.x12.faults import fault, place, shown
from scrubber.readers.x12.loops import Loop, Segment
from scrubber.readers.x12.wording import element_in_words

_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")


@lru_cache(maxsize=1 << 14)
def number_of(text: str) -> Decimal | None:
    """A decimal (X12 type R) or integer (N0): digits, at most one point, a leading minus."""
    return Decimal(text) if len(text) <= 20 and _NUMBER.fullmatch(text) else None


def day_of(text: str) -> date | None:
    """A date of format D8, CCYYMMDD. Never kept: it may be a date of birth."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


@lru_cache(maxsize=1 << 14)
def period_of(form: str, text: str) -> tuple[date | None, date | None] | None:
    """First and last day of a date of format D8, RD8 or DT; None where it is not one."""
    if form == "D8":
        first = day_of(text)
        return None if first is None else (first, None)
    if form == "RD8":
        first, last = day_of(text[:8]), day_of(text[9:])
        return None if first is None or last is None or text[8:9] != "-" else (first, last)
    if form == "DT":
        first = day_of(text[:8])
        return None if first is None or hour_of(text[8:]) is None else (first, None)
    return None


def hour_of(text: str) -> str | None:
    """The hour (00 to 23) of a time HHMM, with or without seconds; hour 99 says that it is not known."""
    if len(text) not in (4, 6, 8) or not (text.isascii() and text.isdigit()):
        return None
    return text[:2] if (int(text[:2]) < 24 and int(text[2:4]) < 60) or text == "9999" else None


def at(segment: Segment, index: int) -> str | None:
    """An element, None where it is blank."""
    return segment[index] or None if len(segment) > index else None


def name_at(segment: Segment, index: int) -> str | None:
    """A name or other free text: bytes that are UTF-8 are read as such, all others as ISO 8859-1."""
    text = segment[index] if len(segment) > index else ""
    if text.isascii():
        return text or None
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


class Values:
    """Converts the elements of one claim and collects what it could not convert; `prefix` names the line at hand."""

    def __init__(self, faults: list[StructuralFault], component: str) -> None:
        self.faults = faults
        self.component = component
        self.prefix = ""

    def number(self, loop: Loop, segment: Segment, index: int, field: str) -> Decimal | None:
        """An amount or a quantity."""
        text = segment[index] if len(segment) > index else ""
        if not text:
            return None
        value = number_of(text)
        if value is None:
            self.wrong("number-invalid", "is no number", loop, segment, f"{index:02d}", field)
        return value

    def part(self, loop: Loop, segment: Segment, index: int, parts: list[str], n: int, field: str) -> Decimal | None:
        """The same, of component `n` of a composite."""
        if len(parts) < n or not parts[n - 1]:
            return None
        value = number_of(parts[n - 1])
        if value is None:
            self.wrong("number-invalid", "is no number", loop, segment, f"{index:02d}-{n}", field)
        return value

    def day(self, loop: Loop, segment: Segment, index: int, field: str) -> date | None:
        """A date of format D8."""
        text = segment[index] if len(segment) > index else ""
        if not text:
            return None
        value = day_of(text)
        if value is None:
            self.wrong("date-invalid", "is no date CCYYMMDD", loop, segment, f"{index:02d}", field)
        return value

    def period(self, loop: Loop, segment: Segment, field: str) -> tuple[date | None, date | None]:
        """First and last day of a DTP; the last is None where it gives one day."""
        if len(segment) < 4 or not segment[3]:
            return None, None
        found = period_of(segment[2], segment[3])
        if found is None:
            said = shown(segment[2])
            self.wrong("date-invalid", f"is no date of format {said}", loop, segment, "03", field, said)
            return None, None
        return found

    def hour(self, loop: Loop, segment: Segment, text: str, field: str) -> str | None:
        """The hour of a time."""
        value = hour_of(text)
        if value is None:
            self.wrong("date-invalid", "is no time HHMM", loop, segment, "03", field)
        return value

    def wrong(
        self, variant: str, what: str, loop: Loop, segment: Segment, element: str, field: str, *codes: str
    ) -> None:
        """Report an element that left `field` blank."""
        number = loop.number_of(segment)
        name = segment[0] + element
        text = f"{element_in_words(segment, name, self.component)} {what} (segment {number})."
        where = place(number, loop.id, name)
        self.faults.append(fault("EDI107", variant, text, where, *codes, field=self.prefix + field))
