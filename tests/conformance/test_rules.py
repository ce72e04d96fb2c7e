"""What rules mean as wholes, as data: any engine must pass every file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from scrubber.engine.judge import judge
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.plan import Selection
from scrubber.facts import ClaimFacts
from scrubber.rules.model import Rule
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand
from scrubber.testing.examples import place_of
from scrubber.testing.small_tables import with_small_tables

from .engines import ENGINES, Engine
from .samples import COMMON, RULE_FILES, content_of, read


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_rules_mean_what_their_file_says(engine: Engine, path: Path, tmp_path: Path, shipped_tables: TableSet) -> None:
    content = content_of(path)
    for example in content["examples"]:
        with with_small_tables(shipped_tables, example.get("tables", {})) as tables:
            rules = list(_rules(content["rules"], tmp_path, tables))
            out = engine(rules, tables, ClaimFacts(claim_from_shorthand(example["claim"])))
            assert sorted(_says(out, rules)) == sorted(example["says"]), example["name"]


def _rules(written: Mapping[str, Any], folder: Path, tables: TableSet) -> Iterator[Rule]:
    for id, body in written.items():
        rule, problems = read(folder, {"id": id, "name": id.lower(), **body}, tables)
        assert rule is not None, problems
        yield rule


def _says(out: Outcomes, rules: Sequence[Rule]) -> Iterator[str]:
    """The report in words: where rules fire and what they say, if they say anything of their own."""
    ids = frozenset(rule.id for rule in rules)
    judgement = judge(out, Selection((), lambda facts, out: None, (), ids))
    for finding in judgement.findings:
        own = "" if finding.message == COMMON["message"] else f": {finding.message}"
        yield f"{finding.rule} fires at {place_of(finding)}{own}"
    for masked in judgement.masked:
        yield f"{masked.rule} is hidden by {masked.by}"
    for rule in sorted(out.excused):
        yield f"{rule} is excused"
    for unjudged in judgement.not_evaluated:
        yield f"{unjudged.rule} is not evaluated: {unjudged.reason}"
    for unjudged in judgement.not_checked:
        yield f"{unjudged.rule} is not checked: {unjudged.reason}"
