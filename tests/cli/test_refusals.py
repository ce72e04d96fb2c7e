"""What would look like a pass, or destroy something, is refused with a sentence and exit code 2."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.cli.programs import PROGRAM

from scrubber.rules.pack_places import pack_folder

Call = Callable[..., Result]
Write = Callable[..., Path]

POSIX = pytest.mark.skipif(os.name == "nt", reason="links, signals and closed streams are a matter of POSIX systems")
DX102 = ("--select", "DX102", "--as-of", "2026-11-01")


class TestOutputBesideInputs:
    def test_the_claims_are_never_overwritten(self, call: Call, clean: Path) -> None:
        before = clean.read_bytes()
        for argument in (clean, clean.parent):
            result = call("check", argument, *DX102, "--output", clean)
            assert result.exit_code == 2
            assert "one of the inputs" in result.stderr
            assert "another name" in result.stderr
        assert clean.read_bytes() == before

    @POSIX
    def test_nor_through_a_link(self, call: Call, clean: Path) -> None:
        link = clean.with_name("report.txt")
        link.symlink_to(clean)
        assert call("check", clean, *DX102, "--output", link).exit_code == 2

    @pytest.mark.parametrize("name", ["text", "json", "ndjson", "sarif", "junit", "csv"])
    def test_a_folder_can_be_checked_again_with_its_report_in_it(self, call: Call, clean: Path, name: str) -> None:
        report = clean.parent / "report"
        arguments = ("check", clean.parent, *DX102, "--format", name, "--output", report)
        assert call(*arguments).exit_code == 0
        first = report.read_bytes()
        result = call(*arguments)
        assert result.exit_code == 0
        assert "an earlier report, not claims" in result.stderr
        assert report.read_bytes() == first

    def test_a_folder_that_holds_only_the_report(self, call: Call, clean: Path) -> None:
        report = clean.parent / "report"
        arguments = ("check", clean.parent, *DX102, "--output", report)
        call(*arguments)
        clean.unlink()
        assert call(*arguments).exit_code == 2

    @pytest.mark.parametrize("name", ["text", "json", "ndjson", "sarif", "junit", "csv"])
    @pytest.mark.parametrize("more", [(), ("--statistics",)])
    def test_a_report_read_as_claims_is_recognised(
        self, call: Call, clean: Path, faulty: Path, name: str, more: tuple[str, ...]
    ) -> None:
        for checked in (clean, faulty):
            report = checked.parent / "old-report"
            call("check", checked, *DX102, "--format", name, *more, "--output", report)
            result = call("check", report, *DX102)
            assert result.exit_code == 2
            assert "a report of Claim Scrubber, not claims" in result.stderr

    def test_a_folder_that_is_not_there_is_named(self, call: Call, clean: Path) -> None:
        result = call("check", clean, *DX102, "--output", clean.parent / "absent" / "report")
        assert result.exit_code == 2
        assert f"{clean.parent / 'absent'}: there is no such folder. Make it first" in result.stderr

    def test_an_empty_name(self, call: Call, clean: Path) -> None:
        result = call("check", clean, *DX102, "--output", "")
        assert result.exit_code == 2
        assert "the name is empty" in result.stderr


class TestNothingToCheck:
    def test_an_empty_path_is_not_the_current_folder(
        self, call: Call, clean: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(clean.parent)
        result = call("check", "", *DX102)
        assert result.exit_code == 2
        assert "the name is empty" in result.stderr
        assert "0 claims" in result.stdout

    @pytest.mark.parametrize("text", ["[]", " [ ]\n"])
    def test_a_list_without_claims(self, call: Call, text: str) -> None:
        result = call("check", "-", *DX102, input=text)
        assert result.exit_code == 2
        assert "holds no claims" in result.stderr

    def test_no_rule_is_left(self, call: Call, clean: Path) -> None:
        result = call("check", clean, "--select", "DX", "--ignore", "dx")
        assert result.exit_code == 2
        assert "no rule is left" in result.stderr

    def test_a_draft_is_called_one(self, call: Call, clean: Path, write_rule: Write) -> None:
        pack = write_rule('when: [{line.units: {is: "1"}}]\n')
        pack.write_text(pack.read_text(encoding="utf-8").replace("status: stable", "status: draft"), encoding="utf-8")
        for chosen in ("TST101", "test-rule"):
            result = call("check", clean, "--pack", pack.parent, "--select", chosen)
            assert result.exit_code == 2
            assert "TST101 is a draft" in result.stderr
            assert "preview or stable" in result.stderr

    def test_a_folder_without_tables_is_told(self, call: Call, clean: Path, tmp_path: Path) -> None:
        empty = tmp_path / "empty"
        empty.mkdir()
        result = call("check", clean, *DX102, "--tables", empty)
        assert result.exit_code == 0
        assert "holds no tables" in result.stderr

    def test_two_packs_with_one_id(self, call: Call, clean: Path, tmp_path: Path) -> None:
        mine = tmp_path / "mine"
        mine.mkdir()
        (mine / "pack.yaml").write_text('name: mine\nversion: "1"\ntitle: Mine\n', encoding="utf-8")
        shipped = pack_folder("core") / "DX102-dx-not-billable.yaml"
        shutil.copy(shipped, mine)
        for command in (("check", clean), ("rules", "list")):
            result = call(*command, "--pack", "core", "--pack", mine)
            assert result.exit_code == 2
            assert str(mine / shipped.name) in result.stderr
            assert str(shipped) in result.stderr
        result = call("rules", "lint", "core", mine)
        assert result.exit_code == 1
        assert "RL012" in result.stdout

    def test_a_pack_that_is_named_twice_is_read_once(self, call: Call, faulty: Path) -> None:
        result = call("check", faulty, *DX102, "--pack", "core", "--pack", pack_folder("core"), "--format", "json")
        report = json.loads(result.stdout)
        assert [pack["name"] for pack in report["packs"]] == ["core"]
        assert report["summary"]["by_rule"] == {"DX102": 1}


class TestHints:
    def test_a_missing_file_and_an_empty_folder(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        result = call("check", tmp_path / "absent", tmp_path / "empty", *DX102, "--format", "json")
        hints = [claim["errors"][0]["hint"] for claim in json.loads(result.stdout)["claims"]]
        assert "spelling" in hints[0]
        assert "dot" in hints[1]

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
    def test_a_file_that_nobody_may_read(self, call: Call, clean: Path) -> None:
        clean.chmod(0)
        assert "Check who may read" in call("check", clean, *DX102).stderr

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ("DX999", "Known of DX: DX101, "),
            ("QQQ999", "Ids begin with "),
            ("dx-not-bilable", "'dx-not-billable'"),
            ("wholly-else", "Known: "),
        ],
    )
    def test_the_nearest_rule(self, call: Call, asked: str, told: str) -> None:
        result = call("explain", asked)
        assert result.exit_code == 2
        assert told in result.stderr
        assert len(result.stderr) < 400


def test_broken_json_has_its_place_in_both_reports(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text('{\n  "lines": [}', encoding="utf-8")
    error = json.loads(call("check", path, *DX102, "--format", "json").stdout)["claims"][0]["errors"][0]
    assert error["position"] == {"line": 2, "column": 13}
    assert "line 2 column 13: this is not JSON" in call("check", path, *DX102).stdout


def test_a_hint_that_is_not_there_is_null(call: Call, tmp_path: Path) -> None:
    result = call("check", "-", *DX102, "--format", "json", input='{"claim_id": "A"}')
    assert json.loads(result.stdout)["claims"][0]["errors"][0]["hint"] is None


@POSIX
class TestClosedStreams:
    @pytest.mark.parametrize(
        ("redirection", "told"),
        [("<&-", "standard input is closed"), (">&-", "standard output is closed")],
    )
    def test_a_closed_stream_is_no_fault_of_ours(self, redirection: str, told: str) -> None:
        shell = f'"$@" check - --select DX102 {redirection}'
        result = subprocess.run(
            ["sh", "-c", shell, "sh", *PROGRAM], input="{}", capture_output=True, text=True, check=False
        )
        assert result.returncode == 2
        assert told in result.stderr
        assert "fault of ours" not in result.stderr

    def test_nobody_has_to_listen_to_the_talk(self, clean: Path) -> None:
        result = subprocess.run(
            ["sh", "-c", '"$@" 2>&-', "sh", *PROGRAM, "check", str(clean), *DX102],
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0
        assert "1 claim: 1 pass" in result.stdout

    def test_a_request_to_end_leaves_no_unfinished_file(self, tmp_path: Path, make_claim: Callable[..., Any]) -> None:
        process = subprocess.Popen(
            [*PROGRAM, "check", "-", *DX102[:2], "--output", str(tmp_path / "report")],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stderr is not None
        process.stderr.readline()
        deadline = time.monotonic() + 120
        while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert list(tmp_path.iterdir())
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=240)
        assert process.returncode == 143
        assert list(tmp_path.iterdir()) == []
