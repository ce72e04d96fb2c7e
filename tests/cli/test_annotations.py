"""Annotations of a GitHub workflow, read back as the runner of GitHub reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import example, given
from hypothesis import strategies as st

from scrubber.cli.rules.annotations import Annotation

Call = Callable[..., Result]

UNESCAPED = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
"""As the runner takes them back, in its order; the third and fourth in properties only."""


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A command as `ActionCommand.TryParseV2` of actions/runner reads it."""
    assert line.startswith("::")
    head, message = line[2:].split("::", 1)
    level, _, listed = head.partition(" ")
    properties = dict(one.split("=", 1) for one in listed.split(","))
    for escaped, character in UNESCAPED:
        properties = {name: value.replace(escaped, character) for name, value in properties.items()}
        if character not in ":,":
            message = message.replace(escaped, character)
    return level, properties, message


@given(title=st.text(min_size=1), text=st.text(), name=st.text(min_size=1, alphabet="ab:,% =é"))
@example(title="a::b, c=d%3A", text="100% of\r\n::error::it%0A", name="x::y,z")
def test_whatever_it_says_it_is_read_as_written_and_on_one_line(title: str, text: str, name: str) -> None:
    command = Annotation("error", Path(name), 7, 3, title, text).command
    assert "\n" not in command
    assert "\r" not in command
    level, properties, message = read(command)
    assert level == "error"
    assert properties == {"file": Path(name).as_posix(), "line": "7", "col": "3", "title": title}
    assert message == text


def test_files_are_named_from_the_root_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules").mkdir()
    monkeypatch.chdir(tmp_path / "rules")
    one = Annotation("notice", Path("ours/A.yaml"), 1, None, "t", "x")
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    assert one.command == "::notice file=ours/A.yaml,line=1,title=t::x"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert one.command == "::notice file=rules/ours/A.yaml,line=1,title=t::x"


@pytest.fixture
def rule(tmp_path: Path, many_visits: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pack.yaml").write_text('name: ours\nversion: "1"\ntitle: Ours\n', encoding="utf-8")
    path = tmp_path / "TST101-many-visits.yaml"
    path.write_text(many_visits, encoding="utf-8")
    return path


def test_an_example_that_fails_and_a_condition_that_none_proves(call: Call, rule: Path) -> None:
    (unproven,) = call("rules", "test", ".", "--format", "github").stdout.splitlines()
    assert read(unproven)[:2] == ("error", {"file": rule.name, "line": "7", "col": "5", "title": "TST101 many-visits"})
    with rule.open("a", encoding="utf-8") as file:
        file.write("  - {name: odd, claim: {lines: [99213]}, fires_at: [line 1]}\n")
    number = len(rule.read_text(encoding="utf-8").splitlines())
    result = call("rules", "test", ".", "--format", "github")
    assert result.exit_code == 1, result.stderr
    level, at, message = read(result.stdout.splitlines()[0])
    assert (level, at["file"], at["line"]) == ("error", rule.name, str(number))
    assert "expected to fire at line 1" in message
    assert at["title"] == "TST101 many-visits"
    assert "1 failed" in result.stderr


def test_those_that_github_leaves_out_are_told_in_the_log(call: Call, rule: Path) -> None:
    text = rule.read_text(encoding="utf-8")
    for number in range(102, 114):
        other = rule.with_name(f"TST{number}-x.yaml")
        named = text.replace("TST101", f"TST{number}").replace("name: many-visits", f"name: n-{number}")
        other.write_text(named.replace("severity: error", "severity: high"), encoding="utf-8")
    result = call("rules", "lint", ".", "--format", "github", "--select", "RL011")
    told = [read(line) for line in result.stdout.splitlines()]
    assert [level for level, _, _ in told] == ["error"] * 12
    assert result.stderr.splitlines()[0] == "GitHub shows the first 10 annotations of a kind. The others:"
    assert [line.split(":")[0] for line in result.stderr.splitlines()[1:3]] == ["TST112-x.yaml", "TST113-x.yaml"]
    assert "12 mistakes" in result.stderr
