"""The page of what the rules found, in Markdown: what is below the mark first, then every fault by family."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from scrubber.testing.faults.measure import Recall
from scrubber.testing.faults.model import Fault

MARK = 0.99
"""The share of its own faults that every rule has to find."""

_FAMILIES = {
    "clm": "Claims", "pat": "Patients", "prv": "Providers", "dat": "Dates", "dx": "Diagnoses", "prc": "Procedures",
    "mod": "Modifiers", "unt": "Units and charges", "ncci": "Pairs (NCCI)", "mue": "Unlikely units (MUE)",
    "aoc": "Add-on codes", "cov": "Coverage", "ane": "Anesthesia", "evm": "Visits", "dme": "Equipment", "pay": "Payers",
}  # fmt: skip
FAMILIES = tuple(_FAMILIES)
"""The families of professional rules, in the order of the page."""

_HEAD = """\
# What the rules find

A fault is one mistake planted into a claim that is right, at a known place. It counts as found where its rule speaks
at that place, with the severity that the catalogue of edits gives it, and did not speak there before the mistake.
*Beside* lists the other rules that the same mistake sets off at error or warning, with their share of the claims:
they tell what follows from it.

The claims are those of the clean corpus, the faults are written from the catalogue and not from the rules. This page is
written by `scrubber testing recall --tables DIR --output docs/recall.md`; the same seed gives the same page.
"""


def page(recalls: Sequence[Recall], without: Mapping[str, str], left_out: Sequence[tuple[Fault, str]], how: str) -> str:
    """The whole page."""
    parts = [_HEAD, _summary(recalls, how), _below(recalls), _no_fault(without), _left_out(left_out)]
    for family, name in _FAMILIES.items():
        found = [recall for recall in recalls if _family(recall.fault.rule) == family]
        if found:
            parts.append(f"## {name}\n\n{_table(found)}")
    return "\n".join(part for part in parts if part)


def _summary(recalls: Sequence[Recall], how: str) -> str:
    good = sum(recall.share >= MARK for recall in recalls)
    rules = {recall.fault.rule for recall in recalls}
    planted = sum(recall.planted for recall in recalls)
    return (
        f"{len(recalls)} faults of {len(rules)} rules, planted {planted:,} times ({how}); "
        f"{good} of them are found at least {MARK:.0%} of the time.\n"
    )


def _below(recalls: Iterable[Recall]) -> str:
    rows = [
        f"| {recall.fault.rule} | {recall.fault.name} | {recall.planted} | {recall.found} | {_words(recall.misses)} |"
        for recall in recalls
        if recall.share < MARK
    ]
    if not rows:
        return ""
    return _titled(
        f"Found less than {MARK:.0%} of the time", "| rule | fault | planted | found | the others |", rows, right=(2, 3)
    )


def _no_fault(without: Mapping[str, str]) -> str:
    rows = [f"| {rule} | {reason} |" for rule, reason in sorted(without.items())]
    return _titled("Rules without a fault", "| rule | why |", rows) if rows else ""


def _left_out(left_out: Sequence[tuple[Fault, str]]) -> str:
    rows = [f"| {fault.rule} | {fault.name} | {reason} |" for fault, reason in left_out]
    return _titled("Faults that were not planted", "| rule | fault | why |", rows) if rows else ""


def _table(recalls: Iterable[Recall]) -> str:
    rows = [
        f"| {recall.fault.rule} | {recall.fault.name} | {recall.fault.severity} | {recall.planted} | {recall.found} "
        f"| {recall.share:.1%} | {_shares(recall)} |"
        for recall in recalls
    ]
    head = "| rule | fault | severity | planted | found | recall | beside |"
    return "\n".join([head, _rule(head, right=(3, 4, 5)), *rows, ""])


def _titled(title: str, head: str, rows: list[str], right: tuple[int, ...] = ()) -> str:
    return "\n".join([f"## {title}\n", head, _rule(head, right), *rows, ""])


def _rule(head: str, right: tuple[int, ...] = ()) -> str:
    columns = head.count("|") - 1
    return "|" + "|".join("---:" if column in right else "---" for column in range(columns)) + "|"


def _words(misses: Counter[str]) -> str:
    return "; ".join(f"{count} {answer}" for answer, count in misses.most_common())


def _shares(recall: Recall) -> str:
    return ", ".join(f"{rule} {count / recall.planted:.0%}" for rule, count in sorted(recall.beside.items()))


def _family(rule: str) -> str:
    return rule.rstrip("0123456789").lower()
