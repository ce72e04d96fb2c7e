"""The JSON Schema of the report as JSON, for programs that read it; a line of NDJSON is its `$defs/claim`.

It describes what this version writes and nothing more, so a name that is misspelt or left out is noticed. A later
version may add keys: take the schema of the version that wrote the report.
"""

from __future__ import annotations

import json
from typing import Any, get_args

from scrubber.findings import Decision, Disposition, Level, Owner, Safety, Severity, SuppressionKind
from scrubber.report.json import SCHEMA
from scrubber.traces import StepVerdict, TraceOutcome

Schema = dict[str, Any]

NAME = "report"
"""As files and commands call it."""

_TEXT: Schema = {"type": "string"}
_BLANK_OR_TEXT: Schema = {"type": ["string", "null"]}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_COUNTS: Schema = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}}
_PLACE: Schema = {"type": ["integer", "null"], "minimum": 1}
_MONEY: Schema = {"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}$"}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_DAY: Schema = {"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_POSITION: Schema = {"type": ["object", "null"], "additionalProperties": {"type": ["string", "integer", "null"]}}


def report_schema() -> Schema:
    """The schema of the object that `--format json` writes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:claim-scrubber:schema:{NAME}",
        "title": "The report of a run of scrubber check",
        "$comment": "Written by `scrubber rules schema`; see docs/report-json.md. A line of NDJSON is `$defs/claim`.",
        **_object(
            {
                "schema": {"const": SCHEMA},
                "scrubber": _TEXT,
                "packs": _list(_pack()),
                "tables": _list(
                    _object({"name": _TEXT, "edition": _BLANK_OR_TEXT, "from": _BLANK_OR_TEXT, "to": _BLANK_OR_TEXT})
                ),
                "claims": _list({"$ref": "#/$defs/claim"}),
                "summary": _summary(),
            },
            {"language": _TEXT},
        ),
        "$defs": {"claim": _claim(), "finding": _finding(), "trace": _trace(), "step": _step()},
    }


def report_schema_text() -> str:
    """The schema as it stands in its file."""
    return json.dumps(report_schema(), indent=1, ensure_ascii=False) + "\n"


def _object(values: Schema, optional: Schema | None = None) -> Schema:
    """An object with these keys and no others, of which the optional ones are there only to say something."""
    return {
        "type": "object",
        "properties": {**values, **(optional or {})},
        "required": list(values),
        "additionalProperties": False,
    }


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _one_of(literal: Any) -> Schema:
    return {"enum": list(get_args(literal))}


def _pack() -> Schema:
    change = {"date": _DAY, "rules": _TEXTS, "from": _DAY, "to": _DAY, "what": _TEXT}
    return _object(
        {
            "name": _TEXT,
            "version": _TEXT,
            "level": _one_of(Level),
            "hash": _TEXT,
            "changes": _list(_object(change)),
            "switches_off": _TEXTS,
        }
    )


def _claim() -> Schema:
    unjudged = {"rule": _TEXT, "reason": _TEXT}
    layer = {"pack": _TEXT, "version": _TEXT, "level": _one_of(Level), "undecided": _BLANK_OR_TEXT}
    error = {"message": _TEXT, "position": _POSITION, "field": _BLANK_OR_TEXT, "hint": _BLANK_OR_TEXT}
    return _object(
        {
            "claim_id": _BLANK_OR_TEXT,
            "source": _BLANK_OR_TEXT,
            "index": {"type": ["integer", "null"], "minimum": 0},
            "decision": _one_of(Decision),
            "risk": _SHARE,
            "amount_at_risk": _MONEY,
            "findings": _list({"$ref": "#/$defs/finding"}),
            "masked": _list(_object({"rule": _TEXT, "by": _TEXT})),
            "not_evaluated": _list(_object(unjudged)),
            "not_checked": _list(_object({**unjudged, "table": _BLANK_OR_TEXT, "date": _DAY})),
            "errors": _list(_object(error)),
            "coverage": _outcomes(),
        },
        {
            "layers": _list(_object(layer)),
            "suppressed": _list(_suppressed()),
            "why": _list({"$ref": "#/$defs/trace"}),
        },
    )


def _finding() -> Schema:
    return _object(_FINDING, _FINDING_MORE)


def _suppressed() -> Schema:
    """A finding that was set aside, with the reason."""
    reason = {
        "kind": _one_of(SuppressionKind),
        "place": _TEXT,
        "reason": _BLANK_OR_TEXT,
        "by": _BLANK_OR_TEXT,
        "expires": _DAY,
    }
    return _object({**_FINDING, "suppression": _object(reason)}, _FINDING_MORE)


_REFERENCE = _object({"title": _TEXT, "url": _BLANK_OR_TEXT})
_FINDING: Schema = {
    "rule": _TEXT,
    "name": _TEXT,
    "family": _TEXT,
    "severity": _one_of(Severity),
    "risk": _SHARE,
    "disposition": _one_of(Disposition),
    "message": _TEXT,
    "line": _PLACE,
    "diagnosis": _PLACE,
    "field": _BLANK_OR_TEXT,
    "position": _POSITION,
    "codes": _TEXTS,
    "group": _BLANK_OR_TEXT,
    "carc": _TEXTS,
    "rarc": _TEXTS,
    "owner": _one_of(Owner),
    "fix": _object(
        {
            "safety": _one_of(Safety),
            "text": _TEXT,
            "changes": _list(_object({"field": _TEXT, "old": _TEXT, "new": _TEXT})),
        }
    ),
    "evidence": {
        **_object({"table": _TEXT, "edition": _BLANK_OR_TEXT, "row": {"type": "object"}}),
        "type": ["object", "null"],
    },
    "references": _list(_REFERENCE),
    "fingerprint": {"type": "string", "pattern": "^([0-9a-f]{16})?$"},
}
_FINDING_MORE: Schema = {
    "acknowledgment": _object({"category": _TEXT, "status": _TEXTS, "entity": _BLANK_OR_TEXT}),
    "question": _TEXT,
    "layers": _list(
        _object(
            {
                "pack": _TEXT,
                "version": _TEXT,
                "level": _one_of(Level),
                "set": _TEXTS,
                "reason": _TEXT,
                "reference": _REFERENCE,
            }
        )
    ),
}


def _outcomes() -> Schema:
    return _object(dict.fromkeys(("fired", "excused", "not_evaluated", "not_checked", "clear"), _COUNT))


def _summary() -> Schema:
    entry = {"place": _TEXT, "about": _TEXT, "by": _BLANK_OR_TEXT, "expires": _DAY}
    rule = {"name": _TEXT, **dict.fromkeys(("findings", "claims", "error", "warning", "info"), _COUNT)}
    statistics = {
        "rules": {"type": "object", "additionalProperties": _object(rule)},
        "severities": _object(dict.fromkeys(get_args(Severity), _COUNT)),
        "owners": {"type": "object", "propertyNames": _one_of(Owner), "additionalProperties": _COUNT},
        "masked": _COUNT,
        "outcomes": _outcomes(),
    }
    return _object(
        {
            **dict.fromkeys(("claims", "pass", "review", "hold", "findings"), _COUNT),
            "by_rule": _COUNTS,
            "unreadable": _COUNT,
            "amount_at_risk": _MONEY,
            "not_evaluated": _COUNTS,
            "not_checked": _COUNTS,
        },
        {
            "below_min_risk": _COUNT,
            "suppressed": _COUNT,
            "suppressions": _object({"unused": _list(_object(entry)), "expired": _list(_object(entry))}),
            "baseline": _object({"place": _TEXT, "known": _COUNT, "gone": _COUNT}),
            "undecided_layers": _COUNTS,
            "interrupted": {"const": True},
            "statistics": _object(statistics),
        },
    )


def _trace() -> Schema:
    look_up = {"name": _TEXT, "asked": _TEXT, "answer": _TEXT}
    steps = _list({"$ref": "#/$defs/step"})
    item = {
        "place": _TEXT,
        "line": _PLACE,
        "diagnosis": _PLACE,
        "outcome": _one_of(TraceOutcome),
        "reason": _BLANK_OR_TEXT,
        "look_ups": _list(_object(look_up)),
        "when": steps,
        "cases": steps,
        "unless": steps,
    }
    return _object(
        {
            "rule": _TEXT,
            "name": _TEXT,
            "outcome": _one_of(TraceOutcome),
            "reason": _BLANK_OR_TEXT,
            "hidden_by": _TEXTS,
            "items": _list(_object(item)),
            "others_clear": _COUNT,
        }
    )


def _step() -> Schema:
    return _object(
        {
            "text": _TEXT,
            "verdict": _one_of(StepVerdict),
            "value": _BLANK_OR_TEXT,
            "reason": _BLANK_OR_TEXT,
            "steps": _list({"$ref": "#/$defs/step"}),
        }
    )
