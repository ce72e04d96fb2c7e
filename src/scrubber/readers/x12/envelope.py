"""The envelope: ISA to IEA, GS to GE, ST to SE. Control numbers, counts, and the guide that each set follows."""

from __future__ import annotations

import re

from scrubber.claim import Form, StructuralFault
from scrubber.readers.x12.draft import Guide
from scrubber.readers.x12.faults import fault, place, shown
from scrubber.readers.x12.loops import Segment
from scrubber.readers.x12.tokens import Header

_GUIDES: dict[str, tuple[Form, str]] = {
    "005010X222": ("professional", "A1"),
    "005010X223": ("institutional", "A2"),
    "005010X224": ("dental", "A2"),
    "004010X098": ("professional", "A1"),
    "004010X096": ("institutional", "A1"),
    "004010X097": ("dental", "A1"),
}
"""Form and adopted addendum (45 CFR 162.1102) of each claim guide."""

_OTHER_GUIDES: dict[str, tuple[Form, bool]] = {
    "005010X291": ("professional", True),
    "005010X292": ("institutional", True),
    "005010X293": ("dental", True),
    "005010X298": ("professional", False),
    "005010X299": ("institutional", False),
    "005010X300": ("dental", False),
}
"""Form, and whether a predetermination (else a report of paid claims), of guides that carry no claim to be paid."""

_GUIDE = re.compile(r"(00[45]010X\d{3})(A\d+)?")
OLD_SINCE = "20120701"
"""From this day on HIPAA knows no 004010 claim (45 CFR 162.1102, enforcement date)."""


def element(segment: Segment, index: int) -> str:
    """An element, or nothing where the segment ends before it."""
    return segment[index].strip() if len(segment) > index else ""


class Envelope:
    """Where the walker stands in the envelope. Each method takes one segment and returns the faults it shows."""

    def __init__(self) -> None:
        self.isa: Segment | None = None
        self.gs: Segment | None = None
        self.st: Segment | None = None
        self.groups = 0
        self.sets = 0
        self.controls: set[str] = set()
        self.bare = True
        self.guide = Guide(form=None)
        self.guide_text = ""
        self.seen: list[str] = []
        """What the input holds, for the error that says it holds no claim."""

    def open_interchange(self, header: Header) -> list[StructuralFault]:
        self.isa, self.gs, self.st = header.isa, None, None
        self.groups = self.sets = 0
        self.bare = header.isa is None
        if header.isa is None:
            at = place(0, "ISA", "ISA")
            return [fault("EDI103", "envelope-missing", "A group or transaction set stands without an ISA.", at)]
        faults = []
        if not header.fixed_width:
            text = "ISA is not 106 characters long with elements of fixed width."
            faults.append(fault("EDI103", "isa-not-fixed-width", text, place(0, "ISA", "ISA")))
        if header.folded:
            text = "The interchange is written in lower case; it was read as upper case."
            faults.append(fault("EDI103", "lower-case", text, place(0, "ISA", "ISA")))
        release = element(header.isa, 12)
        if release not in ("00501", "00401"):
            text = f"ISA12, the release, is {shown(release)}; 837 claims are 00501."
            faults.append(fault("EDI103", "release-unknown", text, place(0, "ISA", "ISA12"), shown(release)))
        if release == "00501" and header.delimiters.repetition is None:
            text = f"ISA11 is {shown(header.isa[11])}, which is no repetition separator."
            faults.append(fault("EDI103", "repetition-separator-invalid", text, place(0, "ISA", "ISA11")))
        control = header.isa[13]
        if not re.fullmatch(r"[0-9]{9}", control):
            text = f"ISA13 is {shown(control)}; it must be nine digits."
            faults.append(fault("EDI101", "control-number-invalid", text, place(0, "ISA", "ISA13"), shown(control)))
        return faults

    def open_group(self, segment: Segment) -> list[StructuralFault]:
        self.gs = segment
        self.groups += 1
        self.sets = 0
        self.controls = set()
        return []

    def open_set(self, segment: Segment) -> list[StructuralFault]:
        """A transaction set begins: also says which guide its claims follow (`guide`)."""
        faults = []
        control = element(segment, 2)
        if self.gs is None and not self.bare:
            text = f"The transaction set whose ST02 is {shown(control)} stands without a GS."
            faults.append(fault("EDI103", "envelope-missing", text, place(0, "GS", "GS")))
        self.st = segment
        self.sets += 1
        if control in self.controls:
            text = f"ST02 is {shown(control)} in more than one transaction set of its group."
            faults.append(
                fault("EDI101", "set-control-number-repeated", text, place(1, "HEADER", "ST02"), shown(control))
            )
        self.controls.add(control)
        self.seen.append(element(segment, 1))
        del self.seen[20:]
        return faults + self._read_guide()

    def _read_guide(self) -> list[StructuralFault]:
        group = element(self.gs, 8).upper() if self.gs else ""
        own = element(self.st, 3).upper() if self.st else ""
        named = _GUIDE.fullmatch(own) or _GUIDE.fullmatch(group)
        self.guide_text = own or group
        at = place(1, "HEADER", "ST03")
        old = (own or group).startswith("004010")
        if named is None:
            self.guide = Guide(form=None, old=old)
            if old:
                return []  # 004010 has no ST03: the guide is in GS08 and in REF*87
            text = "GS08 and ST03 name no guide for claims; the claims are read by their content."
            return [fault("EDI104", "guide-unknown", text, at, shown(group), shown(own))]
        base, addendum = named[1], named[2] or ""
        if base in _OTHER_GUIDES:
            form, predetermination = _OTHER_GUIDES[base]
            self.guide = Guide(form=form, claims=False, predetermination=predetermination)
            what = "predeterminations" if predetermination else "reports of paid claims"
            text = f"The guide {base} is for {what}, not for claims to be paid."
            return [fault("EDI104", "guide-not-for-claims", text, at, base)]
        if base not in _GUIDES:
            self.guide = Guide(form=None, old=old)
            text = f"The guide {base} is none for claims; the claims are read by their content."
            return [fault("EDI104", "guide-unknown", text, at, base)]
        form, adopted = _GUIDES[base]
        self.guide = Guide(form=form, old=old)
        if old:
            return []
        if not own:
            text = f"ST03 is blank; the guide is taken from GS08, {shown(group)}."
            return [fault("EDI104", "guide-missing", text, at, shown(group))]
        faults = []
        if group and group != own:
            text = (
                f"GS08, the guide of the group, is {shown(group)}; ST03, that of the transaction set, is {shown(own)}."
            )
            faults.append(fault("EDI104", "guide-differs", text, at, shown(group), shown(own)))
        if addendum != adopted:
            text = f"The guide {shown(own)} is not the adopted {base}{adopted}."
            faults.append(fault("EDI104", "addendum-differs", text, at, shown(own), base + adopted))
        return faults

    def guide_of_group(self) -> None:
        """A set has begun without its ST: GS08 alone says by which guide to read it."""
        self._read_guide()

    def begin_transaction(self, segment: Segment) -> list[StructuralFault]:
        """BHT: its date tells whether a 004010 file was old when it was made."""
        if not self.guide.old:
            return []
        day = element(segment, 4) or (element(self.gs, 4) if self.gs else "")
        at = place(1, "HEADER", "ST")
        if day >= OLD_SINCE:
            text = (
                "The claims are in release 004010, which ended on 2012-07-01. Not checked are codes and qualifiers, and"
                " which segments a loop may have, how often and in which order."
            )
            return [fault("EDI104", "old-release", text, at, "004010")]
        text = (
            "The claims are in release 004010: they are read and checked as far as it agrees with 005010. Not checked"
            " are codes and qualifiers, and which segments a loop may have, how often and in which order."
        )
        return [fault("EDI104", "release-4010", text, at, "004010")]

    def close_set(self, segment: Segment, number: int) -> list[StructuralFault]:
        faults = []
        if self.st is None:
            text = f"The SE whose SE02 is {shown(element(segment, 2))} stands without its ST."
            return [fault("EDI102", "header-missing", text, place(0, "TRAILER", "SE"), "SE")]
        control, says = element(self.st, 2), element(segment, 2)
        if control != says:
            text = f"ST02 is {shown(control)}, SE02 is {shown(says)}."
            at = place(number, "TRAILER", "SE02")
            faults.append(fault("EDI101", "set-control-number", text, at, shown(control), shown(says)))
        count = element(segment, 1)
        if _number(count) != number:
            text = f"SE01, the number of segments, is {shown(count)}, but the transaction set has {number}."
            at = place(number, "TRAILER", "SE01")
            faults.append(fault("EDI102", "segment-count", text, at, shown(count), str(number)))
        self.st = None
        return faults

    def close_group(self, segment: Segment) -> list[StructuralFault]:
        faults = []
        if self.gs is None:
            text = f"The GE whose GE02 is {shown(element(segment, 2))} stands without its GS."
            return [fault("EDI102", "header-missing", text, place(0, "GS", "GE"), "GE")]
        control, says = element(self.gs, 6), element(segment, 2)
        if control != says:
            text = f"GS06 is {shown(control)}, GE02 is {shown(says)}."
            faults.append(
                fault("EDI101", "group-control-number", text, place(0, "GS", "GE02"), shown(control), shown(says))
            )
        count = element(segment, 1)
        if _number(count) != self.sets:
            text = f"GE01, the number of transaction sets, is {shown(count)}, but the group has {self.sets}."
            at = place(0, "GS", "GE01")
            faults.append(fault("EDI102", "set-count", text, at, shown(count), str(self.sets)))
        self.gs = None
        return faults

    def close_interchange(self, segment: Segment) -> list[StructuralFault]:
        faults = []
        if self.isa is None:
            text = f"The IEA whose IEA02 is {shown(element(segment, 2))} stands without its ISA."
            return [fault("EDI102", "header-missing", text, place(0, "ISA", "IEA"), "IEA")]
        control, says = self.isa[13], element(segment, 2)
        if control != says:
            text = f"ISA13 is {shown(control)}, IEA02 is {shown(says)}."
            at = place(0, "ISA", "IEA02")
            faults.append(fault("EDI101", "interchange-control-number", text, at, shown(control), shown(says)))
        count = element(segment, 1)
        if _number(count) != self.groups:
            text = f"IEA01, the number of groups, is {shown(count)}, but the interchange has {self.groups}."
            at = place(0, "ISA", "IEA01")
            faults.append(fault("EDI102", "group-count", text, at, shown(count), str(self.groups)))
        self.isa = None
        return faults

    def missing_trailers(self, before: str) -> list[StructuralFault]:
        """What is still open where `before` (ST, GS, ISA, GE, IEA or the end) comes; it is closed here."""
        missing = []
        if self.st is not None:
            missing.append("SE")
            self.st = None
        if self.gs is not None and before not in ("ST", "GE"):
            missing.append("GE")
            self.gs = None
        if self.isa is not None and before in ("ISA", "end"):
            missing.append("IEA")
            self.isa = None
        if not missing:
            return []
        where = "before the end of the input" if before == "end" else f"before {before}"
        verb = "is" if len(missing) == 1 else "are"
        text = f"{', '.join(missing)} {verb} missing {where}."
        loop = {"SE": "TRAILER", "GE": "GS", "IEA": "ISA"}[missing[0]]
        return [fault("EDI102", "trailer-missing", text, place(0, loop, missing[0]), *missing)]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
