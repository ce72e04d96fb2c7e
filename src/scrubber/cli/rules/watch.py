"""`scrubber rules test --watch`: looks at the files of packs and value sets, and runs again what changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from scrubber.cli.group import say
from scrubber.cli.options import tables_place, used_packs
from scrubber.content import content_folder
from scrubber.errors import ScrubberError
from scrubber.rules.override_file import OVERRIDES_FILE
from scrubber.rules.pack_file import PACK_FILE
from scrubber.rules.pack_places import pack_folder
from scrubber.tables.value_sets import FOLDER

SECONDS = 0.5
"""Between two looks. Looking is one `stat` for each file, on any system and any kind of disk."""

Stamps = dict[Path, tuple[int, int]]


def watch_packs(
    packs: Sequence[str], tables_folder: Path | None, run: Callable[[Collection[Path] | None], None]
) -> None:
    """Run everything once (`None`), then the rules of the files that change, until somebody interrupts.

    What cannot be read is said, and the next change is waited for. A change of a header or a value set may concern
    every rule, so everything runs again.

    Raises:
        UnknownName: there is no such pack.
        RuleError: it is no pack.
    """
    folders = [pack_folder(name) for name in used_packs(packs)]
    sets = [content_folder("code_tables") / FOLDER, *(folder / FOLDER for folder in folders)]
    own = tables_place(tables_folder)
    sets += [own / FOLDER] if own is not None else []
    seen = _stamps([*folders, *sets])
    changed: set[Path] | None = None
    while True:
        try:
            run(changed)
        except ScrubberError as error:
            say(str(error))
        else:
            changed = set()
        say(f"watching {len(seen)} files; Ctrl-C ends it.")
        seen, touched = _wait(seen, [*folders, *sets])
        if changed is None or any(_concerns_all(path, sets) for path in touched):
            changed = None
        else:
            changed |= touched


def _concerns_all(path: Path, sets: Sequence[Path]) -> bool:
    return (
        path.name in (PACK_FILE, OVERRIDES_FILE)
        or path.suffix != ".yaml"
        or any(path.is_relative_to(one.resolve()) for one in sets)
    )


def _wait(seen: Stamps, folders: Sequence[Path]) -> tuple[Stamps, set[Path]]:
    """Wait for a change; what there is now, and the files that are new, gone or another."""
    while True:
        time.sleep(SECONDS)
        now = _stamps(folders)
        if touched := {path for path in seen.keys() | now.keys() if seen.get(path) != now.get(path)}:
            return now, touched


def _stamps(folders: Sequence[Path]) -> Stamps:
    return dict(_each_stamp(folders))


def _each_stamp(folders: Sequence[Path]) -> Iterator[tuple[Path, tuple[int, int]]]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.name.startswith(".") or path.name.endswith("~"):
                continue  # what editors leave beside a file while they write it
            try:
                found = path.stat()
            except OSError:  # gone between listing and looking
                continue
            if path.is_file():
                yield path.resolve(), (found.st_mtime_ns, found.st_size)
