"""The options that several commands share, and their values."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scrubber.cli import completing
from scrubber.cli.group import DEBUG_KEY, say
from scrubber.errors import ScrubberError, UnknownName

if TYPE_CHECKING:
    from scrubber.rules.model import Pack, Rule
    from scrubber.scrub import Scrubber
    from scrubber.tables import TableSet

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_PACK = "core"
TABLES_VARIABLE = "SCRUBBER_TABLES"


def choice_option(*names: str, known: Sequence[str], **settings: Any) -> Callable[[Command], Command]:
    """An option whose value is one of a list; a wrong one is answered with the nearest."""

    def check(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
        if value is None or value in known:
            return value
        unknown = UnknownName("value", value, known)
        raise click.BadParameter(f"{unknown.message} {unknown.hint}", ctx, param)

    shown = f"[{'|'.join(known)}]"
    return click.option(*names, metavar=shown, callback=check, shell_complete=completing.of(known), **settings)


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
        shell_complete=completing.packs,
        help=f"Rule pack to use, by name or folder; may be repeated. [default: of your settings, else {DEFAULT_PACK}]",
    )(command)


def payer_option(help_text: str) -> Callable[[Command], Command]:
    """`--payer`: an id that a pack names, or a kind of payer."""

    def named(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
        if value is not None and not value.strip():
            raise click.BadParameter("the name is empty. Leave --payer out, or name one.", ctx, param)
        return value

    return click.option("--payer", metavar="ID", callback=named, shell_complete=completing.payers, help=help_text)


def tables_option(command: Command) -> Command:
    """`--tables`, and which settings file says where they are otherwise."""
    from scrubber.cli.settings import settings_options

    return tables_only_option(settings_options(command))


def tables_only_option(command: Command) -> Command:
    """`--tables`, for a command that says in its own way which settings it reads."""
    return click.option(
        "--tables",
        "tables_folder",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help=f"Folder of imported tables. [default: ${TABLES_VARIABLE}, your settings file, your data folder]",
    )(command)


def language_option(command: Command) -> Command:
    return click.option(
        "--language",
        metavar="TAG",
        shell_complete=completing.languages,
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
    """The folder of imported tables: as given, else from the environment, else from the settings file, else the
    user's data folder if it exists.

    Raises:
        ScrubberError: a folder was named and is not there.
    """
    from scrubber.cli.settings import settings

    of_variable = Path(os.environ[TABLES_VARIABLE]) if os.environ.get(TABLES_VARIABLE) else None
    found = settings()
    named = folder or of_variable or found.tables
    if named is not None:
        if not named.is_dir():
            of_file = f" (from {found.places.get('tables')})"
            origin = "" if folder else f" (from ${TABLES_VARIABLE})" if of_variable else of_file
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
    from scrubber.cli.settings import settings

    return folder or Path(os.environ.get(TABLES_VARIABLE) or settings().tables or usual_tables_folder())


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


def used_packs(packs: Sequence[str]) -> list[str | Path]:
    """The packs that were named, else those of the settings file, else the shipped one."""
    from scrubber.cli.settings import settings

    return list(packs) or list(settings().packs) or [DEFAULT_PACK]


def load_all(packs: Sequence[str], tables: TableSet, *, language: str | None = None) -> tuple[Pack, ...]:
    """The packs to use, each after those that it lies over."""
    from scrubber.rules.languages import in_best_language
    from scrubber.rules.loader import load_packs

    with blamed_on_settings():
        loaded, _ = in_best_language(load_packs(used_packs(packs), tables), language)
        return loaded


def load_rules(packs: Sequence[str], tables: TableSet) -> list[Rule]:
    """All rules of the packs to use, drafts and retired ones too."""
    return [rule for pack in load_all(packs, tables) for rule in pack.rules]


_SETTINGS_OF_KIND = {
    "payer": ("payer",),
    "pack": ("packs",),
    "rule or family": ("select", "ignore"),
    "language": ("language",),
}
"""The settings that name what can turn out not to exist."""


@contextmanager
def blamed_on_settings() -> Iterator[None]:
    """A name that does not exist and that no option gave is told with its place in the settings file.

    Raises:
        ScrubberError: a rule, a pack or a payer of the settings does not exist.
    """
    from scrubber.cli.settings import SETTINGS, settings

    try:
        yield
    except UnknownName as unknown:
        found = settings()
        for name in _SETTINGS_OF_KIND.get(unknown.kind, ()):
            value = found.values.get(name, ())
            if unknown.name in [str(one) for one in ([value] if isinstance(value, str) else value)]:
                option = next(one.option for one in SETTINGS if one.name == name)
                hint = f"{unknown.hint} Mend it there, or name another one with {option}."
                raise ScrubberError(unknown.message, where=found.places[name], hint=hint) from None
        raise


@contextmanager
def payer_of_settings(payer: str | None) -> Iterator[str | None]:
    """The payer of `--payer`, else of the settings file.

    Raises:
        ScrubberError: no pack names the payer of the settings, and it is no kind of payer.
    """
    from scrubber.cli.settings import settings

    if payer is not None:
        yield payer
        return
    with blamed_on_settings():
        yield settings().payer


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No collection of garbage meanwhile: all that is made stays, and looking for it took a third of the loading."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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
    require_hashes: Path | None = None,
) -> Scrubber:
    """The scrubber that the options and the settings file describe."""
    from scrubber.cli.settings import settings
    from scrubber.rules.pack_hash import read_hash_list
    from scrubber.scrub import Scrubber

    hashes = require_hashes or settings().require_hashes
    with blamed_on_settings(), payer_of_settings(payer) as asked, _collector_at_rest():
        return Scrubber.load(
            packs=used_packs(packs),
            tables=open_tables(tables_folder),
            as_of=as_of,
            select=tuple(select),
            ignore=tuple(ignore),
            language=language,
            engine=engine,
            payer=asked,
            pack_hashes=None if hashes is None else read_hash_list(hashes),
        )
