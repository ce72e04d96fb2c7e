"""A list of the user's own as a table: csv, tabs or workbook, with a comment above that says which table it is.

    # table: payer_limits
    # key: payer, code
    # edition: 2026-01
    # first day: 2026-01-01
    # source: contract of 2026
    payer,code,limit:number,note,from,to
    PAYER1,AB123,3,by calendar year,2026-01-01,
    PAYER1,AB124,1,,2026-03-01,2026-12-31

`from` and `to` are the first and the last day of a row, both included; blank is the first day of the edition, and open.
Columns of a known table have the types of its declaration; others may say theirs behind a colon. Every table with its
key and columns stands in docs/tables-reference.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import cast, get_args

from attrs import frozen

from scrubber.errors import TableError, nearest
from scrubber.tables.importers.cells import Cells, plain, rows_of
from scrubber.tables.importers.contract import (
    EditionFound,
    Importer,
    Parsed,
    Refused,
    Sample,
    SourceFile,
    TableRow,
)
from scrubber.tables.importers.values import NotTaken, day_of, decimal_of, shown
from scrubber.tables.model import Column, ColumnType
from scrubber.tables.schemas import SCHEMAS, SHIPPED, TableSchema

FROM, TO = "from", "to"
_WORDS = ("table", "key", "edition", "first day", "last day", "source", "licence")
_TYPES = get_args(ColumnType)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_COMMENT = re.compile(r"#\s*([a-z ]+?)\s*:\s*(.*)", re.IGNORECASE)
_WHOLE = re.compile(r"-?\d{1,18}")
_YES = frozenset({"1", "yes", "y", "true", "t", "x"})
_NO = frozenset({"0", "no", "n", "false", "f"})
_MOST_COLUMNS = 100
_LONGEST_KEY = 64
_NOT_YOURS = ("icd10cm", "icd10pcs", "icd9cm", "icd9proc")


@frozen
class _Head:
    """What the comment and the headings say."""

    said: Mapping[str, str]
    table: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]  # those of the table, in its order
    places: Mapping[str, int]
    is_declared: bool  # the columns are those of a known table


def _is_own(sample: Sample) -> bool:
    if sample.source.kind == "xml":
        return False
    for cells in sample.rows:
        comment = _comment(cells)
        if comment is None:
            break
        if comment[0] == "table":
            return True
    return sample.source.stated_table is not None and bool(sample.rows)


def _read(source: SourceFile) -> Iterator[Parsed]:
    head, rows = _head(source)
    first_day = _stated_day(source, head, "first day")
    if first_day is None:
        first_day = _earliest(source, head)
    last_day = _stated_day(source, head, "last day")
    if last_day is not None and last_day < first_day:
        raise TableError(f"the last day {last_day} lies before the first day {first_day}.", where=source.name)
    yield EditionFound(
        table=head.table,
        name=head.said.get("edition") or first_day.isoformat(),
        first_day=first_day,
        last_day=last_day,
        source=head.said.get("source") or source.file_name,
        licence=head.said.get("licence") or "your own list",
        key=head.key,
        columns=() if head.is_declared else head.columns,
    )
    for line, cells in rows:
        if not any(cell.strip() for cell in cells) or _comment(cells) is not None:
            continue
        try:
            yield _row(line, cells, head, first_day)
        except NotTaken as reason:
            yield Refused(line, f"{reason}.")


def _row(line: int, cells: Cells, head: _Head, first_day: date) -> TableRow:
    def text(name: str) -> str:
        place = head.places.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    if len(cells) > len(head.places) and any(cell.strip() for cell in cells[len(head.places) :]):
        raise NotTaken(f"the row has {len(cells)} cells, and there are {len(head.places)} headings")
    key = tuple(text(name) for name in head.key)
    if not any(key):
        raise NotTaken("the key is blank")
    for name, part in zip(head.key, key, strict=True):
        if len(part) > _LONGEST_KEY or not part.isascii() or (part and not part.isprintable()):
            raise NotTaken(f"{name} {shown(part)} is no key: letters and digits, no longer than {_LONGEST_KEY}")
    first = day_of(text(FROM), "from") or first_day
    last = day_of(text(TO), "to")
    if last is not None and last < first:
        raise NotTaken(f"the row ends on {last}, before it begins on {first}")
    values = tuple(
        _CONVERSIONS[column.type](text(column.name), column.name) for column in head.columns if not column.is_long
    )
    texts = tuple(text(column.name) or None for column in head.columns if column.is_long)
    return TableRow(head.table, key, first, last, values, texts, line)


def _head(source: SourceFile) -> tuple[_Head, Iterator[tuple[int, Cells]]]:
    """What stands above the rows, and the rows."""
    said: dict[str, str] = {}
    rows = rows_of(source)
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        comment = _comment(cells)
        if comment is None:
            return _headings(source, said, line, cells), rows
        word, value = comment
        if word not in _WORDS:
            close = nearest(word, _WORDS)
            raise TableError(
                f"the comment says {word!r}, which means nothing here.",
                where=f"{source.name}, line {line}",
                hint=f"Did you mean {close!r}?" if close else f"Known: {', '.join(_WORDS)}.",
            )
        said[word] = value
    raise TableError("there are no headings below the comment.", where=source.name)


def _headings(source: SourceFile, said: Mapping[str, str], line: int, cells: Cells) -> _Head:
    where = f"{source.name}, line {line}"
    table = source.stated_table or said.get("table", "")
    if not _NAME.fullmatch(table):
        raise TableError(
            f"{table!r} is no name for a table.", where=where, hint="Lower-case letters, digits and underscores."
        )
    if table in _NOT_YOURS:
        raise TableError(
            f"{table!r} is shipped with its history, and a list of your own would take its place.",
            where=where,
            hint="Give your list another name, or import the order file of CMS.",
        )
    names, types = _columns(cells, where)
    schema = SCHEMAS.get(table)
    is_declared = schema is not None and bool(schema.columns)
    key = _key(said, schema, names, where)
    places = {name: place for place, name in enumerate(names)}
    if is_declared and schema is not None:
        known = {column.name for column in schema.columns}
        for name in names:
            if name not in (*known, *key, FROM, TO):
                close = nearest(name, known)
                raise TableError(
                    f"table {table!r} has no column {name!r}.",
                    where=where,
                    hint=f"Did you mean {close!r}?" if close else f"Known: {', '.join(sorted(known))}.",
                )
        columns = schema.columns
    else:
        columns = tuple(Column(name, types.get(name, "text")) for name in names if name not in (*key, FROM, TO))
    return _Head(said, table, key, columns, places, is_declared)


def _columns(cells: Cells, where: str) -> tuple[list[str], dict[str, ColumnType]]:
    """Names and stated types of the columns; blank headings at the end are left out."""
    headings = [plain(cell) for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > _MOST_COLUMNS:
        raise TableError(f"there are {len(headings)} columns, and {_MOST_COLUMNS} may be.", where=where)
    names: list[str] = []
    types: dict[str, ColumnType] = {}
    for heading in headings:
        name, _, type_ = (part.strip() for part in heading.lower().partition(":"))
        name = name.replace(" ", "_")
        if not _NAME.fullmatch(name):
            raise TableError(
                f"the heading {shown(heading)} is no name for a column.",
                where=where,
                hint="Lower-case letters, digits and underscores.",
            )
        if name in names:
            raise TableError(f"there are two columns {name!r}.", where=where)
        names.append(name)
        if type_:
            if type_ not in _TYPES:
                raise TableError(f"{type_!r} is no type of a column.", where=where, hint=f"Known: {', '.join(_TYPES)}.")
            types[name] = cast(ColumnType, type_)
    return names, types


def _key(said: Mapping[str, str], schema: TableSchema | None, names: Sequence[str], where: str) -> tuple[str, ...]:
    """The columns by which a row is looked up: those of a known table, else as the comment says, else the first."""
    stated = tuple(part.strip().lower().replace(" ", "_") for part in said.get("key", "").split(",") if part.strip())
    is_fixed = schema is not None and (bool(schema.columns) or schema.comes_from == SHIPPED)
    key = schema.key if schema is not None and (is_fixed or not stated) else stated or tuple(names[:1])
    if stated and stated != key:
        raise TableError(f"table is looked up by {', '.join(key)}, not by {', '.join(stated)}.", where=where)
    missing = [name for name in key if name not in names]
    if missing:
        raise TableError(
            f"the key {', '.join(missing)} is not among the headings.",
            where=where,
            hint=f"There are {', '.join(names)}; say others with a comment '# key: …'." if not is_fixed else "",
        )
    if FROM in key or TO in key:
        raise TableError("from and to are the days of a row, and no key.", where=where)
    return key


def _earliest(source: SourceFile, head: _Head) -> date:
    """The earliest first day among the rows, where the comment says none."""
    if FROM not in head.places:
        raise TableError(
            "neither the comment nor a column `from` says from when on the list holds.",
            where=source.name,
            hint="Add '# first day: YYYY-MM-DD' above the headings, or --edition.",
        )
    earliest: date | None = None
    _, rows = _head(source)
    for _, cells in rows:
        place = head.places[FROM]
        try:
            day = day_of(cells[place], FROM) if place < len(cells) else None
        except NotTaken:
            continue
        if day is not None and (earliest is None or day < earliest):
            earliest = day
    if earliest is None:
        raise TableError("no row says from when on it holds.", where=source.name, hint="Add '# first day: YYYY-MM-DD'.")
    return earliest


def _stated_day(source: SourceFile, head: _Head, word: str) -> date | None:
    if word == "first day" and source.stated_day is not None:
        return source.stated_day
    try:
        return day_of(head.said.get(word, ""), f"the {word}")
    except NotTaken as reason:
        raise TableError(f"{reason}.", where=source.name, hint="Write it as YYYY-MM-DD.") from None


def _comment(cells: Cells) -> tuple[str, str] | None:
    """A line of the comment: its word and what it says. A csv reader parts it at its commas."""
    if not cells or not cells[0].lstrip().startswith("#"):
        return None
    line = ",".join(cells).rstrip(", \t").strip()
    found = _COMMENT.fullmatch(line)
    return (found[1].lower(), found[2].strip()) if found else ("", line)


def _flag(text: str, name: str) -> bool | None:
    if not text:
        return None
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise NotTaken(f"{name} {shown(text)} is neither yes nor no")


def _number(text: str, name: str) -> int | None:
    if not text:
        return None
    if not _WHOLE.fullmatch(text):
        raise NotTaken(f"{name} {shown(text)} is no whole number")
    return int(text)


def _text(text: str, name: str) -> str | None:
    return text or None


_CONVERSIONS: Mapping[str, Callable[[str, str], object]] = {
    "flag": _flag,
    "number": _number,
    "decimal": decimal_of,
    "date": day_of,
    "text": _text,
}

IMPORTERS = (
    Importer(
        name="own_csv",
        meaning="a list of your own",
        layout="csv, tabs or workbook with a comment '# table: NAME' above the headings; see docs/tables-reference.md",
        recognise=_is_own,
        read=_read,
        is_general=True,
    ),
)
