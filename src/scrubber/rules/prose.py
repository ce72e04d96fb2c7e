"""Conditions as people write them who have not seen the rule language, and what it would write."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import yaml

from scrubber.fields import Field, FieldType
from scrubber.rules.meanings import by_meaning, meant
from scrubber.rules.model import FieldRef
from scrubber.rules.words import WORDS

_PROSE = re.compile(r"(\w+(?:\.\w+)+)\s*([<>=!]+|\s[a-z_]+(?:\s|$))?\s*(.*)", re.DOTALL)

_DENIED = re.compile(r"(?:not|no|is_not|are_not|does_not|do_not|isnt|doesnt|without|lacks)_(.+)")
_DENIALS = {"starts_with": "does_not_start_with"}
"""Words that deny another without being its opposite in the table of words."""


def _fitting(type_: FieldType) -> list[str]:
    return [word.name for word in WORDS.values() if type_ in word.takes]


def word_meant(name: str, subject: FieldRef) -> str:
    """The word that is meant, one that fits the field if possible."""
    if "between" in name:
        at_least, at_most = (
            ("on_or_after", "on_or_before") if subject.type is FieldType.DATE else ("at_least", "at_most")
        )
        return f"Write two conditions, one with {at_least!r} and one with {at_most!r}."
    fitting = _fitting(subject.type)
    if (denied := _DENIED.fullmatch(name)) and name not in WORDS and by_meaning(name, fitting) is None:
        return _denial(denied[1], fitting) or f"Words that fit {subject}: {', '.join(fitting)}."
    close = by_meaning(name, fitting) if name in WORDS else meant(name, fitting)
    return f"Did you mean {close!r}?" if close else f"Words that fit {subject}: {', '.join(fitting)}."


def _denial(name: str, fitting: list[str]) -> str | None:
    """The mend of `not_includes`: never the word that says the contrary."""
    positive = meant(name, fitting)
    if positive is None:
        return None
    opposite = WORDS[positive].opposite or _DENIALS.get(positive)
    return f"Did you mean {opposite!r}?" if opposite else f"Use {positive!r}, below `none_of:`."


def as_condition(fields: Callable[[str], Mapping[str, Field]], text: str) -> str | None:
    """`line.units > 1` as a condition; None where that cannot be told."""
    found = _PROSE.fullmatch(text.strip())
    if found is None:
        return None
    subject, sign, value = found[1], (found[2] or "").strip(), found[3].strip()
    alias, _, name = subject.partition(".")
    field = fields(alias).get(name)
    if field is None:
        return None
    fitting = _fitting(field.type)
    if not value:
        sign, value = "", sign
    listed = value.startswith("[") or field.type in (FieldType.CODES, FieldType.NUMBERS)
    word = meant(sign or ("in" if listed else "="), fitting)
    return f"{subject}: {{{word}: {value}}}" if word and value else None


def as_written(node: yaml.Node) -> str:
    """A short value as it would be written; "" for what is not short."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value) if not node.style else f'"{node.value}"'
    if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        return f"[{', '.join(as_written(item) for item in node.value)}]"
    return ""
