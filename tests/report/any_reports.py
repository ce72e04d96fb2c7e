"""Strategies: whatever a report may hold, sensible or not."""

from __future__ import annotations

from hypothesis import strategies as st

from scrubber.findings import (
    Acknowledgment,
    ClaimOutline,
    Evidence,
    Finding,
    Fix,
    Masked,
    OutlineLine,
    ReadError,
    Reference,
    Report,
    Suppressed,
    Suppression,
    Unjudged,
)

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
blank_or_text = st.none() | text
texts = st.lists(text, max_size=2).map(tuple)
position = st.none() | st.dictionaries(text, st.none() | st.integers() | text, max_size=2)
money = st.decimals("0", "99999999", places=2)

findings = st.builds(
    Finding,
    rule=st.sampled_from(["DX101", "NCCI101"]),
    name=text,
    family=text,
    severity=st.sampled_from(["error", "warning", "info"]),
    risk=st.floats(0, 1),
    disposition=st.just("suspend"),
    message=text,
    line=st.none() | st.integers(1, 99),
    diagnosis=st.none() | st.integers(1, 99),
    field=blank_or_text,
    position=position,
    codes=texts,
    group=blank_or_text,
    carc=texts,
    rarc=texts,
    owner=st.sampled_from(["coder", "clinician", "front_desk", "biller"]),
    fix=st.builds(Fix, text=text),
    acknowledgment=st.none() | st.builds(Acknowledgment, category=text, status=texts, entity=blank_or_text),
    question=blank_or_text,
    evidence=st.none()
    | st.builds(
        Evidence,
        table=text,
        edition=blank_or_text,
        row=st.dictionaries(text, st.dates() | money | text | st.booleans() | texts, max_size=3),
    ),
    references=st.lists(st.builds(Reference, title=text, url=blank_or_text), max_size=1).map(tuple),
    fingerprint=st.just("") | st.from_regex("[0-9a-f]{16}", fullmatch=True),
)
unjudged = st.lists(
    st.builds(
        Unjudged,
        rule=text,
        reason=text,
        table=st.none() | text,
        date=st.none() | st.dates(),
        missing_part=st.none() | text,
    ),
    max_size=2,
).map(tuple)
suppressions = st.builds(
    Suppression,
    kind=st.sampled_from(["baseline", "suppression"]),
    place=text,
    reason=text,
    by=text,
    expires=st.none() | st.dates(),
)
outlines = st.builds(
    ClaimOutline,
    form=text,
    payer_kind=blank_or_text,
    payer_id=blank_or_text,
    payer_name=blank_or_text,
    type_of_bill=blank_or_text,
    total_charge=st.none() | money,
    diagnoses=st.just(()),
    lines=st.lists(
        st.builds(
            OutlineLine,
            number=st.integers(1, 5),
            procedure=blank_or_text,
            revenue_code=blank_or_text,
            modifiers=texts,
            units=st.none() | money,
            charge=st.none() | st.decimals("-99", "99", places=2),
            service_date=st.none() | st.dates(),
            service_date_end=st.none() | st.dates(),
            place_of_service=blank_or_text,
            diagnosis_pointers=st.just(()),
        ),
        max_size=2,
    ).map(tuple),
)
reports = st.builds(
    Report,
    claim_id=blank_or_text,
    source=blank_or_text,
    index=st.none() | st.integers(0, 9),
    decision=st.sampled_from(["pass", "review", "hold"]),
    risk=st.floats(0, 1),
    amount_at_risk=money,
    findings=st.lists(findings, max_size=3).map(tuple),
    masked=st.lists(st.builds(Masked, rule=text, by=text), max_size=1).map(tuple),
    not_evaluated=unjudged,
    not_checked=unjudged,
    errors=st.lists(st.builds(ReadError, message=text, position=position, hint=text), max_size=1).map(tuple),
    readable=st.booleans(),
    suppressed=st.lists(st.builds(Suppressed, finding=findings, suppression=suppressions), max_size=1).map(tuple),
    outline=st.none() | outlines,
)
