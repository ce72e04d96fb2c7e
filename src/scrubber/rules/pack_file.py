"""Reads `pack.yaml`: the name and version of a pack, its level, the claims it is for, and what changed when."""

from __future__ import annotations

import re
from pathlib import Path

import attrs
import yaml

from scrubber.findings import Level
from scrubber.rules import keys
from scrubber.rules.common_keys import read_payers, read_window
from scrubber.rules.layers import LEVELS
from scrubber.rules.model import AppliesTo, Change, Place
from scrubber.rules.yaml_source import YamlSource

PACK_FILE = "pack.yaml"

_RULE_ID = re.compile(r"[A-Z]{2,5}[0-9]{3}")


@attrs.frozen(kw_only=True)
class PackHeader:
    """What `pack.yaml` says."""

    name: str
    version: str
    title: str
    level: Level = "national"
    over: tuple[tuple[str, Place], ...] = ()
    """The packs that it lies over, and where it says so."""
    applies_to: AppliesTo = attrs.field(factory=AppliesTo)
    changelog: tuple[Change, ...] = ()


def read_header(source: YamlSource) -> PackHeader | None:
    """The header of a pack as far as it can be read."""
    root = source.read()
    entries = source.record(root, PACK_FILE, keys.PACK, ("name", "version", "title")) if root else None
    if not entries:
        return None
    texts = {
        key: source.text(entries[key][1], key) or "" if key in entries else "" for key in ("name", "version", "title")
    }
    level, over = _layer(source, entries["layer"][1]) if "layer" in entries else (LEVELS[0], ())
    applies_to = AppliesTo()
    if "applies_to" in entries:
        key, node = entries["applies_to"]
        if "layer" not in entries and "layer" not in source.meant:
            message = "applies_to is for layers, and this pack is none."
            source.note(key, "RL003", message, "Add `layer: {level: payer, over: [core]}`, or say it in each rule.")
        applies_to = _applies_to(source, node)
    changelog = _changelog(source, entries["changelog"][1]) if "changelog" in entries else ()
    return PackHeader(**texts, level=level, over=over, applies_to=applies_to, changelog=changelog)


def _layer(source: YamlSource, node: yaml.Node) -> tuple[Level, tuple[tuple[str, Place], ...]]:
    entries = source.record(node, "layer", keys.LAYER, ("level", "over")) or {}
    level = LEVELS[0]
    if "level" in entries:
        level = source.choice(entries["level"][1], "level", LEVELS[1:]) or level  # type: ignore[assignment]
    items = source.items(entries["over"][1], "over") if "over" in entries else []
    over = ((source.text(item, "an item of over"), source.place(item)) for item in items)
    return level, tuple((name, place) for name, place in over if name)


def _applies_to(source: YamlSource, node: yaml.Node) -> AppliesTo:
    entries = source.record(node, "applies_to", keys.CLAIMS_OF_LAYER) or {}
    payer_ids, jurisdictions = (
        frozenset(source.texts(entries[key][1], key) if key in entries else ())
        for key in ("payer_ids", "jurisdictions")
    )
    return AppliesTo(payers=read_payers(source, entries), payer_ids=payer_ids, jurisdictions=jurisdictions)


def _changelog(source: YamlSource, node: yaml.Node) -> tuple[Change, ...]:
    """The entries, the newest first."""
    found = [change for item in source.items(node, "changelog") if (change := _change(source, item)) is not None]
    return tuple(sorted(found, key=lambda change: change.released, reverse=True))


def _change(source: YamlSource, node: yaml.Node) -> Change | None:
    entries = source.record(node, "a change", keys.CHANGE, keys.CHANGE_REQUIRED)
    if not entries or any(key not in entries for key in keys.CHANGE_REQUIRED):
        return None
    released = source.day(entries["date"][1], "date")
    rules = source.texts(entries["rules"][1], "rules")
    for rule in rules:
        if not _RULE_ID.fullmatch(rule):
            source.note(entries["rules"][1], "RL015", f"{rule!r} is not the id of a rule.", "Write it as DX102.")
    from_, to = read_window(source, entries, node, "a change")
    if released is None:
        return None
    return Change(
        version=source.text(entries["version"][1], "version") or "",
        released=released,
        rules=rules,
        effective_from=from_,
        effective_to=to,
        what=(source.text(entries["what"][1], "what") or "").strip(),
    )


def header_source(folder: Path) -> YamlSource:
    """The `pack.yaml` of a folder, about to be read."""
    return YamlSource(folder / PACK_FILE)
