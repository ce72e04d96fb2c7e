"""Hand-made reports that show every part of a report once: no engine, no rules, no tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

from scrubber.findings import (
    Acknowledgment,
    Change,
    ClaimOutline,
    Coverage,
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
from scrubber.report.writer import ChangeInPack, PackUsed, RuleUsed, Run, TableUsed

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
    question="Were XX001 and XX002 on 2026-10-02 done at one site; at different sites; other; or cannot be determined?",
    evidence=Evidence(
        table="ncci_ptp_practitioner",
        edition="2026q4",
        row={"modifier_indicator": "1", "rate": Decimal("1.50")},
    ),
    references=(Reference(title="NCCI policy manual, chapter 1", url="https://www.cms.gov/ncci"),),
    fingerprint="0123456789abcdef",
)

DOT = Finding(
    rule="DX101",
    name="diagnosis-format",
    family="dx",
    severity="warning",
    risk=0.123456,
    disposition="claim_rejection",
    message="Diagnosis e119 is not written as a code.",
    diagnosis=1,
    field="diagnoses[0].code",
    position={"row": 7, "column": "dx1"},
    codes=("e119",),
    carc=("16",),
    group="CO",
    rarc=("M76",),
    acknowledgment=Acknowledgment(category="A7", status=("255",)),
    fix=Fix(
        safety="safe",
        text="Write E11.9.",
        changes=(Change(field="diagnoses[0].code", old="e119", new="E119"),),
    ),
    fingerprint="fedcba9876543210",
)

NOTE = Finding(
    rule="DAT110",
    name="late-but-timely",
    family="dat",
    severity="info",
    risk=0.0,
    disposition="advice",
    message="The filing limit of the payer is 12 days away.",
    owner="front_desk",
    layers=(
        LayerMark(
            pack="our-payer",
            version="2",
            level="payer",
            set=("severity", "message_note"),
            reason="The manual of this payer gives 90 days.",
            reference=Reference(title="Provider manual, chapter 4"),
        ),
    ),
)


@pytest.fixture
def run() -> Run:
    return Run(
        scrubber="0.1.0",
        packs=(
            PackUsed(name="core", version="2026.4", hash="0123456789abcdef" * 4),
            PackUsed(
                name="our-payer",
                version="2",
                level="payer",
                hash="fedcba9876543210" * 4,
                changes=(
                    ChangeInPack(date="2026-09-01", rules=("DAT110",), first_day="2026-10-01", what="A shorter limit."),
                ),
                switches_off=("DX116",),
            ),
        ),
        tables=(
            TableUsed(name="icd10cm", edition="2027", first_day="2015-10-01", last_day="2027-09-30"),
            TableUsed(name="ncci_ptp_practitioner", edition="2026q4", first_day="1996-01-01"),
        ),
    )


@pytest.fixture
def reports() -> list[Report]:
    """Hold, review, pass with a note, pass with nothing, partly read, and not readable at all."""
    hold = Report(
        claim_id="A-1001",
        source="claims.837",
        index=0,
        decision="hold",
        risk=0.9512,
        amount_at_risk=Decimal("125.0"),
        findings=(PAIR, DOT),
        masked=(Masked(rule="DX113", by="DX102"),),
        not_evaluated=(
            Unjudged(rule="DX105", reason="patient.sex is blank"),
            Unjudged(rule="DX108", reason="patient.sex is blank"),
        ),
        not_checked=(
            Unjudged(
                rule="MUE101",
                reason="no edition of mue_practitioner covers 2026-10-02",
                table="mue_practitioner",
                date=date(2026, 10, 2),
            ),
            Unjudged(rule="COV101", reason="table coverage is not loaded", table="coverage"),
        ),
        coverage=Coverage(fired=2, excused=1, not_evaluated=2, not_checked=2, clear=90),
    )
    review = Report(
        claim_id="A-1002",
        source="claims.837",
        index=1,
        decision="review",
        risk=0.1235,
        amount_at_risk=Decimal("80"),
        findings=(DOT,),
        not_evaluated=(Unjudged(rule="DX105", reason="patient.sex is blank"),),
        coverage=Coverage(fired=1, not_evaluated=1, clear=95),
    )
    noted = Report(
        claim_id=None,
        source=None,
        index=None,
        decision="pass",
        risk=0.0,
        amount_at_risk=Decimal(0),
        findings=(NOTE,),
        layers=(
            LayerOfClaim(pack="our-payer", version="2", level="payer"),
            LayerOfClaim(pack="our-mac", version="1", level="mac", undecided="jurisdiction is blank"),
        ),
        coverage=Coverage(fired=1, clear=96),
    )
    clean = Report(
        claim_id="A-1004",
        source="claims.837",
        index=3,
        decision="pass",
        risk=0.0,
        amount_at_risk=Decimal("0.00"),
        coverage=Coverage(clear=97),
    )
    partly = Report(
        claim_id="A-1005",
        source="claims.837",
        index=4,
        decision="pass",
        risk=0.0,
        amount_at_risk=Decimal("0.00"),
        errors=(
            ReadError(
                message="the date is not a day of the calendar.",
                position={"segment": 12, "loop": "2400", "element": "DTP03"},
                field="lines[0].service_date",
                hint="Write it as CCYYMMDD.",
            ),
        ),
        coverage=Coverage(clear=97),
    )
    unreadable = Report(
        claim_id=None,
        source="claims.837",
        index=5,
        decision="hold",
        risk=0.0,
        amount_at_risk=Decimal("0.00"),
        errors=(ReadError(message="the claim has no CLM segment.", position={"segment": 40, "loop": "2300"}),),
        readable=False,
    )
    return [hold, review, noted, clean, partly, unreadable]


RULES = (
    RuleUsed(
        id="NCCI101",
        name="ncci-ptp-pair",
        title="Two procedures that are paid as one",
        family="ncci",
        pack="core",
        status="stable",
        severity="error",
        owner="coder",
        disposition="line_denial",
        risk=0.95,
        why="A payer pays the pair once. See [the manual](x) & <its tables> for {0}.",
        fix_safety="display",
        fix="Bill <line number> only.",
        group="CO",
        carc=("236",),
        references=(
            Reference(title="NCCI policy manual, chapter 1", url="https://www.cms.gov/ncci"),
            Reference(title="A paper without a page"),
        ),
    ),
    RuleUsed(
        id="DX105",
        name="dx-sex",
        title="A diagnosis of the other sex",
        family="dx",
        pack="core",
        status="preview",
        severity="warning",
        owner="front_desk",
        disposition="claim_denial",
        risk=0.5,
        why="A diagnosis that the sex on file rules out.",
        fix_safety="display",
    ),
)

OUTLINE = ClaimOutline(
    form="professional",
    payer_kind="medicare",
    payer_id="00123",
    payer_name="A payer",
    type_of_bill=None,
    total_charge=Decimal("205.00"),
    diagnoses=(OutlineDiagnosis(number=1, code="E11.9", kind="principal"),),
    lines=(
        OutlineLine(
            number=1,
            procedure="00100",
            revenue_code=None,
            modifiers=("25", "59"),
            units=Decimal(1),
            charge=Decimal("80.00"),
            service_date=date(2026, 10, 2),
            service_date_end=None,
            place_of_service="11",
            diagnosis_pointers=(1,),
        ),
        OutlineLine(
            number=2,
            procedure="XX002",
            revenue_code="0450",
            modifiers=(),
            units=Decimal(2),
            charge=Decimal("125.00"),
            service_date=date(2026, 10, 2),
            service_date_end=date(2026, 10, 3),
            place_of_service="11",
            diagnosis_pointers=(),
        ),
    ),
)


@pytest.fixture
def full_run(run: Run) -> Run:
    """The run with the rules that it asked."""
    return attrs.evolve(run, rules=RULES)


@pytest.fixture
def full_reports(reports: list[Report]) -> list[Report]:
    """The reports with all that one may have: an outline, what is set aside, a question, a 277CA; and hostile names."""
    asked = attrs.evolve(
        PAIR,
        acknowledgment=Acknowledgment(category="A7", status=("453", "454"), entity="85"),
        question="Were the services of line 2 distinct from those of line 1?",
    )
    aside = (
        Suppressed(
            finding=attrs.evolve(NOTE, line=1, fingerprint="00000000000000aa"),
            suppression=Suppression(
                kind="suppression",
                place="suppressions.yaml:12",
                reason="The payer agreed by letter.",
                by="Ana Ruiz",
                expires=date(2027, 1, 31),
            ),
        ),
        Suppressed(
            finding=attrs.evolve(DOT, fingerprint="00000000000000bb"),
            suppression=Suppression(kind="baseline", place="scrubber-baseline.json"),
        ),
    )
    first = attrs.evolve(reports[0], findings=(asked, DOT), suppressed=aside, outline=OUTLINE)
    hostile = attrs.evolve(
        reports[1],
        claim_id='=HYPERLINK("http://evil")[x](http://evil)]]></failure>{0}\x1b[31m\u202e\ufffe',
        source="in box/50% <b>.837",
        findings=(attrs.evolve(DOT, position={"line": 7, "column": 3}),),
    )
    return [first, hostile, *reports[2:]]
