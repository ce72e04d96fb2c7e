"""Headers: codes that have longer codes below them and cannot be billed, with the windows in which they are headers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

Window = tuple[date, date | None]
_DAYS_END = date.max.toordinal()


def header_windows(billable: Mapping[str, Iterable[Window]], *, icd9: bool = False) -> dict[str, list[Window]]:
    """The windows in which each proper prefix of a billable code is a header.

    A header is in force while any billable code below it is, but for the days on which it is billable itself:
    D69.1 is billable until 2026-09-30 and a header from 2026-10-01. (The order files give headers no dates.)
    """
    below: dict[str, list[tuple[int, int]]] = defaultdict(list)
    own = {code: [_numbers(window) for window in windows] for code, windows in billable.items()}
    for code, spans in own.items():
        for header in _prefixes(code, icd9):
            below[header].extend(spans)
    windows: dict[str, list[Window]] = {}
    for header, spans in below.items():
        left = _without(_merged(spans), _merged(own.get(header, [])))
        if left:
            windows[header] = [_days(span) for span in left]
    return windows


def _prefixes(code: str, icd9: bool) -> list[str]:
    """The headers above a code: its proper prefixes from three characters, but none that ends inside the filler.

    S00.00XA has the filler X in place 6, so S00.00X is no header; T36.0X1A has a real character after its X,
    so T36.0X is one. The order files agree.
    """
    # Categories have three characters, but those of the external causes of ICD-9-CM have four: E800.
    shortest = 4 if icd9 and code.startswith("E") else 3
    longest = len(code) - 1
    if len(code) == 7:
        longest = len(code[:6].rstrip("X"))
    return [code[:length] for length in range(shortest, longest + 1)]


def _numbers(window: Window) -> tuple[int, int]:
    first, last = window
    return first.toordinal(), _DAYS_END if last is None else last.toordinal()


def _days(span: tuple[int, int]) -> Window:
    return date.fromordinal(span[0]), None if span[1] == _DAYS_END else date.fromordinal(span[1])


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, touching ones joined."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _without(spans: list[tuple[int, int]], holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The days of the spans that lie in no hole."""
    left = []
    for first, last in spans:
        start = first
        for hole_first, hole_last in holes:
            if hole_last < start or hole_first > last:
                continue
            if hole_first > start:
                left.append((start, hole_first - 1))
            start = hole_last + 1
        if start <= last:
            left.append((start, last))
    return left
