"""From the PATH arguments to the inputs to read: files as named, folders walked in a fixed order, `-` for stdin."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import attrs

STDIN = "-"


@attrs.frozen
class ClaimInput:
    """One thing to read. `problem` says why it cannot be read at all; `inside` is the folder it was found in."""

    name: str
    path: Path | None = None
    inside: str | None = None
    problem: str = ""

    def open(self) -> Path | BinaryIO:
        """What the readers take: a path, or a stream where the file cannot be opened twice."""
        if self.path is None:
            return sys.stdin.buffer
        return self.path if self.path.is_file() else self.path.open("rb")


def claim_inputs(arguments: Iterable[str]) -> Iterator[ClaimInput]:
    """Every input once, in the order of the arguments; a file that two arguments name is read once."""
    seen: set[tuple[int, int] | str] = set()
    for argument in arguments:
        for found in _of_argument(argument):
            identity = _identity(found)
            if identity not in seen:
                seen.add(identity)
                yield found


def _of_argument(argument: str) -> Iterator[ClaimInput]:
    if argument == STDIN:
        yield ClaimInput(STDIN)
        return
    path = Path(argument)
    if path.is_dir():
        yield from _in_folder(argument, path)
    elif path.exists():
        yield ClaimInput(argument, path)
    else:
        yield ClaimInput(argument, problem="there is no such file or folder.")


def _in_folder(argument: str, folder: Path) -> Iterator[ClaimInput]:
    """All files below a folder, sorted; names that begin with a dot are the system's, not the user's."""
    unreadable: list[OSError] = []
    empty = True
    for here, folders, files in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                empty = False
                path = Path(here, name)
                yield ClaimInput(str(path), path, inside=argument)
    for error in unreadable:
        yield ClaimInput(str(error.filename), problem=f"the folder cannot be opened: {error.strerror}.")
    if empty and not unreadable:
        yield ClaimInput(argument, problem="the folder holds no files.")


def _identity(found: ClaimInput) -> tuple[int, int] | str:
    if found.path is None:
        return found.name
    try:
        facts = found.path.stat()
    except OSError:
        return found.name
    # Some file systems give no numbers; then the path has to do.
    return (facts.st_dev, facts.st_ino) if facts.st_ino else str(found.path.resolve())
