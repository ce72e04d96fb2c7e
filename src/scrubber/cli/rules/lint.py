"""`scrubber rules lint`: the mistakes of rule packs."""

from __future__ import annotations

from pathlib import Path

import click

from scrubber.cli.group import FOUND_NOTHING, FOUND_SOMETHING
from scrubber.cli.options import DEFAULT_PACK, debug_option, json_option, open_tables, tables_option
from scrubber.cli.rules.paths import short_path


@click.command(short_help="Find mistakes in rule packs.")
@click.argument("packs", metavar="[PACK]...", nargs=-1)
@tables_option
@json_option
@debug_option
@click.pass_context
def lint(ctx: click.Context, *, packs: tuple[str, ...], tables_folder: Path | None, output_format: str) -> None:
    """Find mistakes in rule packs, with file, line and the nearest right word.

    PACK is a name or a folder; without one, the shipped rules are looked at. Exit code: 0 no mistakes, 1 mistakes, 2 a
    pack that could not be found.
    """
    from scrubber.report.json import encode
    from scrubber.report.page import count_of
    from scrubber.rules.loader import read_packs
    from scrubber.testing import unreadable_examples

    found, problems = read_packs(packs or (DEFAULT_PACK,), open_tables(tables_folder))
    problems = sorted([*problems, *unreadable_examples(rule for pack in found for rule in pack.rules)])
    if output_format == "json":
        rows = [
            {
                "file": str(problem.path),
                "line": problem.line,
                "column": problem.column,
                "id": problem.id,
                "message": problem.message,
                "hint": problem.hint,
            }
            for problem in problems
        ]
        click.echo(encode({"problems": rows}))
    else:
        for problem in problems:
            place = f"{short_path(problem.path)}:{problem.line}:{problem.column}"
            click.echo(f"{place}: {problem.id} {problem.message} {problem.hint}".rstrip())
        click.echo(count_of(len(problems), "mistake") if problems else "no mistakes", err=True)
    ctx.exit(FOUND_SOMETHING if problems else FOUND_NOTHING)
