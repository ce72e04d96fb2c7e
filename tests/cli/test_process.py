"""The command as a process: pipes that close, interrupts, and what is loaded before anything is asked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.programs import PROGRAM

POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and closing pipes are a matter of POSIX systems")


@pytest.fixture
def many(tmp_path: Path, write_claims: Callable[..., Path], make_claim: Callable[..., dict[str, Any]]) -> Path:
    return write_claims(tmp_path / "many.json", *(make_claim(f"C-{n}", "E11") for n in range(2000)))


@POSIX
def test_a_reader_that_has_seen_enough_is_no_failure(many: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "check", str(many), "--format", "ndjson", "--quiet"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=240) == 141
    assert said == b""


@POSIX
def test_an_interrupt_leaves_a_whole_report_of_what_was_done(
    make_claim: Callable[..., dict[str, Any]],
) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "check", "-", "--format", "json", "--select", "DX102"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    # Enough for the readers to give claims; then the input stays open, and the command waits for more.
    lines = b"".join(json.dumps(make_claim(f"C-{n}", "E11")).encode() + b"\n" for n in range(200))
    process.stdin.write(lines)
    process.stdin.flush()
    assert process.stderr is not None
    assert b"as of" in process.stderr.readline()  # said when the rules are loaded and the claims begin
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    output, said = process.communicate(timeout=240)
    assert process.returncode == 130
    assert b"Traceback" not in said
    report = json.loads(output)
    assert report["summary"]["interrupted"] is True
    assert report["summary"]["claims"] == len(report["claims"])


def test_help_waits_for_nothing_that_it_does_not_need() -> None:
    check = "import sys, scrubber.cli; print({'rich', 'platformdirs'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
