"""Which compiled rules a claim must meet: chosen once by its setting and its payer's kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import attrs

from scrubber.checks.answers import Blank, Unknown
from scrubber.engine.engines import CompiledEngine, Engine, Prepared, engine_named
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.possible import Known
from scrubber.errors import UnknownName
from scrubber.facts import ClaimFacts, Memory
from scrubber.rules.model import Pack, Rule
from scrubber.tables import TableSet

RUNNING = ("preview", "stable")
"""Statuses of rules that run; drafts and retired rules do not."""
_FORMS = {
    "professional": "professional",
    "dental": "dental",
    "inpatient": "institutional",
    "outpatient": "institutional",
}
"""The form of the claims of each setting."""


@attrs.frozen
class Selection:
    """The rules for one kind of claim: those that run, and those that cannot be told to apply."""

    rules: tuple[Prepared, ...]
    run: Callable[[ClaimFacts, Outcomes], None]
    undecided: tuple[Rule, ...]
    """Rules for certain payers, where the claim does not say which kind of payer it goes to."""
    ids: frozenset[str]
    judgements: dict[tuple[tuple[str, str], ...], tuple[tuple[Unknown, ...], Any]] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )
    """What the outcomes without a finding came to (see `judge`): a bounded memory, the only thing here that changes."""


@attrs.define
class Plan:
    """All rules, compiled. Stateful only in its memo of selections, one for each kind of claim, and its memory."""

    rules: tuple[Prepared, ...]
    tables: TableSet
    engine: Engine = attrs.field(
        default=attrs.Factory(lambda plan: CompiledEngine(plan.tables), takes_self=True), kw_only=True, repr=False
    )
    memory: Memory = attrs.field(factory=Memory, init=False, repr=False)
    """What checks keep of public codes, for the facts of every claim this plan runs on."""
    _selections: dict[tuple[str, str | None], Selection] = attrs.field(factory=dict, init=False, repr=False)

    def selection(self, setting: str, payer_kind: str | None) -> Selection:
        """The rules for claims of a setting that go to a kind of payer."""
        key = (setting, payer_kind)
        found = self._selections.get(key)
        if found is None:
            found = self._selections[key] = self._select(setting, payer_kind)
        return found

    def _select(self, setting: str, payer_kind: str | None) -> Selection:
        in_setting = [
            compiled
            for compiled in self.rules
            if not compiled.rule.applies_to.settings or setting in compiled.rule.applies_to.settings
        ]
        running = tuple(
            compiled
            for compiled in in_setting
            if not compiled.rule.applies_to.payers or payer_kind in compiled.rule.applies_to.payers
        )
        undecided: tuple[Rule, ...] = ()
        if payer_kind is None:
            undecided = tuple(compiled.rule for compiled in in_setting if compiled not in running)
        known: Known = {"payer.kind": payer_kind}
        if setting in _FORMS:
            known = {**known, "setting": setting, "form": _FORMS[setting], "inpatient": setting == "inpatient"}
        ids = frozenset(compiled.rule.id for compiled in running) | frozenset(rule.id for rule in undecided)
        run = self.engine.runner(running, known)
        return Selection(running, run, undecided, ids)

    def run(self, facts: ClaimFacts) -> tuple[Outcomes, Selection]:
        """Run every rule that applies to the claim and can fire on what it names."""
        selection = self.selection(facts.setting, facts.claim.payer.kind)
        outcomes = Outcomes(facts, self.tables)
        selection.run(facts, outcomes)
        for rule in selection.undecided:
            outcomes.leave(rule, Blank("payer.kind"))
        return outcomes, selection


def make_plan(
    packs: Iterable[Pack],
    tables: TableSet,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    engine: str = "compiled",
) -> Plan:
    """Make ready the rules of packs; `select` and `ignore` name rule ids, rule names or families.

    Raises:
        UnknownName: a name in `select` or `ignore` is that of no rule, or there is no such engine.
        ScrubberError: the engine is not installed.
    """
    chosen_engine = engine_named(engine, tables)
    rules = [rule for pack in packs for rule in pack.rules if rule.status in RUNNING]
    ignored = {id(rule) for rule in rules_named(ignore, rules)}
    chosen = [rule for rule in (rules_named(select, rules) if select else rules) if id(rule) not in ignored]
    return Plan(tuple(chosen_engine.prepared(rule) for rule in chosen), tables, engine=chosen_engine)


def rules_named(names: Collection[str], rules: Collection[Rule]) -> list[Rule]:
    """The rules that ids, rule names and families name.

    Raises:
        UnknownName: a name is that of no rule.
    """
    known = {name for rule in rules for name in (rule.id, rule.name, rule.family)}
    for given in names:
        if _folded(given, known) is None:
            raise UnknownName("rule or family", given, known)
    meant = {_folded(given, known) for given in names}
    return [rule for rule in rules if meant & {rule.id, rule.name, rule.family}]


def _folded(given: str, known: Collection[str]) -> str | None:
    """The known name that `given` is, whatever its case."""
    return next((name for name in (given, given.upper(), given.lower()) if name in known), None)
