"""The days for which an edition answers, from what its publisher writes into titles and file names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from attrs import frozen

from scrubber.errors import TableError
from scrubber.tables.importers.contract import SourceFile
from scrubber.tables.importers.days import quarter_in as calendar_quarter_in
from scrubber.tables.importers.days import quarter_of as calendar_quarter_of

FISCAL_YEAR_STARTS = 10
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"(?<![a-z])({'|'.join(_MONTHS)})[a-z]*(?![a-z])", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@frozen
class Period:
    """The name of an edition and the days for which it answers."""

    name: str
    first_day: date
    last_day: date


def quarter_of(day: date) -> Period:
    """The calendar quarter that holds a day, such as 2025q4."""
    quarter = calendar_quarter_of(day)
    return Period(quarter.name, quarter.first_day, quarter.last_day)


def fiscal_year(year: int) -> Period:
    """The federal fiscal year, from 1 October of the year before."""
    return Period(f"fy{year}", date(year - 1, FISCAL_YEAR_STARTS, 1), date(year, FISCAL_YEAR_STARTS, 1) - timedelta(1))


def fiscal_year_of(day: date) -> int:
    """The federal fiscal year that holds a day."""
    return day.year + (day.month >= FISCAL_YEAR_STARTS)


def calendar_year(year: int) -> Period:
    """A calendar year."""
    return Period(str(year), date(year, 1, 1), date(year, 12, 31))


def year_in(text: str) -> int | None:
    """The first year of this century in a text."""
    found = _YEAR.search(text)
    return int(found[1]) if found else None


def month_in(text: str) -> int | None:
    """The number of the first month that a text names, by its English name or its first three letters."""
    found = _MONTH.search(text.replace("_", " "))
    return _MONTHS.index(found[1].lower()) + 1 if found else None


def quarter_in(texts: Iterable[str]) -> Period | None:
    """The quarter of the first text that names both a month and a year: "HCPC2024_JUL_ANWEB", "July 2024"."""
    for text in texts:
        spaced = re.sub(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)", " ", text)
        month, year = month_in(spaced), year_in(spaced.replace("_", " "))
        if month is not None and year is not None:
            return quarter_of(date(year, month, 1))
    return None


def quarter_of_names(source: SourceFile) -> Period | None:
    """The quarter that the names of a source tell: by month and year, by a day (07-01-2024), or as 2024Q3."""
    found = quarter_in(source.names)
    if found is not None:
        return found
    by_day = calendar_quarter_in(source.names)
    return None if by_day is None else Period(by_day.name, by_day.first_day, by_day.last_day)


def stated_or(source: SourceFile, period: Period | None, what: str) -> Period:
    """The quarter that the user stated, else the one that was found.

    Raises:
        TableError: neither is there.
    """
    if source.stated_day is not None:
        return quarter_of(source.stated_day)
    if period is None:
        raise unknown_edition(source, what)
    return period


def unknown_edition(source: SourceFile, what: str) -> TableError:
    """The error of a file that does not tell which edition it is."""
    return TableError(
        f"neither the content nor the name of the file says {what}.",
        where=source.name,
        hint="Say it with --edition and the first day, as YYYY-MM-DD.",
    )
