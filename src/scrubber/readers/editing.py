"""Claims mended in the bytes they came in: only the values that change are written, everything else stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from scrubber.claim import Claim
from scrubber.findings import Change
from scrubber.readers import InputFormat
from scrubber.readers.recognize import recognize
from scrubber.readers.x12.places import X12Places


@attrs.frozen
class Edit:
    """A change in the bytes of an input: from `start` to `end` stands what becomes `new`.

    `around` is the segment, or the line of text, in which it stands.
    """

    start: int
    end: int
    new: bytes
    around: tuple[int, int]


def edits_of(
    data: bytes, claims: Mapping[int, tuple[Claim, Sequence[Change]]], input_format: InputFormat | None = None
) -> dict[tuple[int, Change], Edit]:
    """The edit of each change, by the claim's index in the input. A change whose old value cannot be found has none."""
    if not claims:
        return {}
    if (input_format or recognize(data)) == "x12":
        return _in_x12(data, claims)
    return _in_json(data, claims)


def with_edits(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with every edit done; one that several claims ask for is done once.

    Raises:
        ValueError: two edits are about the same bytes and do not agree.
    """
    parts: list[bytes] = []
    at = 0
    for edit in sorted(set(edits), key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise ValueError("two changes are about the same place")
        parts += (data[at : edit.start], edit.new)
        at = edit.end
    return b"".join((*parts, data[at:]))


def _in_x12(data: bytes, claims: Mapping[int, tuple[Claim, Sequence[Change]]]) -> dict[tuple[int, Change], Edit]:
    places = X12Places(data)
    found = {}
    for index, (claim, changes) in claims.items():
        for change in changes:
            position = claim.origin.position(change.field) if claim.origin else None
            span = None if position is None else places.span(index, position, change.old)
            if span is not None and position is not None:
                found[index, change] = Edit(*span, change.new.encode("ascii"), around=places.around(index, position))
    return found


def _in_json(data: bytes, claims: Mapping[int, tuple[Claim, Sequence[Change]]]) -> dict[tuple[int, Change], Edit]:
    from scrubber.readers.json_places import JsonPlaces

    places = JsonPlaces(data, {index: claim for index, (claim, _) in claims.items()})
    spans = {
        (index, change): span
        for index, (_, changes) in claims.items()
        for change in changes
        if (span := places.span(index, change.field, change.old)) is not None
    }
    in_bytes = _byte_offsets(places.text, {bound for span in spans.values() for bound in span})
    found = {}
    for key, bounds in spans.items():
        start, end = in_bytes[bounds[0]], in_bytes[bounds[1]]
        line_end = data.find(b"\n", end)
        around = data.rfind(b"\n", 0, start) + 1, len(data) if line_end < 0 else line_end
        found[key] = Edit(start, end, b'"' + key[1].new.encode("ascii") + b'"', around)
    return found


def _byte_offsets(text: str, places: Iterable[int]) -> dict[int, int]:
    """Where characters begin in the bytes, each stretch encoded once."""
    found: dict[int, int] = {}
    at = offset = 0
    for place in sorted(places):
        offset += len(text[at:place].encode("utf-8", "surrogateescape"))
        found[place] = offset
        at = place
    return found
