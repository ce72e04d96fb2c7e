"""One run of the examples of rules: what came of them, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import attrs
import click

from scrubber.cli.rules.annotations import Annotation, write_annotations
from scrubber.cli.rules.paths import short_path
from scrubber.report.json import encode
from scrubber.report.page import count_of
from scrubber.rules.model import Rule
from scrubber.tables import TableSet
from scrubber.testing import RuleTestResult, Unproven, prove_rules, run_rule_tests

PASSED = "passed"
FAILED = "failed"
NOT_RUN = "not run"
VERDICTS = (PASSED, FAILED, NOT_RUN)


@attrs.frozen
class TestRun:
    """What the examples of some rules came to."""

    rules: int
    tests: tuple[dict[str, Any], ...]
    mutants: int | None
    """How many were held against the examples; None where nobody asked for them."""
    conditions: tuple[Unproven, ...]
    edges: tuple[Unproven, ...]

    @classmethod
    def of(
        cls, rules: Sequence[Rule], tables: TableSet, *, mutants: bool, more: Iterable[RuleTestResult] = ()
    ) -> TestRun:
        """Run the examples of the rules, and ask what they prove; `more` are results of other examples."""
        rows = tuple(_row(result, tables) for result in (*run_rule_tests(rules, tables), *more))
        proofs = list(prove_rules(rules, tables, mutants=mutants))
        unproven = [one for proof in proofs for one in proof.unproven]
        return cls(
            len(rules),
            rows,
            sum(proof.mutants for proof in proofs) if mutants else None,
            tuple(one for one in unproven if one.kind == "condition"),
            tuple(one for one in unproven if one.kind == "edge"),
        )

    @property
    def failed(self) -> bool:
        """Whether an example failed, or a condition is not proven by any."""
        return bool(self.conditions) or self.count(FAILED) > 0

    def count(self, verdict: str) -> int:
        return sum(row["verdict"] == verdict for row in self.tests)


def _row(result: RuleTestResult, tables: TableSet) -> dict[str, Any]:
    missing = [name for name in dict.fromkeys(result.rule.tables) if name not in tables]
    verdict, trouble = PASSED, result.trouble
    if not result.passed and missing:
        verdict, trouble = NOT_RUN, f"table {', '.join(missing)} is not loaded."
    elif not result.passed:
        verdict = FAILED
    return {
        "rule": result.rule.id,
        "name": result.rule.name,
        "test": result.test.name,
        "verdict": verdict,
        "trouble": trouble,
        "file": str(result.test.place.path),
        "line": result.test.place.line,
    }


def write_json(run: TestRun) -> None:
    """The run as one JSON object on standard output."""
    summary = {verdict.replace(" ", "_"): run.count(verdict) for verdict in VERDICTS}
    summary |= {"mutants": run.mutants or 0, "unproven": len(run.conditions), "edges": len(run.edges)}
    unproven = [_unproven_row(one) for one in (*run.conditions, *run.edges)]
    click.echo(encode({"tests": run.tests, "unproven": unproven, "summary": summary}))


def _unproven_row(one: Unproven) -> dict[str, Any]:
    return {
        "rule": one.rule.id,
        "name": one.rule.name,
        "kind": one.kind,
        "message": one.message,
        "hint": one.hint,
        "file": str(one.place.path),
        "line": one.place.line,
        "column": one.place.column,
    }


def write_text(run: TestRun) -> None:
    """What is to do on standard output, the counts on standard error."""
    for row in run.tests:
        if row["verdict"] != PASSED:
            head = f"{row['rule']} {row['name']}, example {row['test']!r}:"
            _block(row["verdict"].upper(), head, row["trouble"], f"{short_path(Path(row['file']))}:{row['line']}")
    for label, found in (("UNPROVEN", run.conditions), ("EDGE", run.edges)):
        for one in found:
            place = f"{short_path(one.place.path)}:{one.place.line}:{one.place.column}"
            _block(label, f"{one.rule.id} {one.rule.name}: {one.message}", one.hint, place)
    _write_counts(run)


def _write_counts(run: TestRun) -> None:
    told = ", ".join(f"{run.count(verdict)} {verdict}" for verdict in VERDICTS)
    click.echo(f"{count_of(len(run.tests), 'example')} of {count_of(run.rules, 'rule')}: {told}", err=True)
    if run.mutants:
        unproven = f"{len(run.conditions)} unproven" if run.conditions else "each noticed"
        click.echo(f"{count_of(run.mutants, 'condition')} and cases left out in turn: {unproven}", err=True)


def write_github(run: TestRun) -> None:
    """Annotations of a workflow on standard output, the counts on standard error."""
    write_annotations(_annotations(run))
    _write_counts(run)


def _annotations(run: TestRun) -> Iterator[Annotation]:
    for row in run.tests:
        if row["verdict"] != PASSED:
            level: Literal["error", "notice"] = "error" if row["verdict"] == FAILED else "notice"
            title, text = f"{row['rule']} {row['name']}", f"example {row['test']!r} {row['verdict']}: {row['trouble']}"
            yield Annotation(level, Path(row["file"]), row["line"], None, title, text)
    for one in (*run.conditions, *run.edges):
        level_of: Literal["error", "warning"] = "error" if one.kind == "condition" else "warning"
        title, text = f"{one.rule.id} {one.rule.name}", f"{one.message} {one.hint}"
        yield Annotation(level_of, one.place.path, one.place.line, one.place.column, title, text)


WRITERS = {"text": write_text, "json": write_json, "github": write_github}


def _block(label: str, *lines: str) -> None:
    click.echo(f"{label:<8} {lines[0]}")
    for line in lines[1:]:
        click.echo(f"         {line}")
