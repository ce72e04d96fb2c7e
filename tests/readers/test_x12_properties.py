"""Whatever is done to a file: nothing but `InputError` is raised, and claims before the damage stay as they are."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.claim import Claim
from scrubber.errors import InputError
from scrubber.readers.x12 import looks_like_x12, read_x12
from scrubber.readers.x12.faults import VARIANTS

from .x12_files import FORMS, ISA, file_of


def several(form: str, count: int) -> bytes:
    """One transaction set with `count` claims of one subscriber."""
    text = file_of(form).decode("ascii")
    start, end = text.index("CLM*"), text.index("SE*")
    claim = text[start:end]
    claims = "".join(claim.replace("CLM*A-", f"CLM*B{number}-") for number in range(count))
    return (text[:start] + claims + text[end:]).encode("ascii")


FILES = {form: several(form, 6) for form in FORMS}


def read_what_can_be(data: bytes) -> list[Claim]:
    """The claims of a file; a file without any is refused, and nothing else goes wrong."""
    claims: list[Claim] = []
    with suppress(InputError):
        for claim in read_x12(io.BytesIO(data), "x"):
            claims.append(claim)
    return claims


CLEAN = {form: read_what_can_be(data) for form, data in FILES.items()}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_claims_before_the_damage_are_untouched(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(sorted(FORMS)))
    clean = FILES[form]
    starts = [index for index in range(len(clean)) if clean.startswith(b"CLM*", index)]
    at = data.draw(st.integers(0, len(clean) - 1))
    length = data.draw(st.integers(0, 60))
    put = data.draw(
        st.one_of(st.just(b""), st.binary(max_size=30), st.sampled_from([b"~", b"*", b":", b"HL*", b"IEA*1~"]))
    )
    broken = clean[:at] + put + clean[at + length :]
    claims = read_what_can_be(broken)
    # a claim is untouched when the next one begins before the damage
    whole = sum(1 for start in starts[1:] if start <= at - 4)
    assert claims[:whole] == CLEAN[form][:whole]
    for claim in claims:
        repr(claim)
        assert claim.origin is not None
        for fault in claim.origin.faults:
            assert fault.variant in VARIANTS[fault.edit]


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(FILES["professional"])), st.sampled_from(sorted(FORMS)))
def test_a_cut_file_gives_the_claims_before_the_cut(at: int, form: str) -> None:
    clean = FILES[form]
    claims = read_what_can_be(clean[:at])
    starts = [index for index in range(len(clean)) if clean.startswith(b"CLM*", index)]
    whole = sum(1 for start in starts[1:] if start <= at)
    assert claims[:whole] == CLEAN[form][:whole]
    if claims and at < clean.index(b"IEA*"):
        last = claims[-1].origin
        assert last is not None
        assert {"truncated", "trailer-missing", "terminator-missing"} & {fault.variant for fault in last.faults}


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    looks_like_x12(data)
    read_what_can_be(data)
    read_what_can_be(ISA.encode() + data)
    read_what_can_be(b"ISA" + data)
    read_what_can_be(FILES["professional"][:300] + data)


class Endless(io.RawIOBase):
    """A stream that repeats a chunk many times, and counts what was read of it."""

    def __init__(self, head: bytes, chunk: bytes, times: int) -> None:
        self.parts: Iterator[bytes] = iter([head, *([chunk] * times)])

    def read(self, size: int = -1) -> bytes:
        return next(self.parts, b"")


@pytest.mark.parametrize(
    ("head", "chunk"),
    [
        (FILES["professional"], b"X" * 65536),  # after IEA
        (FILES["professional"][:2000], b"X" * 65536),  # one segment without end
        (b"", b" " * 65536),
        (b"", b"ISA*" * 16384),
        (ISA.encode(), b"\n" * 65536),
        (FILES["professional"].replace(b"ST*837", b"ST*835")[:2000], b"ZZZ*1~" * 2000),
    ],
)
def test_memory_stays_bounded(head: bytes, chunk: bytes) -> None:
    tracemalloc.start()
    try:
        with suppress(InputError):
            for _ in read_x12(Endless(head, chunk, 100), "x"):  # type: ignore[arg-type]
                pass
        assert tracemalloc.get_traced_memory()[1] < 5_500_000
    finally:
        tracemalloc.stop()
