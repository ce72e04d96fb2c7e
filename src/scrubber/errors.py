"""The errors that this library raises: each says where it happened and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, whatever its case, or None where nothing is close."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.5)
    return by_folded[close[0]] if close else None


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


class RuleError(ScrubberError):
    """A rule pack that cannot be used."""


class TableError(ScrubberError):
    """A code table that cannot be used."""


class UnknownName(ScrubberError):
    """A name (rule, pack, table, option value) that does not exist; the hint gives the nearest known one."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        names = sorted(known)
        close = nearest(name, names)
        hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(names) or 'none'}."
        super().__init__(f"no {kind} is called {name!r}.", where=where, hint=hint)
        self.kind = kind
        self.name = name
