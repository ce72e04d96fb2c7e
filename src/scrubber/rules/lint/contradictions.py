"""Conditions that cannot hold together, that say nothing new, or that another case has taken already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrubber.fields import FIELDS, ScopeKind
from scrubber.rules.lint.files import RuleFile
from scrubber.rules.lint.logic import always, flat, relation, written
from scrubber.rules.model import Case, Condition, FieldRef, Group, Node, Place, Rule
from scrubber.rules.words import WORDS
from scrubber.rules.yaml_source import RuleProblem

_FORMS = {"inpatient": "institutional", "outpatient": "institutional"}


def contradictions(file: RuleFile) -> Iterator[RuleProblem]:
    """RL026 and RL027: in what must hold together, and in what the rule applies to."""
    shared = list(flat(file.rule.when))
    given = list(_given(file.rule))
    told: set[Place] = set()
    for problem in (
        *_members(file, list(flat(file.rule.members)), []),
        *_members(file, shared, given),
        *(found for case in file.rule.cases for found in _members(file, list(flat(case.when)), [*given, *shared])),
        *_alternatives(file),
    ):
        place = Place(problem.path, problem.line, problem.column)
        if place not in told:
            told.add(place)
            yield problem


def _members(file: RuleFile, own: Sequence[Condition], before: Sequence[Condition]) -> Iterator[RuleProblem]:
    """What is wrong with each condition, given those before it."""
    for number, condition in enumerate(own):
        for other in (*before, *own[:number]):
            forth, back = relation(other, condition), relation(condition, other)
            if "never" in (forth, back):
                message = f"{_named(condition)} can never hold together with {_where(other)}."
                yield file.at_place(condition.place, "RL026", message, "So this never fires; change one of the two.")
                break
            if forth == "follows":
                same = written(other) == written(condition)
                message = f"{_named(condition)} {'stands twice:' if same else 'follows from'} {_where(other)}."
                yield file.at_place(condition.place, "RL027", message, "Delete it.")
                break
            if back == "follows" and other in own:
                message = f"{_named(other)} follows from {_where(condition)}."
                yield file.at_place(other.place, "RL027", message, "Delete it.")
                break


def _alternatives(file: RuleFile) -> Iterator[RuleProblem]:
    """Groups `any_of` of which one member always holds, or is there twice."""
    for group in _groups(_every_node(file.rule)):
        singles = [member for member in group.members if isinstance(member, Condition)]
        if group.kind != "any_of":
            continue
        for number, condition in enumerate(singles):
            for other in singles[:number]:
                if always(other, condition):
                    message = f"{_named(condition)} or {_where(other)} always holds, so this any_of asks nothing."
                    yield file.at_place(group.place, "RL027", message, "Delete the group, or mend one of the two.")
                elif relation(condition, other) == "follows":
                    yield file.at_place(condition.place, "RL027", f"{_named(condition)} is a part of {_where(other)}.",
                                        "Delete it.")  # fmt: skip


def unless_never(file: RuleFile) -> Iterator[RuleProblem]:
    """RL029: excuses that cannot be; RL026 where the excuse always holds."""
    shared = list(flat(file.rule.when))
    yield from _excuses(file, file.rule.unless, shared)
    for case in file.rule.cases:
        yield from _excuses(file, case.unless, [*shared, *flat(case.when)])


def _excuses(file: RuleFile, unless: Sequence[Node], held: Sequence[Condition]) -> Iterator[RuleProblem]:
    for node in unless:
        if isinstance(node, Group) and node.kind != "all_of":
            continue
        own = list(flat((node,)))
        clash = next(((one, other) for one in own for other in held
                      if "never" in (relation(one, other), relation(other, one))), None)  # fmt: skip
        if clash is not None:
            message = f"{_named(clash[0])} can never hold where {_where(clash[1])} does."
            yield file.at_place(clash[0].place, "RL029", message, "Delete it, or change one of the two.")
        elif (
            own
            and _only_conditions(node)
            and all(any(relation(other, one) == "follows" for other in held) for one in own)
        ):
            message = f"{_named(own[0])} excuses everything: `when` asks for the same."
            yield file.at_place(own[0].place, "RL026", message, "So the rule never fires; change one of the two.")


def cases_never_reached(file: RuleFile) -> Iterator[RuleProblem]:
    """RL028: cases after one that always speaks before them."""
    if file.rule.every_case:
        return
    nodes = list(file.cases())
    for number, case in enumerate(file.rule.cases):
        for earlier, node in zip(file.rule.cases[:number], nodes, strict=False):
            if not earlier.unless and _asks_no_more(earlier, case):
                line = node.start_mark.line + 1
                message = f"this case is never reached: the one in line {line} speaks first."
                yield file.at(nodes[number], "RL028", message, "Put the narrower case first.")
                break


def _asks_no_more(earlier: Case, later: Case) -> bool:
    """Whether the earlier case holds wherever the later one does."""
    conditions = list(flat(later.when))
    asked = {written(node) for node in later.when}
    return all(
        written(node) in asked
        or (isinstance(node, Condition) and any(relation(one, node) == "follows" for one in conditions))
        for node in earlier.when
    )


def _given(rule: Rule) -> Iterator[Condition]:
    """What `applies_to` says of every claim, as conditions."""
    claim = FIELDS[ScopeKind.CLAIM]
    settings = rule.applies_to.settings
    forms = {_FORMS.get(setting, setting) for setting in settings}
    payers = () if rule.applies_to.others_off else rule.applies_to.payers
    for name, values in (("setting", settings), ("form", forms), ("payer.kind", payers)):
        if values:
            subject = FieldRef("claim", name, claim[name].type, claim[name])
            yield Condition(subject, WORDS["is_one_of"], tuple(sorted(values)), Place(rule.place.path, 0, 0))


def _named(condition: Condition) -> str:
    return f"`{condition.subject}: {condition.word.name}`"


def _where(condition: Condition) -> str:
    if not condition.place.line:
        return "`applies_to`"
    return f"{_named(condition)} in line {condition.place.line}"


def _only_conditions(node: Node) -> bool:
    return isinstance(node, Condition) or all(isinstance(member, Condition) for member in node.members)


def _every_node(rule: Rule) -> Iterator[Node]:
    yield from (*rule.members, *rule.when, *rule.unless)
    for case in rule.cases:
        yield from (*case.when, *case.unless)


def _groups(nodes: Iterator[Node] | Sequence[Node]) -> Iterator[Group]:
    for node in nodes:
        if isinstance(node, Group):
            yield node
            yield from _groups(node.members)
