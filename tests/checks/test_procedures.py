"""Procedure codes on their date, by the tables a user imports; drug codes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scrubber import Report, Scrubber
from scrubber.checks.shapes import ndc
from scrubber.tables import TableSet
from scrubber.tables.schemas import SCHEMAS
from scrubber.tables.writer import NewEdition, NewRow, write_edition
from scrubber.testing.shorthand import claim_from_shorthand

HCPCS = [
    ("J1111", date(2020, 1, 1), date(2023, 12, 31)),
    ("J2222", date(2024, 1, 1), None),
    ("J3333", date(2010, 1, 1), date(2012, 12, 31)),
    ("J3333", date(2020, 1, 1), None),
]


@pytest.fixture(scope="module")
def scrubber(tmp_path_factory: pytest.TempPathFactory) -> Scrubber:
    folder: Path = tmp_path_factory.mktemp("tables")
    (folder / "hcpcs").mkdir()
    schema = SCHEMAS["hcpcs"]
    blank, untold = (None,) * len(schema.short_columns), (None,) * len(schema.long_columns)
    edition = NewEdition(
        table="hcpcs",
        name="2026q4",
        first_day=date(2000, 1, 1),
        last_day=date(2026, 12, 31),
        source="made up",
        licence="none",
        key=("code",),
        columns=schema.columns,
    )
    rows = [NewRow((code,), first, last, blank, untold) for code, first, last in HCPCS]
    write_edition(folder / "hcpcs" / "2026q4.table", edition, rows)
    tables = TableSet.from_folders([(folder, True)])
    return Scrubber.load(tables=tables, select=["PRC101", "PRC102", "PRC103"])


def scrub(scrubber: Scrubber, **short: Any) -> Report:
    return scrubber.scrub(claim_from_shorthand(short))


@pytest.mark.parametrize(
    ("code", "day", "rule"),
    [
        ("J1111", "2023-12-31", None),
        ("J1111", "2024-01-01", "PRC102"),
        ("J1111", "2019-12-31", "PRC103"),
        ("J2222", "2024-01-01", None),
        ("J2222", "2023-12-31", "PRC103"),
        ("J3333", "2012-12-31", None),
        ("J3333", "2015-01-01", "PRC102"),  # used again from 2020 on
        ("J3333", "2020-01-01", None),
        ("J9998", "2024-01-01", "PRC101"),
        ("j2222", "2024-01-01", None),
    ],
)
def test_a_code_on_its_days(scrubber: Scrubber, code: str, day: str, rule: str | None) -> None:
    report = scrub(scrubber, dos=day, lines=[code])
    assert [finding.rule for finding in report.findings] == ([rule] if rule else [])
    assert not report.not_checked


def test_the_message_names_the_last_or_the_first_day(scrubber: Scrubber) -> None:
    ended, begins = (
        scrub(scrubber, dos="2024-02-01", lines=["J1111"]),
        scrub(scrubber, dos="2023-02-01", lines=["J2222"]),
    )
    assert "2023-12-31" in ended.findings[0].message
    assert "2024-01-01" in begins.findings[0].message


@pytest.mark.parametrize("code", ["99213", "0240U", "3074F", "D0120"])
def test_codes_of_other_sets_are_left_open(scrubber: Scrubber, code: str) -> None:
    report = scrub(scrubber, dos="2024-02-01", form="dental" if code[0] == "D" else "professional", lines=[code])
    assert not report.findings
    assert {unjudged.rule for unjudged in report.not_checked} == {"PRC101", "PRC102", "PRC103"}


def test_a_day_after_the_edition_is_not_checked(scrubber: Scrubber) -> None:
    report = scrub(scrubber, dos="2027-01-01", lines=["J9998"])
    assert not report.findings
    assert {unjudged.reason for unjudged in report.not_checked} == {"no edition of hcpcs covers 2027-01-01"}


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("00409120301", True),
        ("N400409120301", True),
        ("00409-1203-01", True),
        ("0409-1203-01", True),
        ("50242-040-62", True),
        ("60574-4114-1", True),
        ("0409120301", False),
        ("409-12030-01", False),
        ("0040912030A", False),
    ],
)
def test_national_drug_codes(code: str, says: bool) -> None:
    assert ndc(code) is says


@pytest.mark.parametrize(
    ("first", "second", "rarc", "says"),
    [
        ({"code": "ZZZZZZZ", "date": "2026-03-02"}, None, "MA66", "principal procedure ZZZZZZZ"),
        ({"code": "02703DZ"}, None, "N303", "no date"),
        ({"code": "02703DZ", "date": "2026-03-05"}, None, "N303", "after the last day"),
        ({"code": "02703DZ", "date": "2026-02-01"}, None, "N303", "more than three days"),
        ({"code": "02703DZ", "date": "2026-03-02"}, {"code": "ZZZZZZZ", "date": "2026-03-02"}, "M67", "Procedure 2"),
        ({"code": "02703DZ", "date": "2026-03-02"}, {"code": "4A023N7"}, "N302", "no date"),
        (
            {"code": "02703DZ", "date": "2026-03-02"},
            {"code": "4A023N7", "date": "2026-03-05"},
            "N302",
            "after the last",
        ),
        (
            {"code": "02703DZ", "date": "2026-03-02"},
            {"code": "4A023N7", "date": "2026-02-01"},
            "N302",
            "more than three",
        ),
    ],
)
def test_which_remark_an_inpatient_procedure_gets(
    shipped_tables: TableSet, first: dict[str, str], second: dict[str, str] | None, rarc: str, says: str
) -> None:
    scrubber = Scrubber.load(tables=shipped_tables, select=["PRC104"])
    procedures = [first, *([second] if second else [])]
    days = {"from": "2026-03-01", "to": "2026-03-04"}
    report = scrub(scrubber, tob="0111", procedures=procedures, **days)
    assert [(finding.rarc, says in finding.message) for finding in report.findings] == [((rarc,), True)]
