"""What a report and a list say of a pack: its level, its hash, what its version changed for which days of service."""

from __future__ import annotations

from collections.abc import Iterable

from scrubber.report.writer import ChangeInPack, PackUsed, RuleUsed
from scrubber.rules.in_words import with_gaps
from scrubber.rules.model import Change, Pack, Rule


def pack_used(pack: Pack) -> PackUsed:
    """A pack as a report names it, with the changes of its own version."""
    return PackUsed(
        name=pack.name,
        version=pack.version,
        level=pack.level,
        hash=pack.hash,
        changes=tuple(change_in_pack(change) for change in pack.changelog if change.version == pack.version),
        switches_off=tuple(dict.fromkeys(one.rule for one in pack.overrides if one.enabled is False)),
    )


def rules_used(rules: Iterable[Rule]) -> tuple[RuleUsed, ...]:
    """The rules as a report names them; of the files of one id the last, which is for the latest days."""
    return tuple({rule.id: rule_used(rule) for rule in rules}.values())


def rule_used(rule: Rule) -> RuleUsed:
    main = rule.main
    return RuleUsed(
        id=rule.id,
        name=rule.name,
        title=rule.title,
        family=rule.family,
        pack=rule.pack,
        status=rule.status,
        severity=main.severity,
        owner=main.owner,
        disposition=main.disposition,
        risk=main.risk,
        why=rule.why,
        fix_safety=main.fix_safety,
        fix=with_gaps(main.fix),
        group=main.adjustment.group,
        carc=main.adjustment.carc,
        rarc=main.adjustment.rarc,
        acknowledgment=main.acknowledgment,
        references=rule.references,
    )


def change_in_pack(change: Change) -> ChangeInPack:
    return ChangeInPack(
        date=change.released.isoformat(),
        rules=change.rules,
        first_day=change.effective_from.isoformat() if change.effective_from else None,
        last_day=change.effective_to.isoformat() if change.effective_to else None,
        what=change.what,
    )


def pack_note(pack: Pack) -> str:
    """What a list says of a pack after its name."""
    over = f" over {', '.join(name for name, _ in pack.over)}" if pack.over else ""
    overrides = f", overrides: {len(pack.overrides)}" if pack.overrides else ""
    return f" ({pack.level}{over}): {pack.title}; rules: {len(pack.rules)}{overrides}  {pack.path}"


def pack_object(pack: Pack) -> dict[str, object]:
    return {
        "name": pack.name,
        "version": pack.version,
        "title": pack.title,
        "level": pack.level,
        "over": [name for name, _ in pack.over],
        "hash": pack.hash,
        "rules": len(pack.rules),
        "overrides": len(pack.overrides),
        "folder": str(pack.path),
    }
