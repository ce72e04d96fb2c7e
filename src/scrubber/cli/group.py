"""The group of commands, and the one place where a failure becomes a sentence and an exit code."""

from __future__ import annotations

import io
import os
import sys
import traceback
from typing import Any

import click

from scrubber.errors import ScrubberError, nearest, os_error_hint

HELP_NAMES = ["-h", "--help"]

FOUND_NOTHING = 0
FOUND_SOMETHING = 1
NOT_USABLE = 2
INTERRUPTED = 130
READER_GONE = 141
"""The exit codes: the last two are what a shell gives for an interrupt (Ctrl-C) and for a closed pipe."""

DEBUG_KEY = "scrubber.debug"


def say(sentence: str) -> None:
    """Talk goes to standard error, so that standard output holds findings and nothing else."""
    click.echo(f"scrubber: {sentence}", err=True)


def debugging() -> bool:
    """Whether this command was called with --debug."""
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(DEBUG_KEY))


class CommandGroup(click.Group):
    """A group that knows the nearest command to a mistyped one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            close = nearest(name, self.commands)
            known = f"Did you mean {close!r}?" if close else f"Known: {', '.join(sorted(self.commands))}."
            raise click.UsageError(f"there is no command {name!r}. {known}", ctx)
        return super().resolve_command(ctx, args)


class MainGroup(CommandGroup):
    """The outermost group: whatever goes wrong below it ends here, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        _settle_streams()
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()
            return answer
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except BrokenPipeError:
            _silence_stdout()
            raise click.exceptions.Exit(READER_GONE) from None
        except KeyboardInterrupt:
            say("interrupted.")
            raise click.exceptions.Exit(INTERRUPTED) from None
        except Exception as error:
            say(failure_sentence(error))
            if ctx.meta.get(DEBUG_KEY):
                traceback.print_exc()
            raise click.exceptions.Exit(NOT_USABLE) from None


def failure_sentence(error: Exception) -> str:
    """What a user is told. An error of this library speaks for itself; no other may quote what it was given."""
    if isinstance(error, ScrubberError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}. {os_error_hint(error)}".rstrip()
    return (
        f"something went wrong inside the program ({type(error).__name__}); this is a fault of ours. "
        "Run it again with --debug to see where, and leave claim data out when you report it."
    )


class _ClosedStdout(io.TextIOBase):
    """Stands for a standard output that whoever started us has closed."""

    def write(self, _text: str) -> int:
        raise ScrubberError("standard output is closed.", hint="Leave it open, or name a file with --output.")


def _settle_streams() -> None:
    """A program that reads us gets UTF-8, as JSON must be; a terminal shows an escape for a letter it lacks."""
    if sys.stdout is None:
        sys.stdout = _ClosedStdout()
    if sys.stderr is None:
        sys.stderr = io.StringIO()  # nobody listens
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _silence_stdout() -> None:
    """Python flushes standard output once more at its end; let that go nowhere instead of failing."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        # Standard output is no real file (a test, an embedding program): nothing is left to flush.
        return
