"""Writes the page while the claims come in: what is before the data, a line for each claim, and the rest."""

from __future__ import annotations

from typing import TextIO

from scrubber.findings import Report
from scrubber.report.html.data import Shared, claim_lines, end_line, run_lines
from scrubber.report.html.noscript import summary_html
from scrubber.report.html.page import load_page
from scrubber.report.missing_tables import MissingTables
from scrubber.report.summary import Tally
from scrubber.report.writer import Run


class HtmlWriter:
    """One file: style, script and data. Nothing is kept but what claims share (`Shared`) and the missing tables."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._page = load_page()
        self._shared = Shared()
        self._missing = MissingTables()

    def start(self, run: Run) -> None:
        self._missing = MissingTables(loaded=frozenset(table.name for table in run.tables))
        self._stream.write(f"{self._page.before}[\n")
        for line in run_lines(run):
            self._stream.write(f"{line},\n")

    def claim(self, report: Report) -> None:
        for unjudged in report.not_checked:
            self._missing.add(unjudged)
        for line in claim_lines(report, self._shared):
            self._stream.write(f"{line},\n")

    def finish(self, tally: Tally) -> None:
        page = self._page
        self._stream.write(f"{end_line(tally, self._missing)}\n]\n{page.between}{summary_html(tally)}{page.after}")
