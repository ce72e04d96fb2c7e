"""The ICD-10-CM tabular list of CDC/NCHS (XML): its notes take the place of the shipped ones.

Excludes notes, code first, use additional, code also and 7th characters are stored beside the editions of `icd10cm`,
with the codes that each note names. Titles come with the order file, which writes every code out.

Source: https://www.cdc.gov/nchs/icd/icd-10-cm/files.html
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from scrubber.errors import TableError
from scrubber.tables.code_sets import code_spans
from scrubber.tables.importers.contract import Importer, NotesFound, Parsed, Remark, Sample, SourceFile
from scrubber.tables.importers.icd_merge import shipped_table
from scrubber.tables.importers.periods import fiscal_year, month_in, unknown_edition, year_in
from scrubber.tables.notes import NewNode
from scrubber.tables.tabular import TabularNode, read_tabular

_LOOK = 4_096
_LICENCE = "public domain (CDC/NCHS)"
_ROOT = b"<ICD10CM.tabular"


def _is_tabular(sample: Sample) -> bool:
    return sample.source.kind == "xml" and _ROOT in sample.head[:_LOOK]


def _read(source: SourceFile) -> Iterator[Parsed]:
    with source.open() as stream:
        head = stream.read(_LOOK)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise TableError("the tabular list declares entities of its own, as no published one does.", where=source.name)
    try:
        with source.open() as stream:
            nodes = list(read_tabular(stream, source.name))
    except RecursionError:
        raise TableError("the codes of the tabular list are nested without end.", where=source.name) from None
    if not any(node.is_code for node in nodes):
        raise TableError("the tabular list has no codes.", where=source.name)
    edition = _first_day(source).isoformat()
    what = f"ICD-10-CM tabular list of {edition}"
    yield NotesFound("icd10cm", edition, what, _LICENCE, tuple(_with_codes(nodes)))
    yield Remark("The notes of the tabular list are taken; titles of codes come with the order file.")


def _with_codes(nodes: list[TabularNode]) -> Iterator[NewNode]:
    """Each node with the codes that its notes name; only what is a code, or the beginning of one, is read as such."""
    codes = {row.key[0] for row in shipped_table("icd10cm").starting_with("")}
    codes.update(node.name for node in nodes if node.is_code)
    beginnings = {code[:length] for code in codes for length in range(3, len(code) + 1)}
    for node in nodes:
        notes = {
            kind: tuple((text, code_spans(text, beginnings.__contains__)) for text in texts)
            for kind, texts in node.notes.items()
        }
        yield NewNode(node.name, node.parent, node.is_code, notes, node.seventh_characters)


def _first_day(source: SourceFile) -> date:
    """The first day of a release: of its fiscal year, or 1 April for the update that its name tells."""
    if source.stated_day is not None:
        return source.stated_day
    for name in source.names:
        year = year_in(name)
        if year is not None:
            return date(year, 4, 1) if month_in(name) == 4 else fiscal_year(year).first_day
    raise unknown_edition(source, "of which fiscal year it is")


IMPORTERS = (
    Importer(
        name="icd10cm_tabular",
        meaning="notes and 7th characters of the ICD-10-CM tabular list",
        layout="CDC/NCHS tabular XML",
        recognise=_is_tabular,
        read=_read,
    ),
)
