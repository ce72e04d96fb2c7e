"""A YAML file as nodes that know their line: everything is text until the rule model gives it a type.

PyYAML's own typing turns `0450` into 296 and `02` into 2, so it is never used. Every mistake is collected with its
place, so that an author sees all of them at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import yaml

from scrubber.errors import nearest
from scrubber.rules.model import Place


@attrs.frozen(order=True)
class RuleProblem:
    """One mistake in a pack: where (1-based), what, and how to mend it. `id` is the lint id (RL…)."""

    path: Path
    line: int
    column: int
    id: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.path}:{self.line}:{self.column}: {self.id} {self.message}{hint}"


Entries = Mapping[str, tuple[yaml.Node, yaml.Node]]
"""Keys of a mapping with their key node and value node."""


@attrs.define
class YamlSource:
    """One YAML file being read. Methods return None (or nothing) after noting a problem, so reading goes on."""

    path: Path
    problems: list[RuleProblem] = attrs.field(factory=list)
    meant: set[str] = attrs.field(factory=set)
    """Keys that stand in the file under a mistyped name: they are not missing, too."""

    def note(self, node: yaml.Node | None, lint: str, message: str, hint: str = "") -> None:
        line, column = (node.start_mark.line + 1, node.start_mark.column + 1) if node else (1, 1)
        self.problems.append(RuleProblem(self.path, line, column, lint, message, hint))

    def place(self, node: yaml.Node) -> Place:
        return Place(self.path, node.start_mark.line + 1, node.start_mark.column + 1)

    def read(self) -> yaml.Node | None:
        """The root node of the file; None after noting why there is none."""
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            self.note(None, "RL001", "the file cannot be read as UTF-8 text.", f"({type(error).__name__})")
            return None
        return self.compose(text)

    def compose(self, text: str) -> yaml.Node | None:
        """The root node; anchors are refused since one node must have one place."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            root: yaml.Node | None = yaml.compose(text, Loader=loader)
            anchor = _first_anchor(text, loader) if "&" in text else None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            self.problems.append(
                RuleProblem(
                    self.path,
                    mark.line + 1 if mark else 1,
                    mark.column + 1 if mark else 1,
                    "RL001",
                    f"this is not YAML: {getattr(error, 'problem', None) or 'it cannot be read'}.",
                    "Check the indentation, the colons and the quotes around this place.",
                )
            )
            return None
        if root is None:
            self.note(None, "RL001", "the file is empty.", "Write a rule, or delete the file.")
            return None
        if anchor is not None:
            message = "anchors and aliases (& and *) are not part of the rule language."
            self.problems.append(RuleProblem(self.path, *anchor, "RL001", message, "Write the value out again."))
            return None
        return root

    def entries(self, node: yaml.Node, what: str) -> Entries | None:
        """The entries of a mapping; duplicate keys are refused."""
        if not isinstance(node, yaml.MappingNode):
            self.note(node, "RL004", f"{what} must be a mapping of `key: value` lines.")
            return None
        found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.note(key, "RL004", f"a key of {what} must be plain text.")
            elif key.value in found:
                first = found[key.value][0].start_mark.line + 1
                self.note(key, "RL005", f"the key {key.value!r} stands twice (first in line {first}).", "Keep one.")
            else:
                found[key.value] = (key, value)
        return found

    def record(
        self, node: yaml.Node, what: str, known: Collection[str], required: Collection[str] = ()
    ) -> Entries | None:
        """The entries of a mapping whose keys are fixed: unknown and missing keys are noted."""
        entries = self.entries(node, what)
        if entries is None:
            return None
        for name, (key, _) in entries.items():
            if name not in known:
                close = nearest(name, known)
                hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(sorted(known))}."
                self.meant |= {close} if close else set()
                self.note(key, "RL002", f"{what} has no key {name!r}.", hint)
        for name in required:
            if name not in entries and name not in self.meant:
                self.note(node, "RL003", f"{what} lacks the key {name!r}.", f"Add a line `{name}: …`.")
        return entries

    def items(self, node: yaml.Node, what: str) -> list[yaml.Node]:
        """The nodes of a list; a single value is taken as a list of one."""
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if isinstance(node, yaml.ScalarNode) and not self.is_null(node):
            return [node]
        self.note(node, "RL004", f"{what} must be a list.")
        return []

    @staticmethod
    def is_null(node: yaml.Node) -> bool:
        return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in ("", "~", "null")

    def text(self, node: yaml.Node, what: str) -> str | None:
        if not isinstance(node, yaml.ScalarNode) or self.is_null(node):
            self.note(node, "RL004", f"{what} must be text.")
            return None
        return str(node.value)

    def texts(self, node: yaml.Node, what: str) -> tuple[str, ...]:
        return tuple(
            value for item in self.items(node, what) if (value := self.text(item, f"an item of {what}")) is not None
        )

    def choice(self, node: yaml.Node, what: str, known: Collection[str]) -> str | None:
        value = self.text(node, what)
        if value is not None and value not in known:
            close = nearest(value, known)
            hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(sorted(known))}."
            self.note(node, "RL011", f"{what} cannot be {value!r}.", hint)
            return None
        return value

    def choices(self, node: yaml.Node, what: str, known: Collection[str]) -> tuple[str, ...]:
        return tuple(value for item in self.items(node, what) if (value := self.choice(item, what, known)) is not None)

    def fraction(self, node: yaml.Node, what: str) -> float | None:
        """A number from 0 to 1."""
        value = self.text(node, what)
        if value is None:
            return None
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 1:
            self.note(node, "RL011", f"{what} must be a number from 0 to 1, not {value!r}.", "For example 0.95.")
            return None
        return number

    def flag(self, node: yaml.Node, what: str) -> bool | None:
        value = self.choice(node, what, ("true", "false"))
        return None if value is None else value == "true"

    def day(self, node: yaml.Node, what: str) -> date | None:
        value = self.text(node, what)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.note(node, "RL011", f"{what} must be a date, not {value!r}.", "Write it as 2026-10-01.")
            return None

    def plain(self, node: yaml.Node) -> Any:
        """The node as dictionaries, lists and text; unquoted null is None. For data that another module types."""
        if isinstance(node, yaml.MappingNode):
            entries = self.entries(node, "this mapping") or {}
            return {name: self.plain(value) for name, (_, value) in entries.items()}
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item) for item in node.value]
        return None if self.is_null(node) else str(node.value)


def _first_anchor(text: str, loader: Any) -> tuple[int, int] | None:
    """Line and column of the first anchor. An alias without one is no YAML at all."""
    for event in yaml.parse(text, Loader=loader):
        if getattr(event, "anchor", None) is not None and event.start_mark is not None:
            return event.start_mark.line + 1, event.start_mark.column + 1
    return None
