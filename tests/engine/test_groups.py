"""Lines that have something in common, looked at together: who belongs, what is added up, and what cannot be told."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber import Report, Scrubber
from scrubber.facts import ClaimFacts
from scrubber.rules.loader import check_pack
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand

Write = Callable[..., Path]
Scrub = Callable[..., Report]

VISITS = """
group_by: [service_date, rendering_npi]
members:
  - line.procedure: {is_one_of: ["99202-99215"]}
when:
  - visits.count: {more_than: 1}
"""


@pytest.fixture
def scrub(write_rule: Write, tmp_path: Path, shipped_tables: TableSet) -> Scrub:
    """Checks a claim by one rule about groups, fused with another that groups in the same way."""

    def scrub(body: str, short: dict[str, Any], scope: str = "lines as visits", message: str = "It fired.") -> Report:
        path = write_rule(body, scope=scope)
        path.write_text(path.read_text("utf-8").replace("It fired.", message), "utf-8")
        never = re.split(r"look_up:|when:", body)[0] + "when: [{visits.count: {more_than: 99}}]\n"
        write_rule(never, scope=scope, id="TST102", name="never")
        report = Scrubber.load([tmp_path], shipped_tables).scrub(claim_from_shorthand(short))
        assert {f.rule for f in report.findings} <= {"TST101"}
        return report

    return scrub


def reasons(report: Report) -> list[str]:
    return [unjudged.reason for unjudged in report.not_evaluated if unjudged.rule == "TST101"]


def test_a_group_is_told_at_its_last_line(scrub: Scrub) -> None:
    lines = ["99213", "93000", "99214", "99213 @2026-03-03"]
    report = scrub(VISITS, {"lines": lines}, message="{visits.count} on lines {visits.positions}: {visits.procedures}")
    (finding,) = report.findings
    assert (finding.line, finding.field, finding.message) == (3, "lines[2].procedure", "2 on lines 1, 3: 99213, 99214")


@pytest.mark.parametrize(
    ("when", "lines", "fires"),
    [
        ("visits.units: {is: 5}", ["99213 x2", "99214 x3"], True),
        ("visits.charge: {is: 0.30}", ["99213 charge=0.10", "99214 charge=0.20"], True),
        ("visits.minutes: {at_least: 40}", ["99213 min=15", "99214 min=25"], True),
        ("visits.modifiers: {includes_all: ['25', 'GT']}", ["99213-25", "99214-GT"], True),
        ("visits.procedures: {has_more_than: 1}", ["99213", "99213"], False),
        ("visits.service_date: {on_or_after: 2026-03-02}", ["99213"], True),
        ("visits.first_date: {is: $visits.last_date}", ["99213 @2026-03-02..2026-03-04"], False),
        ("claim.diagnoses: {has_more_than: 5}", ["99213"], False),
    ],
)
def test_what_a_group_knows(scrub: Scrub, when: str, lines: list[str], fires: bool) -> None:
    report = scrub(VISITS.partition("when:")[0] + f"when: [{{{when}}}]\n", {"lines": lines})
    assert bool(report.findings) is fires
    assert reasons(report) == []


@pytest.mark.parametrize(
    ("lines", "fires_at", "why"),
    [
        # a sum with a part that is blank is blank, and the reason names the line that lacks it
        (["99213 x3", "99214 x"], [], ["lines[1].units is blank"]),
        # a line whose date is blank may belong to any day: it is in no group, and the rule says so
        (["99213 x3", "99214 x3", "99215 date="], [2], ["lines[2].service_date is blank"]),
        # ... unless it is no member anyway
        (["99213 x3", "99214 x3", "93000 date="], [2], []),
        # whether a line without a code is a member cannot be told, so its day cannot be judged; another day can
        (["99213 x3", "99214 x3", "date=2026-03-02"], [], ["lines[2].procedure is blank"]),
        (["99213 x3", "99214 x3", "date=2026-03-09"], [2], ["lines[2].procedure is blank"]),
    ],
)
def test_what_cannot_be_told_of_a_group(scrub: Scrub, lines: list[str], fires_at: list[int], why: list[str]) -> None:
    body = VISITS + "  - visits.units: {more_than: 4}\n"
    form: dict[str, Any] = {"lines": [{"service_date": line[5:]} if line[:4] == "date" else line for line in lines]}
    report = scrub(body, form)
    assert [f.line for f in report.findings] == fires_at
    assert reasons(report) == why


@pytest.mark.parametrize(
    ("rest", "outcome"),
    [
        ("when: [{claim.form: {is: dental}}, {visits.count: {more_than: 1}}]\n", "clear"),
        ("when: [{visits.count: {is_blank: true}}]\n", "not_evaluated"),
        ("when: [{claim.form: {is: professional}}]\n", "fired"),
        ("when: [{claim.form: {is: professional}}]\nunless: [{visits.units: {is: 1}}]\n", "not_evaluated"),
        ("look_up: {p: {table: place_of_service, match: {code: $visits.place_of_service}}}\n"
         "when: [{p.found: {is: false}}]\n", "not_evaluated"),
        ("look_up: {gap: {days_from: $visits.service_date, to: $claim.statement_to}}\n"
         "when: [{gap.days: {more_than: 1}}]\n", "not_evaluated"),
    ],
)  # fmt: skip
def test_conditions_on_a_group_that_cannot_be_told(scrub: Scrub, rest: str, outcome: str) -> None:
    report = scrub(f"group_by: [service_date, place_of_service]\n{rest}", {"lines": ["99213 date="], "pos": "11"})
    assert len(report.findings) == (outcome == "fired")
    assert reasons(report) == (["lines[0].service_date is blank"] if outcome == "not_evaluated" else [])


def test_lines_without_a_procedure_are_no_procedure_lines(scrub: Scrub) -> None:
    body = "group_by: [service_date]\nwhen: [{visits.count: {more_than: 1}}]\n"
    short = {"tob": "0131", "lines": ["0250", "0450 99284"]}
    assert len(scrub(body, short).findings) == 1
    assert scrub(body, short, scope="procedure lines as visits").findings == ()


def test_a_group_is_paired_with_lines(scrub: Scrub) -> None:
    body = """
    pair_with: line as other
    group_by: [procedure]
    when:
      - visits.procedure: {is: "99213"}
      - other.procedure: {is: "99214"}
      - visits.positions: {includes_none: $params.first}
    params: {first: ["1"]}
    """
    report = scrub(body, {"lines": ["99214", "99213", "99213"]}, message="{visits.positions} with {other.position}")
    assert [(f.line, f.message) for f in report.findings] == [(3, "2, 3 with 1")]


def test_a_group_hides_what_is_about_any_of_its_lines(
    write_rule: Write, tmp_path: Path, shipped_tables: TableSet
) -> None:
    write_rule(VISITS + "hides: {line: [TST102]}\n", scope="lines as visits")
    write_rule("when: [{line.units: {is: 1}}]\n", id="TST102", name="each-line")
    claim = claim_from_shorthand({"lines": ["99213", "93000", "99214"]})
    report = Scrubber.load([tmp_path], shipped_tables).scrub(claim)
    assert [(f.rule, f.line) for f in report.findings] == [("TST102", 2), ("TST101", 3)]
    assert [(m.rule, m.by) for m in report.masked] == [("TST102", "TST101")]


@pytest.mark.parametrize("scope", ["lines as visits", "procedure lines as visits"])
@pytest.mark.parametrize(
    ("member", "lines", "made", "fires", "untold"),
    [
        ('procedure: {is_one_of: ["99213", "99214"]}', ["99213", "93000", "99214"], True, [3], False),
        ('procedure: {starts_with: ["992"]}', ["93000", "20610"], False, [], False),
        ('modifiers: {includes_any: ["25"]}', ["99213-25", "99214", "99215-57-25"], True, [3], False),
        ('modifiers: {includes_any: ["25"]}', ["99213", "99214-57"], False, [], False),
        ('revenue_code: {is: "0450"}', ["0450 99283", "0730 93005", "0450 12001"], True, [3], False),
        ('revenue_code: {is: "0450"}', ["0730 93005", "0301 80053"], False, [], False),
        ('procedure: {is: "99213"}', ["0450", "0730 99213"], True, [], True),
    ],
)
def test_groups_are_made_where_a_line_names_what_members_must(
    write_rule: Write, tmp_path: Path, shipped_tables: TableSet,
    scope: str, member: str, lines: list[str], made: bool, fires: list[int], untold: bool,
) -> None:  # fmt: skip
    rest = "when: [{visits.count: {more_than: 1}}]\n"
    write_rule(f"group_by: [service_date]\nmembers: [{{line.{member}}}]\n{rest}", scope=scope)
    write_rule("when: [{line.units: {more_than: 99}}]\n", id="TST102", name="never")
    plan = Scrubber.load([tmp_path], shipped_tables).plan
    form = {"tob": "0131"} if lines[0].startswith("0") else {}
    facts = ClaimFacts(claim_from_shorthand({**form, "lines": lines}))
    outcomes, _ = plan.run(facts)
    assert [hit.item.line for hit in outcomes.hits] == fires
    # a line without a procedure is no procedure line
    assert bool(outcomes.left) is (untold and scope.startswith("lines"))
    assert bool(facts.groups) is made


def test_a_window_is_that_of_the_groups_first_day(scrub: Scrub) -> None:
    body = "effective: {from: 2026-01-01}\ngroup_by: [procedure]\nwhen: [{visits.count: {more_than: 1}}]\n"
    assert scrub(body, {"lines": ["99213 @2025-12-31", "99213 @2026-01-01"]}).findings == ()
    assert len(scrub(body, {"lines": ["99213 @2026-01-01", "99213 @2026-01-02"]}).findings) == 1


def test_a_private_field_that_lines_share_is_not_shown(write_rule: Write, shipped_tables: TableSet) -> None:
    path = write_rule("group_by: [age_years]\nwhen: [{visits.age_years: {more_than: 1}}]\n", scope="lines as visits")
    path.write_text(path.read_text("utf-8").replace("It fired.", "{visits.age_years}"), "utf-8")
    assert [problem.id for problem in check_pack(path.parent, shipped_tables)] == ["RL013"]


_LINES = st.lists(
    st.tuples(
        st.sampled_from(["99213", "99214", "93000", ""]),
        st.sampled_from(["2026-03-02", "2026-03-03", ""]),
        st.sampled_from(["1", "2", ""]),
    ),
    max_size=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=_LINES, data=st.data())
def test_the_order_of_lines_changes_nothing_but_positions(
    by_groups: Scrubber, lines: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    def told(order: list[tuple[str, str, str]]) -> tuple[object, ...]:
        written = [{"procedure": p or None, "service_date": d or None, "units": u or None} for p, d, u in order]
        report = by_groups.scrub(claim_from_shorthand({"lines": written}))
        found = [attrs.evolve(f, line=None, field=None, position=None) for f in report.findings]
        left = sorted(u.reason.partition(".")[2] for u in report.not_evaluated)
        return sorted(found, key=lambda f: f.fingerprint), set(left), report.coverage

    assert told(lines) == told(data.draw(st.permutations(lines)))


@pytest.fixture
def by_groups(write_rule: Write, tmp_path: Path, shipped_tables: TableSet) -> Scrubber:
    write_rule(VISITS, scope="lines as visits")
    units = "group_by: [procedure]\nwhen: [{same.units: {more_than: 2}}]\ncodes: [same.procedures]\n"
    write_rule(units, id="TST102", name="many-units", scope="lines as same")
    return Scrubber.load([tmp_path], shipped_tables)
