"""Codes: quotes around them, and shapes that no claim can hold in the field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

import attrs
import yaml

from scrubber.claim import Form, PayerKind
from scrubber.fields import FieldType, ScopeKind
from scrubber.rules.lint.files import RuleFile, below, scalars
from scrubber.rules.meanings import meant
from scrubber.rules.model import Condition, FieldRef
from scrubber.rules.words import OperandKind
from scrubber.rules.yaml_source import RuleProblem

_CODES = (FieldType.CODE, FieldType.CODES, FieldType.TEXT)
_AS_TEXT = "tag:yaml.org,2002:str"
_NUMBER_OF_OTHER_READERS = re.compile(r"[0-9]+[eE][0-9]+", re.ASCII)
_WHOLE = (
    "is",
    "is_not",
    "is_one_of",
    "is_none_of",
    "includes_any",
    "includes_none",
    "includes_all",
    "includes_several_of",
)
"""Words behind which whole codes stand; behind others (starts_with …) there are parts of codes."""
_ACKNOWLEDGED = (("acknowledgment", "status"), ("acknowledgment", "entity"))
_STRAY = "\"'\u2018\u2019\u201c\u201d` "
_DASHES = re.compile(r"\s*[\u2010-\u2015\u2212-]\s*")
_IN_WORDS = re.compile(r"(\w+) *(?:to|thru|through|until|\.\.+|:) *(\w+)", re.IGNORECASE)
_WILD = re.compile(r"([0-9]+)(?:[*%?]+|[xX]+)")
_APART = re.compile(r"[,;/\s]+")


@attrs.frozen
class Shape:
    """How the codes of a field look on a claim."""

    pattern: re.Pattern[str]
    words: str
    length: int = 0
    """Digits, where the codes are made of so many: a spreadsheet takes the zeros from their beginning."""


_DIAGNOSIS = Shape(
    re.compile(r"[A-Z][0-9][0-9A-Z]{1,5}|[0-9]{3,5}|V[0-9]{2,4}|E[0-9]{3,4}"), "letters and digits without the dot"
)
_MODIFIER = Shape(re.compile(r"[0-9A-Z]{2}"), "two capital letters or digits", 2)
_PROCEDURE = Shape(re.compile(r"[0-9A-Z]{5}"), "five capital letters or digits", 5)
_PLACE = Shape(re.compile(r"[0-9]{2}"), "two digits", 2)
_REVENUE = Shape(re.compile(r"[0-9]{4}"), "four digits", 4)
_NPI = Shape(re.compile(r"[0-9]{10}"), "ten digits")
_SHAPES = {
    "procedure": _PROCEDURE,
    "procedures": _PROCEDURE,
    "modifiers": _MODIFIER,
    "pointed_modifiers": _MODIFIER,
    "diagnosis_codes": _DIAGNOSIS,
    "place_of_service": _PLACE,
    "places_without_facility": _PLACE,
    "discharge_status": _PLACE,
    "revenue_code": _REVENUE,
    "revenue_codes": _REVENUE,
    "bill_type": Shape(re.compile(r"0[0-9]{2}[0-9A-Z]"), "four characters, the first of them 0", 4),
    "condition_codes": Shape(re.compile(r"[0-9A-Z]{2}"), "two capital letters or digits", 2),
    "ndc": Shape(re.compile(r"[0-9]{11}"), "eleven digits without dashes"),
    "patient.state": Shape(re.compile(r"[A-Z]{2}"), "two capital letters"),
    "accident.state": Shape(re.compile(r"[A-Z]{2}"), "two capital letters"),
}
_VALUES = {
    "form": get_args(Form),
    "setting": ("professional", "dental", "inpatient", "outpatient"),
    "payer.kind": get_args(PayerKind),
    "patient.sex": ("F", "M", "U", "X"),
}
"""Fields that hold one of few words."""
_SEX = {"female": "F", "male": "M", "w": "F", "woman": "F", "man": "M"}


def codes(file: RuleFile) -> Iterator[RuleProblem]:
    """RL019 and RL020; quotes are not asked for where the code itself is wrong."""
    wrong = list(never_fits(file))
    told = {(problem.line, problem.column) for problem in wrong}
    yield from wrong
    yield from (problem for problem in unquoted(file) if (problem.line, problem.column) not in told)


def unquoted(file: RuleFile) -> Iterator[RuleProblem]:
    """RL019: codes that other YAML readers would take for numbers."""
    found = [
        node
        for condition, node in file.constants()
        if condition.subject.type in _CODES and condition.word.operand in (OperandKind.VALUE, OperandKind.LIST)
    ]
    for case in (file.root, *file.cases()):
        for keys in (("adjustment", "carc"), ("adjustment", "rarc"), *_ACKNOWLEDGED):
            node = below(case, *keys)
            found += scalars(node) if node is not None else ()
    for node in {(node.start_mark.line, node.start_mark.column): node for node in found}.values():
        if not node.style and (node.tag != _AS_TEXT or _NUMBER_OF_OTHER_READERS.fullmatch(node.value)):
            hint = f'Write "{node.value}".'
            yield file.at(node, "RL019", f"the code {node.value} has no quotes.", hint, f'"{node.value}"')


def never_fits(file: RuleFile) -> Iterator[RuleProblem]:
    """RL020: codes that no claim can hold in the field."""
    told: set[tuple[int, int]] = set()
    for condition, node in file.constants():
        place = (node.start_mark.line, node.start_mark.column)
        if place in told or condition.word.name not in _WHOLE:
            continue
        problem = _value(file, condition, node) or _code(file, condition, node)
        if problem is not None:
            told.add(place)
            yield problem


def _value(file: RuleFile, condition: Condition, node: yaml.ScalarNode) -> RuleProblem | None:
    known = _VALUES.get(condition.subject.name, ()) if condition.subject.alias == "claim" else ()
    if not known or node.value in known:
        return None
    right = _SEX.get(node.value.lower()) if condition.subject.name == "patient.sex" else meant(node.value, known)
    hint = f"Did you mean {right!r}?" if right else f"Known: {', '.join(known)}."
    message = f"{condition.subject} is never {node.value!r}."
    return file.at(node, "RL020", message, hint, right if right and right.lower() == node.value.lower() else None)


def _code(file: RuleFile, condition: Condition, node: yaml.ScalarNode) -> RuleProblem | None:
    shape = _shape(file, condition.subject)
    ranges = condition.word.name in ("is_one_of", "is_none_of", "includes_any", "includes_none")
    if shape is None or _fits(shape, node.value, ranges):
        return None
    text = node.value.strip(_STRAY)
    right = _respelt(text, shape)
    if _fits(shape, right, ranges):
        message = f"no claim holds {node.value!r} as {condition.subject}: it is {shape.words}."
        return file.at(node, "RL020", message, f'Write "{right}".', f'"{right}"')
    parts = [_respelt(part.strip(_STRAY), shape) for part in _APART.split(text)]
    if len(parts) > 1 and all(_fits(shape, part, ranges) for part in parts):
        apart = ", ".join(f'"{part}"' for part in parts)
        message = f"{node.value!r} is one text, not {len(parts)} codes."
        return file.at(node, "RL020", message, f"Write them apart: [{apart}].")
    if ranges and (meant_range := _range_meant(text, shape)):
        message = f"no claim holds {node.value!r} as {condition.subject}: it is {shape.words}."
        return file.at(node, "RL020", message, f'Write a range: "{meant_range}".')
    filled = text.zfill(shape.length) if text.isdecimal() else text
    message = f"no claim holds {node.value!r} as {condition.subject}: it is {shape.words}."
    hint = f'Did you mean "{filled}"?' if filled != text and shape.pattern.fullmatch(filled) else "Check the code."
    return file.at(node, "RL020", message, hint)


def _range_meant(text: str, shape: Shape) -> str | None:
    """`9711*` and `97110 to 97112` as ranges."""
    if found := _IN_WORDS.fullmatch(text):
        right = f"{found[1]}-{found[2]}"
        return right if _fits(shape, right, ranges=True) else None
    if shape.length and (found := _WILD.fullmatch(text)):
        return f"{found[1].ljust(shape.length, '0')}-{found[1].ljust(shape.length, '9')}"
    return None


def _shape(file: RuleFile, subject: FieldRef) -> Shape | None:
    if subject.field is None:
        return None
    if subject.name == "code":
        kinds = {scope.alias: scope.kind for scope in (file.rule.scope, file.rule.pair) if scope is not None}
        return _DIAGNOSIS if kinds.get(subject.alias) is ScopeKind.DIAGNOSIS else None
    return _SHAPES.get(subject.name, _NPI if subject.name.endswith("npi") else None)


def _fits(shape: Shape, text: str, ranges: bool) -> bool:
    ends = text.split("-") if ranges else [text]
    return len(ends) <= 2 and all(shape.pattern.fullmatch(end) for end in ends)


def _respelt(text: str, shape: Shape) -> str:
    """A code as claims hold it, where only its spelling differs."""
    text = _DASHES.sub("-", text).upper()
    return text.replace(".", "") if shape is _DIAGNOSIS else text
