"""Columns by what their headings say, never by their place: layouts drift from one release to the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from scrubber.tables.importers.cells import Cells, plain

CODE = re.compile(r"[A-Z0-9]\d{3}[A-Z0-9]", re.ASCII)
"""A HCPCS or CPT code: five characters, the middle three digits."""

Headings = Mapping[str, str]
"""For each column the words with which its heading begins, or which it holds ("*words"), or which it is ("=words")."""


def find_columns(cells: Iterable[str], wanted: Headings) -> dict[str, int]:
    """Where the wanted columns stand among headings, as far as they are there; the first that fits counts."""
    headings = [plain(cell).lower() for cell in cells]
    found: dict[str, int] = {}
    for name, words in wanted.items():
        fits = _fits(words)
        place = next((number for number, heading in enumerate(headings) if fits(heading)), None)
        if place is not None:
            found[name] = place
    return found


def _fits(words: str) -> Callable[[str], bool]:
    if words.startswith("="):
        return lambda heading: words[1:] == heading
    if words.startswith("*"):
        return lambda heading: words[1:] in heading
    return lambda heading: heading.startswith(words)


def joined(rows: Sequence[Cells]) -> Cells:
    """Headings that are spread over several rows, put together column by column."""
    width = max((len(row) for row in rows), default=0)
    return tuple(" ".join(row[number] for row in rows if number < len(row)).strip() for number in range(width))


def cell(cells: Cells, place: int | None) -> str:
    """A cell without blanks around it; blank where the row is too short or the file has no such column."""
    return cells[place].strip() if place is not None and place < len(cells) else ""
