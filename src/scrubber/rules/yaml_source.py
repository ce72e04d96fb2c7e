"""A YAML file as nodes that know their line: everything is text until the rule model gives it a type.

PyYAML's own typing turns `0450` into 296 and `02` into 2, so it is never used. Every mistake is collected with its
place, so that an author sees all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import attrs
import yaml

from scrubber.errors import os_error_hint
from scrubber.rules.days import guess_day, iso_day, no_day
from scrubber.rules.meanings import meant
from scrubber.rules.model import Place
from scrubber.rules.yaml_faults import Fault, explain, wrong_encoding

_CURLY = {"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2018": "'", "\u2019": "'"}
"""Quotes as word processors set them, and what YAML takes for a quote."""
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)

SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "acknowledgment": 'Write `acknowledgment: {category: A7, status: ["562"], entity: "85"}`.',
        "adjustment": 'Write `adjustment: {group: CO, carc: ["97"]}`.',
        "applies_to": "Write `applies_to: {payers: [commercial]}`.",
        "effective": "Write `effective: {from: 2026-01-01}`.",
        "fix": 'Write `fix: {text: "…"}`.',
        "hides": "Write `hides: {line: [MOD110]}`.",
        "layer": "Write `layer: {level: payer, over: [core]}`.",
        "look_up": "Write `look_up:` and below it, indented, a name with `table` and `match`.",
        "match": "Write `match: {code: $line.procedure}`, with the key of the table.",
        "overrides.yaml": "Begin the file with a line `overrides:`.",
        "params": "Write `params:` and below it, indented, `name: value`.",
        "a reference": 'Write `{title: "…"}`.',
        "report": "Write `report: {once_per: claim}`.",
        "set": "Write `set: {severity: warning}`.",
        "a suppression": "Write `- rule: DX104` and below it, indented, `reason`, `by` and `until`.",
    }
)
"""How what must be a mapping is written, by its name in messages."""


@attrs.frozen
class Edit:
    """The text to put in place of what stands in a file from one place up to another, 1-based."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str

    @classmethod
    def of(cls, node: yaml.Node, text: str) -> Edit:
        """The edit that writes `text` where a node stands."""
        start, end = node.start_mark, node.end_mark
        return cls(start.line + 1, start.column + 1, end.line + 1, end.column + 1, text)


@attrs.frozen(order=True)
class RuleProblem:
    """One mistake in a pack: where (1-based), what, and how to mend it. `id` is the lint id (RL…)."""

    path: Path
    line: int
    column: int
    id: str
    message: str
    hint: str = ""
    edit: Edit | None = attrs.field(default=None, eq=False, repr=False)
    """What to write instead, where the mend is sure."""

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
    may_be_empty: bool = False

    def note(self, node: yaml.Node | None, lint: str, message: str, hint: str = "", instead: str | None = None) -> None:
        """One problem at a node; `instead` is what to write in its place."""
        line, column = (node.start_mark.line + 1, node.start_mark.column + 1) if node else (1, 1)
        edit = Edit.of(node, instead) if node is not None and instead is not None else None
        self.problems.append(RuleProblem(self.path, line, column, lint, message, hint, edit))

    def _note_fault(self, fault: Fault) -> None:
        self.problems.append(RuleProblem(self.path, fault.line, fault.column, "RL001", fault.message, fault.hint))

    def place(self, node: yaml.Node) -> Place:
        return Place(self.path, node.start_mark.line + 1, node.start_mark.column + 1)

    def read(self) -> yaml.Node | None:
        """The root node of the file; None after noting why there is none."""
        try:
            data = self.path.read_bytes()
        except OSError as error:
            absent = isinstance(error, FileNotFoundError)
            message = "there is no such file." if absent else "the file cannot be read."
            self.note(None, "RL001", message, os_error_hint(error) or f"({error.strerror})")
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self._note_fault(wrong_encoding(data, error))
            return None
        return self.compose(text)

    def compose(self, text: str) -> yaml.Node | None:
        """The root node; anchors are refused since one node must have one place."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            root: yaml.Node | None = yaml.compose(text, Loader=loader)
            anchor = _first_anchor(text, loader) if "&" in text else None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            self._note_fault(explain(text, error))
            return None
        if root is None:
            if not self.may_be_empty:
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
            self.note(node, "RL004", f"{what} must be a mapping of `key: value` lines.", SHAPES.get(what, ""))
            return None
        found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.note(key, "RL004", f"a key of {what} must be plain text.")
                continue
            key, value = self._parted(key, value)
            if key.value in found:
                first = found[key.value][0].start_mark.line + 1
                self.note(key, "RL005", f"the key {key.value!r} stands twice (first in line {first}).", "Keep one.")
            else:
                found[key.value] = (key, value)
        return found

    @staticmethod
    def names_of(node: yaml.Node) -> set[str]:
        """The keys of a mapping, without noting anything."""
        written = node.value if isinstance(node, yaml.MappingNode) else ()
        return {key.value for key, _ in written if isinstance(key, yaml.ScalarNode)}

    def _parted(self, key: yaml.ScalarNode, value: yaml.Node) -> tuple[yaml.ScalarNode, yaml.Node]:
        """`{is:1}` is one text without a value for YAML: noted, and taken as `is: 1`."""
        name, colon, rest = str(key.value).partition(":")
        if key.style or not colon or not rest.strip() or not self.is_null(value):
            return key, value
        right = f"{name}: {rest.strip()}"
        self.note(key, "RL001", "a space is missing after the colon.", f"Write `{right}`.", right)
        marks = (key.start_mark, key.end_mark)
        style = rest[0] if rest[0] in "\"'" and rest[-1] == rest[0] else None
        return yaml.ScalarNode(key.tag, name, *marks), yaml.ScalarNode(
            key.tag, rest.strip(rest[0]) if style else rest, *marks, style=style
        )

    def record(
        self,
        node: yaml.Node,
        what: str,
        known: Collection[str],
        required: Collection[str] = (),
        elsewhere: Mapping[str, str] = MappingProxyType({}),
    ) -> Entries | None:
        """The entries of a mapping whose keys are fixed: unknown and missing keys are noted.

        `elsewhere` has the mend of keys that stand at another place or are called otherwise.
        """
        entries = self.entries(node, what)
        if entries is None:
            return None
        for name, (key, _) in entries.items():
            if name not in known:
                close = meant(name, known)
                hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(sorted(known))}."
                self.meant |= {close} if close and name not in elsewhere else set()
                hint = elsewhere.get(name, hint)
                if "\u00a0" in name:
                    hint = (
                        "A non-breaking space stands in it, from a web page or a word processor: type the blanks anew."
                    )
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
        return isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("", "~", "null")

    def text(self, node: yaml.Node, what: str) -> str | None:
        if not isinstance(node, yaml.ScalarNode) or self.is_null(node):
            self.note(node, "RL004", f"{what} must be text.")
            return None
        value = str(node.value)
        if not node.style and len(value) > 1 and value[0] in _CURLY and value[-1] in _CURLY:
            bare = value[1:-1]
            right = None if any(mark in bare for mark in '"\\') else f'"{bare}"'
            self.note(
                node, "RL018", f"the quotes of {what} are typographic ones.", 'Write straight quotes: "…".', right
            )
            return bare
        return value

    def texts(self, node: yaml.Node, what: str) -> tuple[str, ...]:
        return tuple(
            value for item in self.items(node, what) if (value := self.text(item, f"an item of {what}")) is not None
        )

    def choice(self, node: yaml.Node, what: str, known: Collection[str], advice: str = "") -> str | None:
        """One of the known values; `advice` is what else may help where it is none of them."""
        value = self.text(node, what)
        if value is not None and value not in known:
            close = meant(value, known)
            hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(sorted(known))}."
            self.note(node, "RL011", f"{what} cannot be {value!r}.", f"{hint} {advice}".rstrip())
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
            share = value.strip().removesuffix("%").replace(",", ".").strip()
            part = float(share) if _NUMBER.fullmatch(share) else -1.0
            right = f"{part if '%' not in value and part <= 1 else part / 100:g}" if 0 <= part <= 100 else "0.95"
            hint = f"Write {right}." if 0 <= part <= 100 else f"For example {right}."
            self.note(node, "RL011", f"{what} must be a number from 0 to 1, not {value!r}.", hint)
            return None
        return number

    def flag(self, node: yaml.Node, what: str) -> bool | None:
        text = self.text(node, what)
        if text in ("true", "false"):
            return text == "true"
        if text is not None:
            right = meant(text, ("true", "false"))
            hint = f"Write {right}." if right else "Write true or false."
            self.note(node, "RL011", f"{what} must be true or false, not {text!r}.", hint, right)
        return None

    def day(self, node: yaml.Node, what: str) -> date | None:
        value = self.text(node, what)
        if value is None:
            return None
        day = iso_day(value)
        if day is None:
            guess = guess_day(value)
            hint = guess.hint if guess else no_day(value)
            right = str(guess.day) if guess and guess.certain else None
            self.note(node, "RL011", f"{what} must be a date, not {value!r}.", hint, right)
        return day

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
