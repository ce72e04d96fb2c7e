"""What a shell offers at the tabulator key, asked of real shells as far as they are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from click.shell_completion import ShellComplete
from click.testing import Result

from scrubber.claim import PayerKind
from scrubber.cli import main
from scrubber.cli.completing import PAYER_KINDS
from scrubber.tables.catalogue import KNOWN_TABLES

Call = Callable[..., Result]


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """`offered("check", "--pa")`: what is offered for the last word, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCRUBBER_TABLES", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def offer(*words: str) -> list[str]:
        asked = ShellComplete(main, {}, "scrubber", "_SCRUBBER_COMPLETE")
        found = asked.get_completions(list(words[:-1]), words[-1])
        return [item.value if item.type == "plain" else f"<{item.type}>" for item in found]

    return offer


def test_commands_and_options(offered: Callable[..., list[str]]) -> None:
    assert offered("ch") == ["check"]
    assert offered("rules", "te") == ["test"]
    assert "--show-settings" in offered("check", "--s")


def test_values_of_a_list(offered: Callable[..., list[str]]) -> None:
    assert offered("check", "--fail-on", "") == ["error", "warning", "never"]
    assert offered("check", "--engine", "d") == ["durable"]
    assert "json" in offered("check", "--format", "js")


def test_rules_by_id_name_and_family(offered: Callable[..., list[str]]) -> None:
    assert offered("explain", "dx10")[:2] == ["DX101", "DX102"]
    assert offered("explain", "dx-not-b") == ["dx-not-billable"]
    assert offered("check", "--select", "NCC")[:2] == ["NCCI", "NCCI101"]
    assert offered("check", "--ignore", "DAT102") == ["DAT102"]
    assert offered("check", "--pack", "commercial-sample", "--select", "SMP")[0] == "SMP"
    assert offered("explain", "zzz") == []


def test_packs(offered: Callable[..., list[str]], tmp_path: Path) -> None:
    assert offered("check", "--pack", "") == ["commercial-sample", "core", "medicaid", "medicare"]
    assert offered("check", "--pack", "x") == ["<dir>"]
    for name in ("rules/ours", "odd $(name)"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "pack.yaml").touch()
    assert offered("rules", "lint", "ru") == ["rules/ours"]
    assert offered("rules", "test", "od") == ["<dir>"]


def test_rules_and_payers_of_the_packs_of_the_settings(offered: Callable[..., list[str]], call: Call) -> None:
    call("init")
    assert offered("check", "--select", "OUR") == ["OUR", "OUR101"]
    assert offered("check", "--payer", "E") == ["EXHP1"]
    assert offered("check", "--payer", "medicare") == ["medicare", "medicare_advantage"]
    Path("scrubber.toml").write_text("nonsense", encoding="utf-8")
    assert offered("explain", "DX102") == ["DX102"]


def test_tables(offered: Callable[..., list[str]], tmp_path: Path) -> None:
    assert offered("tables", "lookup", "icd10") == ["icd10cm", "icd10pcs"]
    (tmp_path / "mine" / "mpfs").mkdir(parents=True)
    (tmp_path / "mine" / "mpfs" / "2026.table").touch()
    (tmp_path / "scrubber.toml").write_text('tables = "mine"\n', encoding="utf-8")
    assert offered("tables", "verify", "mp") == ["mpfs"]
    assert offered("tables", "import", "--table", "") == sorted(KNOWN_TABLES)


def test_languages_and_files(offered: Callable[..., list[str]]) -> None:
    assert offered("check", "--language", "") == ["en", "es"]
    assert offered("check", "cl") == ["<file>"]


def test_the_kinds_of_payers_are_those_of_a_claim() -> None:
    assert get_args(PayerKind) == PAYER_KINDS


def test_nothing_heavy_is_loaded_for_it() -> None:
    code = (
        "import sys; from scrubber.cli import main; from click.shell_completion import ShellComplete\n"
        "found = ShellComplete(main, {}, 'scrubber', 'X').get_completions(['check', '--select'], 'DX')\n"
        "heavy = {'yaml', 'msgspec', 'rich', 'scrubber.rules', 'scrubber.tables', 'scrubber.claim'}\n"
        "print(len(found) > 20, sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True []\n"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs lines in a shell in which `scrubber` is this program."""
    program = tmp_path / "bin" / "scrubber"
    program.parent.mkdir()
    run = "from scrubber.cli import main; main(prog_name='scrubber')"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{run}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)

    def lines(name: str, script: str, *options: str) -> str:
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed")
        path = os.pathsep.join((str(program.parent), os.environ["PATH"]))
        environment = {**os.environ, "PATH": path, "HOME": str(tmp_path)}
        done = subprocess.run(
            [name, *options, "-c", script], env=environment, capture_output=True, text=True, timeout=240
        )
        assert done.stderr == ""
        return done.stdout

    return lines


def test_bash(shell: Callable[..., str]) -> None:
    ask = """
eval "$(scrubber completion bash)"
complete -p scrubber
for typed in "scrubber ex" "scrubber explain DX10" "scrubber check --format js"; do
  COMP_WORDS=($typed); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
  _scrubber_completion scrubber
  echo "${COMPREPLY[@]}"
done
"""
    registered, commands, rules, formats = shell("bash", ask, "--norc").splitlines()
    assert registered == "complete -o nosort -F _scrubber_completion scrubber"
    assert commands == "explain"
    assert rules.split()[:2] == ["DX101", "DX102"]
    assert formats.split() == ["json"]


def test_fish(shell: Callable[..., str]) -> None:
    ask = "scrubber completion fish | source; complete -C 'scrubber explain DX10'; complete -C 'scrubber ex'"
    told = [line.split("\t")[0] for line in shell("fish", ask, "--no-config").splitlines()]
    assert told[:2] == ["DX101", "DX102"]
    assert told[-1] == "explain"


def test_zsh(shell: Callable[..., str]) -> None:
    """Completion of zsh needs its line editor; here, that it takes the script and knows the function."""
    ask = 'autoload -Uz compinit && compinit -u -D; eval "$(scrubber completion zsh)"; print $_comps[scrubber]'
    assert shell("zsh", ask, "-f") == "_scrubber_completion\n"


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_script_says_where_to_put_it(call: Call, name: str) -> None:
    last = call("completion", name).stdout.splitlines()[-1]
    assert last.startswith("# ")
    assert f"scrubber completion {name}" in last


def test_another_shell(call: Call) -> None:
    result = call("completion", "tcsh")
    assert result.exit_code == 2
    assert "bash" in result.stderr
