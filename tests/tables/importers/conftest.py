"""What the tests of importers share."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from attrs import frozen

from scrubber.tables import Table, TableSet
from scrubber.tables.importers.intake import ImportReport, import_files
from scrubber.tables.importers.sources import Stated


@frozen
class Imported:
    """What an import came to: its report, and the tables as they can be used now."""

    report: ImportReport
    tables: TableSet

    def table(self, name: str) -> Table:
        """A table that must be there."""
        found = self.tables.get(name)
        assert found is not None, f"no table {name}; problems: {self.problems}"
        return found

    @property
    def problems(self) -> list[str]:
        """Why whole files were refused."""
        return [str(source.problem) for source in self.report.sources if source.problem is not None]

    @property
    def refusals(self) -> list[tuple[int, str]]:
        """Lines that were refused, and why."""
        return [(refusal.line, refusal.reason) for source in self.report.sources for refusal in source.refusals]

    @property
    def remarks(self) -> list[str]:
        """What the user is told."""
        return [remark for source in self.report.sources for remark in source.remarks]

    @property
    def editions(self) -> dict[str, tuple[str, str, str | None, int]]:
        """Name, first and last day and rows of each edition that was added, by table."""
        return {
            stored.table: (
                stored.edition.name,
                stored.edition.first_day.isoformat(),
                stored.edition.last_day.isoformat() if stored.edition.last_day else None,
                stored.edition.rows,
            )
            for stored in self.report.editions
        }


def _imported(folder: Path, files: Sequence[Path], stated: Stated | None) -> Imported:
    return Imported(import_files(files, folder, stated=stated), TableSet.open(folder))


@pytest.fixture
def imported(tmp_path: Path) -> Callable[..., Imported]:
    """Imports files into a folder of the test's own; a second call imports into the same folder."""

    def run(*files: Path, stated: Stated | None = None) -> Imported:
        return _imported(tmp_path / "tables", files, stated)

    return run


@pytest.fixture(scope="module")
def imported_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Imported]:
    """The same for published files that are read once for all tests of a module."""

    def run(*files: Path) -> Imported:
        return _imported(tmp_path_factory.mktemp("tables"), files, None)

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of the test's own: lines with CRLF between, as CMS writes them."""

    def put(name: str, lines: Iterable[str], encoding: str = "cp1252") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("".join(line + "\r\n" for line in lines).encode(encoding))
        return path

    return put


@pytest.fixture
def csv_lines() -> Callable[..., list[str]]:
    """Rows as lines of csv."""

    def lines(rows: Iterable[Sequence[object]]) -> list[str]:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, lineterminator="\n").writerows(rows)
        return buffer.getvalue().splitlines()

    return lines


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Packs files into a zip and takes the files themselves away."""

    def zipped(name: str, *files: Path) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.name)
                file.unlink()
        return path

    return zipped
