"""Mistakes in `pack.yaml` and `overrides.yaml`: each is named at its line, with the mend."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scrubber import RuleError, Scrubber
from scrubber.rules.loader import check_pack, load_packs, read_packs
from scrubber.tables import TableSet
from scrubber.testing import run_override_tests

from .layer_packs import setting, write_layer, write_national

GOOD = setting("{severity: warning}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_national(tmp_path)
    return tmp_path


def test_a_good_layer_has_no_mistake_and_brings_what_it_lies_over(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, GOOD)
    assert check_pack(layer, shipped_tables) == []
    base, ours = load_packs([layer], shipped_tables)
    assert (base.name, base.level, base.brought) == ("base", "national", True)
    assert (ours.name, ours.level, ours.brought) == ("our-payer", "payer", False)
    assert not load_packs([layer, folder / "base"], shipped_tables)[0].brought


@pytest.mark.parametrize(
    ("old", "new", "at", "lint", "message", "hint"),
    [
        ("rule: TST101", "rule: TST110", "TST110", "RL008", "no rule 'TST110'", "'TST101'"),
        ("rule: TST101", "rule: too-many-units", "too-many", "RL008", "is the name of a rule", "Write TST101"),
        ("severity: warning", "severty: warning", "severty", "RL002", "no key 'severty'", "'severity'"),
        ("severity: warning", "severity: fatal", "fatal", "RL011", "'fatal'", "'error'"),
        ("severity: warning", "risk: 20%", "20%", "RL011", "from 0 to 1", ""),
        ("severity: warning", "enabled: no", "no}", "RL011", "'no'", "false"),
        ("severity: warning", "when: []", "when", "RL002", "may not change 'when'", "`enabled: false`"),
        ("severity: warning", "message: Hello", "message", "RL002", "may not change 'message'", "`message_note`"),
        ("severity: warning", "message_note: '{line.units}'", "'{line", "RL013", "no placeholders", ""),
        ("severity: warning", "params: {most: many}", "many", "RL011", "must be a number", ""),
        ("severity: warning", "params: {moste: 3}", "moste", "RL008", "no param 'moste'", "'most'"),
        ("severity: warning", "params: {codes: []}", "[]", "RL011", "empty list", ""),
        ("severity: warning", "adjustment: {carc: [M81]}", "M81", "RL011", "like a CARC", ""),
        ("severity: warning", "references: []", "[]", "RL003", "no authority", ""),
        ("{severity: warning}", "{}", "{}", "RL003", "sets nothing", "severity, risk"),
        ("from: 2026-01-01", "from: 01/01/2026", "01/01/2026", "RL011", "must be a date", ""),
        ("from: 2026-01-01", "from: 2026-01-01\n    to: 2025-01-01", "rule: TST101", "RL011", "ends before", ""),
        ("from: 2026-01-01", "case: 2\n    from: 2026-01-01", "2\n", "RL011", "case cannot be '2'", "1 to 1"),
        ("    reason: The manual of the payer says so.\n", "", "rule: TST101", "RL003", "lacks the key 'reason'", ""),
        ("reason: The manual of the payer says so.", 'reason: " "', 'reason: " "', "RL003", "needs its reason", ""),
        ("    reference:", "    refrence:", "refrence", "RL002", "'refrence'", "'reference'"),
        ("overrides:", "override:", "override:", "RL002", "'override'", "'overrides'"),
    ],
)
def test_a_mistake_in_an_override(
    folder: Path, shipped_tables: TableSet, old: str, new: str, at: str, lint: str, message: str, hint: str
) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new)
    layer = write_layer(folder, text)
    problems = check_pack(layer, shipped_tables)
    assert len(problems) == 1, [str(problem) for problem in problems]
    (problem,) = problems
    line = text[: text.index(at)].count("\n") + 1
    assert (problem.path.name, problem.line, problem.id) == ("overrides.yaml", line, lint)
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("old", "new", "at", "lint", "message", "hint"),
    [
        ("level: payer", "level: payor", "payor", "RL011", "level cannot be 'payor'", "'payer'"),
        ("over: [base]", "over: [baze]", "baze", "RL008", "'baze'", ""),
        (", over: [base]", "", "{level", "RL003", "lacks the key 'over'", ""),
        ("payers: [commercial]", "payers: [comercial]", "comercial", "RL011", "'comercial'", "'commercial'"),
        ("payer_ids", "payer_id", "payer_id", "RL002", "'payer_id'", "'payer_ids'"),
        ("layer: {level: payer, over: [base]}\n", "", "applies_to", "RL003", "this pack is none", "layer:"),
        ("title: A layer\n", "title: A layer\nchangelog: [{version: '7', date: 2026-01-01, rules: [X]}]\n", "{version",
         "RL003", "lacks the key 'what'", ""),
    ],
)  # fmt: skip
def test_a_mistake_in_the_header_of_a_layer(
    folder: Path, shipped_tables: TableSet, old: str, new: str, at: str, lint: str, message: str, hint: str
) -> None:
    layer = write_layer(folder, None)
    own = write_national(folder, id="OUR101", name="own-units") / "OUR101-own-units.yaml"
    own.rename(layer / own.name)
    header = layer / "pack.yaml"
    text = header.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new)
    header.write_text(text, encoding="utf-8")
    problems = check_pack(layer, shipped_tables)
    line = text[: text.index(at)].count("\n") + 1
    found = [(one.path.name, one.line, one.id) for one in problems if message in one.message and hint in one.hint]
    assert ("pack.yaml", line, lint) in found, [str(problem) for problem in problems]


def test_a_rule_of_a_pack_below_is_not_that_of_a_pack_beside(folder: Path, shipped_tables: TableSet) -> None:
    """What an override means does not depend on what else is loaded."""
    beside = folder / "beside"
    write_national(folder, id="OTH101", name="other-units").rename(beside)
    (beside / "pack.yaml").write_text('name: beside\nversion: "1"\ntitle: Another\n', encoding="utf-8")
    write_national(folder)
    (beside / "TST101-too-many-units.yaml").unlink()
    layer = write_layer(folder, GOOD.replace("TST101", "OTH101"))
    (problem,) = read_packs([beside, layer], shipped_tables)[1]
    assert (problem.id, problem.hint) == ("RL008", "Add beside to `over` in pack.yaml.")
    assert "is a rule of the pack beside" in problem.message


def test_two_overrides_of_one_layer_may_not_disagree(folder: Path, shipped_tables: TableSet) -> None:
    second = GOOD.removeprefix("overrides:\n").replace("warning", "info")
    layer = write_layer(folder, GOOD + second)
    (problem,) = check_pack(layer, shipped_tables)
    assert (problem.id, problem.line) == ("RL012", 7)
    assert "line 2 sets the severity of TST101" in problem.message
    write_layer(folder, GOOD.replace("2026-01-01", "2026-01-01\n    to: 2026-12-31") + second.replace("2026", "2027"))
    assert check_pack(layer, shipped_tables) == []


def test_overrides_belong_to_a_layer(folder: Path, shipped_tables: TableSet) -> None:
    (folder / "base" / "overrides.yaml").write_text(GOOD, encoding="utf-8")
    (problem,) = check_pack(folder / "base", shipped_tables)
    assert (problem.id, problem.line) == ("RL003", 1)
    assert "layer:" in problem.hint


def test_layers_do_not_lie_over_each_other(folder: Path, shipped_tables: TableSet) -> None:
    write_layer(folder, GOOD, name="one", over="[base, two]")
    layer = write_layer(folder, None, name="two", over="[one]", more="changelog: []\n")
    problems = check_pack(layer, shipped_tables)
    assert ["cannot lie over 'two'" in problem.message for problem in problems if problem.id == "RL012"] == [True]


def test_a_rule_that_no_claim_of_its_layer_can_meet_is_told(folder: Path, shipped_tables: TableSet) -> None:
    layer = write_layer(folder, None)
    rule = write_national(folder, id="OUR101", name="own-units") / "OUR101-own-units.yaml"
    text = rule.read_text(encoding="utf-8")
    (layer / rule.name).write_text(text + "applies_to: {payers: [medicare]}\n", encoding="utf-8")
    rule.unlink()
    (problem,) = check_pack(layer, shipped_tables)
    assert "can never run" in problem.message


def test_the_layer_on_the_page_is_one(tmp_path: Path, shipped_tables: TableSet) -> None:
    page = (Path(__file__).parents[2] / "docs" / "layers.md").read_text(encoding="utf-8")
    header, overrides, switched_on = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "pack.yaml").write_text(header, encoding="utf-8")
    (tmp_path / "overrides.yaml").write_text(overrides, encoding="utf-8")
    results = list(run_override_tests(load_packs([tmp_path], shipped_tables), shipped_tables))
    assert [result.trouble for result in results] == [None]
    (tmp_path / "overrides.yaml").write_text(switched_on, encoding="utf-8")
    assert _waiting_for_the_fee_schedule(tmp_path, "EXHP1") == {"MOD110"}
    assert _waiting_for_the_fee_schedule(tmp_path, "OTHER") == set()


def test_the_override_on_the_page_of_visits_is_one(tmp_path: Path) -> None:
    docs = Path(__file__).parents[2] / "docs"
    header = re.findall(r"```yaml\n(.*?)```", (docs / "layers.md").read_text(encoding="utf-8"), re.DOTALL)[0]
    (overrides,) = re.findall(
        r"```yaml\n(.*?)```", (docs / "visits-and-surgery.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (tmp_path / "pack.yaml").write_text(header, encoding="utf-8")
    (tmp_path / "overrides.yaml").write_text(overrides, encoding="utf-8")
    assert _waiting_for_the_fee_schedule(tmp_path, "EXHP1") == {"MOD130"}


def _waiting_for_the_fee_schedule(pack: Path, payer: str) -> set[str]:
    """Rules about modifiers that are on for a payer and lack the table, of a visit with 26 beside a procedure."""
    claim = {
        "form": "professional",
        "payer": {"id": payer, "kind": "commercial"},
        "rendering_provider": {"npi": "1234567893"},
        "diagnoses": ["I10"],
        "lines": [
            {"procedure": "99213", "modifiers": ["26"], "units": 1, "service_date": "2026-03-02"},
            {"procedure": "20610", "units": 1, "service_date": "2026-03-02"},
        ],
    }
    report = Scrubber.load(packs=[pack], select=["mod"]).scrub(claim)
    return {one.rule for one in report.not_checked if one.table == "mpfs"}


def test_examples_of_a_layer_are_claims_of_its_payer(folder: Path, shipped_tables: TableSet) -> None:
    example = "    tests:\n      - {name: six, claim: {lines: ['99213 x6']}, fires_at: [line 1], severity: warning}\n"
    layer = write_layer(folder, GOOD + example)
    _, ours = load_packs([layer], shipped_tables)
    (test,) = ours.overrides[0].tests
    assert test.claim["payer"] == {"id": "P1", "kind": "commercial", "name": "PAYER"}


def test_a_rule_that_could_not_be_read_is_not_also_called_unknown(folder: Path, shipped_tables: TableSet) -> None:
    rule = folder / "base" / "TST101-too-many-units.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("severity: error", "severity: fatal"), encoding="utf-8")
    assert [problem.id for problem in check_pack(write_layer(folder, GOOD), shipped_tables)] == ["RL011"]


def test_two_packs_of_one_name_are_refused(folder: Path, shipped_tables: TableSet) -> None:
    first = write_layer(folder, GOOD)
    second = write_layer(folder, GOOD, name="copy")
    header = second / "pack.yaml"
    header.write_text(header.read_text(encoding="utf-8").replace("name: copy", "name: our-payer"), encoding="utf-8")
    with pytest.raises(
        RuleError, match=r"copy/pack.yaml:1:1: RL012 the pack in .*our-payer is also called 'our-payer'"
    ):
        load_packs([first, second], shipped_tables)
