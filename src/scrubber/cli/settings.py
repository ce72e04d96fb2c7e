"""The settings file of a project: `scrubber.toml`, or `[tool.scrubber]` in `pyproject.toml`.

It is looked for from the working folder upwards, by the command line only. Options win over it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import click

from scrubber.errors import ScrubberError, UnknownName, os_error_hint

OWN_FILE = "scrubber.toml"
PROJECT_FILE = "pyproject.toml"
PACK_FILE = "pack.yaml"
KEYS = ("packs", "payer", "tables", "require_hashes")

_KEPT = "scrubber.settings"


@attrs.frozen(kw_only=True)
class Settings:
    """What a settings file says; paths in it are seen from its own folder."""

    path: Path | None = None
    packs: tuple[str | Path, ...] = ()
    payer: str | None = None
    tables: Path | None = None
    require_hashes: Path | None = None


def settings() -> Settings:
    """The settings of the working folder, read once for each call of the command."""
    context = click.get_current_context(silent=True)
    if context is None:
        return find_settings(Path.cwd())
    if _KEPT not in context.meta:
        context.meta[_KEPT] = find_settings(Path.cwd())
    found: Settings = context.meta[_KEPT]
    return found


def find_settings(folder: Path) -> Settings:
    """The settings nearest to a folder, in it or above it; empty ones where there are none.

    Raises:
        ScrubberError: the file cannot be read, or holds what is no setting.
    """
    for place in (folder, *folder.parents):
        if (own := place / OWN_FILE).is_file():
            text, document = _read(own)
            return _settings(own, text, document)
        if (project := place / PROJECT_FILE).is_file():
            text, document = _read(project)
            tools = document.get("tool")
            ours = tools.get("scrubber") if isinstance(tools, Mapping) else None
            if isinstance(ours, Mapping):
                return _settings(project, text, ours)
            if ours is not None:
                hint = "Write it as a table: [tool.scrubber]."
                raise ScrubberError("tool.scrubber must be a table.", where=str(project), hint=hint)
    return Settings()


def _read(path: Path) -> tuple[str, Mapping[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScrubberError(f"this is not TOML: {error}.", where=str(path), hint="Mend it at that place.") from None
    except UnicodeDecodeError:
        raise ScrubberError("the file is not UTF-8 text.", where=str(path), hint="Save it as UTF-8.") from None
    except OSError as error:
        hint = os_error_hint(error)
        raise ScrubberError(f"the file cannot be read: {error.strerror}.", where=str(path), hint=hint) from None


def _settings(path: Path, text: str, given: Mapping[str, Any]) -> Settings:
    for key in given:
        if key not in KEYS:
            unknown = UnknownName("setting", key, KEYS)
            raise ScrubberError(unknown.message, where=_place(path, text, key), hint=unknown.hint)
    packs = given.get("packs", [])
    names = [packs] if isinstance(packs, str) else packs
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        hint = 'For example packs = ["core", "rules/our-payer"].'
        raise ScrubberError("packs must be a list of names or folders.", where=_place(path, text, "packs"), hint=hint)
    texts = {key: _text(path, text, given, key) for key in ("payer", "tables", "require_hashes")}
    return Settings(
        path=path,
        packs=tuple(_pack(path.parent, name) for name in names),
        payer=texts["payer"],
        tables=_below(path.parent, texts["tables"]),
        require_hashes=_below(path.parent, texts["require_hashes"]),
    )


def _text(path: Path, text: str, given: Mapping[str, Any], key: str) -> str | None:
    value = given.get(key)
    if value is not None and (not isinstance(value, str) or not value):
        hint = f'Write it in quotes: {key} = "...".'
        raise ScrubberError(f"{key} must be text.", where=_place(path, text, key), hint=hint)
    return value


def _pack(folder: Path, name: str) -> str | Path:
    """A folder seen from that of the settings, else the name of a pack."""
    beside = folder / name
    return beside if (beside / PACK_FILE).is_file() or "/" in name or "\\" in name else name


def _below(folder: Path, name: str | None) -> Path | None:
    return None if name is None else folder / name


def _place(path: Path, text: str, key: str) -> str:
    """`FILE:LINE` of a key."""
    shape = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""")
    lines = text.splitlines()
    start = 0
    if path.name == PROJECT_FILE:
        start = next((number for number, line in enumerate(lines) if line.strip() == "[tool.scrubber]"), 0)
    found = (number for number, line in enumerate(lines[start:], start=start + 1) if shape.match(line))
    return f"{path}:{next(found, start + 1)}"
