"""Pairs, units and add-on codes on claims of 2 to 200 lines, all of one day and of different codes.

The tables are made up, with 300 codes behind each column 1 code, about as many as in the published ones. Cost per line
may grow a little with the claim; if it grew with its lines, look-ups would be quadratic.
"""

from __future__ import annotations

import random
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from scrubber import Claim, Scrubber
from scrubber.tables.schemas import SCHEMAS
from scrubber.tables.writer import NewEdition, NewRow, write_edition
from scrubber.testing import claim_from_shorthand

CODES = [f"A{number:04}" for number in range(1_000)]
PAIRS = 300
SIZES = (2, 5, 10, 25, 50, 100, 200)
SECONDS = 0.5
DAY = date(2024, 8, 1)


def write(folder: Path, table: str, rows: list[NewRow]) -> None:
    schema = SCHEMAS[table]
    edition = NewEdition(
        table=table, name="made up", first_day=date(1996, 1, 1), last_day=None, source="made up", licence="none",
        key=schema.key, columns=schema.columns, several_in_force=schema.several_in_force,
    )  # fmt: skip
    path = folder / table / "made_up.table"
    path.parent.mkdir(parents=True)
    write_edition(path, edition, rows)


def made_up_tables(folder: Path) -> None:
    """Pairs of which a claim of 200 codes has a few, a limit for every code, and no add-on code."""
    chance = random.Random(1)
    partners = [f"B{number:04}" for number in range(10_000)]
    pairs = [(first, second) for first in CODES for second in chance.sample(partners, PAIRS - 1)]
    pairs += [(first, "A0001") for first in CODES[2::50]]
    start = date(1996, 1, 1)
    write(folder, "ncci_ptp_practitioner", [NewRow(pair, start, None, ("1", False, "")) for pair in pairs])
    write(folder, "mue_practitioner", [NewRow((code,), start, None, (2, 3, "")) for code in CODES])
    write(folder, "addon", [])


def claim_of(size: int) -> Claim:
    codes = random.Random(size).sample(CODES, size)
    return claim_from_shorthand({"dos": DAY.isoformat(), "payer": "medicare", "lines": codes})


def microseconds(scrubber: Scrubber, claim: Claim) -> float:
    """Processor time of one claim, the mean of many."""
    scrubber.scrub(claim)
    start, times = time.process_time(), 0
    while time.process_time() - start < SECONDS:
        scrubber.scrub(claim)
        times += 1
    return (time.process_time() - start) / times * 1e6


def main() -> None:
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        made_up_tables(folder)
        scrubber = Scrubber.load(tables=folder, select=["ncci", "mue", "aoc"])
        print(f"{'lines':>6}{'µs a claim':>14}{'µs a line':>12}")
        first = 0.0
        for size in SIZES:
            cost = microseconds(scrubber, claim_of(size))
            first = first or cost / size
            print(f"{size:>6}{cost:>14,.0f}{cost / size:>12,.1f}")
        print(f"a line of {SIZES[-1]} costs {cost / SIZES[-1] / first:.1f} times a line of {SIZES[0]}")


if __name__ == "__main__":
    main()
