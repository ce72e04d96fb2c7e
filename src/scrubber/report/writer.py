"""What every report format is given, and what it must be able to do."""

from __future__ import annotations

from typing import Protocol

import attrs

from scrubber.findings import Acknowledgment, Disposition, Owner, Reference, Report, Safety, Severity
from scrubber.report.summary import Tally


@attrs.frozen(kw_only=True)
class ChangeInPack:
    """What the version of a pack changed; dates as ISO text, None for an open end."""

    date: str
    rules: tuple[str, ...]
    first_day: str | None = None
    last_day: str | None = None
    what: str = ""


@attrs.frozen(kw_only=True)
class PackUsed:
    """A pack of rules: its level among the layers, the sha256 over its files, and what its version changed."""

    name: str
    version: str
    level: str = "national"
    hash: str = ""
    changes: tuple[ChangeInPack, ...] = ()
    switches_off: tuple[str, ...] = ()
    """Rules that it switches off for its claims, on some days of service at least."""


@attrs.frozen(kw_only=True)
class TableUsed:
    """An edition of a table that the run could look things up in; dates as ISO text, None for an open end."""

    name: str
    edition: str | None = None
    first_day: str | None = None
    last_day: str | None = None


@attrs.frozen(kw_only=True)
class RuleUsed:
    """A rule as its author wrote it; a rule of several cases is told by its gravest."""

    id: str
    name: str
    title: str
    family: str
    pack: str
    status: str
    severity: Severity
    owner: Owner
    disposition: Disposition
    risk: float
    why: str
    fix_safety: Safety
    fix: str = ""
    """What to do; what differs from claim to claim stands in angle brackets."""
    group: str | None = None
    carc: tuple[str, ...] = ()
    rarc: tuple[str, ...] = ()
    acknowledgment: Acknowledgment | None = None
    references: tuple[Reference, ...] = ()


@attrs.frozen(kw_only=True)
class Run:
    """What the claims are checked with: the version of the program, its rule packs and its tables."""

    scrubber: str
    packs: tuple[PackUsed, ...] = ()
    tables: tuple[TableUsed, ...] = ()
    rules: tuple[RuleUsed, ...] = ()
    """The rules that the claims are asked about, each once, in the order of the packs."""
    language: str | None = None
    """The language that was asked for and found; None for English."""


class ReportWriter(Protocol):
    """A report format: `start` once, `claim` for each report as it comes, `finish` once."""

    def start(self, run: Run) -> None: ...

    def claim(self, report: Report) -> None: ...

    def finish(self, tally: Tally) -> None: ...
