"""`scrubber testing faults`: claims with one known fault each, and labels of what is planted where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from scrubber.cli.options import debug_option, tables_option

if TYPE_CHECKING:
    from scrubber.tables import TableSet
    from scrubber.testing.faults import Fault

LABELS_SUFFIX = ".labels.csv"


@click.command(short_help="Write claims with one known fault each.")
@click.option(
    "--rule", "rules", metavar="RULE", multiple=True, help="Only faults of this rule or family; may be repeated."
)
@click.option("-n", "--number", type=click.IntRange(min=1), default=1, show_default=True, help="Claims of each rule.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed writes the same claims.")
@click.option(
    "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write the claims to FILE."
)
@click.option(
    "--labels",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Write what is planted where to FILE. [default: beside --output, with {LABELS_SUFFIX}]",
)
@click.option("--list", "listed", is_flag=True, help="Name the faults and the tables they need, and write no claims.")
@tables_option
@debug_option
def faults(
    *,
    rules: tuple[str, ...],
    number: int,
    seed: int,
    output: Path | None,
    labels: Path | None,
    listed: bool,
    tables_folder: Path | None,
) -> None:
    """Plant one known fault into each of some clean claims, and write the claims, one JSON object per line.

    The labels are CSV: the claim's id, the rule that has to fire, where, with which severity, and the fault in words.
    Faults of a rule are planted in turn. Those that need a table which is not at hand are left out.
    """
    from scrubber.cli.group import say
    from scrubber.cli.options import open_tables
    from scrubber.errors import ScrubberError
    from scrubber.report.page import count_of

    named = _named(rules)
    if listed:
        for fault in named:
            needs = f"  (needs {', '.join(fault.tables)})" if fault.tables else ""
            click.echo(f"{fault.rule}  {fault.severity:<7}  {fault.name}{needs}")
        return
    tables = open_tables(tables_folder)
    ready, left_out = _ready(named, tables)
    missing = ", ".join(sorted({table for _, table in left_out}))
    if not ready:
        raise ScrubberError(f"no fault can be planted without these tables: {missing}.", hint="Import them first.")
    if labels is None and output is not None:
        labels = output.with_suffix(LABELS_SUFFIX)
    written = _write(ready, tables, number, seed, output, labels)
    if left_out:
        say(f"{count_of(len(left_out), 'fault')} left out, for these tables are not at hand: {missing}")
    if labels is not None:
        say(f"{count_of(written, 'claim')} written; what is planted where stands in {labels}")


def _named(rules: tuple[str, ...]) -> list[Fault]:
    """The faults of the rules and families that are named."""
    from scrubber.errors import UnknownName
    from scrubber.testing.faults import all_faults
    from scrubber.testing.recall import is_named

    every = all_faults()
    for name in rules:
        if not any(is_named(fault.rule, [name]) for fault in every):
            known = {fault.rule for fault in every}
            raise UnknownName("rule with a fault", name, known | {rule.rstrip("0123456789").lower() for rule in known})
    return [fault for fault in every if not rules or is_named(fault.rule, rules)]


def _ready(named: list[Fault], tables: TableSet) -> tuple[list[Fault], list[tuple[Fault, str]]]:
    from scrubber.testing.faults.staging import lacking

    missing = [(fault, lacking(fault, tables)) for fault in named]
    return [fault for fault, table in missing if table is None], [(fault, t) for fault, t in missing if t is not None]


def _write(
    ready: list[Fault], tables: TableSet, number: int, seed: int, output: Path | None, labels: Path | None
) -> int:
    """Write claims and labels, and give back how many claims."""
    import csv
    from contextlib import ExitStack

    import msgspec

    from scrubber.cli.output import open_output
    from scrubber.testing.faults.batch import faulty_claims

    written = 0
    with ExitStack() as files:
        claims: TextIO = files.enter_context(open_output(output))
        rows = None
        if labels is not None:
            rows = csv.writer(files.enter_context(open_output(labels)), lineterminator="\n")
            rows.writerow(["claim_id", "rule", "at", "severity", "fault"])
        for fault, planted in faulty_claims(ready, tables, number, seed):
            claims.write(msgspec.json.encode(planted.claim).decode() + "\n")
            if rows is not None:
                rows.writerow([planted.claim["claim_id"], fault.rule, planted.at, fault.severity, fault.name])
            written += 1
    return written
