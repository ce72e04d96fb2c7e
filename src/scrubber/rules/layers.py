"""Layers over rules: which of them are for a claim, and what a rule becomes under their overrides.

All of it is pure: rules and overrides in, rules out. An override with dates splits a rule into variants of one id whose
windows do not meet, so the engine needs to know of layers no more than that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import get_args

import attrs

from scrubber.checks.answers import Blank
from scrubber.claim import PayerKind
from scrubber.errors import UnknownName
from scrubber.findings import Level
from scrubber.rules.model import (
    AppliesTo,
    Case,
    Condition,
    Group,
    Node,
    Override,
    Pack,
    Param,
    ParamUse,
    Rule,
    Span,
    Template,
)

LEVELS: tuple[Level, ...] = get_args(Level)
"""From the lowest to the highest: what a higher one sets wins."""

_KINDS: tuple[PayerKind, ...] = get_args(PayerKind)
_DAY = timedelta(days=1)


@attrs.frozen
class PayerIdentity:
    """What of a claim says which layers are for it."""

    kind: PayerKind | None = None
    id: str | None = None
    jurisdiction: str | None = None


def by_level(packs: Iterable[Pack]) -> list[Pack]:
    """The packs from the lowest level to the highest; within a level as they were named."""
    return sorted(packs, key=lambda pack: LEVELS.index(pack.level))


def fits(applies_to: AppliesTo, payer: PayerIdentity) -> bool | Blank:
    """Whether something is for the claims of a payer; the blank field where that cannot be told."""
    unknown: Blank | None = None
    for field, wanted, value in (
        ("payer.kind", applies_to.payers, payer.kind),
        ("payer.id", applies_to.payer_ids, payer.id),
        ("jurisdiction", applies_to.jurisdictions, payer.jurisdiction),
    ):
        if wanted and value is None:
            unknown = unknown or Blank(field)
        elif value is not None and wanted and folded(value) not in map(folded, wanted):
            return False
    return True if unknown is None else unknown


def chosen(rule: Rule, payer: PayerIdentity, overrides: Iterable[Override]) -> bool | Blank:
    """Whether a rule runs for a payer on some days: it is for such claims, or it is off for them and one of the
    overrides switches it on. `overrides` are those that fit the payer.
    """
    fit = fits(rule.applies_to, payer)
    if fit is not True and rule.applies_to.others_off:
        return any(override.rule == rule.id and override.enabled is True for override in overrides) or fit
    return fit


def folded(name: str) -> str:
    """A payer id or jurisdiction as it is compared: systems differ in whether they send capitals."""
    return name.strip().casefold()


def payer_named(packs: Iterable[Pack], name: str) -> PayerIdentity:
    """The payer that a user means: an id that a pack names, or a kind of payer.

    Raises:
        UnknownName: it is neither.
    """
    packs = tuple(packs)
    wanted = folded(name)
    written = [one for pack in packs for one in pack.applies_to.payer_ids if folded(one) == wanted]
    naming = [pack.applies_to for pack in packs if wanted in map(folded, pack.applies_to.payer_ids)]
    kind = next((one for one in _KINDS if one == name), None)
    if not naming and kind is not None:
        return PayerIdentity(kind=kind)
    if not naming:
        known = {one for pack in packs for one in pack.applies_to.payer_ids}
        raise UnknownName("payer", name, {*known, *_KINDS})
    kinds = {kind for kind in _KINDS if any(kind in applies_to.payers for applies_to in naming)}
    places = {place for applies_to in naming for place in applies_to.jurisdictions}
    return PayerIdentity(
        kind=kinds.pop() if len(kinds) == 1 else None,
        id=written[0],
        jurisdiction=places.pop() if len(places) == 1 else None,
    )


def resolve(rule: Rule, overrides: Sequence[Override], *, on: bool = True) -> tuple[Rule, ...]:
    """What a rule is under overrides of it, the lowest layer first: its variants in the order of their days.

    `on` is whether it runs where no override says so. A variant that is off is left out. Items without a date meet the
    overrides that hold on all days of the rule, because nothing says that the others are about them; where no day is
    like that, in a variant of theirs.
    """
    concerning = [override for override in overrides if meet(rule, override)]
    if not concerning:
        return (rule,) if on else ()
    spans = [(span, [one for one in concerning if _covers(one, span)]) for span in _spans(rule, concerning)]
    always = [one for one in concerning if all(one in active for _, active in spans)]
    undated = next((number for number, (_, active) in enumerate(spans) if active == always), None)
    variants = [
        attrs.evolve(
            _under(rule, active),
            effective_from=span[0],
            effective_to=span[1],
            undated=number == undated and rule.undated,
        )
        for number, (span, active) in enumerate(spans)
        if is_enabled(active, on=on)
    ]
    if undated is None and rule.undated and is_enabled(always, on=on):
        variants.append(attrs.evolve(_under(rule, always), effective_from=date.max, effective_to=date.min))
    return tuple(variants)


def is_enabled(overrides: Iterable[Override], *, on: bool = True) -> bool:
    """Whether a rule runs: the highest layer that says so decides, else `on`."""
    said = [override.enabled for override in overrides if override.enabled is not None]
    return said[-1] if said else on


_Span = tuple[date | None, date | None]


def meet(rule: Rule, override: Override) -> bool:
    """Whether an override is about some of the days of a rule."""
    ends_before = rule.effective_to is not None and rule.effective_to < override.effective_from
    begins_after = (
        override.effective_to is not None
        and rule.effective_from is not None
        and override.effective_to < rule.effective_from
    )
    return not (ends_before or begins_after)


def _spans(rule: Rule, overrides: Iterable[Override]) -> list[_Span]:
    """The days of a rule, cut where an override begins or ends."""
    edges = {override.effective_from for override in overrides}
    edges |= {override.effective_to + _DAY for override in overrides if override.effective_to not in (None, date.max)}
    first, last = rule.effective_from, rule.effective_to
    inside = sorted(edge for edge in edges if (first is None or first < edge) and (last is None or edge <= last))
    starts = [first, *inside]
    ends = [*(edge - _DAY for edge in inside), last]
    return list(zip(starts, ends, strict=True))


def _covers(override: Override, span: _Span) -> bool:
    """Whether an override holds on the days of a span, which no edge of it cuts."""
    first, last = span
    if first is not None:
        begun = override.effective_from <= first
        return begun and (override.effective_to is None or first <= override.effective_to)
    if last is not None:
        return override.effective_from <= last and (override.effective_to is None or last <= override.effective_to)
    return False


def _under(rule: Rule, overrides: Iterable[Override]) -> Rule:
    for override in overrides:
        rule = _with(rule, override)
    return rule


def _with(rule: Rule, override: Override) -> Rule:
    """The rule as one override makes it."""
    cases = tuple(
        _case_with(case, override) if override.case in (None, number) else case
        for number, case in enumerate(rule.cases, start=1)
    )
    rule = attrs.evolve(
        rule, cases=cases, references=rule.references if override.references is None else override.references
    )
    return _with_params(rule, override.params) if override.params else rule


def _case_with(case: Case, override: Override) -> Case:
    note = override.message_note
    message = case.message
    return attrs.evolve(
        case,
        severity=override.severity or case.severity,
        risk=case.risk if override.risk is None else override.risk,
        adjustment=case.adjustment if override.adjustment is None else override.adjustment,
        acknowledgment=override.acknowledgment if "acknowledgment" in override.values else case.acknowledgment,
        message=message if note is None else Template(f"{message.text} {note}", (*message.parts, f" {note}")),
        layers=(*case.layers, override.mark),
    )


def _with_params(rule: Rule, params: Mapping[str, Mapping[ParamUse, Param]]) -> Rule:
    def node(one: Node) -> Node:
        if isinstance(one, Group):
            return attrs.evolve(one, members=nodes(one.members))
        return _condition_with(one, params)

    def nodes(several: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(node(one) for one in several)

    return attrs.evolve(
        rule,
        members=nodes(rule.members),
        when=nodes(rule.when),
        unless=nodes(rule.unless),
        cases=tuple(attrs.evolve(case, when=nodes(case.when), unless=nodes(case.unless)) for case in rule.cases),
    )


def _condition_with(condition: Condition, params: Mapping[str, Mapping[ParamUse, Param]]) -> Condition:
    old = param_behind(condition)
    if old is None or old.name not in params:
        return condition
    new = params[old.name][param_use(condition)]
    first = new.values[0][0]
    # what has dates of its own leaves the days before them as they were
    kept = () if first is None else tuple(pair for pair in old.values if pair[0] is None or pair[0] < first)
    merged = Param(new.name, (*kept, *new.values))
    operand = condition.operand
    return attrs.evolve(condition, operand=attrs.evolve(operand, days=merged) if isinstance(operand, Span) else merged)


def param_behind(condition: Condition) -> Param | None:
    """The param that a condition compares with, if any."""
    operand = condition.operand.days if isinstance(condition.operand, Span) else condition.operand
    return operand if isinstance(operand, Param) else None


def param_use(condition: Condition) -> ParamUse:
    """How a condition uses the param behind it."""
    return condition.word.name, condition.subject.type


def param_uses(rule: Rule) -> dict[str, list[Condition]]:
    """The conditions of a rule that have a param behind them, by its name."""
    found: dict[str, list[Condition]] = {}

    def note(nodes: Iterable[Node]) -> None:
        for node in nodes:
            if isinstance(node, Group):
                note(node.members)
            elif (param := param_behind(node)) is not None:
                found.setdefault(param.name, []).append(node)

    for nodes in (
        rule.members,
        rule.when,
        rule.unless,
        *(nodes for case in rule.cases for nodes in (case.when, case.unless)),
    ):
        note(nodes)
    return found
