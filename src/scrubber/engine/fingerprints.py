"""A short mark by which a finding is known again in the next run.

It is made of what the fault is about and not of where that stands: it stays when lines are put in another order or
added, when the wording, the risk or the severity of the rule changes, and when a table has a new edition.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from scrubber.claim import Claim
from scrubber.engine.outcomes import Hit
from scrubber.engine.wording import value_of
from scrubber.facts import DiagnosisFacts, FaultFacts, GroupFacts, LineFacts, ProcedureFacts, ProviderFacts

DIGEST_SIZE = 8

_PLACES = re.compile(r"\[[0-9]+\]")

Parts = Iterable[object]


def mark_of_claim(claim: Claim) -> bytes:
    """Which claim it is: its id, whose it is, and its first day, for account numbers serve for several claims.

    The member id and the birth date are no more than that to the digest, but nobody who has only the fingerprint can
    guess his way through all of them.
    """
    days = [line.service_date for line in claim.lines if line.service_date is not None]
    first_day = claim.statement_from or min(days, default=None)
    return _digest((claim.claim_id, claim.subscriber.member_id, claim.patient.birth_date, first_day))


def fingerprint(claim_mark: bytes, hit: Hit, field: str | None, codes: tuple[str, ...]) -> str:
    """The fingerprint of what a rule found; `field` is the path that it points to."""
    rule = hit.rule
    place = _PLACES.sub("", field or "")
    if rule.once_per is not None:  # which line, or which code, speaks for the others is chance
        about: list[object] = [place, *(value_of(hit, one) for one in rule.once_per)]
    elif isinstance(hit.item, GroupFacts):
        about = [place, *sorted(codes), *hit.item.shared.values()]
    else:
        items = [hit.item] if rule.pair is None else [hit.item, hit.named[rule.pair.alias]]
        # of two items, which comes first in the claim is no matter
        about = [place, *codes, *sorted(_digest(_marks_of(item)) for item in items)]
    return _digest((claim_mark, rule.id, *about)).hex()


def _marks_of(item: Any) -> Parts:
    """What an item is, wherever in the claim it stands."""
    match item:
        case LineFacts():
            raw = item.raw
            return (item.procedure, raw.revenue_code, *raw.modifiers, raw.service_date, raw.charge)
        case DiagnosisFacts():
            return (item.code, item.raw.kind)
        case ProcedureFacts():
            return (item.code, item.raw.date)
        case ProviderFacts():
            return (item.role, item.raw.npi, item.raw.taxonomy)  # the same on whichever line
        case FaultFacts():
            position = item.raw.position or {}
            return (item.raw.variant, position.get("loop"), position.get("element"))
        case _:
            return ()


def _digest(parts: Parts) -> bytes:
    """Each part with its length before it, so that no two lists of parts come to one text."""
    digest = hashlib.blake2s(digest_size=DIGEST_SIZE)
    for part in parts:
        text = part if isinstance(part, bytes) else _text(part).encode(errors="replace")
        digest.update(b"%d:" % len(text))
        digest.update(text)
    return digest.digest()


def _text(part: object) -> str:
    if part is None:
        return ""
    if isinstance(part, Decimal) and part.is_finite():
        return f"{part.normalize():f}" if part else "0"  # 125, 125.0 and 125.00 are one amount
    if isinstance(part, tuple):
        return repr([_text(one) for one in part])
    return str(part)
