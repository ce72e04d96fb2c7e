"""Lines of styled text: plain where a program or a file reads them, coloured and wrapped in a terminal.

What is written comes from claim files that anyone may have made: nothing that steers a terminal gets through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from rich.text import Text

STYLES: Mapping[str, str] = {
    "hold": "bold red",
    "review": "bold yellow",
    "pass": "bold green",
    "error": "bold red",
    "warning": "yellow",
    "info": "cyan",
}
"""The style of each decision and severity."""

NAMES_SHOWN = 8

NARROW = 60
"""A terminal of fewer columns is narrow."""

REPLACEMENT = "\ufffd"

Span = tuple[str, str]
"""A piece of a line and its style in the words of rich ("bold red"); "" is no style."""


class Page(Protocol):
    @property
    def narrow(self) -> bool:
        """Whether deep margins would leave no room for words."""

    def line(self, *spans: Span, indent: int = 0, hang: int = 0) -> None:
        """Write one line, or several where it is wrapped; those after the first stand in by `hang` more."""


def open_page(stream: TextIO, *, color: bool = True) -> Page:
    """A page on a terminal is coloured and wrapped to its width; anywhere else a line stays one line."""
    return TerminalPage(stream, color=color) if stream.isatty() else PlainPage(stream)


class PlainPage:
    narrow = False

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def line(self, *spans: Span, indent: int = 0, hang: int = 0) -> None:
        text = "".join(printable(text) for text, _ in spans)
        self._stream.write(" " * indent + text + "\n" if text else "\n")


class TerminalPage:
    def __init__(self, stream: TextIO, *, color: bool) -> None:
        # rich is slow to import, and most runs write to a file or a pipe.
        from rich.console import Console

        self._console = Console(file=stream, no_color=not color, highlight=False, markup=False, emoji=False)

    @property
    def narrow(self) -> bool:
        return self._console.width < NARROW

    def line(self, *spans: Span, indent: int = 0, hang: int = 0) -> None:
        from rich.text import Text

        if not spans:
            self._console.print()
            return
        text = Text.assemble(*((printable(text), style) for text, style in spans))
        first, *more = text.wrap(self._console, self._room(indent))
        self._print(first, indent)
        if more:
            # Wrapped anew, for the lines that follow have another width.
            rest = text[len(text.plain) - len(text.plain[len(first.plain.rstrip()) :].lstrip()) :]
            for each in rest.wrap(self._console, self._room(indent + hang)):
                self._print(each, indent + hang)

    def _room(self, indent: int) -> int:
        return max(self._console.width - indent, 1)

    def _print(self, text: Text, indent: int) -> None:
        from rich.padding import Padding

        text.rstrip()
        self._console.print(Padding(text, (0, 0, 0, indent), expand=False))


def printable(text: str) -> str:
    """The text on one line, each control or invisible character replaced by a mark that can be seen."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else " " if character.isspace() else REPLACEMENT for character in text
    )


def some_of(names: Iterable[str]) -> str:
    """The first names, each once, and how many more there are."""
    unique = list(dict.fromkeys(names))
    more = f" and {len(unique) - NAMES_SHOWN} more" if len(unique) > NAMES_SHOWN else ""
    return ", ".join(unique[:NAMES_SHOWN]) + more


def dollars(amount: Decimal) -> str:
    """An amount as people read it: "$1,204.50"."""
    return f"${amount:,.2f}"


def percent(risk: float) -> str:
    """A risk as people read it: never 100%, since it is an estimate, however many findings it is made of."""
    return "over 99%" if risk > 0.99 else f"{risk:.0%}"


def count_of(number: int, noun: str) -> str:
    """A number and its noun: "1 claim", "1,204 claims"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
