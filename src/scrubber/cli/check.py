"""`scrubber check`: the options. What happens with them is in `run.py`, imported only when it is needed."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import click

from scrubber.cli import completing
from scrubber.cli.options import (
    as_of_option,
    choice_option,
    debug_option,
    language_option,
    pack_option,
    payer_option,
    share,
    tables_only_option,
)
from scrubber.cli.settings import settings_as_defaults
from scrubber.cli.watching import RememberingCommand

FORMATS = ("text", "json", "ndjson", "sarif", "junit", "csv", "html")
ENGINES = ("compiled", "durable")
INPUT_FORMATS = ("x12", "json", "ndjson")


def _named_file(ctx: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """A file to write. An empty name, which the shell gives for a variable that is not set, has come as a folder."""
    if value is not None and value == Path():
        raise click.BadParameter("the name is empty. Name what is to be written.", ctx, parameter)
    return value


def _something(ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """The inputs; to show the settings needs none."""
    if not value and not ctx.params.get("show_settings") and not ctx.resilient_parsing:
        raise click.MissingParameter(ctx=ctx, param=parameter)
    return value


def _jobs(ctx: click.Context, parameter: click.Parameter, value: str) -> int:
    """A number of processes; 0 for one on each core."""
    if value == "auto":
        return 0
    if not re.fullmatch(r"\d{1,3}", value, re.ASCII):
        raise click.BadParameter(f"{value!r} is neither a number of processes nor auto.", ctx, parameter)
    return int(value)


@click.command(cls=RememberingCommand)
@click.argument("paths", metavar="PATH...", nargs=-1, callback=_something, shell_complete=completing.files)
@choice_option(
    "--format",
    "output_format",
    known=FORMATS,
    default="text",
    show_default=True,
    help="How to write the report.",
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_named_file,
    help="Write the report to FILE, whole or not at all. [default: standard output]",
)
@pack_option
@payer_option("Judge every claim as one of this payer: an id that a pack names, or a kind such as medicaid.")
@tables_only_option
@as_of_option("The day that counts as today, YYYY-MM-DD. [default: today]")
@click.option(
    "--select",
    metavar="RULE",
    multiple=True,
    shell_complete=completing.rules_and_families,
    help="Use only this rule (id or name) or family; may be repeated.",
)
@click.option(
    "--ignore",
    metavar="RULE",
    multiple=True,
    shell_complete=completing.rules_and_families,
    help="Leave out this rule (id or name) or family; may be repeated.",
)
@choice_option(
    "--fail-on",
    known=("error", "warning", "never"),
    default="error",
    show_default=True,
    help="The least severity of a finding that makes the exit code 1.",
)
@click.option("--min-risk", callback=share, default="0", metavar="0..1", help="Leave out findings of less risk.")
@click.option(
    "--baseline",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_named_file,
    help="Tell only findings that FILE does not know; the rest is counted.",
)
@click.option(
    "--write-baseline",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_named_file,
    help="Write the findings of this run to FILE, for --baseline.",
)
@click.option(
    "--suppressions",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_named_file,
    help="Set findings aside as FILE decides: YAML, each with its reason, person and last day.",
)
@language_option
@choice_option("--input-format", known=INPUT_FORMATS, help="Do not recognise the format from the content.")
@choice_option(
    "--engine",
    known=ENGINES,
    default="compiled",
    show_default=True,
    help="What runs the rules. The report is the same; durable is slow, and there to compare.",
)
@click.option(
    "--require-hashes",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Refuse packs whose files are not, hash by hash, those listed in FILE.",
)
@click.option(
    "--fix",
    metavar="NEW",
    type=click.Path(path_type=Path),
    callback=_named_file,
    help="Write the claims anew with what is pure form mended: to the file NEW, or the folder NEW for several inputs.",
)
@click.option(
    "--diff", is_flag=True, help="Show the whole lines that --fix changes, with patient data; alone, write nothing."
)
@click.option("--statistics/--no-statistics", help="Add counts by rule, by owner and by outcome.")
@click.option(
    "--worst-first/--no-worst-first",
    is_flag=True,
    help="Claims on hold first, by the dollars they are likely to lose. All reports are held in memory until the end.",
)
@click.option(
    "--why",
    is_flag=True,
    help="Show for each claim why rules fired, were excused or could not tell: those of --select, else all of these.",
)
@click.option(
    "--jobs",
    metavar="N|auto",
    default="1",
    show_default=True,
    callback=_jobs,
    help="Check in N processes; auto or 0 is one for each core. The report is the same.",
)
@click.option(
    "--watch", is_flag=True, help="Stay, and check again when claims, rules or tables change. Ctrl-C ends it."
)
@click.option("--quiet/--no-quiet", help="No talk and no progress on standard error, only failures.")
@click.option("--no-color/--color", help="No colours. The variable NO_COLOR does the same.")
@click.option("--show-settings", is_flag=True, is_eager=True, help="Show every setting, its value and its origin.")
@settings_as_defaults
@debug_option
@click.pass_context
def check(
    ctx: click.Context,
    *,
    paths: tuple[str, ...],
    output_format: str,
    output: Path | None,
    packs: tuple[str, ...],
    payer: str | None,
    tables_folder: Path | None,
    as_of: date | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    min_risk: float,
    baseline: Path | None,
    write_baseline: Path | None,
    suppressions: Path | None,
    language: str | None,
    input_format: str | None,
    engine: str,
    require_hashes: Path | None,
    fix: Path | None,
    diff: bool,
    statistics: bool,
    worst_first: bool,
    why: bool,
    jobs: int,
    watch: bool,
    quiet: bool,
    no_color: bool,
    show_settings: bool,
) -> None:
    """Read claims and print findings.

    PATH is a file, a folder (all files below it, sorted; hidden files are skipped) or - for standard input. Claims are
    read as X12 837 or JSON; which, is told from the content.

    Exit code: 0 nothing at or above --fail-on; 1 findings; 2 the command, a rule pack, a table or an input could not be
    used. One unreadable claim does not hide the others: the rest is checked and reported all the same.
    """
    if show_settings:
        from scrubber.cli.show_settings import write_settings

        write_settings(ctx)
        return
    if watch:
        from scrubber.cli.watch_check import Watched, watch_check

        if fix is not None:
            raise click.UsageError("--fix never writes over a file, so it does not go with --watch.", ctx)
        watch_check(
            ctx,
            Watched(
                paths=paths,
                packs=packs,
                tables_folder=tables_folder,
                reads=(baseline, suppressions, require_hashes),
                writes=(output, write_baseline),
            ),
        )
        return
    from scrubber.cli.run import CheckRequest, run_check
    from scrubber.cli.setting_aside import AsideFiles

    request = CheckRequest(
        paths=paths,
        output_format=output_format,
        output=output,
        packs=packs,
        payer=payer,
        tables_folder=tables_folder,
        as_of=as_of,
        select=select,
        ignore=ignore,
        fail_on=fail_on,
        min_risk=min_risk,
        aside=AsideFiles(baseline=baseline, write_baseline=write_baseline, suppressions=suppressions),
        language=language,
        input_format=input_format,
        engine=engine,
        require_hashes=require_hashes,
        fix=fix,
        diff=diff,
        statistics=statistics,
        worst_first=worst_first,
        why=why,
        jobs=jobs,
        quiet=quiet,
        color=not (no_color or os.environ.get("NO_COLOR")),
    )
    ctx.exit(run_check(request))
