"""Codes drawn from the tables at hand, so that faults are planted with what CMS publishes and not a few constants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from scrubber.tables import Edition, Row, Table
from scrubber.testing.faults.model import Means

Draw = Callable[[Means, date], str]


def drawn(table: str, test: Callable[[Row], bool]) -> Draw:
    """A code of a table whose row in force on the day passes a test."""

    def draw(means: Means, day: date) -> str:
        loaded = means.tables.get(table)
        if loaded is None:
            raise LookupError(f"{table} is not at hand")
        edition = loaded.edition_on(day)
        if edition is None:
            raise LookupError(f"no edition of {table} covers {day}")
        rows = _rows(loaded, test, edition)
        for row in means.chance.sample(rows, len(rows)):
            if row.covers(day):
                return row.key[0]
        raise LookupError(f"no row of {table} passes on {day}")

    return draw


@lru_cache(maxsize=512)
def _rows(table: Table, test: Callable[[Row], bool], edition: Edition) -> tuple[Row, ...]:
    """The rows of an edition that pass a test, in whatever window."""
    file = next(file for file in table.files if file.edition == edition)
    return tuple(row for row in file.starting_with("") if test(row))
