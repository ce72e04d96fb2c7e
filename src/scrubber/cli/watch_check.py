"""`scrubber check --watch`: checks again whenever an input changes, or what the claims are checked with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import attrs
import click

from scrubber.cli.group import failure_sentence, say
from scrubber.cli.inputs import STDIN
from scrubber.cli.interrupts import cleaned_up
from scrubber.cli.options import tables_place, used_packs
from scrubber.cli.settings import OWN_FILE, PROJECT_FILE, forget_settings, settings
from scrubber.cli.watching import ARGUMENTS, changed_files, stamps
from scrubber.errors import ScrubberError, shown
from scrubber.report.page import count_of


@attrs.frozen(kw_only=True)
class Watched:
    """What a run reads and what it writes, as far as the options say."""

    paths: tuple[str, ...]
    packs: tuple[str, ...]
    tables_folder: Path | None
    reads: tuple[Path | None, ...]
    writes: tuple[Path | None, ...]


def watch_check(ctx: click.Context, watched: Watched) -> None:
    """Call the command again and again without `--watch`, until somebody interrupts.

    Raises:
        ScrubberError: standard input was named, which can be read only once.
    """
    if STDIN in watched.paths:
        raise ScrubberError("--watch needs files: standard input is read only once.", hint="Name a file or a folder.")
    arguments = [one for one in ctx.meta[ARGUMENTS] if one != "--watch"]
    written = {path.resolve() for path in watched.writes if path is not None}
    with cleaned_up():
        while True:
            places = list(_places(watched))
            # What is written while the run goes on is a change, too.
            seen = stamps(places, but=written)
            _call(ctx, arguments)
            say(f"watching {count_of(len(seen), 'file')}; Ctrl-C ends it.")
            _, touched = changed_files(seen, places, but=written)
            first, *more = sorted(touched)
            others = f" and {count_of(len(more), 'other file')}" if more else ""
            click.echo(err=True)
            say(f"{datetime.now():%H:%M:%S} {shown(first)}{others} changed; checking again.")


def _call(ctx: click.Context, arguments: list[str]) -> None:
    """One run, from the settings on. What cannot be used is said, and the next change is waited for."""
    forget_settings(ctx)
    try:
        with ctx.command.make_context(ctx.info_name, list(arguments), parent=ctx.parent) as again:
            ctx.command.invoke(again)
    except click.exceptions.Exit:
        pass
    except click.ClickException as error:
        error.show()
    except BrokenPipeError:
        raise
    except Exception as error:
        say(failure_sentence(error))


def _places(watched: Watched) -> Iterator[Path]:
    from scrubber.rules.pack_places import pack_folder
    from scrubber.tables.value_sets import FOLDER

    yield from (Path(path) for path in watched.paths)
    yield from (Path.cwd() / name for name in (OWN_FILE, PROJECT_FILE))
    yield from filter(None, watched.reads)
    with suppress(ScrubberError):  # a run that cannot go on has said why
        if (used := settings().path) is not None:
            yield used
        for name in used_packs(watched.packs):
            yield pack_folder(name)
        if (own := tables_place(watched.tables_folder)) is not None:
            yield own
            yield own / FOLDER
