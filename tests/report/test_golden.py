"""Each format against a file that a person has read; to write them anew: UPDATE_GOLDEN=1 pytest."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scrubber.findings import Report
from scrubber.report.json import JsonWriter, NdjsonWriter
from scrubber.report.summary import Tally
from scrubber.report.text import TextWriter
from scrubber.report.writer import ReportWriter, Run

GOLDEN = Path(__file__).parent / "golden"

FORMATS: dict[str, Callable[[io.StringIO], ReportWriter]] = {
    "report.json": JsonWriter,
    "report.ndjson": NdjsonWriter,
    "report.txt": TextWriter,
    "statistics.json": lambda stream: JsonWriter(stream, statistics=True),
    "statistics.txt": lambda stream: TextWriter(stream, statistics=True),
}


def written(open_writer: Callable[[io.StringIO], ReportWriter], run: Run, reports: list[Report]) -> str:
    stream = io.StringIO()
    writer, tally = open_writer(stream), Tally()
    writer.start(run)
    for report in reports:
        writer.claim(report)
        tally.add(report)
    writer.finish(tally)
    return stream.getvalue()


@pytest.mark.parametrize("name", FORMATS)
def test_the_format_is_as_it_was(name: str, run: Run, reports: list[Report]) -> None:
    text = written(FORMATS[name], run, reports)
    golden = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
