"""What each report format costs, next to the report as JSON of the same claims: time, size, and memory that stays.

    python benchmarks/bench_reports.py                # 2,000 claims of the clean corpus, a fault in every fourth
    python benchmarks/bench_reports.py --claims 20000

The formats take turns, and of each the quickest round counts. Memory is the peak that Python allocates while a report
is written into nothing, so it is what the format itself holds. With --worst-first all reports are held besides.
"""

from __future__ import annotations

import argparse
import io
import time
import tracemalloc
from collections.abc import Sequence

import attrs
from bench_scrub import AS_OF, corpus, with_faults

from scrubber import Scrubber
from scrubber.cli.pack_text import rules_used
from scrubber.findings import Report
from scrubber.outline import outline_of
from scrubber.report.formats import FORMATS, Look
from scrubber.report.summary import Tally
from scrubber.report.writer import Run

ROUNDS, PERIOD = 3, "2026"


class Nothing(io.TextIOBase):
    """A stream that only counts."""

    def __init__(self) -> None:
        self.size = 0

    def isatty(self) -> bool:
        return False

    def write(self, text: str) -> int:
        self.size += len(text)
        return len(text)


def write(name: str, run: Run, reports: Sequence[Report]) -> int:
    """Write all reports in a format; the characters of it."""
    stream = Nothing()
    writer, tally = FORMATS[name].open(stream, Look()), Tally()  # type: ignore[arg-type]
    writer.start(run)
    for report in reports:
        writer.claim(report)
        tally.add(report)
    writer.finish(tally)
    return stream.size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=2000)
    arguments = parser.parse_args()
    claims = with_faults(corpus(arguments.claims, PERIOD))
    scrubber = Scrubber.load(as_of=AS_OF[PERIOD])
    run = Run(scrubber="0", rules=rules_used(scrubber.rules))
    start = time.process_time()
    checked = [scrubber.scrub(claim) for claim in claims]
    checking = time.process_time() - start
    reports = [attrs.evolve(report, outline=outline_of(claim)) for report, claim in zip(checked, claims, strict=True)]
    findings = sum(len(report.findings) for report in reports)
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name in FORMATS:
            start = time.process_time()
            write(name, run, reports)
            taken = time.process_time() - start
            best[name] = min(taken, best.get(name, taken))
    print(f"{len(reports):,} claims, {findings:,} findings; checking them: {checking / best['json']:.1f} times JSON")
    print(f"{'format':<8}{'times JSON':>12}{'MB':>8}{'MB held':>10}")
    for name, taken in best.items():
        tracemalloc.start()
        size = write(name, run, reports)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{name:<8}{taken / best['json']:>12.2f}{size / 1e6:>8.1f}{held / 1e6:>10.1f}")


if __name__ == "__main__":
    main()
