"""Days between two dates, one of which may be blank or not known."""

from __future__ import annotations

from datetime import date

import attrs

from scrubber.checks.answers import UNKNOWN, Unknown, gravest


@attrs.frozen
class Days:
    """The answer of a look-up that counts days."""

    days: int


def days_between(start: date | Unknown | None, end: date | Unknown | None) -> Days | Unknown | None:
    """The days from one date to the other, negative where `end` is the earlier; why they cannot be told; or None where
    a date comes from a row that is not there.
    """
    if start is None or end is None:
        return None
    if isinstance(start, date) and isinstance(end, date):
        return Days((end - start).days)
    return gravest(reason for reason in (start, end) if isinstance(reason, UNKNOWN))
