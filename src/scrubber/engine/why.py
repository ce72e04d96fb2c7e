"""Why the rules of a plan say what they say of one claim: which rules to trace, and what the report makes of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import attrs

from scrubber.claim import Claim
from scrubber.engine.judge import Judgement, judge
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.plan import Plan, rules_named
from scrubber.engine.trace import trace_rule
from scrubber.facts import ClaimFacts
from scrubber.rules.model import Rule
from scrubber.traces import Trace


def why(plan: Plan, claim: Claim, today: date | None, names: Collection[str] | None) -> tuple[Trace, ...]:
    """Traces of the rules named, else of all that are anything but clear, in the order of their ids.

    Raises:
        UnknownName: a name is that of no rule of the plan.
    """
    rules = [compiled.rule for compiled in plan.rules]
    chosen = None if names is None else rules_named(names, rules)
    if claim.origin is not None and not claim.origin.readable:
        return ()
    outcomes, selection = plan.run(ClaimFacts(claim, today, plan.memory))
    judgement = judge(outcomes, selection)
    running = {id(compiled.rule) for compiled in selection.rules}
    undecided = {id(rule) for rule in selection.undecided}
    if chosen is None:
        told = {hit.rule.id for hit in outcomes.hits} | outcomes.excused | {rule for rule, _ in outcomes.left}
        chosen = [rule for rule in rules if rule.id in told and id(rule) in running | undecided]
    traces: list[Trace] = []
    for rule in sorted(chosen, key=lambda rule: rule.id):
        if id(rule) in running:
            own = Outcomes(outcomes.facts, plan.tables)
            traces.append(_as_reported(trace_rule(rule, own), judgement))
        else:
            traces.append(_not_run(rule, outcomes.facts, undecided=id(rule) in undecided))
    # an id may stand in several files: of those only the ones that speak were asked for
    return tuple(trace for trace in traces if names is not None or trace.outcome != "clear")


def _as_reported(trace: Trace, judgement: Judgement) -> Trace:
    """The trace with what became of its finding: another rule may tell the same fault, or the field was unreadable."""
    if trace.outcome != "fired":
        return trace
    hidden_by = tuple(masked.by for masked in judgement.masked if masked.rule == trace.rule)
    if any(finding.rule == trace.rule for finding in judgement.findings) or hidden_by:
        return attrs.evolve(trace, hidden_by=tuple(dict.fromkeys(hidden_by)))
    reason = next((one.reason for one in judgement.not_evaluated if one.rule == trace.rule), None)
    return trace if reason is None else attrs.evolve(trace, outcome="not_evaluated", reason=reason)


def _not_run(rule: Rule, facts: ClaimFacts, *, undecided: bool) -> Trace:
    """A rule that is not for claims of this setting or payer, or that cannot tell whether it is."""
    settings, payers = rule.applies_to.settings, rule.applies_to.payers
    if undecided:
        reason = f"payer.kind is blank, and the rule is for {_listed(payers)}"
    elif settings and facts.setting not in settings:
        reason = f"the claim is {facts.setting}, and the rule is for {_listed(settings)}"
    else:
        reason = f"the payer is {facts.claim.payer.kind}, and the rule is for {_listed(payers)}"
    return Trace(
        rule=rule.id,
        name=rule.name,
        title=rule.title,
        outcome="not_evaluated" if undecided else "not_for_this_claim",
        reason=reason,
    )


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(name.replace("_", " ") for name in names))
