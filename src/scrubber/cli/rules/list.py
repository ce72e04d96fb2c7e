"""`scrubber rules list`: every rule of the packs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from scrubber.cli.options import debug_option, json_option, load_rules, open_tables, pack_option, tables_option


@click.command("list", short_help="List every rule.")
@pack_option
@tables_option
@json_option
@debug_option
def list_rules(*, packs: tuple[str, ...], tables_folder: Path | None, output_format: str) -> None:
    """List every rule: id, name, severity, status, family, title."""
    from scrubber.cli.columns import write_columns
    from scrubber.cli.rule_text import rule_line
    from scrubber.report.json import encode
    from scrubber.report.page import count_of, open_page

    found = load_rules(packs, open_tables(tables_folder))
    rows = [rule_line(rule) for rule in sorted(found, key=lambda rule: (rule.family, rule.id))]
    if output_format == "json":
        click.echo(encode({"rules": rows}))
        return
    page = open_page(sys.stdout)
    write_columns(page, ("id", "name", "severity", "status", "family", "title"), rows)
    page.line((count_of(len(rows), "rule"), "dim"))
