"""The page on the rule language: its lists are those of the code, its examples are rules that pass their tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scrubber.rules.lint import LINTS
from scrubber.rules.loader import read_pack
from scrubber.rules.reference import LISTS, with_lists
from scrubber.tables import TableSet
from scrubber.testing import prove_rule, run_rule_tests
from scrubber.testing.shorthand import LINE_KEYS, SHORTHAND_KEYS

CHECKOUT = Path(__file__).parents[2]
PAGE = CHECKOUT / "docs" / "rule-language.md"
LINT_PAGE = CHECKOUT / "docs" / "lint.md"
EXAMPLES = re.findall(r"```yaml\n(id: .*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_the_lists_are_those_of_the_code() -> None:
    pages = [page.read_text("utf-8") for page in (PAGE, LINT_PAGE)]
    for page in pages:
        assert page == with_lists(page), "run `python -m scrubber.rules.reference docs/rule-language.md docs/lint.md`"
    assert set(re.findall(r"<!-- list: ([a-z ]+) -->", "".join(pages))) == set(LISTS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split("\n")[0])
def test_an_example_is_a_rule(example: str, tmp_path: Path, shipped_tables: TableSet) -> None:
    (tmp_path / "pack.yaml").write_text('name: page\nversion: "1"\ntitle: The page\n', encoding="utf-8")
    (tmp_path / "example.yaml").write_text(example, encoding="utf-8")
    pack, problems = read_pack(tmp_path, shipped_tables)
    assert pack is not None
    assert problems == []
    assert [result.trouble for result in run_rule_tests(pack.rules, shipped_tables) if not result.passed] == []
    assert [one.message for rule in pack.rules for one in prove_rule(rule, shipped_tables).unproven] == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 4


def test_every_lint_id_has_its_explanation() -> None:
    modules = [path for name in ("rules", "testing") for path in (CHECKOUT / "src" / "scrubber" / name).rglob("*.py")]
    sources = "".join(path.read_text("utf-8") for path in modules)
    assert {lint for lint in re.findall(r'"(RL[0-9]{3})"', sources) if lint not in LINTS} == set()


def test_every_key_of_the_shorthand_is_on_the_page() -> None:
    section = PAGE.read_text("utf-8").partition("### Shorthand of claims")[2].partition("## What lint says")[0]
    assert [key for key in (*SHORTHAND_KEYS, *LINE_KEYS) if f"`{key}" not in section] == []
