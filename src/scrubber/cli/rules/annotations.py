"""Annotations of a GitHub workflow: what `--format github` prints, one command a line.

The syntax: https://docs.github.com/actions/reference/workflow-commands-for-github-actions. A message may hold anything
but `%` and line ends, which are written as `%25`, `%0D` and `%0A`; in a property `:` and `,` are written so, too.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import attrs
import click

from scrubber.cli.rules.paths import short_path

SHOWN = 10
"""GitHub shows so many annotations of each level for a step of a job; the others are only in its log."""


@attrs.frozen
class Annotation:
    level: Literal["error", "warning", "notice"]
    path: Path
    line: int
    column: int | None
    title: str
    text: str

    @property
    def command(self) -> str:
        """The line for standard output."""
        place = {"file": _in_repository(self.path), "line": str(self.line)}
        if self.column is not None:
            place["col"] = str(self.column)
        place["title"] = self.title
        properties = ",".join(f"{name}={_property(value)}" for name, value in place.items())
        return f"::{self.level} {properties}::{_message(self.text)}"

    @property
    def plain(self) -> str:
        column = "" if self.column is None else f":{self.column}"
        return f"{short_path(self.path)}:{self.line}{column}: {self.title}: {self.text}"


def write_annotations(annotations: Iterable[Annotation]) -> None:
    """All of them on standard output; those that GitHub will not show also as plain lines on standard error.

    The log shows of a command only its message, so that the place would be lost.
    """
    seen: Counter[str] = Counter()
    hidden = []
    for one in annotations:
        click.echo(one.command)
        seen[one.level] += 1
        if seen[one.level] > SHOWN:
            hidden.append(one)
    if hidden:
        click.echo(f"GitHub shows the first {SHOWN} annotations of a kind. The others:", err=True)
    for one in hidden:
        click.echo(one.plain, err=True)


def _in_repository(path: Path) -> str:
    """The path as GitHub knows the file: from the root of the checkout, wherever in it the command runs."""
    root = os.environ.get("GITHUB_WORKSPACE")
    if root and path.resolve().is_relative_to(Path(root).resolve()):
        return path.resolve().relative_to(Path(root).resolve()).as_posix()
    return Path(short_path(path)).as_posix()


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
