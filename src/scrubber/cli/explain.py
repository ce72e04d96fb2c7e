"""`scrubber explain RULE`: one rule on one page."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from scrubber.cli.options import (
    debug_option,
    json_option,
    language_option,
    load_rules,
    open_tables,
    pack_option,
    tables_option,
)


@click.command(short_help="Explain one rule: what it finds, why, by example.")
@click.argument("rule")
@pack_option
@tables_option
@language_option
@json_option
@debug_option
def explain(
    *, rule: str, packs: tuple[str, ...], tables_folder: Path | None, language: str | None, output_format: str
) -> None:
    """Explain one rule: what it finds, why, on whose authority, with which tables, and by example.

    RULE is an id (NCCI101) or a name (ncci-ptp-pair).
    """
    from scrubber.cli.rule_text import find_rules, rule_object, write_rule
    from scrubber.report.json import encode
    from scrubber.report.page import open_page

    tables = open_tables(tables_folder)
    versions = find_rules(load_rules(packs, tables, language=language), rule)
    if output_format == "json":
        click.echo(encode({"rules": [rule_object(version, tables) for version in versions]}))
        return
    page = open_page(sys.stdout)
    for number, version in enumerate(versions):
        if number:
            page.line()
        write_rule(page, version, tables)
