"""Order files of ICD-10-CM and ICD-10-PCS, and the addenda to the order file of ICD-10-CM: fixed-width text.

    00001 A00     0 Cholera                                      … Cholera
    00002 A000    1 Cholera due to Vibrio cholerae 01, biovar …    Cholera due to Vibrio cholerae 01, biovar cholerae

Order number 1-5, code 7-13, valid for submission 15, short title 17-76, long title 78 on. A line of the addenda begins
"Add:", "Delete:", "Revise from:" or "Revise to:" in place of the number; counts of both files stand below the lines.

The files have codes and titles, and neither dates nor attributes. So they are laid over the shipped table from the
first day of their year on: see `scrubber.tables.importers.icd_merge`.

Source: https://www.cms.gov/medicare/coding-billing/icd-10-codes; icd10OrderFiles.pdf of the release.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from scrubber.errors import TableError
from scrubber.tables.importers.cells import text_lines
from scrubber.tables.importers.contract import EditionFound, Importer, Parsed, Refused, Remark, Sample, SourceFile
from scrubber.tables.importers.icd_merge import Listed, laid_over, shipped_table
from scrubber.tables.importers.periods import Period, fiscal_year, fiscal_year_of, month_in, unknown_edition, year_in
from scrubber.tables.importers.values import mostly

_LICENCE = "public domain (CMS, CDC/NCHS)"
_CM = re.compile(r"[A-Z][0-9A-Z]{2,6}")  # fiscal year 2027 brings QA0: the second character may be a letter
_PCS = re.compile(r"[0-9B-DFGHX][0-9A-HJ-NP-Z]{6}")
_ORDER = re.compile(r"\d{5} ([0-9A-Z]{3,7}) *(?<=^.{14})([01]) (.{60}) (.*)")
_CHANGE = re.compile(r"(Add|Delete|Revise from|Revise to):\s+([01]) ([0-9A-Z]{3,7}) *(?<=^.{23})(.{60}) (.*)")
_TOTALS = re.compile(r"\s+(\d+) (additions|deletions|revisions)\s*")
_YEARS = re.compile(r"order_(20\d\d)")
_SUMMARY = re.compile(r"(?:Headers|Codes|of which|\s+\d+ \S.*)\s*")


def _lines_in(sample: Sample, layout: re.Pattern[str]) -> list[re.Match[str]]:
    """The lines of a sample in a layout; none where it has another."""
    return mostly(layout, sample.lines) if sample.source.kind == "text" else []


def _is_pcs_order(sample: Sample) -> bool:
    """Whether a sample is of ICD-10-PCS: some code begins with a digit, as none of ICD-10-CM does. In an excerpt
    without such a code, the name decides, where all codes valid for submission have seven characters.
    """
    codes = [(match[1], match[2]) for match in _lines_in(sample, _ORDER)]
    if any(code[0].isdigit() for code, _ in codes):
        return True
    named = any("pcs" in name.lower() for name in sample.source.names)
    return bool(codes) and named and all(len(code) == 7 for code, valid in codes if valid == "1")


def _is_cm_order(sample: Sample) -> bool:
    return bool(_lines_in(sample, _ORDER)) and not _is_pcs_order(sample)


def _is_addenda(sample: Sample) -> bool:
    changes = [line for line in sample.lines if not _SUMMARY.fullmatch(line)]
    return sample.source.kind == "text" and bool(mostly(_CHANGE, changes))


def _read_order(table: str, code_shape: re.Pattern[str], what: str) -> Callable[[SourceFile], Iterator[Parsed]]:
    def read(source: SourceFile) -> Iterator[Parsed]:
        period = _period(source)
        listed: dict[str, Listed] = {}
        for number, line in text_lines(source):
            if not line.strip():
                continue
            match = _ORDER.fullmatch(line)
            if match is None:
                yield Refused(number, "the line has not the layout of an order file.")
            elif table == "icd10pcs" and match[2] == "0":
                continue  # the titles of the tables, which the shipped table has not either
            elif not code_shape.fullmatch(match[1]):
                yield Refused(number, f"{match[1]!r} is no {what} code.")
            elif match[1] in listed:
                yield Refused(number, f"{match[1]} stands in line {listed[match[1]].line} already.")
            else:
                title = match[4].strip() or match[3].strip()
                listed[match[1]] = Listed(match[2] == "1", title, number)
        if not listed:
            raise TableError("no line of the order file could be read.", where=source.name)
        yield from _over_shipped(table, f"{period.name}-order", period, f"CMS {what} order file", listed, ())

    return read


def _read_addenda(source: SourceFile) -> Iterator[Parsed]:
    changes: dict[str, Listed] = {}
    deleted: dict[str, int] = {}
    stated: list[int] = []
    counted = {"0": [0, 0, 0], "1": [0, 0, 0]}  # headers and codes: additions, deletions, revisions
    year: int | None = None
    for number, line in text_lines(source):
        match = _CHANGE.fullmatch(line)
        if match is None:
            if totals := _TOTALS.fullmatch(line):
                stated.append(int(totals[1]))
            elif found := _YEARS.search(line):
                year = max(year or 0, int(found[1]))
            elif line.strip() and not _SUMMARY.fullmatch(line):
                yield Refused(number, "the line has not the layout of order addenda.")
            continue
        action, valid, code = match[1], match[2], match[3]
        if not _CM.fullmatch(code):
            yield Refused(number, f"{code!r} is no ICD-10-CM code.")
            continue
        if action == "Revise from":
            continue
        counted[valid][("Add", "Delete", "Revise to").index(action)] += 1
        if action == "Delete":
            deleted[code] = number
        else:
            changes[code] = Listed(valid == "1", match[5].strip() or match[4].strip(), number)
    if not changes and not deleted:
        raise TableError("no line of the addenda could be read.", where=source.name)
    if len(stated) == 6 and stated != [*counted["0"], *counted["1"]]:
        raise TableError(
            f"the file states other numbers of additions, deletions and revisions ({stated}) than it has "
            f"({[*counted['0'], *counted['1']]}).",
            where=source.name,
            hint="Download it again.",
        )
    period = _period(source, year)
    gone = tuple(code for code in deleted if code not in changes)
    yield from _over_shipped(
        "icd10cm", f"{period.name}-order_addenda", period, "CMS ICD-10-CM order file addenda", changes, gone
    )


def _over_shipped(
    table: str, name: str, period: Period, what: str, listed: dict[str, Listed], deleted: tuple[str, ...]
) -> Iterator[Parsed]:
    """The shipped table with what is listed laid over it. `deleted` is given by addenda, which list changes only."""
    shipped = shipped_table(table)
    base = shipped.editions[0]
    is_addenda = name.endswith("addenda")
    follows = base.last_day is None or period.first_day <= base.last_day + timedelta(days=1)
    if is_addenda and not follows:
        raise TableError(
            f"addenda change the list of the year before, and the shipped table ends on {base.last_day}.",
            hint="Import the order file of the year, which is complete.",
        )
    # An update within a year, or a year behind a gap, does not know what was added before: it answers from its own
    # first day on. Else the edition answers for the whole history of the shipped table.
    begins_year = period.first_day == fiscal_year(fiscal_year_of(period.first_day)).first_day
    yield EditionFound(
        table=table,
        name=name,
        first_day=base.first_day if follows and begins_year else period.first_day,
        last_day=period.last_day,
        source=f"{what} of {period.name}, over the shipped {base.name}",
        licence=f"{_LICENCE}; history and attributes as the shipped table",
        key=shipped.key,
        columns=tuple(shipped.columns.values()),
    )
    if base.last_day is not None and period.last_day < base.last_day:
        yield Remark(
            f"The shipped table answers until {base.last_day}, later than this edition ({period.last_day}), and goes "
            f"before it."
        )
    yield from laid_over(shipped, listed, period.first_day, deleted=deleted if is_addenda else None)


def _period(source: SourceFile, year: int | None = None) -> Period:
    """The fiscal year of a release; the update of April begins in the middle of it."""
    if source.stated_day is not None:
        whole = fiscal_year(fiscal_year_of(source.stated_day))
        is_update = source.stated_day > whole.first_day
        return Period(_name(whole, source.stated_day), source.stated_day, whole.last_day) if is_update else whole
    named = next(((year_in(name), month_in(name)) for name in source.names if year_in(name)), (None, None))
    if year is None:
        year = named[0]
    if year is None:
        raise unknown_edition(source, "of which fiscal year it is")
    whole = fiscal_year(year)
    if named[1] == 4:
        first = date(year, 4, 1)
        return Period(_name(whole, first), first, whole.last_day)
    return whole


def _name(whole: Period, first: date) -> str:
    return whole.name if first - whole.first_day < timedelta(days=1) else f"{whole.name}-{first:%m}"


IMPORTERS = (
    Importer(
        name="icd10cm_order",
        meaning="ICD-10-CM codes and titles of a fiscal year",
        layout="CMS order file: number, code, flag, short and long title in fixed places",
        recognise=_is_cm_order,
        read=_read_order("icd10cm", _CM, "ICD-10-CM"),
    ),
    Importer(
        name="icd10cm_order_addenda",
        meaning="what a fiscal year adds to, deletes from and revises in ICD-10-CM",
        layout="CMS order file addenda: Add, Delete, Revise from, Revise to, then as the order file",
        recognise=_is_addenda,
        read=_read_addenda,
    ),
    Importer(
        name="icd10pcs_order",
        meaning="ICD-10-PCS codes and titles of a fiscal year",
        layout="CMS order file: number, code, flag, short and long title in fixed places",
        recognise=_is_pcs_order,
        read=_read_order("icd10pcs", _PCS, "ICD-10-PCS"),
    ),
)
