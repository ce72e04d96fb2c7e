"""The pages of rules: every rule has one, every sentence on it was really said, and nothing on it breaks Markdown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from scrubber.checks import known_checks
from scrubber.cli import main
from scrubber.rules.families import FAMILIES
from scrubber.rules.loader import load_packs
from scrubber.rules.model import Pack
from scrubber.rules.plain_names import PLAIN_NAMES
from scrubber.tables import TableSet
from scrubber.tables.schemas import SCHEMAS
from scrubber.testing.rule_pages import rule_pages
from scrubber.testing.sentences import said_by_cases

PACKS = ("core", "medicare", "medicaid", "commercial-sample")


@pytest.fixture(scope="module")
def packs(shipped_tables: TableSet) -> list[Pack]:
    return load_packs(PACKS, shipped_tables)


@pytest.fixture(scope="module")
def pages(packs: list[Pack], shipped_tables: TableSet) -> dict[str, str]:
    return rule_pages(packs, shipped_tables)


def test_every_rule_has_a_page_in_the_index(packs: list[Pack], pages: dict[str, str]) -> None:
    running = {rule.id for pack in packs for rule in pack.rules if rule.status in ("preview", "stable")}
    assert running == {name.removesuffix(".md") for name in pages} - {"index", "answers", "codes"}
    assert all(f"[{id_}]({id_}.md)" in pages["index.md"] for id_ in running)


def test_every_sentence_of_a_rule_is_shown_as_it_was_said(packs: list[Pack], shipped_tables: TableSet) -> None:
    silent = {
        (rule.id, case.number)
        for pack in packs
        for rule in pack.rules
        for case in rule.cases
        if case.number not in said_by_cases(rule, shipped_tables)
    }
    assert silent == {("UNT103", 3)}, "only an 837 can hold a charge with parts of a cent, and examples are no 837"


def test_a_denial_code_leads_to_its_rules(pages: dict[str, str]) -> None:
    (row,) = [line for line in pages["answers.md"].splitlines() if line.startswith("| 236 |")]
    assert "[NCCI101](NCCI101.md)" in row


def test_a_page_says_what_to_ask_and_what_a_front_end_answers(pages: dict[str, str]) -> None:
    assert (
        "**To ask the clinician:** 99213 (line 1) and 11402 (line 2) are both reported for 2025-11-03"
        in pages["MOD130.md"]
    )
    assert "[277CA](../claim-status.md) **A7:562:85** (invalid: NPI of the billing provider)" in pages["PRV102.md"]
    (row,) = [line for line in pages["answers.md"].splitlines() if line.startswith("| A7:453 |")]
    assert "[MOD103](MOD103.md)" in row


@pytest.mark.parametrize(
    ("kind", "code", "rule"),
    [("Procedures", "G2211", "EVM104"), ("Modifiers", "QW", "MOD175"), ("Diagnoses", "O80", "DX154")],
)
def test_a_code_leads_to_its_rules(pages: dict[str, str], kind: str, code: str, rule: str) -> None:
    section = pages["codes.md"].split(f"## {kind}\n")[1].split("\n## ")[0]
    (row,) = [line for line in section.splitlines() if line.startswith(f"| {code} |")]
    assert f"[{rule}]({rule}.md" in row


def test_a_page_tells_what_changed_and_for_which_services(pages: dict[str, str]) -> None:
    assert "`medicare` 2026.1 (2026-11-22, for services from 2008-05-23): A group's claim" in pages["PRV106.md"]
    assert "the pack tells no change of it" in pages["DX101.md"]


def test_a_page_tells_what_a_biller_asks(pages: dict[str, str]) -> None:
    page = pages["CLM103.md"]
    assert re.search(r"> \*\*error:\*\* .*\$?\d", page), "the sentence, with its amounts"
    for part in (
        "**To do** (biller)",
        "CO 16 with remark M54",
        "### When exactly",
        "### Authority",
        "### More examples",
    ):
        assert part in page


def test_conditions_are_in_words_of_billers(pages: dict[str, str]) -> None:
    own = re.compile(r"params\.|value_sets|verdict of|\b(mai|pctc|of day) of\b|(modifiers|codes) is | is found$")
    odd = [f"{name}: {line}" for name, page in pages.items() for line in page.replace("\\", "").splitlines()
           if line.lstrip().startswith("- ") and "`" not in line and own.search(line)]  # fmt: skip
    assert odd == []
    assert "- the indicator of the limit (MAI) is 1" in pages["MUE101.md"]
    assert "- there is: the pair" in pages["NCCI101.md"]


def test_a_plain_name_is_of_a_column_that_exists() -> None:
    finders = known_checks().finders
    assert [
        (source, column)
        for source, column in PLAIN_NAMES
        if column not in (finders[source].gives if source in finders else _columns(source))
    ] == []


def _columns(table: str) -> set[str]:
    schema = SCHEMAS[table]
    return {column.name for column in schema.columns} or {"sex"}  # shipped tables name their columns in their files


def test_the_gravest_sentence_stands_for_a_rule_in_the_index(pages: dict[str, str]) -> None:
    (row,) = [line for line in pages["index.md"].splitlines() if line.startswith("| [NCCI101]")]
    assert "| error |" in row, "its first sentence is advice for certain types of bill"


def test_what_a_layer_sets_and_when_stands_on_the_page(pages: dict[str, str]) -> None:
    assert "`medicare` from 2008-05-23 sets severity, risk" in pages["PRV106.md"]


def test_every_shipped_family_has_a_title(packs: list[Pack]) -> None:
    of_core = next(pack for pack in packs if pack.name == "core")
    assert {rule.family for rule in of_core.rules} <= set(FAMILIES)


def test_the_command_writes_the_pages(tmp_path: Path, pages: dict[str, str]) -> None:
    run = CliRunner().invoke(main, ["rules", "pages", str(tmp_path / "rules"), *(f"--pack={name}" for name in PACKS)])
    assert run.exit_code == 0, run.output
    assert (tmp_path / "rules" / "NCCI101.md").read_text(encoding="utf-8") == pages["NCCI101.md"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    run = CliRunner().invoke(main, ["rules", "pages", str(tmp_path / "file" / "rules")])
    assert run.exit_code == 2
    assert "cannot be written" in run.output
