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

from scrubber.checks import GuardedTest
from scrubber.engine import syntax as py
from scrubber.engine.evaluate import test_of, undated
from scrubber.engine.groups import Grouping, MemberTest, grouping_of, of_lines
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.scopes import COLLECTIONS
from scrubber.engine.values import Values, look_up_variable, look_ups_of, scope_variable
from scrubber.engine.word_tests import blank_test, constant_test, field_test, span_test
from scrubber.facts import ClaimFacts
from scrubber.fields import ScopeKind
from scrubber.rules.model import (
    Condition,
    FieldRef,
    Node,
    Param,
    Rule,
    Span,
)
from scrubber.rules.words import Word
from scrubber.tables import TableSet

ItemFunction = Callable[[ClaimFacts, Any, Outcomes], None]
"""What a rule says of one item of its scope, told to the outcomes."""


@attrs.frozen
class CompiledRule:
    """A rule and the function that judges one item by it."""

    rule: Rule
    judge: ItemFunction
    source: ast.Module
    grouping: Grouping | None = None

    def run(self, facts: ClaimFacts, out: Outcomes) -> None:
        """Judge every item of the rule's scope."""
        for item in self.items(facts, out):
            self.judge(facts, item, out)

    def items(self, facts: ClaimFacts, out: Outcomes) -> Iterable[Any]:
        """What the rule looks at one by one."""
        if self.grouping is not None:
            return self.grouping.of(facts, out)
        kind = self.rule.scope.kind
        items: Iterable[Any] = (facts,) if kind is ScopeKind.CLAIM else getattr(facts, COLLECTIONS[kind])
        return items


def compile_rule(rule: Rule, tables: TableSet) -> CompiledRule:
    """Compile a rule against the tables it looks up."""
    cases = [attrs.evolve(rule, cases=(case,)) for case in rule.cases] if rule.every_case else [rule]
    parts = [_Compiler(part, tables).compiled() for part in cases]
    told = _each(parts)
    member = _Compiler(of_lines(rule), tables).member_test() if rule.members else None
    grouping, source = grouping_of(rule, member), ast.Module([part.source.body[0] for part in parts], [])
    if grouping is None:
        return CompiledRule(rule, told, source)
    untold = _each([_Compiler(part, tables, untold=True).compiled() for part in cases])

    def judge(facts: ClaimFacts, group: Any, out: Outcomes) -> None:
        (told if group.untold is None else untold)(facts, group, out)

    return CompiledRule(rule, judge, source, grouping)


def _each(parts: Sequence[CompiledRule]) -> ItemFunction:
    """One function for those of the cases."""
    functions = [part.judge for part in parts]
    if len(functions) == 1:
        return functions[0]

    def judge(facts: ClaimFacts, item: Any, out: Outcomes) -> None:
        for function in functions:
            function(facts, item, out)

    return judge


@attrs.define
class _Compiler(Values):
    """The conditions of one rule, and what follows from them."""

    def compiled(self) -> CompiledRule:
        rule = self.rule
        body = self._item_body()
        if rule.pair is not None:
            inner, outer = scope_variable(rule.pair.alias), scope_variable(rule.scope.alias)
            distinct = py.when(py.is_(py.name(inner), py.name(outer)), [self._skip()])
            body = [py.loop(inner, self._others(rule.pair.kind), [distinct, *body])]
        statements = [py.assign(scope_variable("claim"), py.name("facts")), *body]
        item = scope_variable(rule.scope.alias)
        if rule.scope.kind is ScopeKind.CLAIM:
            statements = [py.assign(item, py.name("facts")), *statements]
            item = "item"
        module = py.function("rule", ("facts", item, "out"), statements)
        exec(compile(module, f"<rule {rule.id}>", "exec"), self.names)
        return CompiledRule(rule, self.names["rule"], module)

    def member_test(self) -> MemberTest:
        """The conditions as a function that says whether a line is grouped at all."""
        body = [py.assign(scope_variable("claim"), py.name("facts")), *self._all_of(self.rule.when, "held")]
        module = py.function("member", ("facts", scope_variable("line"), "out"), [*body, py.give(py.name("held"))])
        exec(compile(module, f"<members of {self.rule.id}>", "exec"), self.names)
        test: MemberTest = self.names["member"]
        return test

    def _skip(self) -> ast.stmt:
        """Done with this item, or with this pair."""
        return py.leave() if self.rule.pair is None else py.skip()

    @staticmethod
    def _others(kind: ScopeKind) -> ast.expr:
        facts = py.name("facts")
        return py.sequence([facts]) if kind is ScopeKind.CLAIM else py.attribute(facts, COLLECTIONS[kind])

    def _item_body(self) -> py.Statements:
        rule, item = self.rule, py.name(scope_variable(self.rule.scope.alias))
        body = self._window(item)
        body.append(py.assign("unknown", py.constant(None)))
        for node in sorted(rule.when, key=lambda node: len(look_ups_of(node))):
            body += self.look_ups([node])
            body += self._node(node, "held")
            body.append(py.when(py.is_(py.name("held"), py.constant(False)), [self._skip()]))
            body.append(_note_unknown("held", "unknown"))
        leaving: py.Statements = [py.do(_unjudged("unknown")), self._skip()]
        if_unknown = py.when(py.is_not(py.name("unknown"), py.constant(None)), leaving)
        cases = self.look_ups([node for case in rule.cases for node in (*case.when, *case.unless)])
        cases += self._choose_case()
        # where the last case takes all the rest, there is no need to choose one first
        takes_all = not (rule.cases[-1].when or rule.cases[-1].unless)
        body += [if_unknown, *cases] if takes_all else [*cases, if_unknown]
        body += self.look_ups(rule.unless)
        if rule.unless:
            body += self._any_of(rule.unless, "held")
            excused = [py.do(py.call(py.attribute(py.name("out"), "excuse"), py.name("RULE"))), self._skip()]
            body.append(py.when(py.is_(py.name("held"), py.constant(True)), excused))
            give_up = [py.do(_unjudged("held")), self._skip()]
            body.append(py.when(py.is_not(py.name("held"), py.constant(False)), give_up))
        body += self.look_ups_by_name(look_up.alias for look_up in rule.look_ups)
        scopes = ["claim", rule.scope.alias, *([rule.pair.alias] if rule.pair else [])]
        named = [(alias, py.name(scope_variable(alias))) for alias in dict.fromkeys(scopes)]
        named += [(look_up.alias, py.name(look_up_variable(look_up.alias))) for look_up in rule.look_ups]
        fire = py.attribute(py.name("out"), "fire")
        body.append(py.do(py.call(fire, py.name("RULE"), py.name("case"), item, py.mapping(named))))
        return body

    def _window(self, item: ast.expr) -> py.Statements:
        """Leave out items whose date lies outside the days this logic covers."""
        tests: list[ast.expr] = []
        for day, operator in ((self.rule.effective_from, ast.Lt()), (self.rule.effective_to, ast.Gt())):
            if day is not None:
                tests.append(py.compare(py.name("day"), operator, self.shared("day", day)))
        if not tests:
            return []
        outside = tests[0] if len(tests) == 1 else py.either(*tests)
        known = py.is_not(py.name("day"), py.constant(None))
        undated = py.is_(py.name("day"), py.constant(None))
        test = py.both(known, outside) if self.rule.undated else py.either(undated, outside)
        return [py.assign("day", py.attribute(item, "as_of")), py.when(test, [self._skip()])]

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
                                 [_join("excused", "held", True)])],
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
            part = self.temporary("part")
            joined = py.when(
                py.is_(py.name(part), py.constant(decided)),
                [py.assign(target, py.constant(decided))],
                [py.when(py.is_not(py.name(part), py.constant(not decided)), [_join(part, target, not decided)])],
            )
            body.append(py.when(py.is_not(py.name(target), py.constant(decided)), [*self._node(node, part), joined]))
        return body

    def _condition(self, condition: Condition, target: str) -> py.Statements:
        value = self.temporary("value")
        word, operand = condition.word, condition.operand
        if word.name == "is_blank":
            test = blank_test(condition.subject.type, py.name(value), wanted=operand)
            return self.with_value(condition.subject, value, target, [py.assign(target, test)], blank_too=True)
        if isinstance(operand, FieldRef):
            other = self.temporary("operand")
            told = [py.assign(target, field_test(word, py.name(value), py.name(other), self.shared))]
            inner = self.with_value(operand, other, target, told)
        elif isinstance(operand, Span):
            other = self.temporary("operand")
            inner = self.with_value(operand.of, other, target, self._with_span(word, operand, value, other, target))
        elif isinstance(operand, Param):
            inner = self._with_param(condition, operand, value, target)
        else:
            inner = [py.assign(target, self._test(word, py.name(value), operand))]
        return self.with_value(condition.subject, value, target, inner)

    def _test(self, word: Word, value: ast.expr, operand: Any) -> ast.expr:
        """The test against a constant; a check of another package may also answer why it cannot tell."""
        if isinstance(operand, GuardedTest):
            return py.call(self.shared("word", test_of(word)), value, self.shared("check", operand))
        return constant_test(word, value, operand, self.shared)

    def _with_span(self, word: Word, span: Span, value: str, other: str, target: str) -> py.Statements:
        """The test of a date that counts days from or to another."""
        if not isinstance(span.days, Param):
            return [py.assign(target, span_test(word, py.name(value), span.days, py.name(other), self.shared))]
        days = self.temporary("days")
        test = span_test(word, py.name(value), py.name(days), py.name(other), self.shared)
        return self._on_the_day(word, span.days, days, target, test, [py.name(value), py.name(other)])

    def _with_param(self, condition: Condition, param: Param, value: str, target: str) -> py.Statements:
        word = condition.word
        if len(param.values) == 1 and param.values[0][0] is None:
            constant = param.values[0][1]
            return [py.assign(target, constant_test(word, py.name(value), constant, self.shared))]
        dated = self.temporary("operand")
        test = py.call(self.shared("word", word.test), py.name(value), py.name(dated))
        return self._on_the_day(word, param, dated, target, test, [py.name(value)])

    def _on_the_day(
        self, word: Word, param: Param, variable: str, target: str, test: ast.expr, tested: list[ast.expr]
    ) -> py.Statements:
        """Set `variable` to the value of a param on the day of the item and test against it."""
        day = py.attribute(py.name(scope_variable(self.rule.scope.alias)), "as_of")
        held = py.call(py.attribute(self.shared("param", param), "on"), day)
        without = py.call(
            self.shared("undated", undated), self.shared("word", word), self.shared("param", param), *tested
        )
        return [
            py.assign(variable, held),
            py.when(
                py.is_(py.name(variable), py.constant(None)),
                [py.assign(target, without)],
                [py.assign(target, test)],
            ),
        ]


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
