"""Checking claims against the packs, next to msgspec decoding the same claims, and with ten times as many rules.

Claims are those of the clean corpus: made-up and correct, of many specialties, no two alike. They are checked with the
shipped tables alone and with imported ones, by the core pack and by all packs, as they are and with a fault in every
fourth; by an engine that remembers nothing between claims; and in their first pass, in which everything is learned.

    python benchmarks/bench_scrub.py                             # the shipped tables
    python benchmarks/bench_scrub.py --tables DIR                # imported tables too
    python benchmarks/bench_scrub.py claims.837                  # the claims of a file

What is compared takes turns every few claims, and of each few the quickest round counts, so that a busy machine
troubles all of it alike. A machine whose caches others fill still troubles checking more than decoding.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import msgspec
from compare_engines import faulty

from scrubber import Claim, Scrubber, read_claims
from scrubber.engine.engines import CompiledEngine
from scrubber.readers.mapping import claim_from_mapping
from scrubber.tables import TableSet
from scrubber.testing.corpus import clean_claims

ROUNDS, CHUNK = 9, 50
AS_OF = {"2024q3": date(2024, 11, 21), "2025q4": date(2026, 1, 21), "2026": date(2026, 11, 21)}
PACKS = {"core": ["core"], "all packs": ["core", "medicare", "medicaid", "commercial-sample"]}
VISITS: tuple[dict[str, object], ...] = (
    {"dx": ["I10", "E78.5", "Z79.899"], "lines": ["99213 dx=AB", "80061 dx=B", "80053 dx=A"]},
    {"dx": ["E11.9", "Z79.84"], "lines": ["99214-25 dx=AB", "83036-QW dx=A"], "payer": "medicare", "age": 71},
    {"dx": ["M17.11"], "lines": ["20610-RT dx=A", "J7325-JZ x48 dx=A"], "age": 66},
    {"dx": ["S52.501A", "W19.XXXA"], "lines": ["99284-25 dx=AB", "29125-RT dx=A"], "pos": "23"},
    {"dx": ["J02.9"], "lines": ["99213 dx=A"]},
    {"form": "institutional", "tob": "0131", "dx": ["R07.9"], "lines": ["0450 99284", "0730 93005", "0301 80053"]},
    {"form": "institutional", "tob": "0111", "from": "2026-03-02", "to": "2026-03-05", "dx": ["J18.9//Y", "I10//Y"],
     "lines": ["0120 x3", "0250", "0300"]},
)  # fmt: skip
"""Visits that `compare_engines.py` puts faults into."""


def corpus(count: int, period: str) -> list[Claim]:
    """Clean claims of a period, each another."""
    return [claim_from_mapping(claim) for claim in clean_claims(count, seed=1, period=period)]


def with_faults(claims: list[Claim]) -> list[Claim]:
    """The claims, every fourth of them with up to five changes."""
    by = random.Random(1)
    return [faulty(claim, by) if place % 4 == 0 else claim for place, claim in enumerate(claims)]


def ten_times(scrubber: Scrubber, folder: Path) -> Scrubber:
    """The same pack with nine times as many further rules, each about some procedure code of its own."""
    (folder / "pack.yaml").write_text('name: many\nversion: "1"\ntitle: Many rules\n', encoding="utf-8")
    for number in range(9 * len(scrubber.rules)):
        (folder / f"ZZZ{number:04}.yaml").write_text(
            f"id: ZZ{chr(65 + number // 900)}{number % 900 + 100}\nname: many-{number}\ntitle: One of many\n"
            "status: stable\nfor_each: procedure line\n"
            f"when: [{{line.procedure: {{is: X{number:04}}}}}, {{line.units: {{more_than: 3}}}}]\n"
            "severity: warning\nrisk: 0.1\ndisposition: line_denial\nowner: biller\nmessage: 'Too many.'\nwhy: Why.\n"
            "fix: {text: Mend.}\nreferences: [{title: None}]\ntests:\n"
            f"  - {{name: fires, claim: {{lines: ['X{number:04} x4']}}, fires_at: [line 1]}}\n"
            "  - {name: clean, claim: {}, fires_at: []}\n",
            encoding="utf-8",
        )
    return Scrubber.load([*(pack.path for pack in scrubber.packs), folder], scrubber.tables, as_of=scrubber.as_of)


def quickest(works: dict[str, tuple[Callable[[Any], object], list[Any]]]) -> dict[str, float]:
    """Seconds of processor time of each piece of work on all its items: of every few items the best of the rounds."""
    best: dict[tuple[str, int], float] = {}
    for _ in range(ROUNDS):
        for start in range(0, max(len(items) for _, items in works.values()), CHUNK):
            for name, (work, items) in works.items():
                chunk = items[start : start + CHUNK]
                began = time.process_time()
                for item in chunk:
                    work(item)
                taken = time.process_time() - began
                best[name, start] = min(taken, best.get((name, start), taken))
    return {name: sum(taken for (of, _), taken in best.items() if of == name) for name in works}


def forgetful(scrubber: Scrubber) -> Scrubber:
    """A scrubber whose engine remembers nothing between claims."""
    scrubber.plan.engine = CompiledEngine(scrubber.tables, remembers=False)
    return scrubber


def first_pass(load: Callable[[], Scrubber], claims: list[Claim]) -> float:
    """Seconds of a pass in which everything is learned, the rules of each kind of claim included."""
    scrubber = load()
    start = time.process_time()
    for claim in claims:
        scrubber.scrub(claim)
    return time.process_time() - start


def compare(title: str, packs: list[str], tables: TableSet, clean: list[Claim], today: date) -> None:
    """Print how long checking takes, by decoding the same claims."""

    def load() -> Scrubber:
        return Scrubber.load(packs, tables, as_of=today)

    scrubber, slow, faults = load(), forgetful(load()), with_faults(clean)
    encoded = [msgspec.json.encode(claim) for claim in clean]
    decoder = msgspec.json.Decoder(Claim)
    works: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
        "decoded": (decoder.decode, encoded),
        "clean": (scrubber.scrub, clean),
        "every fourth with faults": (scrubber.scrub, faults),
        "clean, nothing remembered": (slow.scrub, clean),
    }
    first = first_pass(load, clean)
    findings = sum(len(scrubber.scrub(claim).findings) for claim in clean)
    seconds = quickest(works)
    base = seconds.pop("decoded")
    print(f"{title}, {len(scrubber.rules)} rules; {len(clean)} claims with {findings} findings")
    print(f"  {'decoding them':30}{1e6 * base / len(clean):8.1f} µs a claim")
    for name, taken in {**seconds, "clean, first pass": first}.items():
        print(f"  {name:30}{1e6 * taken / len(clean):8.1f} µs a claim{taken / base:8.2f} times decoding", flush=True)


def main() -> None:
    """Measure what was asked for."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("files", nargs="*")
    arguments.add_argument("--tables", type=Path)
    arguments.add_argument("--period", choices=sorted(AS_OF), default="2024q3")
    arguments.add_argument("--claims", type=int, default=2_000)
    options = arguments.parse_args()
    today = AS_OF[options.period]
    claims = [attrs.evolve(claim, origin=None) for path in options.files for claim in read_claims(path)]
    claims = claims or corpus(options.claims, options.period)
    for title, folder in {"shipped tables": None, **({"all tables": options.tables} if options.tables else {})}.items():
        tables = TableSet.open(folder)
        for packs, names in PACKS.items():
            compare(f"{title}, {packs}", names, tables, claims, today)
    scrubber = Scrubber.load(tables=TableSet.open(), as_of=today)
    with TemporaryDirectory() as temporary:
        many = ten_times(scrubber, Path(temporary))
        for claim in claims:
            scrubber.scrub(claim)
            many.scrub(claim)
        works = {f"{len(one.rules)} rules": (one.scrub, claims) for one in (scrubber, many)}
        seconds = quickest(works)
    few, ten = seconds.values()
    print(f"{' and '.join(seconds)}: {ten / few:.2f} times as long")


if __name__ == "__main__":
    main()
