"""`--jobs`: several processes make the same report, in a bounded memory, and none of them ends unnoticed."""

from __future__ import annotations

import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cli.programs import PROGRAM

from scrubber import Claim, Scrubber
from scrubber.cli import processes
from scrubber.cli.claim_checking import ClaimChecker
from scrubber.cli.claim_reading import Found, Unusable, checked_here, found_in
from scrubber.cli.inputs import claim_inputs
from scrubber.cli.processes import GROUP, OUT, checked_elsewhere
from scrubber.cli.run import CheckRequest, make_checker
from scrubber.findings import Evidence, Report
from scrubber.report.formats import FORMATS, Look
from scrubber.report.summary import Tally
from scrubber.report.writer import Run
from scrubber.suppress import Aside
from scrubber.testing.corpus import clean_claims

Call = Callable[..., Result]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
# The threads of a test runner know nothing of our processes, and the copies of this one never come back to them.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")


@pytest.fixture(scope="module")
def checker() -> ClaimChecker:
    return ClaimChecker(scrubber=Scrubber.load(), outline=True)


def mixed_claims(count: int, seed: int) -> Iterator[str]:
    """Lines of clean claims, of claims with a fault, and of what is no claim."""
    by = random.Random(seed)
    for claim in clean_claims(count, seed=seed):
        if by.random() < 0.3:
            claim["lines"][0]["charge"] = by.choice(["-1", "0", "text", None])
        if by.random() < 0.2:
            claim["diagnoses"] = [by.choice(["E11", "Z99.99", "é", "M54.5"])]
        line = json.dumps(claim, default=str)
        yield line[: by.randrange(len(line))] if by.random() < 0.05 else line


def found(paths: Iterable[Path]) -> Iterator[Found | Unusable]:
    return found_in(claim_inputs(str(path) for path in paths), None)


def written(reports: Iterable[Report]) -> dict[str, str]:
    """The reports in every format."""
    streams = {name: io.StringIO() for name in FORMATS}
    writers = {name: FORMATS[name].open(streams[name], Look(color=False, statistics=True)) for name in FORMATS}
    for writer in writers.values():
        writer.start(Run(scrubber="0"))
    tally = Tally()
    for report in reports:
        tally.add(report)
        for writer in writers.values():
            writer.claim(report)
    for writer in writers.values():
        writer.finish(tally)
    return {name: stream.getvalue() for name, stream in streams.items()}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 999), jobs=st.integers(1, 4), sizes=st.lists(st.integers(0, 2 * GROUP), max_size=4))
def test_every_format_is_the_same_as_with_one_process(
    seed: int,
    jobs: int,
    sizes: list[int],
    checker: ClaimChecker,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    paths = [tmp_path / "missing.json"]
    for number, size in enumerate(sizes):
        paths.append(tmp_path / f"{number}.json")
        paths[-1].write_text("\n".join(mixed_claims(size, seed + number)), encoding="utf-8")
    capfd.readouterr()
    here, said_here = list(checked_here(found(paths), checker)), capfd.readouterr().err
    elsewhere = list(checked_elsewhere(found(paths), jobs, checker, partial(pytest.fail, "not on this system")))
    assert elsewhere == here
    assert capfd.readouterr().err == said_here
    assert written(elsewhere) == written(here)


def test_real_files_are_read_the_same(checker: ClaimChecker, capfd: pytest.CaptureFixture[str]) -> None:
    data = Path(__file__).parents[2] / ".." / "shared" / "data"
    paths = [data / name for name in ("claims837", "claims837_broken") if (data / name).is_dir()]
    if not paths:
        pytest.skip("the shared claim files are not here")
    here, said_here = list(checked_here(found(paths), checker)), capfd.readouterr().err
    assert len(here) > 100
    assert list(checked_elsewhere(found(paths), 3, checker, partial(pytest.fail))) == here
    assert capfd.readouterr().err == said_here


def test_a_process_that_starts_afresh_makes_the_same_reports(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "claims.json"
    path.write_text("\n".join(mixed_claims(GROUP + 5, 1)), encoding="utf-8")
    make = partial(make_checker, CheckRequest(paths=(), select=("DX102", "CLM")), None, Aside())
    here = list(checked_here(found([path]), make()))
    assert any(report.findings for report in here)
    assert list(checked_elsewhere(found([path]), 2, make(), make, method="spawn")) == here


def test_the_command_takes_a_number_or_auto(call: Call, clean: Path, faulty: Path) -> None:
    one = call("check", clean, faulty, "--format", "json", "--as-of", "2026-11-01", "--select", "DX102")
    for jobs in ("auto", "2"):
        more = call(
            "check", clean, faulty, "--format", "json", "--as-of", "2026-11-01", "--select", "DX102", "--jobs", jobs
        )
        assert (more.exit_code, more.stdout, more.stderr) == (1, one.stdout, one.stderr)
    for wrong in ("-1", "many", "1.5", ""):
        refused = call("check", clean, "--jobs", wrong)
        assert refused.exit_code == 2
        assert "neither a number of processes nor auto" in refused.stderr


def test_standard_input_is_read(call: Call, make_claim: Callable[..., dict[str, Any]]) -> None:
    lines = "\n".join(json.dumps(make_claim(f"C-{n}", "E11" if n % 3 else "E11.9")) for n in range(3 * GROUP))
    one, two = (
        call("check", "-", "--format", "ndjson", "--select", "DX102", "--jobs", jobs, input=lines) for jobs in "12"
    )
    assert one.stdout.count("\n") == 3 * GROUP
    assert (two.exit_code, two.stdout, two.stderr) == (one.exit_code, one.stdout, one.stderr)


def test_the_recipe_for_python_works(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "many-claims.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert found
    recipe = tmp_path / "recipe.py"
    recipe.write_text(found[1], encoding="utf-8")
    done = subprocess.run([sys.executable, str(recipe)], capture_output=True, text=True, check=True, timeout=120)
    lines = done.stdout.splitlines()
    assert len(lines) == 100
    assert all("PAT101" in line for line in lines)


class Unwell:
    """Checks like a checker; the claim's id says what goes wrong."""

    def report(self, claim: Claim) -> Report:
        made = Report(
            claim_id=claim.claim_id,
            source=claim.origin.source if claim.origin else None,
            index=claim.origin.index if claim.origin else None,
            decision="pass",
            risk=0.0,
            amount_at_risk=claim.total_charge,  # type: ignore[arg-type]
        )
        if claim.claim_id == "DIES":
            os.kill(os.getpid(), signal.SIGKILL)
        if claim.claim_id == "ODD":
            row = {"value": lambda: None}
            finding: Any = Evidence(table="own", edition=None, row=row)
            return attrs.evolve(made, findings=(finding,))
        if claim.claim_id == "PRINTS":
            print("text of a named check")
        return made


def of_ids(*ids: str) -> Iterator[Found]:
    """Found claims with these ids."""
    for index, claim_id in enumerate(ids):
        data = json.dumps({"claim_id": claim_id, "form": "professional", "total_charge": "1.00"}).encode()
        yield Found("made.json", next(iter(find(data, index))))


def find(data: bytes, index: int) -> Iterator[Any]:
    from scrubber.readers.json_claims import WrittenClaim

    yield WrittenClaim(data, index, index + 1)


def unwell(ids: list[str], jobs: int = 2) -> list[Report]:
    checker: Any = Unwell()
    return list(checked_elsewhere(of_ids(*ids), jobs, checker, partial(pytest.fail), method="fork"))


@LINUX
def test_a_process_that_dies_costs_what_it_had_and_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    ids = [f"C-{n}" for n in range(20 * GROUP)]
    ids[5 * GROUP + 3] = "DIES"
    reports = unwell(ids)
    lost = [report for report in reports if not report.readable]
    assert [report.index for report in reports] == list(range(len(ids)))
    assert 5 * GROUP + 3 in {report.index for report in lost}
    assert GROUP <= len(lost) <= processes.AHEAD * GROUP
    assert "ended by signal 9" in lost[0].errors[0].message
    said = capfd.readouterr().err.splitlines()
    assert said[0].startswith(f"scrubber: made.json, claim {(lost[0].index or 0) + 1}: the claim was not checked")
    assert len(said) == len(lost)


@LINUX
def test_when_all_processes_are_gone_the_rest_is_told_and_not_passed(capfd: pytest.CaptureFixture[str]) -> None:
    reports = unwell(["DIES"] * (20 * GROUP))
    assert all(not report.readable for report in reports)
    assert "nothing of this input was checked" in reports[-1].errors[0].message
    assert reports[-2].index is not None
    first_left = reports[-2].index + 2
    assert f"from claim {first_left} on" in reports[-1].errors[0].message
    assert f"from claim {first_left} on" in capfd.readouterr().err


@LINUX
def test_what_cannot_be_sent_costs_its_claim(capfd: pytest.CaptureFixture[str]) -> None:
    reports = unwell(["C-1", "ODD", "C-2"])
    assert [report.readable for report in reports] == [True, False, True]
    assert reports[1].index == 1
    assert "claim 2: something went wrong inside the program" in capfd.readouterr().err


@LINUX
def test_what_a_check_prints_is_said_in_its_place(capfd: pytest.CaptureFixture[str]) -> None:
    unwell([f"C-{n}" for n in range(GROUP)] + ["PRINTS"])
    assert capfd.readouterr() == ("", "text of a named check\n")


@LINUX
def test_claims_are_taken_only_as_fast_as_reports_are_written() -> None:
    taken = 0

    def counted() -> Iterator[Found]:
        nonlocal taken
        for one in of_ids(*(f"C-{n}" for n in range(100 * GROUP))):
            taken += 1
            yield one

    checker: Any = Unwell()
    reports = checked_elsewhere(counted(), 2, checker, partial(pytest.fail), method="fork")
    next(reports)
    time.sleep(0.3)
    next(reports)
    assert taken <= (2 * OUT + 1) * GROUP
    reports.close()


# -------------------------------------------------------------------------------------------------- as a process


class Running:
    """The command with two jobs, at work and waiting for more claims. It writes to a file, so that it never waits."""

    def __init__(self, line: bytes, output: Path) -> None:
        self.line = line
        self.output = output
        with output.open("wb") as stream:
            self.process = subprocess.Popen(
                [*PROGRAM, "check", "-", "--format", "ndjson", "--select", "DX102", "--jobs", "2", "--quiet"],
                stdin=subprocess.PIPE,
                stdout=stream,
                stderr=subprocess.PIPE,
            )
        self.feed(12 * GROUP)
        end = time.monotonic() + 240
        while not output.stat().st_size and time.monotonic() < end:
            time.sleep(0.05)

    def feed(self, count: int) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(self.line * count)
        self.process.stdin.flush()

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]


@pytest.fixture
def running(make_claim: Callable[..., dict[str, Any]], tmp_path: Path) -> Iterator[Running]:
    one = Running(json.dumps(make_claim("C", "E11")).encode() + b"\n", tmp_path / "report.ndjson")
    yield one
    one.process.kill()
    one.process.communicate(timeout=120)


def gone(pids: list[int]) -> bool:
    """Whether none of the processes is there any more, after a moment's patience."""
    end = time.monotonic() + 120
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@LINUX
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_no_process_is_left_behind(running: Running, sent: signal.Signals, code: int) -> None:
    children = running.children()
    assert len(children) == 2
    running.process.send_signal(sent)
    said = running.process.communicate(timeout=240)[1]
    assert running.process.returncode == code
    assert b"Traceback" not in said
    assert gone(children)


@LINUX
def test_a_killed_process_is_exit_2_and_the_rest_is_checked(running: Running) -> None:
    os.kill(running.children()[0], signal.SIGKILL)
    running.feed(20 * GROUP)
    said = running.process.communicate(timeout=240)[1]
    assert running.process.returncode == 2
    assert b"was not checked: the process that had it was ended by signal 9." in said
    reports = [json.loads(line) for line in running.output.read_text().splitlines()]
    assert [report["index"] for report in reports] == list(range(32 * GROUP))
    lost = sum(bool(report["errors"]) for report in reports)
    assert 0 < lost <= processes.AHEAD * GROUP
