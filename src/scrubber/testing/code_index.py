"""The codes that rules name in their conditions, for a page that leads from a code to the rules about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scrubber.rules.model import Condition, Group, Node, Param, Rule
from scrubber.tables.value_sets import CodeSet

KINDS: Mapping[str, str] = {
    "procedure": "Procedures",
    "procedures": "Procedures",
    "led_procedures": "Procedures",
    "modifiers": "Modifiers",
    "pointed_modifiers": "Modifiers",
    "bypass": "Modifiers",
    "diagnosis_codes": "Diagnoses",
    "earlier_codes": "Diagnoses",
    "code": "Diagnoses",
    "place_of_service": "Places of service",
    "places_without_facility": "Places of service",
    "condition_codes": "Condition codes",
    "discharge_status": "Discharge status",
    "revenue_code": "Revenue codes",
    "type_of_bill": "Type of bill",
    "bill_type": "Type of bill",
    "bill_frequency": "Frequency of the bill",
    "frequency": "Frequency of the bill",
}
"""What kind of codes the fields hold that rules name codes for; the kinds in the order of the page."""


def codes_named(rule: Rule) -> dict[str, set[str]]:
    """By kind, the codes, ranges ("99202-99215") and beginnings ("O80…") that the conditions of a rule name.

    What a finder knows without the rule's naming it, such as the pairs of NCCI, is not among them.
    """
    named: dict[str, set[str]] = {}
    for condition in _conditions([*rule.members, *rule.when, *rule.unless]):
        _add(named, condition)
    for case in rule.cases:
        for condition in _conditions([*case.when, *case.unless]):
            _add(named, condition)
    return named


def rules_by_code(rules: Iterable[Rule]) -> dict[str, dict[str, list[Rule]]]:
    """By kind and code the rules that name it, each id once; kinds in the order of the page, codes in theirs."""
    found: dict[str, dict[str, dict[str, Rule]]] = {kind: {} for kind in KINDS.values()}
    for rule in rules:
        for kind, codes in codes_named(rule).items():
            for code in codes:
                found[kind].setdefault(code, {}).setdefault(rule.id, rule)
    return {
        kind: {code: list(by_id.values()) for code, by_id in sorted(codes.items())}
        for kind, codes in found.items()
        if codes
    }


def _conditions(nodes: Iterable[Node]) -> Iterator[Condition]:
    for node in nodes:
        if isinstance(node, Group):
            yield from _conditions(node.members)
        else:
            yield node


def _add(named: dict[str, set[str]], condition: Condition) -> None:
    kind = KINDS.get(condition.subject.name)
    if kind is None:
        return
    operand = condition.operand
    values = [value for _, value in operand.values] if isinstance(operand, Param) else [operand]
    more = "…" if "start" in condition.word.name else ""
    for value in values:
        if isinstance(value, CodeSet):
            codes: Iterable[object] = value.text
        else:
            codes = value if isinstance(value, tuple) else [value]
        named.setdefault(kind, set()).update(f"{code}{more}" for code in codes if isinstance(code, str) and code)
