"""For tests: claims in shorthand, the runner of the tests inside rule files, and what those tests prove."""

from scrubber.testing.proofs import Proof, Unproven, prove_rule, prove_rules
from scrubber.testing.rule_examples import unreadable_examples
from scrubber.testing.rule_tests import RuleTestResult, run_rule_tests
from scrubber.testing.shorthand import ShorthandError, claim_from_shorthand

__all__ = [
    "Proof",
    "RuleTestResult",
    "ShorthandError",
    "Unproven",
    "claim_from_shorthand",
    "prove_rule",
    "prove_rules",
    "run_rule_tests",
    "unreadable_examples",
]
