"""What each word means, as data: any engine must pass every file."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrubber.engine.outcomes import Outcomes
from scrubber.facts import ClaimFacts
from scrubber.rules.words import WORDS
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand

from .engines import ENGINES, Engine
from .samples import WORD_FILES, Example, examples_of, read

DENIED = {"yes": "no", "no": "yes", "unknown": "unknown"}
ALWAYS_KNOWN = ("is_blank", "has_repeats")
"""Words that can always be told of a field of the claim: a list without entries is known to be empty."""


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("path", WORD_FILES, ids=lambda path: path.stem)
def test_a_word_means_what_its_file_says(engine: Engine, path: Path, tmp_path: Path, shipped_tables: TableSet) -> None:
    wrong = []
    for example in examples_of(path):
        if example.outcome != "error":
            told = _told(example, engine, tmp_path, shipped_tables)
            if told != (example.outcome, DENIED[example.outcome]):
                wrong.append((example, told))
    assert wrong == []


@pytest.mark.parametrize("path", WORD_FILES, ids=lambda path: path.stem)
def test_a_word_refuses_what_its_file_says(path: Path, tmp_path: Path, shipped_tables: TableSet) -> None:
    wrong = []
    for example in examples_of(path):
        if example.outcome == "error":
            condition, params = example.condition()
            written = {"id": "TST101", "when": [condition], **({"params": params} if params else {})}
            rule, problems = read(tmp_path, written, shipped_tables)
            if rule is not None or example.lint not in {problem.id for problem in problems}:
                wrong.append((example, problems))
    assert wrong == []


def test_every_word_has_a_file_of_every_kind_of_case() -> None:
    kinds = {path.stem: {example.outcome for example in examples_of(path)} for path in WORD_FILES}
    needed = {name: {"yes", "no", "error"} | ({"unknown"} if name not in ALWAYS_KNOWN else set()) for name in WORDS}
    assert kinds == needed
    assert all(example.word == path.stem for path in WORD_FILES for example in examples_of(path))


def test_every_type_that_a_word_fits_has_a_case() -> None:
    shown = {(path.stem, example.type) for path in WORD_FILES for example in examples_of(path)}
    assert {(word.name, type_.value) for word in WORDS.values() for type_ in word.takes} - shown == set()


def _told(example: Example, engine: Engine, folder: Path, tables: TableSet) -> tuple[str, ...]:
    rules = []
    for written in example.rules():
        rule, problems = read(folder, written, tables)
        assert rule is not None, problems
        rules.append(rule)
    out = engine(rules, tables, ClaimFacts(claim_from_shorthand(example.claim())))
    return tuple(_outcome(out, rule.id) for rule in rules)


def _outcome(out: Outcomes, rule: str) -> str:
    if any(hit.rule.id == rule for hit in out.hits):
        return "yes"
    return "unknown" if any(left == rule for left, _ in out.left) else "no"
