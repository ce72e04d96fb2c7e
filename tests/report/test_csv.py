"""CSV: rows for a spreadsheet, of which no cell is ever run, and each text can be had back."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.findings import Report
from scrubber.report.csv import COLUMNS, CsvWriter, safe_cell
from scrubber.report.page import printable
from scrubber.report.writer import Run

from .any_reports import reports as any_reports
from .writing import written


def rows(run: Run, reports: list[Report]) -> list[dict[str, str]]:
    text = written(CsvWriter, run, reports)
    return list(csv.DictReader(io.StringIO(text.encode().decode("utf-8-sig"), newline=""), strict=True))


def as_it_was(cell: str) -> str:
    """The rule that the documentation gives."""
    return cell[1:] if cell.startswith("'") else cell


def test_a_row_for_each_finding_and_for_what_was_not_looked_at(full_run: Run, full_reports: list[Report]) -> None:
    kinds = [row["kind"] for row in rows(full_run, full_reports)]
    assert kinds == ["finding"] * 2 + ["suppressed"] * 2 + ["finding"] * 2 + ["not read"] * 2 + ["not checked"] * 2


def test_a_row_says_all_of_a_finding(full_run: Run, full_reports: list[Report]) -> None:
    row = rows(full_run, full_reports)[0]
    assert {name: row[name] for name in ("claim_id", "payer_id", "procedure", "revenue_code", "line_charge")} == {
        "claim_id": "A-1001",
        "payer_id": "'00123",
        "procedure": "XX002",
        "revenue_code": "'0450",
        "line_charge": "125.00",
    }
    assert (row["line"], row["charge_in_doubt"], row["claim_amount_at_risk"]) == ("2", "125.00", "125.00")
    assert (row["carc"], row["status_277ca"], row["codes"]) == ("236", "A7:453:85, A7:454:85", "XX001; XX002")


def test_what_is_set_aside_says_why(full_run: Run, full_reports: list[Report]) -> None:
    row = rows(full_run, full_reports)[2]
    told = [row[f"suppression{part}"] for part in ("", "_place", "_reason", "_by", "_expires")]
    assert told == ["suppression", "suppressions.yaml:12", "The payer agreed by letter.", "Ana Ruiz", "2027-01-31"]


def test_a_clean_run_is_a_first_row(run: Run, reports: list[Report]) -> None:
    assert rows(run, [reports[3]]) == []
    assert written(CsvWriter, run, [reports[3]]) == "\ufeff" + ",".join(f'"{name}"' for name in COLUMNS) + "\n"


def test_a_finding_on_the_claim_puts_all_of_it_in_doubt(full_run: Run, full_reports: list[Report]) -> None:
    first = full_reports[0]
    on_claim = attrs.evolve(first.findings[0], line=None)
    beyond = attrs.evolve(first.findings[0], line=9)
    assert [
        row["charge_in_doubt"] for row in rows(full_run, [attrs.evolve(first, findings=(on_claim, beyond))])[:2]
    ] == ["205.00", "205.00"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", '"=1', "'=1", "'", "\x00=1", "\uff1d1", "%0", "|x",
        "0450", "00100", "12345678901234567", "1E10", "3-4", "3/4", "10:30", "1.50", "MAR1", "dec-26", "Sept 2",
    ],
)  # fmt: skip
def test_a_spreadsheet_would_run_or_change_it(text: str) -> None:
    cell = safe_cell(text)
    assert cell.startswith("'")
    assert as_it_was(cell) == printable(text)


@pytest.mark.parametrize("text", ["A-1001", "45385", "16", "0", "E11.9", "CO", "M76", "25; 59", "fy2027", "Line 1 = 2"])
def test_a_spreadsheet_leaves_it_alone(text: str) -> None:
    assert safe_cell(text) == text


def test_numbers_and_days_of_our_own_stay_what_they_are() -> None:
    assert [safe_cell(value) for value in (Decimal("-5"), 3, 0.95, date(2026, 10, 2))] == [
        "-5.00", "3", "0.95", "2026-10-02",
    ]  # fmt: skip


@given(st.text(max_size=20))
def test_any_text_can_be_had_back(text: str) -> None:
    cell = safe_cell(text)
    assert as_it_was(cell) == printable(text)
    assert not re.match(r"[\s\"]*[=+\-@\t\r]", cell)


@settings(max_examples=60, deadline=None)
@given(st.lists(any_reports, max_size=3))
def test_no_cell_of_any_report_is_run(run: list[Report]) -> None:
    text = written(CsvWriter, Run(scrubber="0.1.0"), run)
    told = rows(Run(scrubber="0.1.0"), run)
    assert text.count("\n") == len(told) + 1  # no cell breaks into lines
    assert sum(row["kind"] == "finding" for row in told) == sum(len(report.findings) for report in run)
    for row in told:
        assert list(row) == list(COLUMNS)
        for name, cell in row.items():
            own_number = name in ("line_charge", "charge_in_doubt") and re.fullmatch(r"-[0-9.]+", cell)
            assert own_number or not re.match(r"[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]", cell)
