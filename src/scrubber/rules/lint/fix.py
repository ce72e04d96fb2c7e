"""Mends what is pure form in the text of a rule file, in place: comments and layout stay.

A mend is kept only if the file then reads as the rule that it was, but for the spelling of codes, texts and dates; or,
where it could not be read, if it has fewer mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

from scrubber.rules.model import Place, Rule
from scrubber.rules.pack_file import PACK_FILE
from scrubber.rules.rule_file import read_rule
from scrubber.rules.yaml_source import Edit, RuleProblem
from scrubber.tables import TableSet
from scrubber.tables.value_sets import FOLDER, value_set_mistakes

_LINE_ENDS = re.compile(r"\r\n|\n|\r")
_OTHER_LINE_ENDS = ("\x85", "\u2028", "\u2029")
_SPELLING = re.compile(r"[\s.\"'\u2018\u2019\u201c\u201d`]|https?://")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")


@attrs.frozen
class Mended:
    """A file as it was and as it is to be, and what was mended in it."""

    path: Path
    before: str
    after: str
    done: tuple[RuleProblem, ...]


def mend_file(path: Path, problems: Iterable[RuleProblem], tables: TableSet) -> Mended | None:
    """The file with every sure mend made; None where there is none to make."""
    mends = sorted((one for one in problems if one.edit is not None), key=_place_of_edit, reverse=True)
    before = text = path.read_bytes().decode("utf-8")
    tables = _as_in_its_pack(path, tables)
    if not mends or any(mark in text for mark in _OTHER_LINE_ENDS):
        return None
    state = _state(path, text, tables)
    done: list[RuleProblem] = []
    for problem in mends:
        candidate = _edited(text, problem.edit) if problem.edit is not None else text
        after = _state(path, candidate, tables)
        if candidate != text and _is_the_same(state, after):
            text, state = candidate, after
            done.append(problem)
    return Mended(path, before, text, tuple(reversed(done))) if done else None


def _as_in_its_pack(path: Path, tables: TableSet) -> TableSet:
    """The tables as the rules of a file's pack see them: with its own value sets, where those can be read."""
    pack = next((folder for folder in path.parents if (folder / PACK_FILE).is_file()), None)
    if pack is None or not (pack / FOLDER).is_dir() or value_set_mistakes(pack):
        return tables
    return tables.with_value_sets(pack)


def write_file(mended: Mended) -> None:
    """Write the mended text; ends of lines stay as they are."""
    mended.path.write_bytes(mended.after.encode("utf-8"))


def _place_of_edit(problem: RuleProblem) -> tuple[int, int]:
    return (problem.edit.line, problem.edit.column) if problem.edit is not None else (0, 0)


def _edited(text: str, edit: Edit) -> str:
    mark = 1 if text.startswith("\ufeff") else 0
    starts = [mark, *(found.end() for found in _LINE_ENDS.finditer(text))]
    if edit.end_line > len(starts):
        return text
    start, end = starts[edit.line - 1] + edit.column - 1, starts[edit.end_line - 1] + edit.end_column - 1
    return text[:start] + edit.text + text[end:]


def _state(path: Path, text: str, tables: TableSet) -> tuple[Any, int]:
    """What a rule file says, but for the spelling, and how many mistakes keep it from being read."""
    rule, problems = read_rule(path, "", tables, text=text.removeprefix("\ufeff"))
    return (_said(rule) if rule is not None else None), len(problems)


def _is_the_same(before: tuple[Any, int], after: tuple[Any, int]) -> bool:
    if before[0] is None:
        return after[1] < before[1]
    return before == after


def _said(value: Any) -> Any:
    """What a part of a rule says: without its place in the file, and codes and texts without their spelling."""
    if isinstance(value, str):
        return _DASHES.sub("-", _SPELLING.sub("", value)).upper()
    if isinstance(value, Rule) or (attrs.has(type(value)) and not isinstance(value, Place)):
        return tuple((field.name, _said(getattr(value, field.name))) for field in attrs.fields(type(value)))
    if isinstance(value, (Place, Path)):
        return None
    if isinstance(value, Mapping):
        return tuple((key, _said(one)) for key, one in value.items())
    if isinstance(value, (frozenset, set)):
        return tuple(sorted(map(str, value)))
    if hasattr(value, "text"):
        return _said(value.text)
    if isinstance(value, (tuple, list)):
        return tuple(_said(one) for one in value)
    return getattr(value, "__qualname__", value)
