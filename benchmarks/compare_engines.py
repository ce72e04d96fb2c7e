"""Both engines on many claims: whether their reports are equal, and how their times compare.

    python benchmarks/compare_engines.py                       # 20,000 claims with faults mixed in
    python benchmarks/compare_engines.py --claims 500 --tables DIR --earlier 730    # imported tables, on their days
    python benchmarks/compare_engines.py --file claims.837     # claims of a file, as they are and with faults

Claims come from the visits of the other benchmarks and from the files named; each is then changed in up to five places,
by blanks, codes of other lines, days and amounts at the edges that rules look at. The same seed gives the same claims.
Both engines check each claim in turn, so that a busy machine troubles them alike. Exit code 1 where reports differ.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from scrubber import Claim, Scrubber, read_claims
from scrubber.claim import Diagnosis, Provider, ServiceLine
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand

AS_OF = date(2026, 11, 21)
CODES = [
    "99213",
    "99214",
    "99285",
    "99396",
    "45385",
    "45380",
    "20610",
    "J1885",
    "J7325",
    "80053",
    "36415",
    "93000",
    "97110",
    "97530",
    "G0439",
    "D1110",
    "D2391",
    "A0429",
    "E0601",
    "00810",
    "11719",
    "99441",
    "XXXXX",
    "9921",
    "99213X",
]
MODIFIERS = [
    "25",
    "59",
    "XS",
    "XE",
    "50",
    "RT",
    "LT",
    "GA",
    "GY",
    "GZ",
    "26",
    "TC",
    "76",
    "77",
    "QW",
    "KX",
    "JW",
    "JZ",
    "95",
    "ZZ",
    "1",
]
DIAGNOSES = [
    "I10",
    "E11.9",
    "Z00.00",
    "Z00.01",
    "Z79.4",
    "M17.11",
    "S52.501A",
    "S52.501",
    "W19.XXXA",
    "O80",
    "O09.90",
    "Z38.00",
    "Z3A.20",
    "Z37.0",
    "P07.30",
    "N40.1",
    "R07.9",
    "C34.90",
    "T36.0X5A",
    "T36.0X1A",
    "B95.1",
    "I63.9",
    "401.9",
    "ZZZ",
    "E11",
    "Y92.009",
    "Z51.11",
    "Q90.9",
]
PLACES, BILLS = (
    ["11", "21", "22", "23", "12", "31", "81", "99", "00", "02"],
    ["0111", "0131", "0121", "0141", "0112", "0114", "0117", "0137", "131", "0851", "9999"],
)
KINDS = ("medicare", "medicaid", "commercial", "tricare", None)
STATUSES, FREQUENCIES, REVENUES = (
    ["01", "02", "20", "30", "40", "07", "99"],
    ["1", "7", "8", "2", "5", "9"],
    ["0450", "0250", "0120", "0001", "0636", "450"],
)
UNITS = ("0", "1", "1.5", "2", "3", "9", "10", "48", "99", "100", "1000", "-1", "0.0000001", "12345678901234567890")
CHARGES = ("0", "0.00", "125.00", "125.001", "99999999.99", "-5", "1E+20")


def faulty(claim: Claim, by: random.Random) -> Claim:
    """The claim with up to five changes."""
    for _ in range(by.choice((0, 1, 1, 2, 3, 5))):
        claim = by.choice(CHANGES)(claim, by)
    return claim


def _any_day(claim: Claim, by: random.Random) -> date | None:
    base = by.choice([line.service_date for line in claim.lines] or [None]) or AS_OF
    days = (-40000, -4000, -400, -366, -90, -31, -3, -1, 0, 0, 1, 2, 30, 365)
    return None if by.random() < 0.15 else base + timedelta(days=by.choice(days))


def _line(claim: Claim, by: random.Random) -> Claim:
    if not claim.lines:
        return attrs.evolve(claim, lines=(ServiceLine(procedure=by.choice(CODES)),))
    number = by.randrange(len(claim.lines))
    change: dict[str, Callable[[], Any]] = {
        "procedure": lambda: by.choice((*CODES, None, "", claim.lines[0].procedure)),
        "modifiers": lambda: tuple(by.choices(MODIFIERS, k=by.choice((0, 1, 1, 2, 3, 5)))),
        "units": lambda: by.choice((None, *map(Decimal, UNITS))),
        "charge": lambda: by.choice((None, *map(Decimal, CHARGES))),
        "minutes": lambda: by.choice((None, Decimal(8), Decimal(23))),
        "service_date": lambda: _any_day(claim, by),
        "service_date_end": lambda: _any_day(claim, by),
        "place_of_service": lambda: by.choice((*PLACES, None)),
        "diagnosis_pointers": lambda: tuple(by.choices(range(1, 14), k=by.choice((0, 1, 2, 4)))),
        "revenue_code": lambda: by.choice((*REVENUES, None)),
        "ndc": lambda: by.choice((None, "00409128331", "0409-1283-31", "12")),
        "rendering_provider": lambda: by.choice((None, Provider(), Provider(npi="1234567893"), Provider(npi="123"))),
    }
    name = by.choice(list(change))
    changed = attrs.evolve(claim.lines[number], **{name: change[name]()})
    return attrs.evolve(claim, lines=(*claim.lines[:number], changed, *claim.lines[number + 1 :]))


def _lines(claim: Claim, by: random.Random) -> Claim:
    lines = list(claim.lines)
    what = by.random()
    if what < 0.4 and lines:
        lines.append(by.choice(lines))
    elif what < 0.6:
        by.shuffle(lines)
    elif what < 0.8 and lines:
        lines.pop(by.randrange(len(lines)))
    else:
        lines = lines * 3 if len(lines) < 10 else []
    return attrs.evolve(claim, lines=tuple(lines))


def _diagnoses(claim: Claim, by: random.Random) -> Claim:
    kinds = (None, None, None, "principal", "other", "admitting", "reason_for_visit", "external_cause")
    diagnoses = list(claim.diagnoses)
    if diagnoses and by.random() < 0.3:
        diagnoses.pop(by.randrange(len(diagnoses)))
    else:
        code = by.choice((*DIAGNOSES, *(dx.code for dx in diagnoses if dx.code)))
        poa = by.choice((None, "Y", "N", "1"))
        diagnoses.insert(by.randrange(len(diagnoses) + 1), Diagnosis(code=code, kind=by.choice(kinds), poa=poa))
    return attrs.evolve(claim, diagnoses=tuple(diagnoses))


def _claim(claim: Claim, by: random.Random) -> Claim:
    change: dict[str, Callable[[], Any]] = {
        "frequency": lambda: by.choice((*FREQUENCIES, None)),
        "original_reference": lambda: by.choice((None, "ICN1", "")),
        "place_of_service": lambda: by.choice((*PLACES, None)),
        "total_charge": lambda: by.choice((None, Decimal("0"), Decimal("125.00"), Decimal("1E+30"))),
        "type_of_bill": lambda: by.choice((*BILLS, None)),
        "form": lambda: by.choice(("professional", "institutional", "dental")),
        "statement_from": lambda: _any_day(claim, by),
        "statement_to": lambda: _any_day(claim, by),
        "admission_date": lambda: _any_day(claim, by),
        "discharge_status": lambda: by.choice((*STATUSES, None)),
        "receipt_date": lambda: _any_day(claim, by),
        "rendering_provider": lambda: by.choice((None, Provider(), Provider(npi="1234567893", taxonomy="207Q00000X"))),
        "attending_provider": lambda: by.choice((None, Provider(npi="1234567893"))),
        "billing_provider": lambda: by.choice((Provider(), attrs.evolve(claim.billing_provider, npi="1234567890"))),
        "payer": lambda: attrs.evolve(claim.payer, kind=by.choice(KINDS)),
        "patient": lambda: attrs.evolve(
            claim.patient,
            sex=by.choice(("F", "M", "U", None)), birth_date=_any_day(claim, by), death_date=_any_day(claim, by),
        ),
        "clia_number": lambda: by.choice((None, "11D1234567", "x")),
        "condition_codes": lambda: tuple(by.choices(("07", "20", "A", "D1"), k=by.choice((0, 1, 2)))),
    }  # fmt: skip
    name = by.choice(list(change))
    return attrs.evolve(claim, **{name: change[name]()})


CHANGES = (_line, _line, _line, _lines, _diagnoses, _diagnoses, _claim, _claim)


def claims_of(files: list[Path]) -> list[Claim]:
    """The claims that are changed: those of files, and those of the benchmark of checking."""
    from bench_scrub import VISITS

    return [claim_from_shorthand(visit) for visit in VISITS] + [claim for file in files for claim in read_claims(file)]


def earlier(claim: Claim, days: int) -> Claim:
    """The claim as if its services had been so many days before, where an imported table covers those days."""

    def moved(day: date | None) -> date | None:
        return None if day is None else day - timedelta(days=days)

    lines = tuple(
        attrs.evolve(line, service_date=moved(line.service_date), service_date_end=moved(line.service_date_end))
        for line in claim.lines
    )
    return attrs.evolve(
        claim,
        lines=lines,
        statement_from=moved(claim.statement_from),
        statement_to=moved(claim.statement_to),
        admission_date=moved(claim.admission_date),
    )


def generated(files: list[Path], count: int, seed: int, days: int) -> Iterator[Claim]:
    """So many claims, each with its own faults."""
    sound = [earlier(claim, days) for claim in claims_of(files)]
    for number in range(count):
        by = random.Random(f"{seed} {number}")
        yield attrs.evolve(faulty(sound[number % len(sound)], by), claim_id=f"C{number}")


def main() -> int:
    """Compare, and say what was found."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--claims", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--file", type=Path, action="append", default=[])
    arguments.add_argument("--tables", type=Path)
    arguments.add_argument("--earlier", type=int, default=0, metavar="DAYS")
    arguments.add_argument("--pack", action="append", default=[])
    options = arguments.parse_args()
    tables = TableSet.open(options.tables)
    compiled, durable = (
        Scrubber.load(options.pack or ["core"], tables, as_of=AS_OF, engine=name) for name in ("compiled", "durable")
    )
    spent: Counter[str] = Counter()
    decisions: Counter[str] = Counter()
    findings, differing = 0, 0
    fired: set[str] = set()
    for number, claim in enumerate(generated(options.file, options.claims, options.seed, options.earlier), start=1):
        reports = []
        for name, scrubber in (("compiled", compiled), ("durable", durable)):
            start = time.perf_counter()
            reports.append(scrubber.scrub(claim))
            if number > 200:  # the first claims of each kind bring the making of its rules
                spent[name] += time.perf_counter() - start
        decisions[reports[0].decision] += 1
        findings += len(reports[0].findings)
        fired.update(finding.rule for finding in reports[0].findings)
        if reports[0] != reports[1]:
            differing += 1
            if differing <= 10:
                print(f"claim {number} differs: {claim}\n  compiled {reports[0]}\n  durable  {reports[1]}")
        if number % 1000 == 0:
            print(f"{number:,} claims, {differing} differ", file=sys.stderr, flush=True)
    print(f"{options.claims:,} claims: {options.claims - differing:,} equal reports, {differing:,} that differ")
    print(f"{findings:,} findings of {len(fired)} rules; decisions {dict(decisions)}")
    print(f"rules that fired: {' '.join(sorted(fired))}")
    measured = max(options.claims - 200, 1)
    for name, seconds in spent.items():
        print(f"{name}: {1000 * seconds / measured:.3f} ms a claim, {measured / seconds:,.0f} claims a second")
    if spent:
        print(f"durable takes {spent['durable'] / spent['compiled']:.0f} times as long")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
