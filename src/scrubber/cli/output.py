"""Where a report goes: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO


@contextmanager
def open_output(path: Path | None) -> Iterator[TextIO]:
    """A stream for the report. A file takes its name only when the report is complete; a failure leaves the old one."""
    if path is None:
        try:
            yield sys.stdout
        finally:
            sys.stdout.flush()
    elif path.exists() and not path.is_file():
        # A pipe or a device cannot be replaced, only written to.
        with path.open("w", encoding="utf-8") as stream:
            yield stream
    else:
        with _replacing(path.resolve()) as stream:
            yield stream


@contextmanager
def _replacing(target: Path) -> Iterator[TextIO]:
    number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    unfinished = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.chmod(_mode_of(target))
        unfinished.replace(target)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def _mode_of(target: Path) -> int:
    """The permissions of the file that is replaced, or what a new file would get."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
