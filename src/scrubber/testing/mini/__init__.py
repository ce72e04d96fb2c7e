"""The mini tables: a few rows of every table that rules ask, frozen, so that tests do not change when CMS does.

Each table is a CSV file in the folder of its edition, `mini-1`. Its head names the key (`code:key`), `from` and `to`
where rows have windows, and the columns, with their type where they are no text (`billable:flag`).

Sources of `mini-1`: ICD-10-CM, ICD-10-PCS, ICD-9-CM: the shipped tables of fiscal year 2027 and v32. HCPCS Level II and
modifiers: CMS's file of the third quarter of 2024. Pairs, units, add-on codes: CMS's NCCI files of that quarter;
those of Medicaid repeat Medicare's rows. Fee schedule: CMS's relative value file of the fourth quarter of 2025, its
indicators only. CPT and CDT codes are numbers without their texts. Lists of payers, providers, panels and policies are
made up.
"""

from __future__ import annotations

import atexit
import csv
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import attrs

from scrubber.errors import UnknownName
from scrubber.tables import Column, TableSet
from scrubber.tables.code_sets import CodeSpan
from scrubber.tables.notes import NewNode, write_notes
from scrubber.tables.schemas import SCHEMAS, TableSchema
from scrubber.tables.table_set import NOTES_SUFFIX
from scrubber.testing.small_tables import write_small_table

MINI_EDITIONS = ("mini-1",)
"""What stands in an edition never changes; more rows mean another edition."""

_HOME = Path(__file__).parent
_NOTES = "icd10cm.notes.ndjson"

Rows = Sequence[Mapping[str, Any]]


def mini_tables(more: Mapping[str, Rows] | None = None, *, edition: str = "mini-1") -> TableSet:
    """The mini tables, opened once for the process. They answer for every day, and for no code but their own.

    `more` adds rows to some tables, each a mapping of column names to values:
    `mini_tables({"payers": [{"payer": "77001", "name": "OUR PLAN"}]})`.

    Raises:
        UnknownName: there is no such edition or table.
        ShorthandError: a row cannot be understood.
    """
    if edition not in MINI_EDITIONS:
        raise UnknownName("edition of the mini tables", edition, MINI_EDITIONS)
    return _with_more(edition, more) if more else _opened(edition)


@cache
def _opened(edition: str) -> TableSet:
    folder = _lasting_folder()
    for path in sorted((_HOME / edition).glob("*.csv")):
        schema, rows = _read(path)
        write_small_table(folder, schema.name, rows, schema=schema, edition=edition)
    _write_notes(folder / "icd10cm" / f"{edition}{NOTES_SUFFIX}", edition)
    return TableSet.from_folders([(folder, False)])


def _with_more(edition: str, more: Mapping[str, Rows]) -> TableSet:
    base, folder = _opened(edition), _lasting_folder()
    for table, added in more.items():
        path = _HOME / edition / f"{table}.csv"
        if path.is_file():
            schema, rows = _read(path)
            write_small_table(folder, table, [*rows, *added], schema=schema, edition=edition)
        else:
            write_small_table(folder, table, list(added), base.get(table), edition=edition)
    return base.joined(TableSet.from_folders([(folder, False)]))


def _read(path: Path) -> tuple[TableSchema, list[dict[str, str]]]:
    """What a file says of its table, and its rows."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file)
    named: list[tuple[str, Any]] = [(name, kind or "text") for name, _, kind in (cell.partition(":") for cell in head)]
    declared = SCHEMAS[path.stem]
    own = tuple(Column(name, kind) for name, kind in named if kind != "key" and name not in ("from", "to"))
    key = tuple(name for name, kind in named if kind == "key")
    schema = attrs.evolve(declared, key=key, columns=declared.columns or own)
    no = {column.name: "no" for column in schema.columns if column.type == "flag"}
    names = [name for name, _ in named]
    rows = ({name: cell for name, cell in zip(names, line, strict=True) if cell or name in key} for line in lines)
    return schema, [{**no, **row} for row in rows]


def _write_notes(path: Path, edition: str) -> None:
    """The notes of the tabular list that stand at the codes of the edition, and above them."""
    with (_HOME / edition / _NOTES).open(encoding="utf-8") as file:
        nodes = [json.loads(line) for line in file]
    write_notes(path, edition, "the mini tables of scrubber.testing", "for tests only", map(_node, nodes))


def _node(node: Mapping[str, Any]) -> NewNode:
    notes = {
        kind: tuple((text, tuple(_span(*span) for span in spans)) for text, spans in lines)
        for kind, lines in node["notes"].items()
    }
    return NewNode(node["name"], node["parent"], node["is_code"], notes, node["seventh_characters"])


def _span(first: str, last: str, position: int | None, characters: str, endings: Sequence[str]) -> CodeSpan:
    return CodeSpan(first, last, position, characters, tuple(endings))


def _lasting_folder() -> Path:
    """A folder that is removed when the process ends."""
    name = mkdtemp(prefix="scrubber-mini-")
    atexit.register(rmtree, name, ignore_errors=True)
    return Path(name)
