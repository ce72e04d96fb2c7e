"""Claims as JSON lines into `Claim` objects, against plain JSON decoding and against msgspec filling the classes.

msgspec alone is the lower bound: it knows nothing of unknown keys, null lists, bare diagnoses or forms of money.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable

import msgspec

from scrubber.claim import Claim
from scrubber.readers import read_claims

CLAIMS = 5_000
ROUNDS = 3


def claim(number: int) -> dict[str, object]:
    """An office visit with two to five lines."""
    lines = [
        {
            "number": place,
            "procedure": "99213",
            "modifiers": ["25"],
            "units": 1,
            "charge": "125.00",
            "service_date": "2026-10-02",
            "diagnosis_pointers": [1, 2],
        }
        for place in range(1, 3 + number % 4)
    ]
    return {
        "claim_id": f"A-{number}",
        "form": "professional",
        "frequency": "1",
        "payer": {"id": "60054", "name": "Example Health", "kind": "commercial"},
        "subscriber": {"member_id": f"M{number}", "relationship": "self"},
        "patient": {"birth_date": "1970-05-01", "sex": "F"},
        "billing_provider": {"npi": "1234567893", "taxonomy": "207Q00000X", "tax_id": "123456789"},
        "rendering_provider": {"npi": "1234567893"},
        "place_of_service": "11",
        "diagnoses": [{"code": "E11.9", "kind": "principal"}, {"code": "I10", "kind": "other"}],
        "lines": lines,
        "total_charge": f"{125 * len(lines)}.00",
    }


def seconds(work: Callable[[], object]) -> float:
    """The best of some rounds, in processor time."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    rows = [json.dumps(claim(number)).encode() for number in range(CLAIMS)]
    data = b"\n".join(rows)
    to_dict, to_claim = msgspec.json.Decoder(), msgspec.json.Decoder(Claim)

    plain = seconds(lambda: [None for row in rows if to_dict.decode(row) is None])
    filled = seconds(lambda: [None for row in rows if to_claim.decode(row) is None])
    read = seconds(lambda: sum(1 for _ in read_claims(io.BytesIO(data))))

    print(f"{'JSON to dictionaries':28}{CLAIMS / plain:>10,.0f} claims/s")
    print(f"{'msgspec to Claim, unchecked':28}{CLAIMS / filled:>10,.0f} claims/s")
    print(f"{'read_claims':28}{CLAIMS / read:>10,.0f} claims/s   {read / filled:.1f} times the msgspec fill")


if __name__ == "__main__":
    main()
