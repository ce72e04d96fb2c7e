"""What a rule says of itself: severity and risk, authorities, sentences, what it hides, its file and its examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import yaml

from scrubber.content import content_folder
from scrubber.errors import nearest
from scrubber.rules.lint.files import RuleFile, pairs, scalars
from scrubber.rules.model import Case, FieldRef, Template
from scrubber.rules.yaml_source import RuleProblem

_LONGEST_MESSAGE = 200
_LIKELY = 0.5
_URL = re.compile(r"https?://[^\s/.]+(\.[^\s/.]+)+(/\S*)?")
_BARE_URL = re.compile(r"(www\.)?[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|gov|org|net|us)(/\S*)?", re.IGNORECASE)
_ENDS = (".", "?", "!", ".)", "…")
_ID_IN_NAME = re.compile(r"([A-Z]{2,5}[0-9]{3})(?![0-9])")


def risk_and_severity(file: RuleFile) -> Iterator[RuleProblem]:
    """RL032: severity, risk and disposition that do not fit each other."""
    for case, node in zip(file.rule.cases, file.cases(), strict=True):
        if case.severity == "error" and case.risk == 0:
            yield file.at(file.of_case(node, "risk"), "RL032", "an error that is never refused (risk 0).",
                          "Give it a risk, or call it info.")  # fmt: skip
        if case.severity == "info" and case.risk >= _LIKELY:
            yield file.at(file.of_case(node, "risk"), "RL032", f"an info that is refused with a risk of {case.risk:g}.",
                          "Call it warning or error, or lower the risk.")  # fmt: skip
        if case.severity == "error" and case.disposition == "advice":
            yield file.at(file.of_case(node, "disposition"), "RL032", "an error whose disposition is advice.",
                          "Say what the payer does, or call it info.")  # fmt: skip


def preview_as_error(file: RuleFile) -> Iterator[RuleProblem]:
    """RL033: a preview that will hold claims from one day to the next."""
    if file.rule.status == "preview" and any(case.severity == "error" for case in file.rule.cases):
        yield file.at(file.key("status"), "RL033", "a preview with the severity error reports as info for now.",
                      "Keep it at warning until it has proved itself.")  # fmt: skip


def denial_without_carc(file: RuleFile) -> Iterator[RuleProblem]:
    """RL035: denials without a reason code."""
    for case, node in zip(file.rule.cases, file.cases(), strict=True):
        if case.disposition not in ("claim_denial", "line_denial") or case.adjustment.carc:
            continue
        said = next((value for name, value in pairs(node) if name.value == "adjustment"), file.node("adjustment"))
        if said is None or (pairs(said) and all(name.value != "carc" for name, _ in pairs(said))):
            yield file.at(file.of_case(node, "disposition"), "RL035", "a denial that names no reason code (CARC).",
                          "Name it under `adjustment`, or write `carc: []` where none is known.")  # fmt: skip
            return


def references(file: RuleFile) -> Iterator[RuleProblem]:
    """RL036 and RL037: authorities that cannot be looked up, and addresses that are none."""
    if all(one.url is None and _vague(one.title) for one in file.rule.references):
        titles = ", ".join(repr(one.title) for one in file.rule.references)
        yield file.at(file.key("references"), "RL036", f"nobody can look up {titles}.",
                      "Name the document with its chapter, section or date, or give its `url`.")  # fmt: skip
    listed = file.node("references")
    for item in listed.value if isinstance(listed, yaml.SequenceNode) else ():
        for name, value in pairs(item):
            if name.value == "url" and not _URL.fullmatch(value.value):
                bare = value.value.strip()
                right = f"https://{bare}" if _BARE_URL.fullmatch(bare) else None
                hint = f"Write {right}." if right else "Write it as https://www.cms.gov/…, without blanks."
                yield file.at(value, "RL037", f"{value.value!r} is no web address.", hint, right and f'"{right}"')


def _vague(title: str) -> bool:
    return len(title.split()) < 3 and not re.search(r"\d", title)


def fields_without_braces(file: RuleFile) -> Iterator[RuleProblem]:
    """RL045: `[line.units]` in a message, which is shown as it stands."""
    rule = file.rule
    names = {
        rule.scope.alias,
        "claim",
        *(one.alias for one in rule.look_ups),
        *([rule.pair.alias] if rule.pair else ()),
    }
    field = re.compile(
        rf"(?:\$\{{?|[\[(<%]+|\b)((?:{'|'.join(map(re.escape, sorted(names)))})\.[a-z][a-z0-9_.]*[a-z0-9])\b[\])>%]*"
    )
    for case, node in zip(rule.cases, file.cases(), strict=True):
        for key, sentence in _sentences(case):
            for part in sentence.parts:
                if isinstance(part, str) and (found := field.search(part)) and "{" not in part:
                    yield file.at(file.of_case(node, key), "RL045", f"{found[0]!r} is shown as it stands.",
                                  f"Write {{{found[1]}}} to show its value.")  # fmt: skip


def sentences(file: RuleFile) -> Iterator[RuleProblem]:
    """RL038: long messages, and sentences without their end."""
    for case, node in zip(file.rule.cases, file.cases(), strict=True):
        if len(case.message.text) > _LONGEST_MESSAGE:
            yield file.at(file.of_case(node, "message"), "RL038",
                          f"the message has {len(case.message.text)} characters; {_LONGEST_MESSAGE} are plenty.",
                          "Say what and where; the rest belongs under `why` and `fix`.")  # fmt: skip
        for key, sentence in _sentences(case):
            if not _ended(sentence):
                yield file.at(file.of_case(node, key), "RL038", f"the {key} ends without a full stop.", "Add it.")
    if not file.rule.why.rstrip().endswith(_ENDS):
        yield file.at(file.key("why"), "RL038", "the why ends without a full stop.", "Add it.")


def _sentences(case: Case) -> Iterator[tuple[str, Template]]:
    """What a case says to people, by its key."""
    yield from (("message", case.message), ("fix", case.fix))
    if case.question is not None:
        yield "question", case.question


def _ended(sentence: Template) -> bool:
    last = sentence.parts[-1] if sentence.parts else ""
    return isinstance(last, FieldRef) or last.rstrip().endswith(_ENDS)


def file_name(file: RuleFile) -> Iterator[RuleProblem]:
    """RL039: a copied file that kept its name, or its id."""
    found = _ID_IN_NAME.match(file.path.name)
    if found and found[1] != file.rule.id:
        yield file.at(file.key("id"), "RL039", f"the file is named after {found[1]}, but holds {file.rule.id}.",
                      "Rename the file, or mend the id.")  # fmt: skip


def same_examples(file: RuleFile) -> Iterator[RuleProblem]:
    """RL042: tests that were copied and not changed."""
    names: dict[str, int] = {}
    claims: dict[str, str] = {}
    for test in file.rule.tests:
        written = repr((test.claim, test.tables))
        if test.name in names:
            message = f"the test {test.name!r} stands twice (first in line {names[test.name]})."
            yield file.at_place(test.place, "RL042", message, "Name it after what it is about.")
        elif written in claims:
            message = f"the test {test.name!r} has the claim of {claims[written]!r}."
            yield file.at_place(test.place, "RL042", message, "Change its claim, or delete it.")
        names.setdefault(test.name, test.place.line)
        claims.setdefault(written, test.name)


def hides_nothing(files: Sequence[RuleFile]) -> Iterator[RuleProblem]:
    """RL034: names under `hides` that no rule has."""
    ids = {file.rule.id for file in files} | _shipped_ids()
    families = {one.rstrip("0123456789").lower() for one in ids}
    for file in files:
        for case in dict.fromkeys((file.root, *file.cases())):
            hides = next((value for name, value in pairs(case) if name.value == "hides"), None)
            for _, listed in pairs(hides):
                for node in scalars(listed):
                    yield from _hidden(file, node, ids, families)


def _shipped_ids() -> set[str]:
    """The rules of the library, by the names of their files: a pack of one's own may hide them."""
    names = (path.name for path in content_folder("rules").rglob("*.yaml"))
    return {found[1] for name in names if (found := _ID_IN_NAME.match(name))}


def _hidden(file: RuleFile, node: yaml.ScalarNode, ids: set[str], families: set[str]) -> Iterator[RuleProblem]:
    name = node.value.removeprefix("-")
    if name == file.rule.id:
        if not node.value.startswith("-"):
            yield file.at(node, "RL034", f"{name} cannot hide itself.", "Delete it.")
    elif name not in ids | families:
        close = nearest(name, ids | families)
        hint = f"Did you mean {close!r}?" if close else "Delete it, or lint the pack together with the one that has it."
        yield file.at(node, "RL034", f"no rule or family of these packs is called {name!r}.", hint)
