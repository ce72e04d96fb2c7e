"""Small tables in the tests of rule files: of one's own, listed without columns, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scrubber.errors import UnknownName
from scrubber.tables import Column, Row, TableSet
from scrubber.tables.writer import NewEdition, NewRow, write_edition
from scrubber.testing.shorthand import ShorthandError
from scrubber.testing.small_tables import with_small_tables

DAY = date(2026, 3, 2)


@pytest.fixture
def own(tmp_path: Path) -> TableSet:
    """A loaded table of the user's own, keyed by payer and code."""
    columns = (
        Column("most", "number"),
        Column("strict", "flag"),
        Column("number", "text"),
        Column("note", "long_text"),
    )
    edition = NewEdition("our_limits", "2026", date(2026, 1, 1), None, "", "", ("payer", "code"), columns)
    (tmp_path / "our_limits").mkdir()
    row = NewRow(("P1", "Z0001"), date(2026, 1, 1), None, (3, True, "1"), (None,))
    write_edition(tmp_path / "our_limits" / "2026.table", edition, [row])
    return TableSet.from_folders([(tmp_path, True)])


def small(tables: TableSet, name: str, key: Any, *rows: dict[str, str]) -> dict[str, Any]:
    with with_small_tables(tables, {name: list(rows)}) as joined:
        table = joined.get(name)
        row = table.look_up(key, DAY) if table else None
        assert isinstance(row, Row)
        return row.as_dict()


def test_a_table_of_ones_own_has_the_key_and_types_of_the_loaded_one(own: TableSet) -> None:
    row = {"payer": "P1", "code": "Z0009", "most": "2", "strict": "false", "number": "7"}
    assert small(own, "our_limits", ("P1", "Z0009"), row) == {"most": 2, "strict": False, "number": "7", "note": None}


def test_types_that_nobody_declares_follow_the_rows(own: TableSet) -> None:
    rows = [
        {"payer": "P1", "most": "3", "rate": "2", "strict": "true", "since": "2025-01-01", "code": "007", "note": "1"},
        {"payer": "P2", "most": "12", "rate": "1.50", "strict": "no", "code": "100", "note": "x"},
    ]
    assert small(own, "timely_filing", "P1", *rows) == {
        "most": 3, "rate": Decimal(2), "strict": True, "since": date(2025, 1, 1), "code": "007", "note": "1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"payer": "P1", "code": "Z0001", "most": "few"}, "most must be a number, not 'few'"),
        ({"payer": "P1", "code": "Z0001", "most": "1.5"}, "most must be a number"),
        ({"payer": "P1", "code": "Z0001", "strict": "maybe"}, "strict must be true or false"),
        ({"payer": "P1", "code": "Z0001", "mots": "1"}, "there is no column 'mots'"),
        ({"payer": "P1", "most": "1"}, "a row lacks its key code"),
    ],
)
def test_what_does_not_fit_is_told(own: TableSet, row: dict[str, str], told: str) -> None:
    with pytest.raises(ShorthandError, match=told), with_small_tables(own, {"our_limits": [row]}):
        pass


def test_an_unknown_table_is_named(own: TableSet) -> None:
    with pytest.raises(UnknownName, match="our_limit"), with_small_tables(own, {"our_limts": []}):
        pass
