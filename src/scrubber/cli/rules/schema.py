"""`scrubber rules schema`: what an editor needs to complete and check the files of a pack."""

from __future__ import annotations

from pathlib import Path

import click

from scrubber.cli.options import choice_option, debug_option

_NAMES = ("rule", "pack", "overrides", "language", "suppressions")


@click.command(short_help="Write the JSON Schemas for editors.")
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
    """Write the JSON Schemas of rule files and packs, with which editors complete and check them."""
    from scrubber.cli.group import say
    from scrubber.errors import ScrubberError, os_error_hint
    from scrubber.rules.schema import SCHEMAS, schema_text

    if folder is None:
        click.echo(schema_text(name), nl=False)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for each in SCHEMAS:
            path = folder / f"{each}.schema.json"
            path.write_text(schema_text(each), encoding="utf-8", newline="\n")
            say(f"written: {path}")
    except OSError as error:
        raise ScrubberError("the schemas cannot be written.", where=str(folder), hint=os_error_hint(error)) from None
