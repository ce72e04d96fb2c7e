"""`scrubber rules lint` as a command: what it takes, what it prints, what it writes, and its exit code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from scrubber.content import content_folder

Call = Callable[..., Result]


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    """The file of the only rule of a pack, which is clean."""
    core = content_folder("rules") / "core"
    shutil.copy(core / "pack.yaml", tmp_path)
    return Path(shutil.copy(next(core.rglob("MOD103-*.yaml")), tmp_path))


def change(rule: Path, old: str, new: str) -> None:
    text = rule.read_text(encoding="utf-8")
    assert old in text
    rule.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_advice_is_told_and_does_not_fail(call: Call, rule: Path) -> None:
    change(rule, 'carc: ["4"]', "carc: [4]")
    result = call("rules", "lint", rule.parent)
    assert result.exit_code == 0
    assert 'RL019 advice: the code 4 has no quotes. Write "4".' in result.stdout
    assert "no mistakes, 1 piece of advice" in result.stderr
    assert call("rules", "lint", rule.parent, "--strict").exit_code == 1


def test_a_mistake_that_only_lint_tells_fails(call: Call, rule: Path) -> None:
    change(rule, "severity: error", "when: [line.modifiers: {includes_any: [lt]}]\nseverity: error")
    result = call("rules", "lint", rule.parent)
    assert result.exit_code == 1
    assert "RL020 no claim holds 'lt' as line.modifiers" in result.stdout


def test_fix_mends_the_file_and_tells_what_it_did(call: Call, rule: Path) -> None:
    change(rule, 'carc: ["4"], rarc: [N519]}', "carc: [4], rarc: [N519]}  # a comment")
    result = call("rules", "lint", rule.parent, "--fix")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "mended" in result.stderr
    assert "RL019 the code 4 has no quotes." in result.stderr
    assert 'carc: ["4"], rarc: [N519]}  # a comment' in rule.read_text(encoding="utf-8")


def test_diff_shows_what_fix_would_do(call: Call, rule: Path) -> None:
    change(rule, 'carc: ["4"]', "carc: [4]")
    before = rule.read_text(encoding="utf-8")
    result = call("rules", "lint", rule.parent, "--fix", "--diff")
    assert "\n-adjustment: {group: CO, carc: [4]" in result.stdout
    assert '\n+adjustment: {group: CO, carc: ["4"]' in result.stdout
    assert rule.read_text(encoding="utf-8") == before
    assert call("rules", "lint", rule.parent, "--diff").exit_code == 2


@pytest.mark.parametrize("name", ["RL019", "rl019", "unquoted-code"])
def test_select_and_ignore(call: Call, rule: Path, name: str) -> None:
    change(rule, 'carc: ["4"]', "carc: [4]")
    change(rule, "severity: error", "severity: error ")
    assert ": RL019" in call("rules", "lint", rule.parent, "--select", name).stdout
    assert ": RL021" not in call("rules", "lint", rule.parent, "--select", name).stdout
    assert ": RL019" not in call("rules", "lint", rule.parent, "--ignore", name).stdout
    assert ": RL021" in call("rules", "lint", rule.parent, "--ignore", name).stdout


def test_an_unknown_lint(call: Call, rule: Path) -> None:
    result = call("rules", "lint", rule.parent, "--select", "unqoted-code")
    assert result.exit_code == 2
    assert "Did you mean 'unquoted-code'?" in result.stderr


def test_explain_tells_what_why_and_mend(call: Call) -> None:
    told = call("rules", "lint", "--explain", "RL019").stdout
    assert told.startswith("RL019 unquoted-code (advice)")
    assert "Why:" in told
    assert "--fix mends it" in told
    assert call("rules", "lint", "--explain", "RL999").exit_code == 2


def test_as_json(call: Call, rule: Path) -> None:
    change(rule, 'carc: ["4"]', "carc: [4]")
    (problem,) = json.loads(call("rules", "lint", rule.parent, "--format", "json").stdout)["problems"]
    assert (problem["id"], problem["severity"], problem["fixable"]) == ("RL019", "advice", True)


def test_as_annotations_of_a_workflow(call: Call, rule: Path) -> None:
    change(rule, 'carc: ["4"]', "carc: [4]")
    change(rule, "severity: error", "severity: high")
    result = call("rules", "lint", rule.parent, "--format", "github")
    (line,) = result.stdout.splitlines()
    assert line.startswith("::error file=")
    assert ",title=RL011 wrong-value::severity cannot be 'high'. Did you mean 'error'?" in line
    assert result.exit_code == 1
