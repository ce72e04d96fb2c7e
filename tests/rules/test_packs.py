"""Packs as a caller gives them: what is no pack, no rule or no name is told, and nothing passes for checked."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from scrubber import InputError, RuleError, Scrubber, ScrubberError, TableError, read_claims
from scrubber.rules.loader import check_pack, load_packs
from scrubber.tables import TableSet

Write = Callable[..., Path]

GOOD = 'when: [{line.units: {is: "1"}}]\n'


def test_a_file_that_is_not_read_is_told(write_rule: Write, shipped_tables: TableSet) -> None:
    path = write_rule(GOOD)
    path.rename(path.with_suffix(".yml"))
    (problem,) = check_pack(path.parent, shipped_tables)
    assert problem.id == "RL010"
    assert problem.hint == f"Rename it to {path.name}."


def test_a_pack_without_rules_is_told(write_rule: Write, shipped_tables: TableSet) -> None:
    path = write_rule(GOOD)
    path.unlink()
    (problem,) = check_pack(path.parent, shipped_tables)
    assert (problem.id, problem.message) == ("RL010", "the pack has no rules.")


def test_a_folder_without_a_header_is_told_so(write_rule: Write, shipped_tables: TableSet) -> None:
    path = write_rule(GOOD)
    header = path.parent / "pack.yaml"
    header.rename(path.parent / "pack.yml")
    with pytest.raises(RuleError, match=r"has no pack\.yaml.*Rename pack\.yml"):
        check_pack(path.parent, shipped_tables)
    (path.parent / "pack.yml").unlink()
    with pytest.raises(RuleError, match=r"has no pack\.yaml.*Write one"):
        check_pack(path.parent, shipped_tables)
    with pytest.raises(RuleError, match="Name its folder"):
        check_pack(path, shipped_tables)


def test_packs_that_share_an_id_name_both_files(write_rule: Write, shipped_tables: TableSet, tmp_path: Path) -> None:
    first = write_rule(GOOD)
    folder = tmp_path / "first"
    folder.mkdir()
    for path in (first, tmp_path / "pack.yaml"):
        path.rename(folder / path.name)
    second_folder = tmp_path / "second"
    folder_of_second = write_rule(GOOD, name="another-name").parent
    second_folder.mkdir()
    for path in [path for path in folder_of_second.iterdir() if path.is_file()]:
        path.rename(second_folder / path.name)
    with pytest.raises(RuleError) as raised:
        load_packs([folder, second_folder], shipped_tables)
    assert str(folder / first.name) in str(raised.value)
    assert str(second_folder) in str(raised.value)
    assert len(load_packs([folder, str(folder)], shipped_tables)) == 1


def test_single_names_are_lists_of_one(shipped_tables: TableSet) -> None:
    scrubber = Scrubber.load(packs="core", tables=shipped_tables, select="DX102")
    assert {rule.id for rule in scrubber.rules} == {"DX102"}
    assert "DX102" not in {rule.id for rule in Scrubber.load(tables=shipped_tables, ignore="DX102").rules}


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({"packs": []}, RuleError),
        ({"packs": None}, RuleError),
        ({"packs": [None]}, RuleError),
        ({"packs": b"core"}, RuleError),
        ({"packs": 7}, RuleError),
        ({"select": None}, RuleError),
        ({"select": [102]}, RuleError),
        ({"ignore": {"DX102": True}}, RuleError),
        ({"select": ["DX102"], "ignore": ["dx"]}, RuleError),
        ({"tables": 5}, TableError),
        ({"as_of": "2026-10-01"}, InputError),
        ({"as_of": datetime(2026, 10, 1)}, InputError),
        ({"as_of": 20261001}, InputError),
    ],
)
def test_a_wrong_argument_is_an_error_of_this_library_with_a_hint(
    shipped_tables: TableSet, arguments: dict[str, Any], kind: type[ScrubberError]
) -> None:
    with pytest.raises(kind) as raised:
        Scrubber.load(**{"tables": shipped_tables, **arguments})
    assert raised.value.hint


@pytest.mark.parametrize("given", [None, 7, b"{}", ["claims.json"]])
def test_what_is_no_file_is_refused_at_once(given: Any) -> None:
    with pytest.raises(InputError) as raised:
        read_claims(given)
    assert raised.value.hint


def test_a_batch_survives_what_is_no_claim(shipped_tables: TableSet) -> None:
    scrubber = Scrubber.load(tables=shipped_tables, select="DX102", as_of=date(2026, 11, 1))
    given: list[Any] = [{"lines": []}, None, 7, "x", {"lines": []}]
    assert [report.readable for report in scrubber.scrub_many(given)] == [True, False, False, False, True]


@pytest.mark.parametrize("given", [None, 7, "claims.json", {"lines": []}])
def test_a_batch_that_is_none_is_refused_at_once(shipped_tables: TableSet, given: Any) -> None:
    scrubber = Scrubber.load(tables=shipped_tables, select="DX102")
    with pytest.raises(InputError) as raised:
        scrubber.scrub_many(given)
    assert raised.value.hint


def test_a_batch_may_come_from_a_stream(shipped_tables: TableSet) -> None:
    scrubber = Scrubber.load(tables=shipped_tables, select="DX102")
    assert len(list(scrubber.scrub_many(read_claims(io.BytesIO(b'{"lines": []}'))))) == 1
