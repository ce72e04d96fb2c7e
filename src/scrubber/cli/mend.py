"""The claims of one input with what is pure form mended: bytes in, bytes out, and what was done and what was not.

Nothing is believed before it is tried: a mend stays only if the claim, checked again as it would stand in the new
bytes, has lost the finding and gained none, and if every other claim of the input is what it was.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import attrs

from scrubber.claim import Claim
from scrubber.findings import Change, Finding, Report
from scrubber.mending import safe_fixes, value_at, with_changes
from scrubber.readers import InputFormat, read_claims
from scrubber.readers.editing import Edit, edits_of, with_edits
from scrubber.report.page import some_of

Scrub = Callable[[Claim], Report]

NOT_FOUND = "its place in the input could not be told for sure"
SHARED = "another claim has the same segment, and there it is not mended"
STILL_TOLD = "the finding would stay"
OTHERWISE = "the new input did not read as it should"

_ROUNDS = 20


@attrs.frozen
class Mend:
    """One change of one claim, and the rule that asks for it. `place` is where it stands, in the input's own terms."""

    claim: int
    change: Change
    rule: str
    place: str


@attrs.frozen
class LeftOut:
    """A mend that was not made, and why."""

    mend: Mend
    reason: str


@attrs.frozen
class MendedInput:
    """The new bytes, and how they came about."""

    data: bytes
    done: tuple[Mend, ...] = ()
    left: tuple[LeftOut, ...] = ()
    edits: tuple[tuple[Mend, Edit], ...] = ()


def mended_input(
    data: bytes,
    wanted: Mapping[int, Iterable[tuple[Change, str]]],
    scrub: Scrub,
    *,
    source: str,
    input_format: InputFormat | None = None,
) -> MendedInput:
    """Mend what is `wanted`, by the index of the claim in the input."""
    job = _Job(data, scrub, source, input_format)
    job.plan(wanted)
    for _ in range(_ROUNDS):
        edits = job.edits()
        try:
            new = with_edits(data, edits.values())
        except ValueError:
            break
        if not job.leave_out(job.doubts(new)):
            done = tuple(edits)
            return MendedInput(new, done, tuple(job.left), tuple(edits.items()))
    job.leave_out([(mend, OTHERWISE) for mends in job.kept.values() for mend in mends])
    return MendedInput(data, (), tuple(job.left))


class _Job:
    """Stateful: what is still to be mended, and what was left out."""

    def __init__(self, data: bytes, scrub: Scrub, source: str, input_format: InputFormat | None) -> None:
        self.data = data
        self.scrub = scrub
        self.source = source
        self.input_format = input_format
        self.claims: dict[int, Claim] = {}
        self.kept: dict[int, list[Mend]] = {}
        self.left: list[LeftOut] = []

    def plan(self, wanted: Mapping[int, Iterable[tuple[Change, str]]]) -> None:
        """Choose the mends of each claim by trying them on it."""
        for index, claim in enumerate(self._read(self.data)):
            if index in wanted:
                self.claims[index] = claim
                self.kept[index] = self._tried(index, claim, wanted[index])

    def _tried(self, index: int, claim: Claim, wanted: Iterable[tuple[Change, str]]) -> list[Mend]:
        kept: list[Mend] = []
        queue = list(dict.fromkeys(wanted))
        rules = {rule for _, rule in queue}
        before = _marks(self.scrub(claim).findings)
        current = claim
        for change, rule in queue:  # grows: what a rule tells once only comes up again where it stands next
            if any(mend.change == change for mend in kept):
                continue  # two rules ask for the same
            mend = Mend(index, change, rule, _place(claim, change))
            trial = with_changes(current, [change])
            report = self.scrub(trial)
            coming = [(each, by) for each, by in safe_fixes(report) if by in rules and each.old == change.old]
            worse = _worse(before, report.findings, {(by, each.field) for each, by in coming})
            if trial == current or any(_is_told(finding, change, rule) for finding in report.findings):
                self.left.append(LeftOut(mend, STILL_TOLD))
            elif worse:
                self.left.append(LeftOut(mend, _first(worse)))
            else:
                kept.append(mend)
                current = trial
                queue += [pair for pair in coming if pair not in queue]
        if worse := _worse(before, self.scrub(current).findings, set()):
            self.left += [LeftOut(mend, _first(worse)) for mend in kept]
            return []
        return kept

    def edits(self) -> dict[Mend, Edit]:
        """The edit of every mend that is kept; one without a place is left out."""
        asked = {
            index: (self.claims[index], [mend.change for mend in mends]) for index, mends in self.kept.items() if mends
        }
        found = edits_of(self.data, asked, self.input_format)
        self.leave_out(
            [
                (mend, NOT_FOUND)
                for mends in self.kept.values()
                for mend in mends
                if (mend.claim, mend.change) not in found
            ]
        )
        return {mend: found[mend.claim, mend.change] for mends in self.kept.values() for mend in mends}

    def leave_out(self, doubtful: Sequence[tuple[Mend, str]]) -> bool:
        """Take these mends back; whether there were any."""
        for mend, reason in doubtful:
            if mend in self.kept[mend.claim]:
                self.kept[mend.claim].remove(mend)
                self.left.append(LeftOut(mend, reason))
        return bool(doubtful)

    def doubts(self, new: bytes) -> list[tuple[Mend, str]]:
        """The mends after which a claim is not what it should be, in the new bytes as the reader reads them."""
        found: list[tuple[Mend, str]] = []
        if new == self.data:
            return found
        for index, (old_claim, new_claim) in enumerate(zip_longest(self._read(self.data), self._read(new))):
            own = self.kept.get(index, [])
            if new_claim is None or old_claim is None:
                return [(mend, OTHERWISE) for mends in self.kept.values() for mend in mends]
            if new_claim != with_changes(old_claim, [mend.change for mend in own]):
                found += self._behind(index, old_claim, new_claim)
            elif own:
                worse = _worse(_marks(self.scrub(old_claim).findings), self.scrub(new_claim).findings, set())
                found += [(mend, _first(worse)) for mend in own if worse]
            elif _faults(old_claim) != _faults(new_claim):
                found += self._behind(index, old_claim, new_claim)
        return found

    def _behind(self, index: int, old: Claim, new: Claim) -> list[tuple[Mend, str]]:
        """The mends that changed a claim as they should not have: those of a segment it shares, its own, or all."""
        shared = [
            (mend, SHARED)
            for mends in self.kept.values()
            for mend in mends
            if mend.claim != index
            and value_at(old, mend.change.field) == mend.change.old
            and value_at(new, mend.change.field) == mend.change.new
        ]
        own = [(mend, OTHERWISE) for mend in self.kept.get(index, [])]
        return shared or own or [(mend, OTHERWISE) for mends in self.kept.values() for mend in mends]

    def _read(self, data: bytes) -> Iterator[Claim]:
        return read_claims(io.BytesIO(data), input_format=self.input_format, source=self.source)


def _faults(claim: Claim) -> Any:
    return (claim.origin.faults, claim.origin.problems) if claim.origin else None


def _marks(findings: Iterable[Finding]) -> Counter[tuple[Any, ...]]:
    return Counter((one.rule, one.line, one.diagnosis, one.field, one.severity) for one in findings)


def _worse(before: Counter[tuple[Any, ...]], findings: Iterable[Finding], expected: set[tuple[str, str]]) -> list[str]:
    """The rules with findings that were not there before, but for those that come up to be mended next."""
    after = _marks(one for one in findings if (one.rule, one.field) not in expected)
    return sorted({mark[0] for mark in after - before})


def _first(worse: list[str]) -> str:
    return f"the claim would then show {some_of(worse)}: look at that first"


def _is_told(finding: Finding, change: Change, rule: str) -> bool:
    """Whether this is a finding of the rule about the field."""
    fields = (finding.field, *(each.field for each in finding.fix.changes))
    return finding.rule == rule and change.field in fields


def _place(claim: Claim, change: Change) -> str:
    position = claim.origin.position(change.field) if claim.origin else None
    if position is None or "segment" not in position:
        return change.field
    return f"segment {position['segment']} {position['element']}"
