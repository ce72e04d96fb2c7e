"""`scrubber rules test`: examples, what they prove, and the watch over a pack."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from tests.cli.programs import PROGRAM

Call = Callable[..., Result]


@pytest.fixture
def proven(many_visits: str) -> str:
    """The rule with an example for each of its conditions."""
    return many_visits + "  - {name: two tests, claim: {lines: [93000 x2]}, fires_at: []}\n"


@pytest.fixture
def rule(tmp_path: Path, many_visits: str) -> Path:
    """The rule of a pack of one."""
    pack = tmp_path / "ours"
    pack.mkdir()
    (pack / "pack.yaml").write_text('name: ours\nversion: "1"\ntitle: Ours\n', encoding="utf-8")
    path = pack / "TST101-many-visits.yaml"
    path.write_text(many_visits, encoding="utf-8")
    return path


def test_an_unproven_condition_is_a_failure_with_its_place(call: Call, rule: Path) -> None:
    result = call("rules", "test", rule.parent)
    assert result.exit_code == 1
    head, hint, place = result.stdout.splitlines()
    assert head.startswith("UNPROVEN TST101 many-visits: no example notices when `line.procedure:")
    assert hint.strip() == "Add one where everything else holds and this does not."
    assert place.strip().endswith("TST101-many-visits.yaml:7:5")
    assert "2 conditions and cases left out in turn: 1 unproven" in result.stderr


def test_an_example_more_proves_it(call: Call, rule: Path, proven: str) -> None:
    rule.write_text(proven, encoding="utf-8")
    result = call("rules", "test", rule.parent)
    assert (result.exit_code, result.stdout) == (0, "")


def test_mutants_can_be_left_out(call: Call, rule: Path) -> None:
    result = call("rules", "test", rule.parent, "--no-mutants")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "left out in turn" not in result.stderr


def test_an_edge_is_advice_unless_strict(call: Call, rule: Path, proven: str) -> None:
    rule.write_text(proven.replace("when:", "effective: {from: 2020-01-01}\nwhen:", 1), encoding="utf-8")
    result = call("rules", "test", rule.parent)
    assert result.exit_code == 0
    assert result.stdout.startswith("EDGE     TST101 many-visits: the rule begins on 2020-01-01")
    assert call("rules", "test", rule.parent, "--strict").exit_code == 1


def test_as_json(call: Call, rule: Path) -> None:
    document = json.loads(call("rules", "test", rule.parent, "--format", "json").stdout)
    assert document["summary"] == {"passed": 2, "failed": 0, "not_run": 0, "mutants": 2, "unproven": 1, "edges": 0}
    (one,) = document["unproven"]
    assert list(one) == ["rule", "name", "kind", "message", "hint", "file", "line", "column"]
    assert (one["rule"], one["kind"], one["line"], one["column"]) == ("TST101", "condition", 7, 5)


def test_a_watch_is_for_people(call: Call, rule: Path) -> None:
    result = call("rules", "test", rule.parent, "--watch", "--format", "json")
    assert result.exit_code == 2
    assert "--watch is for people" in result.stderr


class Watch:
    """The command as a process, and the lines it has written so far."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*PROGRAM, "rules", "test", *arguments, "--watch"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def said(self, text: str, times: int = 1) -> bool:
        """Wait until a text was written so many times."""
        until = time.monotonic() + 240
        while time.monotonic() < until and self.process.poll() is None:
            if sum(text in line for line in self.lines) >= times:
                return True
            time.sleep(0.05)
        return sum(text in line for line in self.lines) >= times

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=240)
        self._reader.join(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def watch(rule: Path) -> Iterator[Watch]:
    watching = Watch(str(rule.parent))
    yield watching
    if watching.process.poll() is None:
        watching.process.kill()
        watching.end()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no interrupt for one process")
def test_a_watch_runs_again_what_changes_and_ends_with_an_interrupt(watch: Watch, rule: Path, proven: str) -> None:
    assert watch.said("watching"), watch.lines
    assert watch.said("UNPROVEN TST101")
    rule.write_text(rule.read_text(encoding="utf-8").replace("more_than: 1", "mor_than: 1"), encoding="utf-8")
    assert watch.said("Did you mean 'more_than'?"), watch.lines
    rule.write_text(proven, encoding="utf-8")
    assert watch.said("each noticed"), watch.lines
    (rule.parent / "pack.yaml").write_text('name: ours\nversion: "2"\ntitle: Ours\n', encoding="utf-8")
    assert watch.said("each noticed", times=2), watch.lines
    assert watch.end() == 130
    assert not any("Traceback" in line for line in watch.lines)
