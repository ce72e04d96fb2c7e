"""Strategies for Hypothesis: claims of each form that are right, and claims with one chosen fault.

    from hypothesis import given, settings
    from scrubber.testing import strategies

    @settings(deadline=None)  # the first check of a code is slower than the next
    @given(strategies.claims())
    def test_a_right_claim_is_sent(claim): ...

    @given(strategies.claims_with("DX102"))
    def test_a_faulty_claim_is_held(faulty):
        assert ours.check(faulty.claim).held

On the right ones nothing fires at warning or above with the mini tables. Needs `pip install "claim-scrubber[testing]"`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st

from scrubber.claim import Claim
from scrubber.errors import ScrubberError
from scrubber.tables import TableSet
from scrubber.testing.claims import Line, a_claim, a_dental_claim, a_line, an_institutional_claim, an_npi
from scrubber.testing.corpus.periods import period_named
from scrubber.testing.faults import Fault
from scrubber.testing.mini import mini_tables
from scrubber.testing.planting import FaultyClaim, faults_of, plant_fault

__all__ = ["claims", "claims_with", "dental_claims", "institutional_claims", "professional_claims"]

_FIRST, _LAST = date(2024, 7, 1), date(2026, 12, 31)
_UNRELATED = ("I10", "E11.9", "E78.5", "M54.50", "J45.909", "K21.9", "L20.9", "F41.1", "G47.00", "B35.1", "D50.9")
"""Diagnoses of anybody that may stand beside each other in any order."""
_VISITS = ("99213", "99212", "99214", "99215")
_TESTS = ("36415", "85025", "80061", "83036", "84443", "71046", "93000")
_OUTPATIENT = (("0510", "99213"), ("0300", "36415"), ("0305", "85025"), ("0301", "80061"), ("0324", "71046"))
_ADMITTED_FOR = ("J18.9", "K35.80", "N17.9", "A41.9")
_ROOMS, _WITHOUT_CODE = ("0120", "0110"), ("0250", "0300", "0270", "0320")
_DENTAL: tuple[Line, ...] = (
    a_line("D0120"),
    a_line("D0274"),
    a_line("D1110"),
    a_line("D2391", tooth="3", surfaces="O"),
    a_line("D7140", tooth="30"),
)
_PAYERS = ("commercial", "medicare", "medicaid", "medicare_advantage", "tricare")
_CENTS = Decimal("0.01")

_Made = TypeVar("_Made")


def professional_claims(first: date = _FIRST, last: date = _LAST) -> st.SearchStrategy[Claim]:
    """A visit, perhaps with tests, of a day between two others."""
    return _professional(first, last)


def institutional_claims(first: date = _FIRST, last: date = _LAST) -> st.SearchStrategy[Claim]:
    """An outpatient visit of a hospital, or a stay there."""
    return _outpatient(first, last) | _inpatient(first, last)


def dental_claims(first: date = _FIRST, last: date = _LAST) -> st.SearchStrategy[Claim]:
    """An examination and some treatment."""
    return _dental(first, last)


def claims(first: date = _FIRST, last: date = _LAST) -> st.SearchStrategy[Claim]:
    """A claim of any form."""
    return professional_claims(first, last) | institutional_claims(first, last) | dental_claims(first, last)


def claims_with(
    fault: str, *, name: str | None = None, tables: TableSet | None = None
) -> st.SearchStrategy[FaultyClaim]:
    """Professional claims with one fault that a rule must find: `.claim`, `.right` (the same without it), `.at`.

    `fault` is the id of the rule; where it has several faults, `name` chooses one. `tables` are those that the claims
    will be checked with: the mini tables, unless the test says otherwise.

    Raises:
        UnknownName: there is no fault of that rule or name; names the nearest one.
        ScrubberError: tables are missing.
    """
    tables = tables if tables is not None else mini_tables()
    return _with_fault(faults_of(fault, tables, name), tables)


@st.composite
def _with_fault(draw: st.DrawFn, faults: Sequence[Fault], tables: TableSet) -> FaultyClaim:
    fault = draw(st.sampled_from(faults))
    how: dict[str, Any] = {"name": fault.name}
    if tables is not mini_tables():
        how["tables"] = tables
    period = period_named(fault.period)
    base = draw(professional_claims(period.first + timedelta(4), period.last - timedelta(4)))
    how["seed"] = draw(st.integers(0, 999), label="seed of the fault")
    # what is drawn may not be suited (an I10 cannot be cut short); a plain visit always is
    for claim in (base, None):
        try:
            plant_fault(fault.rule, claim, **how)
        except ScrubberError:
            continue
        on = {} if claim is None else {"claim": claim}
        return draw(_called(plant_fault, {"rule": fault.rule, **on, **how}))
    return draw(st.nothing())


@st.composite
def _professional(draw: st.DrawFn, first: date, last: date) -> Claim:
    lines = [a_line(draw(st.sampled_from(_VISITS)))]
    lines += [a_line(code) for code in draw(_some(_TESTS, 0, 3))]
    diagnoses = draw(_some(_UNRELATED, 1, 4))
    for line in lines:
        line["diagnosis_pointers"] = draw(_some(range(1, len(diagnoses) + 1), 1, len(diagnoses)))
    npi = an_npi(draw(st.integers(1, 99)))
    common = draw(_common(first, last))
    fields = {"diagnoses": diagnoses, "lines": _charged(draw, lines), "rendering_provider": {"npi": npi}, **common}
    return draw(_called(a_claim, fields))


@st.composite
def _outpatient(draw: st.DrawFn, first: date, last: date) -> Claim:
    services = draw(_some(_OUTPATIENT, 1, 4))
    lines = [a_line(code, revenue_code=revenue) for revenue, code in services]
    diagnoses = draw(_some(_UNRELATED, 1, 4))
    fields = {"diagnoses": diagnoses, "lines": _charged(draw, lines), **draw(_common(first, last))}
    return draw(_called(an_institutional_claim, fields))


@st.composite
def _inpatient(draw: st.DrawFn, first: date, last: date) -> Claim:
    common = draw(_common(first, last))
    nights = draw(st.integers(1, 9))
    begins = common.pop("day")
    lines = [a_line(revenue_code=draw(st.sampled_from(_ROOMS)), units=nights)]
    lines += [a_line(revenue_code=code) for code in draw(_some(_WITHOUT_CODE, 0, 3))]
    others = draw(_some(("E78.5", "K21.9", "L20.9", "B35.1"), 0, 3))
    fields = {
        "type_of_bill": "0111",
        "statement_from": begins,
        "statement_to": begins + timedelta(nights),
        "diagnoses": [f"{draw(st.sampled_from(_ADMITTED_FOR))}/principal/Y", *(f"{code}/other/Y" for code in others)],
        "lines": _charged(draw, lines),
    }
    return draw(_called(an_institutional_claim, {**fields, **common}))


@st.composite
def _dental(draw: st.DrawFn, first: date, last: date) -> Claim:
    lines = [dict(line) for line in draw(_some(_DENTAL, 1, len(_DENTAL)))]
    common = draw(_common(first, last))
    common["payer"] = "commercial"
    return draw(_called(a_dental_claim, {"lines": _charged(draw, lines), **common}))


def _called(make: Callable[..., _Made], fields: Mapping[str, Any]) -> st.SearchStrategy[_Made]:
    """What a function makes of these fields. Hypothesis then shows the call, which can be copied."""
    return st.builds(make, **{name: st.just(value) for name, value in fields.items()})


@st.composite
def _common(draw: st.DrawFn, first: date, last: date) -> dict[str, Any]:
    """Who, when, and who pays."""
    payer = draw(st.sampled_from(_PAYERS))
    return {
        "claim_id": f"H-{draw(st.integers(1, 9999))}",
        "day": draw(st.dates(first, last)),
        "payer": payer,
        "sex": draw(st.sampled_from("FM")),
        "age": draw(st.integers(66, 89) if payer.startswith("medicare") else st.integers(25, 63)),
    }


def _some(options: Sequence[Any], least: int, most: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(options), min_size=least, max_size=most, unique_by=str)


def _charged(draw: st.DrawFn, lines: list[Line]) -> list[Line]:
    charges = draw(st.lists(st.integers(500, 40_000), min_size=len(lines), max_size=len(lines)))
    return [{**line, "charge": str(cents * _CENTS)} for line, cents in zip(lines, charges, strict=True)]
