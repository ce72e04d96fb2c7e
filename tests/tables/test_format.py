"""The table file: what is written is found again, by the right day, and a broken file is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber.errors import TableError, UnknownName
from scrubber.tables import NO_EDITION, NO_ROW, Column, Row, Table, TableSet
from scrubber.tables import table as table_module
from scrubber.tables import writer as table_writer
from scrubber.tables.edition_file import EditionFile
from scrubber.tables.schemas import TableSchema
from scrubber.tables.writer import NewEdition, NewRow, Pile, write_edition

FIRST, LAST = date(2020, 1, 1), date(2029, 12, 31)
COLUMNS = (
    Column("flag", "flag"),
    Column("number", "number"),
    Column("rate", "decimal"),
    Column("since", "date"),
    Column("word", "text"),
    Column("title", "long_text"),
)


def edition(**changes: object) -> NewEdition:
    described: dict[str, object] = {
        "table": "pairs",
        "name": "2020",
        "first_day": FIRST,
        "last_day": LAST,
        "source": "made up",
        "licence": "none",
        "key": ("one", "two"),
        "columns": COLUMNS,
    }
    return NewEdition(**{**described, **changes})  # type: ignore[arg-type]


def opened(path: Path) -> Table:
    return Table([EditionFile(path)])


def code_row(code: str, first: date, last: date | None = None, **changes: object) -> NewRow:
    return NewRow(**{"key": (code,), "valid_from": first, "valid_to": last, **changes})  # type: ignore[arg-type]


def simple(folder: Path, name: str, rows: list[NewRow], **changes: object) -> EditionFile:
    """A table `codes` with one text column."""
    path = folder / f"{name}.table"
    described = {"table": "codes", "name": name, "key": ("code",), "columns": (Column("word", "text"),), **changes}
    write_edition(path, edition(**described), rows)
    return EditionFile(path)


codes = st.text("ABX019", min_size=1, max_size=4)
days = st.integers(0, 4000).map(lambda number: FIRST + timedelta(days=number))
values = st.tuples(
    st.booleans() | st.none(),
    st.integers(-5, 70_000) | st.none(),
    st.decimals(-100, 100, places=2) | st.none(),
    days | st.none(),
    st.sampled_from(["", "a", "é", None]),
)


@st.composite
def rows_of_pairs(draw: st.DrawFn) -> list[NewRow]:
    """Rows whose windows do not overlap within a key: consecutive pairs of sorted days are windows."""
    rows = []
    for key in draw(st.lists(st.tuples(codes, codes), unique=True, max_size=25)):
        bounds = sorted(draw(st.lists(days, min_size=2, max_size=6, unique=True)))
        pairs = list(zip(bounds[::2], bounds[1::2], strict=False))
        for position, (first, last) in enumerate(pairs):
            is_open = position == len(pairs) - 1 and draw(st.booleans())
            text = draw(st.text(max_size=20).filter(lambda text: not {"\x1e", "\x1f"} & set(text)) | st.none())
            rows.append(NewRow(key, first, None if is_open else last, draw(values), (text,)))
    return draw(st.permutations(rows))


@pytest.mark.parametrize("shared_dictionary", [True, False])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_look_up_equals_a_slow_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_dictionary: bool, data: st.DataObject
) -> None:
    if not shared_dictionary:
        monkeypatch.setattr(table_writer, "_MANY_COMBINATIONS", -1)
    rows = data.draw(rows_of_pairs())
    path = tmp_path / "rows.table"
    assert write_edition(path, edition(), rows) == len(rows)
    table = opened(path)
    asked = [row.key for row in rows] + data.draw(st.lists(st.tuples(codes, codes), max_size=5))
    edges = [
        edge + timedelta(days=shift)
        for row in rows[:5]
        for edge in (row.valid_from, row.valid_to or LAST)
        for shift in (-1, 0, 1)
    ]
    for day in [*edges, *data.draw(st.lists(days, max_size=3))]:
        for key in asked:
            in_force = [
                row
                for row in rows
                if row.key == key and row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
            ]
            answer = table.look_up(key, day)
            if not FIRST <= day <= LAST:
                assert answer is NO_EDITION
            elif not in_force:
                assert answer is NO_ROW
            else:
                assert (answer.valid_from, answer.valid_to) == (in_force[0].valid_from, in_force[0].valid_to)
                assert answer.values == in_force[0].values
                assert answer.title == (in_force[0].texts[0] or None)
    for key in asked:
        expected = sorted((row.valid_from, row.valid_to or date.max) for row in rows if row.key == key)
        assert [(row.valid_from, row.valid_to or date.max) for row in table.rows(key)] == expected
    everything = [(row.key, row.valid_from) for row in table.starting_with("")]
    assert everything == sorted((row.key, row.valid_from) for row in rows)
    table.verify()


def test_same_rows_give_same_bytes(tmp_path: Path) -> None:
    rows = [
        NewRow((f"A{n}", "B"), FIRST, None, (n % 2 == 0, n, Decimal(n), None, "x"), (f"title {n}",)) for n in range(500)
    ]
    write_edition(tmp_path / "one.table", edition(), rows)
    write_edition(tmp_path / "two.table", edition(), reversed(rows))
    assert (tmp_path / "one.table").read_bytes() == (tmp_path / "two.table").read_bytes()


def test_look_ups_around_signposts(tmp_path: Path) -> None:
    known = [f"{n:05d}" for n in range(0, 2000, 2)]
    table = Table([simple(tmp_path, "many", [code_row(code, FIRST, values=("x",)) for code in known])])
    for n in range(-1, 2001):
        assert bool(table.look_up(f"{n:05d}", FIRST)) == (f"{n:05d}" in known), n


def test_values_keep_their_types(tmp_path: Path) -> None:
    write_edition(
        tmp_path / "a.table",
        edition(),
        [NewRow(("A", "B"), FIRST, None, (True, 7, Decimal("1.50"), LAST, "w"), ("t",))],
    )
    row = opened(tmp_path / "a.table").look_up(("A", "B"), FIRST)
    assert row.values == (True, 7, Decimal("1.50"), LAST, "w")
    assert row.as_dict() == {
        "flag": True,
        "number": 7,
        "rate": Decimal("1.50"),
        "since": LAST,
        "word": "w",
        "title": "t",
    }
    assert (row.one, row.two, row.get("one")) == ("A", "B", "A")


def test_the_three_answers_are_apart(tmp_path: Path) -> None:
    table = Table([simple(tmp_path, "a", [code_row("A", FIRST, values=("x",))])])
    assert table.look_up("A", FIRST)
    assert table.look_up("B", FIRST) is NO_ROW
    assert table.look_up("A", FIRST - timedelta(days=1)) is NO_EDITION
    assert not NO_ROW
    assert not NO_EDITION
    assert NO_ROW is not NO_EDITION
    assert table.edition_on(LAST + timedelta(days=1)) is None


def test_newest_edition_of_the_day_answers(tmp_path: Path) -> None:
    first = simple(tmp_path, "q1", [code_row("A", FIRST, values=("old",))], last_day=date(2020, 3, 31))
    second = simple(tmp_path, "q2", [code_row("A", FIRST, values=("new",))], first_day=date(2020, 4, 1))
    table = Table([first, second])
    assert [table.look_up("A", day).word for day in (date(2020, 3, 31), date(2020, 4, 1))] == ["old", "new"]
    assert [edition.name for edition in table.editions] == ["q2", "q1"]
    assert [row.word for row in table.rows("A")] == ["old", "new"]


def test_newer_edition_with_history_replaces_the_older(tmp_path: Path) -> None:
    older = simple(
        tmp_path,
        "q1",
        [code_row("A", FIRST, values=("x",)), code_row("B", FIRST, values=("x",))],
        last_day=date(2020, 3, 31),
    )
    newer = simple(tmp_path, "q2", [code_row("A", FIRST, date(2020, 2, 1), values=("y",))], last_day=date(2020, 6, 30))
    table = Table([older, newer])
    assert [row.word for row in table.rows("A")] == ["y"]
    assert table.look_up("B", date(2020, 1, 5)) is NO_ROW


def test_editions_may_differ_in_columns(tmp_path: Path) -> None:
    older = simple(tmp_path, "q1", [code_row("A", FIRST, values=("x",))], last_day=date(2020, 3, 31))
    wide = (Column("extra", "number"), Column("word", "text"))
    newer = simple(tmp_path, "q2", [code_row("A", FIRST, values=(3, "y"))], first_day=date(2020, 4, 1), columns=wide)
    table = Table([older, newer])
    word, extra = table.position("word"), table.position("extra")
    assert [table.look_up("A", day).values[word] for day in (FIRST, LAST)] == ["x", "y"]
    assert [table.look_up("A", day).values[extra] for day in (FIRST, LAST)] == [None, 3]
    assert table.look_up("A", FIRST).extra is None


def test_several_rows_in_force(tmp_path: Path) -> None:
    rows = [code_row("A", FIRST, values=("x",)), code_row("A", date(2021, 1, 1), values=("y",))]
    with pytest.raises(TableError, match="overlapping"):
        simple(tmp_path, "a", rows)
    table = Table([simple(tmp_path, "a", rows, several_in_force=True)])
    assert [row.word for row in table.rows_on("A", date(2021, 1, 1))] == ["x", "y"]
    assert [row.word for row in table.rows_on("A", FIRST)] == ["x"]
    assert table.rows_on("B", FIRST) is NO_ROW
    assert table.rows_on("A", date(2019, 1, 1)) is NO_EDITION


def test_wrong_names_and_keys(tmp_path: Path) -> None:
    path = tmp_path / "a.table"
    write_edition(path, edition(), [NewRow(("A", "B"), FIRST, None, (True, 1, None, None, "w"), ("t",))])
    table = opened(path)
    row = table.look_up(("A", "B"), FIRST)
    with pytest.raises(UnknownName, match="number"):
        row.get("numbr")
    assert not hasattr(row, "numbr")
    with pytest.raises(UnknownName):
        table.position("nothing")
    with pytest.raises(TableError, match="long text"):
        table.position("title")
    with pytest.raises(TableError, match="one, two"):
        table.look_up("A", FIRST)
    assert table.look_up(("A" * 40, "é"), FIRST) is NO_ROW
    assert table.look_up(("A\0", "B"), FIRST) is NO_ROW


@pytest.mark.parametrize(
    "row",
    [
        code_row("A", FIRST),
        code_row("A", FIRST, values=("x", "y")),
        code_row("A", FIRST, FIRST - timedelta(days=1), values=("x",)),
        code_row("Ä", FIRST, values=("x",)),
        code_row("A", FIRST, values=("x",), texts=("t",)),
    ],
)
def test_rows_that_do_not_fit_are_refused(tmp_path: Path, row: NewRow) -> None:
    with pytest.raises(TableError):
        simple(tmp_path, "a", [row])
    assert not (tmp_path / "a.table").exists()


@pytest.fixture
def some_file(tmp_path: Path) -> Path:
    path = tmp_path / "codes" / "2020.table"
    path.parent.mkdir()
    rows = [NewRow((f"A{n}", "B"), FIRST, None, (True, n, None, None, "w"), (f"title {n}",)) for n in range(300)]
    write_edition(path, edition(table="codes"), rows)
    return path


@pytest.mark.parametrize("kept", [0, 5, 12, 40, 600, -1])
def test_truncated_file_is_refused_by_name(some_file: Path, kept: int) -> None:
    some_file.write_bytes(some_file.read_bytes()[:kept])
    with pytest.raises(TableError, match=r"2020\.table"):
        EditionFile(some_file)


def test_file_with_more_bytes_is_refused(some_file: Path) -> None:
    some_file.write_bytes(some_file.read_bytes() + b"\0")
    with pytest.raises(TableError, match="should be"):
        EditionFile(some_file)


def test_foreign_file_is_refused(some_file: Path) -> None:
    some_file.write_bytes(b"PK\x03\x04" + bytes(5000))
    with pytest.raises(TableError, match=r"2020\.table: the file is no table"):
        TableSet.from_folders([(some_file.parents[1], True)])


@given(place=st.floats(0, 0.9999))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_flipped_byte_is_found_and_only_our_errors_are_raised(some_file: Path, place: float) -> None:
    good = some_file.read_bytes()
    bad = bytearray(good)
    bad[int(place * len(bad))] ^= 0x5A
    some_file.write_bytes(bytes(bad))
    try:
        try:
            table = opened(some_file)
            for row in table.starting_with(""):
                _ = row.title
        except TableError:
            return
        padding = bytes(bad).count(0) != good.count(0)
        try:
            table.verify()
        except TableError:
            return
        assert padding, "a damaged section passed"
    finally:
        some_file.write_bytes(good)


def test_table_in_the_wrong_folder_is_refused(some_file: Path) -> None:
    wrong = some_file.parents[1] / "others"
    some_file.parent.rename(wrong)
    with pytest.raises(TableError, match="codes"):
        TableSet.from_folders([(wrong.parent, True)])


def test_a_crash_while_writing_leaves_the_old_edition(some_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = some_file.read_bytes()

    def crash(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", crash)
    with pytest.raises(OSError, match="disk full"):
        write_edition(some_file, edition(table="codes"), [])
    assert some_file.read_bytes() == before
    assert opened(some_file).look_up(("A7", "B"), FIRST).number == 7


def test_table_set(tables: TableSet, table: Callable[[str], Table], tmp_path: Path) -> None:
    assert {"icd10cm", "icd10pcs", "icd9cm", "icd9proc", "age_bands", "discharge_status"} <= set(tables.names)
    assert tables.get("ncci_ptp_practitioner") is None
    assert "mue_dme" not in tables
    with pytest.raises(UnknownName, match="icd10cm"):
        tables.get("icd10cn")
    with pytest.raises(TableError, match="no folder"):
        TableSet.open(tmp_path / "absent")
    (tmp_path / "codes").mkdir()
    simple(tmp_path / "codes", "2020", [code_row("A", FIRST, values=("x",))])
    both = TableSet.open(tmp_path)
    assert both.get("codes").look_up("A", FIRST).word == "x"
    assert both.get("icd10cm").look_up("I10", date(2026, 3, 1)).billable
    assert "codes" not in table("icd10cm").columns


PTP_COLUMNS = (Column("word", "text"),)


def in_parts(folder: Path, name: str, last_day: date, keys: str, **said: object) -> EditionFile:
    """An edition of `codes` from FIRST on, whose rows tell its name; `said` are its parts and holes."""
    path = folder / f"{name}.table"
    described = {"table": "codes", "name": name, "key": ("code",), "columns": PTP_COLUMNS, "last_day": last_day}
    pile = Pile(path, edition(**described))
    for key in keys:
        pile.add((key,), FIRST, None, (name,))
    pile.settle()
    pile.write(said)
    return EditionFile(path)


class TestEditionsInPart:
    """B to D of the newer edition was not imported."""

    HALF: ClassVar[dict[str, object]] = {"parts": {"present": [1, 3], "expected": 3}, "holes": [["A", "E"]]}
    OLD_DAY, NEW_DAY = date(2020, 3, 31), date(2020, 4, 1)

    def test_a_whole_older_edition_answers_for_its_days(self, tmp_path: Path) -> None:
        newer = in_parts(tmp_path, "q2", date(2020, 6, 30), "AE", **self.HALF)
        table = Table([newer, in_parts(tmp_path, "q1", self.OLD_DAY, "AB")])
        assert [edition.name for edition in table.editions] == ["q2", "q1"]
        for look_up in (table.look_up, table.rows_on):
            assert [look_up(code, self.OLD_DAY) for code in "CE"] == [NO_ROW, NO_ROW]
            assert look_up("B", self.NEW_DAY) is NO_EDITION
            assert look_up("F", self.NEW_DAY) is NO_ROW
        assert [table.look_up("A", day).word for day in (self.OLD_DAY, self.NEW_DAY)] == ["q1", "q2"]
        assert [[row.word for row in table.rows(code)] for code in "ABE"] == [["q1", "q2"], ["q1"], ["q2"]]
        assert table.lacking_on(self.OLD_DAY) is None
        lacking = table.lacking_on(self.NEW_DAY)
        assert lacking is not None
        assert (lacking.name, lacking.missing_in_words) == ("q2", "part 2")

    def test_of_two_in_part_each_answers_for_what_it_has(self, tmp_path: Path) -> None:
        newer = in_parts(tmp_path, "q2", date(2020, 6, 30), "AE", **self.HALF)
        older_half = {"parts": {"present": [1, 2], "expected": 3}, "holes": [["D", ""]]}
        table = Table([newer, in_parts(tmp_path, "q1", self.OLD_DAY, "ABD", **older_half)])
        assert [table.look_up(code, self.OLD_DAY).word for code in "ABD"] == ["q2", "q1", "q1"]
        assert [table.rows_on(code, self.OLD_DAY)[0].word for code in "ABD"] == ["q2", "q1", "q1"]
        assert table.look_up("C", self.OLD_DAY) is NO_ROW
        assert [row.word for row in table.rows("B")] == ["q1"]

    def test_an_excerpt_does_not_shadow_a_full_edition(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        schema = TableSchema("codes", ("code",), "made up", least_rows=2)
        monkeypatch.setattr(table_module, "SCHEMAS", {"codes": schema})
        full = in_parts(tmp_path, "q1", self.OLD_DAY, "AB")
        table = Table([in_parts(tmp_path, "q2", date(2020, 6, 30), "A"), full])
        assert [table.look_up("A", day).word for day in (self.OLD_DAY, self.NEW_DAY)] == ["q1", "q2"]
        assert table.look_up("B", self.OLD_DAY)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_editions_in_part_equal_a_slow_scan(tmp_path: Path, data: st.DataObject) -> None:
    """Each edition is whole, or lacks the keys between two; the whole ones answer first, then the newest."""
    alphabet = "ABCDEF"
    made: list[tuple[int, set[str], str, str]] = []
    files = []
    for number in range(data.draw(st.integers(1, 4))):
        low, high = sorted(data.draw(st.tuples(st.sampled_from(alphabet), st.sampled_from(alphabet))))
        keys = {key for key in data.draw(st.sets(st.sampled_from(alphabet))) if not low < key < high}
        last = 100 + 10 * number
        is_whole = data.draw(st.booleans())
        low, high = ("", "") if is_whole else (low, high)
        said = {} if is_whole else {"parts": {"present": [1], "expected": 2}, "holes": [[low, high]]}
        last_day = FIRST + timedelta(days=last)
        files.append(in_parts(tmp_path, f"e{number}", last_day, "".join(sorted(keys)), **said))
        made.append((last, keys, low, high))
    table = Table(files)
    order = sorted(range(len(made)), key=lambda number: (bool(made[number][3]), -number))
    for after in (0, 100, 101, 115, 130, 131):
        for key in alphabet:
            expected: object = NO_EDITION
            for number in order:
                last, keys, low, high = made[number]
                if after <= last and not low < key < high:
                    expected = f"e{number}" if key in keys else NO_ROW
                    break
            answer = table.look_up(key, FIRST + timedelta(days=after))
            assert (answer.word if isinstance(answer, Row) else answer) == expected
            several = table.rows_on(key, FIRST + timedelta(days=after))
            assert (several[0].word if isinstance(several, tuple) else several) == expected
            if isinstance(answer, Row):
                assert answer in table.rows(key)
