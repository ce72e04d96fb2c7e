"""How old the editions of a table are, and whether its publisher must have brought a newer one by now."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import frozen

from scrubber.tables.model import Edition
from scrubber.tables.schemas import SCHEMAS, Rhythm
from scrubber.tables.table import Table

_MONTHS: dict[Rhythm, int] = {"quarterly": 3, "yearly": 12}


@frozen
class Freshness:
    """The newest edition of a table, as seen on a day."""

    newest: Edition
    published_for: date  # the first day of the period that the newest edition was made for
    days_old: int  # days since then; negative for an edition of a period still to come
    rhythm: Rhythm | None
    is_overdue: bool  # the publisher brings editions in a rhythm, and the period of the newest one is over
    covers_day: bool
    is_wanted: bool  # no edition covers the day, although the table is not one of the past


def freshness(table: Table, day: date) -> Freshness:
    """How fresh a table is on a day."""
    newest = table.editions[0]
    schema = SCHEMAS.get(table.name)
    rhythm = schema.rhythm if schema else None
    start = _period_start(newest, rhythm)
    over = newest.last_day if newest.last_day is not None else _period_end(start, rhythm)
    overdue = rhythm is not None and over is not None and day > over
    covered = table.edition_on(day) is not None
    wanted = not covered and not (schema and schema.has_ended)
    return Freshness(newest, start, (day - start).days, rhythm, overdue, covered, wanted)


def _period_start(edition: Edition, rhythm: Rhythm | None) -> date:
    """An edition with history answers for many years, but was made for the last quarter or year of them."""
    if edition.last_day is None or rhythm is None:
        return edition.first_day
    following = edition.last_day + timedelta(days=1)
    months = following.year * 12 + following.month - 1 - _MONTHS[rhythm]
    start = date(months // 12, months % 12 + 1, 1)
    return max(start, edition.first_day)


def _period_end(start: date, rhythm: Rhythm | None) -> date | None:
    if rhythm is None:
        return None
    months = start.year * 12 + start.month - 1 + _MONTHS[rhythm]
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
