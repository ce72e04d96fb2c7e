"""Rows of text under their heads, each column as wide as its widest value; the last one is free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scrubber.report.page import STYLES, Page

GAP = 2


def write_columns(page: Page, names: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    listed = list(rows)
    widths = {name: max([len(name), *(len(row[name]) for row in listed)]) + GAP for name in names}
    widths[names[-1]] = 0
    page.line(*((name.ljust(widths[name]), "bold") for name in names))
    for row in listed:
        page.line(*((row[name].ljust(widths[name]), STYLES.get(row[name], "")) for name in names))
