"""From what an author answers to a rule file with examples that pass."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs

from scrubber.errors import ScrubberError, os_error_hint
from scrubber.findings import Owner, Severity
from scrubber.rules.emit import yaml_of
from scrubber.rules.loader import RULE_SUFFIX
from scrubber.rules.model import Status
from scrubber.rules.pack_file import PACK_FILE
from scrubber.rules.templates import Question, RuleTemplate
from scrubber.tables.value_sets import CodeSet

SHOWN_IN_A_SENTENCE = 4

_SHAPES: Mapping[str, tuple[str, str]] = {
    "procedures": (r"[0-9A-Z]{5}(-[0-9A-Z]{5})?", "a procedure code such as 99213, or a range such as 99202-99215"),
    "modifiers": (r"[0-9A-Z]{2}", "a modifier such as 25 or GT"),
    "diagnoses": (r"[A-Z][0-9][0-9A-Z]{1,5}", "an ICD-10-CM code or its beginning, such as E11 or E11.9"),
    "places": (r"[0-9]{2}", "a place of service of two digits, such as 11"),
}

USUAL_RISK: Mapping[Severity, float] = {"error": 0.9, "warning": 0.5, "info": 0.1}
"""Where the author gives no estimate of how often the payer refuses such a claim."""

EXAMPLE_DAY = date(2026, 3, 2)
"""The date of service of examples, where the rule does not begin later: that of the shorthand."""

_ORDER = (
    *("id", "name", "title", "status", "for_each", "pair_with", "group_by", "members", "applies_to", "effective"),
    *("when", "unless", "severity", "risk", "disposition", "owner", "adjustment", "acknowledgment", "field", "codes"),
    *("message", "why", "fix", "question", "references", "tests"),
)
"""The keys of a rule in the order in which people read them."""


@attrs.frozen(kw_only=True)
class Draft:
    """What the author said of a new rule."""

    template: RuleTemplate
    answers: Mapping[str, Any]
    id: str
    name: str
    title: str | None = None
    why: str | None = None
    status: Status = "stable"
    severity: Severity = "warning"
    risk: float | None = None
    owner: Owner | None = None
    payers: tuple[str, ...] = ()
    begins: date | None = None
    reference: str
    url: str | None = None


def rule_of(draft: Draft) -> dict[str, Any]:
    """The rule as the keys and values of its file, in order.

    Raises:
        ScrubberError: the answers leave nothing to test, or contradict each other.
    """
    day = max(EXAMPLE_DAY, draft.begins or EXAMPLE_DAY)
    rule = filled(draft.template, draft.answers, day)
    rule |= {"id": draft.id, "name": draft.name, "status": draft.status, "severity": draft.severity}
    rule |= {key: value for key, value in (("title", draft.title), ("why", draft.why)) if value}
    rule["risk"] = USUAL_RISK[draft.severity] if draft.risk is None else draft.risk
    rule["owner"] = draft.owner or draft.template.owner
    rule["references"] = [{"title": draft.reference, **({"url": draft.url} if draft.url else {})}]
    if draft.payers:
        rule["applies_to"] = {**rule.get("applies_to", {}), "payers": list(draft.payers)}
    if draft.begins:
        rule["effective"] = {"from": draft.begins}
    given: dict[str, Any] = {"dos": day} if day != EXAMPLE_DAY else {}
    given |= {"payer": draft.payers[0]} if draft.payers else {}
    rule["tests"] = [{**test, "claim": {**given, **test["claim"]}} for test in rule["tests"]]
    return {key: rule[key] for key in _ORDER if key in rule}


def write_rule_file(folder: Path, draft: Draft) -> Path:
    """Write the rule into the folder of a pack; nothing that is there is overwritten.

    Raises:
        ScrubberError: there is such a file already, or it cannot be written.
    """
    path = folder / f"{draft.id}-{draft.name}{RULE_SUFFIX}"
    _write_new(path, yaml_of(rule_of(draft)))
    return path


def write_pack_file(folder: Path, name: str, title: str, payer_ids: Sequence[str] = ()) -> Path:
    """Make a folder a pack, with payer ids that of a payer, which lies over what holds for all.

    Raises:
        ScrubberError: it is one already, or it cannot be written.
    """
    path = folder / PACK_FILE
    pack: dict[str, Any] = {"name": name, "version": "1", "title": title}
    if payer_ids:
        pack |= {"layer": {"level": "payer", "over": ["core"]}, "applies_to": {"payer_ids": list(payer_ids)}}
    _write_new(path, yaml_of(pack))
    return path


def _write_new(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise ScrubberError("this is there already.", where=str(path), hint="Take another id or name.") from None
    except OSError as error:
        raise ScrubberError("the file cannot be written.", where=str(path), hint=os_error_hint(error)) from None


_GAP = re.compile(r"<([a-z_]+)>")


def read_answer(question: Question, text: str) -> Any:
    """An answer as the author wrote it: codes apart by commas or spaces, or a number; None for nothing.

    Raises:
        ScrubberError: it is not what was asked for.
    """
    if question.kind == "number":
        return _number(question, text)
    codes = [part.upper().replace(".", "") for part in re.split(r"[,;\s]+", text) if part]
    if not codes:
        if question.required:
            raise ScrubberError("at least one is needed.", where=question.name)
        return None
    shape, says = _SHAPES[question.kind]
    for code in codes:
        if not re.fullmatch(shape, code):
            raise ScrubberError(f"{code!r} is not {says}.", where=question.name, hint="Part codes by commas.")
    try:
        CodeSet(codes)
    except ValueError as error:
        raise ScrubberError(f"{error}.", where=question.name, hint="Write the lower code first.") from None
    return list(dict.fromkeys(codes))


def _number(question: Question, text: str) -> int | None:
    if not text.strip() and not question.required:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text.strip()):
        raise ScrubberError(f"{text!r} is not a whole number.", where=question.name, hint="For example 4.")
    if int(text) == 0 and question.name == "limit":
        hint = "If none is paid, take the kind not-covered."
        raise ScrubberError("the most units a day cannot be 0.", where=question.name, hint=hint)
    return int(text)


class _NotAnsweredError(Exception):
    """A part of a template stands for an answer that was not given."""


def filled(template: RuleTemplate, answers: Mapping[str, Any], day: date) -> dict[str, Any]:
    """The rule that the answers make of a template, without id, name and what else all rules have.

    `day` is the date of service of the examples.

    Raises:
        ScrubberError: the answers leave nothing to test, or contradict each other.
    """
    _check(template, answers)
    values = {**answers, **_examples(answers), "next_day": day + timedelta(days=1)}
    rule: dict[str, Any] = {}
    for key, value in template.rule.items():
        with suppress(_NotAnsweredError):
            rule[key] = _fill(value, values)
    return rule


def _check(template: RuleTemplate, answers: Mapping[str, Any]) -> None:
    youngest, oldest = answers.get("from_age"), answers.get("to_age")
    if template.name == "age-limits" and not youngest and oldest is None:
        raise ScrubberError("an age is needed: the youngest, the oldest, or both.", where="from_age")
    if youngest and oldest is not None and oldest < youngest:
        raise ScrubberError("the oldest age is less than the youngest.", where="to_age")
    both = sorted(set(answers.get("codes") or ()) & set(answers.get("beside") or ()))
    if both:
        raise ScrubberError(f"{both[0]} stands on both sides.", where="beside", hint="Name it once.")


def _fill(value: Any, answers: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: _fill(member, answers) for key, member in value.items()}
    if isinstance(value, list):
        members = []
        for member in value:
            # a condition or an example can be left out; a code of a list cannot
            with suppress(_NotAnsweredError) if isinstance(member, Mapping) else nullcontext():
                members.append(_alone(_fill(member, answers)))
        if value and not members:
            raise _NotAnsweredError
        return members
    if not isinstance(value, str):
        return value
    names = _GAP.findall(value)
    if any(answers.get(name) is None for name in names):
        raise _NotAnsweredError
    if names and value == f"<{names[0]}>":
        return answers[names[0]]
    return _GAP.sub(lambda gap: in_words(answers[gap[1]]), value)


def _alone(member: Any) -> Any:
    """A group that is left with one condition is that condition."""
    if isinstance(member, dict) and len(members := member.get("any_of", ())) == 1:
        return members[0]
    return member


def in_words(answer: Any) -> str:
    """An answer within a sentence."""
    if not isinstance(answer, list):
        return str(answer)
    more = f" and {len(answer) - SHOWN_IN_A_SENTENCE} more" if len(answer) > SHOWN_IN_A_SENTENCE else ""
    return ", ".join(answer[:SHOWN_IN_A_SENTENCE]) + more


def _examples(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Values for examples: one of each list, and one that is in none."""
    youngest, oldest, limit = answers.get("from_age"), answers.get("to_age"), answers.get("limit")
    listed = [*(answers.get("codes") or ()), *(answers.get("beside") or ())]
    return {
        "from_age": youngest or None,
        "too_young": youngest - 1 if youngest else None,
        "too_old": oldest + 1 if oldest is not None else None,
        "unfit_age": youngest - 1 if youngest else oldest + 1 if oldest is not None else None,
        "ages": _ages(youngest, oldest),
        "over": limit + 1 if limit is not None else None,
        "code": _first(answers, "codes"),
        "beside_code": _first(answers, "beside"),
        "modifier": _first(answers, "modifiers"),
        "diagnosis": _first(answers, "diagnoses"),
        "place": _first(answers, "places"),
        "other_procedure": _one_outside(("93000", "99213", "G0463"), listed),
        "other_diagnosis": next(
            (code for code in ("I10", "J069", "M545") if not code.startswith(tuple(answers.get("diagnoses") or ()))),
            None,
        ),
        "other_place": _one_outside(("11", "21", "22"), answers.get("places") or ()),
    }


def _other_diagnosis(listed: tuple[str, ...]) -> str | None:
    return next((code for code in ("I10", "J069", "Z0000") if not code.startswith(listed)), None)


def _ages(youngest: int | None, oldest: int | None) -> str:
    parts = [f"from {youngest} years on" if youngest else "", f"up to {oldest} years" if oldest is not None else ""]
    return " and ".join(part for part in parts if part)


def _first(answers: Mapping[str, Any], name: str) -> str | None:
    """The first code of a list, of a range its beginning."""
    codes = answers.get(name)
    return codes[0].partition("-")[0] if codes else None


def _one_outside(candidates: tuple[str, ...], codes: Any) -> str | None:
    return next((code for code in candidates if code not in CodeSet(codes)), None)
