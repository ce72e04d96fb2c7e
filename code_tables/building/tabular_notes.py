"""Builds the notes of ICD-10-CM from the tabular list, and takes its titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from building.sources import TABULAR
from scrubber.tables.code_sets import code_spans
from scrubber.tables.notes import NewNode, write_notes
from scrubber.tables.tabular import TabularNode

EDITION = "2026-04-01"


def tabular_titles(nodes: Iterable[TabularNode], codes: Iterable[str]) -> dict[str, str]:
    """Titles of the codes of the tabular list, and of the seven-character codes below them.

    The list does not write seven-character codes out. Their titles are made as those of the order file: the title of
    the code above, then the meaning of the 7th character, which a code inherits from the nearest one that defines it.
    """
    titles: dict[str, str] = {}
    meanings: dict[str, Mapping[str, str]] = {}
    for node in nodes:
        if not node.is_code:
            continue
        titles[node.name] = node.title
        meanings[node.name] = node.seventh_characters or meanings.get(node.parent or "", {})
    made = {}
    for code in codes:
        base = code[:6] if code[:6] in titles else code[:6].rstrip("X")
        meaning = meanings.get(base, {}).get(code[6:])
        if len(code) == 7 and meaning:
            made[code] = f"{titles[base]}, {meaning}"
    return {**made, **titles}


def build_notes(path: Path, nodes: Iterable[TabularNode], codes: Iterable[str]) -> int:
    """Write the notes; `codes` are all codes of the table, so that only real ones are read from the texts."""
    nodes = list(nodes)
    beginnings = {
        code[:length] for code in [*codes, *(node.name for node in nodes)] for length in range(3, len(code) + 1)
    }
    new_nodes = []
    for node in nodes:
        notes = {
            kind: tuple((text, code_spans(text, beginnings.__contains__)) for text in texts)
            for kind, texts in node.notes.items()
        }
        new_nodes.append(NewNode(node.name, node.parent, node.is_code, notes, node.seventh_characters))
    return write_notes(path, EDITION, TABULAR.name, TABULAR.licence, new_nodes)
