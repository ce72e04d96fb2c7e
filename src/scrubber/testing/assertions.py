"""Assertions on reports. When one fails it tells what fired, what did not, and why, without data of the patient.

A claim may be given in place of its report: it is then checked with `scrubber`, else with the core pack and the mini
tables. The sentences hold what a report holds: rules, places, codes; no claim ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Literal

from scrubber.claim import Claim
from scrubber.findings import SEVERITIES, Finding, Report, Severity, Unjudged
from scrubber.scrub import Scrubber
from scrubber.testing.examples import place_of
from scrubber.testing.scrubbers import mini_scrubber

Checkable = Report | Claim | Mapping[str, Any]
"""A report, or a claim to be checked first."""
Allowed = bool | Collection[str]
"""True for all, False for none, or the ids of rules and the names of tables."""

_SHOWN = 12


def assert_clean(
    checked: Checkable | Iterable[Checkable],
    *,
    scrubber: Scrubber | None = None,
    severity: Severity = "warning",
    allow: Collection[str] = (),
    allow_not_checked: Allowed = False,
    allow_not_evaluated: Allowed = True,
) -> None:
    """Nothing of this severity or worse fires, but for the rules of `allow`; and it was really looked at.

    A report in which rules were not checked, because a table is missing or ends before the day, is not clean. Say
    `allow_not_checked=True`, or name the rules or tables that may be missing. Rules that lacked a field of the claim
    are taken as they come; `allow_not_evaluated=False` refuses them, too.
    """
    __tracebackhide__ = True
    troubles = []
    for number, report in _reports(checked, scrubber):
        found = [
            *(_of_error(error.message, error.field) for error in report.errors),
            *(_line_of(finding) for finding in _at_least(report.findings, severity) if finding.rule not in allow),
            *_unjudged("not checked", report.not_checked, allow_not_checked),
            *_unjudged("not evaluated", report.not_evaluated, allow_not_evaluated),
        ]
        troubles += [f"{number}{trouble}" for trouble in found]
    if troubles:
        raise AssertionError(_listed("the claim is not clean:", troubles))


def assert_fires(
    checked: Checkable,
    rule: str,
    *,
    at: str | None = None,
    line: int | None = None,
    diagnosis: int | None = None,
    field: str | None = None,
    severity: Severity | None = None,
    scrubber: Scrubber | None = None,
) -> Finding:
    """The rule fires there, with that severity; gives the finding back.

    A place is `line=2`, `diagnosis=1`, or in the words of rule tests `at="line 2"` or `at="claim"`.
    """
    __tracebackhide__ = True
    (_, report), *_ = _reports(checked, scrubber)
    mine = [finding for finding in report.findings if finding.rule == rule]
    for finding in mine:
        if (
            (at is None or place_of(finding) == at)
            and (line is None or finding.line == line)
            and (diagnosis is None or finding.diagnosis == diagnosis)
            and (field is None or finding.field == field)
            and (severity is None or finding.severity == severity)
        ):
            return finding
    wanted = {"at": at, "line": line, "diagnosis": diagnosis, "field": field, "severity": severity}
    asked = ", ".join(f"{name} {value}" for name, value in wanted.items() if value is not None)
    what = f"{rule} does not fire" + (f" as asked ({asked})" if asked else "")
    raise AssertionError(_listed(f"{what}: {_why_silent(report, rule, mine)}", _fired(report)))


def assert_silent(checked: Checkable, rule: str, *, scrubber: Scrubber | None = None) -> None:
    """The rule was asked and had nothing to say: it did not fire, was not hidden by another, and lacked nothing."""
    __tracebackhide__ = True
    (_, report), *_ = _reports(checked, scrubber)
    mine = [finding for finding in report.findings if finding.rule == rule]
    if mine:
        raise AssertionError(_listed(f"{rule} fires:", map(_line_of, mine)))
    why = _why_silent(report, rule, [])
    if why is not _SILENT:
        raise AssertionError(f"{rule} is silent, but {why}")
    used = None if isinstance(checked, Report) else scrubber or mini_scrubber()
    if used is not None and all(known.id != rule for known in used.rules):
        raise AssertionError(f"{rule} is silent, but no rule of that id runs.")


def assert_same_findings(
    one: Checkable | Iterable[Checkable],
    other: Checkable | Iterable[Checkable],
    *,
    by: Literal["place", "fingerprint"] = "place",
    scrubber: Scrubber | None = None,
) -> None:
    """Both have the same findings, in any order: rule, severity, place, field and codes; or, where lines were
    renumbered, rule and fingerprint.
    """
    __tracebackhide__ = True
    first, second = _count(one, scrubber, by), _count(other, scrubber, by)
    lines = [*_more("the first", first - second), *_more("the second", second - first)]
    if lines:
        raise AssertionError(_listed("the findings differ:", lines))


_Told = tuple[str, tuple[str, ...]]
"""Which report, and what identifies one of its findings."""


def _count(side: Checkable | Iterable[Checkable], scrubber: Scrubber | None, by: str) -> Counter[_Told]:
    return Counter(
        (number, _identity(finding, by)) for number, report in _reports(side, scrubber) for finding in report.findings
    )


def _more(side: str, counts: Counter[_Told]) -> Iterator[str]:
    for (number, identity), count in sorted(counts.items()):
        yield f"only in {side}: {number}{' '.join(identity)}" + (f" ({count} times)" if count > 1 else "")


def _reports(checked: Checkable | Iterable[Checkable], scrubber: Scrubber | None) -> Iterator[tuple[str, Report]]:
    """Each report, with the words that tell it from the others where there are several."""
    one = isinstance(checked, Report | Claim | Mapping)
    several: Any = [checked] if one else checked
    for number, item in enumerate(several, 1):
        report = item if isinstance(item, Report) else (scrubber or mini_scrubber()).scrub(item)
        yield "" if one else f"report {number}: ", report


def _at_least(findings: Iterable[Finding], severity: Severity) -> Iterator[Finding]:
    grave = SEVERITIES[: SEVERITIES.index(severity) + 1]
    return (finding for finding in findings if finding.severity in grave)


def _unjudged(outcome: str, unjudged: Iterable[Unjudged], allowed: Allowed) -> list[str]:
    if allowed is True:
        return []
    names = allowed or ()
    return [f"{one.rule} {outcome}: {one.reason}" for one in unjudged if not {one.rule, one.table} & set(names)]


_SILENT = "it had nothing to say."


def _why_silent(report: Report, rule: str, mine: Iterable[Finding]) -> str:
    """Why a rule did not fire as it should have."""
    if mine:
        return "it fires otherwise."
    for outcome, unjudged in (("not checked", report.not_checked), ("not evaluated", report.not_evaluated)):
        for one in unjudged:
            if one.rule == rule:
                return f"it was {outcome}: {one.reason}."
    for masked in report.masked:
        if masked.rule == rule:
            return f"it was hidden by {masked.by}, which tells the fault already."
    for set_aside in report.suppressed:
        if set_aside.finding.rule == rule:
            return f"it was set aside by a {set_aside.suppression.kind}."
    if not report.readable:
        return "it could not be asked: the claim cannot be read."
    return _SILENT


def _fired(report: Report) -> list[str]:
    errors = [_of_error(error.message, error.field) for error in report.errors]
    return errors + [_line_of(finding) for finding in report.findings] or ["nothing fires"]


def _line_of(finding: Finding) -> str:
    return f"{finding.rule} {finding.severity} at {place_of(finding)}: {finding.message}"


def _of_error(message: str, field: str | None) -> str:
    return f"cannot be read: {f'{field}: ' if field else ''}{message}"


def _identity(finding: Finding, by: str) -> tuple[str, ...]:
    if by == "fingerprint":
        return finding.rule, finding.fingerprint
    return finding.rule, finding.severity, "at", place_of(finding), finding.field or "", *finding.codes


def _listed(head: str, lines: Iterable[str]) -> str:
    every = list(lines)
    shown = every[:_SHOWN]
    if len(every) > _SHOWN:
        shown.append(f"and {len(every) - _SHOWN} more")
    return "\n".join([head, *(f"  {line}" for line in shown)])
