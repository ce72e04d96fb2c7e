"""`scrubber rules test --watch`: looks at the files of packs and value sets, and runs again what changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from scrubber.cli.group import say
from scrubber.cli.options import tables_place, used_packs
from scrubber.cli.watching import changed_files, stamps
from scrubber.content import content_folder
from scrubber.errors import ScrubberError
from scrubber.rules.override_file import OVERRIDES_FILE
from scrubber.rules.pack_file import PACK_FILE
from scrubber.rules.pack_places import pack_folder
from scrubber.tables.value_sets import FOLDER


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
    seen = stamps([*folders, *sets])
    changed: set[Path] | None = None
    while True:
        try:
            run(changed)
        except ScrubberError as error:
            say(str(error))
        else:
            changed = set()
        say(f"watching {len(seen)} files; Ctrl-C ends it.")
        seen, touched = changed_files(seen, [*folders, *sets])
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
