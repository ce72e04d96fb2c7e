"""A rule in words and as plain data: for `explain` and `rules list`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from scrubber.claim_status import coded, in_words
from scrubber.errors import UnknownName
from scrubber.findings import LayerMark
from scrubber.report.page import Page, percent
from scrubber.rules.in_words import (
    Naming,
    condition_lines,
    in_plain_words,
    look_up_text,
    operand_text,
    with_gaps,
)
from scrubber.rules.model import Case, Rule, RuleTest
from scrubber.tables import TableSet
from scrubber.testing.sentences import Said, said_by_cases


def find_rules(rules: Sequence[Rule], id_or_name: str) -> list[Rule]:
    """The versions of a rule, oldest first: an id may stand for several, each with days of its own.

    Raises:
        UnknownName: no rule has that id or name.
    """
    asked = id_or_name.casefold()
    found = [rule for rule in rules if asked in (rule.id.casefold(), rule.name.casefold())]
    if not found:
        raise UnknownName("rule", id_or_name, {name for rule in rules for name in (rule.id, rule.name)})
    same_id = [rule for rule in rules if rule.id == found[0].id]
    return sorted(same_id, key=lambda rule: rule.effective_from or date.min)


def rule_line(rule: Rule) -> dict[str, str]:
    """A rule as one row of a list."""
    return {
        "id": rule.id,
        "name": rule.name,
        "severity": rule.severity,
        "status": rule.status,
        "family": rule.family,
        "title": rule.title,
        "pack": rule.pack,
    }


def rule_object(rule: Rule, tables: TableSet, day: date | None = None) -> dict[str, Any]:
    """Everything about a rule as plain data; dated constants as they are on `day`, else with all their days."""
    return {
        **rule_line(rule),
        "risk": rule.risk,
        "disposition": rule.disposition,
        "owner": rule.owner,
        "effective": {"from": rule.effective_from, "to": rule.effective_to},
        "applies_to": {
            "settings": sorted(rule.applies_to.settings),
            "payers": sorted(rule.applies_to.payers),
            "others": "off" if rule.applies_to.others_off else None,
            "payer_ids": sorted(rule.applies_to.payer_ids),
            "jurisdictions": sorted(rule.applies_to.jurisdictions),
        },
        "for_each": rule.scope.kind.value,
        "group_by": [field.name for field in rule.group_by],
        "members": list(condition_lines(rule.members, day=day)),
        "once_per": None if rule.once_per is None else [str(field) for field in rule.once_per],
        "tables": [{"name": name, "loaded": name in tables} for name in dict.fromkeys(rule.tables)],
        "when": list(condition_lines(rule.when, day=day)),
        "unless": list(condition_lines(rule.unless, day=day)),
        "cases": [_case_object(case, day) for case in rule.cases],
        "why": rule.why,
        "references": [{"title": one.title, "url": one.url} for one in rule.references],
        "every_case": rule.every_case,
        "hides": _hides_object(rule.hides),
        "tests": [_test_object(test) for test in rule.tests],
        "set_by": [
            {"pack": mark.pack, "version": mark.version, "level": mark.level, "set": list(mark.set)}
            for mark in rule.layers
        ],
        "file": str(rule.place.path),
    }


def write_rule(page: Page, rule: Rule, tables: TableSet, day: date | None = None) -> None:
    """The page of a rule, for people; dated constants as they are on `day`, else with all their days."""
    called = in_plain_words(rule)
    said = said_by_cases(rule, tables)
    page.line((f"{rule.id} ", "bold"), (rule.name, "bold"), (f"  {rule.status}, pack {rule.pack}", "dim"))
    page.line((rule.title, ""))
    _section(page, "Why", [rule.why])
    for number, case in enumerate(rule.cases, start=1):
        title = "Says" if len(rule.cases) == 1 else f"Says, case {number}"
        _section(page, title, _case_lines(case, rule, day, called, said.get(case.number)))
    _section(page, "Of these cases", ["Each one that holds speaks."] if rule.every_case else [])
    _section(page, "Reports once", _once(rule))
    _section(page, "Applies to", [_applies(rule)])
    _section(page, "Looks up", (look_up_text(look_up, called) for look_up in rule.look_ups))
    _section(page, "Of lines of which all of this holds", condition_lines(rule.members, day=day, called=called))
    _section(page, "Fires when all of this holds", condition_lines(rule.when, day=day, called=called))
    _section(page, "Unless any of this holds", condition_lines(rule.unless, day=day, called=called))
    _section(page, "Tables", [_table_line(name, tables) for name in dict.fromkeys(rule.tables)])
    _section(page, "Hides", _hides_lines(rule.hides))
    _section(page, "Set by layers", [_mark_line(mark) for mark in rule.layers])
    _section(page, "Authority", [f"{one.title}  {one.url or ''}".rstrip() for one in rule.references])
    _section(page, "Examples", [_test_line(test) for test in rule.tests])
    _section(page, "File", [str(rule.place.path)])


def _section(page: Page, title: str, lines: Iterable[str]) -> None:
    shown = [line for line in lines if line]
    if not shown:
        return
    page.line()
    page.line((title, "bold"))
    for line in shown:
        stripped = line.lstrip()
        page.line((stripped, ""), indent=2 + len(line) - len(stripped))


def _applies(rule: Rule) -> str:
    parts = [f"each {rule.scope.kind.value.replace('_', ' ')}"]
    if rule.group_by:
        of = rule.scope.kind.value.replace("_", " ")
        parts = [f"each group of {of} with one {' and one '.join(field.name for field in rule.group_by)}"]
    if rule.pair:
        parts.append(f"with each {rule.pair.kind.value.replace('_', ' ')}")
    parts.append(f"settings: {_listed(rule.applies_to.settings)}")
    others = ", for others where a layer switches it on" if rule.applies_to.others_off else ""
    parts.append(f"payers: {_listed(rule.applies_to.payers)}{others}")
    if rule.applies_to.payer_ids:
        parts.append(f"payer ids: {_listed(rule.applies_to.payer_ids)}")
    if rule.applies_to.jurisdictions:
        parts.append(f"jurisdictions: {_listed(rule.applies_to.jurisdictions)}")
    if rule.effective_from:
        parts.append(f"from {rule.effective_from.isoformat()}")
    if rule.effective_to:
        parts.append(f"to {rule.effective_to.isoformat()}")
    return "; ".join(parts)


def _once(rule: Rule) -> list[str]:
    if rule.once_per is None:
        return []
    called = in_plain_words(rule)
    return [f"for each {', '.join(called(field) for field in rule.once_per) or 'claim'}"]


def _mark_line(mark: LayerMark) -> str:
    return f"{', '.join(mark.set).replace('_', ' ')}: {mark.pack} {mark.version} ({mark.level})"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "all"


def _case_lines(case: Case, rule: Rule, day: date | None, called: Naming, said: Said | None) -> Iterator[str]:
    for title, nodes in (("when", case.when), ("unless", case.unless)):
        conditions = list(condition_lines(nodes, day=day, called=called))
        if len(conditions) == 1:
            yield f"{title} {conditions[0]}"
        elif conditions:
            yield f"{title} {'all' if title == 'when' else 'any'} of this holds:"
            yield from (f"  {condition}" for condition in conditions)
    if not (case.when or case.unless or rule.every_case or len(rule.cases) == 1):
        yield "in all other cases"
    yield f"{case.severity}: {said.finding.message if said else with_gaps(case.message)}"
    fix = said.finding.fix.text if said else with_gaps(case.fix)
    yield f"to do: {fix}" if fix else ""
    if case.question is not None:
        yield f"ask the clinician: {(said and said.finding.question) or with_gaps(case.question)}"
    adjustment = case.adjustment
    notes = [f"who: {case.owner.replace('_', ' ')}", f"risk {percent(case.risk)}", case.disposition.replace("_", " ")]
    if adjustment.carc or adjustment.rarc:
        answer = " ".join([adjustment.group or "", *adjustment.carc, *adjustment.rarc]).strip()
        notes.append(f"likely answer: {answer}")
    if case.acknowledgment:
        notes.append(f"277CA: {coded(case.acknowledgment)} ({in_words(case.acknowledgment)})")
    yield "; ".join(notes)
    yield from (f"hides {line}" for line in _hides_lines(case.hides) if case.hides != rule.hides)


def _hides_lines(hides: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    return (f"{', '.join(names)} of the same {same}" for same, names in hides.items())


def _hides_object(hides: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {same: list(names) for same, names in hides.items()}


def _case_object(case: Case, day: date | None) -> dict[str, Any]:
    return {
        "when": list(condition_lines(case.when, day=day)),
        "unless": list(condition_lines(case.unless, day=day)),
        "severity": case.severity,
        "risk": case.risk,
        "disposition": case.disposition,
        "owner": case.owner,
        "message": case.message.text,
        "fix": {"safety": case.fix_safety, "text": case.fix.text},
        "question": case.question.text if case.question else None,
        "group": case.adjustment.group,
        "carc": case.adjustment.carc,
        "rarc": case.adjustment.rarc,
        "acknowledgment": attrs.asdict(case.acknowledgment) if case.acknowledgment else None,
        "hides": _hides_object(case.hides),
    }


def _table_line(name: str, tables: TableSet) -> str:
    table = tables.get(name)
    if table is None:
        return f"{name}: not loaded, so claims that need it are reported as not checked"
    return f"{name}: {', '.join(edition.name for edition in table.editions)}"


def _test_object(test: RuleTest) -> dict[str, Any]:
    return {
        "name": test.name,
        "claim": _plain(test.claim),
        "fires_at": list(test.fires_at),
        "outcome": test.outcome,
        "says": list(test.says),
    }


def _test_line(test: RuleTest) -> str:
    verdict = f"fires at {', '.join(test.fires_at)}" if test.fires_at else (test.outcome or "does not fire")
    given = ", ".join(f"{key}: {operand_text(value)}" for key, value in test.claim.items())
    return f"{test.name} ({given}): {verdict.replace('_', ' ')}"


def _plain(value: Any) -> Any:
    """Mappings and sequences of any kind as dict and list."""
    if hasattr(value, "items"):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    return value
