"""What is remembered from claim to claim changes no report, holds nothing of a patient, and stays small.

That it changes no example of a rule is tested beside the index.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from scrubber import Claim, Scrubber
from scrubber.checks import known_checks
from scrubber.checks.answers import UNKNOWN
from scrubber.claim import Patient, Subscriber
from scrubber.engine import alike, remember
from scrubber.engine.engines import CompiledEngine
from scrubber.engine.remember import Recollection, recollection_of
from scrubber.facts import ClaimFacts
from scrubber.fields import FIELDS, ScopeKind
from scrubber.readers.mapping import claim_from_mapping
from scrubber.tables import TableSet
from scrubber.testing.corpus import clean_claims

TODAY = date(2026, 11, 21)
KNOWN = {"setting": "professional", "form": "professional", "inpatient": False, "payer.kind": "medicare"}


def forgetful(scrubber: Scrubber) -> Scrubber:
    """The same scrubber, each claim of which is like the first."""
    scrubber.plan.engine = CompiledEngine(scrubber.tables, remembers=False)
    return scrubber


def load(tables: TableSet, today: date | None = TODAY, **options: Any) -> Scrubber:
    return Scrubber.load(["core", "medicare", "medicaid"], tables, as_of=today, **options)


@pytest.fixture(scope="module")
def claims() -> list[Claim]:
    """Claims of many specialties, and the same with faults in what makes them alike."""
    by = random.Random(5)
    sound = [
        claim_from_mapping(claim)
        for period in ("2024q3", "2025q4", "2026")
        for claim in clean_claims(40, seed=2, period=period)
    ]
    return [claim for one in sound for claim in (one, *(changed(one, by) for _ in range(3)))]


def changed(claim: Claim, by: random.Random) -> Claim:
    """The claim with another code, modifier, day or provider somewhere."""
    lines = list(claim.lines)
    place = by.randrange(len(lines))
    line = lines[place]
    day = line.service_date or date(2026, 3, 2)
    lines[place] = attrs.evolve(
        line,
        **by.choice(
            [
                {"procedure": by.choice(["99213", "J7325", "XXXXX", "11111", "d1110", None])},
                {"modifiers": tuple(by.choices(["25", "59", "GY", "ZZ", "26", "50"], k=2))},
                {"units": by.choice([None, Decimal(0), Decimal(2), Decimal("1.5")])},
                {"charge": by.choice([None, Decimal(0), Decimal("-1"), Decimal("9.999")])},
                {"service_date": by.choice([None, day + timedelta(days=1), day - timedelta(days=400)])},
                {"service_date_end": day + timedelta(days=by.choice([-1, 0, 3]))},
                {"place_of_service": by.choice(["21", "99", None])},
                {"rendering_provider": claim.billing_provider},
                {"ordering_provider": claim.billing_provider},
                {"diagnosis_pointers": by.choice([(), (1, 1), (9,), (2, 1)])},
            ]
        ),
    )
    diagnoses = by.sample(claim.diagnoses, len(claim.diagnoses)) if by.random() < 0.3 else list(claim.diagnoses)
    if diagnoses and by.random() < 0.3:
        code = by.choice(["E11", "S52.501", "Z37.0", "T36.0X5A", "401.9", None, diagnoses[0].code])
        diagnoses.append(attrs.evolve(diagnoses[0], code=code))
    return attrs.evolve(claim, lines=tuple(lines), diagnoses=tuple(diagnoses))


@pytest.mark.parametrize("today", [TODAY, None])
def test_no_report_changes(claims: list[Claim], shipped_tables: TableSet, today: date | None) -> None:
    """In whatever order claims come: the first of a kind teaches, the others are told from memory."""
    quick, slow = load(shipped_tables, today), forgetful(load(shipped_tables, today))
    expected = [slow.scrub(claim) for claim in claims]
    order = list(range(len(claims)))
    for seed in range(2):
        random.Random(seed).shuffle(order)
        for place in order:
            assert quick.scrub(claims[place]) == expected[place], claims[place]


def test_threads_may_share_what_is_remembered(claims: list[Claim], shipped_tables: TableSet) -> None:
    slow, quick = forgetful(load(shipped_tables)), load(shipped_tables)
    expected = [slow.scrub(claim) for claim in claims]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: [quick.scrub(claim) for claim in claims], range(4)))
    assert all(reports == expected for reports in found)


def test_a_small_memory_changes_no_report_and_stays_small(
    claims: list[Claim], shipped_tables: TableSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = forgetful(load(shipped_tables))
    expected = [slow.scrub(claim) for claim in claims]
    for most in ("MOST_ITEMS", "MOST_CLAIMS", "MOST_DAYS"):
        monkeypatch.setattr(remember, most, 3)
    quick = load(shipped_tables)
    assert [quick.scrub(claim) for claim in claims] == expected
    kept = list(recollections(quick))
    assert kept
    for memory in (memory for one in kept for memory in memories(one)):
        assert len(memory) <= 3


def recollections(scrubber: Scrubber) -> Iterator[Recollection]:
    """What a scrubber remembers, for every kind of claim that it met."""
    for selection in scrubber.plan._selections.values():
        for cell in getattr(selection.run, "__closure__", None) or ():
            held = getattr(cell.cell_contents, "__self__", None)
            if isinstance(held, Recollection):
                yield held


def memories(of: Recollection) -> list[dict[Any, Any]]:
    held = [getattr(of, field.name) for field in attrs.fields(Recollection)]
    return [one for one in held if type(one) is dict]


def test_nothing_of_a_patient_is_kept(claims: list[Claim], shipped_tables: TableSet) -> None:
    born = date(1951, 4, 17)
    secret = Patient(birth_date=born, sex="F", last_name="SECRETNAME", first_name="SECRETNAME", death_date=born)
    scrubber = load(shipped_tables)
    for claim in claims:
        lines = tuple(attrs.evolve(line, charge=Decimal("987654.32"), description="SECRETNAME") for line in claim.lines)
        insured = Subscriber(member_id="SECRETID", birth_date=born, last_name="SECRETNAME")
        private = attrs.evolve(
            claim, claim_id="SECRETID", lines=lines, patient=secret, subscriber=insured, claim_note="SECRETNAME"
        )
        scrubber.scrub(private)
    kept = repr([memories(one) for one in recollections(scrubber)])
    assert "99213" in kept
    for private_value in ("SECRET", "987654", repr(born), "Claim(", "Facts"):
        assert private_value not in kept


def test_no_private_field_makes_items_alike() -> None:
    for kind, names in (*alike.PUBLIC.items(), *alike.PUBLIC_EXACTLY.items()):
        assert not [name for name in names if FIELDS[kind][name].private]
        assert not [name for name in names if FIELDS[kind][name].type in ("money", "text", "date")]


def test_most_rules_about_items_are_remembered(shipped_tables: TableSet) -> None:
    """A rule that is not says so by what it reads: none is forgotten by oversight."""
    scrubber = load(shipped_tables)
    rules = scrubber.plan.selection("professional", "medicare").rules
    recollection, others = recollection_of(rules, KNOWN, shipped_tables)
    assert recollection is not None
    about_items = [one.rule for one in rules if one.rule.scope.kind in alike.KINDS]
    asked_always = [one.rule for one in others if one.rule.scope.kind in alike.KINDS]
    assert len(asked_always) < len(about_items) / 3, [rule.id for rule in asked_always]


SEEING = [finder for finder in known_checks().finders.values() if finder.sees is not None]


@pytest.mark.parametrize("finder", SEEING, ids=lambda finder: finder.name)
def test_a_finder_sees_no_more_than_it_says(finder: Any, claims: list[Claim], shipped_tables: TableSet) -> None:
    """Its answer stays what it is while all changes that it does not name among what it sees."""
    compared = 0
    for claim in claims:
        if remember._only_day(claim)[0] is None:
            continue
        other = elsewhere(claim, finder)
        mine, theirs = (ClaimFacts(one, TODAY) for one in (claim, other))
        for one, same in zip(items(mine, finder), items(theirs, finder), strict=True):
            answers = [finder.find(*asked, shipped_tables) for asked in ((mine, one), (theirs, same))]
            assert told(finder, answers[0]) == told(finder, answers[1])
            compared += 1
    assert compared > 50


def items(facts: ClaimFacts, finder: Any) -> list[Any]:
    if ScopeKind.LINE in finder.of:
        return list(facts.lines)
    return list(facts.diagnoses if ScopeKind.DIAGNOSIS in finder.of else facts.providers)


def told(finder: Any, answer: Any) -> Any:
    """What rules may read of an answer."""
    if answer is None or isinstance(answer, UNKNOWN):
        return type(answer), getattr(answer, "table", None)
    return [getattr(answer, column, None) for column in finder.gives]


def elsewhere(claim: Claim, finder: Any) -> Claim:
    """A claim with the same public fields, those that the finder sees, and all else different."""
    line_fields = {
        "units": Decimal(7),
        "unit": "UN",
        "minutes": Decimal(31),
        "place_of_service": "23",
        "modifiers": ("77", "GA"),
        "revenue_code": "0450",
    }
    unseen = {name: value for name, value in line_fields.items() if name not in finder.sees}
    if "place_of_service" in unseen and claim.place_of_service is not None:
        unseen.pop("place_of_service")
    lines = tuple(
        attrs.evolve(line, charge=Decimal("11.11"), description="other", ndc="00409128331", tooth="3", **unseen)
        for line in claim.lines
    )
    diagnoses = claim.diagnoses
    if "code" not in finder.sees:
        diagnoses = (attrs.evolve(claim.diagnoses[0], code="J02.9"), *claim.diagnoses[1:]) if diagnoses else ()
    billing = claim.billing_provider
    if not {"claim.billing_provider.taxonomy", "taxonomy"} & finder.sees:
        billing = attrs.evolve(billing, taxonomy="207RC0000X")
    return attrs.evolve(
        claim,
        claim_id="other",
        lines=lines,
        diagnoses=diagnoses,
        billing_provider=attrs.evolve(billing, tax_id="123456789", name="other"),
        patient=Patient(birth_date=date(1988, 2, 29), sex="M", state="WY"),
        subscriber=Subscriber(member_id="other"),
        total_charge=Decimal("1.00"),
        frequency="7",
        prior_authorization="other",
        clia_number="11D7654321",
        payer=attrs.evolve(claim.payer, name="other"),
    )
