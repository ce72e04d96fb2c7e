"""The file of a baseline: what is in it, what is not, and what is said of a broken one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.errors import ScrubberError
from scrubber.findings import Finding, Report, Suppressed, Suppression
from scrubber.readers.recognize import is_own_report
from scrubber.suppress import BaselineDraft, read_baseline

PACKS = {"core": "2026.4"}


def finding(rule: str, mark: str) -> Finding:
    return Finding(
        rule=rule, name="a-name", family="dx", severity="error", risk=0.5, disposition="line_denial",
        message="It fired on 99213.", line=3, codes=("99213",), fingerprint=mark,
    )  # fmt: skip


def draft_of(*claims: list[Finding]) -> BaselineDraft:
    draft = BaselineDraft()
    for findings in claims:
        draft.add(
            Report(
                claim_id="SECRET-7",
                source="s.837",
                index=0,
                decision="hold",
                risk=0.0,
                amount_at_risk=0.0,
                findings=tuple(findings),
            )
        )
    return draft


_FINDING = st.builds(
    finding, st.sampled_from(["DX102", "MOD110", "DX101"]), st.integers(0, 3).map(lambda number: f"{number:016x}")
)
_CLAIMS = st.lists(st.lists(_FINDING, max_size=5), max_size=5)


@settings(deadline=None)
@given(claims=_CLAIMS, data=st.data())
def test_what_is_written_is_read_and_no_order_matters(
    tmp_path_factory: pytest.TempPathFactory, claims: list[list[Finding]], data: st.DataObject
) -> None:
    draft = draft_of(*claims)
    text = draft.text("0.1.0", PACKS)
    assert text == draft_of(*data.draw(st.permutations(claims))).text("0.1.0", PACKS)
    path = tmp_path_factory.getbasetemp() / "baseline.json"
    path.write_text(text, encoding="utf-8")
    read = read_baseline(path)
    assert read.counts == draft.counts
    assert (read.scrubber, read.packs, read.place) == ("0.1.0", PACKS, str(path))


def test_it_holds_rules_digests_and_counts_only() -> None:
    text = draft_of([finding("DX102", "a" * 16)] * 2, [finding("DX102", "b" * 16)]).text("0.1.0", PACKS)
    document = json.loads(text)
    assert document["findings"] == [
        {"rule": "DX102", "fingerprint": "a" * 16, "count": 2},
        {"rule": "DX102", "fingerprint": "b" * 16},
    ]
    assert document.keys() == {"schema", "scrubber", "kind", "packs", "findings"}
    for private in ("SECRET", "99213", "s.837", "fired"):
        assert private not in text
    assert len(text.splitlines()) == 4, "a line for each finding"


def test_the_same_claim_twice_in_a_run_counts_once() -> None:
    assert draft_of(*[[finding("DX102", "a" * 16)]] * 3).counts == {("DX102", "a" * 16): 1}


def test_what_a_baseline_set_aside_stays_known_and_what_a_suppression_did_is_not_learned() -> None:
    draft = BaselineDraft()
    moved = tuple(
        Suppressed(finding=finding("DX102", mark * 16), suppression=Suppression(kind=kind, place="f"))  # type: ignore[arg-type]
        for kind, mark in (("baseline", "a"), ("suppression", "b"))
    )
    draft.add(
        Report(claim_id=None, source=None, index=0, decision="pass", risk=0.0, amount_at_risk=0.0, suppressed=moved)
    )  # type: ignore[arg-type]
    assert draft.counts == {("DX102", "a" * 16): 1}


def test_nobody_takes_it_for_claims() -> None:
    assert is_own_report(draft_of().text("0.1.0", PACKS).encode())


def test_a_finding_that_a_merge_left_twice_is_one(tmp_path: Path) -> None:
    entries = [{"rule": "DX102", "fingerprint": "a" * 16}, {"rule": "DX102", "fingerprint": "a" * 16, "count": 2}]
    assert read_baseline(write(tmp_path, findings=entries)).counts == {("DX102", "a" * 16): 2}


def write(folder: Path, **changes: Any) -> Path:
    document = {"schema": "1", "scrubber": "0.1.0", "kind": "baseline", "packs": PACKS, "findings": [], **changes}
    path = folder / "baseline.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


KNOWN = {"rule": "DX102", "fingerprint": "a" * 16}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kind": "report"}, "this is no baseline"),
        ({"schema": "2"}, "another version of Claim Scrubber wrote"),
        ({"findings": [KNOWN, {**KNOWN, "count": 0}]}, r"\$\.findings\[1\]\.count: the baseline is damaged: expected"),
        ({"findings": [{**KNOWN, "fingerprint": "A-1001"}]}, r"findings\[0\]\.fingerprint"),
        ({"findings": [{"rule": "DX102"}]}, "missing required field `fingerprint`"),
        ({"findings": {}}, "expected `array`"),
        ({"packs": ["core"]}, "expected `object`"),
        ({"claim": "A-1"}, "unknown field `claim`"),
    ],
)
def test_a_broken_one_is_refused_with_its_place(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    path = write(tmp_path, **changes)
    with pytest.raises(ScrubberError, match=told) as raised:
        read_baseline(path)
    assert raised.value.where.startswith(str(path))
    assert "--write-baseline" in raised.value.hint


def test_a_half_written_one_is_refused_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(draft_of([finding("DX102", "a" * 16)]).text("0.1.0", PACKS)[:-30], encoding="utf-8")
    with pytest.raises(ScrubberError, match=r"b\.json:2:\d+: the baseline is damaged"):
        read_baseline(path)


def test_conflict_marks_of_a_merge_are_refused_at_their_line(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    head, first, end = draft_of([finding("DX102", "a" * 16)]).text("0.1.0", PACKS).splitlines()
    path.write_text("\n".join([head, "<<<<<<< HEAD", first, "=======", ">>>>>>>", end]), encoding="utf-8")
    with pytest.raises(ScrubberError, match=r"b\.json:2:1: "):
        read_baseline(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe{", b"[" * 100_000, b"[]", b"1", b"9" * 5000, b"claims\n"])
def test_whatever_is_no_baseline_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(content)
    with pytest.raises(ScrubberError):
        read_baseline(path)


def test_a_report_is_no_baseline(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text('{"schema": "1", "scrubber": "0.1.0", "claims": [], "summary": {}}', encoding="utf-8")
    with pytest.raises(ScrubberError, match="this is a report, not a baseline"):
        read_baseline(path)


def test_a_missing_one_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ScrubberError, match=r"no such baseline.*--write-baseline writes one"):
        read_baseline(tmp_path / "absent.json")


def test_other_packs_are_told(tmp_path: Path) -> None:
    known = read_baseline(write(tmp_path, packs={"core": "2026.3", "old": "1"}))
    assert known.differs_from({"core": "2026.4", "ours": "2"}) == [
        "core 2026.3, now 2026.4",
        "old 1, which is not used now",
        "no ours",
    ]
    assert known.differs_from({"core": "2026.3", "old": "1"}) == []
