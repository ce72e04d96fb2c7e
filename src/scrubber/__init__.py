"""Claim Scrubber: checks a medical claim before it goes to the insurer."""

from scrubber.claim import Claim
from scrubber.errors import InputError, RuleError, ScrubberError, TableError, UnknownName
from scrubber.findings import Finding, Report
from scrubber.readers import read_claims
from scrubber.scrub import Scrubber

__version__ = "0.1.0"

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
    "read_claims",
]
