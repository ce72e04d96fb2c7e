"""What a claim must hold to be taken in: limits, pointers, sums, and which finding stands for which fault."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from scrubber import Claim, Scrubber
from scrubber.claim import Diagnosis, ServiceLine
from scrubber.findings import Report
from scrubber.tables import Column, TableSet
from scrubber.tables.writer import NewEdition, NewRow, write_edition
from scrubber.testing.shorthand import claim_from_shorthand

FAMILIES = ["clm", "pat", "prv", "unt"]


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.load(select=FAMILIES, as_of=date(2026, 11, 21))


def rules(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def with_lines(short: dict[str, object], count: int) -> Claim:
    """The claim with its only line `count` times."""
    claim = claim_from_shorthand(short)
    (line,) = claim.lines
    charge = line.charge or Decimal(0)
    return attrs.evolve(claim, lines=(line,) * count, total_charge=charge * count)


@pytest.mark.parametrize("short", [{}, {"form": "dental"}, {"tob": "0131"}, {"tob": "0111"}, {"payer": "medicare"}])
def test_what_the_shorthand_fills_in_is_clean(scrubber: Scrubber, short: dict[str, object]) -> None:
    assert rules(scrubber.scrub(claim_from_shorthand(short))) == []


@pytest.mark.parametrize(
    ("short", "last_good", "severity"),
    [
        ({}, 50, "error"),
        ({"form": "dental"}, 50, "error"),
        ({"tob": "0131"}, 999, "error"),
        ({"tob": "0131", "payer": "medicare"}, 450, "warning"),
        ({"tob": "0111", "payer": "medicare"}, 999, "error"),
    ],
)
def test_how_many_lines_a_form_holds(
    scrubber: Scrubber, short: dict[str, object], last_good: int, severity: str
) -> None:
    assert "CLM106" not in rules(scrubber.scrub(with_lines(short, last_good)))
    found = [f for f in scrubber.scrub(with_lines(short, last_good + 1)).findings if f.rule == "CLM106"]
    assert [(f.severity, f.field) for f in found] == [(severity, "lines")]
    assert str(last_good) in found[0].message


@pytest.mark.parametrize(
    ("kind", "last_good"), [("principal", 1), ("other", 24), ("external_cause", 12), ("reason_for_visit", 3)]
)
def test_how_many_diagnoses_of_a_kind_a_facility_claim_holds(scrubber: Scrubber, kind: str, last_good: int) -> None:
    claim = claim_from_shorthand({"tob": "0131", "dx": ["I10/principal"]})
    for count, fires in ((last_good, False), (last_good + 1, True)):
        of_kind = tuple(Diagnosis(code="I10", kind=kind) for _ in range(count))  # type: ignore[arg-type]
        diagnoses = of_kind if kind == "principal" else (*claim.diagnoses, *of_kind)
        assert ("CLM106" in rules(scrubber.scrub(attrs.evolve(claim, diagnoses=diagnoses)))) is fires


def test_sums_are_exact(scrubber: Scrubber) -> None:
    pick = random.Random(837)
    for _ in range(50):
        cents = [pick.randrange(1, 1_000_000) for _ in range(pick.randrange(1, 30))]
        lines = [f"99213 charge={c // 100}.{c % 100:02d}" for c in cents]
        total = sum(cents)
        for off in (-1, 0, 1):
            written = f"{(total + off) // 100}.{(total + off) % 100:02d}"
            claim = claim_from_shorthand({"lines": lines, "total_charge": written})
            assert ("CLM103" in rules(scrubber.scrub(claim))) is (off != 0)


@pytest.mark.parametrize(
    ("pointers", "said"),
    [
        ("", "points to no diagnosis"),
        ("0", "points to diagnosis 0, but the claim lists 2"),
        ("3,4", "points to diagnoses 3 and 4, but the claim lists 2"),
        ("1,1", "points to diagnosis 1 more than once"),
        ("1,1,3", "points to diagnosis 3, but the claim lists 2; it points to diagnosis 1 more than once"),
        ("1,2,3,4,5", "points to diagnoses 3, 4 and 5, but the claim lists 2; it has 5 pointers where 4 fit"),
    ],
)
def test_every_fault_of_the_pointers_is_told(scrubber: Scrubber, pointers: str, said: str) -> None:
    claim = claim_from_shorthand({"dx": ["I10", "E11.9"], "lines": ["99213", f"93000 pointers={pointers}"]})
    (finding,) = scrubber.scrub(claim).findings
    assert (finding.rule, finding.line, finding.field) == ("CLM108", 2, "lines[1].diagnosis_pointers")
    assert finding.message == f"Line 2 {said}."


def test_without_diagnosis_the_pointers_are_not_told_too(scrubber: Scrubber) -> None:
    report = scrubber.scrub(claim_from_shorthand({"dx": [], "lines": ["99213", "93000 pointers=1"]}))
    assert rules(report) == ["CLM102"]
    assert [(masked.rule, masked.by) for masked in report.masked] == [("CLM108", "CLM102")]


ONE_FAULT = [
    ({"tob": "0111", "dx": ["I10/principal", "E11.9/principal"]}, ["DX172"], [("CLM106", "DX172")]),
    (
        {"tob": "0131", "dx": ["I10", *(f"{code}/reason_for_visit" for code in ("R05.1", "R07.9", "R42", "R51.9"))]},
        ["DX172"],
        [("CLM106", "DX172")],
    ),
    ({"tob": "0111", "dx": ["I10/other", "E11.9/other"]}, ["CLM102"], [("DX172", "CLM102")]),
    (
        {"tob": "0131", "from": "2026-05-04", "to": "2026-05-01", "lines": ["0510 99213 @2026-05-02"]},
        ["DAT103"],
        [("DAT105", "DAT103")],
    ),
]


@pytest.mark.parametrize(("short", "told", "masked"), ONE_FAULT)
def test_one_fault_is_told_once(
    shipped_tables: TableSet, short: dict[str, object], told: list[str], masked: list[tuple[str, str]]
) -> None:
    scrubber = Scrubber.load(tables=shipped_tables, select=["CLM102", "CLM106", "DX172", "DAT103", "DAT105"])
    report = scrubber.scrub(claim_from_shorthand(short))
    assert rules(report) == told
    assert [(hidden.rule, hidden.by) for hidden in report.masked] == masked


def test_a_backward_span_hides_no_line_outside_the_statement(shipped_tables: TableSet) -> None:
    scrubber = Scrubber.load(tables=shipped_tables, select=["DAT103", "DAT105"])
    short = {
        "tob": "0131", "from": "2026-05-01", "to": "2026-05-04", "lines": ["0510 99213 @2026-05-05"],
        "occurrence_spans": [{"code": "74", "from": "2026-05-03", "to": "2026-05-02"}],
    }  # fmt: skip
    assert sorted(rules(scrubber.scrub(claim_from_shorthand(short)))) == ["DAT103", "DAT105"]


def test_two_principal_diagnoses_hide_no_surplus_of_lines(shipped_tables: TableSet) -> None:
    scrubber = Scrubber.load(tables=shipped_tables, select=["CLM106", "DX172"])
    short = {"tob": "0131", "payer": "medicare", "dx": ["I10/principal", "E11.9/principal"], "lines": ["0300"] * 451}
    assert sorted(rules(scrubber.scrub(claim_from_shorthand(short)))) == ["CLM106", "DX172"]


def test_a_claim_without_lines_is_not_out_of_balance_too(scrubber: Scrubber) -> None:
    assert rules(scrubber.scrub(claim_from_shorthand({"lines": [], "total_charge": "100.00"}))) == ["CLM101"]


def test_a_birth_after_the_service_is_no_age_fault_too(scrubber: Scrubber) -> None:
    report = scrubber.scrub(claim_from_shorthand({"born": "2026-03-02", "dos": "2026-03-01"}))
    assert rules(report) == ["PAT102"]
    assert [(masked.rule, masked.by) for masked in report.masked] == [("PAT103", "PAT102")]


def test_a_negative_fraction_of_a_unit_is_one_fault(scrubber: Scrubber) -> None:
    assert rules(scrubber.scrub(claim_from_shorthand({"lines": ["99213 x-1.5"]}))) == ["UNT101"]


def test_parts_of_a_cent(scrubber: Scrubber) -> None:
    claim = claim_from_shorthand({})
    line = attrs.evolve(claim.lines[0], charge=Decimal("1.005"))
    report = scrubber.scrub(attrs.evolve(claim, lines=(line,), total_charge=Decimal("1.005")))
    assert [(f.rule, f.severity, f.line) for f in report.findings] == [("UNT103", "error", 1)]


def test_a_field_that_could_not_be_read_is_not_reported_as_missing(scrubber: Scrubber) -> None:
    report = scrubber.scrub({
        "form": "professional", "diagnoses": ["I10"], "place_of_service": "11", "frequency": "1", "total_charge": "1",
        "billing_provider": {"npi": "1234567893"}, "patient": {"birth_date": "1970-02-31", "sex": "F"},
        "subscriber": {"member_id": "W1", "relationship": "self"},
        "lines": [{"procedure": "99213", "units": 1, "charge": "1.005", "service_date": "2026-03-02",
                   "diagnosis_pointers": [1]}],
    })  # fmt: skip
    assert rules(report) == []
    unread = {(unjudged.rule, unjudged.reason) for unjudged in report.not_evaluated}
    assert ("PAT101", "patient.birth_date could not be read") in unread
    assert ("UNT103", "lines[0].charge could not be read") in unread


def test_a_blank_claim_is_told_what_it_lacks(scrubber: Scrubber) -> None:
    report = scrubber.scrub(Claim(lines=(ServiceLine(),)))
    assert set(rules(report)) >= {"CLM102", "PAT101", "PAT104", "PAT105", "PAT107", "PRV101", "UNT101", "UNT103"}


@pytest.fixture(scope="module")
def with_clia(tmp_path_factory: pytest.TempPathFactory) -> Scrubber:
    """Every shipped table, and a CLIA list that frees one code."""
    folder = tmp_path_factory.mktemp("tables")
    (folder / "clia").mkdir()
    edition = NewEdition(
        table="clia", name="2026q1", first_day=date(2026, 1, 1), last_day=None, source="made up", licence="none",
        key=("code",), columns=(Column("waived", "flag"), Column("excluded", "flag")),
    )  # fmt: skip
    rows = [
        NewRow(("81002",), date(2026, 1, 1), None, (True, False)),
        NewRow(("86890",), date(2026, 1, 1), None, (False, True)),
    ]
    write_edition(Path(folder / "clia" / "2026q1.table"), edition, rows)
    return Scrubber.load(tables=TableSet.open(folder), select=["PRV108"])


@pytest.mark.parametrize(
    ("line", "fires"), [("81002", True), ("80053", True), ("86890", False), ("88305-26", False), ("99213", False)]
)
def test_with_a_clia_list_the_missing_number_is_told(with_clia: Scrubber, line: str, fires: bool) -> None:
    report = with_clia.scrub(claim_from_shorthand({"payer": "medicare", "lines": [line]}))
    assert rules(report) == (["PRV108"] if fires else [])
    assert report.not_checked == ()


def test_before_the_clia_list_begins_it_is_not_checked(with_clia: Scrubber) -> None:
    report = with_clia.scrub(claim_from_shorthand({"payer": "medicare", "dos": "2025-12-31", "lines": ["80053"]}))
    assert rules(report) == []
    assert [unjudged.reason for unjudged in report.not_checked] == ["no edition of clia covers 2025-12-31"]
