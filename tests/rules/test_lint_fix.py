"""What `--fix` writes: the mend and nothing else, and only where the rule still says what it said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scrubber.rules.lint import lint_rules
from scrubber.rules.lint.fix import Mended, mend_file, write_file
from scrubber.rules.loader import read_packs
from scrubber.tables import TableSet

Write = Callable[..., Path]


def mended(path: Path, tables: TableSet) -> Mended | None:
    """The file with the mends of everything that reading and lint say of it."""
    packs, problems = read_packs([path.parent], tables)
    return mend_file(path, [*problems, *lint_rules(packs)], tables)


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("when: [{line.modifiers: {includes_any: [59, XE]}}]  # both\n", 'includes_any: ["59", XE]}}]  # both'),
        ("when: [{line.modifiers: {includes_any: [lt, 'rt']}}]\n", 'includes_any: ["LT", "RT"]'),
        ("when: [{line.procedure: {is_one_of: [99202\u201399205]}}]\n", 'is_one_of: ["99202-99205"]'),
        ("when: [{claim.diagnosis_codes: {includes_any: [E11.9]}}]\n", 'includes_any: ["E119"]'),
        ("when: [{line.service_date: {after: 12/31/2025}}]\n", "{after: 2025-12-31}"),
        ("when: [{line.service_date: {after: 20251231}}]\n", "{after: 2025-12-31}"),
        ("when: [{line.units: {is_blank: yes}}]\n", "{is_blank: true}"),
        ("when: [{line.units: {is:1}}]\n", "{line.units: {is: 1}}"),
        ("when: [{line.modifiers: {includes_any: [\u201c59\u201d]}}]\n", 'includes_any: ["59"]'),
        ("when: [{line.units: {is: 1}}]   \n", "when: [{line.units: {is: 1}}]\n"),
        ("params: {few: ['1']}\nwhen: [{line.procedure: {is_one_of: params.few}}]\n", "is_one_of: $params.few"),
    ],
)
def test_form_is_mended_in_place(write_rule: Write, shipped_tables: TableSet, body: str, after: str) -> None:
    path = write_rule(body)
    found = mended(path, shipped_tables)
    assert found is not None
    assert after in found.after
    same = [line for line in found.before.splitlines() if line in found.after.splitlines()]
    assert len(same) == len(found.before.splitlines()) - 1
    write_file(found)
    assert mended(path, shipped_tables) is None


@pytest.mark.parametrize(
    "body",
    [
        "when: [{line.service_date: {after: 03/04/2025}}]\n",  # March or April
        'when: [{line.modifiers: {includes_any: ["25, 59"]}}]\n',  # two codes are another list
        'when: [{line.revenue_code: {is: "450"}}]\n',  # a lost zero is a guess
        "when: [{line.units: {moer_than: 1}}]\n",
    ],
)
def test_what_is_a_guess_is_left_alone(write_rule: Write, shipped_tables: TableSet, body: str) -> None:
    assert mended(write_rule(body), shipped_tables) is None


def test_a_mend_that_would_change_the_rule_is_taken_back(write_rule: Write, shipped_tables: TableSet) -> None:
    path = write_rule("when: [{line.modifiers: {includes_any: [59, XE]}}]\n")
    packs, _ = read_packs([path.parent], shipped_tables)
    (problem,) = [one for one in lint_rules(packs) if one.id == "RL019"]
    assert problem.edit is not None
    lying = type(problem.edit)(*[*vars_of(problem.edit)[:4], '"58"'])
    wrong = type(problem)(problem.path, problem.line, problem.column, "RL019", "", "", lying)
    assert mend_file(path, [wrong], shipped_tables) is None


def vars_of(edit: object) -> list[object]:
    return [getattr(edit, name) for name in ("line", "column", "end_line", "end_column", "text")]


def test_ends_of_lines_and_the_byte_order_mark_stay(write_rule: Write, shipped_tables: TableSet) -> None:
    path = write_rule("when: [{line.modifiers: {includes_any: [59, \u201c25\u201d]}}]\n# the end\n")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    for _ in range(2):  # first what keeps the rule from being read, then the quotes
        found = mended(path, shipped_tables)
        assert found is not None
        write_file(found)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid: ")
    assert b'includes_any: ["59", "25"]}}]\r\n# the end\r\n' in data
    assert data.count(b"\n") == data.count(b"\r\n")
