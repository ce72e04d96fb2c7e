"""What `--watch` looks at: files, by time and size, one `stat` each, on any system and any kind of disk."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from pathlib import Path

import click

SECONDS = 0.5
"""Between two looks."""

Stamps = dict[Path, tuple[int, int]]


ARGUMENTS = "scrubber.arguments"
"""Where the arguments of a call stand among what click keeps of it."""


class RememberingCommand(click.Command):
    """Keeps its arguments, so that it can be called again with them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[ARGUMENTS] = tuple(args)
        return super().parse_args(ctx, args)


def stamps(places: Collection[Path], *, but: Collection[Path] = ()) -> Stamps:
    """The files at these places, which may be files or folders, or nothing yet; `but` are files to leave out."""
    return {path: stamp for path, stamp in _each_stamp(places) if path not in but}


def changed_files(seen: Stamps, places: Collection[Path], *, but: Collection[Path] = ()) -> tuple[Stamps, set[Path]]:
    """Wait for a change; what there is now, and the files that are new, gone or another."""
    while True:
        time.sleep(SECONDS)
        now = stamps(places, but=but)
        if touched := {path for path in seen.keys() | now.keys() if seen.get(path) != now.get(path)}:
            return now, touched


def _each_stamp(places: Collection[Path]) -> Iterator[tuple[Path, tuple[int, int]]]:
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.name.startswith(".") or path.name.endswith("~"):
                continue  # what editors leave beside a file while they write it
            try:
                found = path.stat()
            except OSError:  # gone between listing and looking
                continue
            if path.is_file():
                yield path.resolve(), (found.st_mtime_ns, found.st_size)
