"""Reads `overrides.yaml`: what a layer sets of the rules below it. Conditions are not among it, on purpose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

import attrs
import yaml

from scrubber.errors import nearest, some_known
from scrubber.findings import Level, Severity
from scrubber.rules import keys
from scrubber.rules.common_keys import (
    read_acknowledgment,
    read_adjustment,
    read_reference,
    read_references,
    read_window,
)
from scrubber.rules.conditions import operand_value, read_params
from scrubber.rules.examples import read_override_tests
from scrubber.rules.layers import param_use, param_uses
from scrubber.rules.model import AppliesTo, Override, Param, ParamUse, Rule
from scrubber.rules.yaml_source import Entries, YamlSource

OVERRIDES_FILE = "overrides.yaml"

_OF_THE_RULE = ("enabled", "params", "references")
"""What a rule has once for all its cases."""
_LOGIC = ("when", "unless", "cases", "every_case", "for_each", "pair_with", "group_by", "members", "look_up",
          "applies_to", "effective", "report", "hides")  # fmt: skip
_ELSEWHERE = {
    **{name: f"Write it below `set`: `set: {{{name}: …}}`." for name in keys.SETTABLE},
    "effective": "Write `from` and `to` in its place.",
}
"""Keys that are no keys of an override itself, and what to do with them."""
_WORDING = (
    "message",
    "title",
    "why",
    "fix",
    "question",
    "name",
    "id",
    "status",
    "disposition",
    "owner",
    "field",
    "codes",
    "tests",
)


@attrs.frozen(kw_only=True)
class OfLayer:
    """The pack whose overrides are read, as every one of them carries it."""

    pack: str
    version: str
    level: Level
    applies_to: AppliesTo


def read_overrides(
    source: YamlSource, layer: OfLayer, rules: Iterable[Rule], elsewhere: Mapping[str, str], *, all_read: bool
) -> tuple[Override, ...]:
    """The overrides of a layer over rules: its own, and those of the packs that it lies over.

    `elsewhere` names the pack of each rule that stands in another pack. `all_read`: no rule of these packs is left out.
    """
    by_id: dict[str, list[Rule]] = {}
    for rule in rules:
        by_id.setdefault(rule.id, []).append(rule)
    root = source.read()
    entries = source.record(root, OVERRIDES_FILE, ("overrides",), ("overrides",)) if root else None
    if not entries or "overrides" not in entries:
        return ()
    items = source.items(entries["overrides"][1], "overrides")
    found = [
        one
        for item in items
        if (one := _OverrideEntry(source, layer, by_id, elsewhere, all_read, item).read()) is not None
    ]
    _note_rivals(source, items, found)
    return tuple(found)


@attrs.frozen
class _OverrideEntry:
    """One override being read."""

    source: YamlSource
    layer: OfLayer
    by_id: Mapping[str, Sequence[Rule]]
    elsewhere: Mapping[str, str]
    all_read: bool
    node: yaml.Node

    def read(self) -> Override | None:
        source = self.source
        written = source.names_of(self.node)
        source.meant |= {"from"} if "effective" in written else set()
        source.meant |= {"set"} if "set" not in written and written & set(keys.SETTABLE) else set()
        entries = source.record(self.node, "an override", keys.OVERRIDE, keys.OVERRIDE_REQUIRED, _ELSEWHERE)
        if not entries or any(key not in entries for key in keys.OVERRIDE_REQUIRED):
            return None
        rules = self._rules(entries["rule"][1])
        from_, to = read_window(source, entries, self.node, "an override")
        reference = read_reference(source, entries["reference"][1])
        reason = (source.text(entries["reason"][1], "reason") or "").strip()
        if not reason and not source.is_null(entries["reason"][1]):
            source.note(entries["reason"][1], "RL003", "an override needs its reason.", "Say why the layer sets it.")
        case = self._case(entries, rules)
        settings = self._settings(entries, rules, case)
        if from_ is None:
            if source.is_null(entries["from"][1]):
                hint = "Write the first day of service that it is about."
                source.note(entries["from"][1], "RL003", "an override needs its first day.", hint)
            return None
        if not rules or reference is None or settings is None:
            return None
        return Override(
            rule=rules[0].id,
            case=case,
            effective_from=from_,
            effective_to=to,
            reason=reason,
            reference=reference,
            tests=read_override_tests(source, entries["tests"][1]) if "tests" in entries else (),
            place=source.place(self.node),
            pack=self.layer.pack,
            version=self.layer.version,
            level=self.layer.level,
            applies_to=self.layer.applies_to,
            **settings,
        )

    def _rules(self, node: yaml.Node) -> Sequence[Rule]:
        """The rules of the id, one for each of its files."""
        name = self.source.text(node, "rule") or ""
        if name in self.by_id:
            return self.by_id[name]
        source, message = self.source, f"there is no rule {name!r} in this pack or in those it lies over."
        by_name = next((id for id, rules in self.by_id.items() if any(name == rule.name for rule in rules)), None)
        if by_name is not None:
            message = f"{name!r} is the name of a rule; an override says its id, which never changes."
            source.note(node, "RL008", message, f"Write {by_name}.")
        elif name in self.elsewhere:
            message = f"{name} is a rule of the pack {self.elsewhere[name]}, which this one does not lie over."
            source.note(node, "RL008", message, f"Add {self.elsewhere[name]} to `over` in pack.yaml.")
        elif self.all_read:  # else its own mistake is told where it stands
            close = nearest(name, self.by_id)
            source.note(node, "RL008", message, f"Did you mean {close!r}?" if close else some_known(name, self.by_id))
        return ()

    def _case(self, entries: Entries, rules: Sequence[Rule]) -> int | None:
        if "case" not in entries:
            return None
        node = entries["case"][1]
        text = self.source.text(node, "case") or ""
        most = max((len(rule.cases) for rule in rules), default=0)
        if re.fullmatch("[1-9][0-9]*", text) and (not rules or int(text) <= most):
            return int(text)
        hint = f"The cases of {rules[0].id} are counted from 1 to {most}." if rules else "Count from 1."
        self.source.note(node, "RL011", f"case cannot be {text!r}.", hint)
        return None

    def _settings(self, entries: Entries, rules: Sequence[Rule], case: int | None) -> dict[str, Any] | None:
        """What the override sets, by its names in the model."""
        source, (_, node) = self.source, entries["set"]
        given = source.entries(node, "set")
        if given is None:
            return None
        if not given:
            source.note(node, "RL003", "the override sets nothing.", f"It may set: {', '.join(keys.SETTABLE)}.")
            return None
        found: dict[str, Any] = {"values": source.plain(node)}
        for name, (key, value) in given.items():
            if name not in keys.SETTABLE:
                self._refuse(key, name)
            elif name in _OF_THE_RULE and "case" in entries:
                source.note(key, "RL011", f"{name} is the same for all cases.", "Leave `case` out, or set it apart.")
            else:
                found[name] = self._setting(name, value, rules)
        return found

    def _refuse(self, key: yaml.Node, name: str) -> None:
        """What no layer may change, and what to do instead."""
        if name in _LOGIC:
            message = f"a layer may not change {name!r}: one id must look for the same fault everywhere."
            hint = "Write a rule of your own with an id of its own, and set `enabled: false` for this one."
        elif name in _WORDING:
            message = f"a layer may not change {name!r}."
            hint = "Add a sentence to the message with `message_note`."
        else:
            message = f"set has no key {name!r}."
            close = nearest(name, keys.SETTABLE)
            hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(keys.SETTABLE)}."
        self.source.note(key, "RL002", message, hint)

    def _setting(self, name: str, node: yaml.Node, rules: Sequence[Rule]) -> Any:
        source = self.source
        match name:
            case "severity":
                return source.choice(node, name, get_args(Severity))
            case "risk":
                return source.fraction(node, name)
            case "enabled":
                return source.flag(node, name)
            case "params":
                return self._params(node, rules)
            case "adjustment":
                return read_adjustment(source, node)
            case "acknowledgment":
                return read_acknowledgment(source, node)
            case "message_note":
                return self._note(node)
            case _:
                return read_references(source, node)

    def _note(self, node: yaml.Node) -> str | None:
        text = self.source.text(node, "message_note")
        if text is not None and ("{" in text or "}" in text):
            self.source.note(node, "RL013", "a message_note has no placeholders.", "Say it in words alone.")
        return text.strip() if text is not None else None

    def _params(self, node: yaml.Node, rules: Sequence[Rule]) -> Mapping[str, Mapping[ParamUse, Param]]:
        """New constants, each in the types of its uses in the rule."""
        source = self.source
        entries = source.entries(node, "params") or {}
        found: dict[str, dict[ParamUse, Param]] = {}
        uses: dict[str, list[Any]] = {}
        for rule in rules:
            for name, conditions in param_uses(rule).items():
                uses.setdefault(name, []).extend(conditions)
        for name, values in read_params(source, node).items():
            if name not in uses:
                if rules:
                    close = nearest(name, uses)
                    hint = f"Did you mean {close!r}?" if close else f"Its params: {', '.join(uses) or 'none'}."
                    source.note(entries[name][0], "RL008", f"{rules[0].id} has no param {name!r}.", hint)
                continue
            typed: dict[ParamUse, Param] = {}
            for condition in {param_use(one): one for one in uses[name]}.values():
                before = len(source.problems)
                pairs = tuple(
                    (start, operand_value(source, condition.word, condition.subject, value)) for start, value in values
                )
                if len(source.problems) > before:
                    break  # the other uses would only say it again
                typed[param_use(condition)] = Param(name, pairs)
            found[name] = typed
        return found


def _note_rivals(source: YamlSource, items: Sequence[yaml.Node], overrides: Sequence[Override]) -> None:
    """Two overrides of one layer that set the same thing for the same days."""
    nodes = {(node.start_mark.line + 1, node.start_mark.column + 1): node for node in items}
    for number, one in enumerate(overrides):
        for other in overrides[:number]:
            same_case = one.case is None or other.case is None or one.case == other.case
            if one.rule != other.rule or not same_case or not _share_days(one, other):
                continue
            for name in one.values:
                if name in other.values and (name != "params" or set(one.params) & set(other.params)):
                    node = nodes[one.place.line, one.place.column]
                    message = f"line {other.place.line} sets the {name} of {one.rule} for some of the same days."
                    source.note(node, "RL012", message, "Give the two disjoint days, or make them one.")


def _share_days(one: Override, other: Override) -> bool:
    first, second = sorted((one, other), key=lambda override: override.effective_from)
    return first.effective_to is None or second.effective_from <= first.effective_to
