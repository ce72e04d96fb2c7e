"""Small lists in the place of those that users bring, from public facts, so that the rules that ask them can be measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scrubber.tables import TableSet
from scrubber.testing.small_tables import with_small_tables

LISTS: Mapping[str, Any] = {}


@contextmanager
def tables_for_faults(folder: Path | str | None = None) -> Iterator[TableSet]:
    """The shipped tables, those of a folder, and the small lists for what neither has."""
    tables = TableSet.open(folder)
    with with_small_tables(tables, {name: rows for name, rows in LISTS.items() if name not in tables}) as joined:
        yield joined
