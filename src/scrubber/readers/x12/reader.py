"""`read_x12`: interchange by interchange, claim by claim, in constant memory.

The last claim is held back until the next one is complete or the input ends, so that the faults of a trailer (SE, GE,
IEA) reach the claim before it; those of a header (ISA, GS, ST, HL) go to the first claim after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from scrubber.claim import Claim
from scrubber.errors import InputError
from scrubber.readers.x12.build import Builder
from scrubber.readers.x12.draft import Draft
from scrubber.readers.x12.tokens import tokens
from scrubber.readers.x12.walk import Walker


def read_x12(stream: BinaryIO, source: str) -> Iterator[Claim]:
    """The claims of an 837 file in order. Raises `InputError` where it holds none."""
    return map(Builder(source).claim, find_x12(stream, source))


def find_x12(stream: BinaryIO, source: str) -> Iterator[Draft]:
    """The drafts of the claims of an 837 file in order, for one `Builder` or several. Raises as `read_x12`."""
    walker = Walker()
    held: Draft | None = None
    for token in tokens(stream):
        for draft in walker.take(token):
            if held is not None:
                yield held
            held = draft
    for draft in walker.end():
        if held is not None:
            yield held
        held = draft
    if held is None:
        raise _no_claims(walker, source)
    yield held


def _no_claims(walker: Walker, source: str) -> InputError:
    """Why there is no claim, as far as the envelope tells."""
    sets = walker.envelope.seen
    hint = "Give an 837 claim file (005010X222A1, X223A2 or X224A2)."
    found = " ".join(list(dict.fromkeys(fault.text for fault in walker.coming))[:5])
    if not walker.started:
        return InputError("the input is empty or holds no X12 interchange.", where=source, hint=hint)
    others = sorted({name for name in sets if name != "837"})
    if not sets:
        message = "the interchange holds no transaction set."
    elif "837" not in sets:
        message = f"the transaction sets are {', '.join(others)}, not 837."
    else:
        message = "the 837 holds no claim (no CLM segment)."
    return InputError(f"{message} {found}".strip(), where=source, hint=hint)
