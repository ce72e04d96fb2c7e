"""For tests: claims in shorthand, and the runner of the tests inside rule files."""

from scrubber.testing.rule_examples import unreadable_examples
from scrubber.testing.rule_tests import RuleTestResult, run_rule_tests
from scrubber.testing.shorthand import ShorthandError, claim_from_shorthand

__all__ = ["RuleTestResult", "ShorthandError", "claim_from_shorthand", "run_rule_tests", "unreadable_examples"]
