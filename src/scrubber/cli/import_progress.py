"""Progress of an import: a bar of the bytes read, on standard error, only where a person looks at it."""

from __future__ import annotations

import time

from scrubber.cli.progress import PATIENCE_SECONDS, TerminalBar


class ImportProgress(TerminalBar):
    """Shows how far an import is. Does nothing unless `shown`, and nothing for an import of a moment."""

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
