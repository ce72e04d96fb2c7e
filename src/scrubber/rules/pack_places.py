"""Where packs are found: a folder by its path, a shipped pack by name, a pack of an installed package by name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scrubber.content import content_folder
from scrubber.errors import RuleError, UnknownName
from scrubber.rules.pack_file import PACK_FILE

ENTRY_POINTS = "scrubber.packs"
"""The group under which a package says which packs it brings."""


def pack_folder(name_or_path: str | Path) -> Path:
    """The folder of a pack.

    Raises:
        UnknownName: there is no folder, no shipped pack and no installed one of that name.
        RuleError: there is such a folder or file, but it is no pack; or an installed one cannot be used.
    """
    folder = Path(name_or_path)
    if folder.is_dir() and (folder / PACK_FILE).is_file():
        return folder
    shipped = content_folder("rules")
    if isinstance(name_or_path, str):
        if (shipped / name_or_path / PACK_FILE).is_file():
            return shipped / name_or_path
        if name_or_path in (installed := installed_packs()):
            return _installed_folder(name_or_path, installed[name_or_path])
    if folder.is_dir():
        near = next((path.name for path in sorted(folder.iterdir()) if path.stem.lower() == "pack"), None)
        hint = f"Rename {near} to {PACK_FILE}." if near else "Write one with name, version and title."
        raise RuleError(f"the folder has no {PACK_FILE}, so it is no pack.", where=str(name_or_path), hint=hint)
    if folder.is_file():
        raise RuleError("a pack is a folder, and this is a file.", where=str(name_or_path), hint="Name its folder.")
    raise UnknownName("pack", str(name_or_path), [*shipped_packs(), *installed_packs()])


def shipped_packs() -> list[str]:
    """The names of the packs that come with this library."""
    return sorted(path.parent.name for path in content_folder("rules").glob(f"*/{PACK_FILE}"))


def installed_packs() -> dict[str, tuple[tuple[str, str], ...]]:
    """The packs of installed packages: by name, what each says of its place and which distribution says so."""
    from importlib.metadata import entry_points

    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for point in entry_points(group=ENTRY_POINTS):
        owner = point.dist.name if point.dist is not None else "an unnamed distribution"
        found[point.name] = (*found.get(point.name, ()), (point.value, owner))
    return found


def _installed_folder(name: str, claims: tuple[tuple[str, str], ...]) -> Path:
    """The folder of an installed pack; the code of its package is not run for it."""
    (value, owner), *others = claims
    if others:
        owners = _listed([owner, *(other for _, other in others)])
        hint = "Uninstall one of them, or name the folder of the pack."
        raise RuleError(f"several packages bring a pack of this name: {owners}.", where=name, hint=hint)
    module, _, below = value.replace(" ", "").partition(":")
    for folder in _folders_of(module):
        candidate = folder.joinpath(*below.split(".")) if below else folder
        if (candidate / PACK_FILE).is_file():
            return candidate
    raise RuleError(
        f"the package {owner} says that this pack lies at {value!r}, and there is no {PACK_FILE} there.",
        where=name,
        hint=f"Its entry point under {ENTRY_POINTS} should read `package:folder`; tell those who made it.",
    )


def _folders_of(module: str) -> Iterable[Path]:
    """The folders of a package. Python is asked for its outermost name only: it runs what it looks into."""
    from importlib.util import find_spec

    outermost, *below = module.split(".")
    try:
        spec = find_spec(outermost)
    except (ImportError, AttributeError, ValueError):
        return ()
    places = spec.submodule_search_locations if spec is not None else None
    return [Path(place).joinpath(*below) for place in places or ()]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
