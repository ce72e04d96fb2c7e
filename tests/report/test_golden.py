"""Each format against a file that a person has read; to write them anew: UPDATE_GOLDEN=1 pytest."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scrubber.findings import Report
from scrubber.report.csv import CsvWriter
from scrubber.report.json import JsonWriter, NdjsonWriter
from scrubber.report.junit import JunitWriter
from scrubber.report.sarif import SarifWriter
from scrubber.report.text import TextWriter
from scrubber.report.writer import ReportWriter, Run

from .writing import written

GOLDEN = Path(__file__).parent / "golden"

FORMATS: dict[str, Callable[[io.StringIO], ReportWriter]] = {
    "report.json": JsonWriter,
    "report.ndjson": NdjsonWriter,
    "report.txt": TextWriter,
    "statistics.json": lambda stream: JsonWriter(stream, statistics=True),
    "statistics.txt": lambda stream: TextWriter(stream, statistics=True),
}


FULL_FORMATS: dict[str, Callable[[io.StringIO], ReportWriter]] = {
    "report.csv": CsvWriter,
    "report.junit.xml": JunitWriter,
    "report.sarif": SarifWriter,
}
"""Formats that show more of a report than the first ones."""


@pytest.mark.parametrize("name", FULL_FORMATS)
def test_a_fuller_format_is_as_it_was(name: str, full_run: Run, full_reports: list[Report]) -> None:
    same_as_golden(name, written(FULL_FORMATS[name], full_run, full_reports))


@pytest.mark.parametrize("name", FORMATS)
def test_the_format_is_as_it_was(name: str, run: Run, reports: list[Report]) -> None:
    same_as_golden(name, written(FORMATS[name], run, reports))


def same_as_golden(name: str, text: str) -> None:
    golden = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8", newline="")
    assert text == golden.read_bytes().decode()
