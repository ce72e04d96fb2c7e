"""What an importer is: it recognises a file by its content and reads rows, refusals and editions out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import IO, Literal, NamedTuple

from attrs import field, frozen

from scrubber.tables.model import Column
from scrubber.tables.notes import NewNode

SourceKind = Literal["text", "sheet", "xml"]


@frozen
class SourceFile:
    """One file that a user handed over, or one member of a zip. Opening it again reads it from its beginning."""

    path: Path
    kind: SourceKind
    size: int  # uncompressed bytes
    open: Callable[[], IO[bytes]] = field(repr=False)
    member: str | None = None  # its path inside a zip
    sha256: str = ""  # of the file as handed over; members of one zip share it
    stated_table: str | None = None  # what the user said where the content does not say it (--table)
    stated_day: date | None = None  # the first day of the edition as the user said it (--edition)

    @property
    def name(self) -> str:
        """How messages name it."""
        return str(self.path) if self.member is None else f"{self.path}: {self.member}"

    @property
    def file_name(self) -> str:
        """The last part of its name."""
        return (self.member or self.path.name).replace("\\", "/").rsplit("/", 1)[-1]

    @property
    def names(self) -> tuple[str, ...]:
        """The names that may tell an edition, nearest first: that of the member, then that of the zip."""
        return (self.file_name,) if self.member is None else (self.file_name, self.path.name)


@frozen
class Sample:
    """The beginning of a source, by which importers recognise it."""

    source: SourceFile
    head: bytes  # of a sheet: empty
    lines: tuple[str, ...]  # of a sheet: its first rows, cells with tabs between
    rows: tuple[tuple[str, ...], ...]  # the same as cells, read as csv or as tabs; of xml: empty

    @property
    def text(self) -> str:
        """All of it in lower case, blanks and line breaks as single blanks: for finding words."""
        return " ".join(" ".join(self.lines).lower().split())


class TableRow(NamedTuple):
    """A row as read: values of the short columns and texts of the long ones, both in the order of the schema."""

    table: str
    key: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    values: tuple[object, ...] = ()
    texts: tuple[str | None, ...] = ()
    line: int = 0


@frozen
class Refused:
    """A row that cannot be taken, and why. The reason speaks of the row without repeating licensed text."""

    line: int
    reason: str


@frozen
class EditionFound:
    """The edition that the rows behind it belong to: one for each table of a source, before the rows of that table.

    An edition may be published in parts; `part` is the number of this one and `parts` how many there are.
    `columns` is needed only where the schema leaves the columns open.
    """

    table: str
    name: str
    first_day: date
    last_day: date | None
    source: str
    licence: str
    part: int = 0
    parts: int = 0
    key: tuple[str, ...] = ()  # needed only where the schema leaves the key open
    columns: tuple[Column, ...] = ()


@frozen
class NotesFound:
    """Notes of a tabular list for a table: they are stored beside its editions."""

    table: str
    edition: str
    source: str
    licence: str
    nodes: tuple[NewNode, ...] = field(repr=False)


@frozen
class Remark:
    """Something a user should know about a source: whose licence it is under, what was left out on purpose."""

    text: str


Parsed = TableRow | Refused | EditionFound | NotesFound | Remark


@frozen
class Importer:
    """One kind of file.

    `recognise` looks at content: header words and shapes of rows. It raises nothing. `read` yields what stands in the
    file and raises `TableError` where the whole file cannot be used.
    """

    name: str
    meaning: str
    layout: str
    recognise: Callable[[Sample], bool] = field(repr=False)
    read: Callable[[SourceFile], Iterator[Parsed]] = field(repr=False)
    is_general: bool = False  # asked only when no other importer knows the file
    leaves_out: str = ""  # why files of this kind are known and not read: they are no mistake of the user's


def reads_nothing(source: SourceFile) -> Iterator[Parsed]:
    """For importers that leave their files out."""
    yield from ()
