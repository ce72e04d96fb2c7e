"""Progress of an import: a bar of the bytes read, on standard error, only where a person looks at it."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from scrubber.cli.progress import PATIENCE_SECONDS

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class ImportProgress:
    """Shows how far an import is. Does nothing unless `shown`, and nothing for an import of a moment."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and sys.stderr.isatty()
        self._started = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> ImportProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def look(self, name: str, done: int, total: int) -> None:
        """So many of all bytes are read, the last of them from a source."""
        if not self._shown:
            return
        if self._bar is None and time.monotonic() - self._started >= PATIENCE_SECONDS:
            self._open(total)
        if self._bar is not None and self._task is not None:
            shown = "storing" if done >= total else name.replace("\\", "/").rsplit("/", 1)[-1]
            self._bar.update(self._task, completed=done, total=total, source=shown)

    def _open(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        self._bar = Progress(
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[source]}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("import", total=total, source="")
        self._bar.start()
