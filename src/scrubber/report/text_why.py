"""Why rules fired, were excused or could not tell, as an indented tree under the claim."""

from __future__ import annotations

from collections.abc import Iterable

from scrubber.report.page import Page, count_of
from scrubber.traces import ItemTrace, Step, StepVerdict, Trace, TraceOutcome

OUTCOMES: dict[TraceOutcome, tuple[str, str]] = {
    "fired": ("fired", "bold red"),
    "excused": ("excused", "green"),
    "clear": ("clear", "green"),
    "not_evaluated": ("not evaluated", "yellow"),
    "not_checked": ("not checked", "yellow"),
    "not_for_this_claim": ("not for this claim", "dim"),
}
"""How each outcome reads, and its style."""

MARKS: dict[StepVerdict, tuple[str, str]] = {
    "yes": ("yes", "green"),
    "no": ("no", "red"),
    "unknown": ("?", "yellow"),
    "not_asked": ("-", "dim"),
}
"""What stands before a condition: whether it holds."""

_MARK_WIDTH = 5


def write_why(page: Page, traces: Iterable[Trace]) -> None:
    """All traces of a claim, one rule after the other; what was not checked is told at the end, by its reason."""
    lacking: dict[str, list[str]] = {}
    for number, trace in enumerate(traces):
        if not number:
            page.line(("why:", "bold dim"), indent=2)
        if trace.outcome == "not_checked":
            lacking.setdefault(trace.reason or "", []).append(trace.rule)
        else:
            _write_trace(page, trace)
    for reason, rules in lacking.items():
        words, style = OUTCOMES["not_checked"]
        page.line((f"{', '.join(dict.fromkeys(rules))}  ", "bold"), (words, style), (f": {reason}", ""), indent=4)


def _write_trace(page: Page, trace: Trace) -> None:
    words, style = OUTCOMES[trace.outcome]
    told_below = any(item.reason == trace.reason for item in trace.items)
    reason = f": {trace.reason}" if trace.reason and not told_below else ""
    page.line((f"{trace.rule} ", "bold"), (f"{trace.name}  ", ""), (words, style), (reason, ""), indent=4)
    if trace.hidden_by:
        page.line((f"not shown as a finding: {', '.join(trace.hidden_by)} tells the same fault", "dim"), indent=6)
    for item in trace.items:
        _write_item(page, item)
    if trace.others:
        page.line((f"and {count_of(trace.others, 'more place')}, clear", "dim"), indent=6)


def _write_item(page: Page, item: ItemTrace) -> None:
    words, style = OUTCOMES[item.outcome]
    page.line((f"{item.place}: ", "bold"), (words, style), (f": {item.reason}" if item.reason else "", ""), indent=6)
    for look_up in item.look_ups:
        page.line((f"{look_up.name} = ", "dim"), (look_up.asked, ""), (" -> ", "dim"), (look_up.answer, ""), indent=8)
    _write_steps(page, item.when, 8)
    _write_steps(page, item.cases, 8)
    if item.unless:
        page.line(("unless any of", ""), indent=8)
        _write_steps(page, item.unless, 10)


def _write_steps(page: Page, steps: Iterable[Step], indent: int) -> None:
    for step in steps:
        mark, style = MARKS[step.verdict]
        notes = [step.value, None if step.steps else step.reason]
        shown = "; ".join(note.removeprefix("(").removesuffix(")") for note in notes if note is not None)
        page.line(
            (mark.ljust(_MARK_WIDTH), style), (step.text, ""), (f"  ({shown})" if shown else "", "dim"), indent=indent
        )
        _write_steps(page, step.steps, indent + _MARK_WIDTH)
