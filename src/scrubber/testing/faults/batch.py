"""Many claims with one fault each: the faults of every rule in turn, planted into the clean claims of their days."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

import attrs

from scrubber.tables import TableSet
from scrubber.testing.corpus import clean_claims
from scrubber.testing.faults.model import Claim, Fault, Means, Planted

_CLAIMS_FOR_ONE = 12
"""Clean claims that are tried for each planting: some are not suited."""


def faulty_claims(faults: Sequence[Fault], tables: TableSet, number: int, seed: int) -> Iterator[tuple[Fault, Planted]]:
    """`number` claims of each rule, with ids of their own; fewer where fewer are suited."""
    corpus: dict[str, list[Claim]] = {}
    for rule, group in groupby(faults, key=lambda fault: fault.rule):
        turns = [_plantings(fault, corpus, tables, number, seed) for fault in group]
        for place, (fault, planted) in enumerate(islice(_in_turn(turns), number), 1):
            claim_id = f"{rule}-{place}"
            yield (
                fault,
                attrs.evolve(
                    planted,
                    claim={**planted.claim, "claim_id": claim_id},
                    right={**planted.right, "claim_id": claim_id},
                ),
            )


def _plantings(
    fault: Fault, corpus: dict[str, list[Claim]], tables: TableSet, number: int, seed: int
) -> Iterator[tuple[Fault, Planted]]:
    if fault.period not in corpus:
        corpus[fault.period] = list(clean_claims(_CLAIMS_FOR_ONE * number, seed=seed, period=fault.period))
    chance = random.Random(f"{seed} {fault.rule} {fault.name}")
    means = Means(chance, tables)
    for claim in chance.sample(corpus[fault.period], len(corpus[fault.period])):
        planted = fault.plant(claim, means)
        if planted is not None:
            yield fault, planted


def _in_turn(turns: list[Iterator[tuple[Fault, Planted]]]) -> Iterator[tuple[Fault, Planted]]:
    """One of each, and again, until none has more."""
    while turns:
        for turn in list(turns):
            found = next(turn, None)
            if found is None:
                turns.remove(turn)
            else:
                yield found
