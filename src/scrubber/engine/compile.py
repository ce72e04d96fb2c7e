"""Compiles a rule to one Python function over an item of its scope.

The function ends in one of five outcomes. Conditions are three-valued: a
variable holds True, False, or the reason why it cannot be told (`checks.answers`). False always wins over a reason,
so a missing table never hides that the rule does not concern the claim.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import attrs

from scrubber.checks import GuardedTest, known_checks
from scrubber.checks.answers import UNKNOWN, NoEdition, Unsupported, graver, no_edition
from scrubber.engine import syntax as py
from scrubber.engine.days import days_between
from scrubber.engine.evaluate import blank_reason, test_of
from scrubber.engine.outcomes import UNASKED, Outcomes
from scrubber.engine.scopes import COLLECTIONS
from scrubber.engine.word_tests import blank_test, constant_test, field_test, span_test
from scrubber.facts import ClaimFacts
from scrubber.fields import ScopeKind
from scrubber.rules.model import (
    Condition,
    DaysLookUp,
    FieldRef,
    FinderLookUp,
    Group,
    LookUp,
    Node,
    Param,
    Rule,
    Span,
    TableLookUp,
)
from scrubber.rules.words import Word, is_empty
from scrubber.tables import TableSet

ItemFunction = Callable[[ClaimFacts, Any, Outcomes], None]
"""What a rule says of one item of its scope, told to the outcomes."""


@attrs.frozen
class CompiledRule:
    """A rule and the function that judges one item by it."""

    rule: Rule
    judge: ItemFunction
    source: ast.Module

    def run(self, facts: ClaimFacts, out: Outcomes) -> None:
        """Judge every item of the rule's scope."""
        kind = self.rule.scope.kind
        for item in (facts,) if kind is ScopeKind.CLAIM else getattr(facts, COLLECTIONS[kind]):
            self.judge(facts, item, out)


def compile_rule(rule: Rule, tables: TableSet) -> CompiledRule:
    """Compile a rule against the tables it looks up."""
    if not rule.every_case:
        return _Compiler(rule, tables).compiled()
    parts = [_Compiler(attrs.evolve(rule, cases=(case,)), tables).compiled() for case in rule.cases]
    functions = [part.judge for part in parts]

    def judge(facts: ClaimFacts, item: Any, out: Outcomes) -> None:
        for function in functions:
            function(facts, item, out)

    return CompiledRule(rule, judge, ast.Module([part for each in parts for part in each.source.body], []))


@attrs.define
class _Compiler:
    rule: Rule
    tables: TableSet
    names: dict[str, Any] = attrs.field(init=False)
    """What the function sees as its globals: constants, tables, words."""
    ready: set[str] = attrs.field(factory=set)
    """Look-ups whose variable is set at the present point of the function."""
    temporaries: int = 0

    def __attrs_post_init__(self) -> None:
        self.names = {
            "graver": graver,
            "is_empty": is_empty,
            "REASONS": frozenset(UNKNOWN),
            "UNASKED": UNASKED,
            "RULE": self.rule,
        }

    def compiled(self) -> CompiledRule:
        rule = self.rule
        body = self._item_body()
        if rule.pair is not None:
            inner, outer = _scope(rule.pair.alias), _scope(rule.scope.alias)
            distinct = py.when(py.is_(py.name(inner), py.name(outer)), [self._skip()])
            body = [py.loop(inner, self._others(rule.pair.kind), [distinct, *body])]
        statements = [py.assign(_scope("claim"), py.name("facts")), *body]
        item = _scope(rule.scope.alias)
        if rule.scope.kind is ScopeKind.CLAIM:
            statements = [py.assign(item, py.name("facts")), *statements]
            item = "item"
        module = py.function("rule", ("facts", item, "out"), statements)
        exec(compile(module, f"<rule {rule.id}>", "exec"), self.names)
        return CompiledRule(rule, self.names["rule"], module)

    def _skip(self) -> ast.stmt:
        """Done with this item, or with this pair."""
        return py.leave() if self.rule.pair is None else py.skip()

    @staticmethod
    def _others(kind: ScopeKind) -> ast.expr:
        facts = py.name("facts")
        return py.sequence([facts]) if kind is ScopeKind.CLAIM else py.attribute(facts, COLLECTIONS[kind])

    def _item_body(self) -> py.Statements:
        rule, item = self.rule, py.name(_scope(self.rule.scope.alias))
        body = self._window(item)
        body.append(py.assign("unknown", py.constant(None)))
        for node in sorted(rule.when, key=lambda node: len(look_ups_of(node))):
            body += self._look_ups([node])
            body += self._node(node, "held")
            body.append(py.when(py.is_(py.name("held"), py.constant(False)), [self._skip()]))
            body.append(_note_unknown("held", "unknown"))
        leaving: py.Statements = [py.do(_unjudged("unknown")), self._skip()]
        if_unknown = py.when(py.is_not(py.name("unknown"), py.constant(None)), leaving)
        cases = self._look_ups([node for case in rule.cases for node in (*case.when, *case.unless)])
        cases += self._choose_case()
        # where the last case takes all the rest, there is no need to choose one first
        takes_all = not (rule.cases[-1].when or rule.cases[-1].unless)
        body += [if_unknown, *cases] if takes_all else [*cases, if_unknown]
        body += self._look_ups(rule.unless)
        if rule.unless:
            body += self._any_of(rule.unless, "held")
            excused = [py.do(py.call(py.attribute(py.name("out"), "excuse"), py.name("RULE"))), self._skip()]
            body.append(py.when(py.is_(py.name("held"), py.constant(True)), excused))
            give_up = [py.do(_unjudged("held")), self._skip()]
            body.append(py.when(py.is_not(py.name("held"), py.constant(False)), give_up))
        body += self._look_ups_by_name(look_up.alias for look_up in rule.look_ups)
        scopes = ["claim", rule.scope.alias, *([rule.pair.alias] if rule.pair else [])]
        named = [(alias, py.name(_scope(alias))) for alias in dict.fromkeys(scopes)]
        named += [(look_up.alias, py.name(_look_up(look_up.alias))) for look_up in rule.look_ups]
        fire = py.attribute(py.name("out"), "fire")
        body.append(py.do(py.call(fire, py.name("RULE"), py.name("case"), item, py.mapping(named))))
        return body

    def _window(self, item: ast.expr) -> py.Statements:
        """Leave out items whose date lies outside the days this logic covers."""
        tests: list[ast.expr] = []
        for day, operator in ((self.rule.effective_from, ast.Lt()), (self.rule.effective_to, ast.Gt())):
            if day is not None:
                tests.append(py.compare(py.name("day"), operator, self._shared("day", day)))
        if not tests:
            return []
        test = tests[0] if len(tests) == 1 else py.either(*tests)
        known = py.is_not(py.name("day"), py.constant(None))
        return [
            py.assign("day", py.attribute(item, "as_of")),
            py.when(py.both(known, test), [self._skip()]),
        ]

    def _choose_case(self) -> py.Statements:
        """Set `case` to the first case that holds; leave the item where none does."""
        cases = self.rule.cases
        if len(cases) == 1 and not cases[0].when and not cases[0].unless:
            return [py.assign("case", py.constant(0))]
        body: py.Statements = [py.assign("case", py.constant(-1)), py.assign("case_unknown", py.constant(None))]
        for index, case in enumerate(cases):
            steps = self._all_of(case.when, "held")
            if case.unless:
                excusing: py.Statements = [
                    *self._any_of(case.unless, "excused"),
                    py.when(
                        py.is_(py.name("excused"), py.constant(True)),
                        [py.assign("held", py.constant(False))],
                        [py.when(py.is_not(py.name("excused"), py.constant(False)),
                                 [py.assign("held", py.name("excused"))])],
                    ),
                ]  # fmt: skip
                steps.append(py.when(py.is_not(py.name("held"), py.constant(False)), excusing))
            chosen = py.when(
                py.is_(py.name("held"), py.constant(True)),
                [py.assign("case", py.constant(index))],
                [py.when(py.is_not(py.name("held"), py.constant(False)), [_graver("held", "case_unknown")])],
            )
            open_still = py.compare(py.name("case"), ast.Lt(), py.constant(0))
            body.append(py.when(open_still, [*steps, chosen]))
        undecided = py.when(py.is_not(py.name("case_unknown"), py.constant(None)), [py.do(_unjudged("case_unknown"))])
        body.append(py.when(py.compare(py.name("case"), ast.Lt(), py.constant(0)), [undecided, self._skip()]))
        return body

    # conditions ------------------------------------------------------------------------------------------------

    def _node(self, node: Node, target: str) -> py.Statements:
        """Set `target` to True, False, or the reason why it cannot be told."""
        if isinstance(node, Condition):
            return self._condition(node, target)
        if node.kind == "all_of":
            return self._all_of(node.members, target)
        body = self._any_of(node.members, target)
        if node.kind == "none_of":
            told = py.either(py.is_(py.name(target), py.constant(True)), py.is_(py.name(target), py.constant(False)))
            body.append(py.when(told, [py.assign(target, ast.UnaryOp(ast.Not(), py.name(target)))]))
        return body

    def _all_of(self, nodes: Sequence[Node], target: str) -> py.Statements:
        return self._chain(nodes, target, decided=False)

    def _any_of(self, nodes: Sequence[Node], target: str) -> py.Statements:
        return self._chain(nodes, target, decided=True)

    def _chain(self, nodes: Sequence[Node], target: str, *, decided: bool) -> py.Statements:
        """Join nodes: the first that equals `decided` settles it, otherwise a reason wins over the other answer."""
        if len(nodes) == 1:
            return self._node(nodes[0], target)
        body: py.Statements = [py.assign(target, py.constant(not decided))]
        for node in nodes:
            part = self._temporary("part")
            joined = py.when(
                py.is_(py.name(part), py.constant(decided)),
                [py.assign(target, py.constant(decided))],
                [py.when(py.is_not(py.name(part), py.constant(not decided)), [_join(part, target, not decided)])],
            )
            body.append(py.when(py.is_not(py.name(target), py.constant(decided)), [*self._node(node, part), joined]))
        return body

    def _condition(self, condition: Condition, target: str) -> py.Statements:
        value = self._temporary("value")
        word, operand = condition.word, condition.operand
        if word.name == "is_blank":
            test = blank_test(condition.subject.type, py.name(value), wanted=operand)
            return self._with_value(condition.subject, value, target, [py.assign(target, test)], blank_too=True)
        if isinstance(operand, FieldRef):
            other = self._temporary("operand")
            told = [py.assign(target, field_test(word, py.name(value), py.name(other), self._shared))]
            inner = self._with_value(operand, other, target, told)
        elif isinstance(operand, Span):
            other = self._temporary("operand")
            inner = self._with_value(operand.of, other, target, self._with_span(word, operand, value, other, target))
        elif isinstance(operand, Param):
            inner = self._with_param(condition, operand, value, target)
        else:
            inner = [py.assign(target, self._test(word, py.name(value), operand))]
        return self._with_value(condition.subject, value, target, inner)

    def _test(self, word: Word, value: ast.expr, operand: Any) -> ast.expr:
        """The test against a constant; a check of another package may also answer why it cannot tell."""
        if isinstance(operand, GuardedTest):
            return py.call(self._shared("word", test_of(word)), value, self._shared("check", operand))
        return constant_test(word, value, operand, self._shared)

    def _with_span(self, word: Word, span: Span, value: str, other: str, target: str) -> py.Statements:
        """The test of a date that counts days from or to another."""
        if not isinstance(span.days, Param):
            return [py.assign(target, span_test(word, py.name(value), span.days, py.name(other), self._shared))]
        days = self._temporary("days")
        test = span_test(word, py.name(value), py.name(days), py.name(other), self._shared)
        missing = Unsupported(f"the param {span.days.name} has no value for the date")
        return [
            py.assign(days, self._value_on_the_day(span.days)),
            py.when(
                py.is_(py.name(days), py.constant(None)),
                [py.assign(target, self._shared("missing", missing))],
                [py.assign(target, test)],
            ),
        ]

    def _value_on_the_day(self, param: Param) -> ast.expr:
        """The value of a dated param on the day of the item."""
        day = py.attribute(py.name(_scope(self.rule.scope.alias)), "as_of")
        return py.call(py.attribute(self._shared("param", param), "on"), day)

    def _with_param(self, condition: Condition, param: Param, value: str, target: str) -> py.Statements:
        if len(param.values) == 1 and param.values[0][0] is None:
            constant = param.values[0][1]
            return [py.assign(target, constant_test(condition.word, py.name(value), constant, self._shared))]
        dated = self._temporary("operand")
        missing = Unsupported(f"the param {param.name} has no value for the date")

        def undated(held: Any) -> bool | Unsupported:
            """No where none of the param's values would hold, whatever the date; else that it cannot be told."""
            return missing if any(condition.word.test(held, value) for _, value in param.values) else False

        return [
            py.assign(dated, self._value_on_the_day(param)),
            py.when(
                py.is_(py.name(dated), py.constant(None)),
                [py.assign(target, py.call(self._shared("undated", undated), py.name(value)))],
                [py.assign(target, py.call(self._shared("word", condition.word.test), py.name(value), py.name(dated)))],
            ),
        ]

    def _with_value(
        self, reference: FieldRef, value: str, target: str, then: py.Statements, *, blank_too: bool = False
    ) -> py.Statements:
        """Run `then` with the field's value, or set `target` to why there is none."""
        if reference.field is not None:
            read = py.assign(value, self._field_value(reference))
            if blank_too:
                return [read, *then]
            blank = py.assign(target, self._blank(reference))
            return [read, py.when(py.is_(py.name(value), py.constant(None)), [blank], then)]
        answer = py.name(_look_up(reference.alias))
        unknown = cannot_tell(answer)
        if reference.name == "found":
            found = [py.assign(value, py.is_not(answer, py.constant(None))), *then]
            return [py.when(unknown, [py.assign(target, answer)], found)]
        if blank_too and isinstance(self._look_up_called(reference.alias), DaysLookUp):
            # days that cannot be counted because a date is blank are known to be blank
            unknown = py.compare(py.attribute(answer, "__class__"), ast.Is(), self._shared("class", NoEdition))
        read = py.assign(value, self._column_value(reference))
        no = [py.assign(target, py.constant(False))]
        inner = then if blank_too else [py.when(py.is_(py.name(value), py.constant(None)), no, then)]
        # a condition on a row that is not there does not hold; a blank column of a row is known to be blank
        there = [py.when(py.is_(answer, py.constant(None)), no, [read, *inner])]
        return [py.when(unknown, [py.assign(target, answer)], there)]

    def _field_value(self, reference: FieldRef) -> ast.expr:
        assert reference.field is not None
        return read_field(reference.field.access, py.name(_scope(reference.alias)), self._temporary)

    def _column_value(self, reference: FieldRef) -> ast.expr:
        answer = py.name(_look_up(reference.alias))
        look_up = self._look_up_called(reference.alias)
        if isinstance(look_up, DaysLookUp):  # a reason has no days
            return py.call(py.name("getattr"), answer, py.constant(reference.name), py.constant(None))
        if isinstance(look_up, FinderLookUp):
            return py.attribute(answer, reference.name)
        return py.call(py.attribute(answer, "get"), py.constant(reference.name))

    def _blank(self, reference: FieldRef) -> ast.expr:
        """The reason that names the blank field; made only when it is needed."""
        item = py.name(_scope(reference.alias))
        return py.call(self._shared("blank", blank_reason), self._shared("field", reference.field), item)

    # look-ups --------------------------------------------------------------------------------------------------

    def _look_up_called(self, alias: str) -> LookUp:
        return next(found for found in self.rule.look_ups if found.alias == alias)

    def _look_ups(self, nodes: Iterable[Node]) -> py.Statements:
        return self._look_ups_by_name(alias for node in nodes for alias in look_ups_of(node))

    def _look_ups_by_name(self, aliases: Iterable[str]) -> py.Statements:
        """Set the variables of look-ups that are not set yet."""
        by_alias = {look_up.alias: look_up for look_up in self.rule.look_ups}
        body: py.Statements = []
        for alias in aliases:
            if alias in by_alias and alias not in self.ready:
                self.ready.add(alias)
                body += self._look_up(by_alias[alias])
        return body

    def _look_up(self, look_up: LookUp) -> py.Statements:
        target = _look_up(look_up.alias)
        out = py.name("out")
        if isinstance(look_up, FinderLookUp):
            finder = self._shared("finder", known_checks().finders[look_up.finder])
            item = py.name(_scope(look_up.of))
            known = py.call(py.attribute(item, "found", "get"), py.constant(look_up.finder), py.name("UNASKED"))
            ask = py.assign(target, py.call(py.attribute(out, "find"), finder, item))
            return [py.assign(target, known), py.when(py.is_(py.name(target), py.name("UNASKED")), [ask])]
        if isinstance(look_up, DaysLookUp):
            body = self._look_ups_by_name([look_up.start.alias, look_up.end.alias])
            start, end = (self._value_or_reason(reference) for reference in (look_up.start, look_up.end))
            return [*body, py.assign(target, py.call(self._shared("days_between", days_between), start, end))]
        return self._table_look_up(look_up, target)

    def _value_or_reason(self, reference: FieldRef) -> ast.expr:
        """A value, why it cannot be told, or None where there is no such row."""
        if reference.field is not None:
            held = self._temporary("date")
            blank = py.is_(py.walrus(held, self._field_value(reference)), py.constant(None))
            return py.choose(blank, self._blank(reference), py.name(held))
        answer = py.name(_look_up(reference.alias))
        not_there = py.either(py.is_(answer, py.constant(None)), cannot_tell(answer))
        return py.choose(not_there, answer, self._column_value(reference))

    def _table_look_up(self, look_up: TableLookUp, target: str) -> py.Statements:
        table = self.tables.get(look_up.table)
        body: py.Statements = []
        parts: list[ast.expr] = []
        blanks: list[tuple[str, FieldRef]] = []
        order = table.key if table is not None else tuple(look_up.match)
        for column in order:
            part = look_up.match[column]
            if isinstance(part, FieldRef):
                variable = self._temporary("key")
                body += self._look_ups_by_name([part.alias])
                body += self._key_part(part, variable)
                blanks.append((variable, part))
                parts.append(py.name(variable))
            else:
                parts.append(py.constant(part))
        day = self._temporary("day")
        body += self._key_part(look_up.as_of, day)
        blanks.append((day, look_up.as_of))
        key = parts[0] if len(parts) == 1 else py.sequence(parts)
        if table is None:
            asked = py.call(self._shared("no_edition", no_edition), py.constant(look_up.table), py.name(day))
        else:
            asked = py.call(py.attribute(py.name("out"), "look_up"), self._shared("table", table), key, py.name(day))
        steps: py.Statements = [py.assign(target, asked)]
        for variable, reference in reversed(blanks):
            missing, reason = py.is_(py.name(variable), py.constant(None)), py.constant(None)
            if reference.field is not None:
                reason = self._blank(reference)
            else:  # what a row could not tell, the row found by it cannot tell either
                missing, reason = py.either(missing, cannot_tell(py.name(variable))), py.name(variable)
            steps = [py.when(missing, [py.assign(target, reason)], steps)]
        return [*body, *steps]

    def _key_part(self, reference: FieldRef, variable: str) -> py.Statements:
        if reference.field is not None:
            return [py.assign(variable, self._field_value(reference))]
        return [py.assign(variable, self._value_or_reason(reference))]

    # names -----------------------------------------------------------------------------------------------------

    def _shared(self, kind: str, value: object) -> ast.expr:
        """A constant of the function, by name."""
        identifier = f"THE_{kind.upper()}_{len(self.names)}"
        self.names[identifier] = value
        return py.name(identifier)

    def _temporary(self, kind: str) -> str:
        self.temporaries += 1
        return f"{kind}_{self.temporaries}"


def read_field(access: str, item: ast.expr, temporary: Callable[[str], str]) -> ast.expr:
    """The value of a field of an item; None where a hop on the way to it is blank."""
    value, hops = item, access.split(".")
    for index, hop in enumerate(hops):
        if not hop.endswith("?"):
            value = py.attribute(value, hop)
            continue
        held = temporary("hop")
        rest = py.attribute(py.name(held), *hops[index + 1 :])
        holder = py.walrus(held, py.attribute(value, hop[:-1]))
        return py.choose(py.is_(holder, py.constant(None)), py.constant(None), rest)
    return value


def cannot_tell(answer: ast.expr) -> ast.expr:
    """Whether an answer is a reason; a set of classes is asked quicker than `isinstance`."""
    return py.compare(py.attribute(answer, "__class__"), ast.In(), py.name("REASONS"))


def _scope(alias: str) -> str:
    return f"scope_{alias}"


def _look_up(alias: str) -> str:
    return f"look_up_{alias}"


def _unjudged(variable: str) -> ast.expr:
    return py.call(py.attribute(py.name("out"), "leave"), py.name("RULE"), py.name(variable))


def _graver(variable: str, into: str) -> ast.stmt:
    chosen = py.call(py.name("graver"), py.name(into), py.name(variable))
    return py.assign(into, py.choose(py.is_(py.name(into), py.constant(None)), py.name(variable), chosen))


def _note_unknown(variable: str, into: str) -> ast.stmt:
    return py.when(py.is_not(py.name(variable), py.constant(True)), [_graver(variable, into)])


def _join(part: str, target: str, neutral: bool) -> ast.stmt:
    """Keep the graver of two reasons."""
    first = py.assign(target, py.name(part))
    return py.when(py.is_(py.name(target), py.constant(neutral)), [first], [_graver(part, target)])


def look_ups_of(node: Node) -> list[str]:
    """Names of the look-ups that a condition or group reads."""
    if isinstance(node, Group):
        return [alias for member in node.members for alias in look_ups_of(member)]
    operand = node.operand.of if isinstance(node.operand, Span) else node.operand
    references = [node.subject, *([operand] if isinstance(operand, FieldRef) else [])]
    return [reference.alias for reference in references if reference.field is None]
