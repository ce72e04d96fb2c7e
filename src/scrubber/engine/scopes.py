"""Where the facts of a claim keep the items of each scope."""

from __future__ import annotations

from collections.abc import Mapping

from scrubber.fields import ScopeKind

COLLECTIONS: Mapping[ScopeKind, str] = {
    ScopeKind.LINE: "lines",
    ScopeKind.PROCEDURE_LINE: "procedure_lines",
    ScopeKind.DIAGNOSIS: "diagnoses",
    ScopeKind.PROVIDER: "providers",
    ScopeKind.PROCEDURE: "procedures",
    ScopeKind.FAULT: "faults",
}
"""Attribute of `ClaimFacts` by scope; the claim itself is the only item of its own scope."""
