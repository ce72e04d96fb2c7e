"""OPPS Addendum B: amounts as CMS writes them, the quarter, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

TOP = [
    "Addendum B.-OPPS Payment by HCPCS Code for CY 2026,,,,,,,",
    '"CPT codes and descriptions only are copyright American Medical Association, all rights reserved",,,,,,,',
    "HCPCS Code,Short Descriptor,SI,APC ,Relative Weight,Payment Rate ,National Unadjusted Copayment ,"
    "Minimum Unadjusted Copayment ",
]
ROWS = [
    '00001,Made up,J1,5112,17.4221,"$3,307.24",.,$661.45',
    "C0002,Made up,N,,,,,",
    "G0003,Made up,S,701,1.5,$12.345,$0.00,$2.47",
]


def test_rows(imported, write) -> None:
    found = imported(write("july_2026_web_addendum_b.csv", [*TOP, *ROWS, ",,,,,,,"]))
    assert found.refusals == []
    assert found.editions == {"opps": ("2026q3", "2026-07-01", "2026-09-30", 3)}
    table = found.table("opps")
    row = table.look_up("00001", date(2026, 7, 1))
    assert (row.status_indicator, row.apc, row.payment_rate) == ("J1", "5112", Decimal("3307.24"))
    assert (row.national_copayment, row.minimum_copayment) == (None, Decimal("661.45"))
    assert table.look_up("C0002", date(2026, 7, 1)).payment_rate is None
    assert table.look_up("G0003", date(2026, 7, 1)).apc == "0701"
    assert table.look_up("G0003", date(2026, 7, 1)).national_copayment == 0


def test_a_stray_byte_behind_a_code_is_dropped(imported, write) -> None:
    found = imported(write("2026_january_addendum_b.csv", [*TOP, ROWS[0].replace("00001", "00001\xff")]))
    assert found.table("opps").look_up("00001", date(2026, 1, 5)).status_indicator == "J1"


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ("00001", "1", "'1' is no procedure code."),
        (",J1,", ",,", "the status indicator '' is none."),
        ("5112", "APC", "the APC 'APC' is no number."),
        ("17.4221", "heavy", "the relative weight 'heavy' is no number."),
    ],
)
def test_bad_rows_are_refused_with_line_and_reason(imported, write, was: str, now: str, reason: str) -> None:
    found = imported(write("2026_april_addendum_b.csv", [*TOP, ROWS[1], ROWS[2], ROWS[0].replace(was, now, 1)]))
    assert found.refusals == [(6, reason)]


def test_a_file_that_tells_no_quarter_is_refused_with_advice(imported, write) -> None:
    [problem] = imported(write("addendum_b.csv", [*TOP, *ROWS])).problems
    assert "which quarter it is of" in problem
    assert "--edition" in problem
