"""Claims with everything that the page can show, made by hand: no engine, no rules, no tables."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from scrubber.findings import (
    Acknowledgment,
    Change,
    ClaimOutline,
    Evidence,
    Finding,
    Fix,
    LayerMark,
    LayerOfClaim,
    Masked,
    OutlineDiagnosis,
    OutlineLine,
    ReadError,
    Reference,
    Report,
    Suppressed,
    Suppression,
    Unjudged,
)
from scrubber.report.html import HtmlWriter
from scrubber.report.summary import Tally
from scrubber.report.writer import PackUsed, RuleUsed, Run, TableUsed

PAIR = Finding(
    rule="NCCI101",
    name="ncci-ptp-pair",
    family="ncci",
    severity="error",
    risk=0.95,
    disposition="line_denial",
    message="XX002 (line 2) is bundled into XX001 (line 1) on 2026-10-02.",
    line=2,
    field="lines[1].procedure",
    position={"segment": 31, "loop": "2400", "element": "SV101-2"},
    codes=("XX001", "XX002"),
    group="CO",
    carc=("236",),
    owner="coder",
    fix=Fix(text="Bill line 1 only, unless the services were distinct and the record says so."),
    evidence=Evidence(
        table="ncci_ptp_practitioner",
        edition="2026q4",
        row={"modifier_indicator": "1", "rate": Decimal("1.50"), "valid_from": date(2020, 1, 1)},
    ),
    references=(Reference(title="NCCI policy manual, chapter 1", url="https://www.cms.gov/ncci"),),
    fingerprint="0123456789abcdef",
)
SIDE = Finding(
    rule="DX131",
    name="side-unspecified",
    family="dx",
    severity="warning",
    risk=0.3,
    disposition="claim_denial",
    message="Diagnosis 1, M17.9, names no side.",
    diagnosis=1,
    field="diagnoses[0].code",
    codes=("M17.9",),
    group="CO",
    carc=("16",),
    rarc=("M76",),
    owner="clinician",
    question="Which knee was treated on 2026-10-02: right, left, both, other, or cannot be told?",
    fix=Fix(text="Ask which side was treated."),
    references=(Reference(title="ICD-10-CM guidelines, section I.B.13"),),
    fingerprint="fedcba9876543210",
)
NPI = Finding(
    rule="PRV102",
    name="npi-check-digit",
    family="prv",
    severity="error",
    risk=0.98,
    disposition="claim_rejection",
    message="The billing provider's NPI is not a possible NPI.",
    field="billing_provider.npi",
    group="CO",
    carc=("207",),
    rarc=("N290",),
    acknowledgment=Acknowledgment(category="A7", status=("562",), entity="85"),
    owner="front_desk",
    fix=Fix(
        safety="safe", text="Write it anew.", changes=(Change(field="diagnoses[0].code", old="m17.9", new="M17.9"),)
    ),
    layers=(
        LayerMark(
            pack="our-payer",
            version="2",
            level="payer",
            set=("severity",),
            reason="The manual of this payer says so.",
            reference=Reference(title="Provider manual, chapter 4"),
        ),
    ),
    fingerprint="00000000000000aa",
)
NOTE = Finding(
    rule="DAT108",
    name="filing-limit-near",
    family="dat",
    severity="info",
    risk=0.0,
    disposition="advice",
    message="The filing limit of the payer is 12 days away.",
    owner="front_desk",
    fingerprint="00000000000000bb",
)


def line(number: int, charge: str, procedure: str = "XX001", **fields: Any) -> OutlineLine:
    given: dict[str, Any] = {
        "number": number,
        "procedure": procedure,
        "revenue_code": None,
        "modifiers": (),
        "units": Decimal(1),
        "charge": Decimal(charge),
        "service_date": date(2026, 10, 2),
        "service_date_end": None,
        "place_of_service": "11",
        "diagnosis_pointers": (1,),
    }
    return OutlineLine(**(given | fields))


def outline(*lines: OutlineLine, payer: str | None = "Blue Plan", **fields: Any) -> ClaimOutline:
    given: dict[str, Any] = {
        "form": "professional",
        "payer_kind": "commercial",
        "payer_id": "60054",
        "payer_name": payer,
        "type_of_bill": None,
        "total_charge": sum((one.charge or Decimal(0) for one in lines), Decimal(0)),
        "diagnoses": (
            OutlineDiagnosis(number=1, code="M17.9", kind="principal"),
            OutlineDiagnosis(number=2, code="I10", kind="other"),
        ),
        "lines": lines,
    }
    return ClaimOutline(**(given | fields))


def report(number: int, **fields: Any) -> Report:
    given: dict[str, Any] = {
        "claim_id": f"A-{1000 + number}",
        "source": "claims.837",
        "index": number - 1,
        "decision": "pass",
        "risk": 0.0,
        "amount_at_risk": Decimal(0),
    }
    return Report(**(given | fields))


@pytest.fixture
def run() -> Run:
    def rule(finding: Finding, title: str) -> RuleUsed:
        return RuleUsed(
            id=finding.rule,
            name=finding.name,
            title=title,
            family=finding.family,
            pack="core",
            status="stable",
            severity=finding.severity,
            owner=finding.owner,
            disposition=finding.disposition,
            risk=finding.risk,
            why=f"Why {finding.rule} is there.",
            fix_safety=finding.fix.safety,
            group=finding.group,
            carc=finding.carc,
            rarc=finding.rarc,
            references=finding.references,
        )

    return Run(
        scrubber="0.1.0",
        packs=(PackUsed(name="core", version="2026.4", hash="0123456789abcdef" * 4),),
        tables=(TableUsed(name="icd10cm", edition="2027", first_day="2015-10-01", last_day="2027-09-30"),),
        rules=(
            rule(PAIR, "Two procedures that are not paid together"),
            rule(SIDE, "The diagnosis names no side"),
            rule(NPI, "An NPI is not a possible number"),
            rule(NOTE, "The filing limit is near"),
        ),
    )


@pytest.fixture
def reports() -> list[Report]:
    """Two to hold, one to review, one with a note, one with nothing, one set aside, and one that cannot be read."""
    return [
        report(
            1,
            decision="hold",
            risk=0.965,
            amount_at_risk=Decimal("205.00"),
            findings=(PAIR, SIDE),
            outline=outline(line(1, "125.00"), line(2, "80.00", "XX002", modifiers=("59", "LT"))),
            masked=(Masked(rule="DX113", by="DX102"),),
            not_evaluated=(Unjudged(rule="DX105", reason="patient.sex is blank"),),
            not_checked=(
                Unjudged(
                    rule="MUE101",
                    reason="no edition of mue_practitioner covers 2026-10-02",
                    table="mue_practitioner",
                    date=date(2026, 10, 2),
                ),
            ),
        ),
        report(
            2,
            decision="review",
            risk=0.3,
            amount_at_risk=Decimal("900.00"),
            findings=(SIDE,),
            outline=outline(line(1, "900.00"), payer="MEDICARE B", payer_kind="medicare"),
        ),
        report(
            3,
            decision="hold",
            risk=0.98,
            amount_at_risk=Decimal("80.00"),
            findings=(NPI,),
            outline=outline(line(1, "80.00"), payer="MEDICARE B", payer_kind="medicare"),
            layers=(LayerOfClaim(pack="our-mac", version="1", level="mac", undecided="jurisdiction is blank"),),
        ),
        report(4, findings=(NOTE,), outline=outline(line(1, "60.00"), payer=None, payer_id=None)),
        report(5, outline=outline(line(1, "70.00"))),
        report(
            6,
            suppressed=(
                Suppressed(
                    finding=attrs.evolve(PAIR, line=1, fingerprint="00000000000000cc"),
                    suppression=Suppression(
                        kind="suppression",
                        place="suppressions.yaml:12",
                        reason="The payer pays it.",
                        by="J. Doe",
                        expires=date(2027, 1, 31),
                    ),
                ),
            ),
            outline=outline(line(1, "125.00"), line(2, "80.00", "XX002")),
        ),
        report(
            7,
            claim_id=None,
            decision="hold",
            errors=(
                ReadError(
                    message="the claim has no CLM segment.",
                    position={"segment": 40, "loop": "2300"},
                    hint="Look at what wrote it.",
                ),
            ),
            readable=False,
        ),
    ]


Write = Callable[[Run, Iterable[Report]], str]


def write_html(run: Run, reports: Iterable[Report]) -> str:
    stream = io.StringIO()
    writer, tally = HtmlWriter(stream), Tally()
    writer.start(run)
    for one in reports:
        writer.claim(one)
        tally.add(one)
    writer.finish(tally)
    return stream.getvalue()


def data_of(html: str) -> str:
    return html.partition('<script type="application/json" id="data">\n')[2].partition("\n</script>")[0]


@pytest.fixture
def write() -> Write:
    return write_html


@pytest.fixture
def data_lines() -> Callable[[str], list[tuple[str, Any]]]:
    """The data of a page as pairs of kind and value."""
    return lambda html: [(kind, value) for kind, value in json.loads(data_of(html))]


@pytest.fixture
def data_text() -> Callable[[str], str]:
    return data_of


@pytest.fixture
def page_file(tmp_path: Path, run: Run, reports: list[Report]) -> Path:
    path = tmp_path / "report.html"
    path.write_text(write_html(run, reports), encoding="utf-8")
    return path
