"""The service itself: one Scrubber, loaded when the process starts and shared by all threads."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import attrs

from billing_service.queue import WorkQueue
from scrubber import Claim, Scrubber

log = logging.getLogger("billing_service")

Send = Callable[[Claim], None]
"""What takes a claim to the payer."""


@dataclass(frozen=True)
class Answer:
    """What became of a claim that was submitted: sent where `ticket` is None, else waiting."""

    decision: str
    rules: tuple[str, ...]
    ticket: int | None = None


class BillingService:
    """Checks each claim as it comes. Right ones are sent, the others wait in the queue of who can mend them."""

    def __init__(self, scrubber: Scrubber, send: Send, *, today: Callable[[], date] = date.today) -> None:
        self.queue = WorkQueue()
        self._scrubber = scrubber
        self._send = send
        self._today = today
        self._not_checked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def submit(self, claim: Claim, *, ticket: int | None = None) -> Answer:
        """Check a claim, and send or hold it. `ticket` is that of a claim which was mended and comes again."""
        if claim.receipt_date is None:
            # The library has no clock. What it judges by "today" (filing limits) is judged by the day the claim came.
            claim = attrs.evolve(claim, receipt_date=self._today())
        report = self._scrubber.scrub(claim)
        with self._lock:
            self._not_checked.update({one.table or one.rule for one in report.not_checked})
        rules = tuple(sorted({finding.rule for finding in report.findings}))
        if report.decision == "pass":
            self._send(claim)
            self.queue.drop(ticket)
            held = None
        else:
            held = self.queue.hold(claim, report, ticket)
        # Rules and tickets may be logged. A claim, its number or a message may not: logs go where claims must not.
        log.info("%s %s %s", report.decision, f"ticket {held.ticket}" if held else "sent", " ".join(rules))
        return Answer(report.decision, rules, held.ticket if held else None)

    def submit_all(self, claims: Iterable[Claim], *, threads: int = 4) -> Iterator[Answer]:
        """Submit many claims, some at a time, and give the answers in their order."""
        with ThreadPoolExecutor(threads) as pool:
            yield from pool.map(self.submit, claims)

    def release(self, ticket: int, *, by: str) -> None:
        """Send a claim that somebody looked at and found right.

        Raises:
            NotYet: the claim has an error, or nothing waits under that ticket.
        """
        claim = self.queue.release(ticket)
        self._send(claim)
        log.info("released ticket %d by %s", ticket, by)

    def not_checked(self) -> dict[str, int]:
        """For the operator: tables that were missing, by how many claims. These claims were checked for less."""
        with self._lock:
            return dict(self._not_checked.most_common())
