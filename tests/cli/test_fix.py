"""`scrubber check --fix`: new files, never over anything; what is mended, what is left, and what is shown."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import Result

from scrubber.claim import Claim
from scrubber.cli.mend import OTHERWISE, SHARED, STILL_TOLD, mended_input
from scrubber.findings import Change, Fix, Report
from scrubber.mending import REWRITABLE
from scrubber.scrub import Scrubber

Call = Callable[..., Result]
RULES = Path(__file__).parents[2] / "rules" / "core"
DAY = ("--as-of", "2026-11-01", "--ignore", "DX115")


@pytest.fixture
def call(call: Call, tmp_path_factory: pytest.TempPathFactory) -> Call:
    """Checks with three rules of core, which load faster than all of them."""
    pack = tmp_path_factory.getbasetemp() / "three-rules"
    if not pack.exists():
        pack.mkdir()
        (pack / "pack.yaml").write_text('name: three-rules\nversion: "1"\ntitle: three rules of core\n')
        for rule in ("DX106-dx-format", "DX115-dx-duplicate", "PRV102-npi-check-digit"):
            (pack / f"{rule}.yaml").write_bytes((RULES / f"{rule}.yaml").read_bytes())

    return lambda *arguments, **settings: call(*arguments, "--pack", pack, **settings)


@pytest.fixture
def spoilt(clinic_837: Path, tmp_path: Path) -> Path:
    """The example, with a dot out of place in claim 2 and dashes in the NPI that all claims share."""
    text = clinic_837.read_text().replace("HI*ABK:E11*", "HI*ABK:E1.19*").replace("1562483911", "156-248-3911")
    path = tmp_path / "claims.837"
    path.write_text(text)
    return path


def fired(result: Result) -> set[tuple[str, str, int | None, str | None]]:
    report = json.loads(result.stdout)
    return {
        (claim["claim_id"], finding["rule"], finding["line"], finding["field"])
        for claim in report["claims"]
        for finding in claim["findings"]
    }


def test_an_837_is_mended_in_a_new_file(call: Call, spoilt: Path, tmp_path: Path) -> None:
    before = spoilt.read_bytes()
    new = tmp_path / "fixed.837"
    plain = call("check", spoilt, "--format", "json", *DAY)
    result = call("check", spoilt, "--format", "json", *DAY, "--fix", new)
    assert result.stdout == plain.stdout
    assert result.exit_code == plain.exit_code == 1
    assert spoilt.read_bytes() == before
    assert new.read_bytes() == before.replace(b"156-248-3911", b"1562483911").replace(b"E1.19", b"E119")
    assert "claim 2, segment 39 HI01-2: E1.19 -> E119 (DX106)" in result.stderr
    assert "claims.837: 9 values of 8 claims mended in" in result.stderr
    left = fired(call("check", new, "--format", "json", *DAY))
    assert left < fired(plain)
    assert {rule for _, rule, _, _ in fired(plain) - left} == {"DX106", "PRV102"}
    assert {rule for _, rule, _, _ in left} == {"PRV102"}  # in one claim a number that is no NPI, however it is written


def test_nothing_of_a_patient_is_shown_unless_asked(call: Call, spoilt: Path, tmp_path: Path) -> None:
    quiet = call("check", spoilt, *DAY, "--fix", tmp_path / "a.837", "--quiet")
    assert quiet.stderr == ""
    shown = call("check", spoilt, *DAY, "--fix", tmp_path / "b.837")
    assert "LAKESIDE" not in shown.output
    asked = call("check", spoilt, *DAY, "--diff")
    assert "-NM1*85*2*LAKESIDE FAMILY CLINIC*****XX*156-248-3911" in asked.stderr
    assert "+NM1*85*2*LAKESIDE FAMILY CLINIC*****XX*1562483911" in asked.stderr
    assert "9 values of 8 claims would be mended" in asked.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.837", "b.837", "claims.837"]


def test_json_keeps_its_writing(call: Call, make_claim: Callable[..., Any], tmp_path: Path) -> None:
    text = json.dumps([make_claim("A"), make_claim("B", "E1.19", claim_note="caf\u00e9 \u001b[31m")], indent=3)
    path = tmp_path / "claims.json"
    path.write_text(text)
    new = tmp_path / "fixed.json"
    result = call("check", path, *DAY, "--fix", new, "--diff")
    assert new.read_text() == text.replace("E1.19", "E119")
    assert "claim 2, diagnoses[0].code: E1.19 -> E119 (DX106)" in result.stderr
    assert "\x1b" not in result.stderr


def test_standard_input_is_mended_too(call: Call, spoilt: Path, tmp_path: Path) -> None:
    new = tmp_path / "fixed.837"
    result = call("check", "-", *DAY, "--fix", new, input=spoilt.read_bytes())
    assert result.exit_code == 1
    assert b"E119" in new.read_bytes()
    assert b"156-" not in new.read_bytes()


def test_a_folder_is_written_whole_to_a_new_one(call: Call, spoilt: Path, clean: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    spoilt.rename(folder / "deep" / "claims.837")
    clean.rename(folder / "clean.json")
    (folder / "notes.txt").write_text("no claims")
    result = call("check", folder, *DAY, "--fix", tmp_path / "out")
    assert result.exit_code == 2  # for the notes
    assert (tmp_path / "out" / "clean.json").read_bytes() == (folder / "clean.json").read_bytes()
    assert b"E119" in (tmp_path / "out" / "deep" / "claims.837").read_bytes()
    assert not (tmp_path / "out" / "notes.txt").exists()
    assert "nothing is written for 1 input, of which no claim could be read." in result.stderr
    assert "nothing is mended in 1 input; written as it came, byte for byte." in result.stderr


def test_names_that_are_shown_alike_are_not_mixed_up(call: Call, spoilt: Path, clean: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for path, name in ((spoilt, b"\xff.json"), (clean, b"\xfe.json")):
        try:
            path.rename(os.fsdecode(os.fsencode(folder) + b"/" + name))
        except OSError:
            pytest.skip("names of files are UTF-8 here")
    result = call("check", folder, *DAY, "--fix", tmp_path / "out")
    assert result.exit_code == 2
    assert "two inputs are both shown as" in result.stderr
    assert not (tmp_path / "out").exists()


def test_one_input_into_a_folder_that_is_there(call: Call, spoilt: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    call("check", spoilt, *DAY, "--fix", tmp_path / "out", "--quiet")
    assert b"E119" in (tmp_path / "out" / "claims.837").read_bytes()
    assert call("check", spoilt, *DAY, "--fix", tmp_path / "out").exit_code == 2


def test_nothing_is_ever_written_over(call: Call, spoilt: Path, tmp_path: Path) -> None:
    before = spoilt.read_bytes()
    there = tmp_path / "there.837"
    there.write_text("mine")
    link = tmp_path / "link.837"
    link.symlink_to(tmp_path / "nowhere")
    hard = tmp_path / "hard.837"
    os.link(spoilt, hard)
    for target in (spoilt, there, link, hard, tmp_path / "no" / "folder.837", Path("-")):
        result = call("check", spoilt, *DAY, "--fix", target)
        assert result.exit_code == 2, target
        assert result.stdout == "", target
        assert "--fix" in result.stderr
    assert there.read_text() == "mine"
    assert spoilt.read_bytes() == before
    assert call("check", spoilt, there, *DAY, "--fix", there).exit_code == 2
    assert call("check", tmp_path, *DAY, "--fix", tmp_path / "below").exit_code == 2
    report = tmp_path / "new"
    assert call("check", spoilt, *DAY, "--fix", report, "--output", report).exit_code == 2
    assert call("check", spoilt, *DAY, "--fix", "").exit_code == 2
    assert not report.exists()


def test_an_input_that_no_file_can_be_made_of(call: Call, tmp_path: Path) -> None:
    result = call("check", tmp_path / "nothing.837", *DAY, "--fix", tmp_path / "new.837")
    assert result.exit_code == 2
    assert not (tmp_path / "new.837").exists()


def test_the_same_npi_on_many_lines_is_told_once_and_mended_on_all(
    call: Call, make_claim: Callable[..., Any], write_claims: Callable[..., Path], tmp_path: Path
) -> None:
    claim = make_claim()
    claim["lines"] = [
        {**claim["lines"][0], "number": number, "procedure": code, "rendering_provider": {"npi": "123-456-7893"}}
        for number, code in enumerate(("99213", "93000", "81002"), start=1)
    ]
    claim["total_charge"] = "375.00"
    path = write_claims(tmp_path / "claims.json", claim)
    call("check", path, *DAY, "--fix", tmp_path / "new.json")
    assert (tmp_path / "new.json").read_text().count('"1234567893"') == 3


def test_what_would_bring_up_another_finding_is_left_as_it_is(
    call: Call, make_claim: Callable[..., Any], write_claims: Callable[..., Path], tmp_path: Path
) -> None:
    claim = make_claim(diagnoses=["E11.9", "E1.19"])
    path = write_claims(tmp_path / "claims.json", claim)
    result = call("check", path, "--as-of", "2026-11-01", "--fix", tmp_path / "new.json")
    assert (tmp_path / "new.json").read_bytes() == path.read_bytes()
    assert "E1.19 -> E119 (DX106): not done, for the claim would then show DX115" in result.stderr
    # where that rule does not run, nothing stands against it
    call("check", path, *DAY, "--fix", tmp_path / "other.json")
    assert b'"E119"' in (tmp_path / "other.json").read_bytes()


def test_what_is_left_out_of_the_report_is_not_mended(call: Call, spoilt: Path, tmp_path: Path) -> None:
    call("check", spoilt, *DAY, "--ignore", "DX106", "--min-risk", "0.99", "--fix", tmp_path / "new.837")
    assert (tmp_path / "new.837").read_bytes() == spoilt.read_bytes()


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.load(packs=["core"], select=["PRV102", "DX106"])


def test_a_segment_of_several_claims_is_mended_for_all_or_none(spoilt: Path, scrubber: Scrubber) -> None:
    data = spoilt.read_bytes()
    npi = Change(field="billing_provider.npi", old="156-248-3911", new="1562483911")
    dot = Change(field="diagnoses[0].code", old="E1.19", new="E119")
    mended = mended_input(data, {1: [(npi, "PRV102"), (dot, "DX106")]}, scrubber.scrub, source="claims.837")
    assert mended.data == data.replace(b"E1.19", b"E119")
    assert [(left.mend.change, left.reason) for left in mended.left] == [(npi, SHARED)]


def test_a_mend_after_which_the_finding_stays_is_left_out(spoilt: Path, scrubber: Scrubber) -> None:
    def scrub(claim: Claim) -> Report:
        report = scrubber.scrub(claim)
        stays = attrs.evolve(report.findings[0], fix=Fix()) if report.findings else None
        return (
            report
            if stays is None or claim.diagnoses[0].code != "E119"
            else attrs.evolve(report, findings=(attrs.evolve(stays, rule="DX106", field="diagnoses[0].code"),))
        )

    data = spoilt.read_bytes()
    dot = Change(field="diagnoses[0].code", old="E1.19", new="E119")
    mended = mended_input(data, {1: [(dot, "DX106")]}, scrub, source="claims.837")
    assert mended.data == data
    assert [left.reason for left in mended.left] == [STILL_TOLD]


def test_a_file_that_does_not_read_as_it_should_is_left_alone(
    spoilt: Path, scrubber: Scrubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrubber.cli.mend.with_edits", lambda data, edits: data[:-200] if list(edits) else data)
    data = spoilt.read_bytes()
    dot = Change(field="diagnoses[0].code", old="E1.19", new="E119")
    mended = mended_input(data, {1: [(dot, "DX106")]}, scrubber.scrub, source="claims.837")
    assert mended.data == data
    assert [left.reason for left in mended.left] == [OTHERWISE]


def test_the_page_lists_the_rules_that_rewrite_and_their_fields() -> None:
    page = (RULES.parents[1] / "docs" / "fixes.md").read_text()
    listed = set(re.findall(r"^\| .*\| ([A-Z]+[0-9]+) \|$", page, re.MULTILINE))
    rewrites = {
        (rule.id, rewrite.field.name.rpartition(".")[2])
        for pack in Scrubber.load(packs=["core"]).packs
        for rule in pack.rules
        for case in rule.cases
        for rewrite in case.rewrites
    }
    assert {rule for rule, _ in rewrites} == listed
    assert {field for _, field in rewrites} == REWRITABLE
