"""The report as JUnit XML, for build servers: a test suite for each input, a test case for each claim.

A claim with a finding that makes the run fail (`--fail-on`) has failed; what could not be read is an error. All else
that is to be said of a claim is its output. A table for want of which rules could not be checked is a skipped test of a
suite of its own, so that nothing passes in silence.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import TextIO
from xml.sax.saxutils import escape

import attrs

from scrubber.findings import Finding, Report, Severity
from scrubber.report.missing_tables import MissingTable, MissingTables
from scrubber.report.page import PlainPage, count_of, printable
from scrubber.report.places import claim_name
from scrubber.report.summary import Tally
from scrubber.report.text import write_body
from scrubber.report.writer import Run

FAILING: Mapping[str, frozenset[Severity]] = {
    "error": frozenset({"error"}),
    "warning": frozenset({"error", "warning"}),
    "never": frozenset(),
}
"""The severities that make a test case fail, by the value of `--fail-on`."""

KEPT_IN_MEMORY = 8_000_000
"""Bytes of test cases; more of them go to a file."""


@attrs.define
class _Suite:
    """The counts of an input, and where in the spool its test cases stand: [first byte, byte behind the last]."""

    tests: int = 0
    failures: int = 0
    errors: int = 0
    parts: list[list[int]] = attrs.Factory(list)


class JunitWriter:
    """The counts of a suite stand before its test cases, so these wait in a file without a name until the run ends."""

    def __init__(self, stream: TextIO, *, fail_on: str = "error") -> None:
        self._stream = stream
        self._failing = FAILING[fail_on]
        self._spool = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 (`finish` closes it)
        self._suites: dict[str, _Suite] = {}
        self._missing = MissingTables()

    def start(self, run: Run) -> None:
        self._missing = MissingTables(loaded=frozenset(table.name for table in run.tables))

    def claim(self, report: Report) -> None:
        for unjudged in report.not_checked:
            self._missing.add(unjudged)
        suite = self._suites.setdefault(report.source or "claims", _Suite())
        failing = [finding for finding in report.findings if finding.severity in self._failing]
        suite.tests += 1
        suite.errors += bool(report.errors)
        suite.failures += bool(failing and not report.errors)
        start = suite.parts[-1][1] if suite.parts else -1
        written = self._spool.tell()
        self._spool.write(_test_case(report, failing).encode())
        if start == written:
            suite.parts[-1][1] = self._spool.tell()
        else:
            suite.parts.append([written, self._spool.tell()])

    def finish(self, tally: Tally) -> None:
        missing = list(self._missing.tables())
        suites = self._suites.values()
        total = _counts(
            tests=sum(suite.tests for suite in suites) + len(missing) + tally.interrupted,
            failures=sum(suite.failures for suite in suites),
            errors=sum(suite.errors for suite in suites) + tally.interrupted,
        )
        self._stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="claim-scrubber"{total}>\n')
        with self._spool:
            for name, suite in self._suites.items():
                counts = _counts(tests=suite.tests, failures=suite.failures, errors=suite.errors, skipped=0)
                self._stream.write(f"  <testsuite{_attributes(name=name)}{counts}>\n")
                for start, end in suite.parts:
                    self._copy(start, end)
                self._stream.write("  </testsuite>\n")
        self._stream.write(_not_checked(missing) if missing else "")
        self._stream.write(INTERRUPTED if tally.interrupted else "")
        self._stream.write("</testsuites>\n")

    def _copy(self, start: int, end: int) -> None:
        """What waits between two places of the spool, line by line, for it may be larger than memory."""
        self._spool.seek(start)
        while self._spool.tell() < end:
            self._stream.write(self._spool.readline().decode())


INTERRUPTED = """\
  <testsuite name="the run" tests="1" failures="0" errors="1" skipped="0">
    <testcase classname="the run" name="every claim was looked at">
      <error type="interrupted" message="The run was stopped: what came after these claims was not looked at."/>
    </testcase>
  </testsuite>
"""


def _test_case(report: Report, failing: list[Finding]) -> str:
    """A claim: an error where it could not be read whole, else a failure where a finding says so, else passed."""
    body = io.StringIO()
    write_body(PlainPage(body), report)
    name = claim_name(report)
    if not report.readable and report.index is None:
        name = "the input"
    elif report.claim_id and report.index is not None:
        # Ids of claims may repeat; build servers take two test cases of one name for one.
        name = f"{name} (claim {report.index + 1})"
    start = f"    <testcase{_attributes(classname=report.source or 'claims', name=name)}>"
    text = _text(body.getvalue())
    if report.errors:
        message = " ".join(error.message for error in report.errors)
        inside = f"<error{_attributes(type='not read', message=message)}>{text}</error>"
    elif failing:
        worst = failing[0]
        more = f" (and {count_of(len(failing) - 1, 'more finding')})" if len(failing) > 1 else ""
        attributes = _attributes(type=worst.rule, message=f"{worst.rule} {worst.name}: {worst.message}{more}")
        inside = f"<failure{attributes}>{text}</failure>"
    elif text:
        inside = f"<system-out>{text}</system-out>"
    else:
        return f"{start}</testcase>\n"
    return f"{start}\n      {inside}\n    </testcase>\n"


def _not_checked(missing: list[MissingTable]) -> str:
    counts = _counts(tests=len(missing), failures=0, errors=0, skipped=len(missing))
    cases = [
        f"    <testcase{_attributes(classname='not checked', name=f'table {table.title}')}>\n"
        f"      <skipped{_attributes(message=table.sentence)}/>\n    </testcase>\n"
        for table in missing
    ]
    return f'  <testsuite name="not checked"{counts}>\n{"".join(cases)}  </testsuite>\n'


def _counts(*, tests: int, failures: int, errors: int, skipped: int | None = None) -> str:
    """All suites together have no count of skipped tests: the schema of Jenkins knows it of a suite alone."""
    told = f' tests="{tests}" failures="{failures}" errors="{errors}"'
    return told if skipped is None else f'{told} skipped="{skipped}"'


def _attributes(**values: str) -> str:
    return "".join(f' {name}="{escape(printable(text), {chr(34): "&quot;"})}"' for name, text in values.items())


def _text(text: str) -> str:
    """Text as XML may hold it. The page has put marks for what steers a terminal, and XML holds none of that either."""
    return escape(text.rstrip("\n"))
