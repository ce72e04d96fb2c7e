"""The spans of time from which claims are dated, each with what is published for it."""

from __future__ import annotations

from datetime import date

import attrs

from scrubber.errors import UnknownName
from scrubber.testing.corpus.chance import Chance


@attrs.frozen
class Period:
    """Days of service, both ends included."""

    name: str
    first: date
    last: date

    def weekday(self, chance: Chance) -> date:
        """A day from Monday to Friday."""
        day = chance.day(self.first, self.last)
        while day.weekday() > 4:
            day = chance.day(self.first, self.last)
        return day


PERIODS = (
    Period("2024q3", date(2024, 7, 1), date(2024, 9, 30)),
    Period("2025q4", date(2025, 10, 1), date(2025, 12, 31)),
    Period("2026", date(2026, 1, 1), date(2026, 12, 31)),
)


def period_named(name: str) -> Period:
    """The period of that name.

    Raises:
        UnknownName: there is none; names the nearest one.
    """
    for period in PERIODS:
        if period.name == name:
            return period
    raise UnknownName("period", name, [period.name for period in PERIODS])
