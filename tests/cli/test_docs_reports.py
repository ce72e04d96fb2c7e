"""The page about report formats says what the program does."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import Result

from scrubber.cli.check import FORMATS
from scrubber.report.csv import COLUMNS

CHECKOUT = Path(__file__).parents[2]
PAGE = (CHECKOUT / "docs" / "report-formats.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    scrubber (check .*)$", PAGE, re.MULTILINE)


def test_every_format_has_its_row() -> None:
    assert set(FORMATS) <= set(re.findall(r"^\| `([a-z]+)` \|", PAGE, re.MULTILINE))


def test_every_column_that_is_not_of_the_json_report_is_described() -> None:
    json_page = (CHECKOUT / "docs" / "report-json.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`([a-z_0-9]+)", PAGE + json_page))
    renamed = {"to_do", "table", "edition", "kind"}  # parts of `fix` and `evidence`
    known = described | renamed | {name for name in COLUMNS if name.startswith("suppression")}
    assert set(COLUMNS) <= known


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_work(
    call: Callable[..., Result], command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(CHECKOUT / "examples")
    monkeypatch.chdir(tmp_path)
    assert call(*command.split()).exit_code in (0, 1)
    report = tmp_path / command.split("--output ")[1].split()[0]
    text = report.read_text(encoding="utf-8-sig")
    if report.suffix == ".csv":
        assert [row["kind"] for row in csv.DictReader(text.splitlines())].count("finding") == 8
    elif report.suffix == ".sarif":
        assert len(json.loads(text)["runs"][0]["results"]) == 8
    else:
        suite = ElementTree.fromstring(text)[0]
        assert (suite.attrib["tests"], suite.attrib["failures"]) == ("8", "6")
