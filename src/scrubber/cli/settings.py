"""The settings file of a project: `scrubber.toml`, or `[tool.scrubber]` in `pyproject.toml`.

It is looked for from the working folder upwards, by the command line only. Options win over it. `SETTINGS` is the one
list of what may stand in it; a new lasting option of `scrubber check` is one line there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

import attrs
import click

from scrubber.errors import ScrubberError, UnknownName, os_error_hint

Command = TypeVar("Command", bound=Callable[..., Any])

OWN_FILE = "scrubber.toml"
PROJECT_FILE = "pyproject.toml"
PACK_FILE = "pack.yaml"

Kind = Literal["text", "texts", "packs", "path", "flag", "number"]


@attrs.frozen
class Setting:
    """One setting: its name in the file, what it holds, an example as it is written, and what it says."""

    name: str
    kind: Kind
    example: str
    says: str
    option: str = attrs.field(kw_only=True)
    """The option of `scrubber check` that wins over it."""
    shared: bool = attrs.field(default=False, kw_only=True)
    """Whether other commands read it too; they look it up themselves. The others are defaults of `check`."""
    variable: str = attrs.field(default="", kw_only=True)
    """The environment variable that wins over the file."""

    @option.default
    def _option_of_its_name(self) -> str:
        return f"--{self.name.replace('_', '-')}"


SETTINGS = (
    Setting("packs", "packs", '["core", "rules/our-payer"]', "Rule packs, by name or folder.",
            option="--pack", shared=True),
    Setting("payer", "text", '"60054"', "Judge every claim as one of this payer: an id, or a kind.", shared=True),
    Setting("tables", "path", '"tables"', "The folder of imported tables.",
            shared=True, variable="SCRUBBER_TABLES"),
    Setting("require_hashes", "path", '"approved.sha256"', "Refuse packs whose files are not in this list of hashes.",
            shared=True),
    Setting("select", "texts", '["NCCI", "DX102"]', "Use only these rules (id or name) or families."),
    Setting("ignore", "texts", '["DX140"]', "Leave out these rules (id or name) or families."),
    Setting("fail_on", "text", '"warning"', "The least severity that makes the exit code 1: error, warning or never."),
    Setting("min_risk", "number", "0.2", "Leave out findings of less risk, 0 to 1."),
    Setting("baseline", "path", '"scrubber-baseline.json"', "Tell only findings that this file does not know."),
    Setting("suppressions", "path", '"suppressions.yaml"', "Set findings aside as this file decides."),
    Setting("format", "text", '"json"', "How to write the report."),
    Setting("statistics", "flag", "true", "Add counts by rule, by owner and by outcome."),
    Setting("worst_first", "flag", "true", "The worst claims first; all reports are held in memory until the end."),
    Setting("language", "text", '"es"', "Language of titles, messages and fixes."),
    Setting("input_format", "text", '"x12"', "What all inputs are, instead of telling it from their content."),
    Setting("engine", "text", '"compiled"', "What runs the rules."),
    Setting("jobs", "number", "0", "Check in so many processes; 0 is one for each core."),
    Setting("quiet", "flag", "true", "No talk and no progress on standard error, only failures."),
    Setting("no_color", "flag", "true", "No colours.", variable="NO_COLOR"),
)  # fmt: skip

_BY_NAME = {setting.name: setting for setting in SETTINGS}

KEPT = "scrubber.settings"
"""Where the settings of a call stand among what click keeps of it."""
_NONE_WANTED = "scrubber.no_settings"


@attrs.frozen(kw_only=True)
class Settings:
    """What a settings file says; paths in it are seen from its own folder."""

    path: Path | None = None
    values: Mapping[str, Any] = attrs.field(factory=dict)
    places: Mapping[str, str] = attrs.field(factory=dict)
    """`FILE:LINE` of each setting that is given."""

    @property
    def packs(self) -> tuple[str | Path, ...]:
        return tuple(self.values.get("packs", ()))

    @property
    def payer(self) -> str | None:
        return self.values.get("payer")

    @property
    def tables(self) -> Path | None:
        return self.values.get("tables")

    @property
    def require_hashes(self) -> Path | None:
        return self.values.get("require_hashes")


def settings() -> Settings:
    """The settings of this call of the command: of the file that was named, else of the working folder; read once."""
    context = click.get_current_context(silent=True)
    if context is None:
        return find_settings(Path.cwd())
    if KEPT not in context.meta:
        context.meta[KEPT] = find_settings(Path.cwd())
    found: Settings = context.meta[KEPT]
    return found


def forget_settings(ctx: click.Context) -> None:
    """Let the next call read them anew."""
    for kept in (KEPT, _NONE_WANTED):
        ctx.meta.pop(kept, None)


def settings_options(command: Command) -> Command:
    """`--settings FILE` and `--no-settings`, for a command that reads settings."""
    return _options(command, _choose)


def settings_as_defaults(command: Command) -> Command:
    """The same, for `scrubber check`, whose options the settings are the defaults of."""

    def choose(ctx: click.Context, parameter: click.Parameter, value: Path | None) -> None:
        _choose(ctx, parameter, value)
        if not ctx.resilient_parsing:
            ctx.default_map = {**(ctx.default_map or {}), **_defaults(ctx, settings())}

    return _options(command, choose)


def _options(command: Command, choose: Callable[[click.Context, click.Parameter, Path | None], None]) -> Command:
    # Both are eager: the settings have to be known before the options whose defaults they are. What is given on the
    # command line is read first, so `choose`, which always runs, comes after a `--no-settings`.
    none = click.option(
        "--no-settings", is_flag=True, is_eager=True, expose_value=False, callback=_want_none, help="Read no settings."
    )
    named = click.option(
        "--settings",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        is_eager=True,
        expose_value=False,
        callback=choose,
        help=f"Settings to use. [default: {OWN_FILE}, or {PROJECT_FILE} with [tool.scrubber], here or above]",
    )
    return named(none(command))


def _want_none(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and KEPT in ctx.meta:
        raise click.UsageError("--settings and --no-settings contradict each other.", ctx)
    if value:
        ctx.meta[_NONE_WANTED] = True


def _choose(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    if ctx.resilient_parsing:
        return
    unwanted = ctx.meta.get(_NONE_WANTED, False)
    if value is not None and unwanted:
        raise click.UsageError("--settings and --no-settings contradict each other.", ctx)
    if unwanted:
        ctx.meta[KEPT] = Settings()
    elif value is not None:
        ctx.meta[KEPT] = read_settings(value)


def _defaults(ctx: click.Context, found: Settings) -> dict[str, Any]:
    """The settings by the parameters of a command whose defaults they are, each as its option takes it.

    Raises:
        ScrubberError: a value is one that the option would refuse.
    """
    by_option = {name: option for option in ctx.command.params for name in (*option.opts, *option.secondary_opts)}
    defaults = {}
    for name, value in found.values.items():
        if (setting := _BY_NAME[name]).shared:
            continue
        option = by_option[setting.option]
        try:
            option.process_value(ctx, value)
        except click.BadParameter as error:
            raise ScrubberError(f"{name}: {error.message}", where=found.places[name]) from None
        defaults[str(option.name)] = value
    return defaults


def find_settings(folder: Path) -> Settings:
    """The settings nearest to a folder, in it or above it; empty ones where there are none.

    Raises:
        ScrubberError: the file cannot be read, or holds what is no setting.
    """
    for place in (folder, *folder.parents):
        if (own := place / OWN_FILE).is_file():
            return read_settings(own)
        if (project := place / PROJECT_FILE).is_file():
            text, document = _read(project)
            if (ours := _table_of(project, document)) is not None:
                return _settings(project, text, ours)
    return Settings()


def read_settings(path: Path) -> Settings:
    """The settings of one file.

    Raises:
        ScrubberError: the file cannot be read, or holds what is no setting.
    """
    text, document = _read(path)
    if path.name != PROJECT_FILE:
        return _settings(path, text, document)
    ours = _table_of(path, document)
    if ours is None:
        hint = "Write the settings below that head, or name another file."
        raise ScrubberError("there is no [tool.scrubber] in it.", where=str(path), hint=hint)
    return _settings(path, text, ours)


def _table_of(path: Path, document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """`[tool.scrubber]` of a project file, None where there is none."""
    tools = document.get("tool")
    ours = tools.get("scrubber") if isinstance(tools, Mapping) else None
    if ours is not None and not isinstance(ours, Mapping):
        hint = "Write it as a table: [tool.scrubber]."
        raise ScrubberError("tool.scrubber must be a table.", where=str(path), hint=hint)
    return ours


def _read(path: Path) -> tuple[str, Mapping[str, Any]]:
    import tomllib

    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told, place = str(error), str(path)
        if found := re.fullmatch(r"(.*) \(at line ([0-9]+), column ([0-9]+)\)", told):
            told, place = found[1], f"{path}:{found[2]}:{found[3]}"
        hint = "Mend it at that place: texts stand in quotes, true and false do not."
        raise ScrubberError(f"this is not TOML: {told}.", where=place, hint=hint) from None
    except RecursionError:
        raise ScrubberError("its lists are nested too deeply.", where=str(path), hint="Write them flat.") from None
    except UnicodeDecodeError:
        raise ScrubberError("the file is not UTF-8 text.", where=str(path), hint="Save it as UTF-8.") from None
    except OSError as error:
        hint = os_error_hint(error)
        raise ScrubberError(f"the file cannot be read: {error.strerror}.", where=str(path), hint=hint) from None


class _WrongError(Exception):
    """A value of the wrong type: what it must be, and an example."""


def _settings(path: Path, text: str, given: Mapping[str, Any]) -> Settings:
    values, places = {}, {}
    for name, value in given.items():
        place = _place(path, text, name)
        if name not in _BY_NAME:
            raise _unknown(path, place, name, value)
        setting = _BY_NAME[name]
        try:
            values[name] = _READERS[setting.kind](path.parent.absolute(), value)
        except _WrongError as wrong:
            hint = f"For example {name} = {setting.example}."
            raise ScrubberError(f"{name} must be {wrong}.", where=place, hint=hint) from None
        places[name] = place
    return Settings(path=path, values=values, places=places)


def _unknown(path: Path, place: str, name: str, value: Any) -> ScrubberError:
    if path.name != PROJECT_FILE and isinstance(value, Mapping) and name in ("scrubber", "tool"):
        hint = f"That head is for {PROJECT_FILE}."
        return ScrubberError("in this file the settings stand at the top, below no head.", where=place, hint=hint)
    unknown = UnknownName("setting", name, _BY_NAME)
    return ScrubberError(unknown.message, where=place, hint=unknown.hint)


def _text(_: Path, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _WrongError("text in quotes, and not empty")
    return value


def _texts(_: Path, value: Any) -> tuple[str, ...]:
    return _list_of("texts in quotes", value)


def _list_of(what: str, value: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) and one.strip() for one in listed):
        raise _WrongError(f"a list of {what}")
    return tuple(listed)


def _packs(folder: Path, value: Any) -> tuple[str | Path, ...]:
    """Folders seen from that of the settings, else names of packs."""

    def pack(name: str) -> str | Path:
        beside = _path(folder, name)
        return beside if (beside / PACK_FILE).is_file() or "/" in name or "\\" in name else name

    return tuple(pack(name) for name in _list_of("names or folders", value))


def _path(folder: Path, value: Any) -> Path:
    text = _text(folder, value)
    try:
        if "\0" in text:
            raise _WrongError("a path without a null character")
        return folder / Path(text).expanduser()
    except RuntimeError:
        raise _WrongError("a path with the home folder of somebody who exists") from None


def _flag(_: Path, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _WrongError("true or false, without quotes")
    return value


def _number(_: Path, value: Any) -> str:
    """As text, which is how an option is given."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _WrongError("a number, without quotes")
    return str(value)


_READERS: Mapping[Kind, Callable[[Path, Any], Any]] = {
    "text": _text,
    "texts": _texts,
    "packs": _packs,
    "path": _path,
    "flag": _flag,
    "number": _number,
}


def _place(path: Path, text: str, key: str) -> str:
    """`FILE:LINE` of a key."""
    shape = re.compile(rf"""\s*\[?\s*((tool\s*\.\s*)?scrubber\s*\.\s*)?["']?{re.escape(key)}["']?\s*[\]=.]""")
    lines = text.splitlines()
    start = 0
    if path.name == PROJECT_FILE:
        head = re.compile(r"""\s*\[\s*tool\s*\.\s*["']?scrubber["']?\s*\]""")
        start = next((number for number, line in enumerate(lines) if head.match(line)), 0)
    found = (number for number, line in enumerate(lines[start:], start=start + 1) if shape.match(line))
    return f"{path}:{next(found, start + 1)}"
