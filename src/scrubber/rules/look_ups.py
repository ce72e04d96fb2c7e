"""Look-ups of a rule file: rows of tables, answers of finders, days between two dates."""

from __future__ import annotations

import re

import yaml

from scrubber.checks import known_checks
from scrubber.errors import UnknownName
from scrubber.fields import FieldType
from scrubber.rules import keys
from scrubber.rules.conditions import DAYS, OF_A_PACKAGE, Columns, Names, date_field, phrase
from scrubber.rules.meanings import meant
from scrubber.rules.model import DaysLookUp, FieldRef, FinderLookUp, LookUp, Scope, TableLookUp
from scrubber.rules.prose import as_written
from scrubber.rules.yaml_source import Entries
from scrubber.tables import TableSet
from scrubber.tables.schemas import SCHEMAS

ALIAS = re.compile(r"[a-z][a-z0-9_]*")
"""What a name that a rule gives must look like."""


def read_look_ups(names: Names, node: yaml.Node, scope: Scope, tables: TableSet) -> tuple[LookUp, ...]:
    """The look-ups of a rule, in order; each may use those before it."""
    source = names.source
    found: list[LookUp] = []
    for alias, (key, value) in (source.entries(node, "look_up") or {}).items():
        if alias in names.scopes or not ALIAS.fullmatch(alias):
            source.note(key, "RL015", f"{alias!r} cannot be the name of a look-up.")
            continue
        if _lacks_match(names, alias, value):
            continue
        entries = source.record(value, f"the look-up {alias}", keys.LOOK_UP)
        if not entries:
            continue
        look_up: LookUp | None
        if "days_from" in entries:
            look_up = _days(names, alias, entries, value)
        elif "find" in entries:
            look_up = _finder(names, alias, entries, value)
        else:
            look_up = _table(names, alias, entries, value, scope, tables)
        if look_up is not None:
            found.append(look_up)
    return tuple(found)


def _lacks_match(names: Names, alias: str, node: yaml.Node) -> bool:
    """Whether the keys of a table stand beside `table`, and not under `match`."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    written = {key.value: value for key, value in pairs if isinstance(key, yaml.ScalarNode)}
    stray = [name for name in written if isinstance(name, str) and meant(name, keys.LOOK_UP) is None]
    if "table" not in written or "match" in written or not stray:
        return False
    message = f"the look-up {alias} lacks the key 'match', below which the keys of the table stand."
    values = ", ".join(f"{name}: {as_written(written[name])}" for name in stray)
    names.source.note(node, "RL003", message, f"Write `match: {{{values}}}`.")
    names.unknown.add(alias)
    return True


def _days(names: Names, alias: str, entries: Entries, node: yaml.Node) -> DaysLookUp | None:
    names.look_ups[alias] = DAYS
    if other := [key for key in entries if key not in ("days_from", "to")]:
        names.source.note(entries[other[0]][0], "RL002", f"days_from takes only `to`, not {other[0]!r}.")
    if "to" not in entries:
        names.source.note(node, "RL003", f"the look-up {alias} lacks the key 'to'.",
                          "Write {days_from: $claim.admission_date, to: $line.service_date}.")  # fmt: skip
        return None
    start, end = (date_field(names, entries[key][1], key) for key in ("days_from", "to"))
    if start is None or end is None:
        return None
    if names.is_private(start) or names.is_private(end):
        names.private.add(alias)
    return DaysLookUp(alias, start, end)


def _finder(names: Names, alias: str, entries: Entries, node: yaml.Node) -> FinderLookUp | None:
    source = names.source
    finders = known_checks().finders
    name = source.choice(entries["find"][1], "the finder", finders, OF_A_PACKAGE)
    names.look_ups[alias] = finders.get(name or "")
    names.unknown |= {alias} if name is None else set()
    if "of" not in entries:
        source.note(node, "RL003", f"the look-up {alias} lacks the key 'of'.", "Name what it is about.")
        return None
    of = source.choice(entries["of"][1], "of", names.scopes)
    if name is None or of is None:
        return None
    if names.scopes[of] not in finders[name].of:
        kinds = ", ".join(sorted(kind.value for kind in finders[name].of))
        source.note(entries["of"][1], "RL007", f"{name} is about: {kinds}.")
        return None
    return FinderLookUp(alias, name, of)


def _table(
    names: Names, alias: str, entries: Entries, node: yaml.Node, scope: Scope, tables: TableSet
) -> TableLookUp | None:
    source = names.source
    names.look_ups[alias] = None
    if "table" not in entries or "match" not in entries:
        source.note(node, "RL003", f"the look-up {alias} needs `table` and `match`, or `find` and `of`, "
                                   "or `days_from` and `to`.")  # fmt: skip
        return None
    name = source.text(entries["table"][1], "table") or ""
    try:
        table = tables.get(name)
    except UnknownName as error:
        source.note(entries["table"][1], "RL009", error.message, error.hint)
        return None
    names.look_ups[alias] = table if table is not None else Columns.of_schema(SCHEMAS[name])
    match: dict[str, FieldRef | str] = {}
    given = source.entries(entries["match"][1], "match")
    for column, (key, value) in (given or {}).items():
        if table is not None and column not in table.key:
            source.note(key, "RL009", f"{column!r} is no key of {name}.", f"Its key: {', '.join(table.key)}.")
        text = source.text(value, column) or ""
        if names.lacks_dollar(text):
            source.note(value, "RL008", f"{text!r} would be taken for a text.", f"Write ${text}.", f"${text}")
            continue
        reference = names.reference(value, text[1:]) if text.startswith("$") else text
        if isinstance(reference, FieldRef) and reference.type not in (FieldType.CODE, FieldType.TEXT):
            source.note(value, "RL007", f"a key of a table is a code; {reference} is {phrase(reference.type)}.")
        if reference is not None:
            match[column] = reference
    if table is not None and given is not None and set(given) <= set(table.key):
        missing = [column for column in table.key if column not in given]
        if missing:
            source.note(entries["match"][1], "RL003", f"match lacks {', '.join(missing)}.")
    as_of_node = entries["as_of"][1] if "as_of" in entries else None
    as_of_text = source.text(as_of_node, "as_of") if as_of_node else f"${scope.alias}.as_of"
    as_of = names.reference(as_of_node or node, (as_of_text or "").removeprefix("$"))
    if as_of is not None and as_of.type is not FieldType.DATE and not names.is_untyped(as_of):
        source.note(as_of_node or node, "RL007", f"as_of must be a date; {as_of} is {phrase(as_of.type)}.")
    return TableLookUp(alias, name, match, as_of) if as_of is not None else None
