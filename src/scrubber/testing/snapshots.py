"""Snapshots: what a report said when somebody looked at it and found it right, kept as JSON beside the test.

Kept is what a biller acts on: the decision, the risk, the dollars, what fires where and why, what was not checked. Left
out is what changes although nothing changed for the claim: editions of tables, versions, the name of the file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from difflib import unified_diff
from pathlib import Path
from typing import Any

from scrubber.findings import Finding, Report
from scrubber.scoring import RISK_DIGITS
from scrubber.testing.examples import place_of

FOLDER = "snapshots"
UPDATE_OPTION = "--scrubber-update-snapshots"
_LINES_SHOWN = 60
_LONGEST_NAME = 120


def stable_part(report: Report) -> dict[str, Any]:
    """What of a report stays the same while the rules say the same of the claim."""
    part: dict[str, Any] = {
        "claim_id": report.claim_id,
        "decision": report.decision,
        "risk": round(report.risk, RISK_DIGITS),
        "amount_at_risk": f"{report.amount_at_risk:.2f}",
        "findings": [_finding(finding) for finding in report.findings],
    }
    several = {
        "masked": [f"{masked.rule} by {masked.by}" for masked in report.masked],
        "suppressed": [f"{one.finding.rule} at {place_of(one.finding)}" for one in report.suppressed],
        "not_evaluated": [f"{one.rule}: {one.reason}" for one in report.not_evaluated],
        "not_checked": [f"{one.rule}: {one.reason}" for one in report.not_checked],
        "errors": [f"{error.field}: {error.message}" if error.field else error.message for error in report.errors],
    }
    return {**part, **{key: told for key, told in several.items() if told}}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "at": place_of(finding),
        "field": finding.field,
        "codes": list(finding.codes),
        "message": finding.message,
        "disposition": finding.disposition,
        "answer": " ".join([finding.group or "", *finding.carc, *finding.rarc]).strip(),
        "owner": finding.owner,
        "fix": finding.fix.text,
    }


class Snapshots:
    """The snapshots of one test: calling it compares. It counts its calls, so that each has a file of its own."""

    def __init__(self, folder: Path, test: str, *, update: bool) -> None:
        self._folder = folder
        self._test = _file_name(test)
        self._update = update
        self._calls = 0
        self._used: set[Path] = set()

    def __call__(self, report: Report | Iterable[Report], name: str = "") -> None:
        """Compare a report, or several, with what is stored under the name of the test, and `name` where it has one.

        Raises:
            AssertionError: they differ, or nothing is stored yet; it shows the difference and how to store.
            ValueError: the test has used the name before.
        """
        __tracebackhide__ = True
        self._calls += 1
        path = self._path(name)
        if path in self._used:
            raise ValueError(f"{name!r}: this test has a snapshot of that name already.")
        self._used.add(path)
        found: Any = stable_part(report) if isinstance(report, Report) else [stable_part(one) for one in report]
        text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
        if self._update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        if not path.is_file():
            raise AssertionError(f"{path}: nothing is stored yet. Run the test with {UPDATE_OPTION} once, and read it.")
        stored = path.read_text(encoding="utf-8")
        if _loaded(stored) != found:
            raise AssertionError(_difference(path, stored, text))

    def _path(self, name: str) -> Path:
        if name and not re.fullmatch(r"[A-Za-z0-9_.-]+", name):
            raise ValueError(f"{name!r}: a snapshot is named with letters, digits, and - _ .")
        number = "" if name or self._calls == 1 else str(self._calls)
        return self._folder / f"{'-'.join(filter(None, (self._test, name, number)))}.json"


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _difference(path: Path, stored: str, found: str) -> str:
    lines = list(unified_diff(stored.splitlines(), found.splitlines(), "stored", "now", lineterm="", n=4))
    if len(lines) > _LINES_SHOWN:
        lines = [*lines[:_LINES_SHOWN], f"and {len(lines) - _LINES_SHOWN} more lines"]
    head = f"the report is not what is stored in {path}. If it is right now, run the test with {UPDATE_OPTION}."
    return "\n".join([head, *lines])


def _file_name(test: str) -> str:
    """The name of a test as that of a file; where that loses something, with what tells it from its like."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", test).strip("-")
    plain = re.fullmatch(r"[A-Za-z0-9_.-]+(\[[A-Za-z0-9_.-]*\])?", test)
    if plain and len(name) <= _LONGEST_NAME:
        return name
    return f"{name[:_LONGEST_NAME].rstrip('-')}-{hashlib.sha256(test.encode()).hexdigest()[:8]}"


def snapshots_of(test_file: Path, test: str, *, update: bool) -> Snapshots:
    """The snapshots of a test: in the folder `snapshots` beside its file, in a folder of that file's name.

    `test` is its name, with that of its class before it where it has one: `TestQueue.test_order`.
    """
    return Snapshots(test_file.parent / FOLDER / test_file.stem, test, update=update)
