"""JSON Schemas of the files of a pack, for editors: completion, a word on each key, and mistakes while one types.

An editor reads YAML with types of its own (0.4 is a number, an unquoted 99213 too), so a schema takes every spelling
that the loader reads as text. What a schema cannot know (names of look-ups, tables at hand) is left to lint.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, get_args

import attrs

from scrubber.checks import FINDERS, PREDICATES
from scrubber.claim import Claim, PayerKind
from scrubber.claim_status import REFUSALS
from scrubber.errors import UnknownName
from scrubber.fields import FIELDS, Field, FieldType, ScopeKind
from scrubber.findings import Disposition, Owner, Safety, Severity
from scrubber.mending import REWRITABLE
from scrubber.rules import keys
from scrubber.rules.common_keys import ENTITY_SHAPE, SETTINGS, STATUS_SHAPE
from scrubber.rules.conditions import GROUPS
from scrubber.rules.layers import LEVELS
from scrubber.rules.model import Status
from scrubber.rules.rule_file import NAME_SHAPE, RULE_ID_SHAPE
from scrubber.rules.words import WORDS, OperandKind, Word
from scrubber.tables.schemas import KNOWN_TABLES

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_NAME = "[a-z][a-z0-9_]*"
_STRICT = ("claim", "line", "diagnosis")
"""Names that mean one kind of thing in every rule; a field that they do not have is a mistake."""
_USUAL_SCOPES: Mapping[str, ScopeKind] = {
    "claim": ScopeKind.CLAIM,
    "line": ScopeKind.LINE,
    "diagnosis": ScopeKind.DIAGNOSIS,
    "provider": ScopeKind.PROVIDER,
    "procedure": ScopeKind.PROCEDURE,
    "fault": ScopeKind.FAULT,
}
_OUTCOMES = ("fired", "clear", "excused", "not_evaluated", "not_checked")

_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_CODE: Schema = {"type": ["string", "number"]}
_FLAG: Schema = {"enum": [True, False, "true", "false"]}
_DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_RULE_ID: Schema = {"type": "string", "pattern": f"^{RULE_ID_SHAPE.pattern}$"}
_NUMBER: Schema = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}],
}
_REFERENCE: Schema = {"type": "string", "pattern": rf"^\$(?!params\.|value_sets\.){_NAME}(\.[a-z0-9_]+)+$"}
_PARAM: Schema = {"type": "string", "pattern": rf"^\$params\.{_NAME}$"}
_VALUE_SET: Schema = {"type": "string", "pattern": rf"^\$value_sets\.{_NAME}$"}
_VALUES: Mapping[FieldType, Schema] = {
    FieldType.CODE: _CODE,
    FieldType.CODES: _CODE,
    FieldType.TEXT: _TEXT,
    FieldType.NUMBER: _NUMBER,
    FieldType.NUMBERS: _NUMBER,
    FieldType.MONEY: _NUMBER,
    FieldType.DATE: _DAY,
    FieldType.FLAG: _FLAG,
}


def rule_schema() -> Schema:
    """The schema of a rule file."""
    properties = _described(keys.RULE, _rule_values())
    return {
        **_header("rule", "A rule of Claim Scrubber", "docs/rule-language.md"),
        "type": "object",
        "properties": properties,
        "required": list(keys.RULE_REQUIRED),
        "additionalProperties": False,
        "anyOf": [{"required": ["cases"]}, {"required": list(keys.SAID_BY_CASES)}],
        "$defs": _definitions(),
    }


def pack_schema() -> Schema:
    """The schema of `pack.yaml`."""
    days = {"from": _or_nothing(_DAY), "to": _or_nothing(_DAY)}
    change = {"version": _CODE, "date": _DAY, "rules": _one_or_more(_RULE_ID), **days, "what": {"type": "string"}}
    values: dict[str, Schema] = {
        "name": {"type": "string"},
        "version": _CODE,
        "title": {"type": "string"},
        "layer": _record(
            keys.LAYER,
            {"level": {"enum": list(LEVELS[1:])}, "over": _one_or_more({"type": "string"})},
            required=("level", "over"),
        ),
        "applies_to": _record(
            keys.CLAIMS_OF_LAYER,
            {
                "payers": _one_or_more({"enum": list(get_args(PayerKind))}),
                "payer_ids": _one_or_more(_CODE),
                "jurisdictions": _one_or_more(_CODE),
            },
        ),
        "changelog": {"type": "array", "items": _record(keys.CHANGE, change, required=keys.CHANGE_REQUIRED)},
    }
    return {
        **_header("pack", "The description of a pack of rules", "docs/rule-language.md"),
        **_record(keys.PACK, values, required=("name", "version", "title")),
    }


def overrides_schema() -> Schema:
    """The schema of `overrides.yaml`."""
    rule, case = _rule_values(), _case_values()
    settable: dict[str, Schema] = {
        "severity": case["severity"],
        "risk": case["risk"],
        "enabled": _FLAG,
        "params": rule["params"],
        "adjustment": case["adjustment"],
        "acknowledgment": case["acknowledgment"],
        "message_note": {"type": "string", "pattern": "^[^{}]+$"},
        "references": rule["references"],
    }
    values: dict[str, Schema] = {
        "rule": _RULE_ID,
        "case": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[1-9][0-9]*$"}]},
        "from": _DAY,
        "to": _or_nothing(_DAY),
        "set": {**_record(keys.SETTABLE, settable), "minProperties": 1},
        "reason": {"type": "string", "minLength": 1},
        "reference": _reference(),
        "tests": {"type": "array", "items": _test()},
    }
    overrides = {"type": "array", "items": _record(keys.OVERRIDE, values, required=keys.OVERRIDE_REQUIRED)}
    return {
        **_header("overrides", "What a layer sets of the rules below it", "docs/layers.md"),
        "type": "object",
        "properties": {"overrides": overrides},
        "required": ["overrides"],
        "additionalProperties": False,
    }


def language_schema() -> Schema:
    """The schema of the sentences in another language: `languages/es.yaml`."""
    sentence = {"type": "string", "minLength": 1}
    case = _record(keys.TRANSLATED_CASE, dict.fromkeys(keys.TRANSLATED_CASE, sentence))
    values = {**dict.fromkeys(keys.TRANSLATION, sentence), "cases": {"type": "array", "minItems": 1, "items": case}}
    return {
        **_header("language", "The sentences of a pack in another language", "docs/languages.md"),
        "type": "object",
        "propertyNames": {"pattern": f"^{RULE_ID_SHAPE.pattern}(-[a-z0-9-]+)?$"},
        "additionalProperties": _record(keys.TRANSLATION, values),
    }


def suppressions_schema() -> Schema:
    """The schema of a file of suppressions: `suppressions.yaml`."""
    values: dict[str, Schema] = {
        "rule": _one_or_more({"type": "string", "minLength": 1}),
        "fingerprint": _one_or_more({"type": ["string", "number"], "pattern": "^[0-9a-fA-F]{16}$"}),
        "claim": _one_or_more(_CODE),
        "payer": _one_or_more(_CODE),
        "procedure": _one_or_more(_CODE),
        "reason": {"type": "string", "minLength": 1},
        "by": {"type": "string", "minLength": 1},
        "until": _DAY,
    }
    entry = {
        **_record(keys.SUPPRESSION, values, required=keys.SUPPRESSION_REQUIRED),
        "anyOf": [{"required": ["rule"]}, {"required": ["fingerprint"]}],
    }
    return {
        **_header("suppressions", "Findings that are set aside", "docs/many-claims.md"),
        "anyOf": [{"type": "array", "items": entry}, {"type": "null"}],
    }


SCHEMAS = {
    "rule": rule_schema,
    "pack": pack_schema,
    "overrides": overrides_schema,
    "language": language_schema,
    "suppressions": suppressions_schema,
}
"""Every schema by the name of its file."""


def schema_text(name: str) -> str:
    """A schema as it stands in its file."""
    return json.dumps(SCHEMAS[name](), indent=1, ensure_ascii=False) + "\n"


def _header(name: str, title: str, page: str) -> Schema:
    return {
        "$schema": DIALECT,
        "$id": f"urn:claim-scrubber:schema:{name}",
        "title": title,
        "$comment": f"Written by `scrubber rules schema`; see {page}.",
    }


def _rule_values() -> dict[str, Schema]:
    kinds = [kind.value.replace("_", " ") for kind in ScopeKind]
    scope: Schema = {
        "anyOf": [
            {"enum": kinds},
            {"type": "string", "pattern": f"^({'|'.join(kinds)}) +as +{_NAME}$"},
        ]
    }
    case = _case_values()
    return {
        **case,
        "id": {"type": "string", "pattern": f"^{RULE_ID_SHAPE.pattern}$"},
        "name": {"type": "string", "pattern": f"^{NAME_SHAPE.pattern}$"},
        "title": {"type": "string", "minLength": 1},
        "status": {"enum": list(get_args(Status))},
        "for_each": scope,
        "pair_with": scope,
        "group_by": _one_or_more({"enum": _names_of_single_values(FIELDS[ScopeKind.LINE])}),
        "members": {"$ref": "#/$defs/conditions"},
        "applies_to": _record(
            keys.APPLIES_TO,
            {"settings": _one_or_more({"enum": list(SETTINGS)}),
             "payers": _one_or_more({"enum": list(get_args(PayerKind))}),
             "others": {"enum": ["off", False]}},
        ),
        "effective": _record(keys.EFFECTIVE, {"from": _or_nothing(_DAY), "to": _or_nothing(_DAY)}),
        "look_up": {"type": "object", "propertyNames": {"pattern": f"^{_NAME}$"},
                    "additionalProperties": {"$ref": "#/$defs/look_up"}},
        "params": {"type": "object", "propertyNames": {"pattern": f"^{_NAME}$"}},
        "cases": {"type": "array", "minItems": 1, "items": _record(keys.CASE, case)},
        "every_case": _FLAG,
        "report": _record(keys.REPORT, {"once_per": _one_or_more({"type": "string"})}, required=("once_per",)),
        "why": {"type": "string", "minLength": 1},
        "references": _one_or_more(_reference()),
        "tests": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/test"}},
    }  # fmt: skip


def _reference() -> Schema:
    return _record(keys.REFERENCE, {"title": {"type": "string"}, "url": {"type": "string"}}, required=("title",))


def _rewrites() -> Schema:
    fields = "|".join(sorted(REWRITABLE))
    return {"type": "object", "minProperties": 1, "additionalProperties": _known_or_named(PREDICATES),
            "propertyNames": {"pattern": rf"^\$?{_NAME}(\.[a-z0-9_]+)*\.({fields})$"}}  # fmt: skip


def _case_values() -> dict[str, Schema]:
    reason = {"type": ["string", "integer"], "pattern": "^[ABDPWY]?[0-9]{1,3}$"}
    status = {"type": ["string", "integer"], "pattern": f"^{STATUS_SHAPE.pattern}$"}
    remark = {"type": "string", "pattern": "^(M|MA|N)[0-9]{1,4}$"}
    field = {"type": "string", "pattern": rf"^\$?{_NAME}(\.[a-z0-9_]+)+$"}
    return {
        "when": {"$ref": "#/$defs/conditions"},
        "unless": {"$ref": "#/$defs/conditions"},
        "severity": {"enum": list(get_args(Severity))},
        "risk": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1},
                           {"type": "string", "pattern": r"^(0(\.[0-9]+)?|1(\.0+)?|\.[0-9]+)$"}]},
        "disposition": {"enum": list(get_args(Disposition))},
        "owner": {"enum": list(get_args(Owner))},
        "message": {"type": "string", "minLength": 1},
        "fix": _record(keys.FIX, {"safety": {"enum": list(get_args(Safety))}, "text": {"type": "string"},
                                  keys.REWRITE: _rewrites()}, ("text",)),
        "adjustment": _record(
            keys.ADJUSTMENT,
            {"group": _or_nothing({"enum": ["CO", "PR", "OA", "PI", "CR"]}), "carc": _one_or_more(reason),
             "rarc": _one_or_more(remark)},
        ),
        "question": _or_nothing({"type": "string", "minLength": 1}),
        "acknowledgment": _or_nothing(
            _record(
                keys.ACKNOWLEDGMENT,
                {"category": {"enum": list(REFUSALS)}, "status": _one_or_more(status),
                 "entity": _or_nothing({"type": ["string", "integer"], "pattern": f"^{ENTITY_SHAPE.pattern}$"})},
                required=("category", "status"),
            )
        ),
        "field": field,
        "codes": _one_or_more(field),
        "hides": _record(
            keys.HIDES,
            {key: _one_or_more({"type": "string", "pattern": "^(-?[A-Z]{2,5}[0-9]{3}|[a-z]{2,5})$"})
             for key in keys.HIDES},
        ),
    }  # fmt: skip


def _definitions() -> dict[str, Schema]:
    return {
        "conditions": {"type": "array", "items": {"$ref": "#/$defs/condition"}},
        "condition": _condition(),
        **{f"words_for_{type_}": _words_for(type_) for type_ in FieldType},
        "words": _words(WORDS.values(), None),
        "look_up": _look_up(),
        "test": _test(),
    }


def _condition() -> Schema:
    """`alias.field: {word: operand}`, or a group of conditions."""
    groups = {
        "all_of": "Holds where all of these hold.",
        "any_of": "Holds where one of these holds.",
        "none_of": "Holds where none of these holds.",
    }
    properties: dict[str, Schema] = {
        name: {"$ref": "#/$defs/conditions", "description": groups[name]} for name in GROUPS
    }
    for alias, kind in _USUAL_SCOPES.items():
        for field in FIELDS[kind].values():
            reference = {"$ref": f"#/$defs/words_for_{field.type}"}
            properties[f"{alias}.{field.name}"] = {**reference, "description": _told(field)}
    others = f"^(?!({'|'.join(_STRICT)})\\.){_NAME}(\\.[a-z0-9_]+)+$"
    return {
        "type": "object",
        "minProperties": 1,
        "properties": properties,
        "patternProperties": {others: {"$ref": "#/$defs/words"}},
        "additionalProperties": False,
    }


def _told(field: Field) -> str:
    """What an editor shows of a field."""
    meaning = field.meaning[:1].upper() + field.meaning[1:]
    places = [f"837: {field.x12}" if field.x12 else "", f"paper: {field.paper}" if field.paper else ""]
    hidden = "never in a message" if field.private else ""
    return f"{'. '.join(part for part in (f'{meaning} ({field.type})', *places, hidden) if part)}."


def _words_for(type_: FieldType) -> Schema:
    return _words((word for word in WORDS.values() if type_ in word.takes), type_)


def _words(words: Iterable[Word], type_: FieldType | None) -> Schema:
    """One word and what stands behind it, for a field of a type, or of one that is not known."""
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {
            word.name: {
                **_operand(word, type_),
                "description": f"The value {word.meaning}. Takes {word.operand.value}.",
            }
            for word in words
        },
        "additionalProperties": False,
    }


def _operand(word: Word, type_: FieldType | None) -> Schema:
    value = _VALUES.get(type_, _TEXT) if type_ is not None else _TEXT
    whole = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+$"}, _PARAM]}
    if word.operand is OperandKind.FLAG:
        return dict(_FLAG)
    if word.operand is OperandKind.COUNT:
        return whole
    if word.operand is OperandKind.PREDICATE:
        return _known_or_named(name for name, one in PREDICATES.items() if type_ is None or type_ in one.takes)
    if word.operand is OperandKind.SPAN:
        return {
            "type": "object",
            "properties": {"days": whole, "of": _REFERENCE},
            "required": ["days", "of"],
            "additionalProperties": False,
        }
    if word.operand is OperandKind.LIST:
        return {"anyOf": [{"type": "array", "minItems": 1, "items": value}, value, _PARAM, _VALUE_SET, _REFERENCE]}
    return {"anyOf": [value, _PARAM, _REFERENCE]}


def _look_up() -> Schema:
    part = {"anyOf": [_CODE, _REFERENCE]}
    values: dict[str, Schema] = {
        "table": _known_or_named(KNOWN_TABLES),
        "match": {"type": "object", "minProperties": 1, "additionalProperties": part},
        "as_of": _REFERENCE,
        "find": _known_or_named(FINDERS),
        "of": {"type": "string", "pattern": f"^{_NAME}$"},
        "days_from": _REFERENCE,
        "to": _REFERENCE,
    }
    shapes = (("table", "match"), ("find", "of"), ("days_from", "to"))
    return {**_record(keys.LOOK_UP, values), "oneOf": [{"required": list(shape)} for shape in shapes]}


def _test() -> Schema:
    json_claim = {field.name: "As in the claim as JSON." for field in attrs.fields(Claim) if field.name != "origin"}
    claim: Schema = {
        "type": "object",
        "properties": {
            key: {"description": meaning}
            for key, meaning in {**json_claim, **keys.SHORTHAND}.items()
        },
        "additionalProperties": False,
    }  # fmt: skip
    values: dict[str, Schema] = {
        "name": {"type": ["string", "number"]},
        "claim": claim,
        "fires_at": _one_or_more({"type": "string", "pattern": "^ *(claim|(line|diagnosis) +[1-9][0-9]*) *$"}),
        "severity": {"enum": list(get_args(Severity))},
        "outcome": {"enum": list(_OUTCOMES)},
        "says": _one_or_more(_TEXT),
        "tables": {"type": "object"},
    }
    return _record(keys.TEST, values, required=("name", "claim"))


def _record(meanings: keys.Keys, values: Mapping[str, Schema], required: Collection[str] = ()) -> Schema:
    """A mapping whose keys are fixed."""
    schema: Schema = {"type": "object", "properties": _described(meanings, values), "additionalProperties": False}
    return {**schema, "required": list(required)} if required else schema


def _described(meanings: keys.Keys, values: Mapping[str, Schema]) -> Schema:
    """Each key with what it holds.

    Raises:
        UnknownName: a value stands for a key that the reader does not know.
    """
    if unknown := values.keys() - meanings.keys():
        raise UnknownName("key of a rule file", min(unknown), meanings)
    return {key: {**values[key], "description": meaning} for key, meaning in meanings.items()}


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [{"type": "array", "items": item}, item]}


def _or_nothing(value: Schema) -> Schema:
    return {"anyOf": [value, {"type": "null"}]}


def _known_or_named(known: Iterable[str]) -> Schema:
    """Names that are shipped, for completion, and those of other packages and of your own tables."""
    return {"anyOf": [{"enum": sorted(known)}, {"type": "string", "pattern": f"^{_NAME}$"}]}


def _names_of_single_values(fields: Mapping[str, Field]) -> list[str]:
    lists = (FieldType.CODES, FieldType.NUMBERS, FieldType.OBJECT, FieldType.OBJECTS)
    return [name for name, field in fields.items() if field.type not in lists]
