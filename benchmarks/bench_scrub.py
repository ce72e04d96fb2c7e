"""Checking claims against a pack, next to msgspec decoding the same claims, and with ten times as many rules.

Rounds of the things compared alternate, so that a busy machine troubles all of them alike; the medians are compared.
Give an 837 or JSON file to measure its claims: `python benchmarks/bench_scrub.py FILE`.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import msgspec

from scrubber import Claim, Scrubber, read_claims
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand

ROUNDS = 5
CLAIMS = 2_000
AS_OF = date(2026, 11, 21)
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


def synthetic(count: int) -> list[Claim]:
    """Correct claims of a few kinds, each with its own date of service."""
    templates = [claim_from_shorthand(visit) for visit in VISITS]
    return [attrs.evolve(templates[number % len(templates)], claim_id=f"B{number}") for number in range(count)]


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
    return Scrubber.load([*(pack.path for pack in scrubber.packs), folder], scrubber.tables, as_of=AS_OF)


def medians(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of processor time of each piece of work: the median of alternating rounds."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            start = time.process_time()
            work()
            taken[name].append(time.process_time() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def drain(items: object) -> None:
    for _ in items:  # type: ignore[attr-defined]
        pass


def main(arguments: list[str]) -> None:
    claims = [attrs.evolve(claim, origin=None) for path in arguments for claim in read_claims(path)] or synthetic(
        CLAIMS
    )
    encoded = [msgspec.json.encode(claim) for claim in claims]
    decoder = msgspec.json.Decoder(Claim)
    tables = TableSet.open()
    start = time.process_time()
    scrubber = Scrubber.load(tables=tables, as_of=AS_OF)
    loading = time.process_time() - start
    with TemporaryDirectory() as folder:
        many = ten_times(scrubber, Path(folder))
        seconds = medians(
            {
                "msgspec decodes them": lambda: drain(map(decoder.decode, encoded)),
                f"checked by {len(scrubber.rules)} rules": lambda: drain(scrubber.scrub_many(claims)),
                f"checked by {len(many.rules)} rules": lambda: drain(many.scrub_many(claims)),
            }
        )
    base = seconds["msgspec decodes them"]
    print(f"{len(claims)} claims; loading {len(scrubber.rules)} rules took {loading:.2f} s")
    for name, taken in seconds.items():
        print(f"{name:28}{len(claims) / taken:>10,.0f} claims/s{taken / base:>8.2f} times decoding")


if __name__ == "__main__":
    main(sys.argv[1:])
