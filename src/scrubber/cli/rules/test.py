"""`scrubber rules test`: the examples inside the rules, and what they prove."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import click

from scrubber.cli import completing
from scrubber.cli.group import FOUND_NOTHING, FOUND_SOMETHING
from scrubber.cli.options import choice_option, debug_option, load_all, open_tables, tables_option


@click.command(short_help="Run the examples inside the rules.")
@click.argument("packs", metavar="[PACK]...", nargs=-1, shell_complete=completing.packs)
@click.option(
    "--select",
    metavar="RULE",
    multiple=True,
    shell_complete=completing.rules,
    help="Test only this rule, by id or name; may be repeated.",
)
@click.option(
    "--mutants/--no-mutants",
    default=True,
    show_default=True,
    help="Leave out each condition in turn, and demand that an example notices.",
)
@click.option("--strict", is_flag=True, help="Advice on the edges of windows counts as a failure, too.")
@click.option("--watch", is_flag=True, help="Stay, and test again what changes. Ctrl-C ends it.")
@tables_option
@choice_option(
    "--format",
    "output_format",
    known=("text", "json", "github"),
    default="text",
    show_default=True,
    help="How to write it; github makes annotations in a workflow.",
)
@debug_option
@click.pass_context
def test(
    ctx: click.Context,
    *,
    packs: tuple[str, ...],
    select: tuple[str, ...],
    mutants: bool,
    strict: bool,
    watch: bool,
    tables_folder: Path | None,
    output_format: str,
) -> None:
    """Run the examples that stand inside the rules, each rule by itself.

    PACK is a name or a folder; without one, the packs of your settings, else core. Each condition is also left out in
    turn: an example has to notice. Exit code: 0 all passed and every condition is proven, 1 not so, 2 a pack that
    cannot be used. An example that needs a table which is not loaded is named and not counted as failed.
    """
    from scrubber.cli.interrupts import cleaned_up
    from scrubber.cli.rule_text import find_rules
    from scrubber.cli.rules.test_run import WRITERS, TestRun, write_text
    from scrubber.testing import run_override_tests

    def run(only: Collection[Path] | None = None) -> TestRun:
        tables = open_tables(tables_folder)
        loaded = load_all(packs, tables)
        every = [rule for pack in loaded for rule in pack.rules]
        chosen = [rule for name in select for rule in find_rules(every, name)] if select else every
        if only is not None:
            chosen = [rule for rule in chosen if rule.place.path.resolve() in only]
        # what a layer lies over is tested with its own pack; only what the layer makes of it is tested here
        brought = {rule.place for pack in loaded if pack.brought for rule in pack.rules}
        rules = [rule for rule in chosen if rule.place not in brought]
        overridden = run_override_tests(loaded, tables, {rule.id for rule in chosen})
        return TestRun.of(rules, tables, mutants=mutants, more=overridden)

    if watch:
        from scrubber.cli.rules.watch import watch_packs

        if output_format != "text":
            raise click.UsageError(f"--watch is for people; leave --format {output_format} out.", ctx)
        with cleaned_up():
            watch_packs(packs, tables_folder, lambda only: write_text(run(only)))
        return
    with cleaned_up():
        done = run()
    WRITERS[output_format](done)
    ctx.exit(FOUND_SOMETHING if done.failed or (strict and done.edges) else FOUND_NOTHING)
