"""`scrubber explain` and `scrubber rules`: a rule on one page, all rules in a list, mistakes with their place."""

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
def pack(tmp_path: Path) -> Path:
    """A pack of one rule, to be damaged."""
    folder = tmp_path / "ours"
    folder.mkdir()
    core = content_folder("rules") / "core"
    shutil.copy(core / "pack.yaml", folder)
    shutil.copy(next(core.rglob("DX102-*.yaml")), folder / "DX102.yaml")
    return folder


class TestExplain:
    @pytest.mark.parametrize("name", ["DX102", "dx102", "dx-not-billable"])
    def test_by_id_and_by_name(self, call: Call, name: str) -> None:
        result = call("explain", name)
        assert result.exit_code == 0
        for part in ("DX102 dx-not-billable", "Why", "Fires when", "Says", "Authority", "Examples"):
            assert part in result.stdout

    def test_conditions_and_examples_read_as_sentences(self, call: Call) -> None:
        text = call("explain", "CLM107").stdout
        assert "  what the claim says of an accident is not blank\n" in text
        assert "  when all of this holds:\n    date of the accident is blank\n" in text
        assert "auto without date (accident: {auto: " in text

    def test_what_to_ask_and_what_a_front_end_answers(self, call: Call) -> None:
        answered, asked = call("explain", "PRV102").stdout, call("explain", "MOD180").stdout
        assert "277CA: A7:562:82 (invalid: NPI of the rendering provider)" in answered
        assert "ask the clinician: How does the plan of treatment describe 98941" in asked
        assert "277CA" not in asked
        assert "ask the clinician" not in answered

    def test_as_json(self, call: Call) -> None:
        rules = json.loads(call("explain", "DX102", "--format", "json").stdout)["rules"]
        assert [rule["id"] for rule in rules] == ["DX102"]
        assert rules[0]["severity"] == "error"
        assert rules[0]["when"]
        assert rules[0]["cases"][0]["message"]
        assert rules[0]["tests"]

    def test_a_dated_constant_has_its_value_of_the_day(self, call: Call, tmp_path: Path) -> None:
        folder = tmp_path / "ours"
        made = ("--kind", "units-per-day", "--codes", "97110", "--limit", "4", "--id", "OUR101", "--reference", "P 7")
        assert call("rules", "new", "--pack", folder, *made, "--yes").exit_code == 0
        path = next(folder.glob("OUR101-*.yaml"))
        text = path.read_text(encoding="utf-8").replace("{more_than: 4}", "{more_than: $params.most}")
        params = "params: {most: {2026-01-01: 4, 2026-07-01: 6}}\nwhen:"
        path.write_text(text.replace("when:", params, 1), encoding="utf-8")
        explain = ("explain", "OUR101", "--pack", folder)
        assert "more than 4 (most)" in call(*explain, "--as-of", "2026-06-30").stdout
        assert "more than 6 (most)" in call(*explain, "--as-of", "2026-07-01").stdout
        assert "more than 4 from 2026-01-01; then 6 from 2026-07-01 (most)" in call(*explain).stdout

    def test_an_unknown_rule(self, call: Call) -> None:
        result = call("explain", "dx-not-bilable")
        assert result.exit_code == 2
        assert "Did you mean 'dx-not-billable'?" in result.stderr


class TestList:
    def test_a_row_for_each_rule(self, call: Call) -> None:
        result = call("rules", "list")
        assert result.exit_code == 0
        assert result.stdout.splitlines()[0].split() == ["id", "name", "severity", "status", "family", "title"]
        assert "DX102" in result.stdout

    def test_as_json(self, call: Call) -> None:
        rules = json.loads(call("rules", "list", "--format", "json").stdout)["rules"]
        row = next(rule for rule in rules if rule["id"] == "DX102")
        assert (row["name"], row["severity"], row["family"]) == ("dx-not-billable", "error", "dx")


class TestLint:
    def test_a_pack_without_mistakes(self, call: Call, pack: Path) -> None:
        result = call("rules", "lint", pack)
        assert (result.exit_code, result.stdout) == (0, "")

    def test_a_mistake_has_its_place_and_the_right_word(self, call: Call, pack: Path) -> None:
        rule = pack / "DX102.yaml"
        text = rule.read_text(encoding="utf-8")
        rule.write_text(text.replace("severity:", "severty:", 1), encoding="utf-8")
        result = call("rules", "lint", pack)
        assert result.exit_code == 1
        place, _, rest = result.stdout.splitlines()[0].partition(": ")
        assert place.rsplit(":", 2)[0].endswith("DX102.yaml")
        assert rest.startswith("RL")
        assert "severity" in result.stdout

    def test_as_json(self, call: Call, pack: Path) -> None:
        (pack / "DX102.yaml").write_text("id: DX102\nid: DX102\n", encoding="utf-8")
        result = call("rules", "lint", pack, "--format", "json")
        assert result.exit_code == 1
        problem = json.loads(result.stdout)["problems"][0]
        assert list(problem) == ["file", "line", "column", "id", "name", "severity", "message", "hint", "fixable"]

    def test_an_unknown_pack(self, call: Call) -> None:
        result = call("rules", "lint", "coer")
        assert result.exit_code == 2
        assert "Did you mean 'core'?" in result.stderr

    def test_check_refuses_a_pack_with_mistakes(self, call: Call, pack: Path, clean: Path) -> None:
        (pack / "DX102.yaml").write_text("id: DX102\n", encoding="utf-8")
        result = call("check", clean, "--pack", pack)
        assert result.exit_code == 2
        assert "DX102.yaml" in result.stderr
        assert "Traceback" not in result.output


class TestTest:
    def test_the_examples_of_a_rule(self, call: Call, pack: Path) -> None:
        result = call("rules", "test", pack)
        assert (result.exit_code, result.stdout) == (0, "")
        assert "0 failed" in result.stderr

    def test_a_failure_is_a_sentence_with_its_place(self, call: Call, pack: Path) -> None:
        rule = pack / "DX102.yaml"
        text = rule.read_text(encoding="utf-8")
        rule.write_text(text.replace("fires_at: [diagnosis 1]", "fires_at: [diagnosis 2]", 1), encoding="utf-8")
        result = call("rules", "test", pack)
        assert result.exit_code == 1
        assert "FAILED   DX102 dx-not-billable, example 'a category':" in result.stdout
        assert "expected to fire at diagnosis 2, fired at diagnosis 1" in result.stdout
        assert "DX102.yaml:" in result.stdout

    def test_as_json(self, call: Call, pack: Path) -> None:
        document = json.loads(call("rules", "test", pack, "--format", "json").stdout)
        assert document["summary"]["passed"] == len(document["tests"])
        assert document["tests"][0]["rule"] == "DX102"

    def test_only_what_is_selected(self, call: Call, pack: Path) -> None:
        assert call("rules", "test", pack, "--select", "dx-not-billable").exit_code == 0
        unknown = call("rules", "test", pack, "--select", "dx-not-bilable")
        assert unknown.exit_code == 2
        assert "Did you mean 'dx-not-billable'?" in unknown.stderr


class TestCommands:
    def test_an_unknown_command(self, call: Call) -> None:
        result = call("chekc")
        assert result.exit_code == 2
        assert "Did you mean 'check'?" in result.stderr

    def test_help_names_what_there_is(self, call: Call) -> None:
        result = call("--help")
        assert result.exit_code == 0
        for name in ("check", "explain", "init", "rules", "tables"):
            assert name in result.stdout

    def test_version(self, call: Call) -> None:
        assert call("--version").stdout.startswith("scrubber ")
