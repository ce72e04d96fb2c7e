"""Faults of dates and filing limits (DAT)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from scrubber.testing.faults.claims import on_a_line
from scrubber.testing.faults.model import Claim, Fault, Means, place_of_line
from scrubber.testing.faults.staging import broken, swapped

VISIT: dict[str, Any] = {"lines": ["{visit}"], "dx": ["{dx}"]}
VISITS: dict[str, Any] = {"visit": ("99212", "99213", "99214"), "dx": ("I10", "E11.9", "M54.50", "J06.9")}


def _received_before(claim: Claim, means: Means) -> str:
    """The claim comes in before the day of one of its lines."""
    number = means.chance.randrange(len(claim["lines"]))
    last = max(date.fromisoformat(line["service_date"]) for line in claim["lines"])
    received = last + timedelta(means.chance.randint(0, 3))
    claim["receipt_date"] = received.isoformat()
    claim["lines"][number] |= {"service_date": (received + timedelta(1)).isoformat(), "service_date_end": None}
    return place_of_line(number + 1)


def _ends_before(claim: Claim, means: Means) -> str:
    number = means.chance.randrange(len(claim["lines"]))
    line = claim["lines"][number]
    start = date.fromisoformat(line["service_date"])
    line["service_date_end"] = (start - timedelta(means.one_of([1, 7, 30]))).isoformat()
    return place_of_line(number + 1)


def _died_before(claim: Claim, means: Means) -> str:
    first = min(date.fromisoformat(line["service_date"]) for line in claim["lines"])
    claim["patient"]["death_date"] = (first - timedelta(means.one_of([1, 10, 90]))).isoformat()
    return "line 1"


_STAY: dict[str, Any] = {"dx": ["J18.9"], "pos": "21"}

FAULTS: tuple[Fault, ...] = (
    broken("DAT101", "a line without a date", "error", on_a_line(service_date=None)),
    broken("DAT102", "a service after the claim was received", "error", _received_before,
           scene={**VISIT, "lines": ["{visit}", "93000"]}, vary=VISITS),
    broken("DAT103", "a line that ends before it starts", "error", _ends_before),
    broken("DAT104", "a visit after death", "error", _died_before, scene=VISIT, vary=VISITS),
    swapped("DAT107", "a Medicare claim a day later than a year", "error",
            right={**VISIT, "payer": "medicare", "dos": "2025-03-10", "receipt_date": "2025-06-10"},
            wrong={"receipt_date": "2026-03-11"}, vary=VISITS, at="line 1"),
    swapped("DAT107", "a Medicare claim of a leap day filed on the first of March", "error",
            right={**VISIT, "payer": "medicare", "dos": "2024-02-29", "receipt_date": "2024-06-10"},
            wrong={"receipt_date": "2025-03-01"}, vary=VISITS, at="line 1"),
    swapped("DAT107", "a late Medicare claim with a delay reason", "warning",
            right={**VISIT, "payer": "medicare", "dos": "2025-03-10", "receipt_date": "2025-06-10"},
            wrong={"receipt_date": "2026-03-11", "delay_reason": "{reason}"},
            vary={**VISITS, "reason": ("1", "7", "11")},
            at="line 1"),
    swapped("DAT107", "another payer's claim after its limit of days", "error",
            right={**VISIT, "dos": "2026-01-05", "receipt_date": "2026-02-05"},
            wrong={"receipt_date": "2026-04-06"}, vary=VISITS, at="line 1", tables=("timely_filing",)),
    swapped("DAT108", "a Medicare claim on the last day of its year", "info",
            right={**VISIT, "payer": "medicare", "dos": "2025-03-10", "receipt_date": "2025-06-10"},
            wrong={"receipt_date": "{received}"},
            vary={**VISITS, "received": ("2026-03-10", "2026-02-23", "2026-03-01")},
            at="line 1"),
    swapped("DAT108", "another payer's claim on the last of its days", "info",
            right={**VISIT, "dos": "2026-01-05", "receipt_date": "2026-02-05"},
            wrong={"receipt_date": "2026-04-05"}, vary=VISITS, at="line 1", tables=("timely_filing",)),
    swapped("DAT109", "three days of hospital visits and two units", "warning",
            right={**_STAY, "lines": ["{round} x3 @2026-05-04..2026-05-06"], "dos": "2026-05-04"},
            wrong={"lines": ["{round} x{units} @2026-05-04..2026-05-06"]},
            vary={"round": ("99231", "99232", "99233"), "units": ("1", "2", "4")}, at="line 1"),
    swapped("DAT109", "a span of more than a month", "warning",
            right={"lines": ["{service} x4 @2026-03-02..2026-03-27"], "dx": ["M54.50"], "dos": "2026-03-02"},
            wrong={"lines": ["{service} x4 @2026-03-02..2026-04-07"]}, vary={"service": ("98940", "97110-GP", "90853")},
            at="line 1"),
)  # fmt: skip
