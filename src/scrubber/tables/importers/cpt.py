"""CPT codes and their descriptors: the text files of the AMA's data release, under the user's own licence.

    SHORTU, MEDU       one line a code, the text from column 7 on (28 and 48 characters)
    LONGULT, LONGUT    code, tab, long descriptor
    LONGULF, LONGUF    code, long descriptor in several lines that repeat the code, some with a number of the line

Above the rows stands the AMA's notice, of some thirty lines. The files of one release are read together: whichever is
met, its rows carry what the files beside it (in the same zip or folder) say too, so that each code has all its texts.
The edition is the year after the last copyright year of the notice. Descriptors are never shown in messages.

Source: ReadMe.txt of the AMA's CPT data files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

from scrubber.errors import TableError
from scrubber.tables.importers.cells import text_lines
from scrubber.tables.importers.contract import (
    EditionFound,
    Importer,
    Parsed,
    Refused,
    Remark,
    Sample,
    SourceFile,
    TableRow,
)
from scrubber.tables.importers.periods import calendar_year, unknown_edition, year_in
from scrubber.tables.importers.sources import Stated, open_sources

TABLE = "cpt"
OWN_LICENCE = (
    "CPT is copyright of the American Medical Association. You import it under your own licence, which this library "
    "neither gives nor replaces; keep the imported table where your licence allows it."
)
_LICENCE = "copyright of the American Medical Association; the user's own licence"
_KINDS = ("short", "medium", "long")
_LONGEST = {"short": 28, "medium": 48}
_ROW = re.compile(r"(\d{4}[0-9A-Z])(?:\t+| +)(\S.*)")
# A descriptor has neither tabs nor days as YYYYMMDD among its words: such lines are rows of some other table.
_COLUMNS = re.compile(r"\t|(?:^|\s)(?:19|20)\d{6}(?:\s|$)")
_LONGEST_NOTICE = 100  # lines
_NUMBERED = re.compile(r"\d\d +(?=\S)")
_NOTICE = re.compile(r"copyright([\s\d,\-\u2013]*)", re.IGNORECASE)
_YEARS = re.compile(r"(?:19|20)\d\d")
_LARGEST_BESIDE = 64 * 1024**2


@frozen
class _Texts:
    """The descriptors of one file."""

    kind: str
    by_code: dict[str, str]
    lines: dict[str, int]


def _is_cpt(sample: Sample) -> bool:
    if sample.source.kind != "text":
        return False
    text = sample.text
    if "american medical association" not in text or "cpt" not in text:
        return False
    rows = [line for line in sample.lines if _ROW.fullmatch(line.rstrip())]
    last = [line for line in sample.lines if line.strip()][-1:]
    return len(rows) >= 3 and all(_ROW.fullmatch(line.rstrip()) for line in last)


def _read(source: SourceFile) -> Iterator[Parsed]:
    own, refusals = _texts(source)
    if not own.by_code:
        raise TableError("it has no line with a CPT code and its descriptor.", where=source.name)
    year = _year(source)
    period = calendar_year(year)
    by_kind = {own.kind: own}
    # A release has the long descriptors several times: the nearest to prose stands for its kind.
    for beside in _beside(source):
        texts, _ = _texts(beside)
        known = by_kind.get(texts.kind)
        if texts.by_code and _year(beside) == year and (known is None or _rank(texts) > _rank(known)):
            by_kind[texts.kind] = texts
    yield EditionFound(TABLE, period.name, period.first_day, period.last_day, f"AMA CPT {year} data files", _LICENCE)
    yield Remark(OWN_LICENCE)
    yield from refusals
    codes: Iterable[str] = dict.fromkeys(code for texts in by_kind.values() for code in sorted(texts.by_code))
    for code in codes:
        texts_of_code = tuple(by_kind[kind].by_code.get(code) if kind in by_kind else None for kind in _KINDS)
        yield TableRow(TABLE, (code,), period.first_day, period.last_day, (), texts_of_code, own.lines.get(code, 0))


def _texts(source: SourceFile) -> tuple[_Texts, list[Refused]]:
    """The descriptors of a file, and the lines below its notice that are none."""
    rows: list[tuple[int, str, str]] = []
    refusals: list[Refused] = []
    for number, line in text_lines(source):
        match = _ROW.fullmatch(line.rstrip())
        if match is not None and _COLUMNS.search(match[2].rstrip()):
            refusals.append(Refused(number, "behind the code stand several columns, and no descriptor."))
        elif match is not None:
            rows.append((number, match[1], match[2]))
        elif line.strip() and (rows or refusals or number > _LONGEST_NOTICE):
            refusals.append(Refused(number, "the line has no CPT code and descriptor."))
    # A descriptor may begin with two digits of its own; numbers of lines stand in every line or in none.
    is_numbered = all(_NUMBERED.match(text) for _, _, text in rows)
    by_code: dict[str, str] = {}
    lines: dict[str, int] = {}
    before: str | None = None
    for number, code, raw in rows:
        text = " ".join((_NUMBERED.sub("", raw, count=1) if is_numbered else raw).split())
        if code not in by_code:
            by_code[code], lines[code] = text, number
        elif code == before:
            by_code[code] += f" {text}"
        else:
            refusals.append(Refused(number, f"{code} stands in line {lines[code]} already."))
        before = code
    return _Texts(_kind(source, by_code.values()), by_code, lines), refusals


def _kind(source: SourceFile, texts: Iterable[str]) -> str:
    """By the name where it is the AMA's, else by the longest descriptor."""
    name = source.file_name.upper()
    for start, kind in (("SHORT", "short"), ("MED", "medium"), ("LONG", "long")):
        if name.startswith(start):
            return kind
    longest = max(map(len, texts), default=0)
    return next((kind for kind in ("short", "medium") if longest <= _LONGEST[kind]), "long")


def _rank(texts: _Texts) -> tuple[bool, int, int]:
    """Mixed case before capitals, whole texts before cut ones; the same whichever file is read first."""
    mixed = any(text != text.upper() for text in texts.by_code.values())
    return mixed, sum(map(len, texts.by_code.values())), len(texts.by_code)


def _beside(source: SourceFile) -> Iterator[SourceFile]:
    """The other CPT files of the same zip or folder."""
    from scrubber.tables.importers.cells import sample_of

    if source.member is not None:
        candidates = open_sources(source.path, Stated(source.stated_table, source.stated_day))
        found = [one for one in candidates if isinstance(one, SourceFile) and one.member != source.member]
    else:
        paths = sorted(path for path in source.path.parent.glob("*.[tT][xX][tT]") if path.name != source.path.name)
        found = [_plain_file(path, source) for path in paths if 0 < path.stat().st_size <= _LARGEST_BESIDE]
    for one in found:
        try:
            if _is_cpt(sample_of(one)):
                yield one
        except TableError:
            continue  # something else that lies there and was not handed over


def _plain_file(path: Path, source: SourceFile) -> SourceFile:
    return SourceFile(path, "text", path.stat().st_size, lambda: path.open("rb"), stated_day=source.stated_day)


def _year(source: SourceFile) -> int:
    """The year of the release: as the user says, the year after the notice's last copyright year, or as a name says."""
    if source.stated_day is not None:
        return source.stated_day.year
    notice: list[str] = []
    for _, line in text_lines(source):
        if _ROW.fullmatch(line.rstrip()):
            break
        notice.append(line)
    years = [int(year) for found in _NOTICE.finditer(" ".join(notice)) for year in _YEARS.findall(found[1])]
    if years:
        return max(years) + 1
    year = next((year for year in map(year_in, source.names) if year), None)
    if year is None:
        raise unknown_edition(source, "of which year it is")
    return year


IMPORTERS = (
    Importer(
        name="cpt",
        meaning="CPT codes and descriptors, under your own licence",
        layout="AMA data files SHORTU, MEDU, LONGULT and their kin: notice, then code and text by tab or fixed width",
        recognise=_is_cpt,
        read=_read,
        is_general=True,  # codes and texts without headings: other files have such lines too
    ),
)
