"""Why a rule said what it said of a claim, step by step: plain data that every report format can write.

Values of fields that may identify the patient are never in it.
"""

from __future__ import annotations

from typing import Literal

import attrs

TraceOutcome = Literal["fired", "excused", "clear", "not_evaluated", "not_checked", "not_for_this_claim"]
StepVerdict = Literal["yes", "no", "unknown", "not_asked"]


@attrs.frozen(kw_only=True)
class Step:
    """One condition, group or case as the rule has it, and what came of it."""

    text: str
    verdict: StepVerdict
    value: str | None = None
    """What the claim or the table has in its place, None where there is nothing to show."""
    reason: str | None = None
    """Why the verdict is unknown."""
    steps: tuple[Step, ...] = ()
    """The members of a group, or the conditions of a case."""


@attrs.frozen(kw_only=True)
class LookUpTrace:
    """A look-up of the rule: what was asked, and what it said."""

    name: str
    asked: str
    answer: str


@attrs.frozen(kw_only=True)
class ItemTrace:
    """What a rule said of one thing it looked at: a line, a diagnosis, a pair of lines, the claim."""

    place: str
    outcome: TraceOutcome
    line: int | None = None
    diagnosis: int | None = None
    reason: str | None = None
    when: tuple[Step, ...] = ()
    cases: tuple[Step, ...] = ()
    unless: tuple[Step, ...] = ()
    look_ups: tuple[LookUpTrace, ...] = ()


@attrs.frozen(kw_only=True)
class Trace:
    """What one rule said of a claim, and why. The items left out are counted in `others`; all of them are clear."""

    rule: str
    name: str
    title: str
    outcome: TraceOutcome
    reason: str | None = None
    hidden_by: tuple[str, ...] = ()
    """Rules whose findings tell the same fault, so that this rule's finding is not shown."""
    items: tuple[ItemTrace, ...] = ()
    others: int = 0
