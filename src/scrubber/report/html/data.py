"""Reports as lines of JSON for the page: `[kind, value]`, one a line.

What many claims share (a rule's verdict, a row of a table, a payer) is a line of its own, and claims name it by its
place among the lines of its kind. So a report of many claims stays small, and is written while they come in.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import attrs

from scrubber.claim_status import coded, in_words
from scrubber.findings import (
    Acknowledgment,
    ClaimOutline,
    Finding,
    LayerMark,
    ReadError,
    Reference,
    Report,
    Suppression,
    Unjudged,
)
from scrubber.report.json import encode
from scrubber.report.missing_tables import MissingTable, MissingTables
from scrubber.report.page import PlainPage, printable
from scrubber.report.places import position_text
from scrubber.report.summary import Tally
from scrubber.report.text_why import write_why
from scrubber.report.writer import RuleUsed, Run
from scrubber.rules.families import FAMILIES
from scrubber.scoring import RISK_DIGITS, amount_at_risk

REMEMBERED = 50_000
"""Of each kind so many shared values are known again; what comes later is written each time, so memory has a bound."""

MOST_CENTS = 10**15
"""Amounts beyond this are faults of a file; a number of JavaScript would not hold them."""

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def line_of(kind: str, value: object) -> str:
    """A line that nothing in a claim can break out of, and that holds no character one cannot see."""
    text = printable(encode([kind, value]))
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


@attrs.define
class Shared:
    """The values that claims share. It writes each once, into `lines`, and answers with its place."""

    lines: list[str] = attrs.Factory(list)
    _places: dict[str, dict[str, int]] = attrs.Factory(dict)
    _counts: dict[str, int] = attrs.Factory(dict)

    def place(self, kind: str, value: object) -> int:
        line = line_of(kind, value)
        known = self._places.setdefault(kind, {})
        place = known.get(line)
        if place is None:
            place = self._counts.get(kind, 0)
            self._counts[kind] = place + 1
            self.lines.append(line)
            if len(known) < REMEMBERED:
                known[line] = place
        return place

    def taken(self) -> list[str]:
        """The lines that are new since the last time."""
        lines, self.lines = self.lines, []
        return lines


def run_lines(run: Run) -> Iterator[str]:
    """What the claims are checked with, and a line for each rule."""
    used = {rule.family for rule in run.rules}
    yield line_of(
        "run",
        {
            "scrubber": run.scrubber,
            "language": run.language,
            "packs": [_said(name=one.name, version=one.version, level=one.level, hash=one.hash) for one in run.packs],
            "tables": [[one.name, one.edition, one.first_day, one.last_day] for one in run.tables],
            "families": {family: title for family, title in FAMILIES.items() if family in used},
        },
    )
    for rule in run.rules:
        yield line_of("rule", _rule(rule))


def claim_lines(report: Report, shared: Shared) -> list[str]:
    """A claim, after what it shares and nobody named before."""
    value = _claim(report, shared)
    return [*shared.taken(), line_of("claim", value)]


def end_line(tally: Tally, missing: MissingTables) -> str:
    """The counts of the run, and the tables that were missing."""
    return line_of(
        "end",
        _said(
            claims=tally.claims,
            passed=tally.passed,
            review=tally.review,
            hold=tally.hold,
            unreadable=tally.unreadable,
            partly_read=tally.partly_read,
            findings=tally.findings,
            amount=cents(tally.amount_at_risk),
            masked=tally.masked,
            below_min_risk=tally.below_min_risk,
            interrupted=tally.interrupted,
            not_evaluated=dict(sorted(tally.not_evaluated.items())),
            not_checked=dict(sorted(tally.not_checked.items())),
            missing=[_missing(table) for table in missing.tables()],
        ),
    )


def cents(amount: Decimal | None) -> int | None:
    """An amount as a whole number of cents, as the page sorts and adds it."""
    if amount is None or not amount.is_finite():
        return None
    if abs(amount) > MOST_CENTS // 100:
        return MOST_CENTS if amount > 0 else -MOST_CENTS
    return int(amount * 100)


def _said(**values: Any) -> dict[str, Any]:
    """Only what has something to say. Zero is a place among shared values and an amount, so it says something."""
    return {key: value for key, value in values.items() if value or type(value) is int}


def _rule(rule: RuleUsed) -> dict[str, Any]:
    return _said(
        id=rule.id,
        name=rule.name,
        title=rule.title,
        family=rule.family,
        pack=rule.pack,
        status=rule.status,
        severity=rule.severity,
        owner=rule.owner,
        disposition=rule.disposition,
        why=rule.why,
        fix=rule.fix,
        group=rule.group,
        carc=rule.carc,
        rarc=rule.rarc,
        acknowledgment=_acknowledgment(rule.acknowledgment),
        references=_references(rule.references),
    ) | {"risk": rule.risk}


def _claim(report: Report, shared: Shared) -> dict[str, Any]:
    outline = report.outline
    told = [*report.findings, *(one.finding for one in report.suppressed)]
    claim = _said(
        id=report.claim_id,
        source=None if report.source is None else shared.place("text", report.source),
        number=None if report.index is None else report.index + 1,
        decision=report.decision,
        findings=[_finding(finding, outline, shared) for finding in report.findings],
        suppressed=[
            _finding(one.finding, outline, shared) | {"suppression": _suppression(one.suppression)}
            for one in report.suppressed
        ],
        masked=[[one.rule, one.by] for one in report.masked],
        unjudged=[shared.place("unjudged", _unjudged("field", one)) for one in report.not_evaluated]
        + [shared.place("unjudged", _unjudged("table", one)) for one in report.not_checked],
        errors=[_error(error) for error in report.errors],
        layers=[
            _said(pack=one.pack, version=one.version, level=one.level, undecided=one.undecided) for one in report.layers
        ],
        why=_why(report),
    )
    # Zero is a risk and an amount, and not "nothing to say".
    claim |= {"risk": round(report.risk, RISK_DIGITS), "amount": cents(report.amount_at_risk)}
    if not report.readable:
        claim["readable"] = False
    if outline is not None:
        # Of a claim with nothing found, its lines would only be more to keep safe.
        claim |= _outline(outline, shared, whole=bool(told))
    return claim


def _outline(outline: ClaimOutline, shared: Shared, *, whole: bool) -> dict[str, Any]:
    payer = _said(id=outline.payer_id, name=outline.payer_name, kind=outline.payer_kind)
    return _said(
        payer=shared.place("payer", payer) if payer else None,
        form=outline.form,
        bill=outline.type_of_bill,
        total=cents(outline.total_charge),
        diagnoses=[[one.code, one.kind] for one in outline.diagnoses] if whole else (),
        lines=[
            [
                one.service_date,
                one.service_date_end if one.service_date_end != one.service_date else None,
                one.revenue_code,
                one.procedure,
                one.modifiers,
                None if one.units is None else str(one.units),
                cents(one.charge),
                one.place_of_service,
                one.diagnosis_pointers,
            ]
            for one in outline.lines
        ]
        if whole
        else (),
    )


def _finding(finding: Finding, outline: ClaimOutline | None, shared: Shared) -> dict[str, Any]:
    evidence = finding.evidence
    return _said(
        message=finding.message,
        line=finding.line,
        diagnosis=finding.diagnosis,
        field=finding.field,
        position=position_text(finding.position or {}),
        codes=finding.codes,
        amount=0 if outline is None else cents(amount_at_risk([finding], outline)),
        todo=shared.place("text", finding.fix.text) if finding.fix.text else None,
        changes=[[one.field, one.old, one.new] for one in finding.fix.changes],
        question=finding.question,
        evidence=None
        if evidence is None
        else shared.place("evidence", _said(table=evidence.table, edition=evidence.edition, row=dict(evidence.row))),
        id=finding.fingerprint,
    ) | {"kind": shared.place("kind", _kind(finding))}


def _kind(finding: Finding) -> dict[str, Any]:
    """What findings of one rule have in common, as a rule."""
    return _said(
        rule=finding.rule,
        name=finding.name,
        family=finding.family,
        severity=finding.severity,
        disposition=finding.disposition,
        group=finding.group,
        carc=finding.carc,
        rarc=finding.rarc,
        acknowledgment=_acknowledgment(finding.acknowledgment),
        owner=finding.owner,
        safety=finding.fix.safety,
        references=_references(finding.references),
        layers=[_mark(mark) for mark in finding.layers],
    ) | {"risk": round(finding.risk, RISK_DIGITS)}


def _acknowledgment(answer: Acknowledgment | None) -> list[str] | None:
    return None if answer is None else [coded(answer), in_words(answer)]


def _references(references: Iterable[Reference]) -> list[list[str | None]]:
    return [[one.title, one.url] for one in references]


def _mark(mark: LayerMark) -> dict[str, Any]:
    return _said(
        pack=mark.pack, version=mark.version, level=mark.level, set=mark.set, reason=mark.reason,
        reference=[mark.reference.title, mark.reference.url],
    )  # fmt: skip


def _suppression(suppression: Suppression) -> dict[str, Any]:
    return _said(
        kind=suppression.kind,
        place=suppression.place,
        reason=suppression.reason,
        by=suppression.by,
        expires=suppression.expires,
    )


def _unjudged(for_want_of: str, unjudged: Unjudged) -> dict[str, Any]:
    return _said(want=for_want_of, rule=unjudged.rule, reason=unjudged.reason, table=unjudged.table)


def _error(error: ReadError) -> dict[str, Any]:
    return _said(
        message=error.message, position=position_text(error.position or {}), field=error.field, hint=error.hint
    )


def _why(report: Report) -> str:
    """The traces that were asked for, as the report in text shows them."""
    if not report.why:
        return ""
    stream = io.StringIO()
    write_why(PlainPage(stream), report.why)
    return stream.getvalue()


def _missing(table: MissingTable) -> dict[str, Any]:
    return _said(
        table=table.name,
        rules=table.rules,
        dates=None if table.first_day is None else [table.first_day, table.last_day],
        parts=table.parts,
        loaded=table.loaded,
        source=table.source,
    )
