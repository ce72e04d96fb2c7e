"""`scrubber testing corpus`: claims of the clean corpus, or what the rules say of them."""

from __future__ import annotations

from pathlib import Path

import click

from scrubber.cli.options import debug_option, tables_option

_PACKS = ("core", "medicare", "medicaid")


@click.command(short_help="Write correct claims, or tell what fires on them.")
@click.argument("number", metavar="[NUMBER]", type=click.IntRange(min=1), default=100)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed writes the same claims.")
@click.option("--period", "periods", metavar="NAME", multiple=True, help="2024q3, 2025q4 or 2026. [default: all]")
@click.option("--specialty", "specialties", metavar="NAME", multiple=True, help="Only claims of it; may be repeated.")
@click.option(
    "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write the claims to FILE."
)
@click.option("--check", is_flag=True, help="Check the claims and tell what fires.")
@click.option(
    "--pack", "packs", metavar="NAME|PATH", multiple=True, help=f"With --check. [default: {', '.join(_PACKS)}]"
)
@tables_option
@debug_option
def corpus(
    *,
    number: int,
    seed: int,
    periods: tuple[str, ...],
    specialties: tuple[str, ...],
    output: Path | None,
    check: bool,
    packs: tuple[str, ...],
    tables_folder: Path | None,
) -> None:
    """Write NUMBER correct claims of each period, one JSON object per line. [default: 100]"""
    from scrubber.cli.options import tables_place
    from scrubber.cli.output import open_output
    from scrubber.testing.corpus import PERIODS, scenario_claims
    from scrubber.testing.corpus.judge import tally
    from scrubber.testing.corpus.periods import period_named

    chosen = periods or tuple(period.name for period in PERIODS)
    for name in chosen:
        period_named(name)
    claims = (
        pair
        for period in chosen
        for pair in scenario_claims(number, seed=seed, period=period, specialties=specialties or None)
    )
    if check:
        click.echo(tally(claims, packs=packs or _PACKS, tables=tables_place(tables_folder)).text())
        return
    import msgspec

    with open_output(output) as stream:
        for _, claim in claims:
            stream.write(msgspec.json.encode(claim).decode() + "\n")
