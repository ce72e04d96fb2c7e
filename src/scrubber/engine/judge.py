"""From the hits of the rules to the findings of a report: messages, places, masking, coverage."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import attrs

from scrubber.checks.answers import NoEdition
from scrubber.claim import Claim
from scrubber.engine.fingerprints import fingerprint, mark_of_claim
from scrubber.engine.fixing import fix_of
from scrubber.engine.outcomes import Hit, Outcomes
from scrubber.engine.plan import Selection
from scrubber.engine.wording import codes_of, render, value_of
from scrubber.facts import ClaimFacts, FaultFacts, GroupFacts
from scrubber.findings import Coverage, Evidence, Finding, Masked, Severity, Unjudged
from scrubber.rules.words import is_empty
from scrubber.tables import Row, TableSet

_REMEMBERED = 4096
"""Judgements without findings that are kept for each kind of claim, by the rules that gave no verdict and why."""

BESIDE = "beside"
"""The field of a finder's answer that holds the other lines which a finding is about."""

_RANK: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}


@attrs.frozen(kw_only=True)
class Judgement:
    """The parts of a report that come from the rules, named as in `Report`."""

    findings: tuple[Finding, ...] = ()
    masked: tuple[Masked, ...] = ()
    not_evaluated: tuple[Unjudged, ...] = ()
    not_checked: tuple[Unjudged, ...] = ()
    coverage: Coverage


def judge(outcomes: Outcomes, selection: Selection) -> Judgement:
    """What the outcomes of all rules come to."""
    if outcomes.hits or outcomes.excused:
        outcomes.tell_all()
        return _judge(outcomes, selection)
    # Most claims have no finding, and the same few rules without a verdict: a table that is not there on that day.
    key = (*outcomes.untold, *outcomes.left.items())
    known = selection.judgements.get(key)
    if known is not None:
        judgement: Judgement = known
        return judgement
    if len(selection.judgements) >= _REMEMBERED:
        selection.judgements.clear()
    outcomes.tell_all()
    judgement = _judge(outcomes, selection)
    selection.judgements[key] = judgement
    return judgement


def _judge(outcomes: Outcomes, selection: Selection) -> Judgement:
    facts = outcomes.facts
    kept, masked, unreadable = _mask(outcomes.hits, facts)
    not_evaluated = {Unjudged(rule=hit.rule.id, reason=f"{field} could not be read") for hit, field in unreadable}
    not_checked: set[Unjudged] = set()
    for (rule, reason), why in outcomes.left.items():
        if isinstance(why, NoEdition):
            not_checked.add(
                Unjudged(rule=rule, reason=reason, table=why.table, date=why.day, missing_part=why.missing_part)
            )
        else:
            not_evaluated.add(Unjudged(rule=rule, reason=reason))
    claim_mark = mark_of_claim(facts.claim) if kept else b""
    findings = [_finding(hit, facts, outcomes.tables, claim_mark) for hit in _each_once(kept)]
    findings.sort(key=lambda f: (_RANK[f.severity], f.line or 0, f.diagnosis or 0, f.rule))
    return Judgement(
        findings=tuple(findings),
        masked=tuple(sorted(masked, key=lambda hidden: (hidden.rule, hidden.by))),
        not_evaluated=_in_order(not_evaluated),
        not_checked=_in_order(not_checked),
        coverage=_coverage(outcomes, selection, not_evaluated, not_checked),
    )


def _each_once(hits: list[Hit]) -> list[Hit]:
    """Without the hits that a rule reports once only: of those that share what it says, the gravest and then the first
    of the claim is kept. That is asked of the hits that would be shown, so that none is lost behind a hidden one.
    """
    if all(hit.rule.once_per is None for hit in hits):
        return hits
    chosen: dict[tuple[Any, ...], Hit] = {}
    for hit in sorted(hits, key=_gravest_first):
        once_per = hit.rule.once_per
        if once_per is not None:
            case = hit.rule.cases[hit.case].number if hit.rule.every_case else None
            chosen.setdefault((hit.rule.id, hit.rule.place, case, *(value_of(hit, field) for field in once_per)), hit)
    first = {id(hit) for hit in chosen.values()}
    return [hit for hit in hits if hit.rule.once_per is None or id(hit) in first]


def _gravest_first(hit: Hit) -> tuple[int, int, int]:
    return _RANK[hit.rule.cases[hit.case].severity], hit.item.line or 0, getattr(hit.item, "position", 0)


def _in_order(unjudged: Iterable[Unjudged]) -> tuple[Unjudged, ...]:
    return tuple(sorted(unjudged, key=lambda left: (left.rule, left.reason)))


def _mask(hits: list[Hit], facts: ClaimFacts) -> tuple[list[Hit], set[Masked], list[tuple[Hit, str]]]:
    """Split hits into those to show, those another rule tells already, and those about unreadable fields.

    A field that the reader could not read looks blank, so a completeness rule fires on it; the reader's own fault or
    error says it better (catalogue section 4). A fault that no rule reports hides nothing.
    """
    origin = facts.claim.origin
    faults = origin.faults if origin else ()
    told = {id(hit.item.raw) for hit in hits if isinstance(hit.item, FaultFacts)} if faults else ()
    blanked = {fault.field: fault.edit for fault in faults if fault.field and id(fault) in told}
    unread = {problem.field: problem.field for problem in origin.problems if problem.field} if origin else {}
    kept: list[Hit] = []
    masked: set[Masked] = set()
    unreadable: list[tuple[Hit, str]] = []
    # in the order of their ids, so that the order in which rules run changes no report
    hiders = sorted((hit for hit in hits if hit.rule.cases[hit.case].hides), key=lambda hit: hit.rule.id)
    for hit in hits:
        field = _field_path(hit) if blanked or unread else None
        hider = next((other for other in hiders if other is not hit and _hides(other, hit)), None)
        edit = None if field is None or isinstance(hit.item, FaultFacts) else _blanked_by(field, blanked, facts.claim)
        if edit is not None:
            masked.add(Masked(rule=hit.rule.id, by=edit))
        elif field is not None and (problem := _unread_for(field, unread, facts.claim)) is not None:
            unreadable.append((hit, problem))
        elif hider is not None:
            masked.add(Masked(rule=hit.rule.id, by=hider.rule.id))
        else:
            kept.append(hit)
    return kept, masked, unreadable


def _blanked_by(path: str, blanked: dict[str, str], claim: Claim) -> str | None:
    """What reports why the field at `path` is blank: by the field, by what holds it, or by the claim's for a line."""
    if path in blanked:
        return blanked[path]
    above = [by for field, by in blanked.items() if path.startswith((f"{field}.", f"{field}["))]
    line, _, of_claim = path.partition("].")
    if not above and of_claim and line.startswith("lines["):
        # a line without a place of service or a rendering provider has the claim's
        above = [by for field, by in blanked.items() if f"{of_claim}.".startswith(f"{field}.")]
    return above[0] if above and _is_blank_at(claim, path) else None


def _unread_for(path: str, unread: dict[str, str], claim: Claim) -> str | None:
    """The field that could not be read for which a finding at `path` is none: it, what holds it, or a part of it."""
    above = _blanked_by(path, unread, claim)
    if above is not None or path == "lines":  # one bad line does not make a claim without lines
        return above
    return next((field for field in unread if field.startswith((f"{path}.", f"{path}["))), None)


def _is_blank_at(claim: Claim, path: str) -> bool:
    """Whether the claim has nothing at `path`: "lines[1].rendering_provider.npi"."""
    value: Any = claim
    for step in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(value, tuple):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        else:
            value = getattr(value, step, None)
    return is_empty(value)


def _hides(hider: Hit, hit: Hit) -> bool:
    """Whether a rule's `hides` names another hit about the same thing; "-DX124" leaves one rule of a family out."""
    for what, names in hider.rule.cases[hider.case].hides.items():
        if (hit.rule.id not in names and hit.rule.family not in names) or f"-{hit.rule.id}" in names:
            continue
        if hit.rule.id == hider.rule.id:
            continue
        if what == "claim":
            return True
        if what == "field":
            mine = _field_path(hider)
            if mine is not None and mine == _field_path(hit):
                return True
            continue
        if what == "pair":
            if _line_pairs(hider) & _line_pairs(hit):
                return True
            continue
        theirs = getattr(hit.item, what)
        if theirs is not None and theirs in _about(hider.item, what):
            return True
    return False


def _about(item: Any, what: str) -> tuple[int, ...]:
    """The lines, or the diagnoses, that an item stands for: one, or all of a group."""
    if what == "line" and isinstance(item, GroupFacts):
        return item.positions
    return (getattr(item, what),)


def _line_pairs(hit: Hit) -> set[frozenset[int]]:
    """The pairs of lines that a finding is about: those of a pair rule, and a line with those that a finder says stand
    `beside` it.
    """
    if hit.item.line is None:
        return set()
    others: list[int | None] = []
    if hit.rule.pair is not None:
        others.append(hit.named[hit.rule.pair.alias].line)
    for look_up in hit.rule.look_ups:
        others += getattr(hit.named.get(look_up.alias), BESIDE, ())
    return {frozenset((hit.item.line, other)) for other in others if other is not None}


def _field_path(hit: Hit) -> str | None:
    """Where the finding points in the claim: "lines[1].procedure"."""
    if isinstance(hit.item, FaultFacts):
        field: str | None = hit.item.raw.field
        return field
    reference = hit.rule.cases[hit.case].field
    if reference is None or reference.field is None:
        return None
    return reference.field.path_below(hit.named[reference.alias].path)


def _finding(hit: Hit, facts: ClaimFacts, tables: TableSet, claim_mark: bytes) -> Finding:
    rule, case, item = hit.rule, hit.rule.cases[hit.case], hit.item
    preview = rule.status == "preview"
    field = _field_path(hit)
    origin = facts.claim.origin
    position = item.raw.position if isinstance(item, FaultFacts) else None
    if position is None and origin is not None and field is not None:
        position = origin.position(field)
    codes = tuple(code for reference in case.codes for code in codes_of(hit, reference))
    return Finding(
        rule=rule.id,
        name=rule.name,
        family=rule.family,
        severity="info" if preview else case.severity,
        risk=0.0 if preview else case.risk,
        disposition=case.disposition,
        message=render(case.message, hit),
        line=item.line,
        diagnosis=item.diagnosis,
        field=field,
        position=position,
        codes=codes,
        group=case.adjustment.group,
        carc=case.adjustment.carc,
        rarc=case.adjustment.rarc,
        owner=case.owner,
        fix=fix_of(hit, facts.claim),
        acknowledgment=case.acknowledgment,
        question=render(case.question, hit) if case.question is not None else None,
        evidence=_evidence(hit, tables),
        references=rule.references,
        layers=case.layers,
        fingerprint=fingerprint(claim_mark, hit, field, codes),
    )


def _evidence(hit: Hit, tables: TableSet) -> Evidence | None:
    """The first table row that the rule rests on."""
    for look_up in hit.rule.look_ups:
        answer = hit.named[look_up.alias]
        row = answer if isinstance(answer, Row) else getattr(answer, "row", None)
        if not isinstance(row, Row):
            continue
        name = getattr(look_up, "table", None) or answer.table
        table = tables.get(name)
        edition = table.edition_on(row.valid_from) if table else None
        values = {column: value for column, value in row.as_dict().items() if value not in (None, False)}
        return Evidence(table=name, edition=getattr(answer, "edition", None) or (edition.name if edition else None),
                        row=_plain({**values, "valid_from": row.valid_from, "valid_to": row.valid_to}))  # fmt: skip
    return None


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def _coverage(
    outcomes: Outcomes, selection: Selection, not_evaluated: Iterable[Unjudged], not_checked: Iterable[Unjudged]
) -> Coverage:
    """Each rule once, in its gravest outcome."""
    fired = {hit.rule.id for hit in outcomes.hits}
    unchecked = {unjudged.rule for unjudged in not_checked} - fired
    unevaluated = {unjudged.rule for unjudged in not_evaluated} - fired - unchecked
    excused = outcomes.excused - fired - unchecked - unevaluated
    rest = len(selection.ids - fired - unchecked - unevaluated - excused)
    return Coverage(
        fired=len(fired),
        excused=len(excused),
        not_evaluated=len(unevaluated),
        not_checked=len(unchecked),
        clear=rest,
    )
