"""Fuses the rules that a kind of claim must meet into one Python function.

One loop over each kind of item holds a test for every rule (`possible.may_concern`); only where it holds, the rule's
own function is called. So a rule that is clear costs a comparison or two and no call, look-ups are asked once for all
rules, and what is the same on all claims of the kind (form, setting, kind of payer) is decided while the function is
made. Rules that demand certain codes are not tested at all: they are found by the codes of the item (`index`).
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from inspect import getattr_static
from typing import Any

import attrs

from scrubber.checks import Finder, known_checks
from scrubber.checks.answers import UNKNOWN, NoEdition
from scrubber.checks.contract import Follows
from scrubber.engine import syntax as py
from scrubber.engine.compile import CompiledRule
from scrubber.engine.groups import Grouping
from scrubber.engine.index import Demand, Dispatch, RuleIndex, demand_of_members, met_by_any
from scrubber.engine.outcomes import UNASKED, Outcomes
from scrubber.engine.possible import Answer, Known, first_look_up, may_concern, only_asks_one_finder
from scrubber.engine.scopes import COLLECTIONS
from scrubber.engine.values import cannot_tell, read_field
from scrubber.facts import ClaimFacts, DiagnosisFacts, FaultFacts, GroupFacts, LineFacts, ProcedureFacts, ProviderFacts
from scrubber.facts.once import once
from scrubber.fields import GROUPED, ScopeKind
from scrubber.rules.model import Condition, DaysLookUp, FieldRef, FinderLookUp, LookUp, Rule, TableLookUp
from scrubber.rules.words import is_empty
from scrubber.tables import NO_EDITION, NO_ROW, TableSet

FusedFunction = Callable[[ClaimFacts, Outcomes], None]

_LOOPS = (
    (ScopeKind.LINE, "line"),
    (ScopeKind.DIAGNOSIS, "diagnosis"),
    (ScopeKind.PROVIDER, "provider"),
    (ScopeKind.PROCEDURE, "procedure"),
    (ScopeKind.FAULT, "fault"),
)
"""The loops and what each calls its item; lines with a procedure are looked at within the loop over all lines."""

_ITEM_NAMES: Mapping[ScopeKind, str] = {
    ScopeKind.CLAIM: "facts",
    ScopeKind.PROCEDURE_LINE: "line",
    **dict(_LOOPS),
    **dict.fromkeys(GROUPED, "group"),
}
_CLASSES: Mapping[ScopeKind, type] = {
    ScopeKind.CLAIM: ClaimFacts,
    ScopeKind.LINE: LineFacts,
    ScopeKind.PROCEDURE_LINE: LineFacts,
    ScopeKind.DIAGNOSIS: DiagnosisFacts,
    ScopeKind.PROVIDER: ProviderFacts,
    ScopeKind.PROCEDURE: ProcedureFacts,
    ScopeKind.FAULT: FaultFacts,
    **dict.fromkeys(GROUPED, GroupFacts),
}
_DISPATCH: Mapping[str, str] = {
    "procedure": "procedure",
    "revenue_code": "raw.revenue_code",
    "diagnosis": "code",
    "fault": "raw.edit",
}
"""Where an item has the code that rules of a kind of demand are found by; modifiers are several."""


@attrs.frozen
class Fused:
    """The function, and its syntax tree for those who want to read it (`ast.unparse`)."""

    run: FusedFunction
    source: ast.Module


def fuse(index: RuleIndex, known: Known, tables: TableSet) -> Fused:
    """One function for the rules of an index, on claims whose fields have the values in `known`."""
    return Fuser(index, known, tables).fused()


@attrs.define
class Fuser:
    index: RuleIndex
    known: Known
    tables: TableSet
    names: dict[str, Any] = attrs.field(init=False)
    temporaries: int = 0
    asked: dict[str, tuple[FinderLookUp, ScopeKind, bool]] = attrs.field(factory=dict)
    """Answers by their variable: what is asked about which item, and whether it is asked of every such item."""
    reads: Counter[tuple[ScopeKind, str]] = attrs.field(factory=Counter)
    """How often each field is read by the tests."""
    grouped: dict[ScopeKind, dict[str, list[tuple[Demand, int]]]] = attrs.field(factory=dict)
    """What lines must name to be grouped, by the kind of line and of code; ways of grouping by their numbers."""
    ahead: dict[tuple[ScopeKind, str], str] = attrs.field(factory=dict)
    """Variables of the fields that are read once for all tests of an item."""

    def __attrs_post_init__(self) -> None:
        self.names = {
            "is_empty": is_empty,
            "NO_EDITION": NO_EDITION,
            "NO_ROW": NO_ROW,
            "NoEdition": NoEdition,
            "REASONS": frozenset(UNKNOWN),
            "TABLES": self.tables,
            "UNASKED": UNASKED,
        }

    def fused(self) -> Fused:
        for compiled in self.index.always:  # before the tests are made, which differ for answers that are there
            asked = first_look_up(compiled.rule, self)
            if isinstance(asked, FinderLookUp):
                self._variable(compiled.rule, asked, always=True)
        for kind in ScopeKind:
            self._tests(kind)  # counts how often each field is read; what is read twice is then read ahead
        often = [field for field, times in self.reads.items() if times > 1]
        self.ahead = {(kind, access): f"{kind.value}_{access.replace('.', '_')}" for kind, access in often}
        tests = {kind: self._tests(kind) for kind in ScopeKind if kind not in GROUPED}
        groups = self._loops_over_groups()
        nodes = [node for part in (*tests.values(), groups) for statement in part for node in ast.walk(statement)]
        read = {node.id for node in nodes if isinstance(node, ast.Name)}
        body = [
            py.assign("claim", py.attribute(py.name("facts"), "claim")),
            py.assign("find", py.attribute(py.name("out"), "find")),
            py.assign("left", py.attribute(py.name("out"), "left")),
            *([py.assign("wanted", py.call(py.name("set")))] if self.grouped else []),
            *self._read_ahead(ScopeKind.CLAIM),
            *self._silent_finders(),
            *self._answers_of(ScopeKind.CLAIM, read),
            *tests[ScopeKind.CLAIM],
        ]
        for kind, item in _LOOPS:
            within = tests[kind] + self._entered_by_code(kind) + self._groups_by_code(kind)
            if kind is ScopeKind.LINE:
                of_procedures = tests[ScopeKind.PROCEDURE_LINE] + self._entered_by_code(ScopeKind.PROCEDURE_LINE)
                of_procedures += self._groups_by_code(ScopeKind.PROCEDURE_LINE)
                if of_procedures:
                    answers = self._answers_of(ScopeKind.PROCEDURE_LINE, read)
                    within.append(py.when(py.attribute(py.name(item), "procedure"), [*answers, *of_procedures]))
            if within:
                raw = py.assign("raw", py.attribute(py.name(item), "raw"))
                loop = [raw, *self._read_ahead(kind), *self._answers_of(kind, read), *within]
                over = py.loop(item, py.attribute(py.name("facts"), COLLECTIONS[kind]), loop)
                silent = self._only_for(kind)
                body.append(py.when(py.negated(py.both(*silent)), [over]) if silent else over)
        module = py.function("rules", ("facts", "out"), [*body, *groups])
        exec(compile(module, "<rules>", "exec"), self.names)
        return Fused(self.names["rules"], module)

    def _only_for(self, kind: ScopeKind) -> list[ast.expr]:
        """That finders are silent of the whole claim without which no rule about a kind of item has anything to say;
        none where a rule can do without.
        """
        kinds = (kind, ScopeKind.PROCEDURE_LINE) if kind is ScopeKind.LINE else (kind,)
        if any(of in self.index.by_code or of in self.grouped for of in kinds):
            return []
        about = [compiled.rule for compiled in self.index.always if compiled.rule.scope.kind in kinds]
        needed = [_silent_finder(rule) for rule in about]
        names = dict.fromkeys(name for name in needed if name is not None)
        return [] if None in needed else [py.name(f"{name}_is_silent") for name in names]

    def _tests(self, kind: ScopeKind) -> py.Statements:
        """Enter each rule about a kind of item where it may be anything but clear."""
        about = [compiled for compiled in self.index.always if compiled.rule.scope.kind is kind]
        return [statement for compiled in about for statement in self._test(compiled)]

    def _test(self, compiled: CompiledRule) -> py.Statements:
        test = may_concern(compiled.rule, self)
        if isinstance(test, ast.Constant) and not test.value:
            return []
        enter = self._enter(compiled)
        entered: py.Statements = [enter] if isinstance(test, ast.Constant) else [py.when(test, [enter])]
        return self._unless_untold(compiled.rule, entered)

    def _enter(self, compiled: CompiledRule) -> ast.stmt:
        item = py.name(_ITEM_NAMES[compiled.rule.scope.kind])
        return py.do(py.call(self.share(compiled.rule.id, compiled.judge), py.name("facts"), item, py.name("out")))

    def _loops_over_groups(self) -> py.Statements:
        """One loop for each way of grouping lines: rules that group alike look at the same groups. Where lines must
        name some code to be grouped, none is made for a claim that has no such line.
        """
        alike: dict[Grouping, py.Statements] = {}
        demands: dict[Grouping, Demand | None] = {}
        for compiled in self.index.always:
            if compiled.grouping is not None and (test := self._test(compiled)):
                untold = py.is_not(py.attribute(py.name("group"), "untold"), py.constant(None))
                entered = py.when(untold, [self._enter(compiled)], test)
                alike.setdefault(compiled.grouping, []).append(entered)
                demands[compiled.grouping] = demand_of_members(compiled.rule)
        loops: py.Statements = []
        for number, (grouping, entered_rules) in enumerate(alike.items()):
            groups = py.call(self.share("groups", grouping.of), py.name("facts"), py.name("out"))
            loop: ast.stmt = py.loop("group", groups, entered_rules)
            if (demand := demands[grouping]) is not None:
                of_kind = self.grouped.setdefault(GROUPED[grouping.kind], {})
                of_kind.setdefault(demand.kind, []).append((demand, number))
                loop = py.when(py.compare(py.constant(number), ast.In(), py.name("wanted")), [loop])
            loops.append(loop)
        return loops

    def _groups_by_code(self, kind: ScopeKind) -> py.Statements:
        """Note which ways of grouping a line may matter to, by the codes that it names."""
        body: py.Statements = []
        item = py.name(_ITEM_NAMES[kind])
        for demanded, demands in self.grouped.get(kind, {}).items():
            ways = self.share(f"grouped_by_{demanded}", Dispatch(demands))
            if demanded == "modifier":
                named = py.attribute(item, "raw", "modifiers")
                body.append(py.loop("modifier", named, [_note(ways, py.name("modifier"))]))
            else:
                body.append(_note(ways, py.attribute(item, *_DISPATCH[demanded].split("."))))
        return body

    def _unless_untold(self, rule: Rule, entered: py.Statements) -> py.Statements:
        """Spare entering a rule that comes to nothing but a missing table, as some do on every claim."""
        asks = only_asks_one_finder(rule, self)
        answer = None if asks is None else self.answer(rule, asks[0])
        if asks is None or answer is None or not isinstance(asks[0], FinderLookUp):
            return entered
        day, outside = py.name("day"), []
        for bound, operator in ((rule.effective_from, ast.Lt()), (rule.effective_to, ast.Gt())):
            if bound is not None:
                outside.append(py.compare(day, operator, self.share("day", bound)))
        tests = [] if isinstance(asks[1], ast.Constant) else [asks[1]]
        if outside:
            as_of = py.walrus("day", py.attribute(py.name(_ITEM_NAMES[rule.scope.kind]), "as_of"))
            if rule.undated:
                tests.append(py.either(py.is_(as_of, py.constant(None)), py.negated(py.either(*outside))))
            else:
                tests += [py.is_not(as_of, py.constant(None)), py.negated(py.either(*outside))]
        untold = py.is_(py.attribute(answer.ask, "__class__"), py.name("NoEdition"))
        key = py.sequence([py.constant(rule.id), py.attribute(answer.value, "reason")])
        leave = ast.Assign([ast.Subscript(py.name("left"), key, ast.Store())], answer.value)
        in_turn = [untold, *tests] if answer.at_hand else [*tests, untold]
        return [py.when(py.both(*in_turn), [leave], entered)]

    def _entered_by_code(self, kind: ScopeKind) -> py.Statements:
        """Enter the rules that demand a code which the item names."""
        body: py.Statements = []
        item = py.name(_ITEM_NAMES[kind])
        for demanded, dispatch in self.index.by_code.get(kind, {}).items():
            rules = self.share(f"by_{demanded}", dispatch)
            if demanded == "modifier":
                named = py.attribute(item, "raw", "modifiers")
                met = py.call(self.share("met_by_any", met_by_any), rules, named)
            else:
                met = ast.Subscript(rules, py.attribute(item, *_DISPATCH[demanded].split(".")), ast.Load())
            enter = py.call(py.name("judge"), py.name("facts"), item, py.name("out"))
            body.append(py.loop("judge", met, [py.do(enter)]))
        return body

    # fields ------------------------------------------------------------------------------------------------------

    def read(self, kind: ScopeKind, access: str) -> tuple[ast.expr, ast.expr]:
        """How to read a field for the first time in a test, and how to read it again."""
        kind = ScopeKind.LINE if kind is ScopeKind.PROCEDURE_LINE else kind
        if self.is_plain(kind, access):
            self.reads[kind, access] += 1
            if (kind, access) in self.ahead:
                variable = py.name(self.ahead[kind, access])
                return variable, variable
        held = self.temporary("value")
        return py.walrus(held, self._field(kind, access)), py.name(held)

    def is_plain(self, kind: ScopeKind, access: str) -> bool:
        """Whether reading a field computes nothing, so that it may be read before it is known to be needed."""
        if kind in GROUPED:
            return False  # what lines have in common differs from rule to rule
        first = access.split(".")[0]
        return "?" not in access and not isinstance(getattr_static(_CLASSES[kind], first, None), (property, once))

    def _field(self, kind: ScopeKind, access: str) -> ast.expr:
        holder, _, rest = access.partition(".")
        local = holder == ("claim" if kind is ScopeKind.CLAIM else "raw") and rest
        return read_field(rest if local else access, py.name(holder if local else _ITEM_NAMES[kind]), self.temporary)

    def _read_ahead(self, kind: ScopeKind) -> py.Statements:
        return [py.assign(name, self._field(of, access)) for (of, access), name in self.ahead.items() if of is kind]

    # answers -----------------------------------------------------------------------------------------------------

    def answer(self, rule: Rule, look_up: LookUp) -> Answer | None:
        """Where the answer of a look-up stands; None for what cannot be asked before the rule is entered."""
        if isinstance(look_up, DaysLookUp):
            return None
        if isinstance(look_up, TableLookUp):
            return self._row(rule, look_up)
        variable = self._variable(rule, look_up)
        if variable is None:
            return None
        _, kind, always = self.asked[variable]
        value = py.name(variable)
        if always:
            return Answer(value, value, py.name(f"{variable}_unknown"), at_hand=True)
        ask = py.walrus(variable, py.call(py.name("find"), self._finder(look_up), py.name(_ITEM_NAMES[kind])))
        lazily = py.choose(py.is_not(value, py.name("UNASKED")), value, ask)
        return Answer(lazily, value, cannot_tell(value), at_hand=False)

    def instead(self, rule: Rule, condition: Condition, wanted: bool) -> ast.expr | None:
        """Every condition may be tested."""
        return None

    def _row(self, rule: Rule, look_up: TableLookUp) -> Answer | None:
        """The row of a table by fields of the rule's own item or of the claim."""
        table = self.tables.get(look_up.table)
        parts = [*look_up.match.values(), look_up.as_of]
        at_hand = {rule.scope.alias: rule.scope.kind, "claim": ScopeKind.CLAIM}
        if table is None or any(
            isinstance(part, FieldRef) and (part.field is None or part.alias not in at_hand) for part in parts
        ):
            return None
        blank: list[ast.expr] = []
        asked: list[ast.expr] = []
        for part in (*(look_up.match[column] for column in table.key), look_up.as_of):
            if isinstance(part, FieldRef):
                assert part.field is not None
                first, again = self.read(at_hand[part.alias], part.field.access)
                blank.append(py.is_(first, py.constant(None)))
                asked.append(again)
            else:
                asked.append(py.constant(part))
        *key, day = asked
        found = py.call(self.share("look_up", table.look_up), key[0] if len(key) == 1 else py.sequence(key), day)
        row = self.temporary("row")
        any_blank = blank[0] if len(blank) == 1 else py.either(*blank)
        ask = py.walrus(row, py.choose(any_blank, py.name("NO_EDITION"), found))
        value = py.name(row)
        unknown = py.is_(value, py.name("NO_EDITION"))
        return Answer(ask, value, unknown, at_hand=False, absent=py.name("NO_ROW"), by_attribute=False)

    def _variable(self, rule: Rule, look_up: FinderLookUp, *, always: bool = False) -> str | None:
        """The variable of an answer about the rule's own item or about the claim; None for others, and for groups,
        which are other ones for each way of grouping.
        """
        if look_up.of not in (rule.scope.alias, "claim"):
            return None
        if look_up.of == rule.scope.alias and rule.scope.kind in GROUPED:
            return None
        kind = rule.scope.kind if look_up.of == rule.scope.alias else ScopeKind.CLAIM
        follows = known_checks().finders[look_up.finder].follows
        if follows is not None and always:
            self._variable(rule, attrs.evolve(look_up, finder=follows.finder), always=True)
        variable = f"{look_up.finder}_of_{kind.value}"
        _, _, already = self.asked.get(variable, (look_up, kind, False))
        self.asked[variable] = (look_up, kind, always or already)
        return variable

    def _finder(self, look_up: FinderLookUp) -> ast.expr:
        return self.share("finder", known_checks().finders[look_up.finder])

    def _answers_of(self, kind: ScopeKind, read: Collection[str]) -> py.Statements:
        """Ask what is asked of every item of a kind; note for the rest that it was not asked yet."""
        body: py.Statements = []
        finders = known_checks().finders
        # those that start from the answer of another come after it
        for variable, (look_up, of, always) in sorted(
            self.asked.items(), key=lambda asked: finders[asked[1][0].finder].follows is not None
        ):
            if of is not kind:
                continue
            finder = finders[look_up.finder]
            unknown = f"{variable}_unknown"
            nothing = [py.assign(variable, py.constant(None))]
            asking = self._ask(finder, kind, variable) if always else [py.assign(variable, py.name("UNASKED"))]
            if always and unknown in read:
                nothing.append(py.assign(unknown, py.constant(False)))
                asking.append(py.assign(unknown, cannot_tell(py.name(variable))))
            if always and finder.follows is not None:
                asking = [py.when(self._may_follow(finder.follows, kind), asking, nothing)]
            if finder.silent_on is not None and kind is not ScopeKind.CLAIM:
                asking = [py.when(py.name(f"{finder.name}_is_silent"), nothing, asking)]
            body += asking
        return body

    def _ask(self, finder: Finder, kind: ScopeKind, variable: str) -> py.Statements:
        """Ask a finder about the item, and keep the answer for the rules that are entered."""
        item = py.name(_ITEM_NAMES[kind])
        answer = py.call(self.share("find", finder.find), py.name("facts"), item, py.name("TABLES"))
        kept = ast.Subscript(py.attribute(item, "found"), py.constant(finder.name), ast.Store())
        return [ast.Assign([ast.Name(variable, ast.Store()), kept], answer)]

    def _may_follow(self, follows: Follows, kind: ScopeKind) -> ast.expr:
        """Whether the answer that another finder starts from is one that it has something to say of."""
        base = f"{follows.finder}_of_{kind.value}"
        column = py.attribute(py.name(base), follows.column)
        fits = column if follows.values is None else py.compare(column, ast.In(), self.share("values", follows.values))
        return py.both(py.is_not(py.name(base), py.constant(None)), py.either(cannot_tell(py.name(base)), fits))

    def _silent_finders(self) -> py.Statements:
        """Ask once whether a finder has anything to say of the claim at all."""
        silent = {
            finder.name: finder.silent_on
            for look_up, kind, _ in self.asked.values()
            if (finder := known_checks().finders[look_up.finder]).silent_on is not None and kind is not ScopeKind.CLAIM
        }
        return [
            py.assign(f"{name}_is_silent", py.call(self.share("silent", says), py.name("facts")))
            for name, says in silent.items()
        ]

    @staticmethod
    def item_name(kind: ScopeKind) -> str:
        """What generated code calls an item."""
        return _ITEM_NAMES[kind]

    # names -------------------------------------------------------------------------------------------------------

    def share(self, kind: str, value: object) -> ast.expr:
        """A constant of the function, by name."""
        identifier = f"THE_{kind.upper()}_{len(self.names)}"
        self.names[identifier] = value
        return py.name(identifier)

    def temporary(self, kind: str) -> str:
        self.temporaries += 1
        return f"{kind}_{self.temporaries}"


def _silent_finder(rule: Rule) -> str | None:
    """A finder without whose answer a rule has nothing to say, and that may be silent of a whole claim."""
    for look_up in rule.look_ups:
        if isinstance(look_up, FinderLookUp) and look_up.of == rule.scope.alias:
            finder = known_checks().finders[look_up.finder]
            asking = [node for node in rule.when if isinstance(node, Condition) and node.subject.alias == look_up.alias]
            if finder.silent_on is not None and any(node.operand is not False for node in asking):
                return finder.name
    return None


def _note(ways: ast.expr, code: ast.expr) -> ast.stmt:
    """Ways of grouping in which a code may count."""
    return py.do(py.call(py.attribute(py.name("wanted"), "update"), ast.Subscript(ways, code, ast.Load())))
