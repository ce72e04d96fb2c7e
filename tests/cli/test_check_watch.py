"""`scrubber check --watch`, and the progress of a run with its time left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.cli.programs import PROGRAM

from scrubber.cli.claim_reading import HowFar, found_in
from scrubber.cli.inputs import claim_inputs
from scrubber.cli.progress import SPEED_SECONDS, TimeLeft


def test_the_time_left_is_told_from_the_last_seconds() -> None:
    left = TimeLeft()
    assert left.at(1, 100, 10_000) == ""  # one look tells no speed
    assert left.at(3, 300, 10_000) == "1:37 left"
    assert left.at(5, 400, 1_000_000) == "3:42:08 left"
    # half a minute later only the last seconds count
    assert left.at(5 + 2 * SPEED_SECONDS, 5_000, 10_000) == ""
    assert left.at(10 + 2 * SPEED_SECONDS, 7_500, 10_000) == "0:05 left"
    assert left.at(11 + 2 * SPEED_SECONDS, 10_000, 10_000) == ""
    assert left.at(12 + 2 * SPEED_SECONDS, 10_000, None) == ""


def test_bytes_are_counted_over_all_files(tmp_path: Path, write_claims: Callable[..., Path], make_claim: Any) -> None:
    paths = [write_claims(tmp_path / name, *(make_claim(f"C-{n}") for n in range(300))) for name in ("a", "b")]
    inputs = list(claim_inputs([*map(str, paths), "missing"]))
    how_far = HowFar(inputs)
    assert how_far.total == sum(path.stat().st_size for path in paths)
    seen = [how_far.read for _ in found_in(inputs, None, how_far)]
    assert seen == sorted(seen)
    assert len(set(seen)) > 3
    assert how_far.read == how_far.total


def test_of_standard_input_nobody_knows_how_much_is_left(clean: Path) -> None:
    assert HowFar(claim_inputs(["-", str(clean)])).total is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["-"], "standard input is read only once"), (["PATH", "--fix", "new"], "--fix never writes over a file")],
)
def test_what_cannot_be_watched_is_refused(
    call: Callable[..., Result], clean: Path, arguments: list[str], told: str
) -> None:
    result = call("check", *[str(clean) if one == "PATH" else one for one in arguments], "--watch")
    assert result.exit_code == 2
    assert told in result.stderr


def waited_for(said: Path, text: str, times: int) -> bool:
    end = time.monotonic() + 240
    while said.read_text().count(text) < times:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.skipif(os.name == "nt", reason="Windows has no interrupt for one process")
def test_a_watch_checks_again_what_changes(
    tmp_path: Path, make_claim: Callable[..., dict[str, Any]], write_claims: Callable[..., Path]
) -> None:
    folder = tmp_path / "in"
    write_claims(folder / "claims.json", make_claim("A", "E11"))
    settings = tmp_path / "scrubber.toml"
    settings.write_text('select = ["DX102"]\n')
    said = tmp_path / "said.txt"
    with said.open("wb") as stream:
        process = subprocess.Popen(
            [*PROGRAM, "check", "in", "--watch", "--output", "in/report.json", "--format", "json"],
            stdout=subprocess.DEVNULL,
            stderr=stream,
            cwd=tmp_path,
        )
    try:
        assert waited_for(said, "Ctrl-C ends it", 1), said.read_text()
        assert findings(folder) == ["DX102"]
        # one more file, and a report in the same folder that is no change by itself
        write_claims(folder / "more.json", make_claim("B", "E11"))
        assert waited_for(said, "Ctrl-C ends it", 2), said.read_text()
        assert "more.json changed; checking again." in said.read_text()
        assert findings(folder) == ["DX102", "DX102"]
        settings.write_text("selct = []\n")
        assert waited_for(said, "Did you mean 'select'?", 1), said.read_text()
        settings.write_text('ignore = ["DX102"]\nselect = ["DX102", "DX101"]\n')
        assert waited_for(said, "Ctrl-C ends it", 4), said.read_text()
        assert findings(folder) == []
        time.sleep(1.2)
        assert said.read_text().count("checking again") == 3
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=240) == 130
    finally:
        process.kill()
        process.wait()


def findings(folder: Path) -> list[str]:
    report = json.loads((folder / "report.json").read_text())
    return [finding["rule"] for claim in report["claims"] for finding in claim["findings"]]
