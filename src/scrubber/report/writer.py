"""What every report format is given, and what it must be able to do."""

from __future__ import annotations

from typing import Protocol

import attrs

from scrubber.findings import Report
from scrubber.report.summary import Tally


@attrs.frozen(kw_only=True)
class PackUsed:
    name: str
    version: str


@attrs.frozen(kw_only=True)
class TableUsed:
    """An edition of a table that the run could look things up in; dates as ISO text, None for an open end."""

    name: str
    edition: str | None = None
    first_day: str | None = None
    last_day: str | None = None


@attrs.frozen(kw_only=True)
class Run:
    """What the claims are checked with: the version of the program, its rule packs and its tables."""

    scrubber: str
    packs: tuple[PackUsed, ...] = ()
    tables: tuple[TableUsed, ...] = ()
    language: str | None = None
    """The language that was asked for and found; None for English."""


class ReportWriter(Protocol):
    """A report format: `start` once, `claim` for each report as it comes, `finish` once."""

    def start(self, run: Run) -> None: ...

    def claim(self, report: Report) -> None: ...

    def finish(self, tally: Tally) -> None: ...
