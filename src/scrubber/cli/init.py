"""`scrubber init`: a folder to begin in."""

from __future__ import annotations

from pathlib import Path

import click

from scrubber.cli.options import debug_option


@click.command(short_help="Write starter settings, a sample pack and sample claims.")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--pre-commit", is_flag=True, help="Write a .pre-commit-config.yaml with hooks for the rules, too.")
@debug_option
def init(*, folder: Path, pre_commit: bool) -> None:
    """Write a starter scrubber.toml, a sample pack with one rule, and two sample claims.

    DIR is made where it is not there; without it, all goes into the folder you are in. Nothing that exists is
    overwritten: what is kept is named. Exit code: 0 done, 2 a file could not be written.
    """
    from datetime import date

    from scrubber.cli.rules.paths import short_path
    from scrubber.cli.starter import next_steps, write_starter

    done = write_starter(folder, date.today(), pre_commit=pre_commit)
    for path in done.written:
        click.echo(f"written  {short_path(path)}")
    for path, why in done.kept:
        click.echo(f"kept     {short_path(path)}: {why}")
    click.echo()
    for line in next_steps(folder, done):
        click.echo(line)
