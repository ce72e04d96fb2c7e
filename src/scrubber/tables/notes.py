"""The notes of the ICD-10-CM tabular list for a code: its own, and those inherited from the codes, the block and the
chapter above it.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from scrubber.errors import TableError
from scrubber.tables.code_sets import CodeSpan
from scrubber.tables.container import Container, write_container
from scrubber.tables.model import NO_EDITION, NO_ROW, NoAnswer

if TYPE_CHECKING:
    from scrubber.tables.table import Table

_CATEGORIES_PER_BLOCK = 8
_CATEGORY_LENGTH = 3
_CACHED_BLOCKS = 256  # all of a tabular list, about 8 MB when every chapter is asked for
_CACHED_CODES = 4096
_KINDS = ("excludes1", "excludes2", "code_first", "use_additional", "code_also")


@frozen
class Note:
    """One line of a note. `codes` is empty where the note names no code, or none that could be read surely."""

    text: str
    node: str  # the code, block ("A00-A09") or chapter ("chapter 1") at which the note stands
    codes: tuple[CodeSpan, ...] = ()

    def holds(self, code: str) -> bool:
        """Whether the note names a code, itself or among a range or a category."""
        return any(span.holds(code) for span in self.codes)


@frozen
class Notes:
    """What the tabular list says at a code, nearest notes first."""

    code: str
    edition: str  # the day of the tabular list
    excludes1: tuple[Note, ...] = ()
    excludes2: tuple[Note, ...] = ()
    code_first: tuple[Note, ...] = ()
    use_additional: tuple[Note, ...] = ()
    code_also: tuple[Note, ...] = ()
    seventh_characters: Mapping[str, str] = field(factory=dict)
    seventh_characters_from: str | None = None  # the code whose 7th characters these are


@frozen
class NewNode:
    """A node to be written: its notes by kind, each with the codes it names."""

    name: str
    parent: str | None
    is_code: bool
    notes: Mapping[str, tuple[tuple[str, tuple[CodeSpan, ...]], ...]]
    seventh_characters: Mapping[str, str]


def notes_of(table: Table, code: str, day: date) -> Notes | NoAnswer:
    """The notes for a code on a day: NO_EDITION where no edition of the table (or no notes) covers the day, NO_ROW
    where the tabular list has not even the category of the code.

    One tabular list is at hand, so earlier days are answered with its notes too.
    """
    if table.notes is None or table.edition_on(day) is None:
        return NO_EDITION
    return table.notes.of(code.replace(".", "").upper())


class NotesFile:
    """A file of notes, read in blocks. Stateful only in its bounded caches, which threads may share."""

    def __init__(self, path: Path) -> None:
        self.container = Container.open(path)
        head = self.container.head
        try:
            self.edition = str(head["edition"])
            self._first_categories: list[str] = [str(name) for name, _, _ in head["blocks"]]
            self._places = [(int(start), int(end)) for _, start, end in head["blocks"]]
        except (KeyError, TypeError, ValueError) as error:
            raise TableError("the file holds no notes.", where=str(path)) from error
        self._upper: dict[str, Any] | None = None
        self._in_order: list[str] | None = None
        self._block = lru_cache(maxsize=_CACHED_BLOCKS)(self._read_block)
        self.of = lru_cache(maxsize=_CACHED_CODES)(self._of)

    def _of(self, code: str) -> Notes | NoAnswer:
        """The notes of a code without dot, in upper case."""
        category = code[:_CATEGORY_LENGTH]
        if category not in self._categories():
            return NO_ROW
        block = self._block(bisect_right(self._first_categories, category) - 1)
        beginnings = (code[:length] for length in range(len(code), _CATEGORY_LENGTH - 1, -1))
        nodes = [_node(name, block[name]) for name in beginnings if name in block]
        name: str | None = self._categories()[category]
        while name is not None:
            node = self._upper_nodes()[name]
            nodes.append(node)
            name = node.parent
        found: dict[str, tuple[Note, ...]] = {
            kind: tuple(note for node in nodes for note in node.notes.get(kind, ())) for kind in _KINDS
        }
        seventh = next((node for node in nodes if node.seventh_characters), None)
        return Notes(
            code=code,
            edition=self.edition,
            **found,
            seventh_characters=seventh.seventh_characters if seventh else {},
            seventh_characters_from=seventh.name if seventh else None,
        )

    def categories_between(self, first: str, last: str) -> tuple[str, ...]:
        """The categories of three characters from one to another, both included."""
        if self._in_order is None:
            self._in_order = sorted(self._categories())
        return tuple(self._in_order[bisect_left(self._in_order, first) : bisect_right(self._in_order, last)])

    def _categories(self) -> Mapping[str, str]:
        """The block that each category stands in."""
        categories: Mapping[str, str] = self._load_upper()["categories"]
        return categories

    def _upper_nodes(self) -> Mapping[str, _Node]:
        """Chapters and blocks by name."""
        nodes: Mapping[str, _Node] = self._load_upper()["nodes"]
        return nodes

    def _load_upper(self) -> dict[str, Any]:
        if self._upper is None:
            raw = self._unpacked("upper", 0, self.container.place("upper")[1])
            nodes = {name: _node(name, node) for name, node in raw["nodes"].items()}
            self._upper = {"categories": raw["categories"], "nodes": nodes}
        return self._upper

    def _read_block(self, number: int) -> Mapping[str, Any]:
        """The nodes of some categories, as written."""
        start, end = self._places[number]
        nodes: Mapping[str, Any] = self._unpacked("nodes", start, end)
        return nodes

    def _unpacked(self, section: str, start: int, end: int) -> Any:
        try:
            return json.loads(zlib.decompress(self.container.section(section)[start:end]))
        except (zlib.error, ValueError) as error:
            raise self.container.damaged(section) from error


@frozen
class _Node:
    name: str
    parent: str | None
    notes: Mapping[str, tuple[Note, ...]]
    seventh_characters: Mapping[str, str]


def _node(name: str, raw: Sequence[Any]) -> _Node:
    """A node from what `write_notes` wrote."""
    parent, notes, seventh = raw
    kinds = {
        kind: tuple(Note(text, name, tuple(_span(*span) for span in spans)) for text, spans in lines)
        for kind, lines in notes.items()
    }
    return _Node(name, parent, kinds, seventh)


def _span(first: str, last: str, position: int | None, characters: str, endings: Iterable[str]) -> CodeSpan:
    return CodeSpan(first, last, position, characters, tuple(endings))


def write_notes(path: Path, edition: str, source: str, licence: str, nodes: Iterable[NewNode]) -> int:
    """Write a file of notes; gives back how many notes it holds. Parents come before their children."""
    upper: dict[str, Any] = {}
    categories: dict[str, str] = {}
    codes: dict[str, dict[str, Any]] = {}
    count = 0
    for node in nodes:
        count += sum(len(lines) for lines in node.notes.values())
        lines = {
            kind: [[text, [[*_plain_span(span)] for span in spans]] for text, spans in noted]
            for kind, noted in node.notes.items()
        }
        written = [None if node.is_code else node.parent, lines, dict(node.seventh_characters)]
        if not node.is_code:
            upper[node.name] = written
            continue
        category = node.name[:_CATEGORY_LENGTH]
        if len(node.name) == _CATEGORY_LENGTH and node.parent is not None:
            categories[category] = node.parent
        if lines or node.seventh_characters:
            codes.setdefault(category, {})[node.name] = written
    blocks: list[bytes] = []
    places: list[list[Any]] = []
    position = 0
    ordered = sorted(categories)
    for start in range(0, len(ordered), _CATEGORIES_PER_BLOCK):
        members = ordered[start : start + _CATEGORIES_PER_BLOCK]
        blocks.append(_packed({name: node for category in members for name, node in codes.get(category, {}).items()}))
        places.append([members[0], position, position + len(blocks[-1])])
        position += len(blocks[-1])
    head = {"edition": edition, "source": source, "licence": licence, "notes": count, "blocks": places}
    sections = {"upper": _packed({"categories": categories, "nodes": upper}), "nodes": b"".join(blocks)}
    write_container(path, head, sections)
    return count


def _plain_span(span: CodeSpan) -> tuple[Any, ...]:
    return span.first, span.last, span.position, span.characters, list(span.endings)


def _packed(content: Any) -> bytes:
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8"), 9)
