"""What a rule file says, as frozen data. The loader makes these; the engine compiles them; nothing here runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import attrs

from scrubber.checks import known_checks
from scrubber.fields import Field, FieldType, ScopeKind
from scrubber.findings import (
    SEVERITIES,
    Acknowledgment,
    Disposition,
    LayerMark,
    Level,
    Owner,
    Reference,
    Safety,
    Severity,
)
from scrubber.rules.words import Word

Status = Literal["draft", "preview", "stable", "retired"]


@attrs.frozen
class Place:
    """A position in a rule file, 1-based."""

    path: Path
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@attrs.frozen
class FieldRef:
    """`alias.name`: a field of a scope, of a row of a table or of a finder's answer (then `field` is None)."""

    alias: str
    name: str
    type: FieldType
    field: Field | None = None

    def __str__(self) -> str:
        return f"{self.alias}.{self.name}"


@attrs.frozen
class Template:
    """A sentence with placeholders: literal text and fields in turn."""

    text: str
    parts: tuple[str | FieldRef, ...]


@attrs.frozen
class Param:
    """A constant of a rule, dated: each value holds from its day until the next one (None: always)."""

    name: str
    values: tuple[tuple[date | None, Any], ...]

    def on(self, day: date | None) -> Any:
        """The value in force on a day; None before the first."""
        value: Any = None
        for start, candidate in self.values:
            if start is None or (day is not None and start <= day):
                value = candidate
        return value


ParamUse = tuple[str, FieldType]
"""How a condition uses a param: behind which word, for a field of which type."""


@attrs.frozen
class Span:
    """`{days: 3, of: $claim.admission_date}`: so many days, counted from or to a date."""

    days: int | Param
    of: FieldRef


@attrs.frozen
class Condition:
    """`subject: {word: operand}`. The operand is a constant of the field's type, a FieldRef, a Param or a Span."""

    subject: FieldRef
    word: Word
    operand: Any
    place: Place


@attrs.frozen
class Group:
    """`all_of`, `any_of` or `none_of` over conditions and groups."""

    kind: Literal["all_of", "any_of", "none_of"]
    members: tuple[Condition | Group, ...]
    place: Place


Node = Condition | Group


@attrs.frozen
class TableLookUp:
    """A row of a dated table: `match` gives the value of each key column, `as_of` the date."""

    alias: str
    table: str
    match: Mapping[str, FieldRef | str]
    as_of: FieldRef


@attrs.frozen
class FinderLookUp:
    """The answer of a named finder about one item of the claim."""

    alias: str
    finder: str
    of: str


@attrs.frozen
class DaysLookUp:
    """The days from one date to another: its only field is `days`, negative where `end` is the earlier one."""

    alias: str
    start: FieldRef
    end: FieldRef


LookUp = TableLookUp | FinderLookUp | DaysLookUp


@attrs.frozen
class Scope:
    """What the rule looks at one by one, and the name it gives it."""

    kind: ScopeKind
    alias: str


@attrs.frozen(kw_only=True)
class Adjustment:
    """What a payer is expected to answer: claim adjustment group, reason codes, remark codes."""

    group: str | None = None
    carc: tuple[str, ...] = ()
    rarc: tuple[str, ...] = ()


@attrs.frozen
class Rewrite:
    """A field that a fix writes with its letters and digits only, in capitals, where it then passes the test."""

    field: FieldRef
    test: Callable[[Any], bool]


@attrs.frozen(kw_only=True)
class Case:
    """One way in which a rule fires. Cases are tried in order; the first whose conditions hold speaks, or each of them
    where the rule says `every_case`.
    """

    when: tuple[Node, ...] = ()
    unless: tuple[Node, ...] = ()
    severity: Severity
    risk: float
    disposition: Disposition
    owner: Owner
    message: Template
    fix_safety: Safety
    fix: Template
    rewrites: tuple[Rewrite, ...] = ()
    """What the fix does, where it is `safe`; where none of them helps, the finding's fix is only to be shown."""
    question: Template | None = None
    adjustment: Adjustment
    acknowledgment: Acknowledgment | None = None
    field: FieldRef | None
    codes: tuple[FieldRef, ...]
    hides: Mapping[str, tuple[str, ...]]
    """What a finding of this case hides, by what must be the same ("diagnosis", "line", "pair", "field", "claim"): rule
    ids or families; "-DX124" leaves one rule of a family out."""
    layers: tuple[LayerMark, ...] = ()
    """The layers that set something of this case."""
    number: int = 1
    """Its place among the cases of the rule."""


@attrs.frozen(kw_only=True)
class AppliesTo:
    """Which claims a rule is for; empty means all."""

    settings: frozenset[str] = frozenset()
    payers: frozenset[str] = frozenset()
    """Kinds of payers."""
    others_off: bool = False
    """For payers of other kinds the rule is not foreign but switched off, until a layer switches it on."""
    payer_ids: frozenset[str] = frozenset()
    jurisdictions: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class RuleTest:
    """An example: a claim in shorthand, and where the rule must fire ("line 2", "diagnosis 1", "claim")."""

    name: str
    claim: Mapping[str, Any]
    fires_at: tuple[str, ...] = ()
    severity: Severity | None = None
    outcome: Literal["fired", "clear", "excused", "not_evaluated", "not_checked"] | None = None
    says: tuple[str, ...] = ()
    """Texts that a finding must show (message, fix, field, risk, answer): they tell one case from another."""
    tables: Mapping[str, Any] = attrs.field(factory=dict)
    """Small tables for this test, by name: rows of made-up codes."""
    place: Place


@attrs.frozen(kw_only=True)
class Rule:
    """One edit as data. The same id may stand in several files with disjoint effective windows."""

    id: str
    name: str
    title: str
    status: Status
    scope: Scope
    pair: Scope | None
    effective_from: date | None
    effective_to: date | None
    applies_to: AppliesTo
    look_ups: tuple[LookUp, ...]
    params: Mapping[str, Param]
    when: tuple[Node, ...]
    unless: tuple[Node, ...]
    cases: tuple[Case, ...]
    group_by: tuple[FieldRef, ...] = ()
    """The fields of a line that the lines of one group have in common; empty for rules about single things."""
    members: tuple[Node, ...] = ()
    """Conditions on a `line`, all of which must hold for it to be grouped."""
    once_per: tuple[FieldRef, ...] | None = None
    """What findings of the rule may share for only the first of them to be reported; empty: once for the claim."""
    every_case: bool = False
    """Each case that holds speaks: they are faults of their own, and one must not hide another."""
    why: str
    references: tuple[Reference, ...]
    hides: Mapping[str, tuple[str, ...]]
    """What the rule says of hiding for all its cases; the engine reads `Case.hides`."""
    tests: tuple[RuleTest, ...]
    place: Place
    pack: str
    undated: bool = True
    """Whether items without a date are judged. Of the variants that dated overrides make of a rule, one does."""

    @property
    def has_days(self) -> bool:
        """Whether any day lies in its window; one variant under layers may be for items without a date only."""
        first, last = self.effective_from, self.effective_to
        return first is None or last is None or first <= last

    @property
    def family(self) -> str:
        """The letters of the id in lower case."""
        return self.id.rstrip("0123456789").lower()

    @property
    def main(self) -> Case:
        """The gravest case, which stands for the rule in lists; of several the first."""
        return min(self.cases, key=lambda case: SEVERITIES.index(case.severity))

    @property
    def severity(self) -> Severity:
        return self.main.severity

    @property
    def risk(self) -> float:
        return self.main.risk

    @property
    def disposition(self) -> Disposition:
        return self.main.disposition

    @property
    def owner(self) -> Owner:
        return self.main.owner

    @property
    def layers(self) -> tuple[LayerMark, ...]:
        """The layers that set something of the rule."""
        return tuple(dict.fromkeys(mark for case in self.cases for mark in case.layers))

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table the rule may look into, itself or through a finder."""
        named: list[str] = []
        finders = known_checks().finders
        for look_up in self.look_ups:
            if isinstance(look_up, TableLookUp):
                named.append(look_up.table)
            elif isinstance(look_up, FinderLookUp):
                named += finders[look_up.finder].tables
        return tuple(dict.fromkeys(named))


@attrs.frozen(kw_only=True)
class Translation:
    """What a rule says in another language; None for what nobody translated."""

    title: str | None = None
    why: str | None = None
    messages: tuple[Template | None, ...]
    """By case, as the fixes."""
    fixes: tuple[Template | None, ...]
    questions: tuple[Template | None, ...]


@attrs.frozen
class Language:
    """The sentences of the rules of a pack in one language, by the file of each rule."""

    tag: str
    rules: Mapping[Path, Translation] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Override:
    """What a layer sets of a rule for some days of service; None and the empty mapping leave a thing as it is."""

    rule: str
    case: int | None = None
    """The case it is about, from 1; None for the whole rule."""
    effective_from: date
    effective_to: date | None = None
    severity: Severity | None = None
    risk: float | None = None
    enabled: bool | None = None
    params: Mapping[str, Mapping[ParamUse, Param]] = attrs.field(factory=dict)
    """New constants by name, in the types of every use that the rule makes of them."""
    adjustment: Adjustment | None = None
    acknowledgment: Acknowledgment | None = None
    """None takes the answer away, where `values` names it."""
    message_note: str | None = None
    references: tuple[Reference, ...] | None = None
    values: Mapping[str, Any]
    """What stands under `set`, as it is written."""
    reason: str
    reference: Reference
    tests: tuple[RuleTest, ...] = ()
    place: Place
    pack: str
    version: str
    level: Level
    applies_to: AppliesTo
    """The claims of the layer."""

    @property
    def mark(self) -> LayerMark:
        """What findings say of it."""
        return LayerMark(
            pack=self.pack,
            version=self.version,
            level=self.level,
            set=tuple(self.values),
            reason=self.reason,
            reference=self.reference,
        )


@attrs.frozen(kw_only=True)
class Change:
    """An entry of a pack's changelog: which rules a version changed, for which dates of service."""

    version: str
    released: date
    rules: tuple[str, ...]
    effective_from: date | None = None
    effective_to: date | None = None
    what: str


@attrs.frozen(kw_only=True)
class Pack:
    """A set of rules with its name and version. Above the national level it is a layer, and may hold overrides."""

    name: str
    version: str
    title: str
    level: Level = "national"
    over: tuple[tuple[str, Place], ...] = ()
    """The packs that a layer lies over, and where it says so."""
    applies_to: AppliesTo = attrs.field(factory=AppliesTo)
    """The claims that a layer is for."""
    rules: tuple[Rule, ...] = attrs.field(repr=False)
    languages: tuple[Language, ...] = ()
    overrides: tuple[Override, ...] = attrs.field(default=(), repr=False)
    changelog: tuple[Change, ...] = attrs.field(default=(), repr=False)
    """The newest first."""
    files: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    """The sha256 of each of its files, by path within the pack."""
    hash: str = ""
    """The sha256 of the list of these hashes."""
    brought: bool = False
    """It was not asked for by name: a layer that was lies over it."""
    path: Path
