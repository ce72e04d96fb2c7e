"""An import from files to stored editions, and the report of it."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

import attrs
from attrs import define, field, frozen

from scrubber.errors import TableError
from scrubber.tables.importers import recognise
from scrubber.tables.importers.cells import sample_of
from scrubber.tables.importers.contract import (
    EditionFound,
    Importer,
    NotesFound,
    Refused,
    SourceFile,
    TableRow,
)
from scrubber.tables.importers.sources import LeftOut, Stated, open_sources
from scrubber.tables.importers.store import EditionBuild, EditionStored, locked, store_notes

REFUSALS_SHOWN = 20
ROWS_BETWEEN_LOOKS = 4_096

Look = Callable[[str, int, int], None]
"""Told now and then how far an import is: the name of the source, and how many of all bytes are read."""

UNKNOWN_HEADINGS = "no importer knows its headings; a list of your own begins with a line like `# table: clia`."


@define
class SourceReport:
    """What came of one file, or of one member of a zip."""

    name: str
    importer: str | None = None
    taken: Counter[str] = field(factory=Counter)  # rows by table
    repeated: int = 0  # rows that stood twice, in it or in another file, and count once
    refused: int = 0
    refusals: list[Refused] = field(factory=list)  # the first of them, in the order of their lines
    remarks: list[str] = field(factory=list)
    problem: TableError | None = None  # why the whole of it was refused

    def refuse(self, refusal: Refused) -> None:
        """Count a row that was not taken, and keep the first few."""
        self.refused += 1
        if len(self.refusals) < REFUSALS_SHOWN:
            self.refusals.append(refusal)


@define
class ImportReport:
    """What came of an import."""

    sources: list[SourceReport] = field(factory=list)
    left_out: list[LeftOut] = field(factory=list)
    editions: list[EditionStored] = field(factory=list)
    notes: list[Path] = field(factory=list)

    @property
    def refused_rows(self) -> int:
        return sum(source.refused for source in self.sources)

    @property
    def refused_files(self) -> int:
        return sum(source.problem is not None for source in self.sources)


@frozen
class _Waiting:
    """A source that an importer knows, and the edition that it begins with."""

    source: SourceFile
    importer: Importer
    report: SourceReport
    first: tuple[str, str]


def import_files(
    paths: Sequence[Path],
    folder: Path,
    *,
    stated: Stated | None = None,
    look: Look | None = None,
    replace: bool = False,
) -> ImportReport:
    """Import files into a folder of tables. A file that cannot be used does not keep the others out.

    Files of one edition are read together and stored at once, edition after edition, so that memory is needed for one.
    A fragment does not take the place of a whole edition, unless `replace` says so.

    Raises:
        TableError: the folder cannot be written, or another import is at work in it.
    """
    report = ImportReport()
    waiting: list[_Waiting] = []
    with locked(folder):
        for path in dict.fromkeys(paths):
            waiting.extend(_recognised(path, stated or Stated(), report))
        progress = _Progress(look, sum(one.source.size for one in waiting))
        for group in _by_edition(waiting):
            _import_group(group, folder, report, progress, replace=replace)
    return report


def _recognised(path: Path, stated: Stated, report: ImportReport) -> Iterator[_Waiting]:
    """The sources of a file that importers know. A zip may hold others beside them, such as descriptions."""
    unknown: list[LeftOut] = []
    some = False
    try:
        for source in open_sources(path, stated):
            if isinstance(source, LeftOut):
                unknown.append(source)
                continue
            importer = recognise(sample_of(source))
            if importer is None:
                unknown.append(LeftOut(source.name, UNKNOWN_HEADINGS))
                continue
            some = True
            if importer.leaves_out:
                report.left_out.append(LeftOut(source.name, importer.leaves_out))
                continue
            known = SourceReport(source.name, importer.meaning)
            report.sources.append(known)
            try:
                yield _Waiting(source, importer, known, _first_edition(source, importer))
            except TableError as error:
                known.problem = error
    except TableError as error:
        report.sources.append(SourceReport(str(path), problem=error))
        return
    if some:
        report.left_out.extend(unknown)
        return
    reasons = sorted({one.reason for one in unknown}) or ["there is nothing in it."]
    report.sources.append(
        SourceReport(
            str(path),
            problem=TableError(
                f"this is no table that the library can read: {' '.join(reasons)}",
                where=str(path),
                hint="docs/importing-tables.md lists the kinds of files.",
            ),
        )
    )


def _first_edition(source: SourceFile, importer: Importer) -> tuple[str, str]:
    """The table and edition with which a source begins."""
    rows = importer.read(source)
    for parsed in rows:
        if isinstance(parsed, EditionFound):
            return parsed.table, parsed.name
        if isinstance(parsed, NotesFound):
            return parsed.table, parsed.edition
        if isinstance(parsed, TableRow):
            break
    raise TableError(
        f"it has the headings of {importer.meaning}, and no row below them.",
        where=source.name,
        hint="Download it again: a published file has rows.",
    )


def _by_edition(waiting: list[_Waiting]) -> Iterator[list[_Waiting]]:
    """Sources of one edition together, in the order in which editions first came."""
    groups: dict[tuple[str, str], list[_Waiting]] = {}
    for one in waiting:
        groups.setdefault(one.first, []).append(one)
    yield from groups.values()


def _import_group(
    group: list[_Waiting], folder: Path, report: ImportReport, progress: _Progress, *, replace: bool
) -> None:
    builds: dict[tuple[str, str], EditionBuild] = {}
    origins: dict[tuple[tuple[str, str], int], SourceReport] = {}
    read: list[tuple[_Waiting, _Reader]] = []
    for one in group:
        reader = _Reader(folder, builds)
        try:
            reader.read(one, progress)
        except TableError as error:
            one.report.problem = error
        if one.report.problem is None:
            one.report.problem = reader.doubt(one)
        if one.report.problem is not None:
            one.report.taken.clear()
            reader.drop()
            continue
        read.append((one, reader))
    kept = _without_harm(read, builds, replace=replace)
    notes = [found for _, reader in kept for found in reader.notes]
    for one, reader in kept:
        for edition, origin in reader.origins.items():
            origins[edition, origin] = one.report
    for edition, build in builds.items():
        if build.is_blank:
            continue
        stored, left_out = build.store()
        report.editions.append(stored)
        for row in left_out:
            source = origins.get((edition, row.origin))
            if source is None:
                continue
            source.taken[stored.table] -= 1
            if row.repeated:
                source.repeated += 1
            else:
                source.refuse(
                    Refused(row.line, f"{' '.join(row.key)} is in force on the same days as in line {row.other_line}.")
                )
    report.notes.extend(store_notes(folder, found) for found in notes)


def _without_harm(
    read: list[tuple[_Waiting, _Reader]], builds: dict[tuple[str, str], EditionBuild], *, replace: bool
) -> list[tuple[_Waiting, _Reader]]:
    """The sources that put nothing right that stands in the folder out of its place; the others are refused."""
    for edition, build in builds.items():
        problems = dict(build.misplaced())
        read = _drop(read, edition, problems)
        if build.is_blank or replace:
            continue
        problem = build.fragments()
        if problem is not None:
            read = _drop(
                read, edition, {reader.origins[edition]: problem for _, reader in read if edition in reader.origins}
            )
    return read


def _drop(
    read: list[tuple[_Waiting, _Reader]], edition: tuple[str, str], problems: dict[int, TableError]
) -> list[tuple[_Waiting, _Reader]]:
    """Refuse sources by their number in an edition, and give back the others."""
    others: list[tuple[_Waiting, _Reader]] = []
    for one, reader in read:
        problem = problems.get(reader.origins.get(edition, -1))
        if problem is None:
            others.append((one, reader))
            continue
        one.report.problem = TableError(problem.message, where=one.source.name, hint=problem.hint)
        one.report.taken.clear()
        reader.drop()
    return others


@define
class _Reader:
    """Reads one source into the builds of its editions. Stateful for that source."""

    folder: Path
    builds: dict[tuple[str, str], EditionBuild]
    origins: dict[tuple[str, str], int] = field(factory=dict)
    notes: list[NotesFound] = field(factory=list)

    def read(self, one: _Waiting, progress: _Progress) -> None:
        """Take everything that an importer finds in a source.

        Raises:
            TableError: the whole source cannot be used.
        """
        report = one.report
        open_in: dict[str, tuple[EditionBuild, int]] = {}
        taken: Counter[str] = Counter()
        count = 0
        source = progress.watched(one.source)
        for parsed in one.importer.read(source):
            if isinstance(parsed, TableRow):
                try:
                    build, origin = open_in[parsed.table]
                    build.add(parsed, origin)
                except KeyError:
                    raise TableError(f"it has rows of {parsed.table} and no edition.", where=source.name) from None
                except TableError as error:
                    report.refuse(Refused(parsed.line, error.message))
                else:
                    taken[parsed.table] += 1
                count += 1
                if not count % ROWS_BETWEEN_LOOKS:
                    progress.step(source.name)
            elif isinstance(parsed, Refused):
                report.refuse(parsed)
            elif isinstance(parsed, EditionFound):
                edition = (parsed.table, parsed.name)
                found = self.builds.get(edition)
                if found is None:
                    found = self.builds[edition] = EditionBuild(self.folder, parsed)
                if edition not in self.origins:
                    self.origins[edition] = found.begin(source, parsed)
                open_in[parsed.table] = found, self.origins[edition]
            elif isinstance(parsed, NotesFound):
                self.notes.append(parsed)
            elif parsed.text not in report.remarks:
                report.remarks.append(parsed.text)
        report.taken.update(taken)
        progress.step(source.name)

    def doubt(self, one: _Waiting) -> TableError | None:
        """Why a source that was read to its end is not what it seems to be."""
        taken, refused = one.report.taken.total(), one.report.refused
        if taken > refused or (taken + refused == 0 and self.notes):
            return None
        if taken + refused == 0:
            return TableError(
                f"it has the headings of {one.importer.meaning}, and no row below them.",
                where=one.source.name,
                hint="Download it again: a published file has rows.",
            )
        first = f" The first: line {one.report.refusals[0].line}, {one.report.refusals[0].reason}" if refused else ""
        return TableError(
            f"{refused:,} of its {taken + refused:,} rows make no sense as {one.importer.meaning}, "
            f"so that nothing was taken.{first}",
            where=one.source.name,
        )

    def drop(self) -> None:
        """Take back the rows of the source."""
        for edition, origin in self.origins.items():
            self.builds[edition].drop(origin)


class _Progress:
    """Counts the bytes read of all sources."""

    def __init__(self, look: Look | None, total: int) -> None:
        self._look = look
        self._total = total
        self._done = 0
        self._counter: _Counted | None = None

    def watched(self, source: SourceFile) -> SourceFile:
        """The same source, whose bytes are counted as they are read."""
        self._done += self._counter.size if self._counter else 0
        counter = self._counter = _Counted(source.size)
        return attrs.evolve(source, open=lambda: counter.around(source.open()))

    def step(self, name: str) -> None:
        """Tell how far the import is."""
        if self._look is not None and self._counter is not None:
            self._look(name, min(self._total, self._done + min(self._counter.count, self._counter.size)), self._total)


@define
class _Counted:
    """How many bytes of a source were read. A source may be opened more than once; the furthest reading counts."""

    size: int
    count: int = 0

    def around(self, stream: IO[bytes]) -> IO[bytes]:
        """A stream that counts what is read of another."""
        return io.BufferedReader(_CountingStream(stream, self), 1 << 16)


class _CountingStream(io.RawIOBase):
    def __init__(self, stream: IO[bytes], counter: _Counted) -> None:
        self._stream = stream
        self._counter = counter
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        content = self._stream.read(len(buffer))
        buffer[: len(content)] = content
        self._read += len(content)
        self._counter.count = max(self._counter.count, self._read)
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
