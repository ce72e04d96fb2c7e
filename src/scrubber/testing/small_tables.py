"""Small tables for the tests in rule files: a few rows in place of a published file.

    tables:
      ncci_ptp_practitioner:
        - {column_1: "11111", column_2: "22222", modifier_indicator: "1", from: 2020-01-01, to: 2024-12-31}

`from` and `to` are the window of a row, open where they are left out. The table answers for every day unless it is
given as `{from: …, to: …, rows: [...]}`, which are then the days of its edition. Codes are made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scrubber.errors import ScrubberError
from scrubber.tables import Column, TableSet
from scrubber.tables.model import ColumnType
from scrubber.tables.schemas import SCHEMAS, TableSchema
from scrubber.tables.table_set import EDITION_SUFFIX
from scrubber.tables.writer import NewEdition, NewRow, write_edition
from scrubber.testing.shorthand import ShorthandError

_ALWAYS = date(1900, 1, 1)
_ROW_STARTS = date(1996, 1, 1)


@contextmanager
def with_small_tables(tables: TableSet, small: Mapping[str, Any]) -> Iterator[TableSet]:
    """The tables with the small ones in the place of those of their names.

    Raises:
        ShorthandError: a small table cannot be understood.
        UnknownName: there is no such table.
    """
    if not small:
        yield tables
        return
    with TemporaryDirectory(prefix="scrubber-test-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for table, content in small.items():
            tables.get(table)
            write_small_table(folder, table, content)
        yield tables.joined(TableSet.from_folders([(folder, True)]))


def write_small_table(folder: Path, table: str, content: Any) -> Path:
    """Write one small table as an edition file."""
    whole: Mapping[str, Any] = content if isinstance(content, Mapping) else {"rows": content}
    rows = whole.get("rows") or []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ShorthandError(f"{table}: the rows of a small table are a list of mappings.")
    schema = SCHEMAS[table]
    names = list(dict.fromkeys(name for row in rows for name in row if name not in (*schema.key, "from", "to")))
    columns = schema.columns or tuple(Column(name, _column_type([row.get(name) for row in rows])) for name in names)
    unknown = [name for name in names if name not in {column.name for column in columns}]
    if unknown:
        raise ShorthandError(f"{table}: there is no column {unknown[0]!r}.")
    edition = NewEdition(
        table=table,
        name="small",
        first_day=_day(table, whole.get("from")) or _ALWAYS,
        last_day=_day(table, whole.get("to")),
        source="a test",
        licence="made up",
        key=schema.key,
        columns=columns,
        several_in_force=schema.several_in_force,
    )
    path = folder / table / f"small{EDITION_SUFFIX}"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_edition(path, edition, [_row(schema, columns, row) for row in rows])
    except ScrubberError as error:
        raise ShorthandError(f"{table}: {error.message}") from error
    return path


def _row(schema: TableSchema, columns: tuple[Column, ...], row: Mapping[str, Any]) -> NewRow:
    table = schema.name
    lacking = [name for name in schema.key if row.get(name) is None]
    if lacking:
        raise ShorthandError(f"{table}: a row lacks its key {', '.join(lacking)}.")
    values = tuple(_value(table, column, row.get(column.name)) for column in columns if not column.is_long)
    texts = tuple(row.get(column.name) for column in columns if column.is_long)
    first = _day(table, row.get("from")) or _ROW_STARTS
    return NewRow(tuple(str(row[name]) for name in schema.key), first, _day(table, row.get("to")), values, texts)


def _column_type(values: list[Any]) -> ColumnType:
    """The type of a column of a user's own table: all text of a rule file is text, but for yes and no."""
    given = [value for value in values if value is not None]
    return "flag" if given and all(value in ("true", "false") for value in given) else "text"


def _value(table: str, column: Column, value: Any) -> Any:
    if value is None or value == "":
        return None
    if column.type == "flag":
        return value == "true"
    if column.type == "date":
        return _day(table, value)
    if column.type not in ("number", "decimal"):
        return str(value)
    try:
        number = Decimal(str(value))
        return int(number) if column.type == "number" else number
    except ArithmeticError:
        raise ShorthandError(f"{table}: {column.name} must be a number, not {value!r}.") from None


def _day(table: str, text: Any) -> date | None:
    if text in (None, ""):
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise ShorthandError(f"{table}: {text!r} is not a date.", hint="Write it as 2026-03-02.") from None
