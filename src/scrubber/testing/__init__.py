"""For tests: claims in shorthand, the runner of the tests inside rule files, and what those tests prove.

The names come when they are asked for: `scrubber.testing.plugin` is loaded by every run of pytest, and costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrubber.testing.override_tests import run_override_tests
    from scrubber.testing.proofs import Proof, Unproven, prove_rule, prove_rules
    from scrubber.testing.rule_examples import unreadable_examples
    from scrubber.testing.rule_tests import RuleTestResult, run_rule_tests
    from scrubber.testing.shorthand import ShorthandError, claim_from_shorthand

_HOMES = {
    "Proof": "scrubber.testing.proofs",
    "RuleTestResult": "scrubber.testing.rule_tests",
    "ShorthandError": "scrubber.testing.shorthand",
    "Unproven": "scrubber.testing.proofs",
    "claim_from_shorthand": "scrubber.testing.shorthand",
    "prove_rule": "scrubber.testing.proofs",
    "prove_rules": "scrubber.testing.proofs",
    "run_override_tests": "scrubber.testing.override_tests",
    "run_rule_tests": "scrubber.testing.rule_tests",
    "unreadable_examples": "scrubber.testing.rule_examples",
}

__all__ = [
    "Proof",
    "RuleTestResult",
    "ShorthandError",
    "Unproven",
    "claim_from_shorthand",
    "prove_rule",
    "prove_rules",
    "run_override_tests",
    "run_rule_tests",
    "unreadable_examples",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
