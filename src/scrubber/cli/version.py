"""`--version`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def version_option(command: Command) -> Command:
    def show(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            from scrubber import __version__

            click.echo(f"scrubber {__version__}")
            ctx.exit()

    return click.option(
        "--version",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help="Show the version and exit.",
    )(command)
