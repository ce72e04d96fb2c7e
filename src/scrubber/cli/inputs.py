"""From the PATH arguments to the inputs to read: files as named, folders walked in a fixed order, `-` for stdin."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import attrs

STDIN = "-"


@attrs.frozen
class ClaimInput:
    """One thing to read. `problem` says why it cannot be read at all."""

    name: str
    path: Path | None = None
    problem: str = ""

    @contextmanager
    def opened(self) -> Iterator[Path | BinaryIO]:
        """What the readers take: a path, or a stream where there is none to be opened (standard input, a pipe)."""
        if self.path is None:
            yield sys.stdin.buffer
        elif self.path.is_file():
            yield self.path
        else:
            with self.path.open("rb") as stream:
                yield stream


def claim_inputs(arguments: Iterable[str]) -> Iterator[ClaimInput]:
    """Every input once, in the order of the arguments; a file that two arguments name is read once."""
    seen: set[tuple[int, int] | str] = set()
    for argument in arguments:
        for found in _of_argument(argument):
            identity = _identity(found)
            if identity not in seen:
                seen.add(identity)
                yield found


def shown(path: str) -> str:
    """A path as reports name it. A name that is not UTF-8 is legal on disk, but not in JSON."""
    return os.fsencode(path).decode("utf-8", errors="replace")


def _of_argument(argument: str) -> Iterator[ClaimInput]:
    if argument == STDIN:
        yield ClaimInput(STDIN)
        return
    path = Path(argument)
    if path.is_dir():
        yield from _in_folder(argument, path)
    elif path.exists():
        yield ClaimInput(shown(argument), path)
    else:
        yield ClaimInput(shown(argument), problem="there is no such file or folder.")


def _in_folder(argument: str, folder: Path) -> Iterator[ClaimInput]:
    found = False
    for found_input in _below(folder, visited=set()):
        found = True
        yield found_input
    if not found:
        yield ClaimInput(shown(argument), problem="the folder holds no files.")


def _below(folder: Path, visited: set[tuple[int, int]]) -> Iterator[ClaimInput]:
    """All files below a folder in the order of their names; names that begin with a dot are not the user's.

    Links are followed; `visited` keeps a link to a folder above from leading round and round.
    """
    try:
        facts = folder.stat()
        with os.scandir(folder) as scanned:
            entries = sorted((entry for entry in scanned if not entry.name.startswith(".")), key=lambda e: e.name)
    except OSError as error:
        yield ClaimInput(shown(str(folder)), problem=f"the folder cannot be opened: {error.strerror}.")
        return
    if (facts.st_dev, facts.st_ino) in visited:
        return
    if facts.st_ino:
        visited.add((facts.st_dev, facts.st_ino))
    for entry in entries:
        if entry.is_dir():
            yield from _below(Path(entry.path), visited)
        elif entry.is_file():
            yield ClaimInput(shown(entry.path), Path(entry.path))
        else:
            problem = "this is neither a file nor a folder, or a link that leads nowhere."
            yield ClaimInput(shown(entry.path), problem=problem)


def _identity(found: ClaimInput) -> tuple[int, int] | str:
    if found.path is None:
        return found.name
    try:
        facts = found.path.stat()
    except OSError:
        return found.name
    # Some file systems give no numbers; then the path has to do.
    return (facts.st_dev, facts.st_ino) if facts.st_ino else str(found.path.resolve())
