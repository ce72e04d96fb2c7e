"""The manifest tells the truth about the files, and the anchors hold."""

from __future__ import annotations

import hashlib
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scrubber.tables import Table

FOLDER = Path(__file__).parents[2] / "code_tables"
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    return loaded


def test_every_file_is_in_the_manifest_with_its_sha256(manifest: dict[str, Any]) -> None:
    files = {path for pattern in ("*/*.table", "*/*.notes") for path in FOLDER.glob(pattern)}
    found = {str(path.relative_to(FOLDER)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert found == {name: described["sha256"] for name, described in manifest["files"].items()}


def test_manifest_names_source_licence_and_rows(manifest: dict[str, Any], table: Callable[[str], Table]) -> None:
    packages = {source["package"] for source in manifest["sources"]}
    for name, described in manifest["files"].items():
        # Names are taken out longest first, since one may hold another.
        left = described["source"]
        for package in sorted(packages, key=len, reverse=True):
            left = left.replace(package, "")
        assert left.strip(", ") == "", described
        assert described["licence"]
        if name.endswith(".table"):
            edition = table(name.partition("/")[0]).editions[0]
            assert (edition.rows, edition.source) == (described["rows"], described["source"])


def test_shipped_files_are_small_and_whole(manifest: dict[str, Any], table: Callable[[str], Table]) -> None:
    sizes = [(FOLDER / name).stat().st_size for name in manifest["files"]]
    assert max(sizes) < 2 * MEGABYTE
    assert sum(sizes) < 6 * MEGABYTE
    for name in manifest["files"]:
        table(name.partition("/")[0]).verify()


@pytest.fixture
def building() -> Iterator[Callable[[str], Any]]:
    """The modules of the build, which lie outside the package."""
    sys.path.insert(0, str(FOLDER))
    try:
        yield lambda name: importlib.import_module(f"building.{name}")
    finally:
        sys.path.remove(str(FOLDER))
        for name in [name for name in sys.modules if name.partition(".")[0] == "building"]:
            del sys.modules[name]


def test_anchors_hold(building: Callable[[str], Any]) -> None:
    assert building("manifest").check_anchors(FOLDER, FOLDER / "anchors.yaml") >= 60


def test_a_wrong_anchor_is_told(building: Callable[[str], Any], tmp_path: Path) -> None:
    anchors = tmp_path / "anchors.yaml"
    anchors.write_text(
        'look_ups: [{table: icd10cm, code: I10, day: "2026-03-01", expect: {billable: false}}]\n'
        'counts: [{table: age_bands, day: "2026-03-01", where: {}, rows: 3}]\n'
        "notes: []\n"
    )
    with pytest.raises(building("sources").BuildError, match=r"(?s)I10 on 2026-03-01.*age_bands.*4 rows, expected 3"):
        building("manifest").check_anchors(FOLDER, anchors)


def test_header_windows(building: Callable[[str], Any]) -> None:
    from datetime import date

    start, change, end = date(2015, 10, 1), date(2020, 10, 1), date(2022, 9, 30)
    windows = building("headers").header_windows(
        {
            "N183": [(start, date(2020, 9, 30))],
            "N1830": [(change, None)],
            "N1831": [(change, end)],
            "S0000XA": [(start, None)],
            "T360X1A": [(start, end)],
        }
    )
    assert windows["N183"] == [(change, None)]
    assert windows["N18"] == [(start, None)]
    assert windows["T360X"] == windows["T360X1"] == [(start, end)]
    assert "S0000" in windows
    assert "S0000X" not in windows
