"""Claim Scrubber: checks a medical claim before it goes to the insurer.

The public names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrubber.claim import Claim
    from scrubber.errors import InputError, RuleError, ScrubberError, TableError, UnknownName
    from scrubber.findings import Finding, Report
    from scrubber.mending import mended
    from scrubber.readers import read_claims
    from scrubber.scrub import Scrubber

__version__ = "0.1.0"

_HOMES = {
    "Claim": "scrubber.claim",
    "Finding": "scrubber.findings",
    "InputError": "scrubber.errors",
    "Report": "scrubber.findings",
    "RuleError": "scrubber.errors",
    "Scrubber": "scrubber.scrub",
    "ScrubberError": "scrubber.errors",
    "TableError": "scrubber.errors",
    "UnknownName": "scrubber.errors",
    "mended": "scrubber.mending",
    "read_claims": "scrubber.readers",
}

__all__ = [
    "Claim",
    "Finding",
    "InputError",
    "Report",
    "RuleError",
    "Scrubber",
    "ScrubberError",
    "TableError",
    "UnknownName",
    "__version__",
    "mended",
    "read_claims",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
