"""Planting a fault many times and looking at what the rules say."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import attrs

from scrubber.findings import Report
from scrubber.scrub import Scrubber
from scrubber.testing.examples import place_of
from scrubber.testing.faults.model import Claim, Fault, Means, Planted

FOUND = "found"


@attrs.frozen
class Recall:
    """How often a fault was planted and found, what became of the others, and what else fired beside it."""

    fault: Fault
    planted: int
    answers: Counter[str]
    beside: Counter[str]
    """Other rules that fire at error or warning because of the fault, by how many claims."""
    before: Counter[str]
    """Rules that fire on the claims without the fault, by how many claims: false alarms, of a rule or of the scene."""

    @property
    def found(self) -> int:
        return self.answers[FOUND]

    @property
    def share(self) -> float:
        return self.found / self.planted if self.planted else 0.0

    @property
    def misses(self) -> Counter[str]:
        """What became of those that were not found."""
        return Counter({answer: count for answer, count in self.answers.items() if answer != FOUND})


def measure(fault: Fault, claims: Sequence[Claim], scrubber: Scrubber, number: int, seed: int) -> Recall:
    """Plant a fault into `number` of the claims, fewer where fewer are suited, and scrub them with and without it."""
    chance = random.Random(f"{seed} {fault.rule} {fault.name}")
    means = Means(chance, scrubber.tables)
    answers: Counter[str] = Counter()
    beside: Counter[str] = Counter()
    before: Counter[str] = Counter()
    planted = 0
    for claim in chance.sample(claims, len(claims)):
        if planted == number:
            break
        done = fault.plant(claim, means)
        if done is None:
            continue
        planted += 1
        right, wrong = scrubber.scrub(done.right), scrubber.scrub(done.claim)
        answers[answer(fault, done, right, wrong)] += 1
        known = _loud(right)
        before.update({rule for rule, _ in known})
        beside.update({rule for rule, _ in _loud(wrong) - known if rule != fault.rule})
    return Recall(fault, planted, answers, beside, before)


def answer(fault: Fault, planted: Planted, right: Report, wrong: Report) -> str:
    """`FOUND`, or what the rule said instead."""
    told = [(place_of(finding), finding.severity) for finding in wrong.findings if finding.rule == fault.rule]
    wanted = (planted.at, fault.severity)
    if wanted in told:
        silent = wanted not in [(place_of(f), f.severity) for f in right.findings if f.rule == fault.rule]
        return FOUND if silent else "fires without the fault too"
    if wrong.errors:
        return f"the claim cannot be read: {wrong.errors[0].message}"
    at_place = [severity for place, severity in told if place == planted.at]
    if at_place:
        return f"found as {at_place[0]}"
    if told:
        return "found elsewhere: at " + ", ".join(sorted({place for place, _ in told}))
    masked = [masked.by for masked in wrong.masked if masked.rule == fault.rule]
    if masked:
        return f"hidden by {masked[0]}"
    for unjudged in (*wrong.not_checked, *wrong.not_evaluated):
        if unjudged.rule == fault.rule:
            return _without_days(unjudged.reason)
    return "silent"


def _loud(report: Report) -> set[tuple[str, str]]:
    return {(f.rule, place_of(f)) for f in report.findings if f.severity in ("error", "warning")}


def _without_days(reason: str) -> str:
    return " ".join("a day" if word[:4].isdigit() and "-" in word else word for word in reason.split())
