"""Look-ups in the shipped tables: opening, hot, cold, titles and notes, beside a plain dictionary of the same codes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date

from scrubber.tables import TableSet
from scrubber.tables.notes import notes_of

CODES = 5_000
ROUNDS = 3
DAY = date(2026, 3, 1)


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


if __name__ == "__main__":
    main()
