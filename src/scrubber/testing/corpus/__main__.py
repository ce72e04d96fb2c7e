"""Write claims of the clean corpus, or check them: `python -m scrubber.testing.corpus 5000 --seed 1 --period 2026`.

With `--check` the claims go through the scrubber, and what fires is told by rule, with an example of each.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
import msgspec

from scrubber.errors import ScrubberError
from scrubber.testing.corpus import PERIODS, SCENARIOS, scenario_claims
from scrubber.testing.corpus.judge import tally


@click.command()
@click.argument("number", type=click.IntRange(min=1), default=100)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--period", "periods", type=click.Choice([period.name for period in PERIODS]), multiple=True)
@click.option("--specialty", "specialties", type=click.Choice(list(SCENARIOS)), multiple=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File for one claim per line.")
@click.option("--check", is_flag=True, help="Check the claims and tell what fires.")
@click.option("--tables", type=click.Path(file_okay=False, exists=True, path_type=Path), help="Folder of tables.")
@click.option("--pack", "packs", multiple=True, help="Packs to check with.", default=("core", "medicare", "medicaid"))
def main(
    number: int,
    seed: int,
    periods: tuple[str, ...],
    specialties: tuple[str, ...],
    output: Path | None,
    check: bool,
    tables: Path | None,
    packs: tuple[str, ...],
) -> None:
    """Write NUMBER correct claims of each period, one JSON object per line."""
    chosen = periods or tuple(period.name for period in PERIODS)
    claims = (
        pair
        for period in chosen
        for pair in scenario_claims(number, seed=seed, period=period, specialties=specialties or None)
    )
    if check:
        click.echo(tally(claims, packs=packs, tables=tables).text())
        return
    with _opened(output) as file:
        for _, claim in claims:
            file.write(msgspec.json.encode(claim) + b"\n")


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
        return
    with output.open("wb") as file:
        yield file


if __name__ == "__main__":
    try:
        main()
    except ScrubberError as error:
        sys.exit(str(error))
