"""The report formats by the name that `--format` gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TextIO

import attrs

from scrubber.report.json import JsonWriter, NdjsonWriter
from scrubber.report.text import TextWriter
from scrubber.report.writer import ReportWriter


@attrs.frozen(kw_only=True)
class Look:
    """What a user may choose about a report besides its format."""

    color: bool = True
    statistics: bool = False


WRITERS: Mapping[str, Callable[[TextIO, Look], ReportWriter]] = {
    "text": lambda stream, look: TextWriter(stream, color=look.color, statistics=look.statistics),
    "json": lambda stream, look: JsonWriter(stream, statistics=look.statistics),
    "ndjson": lambda stream, _: NdjsonWriter(stream),
}
