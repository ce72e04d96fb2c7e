"""Condition, occurrence, span and value codes: which fault is told, with which remark."""

from __future__ import annotations

from typing import Any

import pytest

from scrubber import Scrubber
from scrubber.tables import TableSet
from scrubber.testing.shorthand import claim_from_shorthand


@pytest.mark.parametrize(
    ("codes", "rarc", "listed"),
    [
        ({"condition_codes": ["0A9", "09"]}, ("M44",), ("0A9",)),
        ({"condition_codes": ["09", "09", "D9"]}, ("M44",), ("09",)),
        ({"occurrence_codes": [{"code": "11"}, {"code": "18"}]}, ("M45",), ("11", "18")),
        ({"occurrence_codes": [{"code": "11", "date": "2026-03-01"}] * 2}, ("N832",), ("11",)),
        ({"occurrence_spans": [{"code": "74", "to": "2026-03-01"}]}, ("M46", "N300"), ("74",)),
        ({"value_codes": [{"code": "80"}]}, ("M49",), ("80",)),
        ({"value_codes": [{"code": "80", "amount": "1"}, {"code": "80", "amount": "2"}]}, ("M49",), ("80",)),
    ],
)
def test_which_remark_a_code_gets(
    shipped_tables: TableSet, codes: dict[str, Any], rarc: tuple[str, ...], listed: tuple[str, ...]
) -> None:
    scrubber = Scrubber.load(tables=shipped_tables, select=["FAC112"])
    report = scrubber.scrub(claim_from_shorthand({"tob": "0111", **codes}))
    assert [(finding.rarc, finding.codes) for finding in report.findings] == [(rarc, listed)]
    assert ", ".join(listed) in report.findings[0].message


def test_no_fault_hides_the_next(shipped_tables: TableSet) -> None:
    scrubber = Scrubber.load(tables=shipped_tables, select=["FAC112"])
    codes = {
        "condition_codes": ["C5", "C5"],
        "occurrence_codes": [{"code": "11"}],
        "occurrence_spans": [{"code": "74", "from": "2026-03-01"}],
        "value_codes": [{"code": "80"}],
    }
    findings = scrubber.scrub(claim_from_shorthand({"tob": "0111", **codes})).findings
    assert sorted(finding.codes for finding in findings) == [("11",), ("74",), ("80",), ("C5",)]
    assert len({finding.fingerprint for finding in findings}) == 4
