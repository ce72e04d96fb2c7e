"""Overrides of a layer that change nothing, or that are about days on which their rule does not hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import yaml

from scrubber.rules.layers import meet, param_behind, param_use, param_uses
from scrubber.rules.lint.files import below, pairs
from scrubber.rules.model import Override, Pack, Rule
from scrubber.rules.override_file import OVERRIDES_FILE
from scrubber.rules.yaml_source import RuleProblem, YamlSource


def overrides(packs: Sequence[Pack]) -> Iterator[RuleProblem]:
    """RL043 and RL044, for every layer among the packs."""
    rules: dict[str, list[Rule]] = {}
    for rule in (rule for pack in packs for rule in pack.rules):
        rules.setdefault(rule.id, []).append(rule)
    others = [override.rule for pack in packs for override in pack.overrides]
    for pack in packs:
        nodes = _nodes(pack)
        for override in pack.overrides:
            node = nodes.get((override.place.line, override.place.column))
            found = rules.get(override.rule, [])
            if node is None or not found:
                continue
            concerned = [rule for rule in found if meet(rule, override)]
            if not concerned:
                yield _at(pack, node, "rule", "RL044", f"{override.rule} holds on none of these days.",
                          "Give the override days on which the rule holds.")  # fmt: skip
            elif others.count(override.rule) == 1:  # else it may take back what another layer has set
                yield from _without_effect(pack, node, override, concerned)


def _without_effect(pack: Pack, node: yaml.Node, override: Override, rules: Sequence[Rule]) -> Iterator[RuleProblem]:
    if all(rule.status in ("draft", "retired") for rule in rules):
        yield _at(pack, node, "rule", "RL043", f"{override.rule} is {rules[0].status} and does not run.",
                  "Delete the override.")  # fmt: skip
        return
    for name in override.values:
        if all(_says_so_already(rule, override, name) for rule in rules):
            message = f"the {name} of {override.rule} is this already."
            yield _at(pack, below(node, "set") or node, name, "RL043", message, "Delete it, or mend the value.")


def _says_so_already(rule: Rule, override: Override, name: str) -> bool:
    cases = rule.cases if override.case is None else rule.cases[override.case - 1 : override.case]
    match name:
        case "severity" | "risk" | "adjustment" | "acknowledgment":
            return all(getattr(case, name) == getattr(override, name) for case in cases)
        case "enabled":
            return override.enabled is True and not rule.applies_to.others_off
        case "references":
            return rule.references == override.references
        case "params":
            return all(_same_values(rule, override, param) for param in override.params)
        case _:
            return False


def _same_values(rule: Rule, override: Override, name: str) -> bool:
    """Whether a param has on each day of the override the values that it gives."""
    new: Mapping[Any, Any] = override.params[name]
    for condition in param_uses(rule).get(name, ()):
        old, given = param_behind(condition), new[param_use(condition)]
        days = {override.effective_from, *(day for day, _ in given.values if day is not None)}
        days |= {day for day, _ in old.values if day is not None and day > override.effective_from} if old else set()
        if old is None or any(_plain(old.on(day)) != _plain(given.on(day)) for day in days if _within(override, day)):
            return False
    return True


def _within(override: Override, day: date) -> bool:
    return override.effective_from <= day and (override.effective_to is None or day <= override.effective_to)


def _plain(value: Any) -> Any:
    """A constant as something that compares: a set of codes by the codes in it."""
    return sorted(value.text) if hasattr(value, "text") else value


def _nodes(pack: Pack) -> Mapping[tuple[int, int], yaml.Node]:
    """The node of each override of a pack, by where it stands."""
    if not pack.overrides:
        return {}
    root = YamlSource(pack.path / OVERRIDES_FILE).read()
    items = below(root, "overrides") if root is not None else None
    listed = items.value if isinstance(items, yaml.SequenceNode) else []
    return {(node.start_mark.line + 1, node.start_mark.column + 1): node for node in listed}


def _at(pack: Pack, mapping: yaml.Node, key: str, lint: str, message: str, hint: str) -> RuleProblem:
    """A problem at a key of an override."""
    node = next((name for name, _ in pairs(mapping) if name.value == key), mapping)
    place = (pack.path / OVERRIDES_FILE, node.start_mark.line + 1, node.start_mark.column + 1)
    return RuleProblem(*place, lint, message, hint)
