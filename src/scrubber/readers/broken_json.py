"""What is wrong with text that is not JSON: the reason and the mend in plain words, and where it breaks.

The standard library's messages are written for programmers; these are for whoever exports the claims. None of them
repeats anything of the text.
"""

from __future__ import annotations

import json

_WORDS = {
    "Expecting property name enclosed in double quotes": (
        "a key in double quotes was expected",
        "Look for a comma before the closing bracket, or a key without its quotes.",
    ),
    "Expecting ':' delimiter": ("a ':' was expected", "A colon stands between a key and its value."),
    "Expecting ',' delimiter": ("a ',' was expected", "Look for a missing comma, quote or bracket before this place."),
    "Expecting value": (
        "a value was expected",
        "Look for a comma too many, a text without its quotes, or an end that is cut off.",
    ),
    "Unterminated string starting at": (
        "the text that starts here has no closing quote",
        'Close it with "; a quote inside a text is written \\".',
    ),
    "Invalid control character at": (
        "a line break or another control character stands inside a text",
        "Write a line break as \\n and a tab as \\t.",
    ),
    "Invalid \\escape": ("a backslash stands inside a text", "Write a backslash twice."),
    "Invalid \\uXXXX escape": ("a character is written with \\u but not four digits", "Write the character itself."),
    "Extra data": ("extra data follows", "Give several claims as a list, or one object per line."),
    "Illegal trailing comma before end of": ("a comma stands before the closing bracket", "Delete the comma."),
}


class BrokenJson(Exception):
    """Bytes that are not JSON: the reason, which holds none of them, and where (1-based; None: cannot be told)."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column
        self.hint = hint

    @property
    def position(self) -> dict[str, object] | None:
        return None if self.line is None else {"line": self.line, "column": self.column}

    def position_from(self, line: int, column: int) -> dict[str, object]:
        """The position in the whole, where the text that broke begins at a line and column."""
        if self.line is None or self.column is None:
            return {"line": line, "column": column}
        if self.line == 1:
            return {"line": line, "column": column + self.column - 1}
        return {"line": line + self.line - 1, "column": self.column}


def explained(fault: ValueError | RecursionError) -> BrokenJson:
    """What the standard library's parser raised, in our words."""
    if isinstance(fault, RecursionError):
        return BrokenJson("it is nested too deeply", hint="Claims are no deeper than a few levels.")
    if not isinstance(fault, json.JSONDecodeError):
        return BrokenJson("it holds a number of too many digits", hint="Put codes and ids in quotes.")
    for message, (reason, hint) in _WORDS.items():
        if fault.msg.startswith(message):
            return BrokenJson(reason, fault.lineno, fault.colno, hint)
    return BrokenJson(fault.msg[0].lower() + fault.msg[1:], fault.lineno, fault.colno)


def not_utf8(data: bytes, place: int) -> BrokenJson:
    """Bytes of another encoding, mostly that of an older Windows program."""
    before = data[:place]
    line, column = before.count(b"\n") + 1, place - before.rfind(b"\n")
    return BrokenJson("it is not UTF-8 text", line, column, "Save it as UTF-8.")


class Places:
    """Where the items of a list stand in its text, asked for in their order: each byte is looked at once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._is_ascii = data.isascii()
        self._at = 0
        self._line = 1
        self._column = 1

    def of(self, item: bytes) -> tuple[int, int]:
        """Line and column, 1-based, of the next item. Only blanks, commas and brackets stand before it."""
        start = self._data.index(item, self._at)
        self._pass_over(start)
        place = self._line, self._column
        self._pass_over(start + len(item))
        return place

    def _pass_over(self, end: int) -> None:
        if new_lines := self._data.count(b"\n", self._at, end):
            self._line += new_lines
            self._column = 1
            self._at = self._data.rfind(b"\n", self._at, end) + 1
        length = end - self._at
        if not self._is_ascii:
            length = len(self._data[self._at : end].decode("utf-8", errors="replace"))
        self._column += length
        self._at = end
