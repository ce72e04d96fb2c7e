"""The options that several commands share, and their values."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scrubber.cli.group import DEBUG_KEY, say
from scrubber.errors import ScrubberError, UnknownName

if TYPE_CHECKING:
    from scrubber.rules.model import Rule
    from scrubber.scrub import Scrubber
    from scrubber.tables import TableSet

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_PACK = "core"
TABLES_VARIABLE = "SCRUBBER_TABLES"


def choice_option(
    *names: str, known: Sequence[str], not_yet: Collection[str] = (), **settings: Any
) -> Callable[[Command], Command]:
    """An option whose value is one of a list; a wrong one is answered with the nearest.

    `not_yet` are values that are promised and still to come.
    """

    def check(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
        if value is None or value in known:
            return value
        if value in not_yet:
            raise click.BadParameter(f"{value!r} is not written yet in this version.", ctx, param)
        unknown = UnknownName("value", value, known)
        raise click.BadParameter(f"{unknown.message} {unknown.hint}", ctx, param)

    return click.option(*names, metavar=f"[{'|'.join(known)}]", callback=check, **settings)


def iso_date(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """A calendar day, written one way only: 02/10/2026 would be two different days in two countries."""
    if value is None:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise click.BadParameter(f"{value!r} is not a date. Write it as YYYY-MM-DD.", ctx, param)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a day of the calendar.", ctx, param) from None


def share(ctx: click.Context, param: click.Parameter, value: str) -> float:
    """A number from 0 to 1. (click's own range lets "nan" through, which is neither above nor below anything.)"""
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1.0:
        raise click.BadParameter(f"{value!r} is not a number from 0 to 1.", ctx, param)
    return number


def debug_option(command: Command) -> Command:
    """`--debug`: show the traceback of a failure."""

    def remember(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        ctx.meta[DEBUG_KEY] = value

    return click.option(
        "--debug",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=remember,
        help="Show where in the program a failure happened. The output may hold claim data.",
    )(command)


def pack_option(command: Command) -> Command:
    return click.option(
        "--pack",
        "packs",
        metavar="NAME|PATH",
        multiple=True,
        help=f"Rule pack to use, by name or folder; may be repeated. [default: {DEFAULT_PACK}]",
    )(command)


def payer_option(command: Command) -> Command:
    """`--payer`, which is not offered before there are layers to apply."""
    return click.option("--payer", metavar="ID", hidden=True, help="Apply the layer of this payer.")(command)


def tables_option(command: Command) -> Command:
    return click.option(
        "--tables",
        "tables_folder",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help=f"Folder of imported tables. [default: ${TABLES_VARIABLE}, else your data folder]",
    )(command)


def language_option(command: Command) -> Command:
    return click.option(
        "--language",
        metavar="TAG",
        help="Language of titles, messages and fixes, such as es; what is not translated stays English.",
    )(command)


def as_of_option(help_text: str) -> Callable[[Command], Command]:
    return click.option("--as-of", metavar="DATE", callback=iso_date, help=help_text)


def json_option(command: Command) -> Command:
    return choice_option(
        "--format",
        "output_format",
        known=("text", "json"),
        default="text",
        show_default=True,
        help="How to write it.",
    )(command)


def tables_place(folder: Path | None) -> Path | None:
    """The folder of imported tables: as given, else from the environment, else the user's data folder if it exists.

    Raises:
        ScrubberError: a folder was named and is not there.
    """
    named = folder or (Path(os.environ[TABLES_VARIABLE]) if os.environ.get(TABLES_VARIABLE) else None)
    if named is not None:
        if not named.is_dir():
            origin = "" if folder else f" (from ${TABLES_VARIABLE})"
            raise ScrubberError(
                f"there is no such folder of tables{origin}.",
                where=str(named),
                hint="Name the folder that holds the imported tables.",
            )
        return named
    usual = usual_tables_folder()
    return usual if usual.is_dir() else None


def import_place(folder: Path | None) -> Path:
    """The folder that imported tables are written into, there or not: found as `tables_place` finds it."""
    return folder or Path(os.environ.get(TABLES_VARIABLE) or usual_tables_folder())


def usual_tables_folder() -> Path:
    """The folder of imported tables where nobody names one."""
    from platformdirs import user_data_path

    return user_data_path("claim-scrubber", appauthor=False) / "tables"


def open_tables(folder: Path | None) -> TableSet:
    """The shipped tables and those in the folder of imported ones."""
    from scrubber.tables import TableSet
    from scrubber.tables.table_set import EDITION_SUFFIX

    place = tables_place(folder)
    opened = TableSet.open(place)
    if place is not None and not any(place.glob(f"*/*{EDITION_SUFFIX}")):
        say(f"{place}: the folder holds no tables, so only the shipped ones are used. Was another one meant?")
    return opened


def load_rules(packs: Sequence[str], tables: TableSet, *, language: str | None = None) -> list[Rule]:
    """All rules of packs, drafts and retired ones too; the shipped pack where none is named."""
    from scrubber.rules.languages import in_best_language
    from scrubber.rules.loader import load_packs

    loaded, _ = in_best_language(load_packs(packs or (DEFAULT_PACK,), tables), language)
    return [rule for pack in loaded for rule in pack.rules]


def load_scrubber(
    packs: Sequence[str],
    tables_folder: Path | None,
    *,
    payer: str | None = None,
    as_of: date | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    language: str | None = None,
    engine: str = "compiled",
) -> Scrubber:
    """The scrubber that the options describe."""
    from scrubber.scrub import Scrubber

    if payer is not None:
        raise ScrubberError("payer layers are not in this version yet.", where="--payer")
    return Scrubber.load(
        packs=list(packs) or [DEFAULT_PACK],
        tables=open_tables(tables_folder),
        as_of=as_of,
        select=tuple(select),
        ignore=tuple(ignore),
        language=language,
        engine=engine,
    )
