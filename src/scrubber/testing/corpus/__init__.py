"""Correct professional claims of many specialties, made up: on them no rule may fire but a listed and reasoned few.

    for claim in clean_claims(1000, seed=1, period="2026"):
        report = scrubber.scrub(claim)

A scenario is a function `(Chance, Practice, day) -> claim` that writes one situation of one specialty and names the
authority it follows. Codes are right for the day: what begins, ends or changes its meaning is chosen by date.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import deepcopy

from scrubber.errors import UnknownName
from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.circumstances import with_circumstances
from scrubber.testing.corpus.periods import PERIODS, Period, period_named
from scrubber.testing.corpus.practice import Claim, make_practice
from scrubber.testing.corpus.scenarios import SCENARIOS, SPECIALTIES

__all__ = ["PERIODS", "SCENARIOS", "SPECIALTIES", "Claim", "Period", "clean_claims", "scenario_claims"]

_PRACTICES = 6
"""Practices of each specialty."""


def clean_claims(
    number: int, *, seed: int = 1, period: str = "2026", specialties: Collection[str] | None = None
) -> Iterator[Claim]:
    """So many claims, the same for the same seed: the specialties in turn, and within each its scenarios in turn.

    Raises:
        UnknownName: there is no such period or specialty; names the nearest one.
    """
    return (claim for _, claim in scenario_claims(number, seed=seed, period=period, specialties=specialties))


def scenario_claims(
    number: int, *, seed: int = 1, period: str = "2026", specialties: Collection[str] | None = None
) -> Iterator[tuple[str, Claim]]:
    """As `clean_claims`, each claim with the name of its scenario ("cardiology.echo_in_the_office")."""
    days = period_named(period)
    names = [name for name in SCENARIOS if specialties is None or name in specialties]
    for name in specialties or ():
        if name not in SCENARIOS:
            raise UnknownName("specialty", name, SCENARIOS)
    return (_claim(index, names, seed, days) for index in range(number))


def _claim(index: int, names: list[str], seed: int, days: Period) -> tuple[str, Claim]:
    name = names[index % len(names)]
    scenarios = SCENARIOS[name]
    turn = index // len(names) + 5 * PERIODS.index(days)  # so that few claims of all periods meet all scenarios
    make = scenarios[turn % len(scenarios)]
    chance = Chance(seed, days.name, name, index)
    practice = make_practice(SPECIALTIES[name], seed, chance.between(1, _PRACTICES))
    claim = with_circumstances(make(chance, practice, days.weekday(chance)), chance)
    return f"{name}.{make.__name__}", deepcopy(claim)
