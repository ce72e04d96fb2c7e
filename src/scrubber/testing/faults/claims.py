"""Faults of the claim as a whole: completeness and balancing (CLM), units and charges (UNT)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from scrubber.testing.faults.model import Claim, Fault, Means, place_of_line
from scrubber.testing.faults.staging import broken, swapped

UNRELATED = [
    "I10", "E78.5", "J45.909", "M54.50", "K21.9", "N40.0", "H52.4", "L20.9", "F41.1", "G47.00", "R05.9", "B35.1",
    "D50.9",
]  # fmt: skip


def retotal(claim: Claim) -> None:
    """The total charge of a claim, after its lines have changed."""
    charges = [Decimal(str(line["charge"])) for line in claim["lines"] if line.get("charge") is not None]
    claim["total_charge"] = f"{sum(charges, Decimal('0.00')):.2f}"


def without(*keys: str) -> Any:
    """A change that leaves fields of the claim blank; `a.b` is a field of a part."""

    def change(claim: Claim, means: Means) -> str:
        for key in keys:
            part, _, field = key.rpartition(".")
            (claim[part] if part else claim)[field] = None
        return "claim"

    return change


def _no_lines(claim: Claim, means: Means) -> str:
    claim |= {"lines": [], "total_charge": "0.00"}
    return "claim"


def _no_diagnoses(claim: Claim, means: Means) -> str:
    claim["diagnoses"] = []
    for line in claim["lines"]:
        line["diagnosis_pointers"] = []
    return "claim"


def _wrong_total(claim: Claim, means: Means) -> str:
    off = Decimal(means.one_of(["0.01", "-0.01", "1.00", "100.00"]))
    claim["total_charge"] = f"{Decimal(str(claim['total_charge'])) + off:.2f}"
    return "claim"


def pointing(*pointers: int | str) -> Any:
    """A change that gives a line these pointers; "over" is one more than there are diagnoses."""

    def change(claim: Claim, means: Means) -> str:
        over = len(claim["diagnoses"]) + 1
        number = means.chance.randrange(len(claim["lines"]))
        claim["lines"][number]["diagnosis_pointers"] = [over if p == "over" else p for p in pointers]
        return place_of_line(number + 1)

    return change


def on_a_line(**values: Any) -> Any:
    """A change of one line."""

    def change(claim: Claim, means: Means) -> str:
        number = means.chance.randrange(len(claim["lines"]))
        claim["lines"][number].update(values)
        retotal(claim)
        return place_of_line(number + 1)

    return change


def _no_units(claim: Claim, means: Means) -> str | None:
    """A line of anesthesia has minutes in place of units, and is left as it is."""
    numbers = [number for number, line in enumerate(claim["lines"]) if not line.get("minutes")]
    if not numbers:
        return None
    number = means.one_of(numbers)
    claim["lines"][number]["units"] = None
    return place_of_line(number + 1)


_VISIT = {"lines": ["{visit}"], "dx": ["{dx}"]}
_VISITS: dict[str, Any] = {"visit": ("99212", "99213", "99214"), "dx": ("I10", "E11.9", "M54.50", "J06.9")}

FAULTS: tuple[Fault, ...] = (
    broken("CLM101", "no line is left on the claim", "error", _no_lines),
    broken("CLM102", "no diagnosis is left on the claim", "error", _no_diagnoses),
    broken("CLM103", "the total charge is not the sum of the lines", "error", _wrong_total),
    swapped("CLM104", "a frequency code that no form has", "error",
            right=_VISIT, wrong={"frequency": "{frequency}"}, vary={**_VISITS, "frequency": ("2", "3", "5", "9", "0")},
            at="claim"),
    swapped("CLM104", "a replacement or void sent to Medicare's front end", "error",
            right={**_VISIT, "payer": "medicare"},
            wrong={"frequency": "{frequency}", "original_reference": "1226061234567"},
            vary={**_VISITS, "frequency": ("7", "8")}, at="claim"),
    swapped("CLM105", "a replacement without the payer's claim number", "error",
            right={**_VISIT, "frequency": "{frequency}", "original_reference": "1226061234567"},
            wrong={"original_reference": None}, vary={**_VISITS, "frequency": ("7", "8")}, at="claim"),
    swapped("CLM105", "a first claim that names an earlier one", "warning",
            right=_VISIT, wrong={"original_reference": "1226061234567"}, vary=_VISITS, at="claim"),
    swapped("CLM106", "thirteen diagnoses", "error", right={"lines": ["{visit}"], "dx": UNRELATED[:12]},
            wrong={"dx": UNRELATED}, vary=_VISITS, at="claim"),
    swapped("CLM106", "fifty-one lines", "error", right={"lines": ["82962 times=50"], "dx": ["E11.9"]},
            wrong={"lines": ["82962 times=51"]}, at="claim"),
    swapped("CLM107", "an accident without its date", "error",
            right={**_VISIT, "dx": ["S93.401A"], "accident": {"other": True, "date": "{day_before}"}},
            wrong={"accident": {"other": True}}, vary=_VISITS, at="claim"),
    swapped("CLM107", "a car accident without its state", "error",
            right={**_VISIT, "dx": ["S93.401A"], "payer": "auto", "property_casualty_number": "PC123456",
                   "accident": {"auto": True, "date": "{day_before}", "state": "FL"}},
            wrong={"accident": {"auto": True, "date": "{day_before}"}}, vary=_VISITS, at="claim"),
    broken("CLM108", "a line without diagnosis pointers", "error", pointing()),
    broken("CLM108", "a pointer to a diagnosis that is not there", "error", pointing(1, "over")),
    broken("CLM108", "a pointer of nought", "error", pointing(0)),
    broken("CLM108", "one pointer twice", "error", pointing(1, 1)),
    swapped("CLM108", "five pointers on a line", "error",
            right={"lines": ["{visit} dx=ABCD"], "dx": UNRELATED[:6]}, wrong={"lines": ["{visit} dx=ABCDE"]},
            vary=_VISITS, at="line 1"),
    swapped("CLM110", "a service that needs an authorization has none", "warning",
            right={"lines": ["{visit}", "{scan}"], "dx": ["M54.50"], "prior_authorization": "AUTH123456"},
            wrong={"prior_authorization": None}, vary={**_VISITS, "scan": ("72148", "70551")}, at="line 2",
            tables=("payer_rules",)),
    broken("CLM111", "a revenue code on a professional line", "error", on_a_line(revenue_code="0510")),
    # Since July 2025 Medicare takes dental codes with KX or GY on this form, so that the error is a warning now.
    swapped("CLM111", "a dental code without KX or GY sent to Medicare on the professional form", "warning",
            right={**_VISIT, "payer": "medicare"}, wrong={"lines": ["{visit}", "{dental}"]},
            vary={**_VISITS, "dental": ("D0120", "D7210", "D9110")}, at="line 2"),
    swapped("CLM111", "a dental code on the professional form of another payer", "warning",
            right=_VISIT, wrong={"lines": ["{visit}", "{dental}"]},
            vary={**_VISITS, "dental": ("D0120", "D7210", "D9110")}, at="line 2"),
    swapped("CLM111", "an inpatient procedure code on a professional claim", "error",
            right=_VISIT, wrong={"procedures": [{"code": "0SRC0J9", "date": "{day}"}]}, vary=_VISITS, at="line 1"),
    broken("UNT101", "units left blank", "error", _no_units),
    broken("UNT101", "no unit at all", "error", on_a_line(units="0")),
    broken("UNT101", "units below nought", "error", on_a_line(units="-1")),
    swapped("UNT102", "units with a fraction", "warning", right={"lines": ["97110-GP x2"], "dx": ["M54.50"]},
            wrong={"lines": ["97110-GP x{units}"]}, vary={"units": ("1.5", "2.5", "0.5")}, at="line 1"),
    broken("UNT103", "a charge left blank", "error", on_a_line(charge=None)),
    swapped("UNT103", "a charge below nought", "error", right=_VISIT, wrong={"lines": ["{visit} charge=-10.00"]},
            vary=_VISITS, at="line 1"),
    swapped("UNT103", "a charge of nought for a visit", "warning", right=_VISIT,
            wrong={"lines": ["{visit} charge=0.00"]}, vary=_VISITS, at="line 1"),
    swapped("UNT104", "more timed units than the minutes allow", "warning",
            right={"lines": ["97110-GP x2 min=30", "97140-GP x1 min=8"], "dx": ["M54.50"]},
            wrong={"lines": ["97110-GP x3 min=30", "97140-GP x1 min=8"]}, at="line 2", tables=("therapy_codes",)),
    swapped("UNT104", "a unit of seven minutes", "warning",
            right={"lines": ["97530-GO x1 min=8"], "dx": ["I69.351"]},
            wrong={"lines": ["97530-GO x1 min=7"]}, at="line 1", tables=("therapy_codes",)),
)  # fmt: skip
