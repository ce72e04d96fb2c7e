"""`scrubber tables import|verify|diff`, and what `list` says of the result. Codes are made up."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from scrubber.cli.options import usual_tables_folder

Call = Callable[..., Result]

HEADINGS = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n"
NAME = "MCR_MUE_PractitionerServices_Eff_{}.csv"


def values(folder: Path, *rows: str, day: str = "07-01-2024") -> Path:
    path = folder / NAME.format(day)
    path.write_text(HEADINGS + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


GOOD = tuple(f"X000{number},{number},2 Date,Made up" for number in range(1, 5))


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return tmp_path / "tables"


class TestImport:
    def test_every_row_stands(self, call: Call, tmp_path: Path, tables: Path) -> None:
        result = call("tables", "import", "--tables", tables, values(tmp_path, *GOOD))
        assert result.exit_code == 0
        assert "taken: 4 rows of mue_practitioner" in result.stdout
        assert "mue_practitioner 2024q3 added: 2024-07-01 to 2024-09-30, 4 rows" in result.stdout
        again = call("tables", "import", "--tables", tables, values(tmp_path, *GOOD))
        assert "mue_practitioner 2024q3 replaced" in again.stdout

    def test_refused_rows(self, call: Call, tmp_path: Path, tables: Path) -> None:
        result = call("tables", "import", "--tables", tables, values(tmp_path, *GOOD, "X1,1,2 Date,", "X0009,a,2,"))
        assert result.exit_code == 1
        assert "refused: 2 rows" in result.stdout
        assert "line 6: the first column is no procedure code." in result.stdout
        assert "line 7: the MUE value is no whole number." in result.stdout

    def test_a_refused_file_does_not_keep_the_others_out(self, call: Call, tmp_path: Path, tables: Path) -> None:
        wrong = tmp_path / "wrong.pdf"
        wrong.write_bytes(b"%PDF-1.4")
        result = call("tables", "import", "--tables", tables, wrong, values(tmp_path, *GOOD))
        assert result.exit_code == 2
        assert "is a PDF" in result.stdout
        assert "is a PDF" in result.stderr
        assert "mue_practitioner 2024q3 added" in result.stdout

    def test_an_unreadable_file_does_not_keep_the_others_out(
        self, call: Call, tmp_path: Path, tables: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        locked = values(tmp_path, *GOOD, day="04-01-2024")
        opened = Path.open

        def refuse(path: Path, *args: Any, **kwargs: Any) -> Any:
            if path == locked:
                raise PermissionError(13, "Permission denied", str(path))
            return opened(path, *args, **kwargs)

        monkeypatch.setattr(Path, "open", refuse)
        monkeypatch.setattr(os, "access", lambda path, *_, **__: Path(os.fsdecode(path)) != locked)
        result = call("tables", "import", "--tables", tables, locked, values(tmp_path, *GOOD))
        assert result.exit_code == 2
        assert "this cannot be read (Permission denied). Check who may read" in result.stdout
        assert "mue_practitioner 2024q3 added" in result.stdout

    def test_a_fragment(self, call: Call, tmp_path: Path, tables: Path) -> None:
        arguments = ("tables", "import", "--tables", tables)
        call(*arguments, values(tmp_path, *GOOD))
        result = call(*arguments, values(tmp_path, *GOOD[:1]))
        assert result.exit_code == 2
        assert "looks like a fragment" in result.stdout
        result = call(*arguments, "--replace", values(tmp_path, *GOOD[:1]))
        assert result.exit_code == 0
        assert "mue_practitioner 2024q3 replaced" in result.stdout

    def test_as_json(self, call: Call, tmp_path: Path, tables: Path) -> None:
        arguments = ("tables", "import", "--format", "json", "--tables", tables)
        report = json.loads(call(*arguments, values(tmp_path, *GOOD, "X1,1,2,")).stdout)
        assert report["files"][0]["taken"] == {"mue_practitioner": 4}
        assert report["files"][0]["refusals"] == [{"line": 6, "reason": "the first column is no procedure code."}]
        assert report["editions"][0]["name"] == "2024q3"

    def test_the_folder_is_that_of_the_environment(
        self, call: Call, tmp_path: Path, tables: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SCRUBBER_TABLES", str(tables))
        assert call("tables", "import", values(tmp_path, *GOOD)).exit_code == 0
        result = call("tables", "lookup", "mue_practitioner", "X0003", "--as-of", "2024-08-01")
        assert "value: 3" in result.stdout

    def test_else_the_data_folder_of_the_user(
        self, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("XDG_DATA_HOME", "HOME", "LOCALAPPDATA", "USERPROFILE"):
            monkeypatch.setenv(name, str(tmp_path / "home"))
        assert call("tables", "import", values(tmp_path, *GOOD)).exit_code == 0
        assert list(usual_tables_folder().glob("mue_practitioner/2024q3.table"))
        assert tmp_path in usual_tables_folder().parents
        assert "row, valid" in call("tables", "lookup", "mue_practitioner", "X0003", "--as-of", "2024-08-01").stdout

    def test_what_the_file_does_not_tell(self, call: Call, tmp_path: Path, tables: Path) -> None:
        path = values(tmp_path, *GOOD).rename(tmp_path / "values.csv")
        result = call("tables", "import", "--tables", tables, path)
        assert result.exit_code == 2
        assert "--edition 2024-07-01" in result.stdout
        assert call("tables", "import", "--tables", tables, path, "--edition", "2025-01-01").exit_code == 0

    def test_a_file_is_needed(self, call: Call) -> None:
        assert call("tables", "import").exit_code == 2


class TestList:
    @pytest.fixture
    def listed(self, call: Call, tmp_path: Path, tables: Path) -> Callable[[str], str]:
        call("tables", "import", "--tables", tables, values(tmp_path, *GOOD))
        return lambda day: call("tables", "list", "--tables", tables, "--as-of", day).stdout

    def test_fresh(self, listed: Callable[[str], str]) -> None:
        shown = listed("2024-08-01")
        assert "newest began 31 days ago, published quarterly" in shown
        assert "older than their publisher's rhythm" not in shown

    def test_too_old(self, listed: Callable[[str], str]) -> None:
        shown = listed("2024-10-01")
        assert "published quarterly; no edition for 2024-10-01" in shown
        assert "no edition for 2024-10-01: mue_practitioner" in shown
        assert "older than their publisher's rhythm: mue_practitioner" in shown

    def test_missing_parts(self, call: Call, tmp_path: Path, tables: Path) -> None:
        path = tmp_path / "ccipra-v302r0-f2.txt"
        path.write_text(
            "Column 1\tColumn 2\tEffective Date\tDeletion Date\tModifier\nX0001\tX0002\t20200101\t*\t1\n",
            encoding="utf-8",
        )
        result = call("tables", "import", "--tables", tables, path)
        assert result.exit_code == 0
        assert "missing: part 1, 3, 4" in result.stdout
        shown = call("tables", "list", "--tables", tables, "--as-of", "2024-08-01").stdout
        assert "part 1, 3, 4 of it is missing" in shown
        verified = call("tables", "verify", "ncci_ptp_practitioner", "--tables", tables)
        assert verified.exit_code == 2
        assert "missing: part 1, 3, 4" in verified.stdout


class TestVerify:
    def test_shipped_tables(self, call: Call) -> None:
        result = call("tables", "verify", "icd9proc", "age_bands")
        assert result.exit_code == 0
        assert "known facts: all" in result.stdout
        assert "0 wrong" in result.stdout

    def test_a_damaged_byte(self, call: Call, tmp_path: Path, tables: Path) -> None:
        call("tables", "import", "--tables", tables, values(tmp_path, *GOOD))
        path = tables / "mue_practitioner" / "2024q3.table"
        content = bytearray(path.read_bytes())
        content[content.rindex(b"X0002")] ^= 1
        path.write_bytes(content)
        result = call("tables", "verify", "mue_practitioner", "--tables", tables)
        assert result.exit_code == 2
        assert "damaged" in result.stdout

    def test_an_excerpt_is_doubtful(self, call: Call, tmp_path: Path, tables: Path) -> None:
        call("tables", "import", "--tables", tables, values(tmp_path, *GOOD))
        result = call("tables", "verify", "mue_practitioner", "--tables", tables, "--format", "json")
        assert result.exit_code == 0
        checks = {check["check"]: check for check in json.loads(result.stdout)["checks"]}
        assert checks["size"]["result"] == "doubtful"
        assert checks["codes of hcpcs"]["result"] == "not checked"

    def test_an_unknown_table(self, call: Call) -> None:
        result = call("tables", "verify", "mue_practicioner")
        assert result.exit_code == 2
        assert "Did you mean 'mue_practitioner'?" in result.stderr


class TestDiff:
    @pytest.fixture
    def two(self, call: Call, tmp_path: Path, tables: Path) -> Path:
        call("tables", "import", "--tables", tables, values(tmp_path, *GOOD))
        rows = ("X0001,1,2 Date,Made up", "X0002,20,2 Date,Made up", "X0003,3,2 Date,Made up", "X0005,5,2 Date,Made up")
        call("tables", "import", "--tables", tables, values(tmp_path, *rows, day="10-01-2024"))
        return tables

    @pytest.mark.parametrize(
        "names",
        [
            ("mue_practitioner", "2024q3", "2024q4"),
            ("mue_practitioner:2024q3", "mue_practitioner:2024q4"),
            ("2024q3", "2024q4"),
        ],
    )
    def test_added_ended_changed(self, call: Call, two: Path, names: tuple[str, ...]) -> None:
        result = call("tables", "diff", *names, "--tables", two)
        assert result.exit_code == 0
        for line in ("1 keys added", "X0005: ", "1 keys ended", "X0004: ", "1 keys changed", "2 keys the same"):
            assert line in result.stdout
        assert "value 2 → " in result.stdout

    def test_history_of_pairs(self, call: Call, tmp_path: Path, tables: Path) -> None:
        head = "Column 1\tColumn 2\tEffective Date\tDeletion Date\tModifier\n"
        for version, rows in (
            (
                "301",
                "A0001\tX0001\t20200101\t*\t1\nA0001\tX0002\t20200101\t*\t1\nA0001\tX0004\t20200101\t20221231\t1\n",
            ),
            (
                "302",
                "A0001\tX0001\t20200101\t20240630\t1\nA0001\tX0002\t20200101\t*\t0\nA0001\tX0003\t20240701\t*\t1\n"
                "A0001\tX0004\t20200101\t20211231\t1\n",
            ),
        ):
            path = tmp_path / f"ccipra-v{version}r0.txt"
            path.write_text(head + rows, encoding="utf-8")
            assert call("tables", "import", "--tables", tables, path).exit_code == 0
        arguments = ("tables", "diff", "ncci_ptp_practitioner", "2024q2", "2024q3", "--tables", tables)
        found = json.loads(call(*arguments, "--format", "json").stdout)
        keys = {
            kind: [one["key"][1] for one in found[kind]["examples"]]
            for kind in found
            if kind not in ("table", "before", "after", "same")
        }
        assert keys == {"added": ["X0003"], "ended": ["X0001"], "changed": ["X0002"], "corrected": ["X0004"]}

    def test_an_unknown_edition(self, call: Call, two: Path) -> None:
        result = call("tables", "diff", "mue_practitioner", "2024q3", "2024q5", "--tables", two)
        assert result.exit_code == 2
        assert "Did you mean" in result.stderr

    def test_editions_of_two_tables(self, call: Call, two: Path) -> None:
        result = call("tables", "diff", "mue_practitioner:2024q3", "icd10cm:fy2027", "--tables", two)
        assert result.exit_code == 2
        assert "one of icd10cm" in result.stderr

    def test_two_or_three_words(self, call: Call) -> None:
        assert call("tables", "diff", "one").exit_code == 2
