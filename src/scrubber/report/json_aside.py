"""Findings that were set aside, as JSON: the reason of each, and what the summary says of the whole run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scrubber.findings import Suppression
from scrubber.report.aside_counts import AsideCounts
from scrubber.suppress import Entry


def suppression_object(why: Suppression) -> dict[str, Any]:
    """Why a finding was set aside; a baseline gives no reason, person or day."""
    return {
        "kind": why.kind,
        "place": why.place,
        "reason": why.reason or None,
        "by": why.by or None,
        "expires": why.expires,
    }


def aside_objects(counts: AsideCounts) -> dict[str, Any]:
    """The keys of the summary; each is there only where it has something to say."""
    told: dict[str, Any] = {}
    if counts.findings:
        told["suppressed"] = counts.findings
    if counts.expired or counts.unused:
        told["suppressions"] = {"unused": _entries(counts.unused), "expired": _entries(counts.expired)}
    if counts.baseline is not None:
        told["baseline"] = {
            "place": counts.baseline.place,
            "known": counts.baseline.known,
            "gone": counts.baseline.gone,
        }
    return told


def _entries(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [{"place": one.place, "about": one.about, "by": one.by, "expires": one.until} for one in entries]
