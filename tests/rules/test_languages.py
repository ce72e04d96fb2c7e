"""The sentences of rules in other languages: what is shown, and which mistakes of a translator are named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber import RuleError, Scrubber, UnknownName
from scrubber.cli import main
from scrubber.rules.loader import check_pack
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand

Write = Callable[..., Path]

BODY = """\
when: [{line.units: {more_than: 1}}]
cases:
  - when: [{line.units: {more_than: 9}}]
    message: "Line {line.position} has {line.units} units."
  - message: "Line {line.position} has several units."
"""
BOTH = """\
TST101:
  title: Varias unidades
  why: Porque sí.
  fix: Corríjalas.
  cases:
    - {message: "{line.units} unidades en la línea {line.position}."}
    - {message: "La línea {line.position} tiene varias unidades."}
"""


@pytest.fixture
def translate(write_rule: Write, tmp_path: Path) -> Callable[..., Path]:
    """Writes the pack of a rule with two cases, and one file of a language."""

    def translate(text: str, tag: str = "es", body: str = BODY) -> Path:
        write_rule(body)
        path = tmp_path / "languages" / f"{tag}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return translate


def messages(folder: Path, tables: TableSet, language: str | None, *lines: str) -> list[str]:
    scrubber = Scrubber.load([folder], tables, language=language)
    return [finding.message for finding in scrubber.scrub(claim_from_shorthand({"lines": list(lines)})).findings]


def test_a_finding_speaks_the_language(
    translate: Callable[..., Path], tmp_path: Path, shipped_tables: TableSet
) -> None:
    translate(BOTH)
    scrubber = Scrubber.load([tmp_path], shipped_tables, language="es")
    finding, other = scrubber.scrub(claim_from_shorthand({"lines": ["99213 x12", "99213 x2"]})).findings
    assert finding.message == "12 unidades en la línea 1."
    assert other.message == "La línea 2 tiene varias unidades."
    assert finding.fix.text == "Corríjalas."
    assert (scrubber.rules[0].title, scrubber.rules[0].why) == ("Varias unidades", "Porque sí.")
    assert scrubber.language == "es"


def test_a_language_changes_nothing_but_sentences(
    translate: Callable[..., Path], tmp_path: Path, shipped_tables: TableSet
) -> None:
    translate(BOTH)
    claim = claim_from_shorthand({"lines": ["99213 x12"]})
    (english,) = Scrubber.load([tmp_path], shipped_tables).scrub(claim).findings
    (spanish,) = Scrubber.load([tmp_path], shipped_tables, language="es").scrub(claim).findings
    assert english.message == "Line 1 has 12 units."
    for name in ("rule", "severity", "line", "field", "codes", "carc", "fingerprint"):
        assert getattr(english, name) == getattr(spanish, name)


def test_what_is_not_translated_stays_english(
    translate: Callable[..., Path], tmp_path: Path, shipped_tables: TableSet
) -> None:
    translate('TST101: {cases: [{}, {message: "La línea {line.position} tiene varias unidades."}]}\n')
    assert messages(tmp_path, shipped_tables, "es", "99213 x12", "99213 x2") == [
        "Line 1 has 12 units.",
        "La línea 2 tiene varias unidades.",
    ]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("es", "Línea 1: varias"),
        ("es-PR", "Línea 1: unas cuantas"),
        ("ES-pr", "Línea 1: unas cuantas"),
        ("es-MX", "Línea 1: varias"),
        ("en", "Line 1 has several units."),
        ("en-US", "Line 1 has several units."),
        (None, "Line 1 has several units."),
    ],
)
def test_a_region_falls_back_to_its_language(
    translate: Callable[..., Path], tmp_path: Path, shipped_tables: TableSet, asked: str | None, said: str
) -> None:
    translate('TST101: {cases: [{}, {message: "Línea {line.position}: varias"}]}\n')
    translate('TST101: {cases: [{}, {message: "Línea {line.position}: unas cuantas"}]}\n', "es-PR")
    assert messages(tmp_path, shipped_tables, asked, "99213 x2") == [said]


def test_a_region_says_only_what_differs(
    translate: Callable[..., Path], tmp_path: Path, shipped_tables: TableSet
) -> None:
    translate(BOTH)
    translate("TST101: {title: Unas cuantas unidades}\n", "es-PR")
    scrubber = Scrubber.load([tmp_path], shipped_tables, language="es-PR")
    assert (scrubber.rules[0].title, scrubber.rules[0].why) == ("Unas cuantas unidades", "Porque sí.")
    assert scrubber.language == "es-PR"


def test_an_unknown_language_names_the_nearest(
    translate: Callable[..., Path], tmp_path: Path, shipped_tables: TableSet
) -> None:
    translate(BOTH)
    with pytest.raises(UnknownName, match="'es'"):
        Scrubber.load([tmp_path], shipped_tables, language="esp")
    with pytest.raises(UnknownName, match="Known: en, es"):
        Scrubber.load([tmp_path], shipped_tables, language="fr")
    with pytest.raises(RuleError, match="must be a tag"):
        Scrubber.load([tmp_path], shipped_tables, language=7)  # type: ignore[arg-type]


ONE_CASE = "when: [{line.units: {more_than: 1}}]\nfield: line.units\n"


@pytest.mark.parametrize(
    ("text", "at", "lint", "message", "hint"),
    [
        ("TST102: {title: Otro}\n", "TST102", "RL008", "'TST102'", "'TST101'"),
        ("TST101-test-rul: {title: Otro}\n", "TST101", "RL008", "'TST101-test-rul'", "'TST101-test-rule'"),
        ("TST101: {titel: Otro}\n", "titel", "RL002", "no key 'titel'", "'title'"),
        ("TST101: {title: ''}\n", "''", "RL011", "title is empty", "stays English"),
        ("TST101: Varias unidades\n", "Varias", "RL004", "must be a mapping", ""),
        ("TST101: {title: A}\nTST101-test-rule: {title: B}\n", "TST101-test", "RL012", "translated twice", "Keep one"),
        ("TST101:\n  cases: [{message: Uno}]\n", "cases", "RL004", "has 2 cases, and 1 are translated", "order"),
        ("TST101:\n  message: Varias\n", "message", "RL004", "differ in their message", "under `cases:`"),
        ("TST101:\n  fix: A\n  cases: [{fix: B}, {fix: C}]\n", "fix: A", "RL016", "never used", "Delete"),
        (BOTH.replace("{line.units}", "{line.unts}"), "{line.unts}", "RL013", "{line.unts} is no placeholder",
         "Did you mean {line.units}?"),
        (BOTH.replace("Corríjalas.", "'{line.charge}'"), "'{line.charge}", "RL013", "is no placeholder", "It has none"),
        (BOTH.replace("{line.units} unidades", "unidades"), "unidades en", "RL013", "lacks {line.units}", "Put it"),
        (BOTH.replace("{line.units}", "{claim.patient.sex}"), "{claim.patient", "RL013", "identify the patient", ""),
        (BOTH.replace("{line.units}", "{line.description}"), "{line.desc", "RL013", "identify the patient", ""),
        (BOTH.replace("{line.units}", "{line.units:.2f}"), "{line.units:", "RL013", "format", ""),
        (BOTH.replace("{line.units}", "{line.units"), "{line.units ", "RL013", "brace", ""),
        ("TST101: {title: A}\nTST101: {title: B}\n", "TST101: {title: B", "RL005", "stands twice", ""),
        ("- TST101\n", "- TST101", "RL004", "must be a mapping", ""),
    ],
)  # fmt: skip
def test_a_mistake_of_a_translator_is_named_at_its_line(
    translate: Callable[..., Path],
    shipped_tables: TableSet,
    text: str,
    at: str,
    lint: str,
    message: str,
    hint: str,
) -> None:
    path = translate(text)
    (problem,) = check_pack(path.parents[1], shipped_tables)
    assert (problem.path, problem.id) == (path, lint), problem
    assert message in problem.message
    assert hint in problem.hint
    assert problem.line == text[: text.rindex(at)].count("\n") + 1


@pytest.mark.parametrize("tag", ["spanish", "ES", "en", "es_PR"])
def test_a_file_is_called_after_its_language(
    translate: Callable[..., Path], shipped_tables: TableSet, tag: str
) -> None:
    path = translate(BOTH, tag)
    assert [problem.id for problem in check_pack(path.parents[1], shipped_tables)] == ["RL015"]


def test_a_mistake_in_a_rule_is_not_told_again_by_its_translation(
    translate: Callable[..., Path], shipped_tables: TableSet
) -> None:
    path = translate(BOTH, body="when: [{line.unts: {more_than: 1}}]\n")
    assert [problem.id for problem in check_pack(path.parents[1], shipped_tables)] == ["RL008"]


def test_an_id_of_several_files_is_translated_by_file(
    write_rule: Write, translate: Callable[..., Path], tmp_path: Path, shipped_tables: TableSet
) -> None:
    path = translate("TST101: {message: Dice algo.}\n", body=ONE_CASE + "effective: {to: 2024-12-31}\n")
    write_rule(ONE_CASE + "effective: {from: 2025-01-01}\n", name="test-rule-later")
    (problem,) = check_pack(tmp_path, shipped_tables)
    assert (problem.id, problem.hint) == ("RL012", "Write the name of one: TST101-test-rule or TST101-test-rule-later.")
    path.write_text("TST101-test-rule-later: {message: Dice algo.}\n", encoding="utf-8")
    assert messages(tmp_path, shipped_tables, "es", "99213 x2") == ["Dice algo."]


def test_a_pack_without_the_language_stays_english_beside_one_that_has_it(
    translate: Callable[..., Path], tmp_path: Path, shipped_tables: TableSet
) -> None:
    translate(BOTH)
    scrubber = Scrubber.load(["core", tmp_path], shipped_tables, language="es", select=["DX102", "DX115", "TST101"])
    titles = {rule.id: rule.title for rule in scrubber.rules}
    assert titles["TST101"] == "Varias unidades"
    assert titles["DX102"].startswith("El diagnóstico")
    assert titles["DX115"] == next(rule.title for rule in Scrubber.load().rules if rule.id == "DX115")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, list(arguments))


def test_the_commands_speak_spanish(clinic_837: Path) -> None:
    checked = run("check", str(clinic_837), "--select", "DX102", "--language", "es-PR", "--format", "json", "--quiet")
    report = json.loads(checked.stdout)
    assert report["language"] == "es"
    (finding, *_) = [finding for claim in report["claims"] for finding in claim["findings"]]
    assert finding["message"].startswith("E11 es un encabezado de ICD-10-CM")
    assert "language" not in json.loads(run("check", str(clinic_837), "--format", "json", "--quiet").stdout)
    assert "Un modificador está repetido" in run("explain", "MOD103", "--language", "es").stdout
    refused = run("explain", "MOD103", "--language", "fr")
    assert (refused.exit_code, "Known: en, es" in refused.stderr) == (2, True)


def test_the_shipped_languages_show_every_code_that_the_english_sentence_shows(shipped_tables: TableSet) -> None:
    assert check_pack("core", shipped_tables) == []
    scrubber = Scrubber.load(["core"], shipped_tables, language="es")
    english = {rule.place.path: rule for rule in Scrubber.load(["core"], shipped_tables).rules}
    translated = [rule for rule in scrubber.rules if rule.title != english[rule.place.path].title]
    assert len(translated) >= 10
    for rule in translated:
        assert rule.why != english[rule.place.path].why
        for case, original in zip(rule.cases, english[rule.place.path].cases, strict=True):
            assert case.message.text != original.message.text
            assert case.fix.text != original.fix.text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_translation_gives_problems_not_exceptions(
    translate: Callable[..., Path], tmp_path: Path, shipped_tables: TableSet, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(BOTH)))
    end = data.draw(st.integers(start, min(len(BOTH), start + 12)))
    damaged = BOTH[:start] + data.draw(st.text("{}[]:,- \n'\"al.", max_size=6)) + BOTH[end:]
    path = translate(damaged)
    problems = check_pack(tmp_path, shipped_tables)
    assert all(problem.path == path for problem in problems)
    if not problems:
        assert messages(tmp_path, shipped_tables, "es", "99213 x2")


ASKED = """\
when: [{line.units: {more_than: 1}}]
question: "Was {line.procedure} given twice; other; or cannot be determined?"
"""


def test_a_question_speaks_the_language(
    translate: Callable[..., Path], tmp_path: Path, shipped_tables: TableSet
) -> None:
    translate(
        'TST101: {question: "¿Se hizo {line.procedure} dos veces; otra cosa; o no se puede saber?"}\n', body=ASKED
    )
    claim = claim_from_shorthand({"lines": ["99213 x2"]})
    (finding,) = Scrubber.load([tmp_path], shipped_tables, language="es").scrub(claim).findings
    assert finding.question == "¿Se hizo 99213 dos veces; otra cosa; o no se puede saber?"
    (finding,) = Scrubber.load([tmp_path], shipped_tables).scrub(claim).findings
    assert finding.question == "Was 99213 given twice; other; or cannot be determined?"


def test_a_question_that_nobody_asks_is_not_translated(
    translate: Callable[..., Path], tmp_path: Path, shipped_tables: TableSet
) -> None:
    translate("TST101: {question: ¿Por qué?}\n")
    (problem,) = check_pack(tmp_path, shipped_tables)
    assert (problem.id, problem.message) == ("RL016", "the question of TST101 is never used, for the rule has none.")
    translate('TST101: {cases: [{}, {question: "¿Por qué?"}]}\n')
    (problem,) = check_pack(tmp_path, shipped_tables)
    assert (problem.id, problem.message) == ("RL016", "this case of TST101 has no question.")
