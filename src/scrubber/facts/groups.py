"""Lines that have something in common, looked at together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from scrubber.facts.items import Found, LineFacts
from scrubber.facts.once import once

if TYPE_CHECKING:
    from scrubber.facts.claim_facts import ClaimFacts


class GroupFacts:
    """A group of lines. What the lines have in common are attributes of it, under the names that lines have for them.

    `untold` says why it cannot be told which lines belong to the group, or to which group a line does.
    """

    diagnosis: int | None = None

    def __init__(
        self, facts: ClaimFacts, lines: tuple[LineFacts, ...], shared: Mapping[str, Any], untold: object = None
    ) -> None:
        self.facts = facts
        self.found: Found = {}
        self.lines = lines
        self.shared = shared
        self.untold = untold
        self.count = len(lines)
        self.__dict__.update(shared)

    @property
    def path(self) -> str:
        """That of the last line, to which findings point."""
        return self.lines[-1].path

    @property
    def line(self) -> int:
        return self.lines[-1].position

    @once
    def positions(self) -> tuple[int, ...]:
        return tuple([line.position for line in self.lines])

    @once
    def units(self) -> Decimal | None:
        return self._sum("units")

    @once
    def charge(self) -> Decimal | None:
        return self._sum("charge")

    @once
    def minutes(self) -> Decimal | None:
        return self._sum("minutes")

    def _sum(self, name: str) -> Decimal | None:
        """Exact; None where a line has no value."""
        values = [getattr(line.raw, name) for line in self.lines]
        return None if None in values else sum(values, Decimal(0))

    @once
    def procedures(self) -> tuple[str, ...]:
        return self._each_once(lambda line: (line.procedure,))

    @once
    def modifiers(self) -> tuple[str, ...]:
        return self._each_once(lambda line: line.raw.modifiers)

    @once
    def revenue_codes(self) -> tuple[str, ...]:
        return self._each_once(lambda line: (line.raw.revenue_code,))

    @once
    def rendering_npis(self) -> tuple[str, ...]:
        return self._each_once(lambda line: (line.rendering_npi,))

    def _each_once(self, codes: Callable[[LineFacts], tuple[str | None, ...]]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for line in self.lines for code in codes(line) if code))

    @once
    def first_date(self) -> date | None:
        """None where the date of a line is blank: it may be the earliest."""
        days = [line.as_of for line in self.lines]
        return None if None in days else min(days)  # type: ignore[type-var]

    @once
    def last_date(self) -> date | None:
        days = [line.last_date for line in self.lines]
        return None if None in days else max(days)  # type: ignore[type-var]

    @once
    def as_of(self) -> date | None:
        """The date that selects logic and rows: the earliest that is known."""
        return min((line.as_of for line in self.lines if line.as_of is not None), default=None)

    def why_blank(self, name: str) -> str | None:
        """Why a derived value is unknown, in a sentence that names the first line that lacks its part."""
        if name == "as_of":
            return "no date of service is given"
        part = "service_date" if name in ("first_date", "last_date") else name
        for line in self.lines:
            if getattr(line.raw, part, "") is None:
                return f"{line.path}.{part} is blank"
        return None
