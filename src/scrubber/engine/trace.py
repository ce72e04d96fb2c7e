"""Why a rule fires, is excused, or cannot tell: its conditions asked one by one, with what each of them saw.

The order of asking is that of the compiled rule (`compile.py`), so the outcomes are the same; tests hold the two
together. It is many times slower, and runs only when somebody asks why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from scrubber.checks import known_checks
from scrubber.checks.answers import UNKNOWN, NoEdition, Unknown, graver
from scrubber.engine.evaluate import ABSENT, JOINED, AtHand, Verdict, value_of, verdict_of
from scrubber.engine.groups import grouping_of
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.scopes import COLLECTIONS
from scrubber.engine.values import look_ups_of
from scrubber.engine.wording import shown_as
from scrubber.facts import ClaimFacts, GroupFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.rules.in_words import GROUP_WORDS, condition_text
from scrubber.rules.model import Case, DaysLookUp, FieldRef, FinderLookUp, Group, LookUp, Node, Rule, Span
from scrubber.traces import ItemTrace, LookUpTrace, Step, StepVerdict, Trace, TraceOutcome

HIDDEN = "(hidden)"
CLEAR_SHOWN = 3
"""Of things that are clear, only those are shown that came closest to a finding."""

_RANK: tuple[TraceOutcome, ...] = ("fired", "not_checked", "not_evaluated", "excused", "clear")
"""The outcome of a rule is the first of these that one of its items has, as in the counts of a report."""


def trace_rule(rule: Rule, out: Outcomes, before_layers: Rule | None = None) -> Trace:
    """What a rule says of the claim of `out`, with the steps that led there. Tells the outcomes as well.

    `before_layers` is the rule of which layers have made this one, for some of its days.
    """
    found = [item for one in _each_case_alone(rule) for item in _items(one, out, before_layers or rule)]
    told = [item for item in found if item.outcome != "clear"]
    outcome: TraceOutcome = next((each for each in _RANK if any(item.outcome == each for item in found)), "clear")
    nearest = sorted((item for item in found if item.outcome == "clear"), key=_distance)[:CLEAR_SHOWN]
    shown = told or nearest
    reason = next((item.reason for item in shown if item.outcome == outcome and item.reason), None)
    return Trace(
        rule=rule.id,
        name=rule.name,
        title=rule.title,
        outcome=outcome,
        reason=reason if found else _nothing_to_look_at(rule),
        items=tuple(shown),
        others=len(found) - len(shown),
    )


def _nothing_to_look_at(rule: Rule) -> str:
    kind = rule.scope.kind.value.replace("_", " ")
    if rule.group_by:
        return f"the claim has no {kind} to group"
    return f"the claim has no {kind}" + (
        f" beside another {rule.pair.kind.value.replace('_', ' ')}" if rule.pair else ""
    )


def items_of(facts: ClaimFacts, kind: ScopeKind) -> Sequence[Any]:
    """The items of a kind that a claim has."""
    items: Sequence[Any] = (facts,) if kind is ScopeKind.CLAIM else getattr(facts, COLLECTIONS[kind])
    return items


def _each_case_alone(rule: Rule) -> list[Rule]:
    """A rule whose cases all speak is as many rules as it has cases."""
    return [attrs.evolve(rule, cases=(case,)) for case in rule.cases] if rule.every_case else [rule]


def _items(rule: Rule, out: Outcomes, before_layers: Rule) -> Iterator[ItemTrace]:
    grouping = grouping_of(rule)
    for item in items_of(out.facts, rule.scope.kind) if grouping is None else grouping.of(out.facts, out):
        if rule.pair is None:
            yield _Asking(AtHand.of(rule, out, item), before_layers).item()
            continue
        for partner in items_of(out.facts, rule.pair.kind):
            if partner is not item:
                yield _Asking(AtHand.of(rule, out, item, partner), before_layers).item()


def _distance(item: ItemTrace) -> tuple[float, int]:
    """How far a clear item is from a finding: the share of its conditions that do not hold."""
    asked = (*item.when, *item.cases)
    if not asked:
        return (2.0, 0)
    return (
        sum(step.verdict != "yes" for step in asked) / len(asked),
        sum(step.verdict == "not_asked" for step in asked),
    )


@attrs.define
class _Asking:
    """One rule at one item, asked step by step."""

    at: AtHand
    before_layers: Rule
    when: list[Step] = attrs.field(factory=list)
    cases: list[Step] = attrs.field(factory=list)
    unless: list[Step] = attrs.field(factory=list)

    def item(self) -> ItemTrace:
        outcome, reason = self._outcome()
        item = self.at.item
        return ItemTrace(
            place=_place(self.at),
            outcome=outcome,
            line=item.line,
            diagnosis=item.diagnosis,
            reason=reason.reason if isinstance(reason, UNKNOWN) else reason,
            when=tuple(self.when),
            cases=tuple(self.cases),
            unless=tuple(self.unless),
            look_ups=tuple(
                _look_up_trace(look_up, self.at)
                for look_up in self.at.rule.look_ups
                if look_up.alias in self.at.answers
            ),
        )

    def _outcome(self) -> tuple[TraceOutcome, Unknown | str | None]:
        rule, out = self.at.rule, self.at.out
        if reason := self._outside_window():
            return "clear", reason
        told = self._when()
        if told is False:
            return "clear", None
        takes_all = not (rule.cases[-1].when or rule.cases[-1].unless)
        if takes_all and not isinstance(told, bool):
            return self._left(told)
        case, case_told = self._choose_case()
        if case is None:
            return ("clear", None) if case_told is None else self._left(case_told)
        if not isinstance(told, bool):
            return self._left(told)
        excused = self._unless()
        if excused is True:
            out.excuse(rule)
            return "excused", None
        if excused is not False:
            return self._left(excused)
        out.fire(rule, case, self.at.item, self.at.named())
        return "fired", None

    def _left(self, reason: Unknown) -> tuple[TraceOutcome, Unknown]:
        self.at.out.leave(self.at.rule, reason)
        return "not_checked" if isinstance(reason, NoEdition) else "not_evaluated", reason

    def _outside_window(self) -> str | None:
        rule, day = self.before_layers, self.at.item.as_of
        variant = self.at.rule
        if day is None:
            return None if variant.undated else "what has no date is judged by the rule as it is on other days"
        if rule.effective_from is not None and day < rule.effective_from:
            return f"the rule begins on {rule.effective_from}, and this is of {day}"
        if rule.effective_to is not None and day > rule.effective_to:
            return f"the rule ended on {rule.effective_to}, and this is of {day}"
        begun = variant.effective_from is None or variant.effective_from <= day
        if not (begun and (variant.effective_to is None or day <= variant.effective_to)):
            return f"a layer has made something else of the rule for {day}, or switched it off"
        return None

    def _when(self) -> Verdict:
        """Conditions without look-ups are all asked; those with one only as long as nothing has said no."""
        nodes = self.at.rule.when
        steps: dict[int, Step] = {}
        reason: Unknown | None = None
        no = False
        for index in sorted(range(len(nodes)), key=lambda index: len(look_ups_of(nodes[index]))):
            if no and look_ups_of(nodes[index]):
                steps[index] = _not_asked(nodes[index], self.at)
                continue
            steps[index], verdict = step_of(nodes[index], self.at)
            no = no or verdict is False
            if not isinstance(verdict, bool):
                reason = graver(reason, verdict)
        self.when = [steps[index] for index in range(len(nodes))]
        return False if no else True if reason is None else reason

    def _choose_case(self) -> tuple[int | None, Unknown | None]:
        """The first case that holds; else why one cannot be told, if there is such."""
        cases, told = self.at.rule.cases, None
        if len(cases) == 1 and not cases[0].when and not cases[0].unless:
            return 0, None
        chosen: int | None = None
        for index, case in enumerate(cases):
            if chosen is not None:
                break
            step, verdict = self._case(index, case)
            self.cases.append(step)
            if verdict is True:
                chosen = index
            elif verdict is not False:
                told = graver(told, verdict)
        return chosen, told if chosen is None else None

    def _case(self, index: int, case: Case) -> tuple[Step, Verdict]:
        held, when_steps = _joined("all_of", case.when, self.at)
        steps = list(when_steps)
        if case.unless and held is not False:
            excused, unless_steps = _joined("any_of", case.unless, self.at)
            steps.append(_step("unless any of", excused, steps=tuple(unless_steps)))
            if excused is True:
                held = False
            elif excused is not False:
                held = excused if held is True else graver(held, excused)
        return _step(f"case {index + 1}", held, steps=tuple(steps)), held

    def _unless(self) -> Verdict:
        if not self.at.rule.unless:
            return False
        verdict, self.unless = _joined("any_of", self.at.rule.unless, self.at)
        return verdict


def step_of(node: Node, at: AtHand) -> tuple[Step, Verdict]:
    """A condition or group with what it saw, and what it says."""
    if isinstance(node, Group):
        verdict, steps = _joined(node.kind, node.members, at)
        return _step(GROUP_WORDS[node.kind], verdict, steps=tuple(steps)), verdict
    verdict = verdict_of(node, at)
    return _step(condition_text(node, at.item.as_of), verdict, value=_seen(node.subject, node.operand, at)), verdict


def _joined(kind: str, nodes: Sequence[Node], at: AtHand) -> tuple[Verdict, list[Step]]:
    """Nodes joined as a group joins them; those after the one that settles it are not asked."""
    steps: list[Step] = []

    def asked() -> Iterator[Verdict]:
        for node in nodes:
            step, verdict = step_of(node, at)
            steps.append(step)
            yield verdict

    joined = JOINED[kind](asked())
    steps += [_not_asked(node, at) for node in nodes[len(steps) :]]
    return joined, steps


def _step(text: str, verdict: Verdict, *, value: str | None = None, steps: tuple[Step, ...] = ()) -> Step:
    word: StepVerdict = "unknown" if not isinstance(verdict, bool) else "yes" if verdict else "no"
    reason = None if isinstance(verdict, bool) else verdict.reason
    return Step(text=text, verdict=word, value=value, reason=reason, steps=steps)


def _not_asked(node: Node, at: AtHand) -> Step:
    if isinstance(node, Group):
        return Step(text=GROUP_WORDS[node.kind], verdict="not_asked")
    return Step(text=condition_text(node, at.item.as_of), verdict="not_asked")


def _seen(subject: FieldRef, operand: Any, at: AtHand) -> str | None:
    """What stood in the place of the field, and of the field it was compared with."""
    seen = value_shown(subject, at)
    other = operand_field(operand)
    return seen if other is None else f"{seen or '?'} and {value_shown(other, at) or '?'}"


def value_shown(reference: FieldRef, at: AtHand) -> str | None:
    """The value of a field as far as it may be shown; None where there is none to show."""
    value = value_of(reference, at)
    if isinstance(value, UNKNOWN):
        return None
    if value is ABSENT:
        return "(no row)"
    if value is not None and _is_private(reference, at.rule):
        return HIDDEN
    if reference.type in (FieldType.OBJECT, FieldType.OBJECTS):
        return "(blank)" if value is None else f"{len(value)}" if isinstance(value, tuple) else "(filled)"
    return shown_as(reference, value)


def _is_private(reference: FieldRef, rule: Rule) -> bool:
    """Whether a value may identify the patient: days since birth do as well as the birth date."""
    if reference.field is not None:
        return reference.field.private
    look_up = next(found for found in rule.look_ups if found.alias == reference.alias)
    if isinstance(look_up, FinderLookUp):
        return reference.name in known_checks().finders[look_up.finder].private
    return isinstance(look_up, DaysLookUp) and any(_is_private(end, rule) for end in (look_up.start, look_up.end))


def _look_up_trace(look_up: LookUp, at: AtHand) -> LookUpTrace:
    answer = at.answers[look_up.alias]
    return LookUpTrace(name=look_up.alias, asked=_asked(look_up, at), answer=_answer_shown(look_up.alias, answer, at))


def _asked(look_up: LookUp, at: AtHand) -> str:
    if isinstance(look_up, FinderLookUp):
        return f"{look_up.finder} of {_place_of(at.scopes[look_up.of])}"
    if isinstance(look_up, DaysLookUp):
        return f"days from {_key_shown(look_up.start, at)} to {_key_shown(look_up.end, at)}"
    key = [f"{column} {_key_shown(part, at)}" for column, part in look_up.match.items()]
    return f"the table {look_up.table} for {', '.join(key)} on {_key_shown(look_up.as_of, at)}"


def _key_shown(part: FieldRef | str, at: AtHand) -> str:
    if isinstance(part, str):
        return part
    return value_shown(part, at) or "(not known)"


def _answer_shown(alias: str, answer: Any, at: AtHand) -> str:
    """What a look-up said, in the columns that the rule names."""
    if isinstance(answer, UNKNOWN):
        return answer.reason
    if answer is None:
        return "nothing"
    columns = [reference for reference in _named_by(at.rule) if reference.alias == alias and reference.name != "found"]
    filled = [f"{one.name} {value_shown(one, at)}" for one in columns if value_of(one, at) not in (None, ())]
    return ", ".join(dict.fromkeys(filled)) or "found"


def _named_by(rule: Rule) -> Iterator[FieldRef]:
    """Every field and column that the conditions and messages of a rule name."""
    nodes = [*rule.when, *rule.unless]
    for case in rule.cases:
        nodes += [*case.when, *case.unless]
        for template in (case.message, case.fix, case.question):
            yield from (part for part in template.parts if isinstance(part, FieldRef)) if template else ()
    while nodes:
        node = nodes.pop(0)
        if isinstance(node, Group):
            nodes += node.members
        else:
            yield node.subject
            if (other := operand_field(node.operand)) is not None:
                yield other


def operand_field(operand: Any) -> FieldRef | None:
    """The field that stands behind a word, if there is one."""
    found = operand.of if isinstance(operand, Span) else operand
    return found if isinstance(found, FieldRef) else None


def _place(at: AtHand) -> str:
    if at.rule.pair is None:
        return _place_of(at.item)
    return f"{_place_of(at.item)} with {_place_of(at.scopes[at.rule.pair.alias])}"


def _place_of(item: Any) -> str:
    """Where an item stands, as a biller names it."""
    if isinstance(item, GroupFacts):
        return f"line{'s' if item.count > 1 else ''} {', '.join(map(str, item.positions))}"
    if item.diagnosis is not None:
        return f"diagnosis {item.diagnosis}"
    role = getattr(item, "role_words", None)
    on_line = f"line {item.line}" if item.line is not None else ""
    if role is not None:
        return f"{role} of {on_line or 'the claim'}"
    position = getattr(item, "position", None)
    return on_line or (f"procedure {position}" if position is not None else "claim")
