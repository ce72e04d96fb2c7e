"""`scrubber tables verify|diff`: whether the tables are whole and agree, and what a new edition changes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scrubber.cli import completing
from scrubber.cli.group import FOUND_NOTHING, NOT_USABLE
from scrubber.cli.options import debug_option, json_option, open_tables, tables_option
from scrubber.errors import TableError, UnknownName

if TYPE_CHECKING:
    from scrubber.report.page import Page
    from scrubber.tables import TableSet
    from scrubber.tables.comparison import Difference, Kind
    from scrubber.tables.edition_file import EditionFile
    from scrubber.tables.verification import Verdict

_STYLES = {"wrong": "bold red", "doubtful": "bold yellow", "fine": "green", "not checked": "dim"}
_KINDS = ("added", "ended", "changed", "corrected")


@click.command(short_help="Check the tables against their checksums, known facts and each other.")
@click.argument("names", metavar="[TABLE]...", nargs=-1, shell_complete=completing.tables)
@tables_option
@json_option
@debug_option
@click.pass_context
def verify(ctx: click.Context, *, names: tuple[str, ...], tables_folder: Path | None, output_format: str) -> None:
    """Check every table, or those named: checksums, missing parts, overlapping windows, codes that the code tables
    do not know, and facts that must hold.

    Exit code: 0 nothing is wrong (doubts are shown); 2 a table is wrong and should be imported again.
    """
    from scrubber.report.json import encode
    from scrubber.report.page import open_page
    from scrubber.tables.verification import verify as verify_tables

    verdicts = list(verify_tables(open_tables(tables_folder), names))
    if output_format == "json":
        click.echo(encode({"checks": [_verdict_object(verdict) for verdict in verdicts]}))
    else:
        _write_verdicts(open_page(sys.stdout), verdicts)
    ctx.exit(NOT_USABLE if any(verdict.gravity == "wrong" for verdict in verdicts) else FOUND_NOTHING)


def _verdict_object(verdict: Verdict) -> dict[str, Any]:
    return {
        "table": verdict.table,
        "edition": verdict.edition or None,
        "check": verdict.check,
        "result": verdict.gravity,
        "what": verdict.what,
        "count": verdict.count,
        "examples": list(verdict.examples),
    }


def _write_verdicts(page: Page, verdicts: Iterable[Verdict]) -> None:
    listed = list(verdicts)
    above = ""
    for verdict in listed:
        name = f"{verdict.table} {verdict.edition}".strip()
        if name != above:
            page.line((name, "bold"))
            above = name
        page.line((verdict.gravity, _STYLES[verdict.gravity]), (f"  {verdict.check}: {verdict.what}", ""), indent=2)
        if verdict.examples:
            page.line((f"such as {', '.join(verdict.examples)}", "dim"), indent=4)
    wrong = sum(verdict.gravity == "wrong" for verdict in listed)
    doubtful = sum(verdict.gravity == "doubtful" for verdict in listed)
    page.line()
    page.line((f"{len(listed)} checks: {wrong} wrong, {doubtful} doubtful", "bold"))


@click.command(short_help="What one edition says otherwise than another.")
@click.argument("names", metavar="[TABLE] EDITION EDITION", nargs=-1, required=True, shell_complete=completing.tables)
@click.option("--examples", type=click.IntRange(0, 10_000), default=5, show_default=True, help="Keys to show of each.")
@tables_option
@json_option
@debug_option
def diff(*, names: tuple[str, ...], examples: int, tables_folder: Path | None, output_format: str) -> None:
    """Compare two editions of a table: keys added, ended, changed, and corrected in their history.

    Name a table and two of its editions (mue_practitioner 2024q2 2024q3), or each edition with its table
    (mue_practitioner:2024q2 mue_practitioner:2024q3). `scrubber tables list` shows their names.
    """
    from scrubber.report.json import encode
    from scrubber.report.page import open_page
    from scrubber.tables.comparison import compare

    before, after = _two_editions(open_tables(tables_folder), names)
    difference = compare(before, after, examples)
    if output_format == "json":
        click.echo(encode(_difference_object(difference)))
    else:
        _write_difference(open_page(sys.stdout), difference)


def _two_editions(tables: TableSet, names: tuple[str, ...]) -> tuple[EditionFile, EditionFile]:
    """The editions that are meant.

    Raises:
        click.UsageError: the words are not two editions.
        TableError: they are of different tables, or there is no such edition.
    """
    if len(names) == 3:
        return _edition(tables, names[0], names[1]), _edition(tables, names[0], names[2])
    if len(names) != 2:
        raise click.UsageError("name two editions, or a table and two of its editions.")
    before, after = (_named_edition(tables, name) for name in names)
    if before.table != after.table:
        raise TableError(f"{names[0]} is an edition of {before.table}, {names[1]} one of {after.table}.")
    return before, after


def _named_edition(tables: TableSet, name: str) -> EditionFile:
    table, colon, edition = name.rpartition(":")
    if colon:
        return _edition(tables, table, edition)
    having = [each for each in tables.names if edition in _editions(tables, each)]
    if len(having) == 1:
        return _edition(tables, having[0], edition)
    if not having:
        raise UnknownName("edition", edition, {known for each in tables.names for known in _editions(tables, each)})
    raise TableError(
        f"several tables have an edition {edition}: {', '.join(having)}.",
        hint=f"Name the table too, such as {having[0]}:{edition}.",
    )


def _editions(tables: TableSet, table: str) -> dict[str, EditionFile]:
    opened = tables.get(table)
    return {file.edition.name: file for file in opened.files} if opened else {}


def _edition(tables: TableSet, table: str, edition: str) -> EditionFile:
    if tables.get(table) is None:
        raise TableError(f"table {table!r} is not loaded.")
    editions = _editions(tables, table)
    if edition not in editions:
        raise UnknownName("edition", edition, editions, where=table)
    return editions[edition]


def _difference_object(difference: Difference) -> dict[str, Any]:
    return {
        "table": difference.table,
        "before": difference.before.name,
        "after": difference.after.name,
        **{kind: _kind_object(getattr(difference, kind)) for kind in _KINDS},
        "same": difference.same,
    }


def _kind_object(kind: Kind) -> dict[str, Any]:
    return {
        "count": kind.count,
        "examples": [
            {"key": list(change.key), "before": list(change.before), "after": list(change.after)}
            for change in kind.examples
        ],
    }


def _write_difference(page: Page, difference: Difference) -> None:
    page.line((f"{difference.table}: {difference.before.name} to {difference.after.name}", "bold"))
    for name in _KINDS:
        kind: Kind = getattr(difference, name)
        what = "corrected in their history" if name == "corrected" else name
        page.line((f"{kind.count:,} keys {what}", "bold" if kind.count else "dim"), indent=2)
        for change in kind.examples:
            page.line((" ".join(change.key), "bold"), (f": {_told(name, change.before, change.after)}", ""), indent=4)
    page.line((f"{difference.same:,} keys the same", "dim"), indent=2)


def _told(kind: str, before: tuple[Mapping[str, Any], ...], after: tuple[Mapping[str, Any], ...]) -> str:
    """What happened to a key, as briefly as it can be said: only the last window, only the columns that differ."""
    if kind == "added":
        return _words(after[-1], set(after[-1]))
    if kind == "ended":
        return _words((after or before)[-1], set((after or before)[-1]))
    old, new = before[-1], after[-1]
    differing = {column for column in new if old.get(column) != new[column]}
    if not differing:
        return f"{len(before)} windows, now {len(after)}"
    return f"{_words(old, differing)} → {_words(new, differing)}"


def _words(row: Mapping[str, Any], columns: set[str]) -> str:
    told = [
        f"{column} {'open' if value is None else value}"
        for column, value in row.items()
        if column in columns and (value is not None or column == "to") and value != ""
    ]
    return ", ".join(told) or "nothing"
