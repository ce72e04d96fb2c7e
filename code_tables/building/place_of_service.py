"""Builds the table of the CMS Place of Service codes from the facts in sources/place_of_service.csv."""

from __future__ import annotations

import csv
import hashlib
from datetime import date
from pathlib import Path

from building.diagnoses import LAST_DAY_OF_FY2027
from building.sources import PLACE_OF_SERVICE, BuildError
from scrubber.tables.model import Column
from scrubber.tables.writer import NewEdition, NewRow, write_edition

BASE_DAY = date(1980, 1, 1)
"""First day of the codes for which CMS states none: before any claim that is checked."""

_FACILITY = {"yes": True, "no": False, "": None}


def build_place_of_service(folder: Path, facts: Path) -> int:
    """Write `place_of_service`: which codes are valid when, and whether Medicare pays the facility rate there."""
    content = facts.read_bytes()
    if hashlib.sha256(content).hexdigest() != PLACE_OF_SERVICE.sha256:
        raise BuildError(f"{facts.name} was changed: state its new version and sha256 in building/sources.py")
    lines = content.decode("utf-8").splitlines()
    records = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    columns = (
        Column("facility", "flag", "Medicare pays the facility rate; blank where CMS names no rate"),
        Column("title", "long_text", "name of the place"),
    )
    edition = NewEdition(
        table="place_of_service",
        name=PLACE_OF_SERVICE.version,
        first_day=BASE_DAY,
        last_day=LAST_DAY_OF_FY2027,
        source=PLACE_OF_SERVICE.name,
        licence=PLACE_OF_SERVICE.licence,
        key=("code",),
        columns=columns,
    )
    rows = [_row(record, facts) for record in records]
    return write_edition(folder / "place_of_service" / f"{edition.name}.table", edition, rows)


def _row(record: dict[str, str], facts: Path) -> NewRow:
    if record["facility"] not in _FACILITY:
        raise BuildError(f"{facts.name}: code {record['code']} has the facility flag {record['facility']!r}")
    return NewRow(
        key=(record["code"],),
        valid_from=date.fromisoformat(record["valid_from"]) if record["valid_from"] else BASE_DAY,
        valid_to=date.fromisoformat(record["valid_to"]) if record["valid_to"] else None,
        values=(_FACILITY[record["facility"]],),
        texts=(record["title"],),
    )
