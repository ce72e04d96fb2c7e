"""`scrubber init`: what it writes works as it stands, and nothing is overwritten."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import Result

from scrubber.cli.settings import SETTINGS, find_settings
from scrubber.cli.starter import starter_settings, write_starter

Call = Callable[..., Result]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def commands(shown: str) -> list[list[str]]:
    """The commands below "Next:", as typed."""
    steps = shown.split("Next:\n")[1].splitlines()
    return [shlex.split(re.split(r"\s{2,}", step.strip())[0]) for step in steps if step.startswith("  ")]


def test_every_command_it_names_works_and_the_sample_rule_finds_one_claim(call: Call, work: Path) -> None:
    result = call("init")
    assert result.exit_code == 0
    assert list(files(work)) == [
        "claims/sample.json",
        "rules/our-payer/OUR101-blood-draw-beside-visit.yaml",
        "rules/our-payer/pack.yaml",
        "scrubber.toml",
    ]
    check, test, show, new = commands(result.stdout)
    assert (check, test) == (["scrubber", "check", "claims/"], ["scrubber", "rules", "test"])
    checked = call(*check[1:], "--format", "json")
    assert checked.exit_code == 0
    claims = json.loads(checked.stdout)["claims"]
    assert {one["claim_id"]: [finding["rule"] for finding in one["findings"]] for one in claims} == {
        "SAMPLE-1": [],
        "SAMPLE-2": ["OUR101"],
    }
    assert [one["not_evaluated"] for one in claims] == [[], []]
    tested = call(*test[1:])
    assert tested.exit_code == 0
    assert "5 examples of 1 rule: 5 passed" in tested.stderr
    assert call(*show[1:]).exit_code == 0
    answers = ("--kind", "not-covered", "--codes", "99999", "--reference", "policy", "--yes")
    assert call(*new[1:], *answers).exit_code == 0


def test_the_samples_stand_years_later(call: Call, work: Path) -> None:
    write_starter(work, date(2033, 3, 1), pre_commit=False)
    assert call("check", "claims", "--as-of", "2033-03-01").exit_code == 0


def test_nothing_is_overwritten(call: Call, work: Path) -> None:
    mine = {"scrubber.toml": 'packs = ["core"]\n', "rules/our-payer/pack.yaml": "mine", "claims/sample.json": "[]",
            ".pre-commit-config.yaml": "repos: []"}  # fmt: skip
    for name, text in mine.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text, encoding="utf-8")
    before = files(work)
    result = call("init", "--pre-commit")
    assert result.exit_code == 0
    assert files(work) == before
    for name in mine:
        assert f"kept     {name}: " in result.stdout
    assert "written" not in result.stdout


def test_a_second_time_keeps_everything(call: Call, work: Path) -> None:
    call("init", "--pre-commit")
    before = files(work)
    again = call("init", "--pre-commit")
    assert files(work) == before
    assert commands(again.stdout)[0] == ["scrubber", "check", "claims/"]


def test_own_settings_are_kept_and_the_commands_still_work(call: Call, work: Path) -> None:
    (work / "pyproject.toml").write_text("[tool.scrubber]\nselect = ['OUR101']\n", encoding="utf-8")
    result = call("init")
    assert not (work / "scrubber.toml").exists()
    check, test, *_ = commands(result.stdout)
    assert "OUR101" in call(*check[1:]).stdout
    assert call(*test[1:]).exit_code == 0
    assert "add 'rules/our-payer' to packs" in result.stdout


def test_settings_that_name_the_pack_need_no_more(call: Call, work: Path) -> None:
    (work / "scrubber.toml").write_text("packs = ['rules/our-payer']\n", encoding="utf-8")
    assert commands(call("init").stdout)[0] == ["scrubber", "check", "claims/"]


def test_a_project_without_settings_gets_some(call: Call, work: Path) -> None:
    (work / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    call("init")
    assert find_settings(work).path == work / "scrubber.toml"


def test_another_folder(call: Call, work: Path) -> None:
    result = call("init", "new folder")
    assert commands(result.stdout)[0] == ["cd", "new folder"]
    assert (work / "new folder" / "scrubber.toml").is_file()
    (work / "a-file").touch()
    refused = call("init", "a-file")
    assert refused.exit_code == 2
    assert "a-file: this is a file." in refused.stderr


def test_the_starter_settings_name_every_setting() -> None:
    text = starter_settings()
    assert tomllib.loads(text) == {"packs": ["rules/our-payer"]}
    switched_on = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)
    assert list(tomllib.loads(switched_on)) == [setting.name for setting in SETTINGS]


def test_hooks_for_pre_commit(call: Call, work: Path) -> None:
    assert "pre-commit install" in call("init", "--pre-commit").stdout
    (repo,) = yaml.safe_load((work / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [hook["entry"] for hook in repo["hooks"]] == ["scrubber rules lint", "scrubber rules test"]
