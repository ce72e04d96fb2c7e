"""Candidates for the format of the tables, on all practitioner pairs of an NCCI release: the figures of decision 2.

    python benchmarks/compare_table_formats.py FOLDER

FOLDER holds the four zips of one release (ccipra-…-f1.zip to -f4.zip). Every candidate answers the same question: which
row of a pair is in force on a day. Each is measured in a process of its own; look-ups are timed by the processor, so
that a busy machine tells the same. LMDB and numpy are left out where they are not installed.
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import random
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from scrubber.tables import TableSet
from scrubber.tables.importers import recognise
from scrubber.tables.importers.cells import sample_of
from scrubber.tables.importers.contract import SourceFile, TableRow
from scrubber.tables.importers.intake import import_files
from scrubber.tables.importers.sources import Stated, open_sources

DAY = date(2024, 8, 1)
TABLE = "ncci_ptp_practitioner"
COLD = 15_000
HOT = 1_000
HOT_ROUNDS = 20
FOREVER = date.max.toordinal()
LookUp = Callable[[str, str], Any]
_VALUE = struct.Struct(">IIH")


def rows(paths: Iterable[Path]) -> Iterator[TableRow]:
    """Every row of a release as the importer reads it."""
    for path in paths:
        for source in open_sources(path, Stated()):
            assert isinstance(source, SourceFile)
            importer = recognise(sample_of(source))
            assert importer is not None
            yield from (parsed for parsed in importer.read(source) if isinstance(parsed, TableRow))


def numbered(paths: Iterable[Path]) -> Iterator[tuple[str, str, int, int, int]]:
    """The rows as codes, day numbers, and the number of their combination of values."""
    combinations: dict[tuple[Any, ...], int] = {}
    for row in rows(paths):
        last = FOREVER if row.valid_to is None else row.valid_to.toordinal()
        number = combinations.setdefault(row.values, len(combinations))
        yield (*row.key, row.valid_from.toordinal(), last, number)  # type: ignore[misc]


# this library


def build_ours(paths: list[Path], folder: Path) -> None:
    report = import_files(paths, folder)
    assert not report.refused_files, report


def open_ours(folder: Path) -> LookUp:
    table = TableSet.from_folders([(folder, True)]).get(TABLE)
    assert table is not None
    return lambda first, second: table.look_up((first, second), DAY)


# SQLite


def build_sqlite(paths: list[Path], folder: Path) -> None:
    with sqlite3.connect(folder / "ptp.sqlite") as base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute(
            "CREATE TABLE ptp (a TEXT, b TEXT, first INT, last INT, combination INT,"
            " PRIMARY KEY (a, b, first, last, combination)) WITHOUT ROWID"
        )
        base.executemany("INSERT OR IGNORE INTO ptp VALUES (?, ?, ?, ?, ?)", numbered(paths))


def open_sqlite(folder: Path) -> LookUp:
    base = sqlite3.connect(f"file:{folder / 'ptp.sqlite'}?mode=ro&immutable=1", uri=True)
    base.execute("PRAGMA mmap_size = 1073741824")
    day = DAY.toordinal()
    question = "SELECT first, last, combination FROM ptp WHERE a = ? AND b = ? AND first <= ? AND last >= ?"
    return lambda first, second: base.execute(question, (first, second, day, day)).fetchone()


# LMDB


def build_lmdb(paths: list[Path], folder: Path) -> None:
    import lmdb

    base = lmdb.open(str(folder / "ptp.lmdb"), map_size=2 << 30, subdir=False, sync=False, writemap=True)
    pairs: dict[bytes, bytes] = {}
    for a, b, first, last, combination in numbered(paths):
        key = f"{a}{b}".encode("ascii")
        pairs[key] = pairs.get(key, b"") + _VALUE.pack(first, last, combination)
    with base.begin(write=True) as writing:
        for key in sorted(pairs):
            writing.put(key, pairs[key], append=True)
    base.sync(True)
    base.close()
    _shrink(folder / "ptp.lmdb")


def _shrink(path: Path) -> None:
    """Copy without the free pages of the map."""
    import lmdb

    base = lmdb.open(str(path), subdir=False, readonly=True, lock=False)
    compact = path.with_suffix(".compact")
    with compact.open("wb") as stream:
        base.copyfd(stream.fileno(), compact=True)
    base.close()
    compact.replace(path)


def open_lmdb(folder: Path) -> LookUp:
    import lmdb

    base = lmdb.open(str(folder / "ptp.lmdb"), subdir=False, readonly=True, lock=False)
    reading = base.begin(buffers=True)
    day = DAY.toordinal()

    def look_up(a: str, b: str) -> Any:
        found = reading.get(f"{a}{b}".encode("ascii"))
        if found is None:
            return None
        return next((row for row in _VALUE.iter_unpack(found) if row[0] <= day <= row[1]), None)

    return look_up


# numpy arrays


def build_numpy(paths: list[Path], folder: Path) -> None:
    import numpy

    kind = [("key", "S10"), ("first", "<u4"), ("last", "<u4"), ("combination", "<u2")]
    table = numpy.fromiter(
        ((f"{a}{b}".encode("ascii"), *rest) for a, b, *rest in numbered(paths)),
        dtype=numpy.dtype(kind),
    )
    table.sort(order=["key", "first"])
    for name, _ in kind:
        numpy.save(folder / f"{name}.npy", numpy.ascontiguousarray(table[name]))


def open_numpy(folder: Path) -> LookUp:
    import numpy

    keys, first, last, combination = (
        numpy.load(folder / f"{name}.npy", mmap_mode="r") for name in ("key", "first", "last", "combination")
    )
    day = DAY.toordinal()

    def look_up(a: str, b: str) -> Any:
        key = numpy.bytes_(f"{a}{b}".encode("ascii"))
        number = int(keys.searchsorted(key))
        while number < len(keys) and keys[number] == key:
            if first[number] <= day <= last[number]:
                return int(first[number]), int(last[number]), int(combination[number])
            number += 1
        return None

    return look_up


CANDIDATES: dict[str, tuple[Callable[[list[Path], Path], None], Callable[[Path], LookUp]]] = {
    "this library": (build_ours, open_ours),
    "SQLite": (build_sqlite, open_sqlite),
    "LMDB": (build_lmdb, open_lmdb),
    "numpy arrays": (build_numpy, open_numpy),
}


def resident() -> float:
    """Megabytes that this process has in memory, pages of mapped files included (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * mmap.PAGESIZE / 1e6


def forget_pages(folder: Path) -> None:
    """Ask the system to drop what it has cached of the files, so that the first look-ups come from the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            number = os.open(path, os.O_RDONLY)
            os.fsync(number)
            os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(number)


def measure_build(name: str, paths: list[Path], folder: Path) -> dict[str, float]:
    start = time.perf_counter()
    before = time.process_time()
    CANDIDATES[name][0](paths, folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {
        "build_s": time.perf_counter() - start,
        "build_cpu_s": time.process_time() - before,
        "size_mb": size / 1e6,
        "build_peak_mb": _peak(),
    }


def _peak() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_look_ups(name: str, asked: Path, folder: Path) -> dict[str, float]:
    pairs = [tuple(pair) for pair in json.loads(asked.read_text(encoding="utf-8"))]
    open_it = CANDIDATES[name][1]
    if name == "numpy arrays":
        import numpy  # noqa: F401 - its own import is not the opening of a file
    forget_pages(folder)
    before = resident()
    start = time.perf_counter()
    look_up = open_it(folder)
    opened = time.perf_counter() - start
    start = time.perf_counter()
    look_up(*pairs[0])
    first = time.perf_counter() - start
    start, started = time.perf_counter(), time.process_time()
    found = sum(bool(look_up(*pair)) for pair in pairs)
    from_disk = (time.perf_counter() - start) / len(pairs)
    cold = (time.process_time() - started) / len(pairs)
    for pair in pairs[:HOT]:
        look_up(*pair)
    start = time.process_time()
    for _ in range(HOT_ROUNDS):
        for pair in pairs[:HOT]:
            look_up(*pair)
    hot = (time.process_time() - start) / (HOT * HOT_ROUNDS)
    return {
        "open_ms": opened * 1e3,
        "first_ms": first * 1e3,
        "from_disk_us": from_disk * 1e6,
        "cold_us": cold * 1e6,
        "hot_us": hot * 1e6,
        "resident_mb": resident() - before,
        "found": found,
    }


def sample(paths: list[Path]) -> list[tuple[str, ...]]:
    """Pairs to ask for: two in three are in the table (in force or not), the others are made of its codes."""
    every = [row.key for number, row in enumerate(rows(paths)) if not number % 20]
    chance = random.Random(1)
    there = chance.sample(every, COLD * 2 // 3)
    firsts, seconds = [key[0] for key in every], [key[1] for key in every]
    mixed = [(chance.choice(firsts), chance.choice(seconds)) for _ in range(COLD - len(there))]
    asked = there + mixed
    chance.shuffle(asked)
    return asked


def main() -> None:
    """Build and measure every candidate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--step", nargs=4, metavar=("WHAT", "NAME", "ASKED", "WORK"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    paths = sorted(options.folder.glob("ccipra-*.zip"))
    if options.step:
        what, name, asked, work = options.step
        run = (
            measure_build(name, paths, Path(work))
            if what == "build"
            else measure_look_ups(name, Path(asked), Path(work))
        )
        print(json.dumps(run))
        return
    with tempfile.TemporaryDirectory() as work:
        asked_file = Path(work) / "asked.json"
        asked_file.write_text(json.dumps(sample(paths)), encoding="utf-8")
        for name in CANDIDATES:
            place = Path(work) / name.replace(" ", "_")
            place.mkdir()
            figures: dict[str, float] = {}
            for what in ("build", "look up"):
                step = ["--step", what, name, str(asked_file), str(place)]
                done = subprocess.run(
                    [sys.executable, __file__, str(options.folder), *step], capture_output=True, text=True, check=False
                )
                if done.returncode:
                    print(f"{name}: {done.stderr.strip().splitlines()[-1]}")
                    break
                figures |= json.loads(done.stdout)
            print(f"{name:<14}" + "".join(f"  {key} {value:,.2f}" for key, value in figures.items()), flush=True)


if __name__ == "__main__":
    main()
