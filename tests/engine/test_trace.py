"""Why a rule fired: the steps come to the outcome of the compiled rule, and show no private value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber import Claim, Scrubber, UnknownName, read_claims
from scrubber.engine.compile import CompiledRule, compile_rule
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.trace import trace_rule
from scrubber.facts import ClaimFacts
from scrubber.rules.loader import load_pack
from scrubber.rules.rule_file import read_rule
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand
from scrubber.testing.shorthand import as_of_from_shorthand
from scrubber.testing.small_tables import with_small_tables
from scrubber.traces import Step, Trace

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.load(as_of=date(2026, 10, 1))


@pytest.fixture(scope="module")
def compiled(shipped_tables: TableSet) -> list[CompiledRule]:
    return [compile_rule(rule, shipped_tables) for rule in load_pack("core", shipped_tables).rules]


def outcomes_of(compiled: CompiledRule, facts: ClaimFacts, tables: TableSet) -> tuple[Outcomes, Outcomes, Trace]:
    """What the compiled rule says of a claim, and what its trace says."""
    expected, traced = Outcomes(facts, tables), Outcomes(facts, tables)
    compiled.run(facts, expected)
    return expected, traced, trace_rule(compiled.rule, traced)


def assert_same(expected: Outcomes, traced: Outcomes, trace: Trace) -> None:
    def hits(out: Outcomes) -> list[tuple[object, ...]]:
        return sorted((hit.rule.id, hit.rule.cases[hit.case].message.text, id(hit.item)) for hit in out.hits)

    assert hits(traced) == hits(expected), trace
    assert traced.excused == expected.excused, trace
    assert traced.left == expected.left, trace


def test_the_steps_come_to_the_outcome_of_every_example(compiled: list[CompiledRule], shipped_tables: TableSet) -> None:
    for one in compiled:
        for test in one.rule.tests:
            with with_small_tables(shipped_tables, test.tables) if test.tables else nullcontext(shipped_tables) as own:
                rule = compile_rule(one.rule, own) if test.tables else one
                facts = ClaimFacts(claim_from_shorthand(test.claim), as_of_from_shorthand(test.claim))
                expected, traced, trace = outcomes_of(rule, facts, own)
                assert_same(expected, traced, trace)
                assert bool(expected.hits) == (trace.outcome == "fired"), (one.rule.id, test.name)


def test_the_steps_come_to_the_outcomes_of_the_sample(
    compiled: list[CompiledRule], shipped_tables: TableSet, clinic_837: Path
) -> None:
    for claim in read_claims(clinic_837):
        for one in compiled:
            assert_same(*outcomes_of(one, ClaimFacts(claim, date(2026, 10, 1)), shipped_tables))


_SHORT = st.fixed_dictionaries(
    {
        "lines": st.lists(
            st.sampled_from(["99213", "99213-25", "27447-LT-RT x2", "J1100 ndc=1", "G0402", "date=", "x", "45385-59"]),
            max_size=3,
        ),
        "dx": st.lists(st.sampled_from(["E11", "I10", "Z38.00", "F70.0", "O80", "nonsense"]), max_size=3),
        "sex": st.sampled_from(["F", "M", ""]),
        "dos": st.sampled_from(["2015-09-30", "2024-02-29", "2026-10-01"]),
        "payer": st.sampled_from(["medicare", "medicaid", "commercial", None]),
        "pos": st.sampled_from(["11", "21", ""]),
    },
    optional={"tob": st.sampled_from(["0111", "0131", "013"]), "age": st.sampled_from([0, 5, 64])},
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(short=_SHORT)
def test_the_steps_come_to_the_outcomes_of_any_claim(
    compiled: list[CompiledRule], shipped_tables: TableSet, short: dict[str, object]
) -> None:
    claim = claim_from_shorthand({key: value for key, value in short.items() if value is not None or key == "payer"})
    for one in compiled:
        assert_same(*outcomes_of(one, ClaimFacts(claim), shipped_tables))


RULE = """\
when:
  - line.units: {more_than: 1}
  - line.procedure: {is_one_of: ["99213", "99214"]}
unless:
  - claim.patient.sex: {is: M}
  - line.modifiers: {includes_any: ["76"]}
"""


@pytest.fixture
def trace_of(write_rule: Write, shipped_tables: TableSet) -> Callable[..., Trace]:
    def trace(body: str = RULE, **short: object) -> Trace:
        rule, problems = read_rule(write_rule(body), "test", shipped_tables)
        assert rule is not None, problems
        return trace_rule(rule, Outcomes(ClaimFacts(claim_from_shorthand(short)), shipped_tables))

    return trace


def texts(steps: Iterable[Step]) -> list[tuple[str, str, str | None]]:
    return [(step.text, step.verdict, step.value) for step in steps]


def test_each_condition_tells_what_it_saw(trace_of: Callable[..., Trace]) -> None:
    item = trace_of(lines=["99213 x3"]).items[0]
    assert (item.place, item.outcome) == ("line 1", "fired")
    assert texts(item.when) == [
        ("line.units more than 1", "yes", "3"),
        ("line.procedure is one of [99213, 99214]", "yes", "99213"),
    ]


def test_private_values_are_hidden(trace_of: Callable[..., Trace]) -> None:
    item = trace_of(lines=["99213 x3"], sex="M").items[0]
    assert item.outcome == "excused"
    assert texts(item.unless) == [
        ("claim.patient.sex is M", "yes", "(hidden)"),
        ("line.modifiers includes any [76]", "not_asked", None),
    ]


def test_days_since_birth_are_hidden_as_the_birth_date_is(trace_of: Callable[..., Trace]) -> None:
    body = """\
    look_up: {life: {days_from: $claim.patient.birth_date, to: $line.service_date}}
    when: [{life.days: {more_than: 28}}]
    """
    item = trace_of(body, born="1970-05-01", dos="2026-03-02").items[0]
    assert [(one.asked, one.answer) for one in item.look_ups] == [("days from (hidden) to 2026-03-02", "days (hidden)")]
    assert texts(item.when) == [("life.days more than 28", "yes", "(hidden)")]


@pytest.mark.parametrize("finder", ["death", "death_occurrence"])
def test_the_day_of_death_is_hidden(trace_of: Callable[..., Trace], finder: str) -> None:
    body = f"""\
    look_up:
      death: {{find: {finder}, of: claim}}
      later: {{days_from: $death.day, to: $line.service_date}}
    when: [{{line.service_date: {{after: $death.day}}}}, {{later.days: {{more_than: 1}}}}]
    """
    died = [{"code": "55", "date": "2026-02-01"}]
    item = trace_of(body, occurrence_codes=died, dos="2026-03-02").items[0]
    assert item.outcome == "fired"
    assert [(one.asked, one.answer) for one in item.look_ups] == [
        (f"{finder} of claim", "day (hidden)"),
        ("days from (hidden) to 2026-03-02", "days (hidden)"),
    ]
    assert [step.value for step in item.when] == ["2026-03-02 and (hidden)", "(hidden)"]


def test_what_cannot_be_told_names_the_blank_field(trace_of: Callable[..., Trace]) -> None:
    item = trace_of(lines=["99213 x"]).items[0]
    assert (item.outcome, item.reason) == ("not_evaluated", "lines[0].units is blank")
    assert (item.when[0].verdict, item.when[0].reason) == ("unknown", "lines[0].units is blank")


def test_of_clear_lines_the_nearest_come_first_and_the_rest_is_counted(trace_of: Callable[..., Trace]) -> None:
    trace = trace_of(lines=["J1100", "J1100", "J1100", "J1100", "99213"])
    assert trace.outcome == "clear"
    assert trace.items[0].place == "line 5"
    assert (len(trace.items), trace.others) == (3, 2)


def test_a_pair_without_its_second_is_clear_and_says_why(write_rule: Write, shipped_tables: TableSet) -> None:
    path = write_rule("pair_with: procedure line as other\n", scope="procedure line")
    rule, problems = read_rule(path, "test", shipped_tables)
    assert rule is not None, problems
    trace = trace_rule(rule, Outcomes(ClaimFacts(claim_from_shorthand({"lines": ["99213"]})), shipped_tables))
    assert (trace.outcome, trace.reason) == ("clear", "the claim has no procedure line beside another procedure line")


def test_a_rule_for_other_claims_says_so(write_rule: Write) -> None:
    alone = Scrubber.load([write_rule("applies_to: {settings: [dental]}\n").parent])
    (trace,) = alone.why(claim_from_shorthand({}), ["TST101"])
    assert trace.outcome == "not_for_this_claim"
    assert trace.reason == "the claim is professional, and the rule is for dental"


def test_a_version_for_other_days_is_told_only_where_there_is_no_other(write_rule: Write) -> None:
    write_rule("effective: {to: 2025-12-31}\n")
    folder = write_rule("effective: {from: 2026-01-01}\n", name="test-rule-of-2026").parent
    alone = Scrubber.load([folder])
    (trace,) = alone.why(claim_from_shorthand({"dos": "2026-03-02"}), ["TST101"])
    assert (trace.name, trace.outcome) == ("test-rule-of-2026", "fired")


def test_without_names_all_that_is_not_clear_is_told(scrubber: Scrubber, clinic_837: Path) -> None:
    for claim in read_claims(clinic_837):
        report, traces = scrubber.scrub(claim), scrubber.why(claim)
        told = {trace.rule: trace.outcome for trace in traces}
        assert {finding.rule for finding in report.findings} <= told.keys()
        assert {one.rule for one in report.not_checked} <= told.keys()
        assert {one.rule for one in report.not_evaluated} <= told.keys()
        assert "clear" not in told.values()


def test_a_hidden_finding_names_the_rule_that_tells_it(scrubber: Scrubber) -> None:
    claim = claim_from_shorthand({"dx": ["E11"]})
    for masked in scrubber.scrub(claim).masked:
        (trace,) = (one for one in scrubber.why(claim, [masked.rule]) if one.outcome == "fired")
        assert masked.by in trace.hidden_by


def test_an_unknown_name_is_answered_with_the_nearest(scrubber: Scrubber) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'dx-not-billable'"):
        scrubber.why({}, ["dx-not-bilable"])


def test_no_private_value_is_in_any_trace(scrubber: Scrubber) -> None:
    claim = attrs.evolve(
        claim_from_shorthand({"dx": ["E11", "Z38.00"], "sex": "M", "born": "1970-05-04", "lines": ["99213 x99"]}),
        claim_id="SECRET-ID",
        claim_note="SECRET NOTE",
    )
    told = json.dumps(
        [attrs.asdict(trace) for trace in scrubber.why(claim, sorted({r.family for r in scrubber.rules}))]
    )
    for private in ("SECRET", "1970-05-04", "W123456789"):
        assert private not in told


def test_asking_why_takes_claims_and_mappings(scrubber: Scrubber) -> None:
    assert isinstance(scrubber.why(Claim()), tuple)
