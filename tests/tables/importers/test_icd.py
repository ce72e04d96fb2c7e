"""Order files, their addenda and the tabular list: what they bring, and that nothing shipped is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from scrubber.tables import NO_EDITION, NO_ROW, Row
from scrubber.tables.importers.icd_merge import shipped_table
from scrubber.tables.importers.sources import Stated
from scrubber.tables.notes import notes_of

FIRST = date(2026, 10, 1)
DAY_BEFORE = date(2026, 9, 30)
FIRST_OF_2028 = date(2027, 10, 1)


def order_line(number: int, code: str, title: str, *, billable: bool = True) -> str:
    return f"{number:05d} {code:<7} {int(billable)} {title[:60]:<60} {title}"


@pytest.fixture(scope="module")
def order(shared_data: Path, imported_once: Callable[..., object]) -> object:
    return imported_once(shared_data / "cms/icd10/icd10cm-order-2027.zip")


@pytest.fixture(scope="module")
def addenda(shared_data: Path, imported_once: Callable[..., object]) -> object:
    return imported_once(shared_data / "cms/icd10/icd10cm_order_addenda_2027.txt")


def test_the_published_order_file_becomes_an_edition_with_the_history(order) -> None:
    assert order.problems == []
    assert order.refusals == []
    assert order.editions == {"icd10cm": ("fy2027-order", "2015-10-01", "2027-09-30", 108711)}
    assert order.table("icd10cm").edition_on(FIRST).name == "fy2027-order"


@pytest.mark.parametrize("fixture", ["order", "addenda"])
def test_codes_in_force_are_as_many_as_the_publisher_states(fixture: str, request: pytest.FixtureRequest) -> None:
    table = request.getfixturevalue(fixture).table("icd10cm")
    in_force = [bool(row.billable) for row in table.starting_with("", FIRST)]
    assert (in_force.count(True), in_force.count(False)) == (74879, 23524)
    assert sum(bool(row.billable) for row in table.starting_with("", DAY_BEFORE)) == 74719


@pytest.mark.parametrize("fixture", ["order", "addenda"])
def test_the_new_codes_get_their_titles_and_sides(fixture: str, request: pytest.FixtureRequest) -> None:
    table = request.getfixturevalue(fixture).table("icd10cm")
    new = [row for row in table.starting_with("", FIRST) if row.billable and row.valid_from == FIRST]
    assert len(new) == 190
    assert all(row.title for row in new)
    assert table.look_up("M67A02", FIRST).title == "Plantar fasciitis, left foot"
    assert table.look_up("M67A02", FIRST).side == "left"
    assert "flank" in table.look_up("L02232", FIRST).title


def test_every_shipped_window_keeps_its_days_and_attributes(order) -> None:
    shipped, table = shipped_table("icd10cm"), order.table("icd10cm")
    side = table.position("side")
    for row in shipped.starting_with(""):
        same = [other for other in table.rows(row.key[0]) if other.valid_from == row.valid_from]
        assert [other.valid_to for other in same] == [row.valid_to], row
        before, after = list(row.values), list(same[0].values)
        before[side] = after[side] = None
        assert before == after, row


def test_a_code_that_becomes_a_header_has_both_windows(order) -> None:
    table = order.table("icd10cm")
    assert table.look_up("D691", DAY_BEFORE).billable is True
    assert table.look_up("D691", FIRST).billable is False


def test_a_later_year_adds_ends_and_turns_codes(imported, write) -> None:
    lines = [
        order_line(1, "A00", "Cholera", billable=False),
        order_line(2, "A000", "Cholera, renamed", billable=False),
        order_line(3, "A0001", "Made-up code, left knee"),
        order_line(4, "A001", "Cholera due to Vibrio cholerae 01, biovar eltor"),
    ]
    found = imported(write("icd10cm_order_2028.txt", lines))
    assert found.refusals == []
    table = found.table("icd10cm")
    last, first = date(2027, 9, 30), date(2027, 10, 1)
    assert table.edition_on(first).last_day == date(2028, 9, 30)
    assert (table.look_up("A000", last).billable, table.look_up("A000", first).billable) == (True, False)
    assert table.look_up("A000", first).title == "Cholera, renamed"
    new = table.look_up("A0001", first)
    assert (new.billable, new.side, new.manifestation) == (True, "left", None)
    assert table.look_up("A0001", last) is NO_ROW
    assert isinstance(table.look_up("A009", last), Row)
    assert table.look_up("A009", first) is NO_ROW
    assert table.rows("A009")[-1].valid_to == last
    assert table.look_up("A001", first).valid_from == date(2015, 10, 1)


def test_an_older_year_goes_behind_the_shipped_table_and_says_so(imported, write) -> None:
    found = imported(
        write("icd10cm_order_2024.txt", [order_line(1, "A000", "Cholera"), order_line(2, "A001", "Other")])
    )
    assert any("goes before it" in remark for remark in found.remarks)
    assert found.table("icd10cm").edition_on(FIRST).name == "fy2027"


@pytest.mark.parametrize(
    ("name", "edition"),
    [("icd10cm-order-April-1-2028.txt", "fy2028-04-order"), ("icd10cm_order_2028.txt", "fy2028-order")],
)
def test_the_update_of_april_begins_in_april(imported, write, name: str, edition: str) -> None:
    found = imported(write(name, [order_line(1, "A000", "Cholera"), order_line(2, "ZZ99", "Made up")]))
    assert found.editions["icd10cm"][0] == edition
    start = date(2028, 4, 1) if "04" in edition else FIRST_OF_2028
    assert found.table("icd10cm").look_up("ZZ99", start).valid_from == start


def test_an_update_does_not_hide_what_its_year_brought(imported, write) -> None:
    begun = [order_line(1, "A000", "Cholera"), order_line(2, "ZZ99", "Made up")]
    found = imported(
        write("icd10cm_order_2028.txt", begun),
        write("icd10cm-order-April-1-2028.txt", [*begun, order_line(3, "ZZ98", "Made up later")]),
    )
    table = found.table("icd10cm")
    assert isinstance(table.look_up("ZZ99", FIRST_OF_2028), Row)
    assert table.look_up("ZZ98", date(2028, 3, 31)) is NO_ROW
    assert isinstance(table.look_up("ZZ98", date(2028, 4, 1)), Row)


def test_a_year_behind_a_gap_answers_for_itself_only(imported, write) -> None:
    table = imported(write("icd10cm_order_2030.txt", [order_line(1, "A000", "Cholera")])).table("icd10cm")
    assert table.look_up("A000", date(2028, 1, 1)) is NO_EDITION
    assert isinstance(table.look_up("A000", date(2029, 10, 1)), Row)


def test_procedures_are_told_from_diagnoses(imported, write) -> None:
    lines = [
        order_line(1, "001", "Central Nervous System, Bypass", billable=False),
        order_line(2, "0016070", "Bypass made-up"),
        order_line(3, "XZZZZZZ", "New made-up procedure"),
    ]
    found = imported(write("icd10pcs_order_2028.txt", lines))
    assert found.refusals == []
    table = found.table("icd10pcs")
    assert table.look_up("0016070", date(2027, 10, 1)).title == "Bypass made-up"
    assert isinstance(table.look_up("0016071", date(2027, 9, 30)), Row)
    assert table.look_up("0016071", date(2027, 10, 1)) is NO_ROW
    assert table.look_up("XZZZZZZ", date(2027, 10, 1)).noncovered is None


def test_bad_lines_are_refused_with_line_and_reason(imported, write) -> None:
    good = [order_line(number, f"A{number:02d}", "Made up") for number in range(1, 70)]
    lines = [*good, "nonsense", order_line(71, "1A0", "x"), order_line(72, "A01", "again")]
    found = imported(write("icd10cm_order_2028.txt", lines))
    assert found.refusals == [
        (70, "the line has not the layout of an order file."),
        (71, "'1A0' is no ICD-10-CM code."),
        (72, "A01 stands in line 1 already."),
    ]


def test_a_file_that_tells_no_year_is_refused_or_stated(imported, write) -> None:
    path = write("codes.txt", [order_line(1, "A000", "Cholera"), order_line(2, "A001", "Other")])
    [problem] = imported(path).problems
    assert "of which fiscal year it is" in problem
    found = imported(path, stated=Stated(day=date(2027, 10, 1)))
    assert found.editions["icd10cm"][0] == "fy2028-order"


def test_addenda_whose_counts_do_not_agree_are_refused(shared_data: Path, imported, tmp_path: Path) -> None:
    lines = (shared_data / "cms/icd10/icd10cm_order_addenda_2027.txt").read_bytes().splitlines(keepends=True)
    path = tmp_path / "icd10cm_order_addenda_2027.txt"
    path.write_bytes(b"".join(lines[1:]))
    [problem] = imported(path).problems
    assert "other numbers of additions" in problem


def test_the_order_file_goes_before_the_addenda(shared_data: Path, imported) -> None:
    found = imported(
        shared_data / "cms/icd10/icd10cm_order_addenda_2027.txt", shared_data / "cms/icd10/icd10cm-order-2027.zip"
    )
    assert found.table("icd10cm").edition_on(FIRST).name == "fy2027-order"


TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2028</version><chapter><name>1</name><desc>Made up</desc>
<section id="A00-A09"><desc>Infections</desc>
<diag><name>A00</name><desc>Cholera</desc><excludes1><note>made-up thing (A09)</note></excludes1></diag>
</section></chapter></ICD10CM.tabular>"""


def test_the_published_tabular_list_gives_the_notes(shared_data: Path, imported) -> None:
    found = imported(shared_data / "cms/icd10/icd10cm-tabular-April-1-2026.zip")
    assert found.problems == []
    assert [path.name for path in found.report.notes] == ["2026-04-01.notes"]
    shipped, table = shipped_table("icd10cm"), found.table("icd10cm")
    for code in ("A000", "E1122", "O30001", "T3695XA"):
        assert notes_of(table, code, DAY_BEFORE) == notes_of(shipped, code, DAY_BEFORE)


def test_notes_of_a_later_list_take_the_place_of_the_shipped_ones(imported, write) -> None:
    found = imported(write("icd10cm_tabular_2028.xml", TABULAR.splitlines()))
    [note] = notes_of(found.table("icd10cm"), "A000", DAY_BEFORE).excludes1
    assert (note.text, note.holds("A09")) == ("made-up thing (A09)", True)


@pytest.mark.parametrize(
    ("was", "now"), [("</diag>", ""), ("<version>", "<!DOCTYPE x [<!ENTITY a 'b'>]><version>"), ("<diag>", "<dog>")]
)
def test_a_broken_tabular_list_is_refused_in_a_sentence(imported, write, was: str, now: str) -> None:
    text = TABULAR.replace(was, now).replace(
        "</diag>" if now == "<dog>" else "\0", "</dog>" if now == "<dog>" else "\0"
    )
    [problem] = imported(write("icd10cm_tabular_2028.xml", text.splitlines())).problems
    assert "icd10cm_tabular_2028.xml" in problem
