"""Every known fault planted into clean claims, and what the rules found of them: `scrubber testing recall`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from scrubber.rules.model import Rule
from scrubber.scrub import Scrubber
from scrubber.tables import TableSet
from scrubber.testing.corpus import clean_claims
from scrubber.testing.faults import Claim, Fault, all_faults
from scrubber.testing.faults.measure import Recall, measure
from scrubber.testing.faults.page import FAMILIES, page
from scrubber.testing.faults.reasons import WITHOUT_FAULT
from scrubber.testing.faults.staging import FIRST_DAYS, lacking
from scrubber.testing.lists import tables_with_lists

_CLAIMS_FOR_ONE = 4
"""Clean claims at hand for each planting: some are not suited."""


def recall_page(folder: Path | None, number: int, seed: int, rules: Sequence[str] = ()) -> str:
    """The page of what was found with the tables of a folder, of the faults of some rules or families, else of all."""
    with tables_with_lists(folder) as at_hand:
        scrubber = Scrubber.load(tables=at_hand)
        faults = [fault for fault in all_faults() if not rules or is_named(fault.rule, rules)]
        running = {rule.id for rule in scrubber.rules}
        ready = [(fault, why_left_out(fault, at_hand, running)) for fault in faults]
        recalls = measure_all([fault for fault, why in ready if why is None], scrubber, number, seed)
    left_out = [(fault, why) for fault, why in ready if why is not None]
    return page(recalls, unproven(scrubber.rules), left_out, f"each up to {number} times, seed {seed}")


def measure_all(faults: Sequence[Fault], scrubber: Scrubber, number: int, seed: int) -> list[Recall]:
    """Every fault planted `number` times into the clean claims of its period."""
    corpus: dict[str, list[Claim]] = {}
    recalls = []
    for fault in faults:
        if fault.period not in corpus:
            corpus[fault.period] = list(clean_claims(_CLAIMS_FOR_ONE * number, seed=seed, period=fault.period))
        recalls.append(measure(fault, corpus[fault.period], scrubber, number, seed))
    return recalls


def is_named(rule: str, names: Iterable[str]) -> bool:
    """Whether a rule is one of those that are named by id or family."""
    return any(name.upper() in (rule, rule.rstrip("0123456789")) for name in names)


def why_left_out(fault: Fault, tables: TableSet, rules: Collection[str]) -> str | None:
    """Why a fault cannot be planted with the rules and tables at hand; None where it can."""
    if fault.rule not in rules:
        return "there is no such rule"
    table = lacking(fault, tables)
    return None if table is None else f"no edition of `{table}` covers {FIRST_DAYS[fault.period]:%Y-%m-%d}"


def professional_rules(rules: Iterable[Rule]) -> list[str]:
    """The ids of the rules of the professional families that may fire on a professional claim."""
    return sorted(
        {
            rule.id
            for rule in rules
            if rule.family in FAMILIES and (not rule.applies_to.settings or "professional" in rule.applies_to.settings)
        }
    )


def unproven(rules: Collection[Rule]) -> dict[str, str]:
    """The professional rules without a fault, and why: the reason, or that there is none."""
    proven = {fault.rule for fault in all_faults()}
    return {
        rule: WITHOUT_FAULT.get(rule, "nobody has written one yet")
        for rule in professional_rules(rules)
        if rule not in proven
    }
