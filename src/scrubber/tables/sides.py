"""The side of the body that a diagnosis names, read from the words of its title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"\b(left|right|bilateral|both|unspecified)\b", re.IGNORECASE)
_SWAP = {"left": "right", "right": "left"}
_UNSPECIFIED_SIDE = re.compile(r"unspecified (side|laterality)", re.IGNORECASE)


def sides_of(titles: Mapping[str, str], unspecified: Iterable[str]) -> dict[str, str]:
    """left, right, bilateral or unspecified for the codes whose titles are about a side.

    A title is about the left side when the same title with the word right stands in the list too (and the
    other way round): "Left ventricular failure" has no such twin, "left knee" has. "Unspecified" speaks of
    the side when the title has twins with left and right in its place, or when the Medicare Code Editor lists
    the code as unspecified.
    """
    known = {_plain(title) for title in titles.values()}
    listed = set(unspecified)
    sides: dict[str, str] = {}
    for code, title in titles.items():
        side = _side(title, known, code in listed)
        if side:
            sides[code] = side
    return sides


def _side(title: str, known: set[str], listed: bool) -> str | None:
    words = {word.lower() for word in _WORD.findall(title)}
    if {"left", "right"} <= words or "bilateral" in words or "both" in words:
        return "bilateral"
    for word in ("left", "right"):
        if word in words:
            return word if _plain(_replace(title, word, _SWAP[word])) in known or _sided_part(title) else None
    if "unspecified" in words:
        if listed or _UNSPECIFIED_SIDE.search(title):
            return "unspecified"
        for match in re.finditer(r"\bunspecified\b", title, re.IGNORECASE):
            left, right = (
                _plain(title[: match.start()] + word + title[match.end() :]) in known for word in ("left", "right")
            )
            if left and right:
                return "unspecified"
    return None


# Body parts that come in pairs. A title with one of them after "left" or "right" is sided even where the
# wording of its twin differs a little or the twin has been retired.
_PARTS = (
    "side arm leg hand foot eye ear knee hip ankle wrist elbow shoulder thumb finger toe breast kidney ovary testis "
    "limb extremity thigh forearm eyelid lid lung bronchus heel calf tube humerus femur tibia fibula radius ulna "
    "scapula clavicle patella maxilla orbit"
)
_PAIRED = re.compile(rf"\b(left|right)( \w+){{0,2}} ({'|'.join(_PARTS.split())})s?\b", re.IGNORECASE)


def _sided_part(title: str) -> bool:
    return _PAIRED.search(title) is not None


def _replace(title: str, word: str, by: str) -> str:
    return re.sub(rf"\b{word}\b", by, title, flags=re.IGNORECASE)


def _plain(title: str) -> str:
    return " ".join(title.lower().split())
