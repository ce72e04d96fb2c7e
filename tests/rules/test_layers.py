"""What layers make of findings: which claims and days they are for, what wins, and what a finding says of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from scrubber import Report, RuleError, Scrubber, UnknownName
from scrubber.findings import Acknowledgment
from scrubber.rules.layers import PayerIdentity, fits, resolve
from scrubber.rules.loader import load_packs
from scrubber.rules.model import AppliesTo
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand

from .layer_packs import setting, write_layer, write_national

OURS = {"id": "P1", "kind": "commercial"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_national(tmp_path)
    return tmp_path


def scrub(packs: list[Path], tables: TableSet, lines: list[str], *, load: Any = None, **short: Any) -> Report:
    scrubber = Scrubber.load(packs, tables, **(load or {}))
    return scrubber.scrub(claim_from_shorthand({"dos": "2026-03-02", "payer": OURS, **short, "lines": lines}))


@pytest.mark.parametrize(
    ("values", "attribute", "expected"),
    [
        ("{severity: warning}", "severity", "warning"),
        ("{risk: 0.2}", "risk", 0.2),
        ('{adjustment: {group: PR, carc: ["119"], rarc: [N362]}}', "carc", ("119",)),
        (
            '{acknowledgment: {category: A8, status: ["476"]}}',
            "acknowledgment",
            Acknowledgment(category="A8", status=("476",)),
        ),
        ("{acknowledgment: null}", "acknowledgment", None),
        ("{message_note: See chapter 4.}", "message", "Line 1 has 6 units. See chapter 4."),
    ],
)
def test_a_layer_sets_what_it_may(
    folder: Path, shipped_tables: TableSet, values: str, attribute: str, expected: object
) -> None:
    layer = write_layer(folder, setting(values))
    (finding,) = scrub([layer], shipped_tables, ["99213 x6"]).findings
    assert getattr(finding, attribute) == expected


def test_references_are_replaced(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, setting("{references: [{title: Payer manual}]}"))
    (finding,) = scrub([layer], shipped_tables, ["99213 x6"]).findings
    assert [one.title for one in finding.references] == ["Payer manual"]


def test_params_take_the_type_of_their_use(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, setting('{params: {most: 2, codes: ["99213", "G0463-G0465"]}}'))
    report = scrub([layer], shipped_tables, ["99213 x3", "99214 x9", "G0464 x3", "99213 x2"])
    assert [finding.line for finding in report.findings] == [1, 3]


def test_a_dated_param_leaves_the_days_before_its_first_as_they_were(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, setting("{params: {most: {2026-07-01: 2}}}"))
    report = scrub([layer], shipped_tables, ["99213 x3 @2026-06-30", "99213 x3 @2026-07-01"])
    assert [finding.line for finding in report.findings] == [2]


def test_a_finding_says_which_layer_set_what(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, setting("{severity: warning, risk: 0.2}"))
    (finding,) = scrub([layer], shipped_tables, ["99213 x6"]).findings
    (mark,) = finding.layers
    assert (mark.pack, mark.version, mark.level, mark.set) == ("our-payer", "7", "payer", ("severity", "risk"))
    assert mark.reason == "The manual of the payer says so."
    assert mark.reference.title == "Payer manual"


def test_a_layer_holds_from_its_first_day(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, setting("{severity: warning}"))
    report = scrub([layer], shipped_tables, ["99213 x6 @2025-12-31", "99213 x6 @2026-01-01"])
    assert [(finding.line, finding.severity, bool(finding.layers)) for finding in report.findings] == [
        (1, "error", False),
        (2, "warning", True),
    ]
    assert report.coverage.fired == 1  # one rule, whatever its variants


def test_a_line_without_a_date_is_judged_once_and_as_before_the_layer(folder: Path, shipped_tables: TableSet) -> None:
    rule = folder / "base" / "TST101-too-many-units.yaml"
    dated = '{2020-01-01: ["99213"], 2025-01-01: ["99213", "99214"]}'
    rule.write_text(rule.read_text(encoding="utf-8").replace(dated, '["99213"]'), encoding="utf-8")
    layer = write_layer(folder, setting("{severity: warning}"))
    report = scrub([layer], shipped_tables, [{"procedure": "99213", "units": "6", "service_date": None}], dx=[])
    assert [finding.severity for finding in report.findings] == ["error"]


@pytest.mark.parametrize(
    ("payer", "severity", "undecided"),
    [
        ({"id": "P1", "kind": "commercial"}, "warning", None),
        ({"id": "P1", "kind": "medicare"}, "error", None),
        ({"id": "P2", "kind": "commercial"}, "error", None),
        ({"id": "P1", "kind": None}, "error", "payer.kind is blank"),
        ({"id": None, "kind": "commercial"}, "error", "payer.id is blank"),
        ({"id": "P2", "kind": None}, "error", None),
    ],
)
def test_a_layer_is_for_its_claims_only(
    folder: Path, shipped_tables: TableSet, payer: dict[str, str | None], severity: str, undecided: str | None
) -> None:
    """Where the claim does not say, the values below the layer hold, and the report says that it could not be told."""
    layer = write_layer(folder, setting("{severity: warning}"))
    report = scrub([layer], shipped_tables, ["99213 x6"], payer=payer)
    assert [finding.severity for finding in report.findings] == [severity]
    assert [one.undecided for one in report.layers if one.undecided] == ([undecided] if undecided else [])
    assert report.not_evaluated == ()


def test_a_layer_of_a_jurisdiction(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, setting("{severity: warning}"), level="mac", applies_to="{jurisdictions: [JE, JF]}")
    severities = [
        scrub([layer], shipped_tables, ["99213 x6"], jurisdiction=place).findings[0].severity
        for place in ("JE", "JK", "")
    ]
    assert severities == ["warning", "error", "error"]


def test_rules_of_a_layer_run_on_its_claims_only(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, None)
    own = write_national(folder, id="OUR101", name="own-units") / "OUR101-own-units.yaml"
    own.rename(layer / own.name)
    for payer, rules in ((OURS, {"OUR101", "TST101"}), ({"id": "P2", "kind": "commercial"}, {"TST101"})):
        report = scrub([layer], shipped_tables, ["99213 x6"], payer=payer)
        assert {finding.rule for finding in report.findings} == rules
    blank = scrub([layer], shipped_tables, ["99213 x6"], payer={"kind": "commercial"})
    assert [(left.rule, left.reason) for left in blank.not_evaluated] == [("OUR101", "payer.id is blank")]


def test_the_highest_layer_wins_whatever_the_order_of_the_packs(folder: Path, shipped_tables: TableSet) -> None:
    payer = write_layer(folder, setting("{severity: warning, risk: 0.5}"))
    clinic = write_layer(
        folder,
        setting("{severity: info}"),
        name="our-clinic",
        level="organisation",
        applies_to=None,
        over="[our-payer]",
    )
    for packs in ([payer, clinic], [clinic, payer], [clinic]):
        (finding,) = scrub(packs, shipped_tables, ["99213 x6"]).findings
        assert (finding.severity, finding.risk) == ("info", 0.5)
        assert [mark.pack for mark in finding.layers] == ["our-payer", "our-clinic"]


def test_a_rule_may_be_switched_off_and_on_again(folder: Path, shipped_tables: TableSet) -> None:
    off = write_layer(folder, setting("{enabled: false}"))
    on = write_layer(folder, setting("{enabled: true}"), name="our-clinic", level="organisation", applies_to=None)
    report = scrub([off], shipped_tables, ["99213 x6", "99213 x6 @2025-12-31"])
    assert [finding.line for finding in report.findings] == [2]
    assert len(scrub([off, on], shipped_tables, ["99213 x6"]).findings) == 1


@pytest.mark.parametrize("engine", ["compiled", "durable"])
def test_both_engines_know_layers(folder: Path, shipped_tables: TableSet, engine: str) -> None:
    if engine == "durable":
        pytest.importorskip("durable.lang", reason="the extra `durable` is not installed")
    rule = folder / "base" / "TST101-too-many-units.yaml"
    dated = '{2020-01-01: ["99213"], 2025-01-01: ["99213", "99214"]}'
    rule.write_text(rule.read_text(encoding="utf-8").replace(dated, '["99213"]'), encoding="utf-8")
    layer = write_layer(folder, setting("{severity: warning, params: {most: 2}}"))
    lines: list[Any] = ["99213 x6 @2025-12-31", "99213 x3", "99213 x3 @2025-12-31", "99213 x6 date="]
    report = scrub([layer], shipped_tables, lines, load={"engine": engine}, dx=[])
    found = {(finding.line, finding.severity) for finding in report.findings}
    assert found == {(1, "error"), (2, "warning"), (4, "error")}


def test_an_override_may_be_of_one_case(tmp_path: Path, shipped_tables: TableSet) -> None:
    rule = write_national(tmp_path) / "TST101-too-many-units.yaml"
    text = rule.read_text(encoding="utf-8")
    cases = "cases:\n  - {when: [{line.units: {more_than: 9}}], message: Very many.}\n  - {message: Many.}\n"
    rule.write_text(text + cases, encoding="utf-8")
    layer = write_layer(tmp_path, setting("{severity: warning}").replace("set:", "case: 2\n    set:"))
    report = scrub([layer], shipped_tables, ["99213 x10", "99213 x6"])
    assert {(one.message, one.severity, len(one.layers)) for one in report.findings} == {
        ("Very many.", "error", 0),
        ("Many.", "warning", 1),
    }


def test_a_preview_rule_stays_one(tmp_path: Path, shipped_tables: TableSet) -> None:
    write_national(tmp_path, status="preview")
    layer = write_layer(tmp_path, setting("{severity: error, risk: 1}"))
    (finding,) = scrub([layer], shipped_tables, ["99213 x6"]).findings
    assert (finding.severity, finding.risk) == ("info", 0.0)


def test_variants_of_one_id_are_selected_and_ignored_together(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, setting("{severity: warning}"))
    lines = ["99213 x6 @2025-12-31", "99213 x6"]
    assert len(scrub([layer], shipped_tables, lines, load={"select": ["TST101"]}).findings) == 2
    with pytest.raises(RuleError, match="no rule is left"):
        scrub([layer], shipped_tables, lines, load={"ignore": ["tst"]})


def test_payer_of_the_caller_wins_over_that_of_the_claim(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, setting("{severity: warning}"))
    elsewhere = {"id": "X9", "kind": "medicare"}
    (finding,) = scrub([layer], shipped_tables, ["99213 x6"], payer=elsewhere, load={"payer": "P1"}).findings
    assert finding.severity == "warning"
    (finding,) = scrub([layer], shipped_tables, ["99213 x6"], load={"payer": "medicaid"}).findings
    assert finding.severity == "error"
    with pytest.raises(UnknownName, match="Did you mean 'P1'"):
        scrub([layer], shipped_tables, ["99213 x6"], load={"payer": "p1x"})


def test_claims_of_payers_that_no_layer_names_share_their_rules(folder: Path, shipped_tables: TableSet) -> None:
    plan = Scrubber.load([write_layer(folder, setting("{severity: warning}"))], shipped_tables).plan
    others = {id(plan.selection("professional", "commercial", payer, place)) for payer in "ABC" for place in ("X", "Y")}
    assert len(others) == 1
    assert id(plan.selection("professional", "commercial", "P1")) not in others


def test_resolving_is_pure_and_cuts_the_days_where_layers_do(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, setting("{severity: warning}").replace("2026-01-01", "2026-01-01\n    to: 2026-06-30"))
    base, ours = load_packs([layer], shipped_tables)
    (rule,), (override,) = base.rules, ours.overrides
    before = attrs.evolve(rule)
    variants = resolve(rule, [override])
    assert rule == before
    assert [(one.effective_from, one.effective_to, one.severity, one.undated) for one in variants] == [
        (None, date(2025, 12, 31), "error", True),
        (date(2026, 1, 1), date(2026, 6, 30), "warning", False),
        (date(2026, 7, 1), None, "error", False),
    ]
    later = attrs.evolve(rule, effective_from=date(2026, 7, 1))
    assert resolve(later, [override]) == (later,)
    within = attrs.evolve(rule, effective_from=date(2026, 2, 1), effective_to=date(2026, 3, 1))
    assert [(one.effective_from, one.undated) for one in resolve(within, [override])] == [(date(2026, 2, 1), True)]


def test_blank_is_not_no_where_a_layer_asks_for_a_field() -> None:
    wanted = AppliesTo(payers=frozenset({"medicare"}), jurisdictions=frozenset({"JE"}))
    assert fits(wanted, PayerIdentity("medicare", None, "JE")) is True
    assert fits(wanted, PayerIdentity("medicaid", None, None)) is False
    assert fits(wanted, PayerIdentity(None, None, "JK")) is False
    assert getattr(fits(wanted, PayerIdentity("medicare", None, None)), "field", None) == "jurisdiction"


def test_what_has_no_date_is_judged_where_each_day_has_an_override_of_its_own(
    folder: Path, shipped_tables: TableSet
) -> None:
    rule = folder / "base" / "TST101-too-many-units.yaml"
    dated = '{2020-01-01: ["99213"], 2025-01-01: ["99213", "99214"]}'
    text = rule.read_text(encoding="utf-8").replace(dated, '["99213"]')
    rule.write_text(text.replace("for_each", "effective: {from: 2026-01-01}\nfor_each"), encoding="utf-8")
    off = setting("{enabled: false}").replace("    set:", "    to: 2026-06-30\n    set:")
    on = setting("{severity: warning}").replace("2026-01-01", "2026-07-01").removeprefix("overrides:\n")
    layer = write_layer(folder, off + on)
    lines = [{"procedure": "99213", "units": "6", "service_date": day} for day in (None, "2026-06-30", "2026-07-01")]
    for engine in ("compiled", "durable"):
        if engine == "durable":
            pytest.importorskip("durable_rules_engine")
        report = scrub([layer], shipped_tables, lines[1:], dx=[], load={"engine": engine})
        assert [(finding.line, finding.severity) for finding in report.findings] == [(2, "warning")]
        report = scrub([layer], shipped_tables, lines[:1], dx=[], load={"engine": engine})
        assert [(finding.line, finding.severity, finding.layers) for finding in report.findings] == [(1, "error", ())]


@pytest.mark.parametrize("payer_id", ["p1", " P1", "P1 "])
def test_ids_of_payers_are_compared_without_regard_to_capitals_and_blanks(
    folder: Path, shipped_tables: TableSet, payer_id: str
) -> None:
    layer = write_layer(folder, setting("{severity: warning}"))
    report = scrub([layer], shipped_tables, ["99213 x6"], payer={"id": payer_id, "kind": "commercial"})
    assert [finding.severity for finding in report.findings] == ["warning"]
    report = scrub([layer], shipped_tables, ["99213 x6"], payer="medicare", load={"payer": payer_id})
    assert [finding.severity for finding in report.findings] == ["warning"]


def test_many_ids_of_one_payer_share_their_rules(folder: Path, shipped_tables: TableSet) -> None:
    write_layer(folder, setting("{severity: warning}"), applies_to="{payer_ids: [P1, P2, P3]}")
    write_layer(folder, setting("{risk: 0.1}"), name="other", applies_to="{payer_ids: [p3]}")
    plan = Scrubber.load([folder / "our-payer", folder / "other"], shipped_tables).plan
    first, second, third = (plan.selection("professional", "commercial", one) for one in ("P1", "p2", "P3"))
    assert first is second
    assert third is not first
    assert [len(one.layers) for one in (first, third)] == [1, 2]


def test_a_fault_told_once_is_told_once_whatever_its_variants(folder: Path, shipped_tables: TableSet) -> None:
    rule = folder / "base" / "TST101-too-many-units.yaml"
    once = "report: {once_per: claim}\nevery_case: true\ncases:\n"
    once += "  - {when: [line.units: {more_than: 1}], message: One.}\n"
    once += "  - {when: [line.units: {more_than: 2}], message: Two.}\nseverity: error\nrisk"
    rule.write_text(rule.read_text(encoding="utf-8").replace("severity: error\nrisk", once), encoding="utf-8")
    layer = write_layer(folder, setting("{severity: warning}"))
    report = scrub([layer], shipped_tables, ["99213 x6 @2026-03-02", "99213 x6 @2025-12-31"])
    assert [(finding.line, finding.message) for finding in report.findings] == [(2, "One."), (2, "Two.")]


def test_why_tells_that_a_layer_and_not_the_rule_ends_there(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, setting("{enabled: false}"))
    scrubber = Scrubber.load([layer], shipped_tables)
    claim = claim_from_shorthand({"dos": "2026-03-02", "payer": OURS, "lines": ["99213 x6"]})
    (trace,) = scrubber.why(claim, ["TST101"])
    assert trace.outcome == "clear"
    assert trace.reason is None or "ended" not in trace.reason
    assert trace.items[0].reason == "a layer has made something else of the rule for 2026-03-02, or switched it off"


OTHERS_OFF = "{payers: [medicare], others: off}"


def test_what_is_off_for_other_payers_runs_for_its_own(tmp_path: Path, shipped_tables: TableSet) -> None:
    base = write_national(tmp_path, applies_to=OTHERS_OFF)
    assert fired(scrub([base], shipped_tables, ["99213 x6"], payer="medicare"))
    report = scrub([base], shipped_tables, ["99213 x6"])
    assert not fired(report)
    assert not report.not_evaluated


def test_a_layer_switches_on_what_is_off_for_others(tmp_path: Path, shipped_tables: TableSet) -> None:
    write_national(tmp_path, applies_to=OTHERS_OFF)
    layer = write_layer(tmp_path, setting("{enabled: true, severity: warning}"))
    (finding,) = scrub([layer], shipped_tables, ["99213 x6"]).findings
    assert (finding.severity, finding.layers[0].set) == ("warning", ("enabled", "severity"))
    assert not fired(scrub([layer], shipped_tables, ["99213 x6 @2025-12-31"])), "the layer begins in 2026"
    assert not fired(scrub([layer], shipped_tables, ["99213 x6"], payer={"id": "P2", "kind": "commercial"}))
    assert not fired(scrub([layer], shipped_tables, ["99213 x6 date="])), "of days unknown the layer says nothing"
    (finding,) = scrub([layer], shipped_tables, ["99213 x6"], payer="medicare").findings
    assert (finding.severity, finding.layers) == ("error", ())


def test_setting_something_does_not_switch_on(tmp_path: Path, shipped_tables: TableSet) -> None:
    write_national(tmp_path, applies_to=OTHERS_OFF)
    layer = write_layer(tmp_path, setting("{severity: warning}"))
    assert not fired(scrub([layer], shipped_tables, ["99213 x6"]))


def test_a_higher_layer_switches_off_again(tmp_path: Path, shipped_tables: TableSet) -> None:
    write_national(tmp_path, applies_to=OTHERS_OFF)
    payer = write_layer(tmp_path, setting("{enabled: true}"))
    house = write_layer(tmp_path, setting("{enabled: false}"), name="our-house", level="organisation", applies_to=None)
    assert not fired(scrub([payer, house], shipped_tables, ["99213 x6"]))


def test_without_a_kind_of_payer_what_is_off_for_others_is_not_evaluated(
    tmp_path: Path, shipped_tables: TableSet
) -> None:
    base = write_national(tmp_path, applies_to=OTHERS_OFF)
    report = scrub([base], shipped_tables, ["99213 x6"], payer={"id": "P9"})
    assert [one.reason for one in report.not_evaluated] == ["payer.kind is blank"]


def test_a_rule_of_a_layer_has_no_others(tmp_path: Path, shipped_tables: TableSet) -> None:
    base = write_national(tmp_path, applies_to=OTHERS_OFF)
    (base / "pack.yaml").write_text(
        'name: base\nversion: "1"\ntitle: A layer\nlayer: {level: programme, over: [core]}\n'
        "applies_to: {payers: [medicare]}\n",
        encoding="utf-8",
    )
    with pytest.raises(RuleError, match="no others to be off for"):
        Scrubber.load([base], shipped_tables)


def test_others_need_payers(tmp_path: Path, shipped_tables: TableSet) -> None:
    base = write_national(tmp_path, applies_to="{others: off}")
    with pytest.raises(RuleError, match="names none"):
        Scrubber.load([base], shipped_tables)


def fired(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]
