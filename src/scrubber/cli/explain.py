"""`scrubber explain RULE`: one rule on one page, as it is or as the layers of a payer make it."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from scrubber.cli import completing
from scrubber.cli.options import (
    as_of_option,
    debug_option,
    json_option,
    language_option,
    load_all,
    open_tables,
    pack_option,
    payer_of_settings,
    payer_option,
    tables_option,
)


@click.command(short_help="Explain one rule: what it finds, why, by example.")
@click.argument("rule", shell_complete=completing.rules)
@pack_option
@payer_option("Show the rule as the layers of this payer make it: an id that a pack names, or a kind such as medicare.")
@as_of_option("Show the rule for this date of service, YYYY-MM-DD.")
@tables_option
@language_option
@json_option
@debug_option
def explain(
    *,
    rule: str,
    packs: tuple[str, ...],
    payer: str | None,
    as_of: date | None,
    tables_folder: Path | None,
    language: str | None,
    output_format: str,
) -> None:
    """Explain one rule: what it finds, why, on whose authority, with which tables, and by example.

    RULE is an id (NCCI101) or a name (ncci-ptp-pair). Below stands what the layers of the packs set of it, with their
    reasons; with --payer the rule is shown as those that are for this payer make it.
    """
    from scrubber.cli.layer_text import explained, layers_object, write_changes, write_heading, write_layers
    from scrubber.cli.rule_text import find_rules, rule_object, write_rule
    from scrubber.report.json import encode
    from scrubber.report.page import open_page
    from scrubber.rules.layers import payer_named

    tables = open_tables(tables_folder)
    loaded = load_all(packs, tables, language=language)
    versions = find_rules([one for pack in loaded for one in pack.rules], rule)
    with payer_of_settings(payer) as asked:
        judged_as = None if asked is None else payer_named(loaded, asked)
    told = explained(loaded, versions, judged_as, as_of)
    if output_format == "json":
        rules = [rule_object(version, tables, as_of) for version in told.rules]
        click.echo(encode({"rules": rules, **layers_object(told, loaded, versions[0].id)}))
        return
    page = open_page(sys.stdout)
    write_heading(page, told)
    for number, version in enumerate(told.rules):
        if number:
            page.line()
        write_rule(page, version, tables, as_of)
    write_layers(page, told)
    write_changes(page, loaded, versions[0].id)
