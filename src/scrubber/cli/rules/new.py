"""`scrubber rules new`: asks a few questions and writes a rule with examples that pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from scrubber.cli.group import FOUND_NOTHING, FOUND_SOMETHING
from scrubber.cli.options import choice_option, debug_option, iso_date, share, tables_option

Command = TypeVar("Command", bound=Callable[..., Any])

_SEVERITIES = ("error", "warning", "info")
_OWNERS = ("coder", "clinician", "front_desk", "biller")
_KINDS = ("modifier-required", "diagnosis-required", "not-together", "units-per-day", "age-limits", "place-required",
          "not-covered")  # fmt: skip
_ANSWERS = (
    ("codes", "CODES", "The procedure codes it is about: 99213,99215 or 99202-99215."),
    ("beside", "CODES", "not-together: the procedures beside which those are not paid."),
    ("modifiers", "CODES", "modifier-required: the modifiers; not-together: those that excuse."),
    ("diagnoses", "CODES", "diagnosis-required: the diagnoses, or their beginnings."),
    ("places", "CODES", "place-required: the places of service, two digits each."),
    ("limit", "NUMBER", "units-per-day: the most units a day."),
    ("from_age", "YEARS", "age-limits: the youngest age."),
    ("to_age", "YEARS", "age-limits: the oldest age."),
)
"""Options that answer the questions of templates, by the name of the question."""


def _answer_options(command: Command) -> Command:
    for name, metavar, text in reversed(_ANSWERS):
        command = click.option(f"--{name.replace('_', '-')}", name, metavar=metavar, help=text)(command)
    return command


@click.command(short_help="Write a new rule, with examples.")
@click.option("--pack", "pack", metavar="DIR", help="The folder of your pack; a new one is made where there is none.")
@click.option("--pack-title", metavar="TEXT", help="What a new pack is about.")
@click.option("--payer-id", metavar="ID", help="The payer id on the claims that a new pack is for: it lies over core.")
@choice_option("--kind", known=_KINDS, help="What kind of rule it is.")
@click.option("--id", "rule_id", metavar="ID", help="Capital letters and three digits. [default: the next free one]")
@click.option("--name", metavar="NAME", help="Lower-case words joined by dashes. [default: from the kind]")
@_answer_options
@click.option("--payers", metavar="KINDS", help="The kinds of payers it is for: commercial,medicaid. [default: all]")
@click.option("--from", "begins", metavar="DATE", callback=iso_date, help="The first date of service it is about.")
@click.option("--title", metavar="TEXT", help="What is wrong, in one line. [default: from the kind]")
@click.option("--why", metavar="TEXT", help="Why the payer refuses it. [default: from the kind]")
@choice_option("--severity", known=_SEVERITIES, help="How sure a refusal is. [default: warning]")
@click.option("--risk", metavar="0..1", callback=lambda ctx, param, value: value and share(ctx, param, value),
              help="Your estimate of how often the payer refuses it. [default: by severity]")  # fmt: skip
@choice_option("--owner", known=_OWNERS, help="Who can mend it. [default: by kind]")
@choice_option("--status", known=("draft", "preview", "stable"), default="stable", show_default=True,
               help="preview runs and never holds a claim; draft does not run.")  # fmt: skip
@click.option("--reference", metavar="TEXT", help="Where the payer says so: the policy, its number and date.")
@click.option("--url", metavar="URL", help="Where that can be read.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the defaults for what no option gives.")
@tables_option
@debug_option
@click.pass_context
def new(ctx: click.Context, /, **given: Any) -> None:
    """Write a new rule file, with examples that pass.

    What the options do not say is asked. Nothing that exists is overwritten. At the end the pack is linted and the
    examples of the new rule are run. Exit code: 0 all is well, 1 lint or an example complains, 2 nothing was written.
    """
    from scrubber.cli.rules.interview import Interview
    from scrubber.errors import ScrubberError

    try:
        path = Interview(given).write()
    except click.Abort:
        click.echo(err=True)
        raise ScrubberError("stopped at a question; nothing was written.") from None
    ctx.exit(FOUND_NOTHING if _proven(path, given["tables_folder"]) else FOUND_SOMETHING)


def _proven(path: Path, tables_folder: Path | None) -> bool:
    """Whether lint and the examples have nothing to say against the new rule; what they say is shown."""
    from scrubber.cli.options import open_tables
    from scrubber.cli.rules.lint import as_text, is_mistake, problems_of, summary
    from scrubber.cli.rules.paths import short_path
    from scrubber.cli.rules.test_run import TestRun, write_text
    from scrubber.rules.loader import read_pack

    tables = open_tables(tables_folder)
    click.echo(f"written: {short_path(path)}\n\n{path.read_text(encoding='utf-8')}")
    problems = problems_of((str(path.parent),), tables)
    for line in as_text(problems):
        click.echo(line)
    mistakes = sum(is_mistake(one) for one in problems)
    click.echo(f"lint: {summary(mistakes, len(problems) - mistakes)}", err=True)
    pack, _ = read_pack(path.parent, tables)
    run = TestRun.of([rule for rule in (pack.rules if pack else ()) if rule.place.path == path], tables, mutants=True)
    write_text(run)
    if mistakes or run.failed or not run.tests:
        return False
    beside = "" if pack is not None and pack.level != "national" else "--pack core "
    click.echo(f"To use it: scrubber check CLAIMS {beside}--pack {short_path(path.parent)}", err=True)
    return True
