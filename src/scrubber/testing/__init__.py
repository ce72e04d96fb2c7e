"""For tests: claims that read well, assertions on reports, frozen tables, and the runner of the tests in rule files.

    from scrubber.testing import a_claim, a_line, assert_clean, assert_fires

    def test_our_defaults_are_clean(mini_scrubber):
        assert_clean(a_claim(lines=[a_line("99213")]), scrubber=mini_scrubber)

`scrubber.testing.strategies` makes claims for Hypothesis. The names come when they are asked for:
`scrubber.testing.plugin` is loaded by every run of pytest, and costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrubber.testing.assertions import assert_clean, assert_fires, assert_same_findings, assert_silent
    from scrubber.testing.claims import (
        a_claim,
        a_dental_claim,
        a_line,
        a_medicare_number,
        an_institutional_claim,
        an_npi,
        as_json,
        as_mapping,
    )
    from scrubber.testing.mini import mini_tables
    from scrubber.testing.override_tests import run_override_tests
    from scrubber.testing.planting import FaultyClaim, plant_fault
    from scrubber.testing.proofs import Proof, Unproven, prove_rule, prove_rules
    from scrubber.testing.rule_examples import unreadable_examples
    from scrubber.testing.rule_tests import RuleTestResult, run_rule_tests
    from scrubber.testing.scrubbers import mini_scrubber
    from scrubber.testing.shorthand import ShorthandError, claim_from_shorthand
    from scrubber.testing.snapshots import stable_part

_HOMES = {
    "FaultyClaim": "scrubber.testing.planting",
    "Proof": "scrubber.testing.proofs",
    "RuleTestResult": "scrubber.testing.rule_tests",
    "ShorthandError": "scrubber.testing.shorthand",
    "Unproven": "scrubber.testing.proofs",
    "a_claim": "scrubber.testing.claims",
    "a_dental_claim": "scrubber.testing.claims",
    "a_line": "scrubber.testing.claims",
    "a_medicare_number": "scrubber.testing.claims",
    "an_institutional_claim": "scrubber.testing.claims",
    "an_npi": "scrubber.testing.claims",
    "as_json": "scrubber.testing.claims",
    "as_mapping": "scrubber.testing.claims",
    "assert_clean": "scrubber.testing.assertions",
    "assert_fires": "scrubber.testing.assertions",
    "assert_same_findings": "scrubber.testing.assertions",
    "assert_silent": "scrubber.testing.assertions",
    "claim_from_shorthand": "scrubber.testing.shorthand",
    "mini_scrubber": "scrubber.testing.scrubbers",
    "mini_tables": "scrubber.testing.mini",
    "plant_fault": "scrubber.testing.planting",
    "prove_rule": "scrubber.testing.proofs",
    "prove_rules": "scrubber.testing.proofs",
    "run_override_tests": "scrubber.testing.override_tests",
    "run_rule_tests": "scrubber.testing.rule_tests",
    "stable_part": "scrubber.testing.snapshots",
    "unreadable_examples": "scrubber.testing.rule_examples",
}

__all__ = [
    "FaultyClaim",
    "Proof",
    "RuleTestResult",
    "ShorthandError",
    "Unproven",
    "a_claim",
    "a_dental_claim",
    "a_line",
    "a_medicare_number",
    "an_institutional_claim",
    "an_npi",
    "as_json",
    "as_mapping",
    "assert_clean",
    "assert_fires",
    "assert_same_findings",
    "assert_silent",
    "claim_from_shorthand",
    "mini_scrubber",
    "mini_tables",
    "plant_fault",
    "prove_rule",
    "prove_rules",
    "run_override_tests",
    "run_rule_tests",
    "stable_part",
    "unreadable_examples",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
