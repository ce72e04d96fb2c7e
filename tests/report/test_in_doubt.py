"""What one finding puts in doubt is in every format what the score says of it."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from scrubber.claim import Claim, ServiceLine
from scrubber.findings import Finding, Report, Severity
from scrubber.outline import outline_of
from scrubber.report.csv import CsvWriter
from scrubber.report.html.data import Shared, cents, claim_lines
from scrubber.report.writer import Run
from scrubber.scoring import amount_at_risk

from .writing import written

amounts = st.none() | st.decimals("-50", "500", places=2)


@given(
    charges=st.lists(amounts, max_size=3),
    total=amounts,
    line=st.none() | st.integers(1, 4),
    severity=st.sampled_from(["error", "warning", "info"]),
)
def test_dollars_of_a_finding_are_those_of_the_score(
    charges: list[Decimal | None], total: Decimal | None, line: int | None, severity: Severity
) -> None:
    claim = Claim(total_charge=total, lines=tuple(ServiceLine(charge=charge) for charge in charges))
    finding = Finding(
        rule="X101", name="x", family="x", severity=severity, risk=0.5, disposition="suspend", message="", line=line
    )
    expected = amount_at_risk([finding], claim)
    report = Report(
        claim_id=None,
        source=None,
        index=None,
        decision="hold",
        risk=0.5,
        amount_at_risk=expected,
        findings=(finding,),
        outline=outline_of(claim),
    )
    _, on_the_page = json.loads(claim_lines(report, Shared())[-1])
    assert on_the_page["findings"][0]["amount"] == cents(expected)
    [row] = csv.DictReader(io.StringIO(written(CsvWriter, Run(scrubber="0"), [report])))
    assert row["charge_in_doubt"] == f"{expected:.2f}"
