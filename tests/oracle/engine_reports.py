"""How reports of two engines are held against each other."""

from __future__ import annotations

from typing import Any

from scrubber.findings import Report

DIFFERENCE = ("findings", "masked", "not_evaluated", "not_checked", "coverage", "decision", "risk", "errors")


def difference(compiled: Report, durable: Report) -> str:
    """What two reports on one claim say differently, for a person to read; empty where they are equal."""
    if compiled == durable:
        return ""
    parts: list[str] = []
    for name in DIFFERENCE:
        one: Any = getattr(compiled, name)
        other: Any = getattr(durable, name)
        if one == other:
            continue
        if isinstance(one, tuple) and set(map(repr, one)) != set(map(repr, other)):
            parts.append(f"{name}, compiled only: {[item for item in one if item not in other]}")
            parts.append(f"{name}, durable only: {[item for item in other if item not in one]}")
        else:
            parts.append(f"{name}: {one} and {other}")
    return "\n".join(parts) or "the reports differ"
