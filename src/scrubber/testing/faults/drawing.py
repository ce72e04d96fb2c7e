"""Codes drawn from the tables at hand, so that faults are planted with what CMS publishes and not with a few constants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from scrubber.tables import Row, Table
from scrubber.testing.faults.model import Means

Draw = Callable[[Means, date], str]


def drawn(table: str, test: Callable[[Row], bool]) -> Draw:
    """A code of a table whose row in force on the day passes a test."""

    def draw(means: Means, day: date) -> str:
        loaded = means.tables.get(table)
        if loaded is None:
            raise LookupError(f"{table} is not at hand")
        return means.one_of(_codes(loaded, test, day.replace(day=1)))

    return draw


@lru_cache(maxsize=512)
def _codes(table: Table, test: Callable[[Row], bool], day: date) -> tuple[str, ...]:
    """The codes of rows that pass a test and are in force on the first day of a month."""
    found = dict.fromkeys(row.key[0] for row in table.starting_with("", day) if test(row))
    if not found:
        raise LookupError(f"no row of {table.name} passes on {day}")
    return tuple(found)
