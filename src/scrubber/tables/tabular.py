"""Reads the ICD-10-CM tabular list as CDC/NCHS publishes it (XML): titles, notes and 7th characters of every node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from attrs import field, frozen

from scrubber.errors import TableError

NOTE_KINDS: Mapping[str, str] = {
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code_first",
    "useAdditionalCode": "use_additional",
    "codeAlso": "code_also",
}
"""The elements of the list that hold notes about other codes, and what we call them."""


@frozen
class TabularNode:
    """A chapter, a block or a code of the tabular list. Codes are without dots."""

    name: str  # "chapter 1", "A00-A09", "A000"
    parent: str | None
    title: str
    is_code: bool
    notes: Mapping[str, tuple[str, ...]] = field(factory=dict)
    seventh_characters: Mapping[str, str] = field(factory=dict)


def read_tabular(file: Path | IO[bytes], where: str = "") -> Iterator[TabularNode]:
    """Every node, parents before their children. `where` names the file in errors.

    Raises:
        TableError: the file is no tabular list.
    """
    where = where or str(file)
    try:
        root = ElementTree.parse(file).getroot()
    except (OSError, ElementTree.ParseError) as error:
        raise TableError(f"the tabular list cannot be read ({error}).", where=where) from error
    if root.tag != "ICD10CM.tabular":
        raise TableError("this is no ICD-10-CM tabular list.", where=where)
    for chapter in root.findall("chapter"):
        name = f"chapter {_text(chapter.find('name'))}"
        yield _node(chapter, name, None, is_code=False)
        for block in chapter.findall("section"):
            block_name = block.get("id") or ""
            if "-" not in block_name:  # a block of one category must not be taken for the category
                block_name = f"{block_name}-{block_name}"
            yield _node(block, block_name, name, is_code=False)
            for code in block.findall("diag"):
                yield from _codes(code, block_name)


def _codes(element: ElementTree.Element, parent: str) -> Iterator[TabularNode]:
    name = _text(element.find("name")).replace(".", "")
    yield _node(element, name, parent, is_code=True)
    for child in element.findall("diag"):
        yield from _codes(child, name)


def _node(element: ElementTree.Element, name: str, parent: str | None, *, is_code: bool) -> TabularNode:
    notes = {}
    for tag, kind in NOTE_KINDS.items():
        texts = tuple(_text(note) for found in element.findall(tag) for note in found.findall("note"))
        if texts:
            notes[kind] = texts
    seventh = {
        (extension.get("char") or "").strip(): _text(extension)
        for extension in element.findall("sevenChrDef/extension")
    }
    return TabularNode(name, parent, _text(element.find("desc")), is_code, notes, seventh)


def _text(element: ElementTree.Element | None) -> str:
    """All the text of an element on one line."""
    return "" if element is None else " ".join("".join(element.itertext()).split())
