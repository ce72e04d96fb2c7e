"""The report for people: what it says, and what it must not do to a terminal."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date

import attrs
import pytest

from scrubber.findings import Report, Unjudged
from scrubber.report.missing_tables import MissingTables
from scrubber.report.page import open_page, percent, printable, some_of
from scrubber.report.places import position_text, where_in_claim
from scrubber.report.summary import Tally
from scrubber.report.text import TextWriter
from scrubber.report.text_finding import first_sentence
from scrubber.report.text_summary import write_statistics, write_summary
from scrubber.report.writer import Run, TableUsed


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def written(stream: io.StringIO, reports: list[Report], *, color: bool = True) -> str:
    writer, tally = TextWriter(stream, color=color), Tally()
    for report in reports:
        writer.claim(report)
        tally.add(report)
    writer.finish(tally)
    return stream.getvalue()


def test_a_clean_claim_is_counted_and_not_listed(reports: list[Report]) -> None:
    text = written(io.StringIO(), [reports[3]])
    assert "A-1004" not in text
    assert "1 claim: 1 pass, 0 review, 0 hold" in text
    assert "no findings" in text


def test_colours_only_in_a_terminal(reports: list[Report], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" not in written(io.StringIO(), reports)
    assert "\x1b[" in written(Terminal(), reports)
    without_color = written(Terminal(), reports, color=False)
    assert "\x1b[31m" not in without_color
    assert "\x1b[1;31m" not in without_color


def test_a_claim_cannot_steer_the_terminal(reports: list[Report]) -> None:
    evil = attrs.evolve(reports[0], claim_id="\x1b]0;title\x07\u202eA\nPASS")
    text = written(io.StringIO(), [evil])
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "\nPASS" not in text


def test_why_is_told_once_for_each_rule(full_run: Run, reports: list[Report]) -> None:
    pair = reports[0].findings[0]
    twice = attrs.evolve(reports[0], findings=(pair, attrs.evolve(pair, line=3)))
    stream, tally = io.StringIO(), Tally()
    writer = TextWriter(stream)
    writer.start(full_run)
    for report in (twice, twice):
        writer.claim(report)
        tally.add(report)
    writer.finish(tally)
    assert stream.getvalue().count("why: A payer pays the pair once.\n") == 1


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("A payer pays once. See the manual.", "A payer pays once."),
        (
            "With the 7th character S. With it (a) all is told. More.",
            "With the 7th character S. With it (a) all is told.",
        ),
        ("Since 5.0 of the guide. 837P too.", "Since 5.0 of the guide."),
        ("One", "One"),
    ],
)
def test_the_first_sentence_of_a_text(text: str, first: str) -> None:
    assert first_sentence(text) == first


@pytest.mark.parametrize("columns", [40, 80])
def test_what_is_wrapped_stands_under_its_own_words(
    reports: list[Report], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = written(Terminal(), [reports[0]], color=False).replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()
    assert all(len(line) <= columns for line in lines if "\x1b" not in line)
    to_do = next(number for number, line in enumerate(lines) if line.strip().startswith("to do:"))
    margin = 4 if columns == 40 else 10
    assert lines[to_do].index("to do:") == margin
    assert lines[to_do + 1][: margin + 2].isspace()
    assert lines[to_do + 1][margin + 2] != " "


def test_many_missing_tables_are_named_at_the_end_only(reports: list[Report]) -> None:
    lacking = tuple(
        Unjudged(rule="MUE101", reason="table is not loaded", table=table) for table in ("payers", "cpt", "mpfs")
    )
    text = written(io.StringIO(), [attrs.evolve(reports[0], not_checked=lacking)])
    assert "not checked: 1 rule, for want of 3 tables, named at the end" in text
    assert text.index("payers: MUE101") > text.index("named at the end")


def test_the_words_of_a_claim_are_no_markup(reports: list[Report]) -> None:
    marked = attrs.evolve(reports[0], claim_id="[red]A[/red]")
    assert "[red]A[/red]" in written(Terminal(), [marked], color=False)


def test_the_summary_names_the_table_and_the_command_that_brings_it(reports: list[Report]) -> None:
    text = written(io.StringIO(), reports)
    assert "mue_practitioner: MUE101, for 2026-10-02  from: CMS MUE quarterly file, practitioner" in text
    assert "scrubber tables import" in text


def test_a_table_that_ends_too_early_is_told_from_one_that_is_not_there(run: Run, reports: list[Report]) -> None:
    stream, tally = io.StringIO(), Tally()
    writer = TextWriter(stream)
    writer.start(attrs.evolve(run, tables=(TableUsed(name="mue_practitioner"),)))
    writer.claim(reports[0])
    tally.add(reports[0])
    writer.finish(tally)
    assert (
        "mue_practitioner: MUE101, for 2026-10-02  loaded, but not for those dates; from: CMS MUE" in stream.getvalue()
    )
    assert "coverage: COV101  from: Medicare Coverage Database" in stream.getvalue()


@pytest.mark.parametrize(
    ("position", "text"),
    [
        ({"segment": 31, "loop": "2400", "element": "SV101-2"}, "segment 31 loop 2400 SV101-2"),
        ({"pointer": "/item/0"}, "/item/0"),
        ({"row": 7, "column": "units"}, "row 7 column units"),
        ({"segment": 31, "loop": None}, "segment 31"),
    ],
)
def test_positions_in_words(position: dict[str, object], text: str) -> None:
    assert position_text(position) == text


def test_places_in_words(reports: list[Report]) -> None:
    pair = reports[0].findings[0]
    assert where_in_claim(pair) == "line 2, procedure, segment 31 loop 2400 SV101-2"
    on_claim = attrs.evolve(pair, line=None, position=None, field="billing_provider.npi")
    assert where_in_claim(on_claim) == "billing provider npi"
    assert where_in_claim(attrs.evolve(on_claim, field="procedures[0].date")) == "procedure 1 date"
    assert where_in_claim(attrs.evolve(on_claim, field=None)) == "claim"


@pytest.mark.parametrize(
    ("risk", "text"), [(0.0, "0%"), (0.123, "12%"), (0.99, "99%"), (0.9994, "over 99%"), (1.0, "over 99%")]
)
def test_risks_in_words(risk: float, text: str) -> None:
    assert percent(risk) == text


def test_printable_keeps_letters_of_any_language() -> None:
    assert printable("Zoë Ñ 漢") == "Zoë Ñ 漢"
    assert printable("a\tb\x00c") == "a b\ufffdc"


def test_a_long_list_of_rules_is_cut_and_says_so() -> None:
    assert some_of(f"DX{n}" for n in range(101, 112)).endswith("DX108 and 3 more")


def test_rules_of_equal_count_stand_in_the_order_of_their_ids() -> None:
    names = ["PRV106", "CLM105", "DX110", "UNT101", "DAT101"]
    for order in (names, names[::-1]):
        tally = Tally(passed=1, not_evaluated=Counter(order), by_owner=Counter({"coder": 1, "biller": 1}))
        stream = io.StringIO()
        write_summary(open_page(stream), tally, MissingTables())
        write_statistics(open_page(stream), tally)
        assert "(CLM105, DAT101, DX110, PRV106, UNT101)" in stream.getvalue()
        assert "biller 1, coder 1" in stream.getvalue()


def test_the_summary_tells_the_dates_and_the_missing_parts(run: Run, reports: list[Report]) -> None:
    part = "part 4 of ncci_ptp_hospital 2024q3"
    lacking = [
        Unjudged(
            rule="NCCI102", reason=f"{part} is not imported", table="ncci_ptp_hospital", date=day, missing_part=part
        )
        for day in (date(2024, 9, 3), date(2024, 7, 2))
    ]
    stream, tally = io.StringIO(), Tally()
    writer = TextWriter(stream)
    writer.start(attrs.evolve(run, tables=(TableUsed(name="ncci_ptp_hospital"),)))
    for unjudged in lacking:
        report = attrs.evolve(reports[0], not_checked=(unjudged,))
        writer.claim(report)
        tally.add(report)
    writer.finish(tally)
    assert f"ncci_ptp_hospital: NCCI102, for 2024-07-02..2024-09-03  without {part}; from: CMS" in stream.getvalue()
