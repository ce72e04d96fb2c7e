"""The errors that this library raises: each says where it happened and what to do about it."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

NAMES_SHOWN = 16
"""More known names than these are not listed in full."""

_BEGINNING = 5
"""A name that alone begins with the same letters is meant rather than one that merely looks like it."""
_ID = re.compile(r"([a-z]+)[0-9]{3,}")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, whatever its case, or None where nothing is close.

    Ids (DX102) are close only within their own letters: NCCI101 is not like UNT101, for all the digits they share.
    """
    folded = name.casefold()
    by_folded = {candidate.casefold(): candidate for candidate in known}
    if family := _ID.fullmatch(folded):
        same = [candidate for candidate in by_folded if _letters(candidate) == family[1]]
        letters = {_letters(candidate) for candidate in by_folded} - {""}
        like = get_close_matches(family[1], letters, n=3, cutoff=0.65)
        others = [candidate for candidate in by_folded if _letters(candidate) in like]
        swapped = [candidate for candidate in same if sorted(candidate) == sorted(folded)]
        close = (
            swapped
            or get_close_matches(folded, same, n=1, cutoff=0.8)
            or get_close_matches(folded, others, n=1, cutoff=0.8)
        )
    else:
        begins = [candidate for candidate in by_folded if candidate[:_BEGINNING] == folded[:_BEGINNING]]
        close = get_close_matches(folded, by_folded, n=1, cutoff=0.75)
        close = close or (begins if len(begins) == 1 else get_close_matches(folded, by_folded, n=1, cutoff=0.5))
    return by_folded[close[0]] if close else None


def _letters(folded: str) -> str:
    """The letters of an id in small letters, "" for what is no id."""
    found = _ID.fullmatch(folded)
    return found[1] if found else ""


def some_known(name: str, known: Iterable[str]) -> str:
    """What exists instead of `name`: all, or where they are many, those that begin alike."""
    names = sorted(known)
    family = _letters(name.casefold())
    if family and (alike := [one for one in names if _letters(one.casefold()) == family]):
        return f"Known of {family.upper()}: {_some(alike)}."
    if family and (families := sorted({_letters(one.casefold()).upper() for one in names} - {""})):
        return f"Ids begin with {', '.join(families)}."
    return f"Known: {_some(names) or 'none'}."


def _some(names: list[str]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def os_error_hint(error: OSError) -> str:
    """What to do when the system refuses a file."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return "Check who may read and write it."
    if error.errno == errno.ENOENT:
        return "Check the spelling of the path, and the folder you are in."
    if error.errno == errno.EISDIR:
        return "Name a file, not a folder."
    if error.errno == errno.ENOSPC:
        return "Make room on the disk."
    return ""


class ScrubberError(Exception):
    """Base of every error of this library.

    `where` names the place (file, line, field); `hint` says how to mend it. Neither holds patient data.
    """

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" {self.hint}" if self.hint else ""
        return f"{place}{self.message}{advice}"


class InputError(ScrubberError):
    """A claim file, or a whole claim, that cannot be read."""

    position: Mapping[str, object] | None = None
    """Where in the input it breaks (line and column), if that can be told."""


def shown(path: str | Path) -> str:
    """A path as reports name it. A name that is not UTF-8 is legal on disk, but not in JSON."""
    return os.fsencode(path).decode("utf-8", errors="replace")


def cannot_be_read(error: OSError, where: str) -> InputError:
    """What is raised of an input that the system refuses."""
    reason = error.strerror or type(error).__name__
    return InputError(f"the input cannot be read: {reason}.", where=where, hint=os_error_hint(error))


class RuleError(ScrubberError):
    """A rule pack that cannot be used."""


class TableError(ScrubberError):
    """A code table that cannot be used."""


class UnknownName(ScrubberError):
    """A name (rule, pack, table, option value) that does not exist; the hint gives the nearest known one."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        names = sorted(known)
        close = nearest(name, names)
        hint = f"Did you mean {close!r}?" if close else some_known(name, names)
        super().__init__(f"no {kind} is called {name!r}.", where=where, hint=hint)
        self.kind = kind
        self.name = name
