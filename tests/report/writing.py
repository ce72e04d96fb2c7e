"""Reports through a writer into text."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

from scrubber.findings import Report
from scrubber.report.summary import Tally
from scrubber.report.writer import ReportWriter, Run


def written(open_writer: Callable[[io.StringIO], ReportWriter], run: Run, reports: Iterable[Report]) -> str:
    stream = io.StringIO(newline="")
    writer, tally = open_writer(stream), Tally()
    writer.start(run)
    for report in reports:
        writer.claim(report)
        tally.add(report)
    writer.finish(tally)
    return stream.getvalue()
