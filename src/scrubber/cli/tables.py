"""`scrubber tables`: which code tables are at hand, what one says about a code on a day, and how others come in."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from scrubber.cli import completing
from scrubber.cli.group import CommandGroup, say
from scrubber.cli.options import as_of_option, debug_option, json_option, open_tables, pack_option, tables_option
from scrubber.cli.tables_check import diff, verify
from scrubber.cli.tables_import import import_tables


@click.group(cls=CommandGroup)
def tables() -> None:
    """List, import, verify and compare the code tables, and look a code up as of a day."""


@tables.command("list", short_help="List every table, loaded or missing.")
@pack_option
@as_of_option("The day for which tables may be missing or too old, YYYY-MM-DD. [default: today]")
@tables_option
@json_option
@debug_option
def list_tables(*, packs: tuple[str, ...], as_of: date | None, tables_folder: Path | None, output_format: str) -> None:
    """List every table: its editions with their days, rows, source, licence and age, what is missing for today, and
    which tables are older than their publisher's rhythm.
    """
    from scrubber.cli.table_text import rules_by_table, table_objects, write_tables
    from scrubber.report.json import encode
    from scrubber.report.page import open_page

    table_set = open_tables(tables_folder)
    day = as_of or date.today()
    listed = table_objects(table_set, rules_by_table(packs, table_set), day)
    if output_format == "json":
        click.echo(encode({"as_of": day, "tables": listed}))
    else:
        write_tables(open_page(sys.stdout), listed, day)


@tables.command(short_help="Look a code up as of a day.")
@click.argument("table", shell_complete=completing.tables)
@click.argument("key", nargs=-1, required=True, metavar="KEY...")
@as_of_option("The day to look at, YYYY-MM-DD. [default: today]")
@tables_option
@json_option
@debug_option
def lookup(
    *, table: str, key: tuple[str, ...], as_of: date | None, tables_folder: Path | None, output_format: str
) -> None:
    """Look KEY up in TABLE as of a day: the row, no row, or no edition for that day, and all windows of the key.

    A key of several parts is given as several words, in the order that `scrubber tables list` shows.
    """
    from scrubber.cli.table_text import loaded_table, look_up, write_answer
    from scrubber.report.json import encode
    from scrubber.report.page import open_page

    opened = loaded_table(open_tables(tables_folder), table)
    day = as_of or date.today()
    if as_of is None:
        say(f"as of {day.isoformat()}, which is today; --as-of sets another day.")
    answer = look_up(opened, key, day)
    if output_format == "json":
        click.echo(encode(answer))
    else:
        write_answer(open_page(sys.stdout), answer)


for command in (import_tables, verify, diff):
    tables.add_command(command)
