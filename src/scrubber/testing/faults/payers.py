"""Faults of coverage (COV), and of payers and coordination of benefits (PAY)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from scrubber.tables import Row, Table
from scrubber.testing.faults.claims import without
from scrubber.testing.faults.drawing import drawn
from scrubber.testing.faults.model import Fault, Means
from scrubber.testing.faults.staging import broken, swapped

VISIT: dict[str, Any] = {"lines": ["{visit}"], "dx": ["{dx}"]}
VISITS: dict[str, Any] = {"visit": ("99212", "99213", "99214"), "dx": ("I10", "E11.9", "M54.50", "J06.9")}
COVERAGE = ("coverage", "coverage_diagnoses")


def _echo(row: Row) -> bool:
    return row.key[1] == "WI" and row.key[0][0].isdigit() and bool(row.lists_covered)


def _covered(means: Means, day: date) -> str:
    """A diagnosis that the policy covers; an adult's, for the patients are adults."""
    listed, codes = means.tables.get("coverage_diagnoses"), means.tables.get("icd10cm")
    assert listed is not None
    assert codes is not None
    rows = _listed(listed)
    for row in means.chance.sample(rows, len(rows)):
        found = codes.look_up((row.key[1],), day)
        if not isinstance(found, Row):
            continue
        if found.billable and found.age_class in (None, "adult") and not found.manifestation:
            return row.key[1]
    raise LookupError("no diagnosis is covered")


@lru_cache(maxsize=4)
def _listed(table: Table) -> tuple[Row, ...]:
    """What the published policy of Wisconsin covers."""
    rows = (row for file in table.files for row in file.starting_with("A56781"))
    return tuple(row for row in rows if row.covered)


_POLICY: dict[str, Any] = {
    "payer": "medicare", "jurisdiction": "WI", "lines": ["{echo}"], "dx": ["{covered}"], "receipt_date": None,
}  # fmt: skip
_ECHO: dict[str, Any] = {
    "echo": drawn("coverage", _echo),
    "covered": _covered,
    "other": ("J06.9", "B35.1", "L60.0", "M17.11"),
}


def _paid(paid: str, *adjustments: tuple[str, str, str], on: str | None = "{next_day}") -> dict[str, Any]:
    """Another payer's answer to a claim of one line of 125.00."""
    taken = [{"group": group, "carc": carc, "amount": amount} for group, carc, amount in adjustments]
    return {
        "sequence": "primary", "id": "PLAN01", "kind": "commercial", "paid": paid, "paid_date": on,
        "adjustments": [], "lines": [{"line": 1, "paid": paid, "paid_date": on, "adjustments": taken}],
    }  # fmt: skip


_SECONDARY: dict[str, Any] = {
    "lines": ["{visit} charge=125.00"], "dx": ["I10"], "payer_sequence": "secondary",
    "other_payers": [_paid("80.00", ("CO", "45", "25.00"), ("PR", "2", "20.00"))],
}  # fmt: skip
_INJURY: dict[str, Any] = {**VISIT, "dx": ["S93.401A"]}
_MEDICARE_SECONDARY: dict[str, Any] = {
    **_SECONDARY, "payer": "medicare",
    "other_payers": [{**_paid("80.00", ("CO", "45", "25.00"), ("PR", "2", "20.00")), "insurance_type": "12"}],
}  # fmt: skip

FAULTS: tuple[Fault, ...] = (
    swapped("COV101", "no diagnosis that the policy covers", "warning", right=_POLICY, wrong={"dx": ["{other}"]},
            vary=_ECHO,
            at="line 1", period="2025q4", tables=COVERAGE),
    swapped("COV101", "the covered diagnosis is on the claim, and the line points to another", "warning",
            right={**_POLICY, "dx": ["{other}", "{covered}"], "lines": ["{echo} dx=B"]},
            wrong={"lines": ["{echo} dx=A"]},
            vary=_ECHO, at="line 1", period="2025q4", tables=COVERAGE),
    swapped("COV102", "a diagnosis on the policy's list of those not covered", "warning",
            right={"payer": "medicare", "jurisdiction": "WI", "lines": ["82947"], "dx": ["R73.9"]},
            wrong={"dx": ["{listed}"]}, vary={"listed": ("Z00.00", "Z02.89")}, at="line 1", tables=COVERAGE),
    swapped("COV103", "a service without the modifier that its policy demands", "warning",
            right={"payer": "medicare", "jurisdiction": "WI", "lines": ["11055-{class}"], "dx": ["L84"]},
            wrong={"lines": ["11055"]}, vary={"class": ("Q7", "Q8", "Q9")}, at="line 1", tables=COVERAGE),
    swapped("COV103", "a service without the modifier that its payer demands", "warning",
            right={"lines": ["90837-{modifier}"], "dx": ["F41.1"], "pos": "10"}, wrong={"lines": ["90837"]},
            vary={"modifier": ("93", "95")}, at="line 1", tables=("payer_rules",)),
    swapped("COV104", "a denial to be expected, and the service is still to come", "info",
            right={**_POLICY, "receipt_date": "{day}"}, wrong={"dx": ["{other}"]}, vary=_ECHO, at="line 1",
            period="2025q4", tables=COVERAGE),
    broken("PAY101", "no payer id", "error", without("payer.id")),
    swapped("PAY101", "a payer id that your list does not know", "warning", right=VISIT,
            wrong={"payer": {"id": "ZZ999"}},
            vary=VISITS, at="claim", tables=("payers",)),
    swapped("PAY102", "a second payer without what the first one paid", "error", right=_SECONDARY,
            wrong={"other_payers": []},
            vary=VISITS, at="claim"),
    swapped("PAY102", "a second payer without the first one's day of payment", "error", right=_SECONDARY,
            wrong={"other_payers": [_paid("80.00", ("CO", "45", "25.00"), ("PR", "2", "20.00"), on=None)]},
            vary=VISITS, at="claim"),
    swapped("PAY103", "a line whose adjustments are a cent short", "error", right=_SECONDARY,
            wrong={"other_payers": [_paid("80.00", ("CO", "45", "25.00"), ("PR", "2", "19.99"))]}, vary=VISITS,
            at="line 1"),
    swapped("PAY103", "a claim whose adjustments are ten dollars short", "error",
            right={**_SECONDARY, "other_payers": [{**_paid("80.00"), "lines": [], "adjustments": [
                {"group": "CO", "carc": "45", "amount": "25.00"}, {"group": "PR", "carc": "2", "amount": "20.00"}]}]},
            wrong={"other_payers": [{**_paid("80.00"), "lines": [], "adjustments": [
                {"group": "CO", "carc": "45", "amount": "25.00"}, {"group": "PR", "carc": "2", "amount": "10.00"}]}]},
            vary=VISITS, at="claim"),
    swapped("PAY103", "an adjustment of a group that does not exist", "warning", right=_SECONDARY,
            wrong={"other_payers": [_paid("80.00", ("CO", "45", "25.00"), ("PX", "2", "20.00"))]}, vary=VISITS,
            at="claim"),
    swapped("PAY103", "an adjustment for a reason that does not exist", "warning", right=_SECONDARY,
            wrong={"other_payers": [_paid("80.00", ("CO", "45", "25.00"), ("PR", "999", "20.00"))]}, vary=VISITS,
            at="claim", tables=("carc",)),
    swapped("PAY104", "an accident at work billed to a health plan", "warning", right=_INJURY,
            wrong={"accident": {"employment": True, "date": "{day_before}"}}, vary=VISITS, at="claim"),
    swapped("PAY104", "a car accident billed to a health plan", "warning", right=_INJURY,
            wrong={"accident": {"auto": True, "date": "{day_before}", "state": "FL"}}, vary=VISITS, at="claim"),
    swapped("PAY104", "an accident billed to Medicare without another payer", "warning",
            right={**_INJURY, "payer": "medicare"},
            wrong={"accident": {"other": True, "date": "{day_before}"}}, vary=VISITS, at="claim"),
    swapped("PAY105", "a workers' compensation claim without its number", "error",
            right={**_INJURY, "payer": "workers_comp", "property_casualty_number": "PC123456",
                   "accident": {"employment": True, "date": "{day_before}"}},
            wrong={"property_casualty_number": None}, vary=VISITS, at="claim"),
    swapped("PAY105", "a car accident claim without its number", "error",
            right={**_INJURY, "payer": "auto", "property_casualty_number": "PC123456",
                   "accident": {"auto": True, "date": "{day_before}", "state": "FL"}},
            wrong={"property_casualty_number": None}, vary=VISITS, at="claim"),
    swapped("PAY105", "a workers' compensation claim without the day of the accident", "error",
            right={**_INJURY, "payer": "workers_comp", "property_casualty_number": "PC123456",
                   "accident": {"employment": True, "date": "{day_before}"}},
            wrong={"accident": None}, vary=VISITS, at="claim"),
    swapped("PAY106", "Medicare second without the reason", "error", right=_MEDICARE_SECONDARY,
            wrong={"other_payers": [{**_paid("80.00", ("CO", "45", "25.00"), ("PR", "2", "20.00")),
            "insurance_type": "{kind}"}]},
            vary={**VISITS, "kind": ("", "99")}, at="claim"),
)  # fmt: skip
