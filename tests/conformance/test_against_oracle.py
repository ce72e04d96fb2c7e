"""Random rules over random lines: every engine says what a plain reading of the semantics says.

The reading below is written from the page on the rule language, and shares nothing with the engines but the tests of
the words: True, False, and None for what cannot be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber.claim import ServiceLine
from scrubber.facts import ClaimFacts
from scrubber.fields import ScopeKind, field_of
from scrubber.rules.model import Condition, FieldRef, Group, Node, Param, Place, Rule, Span
from scrubber.rules.words import WORDS, CodeSet
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand

from .engines import ENGINES, Engine
from .samples import read

CODES, NUMBERS = ("1", "2", "3"), (Decimal(1), Decimal(2), Decimal("2.5"))
DAYS = (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 6))
FIELDS = ("tooth", "oral_cavity", "units", "minutes", "service_date", "service_date_end", "modifiers")
NOWHERE = Place(Path("random.yaml"), 1, 1)


def ref(name: str) -> FieldRef:
    field = field_of(ScopeKind.LINE, name)
    return FieldRef("line", name, field.type, field)


# the plain reading ---------------------------------------------------------------------------------------------------


def told(node: Node, line: ServiceLine) -> bool | None:
    if isinstance(node, Group):
        members = [told(member, line) for member in node.members]
        return together(members) if node.kind == "all_of" else any_one(members, denied=node.kind == "none_of")
    value = getattr(line, node.subject.name)
    if node.word.name == "is_blank":
        return (value in (None, ())) is node.operand
    operand: Any = node.operand
    if isinstance(operand, FieldRef):
        operand = getattr(line, operand.name)
    if isinstance(operand, Span):
        of = getattr(line, operand.of.name)
        operand = None if of is None else (operand.days, of)
    if value is None or operand is None:
        return None
    if isinstance(operand, Param):
        held = [each for start, each in operand.values if line.service_date and start and start <= line.service_date]
        if not held:
            return None if any(node.word.test(value, each) for _, each in operand.values) else False
        operand = held[-1]
    return node.word.test(value, operand)


def together(members: Sequence[bool | None]) -> bool | None:
    return False if False in members else None if None in members else True


def any_one(members: Sequence[bool | None], *, denied: bool = False) -> bool | None:
    found = True if True in members else None if None in members else False
    return found if found is None else found is not denied


def outcome(rule: Rule, line: ServiceLine) -> tuple[str, int | None]:
    """What a rule says of a line, and the case that speaks."""
    when = together([told(node, line) for node in rule.when])
    if when is False:
        return "clear", None
    holds = [
        together(
            [*(told(node, line) for node in case.when), any_one([told(n, line) for n in case.unless], denied=True)]
        )
        for case in rule.cases
    ]
    if True not in holds:
        return ("unknown" if None in holds else "clear"), None
    excused = any_one([told(node, line) for node in rule.unless])
    if when is None or excused is None:
        return "unknown", None
    return ("excused", None) if excused else ("fired", holds.index(True))


# random rules and lines ----------------------------------------------------------------------------------------------


def conditions() -> st.SearchStrategy[Condition]:
    code, number, day = st.sampled_from(CODES), st.sampled_from(NUMBERS), st.sampled_from(DAYS)
    codes = st.sets(code, min_size=1).map(lambda found: CodeSet(sorted(found)))
    later = st.sampled_from(DAYS[1:])
    spans = st.builds(Span, st.integers(0, 4), st.just(ref("service_date_end")))

    def dated(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Param]:
        one = st.builds(lambda start, value: Param("p", ((start, value),)), later, values)
        two = st.builds(lambda a, b: Param("p", ((DAYS[1], a), (DAYS[2], b))), values, values)
        return st.one_of(one, two)

    def about(names: Sequence[str], words: Sequence[str], operands: st.SearchStrategy[Any]) -> Any:
        subject = st.sampled_from(names).map(ref)
        return st.builds(Condition, subject, st.sampled_from(words).map(WORDS.__getitem__), operands, st.just(NOWHERE))

    sizes = ("more_than", "at_least", "less_than", "at_most", "is", "is_not")
    order = ("after", "on_or_after", "before", "on_or_before", "is", "is_not")
    around = ("within", "not_within", "within_days_after", "within_days_before")
    return st.one_of(
        about(("tooth", "oral_cavity"), ("is", "is_not"), st.one_of(code, st.just(ref("tooth")), dated(code))),
        about(("tooth", "oral_cavity"), ("is_one_of", "is_none_of"), st.one_of(codes, st.just(ref("modifiers")))),
        about(("units", "minutes"), sizes, st.one_of(number, st.just(ref("units")), dated(number))),
        about(("service_date", "service_date_end"), order, st.one_of(day, st.just(ref("service_date_end")))),
        about(("service_date",), around, spans),
        about(("modifiers",), ("includes_any", "includes_none", "includes_all"), st.one_of(codes, dated(codes))),
        about(FIELDS, ("is_blank",), st.booleans()),
    )


NODES = st.recursive(
    conditions(),
    lambda inner: st.builds(
        Group, st.sampled_from(["all_of", "any_of", "none_of"]), st.lists(inner, min_size=1, max_size=3).map(tuple),
        st.just(NOWHERE),
    ),
    max_leaves=5,
)  # fmt: skip
LISTS = st.lists(NODES, max_size=3).map(tuple)
LINES = st.fixed_dictionaries(
    {
        "tooth": st.sampled_from([*CODES, None]),
        "oral_cavity": st.sampled_from([*CODES, None]),
        "units": st.sampled_from(["1", "2", "2.5", None]),
        "minutes": st.sampled_from(["1", "2", None]),
        "service_date": st.sampled_from([*map(str, DAYS), None]),
        "service_date_end": st.sampled_from([*map(str, DAYS), None]),
        "modifiers": st.lists(st.sampled_from(CODES), max_size=2),
    }
)


@pytest.fixture(scope="module")
def plain_rule(tmp_path_factory: pytest.TempPathFactory, shipped_tables: TableSet) -> Rule:
    rule, problems = read(tmp_path_factory.mktemp("oracle"), {"id": "TST101"}, shipped_tables)
    assert rule is not None, problems
    return rule


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    bodies=st.lists(st.tuples(LISTS, LISTS, st.lists(st.tuples(LISTS, LISTS), min_size=1, max_size=3)), min_size=1,
                    max_size=3),
    lines=st.lists(LINES, min_size=1, max_size=3),
)  # fmt: skip
def test_a_random_rule_means_what_the_page_says(
    plain_rule: Rule, shipped_tables: TableSet, engine: Engine, bodies: Any, lines: list[dict[str, Any]]
) -> None:
    first = plain_rule.cases[0]
    rules = [
        attrs.evolve(
            plain_rule,
            id=f"TST{number}",
            when=when,
            unless=unless,
            cases=tuple(attrs.evolve(first, when=of_case, unless=excuses) for of_case, excuses in cases),
        )
        for number, (when, unless, cases) in enumerate(bodies, start=101)
    ]
    facts = ClaimFacts(claim_from_shorthand({"lines": lines}))
    out = engine(rules, shipped_tables, facts)
    expected = {(rule.id, n): outcome(rule, line) for rule in rules for n, line in enumerate(facts.claim.lines, 1)}
    assert {(hit.rule.id, hit.item.line, hit.case) for hit in out.hits} == {
        (id, line, case) for (id, line), (said, case) in expected.items() if said == "fired"
    }
    assert out.excused == {id for (id, _), (said, _) in expected.items() if said == "excused"}
    assert {id for id, _ in out.left} == {id for (id, _), (said, _) in expected.items() if said == "unknown"}
