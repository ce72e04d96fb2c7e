"""`scrubber check` with one, two or more jobs: claims per second beside those of one job, and memory.

    python benchmarks/bench_jobs.py                              # 20,000 claims, the shipped tables
    python benchmarks/bench_jobs.py --tables DIR --jobs 1 2 4

Runs take turns, and of each the quickest round counts. The time is that from the first claim to the last, without
loading the rules. Memory is PSS: what a process has by itself, and its share of what it shares (Linux only).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from scrubber.testing.corpus import clean_claims

PROGRAM = [sys.executable, "-c", "from scrubber.cli import main; main()"]


def pss(pid: int) -> float:
    """Megabytes of a process; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    except (OSError, ValueError):
        return 0.0


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def run(path: Path, jobs: int, options: list[str]) -> tuple[float, float, float, float]:
    """Seconds on the clock and of processor time; the most that the first process and all together took."""
    before = os.times()
    start = time.perf_counter()
    command = [*PROGRAM, "check", str(path), "--format", "ndjson", "--quiet", "--jobs", str(jobs), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    first = total = 0.0
    while process.poll() is None:
        own = pss(process.pid)
        first, total = max(first, own), max(total, own + sum(pss(child) for child in children(process.pid)))
        time.sleep(0.25)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, cpu, first, total


def main() -> None:
    """Measure what was asked for."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--claims", type=int, default=20_000)
    arguments.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--tables")
    given = arguments.parse_args()
    options = ["--as-of", "2024-11-21", *(["--tables", given.tables] if given.tables else [])]
    with TemporaryDirectory() as temporary:
        path, few = Path(temporary, "claims.json"), Path(temporary, "few.json")
        lines = [json.dumps(claim, default=str) for claim in clean_claims(given.claims, seed=1, period="2024q3")]
        path.write_text("\n".join(lines), encoding="utf-8")
        few.write_text(lines[0], encoding="utf-8")
        rounds = [
            (run(few, 1, options), {jobs: run(path, jobs, options) for jobs in given.jobs}) for _ in range(given.rounds)
        ]
    loading = [min(loaded[kind] for loaded, _ in rounds) for kind in (0, 1)]
    print(f"{given.claims:,} claims; loading takes {loading[0]:.1f} s and is left out; {os.cpu_count()} cores")
    base = 0.0
    for jobs in given.jobs:
        clock = min(found[jobs][0] for _, found in rounds) - loading[0]
        cpu = min(found[jobs][1] for _, found in rounds) - loading[1]
        first, total = (max(found[jobs][kind] for _, found in rounds) for kind in (2, 3))
        base = base or clock
        print(
            f"  {jobs} jobs: {given.claims / clock:8,.0f} claims/s, {base / clock:5.2f} times as many as with"
            f" {given.jobs[0]}; processor time {cpu:6.1f} s; memory {first:5.0f} MB in the first process,"
            f" {total:5.0f} MB in all"
        )


if __name__ == "__main__":
    main()
