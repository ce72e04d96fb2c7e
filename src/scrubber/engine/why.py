"""Why the rules of a plan say what they say of one claim: which rules to trace, and what the report makes of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import attrs

from scrubber.checks.answers import Blank
from scrubber.claim import Claim
from scrubber.engine.judge import Judgement, judge
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.plan import Plan, rules_named
from scrubber.engine.trace import trace_rule
from scrubber.facts import ClaimFacts
from scrubber.rules.layers import PayerIdentity, fits
from scrubber.rules.model import AppliesTo, Place, Rule
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
    outcomes.tell_all()
    # layers may have made variants of a rule, which stand in the same place
    running: dict[Place, list[Rule]] = {}
    for compiled in selection.rules:
        running.setdefault(compiled.rule.place, []).append(compiled.rule)
    undecided = {rule.place: blank for rule, blank in selection.undecided}
    if chosen is None:
        told = {hit.rule.id for hit in outcomes.hits} | outcomes.excused | {rule for rule, _ in outcomes.left}
        chosen = [rule for rule in rules if rule.id in told and (rule.place in running or rule.place in undecided)]
    traces: list[Trace] = []
    for rule in sorted(chosen, key=lambda rule: rule.id):
        of_variants = [
            _as_reported(trace_rule(variant, Outcomes(outcomes.facts, plan.tables), rule), judgement)
            for variant in running.get(rule.place, ())
        ]
        # of the variants, those speak that find something on the days of this claim
        traces += [trace for trace in of_variants if trace.outcome != "clear"] or of_variants[:1]
        if rule.place not in running:
            traces.append(_not_run(rule, outcomes.facts, undecided.get(rule.place)))
    if names is None:  # an id may stand in several files: of those only the ones that speak were asked for
        return tuple(trace for trace in traces if trace.outcome != "clear")
    in_time = {trace.rule for trace in traces if not _of_other_days(trace)}
    return tuple(trace for trace in traces if trace.rule not in in_time or not _of_other_days(trace))


def _of_other_days(trace: Trace) -> bool:
    """Whether the logic is that of other days than the claim's: a version of the rule that has nothing to say."""
    return trace.outcome == "clear" and bool(trace.items) and all(item.reason for item in trace.items)


def _as_reported(trace: Trace, judgement: Judgement) -> Trace:
    """The trace with what became of its finding: another rule may tell the same fault, or the field was unreadable."""
    if trace.outcome != "fired":
        return trace
    hidden_by = tuple(masked.by for masked in judgement.masked if masked.rule == trace.rule)
    if any(finding.rule == trace.rule for finding in judgement.findings) or hidden_by:
        return attrs.evolve(trace, hidden_by=tuple(dict.fromkeys(hidden_by)))
    reason = next((one.reason for one in judgement.not_evaluated if one.rule == trace.rule), None)
    return trace if reason is None else attrs.evolve(trace, outcome="not_evaluated", reason=reason)


def _not_run(rule: Rule, facts: ClaimFacts, undecided: Blank | None) -> Trace:
    """A rule that is not for such claims, that cannot tell whether it is, or that a layer has switched off."""
    applies_to, payer = rule.applies_to, facts.claim.payer
    identity = PayerIdentity(payer.kind, payer.id, facts.claim.jurisdiction)
    if undecided is not None:
        reason = f"{undecided.reason}, and the rule is for {_listed(_wanted(applies_to)[undecided.field])}"
    elif applies_to.settings and facts.setting not in applies_to.settings:
        reason = f"the claim is {facts.setting}, and the rule is for {_listed(applies_to.settings)}"
    elif fits(applies_to, identity):
        reason = "a layer has switched the rule off for this payer"
    elif applies_to.payers and payer.kind not in applies_to.payers:
        reason = f"the payer is {payer.kind}, and the rule is for {_listed(applies_to.payers)}"
        reason += " unless a layer switches it on" if applies_to.others_off else ""
    else:
        reason = "the rule is for certain payers or jurisdictions, and this is none of them"
    return Trace(
        rule=rule.id,
        name=rule.name,
        title=rule.title,
        outcome="not_for_this_claim" if undecided is None else "not_evaluated",
        reason=reason,
    )


def _wanted(applies_to: AppliesTo) -> dict[str, frozenset[str]]:
    """The values that a rule is for, by the field of the claim."""
    return {
        "payer.kind": applies_to.payers,
        "payer.id": applies_to.payer_ids,
        "jurisdiction": applies_to.jurisdictions,
    }


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(name.replace("_", " ") for name in names))
