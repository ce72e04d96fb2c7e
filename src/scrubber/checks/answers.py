"""What a look-up or a condition can answer besides yes and no: why it could not be judged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import attrs

from scrubber.tables import Edition


@attrs.frozen
class Blank:
    """A field that the rule needs is blank, so the rule is not evaluated."""

    field: str

    @property
    def reason(self) -> str:
        return f"{self.field} is blank"


@attrs.frozen
class Unsupported:
    """The rule cannot be judged for a reason other than a blank field, told in a sentence."""

    reason: str


@attrs.frozen
class NoEdition:
    """A table has no edition for the date, or one that lacks the part it takes, so the rule is not checked."""

    table: str
    day: date | None
    lacking: Edition | None = None
    """The edition of the day that lacks parts, None where there is no edition at all."""
    reason: str = attrs.field(init=False, eq=False, repr=False)

    @reason.default
    def _reason(self) -> str:
        if self.missing_part is not None and self.lacking is not None:
            return f"{self.missing_part} {'is' if len(self.lacking.missing_parts) == 1 else 'are'} not imported"
        return f"no edition of {self.table} covers {self.day.isoformat() if self.day else 'an unknown date'}"

    @property
    def missing_part(self) -> str | None:
        """What was not imported: "part 4 of ncci_ptp_hospital 2024q3"."""
        edition = self.lacking
        return f"{edition.missing_in_words} of {self.table} {edition.name}" if edition is not None else None


@lru_cache(maxsize=4096)
def no_edition(table: str, day: date | None, lacking: Edition | None = None) -> NoEdition:
    """That a table has no edition for a day: made once, since it is told of every claim of that day."""
    return NoEdition(table, day, lacking)


Unknown = Blank | Unsupported | NoEdition
UNKNOWN = (Blank, Unsupported, NoEdition)
"""The classes of reasons, for `isinstance`."""


def graver(first: Unknown | None, second: Unknown) -> Unknown:
    """The one to report of two reasons: a missing table edition before a blank field, else the first."""
    if first is None or (isinstance(second, NoEdition) and not isinstance(first, NoEdition)):
        return second
    return first


def gravest(reasons: Iterable[Unknown]) -> Unknown | None:
    """The one to report of several reasons, None for none."""
    gravest_so_far: Unknown | None = None
    for reason in reasons:
        gravest_so_far = graver(gravest_so_far, reason)
    return gravest_so_far
