"""What of a claim a report may show."""

from __future__ import annotations

from scrubber.claim import Claim, Diagnosis, ServiceLine
from scrubber.outline import outline_of


def test_codes_are_shown_as_they_were_written() -> None:
    line = ServiceLine(procedure="99213", modifiers=("25",), revenue_code="0450")
    outline = outline_of(Claim(diagnoses=(Diagnosis(code="e11.9"),), lines=(line,), place_of_service="11"))
    (shown,) = outline.lines
    assert (shown.procedure, shown.modifiers, shown.revenue_code) == ("99213", ("25",), "0450")
    assert (outline.diagnoses[0].code, shown.place_of_service, outline.type_of_bill) == ("e11.9", "11", None)


def test_what_stands_where_a_code_belongs_is_not_shown() -> None:
    name = "JANE DOE"
    line = ServiceLine(procedure=name, modifiers=("25", name), revenue_code=name, place_of_service=name)
    assert name not in repr(outline_of(Claim(diagnoses=(Diagnosis(code=name),), lines=(line,), type_of_bill=name)))
