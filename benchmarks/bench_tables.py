"""Look-ups in the shipped tables: opening, hot, cold, titles and notes, beside a plain dictionary of the same codes.

Where published files lie beside the checkout (../shared/data/cms), they are imported too, which takes minutes: time
and memory of the import, and opening, look-ups and resident memory with everything loaded.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from scrubber.tables import TableSet
from scrubber.tables.importers.intake import import_files
from scrubber.tables.notes import notes_of

CODES = 5_000
ROUNDS = 3
DAY = date(2026, 3, 1)
PUBLISHED = Path(__file__).parents[2] / "shared" / "data" / "cms"
PUBLISHED_DAY = date(2024, 8, 1)


def seconds(run: Callable[[], object]) -> float:
    """Processor time of the quickest of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    """Print microseconds per look-up, and the ratio to a dictionary."""
    opening = seconds(TableSet.open)
    table = TableSet.open().get("icd10cm")
    assert table is not None
    every = [row.key[0] for row in table.starting_with("", DAY) if row.billable]
    codes = random.Random(1).sample(every, CODES)
    plain = {code: ((DAY, DAY, code),) for code in every}

    def from_dictionary() -> None:
        for code in codes:
            for first, last, _ in plain[code]:
                if first <= DAY <= last:
                    break

    def look_up() -> None:
        for code in codes:
            table.look_up(code, DAY)

    def cold() -> None:
        fresh = TableSet.open().get("icd10cm")
        assert fresh is not None
        for code in codes:
            fresh.look_up(code, DAY)

    def titles() -> None:
        for code in codes[:500]:
            row = table.look_up(code, DAY)
            assert row
            row.get("title")

    def notes() -> None:
        fresh = TableSet.open().get("icd10cm")
        assert fresh is not None
        for code in codes[:500]:
            notes_of(fresh, code, DAY)

    look_up()
    reference = seconds(from_dictionary) / CODES
    print(f"{'open all shipped tables':<32}{opening * 1e3:10.1f} ms")
    for name, run, count in (
        ("look-up, asked before", look_up, CODES),
        ("look-up, first time", cold, CODES),
        ("title, random order", titles, 500),
        ("notes, first time", notes, 500),
    ):
        each = seconds(run) / count
        print(f"{name:<32}{each * 1e6:10.2f} µs{each / reference:10.1f} times a dictionary")


def imported(folder: Path) -> None:
    """Import everything; a process of its own, so that its peak of memory is its own."""
    for name, paths in (
        ("import PTP, practitioner", sorted((PUBLISHED / "ncci").glob("ccipra-*.zip"))),
        ("import PTP, hospital", sorted((PUBLISHED / "ncci").glob("ccioph-*.zip"))),
        ("import all the others", [path for kind in ("mue", "aoc", "hcpcs", "mpfs") for path in files_in(kind)]),
    ):
        start = time.process_time()
        report = import_files(paths, folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows = sum(stored.edition.rows for stored in report.editions)
        print(f"{name:<32}{time.process_time() - start:10.1f} s, {rows:,} rows, at most {peak:,.0f} MB", flush=True)


def files_in(kind: str) -> list[Path]:
    """The published files of a folder."""
    return sorted(path for path in (PUBLISHED / kind).iterdir() if path.is_file())


def used(folder: Path) -> None:
    """Open everything and look up pairs at random; a process of its own, so that its memory is its own."""
    before = resident()
    start = time.perf_counter()
    tables = TableSet.open(folder)
    opening = time.perf_counter() - start
    pairs = tables.get("ncci_ptp_practitioner")
    assert pairs is not None
    chance = random.Random(1)
    file = pairs.files[0]
    asked = [file.key_at(chance.randrange(file.count)) for _ in range(CODES)]
    start = time.process_time()
    for key in asked:
        pairs.look_up(key, PUBLISHED_DAY)
    first = (time.process_time() - start) / CODES
    hot = seconds(lambda: [pairs.look_up(key, PUBLISHED_DAY) for key in asked]) / CODES
    for name in tables.names:
        table = tables.get(name)
        assert table is not None
        for edition in table.files:
            for _ in range(2_000):
                table.look_up(edition.key_at(chance.randrange(edition.count)), PUBLISHED_DAY)
    print(f"{'open everything':<32}{opening * 1e3:10.1f} ms")
    print(f"{'pair, first time':<32}{first * 1e6:10.2f} µs")
    print(f"{'pair, asked before':<32}{hot * 1e6:10.2f} µs")
    print(f"{'resident, everything touched':<32}{resident() - before:10.1f} MB, most of it pages of the files")


def resident() -> float:
    """Megabytes of this process, pages of mapped files included; 0 where the system does not tell."""
    state = Path("/proc/self/statm")
    return int(state.read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e6 if state.exists() else 0.0


def with_published_tables() -> None:
    """Both steps, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for step in ("imported", "used"):
            subprocess.run([sys.executable, __file__, step, folder], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        {"imported": imported, "used": used}[sys.argv[1]](Path(sys.argv[2]))
    else:
        main()
        if PUBLISHED.is_dir():
            with_published_tables()
