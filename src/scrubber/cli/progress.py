"""Progress of a long run: a bar on standard error, only where a person looks at it and only after a moment."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE_SECONDS = 1.0
"""A shorter run ends before anybody asks how long it takes, and rich is slow to import."""

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


class ClaimProgress(TerminalBar):
    """Counts claims and shows them with their rate. Does nothing unless `shown`."""

    def __init__(self, *, shown: bool) -> None:
        super().__init__(shown=shown)
        self._claims = 0

    def step(self, source: str) -> None:
        """One more claim of `source` is done."""
        self._claims += 1
        if not self._shown or self._claims % CLAIMS_BETWEEN_LOOKS:
            return
        elapsed = time.monotonic() - self._started
        if self._bar is None and elapsed >= PATIENCE_SECONDS:
            self._open()
        if self._bar is not None and self._task is not None:
            rate = f"{self._claims / elapsed:,.0f}/s"
            self._bar.update(self._task, completed=self._claims, rate=rate, source=source)

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

        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.completed:,} claims"),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[source]}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("check", total=None, rate="", source="")
        self._bar.start()
