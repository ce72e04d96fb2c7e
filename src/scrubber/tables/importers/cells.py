"""Sources as lines and as rows of cells, whatever they are packed in: text, csv, tabs, workbooks."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from scrubber.errors import TableError
from scrubber.tables.importers.contract import Sample, SourceFile
from scrubber.tables.importers.sources import LARGEST_IN_MEMORY, check_workbook, readable

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

Cells = tuple[str, ...]

LONGEST_LINE = 65_536
MOST_CELLS = 1_024
SAMPLE_LINES = 60
_SAMPLE_BYTES = 65_536
_FALLBACK = "scrubber-cp1252"
_LINE_BREAKS = re.compile(r"\s+")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """CMS writes UTF-8 in one release and cp1252 in the next: bytes that are not the one are the other."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error(_FALLBACK, _as_cp1252)


def text_lines(source: SourceFile) -> Generator[tuple[int, str], None, None]:
    """The lines of a text with their numbers, without their ends.

    Raises:
        TableError: a line is absurdly long, or the file is damaged.
    """
    with readable(source.name), io.TextIOWrapper(source.open(), *_encoding(source)) as text:
        for number, line in enumerate(_bounded(text, source), start=1):
            yield number, line.rstrip("\r\n")


def text_rows(source: SourceFile) -> Generator[tuple[int, Cells], None, None]:
    """The rows of a text with the number of the line on which each ends. Tabs or commas part the cells.

    Raises:
        TableError: the quotes do not match, a line is absurdly long, or the file is damaged.
    """
    if "\t" in _first_lines(source):
        for number, line in text_lines(source):
            yield number, tuple(line.split("\t"))
        return
    with readable(source.name), io.TextIOWrapper(source.open(), *_encoding(source), newline="") as text:
        reader = csv.reader(_bounded(text, source), strict=True)
        try:
            for cells in reader:
                if len(cells) > MOST_CELLS:
                    raise TableError(f"the row has {len(cells):,} cells.", where=_at(source, reader.line_num))
                yield reader.line_num, tuple(cells)
        except csv.Error as error:
            raise TableError(f"the csv is broken ({error}).", where=_at(source, reader.line_num)) from error


def sheet_rows(source: SourceFile) -> Generator[tuple[int, Cells], None, None]:
    """The rows of the first worksheet that has any, as text, with their numbers. Formulas are never worked out:
    their cells read as what they last showed.

    Raises:
        TableError: openpyxl is not installed, or the workbook is damaged or made to do harm.
    """
    book = _workbook(source)
    try:
        for sheet in book.worksheets:
            # A workbook may state a size that its rows do not have.
            sheet.reset_dimensions()
            some = False
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                if len(row) > MOST_CELLS:
                    raise TableError(f"the row has {len(row):,} cells.", where=f"{source.name}, row {number}")
                cells = tuple([cell_text(value) for value in row])
                some = some or any(cells)
                yield number, cells
            if some:
                return
    except TableError:
        raise
    except Exception as error:  # openpyxl raises whatever its XML parser and its own code happen to
        raise _broken_workbook(source, error) from error
    finally:
        book.close()


def rows_of(source: SourceFile) -> Generator[tuple[int, Cells], None, None]:
    """The rows of a source, text or workbook.

    Raises:
        TableError: as `text_rows` and `sheet_rows`; or the source is XML, which has no rows.
    """
    if source.kind == "xml":
        raise TableError("this is XML, and a list of rows was expected.", where=source.name)
    return sheet_rows(source) if source.kind == "sheet" else text_rows(source)


def sample_of(source: SourceFile) -> Sample:
    """The beginning of a source.

    Raises:
        TableError: it cannot be read.
    """
    if source.kind == "sheet":
        rows: list[Cells] = []
        for _, cells in sheet_rows(source):
            rows.append(cells)
            if len(rows) == SAMPLE_LINES:
                break
        return Sample(source, b"", tuple("\t".join(cells) for cells in rows), tuple(rows))
    with readable(source.name), source.open() as stream:
        head = stream.read(_SAMPLE_BYTES)
    encoding, errors = _encoding(source)
    lines = tuple(head.decode(encoding, errors).splitlines()[:SAMPLE_LINES])
    return Sample(source, head, lines, () if source.kind == "xml" else tuple(_sample_rows(lines)))


def cell_text(value: Any) -> str:
    """A cell of a workbook as text: whole numbers without point, days as YYYY-MM-DD."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def plain(cell: str) -> str:
    """A heading as one line without blanks around it: some have line breaks inside."""
    return _LINE_BREAKS.sub(" ", cell).strip()


def _workbook(source: SourceFile) -> Workbook:
    try:
        from openpyxl import load_workbook
    except ModuleNotFoundError:
        raise TableError(
            "workbooks are read with openpyxl, which is not installed.",
            where=source.name,
            hint="Install claim-scrubber[xlsx], or import the text or csv of the same release.",
        ) from None
    with readable(source.name), source.open() as stream:
        content = stream.read(LARGEST_IN_MEMORY + 1)
    if len(content) > LARGEST_IN_MEMORY:
        raise TableError("the workbook is larger than any table that is published.", where=source.name)
    check_workbook(io.BytesIO(content), source.name)
    try:
        return load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # see sheet_rows
        raise _broken_workbook(source, error) from error


def _broken_workbook(source: SourceFile, error: Exception) -> TableError:
    return TableError(
        f"the workbook is damaged ({error}).",
        where=source.name,
        hint="Download it again, or open it in a spreadsheet and save it as csv.",
    )


def _bounded(text: io.TextIOWrapper, source: SourceFile) -> Iterator[str]:
    """Lines, none of them longer than a line may be: a file without line ends must not fill the memory."""
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise TableError(f"the line is longer than {LONGEST_LINE:,} characters.", where=_at(source, number))
        yield line


def _encoding(source: SourceFile) -> tuple[str, str]:
    """The encoding of a text, and what to do with bytes that are not in it."""
    with readable(source.name), source.open() as stream:
        head = stream.read(2)
    return ("utf-16", "replace") if head in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", _FALLBACK)


def _first_lines(source: SourceFile) -> str:
    with readable(source.name), source.open() as stream:
        head = stream.read(8_192)
    encoding, errors = _encoding(source)
    return head.decode(encoding, errors)


def _sample_rows(lines: tuple[str, ...]) -> Iterator[Cells]:
    if any("\t" in line for line in lines):
        yield from (tuple(line.split("\t")) for line in lines)
        return
    try:
        for cells in csv.reader([line + "\n" for line in lines]):
            yield tuple(cells)
    except csv.Error:
        return


def _at(source: SourceFile, line: int) -> str:
    return f"{source.name}, line {line}"
