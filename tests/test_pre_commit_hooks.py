"""The hooks that this repository offers to pre-commit name commands and files that there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from scrubber.cli import main
from scrubber.cli.starter import HOOKS

ROOT = Path(__file__).parents[1]
OFFERED: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "pre-commit.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("hook", OFFERED, ids=lambda hook: hook["id"])
def test_the_command_of_a_hook_can_be_typed(hook: dict[str, Any]) -> None:
    program, *words = hook["entry"].split()
    command: click.Command = main
    while words and isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    options = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    assert program == "scrubber"
    assert set(words) <= options
    assert hook["language"] == "python"
    assert {"id", "name", "description", "entry"} <= hook.keys()
    # a hook that gets file names runs once, not in several processes that each load the rules
    assert hook.get("pass_filenames", True) == hook.get("require_serial", False)


def test_the_page_shows_what_init_writes() -> None:
    assert yaml.safe_load(BLOCKS[0]) == yaml.safe_load(HOOKS)


def test_the_page_names_the_hooks_that_there_are() -> None:
    used = [hook["id"] for repo in yaml.safe_load(BLOCKS[1])["repos"] for hook in repo["hooks"]]
    assert used == [hook["id"] for hook in OFFERED]
    for hook in OFFERED:
        assert f"| `{hook['id']}` |" in PAGE
