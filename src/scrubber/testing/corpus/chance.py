"""Chance that can be repeated: one source of random choices per claim, the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")

_NPI_PREFIX = "80840"
_MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"
"""The letters of Medicare's numbers: all but S, L, O, I, B and Z."""


class Chance:
    """Choices drawn from one seed. Identifiers have the right form and belong to nobody in particular."""

    def __init__(self, *seed: object) -> None:
        self._random = Random("/".join(str(part) for part in seed))

    def pick(self, *options: T) -> T:
        """One of the options."""
        return self._random.choice(options)

    def weighed(self, options: Sequence[tuple[T, float]]) -> T:
        """One of the options, the heavier ones more often."""
        return self._random.choices([option for option, _ in options], [weight for _, weight in options])[0]

    def some(self, options: Sequence[T], least: int, most: int) -> list[T]:
        """Between `least` and `most` of the options, in their own order."""
        many = self._random.randint(least, min(most, len(options)))
        chosen = set(self._random.sample(range(len(options)), many))
        return [option for place, option in enumerate(options) if place in chosen]

    def happens(self, probability: float) -> bool:
        """True with this probability."""
        return self._random.random() < probability

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(least, most)

    def day(self, first: date, last: date) -> date:
        """A day, both ends included."""
        return first + timedelta(days=self._random.randint(0, (last - first).days))

    def digits(self, many: int) -> str:
        """Digits, the first of which is not 0."""
        return str(self._random.randint(1, 9)) + "".join(str(self._random.randint(0, 9)) for _ in range(many - 1))

    def npi(self) -> str:
        """A provider number of the type in use, with its check digit (CMS, NPI check digit standard)."""
        body = "1" + self.digits(8)
        total = 0
        for place, digit in enumerate(reversed(_NPI_PREFIX + body)):
            value = int(digit) * (2 if place % 2 == 0 else 1)
            total += value - 9 if value > 9 else value
        return body + str(-total % 10)

    def mbi(self) -> str:
        """A Medicare number in CMS's pattern."""

        def letter() -> str:
            return self._random.choice(_MBI_LETTERS)

        def digit() -> str:
            return str(self._random.randint(0, 9))

        def either() -> str:
            return self._random.choice(_MBI_LETTERS + "0123456789")

        first = str(self._random.randint(1, 9))
        return "".join(
            (first, letter(), either(), digit(), letter(), either(), digit(), letter(), letter(), digit(), digit())
        )
