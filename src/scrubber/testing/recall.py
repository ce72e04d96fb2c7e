"""Plant every known fault into clean claims, and write what the rules found of them.

    python -m scrubber.testing.recall --tables DIR --output docs/recall.md

`DIR` is a folder of imported tables (`scrubber tables import`). Without it, or where a table is missing, the faults
that need it are named on the page as left out. `--claims` says how often each fault is planted, `--rule` plants only
those of some rules or families; the same seed gives the same page.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import click

from scrubber.errors import ScrubberError
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


@click.command()
@click.option("--tables", type=click.Path(file_okay=False, exists=True, path_type=Path), help="Folder of tables.")
@click.option(
    "--claims", "number", type=click.IntRange(min=1), default=100, show_default=True, help="Plantings a fault."
)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--rule", "rules", multiple=True, help="Plant the faults of this rule or family only (repeatable).")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File for the page.")
def main(tables: Path | None, number: int, seed: int, rules: tuple[str, ...], output: Path | None) -> None:
    """Plant known faults into clean claims and write what the rules found."""
    with tables_with_lists(tables) as at_hand:
        scrubber = Scrubber.load(tables=at_hand)
        faults = [fault for fault in all_faults() if not rules or is_named(fault.rule, rules)]
        running = {rule.id for rule in scrubber.rules}
        ready = [(fault, why_left_out(fault, at_hand, running)) for fault in faults]
        recalls = measure_all([fault for fault, why in ready if why is None], scrubber, number, seed)
    left_out = [(fault, why) for fault, why in ready if why is not None]
    text = page(recalls, unproven(scrubber.rules), left_out, f"each up to {number} times, seed {seed}")
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


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


if __name__ == "__main__":
    try:
        main()
    except ScrubberError as error:
        print(f"scrubber: {error}", file=sys.stderr)
        sys.exit(2)
