"""Value sets: reading, dates, mistakes with their line, use in rules, and codes that the tables do not know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.errors import TableError, UnknownName
from scrubber.rules.rule_file import read_rule
from scrubber.tables import TableSet
from scrubber.tables.value_set_check import check_value_sets
from scrubber.tables.value_sets import FOLDER, CodeSet, load_value_sets, read_value_set
from scrubber.testing.small_tables import with_small_tables

GOOD = """\
name: ours
title: A set of a test
kind: procedure
source: A test
values:
  2021-01-01: [A0001-A0003, "11111"]
  2023-01-01: [A0002]
"""


def folder_with(tmp_path: Path, name: str, text: str) -> Path:
    (tmp_path / FOLDER).mkdir(exist_ok=True)
    (tmp_path / FOLDER / name).write_text(text, encoding="utf-8")
    return tmp_path


class TestReading:
    def test_a_value_holds_from_its_date_until_the_next(self, tmp_path: Path) -> None:
        ours = load_value_sets([folder_with(tmp_path, "ours.yaml", GOOD)])["ours"]
        assert ours.kind == "procedure"
        assert ours.on(date(2020, 12, 31)) is None
        assert ours.holds("A0003", date(2021, 1, 1))
        assert ours.holds("11111", date(2022, 12, 31))
        assert not ours.holds("A0003", date(2023, 1, 1))
        assert ours.holds("A0002", date(2026, 1, 1))
        assert ours.lines == (6, 7)

    def test_csv_gives_each_code_its_days(self, tmp_path: Path) -> None:
        text = "procedure,from,to\nA0001-A0003,2021-01-01,2022-12-31\nA0002,2023-01-01,\n\n"
        ours = load_value_sets([folder_with(tmp_path, "ours.csv", text)])["ours"]
        assert ours.holds("A0001", date(2022, 12, 31))
        assert not ours.holds("A0001", date(2023, 1, 1))
        assert ours.holds("A0002", date(2023, 1, 1))
        assert ours.on(date(2020, 12, 31)) is None

    def test_a_set_of_the_user_takes_the_place_of_a_shipped_one(self, tmp_path: Path) -> None:
        text = GOOD.replace("ours", "em")
        tables = TableSet.open(folder_with(tmp_path, "em.yaml", text))
        assert tables.value_sets["em"].title == "A set of a test"
        assert "ncci_bypass" in tables.value_sets

    def test_an_unknown_name_is_told_with_the_nearest(self, shipped_tables: TableSet) -> None:
        with pytest.raises(UnknownName, match="ncci_bypass"):
            shipped_tables.value_sets["nci_bypass"]

    @pytest.mark.parametrize(
        ("wrong", "line", "message"),
        [
            (GOOD.replace("kind: procedure", "kind: code"), 3, "there is no kind 'code'"),
            (GOOD.replace("title", "tilte"), 2, "no key 'tilte'. Did you mean 'title'?"),
            (GOOD.replace("source: A test\n", ""), 1, "lacks the key 'source'"),
            (GOOD.replace("2023-01-01:", "2023-13-01:"), 7, "'2023-13-01' is not a date"),
            (GOOD.replace("A0001-A0003", "A0003-A0001"), 6, "'A0003-A0001' is no range"),
            (GOOD.replace("A0001-A0003", "A001-A0003"), 6, "'A001-A0003' is no range"),
            (GOOD.replace("[A0002]", "[a0002]"), 7, "'a0002' is no code"),
            (GOOD.replace("[A0002]", "[E11.9]"), 7, "'E11.9' is no code"),
            (GOOD.replace("[A0002]", "A0002"), 7, "must be a list"),
            (GOOD.replace("2023-01-01", "2021-01-01"), 7, "stands twice"),
            (GOOD.replace("name: ours", "name: theirs"), 1, "must stand in the file theirs.yaml"),
            (GOOD.replace("title: A set of a test", "title: [A]"), 2, "title must be text"),
            ("- a\n", 1, "must be a mapping"),
            ("name: [\n", 2, "this is not YAML"),
            ("", 1, "must be a mapping"),
        ],
    )
    def test_mistakes_are_told_with_their_line(self, tmp_path: Path, wrong: str, line: int, message: str) -> None:
        path = folder_with(tmp_path, "ours.yaml", wrong) / FOLDER / "ours.yaml"
        _, problems = read_value_set(path)
        assert any(problem.line == line and message in str(problem) for problem in problems), list(map(str, problems))
        with pytest.raises(TableError, match="the value sets have"):
            load_value_sets([tmp_path])

    @pytest.mark.parametrize(
        ("wrong", "line", "message"),
        [
            ("code,from,to\nA0001,2021-01-01,\n", 1, "header"),
            ("procedure,from,to\nA0001,01/01/2021,\n", 2, "a row is"),
            ("procedure,from,to\nA0001,2021-01-01,2020-01-01\n", 2, "ends before it begins"),
            ("procedure,from,to\nA0001,2021-01-01,,x\n", 2, "a row is"),
            ("procedure,from,to\n", 1, "has no codes"),
            ("", 1, "header"),
        ],
    )
    def test_mistakes_of_csv(self, tmp_path: Path, wrong: str, line: int, message: str) -> None:
        _, problems = read_value_set(folder_with(tmp_path, "ours.csv", wrong) / FOLDER / "ours.csv")
        assert any(problem.line == line and message in problem.message for problem in problems), problems

    def test_bytes_that_are_no_text(self, tmp_path: Path) -> None:
        path = folder_with(tmp_path, "ours.yaml", "") / FOLDER / "ours.yaml"
        path.write_bytes(b"\xff\xfe\x00")
        assert "cannot be read" in str(read_value_set(path)[1][0])

    def test_two_files_of_one_set(self, tmp_path: Path) -> None:
        folder_with(tmp_path, "ours.yaml", GOOD)
        with pytest.raises(TableError, match=r"also stands in ours\.csv"):
            load_value_sets([folder_with(tmp_path, "ours.csv", "procedure,from,to\nA0001,2021-01-01,\n")])

    @given(st.text(max_size=200))
    def test_any_text_ends_in_a_set_or_in_problems(self, tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
        path = tmp_path_factory.mktemp("any") / "ours.yaml"
        path.write_text(text, encoding="utf-8", errors="replace")
        value_set, problems = read_value_set(path)
        assert (value_set is None) == bool(problems)


class TestInRules:
    @pytest.mark.parametrize(
        ("condition", "message"),
        [
            ("line.procedure: {is_one_of: $value_sets.em}", ""),
            ("line.modifiers: {includes_any: $value_sets.distinct}", ""),
            ("line.modifiers: {includes_any: $value_sets.distnict}", "no value set is called 'distnict'"),
            ("line.procedure: {is: $value_sets.em}", "does not take one"),
            ("line.units: {is_one_of: $value_sets.em}", "does not take one"),
            ("line.procedure: {starts_with: $value_sets.em}", "has ranges"),
        ],
    )
    def test_a_set_stands_where_a_list_is_expected(
        self, write_rule: Callable[..., Path], shipped_tables: TableSet, condition: str, message: str
    ) -> None:
        rule, problems = read_rule(write_rule(f"when:\n  - {condition}\n"), "test", shipped_tables)
        assert (rule is None) == bool(message)
        assert all(message in str(problem) for problem in problems)
        assert bool(problems) == bool(message)


class TestAgainstTables:
    def test_codes_that_no_table_knows_on_their_dates(self, tmp_path: Path) -> None:
        text = GOOD.replace('"11111"', "A0009")
        tables = TableSet.open(folder_with(tmp_path, "ours.yaml", text))
        rows = [{"code": "A0003", "to": "2021-06-30"}, {"code": "A0002", "to": "2022-12-31"}]
        with with_small_tables(tables, {"hcpcs": rows}) as own:
            ours = next(check for check in check_value_sets(own) if check.name == "ours")
        assert ours.known == 1  # the range has A0003
        assert [(problem.line, problem.message.split(",")[0]) for problem in ours.unknown] == [
            (6, "hcpcs does not know A0009"),
            (7, "hcpcs does not know A0002"),
        ]

    def test_what_cannot_be_looked_up_is_told(self, tmp_path: Path) -> None:
        tables = TableSet.open(folder_with(tmp_path, "ours.yaml", GOOD))
        ours = next(check for check in check_value_sets(tables) if check.name == "ours")
        assert not ours.unknown
        assert ours.not_checked == ("no table hcpcs", "no table cpt")

    def test_the_shipped_modifiers_are_known_to_the_published_file(self, shared_data: Path, tmp_path: Path) -> None:
        from ..tables import oracle

        oracle.write(tmp_path, "modifiers", oracle.hcpcs_rows(shared_data / "cms", "7"))
        oracle.write(tmp_path, "hcpcs", oracle.hcpcs_rows(shared_data / "cms", "3"))
        for check in check_value_sets(TableSet.open(tmp_path)):
            assert not check.unknown, list(map(str, check.unknown))


def test_ranges_of_one_length_hold_what_lies_between() -> None:
    codes = CodeSet(["99202-99205", "J0585", "99204-99215"])
    assert "99210" in codes
    assert "99216" not in codes
    assert "992100" not in codes
    assert "9920T" not in codes


def test_between_codes_of_digits_lie_only_digits() -> None:
    anesthesia = CodeSet(["00100-01999", "0001F-0019F"])
    assert "00142" in anesthesia
    assert "0191T" not in anesthesia
    assert "0011F" in anesthesia
    bills = CodeSet(["0110-011Z"])
    assert "0117" in bills
    assert "011A" in bills


@pytest.mark.parametrize(
    ("name", "code", "last", "first"),
    [
        ("problem_visit", "99201", "2020-12-31", None),
        ("problem_visit", "99202", None, "2013-01-01"),
        ("new_patient", "99201", "2020-12-31", None),
        ("new_patient", "99324", "2022-12-31", None),
        ("new_patient", "99343", "2022-12-31", None),
        ("new_patient", "92002", None, "2013-01-01"),
        ("preventive", "G0439", None, "2011-01-01"),
        ("em", "99201", "2020-12-31", None),
        ("em", "99251", "2022-12-31", None),
        ("em", "99343", "2022-12-31", None),
        ("anesthesia_role", "QZ", None, "1998-01-01"),
        ("em_like", "90791", None, "2013-01-01"),
    ],
)
def test_the_days_of_shipped_visits(
    shipped_tables: TableSet, name: str, code: str, last: str | None, first: str | None
) -> None:
    codes = shipped_tables.value_sets[name]
    if last is not None:
        day = date.fromisoformat(last)
        assert codes.holds(code, day)
        assert not codes.holds(code, day + timedelta(days=1))
    if first is not None:
        day = date.fromisoformat(first)
        assert codes.holds(code, day)
        assert not codes.holds(code, day - timedelta(days=1))


@pytest.mark.parametrize("code", ["99214", "99394", "G0402", "92012", "99291"])
def test_visits_are_no_visits_of_another_name(shipped_tables: TableSet, code: str) -> None:
    assert shipped_tables.value_sets["em"].holds(code, date(2026, 3, 2))
