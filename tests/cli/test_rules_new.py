"""`scrubber rules new`: a few answers, and there is a rule whose examples pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from scrubber.rules.emit import yaml_of
from scrubber.rules.templates import TEMPLATES
from scrubber.rules.yaml_source import YamlSource

Call = Callable[..., Result]

ANSWERS: dict[str, list[tuple[str, ...]]] = {
    "modifier-required": [("--codes", "20610, 27370", "--modifiers", "LT RT 50")],
    "diagnosis-required": [
        ("--codes", "82306", "--diagnoses", "E55.9,M81"),
        ("--codes", "82306", "--diagnoses", "I10"),
    ],
    "not-together": [
        ("--codes", "36415", "--beside", "99213-99215"),
        ("--codes", "36415", "--beside", "99213", "--modifiers", "25"),
    ],
    "units-per-day": [("--codes", "97110", "--limit", "4")],
    "age-limits": [
        ("--codes", "90460", "--to-age", "18"),
        ("--codes", "G0121", "--from-age", "45"),
        ("--codes", "77067", "--from-age", "40", "--to-age", "74"),
    ],
    "place-required": [("--codes", "99221-99223", "--places", "21")],
    "not-covered": [("--codes", "99213")],
}
CASES = [(kind, given) for kind, several in ANSWERS.items() for given in several]


@pytest.fixture
def new(call: Call, tmp_path: Path) -> Call:
    """`new(option, ...)`: a call in the pack `acme` that asks nothing."""

    def run(*options: str) -> Result:
        return call("rules", "new", "--pack", tmp_path / "acme", "--reference", "ACME policy 7", "--yes", *options)

    return run


def test_every_kind_has_an_example_here() -> None:
    assert [template.name for template in TEMPLATES] == list(ANSWERS)


@pytest.mark.parametrize(("kind", "given"), CASES)
def test_a_new_rule_passes_lint_and_every_condition_is_proven(
    call: Call, new: Call, tmp_path: Path, kind: str, given: tuple[str, ...]
) -> None:
    result = new("--kind", kind, *given)
    assert result.exit_code == 0, result.output
    assert "lint: no mistakes\n" in result.stderr
    for command in ("lint", "test"):
        proven = call("rules", command, tmp_path / "acme", "--strict")
        assert proven.exit_code == 0, proven.output


@pytest.mark.parametrize(("kind", "given"), CASES)
def test_a_new_rule_for_a_payer_from_a_day_passes_too(
    new: Call, tmp_path: Path, kind: str, given: tuple[str, ...]
) -> None:
    result = new("--kind", kind, *given, "--payers", "medicaid,commercial", "--from", "2027-01-01")
    assert result.exit_code == 0, result.output
    text = next((tmp_path / "acme").glob("ACM*.yaml")).read_text(encoding="utf-8")
    assert "payers: [medicaid, commercial]" in text
    assert "effective: {from: 2027-01-01}" in text


def test_the_second_rule_has_the_next_id(new: Call, tmp_path: Path) -> None:
    for code in ("99213", "99214"):
        assert new("--kind", "not-covered", "--codes", code).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "acme").iterdir()) == [
        "ACM101-not-covered-99213.yaml",
        "ACM102-not-covered-99214.yaml",
        "pack.yaml",
    ]


def test_nothing_is_overwritten(new: Call, tmp_path: Path) -> None:
    given = ("--kind", "not-covered", "--codes", "99213", "--id", "ACM101")
    assert new(*given).exit_code == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "acme").iterdir()}
    again = new(*given)
    assert again.exit_code == 2
    assert "ACM101 is an id already" in again.stderr
    assert {path.name: path.read_bytes() for path in (tmp_path / "acme").iterdir()} == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "--kind is needed"),
        (("--kind", "not-covred"), "not-covered"),
        (("--kind", "not-covered"), "--codes is needed"),
        (("--kind", "not-covered", "--codes", "9921"), "'9921' is not a procedure code such as 99213"),
        (("--kind", "not-covered", "--codes", "99215-99213"), "Write the lower code first"),
        (("--kind", "not-covered", "--codes", "99213", "--modifiers", "25"), "--modifiers is not asked of a rule"),
        (("--kind", "not-covered", "--codes", "99213", "--id", "acme-1"), "is no id"),
        (("--kind", "not-covered", "--codes", "99213", "--id", "DX102"), "DX102 is an id already"),
        (("--kind", "not-covered", "--codes", "99213", "--name", "dx-not-billable"), "the name of another rule"),
        (("--kind", "not-covered", "--codes", "99213", "--payers", "comercial"), "Did you mean 'commercial'?"),
        (("--kind", "not-covered", "--codes", "99213", "--severity", "eror"), "error"),
        (("--kind", "not-covered", "--codes", "99213", "--risk", "90"), "is not a number from 0 to 1"),
        (("--kind", "age-limits", "--codes", "99213"), "an age is needed"),
        (("--kind", "age-limits", "--codes", "99213", "--from-age", "9", "--to-age", "3"), "less than the youngest"),
        (("--kind", "units-per-day", "--codes", "97110", "--limit", "four"), "'four' is not a whole number"),
        (("--kind", "not-together", "--codes", "99213", "--beside", "99213"), "99213 stands on both sides"),
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_is_written(
    new: Call, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    result = new(*options)
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.split())
    assert not (tmp_path / "acme").exists()


@pytest.mark.parametrize("kind", ["not-together", "units-per-day", "age-limits"])
def test_a_rule_of_a_payer_pack_passes_too(call: Call, new: Call, tmp_path: Path, kind: str) -> None:
    result = new("--payer-id", "60054", "--kind", kind, *ANSWERS[kind][0])
    assert result.exit_code == 0, result.output
    assert "scrubber check CLAIMS --pack" in result.stderr
    pack = (tmp_path / "acme" / "pack.yaml").read_text(encoding="utf-8")
    assert 'layer: {level: payer, over: [core]}\napplies_to: {payer_ids: ["60054"]}\n' in pack
    proven = call("rules", "test", tmp_path / "acme")
    assert proven.exit_code == 0, proven.output


def test_an_authority_is_needed(call: Call, tmp_path: Path) -> None:
    result = call("rules", "new", "--pack", tmp_path / "a", "--kind", "not-covered", "--codes", "99213", "--yes")
    assert result.exit_code == 2
    assert "--reference is needed" in result.stderr


def test_a_shipped_pack_is_not_written_into(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = call("rules", "new", "--pack", "core", "--kind", "not-covered", "--codes", "99213", "--yes")
    assert result.exit_code == 2
    assert "'core' is a shipped pack" in result.stderr


def test_the_questions_are_asked_and_a_wrong_answer_is_asked_again(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    answers = [
        str(folder),
        "Rules of ACME",
        "",  # for no single payer
        "9",  # there is no such kind
        "1",
        "2061",  # no code
        "20610",
        "LT RT",
        "",  # the id that is proposed
        "commercial",
        "A joint without its side",
        "",  # why, as proposed
        "certain",  # no severity
        "error",
        "",  # who can mend it, as proposed
        "ACME policy 12",
        "",
    ]
    result = call("rules", "new", input="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    text = (folder / "ACM101-modifier-required-20610.yaml").read_text(encoding="utf-8")
    for part in ("title: A joint without its side", "severity: error", "payers: [commercial]", "[LT, RT]"):
        assert part in text
    assert "'2061' is not a procedure code" in result.stderr
    assert "title: Rules of ACME" in (folder / "pack.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "value",
    [
        "plain words",
        "99213",
        "0450",
        "1E10",
        "no",
        "null",
        "a: b",
        "# note",
        "{x}",
        "[y]",
        "tab\there",
        "'",
        '"',
        "-",
        " ",
    ],
)
def test_text_is_written_so_that_it_is_read_back(tmp_path: Path, value: str) -> None:
    path = tmp_path / "any.yaml"
    path.write_text(yaml_of({"title": value, "codes": [value]}), encoding="utf-8")
    source = YamlSource(path)
    root = source.read()
    assert root is not None, source.problems
    assert source.plain(root) == {"title": value, "codes": [value]}


def test_an_empty_answer_is_asked_for_again_and_an_end_of_input_writes_nothing(call: Call, tmp_path: Path) -> None:
    result = call("rules", "new", "--pack", tmp_path / "acme", "--kind", "units-per-day", input="\n\n\n97110\n0\n")
    assert result.exit_code == 2
    assert "This needs an answer." in result.stderr
    assert "the most units a day cannot be 0. If none is paid, take the kind not-covered." in result.stderr
    assert "nothing was written" in result.stderr
    assert not (tmp_path / "acme").exists()
