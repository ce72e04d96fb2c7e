"""The EDI rules: each kind of fault that the 837 reader knows is told once, with a mend of its own."""

from __future__ import annotations

import pytest

from scrubber import Scrubber
from scrubber.readers.x12.faults import VARIANTS
from scrubber.testing import claim_from_shorthand

EVERY = [(edit, variant) for edit, variants in VARIANTS.items() for variant in variants]
SOFT = {
    "byte-order-mark", "blank-before-isa", "repetition-separator-invalid", "terminator-missing", "lower-case",
    "guide-differs", "guide-missing", "guide-unknown", "guide-not-for-claims", "addendum-differs", "old-release",
    "segment-empty", "segment-indented", "segment-lower-case", "child-code-wrong", "character-invalid",
    "payer-differs", "trailing-separators",
}  # fmt: skip
"""Faults that many receivers forgive."""


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.load(select=["edi"])


@pytest.mark.parametrize(("edit", "variant"), EVERY)
def test_each_fault_is_told_once(scrubber: Scrubber, edit: str, variant: str) -> None:
    (finding,) = scrubber.scrub(claim_from_shorthand({"faults": [{"edit": edit, "variant": variant}]})).findings
    assert finding.rule == edit
    assert finding.severity == ("info" if variant == "release-4010" else "warning" if variant in SOFT else "error")
    assert finding.fix.text


def test_a_missing_patient_is_not_told_as_birth_date_and_sex_too() -> None:
    scrubber = Scrubber.load(select=["edi", "PAT101", "PAT104", "PAT105"])
    faults = [{"edit": "EDI106", "variant": "patient-loop-missing"}]
    report = scrubber.scrub(claim_from_shorthand({"born": "", "sex": "", "member_id": "", "faults": faults}))
    assert [finding.rule for finding in report.findings] == ["EDI106", "PAT105"]
    assert [(hidden.rule, hidden.by) for hidden in report.masked] == [("PAT101", "EDI106"), ("PAT104", "EDI106")]


@pytest.mark.parametrize(
    ("variant", "mend"),
    [
        (("EDI103", "repetition-separator-invalid"), "ISA11"),
        (("EDI105", "segment-indented"), "blank lines"),
        (("EDI105", "segment-missing"), "Complete what is missing"),
        (("EDI105", "loop-missing"), "Complete what is missing"),
        (("EDI106", "patient-loop-missing"), "set SBR02 to 18"),
        (("EDI107", "date-invalid"), "CCYYMMDD"),
        (("EDI107", "too-many-elements"), "more values than the guide"),
    ],
)
def test_the_mend_is_about_the_fault(scrubber: Scrubber, variant: tuple[str, str], mend: str) -> None:
    fault = dict(zip(("edit", "variant"), variant, strict=True))
    (finding,) = scrubber.scrub(claim_from_shorthand({"faults": [fault]})).findings
    assert mend in finding.fix.text
