"""`scrubber tables`: what is at hand, and the three answers of a look-up."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from scrubber.tables.schemas import SCHEMAS
from scrubber.tables.writer import NewEdition, Pile
from scrubber.testing.small_tables import write_small_table

Call = Callable[..., Result]


class TestList:
    def test_loaded_and_missing(self, call: Call) -> None:
        result = call("tables", "list")
        assert result.exit_code == 0
        assert "icd10cm  key: code" in result.stdout
        assert "hcpcs  not loaded  from: CMS HCPCS" in result.stdout

    def test_as_json(self, call: Call) -> None:
        tables = {
            table["name"]: table for table in json.loads(call("tables", "list", "--format", "json").stdout)["tables"]
        }
        assert tables["icd10cm"]["loaded"] is True
        assert tables["icd10cm"]["key"] == ["code"]
        edition = tables["icd10cm"]["editions"][0]
        assert list(edition) == ["name", "from", "to", "rows", "source", "licence", "files", "missing_parts"]
        assert edition["rows"] > 80_000
        assert tables["cpt"]["loaded"] is False


class TestLookUp:
    def test_a_row(self, call: Call) -> None:
        result = call("tables", "lookup", "icd10cm", "E11.9", "--as-of", "2026-10-01")
        assert result.exit_code == 0
        assert "icd10cm E119 as of 2026-10-01: row, valid 2015-10-01 to open" in result.stdout
        assert "Type 2 diabetes mellitus without complications" in result.stdout

    def test_no_row_names_what_begins_alike(self, call: Call) -> None:
        result = call("tables", "lookup", "icd10cm", "E11.99", "--as-of", "2026-10-01")
        assert result.exit_code == 0
        assert "no row" in result.stdout
        assert "keys that begin alike: E119" in result.stdout

    def test_no_edition_says_which_there_are(self, call: Call) -> None:
        result = call("tables", "lookup", "icd10cm", "E11.9", "--as-of", "2001-01-01")
        assert result.exit_code == 0
        assert "no edition covers that day" in result.stdout
        assert "2015-10-01" in result.stdout

    @pytest.mark.parametrize(
        ("code", "day", "answer"),
        [("E11.9", "2026-10-01", "row"), ("E11.99", "2026-10-01", "no_row"), ("E11.9", "2001-01-01", "no_edition")],
    )
    def test_the_three_answers_as_json(self, call: Call, code: str, day: str, answer: str) -> None:
        found = json.loads(call("tables", "lookup", "icd10cm", code, "--as-of", day, "--format", "json").stdout)
        assert found["answer"] == answer
        assert (found["row"] is not None) == (answer == "row")
        assert found["as_of"] == day

    def test_all_windows_of_a_key(self, call: Call) -> None:
        found = json.loads(
            call("tables", "lookup", "icd10cm", "E11.9", "--as-of", "2001-01-01", "--format", "json").stdout
        )
        assert found["windows"][0]["from"] == "2015-10-01"

    def test_an_unknown_table(self, call: Call) -> None:
        result = call("tables", "lookup", "icd10", "E11.9")
        assert result.exit_code == 2
        assert "Did you mean 'icd10" in result.stderr

    def test_a_table_that_is_not_loaded(self, call: Call) -> None:
        result = call("tables", "lookup", "cpt", "99213")
        assert result.exit_code == 2
        assert "table 'cpt' is not loaded" in result.stderr

    def test_a_key_of_too_many_parts(self, call: Call) -> None:
        result = call("tables", "lookup", "icd10cm", "E11.9", "25")
        assert result.exit_code == 2
        assert "Give CODE." in result.stderr

    def test_a_key_is_needed(self, call: Call) -> None:
        assert call("tables", "lookup", "icd10cm").exit_code == 2


class TestLookUpInOwnTables:
    def test_a_missing_part_is_named(self, call: Call, tmp_path: Path) -> None:
        schema = SCHEMAS["ncci_ptp_hospital"]
        edition = NewEdition(
            schema.name, "2024q3", date(1996, 1, 1), date(2024, 9, 30), "", "", schema.key, schema.columns,
            several_in_force=True,
        )  # fmt: skip
        (tmp_path / schema.name).mkdir()
        pile = Pile(tmp_path / schema.name / "2024q3.table", edition)
        pile.add(("A9001", "A9002"), date(1996, 1, 1), None, ("1", False, None))
        pile.settle()
        pile.write({"parts": {"present": [1, 2, 3], "expected": 4}, "holes": [["A9001", ""]]})
        asked = ("tables", "lookup", schema.name, "B9001", "B9002", "--as-of", "2024-08-01", "--tables", tmp_path)
        told = call(*asked).stdout
        assert "part 4 of ncci_ptp_hospital 2024q3" in told
        assert "no edition covers" not in told
        found = json.loads(call(*asked, "--format", "json").stdout)
        assert (found["answer"], found["missing_part"]) == ("no_edition", "part 4 of ncci_ptp_hospital 2024q3")

    def test_rows_in_force_together_are_no_other_windows(self, call: Call, tmp_path: Path) -> None:
        rows = [
            {"code": "Z0001", "primary": "Z0002", "from": "2020-01-01"},
            {"code": "Z0001", "primary": "Z0003", "from": "2020-01-01"},
            {"code": "Z0001", "primary": "Z0004", "from": "2018-01-01", "to": "2019-12-31"},
        ]
        write_small_table(tmp_path, "addon", rows)
        told = call("tables", "lookup", "addon", "Z0001", "--as-of", "2024-08-01", "--tables", tmp_path).stdout
        together, _, apart = told.partition("other windows of this key:")
        assert "also in force on that day:" in together
        assert "Z0002" in together
        assert "Z0003" in together
        assert "Z0004" in apart

    def test_how_a_blank_modifier_is_given(self, call: Call, tmp_path: Path) -> None:
        write_small_table(tmp_path, "mpfs", [{"code": "Z0001", "modifier": "", "status": "A"}])
        result = call("tables", "lookup", "mpfs", "Z0001", "--tables", tmp_path)
        assert result.exit_code == 2
        assert 'A blank modifier is "".' in result.stderr
        told = call("tables", "lookup", "mpfs", "Z0001", "", "--as-of", "2024-08-01", "--tables", tmp_path).stdout
        assert "status: A" in told

    def test_a_heading_is_told_to_be_not_billable(self, call: Call) -> None:
        told = call("tables", "lookup", "icd10cm", "E11", "--as-of", "2026-10-01").stdout
        assert "billable: no" in told
        assert "manifestation" not in told


@pytest.mark.parametrize("below", ["", "addon"])
def test_a_folder_that_may_not_be_read_is_no_empty_folder(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    write_small_table(tmp_path, "addon", [{"code": "Z0001", "primary": "Z0002"}])
    closed = tmp_path / below
    scandir, listdir = os.scandir, os.listdir

    def refusing(real: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def read(place: Any = ".") -> Any:
            if Path(place) == closed:
                raise PermissionError(13, "Permission denied", str(place))
            return real(place)

        return read

    monkeypatch.setattr(os, "scandir", refusing(scandir))
    monkeypatch.setattr(os, "listdir", refusing(listdir))
    result = call("tables", "list", "--tables", tmp_path)
    assert result.exit_code == 2
    assert f"{closed}: the folder of tables cannot be read: Permission denied" in result.stderr
    assert "the right to read" in result.stderr
    assert "holds no tables" not in result.stderr
