"""What a safe fix writes anew: `rewrite: {provider.npi: npi}`, each field with the check that it must then pass."""

from __future__ import annotations

import yaml

from scrubber.checks import known_checks
from scrubber.mending import REWRITABLE
from scrubber.rules import keys
from scrubber.rules.conditions import OF_A_PACKAGE, Names, phrase
from scrubber.rules.model import Rewrite


def read_rewrites(names: Names, fix: yaml.Node | None) -> tuple[Rewrite, ...]:
    """The rewrites of a `fix`; what is wrong with the rest of it is noted where the fix is read."""
    source = names.source
    if not isinstance(fix, yaml.MappingNode):
        return ()
    said = {key.value: value for key, value in fix.value}
    node = said.get(keys.REWRITE)
    if node is None:
        return ()
    if getattr(said.get("safety"), "value", None) != "safe":
        source.note(node, "RL011", "a fix that rewrites is safe, and only a safe one does.", "Add `safety: safe`.")
    found = [_rewrite(names, field, check) for field, check in (source.entries(node, "rewrite") or {}).values()]
    return tuple(rewrite for rewrite in found if rewrite is not None)


def _rewrite(names: Names, field: yaml.Node, check: yaml.Node) -> Rewrite | None:
    source = names.source
    text = source.text(field, "a field")
    reference = names.reference(field, text.removeprefix("$")) if text else None
    predicates = known_checks().predicates
    name = source.choice(check, "the check", predicates, OF_A_PACKAGE)
    if reference is None or name is None:
        return None
    if reference.field is None or reference.field.private or reference.name.rpartition(".")[2] not in REWRITABLE:
        message = f"{reference} cannot be rewritten: without its marks and small letters it may mean something else."
        source.note(field, "RL007", message, f"Fields that can: {', '.join(sorted(REWRITABLE))}.")
        return None
    if reference.type not in predicates[name].takes:
        source.note(check, "RL007", f"the check {name!r} does not fit {reference}, which is {phrase(reference.type)}.")
        return None
    return Rewrite(reference, predicates[name].test)
