"""The few definitions that facts, checks and rules share: ages, code spelling, code sets, inpatient bills."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

INPATIENT_BILLS = frozenset({"11", "18", "21", "28", "41"})
"""Digits 2-3 of a type of bill that is an inpatient claim; 12x and 22x are Part B for inpatients (NUBC FL 4)."""

REASONS_TO_COME = ("admitting", "reason_for_visit")
"""Kinds of diagnoses that say why the patient came, not what was found; they may repeat the principal diagnosis."""

ICD10_STARTS = date(2015, 10, 1)
"""ICD-9-CM ends the day before (45 CFR 162.1002)."""


def age_in_years(born: date, on: date) -> int:
    """Whole years from birth to `on`; negative before birth. A leap-day birthday counts on March 1."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def dotted_code(code: str, *, icd9: bool = False) -> str:
    """A diagnosis code as people write it: the dot after the third character, after the fourth in ICD-9 E codes."""
    at = 4 if icd9 and code.startswith("E") else 3
    return code if len(code) <= at else f"{code[:at]}.{code[at:]}"


@lru_cache(maxsize=32_768)  # a public code, given by claim after claim
def plain_code(code: str) -> str:
    """A diagnosis or procedure code as the tables write it: no dot, no blanks around it, upper case."""
    return code.strip().replace(".", "").upper()
