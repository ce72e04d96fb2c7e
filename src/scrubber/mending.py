"""Mending of pure form: a code written with its letters and digits only, in capitals, and nothing else of a claim.

Whatever a rule says, only a change whose old and new value have the same letters and digits counts as form: no mend can
turn one code, number or amount into another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from scrubber.claim import Claim
from scrubber.findings import Change, Report
from scrubber.readers.mapping import claim_from_mapping

REWRITABLE = frozenset({"clia_number", "code", "ndc", "ndc_unit", "npi", "taxonomy"})
"""Fields, by their last name, whose marks, blanks and small letters mean nothing to any payer: the code set or number
behind each has letters and digits only, and no two entries that differ in their case alone (docs/fixes.md)."""

_STEP = re.compile(r"([a-z_0-9]+)(?:\[(\d+)\])?")


def plain(text: str) -> str:
    """The letters and digits of a code, in capitals."""
    return "".join(character for character in text.upper() if character.isascii() and character.isalnum())


def is_form_only(change: Change) -> bool:
    """Whether a change writes the same letters and digits another way, in a field where nothing else counts."""
    field = change.field.rpartition(".")[2]
    return field in REWRITABLE and change.old != change.new == plain(change.old) and change.old.isascii()


def safe_fixes(report: Report) -> tuple[tuple[Change, str], ...]:
    """The changes of a report that may be made, each with its rule, in the order of the findings."""
    return tuple(
        (change, finding.rule)
        for finding in report.findings
        if finding.fix.safety == "safe"
        for change in finding.fix.changes
        if is_form_only(change)
    )


def mended(claim: Claim | Mapping[str, Any], report: Report) -> Claim:
    """The claim with every safe fix of its report done: a new claim, the given one stays as it is.

    A change whose old value is not (or no longer) there is left out, so a report of another claim mends nothing. Check
    the new claim again: one mend may bring to light the next.
    """
    read = claim if isinstance(claim, Claim) else claim_from_mapping(claim)
    return with_changes(read, [change for change, _ in safe_fixes(report)])


def with_changes(claim: Claim, changes: Iterable[Change]) -> Claim:
    """The claim with these changes done, as far as the old values are there."""
    for change in changes:
        if value_at(claim, change.field) == change.old:
            claim = _replaced(claim, _steps(change.field), change.new)
    return claim


def value_at(claim: Claim, field: str) -> Any:
    """What stands at "lines[0].rendering_provider.npi"; None where the way there is blank."""
    value: Any = claim
    for name, index in _steps(field):
        value = getattr(value, name, None)
        if index is not None:
            value = value[index] if isinstance(value, tuple) and index < len(value) else None
    return value


def _steps(field: str) -> list[tuple[str, int | None]]:
    found = [_STEP.fullmatch(step) for step in field.split(".")]
    return [(step[1], None if step[2] is None else int(step[2])) for step in found if step is not None]


def _replaced(holder: Any, steps: list[tuple[str, int | None]], new: str) -> Any:
    if not steps:
        return new
    (name, index), rest = steps[0], steps[1:]
    value = getattr(holder, name)
    if index is None:
        return attrs.evolve(holder, **{name: _replaced(value, rest, new)})
    items = (*value[:index], _replaced(value[index], rest, new), *value[index + 1 :])
    return attrs.evolve(holder, **{name: items})
