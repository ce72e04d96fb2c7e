"""`scrubber testing recall`: every known fault planted into clean claims, and what the rules found of them."""

from __future__ import annotations

from pathlib import Path

import click

from scrubber.cli.options import debug_option, tables_option


@click.command(short_help="Plant every known fault and tell which were found.")
@click.option(
    "--claims", "number", type=click.IntRange(min=1), default=100, show_default=True, help="Plantings a fault."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same page.")
@click.option(
    "--rule", "rules", metavar="RULE", multiple=True, help="Only faults of this rule or family; may be repeated."
)
@click.option(
    "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write the page to FILE."
)
@tables_option
@debug_option
def recall(*, number: int, seed: int, rules: tuple[str, ...], output: Path | None, tables_folder: Path | None) -> None:
    """Plant known faults into clean claims and write a page of what the rules found.

    Faults that need a table which is not at hand are named on the page as left out.
    """
    from scrubber.cli.options import tables_place
    from scrubber.cli.output import open_output
    from scrubber.testing.recall import recall_page

    text = recall_page(tables_place(tables_folder), number, seed, rules)
    with open_output(output) as stream:
        stream.write(text)
