"""What keeps the fingerprint of a finding, and what makes it another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber.claim import Claim, Origin, StructuralFault
from scrubber.readers import read_claims
from scrubber.readers.mapping import claim_from_mapping
from scrubber.scrub import Scrubber
from scrubber.tables import TableSet
from scrubber.testing.shorthand import claim_from_shorthand
from scrubber.testing.small_tables import with_small_tables

CLINIC = Path(__file__).parents[2] / "examples" / "clinic.837"

Write = Callable[..., Path]

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

_LINE = st.builds(
    "{}-{} x{} @2026-03-0{}".format,
    st.sampled_from(["99213", "99214", "93000"]),
    st.sampled_from(["25", "59"]),
    st.sampled_from([1, 2]),
    st.sampled_from([2, 3]),
)


@pytest.fixture
def of_lines(write_rule: Write, tmp_path: Path, shipped_tables: TableSet) -> Scrubber:
    """One rule of lines, one of groups, one of pairs, one that speaks once."""
    write_rule("when: [{line.units: {is: 2}}]\n")
    write_rule(
        "group_by: [service_date]\nwhen: [{day.count: {more_than: 1}}]\ncodes: [day.procedures]\n",
        id="TST102", name="same-day", scope="lines as day",
    )  # fmt: skip
    write_rule(
        "pair_with: line as other\nwhen:\n  - line.procedure: {is: 93000}\n  - other.procedure: {is: 99214}\n",
        id="TST103", name="pair",
    )  # fmt: skip
    write_rule(
        "when: [{line.modifiers: {includes_any: ['59']}}]\nreport: {once_per: claim}\ncodes: [line.procedure]\n",
        id="TST104", name="once",
    )  # fmt: skip
    return Scrubber.load([tmp_path], shipped_tables)


def marks(scrubber: Scrubber, claim: Claim) -> Counter[tuple[str, str]]:
    return Counter((finding.rule, finding.fingerprint) for finding in scrubber.scrub(claim).findings)


def with_lines(*lines: str, **fields: Any) -> Claim:
    return claim_from_shorthand({"claim_id": "A-1", "lines": list(lines), **fields})


@FEW
@given(lines=st.lists(_LINE, min_size=1, max_size=5), data=st.data())
def test_another_order_of_lines_changes_none(of_lines: Scrubber, lines: list[str], data: st.DataObject) -> None:
    assert marks(of_lines, with_lines(*lines)) == marks(of_lines, with_lines(*data.draw(st.permutations(lines))))


@FEW
@given(lines=st.lists(_LINE, min_size=1, max_size=4), place=st.integers(0, 4))
def test_another_line_takes_none_away(of_lines: Scrubber, lines: list[str], place: int) -> None:
    before = marks(of_lines, with_lines("99213-25 @2026-03-02", *lines))
    more = ["99213-25 @2026-03-02", *lines]
    more.insert(place, "85025 @2026-03-05")
    assert before <= marks(of_lines, with_lines(*more))


def test_equal_findings_of_equal_lines_have_one(of_lines: Scrubber) -> None:
    found = marks(of_lines, with_lines(*["93000-25 x2 @2026-03-02"] * 3))
    assert [count for (rule, _), count in found.items() if rule == "TST101"] == [3]


@pytest.fixture
def of_units(write_rule: Write, tmp_path: Path, shipped_tables: TableSet) -> Scrubber:
    write_rule("when: [{line.units: {is: 2}}]\n")
    return Scrubber.load([tmp_path], shipped_tables)


PLAIN: dict[str, Any] = {
    "claim_id": "A-1",
    "form": "professional",
    "subscriber": {"member_id": "M1"},
    "patient": {"birth_date": "1970-05-01"},
    "lines": [{"procedure": "99213", "units": 2, "charge": "125.00", "service_date": "2026-10-02"}],
}


@pytest.mark.parametrize(
    "changes",
    [
        {"claim_id": "A-2"},
        {"claim_id": None},
        {"subscriber": {"member_id": "M2"}},
        {"patient": {"birth_date": "1970-05-02"}},
        {"statement_from": "2026-10-01", "form": "institutional"},
    ],
)
def test_another_claim_has_another(of_units: Scrubber, changes: dict[str, Any]) -> None:
    """Account numbers serve for several claims, and blank ones for all."""
    one, other = (marks(of_units, claim_from_mapping(claim)) for claim in (PLAIN, {**PLAIN, **changes}))
    assert len(one) == len(other) == 1
    assert one != other


@pytest.mark.parametrize("charge", ["125", "125.0", 125, "0125.00"])
def test_how_an_amount_is_written_does_not_matter(of_units: Scrubber, charge: object) -> None:
    line = {**PLAIN["lines"][0], "charge": charge}
    assert marks(of_units, claim_from_mapping({**PLAIN, "lines": [line]})) == marks(of_units, claim_from_mapping(PLAIN))


def test_wording_severity_and_names_in_the_rule_do_not_matter(
    write_rule: Write, tmp_path: Path, shipped_tables: TableSet
) -> None:
    claim = with_lines("99213 x2")
    path = write_rule("when: [{line.units: {is: 2}}]\n")
    before = marks(Scrubber.load([tmp_path], shipped_tables), claim)
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ("It fired.", "Said otherwise."), ("severity: error", "severity: warning"), ("risk: 0.5", "risk: 0.7"),
        ("for_each: line", "for_each: line as visit"), ("line.units", "visit.units"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    assert marks(Scrubber.load([tmp_path], shipped_tables), claim) == before


def test_the_place_in_the_claim_tells_faults_of_one_code_apart(shipped_tables: TableSet) -> None:
    scrubber = Scrubber.load(tables=shipped_tables, select=["PRV102"])
    bad = {"npi": "1234567890"}
    claim = claim_from_mapping({**PLAIN, "billing_provider": bad, "service_facility": bad})
    assert len(marks(scrubber, claim)) == 2


def test_structural_faults_are_told_apart_by_kind_and_element(
    write_rule: Write, tmp_path: Path, shipped_tables: TableSet
) -> None:
    write_rule("when: [{fault.edit: {is: TST101}}]\n", scope="structural fault")
    faults = [
        StructuralFault(edit="TST101", variant=variant, text="x", position={"segment": segment, "element": element})
        for variant, segment, element in (("a", 3, "BHT05"), ("a", 9, "BHT06"), ("b", 3, "BHT05"), ("a", 7, "BHT05"))
    ]
    claim = attrs.evolve(with_lines("99213"), origin=Origin(faults=tuple(faults)))
    assert sorted(marks(Scrubber.load([tmp_path], shipped_tables), claim).values()) == [1, 1, 2]


def test_a_new_edition_of_a_table_changes_none(shipped_tables: TableSet) -> None:
    """Whatever days its row holds for, the pair is the same fault."""
    claim = with_lines("11111", "22222", dos="2026-03-02", payer="medicare")
    pair = {"column_1": "11111", "column_2": "22222", "modifier_indicator": "1"}
    found = []
    for row in ({**pair, "from": "2020-01-01"}, {**pair, "from": "2026-01-01", "to": "2026-03-31"}):
        with with_small_tables(shipped_tables, {"ncci_ptp_practitioner": [row]}) as tables:
            findings = Scrubber.load(tables=tables, select=["NCCI101"]).scrub(claim).findings
            found.append([(finding.rule, finding.fingerprint) for finding in findings])
            assert [finding.evidence is not None for finding in findings] == [True]
    assert found[0] == found[1]


def test_a_provider_of_lines_is_the_same_on_whichever_line_it_is_told(shipped_tables: TableSet) -> None:
    scrubber = Scrubber.load(tables=shipped_tables, select=["PRV102"])
    line = {**PLAIN["lines"][0], "ordering_provider": {"npi": "1234567890"}}
    one, other = ({**line, "procedure": code} for code in ("99213", "93000"))
    found = [marks(scrubber, claim_from_mapping({**PLAIN, "lines": lines})) for lines in ([one, other], [other, one])]
    assert found[0]
    assert found[0] == found[1]


def test_real_claims_keep_theirs_as_json_and_with_their_lines_turned_round(
    shipped_tables: TableSet, shared_data: Path
) -> None:
    scrubber = Scrubber.load(tables=shipped_tables)
    several = 0
    for path in [*sorted((shared_data / "claims837").rglob("*.txt"))[::4], CLINIC]:
        for claim in read_claims(path):
            plain = attrs.evolve(claim, origin=None)
            before = marks(scrubber, plain)
            if claim.other_payers:  # what other payers said of lines names their numbers
                continue
            assert marks(scrubber, attrs.evolve(plain, lines=claim.lines[::-1])) == before
            written = msgspec.json.decode(msgspec.json.encode(attrs.asdict(plain), enc_hook=str))
            written.pop("origin")
            if not written["occurrence_spans"]:  # called otherwise there
                assert marks(scrubber, claim_from_mapping(written)) == before
            several += len(before) > 1
    assert several
