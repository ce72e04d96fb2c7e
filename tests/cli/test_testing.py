"""`scrubber testing`: claims that are right, claims with a known fault and their labels."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from scrubber import Scrubber
from scrubber.testing.examples import place_of

Call = Callable[..., Result]


def test_claims_of_the_corpus_are_written_the_same_each_time(call: Call, tmp_path: Path) -> None:
    once, twice = tmp_path / "once.ndjson", tmp_path / "twice.ndjson"
    for file in (once, twice):
        call("testing", "corpus", "3", "--period", "2026", "--specialty", "cardiology", "--output", file)
    assert once.read_text(encoding="utf-8") == twice.read_text(encoding="utf-8")
    shown = call("testing", "corpus", "3", "--period", "2026", "--specialty", "cardiology")
    assert shown.stdout == once.read_text(encoding="utf-8")
    assert len(shown.stdout.splitlines()) == 3


def test_faults_are_written_with_their_labels_and_found_there(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "faults.ndjson"
    result = call("testing", "faults", "--rule", "DX102", "--rule", "unt", "-n", "4", "--output", file)
    assert result.exit_code == 0, result.output
    assert "not at hand: therapy_codes" in result.stderr
    claims = {claim["claim_id"]: claim for claim in map(json.loads, file.read_text(encoding="utf-8").splitlines())}
    with (tmp_path / "faults.labels.csv").open(encoding="utf-8") as labels:
        rows = list(csv.DictReader(labels))
    assert [row["claim_id"] for row in rows] == list(claims)
    assert sum(row["rule"] == "DX102" for row in rows) == 4
    assert {row["rule"] for row in rows} >= {"DX102", "UNT101", "UNT102", "UNT103"}
    scrubber = Scrubber.load(select=["dx102", "unt"])
    for row in rows:
        found = [(f.rule, place_of(f), f.severity) for f in scrubber.scrub(claims[row["claim_id"]]).findings]
        assert (row["rule"], row["at"], row["severity"]) in found, row
    assert call("check", file, "--select", "DX102", "--select", "unt", "--as-of", "2027-01-31").exit_code == 1


def test_labels_go_where_they_are_wanted(call: Call, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    result = call("testing", "faults", "--rule", "CLM103", "--labels", labels)
    assert json.loads(result.stdout)["claim_id"] == "CLM103-1"
    assert labels.read_text(encoding="utf-8").splitlines()[1].startswith("CLM103-1,CLM103,claim,error,")


def test_faults_are_listed(call: Call) -> None:
    shown = call("testing", "faults", "--list", "--rule", "NCCI102").stdout
    assert shown == "NCCI102  warning  both codes of a pair on one side  (needs ncci_ptp_practitioner)\n"


def test_what_cannot_be_done_is_told(call: Call, tmp_path: Path) -> None:
    for arguments, says in (
        (("faults", "--rule", "DX1O2"), "no rule with a fault is called 'DX1O2'"),
        (("faults", "--rule", "NCCI101"), "without these tables: ncci_ptp_practitioner"),
        (("corpus", "--period", "2025q5"), "Did you mean '2025q4'?"),
        (("corpus", "--specialty", "cardiologie"), "Did you mean 'cardiology'?"),
        (("corpus", "1", "--output", tmp_path / "no" / "file"), "there is no such folder"),
    ):
        result = call("testing", *arguments)
        assert result.exit_code == 2
        assert says in result.stderr
