"""Reads the files of this folder: words against values, and rules against claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import yaml

from scrubber.rules.model import Rule
from scrubber.rules.rule_file import read_rule
from scrubber.rules.yaml_source import RuleProblem
from scrubber.tables import TableSet

HERE = Path(__file__).parent
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # ten times as fast in C
WORD_FILES = sorted((HERE / "words").glob("*.yaml"))
RULE_FILES = sorted((HERE / "rules").glob("*.yaml"))

FIELDS = {
    "code": ("line.tooth", "line.oral_cavity"),
    "text": ("claim.claim_note", "claim.original_reference"),
    "number": ("line.units", "line.minutes"),
    "money": ("line.charge", "line.noncovered_charge"),
    "date": ("line.service_date_end", "claim.statement_from"),
    "flag": ("claim.predetermination", "claim.accident.auto"),
    "codes": ("line.modifiers", "claim.condition_codes"),
    "numbers": ("line.diagnosis_pointers", ""),
    "object": ("claim.rendering_provider", ""),
    "objects": ("claim.diagnoses", ""),
}
"""For each type the field that holds the value, and the one that holds what it is compared with."""

COMMON: Mapping[str, Any] = {
    "name": "a-rule",
    "title": "A rule",
    "status": "stable",
    "for_each": "line",
    "severity": "error",
    "risk": "0.5",
    "disposition": "line_denial",
    "owner": "biller",
    "message": "It fired.",
    "why": "To show what the language means.",
    "fix": {"text": "Nothing."},
    "references": [{"title": "The page on the rule language"}],
    "tests": [{"name": "fires", "claim": {}, "fires_at": ["line 1"]}, {"name": "clean", "claim": {}, "fires_at": []}],
}


@attrs.frozen
class Example:
    """One case of a word: a value of a type, what stands behind the word, and what comes of it."""

    word: str
    type: str
    value: Any
    operand: Any
    day: str
    outcome: str
    lint: str

    def condition(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The condition in YAML, and the params it needs."""
        subject, other = FIELDS[self.type]
        operand, params = self.operand, {}
        if isinstance(operand, dict) and "field" in operand:
            operand = f"${'claim.condition_codes' if isinstance(operand['field'], list) else other}"
        elif isinstance(operand, dict) and "params" in operand:
            operand, params = "$params.p", {"p": operand["params"]}
        elif isinstance(operand, dict) and "of" in operand:
            operand = {**operand, "of": f"${other}"}
            if isinstance(operand["days"], dict):
                operand, params = {**operand, "days": "$params.p"}, {"p": operand["days"]}
        return {subject: {self.word: operand}}, params

    def rules(self) -> list[dict[str, Any]]:
        """The condition in a rule of its own, and denied in another."""
        condition, params = self.condition()
        more = {"params": params} if params else {}
        return [
            {"id": "TST101", "when": [condition], **more},
            {"id": "TST102", "name": "denied", "when": [{"none_of": [condition]}], **more},
        ]

    def claim(self) -> dict[str, Any]:
        """A claim of one line, in shorthand, that has the values."""
        line: dict[str, Any] = {"procedure": "99213", "service_date": self.day}
        claim: dict[str, Any] = {"dx": [], "lines": [line]}
        subject, other = FIELDS[self.type]
        _put(claim, line, subject, _typed(self.type, self.value))
        if isinstance(self.operand, dict) and "field" in self.operand:
            held = self.operand["field"]
            _put(claim, line, "claim.condition_codes" if isinstance(held, list) else other, _typed(self.type, held))
        elif isinstance(self.operand, dict) and "of" in self.operand:
            _put(claim, line, other, self.operand["of"] or None)
        return claim


def _put(claim: dict[str, Any], line: dict[str, Any], field: str, value: Any) -> None:
    alias, _, name = field.partition(".")
    if field == "claim.diagnoses":
        claim["dx"] = value or []
    elif name.startswith("accident."):
        claim["accident"] = {name.partition(".")[2]: value}
    else:
        (line if alias == "line" else claim)[name] = value


def _typed(type_: str, value: Any) -> Any:
    """A value as a JSON claim gives it."""
    if value in (None, ""):
        return [] if type_ in ("codes", "numbers") else None
    if type_ == "numbers":
        return [int(one) for one in value]
    return value == "true" if type_ == "flag" else value


def content_of(path: Path) -> dict[str, Any]:
    """A file of this folder. Everything in it is text, as in a rule."""
    content: dict[str, Any] = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    return content


def examples_of(path: Path) -> Iterator[Example]:
    """The cases of a word."""
    content = content_of(path)
    for case in content["cases"]:
        yield Example(
            word=content["word"],
            type=case["type"],
            value=case.get("value"),
            operand=case["operand"],
            day=case.get("on", "2026-03-02"),
            outcome=case["outcome"],
            lint=case.get("lint", ""),
        )


def read(folder: Path, written: Mapping[str, Any], tables: TableSet) -> tuple[Rule | None, list[RuleProblem]]:
    """A rule that says only what it is about, read by the loader."""
    path = folder / "rule.yaml"
    text = yaml.dump({**COMMON, **written}, Dumper=DUMPER, sort_keys=False, default_flow_style=None)
    path.write_text(text, encoding="utf-8")
    return read_rule(path, "conformance", tables)
