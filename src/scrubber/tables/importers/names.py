"""File names that tell of a file what its rows do not: they are believed only where they agree."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from scrubber.errors import TableError
from scrubber.tables.importers.contract import SourceFile

_MEND = "Give the file the name that CMS gave it, or download it again."


def check_names(source: SourceFile, tell: Callable[[str], frozenset[str]], mend: str = _MEND) -> None:
    """Hold what the name of a member tells against what the name of its zip tells. A name may tell several things, of
    which one is true, or nothing.

    Raises:
        TableError: they contradict each other.
    """
    told = [(name, tell(name)) for name in source.names]
    told = [(name, meant) for name, meant in told if meant]
    for (name, meant), (outer, outer_meant) in pairwise(told):
        if not meant & outer_meant:
            raise TableError(
                f"the name {name!r} says {_either(meant)}, and that of its zip, {outer!r}, says "
                f"{_either(outer_meant)}.",
                where=source.name,
                hint=mend,
            )


def check_content(source: SourceFile, content: str, tell: Callable[[str], frozenset[str]], mend: str = _MEND) -> None:
    """Hold what the content tells against what the names tell.

    Raises:
        TableError: they contradict each other.
    """
    for name in source.names:
        meant = tell(name)
        if meant and content not in meant:
            raise TableError(
                f"its content says {content}, and its name {name!r} says {_either(meant)}.",
                where=source.name,
                hint=mend,
            )


def _either(meant: frozenset[str]) -> str:
    return " or ".join(sorted(meant))
