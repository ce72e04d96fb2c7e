"""The report formats by the name that `--format` gives them; a format is imported when it is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TextIO

import attrs

from scrubber.report.writer import ReportWriter


@attrs.frozen(kw_only=True)
class Look:
    """What a user may choose about a report besides its format."""

    color: bool = True
    statistics: bool = False
    fail_on: str = "error"
    """The least severity of a finding that makes the run fail: error, warning or never."""


@attrs.frozen
class Format:
    """How a format is opened, and whether its reports must carry the outline of their claim."""

    open: Callable[[TextIO, Look], ReportWriter]
    needs_outline: bool = False


def _text(stream: TextIO, look: Look) -> ReportWriter:
    from scrubber.report.text import TextWriter

    return TextWriter(stream, color=look.color, statistics=look.statistics)


def _json(stream: TextIO, look: Look) -> ReportWriter:
    from scrubber.report.json import JsonWriter

    return JsonWriter(stream, statistics=look.statistics)


def _ndjson(stream: TextIO, _: Look) -> ReportWriter:
    from scrubber.report.json import NdjsonWriter

    return NdjsonWriter(stream)


def _html(stream: TextIO, _: Look) -> ReportWriter:
    from scrubber.report.html import HtmlWriter

    return HtmlWriter(stream)


def _sarif(stream: TextIO, _: Look) -> ReportWriter:
    from scrubber.report.sarif import SarifWriter

    return SarifWriter(stream)


def _junit(stream: TextIO, look: Look) -> ReportWriter:
    from scrubber.report.junit import JunitWriter

    return JunitWriter(stream, fail_on=look.fail_on)


def _csv(stream: TextIO, _: Look) -> ReportWriter:
    from scrubber.report.csv import CsvWriter

    return CsvWriter(stream)


FORMATS: Mapping[str, Format] = {
    "text": Format(_text),
    "json": Format(_json),
    "ndjson": Format(_ndjson),
    "html": Format(_html, needs_outline=True),
    "sarif": Format(_sarif),
    "junit": Format(_junit),
    "csv": Format(_csv, needs_outline=True),
}
