"""The five outcomes of a rule, and how yes, no and unknown join: the semantics of the rule language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from scrubber import Report, Scrubber
from scrubber.claim import Origin, StructuralFault
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand

Scrub = Callable[..., Report]
Write = Callable[..., Path]


@pytest.fixture
def load(tmp_path: Path, shipped_tables: TableSet) -> Callable[..., Scrubber]:
    def load(**settings: Any) -> Scrubber:
        return Scrubber.load([tmp_path], shipped_tables, **settings)

    return load


@pytest.fixture
def scrub(write_rule: Write, load: Callable[..., Scrubber]) -> Scrub:
    def scrub(body: str, short: dict[str, Any], scope: str = "line", **settings: Any) -> Report:
        write_rule(body, scope=scope)
        return load(**settings).scrub(claim_from_shorthand(short))

    return scrub


def outcome(report: Report) -> str:
    return next(o for o in ("fired", "not_checked", "not_evaluated", "excused", "clear") if getattr(report.coverage, o))


CHARGE = "when: [{line.charge: {more_than: 50}}]\n"


@pytest.mark.parametrize(
    ("body", "lines", "expected"),
    [
        (CHARGE, ["99213 charge=60"], "fired"),
        (CHARGE, ["99213 charge=50"], "clear"),
        (CHARGE, ["99213 charge="], "not_evaluated"),
        (CHARGE + "unless: [{line.units: {is: 2}}]\n", ["99213 charge=60 x2"], "excused"),
        (CHARGE + "unless: [{line.units: {is: 2}}]\n", ["99213 charge=60 x"], "not_evaluated"),
        (CHARGE + "unless: [{line.units: {is: 2}}]\n", ["99213 charge=40 x"], "clear"),
        # False wins over unknown in any order
        ("when: [{line.tooth: {is: '1'}}, {line.charge: {more_than: 50}}]\n", ["99213 charge=40"], "clear"),
        ("when: [{line.charge: {more_than: 50}}, {line.tooth: {is: '1'}}]\n", ["99213 charge=40"], "clear"),
        ("when: [{line.charge: {more_than: 50}}, {line.tooth: {is: '1'}}]\n", ["99213 charge=60"], "not_evaluated"),
        # True wins over unknown in any_of
        ("when: [any_of: [{line.tooth: {is: '1'}}, {line.charge: {more_than: 50}}]]\n", ["99213 charge=60"], "fired"),
        (
            "when: [any_of: [{line.tooth: {is: '1'}}, {line.charge: {more_than: 50}}]]\n",
            ["99213 charge=4"],
            "not_evaluated",
        ),
        ("when: [none_of: [{line.charge: {more_than: 50}}]]\n", ["99213 charge=4"], "fired"),
        ("when: [none_of: [{line.tooth: {is: '1'}}]]\n", ["99213"], "not_evaluated"),
        ("when: [none_of: [{line.tooth: {is: '1'}}, {line.units: {is: 1}}]]\n", ["99213"], "clear"),
        # is_blank is never unknown
        ("when: [{line.tooth: {is_blank: true}}]\n", ["99213"], "fired"),
        ("when: [{line.tooth: {is_blank: false}}]\n", ["99213"], "clear"),
        # an operand may be another field
        ("when: [{line.procedure: {is: $line.revenue_code}}]\n", ["99213"], "not_evaluated"),
        ("when: [{line.procedure: {is: $claim.place_of_service}}]\n", ["99213"], "clear"),
        # nesting
        (
            "when: [any_of: [all_of: [{line.charge: {more_than: 50}}, {line.units: {is: 2}}], line.units: {is: 9}]]\n",
            ["99213 charge=60 x2"],
            "fired",
        ),
    ],
)
def test_outcome(scrub: Scrub, body: str, lines: list[str], expected: str) -> None:
    report = scrub(body, {"lines": lines})
    assert outcome(report) == expected
    assert sum(getattr(report.coverage, o) for o in ("fired", "excused", "not_evaluated", "not_checked", "clear")) == 1


def test_reason_names_the_blank_field(scrub: Scrub) -> None:
    report = scrub(CHARGE, {"lines": ["99213", "99214 charge="]})
    assert [f.line for f in report.findings] == [1]
    assert [(u.rule, u.reason) for u in report.not_evaluated] == [("TST101", "lines[1].charge is blank")]


def test_missing_table_is_not_checked(scrub: Scrub) -> None:
    body = """
    look_up: {row: {table: hcpcs, match: {code: $line.procedure}}}
    when: [{row.found: {is: false}}]
    """
    report = scrub(body, {"lines": ["J0585"]})
    assert outcome(report) == "not_checked"
    assert report.not_checked[0].reason == "no edition of hcpcs covers 2026-03-02"
    assert (report.not_checked[0].table, report.not_checked[0].date) == ("hcpcs", date(2026, 3, 2))


def test_a_false_condition_needs_no_table(scrub: Scrub) -> None:
    body = """
    look_up: {row: {table: hcpcs, match: {code: $line.procedure}}}
    when: [{row.found: {is: false}}, {line.units: {more_than: 3}}]
    """
    assert outcome(scrub(body, {"lines": ["J0585"]})) == "clear"
    assert outcome(scrub(body, {"lines": ["J0585 x4"]})) == "not_checked"


def test_row_of_a_shipped_table(scrub: Scrub) -> None:
    body = """
    look_up: {row: {table: icd10cm, match: {code: $diagnosis.code}}}
    when: [{row.external_cause: {is: true}}]
    field: diagnosis.code
    """
    report = scrub(body, {"dx": ["S52.501A", "W19.XXXA", "ZZZ"]}, scope="diagnosis")
    assert [(f.diagnosis, f.field) for f in report.findings] == [(2, "diagnoses[1].code")]
    assert report.findings[0].evidence is not None
    assert report.findings[0].evidence.table == "icd10cm"


CASES = """
cases:
  - {when: [{line.units: {more_than: 10}}], severity: error, message: "Far too many."}
  - when: [{line.units: {more_than: 5}}]
    unless: [{line.modifiers: {includes_any: ["76"]}}]
    severity: warning
    risk: 0.2
"""


@pytest.mark.parametrize(
    ("line", "severity"), [("99213 x11", "error"), ("99213 x6", "warning"), ("99213-76 x6", None), ("99213 x5", None)]
)
def test_first_case_that_holds_speaks(scrub: Scrub, line: str, severity: str | None) -> None:
    report = scrub(CASES, {"lines": [line]})
    assert [f.severity for f in report.findings] == ([severity] if severity else [])


def test_params_are_dated(scrub: Scrub) -> None:
    body = """
    params: {limit_codes: {2024-01-01: ["99213-99215"], 2026-01-01: ["99214"]}}
    when: [{line.procedure: {is_one_of: $params.limit_codes}}]
    """
    lines = ["99213 @2023-12-31", "99213 @2024-01-01", "99213 @2025-12-31", "99213 @2026-01-01", "99214 @2026-01-01"]
    report = scrub(body, {"lines": lines})
    assert [f.line for f in report.findings] == [2, 3, 5]
    assert [u.reason for u in report.not_evaluated] == ["the param limit_codes has no value for the date"]


def test_logic_outside_its_window_stays_silent(scrub: Scrub) -> None:
    body = "effective: {from: 2024-01-01, to: 2024-12-31}\nwhen: [{line.units: {is: 1}}]\n"
    lines = ["99213 @2023-12-31", "99213 @2024-01-01", "99213 @2024-12-31", "99213 @2025-01-01"]
    assert [f.line for f in scrub(body, {"lines": lines}).findings] == [2, 3]


def test_pairs_are_tried_both_ways_and_never_with_themselves(
    write_rule: Write, load: Callable[..., Scrubber], tmp_path: Path
) -> None:
    body = """
    pair_with: line as other
    when:
      - {first.procedure: {is: "45380"}}
      - {other.procedure: {is: "45385"}}
      - {first.service_date: {is: $other.service_date}}
    message: "{first.procedure} (line {first.position}) with {other.procedure} (line {other.position})."
    codes: [other.procedure, first.procedure]
    """
    path = write_rule(body, scope="line as first")
    path.write_text(path.read_text().replace('message: "It fired."\n', ""), encoding="utf-8")
    report = load().scrub(claim_from_shorthand({"lines": ["45385", "45380", "45380 @2026-03-03"]}))
    assert [(f.line, f.message, f.codes) for f in report.findings] == [
        (2, "45380 (line 2) with 45385 (line 1).", ("45385", "45380"))
    ]


def test_payer_of_unknown_kind_leaves_payer_rules_unevaluated(scrub: Scrub) -> None:
    body = "applies_to: {payers: [medicare]}\nwhen: [{line.units: {is: 1}}]\n"
    assert outcome(scrub(body, {"payer": "medicare"})) == "fired"
    assert scrub(body, {"payer": "commercial"}).coverage.clear == 0
    unknown = scrub(body, {"payer": {"id": "1"}})
    assert [u.reason for u in unknown.not_evaluated] == ["payer.kind is blank"]


def test_preview_reports_but_never_holds(write_rule: Write, load: Callable[..., Scrubber]) -> None:
    path = write_rule("when: [{line.units: {is: 1}}]\n")
    path.write_text(path.read_text().replace("status: stable", "status: preview"), encoding="utf-8")
    report = load().scrub(claim_from_shorthand({}))
    assert [f.severity for f in report.findings] == ["info"]
    assert (report.decision, report.risk) == ("pass", 0.0)


def test_hidden_findings_are_reported_as_masked(write_rule: Write, load: Callable[..., Scrubber]) -> None:
    write_rule("when: [{line.units: {is: 1}}]\nhides: {line: [TST102]}\n")
    write_rule("when: [{line.charge: {more_than: 0}}]\n", id="TST102", name="other-rule")
    report = load().scrub(claim_from_shorthand({"lines": ["99213", "99214 x2"]}))
    assert [(f.rule, f.line) for f in report.findings] == [("TST101", 1), ("TST102", 2)]
    assert [(m.rule, m.by) for m in report.masked] == [("TST102", "TST101")]


def test_a_rule_may_hide_what_points_to_the_same_field(write_rule: Write, load: Callable[..., Scrubber]) -> None:
    write_rule("when: [{line.units: {is: 2}}]\nfield: line.charge\nhides: {field: [tst]}\n")
    write_rule("when: [{line.charge: {more_than: 0}}]\n", id="TST102", name="other-rule")
    write_rule("when: [{line.charge: {more_than: 0}}]\nfield: line.units\n", id="TST103", name="third-rule")
    report = load().scrub(claim_from_shorthand({"lines": ["99213 x2"]}))
    assert [f.rule for f in report.findings] == ["TST101", "TST103"]
    assert [(m.rule, m.by) for m in report.masked] == [("TST102", "TST101")]


EACH = """
every_case: true
cases:
  - when: [{line.units: {more_than: 5}}]
    field: line.units
    hides: {line: [TST102]}
  - when: [{line.charge: {more_than: 50}}]
    field: line.charge
"""


@pytest.mark.parametrize(
    ("line", "fields", "masked"),
    [
        ("99213 x6 charge=60", ["lines[0].units", "lines[0].charge"], ["TST102"]),
        ("99213 x6 charge=10", ["lines[0].units"], ["TST102"]),
        ("99213 x2 charge=60", ["lines[0].charge", "lines[0].modifiers"], []),
        ("99213 x2 charge=10", ["lines[0].modifiers"], []),
    ],
)
def test_every_case_that_holds_speaks_and_hides_for_itself(
    write_rule: Write, load: Callable[..., Scrubber], line: str, fields: list[str], masked: list[str]
) -> None:
    write_rule(EACH)
    write_rule("when: [{line.modifiers: {is_blank: true}}]\n", id="TST102", name="other-rule")
    report = load().scrub(claim_from_shorthand({"lines": [line]}))
    assert [f.field for f in report.findings] == fields
    assert [m.rule for m in report.masked] == masked


def test_every_case_leaves_each_reason(scrub: Scrub) -> None:
    report = scrub(EACH, {"lines": ["99213 x6 charge="]})
    assert [f.field for f in report.findings] == ["lines[0].units"]
    assert [u.reason for u in report.not_evaluated] == ["lines[0].charge is blank"]


@pytest.mark.parametrize(
    ("when", "scope", "short", "reason"),
    [
        ("claim.age_years: {less_than: 5}", "claim", {"lines": ["99213 date="]}, "no date of service is given"),
        ("claim.age_years: {less_than: 5}", "claim", {"born": ""}, "patient.birth_date is blank"),
        ("line.age_years: {less_than: 5}", "line", {"lines": ["99213 date="]}, "lines[0].service_date is blank"),
        ("provider.as_of: {after: 2026-01-01}", "provider", {"lines": ["99213 date="]}, "no date of service is given"),
        ("diagnosis.as_of: {after: 2026-01-01}", "diagnosis", {"lines": ["x1 date="]}, "no date of service is given"),
        ("claim.as_of: {after: 2026-01-01}", "claim", {"tob": "0111", "statement_to": ""}, "statement_to is blank"),
        ("claim.first_date: {after: 2026-01-01}", "claim", {"lines": ["99213 date="]}, "no date of service is given"),
        ("claim.reference_date: {after: 2026-01-01}", "claim", {}, "nobody said what today is"),
    ],
)
def test_reason_of_a_derived_field_names_what_is_missing(
    scrub: Scrub, when: str, scope: str, short: dict[str, Any], reason: str
) -> None:
    report = scrub(f"when: [{{{when}}}]\n", short, scope=scope)
    assert [u.reason for u in report.not_evaluated] == [reason]


@pytest.mark.parametrize(
    ("blank", "sex", "told"),
    [
        ("patient.sex", "", []),
        ("patient", "", []),
        ("patient", "X", ["TST102"]),
        ("subscriber", "", ["TST102"]),
        ("pat", "", ["TST102"]),
    ],
)
def test_a_fault_of_the_file_hides_what_it_left_blank(
    write_rule: Write, load: Callable[..., Scrubber], blank: str, sex: str, told: list[str]
) -> None:
    write_rule("when: [{fault.edit: {is: TST101}}]\n", scope="structural fault")
    write_rule(
        "when: [{claim.form: {is: professional}}]\nfield: claim.patient.sex\n",
        scope="claim", id="TST102", name="other-rule",
    )  # fmt: skip
    claim = claim_from_shorthand({"sex": sex})
    fault = StructuralFault(edit="TST101", variant="segment-missing", text="DMG is missing.", field=blank)
    claim = attrs.evolve(claim, origin=Origin(faults=(fault,)))
    report = load().scrub(claim)
    assert [f.rule for f in report.findings] == ["TST101", *told]
    assert [m.rule for m in report.masked] == ([] if told else ["TST102"])
    alone = load(select=["TST102"]).scrub(claim)
    assert [f.rule for f in alone.findings] == ["TST102"], "nobody else tells it"


def test_a_fault_hides_nothing_on_days_on_which_its_rule_does_not_run(
    write_rule: Write, load: Callable[..., Scrubber]
) -> None:
    """So it is where a layer has switched the rule off for some days."""
    write_rule("effective: {to: 2025-12-31}\nwhen: [{fault.edit: {is: TST101}}]\n", scope="structural fault")
    write_rule(
        "when: [{claim.form: {is: professional}}]\nfield: claim.patient.sex\n",
        scope="claim", id="TST102", name="other-rule",
    )  # fmt: skip
    fault = StructuralFault(edit="TST101", variant="segment-missing", text="DMG is missing.", field="patient.sex")
    found = {}
    for day in ("2025-12-31", "2026-01-01"):
        claim = attrs.evolve(claim_from_shorthand({"dos": day, "sex": ""}), origin=Origin(faults=(fault,)))
        found[day] = [f.rule for f in load().scrub(claim).findings]
    assert found == {"2025-12-31": ["TST101"], "2026-01-01": ["TST102"]}


def test_an_unreadable_field_is_told_once(write_rule: Write, load: Callable[..., Scrubber]) -> None:
    write_rule("when: [{line.charge: {is_blank: true}}]\n")
    claim = {"lines": [{"procedure": "99213", "charge": "12O.00"}]}
    report = load().scrub(claim)
    assert report.findings == ()
    assert [error.field for error in report.errors] == ["lines[0].charge"]
    assert [u.reason for u in report.not_evaluated] == ["lines[0].charge could not be read"]
    assert report.decision == "hold"


def test_fingerprint_survives_renumbering(write_rule: Write, load: Callable[..., Scrubber]) -> None:
    write_rule("when: [{line.units: {is: 2}}]\n")
    scrubber = load()
    one = scrubber.scrub(claim_from_shorthand({"lines": ["99213 x2", "93000"]})).findings
    two = scrubber.scrub(claim_from_shorthand({"lines": ["93000", "99213 x2"]})).findings
    assert [f.line for f in (*one, *two)] == [1, 2]
    assert one[0].fingerprint == two[0].fingerprint


def test_reference_date_is_the_callers(scrub: Scrub) -> None:
    body = "when: [{line.service_date: {after: $claim.reference_date}}]\n"
    assert outcome(scrub(body, {"dos": "2026-03-02"})) == "not_evaluated"
    assert outcome(scrub(body, {"dos": "2026-03-02"}, as_of=date(2026, 3, 1))) == "fired"
    assert outcome(scrub(body, {"dos": "2026-03-02", "receipt_date": "2026-03-02"})) == "clear"


@pytest.mark.parametrize(
    ("once_per", "lines"),
    [("claim", [1]), ("line.procedure", [1, 3]), ("[line.procedure, line.modifiers]", [1, 2, 3])],
)
def test_a_rule_may_report_once(scrub: Scrub, once_per: str, lines: list[int]) -> None:
    body = f"when: [{{line.units: {{more_than: 1}}}}]\nreport: {{once_per: {once_per}}}\n"
    report = scrub(body, {"lines": ["99213 x2", "99213-25 x2", "93000 x2", "99213 x3", "93000 x1"]})
    assert [f.line for f in report.findings] == lines
    assert report.coverage.fired == 1


def test_blank_equals_blank_and_the_gravest_is_told(scrub: Scrub) -> None:
    body = """
    report: {once_per: line.tooth}
    cases:
      - {when: [{line.units: {more_than: 5}}], severity: error}
      - {when: [{line.units: {more_than: 1}}], severity: warning}
    """
    report = scrub(body, {"lines": ["99213 x2", "99213 x6", "D2740 x3 tooth=3", "D2740 x7"]})
    assert [(f.line, f.severity) for f in report.findings] == [(2, "error"), (3, "warning")]


def test_a_hidden_finding_is_not_the_one_that_is_told(write_rule: Write, load: Callable[..., Scrubber]) -> None:
    write_rule("when: [{line.units: {more_than: 1}}]\nreport: {once_per: claim}\n")
    write_rule("when: [{line.tooth: {is: '3'}}]\nhides: {line: [TST101]}\n", id="TST102", name="other-rule")
    lines = ["D2740 x2 tooth=3", "D2740 x2 tooth=4", "D2740 x2 tooth=5"]
    report = load().scrub(claim_from_shorthand({"lines": lines}))
    assert [(f.rule, f.line) for f in report.findings] == [("TST102", 1), ("TST101", 2)]
    assert [m.rule for m in report.masked] == ["TST101"]


@pytest.mark.parametrize(
    ("condition", "dos", "expected"),
    [
        ("within: {days: 3, of: $claim.accident.date}", "2026-03-04", "fired"),
        ("within: {days: 3, of: $claim.accident.date}", "2026-02-26", "fired"),
        ("within: {days: 3, of: $claim.accident.date}", "2026-02-25", "clear"),
        ("not_within: {days: 3, of: $claim.accident.date}", "2026-03-05", "fired"),
        ("within_days_after: {days: 3, of: $claim.accident.date}", "2026-03-01", "fired"),
        ("within_days_after: {days: 3, of: $claim.accident.date}", "2026-02-28", "clear"),
        ("within_days_before: {days: $params.days, of: $claim.accident.date}", "2026-02-28", "fired"),
        ("within_days_before: {days: $params.days, of: $claim.accident.date}", "2026-02-24", "clear"),
        ("within_days_before: {days: $params.days, of: $claim.accident.date}", "1999-12-31", "clear"),
        ("within: {days: 3, of: $claim.admission_date}", "2026-03-04", "not_evaluated"),
    ],
)
def test_days_around_a_date(scrub: Scrub, condition: str, dos: str, expected: str) -> None:
    params = "params: {days: {2000-01-01: 9, 2026-01-01: 2}}\n" if "$params" in condition else ""
    body = f"{params}when: [{{line.service_date: {{{condition}}}}}]\n"
    assert outcome(scrub(body, {"dos": dos, "accident": {"date": "2026-03-01"}})) == expected


GAP = "look_up: {gap: {days_from: $claim.accident.date, to: $line.service_date}}\n"


@pytest.mark.parametrize(
    ("when", "dos", "accident", "expected"),
    [
        ("gap.days: {is: 365}", "2027-03-01", "2026-03-01", "fired"),
        ("gap.days: {less_than: 0}", "2026-02-28", "2026-03-01", "fired"),
        ("gap.days: {at_least: 0}", "2026-02-28", "2026-03-01", "clear"),
        ("gap.days: {at_least: 0}", "2026-02-28", "", "not_evaluated"),
        ("gap.days: {is_blank: true}", "2026-02-28", "", "fired"),
        ("gap.days: {is_blank: true}", "2026-02-28", "2026-03-01", "clear"),
    ],
)
def test_days_between_two_dates(scrub: Scrub, when: str, dos: str, accident: str, expected: str) -> None:
    report = scrub(GAP + f"when: [{{{when}}}]\n", {"dos": dos, "accident": {"date": accident, "other": True}})
    assert outcome(report) == expected
    assert [u.reason for u in report.not_evaluated] == ["accident.date is blank"] * (expected == "not_evaluated")


def test_a_message_shows_the_days(write_rule: Write, load: Callable[..., Scrubber]) -> None:
    path = write_rule(GAP + "when: [{gap.days: {more_than: 10}}]\n")
    path.write_text(path.read_text().replace("It fired.", "{gap.days} days after."), encoding="utf-8")
    report = load().scrub(claim_from_shorthand({"dos": "2026-04-01", "accident": {"date": "2026-03-01"}}))
    assert [f.message for f in report.findings] == ["31 days after."]


@pytest.mark.parametrize(("dated", "expected"), [("2", "clear"), ("{2015-01-01: 2}", "not_evaluated")])
def test_what_a_param_without_a_value_cannot_tell_is_not_clear(
    write_rule: Write, load: Callable[..., Scrubber], dated: str, expected: str
) -> None:
    write_rule(f"params: {{many: {dated}}}\nwhen: [none_of: [{{line.units: {{at_most: $params.many}}}}]]\n")
    write_rule("when: [{line.units: {more_than: 99}}]\n", id="TST102", name="other-rule")  # so that both are fused
    report = load().scrub(claim_from_shorthand({"dos": "2014-12-31", "lines": ["99213"]}))
    assert report.coverage.clear + report.coverage.not_evaluated == 2
    assert [u.rule for u in report.not_evaluated] == (["TST101"] if expected == "not_evaluated" else [])


def test_a_row_found_by_a_table_that_is_missing_is_no_missing_row(scrub: Scrub) -> None:
    body = """
    look_up:
      first: {table: hcpcs, match: {code: $line.procedure}}
      second: {table: place_of_service, match: {code: $first.coverage}}
    when: [{second.found: {is: false}}]
    """
    assert outcome(scrub(body, {"lines": ["J0585"]})) == "not_checked"
