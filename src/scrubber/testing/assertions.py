"""Assertions on reports. When one fails it tells what fired, what did not, and why, without data of the patient.

A claim may be given in place of its report: it is then checked with `scrubber`, else with the core pack and the mini
tables. The sentences hold what a report holds: rules, places, codes; no claim ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from scrubber.claim import Claim
from scrubber.errors import UnknownName, nearest
from scrubber.findings import SEVERITIES, Finding, Report, Severity, Unjudged
from scrubber.scrub import Scrubber
from scrubber.testing.examples import place_of
from scrubber.testing.scrubbers import mini_scrubber

Checkable = Report | Claim | Mapping[str, Any]
"""A report, or a claim to be checked first."""
Allowed = bool | Collection[str]
"""True for all, False for none, or the ids of rules and the names of tables."""

_SIDES = ("place", "fingerprint")

_SHOWN = 12


def assert_clean(
    checked: Checkable | Iterable[Checkable],
    *,
    scrubber: Scrubber | None = None,
    severity: Severity = "warning",
    allow: str | Collection[str] = (),
    allow_not_checked: Allowed = False,
    allow_not_evaluated: Allowed = True,
) -> None:
    """Nothing of this severity or worse fires, but for the rules of `allow`; and it was really looked at.

    A report in which rules were not checked, because a table is missing or ends before the day, is not clean. Say
    `allow_not_checked=True`, or name the rules or tables that may be missing. Rules that lacked a field of the claim
    are taken as they come; `allow_not_evaluated=False` refuses them, too. Nothing at all, `[]`, is not clean either.
    """
    __tracebackhide__ = True
    reports = _reports(checked, scrubber)
    if not reports:
        raise AssertionError("there is no claim and no report, so nothing was looked at.")
    allow = _names(allow)
    troubles = []
    for number, report in reports:
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
    report = _one(checked, scrubber)
    if severity is not None:
        _known("severity", severity, SEVERITIES)
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
    why = _why_silent(report, rule, mine)
    if why is _SILENT:
        why = _no_such_rule(checked, rule, scrubber) or why
    raise AssertionError(_listed(f"{what}: {why}", _fired(report)))


def assert_silent(checked: Checkable, rule: str, *, scrubber: Scrubber | None = None) -> None:
    """The rule was asked and had nothing to say: it did not fire, was not hidden by another, and lacked nothing.

    A report does not tell which rules ran: give the `scrubber` beside it, so that an id that is no rule is noticed.
    """
    __tracebackhide__ = True
    report = _one(checked, scrubber)
    mine = [finding for finding in report.findings if finding.rule == rule]
    if mine:
        raise AssertionError(_listed(f"{rule} fires:", map(_line_of, mine)))
    why = _why_silent(report, rule, [])
    if why is not _SILENT:
        raise AssertionError(f"{rule} is silent, but {why}")
    no_rule = _no_such_rule(checked, rule, scrubber)
    if no_rule:
        raise AssertionError(f"{rule} is silent, but {no_rule}")


def assert_same_findings(
    one: Checkable | Iterable[Checkable],
    other: Checkable | Iterable[Checkable],
    *,
    by: Literal["place", "fingerprint"] = "place",
    allow_not_checked: Allowed = False,
    scrubber: Scrubber | None = None,
) -> None:
    """Both have the same findings, in any order: rule, severity, place, field and codes; or, where lines were
    renumbered, rule and fingerprint.

    What could not be read or was not checked has to be the same, too: otherwise they only look alike. As with
    `assert_clean`, `allow_not_checked` names the rules or tables that one side may lack, or all with True.
    """
    __tracebackhide__ = True
    _known("way to compare", by, _SIDES)
    first, second = _reports(one, scrubber), _reports(other, scrubber)
    if not first and not second:
        raise AssertionError("there is no claim and no report on either side, so nothing was compared.")
    if len(first) != len(second):
        raise AssertionError(f"the first has {_counted(first)}, the second {_counted(second)}.")
    lines = []
    for (number, mine), (_, theirs) in zip(first, second, strict=True):
        ours, yours = (_told(report, by, allow_not_checked) for report in (mine, theirs))
        lines += [
            *_more(f"the first: {number}", ours - yours, theirs),
            *_more(f"the second: {number}", yours - ours, mine),
        ]
    if lines:
        raise AssertionError(_listed("the findings differ:", lines))


_Told = tuple[str, tuple[str, ...]]
"""The rule, and what identifies one thing that the report tells; no rule for what cannot be read."""


def _told(report: Report, by: str, allowed: Allowed) -> Counter[_Told]:
    """What a report tells that another has to tell, too."""
    return Counter(
        [
            *(("", (_of_error(error.message, error.field),)) for error in report.errors),
            *((finding.rule, _identity(finding, by)) for finding in report.findings),
            *(
                ("", (f"{one.rule} not checked: {one.table or one.reason}",))
                for one in _refused(report.not_checked, allowed)
            ),
        ]
    )


def _more(side: str, counts: Counter[_Told], other: Report) -> Iterator[str]:
    """What only one of two reports tells, and why the other does not, where it knows."""
    for (rule, identity), count in sorted(counts.items()):
        times = f" ({count} times)" if count > 1 else ""
        fires = [finding for finding in other.findings if finding.rule == rule]
        why = _SILENT if not rule or fires else _why_silent(other, rule, ())
        yield f"only in {side}{' '.join(identity)}{times}" + ("" if why is _SILENT else f"; in the other {why}")


def _reports(checked: Checkable | Iterable[Checkable], scrubber: Scrubber | None) -> Sequence[tuple[str, Report]]:
    """Each report, with the words that tell it from the others where there are several."""
    if isinstance(checked, Report | Claim | Mapping):
        return [("", _report(checked, scrubber))]
    several: Any = checked
    if isinstance(several, str | bytes) or not isinstance(several, Iterable):
        raise TypeError(f"a report, a claim or several of them are asked for, not {type(checked).__name__}.")
    return [(f"report {number}: ", _report(one, scrubber)) for number, one in enumerate(several, 1)]


def _one(checked: Checkable, scrubber: Scrubber | None) -> Report:
    if not isinstance(checked, Report | Claim | Mapping):
        raise TypeError(f"one report or one claim is asked for, not {type(checked).__name__}.")
    return _report(checked, scrubber)


def _report(checked: Checkable, scrubber: Scrubber | None) -> Report:
    return checked if isinstance(checked, Report) else (scrubber or mini_scrubber()).scrub(checked)


def _no_such_rule(checked: Checkable, rule: str, scrubber: Scrubber | None) -> str | None:
    """That the rule does not run, where it is known which do."""
    used = scrubber or (None if isinstance(checked, Report) else mini_scrubber())
    if used is None or any(known.id == rule for known in used.rules):
        return None
    close = nearest(rule, (known.id for known in used.rules))
    return "no rule of that id runs." + (f" Did you mean {close}?" if close else "")


def _known(kind: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise UnknownName(kind, name, known)


def _names(names: str | Collection[str]) -> Collection[str]:
    """Several names; one by itself is not taken for its letters."""
    return [names] if isinstance(names, str) else names


def _counted(reports: Sequence[object]) -> str:
    return f"{len(reports)} report" + ("s" if len(reports) != 1 else "")


def _at_least(findings: Iterable[Finding], severity: Severity) -> Iterator[Finding]:
    _known("severity", severity, SEVERITIES)
    grave = SEVERITIES[: SEVERITIES.index(severity) + 1]
    return (finding for finding in findings if finding.severity in grave)


def _unjudged(outcome: str, unjudged: Iterable[Unjudged], allowed: Allowed) -> list[str]:
    return [f"{one.rule} {outcome}: {one.reason}" for one in _refused(unjudged, allowed)]


def _refused(unjudged: Iterable[Unjudged], allowed: Allowed) -> Iterator[Unjudged]:
    """Those that are not allowed to be unjudged."""
    if allowed is not True:
        names = set(_names(allowed or ()))
        yield from (one for one in unjudged if not {one.rule, one.table} & names)


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
