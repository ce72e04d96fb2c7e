"""What happens to any claim: the patient has more, another payer was first, it replaces an earlier one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import Claim
from scrubber.testing.corpus.problem_list import with_problems

_REPLACEABLE = ("commercial", "medicaid", "medicare_advantage", "tricare")
"""Payers that take a replacement; Medicare's contractors reopen the claim instead (CPM 34 §10)."""

_AUTHORIZING = ("commercial", "medicaid", "medicare_advantage", "workers_comp")


def with_circumstances(claim: Claim, chance: Chance) -> Claim:
    """The claim, now and then with further diagnoses, or as a secondary, a replacement or an authorized claim."""
    first, born = claim["lines"][0]["service_date"], claim["patient"]["birth_date"]
    if "rendering_provider" in claim and chance.happens(0.4):
        claim = with_problems(claim, chance, int(first[:4]) - int(born[:4]) - (first[5:] < born[5:]))
    drawn = chance.between(1, 100)
    kind = claim["payer"]["kind"]
    if drawn <= 5 and kind in ("commercial", "medicaid", "medicare") and Decimal(claim["total_charge"]) > 0:
        return after_another_payer(claim, chance)
    if 5 < drawn <= 8 and kind in _REPLACEABLE:
        return claim | {"frequency": "7", "original_reference": f"R{chance.digits(12)}"}
    if 8 < drawn <= 14 and kind in _AUTHORIZING:
        return claim | {"prior_authorization": f"A{chance.digits(9)}"}
    return claim


def after_another_payer(claim: Claim, chance: Chance) -> Claim:
    """The claim as the second payer gets it. What the first payer paid and took off adds up to the charges, on each
    line and as a whole (ASC X12N 005010X222A1, section 1.4.1 on balancing).
    """
    kind = claim["payer"]["kind"]
    last = max(line.get("service_date_end") or line["service_date"] for line in claim["lines"])
    paid_on = (date.fromisoformat(last) + timedelta(days=chance.between(14, 35))).isoformat()
    settled = []
    for position, line in enumerate(claim["lines"], 1):
        charge = Decimal(line["charge"])
        allowed = (charge * chance.between(50, 85) / 100).quantize(Decimal("0.01"))
        owed = (allowed * Decimal("0.2")).quantize(Decimal("0.01"))
        adjustments = [("CO", "45", charge - allowed), ("PR", "2", owed)]
        settled.append(
            {
                "line": position,
                "procedure": line["procedure"],
                "units": line["units"],
                "paid": f"{allowed - owed:f}",
                "paid_date": paid_on,
                "adjustments": [
                    {"group": group, "carc": carc, "amount": f"{amount:f}"}
                    for group, carc, amount in adjustments
                    if amount
                ],
            }
        )
    first = {
        "sequence": "primary",
        "id": "PLAN88",
        "kind": "commercial",
        "paid": f"{sum((Decimal(str(line['paid'])) for line in settled), Decimal(0)):f}",
        "paid_date": paid_on,
        "relationship": "self",
        "member_id": f"P{chance.digits(8)}",
        "lines": settled,
    }
    received = (date.fromisoformat(paid_on) + timedelta(days=chance.between(2, 20))).isoformat()
    changed = claim | {"payer_sequence": "secondary", "other_payers": [first], "receipt_date": received}
    if kind == "medicare":  # the working aged: the employer's plan pays first (MSP Manual, chapter 2)
        changed["other_payers"] = [first | {"insurance_type": "12"}]
    return changed
