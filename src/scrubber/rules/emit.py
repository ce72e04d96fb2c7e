"""Writes a rule as YAML in the form of the shipped ones: one key a line, conditions and examples one to a line."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

WIDTH = 118
_PLAIN = re.compile(r"\$?[A-Za-z][A-Za-z0-9_./ -]*")
_WORDS_OF_YAML = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
"""Words that an editor's YAML takes for something else than text."""

_CONDITIONS = ("when", "unless", "members")
_ONE_TO_A_LINE = ("references", "tests", "changelog", "overrides")
_FOLDED = ("why",)
_QUOTED = ("message",)


def yaml_of(document: Mapping[str, Any]) -> str:
    """A rule, or another file of a pack, as text."""
    return "\n".join(line for key, value in document.items() for line in _entry(key, value)) + "\n"


def _entry(key: str, value: Any) -> Iterator[str]:
    if key in _CONDITIONS:
        yield f"{key}:"
        yield from _nodes(value, 2)
    elif key in _ONE_TO_A_LINE:
        yield f"{key}:"
        yield from (f"  - {flow(item)}" for item in value)
    elif key in _FOLDED:
        yield f"{key}: >"
        yield from textwrap.wrap(value, WIDTH, initial_indent="  ", subsequent_indent="  ")
    elif key in _QUOTED:
        yield f"{key}: {json.dumps(value, ensure_ascii=False)}"
    else:
        yield f"{key}: {flow(value)}"


def _nodes(nodes: Sequence[Mapping[str, Any]], indent: int) -> Iterator[str]:
    """Conditions, and groups with their members below them."""
    for node in nodes:
        ((name, value),) = node.items()
        if isinstance(value, Mapping):
            yield f"{' ' * indent}- {name}: {flow(value)}"
        else:
            yield f"{' ' * indent}- {name}:"
            yield from _nodes(value, indent + 4)


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(member)}" for key, member in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(member) for member in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text == text.strip() and text.casefold() not in _WORDS_OF_YAML
    return text if plain else json.dumps(text, ensure_ascii=False)
