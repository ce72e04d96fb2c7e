"""Lint of layers: overrides that change nothing, and those for days on which their rule does not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrubber.rules.lint import lint_rules
from scrubber.rules.loader import read_packs
from scrubber.tables import TableSet

from .layer_packs import setting, write_layer, write_national


def told(folder: Path, tables: TableSet, *layers: Path) -> list[tuple[str, str, str]]:
    """What lint says of overrides: id, the line it points at, sentence."""
    packs, problems = read_packs(layers, tables)
    assert problems == []
    found = [one for one in lint_rules(packs) if one.path.name == "overrides.yaml"]
    return [(one.id, one.path.read_text("utf-8").splitlines()[one.line - 1].strip(), one.message) for one in found]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ("{severity: error}", "severity"),
        ("{severity: error, risk: 0.5}", "severity"),
        ("{risk: 0.9}", "risk"),
        ("{enabled: true}", "enabled"),
        ('{adjustment: {group: CO, carc: ["151"]}}', "adjustment"),
        ('{acknowledgment: {category: A7, status: ["476"]}}', "acknowledgment"),
        ("{references: [{title: National manual}]}", "references"),
        ("{params: {most: 5}}", "params"),
        ('{params: {codes: ["99214", "99213"]}}', "params"),
    ],
)
def test_an_override_of_what_holds_already(tmp_path: Path, shipped_tables: TableSet, values: str, name: str) -> None:
    write_national(tmp_path)
    ((lint, line, message),) = told(tmp_path, shipped_tables, write_layer(tmp_path, setting(values)))
    assert lint == "RL043"
    assert line == f"set: {values}"
    assert message == f"the {name} of TST101 is this already."


@pytest.mark.parametrize(
    "values",
    [
        "{severity: warning}",
        "{risk: 0.91}",
        "{enabled: false}",
        "{adjustment: {group: PR}}",
        "{acknowledgment: null}",
        "{message_note: Ask first.}",
        "{params: {most: 6}}",
        '{params: {codes: ["99213"]}}',  # until 2024 it was this, but the override begins in 2026
    ],
)
def test_an_override_that_changes_something(tmp_path: Path, shipped_tables: TableSet, values: str) -> None:
    write_national(tmp_path)
    assert told(tmp_path, shipped_tables, write_layer(tmp_path, setting(values))) == []


def test_an_override_that_takes_back_what_another_layer_sets(tmp_path: Path, shipped_tables: TableSet) -> None:
    write_national(tmp_path)
    programme = write_layer(
        tmp_path, setting("{severity: warning}"), name="programme", level="programme", applies_to=None
    )
    payer = write_layer(tmp_path, setting("{severity: error}"))
    assert told(tmp_path, shipped_tables, programme, payer) == []


def test_an_override_of_a_draft(tmp_path: Path, shipped_tables: TableSet) -> None:
    write_national(tmp_path, status="draft")
    ((lint, line, message),) = told(tmp_path, shipped_tables, write_layer(tmp_path, setting("{severity: warning}")))
    assert (lint, line) == ("RL043", "- rule: TST101")
    assert message == "TST101 is draft and does not run."


@pytest.mark.parametrize(("last_day", "lints"), [("2025-12-31", ["RL044"]), ("2026-01-01", [])])
def test_an_override_after_the_end_of_its_rule(
    tmp_path: Path, shipped_tables: TableSet, last_day: str, lints: list[str]
) -> None:
    (rule,) = write_national(tmp_path).glob("TST101*")
    rule.write_text(rule.read_text("utf-8") + f"effective: {{to: {last_day}}}\n", encoding="utf-8")
    layer = write_layer(tmp_path, setting("{severity: warning}"))
    assert [lint for lint, _, _ in told(tmp_path, shipped_tables, layer)] == lints


def test_an_override_that_is_kept_with_its_reason(tmp_path: Path, shipped_tables: TableSet) -> None:
    write_national(tmp_path)
    text = setting("{severity: error}  # lint: ignore RL043 the payer may lower it later")
    assert told(tmp_path, shipped_tables, write_layer(tmp_path, text)) == []
