"""What one provider did on one day, who rendered a line, and which findings a bundled pair makes superfluous."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from scrubber import Scrubber
from scrubber.checks.answers import Blank, Unsupported
from scrubber.checks.same_day import SameDay, same_day
from scrubber.facts import ClaimFacts
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand
from scrubber.testing.small_tables import with_small_tables


def facts(**shorthand: object) -> ClaimFacts:
    return ClaimFacts(claim_from_shorthand({"dos": "2024-08-01", **shorthand}))


def beside_first(tables: TableSet, **shorthand: object) -> object:
    claim = facts(**shorthand)
    return same_day(claim, claim.lines[0], tables)


class TestSameDay:
    def test_names_each_other_procedure_once(self, shipped_tables: TableSet) -> None:
        found = beside_first(shipped_tables, lines=["G2211", "99214", "93000", "93000-76", "G2211"])
        assert found == SameDay(("99214", "93000", "G2211"))

    def test_leaves_out_other_days_and_providers(self, shipped_tables: TableSet) -> None:
        lines = ["G2211", "99214 @2024-08-02", "93000 npi=1234567893", "81002 @2024-07-31..2024-08-01"]
        assert beside_first(shipped_tables, lines=lines) == SameDay(("81002",))

    def test_a_line_alone_has_nothing_beside_it(self, shipped_tables: TableSet) -> None:
        assert beside_first(shipped_tables, lines=["G2211"]) == SameDay(())

    def test_a_line_without_a_day_cannot_be_told(self, shipped_tables: TableSet) -> None:
        assert beside_first(shipped_tables, lines=["G2211 date=", "99214"]) == Blank("lines[0].service_date")

    def test_providers_who_may_count_as_one_cannot_be_told(self, shipped_tables: TableSet) -> None:
        other = {"procedure": "99214", "rendering_provider": {"npi": "1234567893", "taxonomy": "207R00000X"}}
        claim = {"rendering_provider": {"npi": "1003000126", "taxonomy": "207R00000X"}, "lines": ["G2211", other]}
        assert isinstance(beside_first(shipped_tables, **claim), Unsupported)


@pytest.mark.parametrize(
    ("claim", "taxonomy"),
    [
        ({"rendering_provider": {"npi": "1003000126", "taxonomy": "207L00000X"}}, "207L00000X"),
        ({"rendering_provider": {"npi": "1003000126"}}, None),
        ({"rendering_provider": {"npi": "", "taxonomy": "207L00000X"}}, "207L00000X"),
        ({"rendering_provider": "", "billing_provider": {"taxonomy": "207L00000X", "entity": "person"}}, "207L00000X"),
        ({"rendering_provider": "", "billing_provider": {"taxonomy": "207L00000X", "entity": "organization"}}, None),
        ({"rendering_provider": "", "billing_provider": {"taxonomy": "207L00000X"}}, None),
    ],
    ids=[
        "of the claim",
        "not given",
        "without NPI",
        "a person who bills",
        "a group that bills",
        "nobody knows who bills",
    ],
)
def test_the_taxonomy_of_who_rendered_a_line(claim: Mapping[str, object], taxonomy: str | None) -> None:
    assert facts(lines=["00142-AA min=45"], **claim).lines[0].rendering_taxonomy == taxonomy


PAIRS = [
    {"column_1": "20610", "column_2": "99213", "modifier_indicator": "1"},
    {"column_1": "G0439", "column_2": "99213", "modifier_indicator": "1"},
    {"column_1": "G2212", "column_2": "99417", "modifier_indicator": "0"},
    {"column_1": "27447", "column_2": "01402", "modifier_indicator": "0"},
]
FEES = [
    {"code": code, "modifier": "", "status": "A", "global_days": days}
    for code, days in {"20610": "000", "11402": "010", "27447": "090", "99213": "XXX"}.items()
]


class TestBundledPairs:
    """NCCI101 speaks for its pair alone (catalogue section 4)."""

    @pytest.fixture
    def scrubber(self, shipped_tables: TableSet) -> object:
        with with_small_tables(shipped_tables, {"ncci_ptp_practitioner": PAIRS, "mpfs": FEES}) as tables:
            yield Scrubber.load(tables=tables, select=["NCCI101", "MOD130", "MOD131", "evm", "ANE105"])

    def told(self, scrubber: Scrubber, *lines: str) -> tuple[list[tuple[str, int | None]], list[tuple[str, str]]]:
        claim = claim_from_shorthand({"dos": "2024-08-01", "payer": "medicare", "lines": list(lines)})
        report = scrubber.scrub(claim)
        return (
            sorted((finding.rule, finding.line) for finding in report.findings),
            sorted((masked.rule, masked.by) for masked in report.masked),
        )

    def test_a_bundled_visit_is_told_once(self, scrubber: Scrubber) -> None:
        assert self.told(scrubber, "99213", "20610") == ([("NCCI101", 1)], [("MOD130", "NCCI101")])

    def test_a_second_procedure_without_a_pair_still_asks_for_25(self, scrubber: Scrubber) -> None:
        findings, masked = self.told(scrubber, "99213", "20610", "11402")
        assert findings == [("MOD130", 1), ("NCCI101", 1)]
        assert masked == [("MOD130", "NCCI101")]

    def test_two_visits_stay_a_fault_of_their_own(self, scrubber: Scrubber) -> None:
        assert self.told(scrubber, "99214-57", "99213", "20610")[0] == [("EVM101", 2), ("NCCI101", 2)]

    def test_a_wellness_visit_that_is_bundled(self, scrubber: Scrubber) -> None:
        assert self.told(scrubber, "G0439", "99213") == ([("NCCI101", 2)], [("EVM102", "NCCI101")])

    def test_two_prolonged_codes_that_are_a_pair(self, scrubber: Scrubber) -> None:
        assert self.told(scrubber, "99215", "99417", "G2212") == ([("NCCI101", 2)], [("EVM103", "NCCI101")])

    def test_anesthesia_by_the_surgeon_says_more_than_the_pair(self, scrubber: Scrubber) -> None:
        assert self.told(scrubber, "27447-RT", "01402 min=60") == ([("ANE105", 2)], [("NCCI101", "ANE105")])

    def test_major_surgery_asks_for_57_alone(self, scrubber: Scrubber) -> None:
        assert self.told(scrubber, "99213", "27447-RT", "11402-59")[0] == [("MOD131", 1)]
