"""Whether the tables at hand are whole, and agree with known facts and with each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, Literal

import yaml
from attrs import field, frozen

from scrubber.content import content_folder
from scrubber.errors import TableError
from scrubber.tables.edition_file import EditionFile, Row
from scrubber.tables.model import NO_EDITION, NO_ROW
from scrubber.tables.notes import notes_of
from scrubber.tables.schemas import SCHEMAS, TableSchema
from scrubber.tables.table import Table
from scrubber.tables.table_set import TableSet
from scrubber.tables.value_set_check import check_value_sets

EXAMPLES = 5
_NO_ANSWERS = {"no_row": NO_ROW, "no_edition": NO_EDITION}

Gravity = Literal["wrong", "doubtful", "fine", "not checked"]
"""Wrong: the table must be imported again. Doubtful: worth a look, and may well be so in the published file."""


@frozen
class Verdict:
    """The outcome of one check of one table (or edition)."""

    table: str
    edition: str
    check: str
    gravity: Gravity
    what: str
    count: int = 0
    examples: tuple[str, ...] = field(default=())


def verify(tables: TableSet, names: tuple[str, ...] = ()) -> Iterator[Verdict]:
    """Check every edition of every table (or of those named): checksums, size, parts, overlaps, orphan codes; then
    the known facts.
    """
    chosen = names or tables.names
    for name in chosen:
        table = tables.get(name)
        if table is None:
            yield Verdict(name, "", "loaded", "not checked", "not loaded")
            continue
        for file in table.files:
            yield from _verify_edition(tables, file)
    yield from _verify_facts(tables, chosen)
    if not names:
        yield from _verify_value_sets(tables)


def _verify_edition(tables: TableSet, file: EditionFile) -> Iterator[Verdict]:
    name, edition = file.table, file.edition.name
    try:
        file.container.verify()
    except TableError as error:
        yield Verdict(name, edition, "checksums", "wrong", str(error), 1)
        return
    yield Verdict(name, edition, "checksums", "fine", f"{file.count:,} rows as they were written")
    schema = SCHEMAS.get(name)
    if file.edition.missing_parts:
        missing = ", ".join(map(str, file.edition.missing_parts))
        yield Verdict(
            name, edition, "parts", "wrong", f"missing: part {missing}; codes in there are answered with no edition", 1
        )
    elif schema and file.count < schema.least_rows:
        yield Verdict(
            name, edition, "size", "doubtful", f"{file.count:,} rows; a full edition has over {schema.least_rows:,}", 1
        )
    yield _overlaps(file, schema)
    if schema and schema.procedures_in:
        yield from _orphans(tables, file, schema)


def _overlaps(file: EditionFile, schema: TableSchema | None) -> Verdict:
    """Keys with several rows in force on one day."""
    found: dict[tuple[str, ...], None] = {}
    last_raw: bytes | None = None
    last_end = -1
    for number in range(file.count):
        raw = file.raw_key(number)
        first, last, _, _ = file.window_at(number)
        if raw == last_raw:
            if first <= last_end:
                found[file.key_at(number)] = None
            last_end = max(last_end, last)
        else:
            last_raw, last_end = raw, last
    allowed = schema is not None and schema.several_in_force
    examples = tuple(" ".join(key) for key in list(found)[:EXAMPLES])
    if not found:
        return Verdict(file.table, file.edition.name, "overlaps", "fine", "no two rows of a key on one day")
    what = f"{len(found):,} keys have several rows on one day" + (", as this table may" if allowed else "")
    return Verdict(
        file.table, file.edition.name, "overlaps", "fine" if allowed else "wrong", what, len(found), examples
    )


def _orphans(tables: TableSet, file: EditionFile, schema: TableSchema) -> Iterator[Verdict]:
    """Procedure codes in force on the last day of the edition that the code table of their kind does not know."""
    day = file.edition.last_day or file.edition.first_day
    codes = _codes_in_force(file, schema, day)
    kinds = {
        "hcpcs": {code for code in codes if code[:1].isalpha() and code[1:].isdigit() and code[0] != "D"},
        "cdt": {code for code in codes if code[:1] == "D" and code[1:].isdigit()},
        "cpt": {code for code in codes if code[:1].isdigit()},
    }
    for kind, held in kinds.items():
        table = tables.get(kind)
        check = f"codes of {kind}"
        if not held or kind == file.table:
            continue
        if table is None or table.edition_on(day) is None:
            reason = "is not loaded" if table is None else f"has no edition for {day}"
            yield Verdict(file.table, file.edition.name, check, "not checked", f"table {kind} {reason}")
            continue
        unknown = sorted(code for code in held if not table.look_up(code, day))
        if unknown:
            what = f"{len(unknown):,} of {len(held):,} codes are not in {kind} on {day}"
            examples = tuple(unknown[:EXAMPLES])
            yield Verdict(file.table, file.edition.name, check, "doubtful", what, len(unknown), examples)
        else:
            yield Verdict(file.table, file.edition.name, check, "fine", f"all {len(held):,} codes are in {kind}")


def _codes_in_force(file: EditionFile, schema: TableSchema, day: date) -> set[str]:
    number_of_day = day.toordinal()
    in_key = [place for place, name in enumerate(file.key_names) if name in schema.procedures_in]
    in_row = [file.positions[name] for name in schema.procedures_in if name in file.positions]
    codes: set[str] = set()
    for number in range(file.count):
        first, last, _, _ = file.window_at(number)
        if first <= number_of_day <= last:
            key = file.key_at(number)
            codes.update([key[place] for place in in_key])
            if in_row:
                values = file.values_at(number)
                codes.update([values[place] for place in in_row if values[place]])
    return codes


def _verify_value_sets(tables: TableSet) -> Iterator[Verdict]:
    """Whether the code tables know the codes of the value sets on their days."""
    for check in check_value_sets(tables):
        name = f"value set {check.name}"
        if check.unknown:
            what = f"{len(check.unknown)} entries that no table knows on their days"
            examples = tuple(str(problem) for problem in check.unknown[:EXAMPLES])
            yield Verdict(name, "", "codes", "doubtful", what, len(check.unknown), examples)
        elif check.known:
            yield Verdict(name, "", "codes", "fine", f"{check.known} entries are known")
        if check.not_checked:
            yield Verdict(name, "", "codes", "not checked", ", ".join(check.not_checked))


def _verify_facts(tables: TableSet, chosen: tuple[str, ...]) -> Iterator[Verdict]:
    """The facts that hold in every edition of the shipped tables."""
    facts = _facts()
    wrong: dict[str, list[str]] = {}
    held: dict[str, int] = {}
    for kind, check in (("look_ups", _look_up), ("counts", _count), ("notes", _note)):
        for fact in facts.get(kind, []):
            name = str(fact.get("table", "icd10cm"))
            table = tables.get(name) if name in chosen else None
            if table is None:
                continue
            held[name] = held.get(name, 0) + 1
            problem = check(table, fact)
            if problem:
                wrong.setdefault(name, []).append(problem)
    for name, count in held.items():
        problems = wrong.get(name, [])
        if problems:
            what = f"{len(problems):,} of {count:,} known facts do not hold"
            yield Verdict(name, "", "known facts", "wrong", what, len(problems), tuple(problems[:EXAMPLES]))
        else:
            yield Verdict(name, "", "known facts", "fine", f"all {count:,} hold")


@cache
def _facts() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(
        (content_folder("code_tables") / "anchors.yaml").read_text(encoding="utf-8")
    )
    return loaded


def _look_up(table: Table, fact: Mapping[str, Any]) -> str | None:
    answer = table.look_up(fact["code"], date.fromisoformat(fact["day"]))
    expected, name = fact["expect"], f"{fact['code']} on {fact['day']}"
    if isinstance(expected, str):
        return None if answer is _NO_ANSWERS[expected] else f"{name} is not {expected}"
    if not isinstance(answer, Row):
        return f"{name} has no row"
    # The facts were stated for the shipped editions; an imported one may have fewer columns.
    wrong = [column for column, value in expected.items() if column in table.columns and answer.get(column) != value]
    return f"{name} has another {', '.join(wrong)}" if wrong else None


def _count(table: Table, fact: Mapping[str, Any]) -> str | None:
    day = date.fromisoformat(fact["day"])
    wanted = [(table.position(column), value) for column, value in fact["where"].items()]
    found = sum(
        all(row.values[position] == value for position, value in wanted) for row in table.starting_with("", day)
    )
    return None if found == fact["rows"] else f"{found:,} rows on {day} with {fact['where']}, not {fact['rows']:,}"


def _note(table: Table, fact: Mapping[str, Any]) -> str | None:
    notes = notes_of(table, fact["code"], date.fromisoformat(fact["day"]))
    nodes = [note.node for note in getattr(notes, fact["kind"], ()) if note.holds(fact["other"])]
    return None if nodes == fact["nodes"] else f"{fact['kind']} of {fact['code']} and {fact['other']}"
