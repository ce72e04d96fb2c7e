"""NCCI procedure-to-procedure edits as CMS publishes them each quarter: text or workbook, in parts, zipped.

    CPT only copyright 2023 American Medical Association. …
    Column1/Column2 Edits
    Column 1  Column 2  *=in existence   Effective  Deletion   Modifier          PTP Edit Rationale
                        prior to 1996    Date       Date       0=not allowed
                                                    *=no data  1=allowed
                                                               9=not applicable
    0001A     0591T                      20220101   20231231   1                 CPT Manual or CMS manual coding …

Source: https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import chain, islice

from attrs import evolve, frozen

from scrubber.errors import TableError
from scrubber.tables.importers.cells import Cells, rows_of
from scrubber.tables.importers.contract import (
    EditionFound,
    Importer,
    Parsed,
    Refused,
    Sample,
    SourceFile,
    TableRow,
)
from scrubber.tables.importers.days import Quarter, day_of, quarter_in, quarter_of
from scrubber.tables.importers.headings import CODE, cell, find_columns, joined
from scrubber.tables.importers.names import check_content, check_names
from scrubber.tables.schemas import SCHEMAS

HEADINGS = {
    "column_1": "column 1",
    "column_2": "column 2",
    "before_1996": "*prior to 1996",
    "effective": "effective",
    "deletion": "deletion",
    "indicator": "modifier",
    "rationale": "*rationale",
}
OF_MEDICAID = "_medicaid"
_NEEDED = ("column_1", "column_2", "effective", "deletion", "indicator")
_NAMES = {
    "column_1": "Column 1",
    "column_2": "Column 2",
    "effective": "Effective Date",
    "deletion": "Deletion Date",
    "indicator": "Modifier",
}
_TITLE = re.compile(r"column ?1 ?/ ?column ?2 edits", re.IGNORECASE)
_MOST_HEADING_ROWS = 30
_BEGINNING = date(1996, 1, 1)
_INDICATORS = frozenset("019")
# v30.2 is the third release of 2024: CMS counts years from 1994 and quarters from 0.
_VERSION = re.compile(r"v(\d{2})([0-3])r\d", re.ASCII | re.IGNORECASE)
_YEAR_ZERO = 1994
_PART = re.compile(r"[-_]f(\d)(?!\d)", re.ASCII | re.IGNORECASE)
_USUAL_PARTS = 4
_LICENCE = "CPT codes are the AMA's, used under your own licence; the edits are works of CMS"


@frozen
class _Setting:
    """Whose edits: the table, the words of a preamble that tell it, and the beginnings or words of file names."""

    table: str
    what: str
    in_preamble: tuple[str, ...]
    in_name: tuple[str, ...]

    def of_medicaid(self) -> _Setting:
        """The same edits as Medicaid has them, in a table of their own."""
        if self.table.endswith(OF_MEDICAID):
            return self
        return evolve(self, table=f"{self.table}{OF_MEDICAID}", what=f"Medicaid, {self.what}")


_SETTINGS = (
    _Setting(
        "ncci_ptp_dme_medicaid",
        "Medicaid, durable medical equipment",
        ("durable medical equipment", "dme"),
        ("dme", "durable"),
    ),
    _Setting(
        "ncci_ptp_hospital",
        "outpatient hospital",
        ("hospital", "outpatient"),
        ("ccioph", "hospital", "outpatient", "opps"),
    ),
    _Setting("ncci_ptp_practitioner", "practitioner", ("practitioner",), ("ccipra", "practitioner", "physician")),
)


def recognise(sample: Sample) -> bool:
    """Whether the headings or the preamble are those of column 1/column 2 edits, be they whole or damaged."""
    header, _ = _header(sample.rows)
    return header is not None or _is_damaged(sample.rows)


def read(source: SourceFile) -> Iterator[Parsed]:
    """The rows of one part.

    Raises:
        TableError: the file tells neither itself nor by its name whose edits it holds, or of which quarter.
    """
    rows = rows_of(source)
    beginning = list(islice(rows, _MOST_HEADING_ROWS))
    columns, start = _header([cells for _, cells in beginning])
    if columns is None:
        raise _damaged([cells for _, cells in beginning], source)
    preamble = " ".join(" ".join(cells) for _, cells in beginning[:start]).lower()
    setting = _setting(source, preamble)
    yield _edition(source, setting)
    yield from _rows(setting.table, columns, chain(beginning[start:], rows))


def _rows(table: str, columns: dict[str, int], rows: Iterator[tuple[int, Cells]]) -> Iterator[Parsed]:
    """The rows. Millions of them share a few thousand endings, so that each ending is understood once."""
    first, second = columns["column_1"], columns["column_2"]
    others = [columns.get(name) for name in ("effective", "deletion", "before_1996", "indicator", "rationale")]
    understood: dict[Cells, _Ending | str] = {}
    from_third = min(first, second) == 0 and max(first, second) == 1
    for line, cells in rows:
        if not any(cells):
            continue
        end = cells[2:] if from_third else cells
        ending = understood.get(end)
        if ending is None:
            ending = _ending(*(cell(cells, place) for place in others))
            if from_third:
                understood[end] = ending
        key = (cell(cells, first), cell(cells, second))
        if not (_is_code(key[0]) and _is_code(key[1])):
            yield Refused(line, "column 1 or column 2 is no procedure code.")
        elif isinstance(ending, str):
            yield Refused(line, ending)
        else:
            yield TableRow(table, key, ending.first, ending.last, ending.values, (), line)


@frozen
class _Ending:
    """What stands behind the codes of a row."""

    first: date
    last: date | None
    values: tuple[object, ...]


def _ending(effective: str, deletion: str, starred: str, indicator: str, rationale: str) -> _Ending | str:
    """The rest of a row, or why it makes no sense. The deletion date is the last day; * stands for none."""
    if indicator not in _INDICATORS:
        return "the modifier indicator is none of 0, 1 and 9."
    if starred not in ("", "*"):
        return "the mark for edits before 1996 is neither blank nor *."
    first = _BEGINNING if starred and effective in ("", "*") else day_of(effective)
    last = None if deletion in ("", "*") else day_of(deletion)
    if first is None:
        return "the effective date is no day."
    if last is None and deletion not in ("", "*"):
        return "the deletion date is no day."
    if last is not None and last < first:
        return f"it ends ({last}) before it begins ({first})."
    return _Ending(first, last, (indicator, starred == "*", rationale or None))


@lru_cache(maxsize=65_536)
def _is_code(text: str) -> bool:
    return CODE.fullmatch(text) is not None


def _header(rows: list[Cells] | tuple[Cells, ...]) -> tuple[dict[str, int] | None, int]:
    """Where each column stands, and at which row the data begins; headings may be spread over several rows."""
    for number, cells in enumerate(rows[:_MOST_HEADING_ROWS]):
        some = find_columns(cells, HEADINGS)
        if "column_1" not in some or "column_2" not in some:
            continue
        end = number + 1
        while end < len(rows) and not _is_code(cell(rows[end], some["column_1"])) and not _is_data(rows[end], some):
            end += 1
        columns = find_columns(joined(rows[number:end]), HEADINGS)
        if all(name in columns for name in _NEEDED):
            return columns, end
    return None, 0


def _headings_found(rows: list[Cells] | tuple[Cells, ...]) -> set[str]:
    """The columns whose headings stand somewhere above the data."""
    found: set[str] = set()
    for cells in rows[:_MOST_HEADING_ROWS]:
        if sum(_is_code(one.strip()) for one in cells[:2]) == 2:
            break
        found.update(find_columns(cells, HEADINGS))
    return found


def _is_damaged(rows: list[Cells] | tuple[Cells, ...]) -> bool:
    """Whether a file without all headings is one of these all the same, by its title or by the headings left."""
    if any(_TITLE.search(one) for cells in rows[:_MOST_HEADING_ROWS] for one in cells):
        return True
    found = _headings_found(rows)
    return len(found) >= 3 and bool(found & {"column_1", "column_2"})


def _damaged(rows: list[Cells], source: SourceFile) -> TableError:
    found = _headings_found(rows)
    missing = ", ".join(repr(_NAMES[name]) for name in _NEEDED if name not in found)
    what = f"without the column {missing}" if missing else "whose headings do not stand together"
    return TableError(
        f"this is a damaged file of column 1/column 2 edits, {what}.",
        where=source.name,
        hint="Download it again, and import it as it is.",
    )


def _is_data(cells: Cells, columns: dict[str, int]) -> bool:
    """Whether a row below the headings is meant as data, though its codes may be wrong."""
    return bool(cell(cells, columns["column_1"]) and cell(cells, columns["column_2"]))


def _setting(source: SourceFile, preamble: str) -> _Setting:
    """Whose edits these are: as the user says, as the preamble says, else as the file names say.

    The texts of CMS have the same preamble for practitioners and hospitals, so that often only the name tells.
    """
    if source.stated_table is not None:
        every = [one for setting in _SETTINGS for one in (setting, setting.of_medicaid())]
        stated = [setting for setting in every if setting.table == source.stated_table]
        if not stated:
            raise TableError(f"these are NCCI edits, not table {source.stated_table!r}.", where=source.name)
        return stated[0]
    mend = f"Give the file the name that CMS gave it, or add --table, such as --table {_SETTINGS[1].table}."
    check_names(source, _settings_in, mend)
    names = " ".join(source.names).lower()
    found = next((one for one in _SETTINGS if any(word in preamble for word in one.in_preamble)), None)
    if found is not None:
        check_content(source, found.what, _settings_in, mend)
    found = found or next((one for one in _SETTINGS if any(word in names for word in one.in_name)), None)
    if found is None:
        raise TableError(
            "neither the text nor the name of the file says whose column 1/column 2 edits these are.",
            where=source.name,
            hint="Keep the name that CMS gave it, or add --table, such as --table ncci_ptp_hospital.",
        )
    is_medicaid = "medicaid" in preamble or "medicaid" in names or "mcd" in names
    return found.of_medicaid() if is_medicaid else found


def _settings_in(name: str) -> frozenset[str]:
    return frozenset(one.what for one in _SETTINGS if any(word in name.lower() for word in one.in_name))


def _parts_in(name: str) -> frozenset[str]:
    return frozenset(f"part {part}" for part in _PART.findall(name))


def _quarters_in(name: str) -> frozenset[str]:
    found = _quarter_in(name)
    return frozenset() if found is None else frozenset([found.name])


def _edition(source: SourceFile, setting: _Setting) -> EditionFound:
    quarter = _quarter(source)
    check_names(source, _parts_in)
    part = next((int(match[1]) for name in source.names if (match := _PART.search(name))), 0)
    return EditionFound(
        table=setting.table,
        name=quarter.name,
        first_day=SCHEMAS[setting.table].history_from or quarter.first_day,
        last_day=quarter.last_day,
        source=f"CMS NCCI PTP edits v{quarter.year - _YEAR_ZERO}.{quarter.number - 1}, {setting.what}",
        licence=_LICENCE,
        part=part,
        parts=max(part, _USUAL_PARTS) if part else 0,
    )


def _quarter(source: SourceFile) -> Quarter:
    """The quarter of the edition: the rows carry dates of their own, but none of the release."""
    if source.stated_day is not None:
        return quarter_of(source.stated_day)
    check_names(source, _quarters_in)
    found = next((quarter for name in source.names if (quarter := _quarter_in(name))), None)
    if found is None:
        raise TableError(
            "the name of the file does not say of which quarter it is.",
            where=source.name,
            hint="Keep the name that CMS gave it (ccipra-v302r0-f1), or add --edition with the first day, "
            "such as --edition 2024-07-01.",
        )
    return found


def _quarter_in(name: str) -> Quarter | None:
    if match := _VERSION.search(name):
        return Quarter(_YEAR_ZERO + int(match[1]), int(match[2]) + 1)
    return quarter_in((name,))


IMPORTERS = (
    Importer(
        name="ncci-ptp",
        meaning="NCCI procedure-to-procedure edits",
        layout="text with tabs or workbook; headings Column 1, Column 2, effective and deletion date, modifier",
        recognise=recognise,
        read=read,
    ),
)
