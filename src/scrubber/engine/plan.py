"""Which compiled rules a claim must meet: chosen once for each setting and payer that rules or layers tell apart."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import attrs

from scrubber.checks.answers import Blank
from scrubber.claim import PayerKind
from scrubber.engine.engines import CompiledEngine, Engine, Prepared, engine_named
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.possible import Known
from scrubber.errors import UnknownName
from scrubber.facts import ClaimFacts, Memory
from scrubber.findings import LayerOfClaim
from scrubber.rules.layers import PayerIdentity, by_level, chosen, fits, folded, resolve
from scrubber.rules.model import Override, Pack, Rule
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
    undecided: tuple[tuple[Rule, Blank], ...]
    """Rules for certain payers, where the claim does not say which payer it goes to, and the field that is blank."""
    ids: frozenset[str]
    layers: tuple[LayerOfClaim, ...] = ()
    """The layers over the rules for these claims, and those of which it cannot be told."""
    judgements: dict[tuple[object, ...], Any] = attrs.field(factory=dict, init=False, eq=False, repr=False)
    """What the outcomes without a finding came to (see `judge`): a bounded memory, the only thing here that changes."""


_OTHER = "(another)"
"""Stands for every payer id and jurisdiction that no layer names: such claims share their rules."""


_REMEMBERED = 4096
"""Payers whose rules are found without comparing names."""


@attrs.define
class Plan:
    """All rules, compiled. Stateful only in its memos of selections and of what overrides make of rules, one for each
    kind of claim, and in its memory.
    """

    rules: tuple[Prepared, ...]
    tables: TableSet
    layers: tuple[Pack, ...] = ()
    """The packs that lie over others, from the lowest level to the highest."""
    engine: Engine = attrs.field(
        default=attrs.Factory(lambda plan: CompiledEngine(plan.tables), takes_self=True), kw_only=True, repr=False
    )
    memory: Memory = attrs.field(factory=Memory, init=False, repr=False)
    """What checks keep of public codes, for the facts of every claim this plan runs on."""
    _payer_ids: dict[str, str] = attrs.field(init=False, repr=False)
    """One payer id for all those that the same rules and layers name."""
    _jurisdictions: dict[str, str] = attrs.field(init=False, repr=False)
    _selections: dict[tuple[str | None, ...], Selection] = attrs.field(factory=dict, init=False, repr=False)
    _met: dict[tuple[str | None, ...], Selection] = attrs.field(factory=dict, init=False, repr=False)
    """The same by what claims say themselves, for the payers lately met."""
    _resolved: dict[tuple[int, ...], tuple[Prepared, ...]] = attrs.field(factory=dict, init=False, repr=False)
    """Compiled variants, by the number of the rule and those of the overrides."""

    def __attrs_post_init__(self) -> None:
        named = [compiled.rule.applies_to for compiled in self.rules] + [pack.applies_to for pack in self.layers]
        self._payer_ids = _alike(applies_to.payer_ids for applies_to in named)
        self._jurisdictions = _alike(applies_to.jurisdictions for applies_to in named)

    def selection(
        self, setting: str, payer_kind: PayerKind | None, payer_id: str | None = None, jurisdiction: str | None = None
    ) -> Selection:
        """The rules for claims of a setting that go to a payer."""
        asked = (setting, payer_kind, payer_id, jurisdiction)
        known = self._met.get(asked)
        if known is None:
            known = self._selection(*asked)
            if len(self._met) >= _REMEMBERED:
                self._met.clear()
            self._met[asked] = known
        return known

    def _selection(
        self, setting: str, payer_kind: PayerKind | None, payer_id: str | None, jurisdiction: str | None
    ) -> Selection:
        if payer_id is not None:
            payer_id = self._payer_ids.get(folded(payer_id), _OTHER)
        if jurisdiction is not None:
            jurisdiction = self._jurisdictions.get(folded(jurisdiction), _OTHER)
        key = (setting, payer_kind, payer_id, jurisdiction)
        found = self._selections.get(key)
        if found is None:
            found = self._selections[key] = self._select(setting, PayerIdentity(payer_kind, payer_id, jurisdiction))
        return found

    def _select(self, setting: str, payer: PayerIdentity) -> Selection:
        layers = [(pack, fits(pack.applies_to, payer)) for pack in self.layers]
        overrides = [override for pack, fit in layers if fit is True for override in pack.overrides]
        running: list[Prepared] = []
        undecided: list[tuple[Rule, Blank]] = []
        for number, compiled in enumerate(self.rules):
            applies_to = compiled.rule.applies_to
            if applies_to.settings and setting not in applies_to.settings:
                continue
            fit = chosen(compiled.rule, payer, overrides)
            if isinstance(fit, Blank):
                undecided.append((compiled.rule, fit))
            elif fit:
                on = fits(applies_to, payer) is True
                running += self._variants(number, compiled, overrides, on=on)
        known: Known = {"payer.kind": payer.kind}
        if setting in _FORMS:
            known = {**known, "setting": setting, "form": _FORMS[setting], "inpatient": setting == "inpatient"}
        ids = frozenset(compiled.rule.id for compiled in running) | frozenset(rule.id for rule, _ in undecided)
        run = self.engine.runner(running, known)
        return Selection(tuple(running), run, tuple(undecided), ids, tuple(_of_claim(layers)))

    def _variants(
        self, number: int, prepared: Prepared, overrides: list[Override], *, on: bool
    ) -> tuple[Prepared, ...]:
        """What the overrides in force make of a rule, each variant made ready once."""
        of_rule = tuple(override for override in overrides if override.rule == prepared.rule.id)
        if not of_rule:
            return (prepared,)
        key = (number, on, *(id(override) for override in of_rule))
        found = self._resolved.get(key)
        if found is None:
            found = tuple(self.engine.prepared(rule) for rule in resolve(prepared.rule, of_rule, on=on))
            self._resolved[key] = found
        return found

    def run(self, facts: ClaimFacts) -> tuple[Outcomes, Selection]:
        """Run every rule that applies to the claim and can fire on what it names."""
        claim = facts.claim
        selection = self.selection(facts.setting, claim.payer.kind, claim.payer.id, claim.jurisdiction)
        outcomes = Outcomes(facts, self.tables)
        selection.run(facts, outcomes)
        for rule, blank in selection.undecided:
            outcomes.leave(rule, blank)
        return outcomes, selection


def _alike(named: Iterable[frozenset[str]]) -> dict[str, str]:
    """Names that always stand together, each with the first of its kind: a payer may have hundreds of ids, and what is
    made ready for one of them serves them all.
    """
    places: dict[str, list[int]] = {}
    for number, names in enumerate(dict.fromkeys(named)):
        for name in sorted(map(folded, names)):
            places.setdefault(name, []).append(number)
    first: dict[tuple[int, ...], str] = {}
    return {name: first.setdefault(tuple(where), name) for name, where in places.items()}


def _of_claim(layers: Iterable[tuple[Pack, bool | Blank]]) -> Iterator[LayerOfClaim]:
    """The layers that lie over a claim's rules, and those of which that cannot be told."""
    for pack, fit in layers:
        if fit is not False:
            undecided = fit.reason if isinstance(fit, Blank) else None
            yield LayerOfClaim(pack=pack.name, version=pack.version, level=pack.level, undecided=undecided)


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
    packs = tuple(packs)
    chosen_engine = engine_named(engine, tables)
    rules = [rule for pack in packs for rule in pack.rules if rule.status in RUNNING]
    ignored = {id(rule) for rule in rules_named(ignore, rules)}
    chosen = [rule for rule in (rules_named(select, rules) if select else rules) if id(rule) not in ignored]
    layers = tuple(pack for pack in by_level(packs) if pack.level != "national")
    return Plan(tuple(chosen_engine.prepared(rule) for rule in chosen), tables, layers, engine=chosen_engine)


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
