"""`pytest --scrubber-rules DIR`, in real runs of pytest."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "scrubber.testing.plugin", "-p", "no:cacheprovider")


@pytest.fixture
def rule(pytester: pytest.Pytester, many_visits: str) -> Path:
    """The rule of a pack of one, in a folder of packs, beside a test in Python."""
    pack = pytester.mkdir("packs") / "ours"
    pack.mkdir()
    (pack / "pack.yaml").write_text('name: ours\nversion: "1"\ntitle: Ours\n', encoding="utf-8")
    pytester.makepyfile("def test_in_python(): pass")
    path = pack / "TST101-many-visits.yaml"
    path.write_text(many_visits, encoding="utf-8")
    return path


def test_each_example_is_an_item_of_its_own(pytester: pytest.Pytester, rule: Path) -> None:
    result = pytester.runpytest_subprocess(*PLUGIN, "--scrubber-rules", "packs", "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines_random(
        ["packs/ours/TST101-many-visits.yaml::two visits PASSED*", "*test_in_python PASSED*"]
    )


def test_one_example_can_be_named(pytester: pytest.Pytester, rule: Path) -> None:
    name = "packs/ours/TST101-many-visits.yaml::one visit"
    pytester.runpytest_subprocess(*PLUGIN, "--scrubber-rules", "packs", name).assert_outcomes(passed=1)


def test_a_failure_is_a_sentence_with_its_place(pytester: pytest.Pytester, rule: Path) -> None:
    rule.write_text(
        rule.read_text(encoding="utf-8").replace("fires_at: [line 1]", "fires_at: [line 2]"), encoding="utf-8"
    )
    result = pytester.runpytest_subprocess(*PLUGIN, "--scrubber-rules", "packs")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*TST101-many-visits.yaml:18: TST101: expected to fire at line 2, fired at line 1."])
    assert "Traceback" not in result.stdout.str()
    assert "collection.py" not in result.stdout.str()


def test_a_mistake_is_an_item_that_fails(pytester: pytest.Pytester, rule: Path) -> None:
    rule.write_text(rule.read_text(encoding="utf-8").replace("severity:", "severty:"), encoding="utf-8")
    result = pytester.runpytest_subprocess(*PLUGIN, "--scrubber-rules", "packs", "packs")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*TST101-many-visits.yaml:9:1: RL002 *Did you mean 'severity'?"])


def test_examples_of_overrides_are_items_too(pytester: pytest.Pytester, rule: Path) -> None:
    layer = rule.parents[1] / "theirs"
    layer.mkdir()
    (layer / "pack.yaml").write_text(
        'name: theirs\nversion: "1"\ntitle: Theirs\nlayer: {level: payer, over: [ours]}\n', encoding="utf-8"
    )
    (layer / "overrides.yaml").write_text(
        "overrides:\n  - rule: TST101\n    from: 2026-01-01\n    set: {severity: info}\n    reason: So they say.\n"
        "    reference: {title: This test}\n    tests:\n"
        "      - {name: lowered, claim: {lines: [99213 x2]}, fires_at: [line 1], severity: info}\n"
        "      - {name: raised, claim: {lines: [99213 x2]}, fires_at: [line 1], severity: error}\n",
        encoding="utf-8",
    )
    result = pytester.runpytest(*PLUGIN, "--scrubber-rules", layer)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*overrides.yaml:9: TST101: expected severity error, got info."])


def test_conditions_are_asked_for(pytester: pytest.Pytester, rule: Path) -> None:
    result = pytester.runpytest_subprocess(*PLUGIN, "--scrubber-rules", "packs", "--scrubber-mutants", "packs")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*TST101-many-visits.yaml:7:5: no example notices when *"])


def test_without_its_table_an_example_is_skipped(pytester: pytest.Pytester, rule: Path) -> None:
    text = rule.read_text(encoding="utf-8").replace(
        "when:", "look_up:\n  code: {table: hcpcs, match: {code: $line.procedure}}\nwhen:", 1
    )
    rule.write_text(text.replace("  - line.units", "  - code.found: {is: true}\n  - line.units", 1), encoding="utf-8")
    result = pytester.runpytest_subprocess(*PLUGIN, "--scrubber-rules", "packs", "packs", "-rs")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["*table hcpcs is not loaded."])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--scrubber-rules", "pakcs"), "*pakcs: there is no such folder."),
        (("--scrubber-rules", "empty"), "*empty: no pack.yaml is in or below it*"),
        (("--scrubber-rules", "packs", "--scrubber-tables", "pakcs", "packs"), "*--scrubber-tables*"),
    ],
)
def test_what_cannot_be_used_is_said(
    pytester: pytest.Pytester, rule: Path, arguments: tuple[str, ...], says: str
) -> None:
    pytester.mkdir("empty")
    result = pytester.runpytest_subprocess(*PLUGIN, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([says])


@pytest.mark.skipif(find_spec("xdist") is None, reason="pytest-xdist is not installed")
def test_several_processes_share_the_examples(pytester: pytest.Pytester, rule: Path) -> None:
    pytester.runpytest_subprocess(*PLUGIN, "--scrubber-rules", "packs", "-n", "2").assert_outcomes(passed=3)


def test_a_run_that_does_not_ask_for_rules_imports_nothing(pytester: pytest.Pytester, rule: Path) -> None:
    pytester.makepyfile(
        "import sys\ndef test_light():\n"
        "    ours = {name for name in sys.modules if name.startswith('scrubber')}\n"
        "    assert ours == {'scrubber', 'scrubber.testing', 'scrubber.testing.plugin'}"
    )
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_every_name_of_the_face_is_there() -> None:
    check = "import scrubber.testing as face; assert all(getattr(face, name) for name in face.__all__)"
    subprocess.run([sys.executable, "-c", check], check=True)
