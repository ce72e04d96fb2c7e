"""`scrubber rules test`: the examples inside the rules."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scrubber.cli.group import FOUND_NOTHING, FOUND_SOMETHING
from scrubber.cli.options import debug_option, json_option, load_rules, open_tables, tables_option
from scrubber.cli.rules.paths import short_path

if TYPE_CHECKING:
    from scrubber.tables import TableSet
    from scrubber.testing import RuleTestResult

PASSED = "passed"
FAILED = "failed"
NOT_RUN = "not run"


@click.command(short_help="Run the examples inside the rules.")
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
    from scrubber.report.page import count_of
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
                click.echo(f"         {short_path(Path(row['file']))}:{row['line']}")
        told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in (PASSED, FAILED, NOT_RUN))
        click.echo(f"{count_of(len(rows), 'example')} of {count_of(len(chosen), 'rule')}: {told}", err=True)
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
