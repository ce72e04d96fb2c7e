"""The pages of the documentation as a reader meets them: their code blocks and the commands in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import attrs

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("README.md")])

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>```+)(?P<language>[a-z]*)[^\n]*\n(?P<text>.*?)^(?P=indent)(?P=fence)$", re.M | re.S
)
_COMMAND = re.compile(r"^(?:\$ |    )?(?P<command>scrubber [a-z-].*)$")
_SHAPES = ("...", "…", "RULE", "DIR", "FILE", "SHELL", "OLD", "PATH")
"""What stands in a command that tells its shape and is not meant to be typed."""


@attrs.frozen
class Block:
    """A fenced block of code, and the line of the page on which it begins."""

    language: str
    text: str
    line: int


@attrs.frozen
class Command:
    """A call of `scrubber` that a page shows, without the comment behind it."""

    words: tuple[str, ...]
    line: int


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, *languages: str) -> list[Block]:
    """The fenced blocks of a page in these languages, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(found["language"], found["text"], text.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(text)
        if found["language"] in languages
    ]


def commands(page: Path) -> Iterator[Command]:
    """Every call of `scrubber` on a page, but for those that only tell the shape of a command."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for number, line in enumerate(text.splitlines(), start=1):
        found = _COMMAND.match(line)
        if found is None:
            continue
        typed = re.split(r"\s{2,}|\s#\s|\s[<>&]|\s\|\s|\s&&\s|;", found["command"])[0]
        words = shlex.split(typed)[1:]
        if not any("|" in word or word.endswith(_SHAPES) for word in words):
            yield Command(tuple(words), number)
