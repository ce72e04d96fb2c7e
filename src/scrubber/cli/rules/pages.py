"""`scrubber rules pages`: a page for each rule, as Markdown."""

from __future__ import annotations

from pathlib import Path

import click

from scrubber.cli.options import debug_option, load_all, open_tables, pack_option, tables_option


@click.command(short_help="Write a page for each rule, as Markdown.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@pack_option
@tables_option
@debug_option
def pages(*, folder: Path, packs: tuple[str, ...], tables_folder: Path | None) -> None:
    """Write a page for each rule into DIR, with an index by family and one by what the payer answers.

    A page shows what the rule says, why, what to do, when exactly it fires, its examples, its authority and what layers
    set of it.
    """
    from scrubber.cli.group import say
    from scrubber.errors import ScrubberError, os_error_hint
    from scrubber.report.page import count_of
    from scrubber.testing.rule_pages import rule_pages

    tables = open_tables(tables_folder)
    written = rule_pages(load_all(packs, tables), tables)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in written.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ScrubberError("the pages cannot be written.", where=str(folder), hint=os_error_hint(error)) from None
    say(f"written: {count_of(len(written), 'page')} in {folder}")
