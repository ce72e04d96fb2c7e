"""`scrubber tables import`: files as their publishers give them, and a report of what came of each."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scrubber.cli import completing
from scrubber.cli.group import FOUND_NOTHING, FOUND_SOMETHING, NOT_USABLE, say
from scrubber.cli.options import debug_option, import_place, iso_date, json_option, tables_option

if TYPE_CHECKING:
    from scrubber.report.page import Page
    from scrubber.tables.importers.intake import ImportReport


@click.command("import", short_help="Import code tables from files as they are published.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@tables_option
@click.option(
    "--table",
    metavar="NAME",
    shell_complete=completing.known_tables,
    help="The table, where neither content nor name of the files tells it.",
)
@click.option(
    "--edition",
    metavar="DATE",
    callback=iso_date,
    help="The first day of the edition, where the name of the files does not tell it.",
)
@click.option("--replace", is_flag=True, help="Store a file even if it looks like a fragment of what is there.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@json_option
@debug_option
@click.pass_context
def import_tables(
    ctx: click.Context,
    *,
    files: tuple[Path, ...],
    tables_folder: Path | None,
    table: str | None,
    edition: date | None,
    replace: bool,
    quiet: bool,
    output_format: str,
) -> None:
    """Import code tables: zip, txt, csv, xlsx and xml files as their publishers give them.

    What a file is, is told from its content. An edition is stored whole or not at all, in place of one of the same
    name; a fragment does not take the place of a whole one. Give all parts of an edition at once where you can;
    parts may also come one after the other.

    Exit code: 0 every row stands; 1 rows were refused; 2 a file was refused.
    """
    from scrubber.cli.import_progress import ImportProgress
    from scrubber.report.json import encode
    from scrubber.report.page import open_page
    from scrubber.tables.importers.intake import import_files
    from scrubber.tables.importers.sources import Stated

    folder = import_place(tables_folder)
    with ImportProgress(shown=not quiet) as progress:
        report = import_files(files, folder, stated=Stated(table, edition), look=progress.look, replace=replace)
    if output_format == "json":
        click.echo(encode(report_object(report, folder)))
    else:
        write_report(open_page(sys.stdout), report_object(report, folder))
    for source in report.sources:
        if source.problem is not None:
            say(str(source.problem))
    ctx.exit(_exit_code(report))


def report_object(report: ImportReport, folder: Path) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "folder": str(folder),
        "files": [
            {
                "name": source.name,
                "kind": source.importer,
                "taken": {table: count for table, count in source.taken.items() if count or not source.repeated},
                "repeated": source.repeated,
                "refused": source.refused,
                "refusals": [{"line": refusal.line, "reason": refusal.reason} for refusal in source.refusals],
                "remarks": source.remarks,
                "problem": None if source.problem is None else source.problem.message,
                "hint": source.problem.hint if source.problem else "",
            }
            for source in report.sources
        ],
        "left_out": [{"name": left_out.name, "reason": left_out.reason} for left_out in report.left_out],
        "editions": [
            {
                "table": stored.table,
                "name": stored.edition.name,
                "from": stored.edition.first_day,
                "to": stored.edition.last_day,
                "rows": stored.edition.rows,
                "replaced": stored.replaced,
                "parts_from_before": list(stored.kept_parts),
                "missing_parts": list(stored.edition.missing_parts),
            }
            for stored in report.editions
        ],
        "notes": [str(path) for path in report.notes],
    }


def write_report(page: Page, report: Mapping[str, Any]) -> None:
    """The report in words."""
    for file in report["files"]:
        _write_file(page, file)
    for left_out in report["left_out"]:
        page.line((left_out["name"], ""), (f"  left out: {left_out['reason']}", "dim"))
    if report["editions"] or report["notes"]:
        page.line()
    for edition in report["editions"]:
        _write_edition(page, edition)
    for path in report["notes"]:
        page.line((f"notes: {path}", ""))
    if report["editions"]:
        page.line((f"in {report['folder']}", "dim"))


def _write_file(page: Page, file: Mapping[str, Any]) -> None:
    page.line((file["name"], "bold"), (f"  {file['kind'] or 'not recognised'}", "dim"))
    if file["problem"]:
        page.line(("refused: ", "bold red"), (file["problem"], ""), (f" {file['hint']}".rstrip(), "dim"), indent=2)
        return
    taken = ", ".join(f"{count:,} rows of {table}" for table, count in file["taken"].items())
    page.line((f"taken: {taken or 'none'}", ""), indent=2)
    if file["repeated"]:
        page.line((f"{file['repeated']:,} rows stood twice, here or in another file, and count once", ""), indent=2)
    if file["refused"]:
        page.line((f"refused: {file['refused']:,} rows", "bold yellow"), indent=2)
        for refusal in file["refusals"]:
            page.line((f"line {refusal['line']}: ", "bold"), (refusal["reason"], ""), indent=4)
        if file["refused"] > len(file["refusals"]):
            page.line((f"and {file['refused'] - len(file['refusals']):,} more", "dim"), indent=4)
    for remark in file["remarks"]:
        page.line((remark, ""), indent=2)


def _write_edition(page: Page, edition: Mapping[str, Any]) -> None:
    last = edition["to"].isoformat() if edition["to"] else "open"
    what = "replaced" if edition["replaced"] else "added"
    page.line(
        (f"{edition['table']} {edition['name']}", "bold"),
        (f" {what}: {edition['from'].isoformat()} to {last}, {edition['rows']:,} rows", ""),
    )
    if edition["parts_from_before"]:
        page.line((f"with {_parts(edition['parts_from_before'])} from earlier imports", ""), indent=2)
    if edition["missing_parts"]:
        page.line(
            (f"missing: {_parts(edition['missing_parts'])}; ", "bold yellow"),
            ("codes in there are not checked until it is imported", ""),
            indent=2,
        )


def _parts(parts: Sequence[int]) -> str:
    return f"part {', '.join(map(str, parts))}"


def _exit_code(report: ImportReport) -> int:
    if report.refused_files:
        return NOT_USABLE
    return FOUND_SOMETHING if report.refused_rows else FOUND_NOTHING
