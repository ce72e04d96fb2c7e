"""The mini tables: frozen, of every table that rules ask, and without texts that are licensed."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

import scrubber.testing.mini as mini
from scrubber import Scrubber, ScrubberError, UnknownName
from scrubber.rules.loader import load_packs
from scrubber.tables import NO_ROW, Row
from scrubber.tables.notes import Notes, notes_of
from scrubber.testing import a_claim, assert_fires, assert_silent, mini_tables

CONTENT = {"mini-1": "8a2102a018bb44b9023139dcdc20ff59d292381009cf3e7df1bdb39857261436"}
"""The digest of all files of an edition. A test of somebody else's rests on every row: add rows to a new edition."""
DAY = date(2026, 3, 2)


def _files(edition: str) -> list[Path]:
    return sorted((Path(mini.__file__).parent / edition).iterdir())


@pytest.mark.parametrize("edition", mini.MINI_EDITIONS)
def test_an_edition_never_changes(edition: str) -> None:
    digest = hashlib.sha256()
    for path in _files(edition):
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    assert digest.hexdigest() == CONTENT[edition]


def test_every_table_that_a_shipped_rule_asks_is_there() -> None:
    tables = mini_tables()
    packs = load_packs(["core", "medicare", "medicaid", "commercial-sample"], tables)
    asked = {name for pack in packs for rule in pack.rules for name in rule.tables}
    assert asked <= set(tables.names)


def test_they_answer_for_every_day() -> None:
    for name in mini_tables().names:
        table = mini_tables().get(name)
        assert table is not None
        assert table.edition_on(date(2016, 1, 4))
        assert table.edition_on(date(2031, 1, 6))
        table.verify()


def test_rows_have_windows_and_notes() -> None:
    icd = mini_tables().get("icd10cm")
    assert icd is not None
    row = icd.look_up(("E119",), DAY)
    assert isinstance(row, Row)
    assert row.billable
    assert icd.look_up(("M545",), DAY) is NO_ROW or not icd.look_up(("M545",), DAY).billable  # type: ignore[union-attr]
    notes = notes_of(icd, "E11.9", DAY)
    assert isinstance(notes, Notes)
    assert any(note.holds("Z79.4") for note in notes.use_additional)


def test_licensed_codes_have_no_texts() -> None:
    for path in _files("mini-1"):
        if path.stem in ("cpt", "cdt"):
            assert path.read_text(encoding="utf-8").splitlines()[0] == "code:key"


def test_they_are_opened_once() -> None:
    assert mini_tables() is mini_tables()


def test_rows_may_be_added() -> None:
    tables = mini_tables({"payers": [{"payer": "77001", "name": "OUR PLAN"}], "cpt": [{"code": "99024"}]})
    ours = Scrubber.load(tables=tables)
    claim = a_claim(payer={"id": "77001", "kind": "commercial"}, lines=["99024 charge=0.00"])
    assert_silent(claim, "PRC101", scrubber=ours)
    assert_silent(claim, "PAY101", scrubber=ours)
    assert_fires(claim, "PRC101", line=1)
    assert_fires(claim, "PAY101", at="claim", severity="warning")


def test_a_list_of_ones_own_that_is_not_in_the_edition_may_be_added() -> None:
    with pytest.raises(UnknownName, match="payers"):
        mini_tables({"payerz": [{"payer": "77001"}]})
    with pytest.raises(ScrubberError, match="no column 'nam'"):
        mini_tables({"payers": [{"payer": "77001", "nam": "OUR PLAN"}]})


def test_an_unknown_edition_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="mini-1"):
        mini_tables(edition="mini-l")
