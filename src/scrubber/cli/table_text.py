"""Code tables in words and as plain data: for `tables list` and `tables lookup`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from scrubber.cli.group import say
from scrubber.cli.options import load_rules
from scrubber.errors import ScrubberError, TableError
from scrubber.report.missing_tables import IMPORT_COMMAND
from scrubber.report.page import Page, some_of
from scrubber.tables import NO_EDITION, Edition, Row, Table, TableSet
from scrubber.tables.freshness import freshness
from scrubber.tables.schemas import KNOWN_TABLES, SHIPPED

NEIGHBOURS_SHOWN = 5
SHORTEST_PREFIX = 2


def rules_by_table(packs: Sequence[str], tables: TableSet) -> dict[str, list[str]]:
    """Which rules need which table. A pack that cannot be loaded is said, and the tables are listed all the same."""
    try:
        rules = load_rules(packs, tables)
    except ScrubberError as error:
        say(f"the rules cannot be loaded, so the list does not say who needs what. {error}")
        return {}
    needed: dict[str, list[str]] = {}
    for rule in rules:
        for name in rule.tables:
            if rule.id not in needed.setdefault(name, []):
                needed[name].append(rule.id)
    return {name: sorted(ids) for name, ids in needed.items()}


def table_objects(tables: TableSet, needed_by: Mapping[str, list[str]], day: date) -> list[dict[str, Any]]:
    """Every table, loaded or not, as plain data, with how it stands on a day."""
    names = sorted({*KNOWN_TABLES, *tables.names})
    return [_table_object(name, tables.get(name), needed_by.get(name, []), day) for name in names]


def _table_object(name: str, table: Table | None, needed_by: list[str], day: date) -> dict[str, Any]:
    fresh = freshness(table, day) if table else None
    return {
        "name": name,
        "loaded": table is not None,
        "key": list(table.key) if table else None,
        "editions": [_edition_object(edition) for edition in table.editions] if table else [],
        "covers_as_of": bool(fresh and fresh.covers_day),
        "wanted": bool(fresh is None or fresh.is_wanted),
        "days_old": fresh.days_old if fresh else None,
        "rhythm": fresh.rhythm if fresh else None,
        "overdue": bool(fresh and fresh.is_overdue),
        "comes_from": KNOWN_TABLES.get(name, "imported"),
        "needed_by": needed_by,
    }


def _edition_object(edition: Edition) -> dict[str, Any]:
    return {
        "name": edition.name,
        "from": edition.first_day,
        "to": edition.last_day,
        "rows": edition.rows,
        "source": edition.source,
        "licence": edition.licence,
        "files": list(edition.files),
        "missing_parts": list(edition.missing_parts),
    }


def write_tables(page: Page, tables: Iterable[Mapping[str, Any]], day: date) -> None:
    listed = list(tables)
    for table in listed:
        if table["loaded"]:
            page.line((table["name"], "bold"), (f"  key: {', '.join(table['key'])}", "dim"))
            for edition in table["editions"]:
                window = _window(edition["from"], edition["to"])
                page.line((f"{edition['name']}: {window}, {edition['rows']:,} rows", ""), indent=2)
                page.line((f"source: {edition['source']}", "dim"), indent=4)
                page.line((f"licence: {edition['licence']}", "dim"), indent=4)
                if edition["missing_parts"]:
                    parts = ", ".join(map(str, edition["missing_parts"]))
                    page.line((f"part {parts} of it is missing: codes in there are not checked", "yellow"), indent=4)
            page.line((_age(table), "dim"), *_warning(table, day), indent=2)
        else:
            page.line((table["name"], "bold"), ("  not loaded", "yellow"), (f"  {_origin(table)}", "dim"))
        if table["needed_by"]:
            page.line((f"for {some_of(table['needed_by'])}", "dim"), indent=2)
    _write_wants(page, listed, day)


def _age(table: Mapping[str, Any]) -> str:
    """How old the newest edition is; of a list that is kept as it is, age says nothing."""
    if table["rhythm"] is None:
        return "no newer edition is expected" if not table["wanted"] else "not published in a rhythm"
    days = table["days_old"]
    age = f"newest begins in {_days(-days)}" if days < 0 else f"newest began {_days(days)} ago"
    return f"{age}, published {table['rhythm']}"


def _days(days: int) -> str:
    """A span of days in words that need no calculator."""
    if days < 60:
        return f"{days} days"
    return f"{days // 30} months" if days < 730 else f"{days // 365} years"


def _warning(table: Mapping[str, Any], day: date) -> list[tuple[str, str]]:
    if table["wanted"]:
        return [(f"; no edition for {day.isoformat()}", "bold yellow")]
    return [("; a newer edition should be out", "bold yellow")] if table["overdue"] else []


def _write_wants(page: Page, listed: Sequence[Mapping[str, Any]], day: date) -> None:
    """What is missing for the day, in one place below the list."""
    missing = [table["name"] for table in listed if not table["loaded"]]
    uncovered = [table["name"] for table in listed if table["loaded"] and table["wanted"]]
    overdue = [table["name"] for table in listed if table["overdue"]]
    partial = [table["name"] for table in listed if any(edition["missing_parts"] for edition in table["editions"])]
    if not (missing or uncovered or overdue or partial):
        return
    page.line()
    if uncovered:
        page.line((f"no edition for {day.isoformat()}: ", "bold yellow"), (", ".join(uncovered), ""))
    if overdue:
        page.line(("older than their publisher's rhythm: ", "bold yellow"), (", ".join(overdue), ""))
    if partial:
        page.line(("with missing parts: ", "bold yellow"), (", ".join(partial), ""))
    if missing:
        page.line((f"{len(missing)} not loaded", ""))
    page.line(("bring one with: ", ""), (IMPORT_COMMAND, "bold"))


def loaded_table(tables: TableSet, name: str) -> Table:
    """A table that is at hand.

    Raises:
        UnknownName: no table is called so.
        TableError: the table is known, but not loaded.
    """
    table = tables.get(name)
    if table is None:
        source = KNOWN_TABLES[name]
        raise TableError(f"table {name!r} is not loaded.", hint=f"Bring it with {IMPORT_COMMAND} ({source}).")
    return table


def look_up(table: Table, key: Sequence[str], day: date) -> dict[str, Any]:
    """What a table says about a key: its answer on the day, and every window of the key.

    Raises:
        TableError: the key has not as many parts as the table's.
    """
    if len(key) != len(table.key):
        given = "part" if len(key) == 1 else "parts"
        blank = ' A blank modifier is "".' if "modifier" in table.key else ""
        raise TableError(
            f"the key has {len(key)} {given}, but {table.name} is looked up by {len(table.key)}.",
            hint=f"Give {' '.join(name.upper() for name in table.key)}.{blank}",
        )
    asked = _as_stored(table, key)
    answer = table.look_up(asked, day)
    windows = table.rows(asked)
    return {
        "table": table.name,
        "key": dict(zip(table.key, asked, strict=True)),
        "as_of": day,
        "answer": "row" if isinstance(answer, Row) else "no_edition" if answer is NO_EDITION else "no_row",
        "missing_part": _missing_part(table, day) if answer is NO_EDITION else None,
        "row": _row_object(answer) if isinstance(answer, Row) else None,
        "windows": [_row_object(row) for row in windows],
        "editions": [_edition_object(edition) for edition in table.editions],
        "neighbours": [] if windows else _neighbours(table, asked[0]),
    }


def _as_stored(table: Table, key: Sequence[str]) -> tuple[str, ...]:
    """The key as typed if the table has it; else in upper case and without the dot that ICD codes are read with."""
    typed = tuple(key)
    if table.rows(typed):
        return typed
    return tuple(part.upper().replace(".", "") for part in typed)


def _missing_part(table: Table, day: date) -> str | None:
    """What was not imported of the edition of a day: "part 4 of ncci_ptp_hospital 2024q3"."""
    edition = table.lacking_on(day)
    return None if edition is None else f"{edition.missing_in_words} of {table.name} {edition.name}"


def _neighbours(table: Table, code: str) -> list[str]:
    """Keys that begin like a code that is not there, for whoever mistyped its end."""
    for length in range(len(code), SHORTEST_PREFIX - 1, -1):
        rows = islice(table.starting_with(code[:length]), NEIGHBOURS_SHOWN)
        if found := list(dict.fromkeys(" ".join(row.key) for row in rows)):
            return found
    return []


def _row_object(row: Row) -> dict[str, Any]:
    return {"from": row.valid_from, "to": row.valid_to, **row.as_dict()}


def write_answer(page: Page, answer: Mapping[str, Any]) -> None:
    key = " ".join(answer["key"].values())
    day = answer["as_of"].isoformat()
    page.line((f"{answer['table']} {key}", "bold"), (f" as of {day}: ", ""), *_verdict(answer))
    if answer["row"]:
        for column, value in answer["row"].items():
            if _is_told(column, value):
                page.line((f"{column}: ", "dim"), (_in_words(value), ""), indent=2)
    others = [window for window in answer["windows"] if window != answer["row"]]
    together = [window for window in others if answer["row"] and _holds(window, answer["as_of"])]
    _write_windows(page, "also in force on that day:", together)
    apart = [window for window in others if window not in together]
    _write_windows(page, "other windows of this key:" if answer["row"] else "windows of this key:", apart)
    if answer["neighbours"]:
        page.line((f"keys that begin alike: {', '.join(answer['neighbours'])}", "dim"), indent=2)


def _write_windows(page: Page, head: str, windows: Sequence[Mapping[str, Any]]) -> None:
    if windows:
        page.line((head, ""), indent=2)
    for window in windows:
        told = [f"{column} {_in_words(value)}" for column, value in window.items() if _is_told(column, value)]
        page.line((f"{_window(window['from'], window['to'])}: ", "bold"), (", ".join(told), ""), indent=4)


def _is_told(column: str, value: Any) -> bool:
    """Whether a value says something: a flag that is not set does so only where the code turns on it."""
    return column not in ("from", "to") and value not in (None, "") and (value is not False or column == "billable")


def _in_words(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _holds(window: Mapping[str, Any], day: date) -> bool:
    return window["from"] <= day and (window["to"] is None or day <= window["to"])


def _verdict(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    if answer["row"]:
        return [("row", "bold green"), (f", valid {_window(answer['row']['from'], answer['row']['to'])}", "")]
    if answer["answer"] == "no_row":
        return [("no row", "bold yellow"), (" is in force on that day", "")]
    if answer["missing_part"]:
        hint = f"which would hold it, and is not imported. Bring it with {IMPORT_COMMAND}"
        return [("not known", "bold red"), (f": that takes {answer['missing_part']}, {hint}", "")]
    days = "; ".join(f"{edition['name']} {_window(edition['from'], edition['to'])}" for edition in answer["editions"])
    return [("no edition", "bold red"), (f" covers that day. Loaded: {days}", "")]


def _window(first: date | None, last: date | None) -> str:
    return f"{first.isoformat() if first else 'the beginning'} to {last.isoformat() if last else 'open'}"


def _origin(table: Mapping[str, Any]) -> str:
    return "" if table["comes_from"] == SHIPPED else f"from: {table['comes_from']}"
