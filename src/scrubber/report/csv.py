"""The report as CSV, for a spreadsheet: a row for each finding, for what could not be read, and for each table that was
missing. Claims without a finding have no row.

What stands in a cell comes from claim files that anyone may have made, and a spreadsheet would run it as a formula or
turn it into another number. An apostrophe before such a text keeps it as it is: of a cell that begins with one, leave
out the first character to have the text.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from typing import TextIO

from scrubber.claim_status import coded
from scrubber.findings import ClaimOutline, Evidence, Finding, OutlineLine, Report, Suppression
from scrubber.report.missing_tables import IMPORT_COMMAND, MissingTables
from scrubber.report.page import printable
from scrubber.report.places import position_text
from scrubber.report.summary import Tally
from scrubber.report.writer import Run
from scrubber.scoring import RISK_DIGITS, amount_at_risk

COLUMNS = (
    "kind", "claim_id", "source", "claim_number", "form", "payer_id", "payer_name", "payer_kind",
    "decision", "claim_risk", "claim_amount_at_risk", "claim_charge",
    "severity", "rule", "name", "message", "to_do", "owner", "question",
    "line", "diagnosis", "procedure", "modifiers", "revenue_code", "service_date", "units", "line_charge",
    "codes", "charge_in_doubt", "risk", "disposition", "group", "carc", "rarc", "status_277ca",
    "field", "position", "table", "edition", "references", "fingerprint",
    "suppression", "suppression_place", "suppression_reason", "suppression_by", "suppression_expires",
)  # fmt: skip
"""The first row. `kind` is finding, suppressed, not read, or not checked."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes the file for one of its older encodings."""

Cell = str | int | float | Decimal | date | None

_FORMULA = re.compile(r"[\s\"'\ufffd]*[=+\-@|%\uff1d\uff0b\uff0d\uff20\t\r]")
"""How a text begins that a spreadsheet may run: with one of these, or with them after blanks and quotes."""
_OTHER_NUMBER = re.compile(r"(?!(?:0|[1-9][0-9]{0,14})\Z)[0-9][0-9.,:/eE+\-% ]*\Z")
"""Digits that would not stay what they are: 0450, 12345678901234567, 1E10, 3-4, 10:30."""
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s./-]?[0-9]{1,4}\Z", re.IGNORECASE)
"""What a spreadsheet reads as a month: MAR1, DEC-26."""


class CsvWriter:
    """Writes each row when its claim comes; nothing is kept but which table which rule lacked."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        # Everything in quotes: where a spreadsheet takes semicolons for separators, no text breaks into cells.
        self._rows = csv.DictWriter(stream, COLUMNS, lineterminator="\n", quoting=csv.QUOTE_ALL)
        self._missing = MissingTables()

    def start(self, run: Run) -> None:
        self._missing = MissingTables(loaded=frozenset(table.name for table in run.tables))
        self._stream.write(BYTE_ORDER_MARK)
        self._rows.writeheader()

    def claim(self, report: Report) -> None:
        for unjudged in report.not_checked:
            self._missing.add(unjudged)
        if not (report.findings or report.suppressed or report.errors):
            return
        claim = _claim(report)
        for error in report.errors:
            place = position_text(error.position or {})
            self._row("not read", claim, message=error.message, to_do=error.hint, field=error.field, position=place)
        for finding in report.findings:
            self._row("finding", claim | _finding(finding, report.outline))
        for one in report.suppressed:
            self._row("suppressed", claim | _finding(one.finding, report.outline) | _suppression(one.suppression))

    def finish(self, tally: Tally) -> None:
        for table in self._missing.tables():
            bring = f"Bring the table with: {IMPORT_COMMAND}" if table.source else ""
            rules = "; ".join(table.rules)
            self._row("not checked", {}, message=table.sentence, to_do=bring, codes=rules, table=table.name)
        if tally.interrupted:
            self._row("not checked", {}, message="The run was stopped: what came after these claims was not looked at.")

    def _row(self, kind: str, *parts: dict[str, Cell], **more: Cell) -> None:
        cells: dict[str, Cell] = {"kind": kind}
        for part in (*parts, more):
            cells |= part
        self._rows.writerow({name: safe_cell(value) for name, value in cells.items() if value not in (None, "")})


def safe_cell(value: Cell) -> str:
    """A value as a spreadsheet shows it and never runs it; numbers and days of our own are written plainly."""
    if not isinstance(value, str):
        return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
    text = printable(value)
    if text.startswith("'") or any(pattern.match(text) for pattern in (_FORMULA, _OTHER_NUMBER, _MONTH)):
        return f"'{text}"
    return text


def _claim(report: Report) -> dict[str, Cell]:
    cells: dict[str, Cell] = {
        "claim_id": report.claim_id,
        "source": report.source,
        "claim_number": None if report.index is None else report.index + 1,
        "decision": report.decision,
        "claim_risk": round(report.risk, RISK_DIGITS) if report.readable else None,
        "claim_amount_at_risk": report.amount_at_risk if report.readable else None,
    }
    if (outline := report.outline) is not None:
        cells |= {
            "form": outline.form,
            "payer_id": outline.payer_id,
            "payer_name": outline.payer_name,
            "payer_kind": outline.payer_kind,
            "claim_charge": outline.total_charge,
        }
    return cells


def _finding(finding: Finding, outline: ClaimOutline | None) -> dict[str, Cell]:
    evidence = finding.evidence or Evidence(table="", edition=None, row={})
    line = _line_of(finding, outline)
    cells: dict[str, Cell] = {
        "severity": finding.severity,
        "rule": finding.rule,
        "name": finding.name,
        "message": finding.message,
        "to_do": finding.fix.text,
        "owner": finding.owner,
        "question": finding.question,
        "line": finding.line,
        "diagnosis": finding.diagnosis,
        "codes": "; ".join(finding.codes),
        "charge_in_doubt": None if outline is None else amount_at_risk([finding], outline),
        "risk": round(finding.risk, RISK_DIGITS),
        "disposition": finding.disposition,
        "group": finding.group,
        "carc": "; ".join(finding.carc),
        "rarc": "; ".join(finding.rarc),
        "status_277ca": coded(finding.acknowledgment) if finding.acknowledgment else None,
        "field": finding.field,
        "position": position_text(finding.position or {}),
        "table": evidence.table,
        "edition": evidence.edition,
        "references": "; ".join(f"{one.title} {one.url or ''}".rstrip() for one in finding.references),
        "fingerprint": finding.fingerprint,
    }
    if line is not None:
        cells |= {
            "procedure": line.procedure,
            "modifiers": "; ".join(line.modifiers),
            "revenue_code": line.revenue_code,
            "service_date": line.service_date,
            "units": None if line.units is None else _number(line.units),
            "line_charge": line.charge,
        }
    return cells


def _number(units: Decimal) -> int | float:
    return int(units) if units == units.to_integral_value() else float(units)


def _line_of(finding: Finding, outline: ClaimOutline | None) -> OutlineLine | None:
    lines = outline.lines if outline else ()
    return lines[finding.line - 1] if finding.line is not None and 1 <= finding.line <= len(lines) else None


def _suppression(suppression: Suppression) -> dict[str, Cell]:
    return {
        "suppression": suppression.kind,
        "suppression_place": suppression.place,
        "suppression_reason": suppression.reason,
        "suppression_by": suppression.by,
        "suppression_expires": suppression.expires,
    }
