"""Remembers what rules say of items that look alike, from one claim to the next.

Most of what rules ask of a line hangs on its procedure, its modifiers, its units and its day; a file of claims repeats
them endlessly. Which rules have anything to say of such a line is worked out when it is first met, and looked up from
then on: by all lines of the claim together, else line by line; diagnoses and providers one by one. A rule
that may fire is never remembered as fired: it is entered again for the claim at hand, so that its message, its place
and everything private come from there.

What is kept: codes, units and spans of days (`alike`), and rules. Every memory is bounded, belongs to the rules for one
kind of claim, and is emptied when it is full.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from operator import attrgetter
from typing import Any

import attrs

from scrubber.checks import known_checks
from scrubber.checks.answers import UNKNOWN, NoEdition, no_edition
from scrubber.checks.contract import Follows
from scrubber.claim import Claim, ServiceLine
from scrubber.engine import alike
from scrubber.engine import syntax as py
from scrubber.engine.alike import REFERENCE, Sight, Spans
from scrubber.engine.asking import AskFunction, ask_function, possibility
from scrubber.engine.compile import CompiledRule, ItemFunction, compile_rule
from scrubber.engine.index import DEMANDED_OF, Demand, Dispatch, indexed_demand
from scrubber.engine.outcomes import UNASKED, Outcomes, UntoldOnDay
from scrubber.engine.possible import Known, is_always, is_never
from scrubber.facts import PROVIDER_ROLES, REASONS_TO_COME, ClaimFacts
from scrubber.fields import ScopeKind
from scrubber.rules.model import Rule
from scrubber.tables import Edition, TableSet

SETTINGS = ("professional", "dental")
"""Claims without a type of bill, whose dates are those of their lines."""

MOST_ITEMS, MOST_CLAIMS, MOST_DAYS = 8192, 4096, 512
"""What is remembered at most for the rules of one kind of claim: items of a kind, sets of lines, days of what a missing
table leaves untold.
"""

RunFunction = Callable[[ClaimFacts, Outcomes], None]
Key = tuple[Any, ...]
NoVerdict = tuple[str, str, Edition | None]
"""A rule, the table that it lacks on the day, and the edition of the day that lacks a part."""


@attrs.frozen(eq=False)
class Untold:
    """Rules that a missing table leaves without a verdict, and what they say on each day."""

    rules: tuple[NoVerdict, ...]
    by_day: dict[date, UntoldOnDay] = attrs.field(factory=dict, init=False, repr=False)

    def on(self, day: date) -> UntoldOnDay:
        """What to note for a claim of that day."""
        known = self.by_day.get(day)
        if known is None:
            reasons = [(rule, no_edition(table, day, lacking)) for rule, table, lacking in self.rules]
            known = UntoldOnDay({(rule, why.reason): why for rule, why in reasons})
            _keep(self.by_day, day, known, MOST_DAYS)
        return known


@attrs.frozen(eq=False)
class Said:
    """What rules have to say of items that look alike: those to enter, and what is settled without entering them."""

    calls: tuple[tuple[int, ItemFunction], ...] = ()
    """Rules to enter, with the place of their item."""
    excused: tuple[str, ...] = ()
    untold: Untold | None = None


NOTHING = Said()


@attrs.frozen
class Trial:
    """A function that runs a rule on an item without telling the claim's outcomes, and what its silence means."""

    judge: ItemFunction
    leaves: bool
    """Whether the rule comes to no verdict where the trial does not; else it is entered."""
    bases: tuple[Follows, ...] = ()
    """It counts where these have nothing that the rule follows up, or where they lack a table."""

    def counts(self, item: Any, out: Outcomes) -> bool:
        for base in self.bases:
            known = item.found.get(base.finder, UNASKED)
            answer = out.find(known_checks().finders[base.finder], item) if known is UNASKED else known
            if answer is None or isinstance(answer, NoEdition):
                continue
            if isinstance(answer, UNKNOWN):
                return False
            value = getattr(answer, base.column)
            if bool(value) if base.values is None else value in base.values:
                return False
        return True


def _trial(compiled: CompiledRule, sight: Sight, tables: TableSet) -> Trial | None:
    """The trial of a rule: itself, where all it says is the same for items that look alike; else its first conditions,
    which rule it out, or leave it without a verdict, whatever its cases say. None where they are not the same either.
    """
    rule = compiled.rule
    if sight.settles(rule):
        return Trial(compiled.judge, leaves=True)
    after = attrs.evolve(sight, after=True)
    bases = alike.bases_of(rule)
    if after.settles(rule):
        return Trial(compiled.judge, leaves=True, bases=bases)
    if not rule.when or not after.settles(attrs.evolve(rule, unless=(), cases=())):
        return None
    last = rule.cases[-1]
    takes_all = not (last.when or last.unless) and not rule.every_case
    only_when = attrs.evolve(rule, unless=(), cases=(attrs.evolve(last, when=(), unless=()),), every_case=False)
    return Trial(compile_rule(only_when, tables).judge, leaves=takes_all, bases=bases)


@attrs.define
class _Rules:
    """Rules about one kind of item, or about lines."""

    rules: Sequence[CompiledRule]
    sight: Sight
    known: Known
    tables: TableSet
    ask: AskFunction = attrs.field(init=False)
    by_code: tuple[tuple[ScopeKind, str, Dispatch[CompiledRule]], ...] = attrs.field(init=False)
    trials: dict[int, Trial] = attrs.field(init=False)
    """What tells how a rule ends on all items that look alike, by the identity of the rule."""

    def __attrs_post_init__(self) -> None:
        always = [compiled for compiled in self.rules if indexed_demand(compiled.rule) is None]
        self.ask = ask_function(always, self.sight, self.known, self.tables)
        demands: dict[tuple[ScopeKind, str], list[tuple[Demand, CompiledRule]]] = {}
        for compiled in self.rules:
            if (demand := indexed_demand(compiled.rule)) is not None:
                demands.setdefault((compiled.rule.scope.kind, demand.kind), []).append((demand, compiled))
        self.by_code = tuple((kind, of, Dispatch(listed)) for (kind, of), listed in demands.items())
        tried = [(compiled, _trial(compiled, self.sight, self.tables)) for compiled in self.rules]
        self.trials = {id(compiled): trial for compiled, trial in tried if trial is not None}

    def met(self, facts: ClaimFacts, item: Any, out: Outcomes) -> list[CompiledRule]:
        """The rules that may have something to say of an item."""
        found: list[CompiledRule] = []
        self.ask(facts, item, out, found.append)
        for kind, demanded, dispatch in self.by_code:
            if kind is not ScopeKind.PROCEDURE_LINE or item.procedure:
                named = DEMANDED_OF[demanded](item)
                for value in named if demanded == "modifier" else (named,):
                    found += [compiled for compiled in dispatch[value] if not any(compiled is one for one in found)]
        return found

    def directly(self, facts: ClaimFacts, items: Iterable[Any], out: Outcomes) -> None:
        """Judge items by all rules, without remembering anything."""
        for item in items:
            for compiled in self.met(facts, item, out):
                compiled.judge(facts, item, out)


@attrs.define
class _Learned:
    """What rules turn out to say while a claim is looked at that is like none before."""

    calls: list[tuple[int, ItemFunction]] = attrs.field(factory=list)
    excused: set[str] = attrs.field(factory=set)
    untold: dict[NoVerdict, None] = attrs.field(factory=dict)

    def add(self, rules: _Rules, facts: ClaimFacts, item: Any, place: int, day: date, out: Outcomes) -> None:
        for compiled in rules.met(facts, item, out):
            trial = rules.trials.get(id(compiled))
            untold = None if trial is None else self._tried(trial, facts, item, day, out)
            if untold is None:
                self.calls.append((place, compiled.judge))
            else:
                self.untold |= dict.fromkeys(untold)

    def _tried(self, trial: Trial, facts: ClaimFacts, item: Any, day: date, out: Outcomes) -> list[NoVerdict] | None:
        """What a rule leaves untold of all items like this one; None where it must be entered for each."""
        if not trial.counts(item, out):
            return None
        found = Outcomes(facts, out.tables)
        trial.judge(facts, item, found)
        untold: list[NoVerdict] = []
        for (rule, _), why in found.left.items():
            if not trial.leaves or not isinstance(why, NoEdition) or why.day != day:
                return None
            untold.append((rule, why.table, why.lacking))
        if found.hits:
            return None
        self.excused |= found.excused
        return untold

    def join(self, said: Said, place: int) -> None:
        self.calls += [(place, judge) for _, judge in said.calls]
        self.excused.update(said.excused)
        self.untold |= dict.fromkeys(said.untold.rules if said.untold is not None else ())


@attrs.define
class Recollection:
    """The rules for one kind of claim that are remembered, and what is remembered. Stateful only in its memories, which
    threads may share: what is lost in a race is worked out again.
    """

    of_day: _Rules
    """Rules about nothing but the dates of lines."""
    of_line: _Rules
    of_lines: _Rules
    """Rules that look at all lines of the claim together."""
    of_diagnosis: _Rules
    of_provider: _Rules
    spans: Spans
    line_keys: Callable[[Claim], list[Key]]
    context: Callable[[ClaimFacts, int], Key]
    numbers: Iterator[int] = attrs.field(factory=count, init=False, repr=False)
    by_day: dict[Key, Said] = attrs.field(factory=dict, init=False, repr=False)
    contexts: dict[Key, int] = attrs.field(factory=dict, init=False, repr=False)
    """Numbers for what claims say as a whole."""
    by_lines: dict[Key, Said] = attrs.field(factory=dict, init=False, repr=False)
    """By all lines of the claim."""
    by_line: dict[Key, Said] = attrs.field(factory=dict, init=False, repr=False)
    by_diagnosis: dict[Key, Said] = attrs.field(factory=dict, init=False, repr=False)
    by_providers: dict[Key, Said] = attrs.field(factory=dict, init=False, repr=False)
    """By all providers of the claim."""
    by_provider: dict[Key, Said] = attrs.field(factory=dict, init=False, repr=False)
    untold: dict[tuple[NoVerdict, ...], Untold] = attrs.field(factory=dict, init=False, repr=False)

    def run(self, facts: ClaimFacts, out: Outcomes) -> None:
        """Judge a claim by the rules that are remembered."""
        claim = facts.claim
        day, of_claim = _only_day(claim)
        if day is None:
            self._directly(facts, out)
            return
        facts.are_of_one_day(day)
        context = self._number(self.context(facts, self.spans[day]))
        said = self.by_day.get((day, facts.today or claim.receipt_date, claim.payer.id))
        if said is None:
            said = self._learn_day(facts, day, out)
        if said is not NOTHING:
            for line in facts.lines if said.calls else ():
                for _, judge in said.calls:
                    judge(facts, line, out)
            _settle(said, day, out)
        keys = (context, *self.line_keys(claim))
        said = self.by_lines.get(keys)
        if said is None:
            said = self._learn_lines(keys, facts, day, out)
        if said is not NOTHING:
            for place, judge in said.calls:
                judge(facts, facts.lines[place], out)
            _settle(said, day, out)
        if self.of_diagnosis.rules:
            self._diagnoses(context, facts, day, out)
        if self.of_provider.rules:
            if of_claim:
                self._providers(context, facts, day, out)
            else:
                self.of_provider.directly(facts, facts.providers, out)

    def _directly(self, facts: ClaimFacts, out: Outcomes) -> None:
        self.of_day.directly(facts, facts.lines, out)
        self.of_line.directly(facts, facts.lines, out)
        self.of_lines.directly(facts, facts.lines, out)
        self.of_diagnosis.directly(facts, facts.diagnoses, out)
        self.of_provider.directly(facts, facts.providers, out)

    def _number(self, context: Key) -> int:
        number = self.contexts.get(context)
        if number is None:
            if len(self.contexts) >= MOST_ITEMS:
                self._forget()
            number = self.contexts[context] = next(self.numbers)
        return number

    def _forget(self) -> None:
        """Begin anew. Numbers are not given twice, so what a thread is about to keep is never found by another key."""
        for memory in (
            self.contexts,
            self.by_lines,
            self.by_line,
            self.by_diagnosis,
            self.by_providers,
            self.by_provider,
        ):
            memory.clear()

    def _learn_day(self, facts: ClaimFacts, day: date, out: Outcomes) -> Said:
        learned = _Learned()
        learned.add(self.of_day, facts, facts.lines[0], 0, day, out)
        said = self._said(learned)
        _keep(self.by_day, (day, facts.reference_date, facts.claim.payer.id), said, MOST_ITEMS)
        return said

    def _learn_lines(self, keys: Key, facts: ClaimFacts, day: date, out: Outcomes) -> Said:
        learned = _Learned()
        context, *of_lines = keys
        for place, of_line in enumerate(of_lines):
            key = (context, of_line)
            said = self.by_line.get(key)
            if said is None:
                said = self._learn(self.by_line, key, self.of_line, facts, facts.lines[place], day, out)
            learned.join(said, place)
            learned.add(self.of_lines, facts, facts.lines[place], place, day, out)
        said = self._said(learned)
        _keep(self.by_lines, keys, said, MOST_CLAIMS)
        return said

    def _diagnoses(self, context: int, facts: ClaimFacts, day: date, out: Outcomes) -> None:
        claim = facts.claim
        principal, leading = _principal(claim), {0}
        if claim.form == "professional":
            leading.update([line.diagnosis_pointers[0] - 1 for line in claim.lines if line.diagnosis_pointers])
        known = self.by_diagnosis
        for place, raw in enumerate(claim.diagnoses):
            key = (context, raw.code, raw.kind, place == principal, place in leading)
            said = known.get(key)
            if said is None:
                said = self._learn(known, key, self.of_diagnosis, facts, facts.diagnoses[place], day, out)
            if said is not NOTHING:
                for _, judge in said.calls:
                    judge(facts, facts.diagnoses[place], out)
                _settle(said, day, out)

    def _providers(self, context: int, facts: ClaimFacts, day: date, out: Outcomes) -> None:
        """Those of the claim; of its lines none names one."""
        key = (context, *_in_roles(facts.claim))
        said = self.by_providers.get(key)
        if said is None:
            learned = _Learned()
            for place, provider in enumerate(facts.providers):
                alone = (context, provider.role, provider.raw.npi, provider.raw.taxonomy, provider.raw.entity)
                known = self.by_provider.get(alone)
                if known is None:
                    known = self._learn(self.by_provider, alone, self.of_provider, facts, provider, day, out)
                learned.join(known, place)
            said = self._said(learned)
            _keep(self.by_providers, key, said, MOST_CLAIMS)
        if said is not NOTHING:
            for place, judge in said.calls:
                judge(facts, facts.providers[place], out)
            _settle(said, day, out)

    def _learn(
        self, memory: dict[Key, Said], key: Key, rules: _Rules, facts: ClaimFacts, item: Any, day: date, out: Outcomes
    ) -> Said:
        learned = _Learned()
        learned.add(rules, facts, item, 0, day, out)
        said = self._said(learned)
        _keep(memory, key, said, MOST_ITEMS)
        return said

    def _said(self, learned: _Learned) -> Said:
        """Most is nothing at all; what is untold is told by few tables, and shared."""
        if not (learned.calls or learned.excused or learned.untold):
            return NOTHING
        rules = tuple(sorted(learned.untold, key=lambda untold: untold[:2]))
        untold = self.untold.get(rules) if rules else None
        if rules and untold is None:
            untold = Untold(rules)
            _keep(self.untold, rules, untold, MOST_ITEMS)
        return Said(tuple(learned.calls), tuple(sorted(learned.excused)), untold)


def _keep(memory: dict[Any, Any], key: Any, value: Any, most: int) -> None:
    if len(memory) >= most:
        memory.clear()
    memory[key] = value


def _settle(said: Said, day: date, out: Outcomes) -> None:
    """Note what needs no rule to be entered."""
    if said.excused:
        out.excused.update(said.excused)
    if said.untold is not None:
        untold = said.untold.on(day)
        if untold not in out.untold:
            out.untold.append(untold)


def _only_day(claim: Claim) -> tuple[date | None, bool]:
    """The day of all lines, if they have one and the same and name no rendering provider of their own; and whether they
    name no other provider either.
    """
    lines = claim.lines
    day = lines[0].service_date if lines else None
    of_claim = True
    for line in lines:
        if line.service_date != day or line.rendering_provider is not None:
            return None, False
        if line.service_date_end is not None and line.service_date_end != day:
            return None, False
        if _others_of_line(line) != _NO_OTHERS:
            of_claim = False
    return day, of_claim


_OTHER_ROLES = [
    role for role in PROVIDER_ROLES if role in attrs.fields_dict(ServiceLine) and role != "rendering_provider"
]
_others_of_line = attrgetter(*_OTHER_ROLES)
_NO_OTHERS = (None,) * len(_OTHER_ROLES)
_named = attrgetter(*PROVIDER_ROLES)


def _in_roles(claim: Claim) -> Key:
    """The numbers of the providers of a claim, by their roles."""
    return tuple([provider and (provider.npi, provider.taxonomy, provider.entity) for provider in _named(claim)])


def _principal(claim: Claim) -> int:
    """The place of the principal diagnosis, as `ClaimFacts.principal` has it; -1 for none."""
    first = -1
    for place, diagnosis in enumerate(claim.diagnoses):
        if diagnosis.kind == "principal":
            return place
        if first < 0 and diagnosis.kind not in REASONS_TO_COME:
            first = place
    return first


def recollection_of(
    rules: Sequence[CompiledRule], known: Known, tables: TableSet
) -> tuple[Recollection | None, list[CompiledRule]]:
    """What is remembered of the rules for a kind of claim, and the rules that are asked on every claim."""
    if known.get("setting") not in SETTINGS:
        return None, list(rules)
    sorted_out: dict[str, list[CompiledRule]] = {
        "day": [],
        "line": [],
        "lines": [],
        "diagnosis": [],
        "provider": [],
        "": [],
    }
    sights = {name: Sight(known) for name in ("line", "diagnosis", "provider")}
    sights |= {"lines": Sight(known, together=True), "day": Sight(known, exactly=True)}
    for compiled in rules:
        sorted_out[_memory_for(compiled.rule, sights, tables)].append(compiled)
    rest = sorted_out.pop("")
    kept = [compiled.rule for listed in sorted_out.values() for compiled in listed]
    if not kept:
        return None, rest
    fields = alike.public_fields(kept)
    of = {name: _Rules(listed, sights[name], known, tables) for name, listed in sorted_out.items()}
    spans = Spans(alike.turning_days(kept, tables))
    recollection = Recollection(
        of_day=of["day"],
        of_line=of["line"],
        of_lines=of["lines"],
        of_diagnosis=of["diagnosis"],
        of_provider=of["provider"],
        spans=spans,
        line_keys=_line_keys(fields),
        context=_context(fields, spans),
    )
    return recollection, rest


def _memory_for(rule: Rule, sights: Mapping[str, Sight], tables: TableSet) -> str:
    """The memory for a rule: "" for one that is asked on every claim.

    Those rules are remembered whose outcome is the same for items that look alike, and those that public fields rule
    out for nearly every item: which demand a code, or something of a look-up.
    """
    of_lines = rule.scope.kind in alike.LINES
    if rule.scope.kind not in alike.KINDS or (
        rule.pair is not None and not (of_lines and rule.pair.kind in alike.LINES)
    ):
        return ""
    # not of lines with a procedure, for which lines have one is nothing that a day tells
    by_day = rule.scope.kind is ScopeKind.LINE and rule.pair is None and bool(rule.when)
    if by_day and sights["day"].settles(attrs.evolve(rule, unless=(), cases=())):
        return "day"
    name = "lines" if of_lines and alike.needs_all_lines(rule) else "line" if of_lines else rule.scope.kind.value
    sight = sights[name]
    if sight.settles(rule) or indexed_demand(rule) is not None:
        return name
    possible = possibility(rule, sight, sight.known, tables)
    if is_never(possible):
        return name
    return name if not is_always(possible) and alike.narrows(sight, rule) else ""


def _line_keys(fields: Collection[tuple[ScopeKind, str]]) -> Callable[[Claim], list[Key]]:
    """A generated function that says in what the lines of a claim may be alike with those of others."""
    named = [name for name in alike.PUBLIC[ScopeKind.LINE] if any((kind, name) in fields for kind in alike.LINES)]
    parts: list[ast.expr] = []
    for name in named:
        read = py.attribute(py.name("raw"), name)
        if name == "place_of_service":
            read = py.either(read, py.attribute(py.name("claim"), name))
        parts.append(read)
    key = py.sequence(parts)
    over = ast.comprehension(ast.Name("raw", ast.Store()), py.attribute(py.name("claim"), "lines"), [], 0)
    module = py.function("line_keys", ("claim",), [py.give(ast.ListComp(key, [over]))])
    names: dict[str, Any] = {}
    exec(compile(module, "<line keys>", "exec"), names)
    keys: Callable[[Claim], list[Key]] = names["line_keys"]
    return keys


def _context(fields: Collection[tuple[ScopeKind, str]], spans: Spans) -> Callable[[ClaimFacts, int], Key]:
    """What of the claim as a whole rules about its items may be told by, with the span of its day."""
    by_taxonomy = (ScopeKind.CLAIM, "billing_provider.taxonomy") in fields
    by_reference = (ScopeKind.CLAIM, REFERENCE) in fields

    def context(facts: ClaimFacts, span: int) -> Key:
        claim = facts.claim
        rendering = claim.rendering_provider
        return (
            span,
            bool(claim.billing_provider.npi or (rendering is not None and rendering.npi)),
            claim.billing_provider.taxonomy if by_taxonomy else None,
            spans[facts.today or claim.receipt_date] if by_reference else None,
        )

    return context
