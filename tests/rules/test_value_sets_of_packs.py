"""Value sets that a pack brings: its rules see them before shared ones, other packs do not, and mistakes are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scrubber import Scrubber
from scrubber.rules.loader import check_pack, load_pack
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand

Write = Callable[..., Path]
RULE = "when: [{line.procedure: {is_one_of: $value_sets.visits}}]\n"
SET = "name: {name}\ntitle: Visits\nkind: procedure\nsource: made up\nvalues:\n  2020-01-01: [{codes}]\n"


def put(folder: Path, name: str, codes: str) -> Path:
    path = folder / "value_sets" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(SET.format(name=name, codes=codes))
    return path


def problems(folder: Path, tables: TableSet) -> list[tuple[str, str]]:
    return [(one.id, one.path.name) for one in check_pack(folder, tables)]


def fired(folder: Path, line: str) -> bool:
    report = Scrubber.load(packs=[str(folder)]).scrub(claim_from_shorthand({"lines": [line]}))
    return bool(report.findings)


def test_a_rule_sees_the_sets_of_its_pack(write_rule: Write, shipped_tables: TableSet) -> None:
    folder = write_rule(RULE).parent
    assert ("RL008", "TST101.yaml") in [(one, "TST101.yaml") for one, _ in problems(folder, shipped_tables)]
    put(folder, "visits", "99213")
    assert problems(folder, shipped_tables) == []
    assert fired(folder, "99213")
    assert not fired(folder, "93000")


def test_a_set_of_the_pack_goes_before_a_shipped_one(write_rule: Write, shipped_tables: TableSet) -> None:
    folder = write_rule(RULE.replace("visits", "em")).parent
    assert fired(folder, "99213")
    put(folder, "em", "93000")
    assert not fired(folder, "99213")
    assert fired(folder, "93000")
    assert "99213" in (shipped_tables.value_sets["em"].values[0][1])


def test_mistakes_are_told_with_the_file(write_rule: Write, shipped_tables: TableSet) -> None:
    folder = write_rule(RULE).parent
    put(folder, "visits", "99213").write_text("name: visits\n")
    assert ("RL011", "visits.yaml") in problems(folder, shipped_tables)


@pytest.mark.parametrize("suffix", [".yaml", ".csv"])
def test_the_hash_of_a_pack_changes_with_its_sets(write_rule: Write, shipped_tables: TableSet, suffix: str) -> None:
    folder = write_rule(RULE).parent
    put(folder, "visits", "99213")
    before = load_pack(folder, shipped_tables)
    if suffix == ".csv":
        (folder / "value_sets" / "more.csv").write_text("procedure,from,to\n99213,2020-01-01,\n")
    else:
        put(folder, "visits", "99214")
    after = load_pack(folder, shipped_tables)
    assert before.hash != after.hash
    assert f"value_sets/{'visits.yaml' if suffix == '.yaml' else 'more.csv'}" in after.files
