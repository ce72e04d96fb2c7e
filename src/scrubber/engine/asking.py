"""Which rules may say anything about an item, as far as its public fields tell: one generated function for each kind.

It is asked where an item is met that looks like none before (`remember`). The tests are those of `possible`, but a
condition on anything that is not public counts as one that may hold.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import attrs

from scrubber.checks import known_checks
from scrubber.engine import syntax as py
from scrubber.engine.alike import Sight
from scrubber.engine.compile import CompiledRule
from scrubber.engine.fuse import Fuser
from scrubber.engine.index import RuleIndex
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.possible import ALWAYS, Known, is_always, is_never, may_concern
from scrubber.engine.values import cannot_tell
from scrubber.facts import ClaimFacts
from scrubber.fields import ScopeKind
from scrubber.rules.model import Condition, FinderLookUp, Rule
from scrubber.tables import TableSet

Met = Callable[[CompiledRule], None]
"""Takes each rule that may say something."""
AskFunction = Callable[[ClaimFacts, Any, Outcomes, Met], None]


def possibility(rule: Rule, sight: Sight, known: Known, tables: TableSet) -> ast.expr:
    """Whether a rule can be anything but clear, as far as public fields tell."""
    return may_concern(rule, _Asker(RuleIndex((), {}), known, tables, sight=sight))


def ask_function(rules: Sequence[CompiledRule], sight: Sight, known: Known, tables: TableSet) -> AskFunction:
    """The function for rules about one kind of item; those about lines with a procedure stand among those of lines."""
    return _Asker(RuleIndex(tuple(rules), {}), known, tables, sight=sight).asking()


@attrs.define
class _Asker(Fuser):
    sight: Sight = attrs.field(kw_only=True)

    def asking(self) -> AskFunction:
        kinds = list(dict.fromkeys(compiled.rule.scope.kind for compiled in self.index.always))
        body = [
            py.assign("claim", py.attribute(py.name("facts"), "claim")),
            py.assign("find", py.attribute(py.name("out"), "find")),
        ]
        for kind in sorted(kinds):  # all lines before those with a procedure
            item = self.item_name(kind)
            tests = self._tests(kind)
            within = [*self._unasked(kind, item), *tests]
            if kind is ScopeKind.PROCEDURE_LINE:
                within = [py.when(py.attribute(py.name(item), "procedure"), within)]
            body += [py.assign(item, py.name("item")), py.assign("raw", py.attribute(py.name("item"), "raw")), *within]
        module = py.function("asking", ("facts", "item", "out", "met"), body)
        exec(compile(module, "<asking>", "exec"), self.names)
        function: AskFunction = self.names["asking"]
        return function

    def _test(self, compiled: CompiledRule) -> py.Statements:
        test = may_concern(compiled.rule, self)
        if is_never(test):
            return []
        note = py.do(py.call(py.name("met"), self.share("rule", compiled)))
        return [note] if is_always(test) else [py.when(test, [note])]

    def _unasked(self, kind: ScopeKind, item: str) -> py.Statements:
        """Answers that other rules have asked for already."""
        return [
            py.assign(
                variable,
                py.call(py.attribute(py.name(item), "found", "get"), py.constant(asked.finder), py.name("UNASKED")),
            )
            for variable, (asked, of, _) in self.asked.items()
            if of is kind
        ]

    def instead(self, rule: Rule, condition: Condition, wanted: bool) -> ast.expr | None:
        if self.sight.tells(rule, condition):
            return None
        absent = condition.subject.name == "found" and condition.operand is False
        if condition.subject.field is None and wanted and not absent:
            asked = next(found for found in rule.look_ups if found.alias == condition.subject.alias)
            if isinstance(asked, FinderLookUp):
                return self._after(rule, asked)
        return ALWAYS

    def _after(self, rule: Rule, asked: FinderLookUp) -> ast.expr:
        """That a finder, which may not be asked, may have an answer, as far as the one tells from which it starts."""
        follows = known_checks().finders[asked.finder].follows
        base = None if follows is None else attrs.evolve(asked, finder=follows.finder)
        if follows is None or base is None or not self.sight.answers(rule, base):
            return ALWAYS
        answer = self.answer(rule, base)
        if answer is None:
            return ALWAYS
        column = py.attribute(answer.value, follows.column)
        fits = column if follows.values is None else py.compare(column, ast.In(), self.share("values", follows.values))
        there = py.is_not(answer.ask, py.constant(None))
        return py.both(there, py.either(cannot_tell(answer.value), fits))
