"""A table: all its editions behind one look-up that always names a day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

from scrubber.errors import TableError, UnknownName
from scrubber.tables.edition_file import EditionFile, Key, Row
from scrubber.tables.model import NO_EDITION, NO_ROW, Column, Edition, NoAnswer
from scrubber.tables.notes import NotesFile
from scrubber.tables.schemas import SCHEMAS


class Table:
    """Rows with windows, in one or more editions. Immutable but for bounded caches; threads may share it.

    The newest edition that covers the day answers: PTP, HCPCS and ICD editions carry their own history, so
    the newest usually answers for every day; MUE and fee schedule editions answer for their own quarter only.
    An edition that is only in part at hand answers after those that are whole, and not for what it lacks.
    """

    def __init__(self, files: Sequence[EditionFile], notes_path: Path | None = None) -> None:
        newest_first = sorted(files, key=lambda file: (file.last, file.first, file.imported), reverse=True)
        newest = newest_first[0]
        self.name: str = newest.table
        self.key: tuple[str, ...] = newest.key_names
        columns = {column.name: column for file in reversed(newest_first) for column in file.columns}
        in_order = [*(column.name for column in newest.columns)]
        in_order += [name for name in columns if name not in in_order]
        self.columns: Mapping[str, Column] = {name: columns[name] for name in in_order}
        short = [name for name in in_order if not columns[name].is_long]
        for file in newest_first:
            if file.table != self.name or file.key_names != self.key:
                raise TableError(f"the file is no edition of table {self.name!r}.", where=str(file.container.path))
            file.arrange(short)
        self._positions = {name: position for position, name in enumerate(short)}
        self._files = newest_first
        self._answering = sorted(newest_first, key=_is_partial)  # the order stays the newest first among equals
        self.editions: tuple[Edition, ...] = tuple(file.edition for file in newest_first)
        self._notes_path = notes_path

    @property
    def files(self) -> tuple[EditionFile, ...]:
        """The files of the editions, newest first: for whoever compares or verifies them."""
        return tuple(self._files)

    def __repr__(self) -> str:
        return f"Table({self.name}, {', '.join(edition.name for edition in self.editions)})"

    @cached_property
    def notes(self) -> NotesFile | None:
        """The notes of the tabular list, where the table has them; opened when first asked for."""
        return None if self._notes_path is None else NotesFile(self._notes_path)

    def position(self, column: str) -> int:
        """Where a short column stands in `Row.values`.

        Raises:
            UnknownName: there is no such column.
            TableError: it is a long text, which `Row.get` reads when it is asked for.
        """
        if column in self._positions:
            return self._positions[column]
        if column not in self.columns:
            raise UnknownName("column", column, self.columns, where=self.name)
        raise TableError(f"column {column!r} of table {self.name!r} is a long text.", hint="Read it with Row.get.")

    @cached_property
    def turning_days(self) -> frozenset[int]:
        """The day numbers on which an answer may differ from that of the day before: an edition or some row begins or
        has ended, or a date that rows name is reached or past.
        """
        return frozenset(day for file in self._files for day in file.turning_days())

    def edition_on(self, day: date) -> Edition | None:
        """The edition that answers for a day."""
        number = day.toordinal()
        for file in self._answering:
            if file.first <= number <= file.last:
                return file.edition
        return None

    def lacking_on(self, day: date) -> Edition | None:
        """The edition of a day whose missing parts are why a key has NO_EDITION; None where no edition covers it."""
        edition = self.edition_on(day)
        return edition if edition is not None and edition.missing_parts else None

    def look_up(self, key: Key, day: date) -> Row | NoAnswer:
        """The row of a key that is in force on a day, or NO_ROW, or NO_EDITION when no edition covers the day."""
        number = day.toordinal()
        for file in self._answering:
            if file.first <= number <= file.last:
                windows = file.cache.get(key)
                if windows is None:
                    windows = file.windows_of(key)
                for row in windows:
                    if row.first <= number <= row.last:
                        return row
                if not file.holes or file.absence(key) is NO_ROW:
                    return NO_ROW
        return NO_EDITION

    def rows_on(self, key: Key, day: date) -> tuple[Row, ...] | NoAnswer:
        """Every row of a key in force on a day: for tables whose keys have several, such as the add-on codes."""
        number = day.toordinal()
        for file in self._answering:
            if file.first <= number <= file.last:
                found = tuple(row for row in file.windows_of(key) if row.first <= number <= row.last)
                if found:
                    return found
                if file.absence(key) is NO_ROW:
                    return NO_ROW
        return NO_EDITION

    def rows(self, key: Key) -> tuple[Row, ...]:
        """Every window of a key, oldest first, whatever the date.

        An edition adds only the windows that no edition before which it stands back has something to say about.
        """
        if len(self._files) == 1:
            return self._files[0].windows_of(key)
        found: dict[Row, tuple[int, int]] = {}
        for position, file in enumerate(self._answering):
            before = [other for other in self._answering[:position] if other.absence(key) is NO_ROW]
            for row in file.windows_of(key):
                first, last = max(row.first, file.first), min(row.last, file.last)
                if first <= last and not any(other.first <= first and last <= other.last for other in before):
                    found.setdefault(row, (first, last))
        return tuple(sorted(found, key=found.__getitem__))

    def pairs_among(self, codes: Collection[str]) -> set[tuple[str, str]]:
        """The keys of two parts, in any window of any edition, both of whose parts are among some codes: a join through
        the key, for claims with so many codes that a look-up for every pair would cost too much.
        """
        return {pair for file in self._files for pair in file.pairs_among(codes)}

    def starting_with(self, prefix: str, day: date | None = None) -> Iterator[Row]:
        """Rows whose (first) key begins with a text, in key order.

        Without a day: every window in the newest edition. With a day: the rows in force, from the edition of
        that day.
        """
        if day is None:
            yield from self._files[0].starting_with(prefix)
            return
        for file in self._answering:
            if file.first <= day.toordinal() <= file.last:
                yield from (row for row in file.starting_with(prefix) if row.covers(day))
                return

    def verify(self) -> None:
        """Read every byte of every edition and compare it with its checksum.

        Raises:
            TableError: a file is damaged; the error names it.
        """
        for file in self._files:
            file.container.verify()


def _is_partial(file: EditionFile) -> bool:
    """Whether parts of an edition were not imported, or it has fewer rows than any full edition of its table."""
    schema = SCHEMAS.get(file.table)
    return bool(file.edition.missing_parts) or (schema is not None and file.count < schema.least_rows)
