"""Where a report goes: standard output, or a file that appears whole or not at all, and never in place of an input."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from scrubber.cli.inputs import ClaimInput
from scrubber.errors import ScrubberError, shown
from scrubber.readers.recognize import HEAD_SIZE, is_own_report


@contextmanager
def open_output(path: Path | None, *, option: str = "--output") -> Iterator[TextIO]:
    """A stream for the report, or for what `option` writes. A file takes its name only when it is complete; a failure
    leaves the old one.

    Raises:
        ScrubberError: there is nowhere to write to.
    """
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
        with _replacing(path.resolve(), option) as stream:
            yield stream


def apart_from_output(inputs: Iterable[ClaimInput], output: Path) -> tuple[list[ClaimInput], list[ClaimInput]]:
    """The inputs to read, and those left out: an older report at the very place of the new one, found in a folder.

    Raises:
        ScrubberError: the report would take the place of a file that holds something else.
    """
    kept: list[ClaimInput] = []
    older: list[ClaimInput] = []
    for found in inputs:
        if found.path is None or not _is_same_file(found.path, output):
            kept.append(found)
        elif not found.named and holds_report(found.path):
            older.append(found)
        else:
            raise ScrubberError(
                "this is one of the inputs, and the report would take its place.",
                where=f"--output {shown(output)}",
                hint="Give the report another name.",
            )
    return kept, older


def _is_same_file(path: Path, output: Path) -> bool:
    try:
        return output.is_file() and path.samefile(output)
    except OSError:
        return False


def holds_report(path: Path) -> bool:
    """Whether a file was written by this program."""
    try:
        with path.open("rb") as stream:
            return is_own_report(stream.read(HEAD_SIZE))
    except OSError:
        return False


@contextmanager
def _replacing(target: Path, option: str) -> Iterator[TextIO]:
    try:
        number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    except OSError as error:
        missing = not target.parent.is_dir()
        raise ScrubberError(
            "there is no such folder." if missing else f"no file can be made in this folder: {error.strerror}.",
            where=f"{option} {shown(target.parent)}",
            hint="Make it first, or name another." if missing else "Name a folder that you may write to.",
        ) from None
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
