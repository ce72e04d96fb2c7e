"""What is remembered from claim to claim answers for no field that it does not compare.

Claims that differ in one field, whichever it is, are judged as if no claim had come before.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from scrubber import Claim, Scrubber, claim
from scrubber.checks.identifiers import tax_id
from scrubber.engine import alike
from scrubber.engine.alike import Sight
from scrubber.engine.engines import CompiledEngine
from scrubber.errors import ScrubberError
from scrubber.fields import ScopeKind
from scrubber.readers.mapping import claim_from_mapping
from scrubber.readers.x12.values import day_of
from scrubber.tables import TableSet
from scrubber.testing.corpus import clean_claims
from scrubber.testing.shorthand import claim_from_shorthand
from scrubber.testing.small_tables import with_small_tables

PACKS = ["core", "medicare", "medicaid", "commercial-sample"]
TODAY = date(2026, 11, 21)
PER_CLAIM = 12

CODES: dict[str, tuple[str, ...]] = {
    "procedure": ("99213", "J7325", "XXXXX", "d1110", " 99214", "45380", "20610", "A0428", "E0601", "76519", "S0020"),
    "code": ("E11", "s52501a", "Z37.0", "T36.0X5A", "401.9", "O80", "F02.80", "N18.6", "M17.10", "W19.XXXA", "panels"),
    "kind": ("admitting", "reason_for_visit", "external_cause"),
    "place_of_service": ("11", "21", "23", "10", "99", "1"),
    "revenue_code": ("0450", "0022"),
    "unit": ("MJ", "F2"),
    "npi": ("1234567890", "1987654328", "1003000126"),
    "taxonomy": ("332B00000X", "193200000X", "207L00000X", "291U00000X", "XX"),
    "entity": ("person", "organization"),
    "sex": ("M", "F", "U"),
    "state": ("NY", "WY"),
    "jurisdiction": ("JE", "NY"),
    "frequency": ("7", "6"),
    "id": ("ABC", "SAMPLE"),
    "member_id": ("1EG4TE5MK73", "ABC"),
    "clia_number": ("11D7654321", "11D"),
}
KINDS_OF_PAYERS = ("medicare", "medicaid", "commercial", "workers_comp")
MODIFIERS = [
    "25",
    "59",
    "GY",
    "GA",
    "ZZ",
    "26",
    "TC",
    "50",
    "LT",
    "RT",
    "XS",
    "GP",
    "95",
    "QW",
    "55",
    "80",
    "AA",
    "QX",
    "RR",
    "JZ",
    "KX",
    "51",
    "57",
    "RH",
    "F1",
]
PARTS: dict[str, Any] = {
    "Provider": claim.Provider(npi="1003000126", taxonomy="207Q00000X", entity="person"),
    "Address": claim.Address(line1="1 Main St", state="NY", zip="100011234"),
    "Accident": claim.Accident(auto=True),
    "CareDates": claim.CareDates(assumed=date(2025, 11, 3)),
    "OtherPayer": claim.OtherPayer(sequence="primary", kind="commercial", paid=Decimal(10)),
}


def others(name: str, hint: str, value: Any, by: random.Random, *, payer: bool) -> list[Any]:
    """Other values for a field; none where it holds parts with fields of their own."""
    if name == "modifiers":
        return [(), *((modifier,) for modifier in MODIFIERS), tuple(by.sample(MODIFIERS, 3)), tuple(reversed(value))]
    if name == "diagnosis_pointers":
        return [(), (2, 1), (1, 1), (9,), (0,), (1, 2, 3, 4)]
    if name == "kind" and payer:
        return [None, *KINDS_OF_PAYERS]
    if "Decimal" in hint:
        return [None, Decimal(0), Decimal("1.5"), Decimal(-1), Decimal(7), (value or 0) + 1]
    if "date" in hint:
        day = value or date(2025, 11, 3)
        return [None, *(day + timedelta(days) for days in (-400, -40, -1, 1, 40, 400)), date(2015, 9, 30), TODAY]
    if "bool" in hint:
        return [None, True, False]
    if "int" in hint:
        return [None, 0, 17, 65]
    return [None, *CODES.get(name, ("x",))] if "str" in hint or name in CODES else []


def changed(part: Any, by: random.Random) -> Iterator[tuple[str, Any]]:
    """The part with one of its fields changed, or one of those of its parts; each field once."""
    for field in attrs.fields(type(part)):
        name, hint, value = field.name, str(field.type), getattr(part, field.name)
        if name in ("origin", "form"):
            continue
        if isinstance(value, tuple) and value and attrs.has(type(value[0])):
            for place, member in enumerate(value):
                for inside, other in changed(member, by):
                    several = (*value[:place], other, *value[place + 1 :])
                    yield f"{name}[].{inside}", attrs.evolve(part, **{name: several})
            yield f"{name} shuffled", attrs.evolve(part, **{name: tuple(by.sample(value, len(value)))})
            yield f"{name} without one", attrs.evolve(part, **{name: value[1:]})
            yield f"{name} twice", attrs.evolve(part, **{name: (*value, value[0])})
        elif attrs.has(type(value)):
            for inside, other in changed(value, by):
                yield f"{name}.{inside}", attrs.evolve(part, **{name: other})
        elif (kind := next((kind for kind in PARTS if re.search(rf"\b{kind}\b", hint)), None)) is not None:
            filled = (PARTS[kind],) if isinstance(value, tuple) else PARTS[kind]
            yield name, attrs.evolve(part, **{name: filled})
        else:
            values = [
                other for other in others(name, hint, value, by, payer=isinstance(part, claim.Payer)) if other != value
            ]
            if values:
                yield name, attrs.evolve(part, **{name: by.choice(values)})


def examples_of_rules(scrubber: Scrubber) -> Iterator[Claim]:
    for rule in scrubber.rules:
        for test in rule.tests:
            try:
                example = claim_from_shorthand(test.claim)
            except ScrubberError:
                continue
            if example.form != "institutional":
                yield example


@pytest.mark.parametrize("today", [TODAY, None])
def test_no_field_is_answered_for_by_another_claim(shipped_tables: TableSet, today: date | None) -> None:
    quick, slow = (Scrubber.load(PACKS, shipped_tables, as_of=today) for _ in range(2))
    slow.plan.engine = CompiledEngine(slow.tables, remembers=False)
    by = random.Random(11 if today else 12)
    claims = [
        claim_from_mapping(one)
        for period in ("2024q3", "2025q4", "2026")
        for one in clean_claims(15, seed=4, period=period)
    ]
    claims += by.sample(list(examples_of_rules(quick)), 45)
    asked: list[tuple[str, Claim]] = []
    for one in claims:
        every = list(changed(one, by))
        asked += [("", one), *by.sample(every, min(PER_CLAIM, len(every)))]
    by.shuffle(asked)
    assert len(asked) > 1000
    assert len({where for where, _ in asked}) > 100
    for where, one in asked:
        assert quick.scrub(one) == slow.scrub(one), where


ON_PROCEDURES = """\
id: {id}
name: procedure-{name}
title: A rule of a test
status: stable
for_each: procedure line
when: [{when}]
severity: error
risk: 0.5
disposition: line_denial
owner: biller
message: "It fired."
why: Because the test says so.
fix: {{text: Mend it.}}
references: [{{title: This test}}]
tests:
  - {{name: fires, claim: {{dos: 2026-03-02}}, fires_at: [line 1]}}
  - {{name: clean, claim: {{dos: 2026-03-02}}, fires_at: []}}
"""


@pytest.mark.parametrize("when", ["line.units: {more_than: 5}", "line.service_date: {after: 2026-01-01}"])
def test_a_line_without_a_procedure_is_no_procedure_line(tmp_path: Path, shipped_tables: TableSet, when: str) -> None:
    """Lines that are alike in all that rules ask for differ in whether they have a procedure."""
    (tmp_path / "pack.yaml").write_text('name: mine\nversion: "1"\ntitle: Mine\n')
    for number, name in enumerate(("one", "two")):  # of a single rule nothing is remembered
        text = ON_PROCEDURES.format(id=f"TST10{number}", name=name, when="{" + when + "}")
        (tmp_path / f"TST10{number}.yaml").write_text(text)
    with_code = {"procedure": "99213", "service_date": "2026-03-02", "units": "9"}
    without = {"revenue_code": "0450", "service_date": "2026-03-02", "units": "9"}
    for orders in ([[without], [with_code]], [[with_code], [without]], [[without, with_code], [with_code, without]]):
        scrubber = Scrubber.load([tmp_path], shipped_tables)
        for lines in orders:
            report = scrubber.scrub({"form": "professional", "payer": {"kind": "commercial"}, "lines": lines})
            there = [number for number, line in enumerate(lines, 1) if line is with_code]
            assert [finding.line for finding in report.findings] == [number for number in there for _ in range(2)]


def test_a_code_of_a_claim_is_no_key_of_something_else(shipped_tables: TableSet) -> None:
    """Whatever stands for a diagnosis, it does not meet what is kept of other tables on the same day."""
    tests = {"payer": "medicare", "lines": ["80061 dx=A", "85025 dx=A", "84443 dx=A"], "dos": "2026-03-02"}
    reports: list[Any] = []
    with with_small_tables(
        shipped_tables, {"panels": [{"panel": "80050", "member": member} for member in ("85025", "84443", "80053")]}
    ) as tables:
        scrubber = Scrubber.load(["core"], tables)
        for _ in range(2):
            for code in ("panels", "I10", "excludes1", "procedure", "coverage"):
                reports.append(scrubber.scrub(claim_from_shorthand({**tests, "dx": [code]})))
    assert reports[:5] == reports[5:]


def test_an_answer_that_reckons_from_today_is_told_by_the_days_themselves(shipped_tables: TableSet) -> None:
    """Two days of one span may be a different number of days before today."""
    of = ScopeKind.LINE
    assert Sight({"payer.kind": "medicare"}, exactly=True)._is_seen(of, "filing_limit")
    assert not Sight({"payer.kind": "medicare", "payer.id": "1"})._is_seen(of, "filing_limit")


@pytest.mark.parametrize("function", [day_of, tax_id])
def test_what_reads_private_values_keeps_none(function: Callable[[str], object]) -> None:
    assert not hasattr(function, "cache_info")


def test_a_finder_that_does_not_say_what_it_sees_is_not_remembered() -> None:
    assert alike.PUBLIC
    sight = Sight({"payer.kind": "medicare"}, together=True)
    assert not sight._is_seen(ScopeKind.LINE, "coverage_policy")
    assert not sight._is_seen(ScopeKind.DIAGNOSIS, "duplicate_diagnosis")
