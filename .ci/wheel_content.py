"""Says whether a wheel holds what the library needs when it runs, and nothing that belongs to the repository only."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

NEEDED = (
    "scrubber/py.typed",
    "scrubber/_content/rules/core/pack.yaml",
    "scrubber/_content/rules/medicare/pack.yaml",
    "scrubber/_content/code_tables/manifest.json",
    "scrubber/_content/code_tables/value_sets/em.yaml",
    "scrubber/testing/mini/mini-1/icd10cm.csv",
    "scrubber/testing/plugin.py",
    "scrubber/report/html/page.html",
)
SUFFIXES = {".py", ".pyi", ".typed", ".yaml", ".table", ".notes", ".json", ".csv", ".ndjson", ".txt", ".html", ".css",
            ".js", ".md", ".toml", ".sh"}  # fmt: skip
FOREIGN = ("tests/", "benchmarks/", "docs/", "examples/", "changelog.d/", ".ci/", "schemas/")
LARGEST = 12_000_000


def main(path: Path) -> int:
    """The faults of a wheel on standard error, and how many."""
    with zipfile.ZipFile(path) as wheel:
        names = [name for name in wheel.namelist() if ".dist-info/" not in name]
    shipped = {path.relative_to("rules").as_posix() for path in Path("rules").rglob("*") if path.is_file()}
    needed = [*NEEDED, *(f"scrubber/_content/rules/{name}" for name in sorted(shipped))]
    faults = [f"{name} is missing" for name in needed if name not in names]
    faults += [f"{name} does not belong there" for name in names if not name.startswith("scrubber/")]
    faults += [f"{name} is of a strange kind" for name in names if Path(name).suffix not in SUFFIXES]
    faults += [f"{name} does not belong there" for name in names if any(f"/{folder}" in name for folder in FOREIGN)]
    if path.stat().st_size > LARGEST:
        faults.append(f"it has {path.stat().st_size:,} bytes, more than {LARGEST:,}")
    for fault in faults:
        print(f"{path.name}: {fault}", file=sys.stderr)
    return len(faults)


if __name__ == "__main__":
    sys.exit(min(1, main(Path(sys.argv[1]))))
