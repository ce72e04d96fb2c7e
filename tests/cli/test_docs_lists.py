"""The lists on the page about lists can be imported, and the rules that wait for them then judge."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from scrubber import Scrubber
from scrubber.tables import TableSet
from scrubber.tables.schemas import SCHEMAS
from scrubber.testing import claim_from_shorthand

PAGE = (Path(__file__).parents[2] / "docs" / "lists.md").read_text(encoding="utf-8")
LISTS = dict(re.findall(r'^```text title="(\S+)"\n(.*?)^```', PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def imported(call: Callable[..., Result], tmp_path: Path) -> Path:
    """The tables that the lists of the page make."""
    for name, text in LISTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    commands = re.findall(r"^    scrubber tables import (.+)$", PAGE, re.MULTILINE)
    named = [name for command in commands for name in command.split()]
    assert sorted(named) == sorted(LISTS)
    result = call("tables", "import", *(tmp_path / name for name in named), "--tables", tmp_path / "tables")
    assert result.exit_code == 0, result.stdout + result.stderr
    return tmp_path / "tables"


def test_every_list_has_columns_and_stands_on_the_page() -> None:
    pointing = {name for name, schema in SCHEMAS.items() if f"| `{name}` |" in PAGE}
    assert {f"{name}.csv" for name in pointing} == set(LISTS)
    for name in pointing:
        assert SCHEMAS[name].columns


CLAIMS: dict[str, dict[str, object]] = {
    "MOD151": {"payer": "medicare", "pos": "10", "lines": ["20610"]},
    "MOD160": {"payer": "medicare", "lines": ["97110"]},
    "MOD170": {"payer": "medicare", "lines": ["J0897 x60"]},
    "MOD175": {"payer": "medicare", "clia": "11D1234567", "lines": ["87880"]},
    "PRC131": {"lines": ["82465", "83718", "84478"]},
    "PRV108": {"payer": "medicare", "lines": ["85025"]},
    "UNT104": {"lines": ["97110-GP x3 min=30"]},
}


def test_the_rules_of_the_page_fire_with_the_lists_and_wait_without(imported: Path, shipped_tables: TableSet) -> None:
    with_lists = Scrubber.load(tables=imported, select=list(CLAIMS))
    without = Scrubber.load(tables=shipped_tables, select=list(CLAIMS))
    for rule, short in CLAIMS.items():
        assert f"`{rule}`" in PAGE
        claim = claim_from_shorthand(short)
        assert rule in [finding.rule for finding in with_lists.scrub(claim).findings]
        report = without.scrub(claim)
        assert rule not in [finding.rule for finding in report.findings]
        assert rule in [unjudged.rule for unjudged in report.not_checked]


def test_the_row_that_the_page_looks_up_is_there(imported: Path, call: Callable[..., Result]) -> None:
    command = next(re.finditer(r"^    scrubber (tables lookup .+)$", PAGE, re.MULTILINE))[1].split()
    result = call(*command, "--tables", imported)
    assert result.exit_code == 0, result.stderr
    assert "needs_qw" in result.stdout
