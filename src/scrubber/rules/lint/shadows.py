"""Rules of a pack beside each other: one that fires only where another does, and messages of two rules alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import attrs

from scrubber.rules.lint.files import RuleFile
from scrubber.rules.lint.logic import written
from scrubber.rules.model import Case, FinderLookUp, Node, Rule, TableLookUp
from scrubber.rules.yaml_source import RuleProblem


@attrs.frozen
class _Firing:
    """One way in which a rule fires, in words that do not depend on the names it gives to things."""

    file: RuleFile
    case: Case
    asks: frozenset[str]
    excused: frozenset[str]


def shadowed(files: Sequence[RuleFile]) -> Iterator[RuleProblem]:
    """RL030: rules that fire only where another of another id does."""
    firings = [one for file in files for one in _firings(file)]
    plain = [one for one in firings if len(one.file.rule.cases) == 1]
    told: set[tuple[str, str]] = set()
    for wide in plain:
        for narrow in plain:
            pair = (narrow.file.rule.id, wide.file.rule.id)
            if pair in told or pair[::-1] in told or not _covers(wide, narrow):
                continue
            told.add(pair)
            rule, other = narrow.file.rule, wide.file.rule
            alike = "asks the same as" if wide.asks == narrow.asks else "fires only where it finds what is asked by"
            message = f"{rule.id} {alike} {other.id} ({other.place.path.name})."
            hint = "Join the two, or let one name the other under `hides`."
            yield narrow.file.at(narrow.file.key("when"), "RL030", message, hint)


def same_messages(files: Sequence[RuleFile]) -> Iterator[RuleProblem]:
    """RL031: one message in two rules."""
    first: dict[str, Rule] = {}
    for file in files:
        for case, node in zip(file.rule.cases, file.cases(), strict=True):
            if not any(isinstance(part, str) and part.strip() for part in case.message.parts):
                continue  # a finder or reader gives the whole sentence
            other = first.setdefault(_renamed(file.rule, case.message.text), file.rule)
            if other.id != file.rule.id:
                message = f"the message is also that of {other.id} ({other.place.path.name})."
                yield file.at(file.of_case(node, "message"), "RL031", message, "Say what is wrong here, and not there.")


def _firings(file: RuleFile) -> Iterator[_Firing]:
    rule = file.rule
    if rule.status == "retired":
        return
    for case in rule.cases:
        asks, excused = ({_renamed(rule, written(node)) for node in nodes} for nodes in _asked(rule, case))
        yield _Firing(file, case, frozenset(asks), frozenset(excused))


def _asked(rule: Rule, case: Case) -> tuple[Sequence[Node], Sequence[Node]]:
    return (*rule.members, *rule.when, *case.when), (*rule.unless, *case.unless)


def _covers(wide: _Firing, narrow: _Firing) -> bool:
    one, other = wide.file.rule, narrow.file.rule
    if one.id == other.id or not wide.asks or not wide.asks <= narrow.asks or not wide.excused <= narrow.excused:
        return False
    if (one.scope.kind, one.pair and one.pair.kind, one.group_by) != (
        other.scope.kind,
        other.pair and other.pair.kind,
        other.group_by,
    ):
        return False
    for mine, theirs in (
        (one.applies_to.settings, other.applies_to.settings),
        (one.applies_to.payers, other.applies_to.payers),
    ):
        if mine and not (theirs and theirs <= mine):
            return False
    if other.applies_to.others_off and not one.applies_to.others_off and one.applies_to.payers:
        return False
    starts_later = one.effective_from and (other.effective_from is None or other.effective_from < one.effective_from)
    ends_sooner = one.effective_to and (other.effective_to is None or other.effective_to > one.effective_to)
    return not (starts_later or ends_sooner or _hides(wide, other) or _hides(narrow, one))


def _hides(firing: _Firing, other: Rule) -> bool:
    return any(name in (other.id, other.family) for names in firing.case.hides.values() for name in names)


def _renamed(rule: Rule, text: str) -> str:
    """The text with what each name stands for in place of the name."""
    names = {rule.scope.alias: rule.scope.kind.value}
    if rule.pair is not None:
        names[rule.pair.alias] = f"other {rule.pair.kind.value}"
    for look_up in rule.look_ups:
        if isinstance(look_up, TableLookUp):
            match = ", ".join(f"{key}={value}" for key, value in look_up.match.items())
            names[look_up.alias] = f"{look_up.table}[{match}]"
        elif isinstance(look_up, FinderLookUp):
            names[look_up.alias] = f"{look_up.finder}({look_up.of})"
    return re.sub(r"\b([a-z][a-z0-9_]*)\.(?=[a-z])", lambda found: f"{names.get(found[1], found[1])}.", text)
