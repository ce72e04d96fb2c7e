"""Rules and claims that Hypothesis makes up: all engines tell the same of them, or one of them has a bug."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conformance.engines import ENGINES
from tests.conformance.samples import read

from scrubber.claim import Claim, Diagnosis, Patient, Payer, Provider, ServiceLine
from scrubber.engine.outcomes import Outcomes
from scrubber.facts import ClaimFacts
from scrubber.rules.model import Rule
from scrubber.tables import TableSet

pytest.importorskip("durable_rules_engine", reason="durable_rules is not installed")

MOST = int(os.environ.get("SCRUBBER_ENGINE_EXAMPLES", "40"))
"""How many sets of rules are made up; more of them take minutes."""
CODES = ["99213", "99214", "J1885", 'A"1', "é"]
DAYS = ["2015-09-30", "2024-02-29", "2024-03-01", "2026-03-02"]
NUMBERS = ["0", "1", "1.5", "2", "0.0000001", "12345678901234567890"]
FIELDS = {
    "line": {
        "procedure": "code", "revenue_code": "code", "place_of_service": "code", "modifiers": "codes",
        "units": "number",
        "minutes": "number", "charge": "money", "service_date": "date", "last_date": "date", "position": "number",
        "diagnosis_pointers": "numbers", "rendering_npi": "code", "days": "number", "age_years": "number",
    },
    "claim": {
        "place_of_service": "code", "total_charge": "money", "receipt_date": "date", "patient.birth_date": "date",
        "diagnosis_codes": "codes", "lines": "objects", "rendering_provider": "object", "inpatient": "flag",
        "line_charges": "money", "age_years": "number", "as_of": "date",
    },
    "diagnosis": {"code": "code", "kind": "code", "position": "number", "principal": "flag", "as_of": "date"},
    "group": {
        "count": "number", "units": "number", "charge": "money", "procedures": "codes", "modifiers": "codes",
        "first_date": "date", "last_date": "date", "service_date": "date", "positions": "numbers",
    },
}  # fmt: skip
VALUES = {"code": CODES, "codes": CODES, "number": NUMBERS, "money": NUMBERS, "numbers": ["1", "2"], "date": DAYS}
WORDS = {
    "code": ["is", "is_not"],
    "number": ["is", "is_not", "more_than", "at_least", "less_than", "at_most"],
    "money": ["is", "is_not", "more_than", "at_least", "less_than", "at_most"],
    "date": ["is", "is_not", "after", "on_or_after", "before", "on_or_before"],
}
IN_LISTS = {
    "code": ["is_one_of", "is_none_of", "starts_with", "contains"],
    "codes": ["includes_any", "includes_none", "includes_all", "includes_several_of"],
    "number": ["is_one_of", "is_none_of"],
    "numbers": ["includes_any"],
}


@st.composite
def conditions(draw: st.DrawFn, scopes: dict[str, str]) -> dict[str, Any]:
    """A condition on a field of one of the scopes (by alias), with a word that fits it."""
    alias = draw(st.sampled_from(sorted(scopes)))
    fields = FIELDS[scopes[alias]]
    name = draw(st.sampled_from(sorted(fields)))
    type_ = fields[name]
    words = ["is_blank", *WORDS.get(type_, []), *IN_LISTS.get(type_, [])]
    if type_ == "flag":
        words.append("is")
    if type_ in ("codes", "numbers", "objects"):
        words.append("has_more_than")
    if type_ == "date":
        words += ["within", "within_days_after"]
    word = draw(st.sampled_from(words))
    return {f"{alias}.{name}": {word: draw(operands(word, type_, scopes))}}


@st.composite
def operands(draw: st.DrawFn, word: str, type_: str, scopes: dict[str, str]) -> Any:
    if word == "is_blank" or type_ == "flag":
        return draw(st.booleans())
    if word == "has_more_than":
        return draw(st.integers(0, 2))
    others = [f"${a}.{n}" for a, kind in scopes.items() for n, t in FIELDS[kind].items() if t == type_]
    if word.startswith("within"):
        return {"days": draw(st.integers(0, 40)), "of": draw(st.sampled_from(sorted(others)))}
    if word in IN_LISTS.get(type_, ()):
        several = st.lists(st.sampled_from(VALUES[type_]), min_size=1, max_size=3, unique=True)
        dated = type_ == "code" and draw(st.integers(0, 3)) == 0
        return "$params.several" if dated else draw(several)
    return draw(st.one_of(st.sampled_from(VALUES[type_]), st.sampled_from(sorted(others))))


def nodes(scopes: dict[str, str], most: int = 3) -> st.SearchStrategy[list[Any]]:
    leaf = conditions(scopes)
    joints = st.sampled_from(["all_of", "any_of", "none_of"])

    def grouped(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.builds(lambda kind, members: {kind: members}, joints, st.lists(inner, min_size=1, max_size=3))

    node = st.one_of(leaf, leaf, grouped(leaf), grouped(st.one_of(leaf, grouped(leaf))))
    return st.lists(node, max_size=most)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """What is a rule's own; the rest is the same for all."""
    kind = draw(st.sampled_from(["line", "claim", "diagnosis", "pair", "group"]))
    body: dict[str, Any] = {"for_each": kind}
    scopes = {"claim": "claim", kind: kind}
    if kind == "pair":
        body |= {"for_each": "line as one", "pair_with": "line as other"}
        scopes = {"claim": "claim", "one": "line", "other": "line"}
    if kind == "group":
        body |= {"for_each": "lines as group", "group_by": ["service_date"]}
        if draw(st.booleans()):
            body["members"] = draw(nodes({"line": "line"}, most=2))
    case = st.fixed_dictionaries({}, optional={"when": nodes(scopes, 2), "unless": nodes(scopes, 2)})
    body["when"] = draw(nodes(scopes))
    if draw(st.booleans()):
        body["unless"] = draw(nodes(scopes, 2))
    if draw(st.booleans()):
        body["cases"] = draw(st.lists(case, min_size=1, max_size=3))
        body["every_case"] = draw(st.booleans())
    if draw(st.integers(0, 3)) == 0:
        body["effective"] = {"from": "2024-03-01", "to": "2025-12-31"}
    if "$params.several" in repr(body):
        body["params"] = {"several": {"2015-10-01": CODES[:2], "2026-01-01": CODES[1:3]}}
    return {key: value for key, value in body.items() if value}


def maybe(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.sampled_from(values))


days = maybe([date.fromisoformat(day) for day in DAYS])
amounts = maybe([Decimal(number) for number in NUMBERS])
providers = st.one_of(st.none(), st.builds(Provider, npi=maybe(["1234567893", "123"])))
claims = st.builds(
    Claim,
    form=st.sampled_from(["professional", "institutional"]),
    type_of_bill=maybe(["0111", "0131"]),
    payer=st.builds(Payer, kind=maybe(["medicare", "commercial"])),
    patient=st.builds(Patient, birth_date=days),
    place_of_service=maybe(CODES),
    rendering_provider=providers,
    receipt_date=days,
    total_charge=amounts,
    statement_from=days,
    statement_to=days,
    diagnoses=st.lists(
        st.builds(Diagnosis, code=maybe(["I10", "E11.9"]), kind=maybe(["principal", "admitting"])), max_size=2
    ).map(tuple),
    lines=st.lists(
        st.builds(
            ServiceLine,
            procedure=maybe(CODES),
            revenue_code=maybe(CODES),
            modifiers=st.lists(st.sampled_from(CODES), max_size=2).map(tuple),
            units=amounts,
            charge=amounts,
            service_date=days,
            service_date_end=days,
            place_of_service=maybe(CODES),
            diagnosis_pointers=st.lists(st.integers(1, 2), max_size=2).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
)


def told(out: Outcomes) -> tuple[Any, ...]:
    """Outcomes in an order of their own."""
    hits = sorted(
        (hit.rule.id, hit.case, hit.item.path, *sorted((name, thing.path) for name, thing in hit.named.items()))
        for hit in out.hits
    )
    return hits, sorted(out.excused), sorted((rule, reason) for rule, reason in out.left)


@settings(max_examples=MOST, deadline=None, suppress_health_check=list(HealthCheck))
@given(written=st.lists(rules(), min_size=1, max_size=3), several=st.lists(claims, min_size=1, max_size=4))
def test_all_engines_tell_the_same(
    written: list[dict[str, Any]],
    several: list[Claim],
    tmp_path_factory: pytest.TempPathFactory,
    shipped_tables: TableSet,
) -> None:
    folder = tmp_path_factory.getbasetemp()
    made = [_rule(folder, number, body, shipped_tables) for number, body in enumerate(written)]
    for claim in several:
        said = {
            name: told(engine(made, shipped_tables, ClaimFacts(claim, date(2026, 11, 21))))
            for name, engine in ENGINES.items()
        }
        assert all(outcome == said["compiled"] for outcome in said.values()), said


def _rule(folder: Path, number: int, body: dict[str, Any], tables: TableSet) -> Rule:
    rule, problems = read(folder, {"id": f"TST{number + 101}", "name": f"any-{number}", **body}, tables)
    assert rule is not None, (body, problems)
    return rule
