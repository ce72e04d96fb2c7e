"""The report as JSON (one object) and as NDJSON (one claim a line), both written while the claims come in.

The names, their order and their meaning are a promise to other programs: a change of them is a new schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TextIO

import msgspec

from scrubber.findings import SEVERITIES, Acknowledgment, Coverage, Finding, LayerMark, ReadError, Report, Unjudged
from scrubber.report.json_aside import aside_objects, suppression_object
from scrubber.report.summary import Tally
from scrubber.report.writer import PackUsed, Run, TableUsed
from scrubber.scoring import RISK_DIGITS
from scrubber.traces import Step, Trace

SCHEMA = "1"


def money(amount: Decimal) -> str:
    """An amount as text with two decimals."""
    return f"{amount:.2f}"


def claim_head(report: Report) -> dict[str, Any]:
    """Which claim it is, and the verdict on it."""
    return {
        "claim_id": report.claim_id,
        "source": report.source,
        "index": report.index,
        "decision": report.decision,
        "risk": round(report.risk, RISK_DIGITS),
        "amount_at_risk": money(report.amount_at_risk),
    }


def claim_object(report: Report) -> dict[str, Any]:
    """One report as the plain object that both formats write; `layers`, `suppressed` and `why` only where some are."""
    shown: dict[str, Any] = {
        **claim_head(report),
        "findings": [finding_object(finding) for finding in report.findings],
        "masked": [{"rule": masked.rule, "by": masked.by} for masked in report.masked],
        "not_evaluated": _unjudged(report.not_evaluated),
        "not_checked": [
            {"rule": one.rule, "reason": one.reason, "table": one.table, "date": one.date} for one in report.not_checked
        ],
        "errors": [_error(error) for error in report.errors],
        "coverage": _outcomes(report.coverage),
    }
    if report.layers:
        shown["layers"] = [
            {"pack": one.pack, "version": one.version, "level": one.level, "undecided": one.undecided}
            for one in report.layers
        ]
    if report.suppressed:
        shown["suppressed"] = [
            {**finding_object(one.finding), "suppression": suppression_object(one.suppression)}
            for one in report.suppressed
        ]
    if report.why is not None:
        shown["why"] = [trace_object(trace) for trace in report.why]
    return shown


def trace_object(trace: Trace) -> dict[str, Any]:
    """Why one rule said what it said; null and the empty list mean that there is nothing of the kind."""
    return {
        "rule": trace.rule,
        "name": trace.name,
        "outcome": trace.outcome,
        "reason": trace.reason,
        "hidden_by": trace.hidden_by,
        "items": [
            {
                "place": item.place,
                "line": item.line,
                "diagnosis": item.diagnosis,
                "outcome": item.outcome,
                "reason": item.reason,
                "look_ups": [{"name": one.name, "asked": one.asked, "answer": one.answer} for one in item.look_ups],
                "when": _steps(item.when),
                "cases": _steps(item.cases),
                "unless": _steps(item.unless),
            }
            for item in trace.items
        ],
        "others_clear": trace.others,
    }


def _steps(steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [
        {
            "text": step.text,
            "verdict": step.verdict,
            "value": step.value,
            "reason": step.reason,
            "steps": _steps(step.steps),
        }
        for step in steps
    ]


def finding_object(finding: Finding) -> dict[str, Any]:
    """One finding: null and the empty list mean that a key does not apply; the last three are not always there."""
    evidence = finding.evidence
    told = {
        "rule": finding.rule,
        "name": finding.name,
        "family": finding.family,
        "severity": finding.severity,
        "risk": round(finding.risk, RISK_DIGITS),
        "disposition": finding.disposition,
        "message": finding.message,
        "line": finding.line,
        "diagnosis": finding.diagnosis,
        "field": finding.field,
        "position": None if finding.position is None else dict(finding.position),
        "codes": finding.codes,
        "group": finding.group,
        "carc": finding.carc,
        "rarc": finding.rarc,
        "owner": finding.owner,
        "fix": {
            "safety": finding.fix.safety,
            "text": finding.fix.text,
            "changes": [{"field": one.field, "old": one.old, "new": one.new} for one in finding.fix.changes],
        },
        "evidence": None
        if evidence is None
        else {"table": evidence.table, "edition": evidence.edition, "row": dict(evidence.row)},
        "references": [{"title": reference.title, "url": reference.url} for reference in finding.references],
        "fingerprint": finding.fingerprint,
    }
    if finding.acknowledgment is not None:
        told["acknowledgment"] = _acknowledgment(finding.acknowledgment)
    if finding.question is not None:
        told["question"] = finding.question
    if finding.layers:
        told["layers"] = [_mark(mark) for mark in finding.layers]
    return told


def summary_object(tally: Tally, *, statistics: bool = False) -> dict[str, Any]:
    """The counts of a run. `claims` is pass + review + hold; what nothing could be read of is unreadable."""
    summary: dict[str, Any] = {
        "claims": tally.claims,
        "pass": tally.passed,
        "review": tally.review,
        "hold": tally.hold,
        "findings": tally.findings,
        "by_rule": {rule: count.findings for rule, count in sorted(tally.by_rule.items())},
        "unreadable": tally.unreadable,
        "amount_at_risk": money(tally.amount_at_risk),
        "not_evaluated": dict(sorted(tally.not_evaluated.items())),
        "not_checked": dict(sorted(tally.not_checked.items())),
    }
    if tally.below_min_risk:
        summary["below_min_risk"] = tally.below_min_risk
    summary |= aside_objects(tally.aside)
    if tally.undecided_layers:
        summary["undecided_layers"] = {pack: count for (pack, _), count in sorted(tally.undecided_layers.items())}
    if tally.interrupted:
        summary["interrupted"] = True
    if statistics:
        summary["statistics"] = _statistics(tally)
    return summary


class JsonWriter:
    """One object: what the claims were checked with, the claims one to a line, and the summary."""

    def __init__(self, stream: TextIO, *, statistics: bool = False) -> None:
        self._stream = stream
        self._statistics = statistics
        self._separator = "\n"

    def start(self, run: Run) -> None:
        packs = [pack_object(pack) for pack in run.packs]
        tables = [table_object(table) for table in run.tables]
        language = f'  "language": {encode(run.language)},\n' if run.language else ""
        self._stream.write(
            f'{{\n  "schema": "{SCHEMA}",\n  "scrubber": {encode(run.scrubber)},\n{language}'
            f'  "packs": {encode(packs)},\n  "tables": {encode(tables)},\n  "claims": ['
        )

    def claim(self, report: Report) -> None:
        self._stream.write(f"{self._separator}    {encode(claim_object(report))}")
        self._separator = ",\n"

    def finish(self, tally: Tally) -> None:
        summary = encode(summary_object(tally, statistics=self._statistics))
        end_of_claims = "]" if self._separator == "\n" else "\n  ]"
        self._stream.write(f'{end_of_claims},\n  "summary": {summary}\n}}\n')


class NdjsonWriter:
    """One claim object a line, in the order of the input; no header and no summary."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def start(self, run: Run) -> None:
        """Nothing goes before the first claim."""

    def claim(self, report: Report) -> None:
        self._stream.write(encode(claim_object(report)) + "\n")

    def finish(self, tally: Tally) -> None:
        """Nothing comes after the last claim."""


def encode(value: object) -> str:
    """JSON on one line. Dates become ISO text, decimals text (never a float), any mapping an object."""
    return msgspec.json.encode(value, enc_hook=_plain).decode()


def _plain(value: object) -> object:
    """What msgspec does not know: read-only mappings of table rows, and values that only have a text."""
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def pack_object(pack: PackUsed) -> dict[str, Any]:
    return {
        "name": pack.name,
        "version": pack.version,
        "level": pack.level,
        "hash": pack.hash,
        "changes": [
            {"date": one.date, "rules": one.rules, "from": one.first_day, "to": one.last_day, "what": one.what}
            for one in pack.changes
        ],
        "switches_off": pack.switches_off,
    }


def _acknowledgment(one: Acknowledgment) -> dict[str, Any]:
    return {"category": one.category, "status": one.status, "entity": one.entity}


def table_object(table: TableUsed) -> dict[str, Any]:
    return {"name": table.name, "edition": table.edition, "from": table.first_day, "to": table.last_day}


def _mark(mark: LayerMark) -> dict[str, Any]:
    return {
        "pack": mark.pack,
        "version": mark.version,
        "level": mark.level,
        "set": mark.set,
        "reason": mark.reason,
        "reference": {"title": mark.reference.title, "url": mark.reference.url},
    }


def _unjudged(unjudged: Iterable[Unjudged]) -> list[dict[str, str]]:
    return [{"rule": one.rule, "reason": one.reason} for one in unjudged]


def _error(error: ReadError) -> dict[str, Any]:
    position = None if error.position is None else dict(error.position)
    return {"message": error.message, "position": position, "field": error.field, "hint": error.hint or None}


def _statistics(tally: Tally) -> dict[str, Any]:
    """What `--statistics` adds: where the work is, and what became of every rule on every claim."""
    return {
        "rules": {
            rule: {
                "name": count.name,
                "findings": count.findings,
                "claims": count.claims,
                "error": count.severities["error"],
                "warning": count.severities["warning"],
                "info": count.severities["info"],
            }
            for rule, count in sorted(tally.by_rule.items())
        },
        "severities": {severity: tally.by_severity[severity] for severity in SEVERITIES},
        "owners": dict(sorted(tally.by_owner.items())),
        "masked": tally.masked,
        "outcomes": _outcomes(tally.coverage),
    }


def _outcomes(coverage: Coverage) -> dict[str, int]:
    return {
        "fired": coverage.fired,
        "excused": coverage.excused,
        "not_evaluated": coverage.not_evaluated,
        "not_checked": coverage.not_checked,
        "clear": coverage.clear,
    }
