"""The csv files of a coverage export, side by side in a zip or a folder. Their cells hold whole pages of text."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from attrs import frozen

from scrubber.errors import TableError
from scrubber.tables.importers.contract import SourceFile
from scrubber.tables.importers.sources import LARGEST_MEMBER, Stated, open_sources, readable

LONGEST_CELL = 16 * 1024**2
"""Paragraphs of an article are far longer than the cells of any other table."""


@frozen
class ExportedRow:
    """A row by the headings of its file."""

    line: int
    cells: Mapping[str, str]

    def text(self, heading: str) -> str:
        """A cell without blanks around it; blank where the file has no such column."""
        return self.cells.get(heading, "").strip()


@frozen
class CsvFile:
    """One file of the export."""

    source: SourceFile

    def rows(self) -> Iterator[ExportedRow]:
        """Its rows, blank ones left out.

        Raises:
            TableError: the csv is broken, or a cell is absurdly long.
        """
        limit = csv.field_size_limit(LONGEST_CELL)
        try:
            with readable(self.source.name), self.source.open() as stream:
                text = io.TextIOWrapper(stream, _encoding(self.source), "replace", newline="")
                reader = csv.reader(text, strict=True)
                try:
                    headings = [cell.strip().lower() for cell in next(reader, [])]
                    for cells in reader:
                        if any(cells):
                            yield ExportedRow(reader.line_num, dict(zip(headings, cells, strict=False)))
                except csv.Error as error:
                    place = f"{self.source.name}, line {reader.line_num}"
                    raise TableError(f"the csv is broken ({error}).", where=place) from error
        finally:
            csv.field_size_limit(limit)


def files_beside(source: SourceFile) -> dict[str, CsvFile]:
    """The files of an export by their names without `.csv`: those beside the source, and itself as `article`."""
    found: dict[str, CsvFile] = {}
    if source.member is not None:
        folder = PurePosixPath(source.member).parent
        for one in open_sources(source.path, Stated()):
            if isinstance(one, SourceFile) and one.member and PurePosixPath(one.member).parent == folder:
                found[PurePosixPath(one.member).stem.lower()] = CsvFile(one)
    else:
        for path in sorted(source.path.parent.glob("*.[cC][sS][vV]")):
            size = path.stat().st_size
            if 0 < size <= LARGEST_MEMBER:
                beside = SourceFile(path, "text", size, lambda path=path: path.open("rb"))  # type: ignore[misc]
                found[path.stem.lower()] = CsvFile(beside)
    found["article"] = CsvFile(source)
    return found


def _encoding(source: SourceFile) -> str:
    """UTF-8 where the whole file is, else cp1252: the export has been both."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with readable(source.name), source.open() as stream:
        try:
            while block := stream.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"
