"""Lists of the user's own: the comment above the headings, types, days, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from scrubber.tables import NO_EDITION, NO_ROW
from scrubber.tables.importers.sources import Stated

TOP = [
    "# table: payer_limits",
    "# key: payer, code",
    "# edition: 2026-01",
    "# first day: 2026-01-01",
    "# source: contract",
]
HEADINGS = "payer,code,limit:number,rate:decimal,strict:flag,since:date,note,from,to"
ROWS = [
    "PAYER1,AB123,3,1.50,yes,2025-07-01,by calendar year,,",
    "PAYER1,AB124,,,no,,,2026-03-01,2026-12-31",
]


def test_a_list_becomes_a_table(imported, write) -> None:
    found = imported(write("rules.csv", [*TOP, HEADINGS, *ROWS, "", "# a remark below"]))
    assert found.problems == []
    assert found.refusals == []
    assert found.editions == {"payer_limits": ("2026-01", "2026-01-01", None, 2)}
    table = found.table("payer_limits")
    assert table.key == ("payer", "code")
    assert table.look_up(("PAYER1", "AB123"), date(2026, 1, 1)).as_dict() == {
        "limit": 3,
        "rate": Decimal("1.50"),
        "strict": True,
        "since": date(2025, 7, 1),
        "note": "by calendar year",
    }
    assert table.look_up(("PAYER1", "AB124"), date(2026, 2, 28)) is NO_ROW
    assert table.look_up(("PAYER1", "AB124"), date(2026, 12, 31)).strict is False
    assert table.look_up(("PAYER1", "AB124"), date(2027, 1, 1)) is NO_ROW
    assert table.look_up(("PAYER1", "AB123"), date(2025, 12, 31)) is NO_EDITION


def test_the_command_may_say_what_the_comment_does_not(imported, write) -> None:
    path = write("list.csv", ["code,limit", "AB123,3"])
    assert "no table that the library can read" in imported(path).problems[0]
    found = imported(path, stated=Stated(table="my_limits", day=date(2026, 1, 1)))
    assert found.editions == {"my_limits": ("2026-01-01", "2026-01-01", None, 1)}
    assert found.table("my_limits").look_up("AB123", date(2026, 1, 1)).limit == "3"


def test_without_a_first_day_the_earliest_row_tells_it(imported, write) -> None:
    rows = ["AB123,2026-03-01,", "AB124,2025-06-01,2025-12-31"]
    found = imported(write("list.csv", ["# table: my_list", "code,from,to", *rows]))
    assert found.editions["my_list"][:2] == ("2025-06-01", "2025-06-01")


def test_columns_of_a_known_table_have_their_types(imported, write) -> None:
    lines = ["# table: mue_dme", "# first day: 2026-01-01", "# last day: 2026-03-31", "code,value,mai", "E0001,2,3"]
    found = imported(write("list.csv", lines))
    row = found.table("mue_dme").look_up("E0001", date(2026, 1, 1))
    assert (row.value, row.mai, row.rationale) == (2, 3, None)


def test_a_workbook_is_read_as_the_csv_is(imported, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for line in (*TOP, HEADINGS, *ROWS):
        book.active.append([line] if line.startswith("#") else line.split(","))
    book.save(tmp_path / "list.xlsx")
    assert imported(tmp_path / "list.xlsx").editions["payer_limits"][3] == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",,1", "the key is blank."),
        ("P,X,many", "limit 'many' is no whole number."),
        ("P,X,1,dear", "rate 'dear' is no number."),
        ("P,X,1,1,perhaps", "strict 'perhaps' is neither yes nor no."),
        ("P,X,1,1,yes,tomorrow", "since 'tomorrow' is no day."),
        ("P,X,1,1,yes,,,2026-02-01,2026-01-01", "the row ends on 2026-01-01, before it begins on 2026-02-01."),
        ("P,X,1,1,yes,,,,,more", "the row has 10 cells, and there are 9 headings."),
        ("P,Ü,1", "code 'Ü' is no key: letters and digits, no longer than 64."),
    ],
)
def test_bad_rows_are_refused_with_line_and_reason(imported, write, row: str, reason: str) -> None:
    found = imported(write("rules.csv", [*TOP, HEADINGS, *ROWS, row]))
    assert found.refusals == [(9, reason)]
    assert found.editions["payer_limits"][3] == 2


@pytest.mark.parametrize(
    ("lines", "part"),
    [
        (["# table: Payer Rules", "a,b", "1,2"], "is no name for a table"),
        (["# table: icd10cm", "code,billable", "A00,1"], "shipped with its history"),
        (["# table: t", "# keys: a", "a,b", "1,2"], "Did you mean 'key'?"),
        (["# table: t", "# key: c", "a,b", "1,2"], "the key c is not among the headings"),
        (["# table: t", "a,a", "1,2"], "there are two columns 'a'"),
        (["# table: t", "a,b:colour", "1,2"], "'colour' is no type of a column"),
        (["# table: t", "a,b!", "1,2"], "is no name for a column"),
        (["# table: t", "a,b", "1,2"], "from when on the list holds"),
        (["# table: t", "# first day: soon", "a,b", "1,2"], "the first day 'soon' is no day"),
        (["# table: t", "# first day: 2026-01-01", "# last day: 2025-01-01", "a", "1"], "before the first day"),
        (["# table: mue_dme", "# first day: 2026-01-01", "code,valeu", "E1,2"], "Did you mean 'value'?"),
        (["# table: mue_dme", "# key: value", "code,value", "E1,2"], "is looked up by code"),
        (["# table: t"], "there are no headings"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_advice(imported, write, lines: list[str], part: str) -> None:
    [problem] = imported(write("rules.csv", lines)).problems
    assert part in problem
    assert "rules.csv" in problem
