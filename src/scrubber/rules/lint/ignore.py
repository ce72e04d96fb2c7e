"""`# lint: ignore RL027 because …`: what an author has seen and means to keep, on its line or the line below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

from scrubber.errors import nearest
from scrubber.rules.lint.catalogue import LINTS
from scrubber.rules.yaml_source import RuleProblem

_COMMENT = re.compile(r"(?P<before>^|.*?\s)#\s*lint:\s*ignore\b(?P<rest>.*)$")
_IDS = re.compile(r"\s*(RL\w+(?:\s*,\s*RL\w+)*)?[\s:,]*(.*)")


@attrs.frozen
class Ignore:
    """One comment: the line it is about, and what it leaves out."""

    path: Path
    line: int
    column: int
    about: int
    ids: frozenset[str]


def read_ignores(path: Path, text: str) -> tuple[list[Ignore], list[RuleProblem]]:
    """The comments of a file, and what is wrong with them (RL040)."""
    ignores: list[Ignore] = []
    problems: list[RuleProblem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        comment = _COMMENT.match(line)
        if comment is None:
            continue
        column = len(comment["before"]) + 1
        found = _IDS.fullmatch(comment["rest"])
        ids = re.findall(r"RL\w+", found[1] or "") if found else []
        wrong = next((one for one in ids if one not in LINTS), None)
        if not found or not ids or not found[2].strip() or wrong:
            close = nearest(wrong, LINTS) if wrong else None
            message = f"there is no lint {wrong!r}." if wrong else "an ignore names its lint and its reason."
            hint = f"Did you mean {close!r}?" if close else "Write `# lint: ignore RL027 because …`."
            problems.append(RuleProblem(path, number, column, "RL040", message, hint))
        else:
            about = number if comment["before"].strip() else number + 1
            ignores.append(Ignore(path, number, column, about, frozenset(ids)))
    return ignores, problems


def without_ignored(
    problems: Iterable[RuleProblem], ignores: Iterable[Ignore], *, unused: bool
) -> Iterator[RuleProblem]:
    """The problems that no comment leaves out; and if `unused`, the comments that leave out nothing (RL041)."""
    ignores = list(ignores)
    used: set[tuple[Path, int]] = set()
    for problem in problems:
        place = (problem.path, problem.line)
        hit = next((one for one in ignores if (one.path, one.about) == place and problem.id in one.ids), None)
        if hit is None:
            yield problem
        else:
            used.add((hit.path, hit.line))
    for one in ignores if unused else ():
        if (one.path, one.line) not in used:
            message = f"nothing is left out by this ignore of {', '.join(sorted(one.ids))}."
            yield RuleProblem(one.path, one.line, one.column, "RL041", message, "Delete it.")
