"""`scrubber check`: exit codes, what goes where, and that one bad input never hides the others."""

from __future__ import annotations

import json
import os
import stat
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import Result

from scrubber.cli.check import FORMATS, INPUT_FORMATS
from scrubber.readers import InputFormat
from scrubber.report import formats
from scrubber.scrub import Scrubber

Call = Callable[..., Result]
Write = Callable[..., Path]
Make = Callable[..., dict[str, Any]]

LINKS = pytest.mark.skipif(os.name == "nt", reason="links and pipes are a matter of POSIX systems")

DX102 = ("--select", "DX102", "--as-of", "2026-11-01")


class TestExitCode:
    def test_no_findings(self, call: Call, clean: Path) -> None:
        assert call("check", clean, *DX102).exit_code == 0

    def test_an_error(self, call: Call, faulty: Path) -> None:
        assert call("check", faulty, *DX102).exit_code == 1

    def test_an_error_that_nothing_shall_fail_on(self, call: Call, faulty: Path) -> None:
        result = call("check", faulty, *DX102, "--fail-on", "never")
        assert result.exit_code == 0
        assert "DX102" in result.stdout

    def test_errors_also_count_where_warnings_do(self, call: Call, faulty: Path) -> None:
        assert call("check", faulty, *DX102, "--fail-on", "warning").exit_code == 1

    def test_a_missing_file(self, call: Call, clean: Path, tmp_path: Path) -> None:
        result = call("check", tmp_path / "absent.837", clean, *DX102)
        assert result.exit_code == 2
        assert "absent.837: there is no such file or folder." in result.stderr
        assert "1 claim: 1 pass" in result.stdout

    def test_an_unreadable_claim_outweighs_findings(
        self, call: Call, tmp_path: Path, write_claims: Write, make_claim: Make
    ) -> None:
        path = write_claims(tmp_path / "mixed.json", make_claim("A"), make_claim("B", "E11"))
        path.write_text(path.read_text() + "{broken\n", encoding="utf-8")
        result = call("check", path, *DX102, "--format", "json")
        assert result.exit_code == 2
        report = json.loads(result.stdout)
        assert [claim["claim_id"] for claim in report["claims"]] == ["A", "B", None]
        assert report["summary"]["unreadable"] == 1
        assert report["summary"]["by_rule"] == {"DX102": 1}

    def test_no_path(self, call: Call) -> None:
        assert call("check").exit_code == 2


class TestInputs:
    def test_a_folder_is_read_in_order_and_hidden_files_are_not(
        self, call: Call, tmp_path: Path, write_claims: Write, make_claim: Make
    ) -> None:
        for name in ("b/2.json", "c.json", "a.json", "b/1.json", ".hidden.json", ".git/x.json"):
            write_claims(tmp_path / "in" / name, make_claim(name))
        result = call("check", tmp_path / "in", *DX102, "--format", "ndjson")
        assert [json.loads(line)["claim_id"] for line in result.stdout.splitlines()] == [
            "a.json",
            "b/1.json",
            "b/2.json",
            "c.json",
        ]
        assert result.exit_code == 0

    def test_a_file_of_a_folder_that_holds_no_claims_is_named(
        self, call: Call, tmp_path: Path, write_claims: Write, make_claim: Make
    ) -> None:
        write_claims(tmp_path / "in" / "claims.json", make_claim("A"))
        (tmp_path / "in" / "notes.txt").write_text("Call the clearing house.", encoding="utf-8")
        result = call("check", tmp_path / "in", *DX102, "--format", "json")
        assert result.exit_code == 2
        assert "notes.txt" in result.stderr
        entries = json.loads(result.stdout)["claims"]
        assert [entry["claim_id"] for entry in entries] == ["A", None]
        assert entries[1]["decision"] == "hold"
        assert entries[1]["errors"][0]["message"]

    @LINKS
    def test_links_are_followed_and_never_in_a_circle(
        self, call: Call, tmp_path: Path, write_claims: Write, make_claim: Make
    ) -> None:
        write_claims(tmp_path / "elsewhere" / "b.json", make_claim("B"))
        write_claims(tmp_path / "in" / "a.json", make_claim("A"))
        (tmp_path / "in" / "link").symlink_to(tmp_path / "elsewhere")
        (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "in")
        result = call("check", tmp_path / "in", *DX102, "--format", "json")
        assert result.exit_code == 0
        assert json.loads(result.stdout)["summary"]["claims"] == 2

    @LINKS
    def test_a_link_that_leads_nowhere_is_named(
        self, call: Call, tmp_path: Path, write_claims: Write, make_claim: Make
    ) -> None:
        write_claims(tmp_path / "in" / "a.json", make_claim("A"))
        (tmp_path / "in" / "gone.json").symlink_to(tmp_path / "absent")
        result = call("check", tmp_path / "in", *DX102)
        assert result.exit_code == 2
        assert "gone.json: this is neither a file nor a folder" in result.stderr

    @pytest.mark.skipif(sys.platform != "linux", reason="only here may a file have such a name")
    def test_a_file_name_that_is_not_utf8(self, call: Call, faulty: Path) -> None:
        odd = faulty.rename(faulty.parent / os.fsdecode(b"caf\xe9.json"))
        result = call("check", odd, *DX102, "--format", "json")
        assert result.exit_code == 1
        assert json.loads(result.stdout)["claims"][0]["source"].endswith("caf\ufffd.json")

    @LINKS
    def test_a_named_pipe(self, call: Call, tmp_path: Path, make_claim: Make) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        # A daemon, because opening a pipe that nobody reads would wait for ever.
        content = json.dumps(make_claim("A", "E11"))
        writer = threading.Thread(target=pipe.write_text, args=(content,), daemon=True)
        writer.start()
        result = call("check", pipe, *DX102)
        writer.join(timeout=10)
        assert result.exit_code == 1
        assert "HOLD    A  " in result.stdout

    def test_a_folder_without_files(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        result = call("check", tmp_path / "empty")
        assert result.exit_code == 2
        assert "the folder holds no files" in result.stderr

    def test_standard_input(self, call: Call, make_claim: Make) -> None:
        result = call("check", "-", *DX102, "--format", "json", input=json.dumps(make_claim("A", "E11")))
        assert result.exit_code == 1
        claim = json.loads(result.stdout)["claims"][0]
        assert (claim["claim_id"], claim["source"]) == ("A", "-")

    def test_a_file_named_twice_is_read_once(self, call: Call, faulty: Path) -> None:
        result = call("check", faulty, faulty.parent, *DX102, "--format", "json")
        assert json.loads(result.stdout)["summary"]["claims"] == 1

    def test_the_source_is_the_path_as_it_was_given(
        self, call: Call, faulty: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(faulty.parent)
        claim = json.loads(call("check", "faulty.json", *DX102, "--format", "ndjson").stdout)
        assert claim["source"] == "faulty.json"

    def test_the_format_can_be_forced(self, call: Call, faulty: Path) -> None:
        result = call("check", faulty, *DX102, "--input-format", "x12")
        assert result.exit_code == 2
        assert "Traceback" not in result.output

    def test_the_formats_offered_are_those_that_there_are(self) -> None:
        assert set(get_args(InputFormat)) == set(INPUT_FORMATS)
        assert set(formats.FORMATS) == set(FORMATS)


class TestFormats:
    def test_json(self, call: Call, faulty: Path, clean: Path) -> None:
        report = json.loads(call("check", faulty, clean, *DX102, "--format", "json").stdout)
        assert report["schema"] == "1"
        assert [pack["name"] for pack in report["packs"]] == ["core"]
        assert "icd10cm" in {table["name"] for table in report["tables"]}
        faulty_claim, clean_claim = report["claims"]
        assert faulty_claim["decision"] == "hold"
        assert faulty_claim["amount_at_risk"] == "125.00"
        assert faulty_claim["findings"][0]["diagnosis"] == 1
        assert clean_claim["findings"] == []
        assert report["summary"]["pass"] == report["summary"]["hold"] == 1

    def test_text(self, call: Call, faulty: Path) -> None:
        result = call("check", faulty, *DX102)
        assert "HOLD    FAULTY" in result.stdout
        assert "DX102 dx-not-billable" in result.stdout
        assert "to do: " in result.stdout
        assert "$125.00 at risk" in result.stdout

    def test_statistics(self, call: Call, faulty: Path) -> None:
        assert "Statistics" in call("check", faulty, *DX102, "--statistics").stdout
        report = json.loads(call("check", faulty, *DX102, "--statistics", "--format", "json").stdout)
        assert report["summary"]["statistics"]["rules"]["DX102"]["claims"] == 1

    def test_an_unknown_format(self, call: Call, faulty: Path) -> None:
        result = call("check", faulty, "--format", "jsno")
        assert result.exit_code == 2
        assert "Did you mean 'json'?" in result.stderr

    def test_no_member_id_or_birth_date_leaves(self, call: Call, faulty: Path) -> None:
        for name in ("text", "json", "ndjson"):
            output = call("check", faulty, "--format", name).output
            assert "M123" not in output
            assert "1970-05-01" not in output


class TestOptions:
    @pytest.mark.parametrize("option", ["--select", "--ignore"])
    def test_an_unknown_rule(self, call: Call, faulty: Path, option: str) -> None:
        result = call("check", faulty, option, "DX102Z")
        assert result.exit_code == 2
        assert "Did you mean 'DX102'" in result.stderr
        assert result.stdout == ""

    def test_an_unknown_pack(self, call: Call, faulty: Path) -> None:
        result = call("check", faulty, "--pack", "cora")
        assert result.exit_code == 2
        assert "Did you mean 'core'?" in result.stderr

    @pytest.mark.parametrize("named", [("--ignore", "DX102"), ("--ignore", "dx-not-billable"), ("--ignore", "dx")])
    def test_ignore_by_id_name_and_family(self, call: Call, faulty: Path, named: tuple[str, str]) -> None:
        assert "DX102" not in call("check", faulty, *named, "--as-of", "2026-11-01").stdout

    def test_a_folder_of_tables_that_is_not_there(self, call: Call, faulty: Path, tmp_path: Path) -> None:
        result = call("check", faulty, "--tables", tmp_path / "absent")
        assert result.exit_code == 2
        assert "no such folder of tables" in result.stderr

    def test_the_variable_for_tables_is_named_when_it_is_wrong(
        self, call: Call, faulty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SCRUBBER_TABLES", str(tmp_path / "absent"))
        result = call("check", faulty)
        assert result.exit_code == 2
        assert "$SCRUBBER_TABLES" in result.stderr

    def test_today_is_said_unless_it_is_given(self, call: Call, clean: Path) -> None:
        today = date.today().isoformat()
        assert f"as of {today}, which is today" in call("check", clean, "--select", "DX102").stderr
        assert call("check", clean, "--select", "DX102", "--quiet").stderr == ""
        assert call("check", clean, *DX102).stderr == ""

    @pytest.mark.parametrize("day", ["2026-13-01", "10/02/2026", "20261002", "today"])
    def test_a_day_that_is_none(self, call: Call, clean: Path, day: str) -> None:
        assert call("check", clean, "--as-of", day).exit_code == 2

    def test_min_risk_leaves_findings_out_and_says_so(self, call: Call, faulty: Path) -> None:
        result = call("check", faulty, *DX102, "--min-risk", "0.99", "--format", "json")
        assert result.exit_code == 0
        report = json.loads(result.stdout)
        claim = report["claims"][0]
        assert (claim["findings"], claim["decision"], claim["risk"]) == ([], "pass", 0.0)
        assert claim["amount_at_risk"] == "0.00"
        assert report["summary"]["below_min_risk"] == 1
        assert "1 finding below --min-risk left out" in call("check", faulty, *DX102, "--min-risk", "0.99").stdout

    def test_why_shows_what_a_rule_saw(self, call: Call, faulty: Path) -> None:
        lines = [line.strip() for line in call("check", faulty, *DX102, "--why").stdout.splitlines()]
        assert "DX102 dx-not-billable  fired" in lines
        assert "yes  entry.verdict is not_billable  (not_billable)" in lines

    def test_why_of_a_rule_that_does_not_fire(self, call: Call, clean: Path) -> None:
        result = call("check", clean, *DX102, "--why")
        assert result.exit_code == 0
        assert "no   entry.verdict is not_billable" in result.stdout

    @pytest.mark.parametrize("output_format", ["json", "ndjson"])
    def test_why_for_programs(self, call: Call, faulty: Path, output_format: str) -> None:
        told = json.loads(call("check", faulty, *DX102, "--why", "--format", output_format).stdout)
        claim = told["claims"][0] if output_format == "json" else told
        (why,) = claim["why"]
        assert (why["rule"], why["outcome"], why["items"][0]["place"]) == ("DX102", "fired", "diagnosis 1")
        assert why["items"][0]["when"][0]["verdict"] == "yes"

    def test_a_report_says_why_only_where_somebody_asks(self, call: Call, faulty: Path) -> None:
        assert "why" not in json.loads(call("check", faulty, *DX102, "--format", "json").stdout)["claims"][0]

    @pytest.mark.parametrize("risk", ["1.1", "-1", "nan", "high"])
    def test_a_risk_that_is_none(self, call: Call, faulty: Path, risk: str) -> None:
        assert call("check", faulty, "--min-risk", risk).exit_code == 2

    def test_any_value_of_no_color_will_do(self, call: Call, clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "please")
        assert call("check", clean, *DX102).exit_code == 0


class TestOutput:
    def test_a_file(self, call: Call, faulty: Path, tmp_path: Path) -> None:
        target = tmp_path / "report.json"
        result = call("check", faulty, *DX102, "--format", "json", "--output", target)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert json.loads(target.read_text(encoding="utf-8"))["summary"]["hold"] == 1

    def test_a_failure_leaves_the_old_file_and_nothing_else(
        self, call: Call, faulty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        target = tmp_path / "out" / "report.json"
        target.parent.mkdir()
        target.write_text("old", encoding="utf-8")

        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(Scrubber, "scrub", stop)
        result = call("check", faulty, *DX102, "--format", "json", "--output", target)
        assert result.exit_code == 130
        assert target.read_text(encoding="utf-8") == "old"
        assert list(target.parent.iterdir()) == [target]

    @pytest.mark.skipif(os.name == "nt", reason="permission bits are a matter of POSIX systems")
    def test_the_permissions_of_the_old_file_stay(self, call: Call, clean: Path, tmp_path: Path) -> None:
        target = tmp_path / "report.txt"
        target.write_text("old", encoding="utf-8")
        target.chmod(0o640)
        call("check", clean, *DX102, "--output", target)
        assert stat.S_IMODE(target.stat().st_mode) == 0o640

    def test_a_folder_that_is_not_there(self, call: Call, clean: Path, tmp_path: Path) -> None:
        result = call("check", clean, *DX102, "--output", tmp_path / "absent" / "report.txt")
        assert result.exit_code == 2
        assert "Traceback" not in result.output


class TestFaultsOfOurOwn:
    def test_one_claim_that_breaks_the_program_costs_only_itself(
        self,
        call: Call,
        tmp_path: Path,
        write_claims: Write,
        make_claim: Make,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        path = write_claims(tmp_path / "claims.json", make_claim("A", "E11"), make_claim("B"), make_claim("C", "E11"))
        scrub = Scrubber.scrub

        def fail_on_b(self: Scrubber, claim: Any) -> Any:
            if claim.claim_id == "B":
                raise ZeroDivisionError("Nora Hartwell, born 1970-05-01")
            return scrub(self, claim)

        monkeypatch.setattr(Scrubber, "scrub", fail_on_b)
        result = call("check", path, *DX102, "--format", "json")
        assert result.exit_code == 2
        report = json.loads(result.stdout)
        assert [claim["decision"] for claim in report["claims"]] == ["hold", "hold", "hold"]
        assert (report["summary"]["claims"], report["summary"]["unreadable"]) == (2, 1)
        assert "Hartwell" not in result.output
        assert "ZeroDivisionError" in result.stderr
        assert "--debug" in result.stderr

    def test_debug_shows_the_place(
        self, call: Call, clean: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise ZeroDivisionError("Nora Hartwell")

        monkeypatch.setattr(Scrubber, "load", fail)
        result = call("check", clean)
        assert result.exit_code == 2
        assert "Traceback" not in result.output
        assert "Hartwell" not in result.output
        with_debug = call("check", clean, "--debug")
        assert with_debug.exit_code == 2
        assert "Traceback" in with_debug.stderr
