"""Writes the manifest of the shipped tables, and checks the tables against their anchors."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from building.sources import ALL_SOURCES, BuildError
from scrubber.tables import NO_EDITION, NO_ROW, Row, Table, TableSet
from scrubber.tables.notes import notes_of

_NO_ANSWERS = {"no_row": NO_ROW, "no_edition": NO_EDITION}


def write_manifest(folder: Path) -> None:
    """Describe every table file: where its facts come from, under which licence, how many rows, which sha256."""
    tables = TableSet.from_folders([(folder, False)])
    described: dict[str, Any] = {}
    for name in tables.names:
        table = _table(tables, name)
        blank = sum(row.title is None for row in table.starting_with("")) if "title" in table.columns else None
        for edition in table.editions:
            path = folder / name / f"{edition.name}.table"
            described[f"{name}/{path.name}"] = {
                "edition": edition.name,
                "first_day": edition.first_day.isoformat(),
                "last_day": edition.last_day.isoformat() if edition.last_day else None,
                "source": edition.source,
                "licence": edition.licence,
                "rows": edition.rows,
                **({} if blank is None else {"rows_without_title": blank}),
                "sha256": _sha256(path),
            }
        if table.notes is not None:
            head = table.notes.container.head
            described[f"{name}/{table.notes.container.path.name}"] = {
                "edition": table.notes.edition,
                "source": head["source"],
                "licence": head["licence"],
                "notes": head["notes"],
                "sha256": _sha256(table.notes.container.path),
            }
    sources = [
        {
            "package": source.name,
            "file": source.file,
            "sha256": source.sha256,
            "licence": source.licence,
            "what": source.what,
        }
        for source in ALL_SOURCES
    ]
    text = json.dumps({"files": described, "sources": sources}, indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def check_anchors(folder: Path, anchors: Path) -> int:
    """Hold the tables against the facts of `anchors.yaml`; gives back how many facts there are.

    Raises:
        BuildError: a fact does not hold; the message lists all that do not.
    """
    tables = TableSet.from_folders([(folder, False)])
    facts = yaml.safe_load(anchors.read_text(encoding="utf-8"))
    wrong = [problem for fact in facts["look_ups"] if (problem := _check_look_up(tables, fact))]
    wrong += [problem for fact in facts["counts"] if (problem := _check_count(tables, fact))]
    wrong += [problem for fact in facts["notes"] if (problem := _check_note(tables, fact))]
    if wrong:
        raise BuildError("anchors do not hold:\n  " + "\n  ".join(wrong))
    return sum(len(kind) for kind in facts.values())


def _check_look_up(tables: TableSet, fact: dict[str, Any]) -> str | None:
    answer = _table(tables, fact["table"]).look_up(fact["code"], date.fromisoformat(fact["day"]))
    name = f"{fact['table']} {fact['code']} on {fact['day']}"
    expected = fact["expect"]
    if isinstance(expected, str):
        return None if answer is _NO_ANSWERS[expected] else f"{name}: {answer}, expected {expected}"
    if not isinstance(answer, Row):
        return f"{name}: {answer}, expected a row"
    found = {column: answer.get(column) for column in expected}
    return None if found == expected else f"{name}: {found}, expected {expected}"


def _check_count(tables: TableSet, fact: dict[str, Any]) -> str | None:
    day = date.fromisoformat(fact["day"])
    table = _table(tables, fact["table"])
    wanted = [(table.position(column), value) for column, value in fact["where"].items()]
    rows = table.starting_with("", day)
    found = sum(all(row.values[position] == value for position, value in wanted) for row in rows)
    name = f"{fact['table']} on {fact['day']} with {fact['where']}"
    return None if found == fact["rows"] else f"{name}: {found} rows, expected {fact['rows']}"


def _check_note(tables: TableSet, fact: dict[str, Any]) -> str | None:
    notes = notes_of(_table(tables, "icd10cm"), fact["code"], date.fromisoformat(fact["day"]))
    name = f"{fact['kind']} of {fact['code']} and {fact['other']}"
    if not notes:
        return f"{name}: no notes"
    holding = [note for note in getattr(notes, fact["kind"]) if note.holds(fact["other"])]
    nodes = [note.node for note in holding]
    return None if nodes == fact["nodes"] else f"{name}: stands at {nodes}, expected {fact['nodes']}"


def _table(tables: TableSet, name: str) -> Table:
    table = tables.get(name)
    if table is None:
        raise BuildError(f"table {name} was not built")
    return table


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
