"""`scrubber rules list|lint|test`: the rules of the packs, their mistakes and their examples."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from scrubber.cli.group import FOUND_NOTHING, FOUND_SOMETHING, CommandGroup
from scrubber.cli.options import (
    DEFAULT_PACK,
    debug_option,
    json_option,
    load_scrubber,
    pack_option,
    payer_option,
    tables_option,
    tables_place,
)


@click.group(cls=CommandGroup, not_yet=("new", "schema", "diff"))
def rules() -> None:
    """List the rules, find mistakes in a pack, run the examples inside the rules."""


@rules.command("list")
@pack_option
@payer_option
@tables_option
@json_option
@debug_option
def list_rules(*, packs: tuple[str, ...], payer: str | None, tables_folder: Path | None, output_format: str) -> None:
    """List every rule: id, name, severity, status, family, title."""
    from scrubber.cli.columns import write_columns
    from scrubber.cli.rule_text import rule_line
    from scrubber.report.json import encode
    from scrubber.report.page import count_of, open_page

    scrubber = load_scrubber(packs, tables_folder, payer=payer)
    in_packs = [rule for pack in scrubber.packs for rule in pack.rules]
    rows = [rule_line(rule) for rule in sorted(in_packs, key=lambda rule: (rule.family, rule.id))]
    if output_format == "json":
        click.echo(encode({"rules": rows}))
        return
    page = open_page(sys.stdout)
    write_columns(page, ("id", "name", "severity", "status", "family", "title"), rows)
    page.line((count_of(len(rows), "rule"), "dim"))


@rules.command()
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
    from scrubber.rules.loader import check_pack
    from scrubber.tables import TableSet

    tables = TableSet.open(tables_place(tables_folder))
    problems = [problem for pack in packs or (DEFAULT_PACK,) for problem in check_pack(pack, tables)]
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
            place = f"{_short(problem.path)}:{problem.line}:{problem.column}"
            click.echo(f"{place}: {problem.id} {problem.message} {problem.hint}".rstrip())
        click.echo(count_of(len(problems), "mistake") if problems else "no mistakes", err=True)
    ctx.exit(FOUND_SOMETHING if problems else FOUND_NOTHING)


def _short(path: Path) -> str:
    """The path from the current folder, where that is shorter to read."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative
