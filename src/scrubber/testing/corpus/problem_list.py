"""What else a patient has: conditions that stand on a claim beside its reason, and contradict nothing there."""

from __future__ import annotations

import attrs

from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import Claim


@attrs.frozen
class Problem:
    """A condition, who may have it, and the codes that it cannot stand beside (the Excludes1 notes, OCG I.C)."""

    code: str
    from_age: int = 25
    sex: str = "FM"
    never_beside: tuple[str, ...] = ()


_PROBLEMS = (
    Problem("E78.5", never_beside=("E78", "E88")),
    Problem("K21.9", never_beside=("K20", "K21", "K22")),
    Problem("E03.9", never_beside=("E00", "E01", "E02", "E03", "E04", "E05", "E06", "E89")),
    Problem("E55.9", never_beside=("E55", "M83", "E64")),
    Problem("G47.33", never_beside=("G47", "R06")),
    Problem("H91.93", 55, never_beside=("H90", "H91", "H61", "H93")),
    Problem("F32.A", never_beside=("F2", "F3", "F43", "F0")),
    Problem("D64.9", never_beside=("D5", "D6", "C", "D46")),
    Problem("J45.909", never_beside=("J4", "J6", "J96", "R06")),
    Problem("I10", 40, never_beside=("I1", "I50", "I51", "N18", "I27", "H35", "G45", "I6")),
    Problem("E11.9", 45, never_beside=("E0", "E10", "E11", "E13", "R73", "O", "P", "H3", "H4", "L97", "G62")),
    Problem("I25.10", 55, never_beside=("I20", "I21", "I22", "I24", "I25", "R07")),
    Problem("M81.0", 62, "F", never_beside=("M80", "M81", "M84")),
    Problem("N40.0", 55, "M", never_beside=("N4", "C61", "D29", "R33", "R35")),
    Problem("K59.00", 60, never_beside=("K5", "R15", "K9")),
    Problem("Z87.891", never_beside=("F17", "Z72", "Z87")),
    Problem("Z88.0", never_beside=("Z88",)),
    Problem("Z79.82", 50, never_beside=("Z79",)),
    Problem("Z86.73", 55, never_beside=("I6", "G4", "Z86")),
    Problem("Z98.84", 30, never_beside=("Z98", "K9")),
    Problem("Z95.5", 55, never_beside=("Z95", "I20", "I21", "I24")),
)
_NOT_OF_THE_WHOLE_PATIENT = ("O", "P", "Z0", "Z1", "Z2", "Z3", "Z5", "T", "S", "V", "W")
"""Visits that are for one matter alone: a pregnancy, an injury, a screening, a shot, a treatment."""
MOST_DIAGNOSES = 12


def with_problems(claim: Claim, chance: Chance, age: int) -> Claim:
    """The claim with some further conditions of the patient, to which no line points."""
    codes = [diagnosis["code"] for diagnosis in claim["diagnoses"]]
    if age < 25 or any(code.startswith(_NOT_OF_THE_WHOLE_PATIENT) for code in codes):
        return claim
    free = [
        problem
        for problem in _PROBLEMS
        if age >= problem.from_age and claim["patient"]["sex"] in problem.sex and _fits(problem, codes)
    ]
    for problem in chance.some(free, 1, 4) if free else ():
        if len(codes) < MOST_DIAGNOSES and _fits(problem, codes):
            codes.append(problem.code)
    return claim | {"diagnoses": [{"code": code} for code in codes]}


def _fits(problem: Problem, codes: list[str]) -> bool:
    return not any(code.startswith(problem.never_beside) for code in codes)
