"""What setting findings aside does to a report, and what it leaves as it is."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.claim import Claim, Payer, ServiceLine
from scrubber.findings import Finding, Masked, ReadError, Report, Severity, Suppression
from scrubber.scoring import amount_at_risk, claim_risk, decision
from scrubber.suppress import Aside, Baseline, BaselineDraft, Entry, Suppressions, set_aside

CLAIM = Claim(
    form="professional",
    claim_id="A-1",
    payer=Payer(id="60054", kind="medicare"),
    lines=(
        ServiceLine(procedure="99213", charge=Decimal("100.00")),
        ServiceLine(procedure="93000", charge=Decimal("20.00")),
    ),
)
MARKS = ("0" * 16, "1" * 16, "2" * 16)
UNTIL = date(2027, 1, 31)


def finding(rule: str = "DX102", mark: str = MARKS[0], severity: Severity = "error", **more: object) -> Finding:
    family = rule.rstrip("0123456789").lower()
    values = {"name": f"{family}-rule", "risk": 0.5, "disposition": "line_denial", "message": "It fired.", "line": 1}
    return Finding(rule=rule, family=family, severity=severity, fingerprint=mark, **{**values, **more})  # type: ignore[arg-type]


def report(*findings: Finding, claim: Claim = CLAIM, **more: object) -> Report:
    told = {
        "decision": decision(findings),
        "risk": claim_risk(findings),
        "amount_at_risk": amount_at_risk(findings, claim),
    }
    return Report(claim_id=claim.claim_id, source=None, index=0, findings=findings, **{**told, **more})  # type: ignore[arg-type]


def entry(**what: str) -> Entry:
    named = {f"{key}s": frozenset({value}) for key, value in what.items()}
    return Entry(place="suppressions.yaml:1", reason="So it was decided.", by="J. Rivera", until=UNTIL, **named)  # type: ignore[arg-type]


def aside(*entries: Entry, known: dict[tuple[str, str], int] | None = None) -> Aside:
    baseline = Baseline(place="baseline.json", counts=known) if known else None
    return Aside(baseline=baseline, suppressions=Suppressions(entries) if entries else None)


_FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from(["DX102", "MOD110"]),
        st.sampled_from(MARKS),
        st.sampled_from(["error", "warning", "info"]),
        risk=st.sampled_from([0.0, 0.25, 0.9]),
        line=st.sampled_from([None, 1, 2]),
    ),
    max_size=8,
)
_KNOWN = st.dictionaries(
    st.tuples(st.sampled_from(["DX102", "MOD110"]), st.sampled_from(MARKS)), st.integers(1, 3), max_size=4
)


@settings(deadline=None)
@given(findings=_FINDINGS, known=_KNOWN, suppressed=st.booleans())
def test_no_finding_is_lost_and_the_rest_is_scored_as_if_it_were_all(
    findings: list[Finding], known: dict[tuple[str, str], int], suppressed: bool
) -> None:
    before = report(*findings)
    entries = [entry(rule="mod110")] if suppressed else []
    after = set_aside(before, CLAIM, aside(*entries, known=known))
    assert Counter(map(id, findings)) == Counter(map(id, (*after.findings, *(one.finding for one in after.suppressed))))
    assert (after.decision, after.risk, after.amount_at_risk) == (
        decision(after.findings), claim_risk(after.findings), amount_at_risk(after.findings, CLAIM)
    )  # fmt: skip
    kept = set(map(id, after.findings))
    assert [id(f) for f in before.findings if id(f) in kept] == [id(f) for f in after.findings], "in the order they had"
    assert after.risk <= before.risk


@settings(deadline=None)
@given(findings=_FINDINGS, known=_KNOWN)
def test_a_baseline_knows_each_finding_as_often_as_it_stood(
    findings: list[Finding], known: dict[tuple[str, str], int]
) -> None:
    after = set_aside(report(*findings), CLAIM, aside(known=known))
    found, told = (Counter((f.rule, f.fingerprint) for f in some) for some in (findings, after.findings))
    assert told == Counter({key: max(0, count - known.get(key, 0)) for key, count in found.items()}) + Counter()


@settings(deadline=None)
@given(claims=st.lists(_FINDINGS, max_size=4))
def test_what_was_written_down_is_not_told_again(claims: list[list[Finding]]) -> None:
    draft = BaselineDraft()
    for findings in claims:
        draft.add(report(*findings))
    known = dict(draft.counts)
    for findings in claims:
        assert set_aside(report(*findings), CLAIM, aside(known=known)).findings == ()


def test_of_equal_findings_the_gravest_is_told() -> None:
    grave, mild = finding(), finding(severity="warning")
    after = set_aside(report(grave, mild), CLAIM, aside(known={("DX102", MARKS[0]): 1}))
    assert after.findings == (grave,)


def test_a_suppression_is_asked_before_the_baseline() -> None:
    after = set_aside(report(finding()), CLAIM, aside(entry(rule="dx102"), known={("DX102", MARKS[0]): 1}))
    assert [one.suppression.kind for one in after.suppressed] == ["suppression"]


def test_who_decided_and_until_when_is_told() -> None:
    after = set_aside(report(finding()), CLAIM, aside(entry(rule="dx102")))
    assert after.suppressed[0].suppression == Suppression(
        kind="suppression", place="suppressions.yaml:1", reason="So it was decided.", by="J. Rivera", expires=UNTIL
    )
    assert (after.decision, after.risk, after.amount_at_risk) == ("pass", 0.0, Decimal("0.00"))


def test_a_claim_that_was_read_in_part_stays_on_hold() -> None:
    before = report(finding(), errors=(ReadError(message="the date is none."),), decision="hold")
    assert set_aside(before, CLAIM, aside(entry(rule="dx102"))).decision == "hold"


def test_what_it_hides_stays_hidden() -> None:
    before = report(finding(), masked=(Masked(rule="DX103", by="DX102"),))
    after = set_aside(before, CLAIM, aside(entry(rule="dx102")))
    assert after.findings == ()
    assert after.masked == before.masked


def test_a_report_without_anything_to_set_aside_is_the_same() -> None:
    before = report(finding())
    assert set_aside(before, CLAIM, aside(entry(rule="mod110"), known={("DX102", MARKS[1]): 1})) is before


def test_a_finding_without_fingerprint_is_never_known() -> None:
    draft = BaselineDraft()
    draft.add(report(finding(mark="")))
    assert draft.findings == 0


class TestWhatFits:
    def fits(self, on: Claim = CLAIM, *, about: Finding | None = None, **what: str) -> bool:
        found = set_aside(report(about or finding(), claim=on), on, aside(entry(**what)))
        return not found.findings

    def test_rules_by_id_name_and_family(self) -> None:
        assert self.fits(rule="dx102")
        assert self.fits(rule="dx-rule")
        assert self.fits(rule="dx")
        assert not self.fits(rule="dx103")

    def test_fingerprints(self) -> None:
        assert self.fits(fingerprint=MARKS[0])
        assert not self.fits(fingerprint=MARKS[1])

    def test_all_that_is_named_must_fit(self) -> None:
        assert self.fits(rule="dx102", payer="medicare", claim="A-1", procedure="99213", fingerprint=MARKS[0])
        for key, wrong in (("payer", "medicaid"), ("claim", "A-2"), ("procedure", "93000"), ("fingerprint", MARKS[1])):
            named = {"rule": "dx102", "payer": "medicare", "claim": "A-1", "procedure": "99213", key: wrong}
            assert not self.fits(**named), key

    def test_payers_by_id_and_kind(self) -> None:
        assert self.fits(rule="dx102", payer="60054")
        assert not self.fits(rule="dx102", payer="60055")
        assert not self.fits(attrs.evolve(CLAIM, payer=Payer()), rule="dx102", payer="medicare")

    def test_procedures_of_the_line_and_of_the_finding(self) -> None:
        assert self.fits(rule="dx102", procedure="93000", about=finding(line=2))
        assert self.fits(rule="dx102", procedure="93000", about=finding(line=None, codes=("99213", "93000")))
        assert not self.fits(rule="dx102", procedure="93000", about=finding(line=None))
        assert not self.fits(rule="dx102", procedure="93000", about=finding(line=9))

    def test_a_claim_without_an_id_is_no_claim_that_is_named(self) -> None:
        assert not self.fits(attrs.evolve(CLAIM, claim_id=None), rule="dx102", claim="A-1")

    def test_the_first_entry_that_fits_decides(self) -> None:
        first, second = (
            attrs.evolve(entry(**what), place=place)
            for what, place in (({"rule": "dx"}, "f:1"), ({"rule": "dx102"}, "f:2"))
        )
        for entries in ((first, second), (second, first)):
            after = set_aside(report(finding()), CLAIM, aside(*entries))
            assert after.suppressed[0].suppression.place == entries[0].place


def test_the_last_day_counts() -> None:
    held = Suppressions((entry(rule="dx102"),))
    assert held.in_force(UNTIL) == held
    assert held.expired(UNTIL) == ()
    assert held.in_force(date(2027, 2, 1)).entries == ()
    assert held.expired(date(2027, 2, 1)) == held.entries
