"""What a claim must hold to be taken in at all: pointers, counts of diagnoses, revenue codes."""

from __future__ import annotations

from collections import Counter

import attrs

from scrubber.checks.contract import Finder
from scrubber.claim import ServiceLine
from scrubber.facts import ClaimFacts, LineFacts, plain_code
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import TableSet

POINTERS_ON_A_LINE = 4
"""Components of SV107 and SV311; CMS-1500 item 24E takes as many."""

_LINE = frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE})
_CLAIM = frozenset({ScopeKind.CLAIM})


@attrs.frozen
class PointerFault:
    """What is wrong with a line's diagnosis pointers; `says` reads on from "line 1"."""

    says: str


def pointer_fault(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> PointerFault | None:
    """Every fault of the pointers of a professional or dental line, None where there is none.

    A dental line need not point to a diagnosis, a professional one must (837P SV107, 837D SV311).
    """
    if facts.claim.form == "institutional":
        return None
    pointers, count = item.raw.diagnosis_pointers, len(facts.claim.diagnoses)
    if pointers and _in_order(pointers, count):
        return None
    if not pointers:
        return PointerFault("points to no diagnosis") if facts.claim.form == "professional" else None
    faults: list[str] = []
    outside = [str(pointer) for pointer in dict.fromkeys(pointers) if not 0 < pointer <= count]
    if outside:
        listed = {0: "none", 1: "one"}.get(count, str(count))
        faults.append(f"points to {_diagnoses(outside)}, but the claim lists {listed}")
    repeated = [str(pointer) for pointer, times in Counter(pointers).items() if times > 1]
    if repeated:
        faults.append(f"points to {_diagnoses(repeated)} more than once")
    if len(pointers) > POINTERS_ON_A_LINE:
        faults.append(f"has {len(pointers)} pointers where {POINTERS_ON_A_LINE} fit")
    return PointerFault("; it ".join(faults)) if faults else None


def _all_in_order(facts: ClaimFacts) -> bool:
    """Whether every line points to diagnoses as it should."""
    count = len(facts.claim.diagnoses)
    for line in facts.claim.lines:
        pointers = line.diagnosis_pointers
        if not pointers or not _in_order(pointers, count):
            return False
    return True


def _in_order(pointers: tuple[int, ...], count: int) -> bool:
    """Whether all is well, which is quickly told."""
    if len(pointers) == 1:
        return 0 < pointers[0] <= count
    return (
        len(pointers) <= POINTERS_ON_A_LINE
        and min(pointers) > 0
        and max(pointers) <= count
        and len(set(pointers)) == len(pointers)
    )


def _diagnoses(positions: list[str]) -> str:
    *first, last = positions
    return f"diagnoses {', '.join(first)} and {last}" if first else f"diagnosis {last}"


@attrs.frozen
class DiagnosisCounts:
    """How many diagnoses the claim lists, by role; a place without a code does not count. The first one is principal
    where no kind is given. The roles, which few claims are asked, are counted when asked.
    """

    _facts: ClaimFacts = attrs.field(repr=False)
    total: int

    @property
    def principal(self) -> int:
        return self._of_role("principal")

    @property
    def other(self) -> int:
        return self._of_role("other")

    @property
    def external_cause(self) -> int:
        return self._of_role("external_cause")

    @property
    def reason_for_visit(self) -> int:
        return self._of_role("reason_for_visit")

    def _of_role(self, role: str) -> int:
        return sum(diagnosis.role == role for diagnosis in self._facts.diagnoses if diagnosis.code)


def diagnosis_counts(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> DiagnosisCounts:
    """Count the diagnoses by role (837 HI segments)."""
    total = 0
    for diagnosis in facts.claim.diagnoses:
        if diagnosis.code and plain_code(diagnosis.code):
            total += 1
    return DiagnosisCounts(facts, total)


@attrs.frozen
class LineCounts:
    """How many lines the claim has, and whether all of them are ambulance (revenue codes 0540-0549)."""

    lines: tuple[ServiceLine, ...]

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def only_ambulance(self) -> bool:
        """A paper total line (revenue 0001) is no service."""
        revenues = {line.revenue_code for line in self.lines} - {"0001"}
        return bool(revenues) and all(code is not None and code.startswith("054") for code in revenues)


def line_counts(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> LineCounts:
    """Count the lines; what only some claims are asked is worked out when asked."""
    return LineCounts(facts.claim.lines)


FINDERS = (
    Finder(
        "pointer_fault",
        _LINE,
        {"says": FieldType.TEXT},
        "what is wrong with the diagnosis pointers of a professional or dental line",
        pointer_fault,
        silent_on=_all_in_order,
    ),
    Finder(
        "diagnosis_counts",
        _CLAIM,
        dict.fromkeys(("total", "principal", "other", "external_cause", "reason_for_visit"), FieldType.NUMBER),
        "how many diagnoses of each role the claim lists",
        diagnosis_counts,
    ),
    Finder(
        "line_counts",
        _CLAIM,
        {"total": FieldType.NUMBER, "only_ambulance": FieldType.FLAG},
        "how many lines the claim has, and whether all of them are ambulance",
        line_counts,
    ),
)
