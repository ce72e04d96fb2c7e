"""Value sets: named, dated sets of codes and ranges that rules and checks use, in files beside the tables.

A YAML file says name, title, kind and source, and gives the codes in force from each date on:

    name: distinct
    title: Modifiers that call a service distinct
    kind: modifier
    source: CMS, Medicare NCCI Policy Manual, chapter I, section E
    values:
      1996-01-01: ["59"]
      2015-01-01: ["59", XE, XP, XS, XU]

A CSV file is called after its set; the first word of its header is the kind, the others are `from` and `to`:

    procedure,from,to
    99202-99205,2021-01-01,
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from attrs import frozen

from scrubber.errors import TableError, UnknownName, nearest

FOLDER = "value_sets"
RANGE_MARK = "-"
KINDS = ("procedure", "modifier", "diagnosis", "place_of_service", "bill_type", "revenue_code", "taxonomy")
"""What the codes of a set are: it decides which table knows them."""

_KEYS = ("name", "title", "kind", "source", "values")
_LONGEST = 40
_MOST_BYTES = 8_000_000


class CodeSet(Collection[str]):
    """A set of codes, some given as ranges "99202-99215": both ends included, codes of the same length, and between two
    codes of digits only codes of digits (00100-01999 does not hold 0191T).

    Raises:
        ValueError: a range ends before it begins, or its ends differ in length.
    """

    __slots__ = ("_exact", "_ranges", "text")

    def __init__(self, items: Iterable[str]) -> None:
        self.text = tuple(items)
        self._exact = frozenset(item for item in self.text if RANGE_MARK not in item)
        self._ranges: dict[tuple[int, bool], tuple[list[str], list[str]]] = {}
        """First and last codes of disjoint ranges in order, by the length of codes and whether both are digits."""
        for item in sorted(item for item in self.text if RANGE_MARK in item):
            first, _, last = item.partition(RANGE_MARK)
            if len(first) != len(last) or last < first:
                raise ValueError(f"{item!r} is no range of codes")
            starts, ends = self._ranges.setdefault((len(first), (first + last).isdigit()), ([], []))
            if starts and first <= ends[-1]:
                ends[-1] = max(ends[-1], last)
            else:
                starts.append(first)
                ends.append(last)

    @property
    def has_ranges(self) -> bool:
        """Whether some of the codes are given as ranges."""
        return bool(self._ranges)

    def __contains__(self, code: object) -> bool:
        if code in self._exact:
            return True
        if not self._ranges or not isinstance(code, str):
            return False
        return self._between(code, False) or (code.isdigit() and self._between(code, True))

    def _between(self, code: str, digits: bool) -> bool:
        starts, ends = self._ranges.get((len(code), digits), ((), ()))
        place = bisect_right(starts, code) - 1
        return place >= 0 and code <= ends[place]

    def __iter__(self) -> Any:
        return iter(self.text)

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return f"CodeSet({list(self.text)!r})"


@frozen
class ValueSet:
    """A named set: each value holds from its first day until the next one begins."""

    name: str
    title: str
    kind: str
    source: str
    values: tuple[tuple[date, CodeSet], ...]
    path: Path
    lines: tuple[int, ...] = ()
    """The line of the file at which each value stands."""

    def on(self, day: date) -> CodeSet | None:
        """The codes in force on a day; None before the first."""
        found: CodeSet | None = None
        for start, codes in self.values:
            if start > day:
                break
            found = codes
        return found

    def holds(self, code: str, day: date) -> bool:
        """Whether a code belongs to the set on a day."""
        codes = self.on(day)
        return codes is not None and code in codes


@frozen
class ValueSetProblem:
    """One mistake in a file of value sets: where, what, and how to mend it."""

    path: Path
    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" + (f" {self.hint}" if self.hint else "")


class ValueSets(Mapping[str, ValueSet]):
    """All value sets by name; an unknown name is told with the nearest known one."""

    def __init__(self, sets: Mapping[str, ValueSet]) -> None:
        self._sets = MappingProxyType(dict(sets))

    def __getitem__(self, name: str) -> ValueSet:
        """The set called `name`.

        Raises:
            UnknownName: there is none.
        """
        try:
            return self._sets[name]
        except KeyError:
            raise UnknownName("value set", name, self._sets) from None

    def __contains__(self, name: object) -> bool:
        return name in self._sets

    def __iter__(self) -> Iterator[str]:
        return iter(self._sets)

    def __len__(self) -> int:
        return len(self._sets)


def load_value_sets(folders: Iterable[Path]) -> ValueSets:
    """The value sets of some folders of tables; a set of a later folder takes the place of an earlier one's.

    Raises:
        TableError: files have mistakes; the message lists them all with file, line and mend.
    """
    found: dict[str, ValueSet] = {}
    problems: list[ValueSetProblem] = []
    for folder in folders:
        here, mistakes = _sets_in(folder)
        found |= here
        problems += mistakes
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        count = f"{len(problems)} mistake{'s' if len(problems) != 1 else ''}"
        raise TableError(f"the value sets have {count}:\n{listed}", hint="\nMend them and try again.")
    return ValueSets(found)


def value_set_mistakes(folder: Path) -> list[ValueSetProblem]:
    """Every mistake in the value sets of one folder."""
    return _sets_in(folder)[1]


def _sets_in(folder: Path) -> tuple[dict[str, ValueSet], list[ValueSetProblem]]:
    """The value sets that lie in a folder, and the mistakes in them."""
    here: dict[str, ValueSet] = {}
    problems: list[ValueSetProblem] = []
    for path in sorted((folder / FOLDER).glob("*")):
        if path.suffix not in (".yaml", ".csv"):
            continue
        value_set, mistakes = read_value_set(path)
        problems += mistakes
        if value_set is None:
            continue
        if value_set.name in here:
            other = here[value_set.name].path.name
            problems.append(ValueSetProblem(path, 1, f"the set {value_set.name!r} also stands in {other}."))
        here[value_set.name] = value_set
    return here, problems


def read_value_set(path: Path) -> tuple[ValueSet | None, list[ValueSetProblem]]:
    """One file, and its mistakes; no set where something essential is wrong."""
    problems: list[ValueSetProblem] = []
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = "is too large for a value set" if str(error) == "too large" else "cannot be read as UTF-8 text"
        return None, [ValueSetProblem(path, 1, f"the file {reason}.")]
    value_set = _from_csv(path, text, problems) if path.suffix == ".csv" else _from_yaml(path, text, problems)
    return (None if problems else value_set), problems


# YAML ------------------------------------------------------------------------------------------------------------


def _from_yaml(path: Path, text: str, problems: list[ValueSetProblem]) -> ValueSet | None:
    def note(node: yaml.Node | None, message: str, hint: str = "") -> None:
        problems.append(ValueSetProblem(path, node.start_mark.line + 1 if node else 1, message, hint))

    try:
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problems.append(ValueSetProblem(path, line, "this is not YAML.", "Check the indentation and the quotes."))
        return None
    if not isinstance(root, yaml.MappingNode):
        note(root, "a value set must be a mapping of `key: value` lines.")
        return None
    entries = _entries(root, note)
    for name in entries:
        if name not in _KEYS:
            close = nearest(name, _KEYS)
            hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(_KEYS)}."
            note(entries[name][0], f"a value set has no key {name!r}.", hint)
    for name in _KEYS:
        if name not in entries:
            note(root, f"the value set lacks the key {name!r}.", f"Add a line `{name}: …`.")
    texts: dict[str, str] = {}
    for name in _KEYS[:-1]:
        if name in entries:
            node = entries[name][1]
            if isinstance(node, yaml.ScalarNode) and node.value:
                texts[name] = node.value
            else:
                note(node, f"{name} must be text.")
    if "kind" in texts and texts["kind"] not in KINDS:
        note(entries["kind"][1], f"there is no kind {texts['kind']!r}.", f"Known: {', '.join(KINDS)}.")
    if "name" in texts and texts["name"] != path.stem:
        note(entries["name"][1], f"the set {texts['name']!r} must stand in the file {texts['name']}.yaml.")
    values = list(_yaml_values(entries["values"][1], note)) if "values" in entries else []
    if problems:
        return None
    values.sort(key=lambda value: value[0])
    return ValueSet(
        name=texts["name"],
        title=texts["title"],
        kind=texts["kind"],
        source=texts["source"],
        values=tuple((start, codes) for start, codes, _ in values),
        path=path,
        lines=tuple(line for _, _, line in values),
    )


def _entries(node: yaml.MappingNode, note: Any) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        if name in found:
            note(key, f"the key {name!r} stands twice.", "Keep one.")
        found[name] = (key, value)
    return found


def _yaml_values(node: yaml.Node, note: Any) -> Iterator[tuple[date, CodeSet, int]]:
    if not isinstance(node, yaml.MappingNode) or not node.value:
        note(node, "values must give a list of codes for each date from which it holds.")
        return
    for text, (key, listed) in _entries(node, note).items():
        start = _day(text)
        if start is None:
            note(key, f"{text!r} is not a date.", "Write it as 2026-10-01.")
        if not isinstance(listed, yaml.SequenceNode):
            note(listed, "the codes must be a list.")
            continue
        items: list[str] = []
        for item in listed.value:
            code = item.value.strip() if isinstance(item, yaml.ScalarNode) else ""
            if wrong := _wrong(code):
                note(item, wrong)
            else:
                items.append(code)
        if start is not None:
            yield start, CodeSet(items), key.start_mark.line + 1


def _wrong(code: str) -> str:
    """What is wrong with a code or a range, "" where nothing is."""
    first, mark, last = code.partition(RANGE_MARK)
    parts = (first, last) if mark else (first,)
    if not all(part.isascii() and part.isalnum() and part == part.upper() for part in parts) or len(code) > _LONGEST:
        return f"{code[:_LONGEST]!r} is no code: codes are capital letters and digits, without dots."
    if mark and (len(first) != len(last) or last < first):
        return f"{code!r} is no range of codes: the lower code stands first, both are of one length."
    return ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# CSV -------------------------------------------------------------------------------------------------------------


def _from_csv(path: Path, text: str, problems: list[ValueSetProblem]) -> ValueSet | None:
    rows = csv.reader(text.splitlines())
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        if len(header) != 3 or header[0] not in KINDS or header[1:] != ["from", "to"]:
            hint = f"Known kinds: {', '.join(KINDS)}."
            problems.append(ValueSetProblem(path, 1, "the header must be a kind, `from` and `to`.", hint))
            return None
        windows = [window for cells in rows if (window := _csv_row(path, rows.line_num, cells, problems)) is not None]
    except csv.Error as error:
        problems.append(ValueSetProblem(path, 1, f"this is not CSV: {error}."))
        return None
    values = tuple(_states(windows))
    if not values and not problems:
        problems.append(ValueSetProblem(path, 1, "the set has no codes."))
    return ValueSet(path.stem, path.stem.replace("_", " "), header[0], path.name, values, path, (1,) * len(values))


def _csv_row(
    path: Path, line: int, cells: Sequence[str], problems: list[ValueSetProblem]
) -> tuple[str, date, date | None] | None:
    if not any(cell.strip() for cell in cells):
        return None
    code, start_text, end_text = ([cell.strip() for cell in cells] + ["", "", ""])[:3]
    start, end = _day(start_text), _day(end_text) if end_text else None
    wrong = _wrong(code)
    if not wrong and (len(cells) > 3 or start is None or (end_text and end is None)):
        wrong = "a row is a code, its first day and its last day (blank where it is open), as 2026-10-01."
    if not wrong and start is not None and end is not None and end < start:
        wrong = f"{code} ends before it begins."
    if wrong or start is None:
        problems.append(ValueSetProblem(path, line, wrong))
        return None
    return code, start, end


def _states(windows: Sequence[tuple[str, date, date | None]]) -> Iterator[tuple[date, CodeSet]]:
    """The sets in force from each day on which something begins, or has ended the day before."""
    days = {start for _, start, _ in windows}
    days |= {end + timedelta(days=1) for _, _, end in windows if end is not None and end < date.max}
    for day in sorted(days):
        yield (
            day,
            CodeSet(code for code, start, end in windows if start <= day and (end is None or day <= end)),
        )
