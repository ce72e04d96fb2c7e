"""`scrubber tables`: what is at hand, and the three answers of a look-up."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

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
