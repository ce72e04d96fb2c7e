"""What the pages show works: `bash` and `python` are run, and every command takes the options it is shown with.

A block of `bash` is a promise: it can be typed, block after block of a page, in the folder of somebody who reads along.
What needs a file of CMS, a payer or a program of somebody else is shown as `text`; `py` is an excerpt of a file in
`examples/`. Links are checked by `mkdocs build --strict`.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from tests.docs.pages import PAGES, ROOT, Command, blocks, commands, name_of

from scrubber.cli import main

INSTALLING = re.compile(
    r"^(python[0-9.]* -m (venv|pip|pytest|build)|\. \.venv|pip |pytest|git |cd \.\./claim)", re.MULTILINE
)
"""Lines that `.ci/run` types: a test does not install what it tests."""

PAGES_WITH_BASH = [page for page in PAGES if blocks(page, "bash")]
PAGES_WITH_PYTHON = [page for page in PAGES if blocks(page, "python")]
COMMANDS = [(page, command) for page in PAGES for command in commands(page)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of somebody who reads along: the examples, a file of claims and a folder of them."""
    here = tmp_path / "reader"
    here.mkdir()
    shutil.copytree(ROOT / "examples", here / "examples")
    (here / "outbox").mkdir()
    for place in ("claims.837", "outbox/clinic.837"):
        shutil.copy(ROOT / "examples" / "clinic.837", here / place)
    return here


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The variables of a shell in which `scrubber` is the program under test and no tables were imported."""
    programs = tmp_path / "bin"
    programs.mkdir()
    scrubber = programs / "scrubber"
    scrubber.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m scrubber "$@"\n', encoding="utf-8")
    scrubber.chmod(scrubber.stat().st_mode | stat.S_IXUSR)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SCRUBBER_")},
        "PATH": os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize("page", PAGES_WITH_BASH, ids=name_of)
def test_the_commands_of_a_page_can_be_typed(page: Path, folder: Path, environment: dict[str, str]) -> None:
    lines = [line for block in blocks(page, "bash") for line in block.text.splitlines() if not INSTALLING.match(line)]
    script = "\n".join(["set -e", *lines])
    run = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("page", PAGES_WITH_PYTHON, ids=name_of)
def test_the_python_of_a_page_runs(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    CliRunner().invoke(main, ["init", str(folder)], catch_exceptions=False)
    monkeypatch.chdir(folder)
    namespace: dict[str, object] = {"__name__": "page"}
    for block in blocks(page, "python"):
        exec(compile("\n" * block.line + block.text, str(page), "exec"), namespace)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "py")], ids=name_of)
def test_an_excerpt_stands_in_the_examples(page: Path) -> None:
    examples = [path.read_text(encoding="utf-8") for path in (ROOT / "examples").rglob("*.py")]
    for block in blocks(page, "py"):
        assert any(block.text in text for text in examples), f"{name_of(page)}:{block.line}"


@pytest.mark.parametrize(("page", "command"), COMMANDS, ids=[f"{name_of(page)}:{c.line}" for page, c in COMMANDS])
def test_a_command_takes_what_it_is_shown_with(page: Path, command: Command) -> None:
    """Parsed as the program does it, and not run: a name that does not exist is refused."""
    found: click.Command = main
    context = click.Context(main, info_name="scrubber")
    words = list(command.words)
    while isinstance(found, click.Group):
        if words[:1] == ["--help"]:
            return
        _, below, words = found.resolve_command(context, words)
        assert below is not None
        found, context = below, click.Context(below, parent=context)
    if "--help" not in words:
        found.make_parser(context).parse_args(words)
