"""Days: windows of rules, dated params and value sets, and tests at their edges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

import yaml

from scrubber.rules.days import iso_day
from scrubber.rules.lint.files import RuleFile, conditions_of, pairs
from scrubber.rules.model import Condition, Param
from scrubber.rules.yaml_source import RuleProblem

_DAY = timedelta(days=1)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DEFAULT_DAY = "2026-03-02"
"""The day of a test that names none (see the shorthand of claims)."""


def gaps(files: Sequence[RuleFile]) -> Iterator[RuleProblem]:
    """RL022: days between the files of one id."""
    by_id: dict[tuple[str, str], list[RuleFile]] = {}
    for file in files:
        by_id.setdefault((file.rule.id, file.rule.scope.kind.value), []).append(file)
    for same in by_id.values():
        same.sort(key=lambda file: file.rule.effective_from or date.min)
        for earlier, later in pairwise(same):
            end, start = earlier.rule.effective_to, later.rule.effective_from
            if end is not None and start is not None and start > end + _DAY:
                message = f"{earlier.path.name} ends on {end}, so from {end + _DAY} to {start - _DAY} no rule holds."
                hint = f"Let this one begin on {end + _DAY}, or say why it does not."
                yield later.at(later.key("effective"), "RL022", message, hint)


def begins_late(file: RuleFile) -> Iterator[RuleProblem]:
    """RL023: params and value sets without a value on the first days of the rule."""
    begin = file.rule.effective_from
    if begin is None:
        return
    told: set[str] = set()
    for condition in conditions_of(file.rule):
        param = _dated(condition)
        if param is None or param.name in told or param.values[0][0] is None or param.values[0][0] <= begin:
            continue
        told.add(param.name)
        kind, _, name = param.name.rpartition(".")
        what = f"the value set {name}" if kind else f"the param {name}"
        message = f"{what} has no value before {param.values[0][0]}, but the rule begins on {begin}."
        hint = "Give it the value of those days, or let `effective` begin with it."
        place = file.at_place(condition.place, "RL023", message, hint)
        yield place if kind else file.at(file.key("params", name), "RL023", message, hint)


def dates_of_params(file: RuleFile) -> Iterator[RuleProblem]:
    """RL024: days out of order, after the end, or without a change."""
    for name, values in pairs(file.node("params")):
        days = [(key, day, node) for key, node in pairs(values) if (day := iso_day(key.value)) is not None]
        for (_, before, node_before), (key, day, node) in pairwise(days):
            if day < before:
                yield file.at(
                    key, "RL024", f"{day} stands after {before}.", "Put the days in order, the first one first."
                )
            elif _same(node, node_before):
                message = f"the value of {name.value} on {day} is the one of {before}."
                yield file.at(key, "RL024", message, "Delete this line, or mend the value.")
        end = file.rule.effective_to
        for key, day, _ in days:
            if end is not None and day > end:
                message = f"the rule ends on {end}, so this value of {name.value} is never used."
                yield file.at(key, "RL024", message, "Delete it, or move it to the file that holds from then on.")


def edges(file: RuleFile) -> Iterator[RuleProblem]:
    """RL025: days of change without a test on both sides."""
    tested = {day for test in file.rule.tests for day in _days(test.claim)}
    rule = file.rule
    if rule.effective_from is not None:
        yield from _edge(file, file.key("effective"), "the rule begins", rule.effective_from, tested)
    if rule.effective_to is not None and rule.effective_to < date.max:
        yield from _edge(file, file.key("effective"), "the rule has ended", rule.effective_to + _DAY, tested)
    for name, values in pairs(file.node("params")):
        days = sorted((day, key) for key, _ in pairs(values) if (day := iso_day(key.value)) is not None)
        for day, key in days[1:]:
            yield from _edge(file, key, f"{name.value} changes", day, tested)


def _edge(file: RuleFile, node: yaml.Node, what: str, day: date, tested: set[date]) -> Iterator[RuleProblem]:
    missing = [str(one) for one in (day - _DAY, day) if one not in tested]
    if missing:
        message = f"{what} on {day}, and no test is about {' or '.join(missing)}."
        yield file.at(node, "RL025", message, "Add a test for the last day before and one for the first day.")


def _days(claim: object) -> set[date]:
    """The days that the claim of a test names."""
    found = {date.fromisoformat(text) for text in _DATE.findall(str(claim)) if iso_day(text)}
    return found or {date.fromisoformat(_DEFAULT_DAY)}


def _dated(condition: Condition) -> Param | None:
    operand = condition.operand
    return operand if isinstance(operand, Param) and operand.values else None


def _same(node: yaml.Node, other: yaml.Node) -> bool:
    return yaml.serialize(node) == yaml.serialize(other)
