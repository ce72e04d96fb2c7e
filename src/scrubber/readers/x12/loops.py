"""The loops of an 837: which loop a segment opens, by form and by where in the claim it stands.

Loop ids are those of the X12N implementation guides (TR3) 005010X222 (professional), X223 (institutional) and X224
(dental). A 004010 file is read with the same table: what it names otherwise stays without a loop of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from scrubber.claim import Form

Segment = list[str]
"""A segment cut at the element separator: the identifier, then the elements, so that `segment[2]` is element 02."""

UNKNOWN = "?"
"""The loop of an NM1 whose entity code has no loop where it stands; what follows it belongs to nobody."""


@attrs.define
class Loop:
    """One occurrence of a loop: its segments, and the number of the first in its transaction set (ST = 1)."""

    id: str
    start: int
    segments: list[Segment]

    def number_of(self, segment: Segment) -> int:
        """The number of a segment of this loop (999: IK302)."""
        for offset, candidate in enumerate(self.segments):
            if candidate is segment:
                return self.start + offset
        return self.start

    def first(self, identifier: str) -> Segment | None:
        """The first segment with this identifier."""
        for segment in self.segments:
            if segment[0] == identifier:
                return segment
        return None


def first_loop(loops: Iterable[Loop], identifier: str) -> Loop | None:
    """The first occurrence of a loop."""
    for loop in loops:
        if loop.id == identifier:
            return loop
    return None


def line_groups(loops: Iterable[Loop]) -> Iterator[list[Loop]]:
    """The loops of each service line: its 2400 with the 2410, 2420, 2430 and 2440 that follow."""
    group: list[Loop] = []
    for loop in loops:
        if loop.id == "2400" and (loop.segments[0][0] == "LX" or not group or _begins_line(group, loop)):
            if group:
                yield group
            group = [loop]
        elif group:
            group.append(loop)
    if group:
        yield group


def _begins_line(group: list[Loop], loop: Loop) -> bool:
    """Whether a 2400 without LX is a line of its own: it brings a service where the line so far has one."""
    return loop.segments[0][0] in SERVICES and any(member.first(loop.segments[0][0]) for member in group)


def other_payer_groups(loops: Iterable[Loop]) -> Iterator[list[Loop]]:
    """The loops of each other payer: its 2320 with the 2330 that follow."""
    group: list[Loop] = []
    for loop in loops:
        if loop.id == "2320" and loop.segments[0][0] == "SBR":
            if group:
                yield group
            group = [loop]
        elif loop.id == "2400":
            break
        elif group:
            group.append(loop)
    if group:
        yield group


def relabel(loops: list[Loop], form: Form, old: bool) -> None:
    """Name the provider and payer loops of a claim anew, as another form has them."""
    area = "2300"
    for loop in loops:
        if loop.id in ("2320", "2400"):
            area = loop.id
        if loop.segments[0][0] == "NM1":
            loop.id = claim_loop(form, area, loop.segments[0][1] if len(loop.segments[0]) > 1 else "", old) or UNKNOWN


def claim_loop(form: Form, area: str, code: str, old: bool) -> str | None:
    """The loop that an NM1 opens within a claim, by its entity code."""
    loop = IN_CLAIM[form][area].get(code)
    if loop is None and area == "2320":
        loop = IN_CLAIM[form]["2300"].get(code)
    return OF_4010[form][area].get(code, loop) if old else loop


SERVICES: dict[str, Form] = {"SV1": "professional", "SV2": "institutional", "SV3": "dental"}

LEVELS = {"20": "2000A", "22": "2000B", "23": "2000C"}
"""Loop by hierarchical level code, HL03."""

BEFORE_CLAIM = {
    "41": "1000A", "40": "1000B",
    "85": "2010AA", "87": "2010AB", "PE": "2010AC",
    "IL": "2010BA", "PR": "2010BB", "QC": "2010CA",
}  # fmt: skip
"""Loop by entity code, NM101, of what stands before the claim; the guides agree on these."""

PARENT = {
    "1000A": "HEADER", "1000B": "HEADER",
    "2010AA": "2000A", "2010AB": "2000A", "2010AC": "2000A",
    "2010BA": "2000B", "2010BB": "2000B", "2010CA": "2000C",
}  # fmt: skip
"""The level that each of these belongs to."""

_PROFESSIONAL = {
    "2300": {"DN": "2310A", "P3": "2310A", "82": "2310B", "77": "2310C", "DQ": "2310D", "PW": "2310E", "45": "2310F"},
    "2320": {
        "IL": "2330A", "PR": "2330B", "DN": "2330C", "P3": "2330C", "82": "2330D", "77": "2330E", "DQ": "2330F",
        "85": "2330G",
    },
    "2400": {
        "82": "2420A", "QB": "2420B", "77": "2420C", "DQ": "2420D", "DK": "2420E", "DN": "2420F", "P3": "2420F",
        "PW": "2420G", "45": "2420H",
    },
}  # fmt: skip
_INSTITUTIONAL = {
    "2300": {"71": "2310A", "72": "2310B", "ZZ": "2310C", "82": "2310D", "77": "2310E", "DN": "2310F"},
    "2320": {
        "IL": "2330A", "PR": "2330B", "71": "2330C", "72": "2330D", "ZZ": "2330E", "77": "2330F", "82": "2330G",
        "DN": "2330H", "85": "2330I",
    },
    "2400": {"72": "2420A", "ZZ": "2420B", "82": "2420C", "DN": "2420D"},
}  # fmt: skip
_DENTAL = {
    "2300": {"DN": "2310A", "P3": "2310A", "82": "2310B", "77": "2310C", "DD": "2310D", "DQ": "2310E"},
    "2320": {
        "IL": "2330A", "PR": "2330B", "DN": "2330C", "P3": "2330C", "82": "2330D", "DQ": "2330E", "85": "2330F",
        "77": "2330G", "DD": "2330H",
    },
    "2400": {"82": "2420A", "DD": "2420B", "DQ": "2420C", "77": "2420D"},
}  # fmt: skip

IN_CLAIM: dict[Form, dict[str, dict[str, str]]] = {
    "professional": _PROFESSIONAL, "institutional": _INSTITUTIONAL, "dental": _DENTAL,
}  # fmt: skip
"""Loop by form, area of the claim (2300, 2320, 2400) and entity code."""

OF_4010: dict[Form, dict[str, dict[str, str]]] = {
    "professional": {
        "2300": {"QB": "2310C", "FA": "2310D", "LI": "2310D", "TL": "2310D", "77": "2310D", "DQ": "2310E"},
        "2320": {"QC": "2330C"},
        "2400": {"FA": "2420C", "LI": "2420C", "TL": "2420C"},
    },
    "institutional": {
        "2300": {"73": "2310C", "FA": "2310E"},
        "2320": {"QC": "2330C"},
        "2400": {"71": "2420A", "73": "2420C"},
    },
    "dental": {"2300": {"FA": "2310C"}, "2320": {"QC": "2330C"}, "2400": {}},
}  # fmt: skip
"""Entities that 004010 names otherwise, with its loops."""

OPENS_IN_LINE = {"LIN": "2410", "SVD": "2430", "LQ": "2440"}
"""Segments that open a loop within a service line."""

HOME = {
    "CL1": "2300", "HI": "2300", "CR2": "2300", "CR5": "2300", "CR6": "2300", "DN1": "2300", "DN2": "2300",
    "SV1": "2400", "SV2": "2400", "SV3": "2400", "SV5": "2400", "TOO": "2400", "OI": "2320", "MIA": "2320",
    "MOA": "2320",
}  # fmt: skip
"""Segments that belong to one loop only: out of place, they are still read as part of it."""

ROLES = {
    "82": "rendering_provider", "DN": "referring_provider", "P3": "referring_provider", "DK": "ordering_provider",
    "DQ": "supervising_provider", "71": "attending_provider", "72": "operating_provider", "77": "service_facility",
    "FA": "service_facility", "LI": "service_facility", "TL": "service_facility",
}  # fmt: skip
"""Field of the claim or of the line by entity code, NM101."""
