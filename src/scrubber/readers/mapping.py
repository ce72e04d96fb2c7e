"""A claim from a mapping with the fields of a claim as JSON (docs/claims-as-json.md).

What the mapping may hold is read off the claim's classes: each attribute is a key of the same name. A field that cannot
be read is left blank and becomes a `ReadProblem`; everything else of the claim is still read.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Literal

import attrs

from scrubber.claim import (
    Claim,
    Diagnosis,
    Form,
    OccurrenceSpan,
    Origin,
    ReadProblem,
    ServiceLine,
)
from scrubber.errors import nearest
from scrubber.readers.json_values import RefusedValue, Value, choice, day, flag, money, quantity, text, whole

NEEDED = ("form", "diagnoses", "lines")
"""At least one of these makes a mapping a claim."""

_QUANTITIES = frozenset({"units", "minutes", "ndc_quantity", "quantity"})
OTHER_KEYS: Mapping[type, Mapping[str, str]] = {OccurrenceSpan: {"first_day": "from", "last_day": "to"}}
"""Attributes whose key has another name ("from" is a word of Python's own)."""

_BARE: dict[type, str] = {Diagnosis: "code"}
"""Objects that may be given as a bare string, and the attribute that the string is."""

BARE_KEYS = frozenset(_BARE.values())

_DENTAL = re.compile(r"D[0-9]{4}")
_LONGEST_SHOWN_KEY = 40


@attrs.frozen
class _Shape:
    """The keys of one kind of object: plain values, objects, and lists of either."""

    cls: type
    values: Mapping[str, Value]
    objects: Mapping[str, _Shape]
    lists: Mapping[str, _Shape | Value]
    attributes: Mapping[str, str]
    """Which attribute a key fills; empty where keys and attributes have the same names."""
    bare: str | None

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.values, *self.objects, *self.lists)


@attrs.frozen
class _Problems:
    """What could not be read so far."""

    position: Mapping[str, object] | None
    found: list[ReadProblem] = attrs.field(factory=list)

    def refuse(self, field: str, refused: RefusedValue) -> None:
        self.note(field, f"the value {refused.message}", refused.hint)

    def note(self, field: str, message: str, hint: str = "") -> None:
        self.found.append(ReadProblem(message=message, field=field or None, hint=hint, position=self.position))


def claim_from_mapping(
    mapping: object,
    *,
    source: str | None = None,
    index: int | None = None,
    position: Mapping[str, object] | None = None,
) -> Claim:
    """The claim that a mapping describes. Never raises: what cannot be read stands in `claim.origin.problems`.

    `source`, `index` and `position` say where the mapping came from; `mapping` itself is not changed.
    """
    problems = _Problems(position)
    shape = _shape_of(Claim)
    if not isinstance(mapping, Mapping):
        return unreadable_claim(
            "a claim is an object with named fields; this is not",
            source=source,
            index=index,
            position=position,
        )
    filled = _fill(shape, mapping, "", problems)
    if all(mapping.get(key) is None for key in NEEDED):
        problems.note("", f"none of {', '.join(NEEDED)} is there, so this is not a claim", _wrapped(mapping))
        origin = Origin(source=source, index=index, readable=False, problems=tuple(problems.found))
        return Claim(claim_id=filled.get("claim_id"), origin=origin)
    filled.setdefault("form", _inferred_form(filled))
    filled["origin"] = Origin(source=source, index=index, problems=tuple(problems.found))
    return Claim(**filled)


def unreadable_claim(
    message: str,
    *,
    source: str | None,
    index: int | None,
    position: Mapping[str, object] | None,
    hint: str = "",
) -> Claim:
    """What stands for a claim of which nothing could be read."""
    problem = ReadProblem(message=message, position=position, hint=hint)
    return Claim(origin=Origin(source=source, index=index, readable=False, problems=(problem,)))


def looks_like_claim(value: object) -> bool:
    return isinstance(value, Mapping) and any(key in value for key in NEEDED)


def _inferred_form(filled: Mapping[str, Any]) -> Form:
    """The form of a claim that does not name it, from what only one form has."""
    lines: tuple[ServiceLine, ...] = filled.get("lines", ())
    institutional = ("type_of_bill", "statement_from", "statement_to")
    if any(key in filled for key in institutional) or any(line.revenue_code for line in lines):
        return "institutional"
    procedures = [line.procedure for line in lines if line.procedure]
    if procedures and all(_DENTAL.fullmatch(procedure) for procedure in procedures):
        return "dental"
    return "professional"


def _fill(shape: _Shape, mapping: Mapping[Any, Any], prefix: str, problems: _Problems) -> dict[str, Any]:
    """The attributes that `mapping` gives; a key that is null, blank or cannot be read is left out."""
    filled: dict[str, Any] = {}
    values, objects, lists, attributes = shape.values, shape.objects, shape.lists, shape.attributes
    for key, item in mapping.items():
        read: object
        if (to_value := values.get(key)) is not None:
            if item is None:
                continue
            try:
                read = to_value(item)
            except RefusedValue as refused:
                problems.refuse(f"{prefix}{key}", refused)
                continue
        elif (inner := objects.get(key)) is not None:
            read = None if item is None else _object(inner, item, f"{prefix}{key}", problems)
        elif (element := lists.get(key)) is not None:
            read = None if item is None else _list(element, item, f"{prefix}{key}", problems)
        else:
            _note_unknown_key(shape, key, prefix, problems)
            continue
        if read is not None:
            filled[attributes[key] if attributes else key] = read
    return filled


def _object(shape: _Shape, item: object, field: str, problems: _Problems) -> object:
    if isinstance(item, dict) or isinstance(item, Mapping):  # noqa: SIM101  (the second is ten times as slow)
        return shape.cls(**_fill(shape, item, f"{field}.", problems))
    if shape.bare is not None and isinstance(item, str):
        return shape.cls(**_fill(shape, {shape.bare: item}, f"{field}.", problems))
    problems.note(field, "the value is not an object", "Put its fields in curly brackets, each with its key.")
    return None


def _list(element: _Shape | Value, item: object, field: str, problems: _Problems) -> tuple[object, ...] | None:
    if not isinstance(item, list | tuple):
        problems.note(field, "the value is not a list", "Put it in square brackets, also where there is one only.")
        return None
    found: list[object] = []
    for place, each in enumerate(item):
        where = f"{field}[{place}]"
        if isinstance(element, _Shape):
            # A blank object keeps the place, because order is meaning: line 2 stays line 2.
            found.append(_object(element, each, where, problems) or element.cls())
            continue
        try:
            read = None if each is None else element(each)
        except RefusedValue as refused:
            problems.refuse(where, refused)
            continue
        if read is None:
            problems.note(where, "the item is blank", "Leave it out of the list.")
        else:
            found.append(read)
    return tuple(found)


def _note_unknown_key(shape: _Shape, key: object, prefix: str, problems: _Problems) -> None:
    if not isinstance(key, str):
        problems.note(prefix.rstrip("."), "an object has a key that is not text", "Put keys in quotes.")
        return
    shown = ascii(key if len(key) <= _LONGEST_SHOWN_KEY else key[:_LONGEST_SHOWN_KEY] + "...")[1:-1]
    message, hint = _unknown_key(shape.cls, shown)
    problems.note(f"{prefix}{shown}", message, hint)


@lru_cache(maxsize=256)  # a file that has an unknown key mostly has it in every claim
def _unknown_key(cls: type, shown: str) -> tuple[str, str]:
    kind = re.sub(r"(?<!^)(?=[A-Z])", " ", cls.__name__).lower()
    article = "an" if kind[0] in "aeiou" else "a"
    keys = _shape_of(cls).keys
    close = nearest(shown, keys)
    hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(sorted(keys))}."
    return f"the key {shown!r} is not a field of {article} {kind}", hint


def _wrapped(mapping: Mapping[Any, Any]) -> str:
    if any(isinstance(item, list) and item and looks_like_claim(item[0]) for item in mapping.values()):
        return "Give the claims as a list, or one per line, without an object around them."
    return ""


@cache
def _shape_of(cls: type) -> _Shape:
    values: dict[str, Value] = {}
    objects: dict[str, _Shape] = {}
    lists: dict[str, _Shape | Value] = {}
    attributes: dict[str, str] = {}
    renamed = OTHER_KEYS.get(cls, {})
    for attribute, hint in typing.get_type_hints(cls).items():
        if (cls, attribute) == (Claim, "origin"):
            continue
        key = renamed.get(attribute, attribute)
        attributes[key] = attribute
        kind = _without_none(hint)
        if typing.get_origin(kind) is tuple:
            lists[key] = _reader_of(typing.get_args(kind)[0], attribute)
        else:
            reader = _reader_of(kind, attribute)
            if isinstance(reader, _Shape):
                objects[key] = reader
            else:
                values[key] = reader
    return _Shape(cls, values, objects, lists, attributes if renamed else {}, _BARE.get(cls))


def _reader_of(kind: Any, attribute: str) -> _Shape | Value:
    if attrs.has(kind):
        return _shape_of(kind)
    if typing.get_origin(kind) is Literal:
        return choice(typing.get_args(kind))
    if kind is Decimal:
        return quantity if attribute in _QUANTITIES else money
    by_type: dict[Any, Value] = {str: text, int: whole, bool: flag, date: day}
    return by_type[kind]


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        (kind,) = (part for part in typing.get_args(hint) if part is not type(None))
        return kind
    return hint
