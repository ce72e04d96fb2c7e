"""What examples prove: a condition that can go without any of them noticing is told, and so is an edge without one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from scrubber.rules.loader import read_pack
from scrubber.tables import TableSet
from scrubber.testing import Proof, Unproven, prove_rule, run_rule_tests

Prove = Callable[..., Proof]

RULE = """\
id: TST101
name: test-rule
title: A rule of a test
status: stable
{scope}{body}
severity: error
risk: 0.5
disposition: line_denial
owner: biller
message: "It fired."
why: Because the test says so.
fix: {{text: Mend it.}}
references: [{{title: This test}}]
tests:
{tests}
"""

VISIT = "- line.procedure: {is_one_of: [99202-99215]}"
UNITS = "- line.units: {more_than: 1}"
TWO_VISITS = "{name: two visits, claim: {lines: [99213 x2]}, fires_at: [line 1]}"
ONE_VISIT = "{name: one visit, claim: {lines: [99213]}, fires_at: []}"
TWO_TESTS = "{name: two of another, claim: {lines: [93000 x2]}, fires_at: []}"


@pytest.fixture
def prove(tmp_path: Path, shipped_tables: TableSet) -> Prove:
    """The proof of a rule with this body and these examples, which all pass."""

    def proof(body: str, *tests: str, scope: str = "for_each: line\n") -> Proof:
        (tmp_path / "pack.yaml").write_text('name: test\nversion: "1"\ntitle: A test\n', encoding="utf-8")
        text = RULE.format(scope=scope, body=body.strip("\n"), tests="\n".join(f"  - {test}" for test in tests))
        (tmp_path / "TST101.yaml").write_text(text, encoding="utf-8")
        pack, problems = read_pack(tmp_path, shipped_tables)
        assert problems == []
        assert pack is not None
        assert [result.trouble for result in run_rule_tests(pack.rules, shipped_tables) if not result.passed] == []
        return prove_rule(pack.rules[0], shipped_tables)

    return proof


def told(unproven: Iterable[Unproven]) -> list[tuple[int, str]]:
    return [(one.place.line, one.message) for one in unproven]


def test_a_condition_that_no_example_needs_is_told_with_its_place(prove: Prove) -> None:
    proof = prove(f"when:\n  {VISIT}\n  {UNITS}", TWO_VISITS, ONE_VISIT)
    (one,) = proof.unproven
    assert one.message == "no example notices when `line.procedure: {is_one_of: [99202-99215]}` is left out."
    assert (one.place.line, one.place.column) == (7, 5)
    assert one.hint == "Add one where everything else holds and this does not."


def test_an_example_for_each_condition_proves_them_all(prove: Prove) -> None:
    proof = prove(f"when:\n  {VISIT}\n  {UNITS}", TWO_VISITS, ONE_VISIT, TWO_TESTS)
    assert (proof.asked, proof.mutants, proof.unproven) == (True, 2, ())


def test_what_excuses_has_to_excuse_alone(prove: Prove) -> None:
    body = f"""
when:
  {UNITS}
unless:
  - line.modifiers: {{includes_any: ["76"]}}
  - claim.payer.kind: {{is: medicaid}}
"""
    both = "{name: both, claim: {payer: medicaid, lines: [93000-76 x2]}, fires_at: []}"
    one_unit = "{name: one, claim: {lines: [93000]}, fires_at: []}"
    alone = "{name: repeated, claim: {lines: [93000-76 x2]}, fires_at: []}"
    twice = "{name: twice, claim: {lines: [93000 x2]}, fires_at: [line 1]}"
    assert [line for line, _ in told(prove(body, twice, one_unit, both).unproven)] == [9, 10]
    assert [line for line, _ in told(prove(body, twice, one_unit, both, alone).unproven)] == [10]


def test_a_group_that_proves_nothing_is_told_once(prove: Prove) -> None:
    body = f"""
when:
  {UNITS}
  - any_of:
      - line.procedure: {{is: "93000"}}
      - line.procedure: {{is: "93005"}}
"""
    tests = ("{name: twice, claim: {lines: [93000 x2, 93005 x2]}, fires_at: [line 1, line 2]}",
             "{name: once, claim: {lines: [93000]}, fires_at: []}")  # fmt: skip
    (one,) = prove(body, *tests).unproven
    assert one.place.line == 8
    other = "{name: another, claim: {lines: [99213 x2]}, fires_at: []}"
    assert prove(body, *tests, other).unproven == ()


def test_a_member_that_never_decides_is_told_alone(prove: Prove) -> None:
    body = f"""
when:
  {UNITS}
  - none_of:
      - line.procedure: {{is: "93000"}}
      - line.procedure: {{is: "93005"}}
"""
    (one,) = prove(
        body,
        "{name: another, claim: {lines: [99213 x2]}, fires_at: [line 1]}",
        "{name: once, claim: {lines: [99213]}, fires_at: []}",
        "{name: spared, claim: {lines: [93000 x2]}, fires_at: []}",
    ).unproven
    assert one.message == "no example notices when `line.procedure: {is: 93005}` is left out."
    assert one.hint == "Add one where of its group only this holds."


CASES = f"""
when:
  {UNITS}
cases:
  - when: [line.units: {{more_than: 9}}]
    message: "Line {{line.position}} has ten or more."
  - message: "Line {{line.position}} has some."
"""


def test_a_case_is_told_from_the_next_by_what_it_says(prove: Prove) -> None:
    many = "name: ten, claim: {lines: [99213 x10]}, fires_at: [line 1]"
    rest = ("{name: two, claim: {lines: [99213 x2]}, fires_at: [line 1], says: has some}",
            "{name: one, claim: {lines: [99213]}, fires_at: []}")  # fmt: skip
    (one,) = prove(CASES, f"{{{many}}}", *rest).unproven
    assert one.message == "no example notices when case 1 is left out."
    assert prove(CASES, f"{{{many}, says: ten or more}}", *rest).unproven == ()


def test_an_outcome_that_is_demanded_notices(prove: Prove) -> None:
    body = "when:\n  - line.ndc: {is_blank: false}\n  - line.ndc: {length_is: 5}"
    fires = "{name: short, claim: {lines: [J1100 ndc=12345]}, fires_at: [line 1]}"
    clean = "{name: long, claim: {lines: [J1100 ndc=12345678901]}, fires_at: []}"
    guarded = "{name: none, claim: {lines: [J1100]}, fires_at: []%s}"
    assert [line for line, _ in told(prove(body, fires, clean, guarded % "").unproven)] == [7]
    assert prove(body, fires, clean, guarded % ", outcome: clear").unproven == ()


def test_a_comment_says_that_a_condition_proves_nothing_alone(prove: Prove) -> None:
    marked = f"when:\n  {VISIT}  # proves nothing alone: the units say it already\n  {UNITS}"
    assert prove(marked, TWO_VISITS, ONE_VISIT).unproven == ()
    without_reason = f"when:\n  {VISIT}  # proves nothing alone:\n  {UNITS}"
    assert len(prove(without_reason, TWO_VISITS, ONE_VISIT).unproven) == 1


class TestEdges:
    def test_the_first_day_and_the_day_before_it(self, prove: Prove) -> None:
        body = f"effective: {{from: 2021-01-01}}\nwhen:\n  {UNITS}"
        later = ("{name: two, claim: {lines: [99213 x2]}, fires_at: [line 1]}", ONE_VISIT)
        (one,) = prove(body, *later).unproven
        assert one.kind == "edge"
        assert one.message == "the rule begins on 2021-01-01, and no example is dated 2020-12-31 and 2021-01-01."
        first = "{name: first, claim: {dos: 2021-01-01, lines: [99213 x2]}, fires_at: [line 1]}"
        (one,) = prove(body, *later, first).unproven
        assert one.message == "the rule begins on 2021-01-01, and no example is dated 2020-12-31."
        before = "{name: before, claim: {dos: 2020-12-31, lines: [99213 x2]}, fires_at: []}"
        assert prove(body, *later, first, before).unproven == ()

    def test_the_day_on_which_a_constant_changes(self, prove: Prove) -> None:
        body = """
params:
  most: {2000-01-01: "1", 2020-01-01: "2"}
when:
  - line.units: {more_than: $params.most}
"""
        tests = ("{name: three, claim: {lines: [99213 x3]}, fires_at: [line 1]}", ONE_VISIT)
        (one,) = prove(body, *tests).unproven
        assert one.message.startswith("$params.most changes on 2020-01-01")
        sides = ("{name: last, claim: {dos: 2019-12-31, lines: [99213 x2]}, fires_at: [line 1]}",
                 "{name: first, claim: {dos: 2020-01-01, lines: [99213 x2]}, fires_at: []}")  # fmt: skip
        assert prove(body, *tests, *sides).unproven == ()


def test_nothing_is_told_of_a_rule_whose_examples_do_not_pass(tmp_path: Path, shipped_tables: TableSet) -> None:
    (tmp_path / "pack.yaml").write_text('name: test\nversion: "1"\ntitle: A test\n', encoding="utf-8")
    wrong = ONE_VISIT.replace("[]", "[line 1]")
    none = "{name: none, claim: {lines: [93000]}, fires_at: []}"
    text = RULE.format(scope="for_each: line\n", body=f"when:\n  {VISIT}\n  {UNITS}", tests=f"  - {wrong}\n  - {none}")
    (tmp_path / "TST101.yaml").write_text(text, encoding="utf-8")
    pack, _ = read_pack(tmp_path, shipped_tables)
    assert pack is not None
    proof = prove_rule(pack.rules[0], shipped_tables)
    assert (proof.asked, proof.unproven) == (False, ())


def test_what_keeps_a_line_out_of_a_group_is_proven_by_such_a_line(prove: Prove) -> None:
    body = f"""
group_by: [service_date]
members:
  {VISIT}
when:
  - visits.count: {{more_than: 1}}
"""
    body = f"for_each: lines as visits{body}"
    two = "{name: two visits, claim: {lines: [99213, 99214]}, fires_at: [line 2]}"
    days = "{name: two days, claim: {lines: [99213, 99214 @2026-03-03]}, fires_at: []}"
    (one,) = prove(body, two, days, scope="").unproven
    assert one.hint == "Add one with a line that only this keeps out of the group."
    beside = "{name: a test beside it, claim: {lines: [99213, 93000]}, fires_at: []}"
    assert prove(body, two, days, beside, scope="").unproven == ()


def test_reported_once_is_proven_by_what_would_be_told_twice(prove: Prove) -> None:
    body = f"report: {{once_per: claim}}\nwhen:\n  {UNITS}"
    (one,) = prove(body, "{name: two, claim: {lines: [93000 x2]}, fires_at: [line 1]}", ONE_VISIT).unproven
    assert one.message == "no example notices when `once_per` is left out."
    twice = "{name: on two lines, claim: {lines: [93000 x2, 93005 x2]}, fires_at: [line 1]}"
    assert prove(body, twice, ONE_VISIT).unproven == ()
