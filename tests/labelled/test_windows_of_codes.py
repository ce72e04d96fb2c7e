"""Every window of the published ICD-10-CM history: the days before, at and after its ends, as a claim of one line."""

from __future__ import annotations

import csv
import gzip
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from scrubber import Claim, Scrubber
from scrubber.claim import Diagnosis, Payer, ServiceLine
from scrubber.tables import TableSet

CASES = 600
"""Claims of each kind, drawn anew from a fixed seed."""

VERDICTS = ("DX101", "DX102", "DX103", "DX104", "DX105", "DX106")
ICD10_STARTS = date(2015, 10, 1)

Case = tuple[str, date, str | None]
"""A code, the date of service, and the rule that must fire, None for none."""


@pytest.fixture(scope="module")
def history(shared_data: Path) -> list[dict[str, str]]:
    path = shared_data / "truth" / "icd10cm_master_2015_2027.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def scrubber(shipped_tables: TableSet) -> Scrubber:
    return Scrubber.load(tables=shipped_tables, select=["dx"])


def day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def make_cases(history: list[dict[str, str]], chance: random.Random) -> Iterator[Case]:
    billable = [row for row in history if row["billable"] == "1"]
    windows = Counter(row["code"] for row in history)
    headings = [row["code"] for row in history if row["billable"] == "0" and not row["valid_from"]]
    one_window = [row for row in billable if windows[row["code"]] == 1]
    # E codes have been endocrine diseases since 2015 and external causes before
    unambiguous = [row for row in one_window if row["code"][0] not in "EV"]
    begun = [row for row in unambiguous if day(row["valid_from"]) > ICD10_STARTS]
    ended = [row for row in one_window if row["valid_to"]]
    for row in chance.sample(begun, CASES):
        yield row["code"], day(row["valid_from"]), None
        yield row["code"], day(row["valid_from"]) - timedelta(days=1), "DX104"
    for row in chance.sample(ended, min(CASES, len(ended))):
        yield row["code"], day(row["valid_to"]), None
        yield row["code"], day(row["valid_to"]) + timedelta(days=1), "DX103"
    for row in chance.sample([row for row in unambiguous if row["code"][:2] != "QA"], CASES):
        yield row["code"], ICD10_STARTS - timedelta(days=1), "DX105"
    codes = {row["code"] for row in billable}
    in_force = [row["code"] for row in billable if row["valid_from"] <= "20240815" <= (row["valid_to"] or "99999999")]
    beginnings = {code[:length] for code in in_force for length in range(3, len(code))}
    for code in chance.sample([code for code in headings if code in beginnings], CASES):
        yield code, date(2024, 8, 15), "DX102"
    for code in chance.sample(in_force, CASES):
        yield code, date(2024, 8, 15), None
        wrong = code[:-1] + chance.choice("0123456789ABCD")
        if wrong not in codes and wrong not in windows:
            yield wrong, date(2024, 8, 15), "DX101"


def test_each_window_holds_from_its_first_to_its_last_day(history: list[dict[str, str]], scrubber: Scrubber) -> None:
    troubles = []
    counts: Counter[str | None] = Counter()
    for code, service_date, expected in make_cases(history, random.Random(20261121)):
        counts[expected] += 1
        line = ServiceLine(procedure="99213", service_date=service_date, diagnosis_pointers=(1,))
        claim = Claim(diagnoses=(Diagnosis(code=code),), lines=(line,), payer=Payer(kind="medicare"))
        found = [finding.rule for finding in scrubber.scrub(claim).findings if finding.rule in VERDICTS]
        if found != ([expected] if expected else []):
            troubles.append(f"{code} on {service_date}: expected {expected}, found {found}")
    assert not troubles, "\n".join(troubles[:20])
    assert {"DX101", "DX102", "DX103", "DX104", "DX105", None} == set(counts)
