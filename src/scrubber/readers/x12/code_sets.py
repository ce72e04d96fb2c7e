"""Edit EDI108: the qualifiers of HI against the dates of the claim, each other and the shape of the codes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from scrubber.claim import StructuralFault
from scrubber.readers.x12.claim_level import DIAGNOSES, PROCEDURES
from scrubber.readers.x12.draft import Draft
from scrubber.readers.x12.faults import fault, place, shown
from scrubber.readers.x12.values import at

ICD10_FROM = date(2015, 10, 1)

_OTHER = {"icd9": "ICD-10", "icd10": "ICD-9"}


def code_set_faults(draft: Draft, fields: dict[str, Any], days: list[date]) -> list[StructuralFault]:
    """What is wrong with the code sets that the HI segments name; `days` are the dates that decide."""
    named = {d.code_set for d in fields["diagnoses"]} | {p.code_set for p in fields["procedures"]}
    if named == {"icd10"} and (not days or max(days) >= ICD10_FROM):
        wrong = (
            ("code-shape", "icd10") if any(_misshapen(d.code, "icd10", False) for d in fields["diagnoses"]) else None
        )
        wrong = wrong or _procedures_misshapen(fields, "icd10")
    elif named == {"icd9"} and (not days or min(days) < ICD10_FROM):
        wrong = ("code-shape", "icd9") if any(_misshapen(d.code, "icd9", False) for d in fields["diagnoses"]) else None
        wrong = wrong or _procedures_misshapen(fields, "icd9")
    elif named == {"icd10"}:
        wrong = "qualifier-too-new", "icd10"
    elif named == {"icd9"}:
        wrong = "qualifier-too-old", "icd9"
    else:
        wrong = ("qualifiers-mixed", "icd9") if named else None
    return [] if wrong is None else [_fault(draft, *wrong)]


def _procedures_misshapen(fields: dict[str, Any], code_set: str) -> tuple[str, str] | None:
    found = any(_misshapen(p.code, code_set, True) for p in fields["procedures"])
    return ("code-shape", code_set) if found else None


def _misshapen(code: str | None, code_set: str, procedure: bool) -> bool:
    """Whether a code can only be of the other set: ICD-9 begins with a digit, E or V; ICD-10 with a letter."""
    if not code:
        return False
    if procedure:
        return code.isdigit() and len(code) in (3, 4) if code_set == "icd10" else len(code) == 7
    return code[0].isdigit() if code_set == "icd10" else code[0].isalpha() and code[0] not in "EV"


def _fault(draft: Draft, variant: str, code_set: str) -> StructuralFault:
    """The fault, at the first code that it is about."""
    for number, index, qualifier, code in _codes(draft):
        known = DIAGNOSES.get(qualifier, (None, None))[1] or PROCEDURES.get(qualifier)
        procedure = qualifier in PROCEDURES
        if known != code_set or (variant == "code-shape" and not _misshapen(code, code_set, procedure)):
            continue
        texts = {
            "qualifier-too-new": f"HI qualifier {qualifier} is of ICD-10; the claim is of before 2015-10-01.",
            "qualifier-too-old": f"HI qualifier {qualifier} is of ICD-9; the claim is of 2015-10-01 or later.",
            "qualifiers-mixed": f"HI qualifier {qualifier} is of ICD-9; other qualifiers of the claim are of ICD-10.",
            "code-shape": f"HI qualifier {qualifier} goes with a code that has the shape of {_OTHER[code_set]}.",
        }
        codes = (qualifier, shown(code or "")) if variant == "code-shape" else (qualifier,)
        return fault("EDI108", variant, texts[variant], place(number, "2300", f"HI{index:02d}"), *codes)
    raise AssertionError("a code set comes from a code")


def _codes(draft: Draft) -> Iterator[tuple[int, int, str, str | None]]:
    """Segment number, element, qualifier and code of each composite of the HI segments."""
    for loop in draft.loops:
        if loop.id == "2300":
            for segment in loop.segments:
                if segment[0] == "HI":
                    for index, text in enumerate(segment[1:], 1):
                        parts = text.split(draft.component)
                        yield loop.number_of(segment), index, parts[0], at(parts, 1)
