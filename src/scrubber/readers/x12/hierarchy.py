"""The hierarchy of a transaction set: HL numbers, parents, levels and child codes."""

from __future__ import annotations

from scrubber.claim import StructuralFault
from scrubber.readers.x12.envelope import element
from scrubber.readers.x12.faults import fault, place, shown
from scrubber.readers.x12.loops import LEVELS, Segment

_PARENT_LEVEL = {"22": "20", "23": "22"}


class Hierarchy:
    """The HL segments of one transaction set so far."""

    def __init__(self) -> None:
        self.count = 0
        self.previous = 0
        self.levels: dict[str, str] = {}
        self.open: dict[str, tuple[str, int, str]] = {}
        """By level: number, segment number and child code of the HL that is open there."""

    def add(self, segment: Segment, number: int) -> list[StructuralFault]:
        """The next HL; `number` is its place in the set."""
        own, parent, level, children = (element(segment, index) for index in (1, 2, 3, 4))
        loop = LEVELS.get(level, "HL")
        self.count += 1
        if own == str(self.count) == str(self.previous + 1) and self._fits(parent, level, children):
            self.previous = self.count
            self.levels[own] = level
            if level != "23":
                self.open[level] = (own, number, children)
            return []
        faults = []
        value = int(own) if own.isascii() and own.isdigit() and len(own) < 12 else -1
        if value not in (self.count, self.previous + 1):
            text = f"HL01 is {shown(own)}, the next hierarchical number is {self.previous + 1}."
            at = place(number, loop, "HL01")
            faults.append(fault("EDI106", "number-out-of-sequence", text, at, shown(own), str(self.previous + 1)))
        self.previous = value if value > 0 else self.count
        if level not in LEVELS:
            text = f"HL03, the kind of level, is {shown(level)}; an 837 has the levels 20, 22 and 23."
            faults.append(fault("EDI106", "level-unknown", text, place(number, loop, "HL03"), shown(level)))
        faults += self._parent(own, parent, level, place(number, loop, "HL02"))
        if (level == "23" and children not in ("0", "")) or (level == "20" and children == "0"):
            text = f"HL04 of HL {shown(own)}, whether levels follow below, is {shown(children)} at level {level}."
            faults.append(fault("EDI106", "child-code-wrong", text, place(number, loop, "HL04"), shown(children)))
        elif level == "23" and self.open.get("22", ("", 0, "1"))[2] == "0":
            before, where, _ = self.open["22"]
            text = f"HL04 of HL {shown(before)} says that no patient level follows, but HL {shown(own)} does."
            faults.append(fault("EDI106", "child-code-wrong", text, place(where, "2000B", "HL04"), "0"))
        self.levels[own] = level
        if level == "23" and "22" in self.open:
            before, where, _ = self.open["22"]
            self.open["22"] = (before, where, "met")
        elif level in ("20", "22"):
            self.open[level] = (own, number, children)
        return faults

    def _fits(self, parent: str, level: str, children: str) -> bool:
        """Whether an HL 20 or 22 is as nearly all are: a known parent of the right level, a child code that may be."""
        if level == "22":
            return self.levels.get(parent) == "20"
        return level == "20" and not parent and children == "1"

    def _parent(self, own: str, parent: str, level: str, at: dict[str, object]) -> list[StructuralFault]:
        expected = _PARENT_LEVEL.get(level)
        if expected is None:
            if level == "20" and parent:
                text = f"HL {shown(own)} is of level 20 and names a parent, HL {shown(parent)}."
                return [fault("EDI106", "parent-wrong", text, at, shown(parent))]
            return []
        found = self.levels.get(parent)
        if found is None:
            names = f"names HL {shown(parent)}, which does not exist before it" if parent else "is blank"
            text = f"HL02 of HL {shown(own)}, the level above it, {names}."
            return [fault("EDI106", "parent-unknown", text, at, shown(own), shown(parent))]
        if found != expected:
            text = f"HL02 of HL {shown(own)} (level {level}) names HL {shown(parent)} of level {shown(found)}."
            return [fault("EDI106", "parent-wrong", text, at, shown(own), shown(parent))]
        return []

    def leave(self) -> list[StructuralFault]:
        """The open subscriber level ends: says so if a patient level was announced and did not come."""
        before = self.open.pop("22", None)
        if before is None or before[2] != "1":
            return []
        text = f"HL04 of HL {shown(before[0])} says that a patient level follows; none does."
        return [fault("EDI106", "child-code-wrong", text, place(before[1], "2000B", "HL04"), "1")]
