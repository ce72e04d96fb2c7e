"""Modifiers against the published fee schedule: what the rules say, and what a plain reading of the file predicts."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from scrubber import Scrubber
from scrubber.tables.importers.intake import import_files
from scrubber.testing import claim_from_shorthand

RELEASE = "cms/mpfs/RVU25D.zip"
DAY = "2025-11-03"
RULES = ("MOD110", "MOD112", "MOD116", "MOD118")
SAMPLE = 1500
MODIFIERS = ("26", "TC", "50", "53", "54", "55", "56", "62", "66", "80", "81", "82", "AS")
PAIRS = (("26", "50"), ("50", "53"), ("80", "50"), ("54", "50"), ("62", "50"))
PCTC, GLOBAL, BILATERAL, ASSISTANT, COSURGEONS, TEAM = 13, 14, 19, 20, 21, 22
"""Columns of the file, counted from 0."""

Rows = dict[tuple[str, str], list[str]]
Finding = tuple[str, str]


@pytest.fixture(scope="module")
def release(shared_data: Path) -> Path:
    path = shared_data / RELEASE
    if not path.is_file():
        pytest.skip("the fee schedule of October 2025 is not beside the checkout")
    return path


@pytest.fixture(scope="module")
def rows(release: Path) -> Rows:
    """Every row by code and modifier, read without the importer."""
    with zipfile.ZipFile(release) as archive:
        name = next(name for name in archive.namelist() if "PPRRVU" in name)
        lines = list(csv.reader(io.StringIO(archive.read(name).decode("cp1252"))))
    top = next(number for number, cells in enumerate(lines) if cells[:2] == ["HCPCS", "MOD"])
    return {(cells[0], cells[1]): cells for cells in lines[top + 1 :] if len(cells) > TEAM}


@pytest.fixture(scope="module")
def tables(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    import_files([release], folder)
    return folder


@pytest.fixture(scope="module")
def scrubber(tables: Path) -> Scrubber:
    """All rules that read the fee schedule."""
    rules = (*RULES, "MOD111", "MOD113", "MOD119", "PRC120", "PRC121", "PRC122")
    return Scrubber.load(tables=tables, select=rules)


def predicted(rows: Rows, code: str, modifiers: tuple[str, ...]) -> set[Finding]:
    """What the indicators say, by the words of the record layout."""
    row = next((rows[code, part] for part in ("26", "TC", "53") if part in modifiers and (code, part) in rows), None)
    row = row or rows.get((code, ""))
    found: set[Finding] = set()
    if row is None:  # some laboratory codes have a row of their interpretation only
        return found
    for modifier in modifiers:
        if modifier in ("26", "TC"):
            allowed = {"26": "16", "TC": "1"}[modifier]
            if row[PCTC] == "9":
                found.add(("MOD110", "warning"))
            elif row[PCTC] not in allowed:
                found.add(("MOD110", "error"))
        elif modifier == "50" and row[BILATERAL] not in "13":
            found.add(("MOD112", "error"))
        elif modifier in ("54", "55", "56"):
            if row[GLOBAL] not in ("010", "090", "YYY"):
                found.add(("MOD118", "error"))
            elif modifier == "55":
                found.add(("MOD118", "warning"))
        elif modifier in ("62", "66", "80", "81", "82", "AS"):
            column = {"62": COSURGEONS, "66": TEAM}.get(modifier, ASSISTANT)
            review, never = ("0", "1") if column == ASSISTANT else ("1", "0")
            if row[column] in (never, "9"):
                found.add(("MOD116", "error"))
            elif row[column] == review:
                found.add(("MOD116", "warning"))
    return found


def test_rules_agree_with_the_file(rows: Rows, tables: Path) -> None:
    scrubber = Scrubber.load(tables=tables, select=RULES)
    chance = random.Random(20251103)
    codes = sorted({code for code, _ in rows if len(code) == 5})
    parted = sorted({code for code, part in rows if part})
    wrong: list[str] = []
    fired: set[Finding] = set()
    for number in range(SAMPLE):
        code = chance.choice(parted if number % 3 == 0 else codes)
        modifiers = chance.choice(PAIRS) if number % 5 == 0 else (chance.choice(MODIFIERS),)
        claim = {"dos": DAY, "payer": "medicare", "lines": ["-".join((code, *modifiers))]}
        found = {(one.rule, one.severity) for one in scrubber.scrub(claim_from_shorthand(claim)).findings}
        expected = predicted(rows, code, modifiers)
        fired |= found
        if found != expected:
            wrong.append(f"{code}-{'-'.join(modifiers)}: {sorted(found)}, predicted {sorted(expected)}")
    assert not wrong, "\n".join(wrong[:20])
    assert {rule for rule, _ in fired} == set(RULES)


EXAMPLES: tuple[tuple[dict[str, Any], list[Finding]], ...] = (
    ({"lines": ["99213-26"]}, [("MOD110", "error")]),
    ({"lines": ["76519-26-50"]}, []),
    ({"lines": ["76519-50"]}, [("MOD112", "error")]),
    ({"lines": ["84165-26"]}, []),
    ({"pos": "22", "lines": ["71046"]}, [("MOD111", "error")]),
    ({"pos": "22", "lines": ["71046-26"]}, []),
    ({"pos": "22", "lines": ["93000"]}, [("MOD111", "error")]),
    ({"pos": "22", "lines": ["93010"]}, []),
    ({"pos": "23", "lines": ["96372"]}, [("MOD111", "error")]),
    ({"pos": "31", "lines": ["71046"]}, [("MOD111", "warning")]),
    ({"lines": ["29881-80"]}, [("MOD116", "warning")]),
    ({"lines": ["20610-80"]}, [("MOD116", "error")]),
    ({"lines": ["27447-80"]}, []),
    ({"lines": ["20610-50"]}, []),
    ({"lines": ["27447-RT", "27447-LT"]}, [("MOD113", "warning")]),
    ({"lines": ["66984-RT-54"]}, []),
    ({"lines": ["45378-54"]}, [("MOD118", "error")]),
    ({"lines": ["27447", "20610-51"]}, []),
    ({"lines": ["99417"]}, [("PRC122", "error")]),
    ({"lines": ["99024 charge=0.00"]}, []),
    ({"lines": ["97010 charge=20.00"]}, [("PRC120", "error")]),
    ({"lines": ["99213", "94760"]}, [("PRC120", "error")]),
    ({"lines": ["94760"]}, []),
    ({"lines": ["36415", "80053", "85025"]}, []),
    ({"lines": ["0001F charge=0.01"]}, []),
    ({"lines": ["99397-GY"]}, []),
    ({"payer": "commercial", "lines": ["99417", "99213-26", "97010"]}, []),
)


@pytest.mark.parametrize(
    ("claim", "expected"), EXAMPLES, ids=lambda part: " ".join(part.get("lines", "")) if isinstance(part, dict) else ""
)
def test_examples(scrubber: Scrubber, claim: dict[str, Any], expected: list[Finding]) -> None:
    report = scrubber.scrub(claim_from_shorthand({"dos": DAY, "payer": "medicare", **claim}))
    assert [(one.rule, one.severity) for one in report.findings] == expected


@pytest.mark.parametrize(
    ("day", "checked"), [("2025-09-30", False), ("2025-10-01", True), ("2025-12-31", True), ("2026-01-01", False)]
)
def test_an_edition_answers_for_its_quarter(scrubber: Scrubber, day: str, checked: bool) -> None:
    report = scrubber.scrub(claim_from_shorthand({"dos": day, "payer": "medicare", "lines": ["99213-26"]}))
    assert bool(report.findings) is checked
    assert ("MOD110" in {one.rule for one in report.not_checked}) is not checked


@pytest.mark.parametrize(("code", "rule", "hidden"), [("99243", "MCR101", "PRC122"), ("99397", "MCR102", "PRC121")])
def test_what_the_medicare_pack_says_is_not_said_twice(tables: Path, code: str, rule: str, hidden: str) -> None:
    both = Scrubber.load(["core", "medicare"], tables=tables, select=[rule, hidden])
    report = both.scrub(claim_from_shorthand({"dos": DAY, "payer": "medicare", "lines": [code]}))
    assert [one.rule for one in report.findings] == [rule]
    assert [one.rule for one in report.masked] == [hidden]
