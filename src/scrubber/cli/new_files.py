"""Where mended claims go: new files only, whole or not at all, and never in place of anything."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import attrs

from scrubber.cli.inputs import STDIN, ClaimInput
from scrubber.errors import ScrubberError, shown


@attrs.frozen
class NewFiles:
    """The file for each input: the one that was named, or one of the same name in the folder that was."""

    target: Path
    of_input: dict[str, Path]
    folder: bool

    def make_folder(self) -> None:
        """The folders for the new files, where there are none yet.

        Raises:
            ScrubberError: one cannot be made.
        """
        if not self.folder:
            return
        for path in self.of_input.values():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                problem = f"the folder cannot be made: {error.strerror}."
                raise _refused(path.parent, problem, "Name a place you may write to.") from None


def new_files(target: Path, arguments: Sequence[str], inputs: Sequence[ClaimInput], output: Path | None) -> NewFiles:
    """The new file of every input that may hold claims.

    Raises:
        ScrubberError: one of them is there already, or may not be there.
    """
    if str(target) == STDIN:
        raise _refused(target, "mended claims go into a file.", "Name it; standard output is for the report.")
    usable = [found for found in inputs if not found.problem]
    one = len(arguments) == 1 and not Path(arguments[0]).is_dir()
    if one and not target.is_dir():
        files = {found.name: target for found in usable}
    else:
        _refuse_inside(target, arguments)
        if os.path.lexists(target) and not target.is_dir():
            raise _refused(target, "this is a file, and several inputs need a folder.", "Name a folder, there or new.")
        files = _in_folder(target, arguments, usable)
    for path in files.values():
        if os.path.lexists(path):
            raise _refused(path, "there is such a file already.", "--fix writes new files only: name another.")
        if output is not None and path.absolute() == output.absolute():
            raise _refused(path, "the report goes there.", "Give the mended claims another name.")
    if not target.absolute().parent.is_dir():
        raise _refused(target, "its folder does not exist.", "Make it first, or name another.")
    return NewFiles(target, files, folder=target not in files.values())


def _in_folder(target: Path, arguments: Sequence[str], inputs: Sequence[ClaimInput]) -> dict[str, Path]:
    folders = [Path(argument) for argument in arguments if argument != STDIN and Path(argument).is_dir()]
    files: dict[str, Path] = {}
    for found in inputs:
        if found.path is None:
            raise _refused(target, "standard input has no name in a folder.", "Check it alone, with --fix FILE.")
        above = next((folder for folder in folders if not found.named and found.path.is_relative_to(folder)), None)
        path = target / (found.path.name if above is None else found.path.relative_to(above))
        if path in files.values():
            raise _refused(target, f"two inputs are called {path.name}.", "Check them one after the other.")
        if found.name in files:  # bytes of a name that are no UTF-8 are all shown alike
            raise _refused(path, f"two inputs are both shown as {found.name}.", "Rename one, or check them apart.")
        files[found.name] = path
    return files


def _refuse_inside(target: Path, arguments: Sequence[str]) -> None:
    for argument in arguments:
        folder = Path(argument)
        if folder.is_dir() and target.resolve().is_relative_to(folder.resolve()):
            raise _refused(target, "it is in a folder of claims, and would be checked with them the next time.",
                           "Name a folder beside it.")  # fmt: skip


def write_new(path: Path, data: bytes, like: Path | None) -> None:
    """Write a file that is not there yet, with the permissions of `like`.

    Raises:
        ScrubberError: it is there by now, or cannot be made.
    """
    unfinished: Path | None = None
    try:
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
        unfinished = Path(name)
        with os.fdopen(number, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if like is not None:
            unfinished.chmod(like.stat().st_mode & 0o777)
        try:
            os.link(unfinished, path)  # unlike a rename, never in place of another file
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            with path.open("xb") as stream:
                stream.write(data)
    except FileExistsError:
        raise _refused(path, "there is such a file by now.", "--fix writes new files only: name another.") from None
    except OSError as error:
        raise _refused(path, f"it cannot be written: {error.strerror}.", "Name a place you may write to.") from None
    finally:
        if unfinished is not None:
            with suppress(OSError):
                unfinished.unlink()


def _refused(path: Path, problem: str, hint: str) -> ScrubberError:
    return ScrubberError(problem, where=f"--fix {shown(path)}", hint=hint)
