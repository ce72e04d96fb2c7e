"""Small tables for the tests in rule files: a few rows in place of a published file.

    tables:
      ncci_ptp_practitioner:
        - {column_1: "11111", column_2: "22222", modifier_indicator: "1", from: 2020-01-01, to: 2024-12-31}

`from` and `to` are the window of a row, open where they are left out. The table answers for every day unless it is
given as `{from: …, to: …, rows: [...]}`, which are then the days of its edition; `key: [...]` beside them names the key
of a table that is a list of the user's own. Codes are made up.

Columns have the types that the table declares, else those of the loaded table of that name, else what all rows agree
on: yes or no, dates, numbers, and otherwise text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

from scrubber.errors import ScrubberError
from scrubber.tables import Column, Table, TableSet
from scrubber.tables.model import ColumnType
from scrubber.tables.schemas import SCHEMAS, TableSchema
from scrubber.tables.table_set import EDITION_SUFFIX
from scrubber.tables.writer import NewEdition, NewRow, write_edition
from scrubber.testing.shorthand import ShorthandError

_ALWAYS = date(1900, 1, 1)
_ROW_STARTS = date(1996, 1, 1)
_YES, _NO = frozenset({"true", "yes"}), frozenset({"false", "no"})
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")  # 007 is a code, not a number
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d+)?")


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
            write_small_table(folder, table, content, tables.get(table))
        yield tables.joined(TableSet.from_folders([(folder, True)]))


def write_small_table(
    folder: Path,
    table: str,
    content: Any,
    loaded: Table | None = None,
    *,
    schema: TableSchema | None = None,
    edition: str = "small",
) -> Path:
    """Write one small table as an edition file; `loaded` is the table in whose place it stands, where there is one,
    and `schema` says of what it is made, where that is known.
    """
    whole: Mapping[str, Any] = content if isinstance(content, Mapping) else {"rows": content}
    rows = whole.get("rows") or []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ShorthandError(f"{table}: the rows of a small table are a list of mappings.")
    schema = schema or _schema(table, loaded)
    if not schema.columns and whole.get("key"):
        key = whole["key"] if isinstance(whole["key"], list) else [whole["key"]]
        schema = attrs.evolve(schema, key=tuple(str(name) for name in key))
    names = list(dict.fromkeys(name for row in rows for name in row if name not in (*schema.key, "from", "to")))
    columns = schema.columns or tuple(Column(name, _column_type([row.get(name) for row in rows])) for name in names)
    known = [column.name for column in columns]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ShorthandError(
            f"{table}: there is no column {unknown[0]!r}.", hint=f"Known: {', '.join((*schema.key, *known))}."
        )
    new_edition = NewEdition(
        table=table,
        name=edition,
        first_day=_day(table, whole.get("from")) or _ALWAYS,
        last_day=_day(table, whole.get("to")),
        source="a test",
        licence="made up",
        key=schema.key,
        columns=columns,
        several_in_force=schema.several_in_force,
    )
    path = folder / table / f"{edition}{EDITION_SUFFIX}"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_edition(path, new_edition, [_row(schema, columns, row) for row in rows])
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


def _schema(table: str, loaded: Table | None) -> TableSchema:
    """Key and columns: as declared, else those of the loaded table; no columns where the rows have to tell them."""
    declared = SCHEMAS.get(table)
    if loaded is not None and (declared is None or not declared.columns):
        columns = tuple(loaded.columns.values())
        several = declared is not None and declared.several_in_force
        return TableSchema(table, loaded.key, "", columns=columns, several_in_force=several)
    if declared is None:
        raise ShorthandError(f"{table}: nothing says by what key it is looked up.", hint="Import the table first.")
    return declared


def _column_type(values: Sequence[Any]) -> ColumnType:
    """The type of a column that nobody declares: what all its values agree on, since a rule file has only text."""
    given = [str(value) for value in values if value not in (None, "")]
    if not given:
        return "text"
    if all(value.lower() in _YES | _NO for value in given):
        return "flag"
    if all(_WHOLE.fullmatch(value) for value in given):
        return "number"
    if all(_DECIMAL.fullmatch(value) for value in given):
        return "decimal"
    return "date" if all(_is_day(value) for value in given) else "text"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _value(table: str, column: Column, value: Any) -> Any:
    if value is None or value == "":
        return None
    text = str(value)
    if column.type == "flag":
        if text.lower() not in _YES | _NO:
            raise ShorthandError(f"{table}: {column.name} must be true or false, not {value!r}.")
        return text.lower() in _YES
    if column.type == "date":
        return _day(table, value)
    if column.type not in ("number", "decimal"):
        return text
    if not (_WHOLE if column.type == "number" else _DECIMAL).fullmatch(text):
        raise ShorthandError(f"{table}: {column.name} must be a number, not {value!r}.")
    return int(text) if column.type == "number" else Decimal(text)


def _day(table: str, text: Any) -> date | None:
    if text in (None, ""):
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise ShorthandError(f"{table}: {text!r} is not a date.", hint="Write it as 2026-03-02.") from None
