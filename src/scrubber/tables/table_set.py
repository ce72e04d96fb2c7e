"""All tables that are at hand: those shipped with the library and those the user imported."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from scrubber.errors import TableError, UnknownName
from scrubber.tables.catalogue import KNOWN_TABLES
from scrubber.tables.edition_file import EditionFile
from scrubber.tables.table import Table
from scrubber.tables.value_sets import ValueSets, load_value_sets

EDITION_SUFFIX = ".table"
NOTES_SUFFIX = ".notes"


class TableSet:
    """A read-only collection of tables by name."""

    def __init__(self, tables: Mapping[str, Table], value_set_folders: Sequence[Path] = ()) -> None:
        self._tables = dict(tables)
        self._value_set_folders = tuple(value_set_folders)

    @cached_property
    def value_sets(self) -> ValueSets:
        """The shipped value sets and those beside the tables, which take the place of shipped ones of their name; read
        when first asked for.

        Raises:
            TableError: a file of value sets has mistakes.
        """
        from scrubber.content import content_folder

        return load_value_sets(dict.fromkeys((content_folder("code_tables"), *self._value_set_folders)))

    def with_value_sets(self, folder: Path) -> TableSet:
        """These tables, with the value sets that lie in a folder before all others."""
        return TableSet(self._tables, (*self._value_set_folders, folder))

    def joined(self, other: TableSet) -> TableSet:
        """These tables and those of another set, whose tables take the place of these."""
        return TableSet({**self._tables, **other._tables}, (*self._value_set_folders, *other._value_set_folders))

    @classmethod
    def open(cls, folder: Path | str | None = None) -> TableSet:
        """Open the shipped tables, and those in `folder`: one folder for each table, one file for each edition.

        Raises:
            TableError: a table file is damaged or foreign, or `folder` is no folder.
        """
        from scrubber.content import content_folder

        places = [(content_folder("code_tables"), False)]
        if folder is not None:
            if not Path(folder).is_dir():
                raise TableError(
                    "this is no folder of tables.", where=str(folder), hint="Import a table into it first."
                )
            places.append((Path(folder), True))
        return cls.from_folders(places)

    @classmethod
    def from_folders(cls, places: list[tuple[Path, bool]]) -> TableSet:
        """Open tables from folders; the flag says whether a folder holds imported tables."""
        files: dict[str, list[EditionFile]] = {}
        notes: dict[str, Path] = {}
        for place, imported in places:
            paths = _paths_in(place)
            for path in (path for path in paths if path.name.endswith(EDITION_SUFFIX)):
                file = EditionFile(path, imported=imported)
                if file.table != path.parent.name:
                    raise TableError(f"the file holds table {file.table!r}, not that of its folder.", where=str(path))
                files.setdefault(file.table, []).append(file)
            for path in (path for path in paths if path.name.endswith(NOTES_SUFFIX)):
                notes[path.parent.name] = path
        tables = {name: Table(opened, notes.get(name)) for name, opened in sorted(files.items())}
        return cls(tables, [place for place, _ in places])

    @property
    def names(self) -> tuple[str, ...]:
        """The tables that are loaded."""
        return tuple(self._tables)

    def get(self, name: str) -> Table | None:
        """A table, or None where it is known but not loaded.

        Raises:
            UnknownName: nothing is called so.
        """
        table = self._tables.get(name)
        if table is None and name not in KNOWN_TABLES:
            raise UnknownName("table", name, {*KNOWN_TABLES, *self._tables})
        return table

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def __repr__(self) -> str:
        return f"TableSet({', '.join(self._tables)})"


def _paths_in(place: Path) -> list[Path]:
    """What lies in the folders of a folder. A folder that may not be read is told: it is not the same as an empty one.

    Raises:
        TableError: a folder cannot be read.
    """
    try:
        with os.scandir(place) as entries:
            folders = sorted(Path(entry.path) for entry in entries if entry.is_dir())
        return [path for folder in folders for path in sorted(folder.iterdir())]
    except OSError as error:
        raise TableError(
            f"the folder of tables cannot be read: {error.strerror or error}.",
            where=str(error.filename or place),
            hint="Give your account the right to read it and what is in it, or name another folder with --tables.",
        ) from error
