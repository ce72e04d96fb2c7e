"""How generated code reaches what a rule names: fields, columns of rows, answers of finders, days between dates."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

import attrs

from scrubber.checks import known_checks
from scrubber.checks.answers import UNKNOWN, NoEdition, graver, no_edition
from scrubber.engine import syntax as py
from scrubber.engine.days import days_between
from scrubber.engine.evaluate import blank_reason
from scrubber.engine.outcomes import UNASKED
from scrubber.rules.model import DaysLookUp, FieldRef, FinderLookUp, Group, LookUp, Node, Rule, Span, TableLookUp
from scrubber.rules.words import is_empty
from scrubber.tables import TableSet


@attrs.define
class Values:
    """The values of one rule in one function that is being generated."""

    rule: Rule
    tables: TableSet
    untold: bool = attrs.field(default=False, kw_only=True)
    """Whether the function is for groups of which nothing can be told, but that they are there."""
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

    def with_value(
        self, reference: FieldRef, value: str, target: str, then: py.Statements, *, blank_too: bool = False
    ) -> py.Statements:
        """Run `then` with the field's value, or set `target` to why there is none."""
        if self._is_untold(reference):
            return [py.assign(target, self._why_untold())]
        if reference.field is not None:
            read = py.assign(value, self._field_value(reference))
            if blank_too:
                return [read, *then]
            blank = py.assign(target, self._blank(reference))
            return [read, py.when(py.is_(py.name(value), py.constant(None)), [blank], then)]
        answer = py.name(look_up_variable(reference.alias))
        unknown = cannot_tell(answer)
        if reference.name == "found":
            found = [py.assign(value, py.is_not(answer, py.constant(None))), *then]
            return [py.when(unknown, [py.assign(target, answer)], found)]
        if blank_too and isinstance(self._look_up_called(reference.alias), DaysLookUp):
            # days that cannot be counted because a date is blank are known to be blank
            unknown = py.compare(py.attribute(answer, "__class__"), ast.Is(), self.shared("class", NoEdition))
        read = py.assign(value, self._column_value(reference))
        no = [py.assign(target, py.constant(False))]
        inner = then if blank_too else [py.when(py.is_(py.name(value), py.constant(None)), no, then)]
        # a condition on a row that is not there does not hold; a blank column of a row is known to be blank
        there = [py.when(py.is_(answer, py.constant(None)), no, [read, *inner])]
        return [py.when(unknown, [py.assign(target, answer)], there)]

    def _is_untold(self, reference: FieldRef) -> bool:
        return self.untold and reference.alias == self.rule.scope.alias

    def _why_untold(self) -> ast.expr:
        return py.attribute(py.name(scope_variable(self.rule.scope.alias)), "untold")

    def _field_value(self, reference: FieldRef) -> ast.expr:
        assert reference.field is not None
        return read_field(reference.field.access, py.name(scope_variable(reference.alias)), self.temporary)

    def _column_value(self, reference: FieldRef) -> ast.expr:
        answer = py.name(look_up_variable(reference.alias))
        look_up = self._look_up_called(reference.alias)
        if isinstance(look_up, DaysLookUp):  # a reason has no days
            return py.call(py.name("getattr"), answer, py.constant(reference.name), py.constant(None))
        if isinstance(look_up, FinderLookUp):
            return py.attribute(answer, reference.name)
        return py.call(py.attribute(answer, "get"), py.constant(reference.name))

    def _blank(self, reference: FieldRef) -> ast.expr:
        """The reason that names the blank field; made only when it is needed."""
        item = py.name(scope_variable(reference.alias))
        return py.call(self.shared("blank", blank_reason), self.shared("field", reference.field), item)

    # look-ups --------------------------------------------------------------------------------------------------

    def _look_up_called(self, alias: str) -> LookUp:
        return next(found for found in self.rule.look_ups if found.alias == alias)

    def look_ups(self, nodes: Iterable[Node]) -> py.Statements:
        return self.look_ups_by_name(alias for node in nodes for alias in look_ups_of(node))

    def look_ups_by_name(self, aliases: Iterable[str]) -> py.Statements:
        """Set the variables of look-ups that are not set yet."""
        by_alias = {look_up.alias: look_up for look_up in self.rule.look_ups}
        body: py.Statements = []
        for alias in aliases:
            if alias in by_alias and alias not in self.ready:
                self.ready.add(alias)
                body += self._look_up(by_alias[alias])
        return body

    def _look_up(self, look_up: LookUp) -> py.Statements:
        target = look_up_variable(look_up.alias)
        out = py.name("out")
        if isinstance(look_up, FinderLookUp):
            finder = self.shared("finder", known_checks().finders[look_up.finder])
            item = py.name(scope_variable(look_up.of))
            known = py.call(py.attribute(item, "found", "get"), py.constant(look_up.finder), py.name("UNASKED"))
            ask = py.assign(target, py.call(py.attribute(out, "find"), finder, item))
            return [py.assign(target, known), py.when(py.is_(py.name(target), py.name("UNASKED")), [ask])]
        if isinstance(look_up, DaysLookUp):
            body = self.look_ups_by_name([look_up.start.alias, look_up.end.alias])
            start, end = (self._value_or_reason(reference) for reference in (look_up.start, look_up.end))
            return [*body, py.assign(target, py.call(self.shared("days_between", days_between), start, end))]
        return self._table_look_up(look_up, target)

    def _value_or_reason(self, reference: FieldRef) -> ast.expr:
        """A value, why it cannot be told, or None where there is no such row."""
        if self._is_untold(reference):
            return self._why_untold()
        if reference.field is not None:
            held = self.temporary("date")
            blank = py.is_(py.walrus(held, self._field_value(reference)), py.constant(None))
            return py.choose(blank, self._blank(reference), py.name(held))
        answer = py.name(look_up_variable(reference.alias))
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
                variable = self.temporary("key")
                body += self.look_ups_by_name([part.alias])
                body += self._key_part(part, variable)
                blanks.append((variable, part))
                parts.append(py.name(variable))
            else:
                parts.append(py.constant(part))
        day = self.temporary("day")
        body += self.look_ups_by_name([look_up.as_of.alias])
        body += self._key_part(look_up.as_of, day)
        blanks.append((day, look_up.as_of))
        key = parts[0] if len(parts) == 1 else py.sequence(parts)
        if table is None:
            asked = py.call(self.shared("no_edition", no_edition), py.constant(look_up.table), py.name(day))
        else:
            asked = py.call(py.attribute(py.name("out"), "look_up"), self.shared("table", table), key, py.name(day))
        steps: py.Statements = [py.assign(target, asked)]
        for variable, reference in reversed(blanks):
            missing, reason = py.is_(py.name(variable), py.constant(None)), py.constant(None)
            if reference.field is not None and not self._is_untold(reference):
                reason = self._blank(reference)
            else:  # what a row could not tell, the row found by it cannot tell either
                missing, reason = py.either(missing, cannot_tell(py.name(variable))), py.name(variable)
            steps = [py.when(missing, [py.assign(target, reason)], steps)]
        return [*body, *steps]

    def _key_part(self, reference: FieldRef, variable: str) -> py.Statements:
        if reference.field is not None and not self._is_untold(reference):
            return [py.assign(variable, self._field_value(reference))]
        return [py.assign(variable, self._value_or_reason(reference))]

    def shared(self, kind: str, value: object) -> ast.expr:
        """A constant of the function, by name."""
        identifier = f"THE_{kind.upper()}_{len(self.names)}"
        self.names[identifier] = value
        return py.name(identifier)

    def temporary(self, kind: str) -> str:
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


def scope_variable(alias: str) -> str:
    return f"scope_{alias}"


def look_up_variable(alias: str) -> str:
    return f"look_up_{alias}"


def look_ups_of(node: Node) -> list[str]:
    """Names of the look-ups that a condition or group reads."""
    if isinstance(node, Group):
        return [alias for member in node.members for alias in look_ups_of(member)]
    operand = node.operand.of if isinstance(node.operand, Span) else node.operand
    references = [node.subject, *([operand] if isinstance(operand, FieldRef) else [])]
    return [reference.alias for reference in references if reference.field is None]
