"""`scrubber rules diff`: what another version of a pack changes, in its rules and over claims."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import Result

from scrubber.content import content_folder
from scrubber.rules.compare import KeyChange, compare_packs
from scrubber.rules.loader import load_pack
from scrubber.tables import TableSet

Call = Callable[..., Result]

AS_OF = ("--as-of", "2026-11-01")


def change(pack: Path, rule: str, old: str, new: str) -> None:
    """Replace a text in the file of a rule."""
    (path,) = pack.glob(f"{rule}-*.yaml")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A pack of three shipped rules."""
    pack = tmp_path / "old"
    pack.mkdir()
    core = content_folder("rules") / "core"
    for name in ("pack.yaml", *(path.name for rule in ("DX102", "DX115", "CLM103") for path in core.glob(f"{rule}-*"))):
        shutil.copy(core / name, pack)
    return pack


@pytest.fixture
def new(old: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(old, old.parent / "new"))


def as_json(result: Result) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(result.stdout)
    return document


class TestRules:
    def test_the_same_rules(self, call: Call, old: Path, new: Path) -> None:
        result = call("rules", "diff", old, new)
        assert result.exit_code == 0
        assert "the rules are the same" in result.stdout

    def test_form_and_comments_are_no_change(self, call: Call, old: Path, new: Path) -> None:
        change(new, "DX102", "severity: error", 'severity:   "error"  # as ever')
        assert call("rules", "diff", old, new).exit_code == 0

    def test_what_changed_is_named_by_its_key(self, call: Call, old: Path, new: Path) -> None:
        change(new, "DX102", "severity: error", "severity: warning")
        next(new.glob("DX115-*")).unlink()
        result = call("rules", "diff", old, new)
        assert result.exit_code == 1
        assert "~ DX102 dx-not-billable, changed: severity error -> warning" in result.stdout
        assert "- DX115 dx-duplicate, removed" in result.stdout
        assert "+ DX115 dx-duplicate, added" in call("rules", "diff", new, old).stdout

    def test_as_json(self, call: Call, old: Path, new: Path) -> None:
        change(new, "DX102", "severity: error", "severity: warning")
        document = as_json(call("rules", "diff", old, new, "--format", "json"))
        assert document["rules"] == [
            {
                "rule": "DX102",
                "name": "dx-not-billable",
                "change": "changed",
                "keys": [{"key": "severity", "old": "error", "new": "warning"}],
            }
        ]
        assert document["claims"] is None

    def test_what_a_layer_sets_is_named_by_the_rule(self, old: Path, new: Path, shipped_tables: TableSet) -> None:
        override = "- {{rule: DX102, set: {{severity: {severity}}}, reason: Because., reference: {{title: T}}}}\n"
        (old / "overrides.yaml").write_text("overrides:\n" + override.format(severity="warning"), encoding="utf-8")
        (new / "overrides.yaml").write_text("overrides:\n" + override.format(severity="info"), encoding="utf-8")
        before, after = (attrs.evolve(load_pack("core", shipped_tables), path=path, rules=()) for path in (old, new))
        (one,) = compare_packs([before], [after])
        assert (one.rule, one.name, one.kind) == ("DX102", "override of core", "changed")
        assert one.keys == (KeyChange("set severity", "warning", "info"),)
        (gone,) = compare_packs([before], [attrs.evolve(after, path=new.parent)])
        assert (gone.rule, gone.kind) == ("DX102", "removed")

    def test_a_folder_of_packs(self, call: Call, old: Path, new: Path, tmp_path: Path) -> None:
        many = tmp_path / "many"
        many.mkdir()
        shutil.move(new, many / "new")
        assert call("rules", "diff", old, many).exit_code == 0

    def test_an_unknown_pack(self, call: Call, old: Path) -> None:
        result = call("rules", "diff", old, "coer")
        assert result.exit_code == 2
        assert "Did you mean 'core'?" in result.stderr


class TestOverClaims:
    def test_findings_that_go_come_and_change(self, call: Call, old: Path, new: Path, clinic_837: Path) -> None:
        change(new, "DX102", "severity: error", "severity: warning")
        next(new.glob("DX115-*")).unlink()
        result = call("rules", "diff", old, new, "--claims", clinic_837, *AS_OF)
        assert result.exit_code == 1
        assert "hold -> review: 2 claims" in result.stdout
        assert "DX102 dx-not-billable: 2 change (severity), on 2 claims, +$0.00 at risk" in result.stdout
        assert "    severity: error -> warning" in result.stdout
        assert "DX115 dx-duplicate: 1 go, on 1 claim" in result.stdout
        assert "1 come" in call("rules", "diff", new, old, "--claims", clinic_837, *AS_OF).stdout

    def test_dollars_are_what_the_findings_put_in_doubt(self, call: Call, old: Path, new: Path, faulty: Path) -> None:
        next(new.glob("DX102-*")).unlink()
        document = as_json(call("rules", "diff", old, new, "--claims", faulty, *AS_OF, "--format", "json"))
        claims = document["claims"]
        assert claims["amount_at_risk"] == {"old": "125.00", "new": "0.00", "difference": "-125.00"}
        assert claims["decisions"] == [{"old": "hold", "new": "pass", "claims": 1}]
        (effect,) = claims["findings"]
        assert (effect["rule"], effect["go"], effect["claims"], effect["amount_at_risk"]) == ("DX102", 1, 1, "-125.00")
        (example,) = effect["examples"]
        assert (example["change"], example["claim_id"], example["index"]) == ("go", "FAULTY", 0)
        assert example["old"]["rule"] == "DX102"
        assert example["new"] is None

    def test_a_change_that_no_claim_meets(self, call: Call, old: Path, new: Path, clean: Path) -> None:
        change(new, "DX102", "severity: error", "severity: warning")
        result = call("rules", "diff", old, new, "--claims", clean, *AS_OF)
        assert result.exit_code == 0
        assert "~ DX102" in result.stdout
        assert "1 claim: 0 with other findings or another decision" in result.stdout

    def test_a_sharper_message_is_a_change_and_no_new_finding(
        self, call: Call, old: Path, new: Path, faulty: Path
    ) -> None:
        change(new, "DX102", "not a code to bill", "and cannot be billed")
        result = call("rules", "diff", old, new, "--claims", faulty, *AS_OF)
        assert "1 change (message)" in result.stdout
        assert "and cannot be billed" in result.stdout

    def test_only_so_many_examples(
        self,
        call: Call,
        old: Path,
        new: Path,
        tmp_path: Path,
        make_claim: Callable[..., dict[str, Any]],
        write_claims: Callable[..., Path],
    ) -> None:
        many = write_claims(tmp_path / "many.json", *(make_claim(f"C-{n}", "E11") for n in range(9)))
        next(new.glob("DX102-*")).unlink()
        shown = call("rules", "diff", old, new, "--claims", many, "--examples", "2", *AS_OF).stdout
        assert "9 go, on 9 claims" in shown
        assert [claim for claim in ("C-0", "C-1", "C-2") if claim in shown] == ["C-0", "C-1"]
        assert "and 7 more" in shown
        none = call("rules", "diff", old, new, "--claims", many, "--examples", "0", *AS_OF).stdout
        assert "C-0" not in none

    def test_what_a_preview_rule_would_hold(self, call: Call, old: Path, new: Path, faulty: Path) -> None:
        change(new, "DX102", "status: stable", "status: preview")
        result = call("rules", "diff", old, new, "--claims", faulty, *AS_OF)
        assert "hold -> pass: 1 claim" in result.stdout
        told = "DX102 dx-not-billable: 1 finding on 1 claim; would hold 1 more and review 0 more, +$125.00 at risk"
        assert told in result.stdout

    def test_an_input_that_is_not_there(self, call: Call, old: Path, new: Path, faulty: Path, tmp_path: Path) -> None:
        next(new.glob("DX102-*")).unlink()
        result = call("rules", "diff", old, new, "--claims", tmp_path / "none.837", "--claims", faulty, *AS_OF)
        assert result.exit_code == 2
        assert "there is no such file or folder" in result.stderr
        assert "DX102 dx-not-billable: 1 go" in result.stdout

    def test_today_is_said(self, call: Call, old: Path, new: Path, clean: Path) -> None:
        assert "which is today; --as-of sets another day" in call("rules", "diff", old, new, "--claims", clean).stderr


class TestLayers:
    """Versions of a layer over the pack of the other tests."""

    OVERRIDES = (
        "overrides:\n"
        "  - {rule: DX102, from: 2026-01-01, set: {severity: warning}, reason: R, reference: {title: T}}\n"
        "  - {rule: DX102, from: 2026-01-01, set: {risk: 0.2}, reason: R, reference: {title: T}}\n"
    )

    @pytest.fixture
    def layers(self, old: Path) -> tuple[Path, Path]:
        """Two versions, each in a folder of its own with the pack below it."""
        found = []
        for version in ("1", "2"):
            folder = old.parent / f"version-{version}" / "plan"
            folder.mkdir(parents=True)
            shutil.copytree(old, folder.parent / "below")
            header = "layer: {level: payer, over: [below]}\napplies_to: {payer_ids: [P1]}\n"
            text = f'name: plan\nversion: "{version}"\ntitle: A plan\n{header}'
            (folder / "pack.yaml").write_text(text, encoding="utf-8")
            (folder / "overrides.yaml").write_text(self.OVERRIDES, encoding="utf-8")
            found.append(folder)
        return found[0], found[1]

    def test_over_claims_of_a_payer(self, call: Call, old: Path, layers: tuple[Path, Path], faulty: Path) -> None:
        plain = call("rules", "diff", old, layers[1], "--claims", faulty, *AS_OF)
        ours = call("rules", "diff", old, layers[1], "--claims", faulty, *AS_OF, "--payer", "P1")
        assert (plain.exit_code, ours.exit_code) == (0, 1)
        assert "severity: error -> warning" in ours.stdout

    def test_each_of_two_overrides_for_the_same_days(self, call: Call, layers: tuple[Path, Path]) -> None:
        path = layers[1] / "overrides.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("severity: warning", "severity: info"))
        result = call("rules", "diff", *layers)
        assert result.exit_code == 1
        assert "~ DX102 override of plan, changed: set severity warning -> info" in result.stdout

    def test_that_a_layer_is_for_other_claims(self, call: Call, layers: tuple[Path, Path]) -> None:
        path = layers[1] / "pack.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("[P1]", "[P1, P2]"))
        result = call("rules", "diff", *layers)
        assert result.exit_code == 1
        assert "~ plan pack.yaml, changed: applies_to" in result.stdout


@pytest.mark.parametrize("file", ["azoner+pyx12", "LinuxForHealth+x12"])
def test_over_published_claims_every_change_is_counted_once(
    call: Call, old: Path, new: Path, shared_data: Path, file: str
) -> None:
    folder = shared_data / "claims837" / file
    if not folder.is_dir():
        pytest.skip("the published claims are not there")
    next(new.glob("CLM103-*")).unlink()
    document = as_json(call("rules", "diff", old, new, "--claims", folder, *AS_OF, "--format", "json"))
    checked = [
        as_json(call("check", folder, "--pack", pack, *AS_OF, "--format", "json", "--quiet")) for pack in (old, new)
    ]
    before, after = (sum(len(claim["findings"]) for claim in one["claims"]) for one in checked)
    come, go = (sum(effect[kind] for effect in document["claims"]["findings"]) for kind in ("come", "go"))
    assert after - before == come - go
