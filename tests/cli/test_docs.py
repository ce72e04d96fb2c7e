"""The pages about the command and its report say what the program does."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from click.testing import Result

from scrubber.cli import main
from scrubber.findings import Finding, Masked, ReadError, Report, Unjudged
from scrubber.report.json import JsonWriter
from scrubber.report.summary import Tally
from scrubber.report.writer import PackUsed, Run, TableUsed

DOCS = Path(__file__).parents[2] / "docs"
COMMAND_PAGE = (DOCS / "command-line.md").read_text(encoding="utf-8")
REPORT_PAGE = (DOCS / "report-json.md").read_text(encoding="utf-8")


def test_every_option_of_check_is_described() -> None:
    check = main.commands["check"]
    named = set(re.findall(r"--[a-z-]+", COMMAND_PAGE))
    options = {name for option in check.params if isinstance(option, click.Option) for name in option.opts}
    assert options <= named


def test_every_command_is_named() -> None:
    for name, command in main.commands.items():
        assert f"scrubber {name}" in COMMAND_PAGE
        for below in getattr(command, "commands", {}):
            assert below in COMMAND_PAGE


def test_the_example_of_a_report_has_the_keys_of_a_real_one() -> None:
    example = json.loads(re.findall(r"```json\n(.*?)```", REPORT_PAGE, re.DOTALL)[0])
    assert _shape(_real_report()) == _shape(example)


def test_every_key_of_a_claim_and_of_a_finding_is_described() -> None:
    claim = _real_report()["claims"][0]
    described = set(re.findall(r"`([a-z_]+)`", REPORT_PAGE))
    assert {*claim, *claim["findings"][0]} <= described


def test_the_commands_of_the_page_work(call: Callable[..., Result], clinic_837: Path) -> None:
    assert call("check", clinic_837, "--fail-on", "never", "--quiet").exit_code == 0
    assert call("tables", "lookup", "icd10cm", "E11.9", "--as-of", "2026-10-01").exit_code == 0


def test_the_finding_on_the_page_is_that_of_the_example(call: Callable[..., Result], clinic_837: Path) -> None:
    shown = call("check", clinic_837, "--select", "DX102", "--as-of", "2026-11-01").stdout
    block = COMMAND_PAGE.split("### The report for people")[1].split("A claim is on")[0]
    for line in filter(None, (line.strip() for line in block.splitlines()[3:])):
        assert line in shown


def test_the_why_on_the_page_is_that_of_the_example(call: Callable[..., Result], clinic_837: Path) -> None:
    shown = call("check", clinic_837, "--select", "DX102", "--as-of", "2026-11-01", "--why").stdout
    block = COMMAND_PAGE.split("### Why")[1].split("Before each condition")[0]
    for line in filter(None, (line.strip() for line in block.split("--why\n")[1].splitlines())):
        assert line in shown


def test_the_row_on_the_page_is_that_of_a_real_report(call: Callable[..., Result], tmp_path: Path) -> None:
    claim = {"diagnoses": ["E11"], "lines": [{"procedure": "99213", "service_date": "2026-10-02"}]}
    result = call("check", "-", "--select", "DX102", "--format", "json", input=json.dumps(claim))
    real = json.loads(result.stdout)["claims"][0]["findings"][0]
    example = json.loads(re.findall(r"```json\n(.*?)```", REPORT_PAGE, re.DOTALL)[0])["claims"][0]["findings"][0]
    assert real["evidence"] == example["evidence"]
    assert real["message"] == example["message"]


def test_a_table_that_is_not_loaded_has_no_answer(call: Callable[..., Result]) -> None:
    result = call("tables", "lookup", "ncci_ptp_practitioner", "A", "B", "--as-of", "2026-10-02")
    assert result.exit_code == 2
    assert "not loaded" in result.stderr


def test_every_page_is_in_the_menu() -> None:
    menu = (DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8")
    decisions = (DOCS / "adr" / "README.md").read_text(encoding="utf-8")
    for page in sorted(DOCS.glob("*.md")):
        assert f": {page.name}\n" in menu
    for page in sorted((DOCS / "adr").glob("0*.md")):
        assert f"- adr/{page.name}\n" in menu
        assert f"({page.name})" in decisions


def _real_report() -> dict[str, Any]:
    finding = Finding(
        rule="DX102",
        name="dx-not-billable",
        family="dx",
        severity="error",
        risk=0.98,
        disposition="return_to_provider",
        message="E11 is a heading.",
    )
    report = Report(
        claim_id="A",
        source="claims.837",
        index=0,
        decision="hold",
        risk=0.98,
        amount_at_risk=Decimal("125.00"),
        findings=(finding,),
        masked=(Masked(rule="DX113", by="DX102"),),
        not_evaluated=(Unjudged(rule="DX105", reason="patient.sex is blank"),),
        not_checked=(Unjudged(rule="NCCI101", reason="table hcpcs is not loaded"),),
        errors=(ReadError(message="This is not a date."),),
    )
    stream, tally = io.StringIO(), Tally()
    writer = JsonWriter(stream)
    writer.start(
        Run(scrubber="0.1.0", packs=(PackUsed(name="core", version="1"),), tables=(TableUsed(name="icd10cm"),))
    )
    writer.claim(report)
    tally.add(report)
    writer.finish(tally)
    document: dict[str, Any] = json.loads(stream.getvalue())
    return document


def _shape(document: dict[str, Any]) -> dict[str, list[str]]:
    """The keys at each level of a report, in order."""
    claim = document["claims"][0]
    return {
        "report": list(document),
        "packs": list(document["packs"][0]),
        "tables": list(document["tables"][0]),
        "claim": list(claim),
        "finding": list(claim["findings"][0]),
        "fix": list(claim["findings"][0]["fix"]),
        "masked": list(claim["masked"][0]),
        "unjudged": list(claim["not_evaluated"][0]),
        "coverage": list(claim["coverage"]),
        "summary": list(document["summary"]),
    }
