"""The tutorial is followed to the letter: every command is run, every edit is made, every answer is compared.

To write the answers anew after a change of the program: UPDATE_TUTORIAL=1 pytest tests/cli/test_tutorial.py
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner

from scrubber.cli import main

CHECKOUT = Path(__file__).parents[2]
PAGE = CHECKOUT / "docs" / "write-a-payer-pack.md"

_BLOCK = re.compile(r"(?:<!-- (?P<note>[^\n]*) -->\n\n)?```(?P<kind>\w+)\n(?P<body>.*?)```\n", re.DOTALL)
_MORE = "..."
"""A line of the page that stands for any lines."""


@attrs.frozen
class Block:
    """A piece of the page that is carried out."""

    kind: str
    body: str
    note: str
    start: int
    end: int

    def told(self, what: str) -> str:
        """The rest of the note above the block: `answers: …`, `edit: …`, `file: …`."""
        assert self.note.startswith(f"{what}: "), f"line {self.body!r} needs a note {what!r}"
        return self.note.removeprefix(f"{what}: ")


def blocks(page: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(page):
        yield Block(found["kind"], found["body"], found["note"] or "", found.start("body"), found.end("body"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the reader stands: a folder with the examples of the project."""
    shutil.copytree(CHECKOUT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "SCRUBBER_TABLES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("scrubber.cli.options.usual_tables_folder", lambda: tmp_path / "no tables")
    return tmp_path


def test_the_page_says_what_happens(folder: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    new = page
    for block in reversed([*_played(list(blocks(page)))]):
        new = new[: block.start] + block.body + new[block.end :]
    if os.environ.get("UPDATE_TUTORIAL"):
        PAGE.write_text(new, encoding="utf-8")
    assert new == page


def _played(found: list[Block]) -> Iterator[Block]:
    """Carry out each block; those whose answer differs come back with the right one."""
    for block in found:
        if block.kind == "console":
            command, _, expected = block.body.partition("\n")
            shown = _run(command, block)
            if not _fits(shown.splitlines(), expected.splitlines()):
                yield attrs.evolve(block, body=f"{command}\n{shown}")
        elif block.kind == "diff":
            _edit(Path(block.told("edit")), block.body)
        elif block.note.startswith("file: "):
            Path(block.told("file")).write_text(block.body, encoding="utf-8")


def _run(command: str, block: Block) -> str:
    if command.startswith("$ cp -r "):
        source, target = command.split()[3:]
        shutil.copytree(source, target)
        return ""
    assert command.startswith("$ scrubber "), command
    answers = block.told("answers").split("|") if block.note else []
    typed = "".join(f"{answer.strip()}\n" for answer in answers)
    result = CliRunner().invoke(main, shlex.split(command)[2:], input=typed)
    assert result.exit_code in (0, 1), result.output
    return "".join(f"{line.rstrip()}\n" for line in result.output.splitlines())


def _fits(shown: list[str], expected: list[str]) -> bool:
    """Whether the lines are those of the page, where `...` stands for any."""
    pattern = "".join(r"(?:.*\n)*" if line.strip() == _MORE else re.escape(line.rstrip()) + r"\n" for line in expected)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in shown)) is not None


def _edit(path: Path, difference: str) -> None:
    """Make a change that is shown with + and -; the lines without a mark must be there and show the place."""
    lines = difference.splitlines()
    before = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
    after = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{path} has not once:\n{before}"
    path.write_text(text.replace(before, after), encoding="utf-8")
