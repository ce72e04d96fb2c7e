"""Says in an author's words why a text is no YAML; the parser gives up later than the fault, often lines later."""

from __future__ import annotations

import re

import attrs
import yaml

from scrubber.rules.meanings import meant
from scrubber.rules.words import WORDS


@attrs.frozen
class Fault:
    """Why a text is no YAML: line and column are 1-based."""

    line: int
    column: int
    message: str
    hint: str


_NO_SPACE_AFTER_COLON = re.compile(r"\s*(?:- +)?([a-z_]+(?:\.[a-z_.]+)?):(?=[^\s:/])")
_NO_SPACE_AFTER_DASH = re.compile(r"\s*(-)[A-Za-z{\"'\[]")
_TEXT_IN_BRACES = re.compile(r"\s*(?:- +)?[\w.]+: *(\{[^{}]*\}) *[^\s,#\]}]")
_ENDED_QUOTE = re.compile(r"""(?:[:,\[]|- ) *(["']).*""")
_KEY = re.compile(r"\s*(?:- +)?([\w.]+) *:(?: |$)")
_COMPARISON = re.compile(r"([\w]+\.[\w.]+): *([<>=!]+) *(\S[^#\n]*)")
_GLUED_TO_BRACKET = re.compile(r"([\w.]+):([\[{$].*?\]|[^\s,}]+)")
_CURLY = ("\u201c", "\u201d", "\u201e", "\u2018", "\u2019")
_IN_QUOTES = 'Put the whole text in quotes: "…".'


def explain(text: str, error: Exception) -> Fault:
    """What is wrong with a text that the YAML parser refused, and where."""
    mark, context = (getattr(error, name, None) for name in ("problem_mark", "context_mark"))
    lines = text.split("\n")
    at = min(mark.line, len(lines) - 1) if mark else 0
    column = mark.column if mark else 0
    problem = str(getattr(error, "problem", None) or "")
    opened = str(getattr(error, "context", None) or "")
    return (
        _conflict(lines)
        or _tab(lines, at)
        or _hard_blank(lines, at)
        or _unclosed_quote(opened, context)
        or _glued(lines, at)
        or _comparison(lines, at)
        or _brackets(lines, at, column, opened, context)
        or _quotes_and_braces(lines, at, column, problem)
        or _first_character(lines, at, column, problem)
        or _indentation(lines, at, column, problem, opened, context)
        or _no_colon(lines, problem, context)
        or _control_character(text, error)
        or Fault(
            at + 1,
            column + 1,
            f"this is not YAML: {problem or 'it cannot be read'}.",
            "Check the indentation, the colons and the quotes around this place.",
        )
    )


def _conflict(lines: list[str]) -> Fault | None:
    """What git leaves where two changes of one place meet."""
    for number, line in enumerate(lines):
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            hint = "Keep one of the two versions, and delete the lines of <, = and >."
            return Fault(number + 1, 1, "git left a conflict of two versions here.", hint)
    return None


def _hard_blank(lines: list[str], at: int) -> Fault | None:
    for number in range(at, max(at - 2, -1), -1):
        if (column := lines[number].find("\u00a0")) >= 0:
            hint = "Type the blank anew; it came from a web page or a word processor."
            return Fault(
                number + 1, column + 1, "a non-breaking space stands here, which YAML takes for a letter.", hint
            )
    return None


def _tab(lines: list[str], at: int) -> Fault | None:
    for number in range(at, max(at - 2, -1), -1):
        line = lines[number]
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            return Fault(
                number + 1, indent.index("\t") + 1, "a tab stands before this line.", "Indent with spaces only."
            )
    return None


def _unclosed_quote(opened: str, context: yaml.Mark | None) -> Fault | None:
    if context is None or "quoted scalar" not in opened:
        return None
    return Fault(
        context.line + 1,
        context.column + 1,
        "the quote that opens here is never closed.",
        "Close it where the text ends.",
    )


def _glued(lines: list[str], at: int) -> Fault | None:
    """`id:DX102` and `-line.units: …`, which YAML takes for mere text until something does not fit."""
    for number in range(max(at - 1, 0), at + 1):
        if found := _NO_SPACE_AFTER_COLON.match(lines[number]):
            hint = f"Write `{found[1]}: {lines[number][found.end() :].strip()}`."
            return Fault(number + 1, found.end(1) + 1, "a space is missing after the colon.", hint)
        if found := _NO_SPACE_AFTER_DASH.match(lines[number]):
            hint = f"Write `- {lines[number].strip()[1:].strip()}`."
            return Fault(number + 1, found.start(1) + 1, "a space is missing after the dash.", hint)
    return None


def _comparison(lines: list[str], at: int) -> Fault | None:
    """`line.units: > 1`."""
    found = _COMPARISON.search(lines[at])
    if found is None:
        return None
    word = meant(found[2], WORDS) or "is"
    hint = f"Write `{found[1]}: {{{word}: {found[3].strip()}}}`."
    return Fault(at + 1, found.start(2) + 1, f"conditions have words, not {found[2]!r}.", hint)


def _brackets(lines: list[str], at: int, column: int, opened: str, context: yaml.Mark | None) -> Fault | None:
    if context is None or "flow" not in opened:
        return None
    bracket = "[" if "sequence" in opened else "{"
    partner = "]" if bracket == "[" else "}"
    here = lines[at][column : column + 1]
    if context.line != at or not here:
        return Fault(
            context.line + 1,
            context.column + 1,
            f"the {bracket} that opens here is never closed.",
            f"Put {partner} where it ends.",
        )
    if lines[at][column - 1] in "\"'" and here not in "]}":
        return _ended_quotes(at, column, lines[at][column - 1])
    if here in ("]", "}"):
        return Fault(at + 1, column + 1, f"{bracket} is closed by {here}.", f"Write {partner} here.")
    return Fault(
        at + 1,
        column + 1,
        f"a comma is missing before this place, or a {partner}.",
        "Separate what is listed by commas.",
    )


def _quotes_and_braces(lines: list[str], at: int, column: int, problem: str) -> Fault | None:
    line = lines[at]
    if "expected key" not in problem or not line[:column].strip():
        return None
    if found := _TEXT_IN_BRACES.match(line):
        return Fault(at + 1, found.start(1) + 1, "a text that begins with a brace must stand in quotes.", _IN_QUOTES)
    if line[column : column + 1] in ("]", "}"):
        return Fault(at + 1, column + 1, f"nothing is open that {line[column]} could close.", "Take it out.")
    found = _ENDED_QUOTE.search(line[:column])
    if found is None:
        return None
    quote = found[1]
    if _marks(line[:column], quote) % 2:
        number = next((number for number in range(at - 1, -1, -1) if _marks(lines[number], quote) % 2), at)
        hint = "Close it where the text ends."
        return Fault(number + 1, lines[number].rindex(quote) + 1, "the quote that opens here is never closed.", hint)
    return _ended_quotes(at, column, quote)


def _ended_quotes(at: int, column: int, quote: str) -> Fault:
    twice = "''" if quote == "'" else '\\"'
    return Fault(
        at + 1,
        column + 1,
        "the quotes end before this place, but the text goes on.",
        f"Keep the whole text in one pair of quotes; inside it write {twice} for {quote}.",
    )


def _marks(line: str, quote: str) -> int:
    return line.count(quote) - line.count(f"\\{quote}")


def _first_character(lines: list[str], at: int, column: int, problem: str) -> Fault | None:
    character = lines[at][column : column + 1]
    if "undefined alias" in problem:
        character = "*"
    elif "cannot start any token" not in problem:
        return None
    if character in "<>=!" and (sign := re.match(r"[<>=!]+", lines[at][column:])):
        word = meant(sign[0], WORDS)
        return Fault(
            at + 1, column + 1, f"conditions have words, not {sign[0]!r}.", f"Did you mean {word!r}?" if word else ""
        )
    return Fault(at + 1, column + 1, f"a text cannot begin with {character!r}.", _IN_QUOTES)


def _indentation(
    lines: list[str], at: int, column: int, problem: str, opened: str, context: yaml.Mark | None
) -> Fault | None:
    line = lines[at]
    indent = len(line) - len(line.lstrip())
    above = next((one for one in reversed(lines[:at]) if one.strip() and not one.lstrip().startswith("#")), "")
    if "mapping values" in problem:
        key = _KEY.match(line)
        if key and column <= key.end() and indent > len(above) - len(above.lstrip()):
            hint = "Let it begin where the line above begins, or put what belongs to it below it."
            return Fault(at + 1, indent + 1, "this line is indented further than the one above it.", hint)
        if key and line[key.end() :].lstrip()[:1] in _CURLY:
            return Fault(at + 1, key.end() + 1, "the quotes of this text are typographic ones.", _IN_QUOTES)
        return Fault(at + 1, column + 1, "a colon stands inside a text that has no quotes.", _IN_QUOTES)
    if "another document" in problem:
        return Fault(
            at + 1,
            1,
            "a second document begins here.",
            "One file holds one rule: delete the ---, or cut the file in two.",
        )
    if "sequence entries" in problem:
        hint = "Begin a list on a line of its own, below its key."
        return Fault(at + 1, column + 1, "a dash cannot stand behind a key.", hint)
    if "expected key" not in problem and "'-' indicator" not in problem:
        return None
    if line.lstrip().startswith("- "):
        if indent == len(above) - len(above.lstrip()) and _KEY.match(above) and not above.lstrip().startswith("- "):
            number = next(number for number in range(at - 1, -1, -1) if lines[number] == above)
            hint = f"Write `- {above.strip()}`."
            return Fault(number + 1, indent + 1, "a dash is missing at the beginning of this line.", hint)
        hint = "Let all dashes of one list stand below each other."
        return Fault(at + 1, indent + 1, "this dash does not stand below the one before it.", hint)
    if "'-' indicator" in problem and context is not None and column == context.column:
        hint = f"Write `- {line.strip()}`."
        return Fault(at + 1, indent + 1, "a dash is missing at the beginning of this line.", hint)
    hint = "Let it begin where the lines that belong with it begin."
    return Fault(at + 1, indent + 1, "this line begins too far to the left or to the right.", hint)


def _no_colon(lines: list[str], problem: str, context: yaml.Mark | None) -> Fault | None:
    if context is None or "expected ':'" not in problem:
        return None
    if found := _GLUED_TO_BRACKET.match(lines[context.line], context.column):
        hint = f"Write `{found[1]}: {found[2]}`."
        return Fault(context.line + 1, found.end(1) + 1, "a space is missing after the colon.", hint)
    hint = "Write `key: value`; where it goes on with the text above, indent it further."
    return Fault(context.line + 1, context.column + 1, "this line has no colon.", hint)


def _control_character(text: str, error: Exception) -> Fault | None:
    position = getattr(error, "position", None)
    if not isinstance(error, yaml.reader.ReaderError) or not isinstance(position, int):
        return None
    before = text[:position]
    column = len(before) - before.rfind("\n")
    return Fault(before.count("\n") + 1, column, "a character stands here that no text holds.", "Delete it.")


def wrong_encoding(data: bytes, error: UnicodeDecodeError) -> Fault:
    """Why the bytes of a file are no UTF-8."""
    mend = "Save it anew as UTF-8: in Notepad, Save as, Encoding UTF-8; in Word, as plain text."
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return Fault(1, 1, "this is a document of Word or Excel, not a text.", "Copy the text into a plain text file.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:200]:
        return Fault(1, 1, "the file is saved as UTF-16 (Unicode), not as UTF-8.", mend)
    before = data[: error.start]
    column = error.start - before.rfind(b"\n")
    return Fault(
        before.count(b"\n") + 1,
        column,
        "a letter or quote of a Windows encoding stands here; the file is no UTF-8.",
        mend,
    )
