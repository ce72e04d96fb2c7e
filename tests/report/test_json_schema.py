"""The published schema of the report: true of every report, and awake to every key that is not as it should be."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.findings import Report
from scrubber.report.json import JsonWriter
from scrubber.report.json_schema import report_schema, report_schema_text
from scrubber.report.summary import Tally
from scrubber.report.writer import Run
from scrubber.traces import ItemTrace, LookUpTrace, Step, Trace

from .any_reports import reports as any_reports
from .writing import written

jsonschema = pytest.importorskip("jsonschema")

GOLDEN = Path(__file__).parent / "golden"
FILE = Path(__file__).parents[2] / "schemas" / "report.schema.json"
SCHEMA = report_schema()
CLAIM_SCHEMA = {"$ref": "#/$defs/claim", "$defs": SCHEMA["$defs"]}
OPTIONAL = {
    "language", "layers", "suppressed", "why", "acknowledgment", "question", "below_min_risk", "suppressions",
    "baseline", "undecided_layers", "interrupted", "statistics",
}  # fmt: skip
"""Keys that are there only when they have something to say."""
OF_ANY_KEYS = {"row", "position", "by_rule", "not_evaluated", "not_checked", "undecided_layers", "owners", "rules"}
"""Objects whose keys are data."""


def mistakes(document: Any, schema: dict[str, Any] = SCHEMA) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(document)]


WHY = Trace(
    rule="DX105",
    name="dx-sex",
    title="A diagnosis of the other sex",
    outcome="fired",
    hidden_by=("DX102",),
    items=(
        ItemTrace(
            place="diagnosis 1",
            outcome="fired",
            when=(Step(text="all of", verdict="yes", steps=(Step(text="line.units is 1", verdict="no", value="2"),)),),
            look_ups=(LookUpTrace(name="entry", asked="diagnosis_entry of diagnosis 1", answer="verdict valid"),),
        ),
    ),
)


def full_document(full_run: Run, full_reports: list[Report]) -> Any:
    told = [attrs.evolve(full_reports[0], why=(WHY,)), *full_reports[1:]]
    return json.loads(written(lambda stream: JsonWriter(stream, statistics=True), full_run, told))


def test_the_file_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == report_schema_text(), "scrubber rules schema --output schemas"


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", ["report.json", "statistics.json"])
def test_a_golden_report_fits(name: str) -> None:
    assert mistakes(json.loads((GOLDEN / name).read_text(encoding="utf-8"))) == []


def test_every_golden_line_fits() -> None:
    lines = (GOLDEN / "report.ndjson").read_text(encoding="utf-8").splitlines()
    assert lines
    for line in lines:
        assert mistakes(json.loads(line), CLAIM_SCHEMA) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(any_reports, max_size=2))
def test_any_report_fits(run: list[Report]) -> None:
    document = json.loads(written(lambda stream: JsonWriter(stream, statistics=True), Run(scrubber="0.1.0"), run))
    assert mistakes(document) == []


def test_what_a_user_may_ask_for_fits(full_run: Run, full_reports: list[Report]) -> None:
    assert mistakes(full_document(full_run, full_reports)) == []
    stream, tally = io.StringIO(), Tally(interrupted=True, below_min_risk=3)
    writer = JsonWriter(stream)
    writer.start(full_run)
    writer.finish(tally)
    assert mistakes(json.loads(stream.getvalue())) == []


def test_every_mutant_is_noticed(full_run: Run, full_reports: list[Report]) -> None:
    """A key dropped, a key too many, a value of another type: each at each place of a report that has everything."""
    document = full_document(full_run, full_reports)
    document["claims"] = [document["claims"][0], document["claims"][2]]
    validator = jsonschema.Draft202012Validator(SCHEMA)
    survivors = [name for name, mutant in _mutants(document) if validator.is_valid(mutant)]
    assert survivors == []


def _mutants(document: Any) -> Iterator[tuple[str, Any]]:
    for path in _objects(document, ()):
        for change in ("drop", "retype", "add"):
            keys = list(_at(document, path)) if change != "add" else ["keyy"]
            for key in keys:
                if change == "drop" and key in OPTIONAL:
                    continue
                mutant = copy.deepcopy(document)
                target = _at(mutant, path)
                if change == "drop":
                    del target[key]
                else:
                    target[key] = 7.5  # no key of ours holds such a number
                yield f"{change} {'.'.join(map(str, path))} {key}", mutant


def _objects(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Where the objects of a report stand whose keys are names of ours."""
    if isinstance(value, dict):
        if not (path and path[-1] in OF_ANY_KEYS):
            yield path
        for key, item in value.items():
            if key not in ("row", "position"):
                yield from _objects(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _objects(item, (*path, index))


def _at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document
