"""Diagnoses exempt from present-on-admission reporting."""

from __future__ import annotations

from datetime import date

from scrubber.tables import NO_EDITION, NO_ROW


def test_the_published_list_answers_for_its_fiscal_year(shared_data, imported) -> None:
    found = imported(shared_data / "cms/icd10/POAexemptCodes2020.zip")
    assert found.problems == []
    assert found.refusals == []
    assert found.editions == {"poa_exempt": ("fy2020", "2019-10-01", "2020-09-30", 37075)}
    table = found.table("poa_exempt")
    assert table.look_up("B900", date(2020, 9, 30)).title == "Sequelae of central nervous system tuberculosis"
    assert table.look_up("A000", date(2020, 9, 30)) is NO_ROW
    assert table.look_up("B900", date(2020, 10, 1)) is NO_EDITION


def test_a_title_may_tell_the_year_and_bad_codes_are_refused(imported, write) -> None:
    lines = [
        "POA Exempt List, FY 2026,,",
        "Order,ICD-10-CM Code,Description",
        "1,B90.0,One",
        "2,Z99.89,Two",
        "3,not a code,Three",
    ]
    found = imported(write("list.csv", lines))
    assert found.editions == {"poa_exempt": ("fy2026", "2025-10-01", "2026-09-30", 2)}
    assert found.refusals == [(5, "'NOT A CODE' is no ICD-10-CM code.")]


def test_a_list_that_tells_no_year_is_refused_with_advice(imported, write) -> None:
    [problem] = imported(write("list.txt", ["Order\tPOA Exempt Code\tDescription", "1\tB90.0\tOne"])).problems
    assert "of which fiscal year it is" in problem
