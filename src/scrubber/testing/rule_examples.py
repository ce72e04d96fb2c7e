"""Mistakes in the examples of rules that only the shorthand knows: claims that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scrubber.errors import ScrubberError
from scrubber.rules.model import Override, Rule
from scrubber.rules.yaml_source import RuleProblem
from scrubber.testing.shorthand import as_of_from_shorthand, claim_from_shorthand


def unreadable_examples(rules: Iterable[Rule | Override]) -> Iterator[RuleProblem]:
    """One problem for each example whose claim cannot be read."""
    for rule in rules:
        for test in rule.tests:
            try:
                claim_from_shorthand(test.claim)
                as_of_from_shorthand(test.claim)
            except ScrubberError as error:
                message = f"the claim of the test {test.name!r} cannot be read: {error.message.rstrip('.')}."
                yield RuleProblem(test.place.path, test.place.line, test.place.column, "RL017", message, error.hint)
