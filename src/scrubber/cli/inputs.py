"""From the PATH arguments to the inputs to read: files as named, folders walked in a fixed order, `-` for stdin."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import attrs

from scrubber.errors import ScrubberError, cannot_be_read, shown

STDIN = "-"

ACCESS_HINT = "Check who may read it."


@attrs.frozen
class ClaimInput:
    """One thing to read. `problem` says why it cannot be read at all, `hint` what to do about it."""

    name: str
    path: Path | None = None
    problem: str = ""
    hint: str = ""
    named: bool = False
    """An argument names it itself; False where it was found in a folder."""
    data: bytes | None = attrs.field(default=None, repr=False)
    """What it holds, where that can be read only once and is needed again."""

    @property
    def size(self) -> int | None:
        """Its bytes; None where nobody knows before they are read."""
        if self.data is not None:
            return len(self.data)
        try:
            return self.path.stat().st_size if self.path is not None and self.path.is_file() else None
        except OSError:
            return None

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The stream to read.

        Raises:
            ScrubberError: it cannot be opened.
        """
        if self.data is not None:
            yield io.BytesIO(self.data)
        elif self.path is None:
            if sys.stdin is None:
                raise ScrubberError("standard input is closed.", where=self.name, hint="Name a file, or pipe one in.")
            yield sys.stdin.buffer
        else:
            try:
                stream = self.path.open("rb")
            except OSError as fault:
                raise cannot_be_read(fault, self.name) from fault
            with stream:
                yield stream


def claim_inputs(arguments: Iterable[str]) -> Iterator[ClaimInput]:
    """Every input once, in the order of the arguments; a file that two arguments name is read once."""
    seen: set[str] = set()
    for argument in arguments:
        for found in _of_argument(argument):
            identity = str(found.path.resolve()) if found.path else found.name
            if identity not in seen:
                seen.add(identity)
                yield found


def _of_argument(argument: str) -> Iterator[ClaimInput]:
    if argument == STDIN:
        yield ClaimInput(STDIN, named=True)
        return
    if not argument:
        # The shell gives this for a variable that is not set; the current folder is surely not meant.
        yield ClaimInput('""', problem="the name is empty.", hint="Name a file or a folder; . is the current folder.")
        return
    path = Path(argument)
    try:
        if path.is_dir():
            yield from _in_folder(path)
        elif path.exists():
            yield ClaimInput(shown(argument), path, named=True)
        else:
            hint = "Check the spelling of the path, and the folder you are in."
            yield ClaimInput(shown(argument), problem="there is no such file or folder.", hint=hint)
    except OSError as error:
        problem = f"it cannot be opened: {error.strerror}."
        yield ClaimInput(shown(argument), problem=problem, hint=ACCESS_HINT)


def _in_folder(folder: Path) -> Iterator[ClaimInput]:
    found = False
    for found_input in _below(folder, visited=set()):
        found = True
        yield found_input
    if not found:
        hint = "Files whose names begin with a dot are skipped."
        yield ClaimInput(shown(folder), problem="the folder holds no files.", hint=hint)


def _below(folder: Path, visited: set[Path]) -> Iterator[ClaimInput]:
    """All files below a folder in the order of their names; names that begin with a dot are not the user's.

    Links are followed; `visited` keeps a link to a folder above from leading round and round.
    """
    here = folder.resolve()
    if here in visited:
        return
    visited.add(here)
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        problem = f"the folder cannot be opened: {error.strerror}."
        yield ClaimInput(shown(folder), problem=problem, hint=ACCESS_HINT)
        return
    for path in paths:
        if path.is_dir():
            yield from _below(path, visited)
        elif path.is_file():
            yield ClaimInput(shown(path), path)
        else:
            problem = "this is neither a file nor a folder, or a link that leads nowhere."
            yield ClaimInput(shown(path), problem=problem, hint="Name a file or a folder instead.")
