"""Two versions of packs held against each other as data: which rules came, went and changed, and in which keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

import attrs

from scrubber.rules.model import Pack, Rule
from scrubber.rules.yaml_source import YamlSource


@attrs.frozen
class KeyChange:
    """A key of a rule file and what stands behind it, as plain data; None where the key is missing."""

    key: str
    old: Any
    new: Any


OVERRIDES_FILE = "overrides.yaml"
PACK_FILE = "pack.yaml"
_OF_LAYERS = ("layer", "applies_to")
"""Keys of `pack.yaml` that change what claims meet."""


@attrs.frozen
class RuleChange:
    """A rule, or an override of one, that is in one version only, or in both and not the same; or a pack whose header
    is, which then stands in the place of the rule.
    """

    rule: str
    name: str
    kind: Literal["added", "removed", "changed"]
    keys: tuple[KeyChange, ...] = ()


def compare_packs(old: Iterable[Pack], new: Iterable[Pack]) -> list[RuleChange]:
    """What changed from the old packs to the new ones, by rule id. Order, form and comments of a file mean nothing."""
    old, new = tuple(old), tuple(new)
    before, after = _by_id(old), _by_id(new)
    changed = [
        change
        for rule in sorted(before.keys() | after.keys())
        for pair in _pairs(before.get(rule, []), after.get(rule, []))
        if (change := _change(*pair)) is not None
    ]
    return [*_header_changes(old, new), *changed, *_override_changes(_overrides(old), _overrides(new))]


def _header_changes(old: Iterable[Pack], new: Iterable[Pack]) -> Iterator[RuleChange]:
    """Packs that are now for other claims, or lie over others."""
    before = {pack.name: _plain(pack.path / PACK_FILE) for pack in old}
    for pack in new:
        if pack.name in before:
            after = _plain(pack.path / PACK_FILE)
            keys = _key_changes(*({key: one.get(key) for key in _OF_LAYERS} for one in (before[pack.name], after)))
            if keys:
                yield RuleChange(pack.name, PACK_FILE, "changed", keys)


def _by_id(packs: Iterable[Pack]) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for pack in packs:
        for rule in pack.rules:
            found.setdefault(rule.id, []).append(rule)
    for versions in found.values():
        versions.sort(key=lambda rule: (rule.name, rule.effective_from or date.min))
    return found


def _pairs(old: list[Rule], new: list[Rule]) -> Iterator[tuple[Rule | None, Rule | None]]:
    """Versions of one id side by side: those of one name first, then the rest in the order of their days."""
    old_left, new_left = list(old), list(new)
    for rule in old:
        same = next((other for other in new_left if other.name == rule.name), None)
        if same is not None:
            old_left.remove(rule)
            new_left.remove(same)
            yield rule, same
    yield from zip_longest(old_left, new_left)


def _change(old: Rule | None, new: Rule | None) -> RuleChange | None:
    if old is None:
        return None if new is None else RuleChange(new.id, new.name, "added")
    if new is None:
        return RuleChange(old.id, old.name, "removed")
    keys = _key_changes(_plain(old.place.path), _plain(new.place.path))
    return RuleChange(new.id, new.name, "changed", keys) if keys else None


def _key_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[KeyChange, ...]:
    return tuple(
        KeyChange(key, before.get(key), after.get(key))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    )


_OverrideKey = tuple[str, str, str, int]


def _overrides(packs: Iterable[Pack]) -> dict[_OverrideKey, Mapping[str, Any]]:
    """What layers set, by the pack, the rule, and which of its overrides of that rule it is; `set` is laid open."""
    found: dict[_OverrideKey, Mapping[str, Any]] = {}
    for pack in packs:
        path = pack.path / OVERRIDES_FILE
        listed = _plain(path).get("overrides") if path.is_file() else None
        for one in listed if isinstance(listed, list) else []:
            if isinstance(one, Mapping):
                which = " ".join(str(one[key]) for key in ("case", "from", "to") if one.get(key) is not None)
                sets = one.get("set")
                laid_open = {f"set {key}": value for key, value in sets.items()} if isinstance(sets, Mapping) else {}
                kept = {key: value for key, value in one.items() if key != "set"}
                # several may set different things for the same days
                alike = sum(key[:3] == (pack.name, str(one.get("rule")), which) for key in found)
                found[pack.name, str(one.get("rule")), which, alike] = {**kept, **laid_open}
    return found


def _override_changes(
    before: Mapping[_OverrideKey, Mapping[str, Any]], after: Mapping[_OverrideKey, Mapping[str, Any]]
) -> Iterator[RuleChange]:
    for key in sorted(before.keys() | after.keys()):
        pack, rule, *_ = key
        name = f"override of {pack}"
        if key not in before:
            yield RuleChange(rule, name, "added")
        elif key not in after:
            yield RuleChange(rule, name, "removed")
        elif keys := _key_changes(before[key], after[key]):
            yield RuleChange(rule, name, "changed", keys)


def _plain(path: Path) -> Mapping[str, Any]:
    """A rule file as its author wrote it, without its form: text, lists and mappings."""
    source = YamlSource(path)
    root = source.read()
    plain = None if root is None else source.plain(root)
    return plain if isinstance(plain, Mapping) else {}
