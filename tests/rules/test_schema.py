"""The schemas for editors: up to date, valid, true of every shipped rule, and awake to the usual mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

jsonschema = pytest.importorskip("jsonschema")

from scrubber.rules.schema import SCHEMAS, language_schema, overrides_schema, pack_schema, rule_schema, schema_text  # noqa: E402

CHECKOUT = Path(__file__).parents[2]
PACKS = CHECKOUT / "rules"


class EditorLoader(yaml.SafeLoader):
    """YAML 1.2 with the types of its core schema, as editors read it: numbers are numbers, dates are text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(true|false)$"), list("tf"))
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("(null|~|)$"), ["n", "~", ""])
EditorLoader.add_implicit_resolver("core:int", re.compile("[-+]?[0-9]+$"), list("-+0123456789"))
EditorLoader.add_implicit_resolver(
    "core:float", re.compile(r"[-+]?([0-9]+\.[0-9]*|[0-9]+)([eE][0-9]+)?$"), list("-+0123456789")
)
EditorLoader.add_constructor("core:int", lambda loader, node: int(node.value))
EditorLoader.add_constructor("core:float", lambda loader, node: float(node.value))


def as_an_editor_reads(text: str) -> Any:
    return yaml.load(text, Loader=EditorLoader)


def mistakes(schema: dict[str, Any], document: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(document)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_file_is_up_to_date(name: str) -> None:
    written = (CHECKOUT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(name), "Write it anew: scrubber rules schema --output schemas"


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text(name)))


def test_every_shipped_rule_fits() -> None:
    validator = jsonschema.Draft202012Validator(rule_schema())
    for path in sorted(PACKS.glob("*/*.yaml")):
        if re.fullmatch("[A-Z]{2,5}[0-9]{3}.*", path.name):
            document = as_an_editor_reads(path.read_text(encoding="utf-8"))
            found = [
                f"{path.name} {list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(document)
            ]
            assert not found, found[0]


def test_every_rule_of_the_page_on_the_language_fits() -> None:
    page = (CHECKOUT / "docs" / "rule-language.md").read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(id: .*?)```", page, re.DOTALL):
        assert mistakes(rule_schema(), as_an_editor_reads(block)) == []


def test_every_shipped_pack_fits() -> None:
    for path in sorted(PACKS.glob("*/pack.yaml")):
        assert mistakes(pack_schema(), as_an_editor_reads(path.read_text(encoding="utf-8"))) == [], path


def test_every_shipped_override_fits() -> None:
    for path in sorted(PACKS.glob("*/overrides.yaml")):
        text = path.read_text(encoding="utf-8")
        assert mistakes(overrides_schema(), as_an_editor_reads(text)) == [], path
        for old, new in (("severity: error", "severty: error"), ("reason:", "because:"), ("    set:", "    when:")):
            assert old not in text or mistakes(overrides_schema(), as_an_editor_reads(text.replace(old, new))) != []


def test_every_shipped_language_fits() -> None:
    for path in sorted(PACKS.glob("*/languages/*.yaml")):
        assert mistakes(language_schema(), as_an_editor_reads(path.read_text(encoding="utf-8"))) == [], path


@pytest.mark.parametrize(
    "text",
    ["DX101: {titel: El código}", "dx101: {title: El código}", "DX101: {cases: [{why: Porque}]}", "DX101: El código"],
)
def test_a_usual_mistake_of_a_translation_is_told(text: str) -> None:
    assert mistakes(language_schema(), as_an_editor_reads(text)) != []


RULE = """\
id: XMP101
name: an-example
title: A line has too many units
status: stable
for_each: line
when:
  - line.units: {more_than: 4}
  - line.procedure: {is_one_of: ["99213"]}
severity: warning
risk: 0.4
disposition: line_denial
owner: coder
message: "Line {line.position}."
why: Because.
fix: {text: Mend it.}
references: [{title: The policy}]
tests:
  - {name: fires, claim: {lines: ["99213 x5"]}, fires_at: [line 1]}
  - {name: clean, claim: {lines: ["99213"]}, fires_at: []}
"""


@pytest.mark.parametrize(
    ("instead_of", "written"),
    [
        ("more_than: 4", 'more_than: "4"'),
        ('["99213"]', "[99213, 02]"),
        ('["99213"]', "$value_sets.em"),
        ('["99213"]', '"99213"'),
        ("more_than: 4", "more_than: $params.limit"),
        ("more_than: 4", "more_than: $other.units"),
        ("for_each: line", "for_each: procedure line as service"),
        ("line.units:", "service.units:"),
        ("line.units: {more_than: 4}", "claim.inpatient: {is: false}"),
        ("line.units: {more_than: 4}", "line.service_date: {on_or_after: 2026-01-01}"),
        ("line.units: {more_than: 4}", "any_of: [{line.units: {is_blank: true}}]"),
        ("risk: 0.4", 'risk: "0.4"'),
        ("for_each: line", "for_each: line\neffective: {from: 2026-01-01, to: null}"),
    ],
)
def test_what_the_loader_reads_fits(instead_of: str, written: str) -> None:
    assert instead_of in RULE
    assert mistakes(rule_schema(), as_an_editor_reads(RULE.replace(instead_of, written))) == []


@pytest.mark.parametrize(
    ("instead_of", "written"),
    [
        ("title: ", "titel: "),
        ("when:", "wenn:"),
        ("severity: warning", "severity: high"),
        ("status: stable", "status: active"),
        ("owner: coder", "owner: coders"),
        ("disposition: line_denial", "disposition: denial"),
        ("risk: 0.4", "risk: 40"),
        ("id: XMP101", "id: example-1"),
        ("name: an-example", "name: An Example"),
        ("for_each: line", "for_each: lin"),
        ("line.units:", "line.unit_count:"),
        ("line.units:", "claim.patient_sex:"),
        ("more_than:", "greater_than:"),
        ("more_than:", "starts_with:"),
        ("more_than: 4", "more_than: many"),
        ("more_than: 4", "more_than: $limit"),
        ('{is_one_of: ["99213"]}', '["99213"]'),
        ('{is_one_of: ["99213"]}', '{is_one_of: ["99213"], starts_with: ["9"]}'),
        ('["99213"]', "[]"),
        ('when:\n  - line.units: {more_than: 4}\n  - line.procedure: {is_one_of: ["99213"]}\n',
         "when: {line.units: {more_than: 4}}\n"),
        ("message: ", "# "),
        ("fix: {text: Mend it.}", "fix: Mend it."),
        ("references: [{title: The policy}]", "references: [{name: The policy}]"),
        ("fires_at: [line 1]", "fires_at: [1]"),
        ("claim: {lines: [\"99213 x5\"]}", "claim: {line: [\"99213 x5\"]}"),
        ("for_each: line", "for_each: line\neffective: {from: 01/01/2026}"),
        ("for_each: line", "for_each: line\napplies_to: {payers: [comercial]}"),
        ("for_each: line", "for_each: line\nadjustment: {carc: [CO-4]}"),
        ("for_each: line", "for_each: line\nacknowledgment: {category: A1, status: [562]}"),
        ("for_each: line", "for_each: line\nacknowledgment: {category: A7, status: [A7]}"),
        ("for_each: line", "for_each: line\nacknowledgment: {category: A7}"),
        ("for_each: line", "for_each: line\nlook_up: {entry: {find: procedure_entry, table: hcpcs}}"),
    ],
)  # fmt: skip
def test_a_usual_mistake_is_told(instead_of: str, written: str) -> None:
    assert instead_of in RULE
    assert mistakes(rule_schema(), as_an_editor_reads(RULE.replace(instead_of, written))) != []


def test_fields_and_words_carry_what_an_editor_shows() -> None:
    definitions = rule_schema()["$defs"]
    procedure = definitions["condition"]["properties"]["line.procedure"]["description"]
    assert procedure.startswith("Procedure code (code). 837: SV101-2")
    assert (
        "holds at least one of the list" in definitions["words_for_codes"]["properties"]["includes_any"]["description"]
    )
