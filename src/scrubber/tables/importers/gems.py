"""General equivalence mappings between ICD-9-CM and ICD-10-CM diagnoses: fixed-width text of CMS, last of 2018.

    0010  A000    00000        I9gem:  code 1-5, target 7-13, flags 15-19
    A000    0010  00000        I10gem: code 1-7, target 9-13, flags 15-19

Flags: approximate, no map (target NoDx), combination, scenario, choice list. Procedure mappings have the same layouts;
they are known by their targets (ICD-10-PCS, NoPCS, NoI9 …) and left out, since no edit maps procedures.

Source: CMS, General Equivalence Mappings, Documentation for Technical Users.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import islice

from scrubber.errors import TableError
from scrubber.tables.importers.cells import text_lines
from scrubber.tables.importers.contract import (
    EditionFound,
    Importer,
    Parsed,
    Refused,
    Sample,
    SourceFile,
    TableRow,
    reads_nothing,
)
from scrubber.tables.importers.periods import year_in
from scrubber.tables.importers.values import mostly

TO_ICD10 = "gem_icd9_to_icd10"
TO_ICD9 = "gem_icd10_to_icd9"
_LICENCE = "public domain (CMS, CDC/NCHS)"
_LINES_LOOKED_AT = 60
FIRST_DAY = date(1979, 1, 1)
"""Mappings have no dates: they are asked for ICD-9-CM codes of any day, and ICD-9-CM began here."""

_ICD9 = r"(?:\d{3,5}|V\d{2,4}|E\d{3,4})"
_ICD10CM = r"[A-TV-Z]\d[0-9A-Z]{1,5}|U\d[0-9A-Z]{1,5}"
_FLAGS = r"[01]{3}\d\d *"
_LAYOUTS = {
    TO_ICD10: re.compile(rf"(?=.{{5}} .{{7}} )({_ICD9}) *(?<=^.{{6}})({_ICD10CM}|NoDx) +(?<=^.{{14}})({_FLAGS})"),
    TO_ICD9: re.compile(rf"(?=.{{7}} .{{5}} )({_ICD10CM}) *(?<=^.{{8}})({_ICD9}|NoDx) +(?<=^.{{14}})({_FLAGS})"),
}
_PCS = r"[0-9B-HX][0-9A-HJ-NP-Z]{6}"
_PROCEDURES = re.compile(rf"(?:\d{{3,4}} {{2,3}}(?:{_PCS}|NoPCS) +|{_PCS} (?:\d{{3,4}}|NoPx|NoI9) +)[01]{{3}}\d\d *")


def _layout_of(lines: Sequence[str]) -> str | None:
    """The table that the lines are for, or None."""
    return next((table for table, layout in _LAYOUTS.items() if mostly(layout, lines)), None)


def _is_mapping(sample: Sample) -> bool:
    return sample.source.kind == "text" and _layout_of(sample.lines) is not None


def _is_mapping_of_procedures(sample: Sample) -> bool:
    return sample.source.kind == "text" and not _is_mapping(sample) and bool(mostly(_PROCEDURES, sample.lines))


def _read(source: SourceFile) -> Iterator[Parsed]:
    with closing(text_lines(source)) as beginning:
        table = _layout_of([line for _, line in islice(beginning, _LINES_LOOKED_AT)])
    if table is None:
        raise TableError("the first lines are no equivalence mappings.", where=source.name)
    year = next((year for year in map(year_in, source.names) if year), None)
    name = str(year) if year else "undated"
    yield EditionFound(table, name, FIRST_DAY, None, f"CMS general equivalence mappings, {name}", _LICENCE)
    for number, line in text_lines(source):
        if not line.strip():
            continue
        found = _LAYOUTS[table].fullmatch(line)
        if found is None:
            yield Refused(number, "this is no mapping of the kind of the first lines.")
            continue
        code, target, flags = found[1], found[2], found[3].strip()
        no_map = flags[1] == "1"
        if no_map != (target == "NoDx"):
            yield Refused(number, f"{code} has the flag for no target and a target, or neither.")
            continue
        values = (None if no_map else target, flags[0] == "1", no_map, flags[2] == "1", int(flags[3]), int(flags[4]))
        yield TableRow(table, (code,), FIRST_DAY, None, values, (), number)


IMPORTERS = (
    Importer(
        name="gems",
        meaning="equivalence mappings between ICD-9-CM and ICD-10-CM diagnoses",
        layout="CMS GEM text: code, target and five flags in fixed places",
        recognise=_is_mapping,
        read=_read,
    ),
    Importer(
        name="gems_of_procedures",
        meaning="equivalence mappings of procedures, which are left out",
        layout="CMS GEM text of ICD-9-CM and ICD-10-PCS procedures",
        recognise=_is_mapping_of_procedures,
        read=reads_nothing,
        leaves_out="these are mappings of procedures, which no edit needs.",
    ),
)
