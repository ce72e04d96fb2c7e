"""How fast 837 files are read, beside decoding claims of the same size with msgspec.

    python benchmarks/bench_read_837.py [P.837 I.837 …]

Give clean 837 files; without one, the transaction set of the sample is repeated. Each file is read whole three times,
and the best time counts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from scrubber.readers.x12 import read_x12
from scrubber.readers.x12.tokens import Body, tokens

REPEATS = 3
SETS = 500


def best(work: Callable[[], int]) -> tuple[float, int]:
    """Best time of a few runs, and what the work counted."""
    times = []
    count = 0
    for _ in range(REPEATS):
        start = time.perf_counter()
        count = work()
        times.append(time.perf_counter() - start)
    return min(times), count


def bench(path: Path) -> None:
    def segments() -> int:
        with path.open("rb") as stream:
            return sum(len(token.texts) for token in tokens(stream) if isinstance(token, Body))

    def claims() -> int:
        with path.open("rb") as stream:
            return sum(1 for _ in read_x12(stream, path.name))

    with path.open("rb") as stream:
        lines = [msgspec.json.encode(claim_as_json(claim)) for claim in read_x12(stream, path.name)]

    def decode() -> int:
        return sum(1 for line in lines if msgspec.json.decode(line))

    size = path.stat().st_size / 1e6
    split, segment_count = best(segments)
    read, claim_count = best(claims)
    decoded, _ = best(decode)
    print(f"{path.name}: {claim_count:,} claims, {segment_count:,} segments, {size:.1f} MB")
    print(f"  segments only  {split:6.2f} s  {size / split:6.1f} MB/s")
    print(f"  claims         {read:6.2f} s  {size / read:6.1f} MB/s  {claim_count / read:,.0f} claims/s")
    print(f"  msgspec JSON   {decoded:6.2f} s  to mappings; reading 837 takes {read / decoded:.0f} times as long")


def claim_as_json(claim: object) -> object:
    """A claim as plain mappings, without its origin."""
    return msgspec.to_builtins(claim, enc_hook=lambda _: None)


def sample_repeated(folder: Path) -> Path:
    """The sample file with its transaction set many times over, so that starting costs nothing beside reading."""
    text = (Path(__file__).parents[1] / "examples" / "clinic.837").read_text(encoding="ascii")
    start, end = text.index("ST*"), text.index("GE*")
    control = text[start:].split("*", 3)[2]
    sets = [text[start:end].replace(f"*{control}", f"*{number:04}") for number in range(1, SETS + 1)]
    path = folder / "sample.837"
    path.write_text(text[:start] + "".join(sets) + text[end:].replace("GE*1*", f"GE*{SETS}*"), encoding="ascii")
    return path


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        for argument in sys.argv[1:] or [str(sample_repeated(Path(folder)))]:
            bench(Path(argument))
