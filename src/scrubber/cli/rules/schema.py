"""`scrubber rules schema`: what an editor needs to check the files of a pack, and a program to read a report."""

from __future__ import annotations

from pathlib import Path

import click

from scrubber.cli.options import choice_option, debug_option

_NAMES = ("rule", "pack", "overrides", "language", "suppressions", "report")


@click.command(short_help="Write the JSON Schemas for editors, and that of the report.")
@choice_option("--of", "name", known=_NAMES, default="rule", show_default=True, help="Which file it describes.")
@click.option(
    "--output",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write all of them into DIR, as rule.schema.json and so on. [default: one to standard output]",
)
@debug_option
def schema(*, name: str, folder: Path | None) -> None:
    """Write the JSON Schemas of rule files and packs, with which editors complete and check them.

    `--of report` is the schema of what `scrubber check --format json` writes.
    """
    from scrubber.cli.group import say
    from scrubber.errors import ScrubberError, os_error_hint
    from scrubber.report.json_schema import NAME, report_schema_text
    from scrubber.rules.schema import SCHEMAS, schema_text

    def text_of(name: str) -> str:
        return report_schema_text() if name == NAME else schema_text(name)

    if folder is None:
        click.echo(text_of(name), nl=False)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for each in (*SCHEMAS, NAME):
            path = folder / f"{each}.schema.json"
            path.write_text(text_of(each), encoding="utf-8", newline="\n")
            say(f"written: {path}")
    except OSError as error:
        raise ScrubberError("the schemas cannot be written.", where=str(folder), hint=os_error_hint(error)) from None
