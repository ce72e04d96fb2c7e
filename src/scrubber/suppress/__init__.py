"""Findings that are set aside on purpose: those of a baseline were known before, those of a suppression somebody
decided about, with a reason, a name and a last day.

Files are read once; `set_aside` is a function of one report and its claim.
"""

from scrubber.suppress.aside import Aside, set_aside
from scrubber.suppress.baseline import Baseline, BaselineDraft, read_baseline
from scrubber.suppress.suppressions import Entry, Suppressions, read_suppressions

__all__ = [
    "Aside",
    "Baseline",
    "BaselineDraft",
    "Entry",
    "Suppressions",
    "read_baseline",
    "read_suppressions",
    "set_aside",
]
