"""Modifiers on their date: of the HCPCS files, of CPT, and places of ambulance trips."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scrubber import Scrubber
from scrubber.checks.answers import NoEdition
from scrubber.checks.modifiers import ModifierEntries, is_place_pair, modifier_entries, modifier_order
from scrubber.facts import ClaimFacts
from scrubber.tables import TableSet
from scrubber.tables.writer import NewEdition, NewRow, write_edition
from scrubber.testing.shorthand import claim_from_shorthand

NO_TABLES = TableSet({})
WINDOWS = {
    "LT": (date(1996, 1, 1), None),
    "GD": (date(2008, 1, 1), date(2019, 12, 31)),
    "JZ": (date(2023, 1, 1), None),
    "GN": (date(1998, 1, 1), date(2000, 12, 31)),
}


@pytest.fixture
def tables(tmp_path: Path) -> TableSet:
    (tmp_path / "modifiers").mkdir()
    edition = NewEdition(
        table="modifiers",
        name="2026q4",
        first_day=date(1996, 1, 1),
        last_day=date(2026, 12, 31),
        source="made up",
        licence="none",
        key=("code",),
        columns=(),
    )
    rows = [NewRow(key=(code,), valid_from=first, valid_to=last) for code, (first, last) in WINDOWS.items()]
    write_edition(tmp_path / "modifiers" / "2026q4.table", edition, rows)
    return TableSet.from_folders([(tmp_path, True)])


@pytest.fixture
def entries(tables: TableSet) -> Callable[..., Any]:
    def look_up(line: str, dos: str = "2026-03-02", loaded: bool = True) -> Any:
        facts = ClaimFacts(claim_from_shorthand({"dos": dos, "lines": [line]}))
        return modifier_entries(facts, facts.lines[0], tables if loaded else NO_TABLES)

    return look_up


def test_a_modifier_of_the_table_and_one_of_cpt_hold(entries: Callable[..., Any]) -> None:
    found = entries("20610-LT-59")
    assert isinstance(found, ModifierEntries)
    assert (found.unknown, found.not_in_force, found.edition) == ((), (), "2026q4")


def test_unknown_modifiers_are_all_told(entries: Callable[..., Any]) -> None:
    assert entries("20610-Z9-LT-RH").unknown == ("Z9", "RH")


@pytest.mark.parametrize(
    ("line", "dos", "ended_on", "starts_on"),
    [
        ("20610-GD", "2020-01-01", date(2019, 12, 31), None),
        ("J9035-JZ", "2022-12-31", None, date(2023, 1, 1)),
        ("99213-93", "2021-12-31", None, date(2022, 1, 1)),
    ],
)
def test_a_modifier_outside_its_days(
    entries: Callable[..., Any], line: str, dos: str, ended_on: date | None, starts_on: date | None
) -> None:
    found = entries(line, dos)
    assert found.not_in_force == (line[-2:],)
    assert found.unknown == ()
    assert (found.ended_on, found.starts_on) == (ended_on, starts_on)


@pytest.mark.parametrize(("line", "dos"), [("20610-GD", "2019-12-31"), ("J9035-JZ", "2023-01-01")])
def test_a_modifier_on_its_last_and_first_day(entries: Callable[..., Any], line: str, dos: str) -> None:
    assert entries(line, dos).not_in_force == ()


def test_places_of_an_ambulance_are_read_as_places(entries: Callable[..., Any]) -> None:
    ambulance = entries("A0428-GN-RH")  # GN is also a modifier that had ended
    assert (ambulance.unknown, ambulance.not_in_force) == ((), ())
    assert entries("97110-GN").not_in_force == ("GN",)
    assert entries("A0428-XR").unknown == ("XR",)  # X is no origin


def test_without_the_table_only_what_needs_it_is_left_open(entries: Callable[..., Any]) -> None:
    assert entries("20610-LT", loaded=False) == NoEdition("modifiers", date(2026, 3, 2))
    assert entries("99213-25", loaded=False).unknown == ()
    assert entries("A0428-RH", loaded=False).unknown == ()
    assert entries("20610-LT", dos="2027-01-01") == NoEdition("modifiers", date(2027, 1, 1))
    assert entries("99213") is None


@pytest.mark.parametrize(
    ("pair", "is_one"), [("RH", True), ("EX", True), ("XE", False), ("GC", False), ("R", False), ("RHX", False)]
)
def test_pairs_of_places(pair: str, is_one: bool) -> None:
    assert is_place_pair(pair) is is_one


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("73030-RT-26", ("RT", "26")),
        ("73030-26-RT", None),
        ("97110-59-KX-GC", None),
        ("99213-GC-KX-25", ("GC", "25")),
        ("A0428-GC-RR", None),
    ],
)
def test_order_of_modifiers(line: str, expected: tuple[str, str] | None) -> None:
    facts = ClaimFacts(claim_from_shorthand({"lines": [line]}))
    found = modifier_order(facts, facts.lines[0], NO_TABLES)
    assert (found and (found.informational, found.payment)) == expected


def test_the_rules_tell_of_the_table(tables: TableSet) -> None:
    scrubber = Scrubber.load(tables=tables, select=["MOD101", "MOD102"])
    claim = claim_from_shorthand({"dos": "2020-01-01", "lines": ["99213-RH", "20610-GD", "20610-LT"]})
    report = scrubber.scrub(claim)
    assert [(f.rule, f.line, f.codes) for f in report.findings] == [("MOD101", 1, ("RH",)), ("MOD102", 2, ("GD",))]
    assert "2019-12-31" in report.findings[1].message
    assert not report.not_checked
