"""Progress of a long run: a bar on standard error, only where a person looks at it and only after a moment."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from scrubber.cli.claim_reading import HowFar

PATIENCE_SECONDS = 1.0
"""A shorter run ends before anybody asks how long it takes, and rich is slow to import."""

SPEED_SECONDS = 20.0
"""How far back the speed is looked at that tells the time left."""

CLAIMS_BETWEEN_LOOKS = 50
"""Looking at the clock for every claim would cost more than it tells."""


class TerminalBar:
    """A bar that opens only where a person looks, and only when the work has taken a moment."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and sys.stderr.isatty()
        self._started = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


class TimeLeft:
    """How long the rest takes at the speed of the last seconds: the first claims of a run are slow."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, int]] = deque()

    def at(self, now: float, read: int, total: int | None) -> str:
        """In words; empty where it cannot be told: too early, or everything is read and claims still come."""
        self._looks.append((now, read))
        while now - self._looks[0][0] > SPEED_SECONDS:
            self._looks.popleft()
        (before, read_before), *_ = self._looks
        if total is None or read >= total or read <= read_before or now - before < 1:
            return ""
        seconds = round((total - read) * (now - before) / (read - read_before))
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02} left" if hours else f"{minutes}:{seconds:02} left"


class ClaimProgress(TerminalBar):
    """Counts claims and shows them with their rate and the time left. Does nothing unless `shown`."""

    def __init__(self, *, shown: bool) -> None:
        super().__init__(shown=shown)
        self._claims = 0
        self._left = TimeLeft()

    def step(self, source: str, how_far: HowFar | None = None) -> None:
        """One more claim of `source` is done."""
        self._claims += 1
        if not self._shown or self._claims % CLAIMS_BETWEEN_LOOKS:
            return
        elapsed = time.monotonic() - self._started
        if self._bar is None and elapsed >= PATIENCE_SECONDS:
            self._open()
        if self._bar is not None and self._task is not None:
            rate = f"{self._claims / elapsed:,.0f}/s"
            left = self._left.at(elapsed, how_far.read, how_far.total) if how_far is not None else ""
            self._bar.update(self._task, completed=self._claims, rate=rate, left=left, source=source)

    @contextmanager
    def out_of_the_way(self) -> Iterator[None]:
        """Take the bar off the terminal while something else is written to it."""
        if self._bar is None:
            yield
            return
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.table import Column

        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.completed:,} claims"),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.fields[source]}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("check", total=None, rate="", left="", source="")
        self._bar.start()
