"""Faults of diagnoses (DX): codes, order, age and sex, pairs, sides."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from scrubber.tables import Row, Table
from scrubber.testing.faults.drawing import drawn
from scrubber.testing.faults.model import Claim, Fault, Means
from scrubber.testing.faults.staging import broken, first_day, swapped

VISIT: dict[str, Any] = {"lines": ["{visit} dx=A"]}
VISITS: dict[str, Any] = {"visit": ("99212", "99213", "99214")}


def _unknown(claim: Claim, means: Means) -> str | None:
    """The last character of a diagnosis mistyped into a code that never was."""
    table = means.tables.get("icd10cm")
    assert table is not None
    number = means.chance.randrange(len(claim["diagnoses"]))
    code = _code(claim, number)
    others = [f"{code[:-1]}{letter}" for letter in "0123456789KQ" if len(code) > 3]
    unknown = [other for other in others if next(table.starting_with(other), None) is None]
    if not unknown:
        return None
    _put(claim, number, means.one_of(unknown))
    return f"diagnosis {number + 1}"


def _cut_short(claim: Claim, means: Means) -> str | None:
    """The last characters of a diagnosis forgotten, so that a heading is left."""
    table = means.tables.get("icd10cm")
    assert table is not None
    day = first_day(claim)
    for number in means.chance.sample(range(len(claim["diagnoses"])), len(claim["diagnoses"])):
        code = _code(claim, number)
        for length in range(len(code) - 1, 2, -1):
            row = table.look_up((code[:length],), day)
            if (
                not (isinstance(row, Row) and row.billable)
                and next(table.starting_with(code[:length], day), None) is not None
            ):
                _put(claim, number, code[:length])
                return f"diagnosis {number + 1}"
    return None


def _code(claim: Claim, number: int) -> str:
    entry = claim["diagnoses"][number]
    return str(entry["code"] if isinstance(entry, dict) else entry).replace(".", "")


def _put(claim: Claim, number: int, code: str) -> None:
    entry = claim["diagnoses"][number]
    claim["diagnoses"][number] = {**entry, "code": code} if isinstance(entry, dict) else code


def _of_age(age_class: str) -> Any:
    def test(row: Row) -> bool:
        return bool(row.billable) and row.age_class == age_class and not (row.external_cause or row.manifestation)

    return drawn("icd10cm", test)


def _of_sex(sex: str) -> Any:
    def test(row: Row) -> bool:
        return bool(row.billable) and row.sex == sex and not (row.age_class or row.manifestation or row.external_cause)

    return drawn("icd10cm", test)


def _external(row: Row) -> bool:
    return bool(row.billable and row.external_cause)


def _manifestation(row: Row) -> bool:
    return bool(row.billable and row.manifestation)


def _ended(means: Means, day: date) -> str:
    """A code that was billable once, and of which nothing is in force: no heading and no longer code either."""
    table = means.tables.get("icd10cm")
    assert table is not None
    ended = [row for row in ended_rows(table) if next(table.starting_with(row.key[0], day), None) is None]
    return str(means.one_of(ended).key[0])


@lru_cache(maxsize=4)
def ended_rows(table: Table) -> tuple[Row, ...]:
    return tuple(row for row in table.starting_with("") if row.billable and row.valid_to and row.valid_to.year < 2024)


def _begins_later(means: Means, day: date) -> str:
    return means.one_of(["E66.811", "E66.812", "E66.813", "E10.A0", "E10.A1", "E10.A2"])


FAULTS: tuple[Fault, ...] = (
    broken("DX101", "a character mistyped into a code that never was", "error", _unknown),
    broken("DX102", "the last characters forgotten", "error", _cut_short),
    swapped("DX102", "a category in place of a code", "error", right={**VISIT, "dx": ["{pair[0]}"]},
            wrong={"dx": ["{pair[1]}"]},
            vary={**VISITS, "pair": (("E11.9", "E11"), ("S52.501A", "S52.501"), ("M17.11", "M17.1"), ("J45.909",
            "J45"))},
            at="diagnosis 1"),
    swapped("DX103", "a code that ended and was not divided", "error", right={**VISIT, "dx": ["I10"]},
            wrong={"dx": ["I10", "{old}"]}, vary={**VISITS, "old": _ended}, at="diagnosis 2"),
    swapped("DX104", "a code before its first day", "error", right={**VISIT, "dx": ["I10"]},
            wrong={"dx": ["I10", "{new}"]},
            vary={**VISITS, "new": _begins_later}, at="diagnosis 2", period="2024q3"),
    swapped("DX105", "an ICD-9 code today", "error", right={**VISIT, "dx": ["I10"]}, wrong={"dx": ["{old}"]},
            vary={**VISITS, "old": ("250.00", "401.9", "724.2", "466.0")}, at="diagnosis 1"),
    swapped("DX105", "an ICD-10 code on the last day of ICD-9", "error",
            right={"lines": ["99213"], "dx": ["{pair[0]}"], "dos": "2015-09-30"}, wrong={"dx": ["{pair[1]}"]},
            vary={"pair": (("401.9", "I10"), ("250.00", "E11.9"), ("724.2", "M54.5"))}, at="diagnosis 1"),
    swapped("DX106", "a text that has the shape of no code", "error", right={**VISIT, "dx": ["I10", "E78.5"]},
            wrong={"dx": ["I10", "{text}"]},
            vary={**VISITS, "text": ("E7", "78E5", "E78..5", "HTN", "E7-8.5", "1E785", "E78.12345")},
            at="diagnosis 2"),
    swapped("DX110", "an external cause as the first diagnosis", "error",
            right={"lines": ["{visit} dx=A"], "dx": ["S93.401A", "{cause}"]},
            wrong={"dx": ["{cause}", "S93.401A"]}, vary={**VISITS, "cause": drawn("icd10cm", _external)},
            at="diagnosis 1"),
    swapped("DX110", "an external cause as the first diagnosis of a line", "error",
            right={"lines": ["{visit} dx=A", "93000 dx=A"], "dx": ["S93.401A", "{cause}"]},
            wrong={"lines": ["{visit} dx=A", "93000 dx=B"]},
            vary={**VISITS, "cause": ("W19.XXXA", "W01.0XXA", "X58.XXXA")},
            at="diagnosis 2"),
    swapped("DX111", "a manifestation as the first diagnosis", "error",
            right={"lines": ["{visit} dx=AB"], "dx": ["{pair[0]}", "{pair[1]}"]},
            wrong={"dx": ["{pair[1]}", "{pair[0]}"]},
            vary={**VISITS, "pair": (("G30.9", "F02.80"), ("C50.911", "G13.0"), ("C34.90", "G73.1"))},
            at="diagnosis 1"),
    swapped("DX111", "any manifestation alone", "error", right={"lines": ["{visit} dx=A"], "dx": ["I10"]},
            wrong={"dx": ["{code}"]}, vary={**VISITS, "code": drawn("icd10cm", _manifestation)}, at="diagnosis 1"),
    swapped("DX113", "a newborn's diagnosis at forty", "warning", right={**VISIT, "dx": ["I10"], "age": (2, 60)},
            wrong={"dx": ["{code}"]}, vary={**VISITS, "code": _of_age("newborn")}, at="diagnosis 1"),
    swapped("DX113", "a child's diagnosis for an adult", "warning", right={**VISIT, "dx": ["I10"], "age": (18, 80)},
            wrong={"dx": ["{code}"]}, vary={**VISITS, "code": _of_age("pediatric")}, at="diagnosis 1"),
    swapped("DX113", "an adult's diagnosis for a child", "warning", right={**VISIT, "dx": ["J06.9"], "age": (1, 14)},
            wrong={"dx": ["{code}"]}, vary={**VISITS, "code": _of_age("adult")}, at="diagnosis 1"),
    swapped("DX113", "a pregnancy past its age", "warning", right={**VISIT, "dx": ["I10"], "age": (65, 90), "sex": "F"},
            wrong={"dx": ["{code}"]}, vary={**VISITS, "code": _of_age("maternity")}, at="diagnosis 1"),
    swapped("DX114", "a woman's diagnosis for a man", "error", right={**VISIT, "dx": ["I10"], "sex": "M"},
            wrong={"dx": ["{code}"]}, vary={**VISITS, "code": _of_sex("F")}, at="diagnosis 1", period="2024q3"),
    swapped("DX114", "a man's diagnosis for a woman", "error", right={**VISIT, "dx": ["I10"], "sex": "F"},
            wrong={"dx": ["{code}"]}, vary={**VISITS, "code": _of_sex("M")}, at="diagnosis 1", period="2024q3"),
    swapped("DX115", "a diagnosis listed twice", "warning", right={**VISIT, "dx": ["{dx}", "E78.5"]},
            wrong={"dx": ["{dx}", "E78.5", "{dx}"]}, vary={**VISITS, "dx": ("I10", "E11.9", "M54.50")},
            at="diagnosis 3"),
    swapped("DX120", "two diagnoses that exclude each other", "warning",
            right={"lines": ["{visit} dx=AB"], "dx": ["{pair[0]}", "I10"]}, wrong={"dx": ["{pair[0]}", "{pair[1]}"]},
            vary={**VISITS, "pair": (("E11.9", "E10.9"), ("F32.9", "F33.9"), ("K50.90", "K51.90"), ("E10.9",
            "E11.65"))},
            at="diagnosis 2"),
    swapped("DX121", "a manifestation without the disease behind it", "warning",
            right={"lines": ["{visit} dx=AB"], "dx": ["{pair[0]}", "{pair[1]}"]}, wrong={"dx": ["I10", "{pair[1]}"]},
            vary={**VISITS, "pair": (("C50.911", "G13.0"), ("C34.90", "G73.1"), ("C50.911", "G13.1"))},
            at="diagnosis 2"),
    swapped("DX121", "a manifestation after a status code only", "warning",
            right={"lines": ["{visit} dx=AB"], "dx": ["G30.9", "F02.80"]}, wrong={"dx": ["{status}", "F02.80"]},
            vary={**VISITS, "status": ("Z09", "Z71.89", "Z51.81")}, at="diagnosis 2"),
    swapped("DX122", "hypertensive heart failure without its kind", "info",
            right={**VISIT, "dx": ["I11.0", "I50.32"]}, wrong={"dx": ["I11.0"]}, vary=VISITS, at="diagnosis 1"),
    swapped("DX122", "hypertensive kidney disease without its stage", "info",
            right={**VISIT, "dx": ["{code}", "N18.32"]}, wrong={"dx": ["{code}"]}, vary={**VISITS, "code": ("I12.9",)},
            at="diagnosis 1"),
    swapped("DX124", "the seventh character forgotten", "info", right={**VISIT, "dx": ["{pair[0]}"]},
            wrong={"dx": ["{pair[1]}"]},
            vary={**VISITS, "pair": (("S52.501A", "S52.501"), ("S82.001D", "S82.001"), ("S42.001A", "S42.001"))},
            at="diagnosis 1"),
    swapped("DX124", "a seventh character that the category lacks", "info", right={**VISIT, "dx": ["{pair[0]}"]},
            wrong={"dx": ["{pair[1]}"]},
            vary={**VISITS, "pair": (("S52.501A", "S52.501Z"), ("S93.401A", "S93.401B"), ("S61.001A", "S61.001K"))},
            at="diagnosis 1"),
    swapped("DX125", "the placeholder X forgotten", "info", right={**VISIT, "dx": ["{pair[0]}"]},
            wrong={"dx": ["{pair[1]}"]},
            vary={**VISITS, "pair": (("S13.4XXA", "S13.4A"), ("T14.90XA", "T14.90A"), ("S29.9XXA", "S29.9A"))},
            at="diagnosis 1"),
    swapped("DX130", "the other side than the diagnosis", "warning",
            right={"lines": ["{case[0]}-{case[1]}"], "dx": ["{case[2]}"]}, wrong={"lines": ["{case[0]}-{case[3]}"]},
            vary={"case": (("27447", "LT", "M17.12", "RT"), ("20610", "RT", "M17.11", "LT"), ("66984", "RT", "H25.11",
            "LT"),
                           ("73562", "LT", "M25.562", "RT"), ("11730", "TA", "L60.0", "TA"))[:4]}, at="line 1"),
    swapped("DX130", "a finger of the other hand", "warning",
            right={"lines": ["26055-F6"], "dx": ["M65.321"]}, wrong={"lines": ["26055-F1"]}, at="line 1"),
    swapped("DX130", "50 on the line and one side in the diagnoses", "info",
            right={"lines": ["20610-50"], "dx": ["M17.0"]}, wrong={"dx": ["{knee}"]},
            vary={"knee": ("M17.11", "M17.12")},
            at="line 1"),
    swapped("DX131", "a side on the line and none in the diagnosis", "warning",
            right={"lines": ["{case[0]}"], "dx": ["{case[1]}"]}, wrong={"dx": ["{case[2]}"]},
            vary={"case": (("27447-RT", "M17.11", "M17.10"), ("20610-LT", "M25.562", "M25.569"),
                           ("66984-RT", "H25.11", "H25.10"), ("73030-LT", "M25.512", "M25.519"))}, at="line 1"),
    swapped("DX140", "a first-listed-only code behind another", "warning",
            right={"lines": ["{visit} dx=A"], "dx": ["{code}", "I10"]}, wrong={"dx": ["I10", "{code}"]},
            vary={**VISITS, "code": ("Z02.89", "Z76.1", "Z39.2", "Z52.4", "Z01.818")}, at="diagnosis 2"),
    swapped("DX141", "a code that only adds to another in first place", "warning",
            right={"lines": ["{visit} dx=A"], "dx": ["{pair[0]}", "{pair[1]}"]},
            wrong={"dx": ["{pair[1]}", "{pair[0]}"]},
            vary={**VISITS, "pair": (("E66.9", "Z68.35"), ("N39.0", "B96.20"), ("C50.911", "Z17.0"), ("J15.9",
            "Z16.11"))},
            at="diagnosis 1"),
    swapped("DX141", "a code that only adds to another as first pointer of a line", "warning",
            right={"lines": ["{visit} dx=A", "87086 dx=AB"], "dx": ["N39.0", "B96.20"]},
            wrong={"lines": ["{visit} dx=A", "87086 dx=BA"]}, vary=VISITS, at="diagnosis 2"),
    swapped("DX142", "a visit for chemotherapy without a neoplasm", "warning",
            right={"lines": ["{visit} dx=AB"], "dx": ["{code}", "C50.911"]}, wrong={"dx": ["{code}", "I10"]},
            vary={**VISITS, "code": ("Z51.0", "Z51.11")}, at="diagnosis 1"),
    swapped("DX150", "weeks of gestation without a pregnancy", "warning",
            right={**VISIT, "dx": ["{pregnancy}", "Z3A.20"], "sex": "F", "age": (20, 38)},
            wrong={"dx": ["R10.9", "Z3A.20"]},
            vary={**VISITS, "pregnancy": ("O09.892", "Z34.82", "O99.892")}, at="diagnosis 2"),
    swapped("DX152", "a trimester that the weeks deny", "warning",
            right={**VISIT, "dx": ["{case[0]}", "{case[1]}"], "sex": "F", "age": (20, 38)},
            wrong={"dx": ["{case[0]}", "{case[2]}"]},
            vary={**VISITS, "case": (("O26.811", "Z3A.10", "Z3A.30"), ("O26.812", "Z3A.20", "Z3A.13"),
                                     ("O26.813", "Z3A.30", "Z3A.27"), ("O26.812", "Z3A.14", "Z3A.28"))},
                                     at="diagnosis 1"),
    swapped("DX153", "two birth codes on one claim", "warning",
            right={"lines": ["99460 dx=A"], "dx": ["Z38.00"], "age": 0, "pos": "21"},
            wrong={"dx": ["Z38.00", "Z38.01"]},
            at="diagnosis 2"),
    swapped("DX154", "a delivery without complication beside one", "warning",
            right={"lines": ["59400 dx=A"], "dx": ["{other}", "Z37.0"], "sex": "F", "age": (20, 38), "pos": "21"},
            wrong={"dx": ["O80", "{other}", "Z37.0"]}, vary={"other": ("O70.1", "O42.02", "O99.02", "O72.1")},
            at="diagnosis 1"),
    swapped("DX160", "an adverse effect in first place", "warning",
            right={**VISIT, "dx": ["{pair[0]}", "{pair[1]}"]}, wrong={"dx": ["{pair[1]}", "{pair[0]}"]},
            vary={**VISITS, "pair": (("L27.0", "T36.0X5A"), ("K52.1", "T36.95XA"), ("I10", "T46.5X6A"))},
            at="diagnosis 1"),
    swapped("DX160", "a poisoning behind its effect", "warning",
            right={**VISIT, "dx": ["{poison}", "{effect}"]}, wrong={"dx": ["{effect}", "{poison}"]},
            vary={**VISITS, "poison": ("T39.1X1A", "T40.2X1A", "T42.4X2A"), "effect": ("R40.0", "R11.2", "J96.00")},
            at="diagnosis 2"),
    swapped("DX161", "a sequela in first place", "warning",
            right={**VISIT, "dx": ["M25.531", "{old}"]}, wrong={"dx": ["{old}", "M25.531"]},
            vary={**VISITS, "old": ("S52.501S", "S62.001S", "S63.501S")}, at="diagnosis 1"),
    swapped("DX170", "hypertension beside heart failure or kidney disease", "warning",
            right={**VISIT, "dx": ["I10", "E78.5"]}, wrong={"dx": ["I10", "{code}"]},
            vary={**VISITS, "code": ("I50.9", "I50.32", "N18.30", "N18.4", "I51.7")}, at="diagnosis 1"),
    swapped("DX171", "two values of one scale", "warning",
            right={**VISIT, "dx": ["{set[0]}", "{set[1]}"], "sex": "F", "age": (20, 38)},
            wrong={"dx": ["{set[0]}", "{set[1]}", "{set[2]}"]},
            vary={**VISITS, "set": (("E11.9", "N18.31", "N18.4"), ("E66.9", "Z68.35", "Z68.36"), ("O09.892", "Z3A.20",
            "Z3A.21"),
                                    ("O80", "Z37.0", "Z37.2"))}, at="diagnosis 3"),
    swapped("DX171", "hypertension with and without its heart disease", "warning",
            right={**VISIT, "dx": ["I11.9"]}, wrong={"dx": ["I11.9", "I10"]}, vary=VISITS, at="diagnosis 2"),
)  # fmt: skip
