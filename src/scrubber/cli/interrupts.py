"""Ctrl-C between two claims, never within one: what is written stays whole, and agrees with what is counted."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

TERMINATED = 143
"""The exit code that a shell gives for a process that was told to end."""


@contextmanager
def cleaned_up() -> Iterator[None]:
    """Let a polite request to end (SIGTERM) unwind the program, so that no unfinished file is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Interrupts:
    """Holds an interrupt back while a claim is written; anywhere else, as in waiting for input, it acts at once."""

    def __init__(self) -> None:
        self._holding = False
        self._pending = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Take over Ctrl-C for a while. Only the main thread of a program may; elsewhere nothing changes."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self._interrupted)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    @contextmanager
    def held(self) -> Iterator[None]:
        """A step that an interrupt must wait for."""
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
        if self._pending:
            raise KeyboardInterrupt

    def _interrupted(self, _signal: int, _frame: FrameType | None) -> None:
        if not self._holding:
            raise KeyboardInterrupt
        self._pending = True
