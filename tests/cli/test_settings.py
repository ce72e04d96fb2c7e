"""Settings of a project as defaults of `scrubber check`, and how a user sees which are in force."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result
from hypothesis import example, given
from hypothesis import strategies as st

from scrubber.cli import main
from scrubber.cli.settings import SETTINGS, find_settings, read_settings
from scrubber.errors import ScrubberError

Call = Callable[..., Result]

NOT_LASTING = {
    *("--output", "--as-of", "--why", "--fix", "--diff", "--watch", "--write-baseline", "--debug"),
    *("--settings", "--no-settings", "--show-settings"),
}
"""Options of `check` that are about one run, or about the settings themselves."""

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str, name: str = "scrubber.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def options_of_check() -> dict[str, click.Parameter]:
    check = main.commands["check"]
    return {name: option for option in check.params if isinstance(option, click.Option) for name in option.opts}


def test_every_lasting_option_of_check_is_a_setting() -> None:
    """A new option of `check` needs a line in SETTINGS, or it is about one run and stands in NOT_LASTING."""
    settings = {setting.option for setting in SETTINGS}
    assert options_of_check().keys() - NOT_LASTING <= settings
    assert settings <= options_of_check().keys()


def test_the_example_of_every_setting_can_be_used(call: Call, work: Path) -> None:
    write(work, "".join(f"{setting.name} = {setting.example}\n" for setting in SETTINGS))
    result = call("check", "--show-settings", "--format", "json")
    assert result.exit_code == 0, result.stderr
    origins = {one["name"]: one["origin"] for one in json.loads(result.stdout)["settings"]}
    assert origins == {setting.name: "option" if setting.name == "format" else "file" for setting in SETTINGS}


class TestDefaults:
    def test_they_are_what_the_options_would_be(self, call: Call, work: Path, faulty: Path) -> None:
        write(work, 'format = "json"\nselect = ["DX102"]\nmin_risk = 0.99\n')
        result = call("check", faulty)
        assert result.exit_code == 0
        assert json.loads(result.stdout)["summary"]["findings"] == 0
        write(work, 'format = "json"\nselect = "DX102"\nfail_on = "never"\n')
        result = call("check", faulty)
        assert result.exit_code == 0
        assert json.loads(result.stdout)["summary"]["by_rule"] == {"DX102": 1}

    def test_options_win(self, call: Call, work: Path, faulty: Path) -> None:
        write(work, 'format = "json"\nselect = ["DX101"]\nstatistics = true\nfail_on = "never"\nquiet = true\n')
        options = ("--format", "text", "--select", "DX102", "--no-statistics", "--fail-on", "error", "--no-quiet")
        result = call("check", faulty, *options)
        assert result.exit_code == 1
        assert "error   DX102" in result.stdout
        assert "Statistics" not in result.stdout
        assert "settings from" in result.stderr

    def test_none_are_read_where_none_are_wanted(self, call: Call, work: Path, faulty: Path) -> None:
        write(work, "nonsense")
        assert call("check", faulty, "--no-settings", "--select", "DX102").exit_code == 1
        assert call("rules", "list", "--no-settings").exit_code == 0
        assert call("rules", "list").exit_code == 2

    def test_a_file_can_be_named(self, call: Call, work: Path, faulty: Path) -> None:
        write(work, "nonsense")
        named = write(work, 'fail_on = "never"\n', "ci.toml")
        result = call("check", faulty, "--settings", named, "--select", "DX102")
        assert result.exit_code == 0
        assert "settings from" in result.stderr
        project = write(work, "[project]\n", "pyproject.toml")
        assert "there is no [tool.scrubber]" in call("check", faulty, "--settings", project).stderr
        assert "No such file" in call("check", faulty, "--settings", work / "none.toml").stderr

    @pytest.mark.parametrize("turned", [False, True])
    def test_a_file_and_none_contradict_each_other(self, call: Call, work: Path, faulty: Path, turned: bool) -> None:
        named, none = ("--settings", "a.toml"), ("--no-settings",)
        order = (*none, *named) if turned else (*named, *none)
        write(work, "", "a.toml")
        result = call("check", faulty, *order)
        assert result.exit_code == 2
        assert "contradict" in result.stderr

    def test_other_commands_do_not_mind_what_is_for_check(self, call: Call, work: Path) -> None:
        write(work, 'format = "json"\nselect = ["DX102"]\n')
        assert "DX101" in call("rules", "list").stdout

    def test_help_and_version_need_no_settings(self, call: Call, work: Path) -> None:
        write(work, "nonsense")
        assert call("check", "--help").exit_code == 0
        assert call("--version").exit_code == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('fail_on = "eror"', "fail_on: no value is called 'eror'. Did you mean 'error'?"),
        ('fail-on = "error"', "Did you mean 'fail_on'?"),
        ("min_risk = 3", "min_risk: '3' is not a number from 0 to 1."),
        ("min_risk = nan", "min_risk: 'nan' is not a number from 0 to 1."),
        ('min_risk = "0.2"', "min_risk must be a number, without quotes."),
        ('quiet = "yes"', "quiet must be true or false"),
        ("select = [3]", "select must be a list of texts in quotes. For example select = "),
        ('select = ["DX1022"]', "no rule or family is called 'DX1022'. Did you mean 'DX122'? Mend it there"),
        ('packs = ["coer"]', "no pack is called 'coer'. Did you mean 'core'?"),
        ('language = "xx"', "no language is called 'xx'."),
        ("select = {DX102 = 1}", "select must be a list of texts in quotes."),
        ("packs = 2026-01-01", "packs must be a list of names or folders."),
        ('tables = "~nobody-of-this-name/x"', "tables must be a path with the home folder of somebody who exists."),
        ("[scrubber]", "the settings stand at the top"),
        ("fail_on == 1", "this is not TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line(call: Call, work: Path, faulty: Path, line: str, told: str) -> None:
    path = write(work, f"# ours\n\n{line}\n")
    result = call("check", faulty)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"{path}:3:" in result.stderr
    assert told in result.stderr


@pytest.mark.parametrize(
    "text",
    [
        '[tool.other]\nfail_on = 1\n[tool.scrubber] # ours\n\nfail_on = "eror"\n',
        '[tool]\n# x\n\n\nscrubber.fail_on = "eror"\n',
        '[ tool . "scrubber" ]\n\n\n\n"fail_on" = "eror"\n',
    ],
)
def test_the_line_is_found_however_a_project_file_is_written(call: Call, work: Path, faulty: Path, text: str) -> None:
    path = write(work, text, "pyproject.toml")
    assert f"{path}:5: fail_on: " in call("check", faulty).stderr


@given(
    text=st.text()
    | st.dictionaries(
        st.sampled_from([setting.name for setting in SETTINGS]) | st.text(),
        st.text() | st.floats() | st.lists(st.text() | st.integers()) | st.booleans() | st.just({"a": "b"}),
    ).map(lambda document: "".join(f"{json.dumps(key)} = {_toml(value)}\n" for key, value in document.items()))
)
@example(text="x = " + "[" * 10_000)
@example(text='tables = "~nobody-of-this-name"')
@example(text='packs = ["a\\u0000b", "~x/y"]')
def test_whatever_is_in_the_file_nothing_but_our_error_comes_of_it(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with suppress(ScrubberError):
        assert read_settings(path).path == path


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return '{a = "b"}'
    return str(value).lower() if isinstance(value, float) else json.dumps(value)


class TestShowSettings:
    def test_each_says_where_it_comes_from(self, call: Call, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(work, 'packs = ["core", "./ours"]\ntables = "old"\nfail_on = "warning"\npayer = "medicare"\n')
        monkeypatch.setenv("SCRUBBER_TABLES", str(work / "new"))
        result = call("check", "--show-settings", "--payer", "medicaid")
        assert result.exit_code == 0
        rows = {line.split()[0]: line for line in result.stdout.splitlines()[3:]}
        assert list(rows) == [setting.name for setting in SETTINGS]
        assert f'["core","{work / "ours"}"]' in rows["packs"]
        assert rows["packs"].endswith("scrubber.toml:1")
        assert rows["payer"].endswith("option --payer")
        assert "medicaid" in rows["payer"]
        assert rows["tables"].endswith("environment SCRUBBER_TABLES")
        assert str(work / "new") in rows["tables"]
        assert rows["fail_on"].endswith("scrubber.toml:3")
        assert rows["engine"].endswith("default")

    def test_what_is_shown_is_what_a_run_uses(self, call: Call, work: Path, faulty: Path) -> None:
        write(work, 'select = ["DX102"]\nfail_on = "never"\n')
        shown = json.loads(call("check", "--show-settings", "--format", "json").stdout)
        values: dict[str, Any] = {one["name"]: one["value"] for one in shown["settings"]}
        assert values["select"] == ["DX102"]
        assert values["fail_on"] == "never"
        assert shown["file"] == str(work / "scrubber.toml")

    def test_without_a_file(self, call: Call, work: Path) -> None:
        shown = json.loads(call("check", "--show-settings", "--format", "json", "--no-settings").stdout)
        assert shown["file"] is None
        assert {one["origin"] for one in shown["settings"]} == {"default", "option"}
        assert "no scrubber.toml" in call("check", "--show-settings", "--no-settings").stdout

    def test_a_format_of_the_file_has_no_say(self, call: Call, work: Path) -> None:
        write(work, 'format = "json"\n')
        assert call("check", "--show-settings").stdout.startswith("settings from scrubber.toml\n")

    def test_nothing_of_it_steers_a_terminal(self, call: Call, work: Path) -> None:
        write(work, 'select = ["\\u001b[2J"]\n')
        assert "\x1b" not in call("check", "--show-settings").stdout

    def test_without_it_a_path_is_needed(self, call: Call, work: Path) -> None:
        result = call("check")
        assert result.exit_code == 2
        assert "Missing argument" in result.stderr


def test_a_home_folder_is_understood(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(work / "home"))
    write(work, 'tables = "~/tables"\n')
    assert find_settings(work).tables == work / "home" / "tables"


def test_the_page_names_every_setting_with_its_option_and_an_example() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        variable = f", `${setting.variable}`" if setting.variable else ""
        row = f"| `{setting.name} = {setting.example}` | `{setting.option}`{variable} | {setting.says} |"
        assert row in page, row
