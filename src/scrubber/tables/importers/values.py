"""Single values as publishers write them: codes, days, numbers, flags. What makes no sense raises `NotTaken`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from scrubber.tables.importers.cells import plain

_PROCEDURE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_ICD10CM = re.compile(r"[A-Z][0-9A-Z]{2,6}")
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[ T].*)?|(\d\d?)/(\d\d?)/(\d{4})(?: .*)?")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
_LONGEST_SHOWN = 20


class NotTaken(ValueError):
    """A row that cannot be taken; the text is the reason. It never leaves the importers."""


def mostly(pattern: re.Pattern[str], lines: Sequence[str]) -> list[re.Match[str]]:
    """The lines of a sample that fit a layout; none where fewer than four in five do, since then it is another."""
    some = [line for line in lines if line.strip()]
    fitting = [match for match in map(pattern.fullmatch, some) if match]
    return fitting if 5 * len(fitting) >= 4 * len(some) else []


def shown(text: str) -> str:
    """A value for a message: quoted, and cut where it is long, so that no text of a licensed file is repeated."""
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…")


def procedure_of(cell: str, *, is_sheet: bool = False) -> str:
    """A procedure code. A workbook may hold 00100 as a number, which reads as 100."""
    code = "".join(character for character in cell.upper() if character.isascii()).strip()
    if is_sheet and code.isdigit():
        code = code.zfill(5)
    if not _PROCEDURE.fullmatch(code):
        raise NotTaken(f"{shown(code)} is no procedure code")
    return code


def modifier_of(cell: str) -> str:
    """A modifier of two characters."""
    code = cell.strip().upper()
    if not _MODIFIER.fullmatch(code):
        raise NotTaken(f"{shown(code)} is no modifier")
    return code


def icd10cm_of(cell: str) -> str:
    """An ICD-10-CM code without its dot."""
    code = cell.strip().upper().replace(".", "")
    if not _ICD10CM.fullmatch(code):
        raise NotTaken(f"{shown(code)} is no ICD-10-CM code")
    return code


def day_of(cell: str, what: str) -> date | None:
    """A day as YYYYMMDD, YYYY-MM-DD or MM/DD/YYYY; a blank is None."""
    text = cell.strip()
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found and found[1]:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found:
            return date(int(found[6]), int(found[4]), int(found[5]))
    except ValueError:
        pass
    raise NotTaken(f"{what} {shown(text)} is no day")


def decimal_of(cell: str, what: str) -> str | None:
    """A number as text, without dollar sign and thousands separators; a blank or a lone point is None."""
    text = cell.strip().removeprefix("$").replace(",", "").strip()
    if text in ("", "."):
        return None
    if not _NUMBER.fullmatch(text):
        raise NotTaken(f"{what} {shown(cell.strip())} is no number")
    return text


def joined(parts: Sequence[str]) -> str | None:
    """What is not blank, with blanks between."""
    return " ".join(part.strip() for part in parts if part.strip()) or None


def header_places(cells: Sequence[str], wanted: Mapping[str, str]) -> dict[str, int]:
    """Where the wanted headings stand in a row: by our name for each. Case, line breaks and blanks do not matter."""
    headings = [plain(cell).lower() for cell in cells]
    return {name: headings.index(heading.lower()) for name, heading in wanted.items() if heading.lower() in headings}


def cell_at(cells: Sequence[str], places: Mapping[str, int], name: str) -> str:
    """A cell by our name for its column; blank where the row is short or the column is missing."""
    place = places.get(name)
    return cells[place] if place is not None and place < len(cells) else ""
