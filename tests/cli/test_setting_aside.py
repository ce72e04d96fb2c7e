"""`scrubber check` with a baseline and with suppressions: what is told, what is written, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Call = Callable[..., Result]
Write = Callable[..., Path]
Make = Callable[..., dict[str, Any]]

CHECK = ("--pack", ".pack", "--as-of", "2026-11-01")
"""With a pack of three small rules, so that a call is quick: TST101 fires on two units."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_rule: Write) -> Path:
    write_rule("when: [{line.units: {is: 2}}]\n")
    write_rule("when: [{line.units: {is: 3}}]\n", id="TST102", name="silent-rule")
    missing = "look_up: {entry: {table: mue_practitioner, match: {code: $line.procedure}}}\n"
    write_rule(f"{missing}when: [{{entry.found: {{is: false}}}}]\n", id="TST103", name="without-its-table")
    (tmp_path / ".pack").mkdir()
    for path in tmp_path.glob("*.yaml"):
        path.rename(tmp_path / ".pack" / path.name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def make(make_claim: Make) -> Make:
    """A claim of lines with so many units."""

    def made(claim_id: str, *units: int) -> dict[str, Any]:
        line = make_claim()["lines"][0]
        return make_claim(claim_id, lines=[{**line, "units": number} for number in units])

    return made


@pytest.fixture
def faulty(here: Path, write_claims: Write, make: Make) -> Path:
    return write_claims(here / "faulty.json", make("FAULTY", 2))


@pytest.fixture
def clean(here: Path, write_claims: Write, make: Make) -> Path:
    return write_claims(here / "clean.json", make("CLEAN", 1))


@pytest.fixture
def baseline(here: Path, call: Call, faulty: Path) -> Path:
    assert call("check", faulty, *CHECK, "--write-baseline", "known.json").exit_code == 1
    return here / "known.json"


def summary(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)["summary"]
    return found


class TestBaseline:
    def test_what_is_known_is_not_told_again(self, call: Call, faulty: Path, baseline: Path) -> None:
        result = call("check", faulty, *CHECK, "--baseline", baseline)
        assert result.exit_code == 0
        assert (
            "1 claim: 1 pass, 0 review, 0 hold\n  no other findings\n  set aside: 1 finding (1 error)" in result.stdout
        )
        assert "known before: TST101  known.json" in result.stdout

    def test_what_is_new_is_told(self, call: Call, here: Path, baseline: Path, write_claims: Write, make: Make) -> None:
        path = write_claims(here / "more.json", make("FAULTY", 2), make("NEW", 2))
        result = call("check", path, *CHECK, "--baseline", baseline, "--format", "json")
        assert result.exit_code == 1
        known, new = json.loads(result.stdout)["claims"]
        assert (known["decision"], known["findings"], known["amount_at_risk"]) == ("pass", [], "0.00")
        assert known["suppressed"][0]["rule"] == "TST101"
        assert known["suppressed"][0]["suppression"] == {
            "kind": "baseline", "place": "known.json", "reason": None, "by": None, "expires": None,
        }  # fmt: skip
        assert new["decision"] == "hold"
        assert "suppressed" not in new
        counts = summary(result)
        assert (counts["findings"], counts["suppressed"], counts["pass"]) == (1, 1, 1)
        assert counts["baseline"] == {"place": "known.json", "known": 1, "gone": 0}

    def test_one_more_than_was_known_on_a_claim_is_told(
        self, call: Call, here: Path, write_claims: Write, make: Make
    ) -> None:
        """Equal lines have equal findings, so they are counted."""
        two, three = (write_claims(here / f"{n}.json", make("A-1", *[2] * n)) for n in (2, 3))
        assert summary(call("check", two, *CHECK, "--format", "json", "--write-baseline", "b.json"))["findings"] == 2
        assert summary(call("check", two, *CHECK, "--format", "json", "--baseline", "b.json"))["findings"] == 0
        more = summary(call("check", three, *CHECK, "--format", "json", "--baseline", "b.json"))
        assert (more["findings"], more["suppressed"]) == (1, 2)

    def test_what_is_gone_is_counted(self, call: Call, here: Path, clean: Path, baseline: Path) -> None:
        result = call("check", clean, *CHECK, "--baseline", baseline)
        assert "baseline: 1 of 1 known finding gone" in result.stdout

    def test_rules_that_were_not_asked_are_not_gone(self, call: Call, clean: Path, baseline: Path) -> None:
        result = call("check", clean, *CHECK, "--select", "TST102", "--baseline", baseline, "--format", "json")
        assert summary(result)["baseline"] == {"place": "known.json", "known": 0, "gone": 0}

    def test_nothing_is_gone_where_not_all_was_read(self, call: Call, clean: Path, baseline: Path) -> None:
        result = call("check", clean, "absent.837", *CHECK, "--baseline", baseline, "--format", "json")
        assert result.exit_code == 2
        assert "baseline" not in summary(result)

    def test_it_is_written_again_with_what_was_found(
        self, call: Call, here: Path, baseline: Path, faulty: Path, write_claims: Write, make: Make
    ) -> None:
        before = baseline.read_text()
        assert call("check", faulty, *CHECK, "--baseline", baseline, "--write-baseline", baseline).exit_code == 0
        assert baseline.read_text() == before
        other = write_claims(here / "other.json", make("OTHER", 2))
        call("check", other, *CHECK, "--baseline", baseline, "--write-baseline", baseline)
        assert baseline.read_text() != before
        assert len(json.loads(baseline.read_text())["findings"]) == 1

    def test_the_first_time_the_file_of_the_settings_is_not_missed(self, call: Call, here: Path, faulty: Path) -> None:
        (here / "scrubber.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
        assert "there is no such baseline" in call("check", faulty, *CHECK).stderr
        assert call("check", faulty, *CHECK, "--write-baseline", here / "known.json").exit_code == 1
        result = call("check", faulty, *CHECK, "--format", "json")
        assert summary(result)["baseline"]["place"] == "known.json", "as it is seen from here"

    def test_other_packs_are_told(self, call: Call, faulty: Path, baseline: Path) -> None:
        baseline.write_text(baseline.read_text().replace('"test": "', '"test": "1-'), encoding="utf-8")
        result = call("check", faulty, *CHECK, "--baseline", baseline)
        assert result.exit_code == 0
        assert "known.json was written with test 1-" in result.stderr
        assert "was written with" not in call("check", faulty, *CHECK, "--baseline", baseline, "--quiet").stderr

    def test_a_damaged_one_is_refused(self, call: Call, faulty: Path, baseline: Path) -> None:
        baseline.write_text(baseline.read_text()[:-9], encoding="utf-8")
        result = call("check", faulty, *CHECK, "--baseline", baseline)
        assert result.exit_code == 2
        assert "known.json:2:" in result.stderr
        assert result.stdout == ""

    @pytest.mark.parametrize("target", ["faulty.json", "notes.txt", "report.json", "report.txt", "out.json"])
    def test_it_takes_the_place_of_nothing_else(
        self, call: Call, here: Path, faulty: Path, baseline: Path, target: str
    ) -> None:
        (here / "notes.txt").write_text("mine", encoding="utf-8")
        call("check", faulty, *CHECK, "--baseline", baseline, "--output", "report.txt")
        assert "known.json" in (here / "report.txt").read_text("utf-8")
        call("check", faulty, *CHECK, "--format", "json", "--output", "report.json")
        before = {path.name: path.read_bytes() for path in here.iterdir() if path.is_file()}
        result = call("check", faulty, *CHECK, "--write-baseline", target, "--output", "out.json")
        assert result.exit_code == 2
        assert f"--write-baseline {target}" in result.stderr
        assert {path.name: path.read_bytes() for path in here.iterdir() if path.is_file()} == before

    def test_a_folder_that_is_not_there(self, call: Call, here: Path, faulty: Path) -> None:
        result = call("check", faulty, *CHECK, "--write-baseline", "nowhere/b.json")
        assert result.exit_code == 2
        assert "there is no such folder" in result.stderr

    def test_a_run_that_fails_leaves_the_old_one(
        self, call: Call, faulty: Path, baseline: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = baseline.read_bytes()

        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("scrubber.report.text.TextWriter.claim", interrupted)
        assert call("check", faulty, *CHECK, "--write-baseline", baseline).exit_code == 130
        assert baseline.read_bytes() == before

    def test_among_claims_it_is_not_taken_for_claims(
        self, call: Call, here: Path, faulty: Path, baseline: Path
    ) -> None:
        (here / "suppressions.yaml").write_text("[]\n", encoding="utf-8")
        files = ("--baseline", baseline, "--suppressions", here / "suppressions.yaml")
        result = call("check", here, *CHECK, *files, "--write-baseline", baseline)
        assert result.exit_code == 0, result.stderr
        assert "1 claim: 1 pass" in result.stdout

    def test_both_engines_write_the_same(self, call: Call, here: Path, faulty: Path, baseline: Path) -> None:
        pytest.importorskip("durable_rules_engine")
        call("check", faulty, *CHECK, "--engine", "durable", "--write-baseline", "durable.json")
        assert (here / "durable.json").read_text() == baseline.read_text()


ENTRY = "- {rule: TST101, payer: medicare, reason: Asked the payer., by: J. Rivera, until: 2026-11-30}\n"


class TestSuppressions:
    def checked(self, call: Call, faulty: Path, text: str, *options: str, day: str = "2026-11-01") -> Result:
        Path("s.yaml").write_text(text, encoding="utf-8")
        return call("check", faulty, "--pack", ".pack", "--as-of", day, "--suppressions", "s.yaml", *options)

    def test_a_decision_is_followed_and_told(self, here: Path, call: Call, faulty: Path) -> None:
        result = self.checked(call, faulty, ENTRY)
        assert result.exit_code == 0
        assert "set aside: 1 finding (1 error)" in result.stdout
        assert "J. Rivera, until 2026-11-30: TST101; Asked the payer.  s.yaml:1" in result.stdout

    def test_with_statistics_each_is_shown(self, here: Path, call: Call, faulty: Path) -> None:
        shown = self.checked(call, faulty, ENTRY, "--select", "TST101", "--statistics").stdout
        assert "  aside   TST101 test-rule  line 1, units" in shown
        assert "error; J. Rivera, until 2026-11-30: Asked the payer.; s.yaml:1" in shown

    def test_beside_other_findings_a_claim_counts_it(
        self, here: Path, call: Call, write_claims: Write, make: Make
    ) -> None:
        claim = make("A-1", 2, 3)
        shown = self.checked(call, write_claims(here / "two.json", claim), ENTRY).stdout
        assert "  set aside: J. Rivera, until 2026-11-30 (TST101)" in shown

    def test_on_the_last_day_it_holds_and_then_no_more(self, here: Path, call: Call, faulty: Path) -> None:
        assert self.checked(call, faulty, ENTRY, day="2026-11-30").exit_code == 0
        over = self.checked(call, faulty, ENTRY, day="2026-12-01")
        assert over.exit_code == 1
        assert "s.yaml:1: the suppression of TST101 by J. Rivera held until 2026-11-30. Decide again" in over.stderr
        assert "expired suppression: TST101 (J. Rivera, until 2026-11-30)" in over.stdout
        counts = summary(self.checked(call, faulty, ENTRY, "--format", "json", day="2026-12-01"))
        assert counts["suppressions"] == {
            "unused": [],
            "expired": [{"place": "s.yaml:1", "about": "TST101", "by": "J. Rivera", "expires": "2026-11-30"}],
        }

    def test_nothing_in_the_file_steers_a_terminal(self, here: Path, call: Call, faulty: Path) -> None:
        entry = '- {rule: TST101, reason: "a\\e[31mb", by: "c\\ed", until: 2026-11-30}\n'
        for day in ("2026-11-30", "2026-12-01"):
            for options in ((), ("--statistics",)):
                result = self.checked(call, faulty, entry, *options, day=day)
                assert "c\ufffdd" in result.output
                assert "\x1b" not in result.output

    @pytest.mark.parametrize(
        ("what", "told"),
        [
            ("rule: TST102", True),
            ("rule: TST102, claim: FAULTY", True),
            ("rule: TST102, claim: OTHER", False),  # the claim was not among the inputs
            ("rule: TST103", False),  # its table is not there
            ("fingerprint: 0123456789abcdef", True),
            ("rule: TST101", False),
        ],
    )
    def test_what_fits_nothing_is_told(self, here: Path, call: Call, faulty: Path, what: str, told: bool) -> None:
        entry = f"- {{{what}, reason: r, by: b, until: 2026-12-31}}\n"
        counts = summary(self.checked(call, faulty, entry, "--format", "json"))
        unused = counts.get("suppressions", {}).get("unused", [])
        assert [one["place"] for one in unused] == (["s.yaml:1"] if told else [])

    def test_of_chosen_rules_nothing_is_called_unused(self, here: Path, call: Call, faulty: Path) -> None:
        entry = ENTRY.replace("TST101", "TST102")
        assert "unused" not in self.checked(call, faulty, entry, "--select", "TST101").stdout
        assert "unused" not in self.checked(call, faulty, entry, "--ignore", "TST102").stdout
        assert "unused suppressions: TST102 (s.yaml:1); no finding fitted" in self.checked(call, faulty, entry).stdout

    def test_a_payer_of_the_run_is_the_payer(self, here: Path, call: Call, faulty: Path) -> None:
        entry = ENTRY.replace("medicare", "medicaid")
        assert self.checked(call, faulty, entry).exit_code == 1
        assert self.checked(call, faulty, entry, "--payer", "medicaid").exit_code == 0

    def test_a_decision_is_not_learned_by_a_baseline(self, here: Path, call: Call, faulty: Path) -> None:
        self.checked(call, faulty, ENTRY, "--select", "TST101", "--write-baseline", "b.json")
        assert json.loads((here / "b.json").read_text())["findings"] == []

    def test_small_risks_do_not_make_a_decision_unused(self, here: Path, call: Call, faulty: Path) -> None:
        counts = summary(self.checked(call, faulty, ENTRY, "--min-risk", "1", "--format", "json"))
        assert counts["suppressed"] == 1
        assert "suppressions" not in counts

    def test_mistakes_are_told_and_nothing_is_checked(self, here: Path, call: Call, faulty: Path) -> None:
        result = self.checked(call, faulty, ENTRY.replace("TST101", "TST1011") + ENTRY.replace("by:", "bye:"))
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "s.yaml:1:10: no rule or family is called 'TST1011'. Did you mean 'TST101'?" in result.stderr
        assert "s.yaml:2:" in result.stderr
