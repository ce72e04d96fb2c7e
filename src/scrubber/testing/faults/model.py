"""What a planted fault is: the claim before and after, and the place where its rule has to speak."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import attrs

from scrubber.findings import Severity
from scrubber.tables import TableSet

Claim = dict[str, Any]
"""A claim as a plain mapping, in the shape of the JSON claim."""

T = TypeVar("T")


@attrs.frozen
class Planted:
    """A claim with one fault, the same claim without it, and where the rule must fire, in the words of rule files:
    "claim", "line 2" or "diagnosis 1".
    """

    claim: Claim
    right: Claim
    at: str = "claim"


@attrs.frozen
class Means:
    """What planting may use: chance that is the same for the same seed, and the tables that the rules will ask."""

    chance: random.Random
    tables: TableSet

    def one_of(self, values: Sequence[T]) -> T:
        return self.chance.choice(values)


Plant = Callable[[Claim, Means], Planted | None]
"""Plants a fault into a copy of a clean claim; None where the claim is not suited."""


@attrs.frozen
class Fault:
    """One kind of mistake, and the rule that has to find it."""

    rule: str
    name: str
    """The mistake in a few words of a biller."""
    severity: Severity
    plant: Plant = attrs.field(repr=False)
    period: str = "2026"
    """The period of the clean claims: the one for which the tables that the rule asks are at hand."""
    tables: tuple[str, ...] = ()
    """Tables that the rule cannot do without and that are not shipped."""


def place_of_line(number: int) -> str:
    return f"line {number}"
