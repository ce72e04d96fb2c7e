"""Whether a rule can be anything but clear on an item, as one inline expression of generated code.

Nearly every rule is clear on nearly every item. The expressions made here say so without a call: they are true wherever
a condition holds *or cannot be told*, so a rule is entered whenever it might fire, be excused, or have to say why it
gives no verdict. They may be true too often, which costs time; they are never false where the rule is not clear.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol

import attrs

from scrubber.checks import GuardedTest
from scrubber.engine import syntax as py
from scrubber.engine.values import look_ups_of
from scrubber.engine.word_tests import blank_test, constant_test, field_test, span_test
from scrubber.fields import FieldType, ScopeKind
from scrubber.rules.model import Case, Condition, FieldRef, Group, LookUp, Node, Param, Rule, Span
from scrubber.rules.words import is_empty

ALWAYS = ast.Constant(True)
NEVER = ast.Constant(False)

Known = Mapping[str, Any]
"""Fields of the claim whose value is the same on every claim that the rules are chosen for."""


@attrs.frozen
class Answer:
    """How generated code reaches the answer of a look-up: `value` may be read often, `ask` first."""

    ask: ast.expr
    value: ast.expr
    unknown: ast.expr
    at_hand: bool
    """Whether it is asked already wherever the rule is tested."""
    absent: ast.expr = attrs.field(factory=lambda: py.constant(None))
    """What the answer is where there is nothing."""
    by_attribute: bool = True
    """Columns of a finder's answer are attributes, those of a row are got by name."""


class Surroundings(Protocol):
    """What the function around the expressions provides."""

    known: Known

    def read(self, kind: ScopeKind, access: str) -> tuple[ast.expr, ast.expr]: ...
    def is_plain(self, kind: ScopeKind, access: str) -> bool: ...
    def share(self, kind: str, value: object) -> ast.expr: ...
    def temporary(self, kind: str) -> str: ...
    def answer(self, rule: Rule, look_up: LookUp) -> Answer | None: ...
    def instead(self, rule: Rule, condition: Condition, wanted: bool) -> ast.expr | None:
        """What stands for a condition that may not be tested; None for one that may."""


def may_concern(rule: Rule, around: Surroundings) -> ast.expr:
    """Whether the rule can be anything but clear on the item at hand. Costly look-ups come last."""
    return _Possibility(rule, around).of_rule()


def first_look_up(rule: Rule, around: Surroundings) -> LookUp | None:
    """The look-up that `may_concern` asks whatever the item: where nothing cheaper rules the rule out before."""
    possibility = _Possibility(rule, around)
    alternatives: Iterable[tuple[Node, ...]] = (
        [rule.when] if rule.when else [case.when for case in rule.cases if not _is(possibility.of_case(case), False)]
    )
    for nodes in alternatives:
        asking = [node for node in nodes if not _is(possibility.may(node), True)]
        if asking and all(look_ups_of(node) for node in asking):
            alias = look_ups_of(asking[0])[0]
            return next(look_up for look_up in rule.look_ups if look_up.alias == alias)
        break
    return None


def only_asks_one_finder(rule: Rule, around: Surroundings) -> tuple[LookUp, ast.expr] | None:
    """The look-up whose missing table alone settles the rule, and the test that all else leaves it open.

    Where that test holds and the answer is that there is no edition, the outcome of the rule is that very reason: it
    wins over blank fields, and no other condition can make the rule fire. That is so for a rule whose conditions read
    this answer and end in a case for all the rest, and for one with cases that ask nothing but this answer.
    """
    possibility = _Possibility(rule, around)
    asking = [node for node in rule.when if look_ups_of(node)]
    cases_asking = [case for case in rule.cases if any(look_ups_of(node) for node in case.when)]
    if asking and not (rule.cases[-1].when or rule.cases[-1].unless):
        conditions, others = asking, []
    elif not asking and all(len(case.when) == 1 and not case.unless for case in cases_asking):
        conditions = [case.when[0] for case in cases_asking]
        others = [possibility.of_case(case) for case in rule.cases if case not in cases_asking]
    else:
        return None
    aliases = {alias for node in conditions for alias in look_ups_of(node)}
    if len(aliases) != 1 or rule.pair is not None or not all(_reads_column(node) for node in conditions):
        return None
    look_up = next(found for found in rule.look_ups if found.alias in aliases)
    rest = [node for node in rule.when if not look_ups_of(node)]
    if any(_has_dates(node) for node in rest):
        return None  # the test would ask for any of its values, and not for that of the day
    open_still = [possibility.may(node) for node in rest]
    return look_up, possibility._all([*open_still, *(py.negated(other) for other in others if not _is(other, False))])


def _has_dates(node: Node) -> bool:
    """Whether a condition compares with a constant that holds from a day on."""
    if isinstance(node, Group):
        return any(_has_dates(member) for member in node.members)
    operand = node.operand.days if isinstance(node.operand, Span) else node.operand
    return isinstance(operand, Param) and any(start is not None for start, _ in operand.values)


def _reads_column(node: Node) -> bool:
    """Whether a node is a condition on an answer against a constant: without an edition it cannot be told, whatever the
    constant.
    """
    if not isinstance(node, Condition) or isinstance(node.operand, (FieldRef, Span)):
        return False
    return node.subject.field is None


@attrs.frozen
class _Possibility:
    rule: Rule
    around: Surroundings

    def of_rule(self) -> ast.expr:
        parts = [(self.cost(node), self.may(node)) for node in self.rule.when]
        # the cheapest condition of a case often spares the rest of it
        case_cost = max(min((self.cost(node) for node in case.when), default=0) for case in self.rule.cases)
        parts.append((case_cost, self._any(self.of_case(case) for case in self.rule.cases)))
        return self._all(test for _, test in sorted(parts, key=lambda part: part[0]))

    def of_case(self, case: Case) -> ast.expr:
        return self._all(self.may(node) for node in sorted(case.when, key=self.cost))

    def cost(self, node: Node) -> int:
        """What a test costs: cheap ones go first, and often spare the others."""
        if isinstance(node, Group):
            return max((self.cost(member) for member in node.members), default=0)
        other = node.operand.of if isinstance(node.operand, Span) else node.operand
        operand = [other] if isinstance(other, FieldRef) else []
        return max(self._cost_of(reference) for reference in (node.subject, *operand))

    def _cost_of(self, reference: FieldRef) -> int:
        if reference.field is not None:
            kind = self._kind_of(reference.alias)
            return 0 if kind is None or self.around.is_plain(kind, reference.field.access) else 2
        look_up = next(found for found in self.rule.look_ups if found.alias == reference.alias)
        answer = self.around.answer(self.rule, look_up)
        return 1 if answer is not None and answer.at_hand else 3

    def may(self, node: Node, wanted: bool = True) -> ast.expr:
        """Whether a node may be true, or with `wanted` False, may be false."""
        if isinstance(node, Condition):
            return self._condition(node, wanted)
        inner = wanted if node.kind != "none_of" else not wanted
        members = (self.may(member, inner) for member in node.members)
        # a group that needs all of its members is false where one is; one that needs none is so where one holds
        joins_all = (node.kind == "all_of") is wanted if node.kind != "none_of" else wanted
        return self._all(members) if joins_all else self._any(members)

    @staticmethod
    def _all(tests: Iterable[ast.expr]) -> ast.expr:
        kept = [test for test in tests if not _is(test, True)]
        if any(_is(test, False) for test in kept):
            return NEVER
        return ALWAYS if not kept else kept[0] if len(kept) == 1 else py.both(*kept)

    @staticmethod
    def _any(tests: Iterable[ast.expr]) -> ast.expr:
        kept = [test for test in tests if not _is(test, False)]
        if any(_is(test, True) for test in kept):
            return ALWAYS
        return NEVER if not kept else kept[0] if len(kept) == 1 else py.either(*kept)

    def _condition(self, condition: Condition, wanted: bool) -> ast.expr:
        instead = self.around.instead(self.rule, condition, wanted)
        if instead is not None:
            return instead
        subject, operand = condition.subject, condition.operand
        of_claim = subject.field is not None and self._kind_of(subject.alias) is ScopeKind.CLAIM
        if of_claim and subject.name in self.around.known and not isinstance(operand, (FieldRef, Param, Span)):
            return self._told(condition, self.around.known[subject.name], wanted)
        blank_too = condition.word.name == "is_blank"

        def with_value(value: ast.expr) -> ast.expr:
            if isinstance(operand, Span):
                return self._read(
                    operand.of, lambda other: self._of_span(condition, operand, value, other, wanted), wanted
                )
            if not isinstance(operand, FieldRef):
                return self._against_constant(condition, value, wanted)
            share = self.around.share
            return self._read(
                operand, lambda other: _as(wanted, field_test(condition.word, value, other, share)), wanted
            )

        return self._read(subject, with_value, wanted, blank_too=blank_too)

    def _of_span(self, condition: Condition, span: Span, value: ast.expr, other: ast.expr, wanted: bool) -> ast.expr:
        if isinstance(span.days, Param):
            return ALWAYS  # on some days it has no value
        return _as(wanted, span_test(condition.word, value, span.days, other, self.around.share))

    @staticmethod
    def _told(condition: Condition, value: Any, wanted: bool) -> ast.expr:
        """The condition on a field whose value is known already."""
        if condition.word.name == "is_blank":
            return ast.Constant((is_empty(value) is condition.operand) is wanted)
        if isinstance(condition.operand, GuardedTest):
            return ALWAYS
        return ast.Constant(value is None or condition.word.test(value, condition.operand) is wanted)

    def _against_constant(self, condition: Condition, value: ast.expr, wanted: bool) -> ast.expr:
        word, operand, share = condition.word, condition.operand, self.around.share
        if word.name == "is_blank":
            return _as(wanted, blank_test(condition.subject.type, value, wanted=operand))
        if condition.subject.name == "found" and condition.subject.field is None and word.name == "is":
            return _as(wanted is operand, value)
        if isinstance(operand, GuardedTest):
            return ALWAYS  # it may fail, and the rule says so
        if isinstance(operand, Param):  # whatever the date: any of its values
            if not wanted and operand.values[0][0] is not None:
                return ALWAYS  # where it has no value yet, what all its values say cannot be told either
            return self._any(_as(wanted, constant_test(word, value, held, share)) for _, held in operand.values)
        return _as(wanted, constant_test(word, value, self._as_whole(condition.subject, operand), share))

    @staticmethod
    def _as_whole(subject: FieldRef, operand: Any) -> Any:
        """A whole number as int, where the field holds one: comparing an int with a Decimal takes long."""
        counted = subject.type is FieldType.NUMBER and (subject.field is None or "." not in subject.field.access)
        return int(operand) if counted and isinstance(operand, Decimal) and operand == int(operand) else operand

    def _read(
        self,
        reference: FieldRef,
        then: Callable[[ast.expr], ast.expr],
        wanted: bool,
        *,
        blank_too: bool = False,
    ) -> ast.expr:
        """`then` of the value of a field or a column; true where it cannot be told."""
        if reference.field is not None:
            kind = self._kind_of(reference.alias)
            if kind is None:
                return ALWAYS
            value, again = self.around.read(kind, reference.field.access)
            if blank_too:
                return then(value)
            test = then(again)
            return ALWAYS if _is(test, True) else py.either(py.is_(value, py.constant(None)), test)
        return self._column(reference, then, wanted, blank_too)

    def _column(
        self, reference: FieldRef, then: Callable[[ast.expr], ast.expr], wanted: bool, blank_too: bool
    ) -> ast.expr:
        look_up = next(found for found in self.rule.look_ups if found.alias == reference.alias)
        answer = self.around.answer(self.rule, look_up)
        if answer is None:
            return ALWAYS
        if reference.name == "found":
            there = py.is_not(answer.ask, answer.absent)
            # what cannot be told is not absent, so that `found` needs no further test where it is wanted
            test = then(there)
            return test if test is there else py.either(test, answer.unknown)
        if not wanted:
            return ALWAYS  # seldom asked, and never by a rule of one condition
        name = reference.name
        column = (
            py.attribute(answer.value, name)
            if answer.by_attribute
            else py.call(py.attribute(answer.value, "get"), py.constant(name))
        )
        held = self.around.temporary("column")
        if blank_too:
            test = then(column)
        else:
            filled = py.is_not(py.walrus(held, column), py.constant(None))
            test = py.both(filled, then(py.name(held)))
        return py.both(py.is_not(answer.ask, answer.absent), py.either(answer.unknown, test))

    def _kind_of(self, alias: str) -> ScopeKind | None:
        """The scope of a name; None for the other one of a pair, which is not at hand."""
        if alias == self.rule.scope.alias:
            return self.rule.scope.kind
        return ScopeKind.CLAIM if self.rule.pair is None or alias != self.rule.pair.alias else None


def is_never(test: ast.expr) -> bool:
    return _is(test, False)


def is_always(test: ast.expr) -> bool:
    return _is(test, True)


def _is(test: ast.expr, value: bool) -> bool:
    return isinstance(test, ast.Constant) and test.value is value


def _as(wanted: bool, test: ast.expr) -> ast.expr:
    return test if wanted else py.negated(test)
