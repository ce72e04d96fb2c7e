"""`scrubber check --show-settings`: every setting, its value, and where the value comes from."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Literal

import attrs
import click
from click.core import ParameterSource

from scrubber.cli.columns import write_columns
from scrubber.cli.options import DEFAULT_PACK, usual_tables_folder
from scrubber.cli.rules.paths import short_path
from scrubber.cli.settings import OWN_FILE, PROJECT_FILE, SETTINGS, Setting, settings
from scrubber.report.json import encode
from scrubber.report.page import open_page

Origin = Literal["option", "environment", "file", "default"]


@attrs.frozen
class InForce:
    """A setting as this call would use it."""

    setting: Setting
    value: Any
    origin: Origin
    place: str
    """The option, the variable or `FILE:LINE`; "" for a default."""


def in_force(ctx: click.Context) -> list[InForce]:
    """All settings, as the command of a context would use them, in the order of the table."""
    return [_in_force(ctx, setting) for setting in SETTINGS]


def _in_force(ctx: click.Context, setting: Setting) -> InForce:
    option = next(one for one in ctx.command.params if setting.option in (*one.opts, *one.secondary_opts))
    name = str(option.name)
    found = settings()
    if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
        return InForce(setting, ctx.params[name], "option", setting.option)
    if setting.variable and os.environ.get(setting.variable):
        value = True if setting.kind == "flag" else os.environ[setting.variable]
        return InForce(setting, value, "environment", setting.variable)
    if setting.name in found.places:
        value = found.values[setting.name] if setting.shared else ctx.params[name]
        path, _, line = found.places[setting.name].rpartition(":")
        return InForce(setting, value, "file", f"{short_path(Path(path))}:{line}")
    usual = {"packs": (DEFAULT_PACK,), "tables": usual_tables_folder()}
    return InForce(setting, usual.get(setting.name, ctx.params[name]), "default", "")


def write_settings(ctx: click.Context) -> None:
    """As a table, or with `--format json` as one JSON object; a format of the settings file has no say in this."""
    told = in_force(ctx)
    path = settings().path
    if any(one.setting.name == "format" and one.origin == "option" and one.value == "json" for one in told):
        entries = [
            {"name": one.setting.name, "value": _plain(one.value), "origin": one.origin, "place": one.place}
            for one in told
        ]
        click.echo(encode({"file": None if path is None else str(path), "settings": entries}))
        return
    page = open_page(sys.stdout, color=not ctx.params["no_color"])
    page.line(
        (f"settings from {short_path(path)}" if path else f"no {OWN_FILE}, and no {PROJECT_FILE} with settings", "")
    )
    page.line()
    rows = [
        {
            "setting": one.setting.name,
            "value": _as_toml(one.value),
            "from": f"{one.origin} {one.place}" if one.origin in ("option", "environment") else one.place or one.origin,
        }
        for one in told
    ]
    write_columns(page, ("setting", "value", "from"), rows)


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value


def _as_toml(value: Any) -> str:
    """A value as it could stand in the file, with `-` for none."""
    return "-" if value is None else encode(_plain(value))
