"""The work queue: claims that wait, and for whom."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from itertools import count

from scrubber import Claim, Report


class NotYet(Exception):
    """A claim may not go out as it is."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """A claim that waits. Its `repr` shows the ticket and no claim."""

    ticket: int
    owner: str
    claim: Claim = field(repr=False)
    report: Report = field(repr=False)


def owner_of(report: Report) -> str:
    """Who has to look at a claim first: the owner of the finding that is the most likely to be refused."""
    worst = max(report.findings, key=lambda finding: finding.risk, default=None)
    return worst.owner if worst else "biller"  # a claim that cannot be read has no finding


class WorkQueue:
    """Claims by ticket. Threads share it, so every access takes the lock."""

    def __init__(self) -> None:
        self._held: dict[int, Held] = {}
        self._tickets = count(1)
        self._lock = threading.Lock()

    def hold(self, claim: Claim, report: Report, ticket: int | None = None) -> Held:
        """Put a claim aside; under the ticket that it had before, where it comes again."""
        with self._lock:
            if ticket is None:
                ticket = next(self._tickets)
            held = self._held[ticket] = Held(ticket=ticket, owner=owner_of(report), claim=claim, report=report)
            return held

    def waiting(self, owner: str | None = None) -> list[Held]:
        """What waits for somebody, or for anybody: the most dollars at risk first."""
        with self._lock:
            held = [one for one in self._held.values() if owner in (None, one.owner)]
        return sorted(held, key=lambda one: (-one.report.amount_at_risk, one.ticket))

    def release(self, ticket: int) -> Claim:
        """Take a claim out because somebody looked at it and found it right. An error has to be mended instead.

        Raises:
            NotYet: the claim has an error, or nothing waits under that ticket.
        """
        with self._lock:
            held = self._held.get(ticket)
            if held is None:
                raise NotYet(f"nothing waits under ticket {ticket}.")
            if held.report.decision == "hold":
                raise NotYet(f"ticket {ticket} has an error: mend the claim and submit it again.")
            del self._held[ticket]
            return held.claim

    def drop(self, ticket: int | None) -> None:
        """Forget a ticket: its claim came again and went out."""
        with self._lock:
            if ticket is not None:
                self._held.pop(ticket, None)
