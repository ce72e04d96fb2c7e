"""Layers as a user meets them: `--payer`, `explain`, the settings file, the list of hashes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Call = Callable[..., Result]

HEADER = """\
name: our-payer
version: "3"
title: A layer of a test
layer: {level: payer, over: [core]}
applies_to: {payers: [commercial], payer_ids: [P1]}
changelog:
  - {version: "3", date: 2026-09-01, rules: [DX102], from: 2026-10-01, what: A heading is returned.}
  - {version: "2", date: 2026-01-05, rules: [DX102], from: 2026-01-01, to: 2026-09-30, what: A trial.}
"""
OVERRIDES = """\
overrides:
  - rule: DX102
    from: 2026-10-01
    set: {severity: warning, risk: 0.3, message_note: See chapter 4.}
    reason: The plan returns such claims and does not deny them.
    reference: {title: Manual of the plan, url: "https://example.org/manual"}
    tests:
      - {name: a heading, claim: {dos: 2026-10-01, dx: [E11]}, fires_at: [diagnosis 1], severity: warning}
      - {name: a whole code, claim: {dos: 2026-10-01, dx: [E11.9]}, fires_at: []}
  - rule: DX141
    from: 2026-01-01
    set: {enabled: false}
    reason: The plan does not look at it.
    reference: {title: Manual of the plan}
"""


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    folder = tmp_path / "our-payer"
    folder.mkdir()
    (folder / "pack.yaml").write_text(HEADER, encoding="utf-8")
    (folder / "overrides.yaml").write_text(OVERRIDES, encoding="utf-8")
    return folder


class TestCheck:
    def test_payer_judges_every_claim_as_its_own(self, call: Call, layer: Path, faulty: Path) -> None:
        plain = call("check", faulty, "--pack", layer, "--select", "DX102")
        ours = call("check", faulty, "--pack", layer, "--select", "DX102", "--payer", "P1")
        assert (plain.exit_code, ours.exit_code) == (1, 0)
        assert "warning DX102" in ours.stdout
        assert "layer our-payer 3 set severity, risk, message note: The plan returns such claims" in ours.stdout

    def test_a_payer_that_no_pack_names_is_answered_with_the_nearest(
        self, call: Call, layer: Path, faulty: Path
    ) -> None:
        result = call("check", faulty, "--pack", layer, "--payer", "P11")
        assert result.exit_code == 2
        assert "Did you mean 'P1'" in result.stderr

    def test_a_variable_of_the_shell_that_is_not_set_is_no_payer(self, call: Call, layer: Path, faulty: Path) -> None:
        result = call("check", faulty, "--pack", layer, "--payer", "")
        assert result.exit_code == 2
        assert "the name is empty" in result.stderr

    def test_the_report_names_packs_levels_hashes_and_changes(self, call: Call, layer: Path, faulty: Path) -> None:
        result = call("check", faulty, "--pack", layer, "--select", "DX102", "--payer", "P1", "--format", "json")
        report = json.loads(result.stdout)
        core, ours = report["packs"]
        assert (core["name"], core["level"], len(core["hash"])) == ("core", "national", 64)
        assert (ours["name"], ours["version"], ours["level"]) == ("our-payer", "3", "payer")
        assert [change["date"] for change in ours["changes"]] == ["2026-09-01"]
        assert ours["switches_off"] == ["DX141"]
        (claim,) = report["claims"]
        assert claim["layers"] == [{"pack": "our-payer", "version": "3", "level": "payer", "undecided": None}]
        assert claim["findings"][0]["layers"][0]["set"] == ["severity", "risk", "message_note"]

    def test_a_layer_that_could_not_be_decided_is_told(
        self, call: Call, layer: Path, make_claim: Callable[..., dict[str, Any]], write_claims: Callable[..., Path]
    ) -> None:
        claims = write_claims(layer.parent / "claims.json", make_claim(payer={"kind": "commercial"}))
        result = call("check", claims, "--pack", layer, "--select", "DX102")
        assert "layer not decided: our-payer on 1 claim (payer.id is blank)" in result.stdout

    def test_only_packs_of_the_list_are_used(self, call: Call, layer: Path, clean: Path) -> None:
        listed = layer.parent / "approved.sha256"
        listed.write_text(call("rules", "list", "--pack", layer, "--hashes").stdout, encoding="utf-8")
        check = ("check", clean, "--pack", layer, "--select", "DX102", "--require-hashes", listed)
        assert call(*check).exit_code == 0
        overrides = layer / "overrides.yaml"
        overrides.write_text(OVERRIDES.replace("0.3", "0.0"), encoding="utf-8")
        changed = call(*check)
        assert changed.exit_code == 2
        assert f"{overrides}: the file differs from the list of hashes" in changed.stderr
        overrides.write_text(OVERRIDES, encoding="utf-8")
        (layer / "DX103-more.yaml").write_text((layer / "pack.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        assert call(*check).exit_code == 2

    @pytest.mark.parametrize("text", ["", "no hash\n", "1234  core/pack.yaml\n"])
    def test_what_is_no_list_of_hashes_is_refused(self, call: Call, layer: Path, clean: Path, text: str) -> None:
        listed = layer.parent / "approved.sha256"
        listed.write_text(text, encoding="utf-8")
        result = call("check", clean, "--pack", layer, "--require-hashes", listed)
        assert result.exit_code == 2
        assert "list of hashes" in result.stderr
        assert "Traceback" not in result.output


class TestExplain:
    def test_all_layers_of_a_rule_are_shown(self, call: Call, layer: Path) -> None:
        shown = call("explain", "DX102", "--pack", layer).stdout
        assert "our-payer 3 (payer; payers commercial; payer ids P1), from 2026-10-01" in shown
        assert "sets severity warning; risk 0.3; message note See chapter 4." in shown
        assert "https://example.org/manual" in shown
        assert "2026-01-05 our-payer 2, for 2026-01-01..2026-09-30: A trial." in shown
        assert re.search(r"error: [A-Z0-9.]+ is a heading", shown)

    def test_the_rule_is_shown_as_it_is_for_a_payer_on_a_day(self, call: Call, layer: Path) -> None:
        explain = ("explain", "DX102", "--pack", layer, "--payer", "P1", "--format", "json")
        before, after = (json.loads(call(*explain, "--as-of", day).stdout) for day in ("2026-09-30", "2026-10-01"))
        assert [rule["severity"] for rule in before["rules"]] == ["error"]
        assert [rule["severity"] for rule in after["rules"]] == ["warning"]
        assert after["rules"][0]["set_by"][0]["pack"] == "our-payer"
        assert [one["in_force"] for one in (before["layers"][0], after["layers"][0])] == [False, True]
        both = json.loads(call(*explain).stdout)
        assert [rule["effective"] for rule in both["rules"]] == [
            {"from": None, "to": "2026-09-30"},
            {"from": "2026-10-01", "to": None},
        ]

    def test_a_rule_that_is_switched_off_is_told_so(self, call: Call, layer: Path) -> None:
        shown = call("explain", "DX141", "--pack", layer, "--payer", "P1", "--as-of", "2026-06-01").stdout
        assert "A layer switches the rule off" in shown
        assert "sets enabled false" in shown

    def test_a_rule_for_other_payers_is_told_so(self, call: Call, layer: Path) -> None:
        assert "not for claims of this payer" in call("explain", "MOD185", "--pack", layer, "--payer", "P1").stdout

    def test_a_kind_of_payer_will_do(self, call: Call, layer: Path) -> None:
        shown = call("explain", "DX102", "--pack", layer, "--payer", "medicaid").stdout
        assert "not in force" in shown


class TestExamplesOfOverrides:
    def test_they_are_run_with_the_layer_in_place_and_nothing_else_is(self, call: Call, layer: Path) -> None:
        result = call("rules", "test", layer, "--format", "json")
        rows = json.loads(result.stdout)["tests"]
        assert [(row["rule"], row["test"], row["verdict"]) for row in rows] == [
            ("DX102", "a heading", "passed"),
            ("DX102", "a whole code", "passed"),
        ]

    def test_a_wrong_one_fails_at_its_line(self, call: Call, layer: Path) -> None:
        overrides = layer / "overrides.yaml"
        overrides.write_text(
            OVERRIDES.replace("severity: warning}\n      - ", "severity: error}\n      - "), encoding="utf-8"
        )
        result = call("rules", "test", layer)
        assert result.exit_code == 1
        assert "expected severity error, got warning" in result.stdout
        assert f"{overrides}:8" in result.stdout

    def test_one_that_cannot_be_read_is_a_mistake(self, call: Call, layer: Path) -> None:
        overrides = layer / "overrides.yaml"
        overrides.write_text(OVERRIDES.replace("dx: [E11]", "lines: ['99213 xx=1']"), encoding="utf-8")
        result = call("rules", "lint", layer)
        assert result.exit_code == 1
        assert "RL017" in result.stdout


class TestList:
    def test_the_packs_are_shown(self, call: Call, layer: Path) -> None:
        result = call("rules", "list", "--pack", layer)
        assert "pack our-payer 3 (payer over core): A layer of a test; rules: 0, overrides: 2" in result.stdout
        listed = json.loads(call("rules", "list", "--pack", layer, "--format", "json").stdout)
        assert [pack["name"] for pack in listed["packs"]] == ["core", "our-payer"]


class TestSettings:
    @pytest.fixture
    def work(self, tmp_path: Path, layer: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        folder = tmp_path / "below" / "this"
        folder.mkdir(parents=True)
        monkeypatch.chdir(folder)
        return tmp_path

    @pytest.mark.parametrize(
        ("name", "head"), [("scrubber.toml", ""), ("pyproject.toml", "[project]\nname = 'x'\n\n[tool.scrubber]\n")]
    )
    def test_they_are_found_upwards_and_paths_are_seen_from_them(
        self, call: Call, work: Path, faulty: Path, name: str, head: str
    ) -> None:
        (work / name).write_text(f'{head}packs = ["our-payer"]\npayer = "P1"\n', encoding="utf-8")
        result = call("check", faulty, "--select", "DX102")
        assert result.exit_code == 0
        assert "warning DX102" in result.stdout
        assert f"settings from {work / name}" in result.stderr
        assert '"our-payer"' in call("explain", "DX102", "--format", "json").stdout

    def test_an_option_wins_over_them(self, call: Call, work: Path, faulty: Path) -> None:
        (work / "scrubber.toml").write_text('packs = ["our-payer"]\npayer = "P1"\n', encoding="utf-8")
        assert call("check", faulty, "--select", "DX102", "--payer", "medicare").exit_code == 1
        assert call("check", faulty, "--select", "DX102", "--pack", "core", "--payer", "medicare").exit_code == 1

    def test_a_project_without_them_is_passed_over(self, call: Call, work: Path, faulty: Path) -> None:
        (work / "below" / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
        (work / "scrubber.toml").write_text('packs = ["our-payer"]\n', encoding="utf-8")
        assert "settings from" in call("check", faulty, "--select", "DX102").stderr

    @pytest.mark.parametrize(("text", "message"), [("tool = 3", None), ("[tool]\nscrubber = 3", "must be a table")])
    def test_a_project_file_of_another_shape(
        self, call: Call, work: Path, faulty: Path, text: str, message: str | None
    ) -> None:
        (work / "pyproject.toml").write_text(text, encoding="utf-8")
        result = call("check", faulty, "--select", "DX102")
        assert result.exit_code == (1 if message is None else 2)
        assert (message or "") in result.stderr

    def test_a_folder_without_a_pack_does_not_stand_for_the_shipped_one(
        self, call: Call, work: Path, faulty: Path
    ) -> None:
        (work / "core").mkdir()
        (work / "scrubber.toml").write_text('packs = ["core"]\n', encoding="utf-8")
        assert call("check", faulty, "--select", "DX102").exit_code == 1

    @pytest.mark.parametrize("command", ["check", "explain"])
    def test_a_payer_of_theirs_that_the_packs_do_not_know_is_told_with_the_file(
        self, call: Call, work: Path, faulty: Path, command: str
    ) -> None:
        path = work / "scrubber.toml"
        path.write_text('payer = "P1"\n', encoding="utf-8")
        result = call(command, faulty if command == "check" else "DX102", "--pack", "core")
        assert result.exit_code == 2
        assert f"{path}:1: no payer is called 'P1'" in result.stderr
        assert "--payer" in result.stderr

    @pytest.mark.parametrize(
        ("text", "line", "message", "hint"),
        [
            ('packs = ["core"]\npayr = "P1"\n', 2, "'payr'", "'payer'"),
            ("packs = 7\n", 1, "must be a list", "For example"),
            ("\npayer = 60054\n", 2, "must be text", "For example"),
            ('tables = ""\n', 1, "must be text", "For example"),
        ],
    )
    def test_a_mistake_is_told_with_its_line(
        self, call: Call, work: Path, faulty: Path, text: str, line: int, message: str, hint: str
    ) -> None:
        path = work / "scrubber.toml"
        path.write_text(text, encoding="utf-8")
        result = call("check", faulty)
        assert result.exit_code == 2
        assert f"{path}:{line}: " in result.stderr
        assert message in result.stderr
        assert hint in result.stderr

    def test_what_is_no_toml_is_told(self, call: Call, work: Path, faulty: Path) -> None:
        (work / "scrubber.toml").write_text("packs = [core]\n", encoding="utf-8")
        result = call("check", faulty)
        assert result.exit_code == 2
        assert "this is not TOML" in result.stderr

    def test_tables_and_hashes_are_seen_from_them(self, call: Call, work: Path, faulty: Path) -> None:
        (work / "scrubber.toml").write_text('tables = "mine"\nrequire_hashes = "none.sha256"\n', encoding="utf-8")
        result = call("check", faulty)
        assert result.exit_code == 2
        assert str(work / "mine") in result.stderr
        assert "scrubber.toml" in result.stderr
        (work / "mine").mkdir()
        assert str(work / "none.sha256") in call("check", faulty).stderr

    def test_the_library_does_not_look_for_them(self, work: Path, shipped_tables: Any) -> None:
        from scrubber import Scrubber

        (work / "scrubber.toml").write_text("nonsense", encoding="utf-8")
        assert Scrubber.load(tables=shipped_tables, select=["DX102"]).packs[0].name == "core"
