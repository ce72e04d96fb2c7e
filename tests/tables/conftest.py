"""What the tests of tables share."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from scrubber.tables import Table, TableSet


@pytest.fixture(scope="session")
def tables() -> TableSet:
    """The shipped tables."""
    return TableSet.open()


@pytest.fixture(scope="session")
def table(tables: TableSet) -> Callable[[str], Table]:
    """A shipped table by name."""

    def find(name: str) -> Table:
        found = tables.get(name)
        assert found is not None, f"table {name} is not shipped"
        return found

    return find


@pytest.fixture(scope="session")
def truth(shared_data: Path) -> Callable[[str], Iterator[dict[str, str]]]:
    """The rows of a file of known truths, read in place."""

    def read(name: str) -> Iterator[dict[str, str]]:
        path = shared_data / "truth" / name
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
                yield from csv.DictReader(stream)
        else:
            with path.open(encoding="utf-8", newline="") as stream:
                yield from csv.DictReader(stream)

    return read


@pytest.fixture(scope="session")
def day_of() -> Callable[[str], date | None]:
    """A date from YYYYMMDD; a blank is an open end."""

    def convert(text: str) -> date | None:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if text else None

    return convert
