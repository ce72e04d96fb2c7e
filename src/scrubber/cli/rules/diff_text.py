"""A diff of packs for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, TextIO

import attrs

from scrubber.claim_status import coded
from scrubber.findings import Acknowledgment, Finding
from scrubber.report.json import encode, finding_object, money
from scrubber.report.page import STYLES, Page, count_of, dollars, open_page
from scrubber.report.places import where_in_claim
from scrubber.rules.compare import KeyChange, RuleChange
from scrubber.rules.model import Pack
from scrubber.testing.pack_diff import KINDS, Example, FindingChange, PackDiff, PreviewEffect, RuleEffect

SHORT = 60
"""A value that is longer than this is not shown, only that it changed."""

_MARKS = {"added": "+", "removed": "-", "changed": "~", "come": "+", "go": "-", "change": "~"}
_MARK_STYLES = {"+": "green", "-": "red", "~": "yellow"}


@attrs.frozen
class DiffWritten:
    """Everything that a diff says."""

    old: tuple[Pack, ...]
    new: tuple[Pack, ...]
    rules: tuple[RuleChange, ...]
    claims: PackDiff | None


def write_diff(diff: DiffWritten, stream: TextIO) -> None:
    """The diff for people: the rules, then what they do to the claims."""
    page = open_page(stream)
    page.line((f"{_named(diff.old)} -> {_named(diff.new)}", "bold"))
    if not diff.rules:
        page.line(("the rules are the same", ""), indent=2)
    for change in diff.rules:
        mark = _MARKS[change.kind]
        keys = f": {', '.join(_key_text(key) for key in change.keys)}" if change.keys else ""
        page.line((f"{mark} {change.rule} ", _MARK_STYLES[mark]), (f"{change.name}, {change.kind}{keys}", ""), indent=2)
    if diff.claims is not None:
        page.line()
        _write_claims(page, diff.claims)


def _named(packs: Iterable[Pack]) -> str:
    return ", ".join(f"{pack.name} {pack.version}" for pack in packs)


def _key_text(change: KeyChange) -> str:
    old, new = (_short(value) for value in (change.old, change.new))
    if old is None or new is None:
        return change.key
    return f"{change.key} {old} -> {new}"


def _short(value: Any) -> str | None:
    """A value that reads well in a line; None for what is too long, or no single value."""
    if value is None:
        return "(none)"
    return value if isinstance(value, str) and len(value) <= SHORT else None


def _write_claims(page: Page, diff: PackDiff) -> None:
    differ = f"{count_of(diff.claims, 'claim')}: {diff.changed_claims:,} with other findings or another decision"
    page.line((differ, "bold"))
    for (old, new), number in sorted(diff.decisions.items()):
        page.line((f"{old} -> ", ""), (new, STYLES[new]), (f": {count_of(number, 'claim')}", ""), indent=2)
    if diff.old_at_risk != diff.new_at_risk:
        by = _signed(diff.new_at_risk - diff.old_at_risk)
        page.line((f"at risk: {dollars(diff.old_at_risk)} -> {dollars(diff.new_at_risk)} ({by})", ""), indent=2)
    for rule, effect in _most_first(diff.rules):
        page.line()
        _write_effect(page, rule, effect)
    if diff.previews:
        page.line()
        page.line(("preview rules, if they were stable", "bold"))
        for rule, preview in diff.previews.items():
            _write_preview(page, rule, preview)


def _most_first(rules: dict[str, RuleEffect]) -> list[tuple[str, RuleEffect]]:
    return sorted(rules.items(), key=lambda item: (-item[1].kinds.total(), item[0]))


def _write_effect(page: Page, rule: str, effect: RuleEffect) -> None:
    told = [f"{number:,} {kind}" for kind in KINDS if (number := effect.kinds[kind])]
    fields = f" ({', '.join(sorted(effect.fields))})" if effect.fields else ""
    page.line(
        (f"{rule} ", "bold"),
        (f"{effect.name}: {', '.join(told)}{fields}, on {count_of(effect.claims, 'claim')}, ", ""),
        (f"{_signed(effect.at_risk)} at risk", ""),
    )
    for example in effect.examples:
        _write_example(page, example)
    left = effect.kinds.total() - len(effect.examples)
    if left and effect.examples:
        page.line((f"and {left:,} more", "dim"), indent=2)


def _write_example(page: Page, example: Example) -> None:
    change = example.change
    mark = _MARKS[change.kind]
    place = ", ".join(filter(None, (example.source, None if example.index is None else f"claim {example.index + 1}")))
    page.line(
        (f"{mark} ", _MARK_STYLES[mark]),
        (example.claim_id or "(claim without an id)", "bold"),
        (f"  {place}, {where_in_claim(change.finding)}" if place else f"  {where_in_claim(change.finding)}", "dim"),
        indent=2,
    )
    for line in _change_lines(change):
        page.line((line, ""), indent=4)


def _change_lines(change: FindingChange) -> Iterator[str]:
    old, new = change.old, change.new
    if old is None or new is None:
        yield f"{change.finding.severity}: {change.finding.message}"
        return
    yield f"{new.severity}: {new.message}"
    for field in change.fields:
        yield f"{field}: {_field_text(old, field)} -> {_field_text(new, field)}"


def _field_text(finding: Finding, field: str) -> str:
    value = getattr(finding, field)
    if field == "fix":
        return str(value.text)
    if isinstance(value, Acknowledgment):
        return coded(value)
    if isinstance(value, tuple):
        return " ".join(value) or "(none)"
    return "(none)" if value is None else str(value)


def _write_preview(page: Page, rule: str, effect: PreviewEffect) -> None:
    if not effect.findings:
        page.line((f"{rule} ", "bold"), (f"{effect.name}: no findings", ""), indent=2)
        return
    told = f"{count_of(effect.findings, 'finding')} on {count_of(effect.claims, 'claim')}"
    stops = f"would hold {effect.would_hold:,} more and review {effect.would_review:,} more"
    page.line(
        (f"{rule} ", "bold"), (f"{effect.name}: {told}; {stops}, {_signed(effect.at_risk)} at risk", ""), indent=2
    )


def _signed(amount: Decimal) -> str:
    return f"{'-' if amount < 0 else '+'}{dollars(abs(amount))}"


# JSON --------------------------------------------------------------------------------------------------------------


def write_diff_json(diff: DiffWritten, stream: TextIO) -> None:
    """The diff as one object."""
    stream.write(
        encode(
            {
                "old": [{"name": pack.name, "version": pack.version} for pack in diff.old],
                "new": [{"name": pack.name, "version": pack.version} for pack in diff.new],
                "rules": [
                    {
                        "rule": change.rule,
                        "name": change.name,
                        "change": change.kind,
                        "keys": [{"key": key.key, "old": key.old, "new": key.new} for key in change.keys],
                    }
                    for change in diff.rules
                ],
                "claims": None if diff.claims is None else _claims_object(diff.claims),
            }
        )
        + "\n"
    )


def _claims_object(diff: PackDiff) -> dict[str, Any]:
    return {
        "claims": diff.claims,
        "unreadable": diff.unreadable,
        "changed": diff.changed_claims,
        "decisions": [
            {"old": old, "new": new, "claims": number} for (old, new), number in sorted(diff.decisions.items())
        ],
        "amount_at_risk": {
            "old": money(diff.old_at_risk),
            "new": money(diff.new_at_risk),
            "difference": money(diff.new_at_risk - diff.old_at_risk),
        },
        "findings": [_effect_object(rule, effect) for rule, effect in _most_first(diff.rules)],
        "preview": [
            {
                "rule": rule,
                "name": effect.name,
                "findings": effect.findings,
                "claims": effect.claims,
                "would_hold": effect.would_hold,
                "would_review": effect.would_review,
                "amount_at_risk": money(effect.at_risk),
            }
            for rule, effect in diff.previews.items()
        ],
    }


def _effect_object(rule: str, effect: RuleEffect) -> dict[str, Any]:
    return {
        "rule": rule,
        "name": effect.name,
        "come": effect.kinds["come"],
        "go": effect.kinds["go"],
        "change": effect.kinds["change"],
        "fields": dict(sorted(effect.fields.items())),
        "claims": effect.claims,
        "amount_at_risk": money(effect.at_risk),
        "examples": [
            {
                "change": example.change.kind,
                "source": example.source,
                "index": example.index,
                "claim_id": example.claim_id,
                "fields": list(example.change.fields),
                "old": None if example.change.old is None else finding_object(example.change.old),
                "new": None if example.change.new is None else finding_object(example.change.new),
            }
            for example in effect.examples
        ],
    }
