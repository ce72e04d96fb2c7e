"""`scrubber rules lint`: the mistakes of rule packs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from scrubber.cli import completing
from scrubber.cli.group import FOUND_NOTHING, FOUND_SOMETHING, say
from scrubber.cli.options import choice_option, debug_option, open_tables, tables_option, used_packs
from scrubber.cli.rules.paths import short_path

if TYPE_CHECKING:
    from scrubber.cli.rules.annotations import Annotation
    from scrubber.rules.yaml_source import RuleProblem
    from scrubber.tables import TableSet


@click.command(short_help="Find mistakes in rule packs.")
@click.argument("packs", metavar="[PACK]...", nargs=-1, shell_complete=completing.packs)
@click.option("--select", metavar="LINT", multiple=True, help="Tell only these, by id or name; may be repeated.")
@click.option("--ignore", metavar="LINT", multiple=True, help="Do not tell these, by id or name; may be repeated.")
@click.option("--strict", is_flag=True, help="Exit with 1 for advice too, not only for mistakes.")
@click.option("--fix", is_flag=True, help="Mend in the files what is pure form, such as quotes around codes.")
@click.option("--diff", is_flag=True, help="With --fix: show what would be mended, and write nothing.")
@click.option("--explain", metavar="LINT", help="Tell what one lint is about, why it matters and how to mend it.")
@choice_option(
    "--format",
    "output_format",
    known=("text", "json", "github"),
    default="text",
    show_default=True,
    help="How to write it; github makes annotations in a workflow.",
)
@tables_option
@debug_option
@click.pass_context
def lint(
    ctx: click.Context,
    *,
    packs: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    fix: bool,
    diff: bool,
    explain: str | None,
    output_format: str,
    tables_folder: Path | None,
) -> None:
    """Find mistakes in rule packs, with file, line and mend.

    PACK is a name or a folder; without one, the packs of your settings, else core. Exit code: 0 no mistakes, 1 mistakes
    (with --strict, advice too), 2 a pack that could not be found.
    """
    if explain is not None:
        click.echo(_explanation(explain))
        return
    if diff and not fix:
        raise click.UsageError("--diff shows what --fix would do; name both.", ctx)
    chosen, left_out = _ids(select), _ids(ignore)
    tables = open_tables(tables_folder)

    def look() -> list[RuleProblem]:
        return [
            one
            for one in problems_of(packs, tables)
            if (not chosen or one.id in chosen) and one.id not in left_out
        ]  # fmt: skip

    problems = look()
    if fix and _mend(problems, tables, show_only=diff) and not diff:
        problems = look()
    if not diff and output_format == "github":
        from scrubber.cli.rules.annotations import write_annotations

        write_annotations(_annotations(problems))
    elif not diff:
        for line in _LINES[output_format](problems):
            click.echo(line)
    mistakes = sum(is_mistake(one) for one in problems)
    if output_format != "json":
        click.echo(summary(mistakes, len(problems) - mistakes), err=True)
    ctx.exit(FOUND_SOMETHING if mistakes or (strict and problems) else FOUND_NOTHING)


def problems_of(packs: Sequence[str], tables: TableSet) -> list[RuleProblem]:
    """Everything there is to say of some packs, in the order of files and lines."""
    from scrubber.rules.lint import lint_rules
    from scrubber.rules.loader import read_packs
    from scrubber.testing import unreadable_examples

    found, problems = read_packs(used_packs(packs), tables)
    told = [*problems, *lint_rules(found, complete=not problems)]
    for pack in found:
        told += [*unreadable_examples(pack.rules), *unreadable_examples(pack.overrides)]
    # what a layer lies over is looked at by itself
    below = [pack.path for pack in found if pack.brought]
    return sorted({one for one in told if not any(one.path.is_relative_to(folder) for folder in below)})


def _ids(names: Iterable[str]) -> set[str]:
    """The ids of lints that are named by id or by name."""
    from scrubber.errors import UnknownName
    from scrubber.rules.lint import LINTS

    by_name = {lint.name: lint.id for lint in LINTS.values()} | {lint_id: lint_id for lint_id in LINTS}
    for name in names:
        if name not in by_name and name.upper() not in by_name:
            raise UnknownName("lint", name, by_name)
    return {by_name.get(name) or by_name[name.upper()] for name in names}


def _mend(problems: Iterable[RuleProblem], tables: TableSet, *, show_only: bool) -> bool:
    """Mend each file as far as its form goes, and tell what was done; whether anything was."""
    from scrubber.rules.lint.fix import mend_file, write_file

    by_path: dict[Path, list[RuleProblem]] = {}
    for problem in problems:
        if problem.edit is not None:
            by_path.setdefault(problem.path, []).append(problem)
    mended = [one for path, found in by_path.items() if (one := mend_file(path, found, tables)) is not None]
    for one in mended:
        if show_only:
            click.echo(_difference(one.path, one.before, one.after), nl=False)
            continue
        write_file(one)
        for problem in one.done:
            say(f"mended {short_path(problem.path)}:{problem.line}:{problem.column}: {problem.id} {problem.message}")
    return bool(mended)


def _difference(path: Path, before: str, after: str) -> str:
    from difflib import unified_diff

    name = short_path(path)
    lines = unified_diff(before.splitlines(), after.splitlines(), f"{name} (now)", f"{name} (mended)", lineterm="", n=1)
    return "".join(f"{line}\n" for line in lines)


def is_mistake(problem: RuleProblem) -> bool:
    from scrubber.rules.lint import LINTS

    return LINTS[problem.id].severity == "mistake"


def summary(mistakes: int, advice: int) -> str:
    from scrubber.report.page import count_of

    told = count_of(mistakes, "mistake") if mistakes else "no mistakes"
    return f"{told}, {count_of(advice, 'piece')} of advice" if advice else told


def as_text(problems: Sequence[RuleProblem]) -> Iterator[str]:
    for problem in problems:
        place = f"{short_path(problem.path)}:{problem.line}:{problem.column}"
        advice = "" if is_mistake(problem) else "advice: "
        yield f"{place}: {problem.id} {advice}{problem.message} {problem.hint}".rstrip()


def _as_json(problems: Sequence[RuleProblem]) -> Iterator[str]:
    from scrubber.report.json import encode
    from scrubber.rules.lint import LINTS

    rows = [
        {
            "file": str(problem.path),
            "line": problem.line,
            "column": problem.column,
            "id": problem.id,
            "name": LINTS[problem.id].name,
            "severity": LINTS[problem.id].severity,
            "message": problem.message,
            "hint": problem.hint,
            "fixable": problem.edit is not None,
        }
        for problem in problems
    ]
    yield encode({"problems": rows})


def _annotations(problems: Sequence[RuleProblem]) -> Iterator[Annotation]:
    from scrubber.cli.rules.annotations import Annotation
    from scrubber.rules.lint import LINTS

    for problem in problems:
        level: Literal["error", "warning"] = "error" if is_mistake(problem) else "warning"
        title = f"{problem.id} {LINTS[problem.id].name}"
        text = f"{problem.message} {problem.hint}".rstrip()
        yield Annotation(level, problem.path, problem.line, problem.column, title, text)


_LINES = {"text": as_text, "json": _as_json}


def _explanation(name: str) -> str:
    from scrubber.rules.lint import LINTS

    (lint_id,) = _ids([name])
    told = LINTS[lint_id]
    mended = "\n\n--fix mends it where the mend is sure." if told.mends_itself else ""
    return f"{told.id} {told.name} ({told.severity})\n\nSays: {told.what}.\nWhy: {told.why}\nMend: {told.mend}.{mended}"
