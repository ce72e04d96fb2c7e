"""The folder of imported tables: one import at a time, each edition replaced whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from attrs import frozen

from scrubber.errors import TableError
from scrubber.tables.edition_file import EditionFile
from scrubber.tables.importers.contract import EditionFound, NotesFound, SourceFile, TableRow
from scrubber.tables.model import Edition
from scrubber.tables.notes import write_notes
from scrubber.tables.schemas import SCHEMAS, SHIPPED
from scrubber.tables.table_set import EDITION_SUFFIX, NOTES_SUFFIX
from scrubber.tables.writer import LeftOutRow, NewEdition, Pile

UNFINISHED_SUFFIX = ".unfinished"
_LOCK = ".import.lock"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_TABLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_MOST_SOURCES = 200
_KEPT = 200  # rows of parts that stand already have this number, and that of their part, as their origin
_LARGEST_PART = 50


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other imports out of a folder, and sweep out what an interrupted one left. The lock ends with the process.

    Raises:
        TableError: the folder cannot be made or written, or another import is at work in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / _LOCK).open("a+b")
    except OSError as error:
        raise TableError(f"tables cannot be written here ({error.strerror}).", where=str(folder)) from error
    with stream:
        if not _lock(stream):
            raise TableError(
                "another import is at work in this folder.", where=str(folder), hint="Wait until it is done."
            )
        for leftover in folder.glob("*/*" + UNFINISHED_SUFFIX):
            with suppress(OSError):
                leftover.unlink()
        yield


def _lock(stream: IO[bytes]) -> bool:
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@frozen
class EditionStored:
    """An edition as it now lies in the folder."""

    table: str
    edition: Edition
    path: Path
    replaced: bool  # an edition of this name was there before
    kept_parts: tuple[int, ...]  # parts of it that came with earlier imports


class EditionBuild:
    """One edition on its way into the folder: rows of several sources, and parts that are there already.

    Stateful until it is stored; nothing of the folder changes before.
    """

    def __init__(self, folder: Path, found: EditionFound) -> None:
        schema = SCHEMAS.get(found.table)
        key = found.key or (schema.key if schema else ())
        columns = found.columns or (schema.columns if schema else ())
        _check_names(found, key)
        self.found = found
        self.path = folder / found.table / f"{found.name}{EDITION_SUFFIX}"
        self._several = schema is not None and schema.several_in_force
        self._new = NewEdition(
            found.table,
            found.name,
            found.first_day,
            found.last_day,
            found.source,
            found.licence,
            key,
            columns,
            self._several,
        )
        self._pile = Pile(self.path, self._new)
        self._files: dict[int, tuple[SourceFile, int]] = {}
        self._rows: dict[int, int] = {}
        self._next = 0

    def begin(self, source: SourceFile, found: EditionFound) -> int:
        """A source begins to give rows; its number.

        Raises:
            TableError: its rows do not fit to those of the other sources of this edition.
        """
        if found.first_day != self.found.first_day or found.last_day != self.found.last_day:
            raise TableError(
                f"it is for other days than the other files of {found.table} {found.name}.", where=source.name
            )
        if self._next >= _MOST_SOURCES or found.part > _LARGEST_PART:
            raise TableError(f"the edition {found.name} has too many parts.", where=source.name)
        origin = self._next
        self._next += 1
        self._files[origin] = (source, found.part)
        self._rows[origin] = 0
        return origin

    def add(self, row: TableRow, origin: int) -> None:
        """Take a row.

        Raises:
            TableError: the table cannot hold it.
        """
        self._pile.add(row.key, row.valid_from, row.valid_to, row.values, row.texts, origin, row.line)
        self._rows[origin] += 1

    def drop(self, origin: int) -> None:
        """Throw away what a source gave: it turned out to be damaged."""
        self._pile.forget(origin)
        del self._files[origin]
        del self._rows[origin]

    def fragments(self) -> TableError | None:
        """Why the rows look like a fragment of what the folder has already: of this edition or of a part of it, less
        than half; of the table, too few for a full edition where another one is full.
        """
        before = self._existing()
        parts = {part for _, part in self._files.values()}
        count = sum(self._rows.values())
        what = f"{self.found.table} {self.found.name}"
        if before is not None:
            described = before.container.head.get("files", [])
            for part in sorted(parts):
                new = sum(self._rows[origin] for origin, (_, number) in self._files.items() if number == part)
                # Two files of one part hold the same rows: the larger counts.
                old = max((int(file["rows"]) for file in described if file["part"] == part), default=0)
                if part and 2 * new < old:
                    return _fragment(new, f"part {part} of {what}", old, "the part that is there")
            is_whole = 0 in parts or all(file["part"] in (0, *parts) for file in described)
            if is_whole and 2 * count < before.count:
                return _fragment(count, what, before.count, "the edition that is there")
        schema = SCHEMAS.get(self.found.table)
        if schema is not None and not self.found.parts and count < schema.least_rows:
            for path in sorted(self.path.parent.glob(f"*{EDITION_SUFFIX}")):
                other = None if path == self.path else _readable(path)
                if other is not None and other.count >= max(schema.least_rows, 2 * count):
                    return _fragment(count, what, other.count, f"edition {other.edition.name}")
        return None

    def misplaced(self) -> list[tuple[int, TableError]]:
        """The sources whose rows stand where another part has its own: parts follow each other by their codes."""
        if not self.found.parts:
            return []
        known = self._spans_before()
        spans = self._spans()
        misplaced: list[tuple[int, TableError]] = []
        for part in sorted(spans):
            first, last = spans[part]
            other = next(
                (
                    number
                    for number, (low, high) in known.items()
                    if (first, last) == (low, high) or (last > low if part < number else first < high)
                ),
                None,
            )
            if other is None:
                known[part] = (first, last)
                continue
            low, high = known[other]
            order = "are those of" if (first < high and last > low) or (first, last) == (low, high) else "do not follow"
            misplaced += [
                (
                    origin,
                    TableError(
                        f"it is named part {part} of {self.found.table} {self.found.name}, and its codes ({first} to "
                        f"{last}) {order} part {other} ({low} to {high}).",
                        where=source.name,
                        hint=f"Give it the name that CMS gave it, and import the true part {part}.",
                    ),
                )
                for origin, (source, number) in self._files.items()
                if number == part
            ]
        return misplaced

    def _spans_before(self) -> dict[int, tuple[str, str]]:
        """The first and the last code of each part that is there already and that no source brings anew."""
        before = self._existing()
        parts = {part for _, part in self._files.values()}
        if before is None or 0 in parts or "parts" not in before.container.head:
            return {}
        part_of = bytes(before.container.numbers("origins", "B", before.count))
        ends = {part: (part_of.find(part), part_of.rfind(part)) for part in set(part_of) - parts - {0}}
        return {part: (before.key_at(first)[0], before.key_at(last)[0]) for part, (first, last) in ends.items()}

    @property
    def is_blank(self) -> bool:
        """Whether no row is there to be stored."""
        return not any(self._rows.values())

    def store(self) -> tuple[EditionStored, list[LeftOutRow]]:
        """Write the edition, with the parts of it that are there already, and give back the rows that were left out.

        Raises:
            TableError: the folder cannot be written, or what is there is damaged.
        """
        parts = {part for _, part in self._files.values()}
        before = self._existing()
        files = [
            {"name": source.file_name, "sha256": source.sha256, "part": part, "rows": self._rows[origin]}
            for origin, (source, part) in self._files.items()
        ]
        kept: tuple[int, ...] = ()
        if before is not None and 0 not in parts:
            described = before.container.head.get("files", [])
            earlier = [file for file in described if file["part"] not in (0, *parts)]
            kept = tuple(sorted({int(file["part"]) for file in earlier}))
            if kept:
                self._keep(before, frozenset(kept))
                files += earlier
        left_out = self._pile.settle()
        present = sorted(parts | set(kept))
        expected = max(self.found.parts, *present)
        extra: dict[str, Any] = {"files": sorted(files, key=lambda file: (file["part"], file["name"]))}
        if self.found.parts:
            extra["parts"] = {"present": present, "expected": expected}
            extra["holes"] = _holes(self._spans(), present, expected)
        origins = bytes(self._part_of(origin) for origin in range(256))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._pile.write(extra, origins=origins if self.found.parts else None)
            _settle_folder(self.path.parent)
        except OSError as error:
            raise TableError(f"the table cannot be written ({error.strerror}).", where=str(self.path)) from error
        stored = EditionFile(self.path, imported=True)
        return EditionStored(self.found.table, stored.edition, self.path, before is not None, kept), left_out

    def _existing(self) -> EditionFile | None:
        """The edition that is there; one that cannot be read is as good as none, and is replaced."""
        before = _readable(self.path)
        if before is None:
            return None
        same = before.key_names == self._new.key and before.columns == self._new.columns
        return before if same else None

    def _keep(self, before: EditionFile, parts: frozenset[int]) -> None:
        """Take over the rows of parts that this import does not bring."""
        part_of = before.container.numbers("origins", "B", before.count)
        long = [column.name for column in before.columns if column.is_long]
        for number, part in enumerate(part_of):
            if part in parts:
                _, _, first, last = before.window_at(number)
                texts = tuple(before.long_text(number, name) for name in long)
                self._pile.add(before.key_at(number), first, last, before.values_at(number), texts, _KEPT + part)

    def _part_of(self, origin: int) -> int:
        if origin >= _KEPT:
            return origin - _KEPT
        return self._files[origin][1] if origin in self._files else 0

    def _spans(self) -> dict[int, tuple[str, str]]:
        """The first and the last (first part of a) key of each part."""
        spans: dict[int, tuple[str, str]] = {}
        for origin, (first, last) in self._pile.spans().items():
            part = self._part_of(origin)
            known = spans.get(part, (first, last))
            spans[part] = (min(first, known[0]), max(last, known[1]))
        return spans


def _readable(path: Path) -> EditionFile | None:
    if not path.exists():
        return None
    try:
        return EditionFile(path, imported=True)
    except TableError:
        return None


def _fragment(new: int, what: str, old: int, other: str) -> TableError:
    return TableError(
        f"it has {new:,} rows for {what}, and {other} has {old:,}: it looks like a fragment, so that nothing was "
        "taken and what is there stays.",
        hint="Import the whole file as it was published; to store it all the same, add --replace.",
    )


def store_notes(folder: Path, found: NotesFound) -> Path:
    """Write the notes of a tabular list beside the editions of its table, in place of older ones."""
    if _NAME.fullmatch(found.edition) is None or _TABLE_NAME.fullmatch(found.table) is None:
        raise TableError(f"{found.table} {found.edition} is no name for notes.", where=str(folder))
    path = folder / found.table / f"{found.edition}{NOTES_SUFFIX}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_notes(path, found.edition, found.source, found.licence, found.nodes)
        _settle_folder(path.parent)
    except OSError as error:
        raise TableError(f"the notes cannot be written ({error.strerror}).", where=str(path)) from error
    return path


def _check_names(found: EditionFound, key: tuple[str, ...]) -> None:
    """Refuse what would be no file name, or a table that no rule could use."""
    schema = SCHEMAS.get(found.table)
    if _TABLE_NAME.fullmatch(found.table) is None or _NAME.fullmatch(found.name) is None:
        raise TableError(f"{found.table!r} {found.name!r} are no names for a table and its edition.")
    if not key:
        raise TableError(f"table {found.table!r} has no key.")
    if schema is not None and (schema.columns or schema.comes_from == SHIPPED) and key != schema.key:
        raise TableError(f"table {found.table!r} is looked up by {', '.join(schema.key)}, not by {', '.join(key)}.")


def _holes(spans: dict[int, tuple[str, str]], present: list[int], expected: int) -> list[list[str]]:
    """Between which keys parts are missing: of codes in there nothing is known. A blank end is open."""
    holes: list[list[str]] = []
    before, number = "", 0
    for part in (part for part in present if part in spans):
        if part > number + 1:
            holes.append([before, spans[part][0]])
        before, number = spans[part][1], part
    if number < expected:
        holes.append([before, ""])
    return holes


def _settle_folder(folder: Path) -> None:
    """Make the new name of a file as lasting as its content, where the platform can."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
