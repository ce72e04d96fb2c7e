"""What a rule expects of others: the answer of a front end, and the question to the clinician."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrubber.rules.lint.files import RuleFile
from scrubber.rules.model import Case, Template
from scrubber.rules.yaml_source import RuleProblem

_REFUSED = ("claim_rejection", "line_rejection", "return_to_provider")
"""Dispositions of a claim that is never adjudicated, so that a 277CA may be all that comes back."""

_RECORD = re.compile(
    r"\b(record|chart|clinician|physician|surgeon|document(s|ed|ation)?|operative|report|notes?|plan of care)\b",
    re.IGNORECASE,
)
"""Words of a fix that sends its reader to what the clinician wrote."""
_MONEY = re.compile(
    r"\b(pay|pays|paid|payer|payment|payable|reimburse\w*|deny|denies|denied|denial|reject\w*|refus\w*|insur\w+|"
    r"coverage|covered|bill|bills|billed|billing|charge\w*|revenue|audit\w*|modifier to get)\b",
    re.IGNORECASE,
)
_WAYS_OUT = (
    ("other", re.compile(r"\bother\b", re.IGNORECASE)),
    ("cannot be determined", re.compile(r"\b(cannot|can not|unable to) (be )?(determined?|told)\b", re.IGNORECASE)),
)


def acknowledgments(file: RuleFile) -> Iterator[RuleProblem]:
    """RL046: the answer to a refusal, of a case that refuses nothing."""
    for case, node in zip(file.rule.cases, file.cases(), strict=True):
        if case.acknowledgment is not None and case.disposition not in _REFUSED:
            yield file.at(file.of_case(node, "acknowledgment"), "RL046",
                          f"a 277CA refuses claims, and here the disposition is {case.disposition}.",
                          "Delete `acknowledgment`, or write `acknowledgment: null` in this case.")  # fmt: skip


def questions(file: RuleFile) -> Iterator[RuleProblem]:
    """RL047 and RL048: questions that nobody has to answer, and those that lead or speak of money."""
    for case, node in zip(file.rule.cases, file.cases(), strict=True):
        if case.question is None:
            continue
        at = file.of_case(node, "question")
        if not _record_decides(case):
            who = case.owner.replace("_", " ")
            yield file.at(at, "RL047", f"the {who} can mend this without the record, so there is nothing to ask.",
                          "Delete the question, or let the fix say what the record must show.")  # fmt: skip
        said = _said(case.question)
        if money := _MONEY.search(said):
            yield file.at(at, "RL048", f"the question speaks of money ({money[0]!r}).",
                          "Ask what happened; what a payer makes of it belongs under `why`.")  # fmt: skip
        if lacking := [name for name, way in _WAYS_OUT if not way.search(said)]:
            named = " or ".join(repr(name) for name in lacking)
            yield file.at(at, "RL048", f"the question leaves no way to answer {named}.",
                          "Offer the choices, then `other` and `cannot be determined`.")  # fmt: skip


def _record_decides(case: Case) -> bool:
    return case.owner == "clinician" or _RECORD.search(_said(case.fix)) is not None


def _said(template: Template) -> str:
    """The words of a sentence without its fields."""
    return " ".join(part if isinstance(part, str) else "…" for part in template.parts)
