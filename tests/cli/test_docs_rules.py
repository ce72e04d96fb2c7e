"""The pages on testing and on changing rules: their commands work, and what they show is what the program says."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from scrubber.content import content_folder

DOCS = Path(__file__).parents[2] / "docs"
CHANGING = (DOCS / "changing-rules.md").read_text(encoding="utf-8")
TESTING = (DOCS / "testing-rules.md").read_text(encoding="utf-8")
LANGUAGE = (DOCS / "rule-language.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    scrubber (rules .*)$", TESTING + CHANGING, re.MULTILINE)

CHANGES = {"DX102": {"severity: error": "severity: warning", "risk: 0.98": "risk: 0.2"},
           "CLM103": {"status: stable": "status: preview"}}  # fmt: skip
"""What the page says of the new version; DX115 is not in it any more."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clinic_837: Path) -> Path:
    """The working folder of somebody who reads the pages: a pack, two versions of one, and a file of claims."""
    monkeypatch.chdir(tmp_path)
    ours = tmp_path / "our-rules"
    ours.mkdir()
    (ours / "pack.yaml").write_text('name: ours\nversion: "1"\ntitle: Ours\n', encoding="utf-8")
    rule = next(text for text in re.findall(r"```yaml\n(id: .*?)```", LANGUAGE, re.DOTALL) if "id: XMP102" in text)
    (ours / "XMP102-too-many-visits.yaml").write_text(rule, encoding="utf-8")
    shutil.copy(clinic_837, "claims.837")
    for version in ("old", "new"):
        (tmp_path / version).mkdir()
        shutil.copytree(ours, tmp_path / version / "our-rules")
    return tmp_path


@pytest.mark.parametrize("command", [command for command in COMMANDS if "--watch" not in command])
def test_a_command_works(call: Callable[..., Result], folder: Path, command: str) -> None:
    result = call(*shlex.split(command))
    assert result.exit_code in (0, 1), result.output


def test_the_changes_are_those_of_a_real_run(call: Callable[..., Result], folder: Path) -> None:
    changed = Path(shutil.copytree(content_folder("rules") / "core", folder / "core-new"))
    next(changed.glob("DX115-*")).unlink()
    for rule, replacements in CHANGES.items():
        (path,) = changed.glob(f"{rule}-*")
        text = path.read_text(encoding="utf-8")
        for old, new in replacements.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    shown = call("rules", "diff", "core", changed, "--claims", "claims.837", "--as-of", "2026-11-01").stdout
    for block in re.findall(r"```text\n(.*?)```", CHANGING, re.DOTALL):
        for line in block.splitlines():
            assert line in shown or line.startswith("core "), line


def test_an_unproven_condition_is_told_as_the_page_says(call: Callable[..., Result], folder: Path) -> None:
    rule = folder / "our-rules" / "XMP102-too-many-visits.yaml"
    text = rule.read_text(encoding="utf-8")
    rule.write_text("".join(line for line in text.splitlines(True) if "two tests" not in line), encoding="utf-8")
    shown = call("rules", "test", "our-rules").stdout
    block = next(text for text in re.findall(r"```text\n(.*?)```", TESTING, re.DOTALL) if text.startswith("UNPROVEN"))
    assert block in shown
