"""What layers make of a rule, in words and as plain data: for `explain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import attrs

from scrubber.checks.answers import Blank
from scrubber.cli.pack_text import change_in_pack
from scrubber.report.page import Page
from scrubber.rules.layers import PayerIdentity, by_level, chosen, fits, resolve
from scrubber.rules.model import Override, Pack, Rule

_SWITCHABLE = ", unless a layer of theirs switches it on with `enabled: true`."


@attrs.frozen(kw_only=True)
class Explained:
    """The versions of a rule as asked for, and the layers that have a word in it."""

    rules: tuple[Rule, ...]
    """With a payer: as its layers make them. With a day: those of that day."""
    overrides: tuple[tuple[Override, bool | Blank], ...]
    """Every override of the rule that is known, and whether it is in force for what was asked."""
    payer: PayerIdentity | None = None
    as_of: date | None = None
    notes: tuple[str, ...] = ()


def explained(
    packs: Sequence[Pack], versions: Sequence[Rule], payer: PayerIdentity | None, as_of: date | None
) -> Explained:
    """A rule for a payer on a day; without a payer as the packs have it, before any layer."""
    known = [one for pack in by_level(packs) for one in pack.overrides if one.rule == versions[0].id]
    told = [(one, _in_force(one, payer, as_of)) for one in known]
    rules, notes = list(versions), []
    applied = [one for one in known if payer is not None and fits(one.applies_to, payer) is True]
    if payer is not None:
        rules = [rule for rule in rules if chosen(rule, payer, applied) is not False]
        if not rules:
            switchable = any(rule.applies_to.others_off for rule in versions)
            notes.append("The rule is not for claims of this payer" + (_SWITCHABLE if switchable else "."))
    rules = [rule for rule in rules if as_of is None or _covers(rule, as_of)]
    if not rules and not notes:
        notes.append(f"The rule has no version for {as_of}.")
    if payer is not None and rules:
        runs = [(rule, fits(rule.applies_to, payer) is not False) for rule in rules]
        variants = [variant for rule, on in runs for variant in resolve(rule, applied, on=on)]
        rules = [variant for variant in variants if variant.has_days]
        rules = [rule for rule in rules if as_of is None or _covers(rule, as_of)]
        if not rules:
            notes.append("A layer switches the rule off, so it does not run.")
    return Explained(rules=tuple(rules), overrides=tuple(told), payer=payer, as_of=as_of, notes=tuple(notes))


def _in_force(override: Override, payer: PayerIdentity | None, as_of: date | None) -> bool | Blank:
    if as_of is not None and not _covers(override, as_of):
        return False
    return fits(override.applies_to, payer or PayerIdentity())


def _covers(dated: Rule | Override, day: date) -> bool:
    begun = dated.effective_from is None or dated.effective_from <= day
    return begun and (dated.effective_to is None or day <= dated.effective_to)


def write_heading(page: Page, told: Explained) -> None:
    """For whom and for which day the rule is explained, and why there may be nothing to show."""
    asked = [f"payer {_payer(told.payer)}"] if told.payer else []
    asked += [f"dates of service of {told.as_of}"] if told.as_of else []
    if asked:
        page.line((f"For {', '.join(asked)}:", "bold"))
        page.line()
    for note in told.notes:
        page.line((note, ""))


def write_layers(page: Page, told: Explained) -> None:
    """Every layer that has a word in the rule, the lowest first."""
    if not told.overrides:
        return
    page.line()
    page.line(("Layers", "bold"))
    for override, in_force in told.overrides:
        page.line(
            (f"{override.pack} {override.version}", "bold"),
            (f" ({override.level}; {_claims(override)}), {_days(override)}", ""),
            (_standing(told, in_force), "dim"),
            indent=2,
        )
        for line in _lines(override):
            page.line((line, ""), indent=4)


def write_changes(page: Page, packs: Iterable[Pack], rule: str) -> None:
    """What the changelogs say of the rule."""
    lines = list(_changes(packs, rule))
    if lines:
        page.line()
        page.line(("Changes", "bold"))
    for pack, change in lines:
        days = f"{change['from'] or ''}..{change['to'] or ''}" if change["from"] or change["to"] else "all days"
        page.line((f"{change['date']} {pack} {change['version']}, for {days}: {change['what']}", ""), indent=2)


def _changes(packs: Iterable[Pack], rule: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for pack in packs:
        for change in pack.changelog:
            if rule in change.rules:
                told = change_in_pack(change)
                yield (
                    pack.name,
                    {
                        "version": change.version,
                        "date": told.date,
                        "from": told.first_day,
                        "to": told.last_day,
                        "what": told.what,
                    },
                )


def _standing(told: Explained, in_force: bool | Blank) -> str:
    if told.payer is None and told.as_of is None:
        return ""
    if in_force is False:
        return "  not in force"
    if told.payer is None:
        return ""
    return "  in force" if in_force is True else f"  cannot be told: {in_force.reason}"


def _lines(override: Override) -> Iterator[str]:
    case = f"case {override.case}: " if override.case else ""
    sets = "; ".join(f"{name.replace('_', ' ')} {_value(value)}" for name, value in override.values.items())
    yield f"sets {case}{sets}"
    yield override.reason
    yield f"{override.reference.title}  {override.reference.url or ''}".rstrip()


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return str(value)


def _payer(payer: PayerIdentity) -> str:
    said = [payer.id, payer.kind, f"jurisdiction {payer.jurisdiction}" if payer.jurisdiction else None]
    return ", ".join(filter(None, said))


def _claims(override: Override) -> str:
    applies_to = override.applies_to
    parts = [
        f"{title} {', '.join(sorted(values))}"
        for title, values in (
            ("payers", applies_to.payers),
            ("payer ids", applies_to.payer_ids),
            ("jurisdictions", applies_to.jurisdictions),
        )
        if values
    ]
    return "; ".join(parts) or "all claims"


def _days(override: Override) -> str:
    end = f" to {override.effective_to}" if override.effective_to else ""
    return f"from {override.effective_from}{end}"


def layers_object(told: Explained, packs: Iterable[Pack], rule: str) -> dict[str, Any]:
    """The same as plain data."""
    payer = told.payer
    return {
        "payer": None if payer is None else {"id": payer.id, "kind": payer.kind, "jurisdiction": payer.jurisdiction},
        "as_of": told.as_of,
        "notes": told.notes,
        "layers": [_override_object(override, in_force) for override, in_force in told.overrides],
        "changes": [{"pack": pack, **change} for pack, change in _changes(packs, rule)],
    }


def _override_object(override: Override, in_force: bool | Blank) -> dict[str, Any]:
    return {
        "pack": override.pack,
        "version": override.version,
        "level": override.level,
        "applies_to": {
            "payers": sorted(override.applies_to.payers),
            "payer_ids": sorted(override.applies_to.payer_ids),
            "jurisdictions": sorted(override.applies_to.jurisdictions),
        },
        "from": override.effective_from,
        "to": override.effective_to,
        "case": override.case,
        "set": override.values,
        "reason": override.reason,
        "reference": {"title": override.reference.title, "url": override.reference.url},
        "in_force": None if isinstance(in_force, Blank) else in_force,
        "file": str(override.place.path),
        "line": override.place.line,
    }
