"""Named checks: what the words of the rule language cannot say, in Python.

A *predicate* says yes or no of one value (`passes:` and `fails:` in a rule). A *finder* looks something up about one
item of the claim and gives an answer with fields that conditions and messages may name (`look_up:` in a rule).

Other packages bring checks of their own under the entry point `scrubber.checks`; `known_checks` has them all.
"""

from scrubber.checks.answers import Blank, Unknown, Unsupported
from scrubber.checks.builtin import FINDERS, PREDICATES
from scrubber.checks.contract import CheckFailed, Finder, Predicate
from scrubber.checks.guard import GuardedTest
from scrubber.checks.known import Checks, known_checks

__all__ = [
    "FINDERS",
    "PREDICATES",
    "Blank",
    "CheckFailed",
    "Checks",
    "Finder",
    "GuardedTest",
    "Predicate",
    "Unknown",
    "Unsupported",
    "known_checks",
]
