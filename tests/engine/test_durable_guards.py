"""What durable_rules 2.0.28 cannot do, and what keeps the second engine from it."""

from __future__ import annotations

import resource
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from scrubber import Scrubber, ScrubberError
from scrubber.engine.durable.expressions import Compared, Expression, Size, all_of, any_of, is_
from scrubber.engine.durable.library import Ruleset, TooLarge, in_sets
from scrubber.engine.durable.logic import logic_rules
from scrubber.engine.durable.sayings import Unsayable, said
from scrubber.fields import FieldType
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand

pytest.importorskip("durable_rules_engine", reason="durable_rules is not installed")

Write = Callable[..., Path]

CODES: dict[str, Expression] = {str(number): is_("code", number) for number in range(600)}
"""As many tests of one property as durable never returns from."""


def matched(ruleset: Ruleset, facts: Sequence[str]) -> list[tuple[str, int]]:
    return [(match.rule, match.fact) for match in ruleset.matches(facts)]


# the tables of nodes ---------------------------------------------------------------------------------------------


def test_durable_is_not_asked_to_register_what_it_never_returns_from() -> None:
    with pytest.raises(TooLarge):
        Ruleset("codes", CODES)


def test_rules_that_do_not_fit_into_one_set_are_split() -> None:
    sets = list(in_sets("codes", {name: [(name, expression)] for name, expression in CODES.items()}))
    assert [rule for ruleset, _ in sets for rule, _ in matched(ruleset, ['"code":599', '"code":3'])] == ["3", "599"]
    assert all(len(names) <= 240 for _, names in sets)


@pytest.mark.parametrize(
    ("expressions", "fits"),
    [
        ([is_("code", number) for number in range(50)], True),
        ([is_("code", number) for number in range(500)], False),  # 512 tests below one node
        ([all_of((is_("code", 1), Compared("$gt", "units", 1))) for _ in range(300)], False),  # 256 rules at one node
        ([any_of((is_("a", 1), is_("b", number))) for number in range(130)], False),  # 128 alternatives at one node
        ([Compared("$neq", f"p{number}", 0) for number in range(70)], False),  # 64 nodes in mind
    ],
)
def test_what_fits_is_counted_before(expressions: list[Expression], fits: bool) -> None:
    assert Size.of(expressions).fits is fits


def test_six_hundred_rules_of_one_code(write_rule: Write, tmp_path: Path, shipped_tables: TableSet) -> None:
    for number in range(600):
        id = f"T{chr(65 + number // 500)}T{number % 500 + 101}"
        write_rule(f"when: [{{line.procedure: {{is: X{number:04}}}}}]\n", id=id, name=f"rule-{number}")
    scrubber = Scrubber.load([tmp_path], shipped_tables, engine="durable")
    report = scrubber.scrub(claim_from_shorthand({"lines": ["X0003", "99213", "X0599"]}))
    assert [(finding.rule, finding.line) for finding in report.findings] == [("TAT104", 1), ("TBT200", 3)]


def test_three_hundred_rules_about_pairs(write_rule: Write, tmp_path: Path, shipped_tables: TableSet) -> None:
    for number in range(300):
        write_rule(
            f"pair_with: line as other\nwhen:\n  - line.procedure: {{is: X{number:04}}}\n"
            f"  - other.procedure: {{is: Y{number:04}}}\n  - line.service_date: {{is: $other.service_date}}\n",
            id=f"TST{number + 101}", name=f"rule-{number}",
        )  # fmt: skip
    scrubber = Scrubber.load([tmp_path], shipped_tables, engine="durable")
    report = scrubber.scrub(claim_from_shorthand({"lines": ["Y0299", "X0299", "X0001", "Y0001 @2026-03-03"]}))
    assert [(finding.rule, finding.line) for finding in report.findings] == [("TST400", 2)]


def test_a_rule_too_long_for_one_of_durables_is_judged_in_full(
    write_rule: Write, tmp_path: Path, shipped_tables: TableSet
) -> None:
    either = "{any_of: [{line.units: {is: 1}}, {line.tooth: {is: '1'}}]}"
    write_rule(f"when: [{', '.join([either] * 20)}, {{line.charge: {{more_than: 50}}}}]\n")
    scrubber = Scrubber.load([tmp_path], shipped_tables, engine="durable")
    report = scrubber.scrub(
        claim_from_shorthand({"lines": ["99213 charge=60", "99213 charge=40", "99213 x2 charge=60"]})
    )
    assert [finding.line for finding in report.findings] == [1]
    assert [unjudged.reason for unjudged in report.not_evaluated] == ["lines[2].tooth is blank"]


# sessions --------------------------------------------------------------------------------------------------------


def test_sessions_end_so_that_there_may_be_more_than_a_thousand() -> None:
    ruleset = Ruleset("logic", logic_rules())
    for _ in range(3000):
        assert matched(ruleset, ['"kind":0,"yes":1,"no":0,"untold":0']) == [("all_of 1", 0)]


def test_a_session_ends_where_durable_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    ruleset = Ruleset("logic", logic_rules())
    ended: list[str] = []

    class Failing:
        def assert_facts(self, handle: int, facts: str) -> None:
            raise RuntimeError(f"Could not assert {facts}, error code: 303")

        def delete_state(self, handle: int, session: str) -> None:
            ended.append(session)

    monkeypatch.setattr(ruleset, "_library", Failing())
    with pytest.raises(ScrubberError) as error:
        matched(ruleset, ['"member_id":"12345"'])
    assert len(ended) == 1
    assert "303" in str(error.value)
    assert "12345" not in str(error.value), "an error of durable's may quote the facts, which are patient data"
    assert error.value.__cause__ is None


def test_memory_does_not_grow_with_the_claims(clinic_durable: Scrubber) -> None:
    claim = claim_from_shorthand({"lines": ["99213", "93000 x2"]})
    for _ in range(50):
        clinic_durable.scrub(claim)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(150):
        clinic_durable.scrub(claim)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 30_000 * (1024 if sys.platform == "darwin" else 1)  # 0.7 MB a claim would be 105 MB


def test_what_one_claim_said_is_not_known_of_the_next(clinic_durable: Scrubber) -> None:
    faulty = claim_from_shorthand({"lines": ["99213 x0"]})
    sound = claim_from_shorthand({"lines": ["99213"]})
    first = clinic_durable.scrub(sound)
    assert clinic_durable.scrub(faulty).findings
    assert clinic_durable.scrub(sound) == first


def test_many_different_facts_are_told_apart() -> None:
    """Durable knows a fact by 32 bits; those of one session have names that do not meet in them."""
    ruleset = Ruleset("all", {"any": Compared("$gte", "number", 0)})
    assert len(matched(ruleset, [f'"number":{number}' for number in range(50_000)])) == 50_000


def test_a_fact_that_no_rule_matches_is_no_failure() -> None:
    ruleset = Ruleset("one", {"one": is_("code", 1)})
    assert matched(ruleset, ['"code":2']) == []
    assert matched(ruleset, ['"code":1', '"code":2']) == [("one", 0)]


# threads ---------------------------------------------------------------------------------------------------------


def test_threads_get_the_reports_of_one_after_the_other(clinic_durable: Scrubber) -> None:
    claims = [claim_from_shorthand({"lines": [f"99213 x{number % 3}"]}) for number in range(24)]
    alone = [clinic_durable.scrub(claim) for claim in claims]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(clinic_durable.scrub, claims)) == alone


def test_the_library_is_entered_by_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ruleset = Ruleset("one", {"one": is_("code", 1)})
    inside: list[int] = []
    most: list[int] = []

    class Slow:
        def assert_facts(self, handle: int, facts: str) -> tuple[int, int]:
            inside.append(1)
            time.sleep(0.01)
            most.append(len(inside))
            return 0, 0

        def start_action_for_state(self, handle: int, state: int) -> None:
            return None

        def delete_state(self, handle: int, session: str) -> None:
            inside.pop()

    monkeypatch.setattr(ruleset, "_library", Slow())
    threads = [threading.Thread(target=matched, args=(ruleset, ['"code":1'])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]


# values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "type_", "told"),
    [
        (Decimal("125.10"), FieldType.MONEY, 125_100_000),
        (3, FieldType.NUMBER, 3_000_000),
        (date(2026, 3, 2), FieldType.DATE, 739_677),
        (True, FieldType.FLAG, 1),
        ("99213", FieldType.CODE, "99213"),
        ('A"1\\', FieldType.CODE, "A%221%5C"),
    ],
)
def test_values_are_whole_numbers_and_plain_text(value: Any, type_: FieldType, told: int | str) -> None:
    assert said(value, type_) == told


@pytest.mark.parametrize("value", [Decimal("0.0000001"), Decimal("1E+30"), Decimal("NaN"), "x" * 300])
def test_what_durable_would_round_is_not_told(value: Any) -> None:
    with pytest.raises(Unsayable):
        said(value, FieldType.TEXT if isinstance(value, str) else FieldType.NUMBER)


def test_a_number_that_durable_cannot_hold_is_judged_all_the_same(
    write_rule: Write, tmp_path: Path, shipped_tables: TableSet
) -> None:
    write_rule("when: [{line.units: {more_than: 1}}]\n")
    scrubber = Scrubber.load([tmp_path], shipped_tables, engine="durable")
    claim = claim_from_shorthand({"lines": ["99213"] * 3})
    units = (Decimal("1.0000000001"), Decimal(1), Decimal("12345678901234567890"))
    lines = tuple(attrs.evolve(line, units=number) for line, number in zip(claim.lines, units, strict=True))
    assert [finding.line for finding in scrubber.scrub(attrs.evolve(claim, lines=lines)).findings] == [1, 3]


# failures --------------------------------------------------------------------------------------------------------


def test_a_failure_of_a_check_is_not_hidden(write_rule: Write, tmp_path: Path, shipped_tables: TableSet) -> None:
    write_rule("when: [{line.ndc: {fails: ndc}}]\n")
    scrubber = Scrubber.load([tmp_path], shipped_tables, engine="durable")
    rule = scrubber.rules[0]

    def broken(_: object) -> bool:
        raise ZeroDivisionError

    object.__setattr__(rule.when[0], "operand", broken)
    with pytest.raises(ZeroDivisionError):
        scrubber.scrub(claim_from_shorthand({"lines": ["99213 ndc=1"]}))


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch, shipped_tables: TableSet) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    with pytest.raises(ScrubberError, match=r"claim-scrubber\[durable\]"):
        Scrubber.load(tables=shipped_tables, engine="durable")


def test_an_engine_that_is_none(shipped_tables: TableSet) -> None:
    with pytest.raises(ScrubberError, match="durable"):
        Scrubber.load(tables=shipped_tables, engine="durible")


@pytest.fixture(scope="module")
def clinic_durable(shipped_tables: TableSet) -> Scrubber:
    return Scrubber.load(tables=shipped_tables, engine="durable")
