"""`scrubber rules list|lint|test`: the rules of the packs, their mistakes and their examples."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scrubber.cli.group import FOUND_NOTHING, FOUND_SOMETHING, CommandGroup
from scrubber.cli.options import (
    DEFAULT_PACK,
    debug_option,
    json_option,
    load_rules,
    open_tables,
    pack_option,
    tables_option,
)

if TYPE_CHECKING:
    from scrubber.tables import TableSet
    from scrubber.testing import RuleTestResult

PASSED = "passed"
FAILED = "failed"
NOT_RUN = "not run"


@click.group(
    cls=CommandGroup,
    not_yet=("new", "schema", "diff"),
    short_help="List the rules, find mistakes, run their examples.",
)
def rules() -> None:
    """List the rules, find mistakes in a pack, run the examples inside the rules."""


@rules.command("list", short_help="List every rule.")
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


@rules.command(short_help="Find mistakes in rule packs.")
@click.argument("packs", metavar="[PACK]...", nargs=-1)
@tables_option
@json_option
@debug_option
@click.pass_context
def lint(ctx: click.Context, *, packs: tuple[str, ...], tables_folder: Path | None, output_format: str) -> None:
    """Find mistakes in rule packs, with file, line and the nearest right word.

    PACK is a name or a folder; without one, the shipped rules are looked at. Exit code: 0 no mistakes, 1 mistakes, 2 a
    pack that could not be found.
    """
    from scrubber.report.json import encode
    from scrubber.report.page import count_of
    from scrubber.rules.loader import check_packs

    problems = check_packs(packs or (DEFAULT_PACK,), open_tables(tables_folder))
    if output_format == "json":
        rows = [
            {
                "file": str(problem.path),
                "line": problem.line,
                "column": problem.column,
                "id": problem.id,
                "message": problem.message,
                "hint": problem.hint,
            }
            for problem in problems
        ]
        click.echo(encode({"problems": rows}))
    else:
        for problem in problems:
            place = f"{_short(problem.path)}:{problem.line}:{problem.column}"
            click.echo(f"{place}: {problem.id} {problem.message} {problem.hint}".rstrip())
        click.echo(count_of(len(problems), "mistake") if problems else "no mistakes", err=True)
    ctx.exit(FOUND_SOMETHING if problems else FOUND_NOTHING)


@rules.command(short_help="Run the examples inside the rules.")
@click.argument("packs", metavar="[PACK]...", nargs=-1)
@click.option("--select", metavar="RULE", multiple=True, help="Test only this rule, by id or name; may be repeated.")
@tables_option
@json_option
@debug_option
@click.pass_context
def test(
    ctx: click.Context,
    *,
    packs: tuple[str, ...],
    select: tuple[str, ...],
    tables_folder: Path | None,
    output_format: str,
) -> None:
    """Run the examples that stand inside the rules, each rule by itself.

    PACK is a name or a folder; without one, the shipped rules are tested. Exit code: 0 all passed, 1 some did not, 2 a
    pack that cannot be used. An example that needs a table which is not loaded is named and not counted as failed.
    """
    from scrubber.cli.rule_text import find_rules
    from scrubber.report.json import encode
    from scrubber.testing import run_rule_tests

    tables = open_tables(tables_folder)
    in_packs = load_rules(packs, tables)
    chosen = [rule for name in select for rule in find_rules(in_packs, name)] if select else in_packs
    rows = [_test_row(result, tables) for result in run_rule_tests(chosen, tables)]
    counts = Counter(row["verdict"] for row in rows)
    if output_format == "json":
        summary = {verdict.replace(" ", "_"): counts[verdict] for verdict in (PASSED, FAILED, NOT_RUN)}
        click.echo(encode({"tests": rows, "summary": summary}))
    else:
        for row in rows:
            if row["verdict"] != PASSED:
                click.echo(f"{row['verdict'].upper():<8} {row['rule']} {row['name']}, example {row['test']!r}:")
                click.echo(f"         {row['trouble']}")
                click.echo(f"         {_short(Path(row['file']))}:{row['line']}")
        told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in (PASSED, FAILED, NOT_RUN))
        click.echo(f"{len(rows)} examples of {len(chosen)} rules: {told}", err=True)
    ctx.exit(FOUND_SOMETHING if counts[FAILED] else FOUND_NOTHING)


def _test_row(result: RuleTestResult, tables: TableSet) -> dict[str, Any]:
    rule = result.rule
    missing = [name for name in dict.fromkeys(rule.tables) if name not in tables]
    verdict, trouble = PASSED, result.trouble
    if not result.passed and missing:
        verdict, trouble = NOT_RUN, f"table {', '.join(missing)} is not loaded."
    elif not result.passed:
        verdict = FAILED
    return {
        "rule": rule.id,
        "name": rule.name,
        "test": result.test.name,
        "verdict": verdict,
        "trouble": trouble,
        "file": str(result.test.place.path),
        "line": result.test.place.line,
    }


def _short(path: Path) -> str:
    """The path from the current folder, where that is shorter to read."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative
