"""`scrubber rules list`: every rule of the packs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from scrubber.cli.options import debug_option, json_option, load_all, open_tables, pack_option, tables_option


@click.command("list", short_help="List every rule.")
@pack_option
@tables_option
@click.option("--hashes", is_flag=True, help="List the files of the packs with their sha256 instead.")
@json_option
@debug_option
def list_rules(*, packs: tuple[str, ...], tables_folder: Path | None, hashes: bool, output_format: str) -> None:
    """List every rule: id, name, severity, status, family, title; and the packs that they stand in.

    What --hashes writes, `check --require-hashes FILE` takes.
    """
    from scrubber.cli.columns import write_columns
    from scrubber.cli.pack_text import pack_note, pack_object
    from scrubber.cli.rule_text import rule_line
    from scrubber.report.json import encode
    from scrubber.report.page import count_of, open_page
    from scrubber.rules.pack_hash import hash_lines

    loaded = load_all(packs, open_tables(tables_folder))
    if hashes:
        for line in hash_lines(loaded):
            click.echo(line)
        return
    found = [rule for pack in loaded for rule in pack.rules]
    rows = [rule_line(rule) for rule in sorted(found, key=lambda rule: (rule.family, rule.id))]
    if output_format == "json":
        click.echo(encode({"rules": rows, "packs": [pack_object(pack) for pack in loaded]}))
        return
    page = open_page(sys.stdout)
    write_columns(page, ("id", "name", "severity", "status", "family", "title"), rows)
    page.line((count_of(len(rows), "rule"), "dim"))
    page.line()
    for pack in loaded:
        page.line(("pack ", ""), (f"{pack.name} {pack.version}", "bold"), (pack_note(pack), ""))
