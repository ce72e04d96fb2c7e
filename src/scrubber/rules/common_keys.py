"""Keys that rules, packs and overrides share: adjustments, references, windows of days, kinds of claims."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import get_args

import yaml

from scrubber.claim import PayerKind
from scrubber.claim_status import REFUSALS
from scrubber.findings import Acknowledgment, Reference
from scrubber.rules import keys
from scrubber.rules.model import Adjustment
from scrubber.rules.yaml_source import Entries, YamlSource

SETTINGS = ("professional", "institutional", "inpatient", "outpatient", "dental")

_CARC = re.compile(r"[ABDPWY]?[0-9]{1,3}")
_RARC = re.compile(r"(M|MA|N)[0-9]{1,4}")
STATUS_SHAPE = re.compile(r"[0-9]{1,3}")
ENTITY_SHAPE = re.compile(r"[0-9A-Z]{2,3}")
_HINTS = {
    "carc": 'Write the number alone, such as "16"; the group (CO, PR) has a key of its own.',
    "rarc": "Write M, MA or N and the number, such as N519.",
}


def read_adjustment(source: YamlSource, node: yaml.Node) -> Adjustment:
    """Group, reason codes and remark codes of a payer's answer."""
    entries = source.record(node, "adjustment", keys.ADJUSTMENT) or {}
    codes: dict[str, tuple[str, ...]] = {"carc": (), "rarc": ()}
    for key, shape in (("carc", _CARC), ("rarc", _RARC)):
        if key in entries and not (isinstance(entries[key][1], yaml.SequenceNode) and not entries[key][1].value):
            codes[key] = source.texts(entries[key][1], key)
            for item in source.items(entries[key][1], key):
                if isinstance(item, yaml.ScalarNode) and not shape.fullmatch(item.value):
                    source.note(item, "RL011", f"{item.value!r} does not look like a {key.upper()}.", _HINTS[key])
    group = None
    if "group" in entries and not source.is_null(entries["group"][1]):
        group = source.choice(entries["group"][1], "group", ("CO", "PR", "OA", "PI", "CR"))
    return Adjustment(group=group, **codes)


def read_acknowledgment(source: YamlSource, node: yaml.Node) -> Acknowledgment | None:
    """The codes of a 277CA that refuses the claim; None behind a key that stands there without a value."""
    if source.is_null(node):
        return None
    entries = source.record(node, "acknowledgment", keys.ACKNOWLEDGMENT, ("category", "status")) or {}
    if not entries:
        return None
    category = source.text(entries["category"][1], "category") if "category" in entries else None
    if category is not None and category not in REFUSALS:
        source.note(entries["category"][1], "RL011", f"category cannot be {category!r}.",
                    "It is A3, A6, A7 or A8: the other categories of a 277CA refuse nothing.")  # fmt: skip
    status: tuple[str, ...] = ()
    if "status" in entries:
        status = source.texts(entries["status"][1], "status")
        if not status and isinstance(entries["status"][1], yaml.SequenceNode):
            source.note(entries["status"][1], "RL003", "status names no code.", "Name one, or delete acknowledgment.")
        for item in source.items(entries["status"][1], "status"):
            if isinstance(item, yaml.ScalarNode) and item.value and not STATUS_SHAPE.fullmatch(item.value):
                source.note(item, "RL011", f"{item.value!r} does not look like a claim status code.",
                            'Write the number alone, such as "562"; the category (A7) and the entity (85) have keys of '
                            "their own.")  # fmt: skip
    entity = None
    if "entity" in entries and not source.is_null(entries["entity"][1]):
        entity = source.text(entries["entity"][1], "entity")
        if entity is not None and not ENTITY_SHAPE.fullmatch(entity):
            source.note(entries["entity"][1], "RL011", f"{entity!r} does not look like an entity identifier code.",
                        'Write two or three letters or digits, such as "85" or "IL".')  # fmt: skip
    return Acknowledgment(category=category or "", status=status, entity=entity)


def read_references(source: YamlSource, node: yaml.Node) -> tuple[Reference, ...]:
    """Authorities; one at least."""
    items = source.items(node, "references")
    found = tuple(one for item in items if (one := read_reference(source, item)) is not None)
    if not found and "title" not in source.meant:
        source.note(node, "RL003", "the rule names no authority.", "Add a reference with its title.")
    return found


def read_reference(source: YamlSource, node: yaml.Node) -> Reference | None:
    """An authority: a title, and perhaps where it can be read."""
    entries = source.record(node, "a reference", keys.REFERENCE, ("title",))
    if not entries or "title" not in entries:
        return None
    url = source.text(entries["url"][1], "url") if "url" in entries else None
    return Reference(title=source.text(entries["title"][1], "title") or "", url=url)


def read_window(source: YamlSource, entries: Entries, node: yaml.Node, what: str) -> tuple[date | None, date | None]:
    """The days `from` and `to` among the entries; an open end is None."""
    from_, to = (
        source.day(entries[key][1], key) if key in entries and not source.is_null(entries[key][1]) else None
        for key in ("from", "to")
    )
    if from_ and to and to < from_:
        source.note(node, "RL011", f"{what} ends before it begins.")
    return from_, to


def read_settings(source: YamlSource, entries: Entries) -> frozenset[str]:
    """Settings of claims; institutional stands for both kinds of stays."""
    settings: set[str] = set()
    if "settings" in entries:
        for setting in source.choices(entries["settings"][1], "settings", SETTINGS):
            settings.update(("inpatient", "outpatient") if setting == "institutional" else (setting,))
    return frozenset(settings)


def read_payers(source: YamlSource, entries: Entries) -> frozenset[str]:
    """Kinds of payers."""
    known: Collection[str] = get_args(PayerKind)
    return frozenset(source.choices(entries["payers"][1], "payers", known) if "payers" in entries else ())
