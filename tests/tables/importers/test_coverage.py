"""Coverage articles: the export as a zip and as a folder, versions, states, lists, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scrubber.tables import NO_ROW

FILES = {
    "article": [
        "article_id,article_version,title,article_eff_date,article_end_date,status,last_updated,display_id",
        "1,1,Made up,2025-01-01,,Active,2026-07-01,A1",
        '1,2,"Made up, anew",2026-01-01,,Active,2026-07-02,A1',
        "2,1,To come,2027-01-01,,Future,2026-07-01,A2",
        "3,4,Ended,01/01/2024,2025-06-30,Retired,2026-07-01,A3",
    ],
    "article_x_hcpc_code": [
        "article_id,article_version,hcpc_code_id,hcpc_code_group",
        *(f"1,{version},{code},1" for version in (1, 2) for code in ("00001", "00002")),
        "1,2,00001,2",
        "3,4,00003,1",
    ],
    "article_x_icd10_covered": [
        "article_id,article_version,icd10_code_id,icd10_covered_group",
        "1,1,A18.84,1",
        "1,2,A18.84,1",
        "1,2,A18.84,2",
        "1,2,I10,2",
    ],
    "article_x_icd10_noncovered": [
        "article_id,article_version,icd10_code_id,icd10_noncovered_group",
        "1,2,Z00.00,1",
    ],
    "article_x_contractor": [
        "article_id,article_version,contractor_id,contractor_type_id,contractor_version",
        *(f"1,{version},1,12,1" for version in (1, 2)),
        "3,4,2,12,1",
    ],
    "contractor_jurisdiction": [
        "contractor_id,contractor_type_id,contractor_version,state_id,active_date,term_date",
        "1,12,1,1,2020-01-01,",
        "1,12,1,2,2020-01-01,",
        "1,12,1,3,2020-01-01,2022-01-01",
        "2,12,1,3,2020-01-01,",
    ],
    "state_lookup": ["state_id,state_abbrev,description", "1,WI,Wisconsin", "2,MN,Minnesota", "3,NY,New York"],
    "article_related_documents": ["article_id,article_version,r_lcd_id,r_lcd_version", "1,2,33577,1"],
}
DAY = date(2026, 3, 1)


@pytest.fixture
def export(write):
    """The made-up export, with lines of one file changed."""

    def put(**changed: list[str]) -> list[Path]:
        return [write(f"export/{name}.csv", changed.get(name, lines), "utf-8") for name, lines in FILES.items()]

    return put


def test_the_published_layout(shared_data: Path, imported) -> None:
    found = imported(shared_data / "cms/coverage/current_article_csv.zip")
    assert found.problems == []
    assert found.refusals == []
    assert found.editions == {
        "coverage": ("2025-10-01", "2025-10-01", None, 6),
        "coverage_diagnoses": ("2025-10-01", "2025-10-01", None, 121),
    }
    [policy] = found.table("coverage").rows_on(("93306", "WI"), date(2025, 12, 1))
    assert (policy.policy, policy.version, policy.lists_covered, policy.lists_noncovered) == ("A56781", 34, True, False)
    lists = found.table("coverage_diagnoses")
    assert lists.look_up((policy.diagnosis_list, "A1884"), date(2025, 12, 1)).covered is True
    assert lists.look_up((policy.diagnosis_list, "I10"), date(2025, 12, 1)) is NO_ROW
    assert found.table("coverage").rows_on(("93306", "NY"), date(2025, 12, 1)) is NO_ROW


@pytest.mark.parametrize("zipped", [True, False])
def test_versions_follow_one_another_and_states_come_from_contractors(imported, export, pack, zipped: bool) -> None:
    files = export()
    found = imported(pack("current_article_csv.zip", *files)) if zipped else imported(*files)
    assert found.problems == []
    coverage, lists = found.table("coverage"), found.table("coverage_diagnoses")
    windows = [(row.version, row.valid_from, row.valid_to) for row in coverage.rows(("00001", "WI"))]
    assert windows == [(1, date(2025, 1, 1), date(2025, 12, 31)), (2, date(2026, 1, 1), None)]
    [row] = coverage.rows_on(("00001", "MN"), DAY)
    assert (row.determination, row.lists_covered, row.lists_noncovered) == ("L33577", True, True)
    assert row.title == "Made up, anew"
    assert coverage.rows_on(("00001", "NY"), DAY) is NO_ROW
    assert lists.look_up((row.diagnosis_list, "A1884"), DAY).groups == "1 2"
    assert lists.look_up((row.diagnosis_list, "Z0000"), DAY).as_dict() == {
        "covered": False,
        "noncovered": True,
        "groups": None,
        "only_with": None,
    }
    assert lists.look_up(("A1-1", "I10"), date(2025, 3, 1)) is NO_ROW
    [ended] = coverage.rows(("00003", "NY"))
    assert (ended.valid_to, ended.diagnosis_list) == (date(2025, 6, 30), None)
    assert not any(row.policy == "A2" for row in coverage.starting_with(""))


def test_bad_rows_are_refused_with_file_line_and_reason(imported, export) -> None:
    found = imported(
        *export(
            article=[*FILES["article"], "4,1,No day,,,Active,2026-07-01,A4", "5,1,Odd,2025-01-01,,Lost,2026-07-01,A5"],
            article_x_hcpc_code=[*FILES["article_x_hcpc_code"], "1,2,12,1"],
            article_x_icd10_covered=[*FILES["article_x_icd10_covered"], "1,2,??,1"],
        )
    )
    assert found.refusals == [
        (6, "the article has no first day."),
        (7, "the status of the article is 'Lost'."),
        (3, "line 6 of article_x_icd10_covered.csv: '??' is no ICD-10-CM code."),
        (3, "line 8 of article_x_hcpc_code.csv: '12' is no procedure code."),
    ]


def test_an_export_without_its_companions_is_refused_with_advice(imported, write) -> None:
    [problem] = imported(write("alone/article.csv", FILES["article"])).problems
    assert "article_x_hcpc_code.csv" in problem
    assert "as it was downloaded" in problem


def test_cells_may_hold_whole_pages(imported, export) -> None:
    page = "<p>word </p>" * 30_000
    lines = [line.replace("Made up,2025", f"{page},2025") for line in FILES["article"]]
    assert imported(*export(article=lines)).problems == []


def test_a_broken_csv_is_refused_with_its_line(imported, export) -> None:
    found = imported(*export(article_x_hcpc_code=[*FILES["article_x_hcpc_code"], '1,2,"00001" x,1']))
    assert "article_x_hcpc_code.csv, line 8: the csv is broken" in found.problems[0]
