"""Pages of rules as Markdown: one for each id, and indexes by family, by what the payer answers and by code.

A page is made from the rule and from its own examples, so it cannot say anything else than the rule does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from scrubber.claim_status import coded, in_words
from scrubber.engine.plan import RUNNING
from scrubber.findings import SEVERITIES
from scrubber.rules.families import FAMILIES, family_title
from scrubber.rules.in_words import condition_lines, in_plain_words, look_up_text, operand_text, with_gaps
from scrubber.rules.model import Case, Pack, Rule, RuleTest
from scrubber.tables import TableSet
from scrubber.testing.code_index import rules_by_code
from scrubber.testing.sentences import Said, said_by_cases

EXAMPLES_SHOWN = 8
"""Of the examples that do not bring about one of the sentences above, so many are shown; the rule file has them all."""


def rule_pages(packs: Sequence[Pack], tables: TableSet) -> dict[str, str]:
    """Every page by its name: ID.md for each id that runs, and the indexes index.md, answers.md and codes.md."""
    by_id: dict[str, list[Rule]] = {}
    for rule in sorted((rule for pack in packs for rule in pack.rules if rule.status in RUNNING), key=_by_catalogue):
        by_id.setdefault(rule.id, []).append(rule)
    pages = {
        "index.md": _lines(_index(by_id)),
        "answers.md": _lines(_answers(by_id)),
        "codes.md": _lines(_codes(rule for versions in by_id.values() for rule in versions)),
    }
    for id_, versions in by_id.items():
        pages[f"{id_}.md"] = _lines(_page(versions, packs, tables))
    return pages


def _by_catalogue(rule: Rule) -> tuple[int, str, date]:
    known = list(FAMILIES)
    place = known.index(rule.family) if rule.family in known else len(known)
    return place, rule.id, rule.effective_from or date.min


def _page(versions: Sequence[Rule], packs: Sequence[Pack], tables: TableSet) -> Iterator[str]:
    first = versions[0]
    yield f"# {first.id} · {_text(first.title)}"
    for number, rule in enumerate(versions):
        if number:
            yield f"## {_text(rule.title)}"
        yield from _version(rule, tables)
    yield from _section("What layers set of it", _set_by_layers(first.id, packs))
    yield from _section("History", _history(versions, packs))


def _version(rule: Rule, tables: TableSet) -> Iterator[str]:
    called = in_plain_words(rule)
    preview = " It is a preview: it reports as information and never holds a claim." if rule.status == "preview" else ""
    yield f"`{rule.name}` · {family_title(rule.family)} · pack `{rule.pack}`.{preview}"
    yield _text(rule.why)
    yield f"**Looked at:** {_looked_at(rule)}."
    said = said_by_cases(rule, tables)
    yield from _heading("What it says")
    for case in rule.cases:
        yield from _case(case, said.get(case.number), alone=len(rule.cases) == 1)
    yield from _heading("When exactly")
    for look_up in rule.look_ups:
        yield f"*{_text(look_up_text(look_up, called))}.*"
    yield from _conditions("Of lines for which all of this holds:", condition_lines(rule.members, called=called))
    yield from _conditions("It fires when all of this holds:", condition_lines(rule.when, called=called))
    yield from _conditions("It does not fire where any of this holds:", condition_lines(rule.unless, called=called))
    if len(rule.cases) > 1:
        every = "Every sentence whose conditions hold is said" if rule.every_case else "The first that holds is said"
        yield f"{every}:"
        for case in rule.cases:
            title = f"Sentence {case.number}, {case.severity}, when"
            yield from _conditions(
                f"{title}:", condition_lines(case.when, called=called), always=f"{title} none above holds."
            )
            yield from _conditions("but not where any of this holds:", condition_lines(case.unless, called=called))
    yield from _section("More examples", _examples(rule, [one.test.name for one in said.values()]))
    yield from _section("Needs", _needed(rule, tables))
    yield from _section("Makes superfluous", _hidden(rule))
    yield from _section("Authority", (_link(one.title, one.url) for one in rule.references))


def _case(case: Case, said: Said | None, *, alone: bool) -> Iterator[str]:
    message = said.finding.message if said else with_gaps(case.message)
    fix = said.finding.fix.text if said else with_gaps(case.fix)
    number = "" if alone else f"{case.number}. "
    yield f"> **{number}{case.severity}:** {_text(message)}"
    if said is not None:
        yield f"*said of* `{_given(said.test)}`"
    answer = case.adjustment
    coded = " ".join([answer.group or "", *answer.carc]).strip()
    remarks = f" with remark {', '.join(answer.rarc)}" if answer.rarc else ""
    likely = f" The payer is likely to answer **{coded}{remarks}**." if coded else ""
    yield (
        f"**To do** ({case.owner.replace('_', ' ')}): {_text(fix)}\n\n"
        f"*If nothing is done:* {_CONSEQUENCE[case.disposition]}{_chance(case)}.{likely}{_front_end(case)}"
    )
    if case.question is not None:
        asked = (said and said.finding.question) or with_gaps(case.question)
        yield f"**To ask the clinician:** {_text(asked)}"


def _front_end(case: Case) -> str:
    """What a front end answers that refuses the claim, where that is known."""
    if case.acknowledgment is None:
        return ""
    words = _text(in_words(case.acknowledgment))
    return (
        f" A front end that refuses it answers [277CA](../claim-status.md) **{coded(case.acknowledgment)}** ({words})."
    )


_CONSEQUENCE = {
    "claim_rejection": "the claim is refused before it is judged",
    "claim_denial": "the claim is denied",
    "return_to_provider": "the claim comes back to be corrected",
    "suspend": "the claim is held for review",
    "line_rejection": "the line is refused before it is judged",
    "line_denial": "the line is denied",
    "advice": "nothing; this is advice",
}


def _chance(case: Case) -> str:
    return "" if case.disposition == "advice" else f" in about {round(case.risk * 100)} of 100 cases (an estimate)"


def _looked_at(rule: Rule) -> str:
    what = f"each {rule.scope.kind.value.replace('_', ' ')}"
    if rule.group_by:
        shared = ", ".join(field.name.replace("_", " ") for field in rule.group_by)
        what = f"{rule.scope.kind.value.replace('_', ' ')} that share {shared}"
    if rule.pair is not None:
        what += f" with each other {rule.pair.kind.value.replace('_', ' ')}"
    applies_to = rule.applies_to
    parts = [what, f"{_named(applies_to.settings, 'all')} claims", f"payers: {_named(applies_to.payers, 'all')}"]
    if applies_to.others_off:
        parts[-1] += " (others where [a layer switches it on](../layers.md#what-is-off-for-others))"
    if applies_to.payer_ids:
        parts.append(f"payer ids: {_named(applies_to.payer_ids)}")
    if rule.effective_from or rule.effective_to:
        first, last = rule.effective_from or "the beginning", rule.effective_to or "now on"
        parts.append(f"dates of service from {first} {'' if rule.effective_to is None else f'to {last}'}".rstrip())
    return "; ".join(parts)


def _conditions(title: str, lines: Iterable[str], always: str = "") -> Iterator[str]:
    listed = [f"{' ' * 2 * (len(line) - len(line.lstrip()))}- {_text(line.strip())}" for line in lines]
    if listed:
        yield title + "\n\n" + "\n".join(listed)
    elif always:
        yield always


def _examples(rule: Rule, shown: Sequence[str]) -> Iterator[str]:
    others = [test for test in rule.tests if test.name not in shown]
    others.sort(key=lambda test: bool(test.fires_at))  # what does not fire says more beside the sentences above
    for test in others[:EXAMPLES_SHOWN]:
        verdict = f"fires at {', '.join(test.fires_at)}" if test.fires_at else (test.outcome or "does not fire")
        yield f"{_text(test.name)}: `{_given(test)}` → {verdict.replace('_', ' ')}"
    if len(others) > EXAMPLES_SHOWN:
        yield f"and {len(others) - EXAMPLES_SHOWN} more in the rule file"


def _given(test: RuleTest) -> str:
    """The claim of an example in its shorthand."""
    return re.sub(r"\s+", " ", ", ".join(f"{key}: {operand_text(value)}" for key, value in test.claim.items())) or "{}"


def _needed(rule: Rule, tables: TableSet) -> Iterator[str]:
    """The tables that the user brings."""
    for name in rule.tables:
        if name not in tables:
            yield f"the table [`{name}`](../tables-reference.md#{name}); without it, what needs it is *not checked*"


def _hidden(rule: Rule) -> Iterator[str]:
    for same, names in rule.hides.items():
        yield f"{', '.join(names)} of the same {same}"


def _set_by_layers(id_: str, packs: Iterable[Pack]) -> Iterator[str]:
    for pack in packs:
        for one in pack.overrides:
            if one.rule == id_:
                what = ", ".join(one.values).replace("_", " ")
                end = f" to {one.effective_to}" if one.effective_to else ""
                yield f"`{pack.name}` from {one.effective_from}{end} sets {what}: {_text(one.reason)}"


def _history(versions: Sequence[Rule], packs: Iterable[Pack]) -> Iterator[str]:
    """What the changelogs of the packs say of the rule, and how long its logic holds."""
    told = False
    for pack in packs:
        for change in pack.changelog:
            if versions[0].id in change.rules:
                told = True
                days = [f"from {change.effective_from}" if change.effective_from else ""]
                days += [f"to {change.effective_to}" if change.effective_to else ""]
                concerned = " ".join(filter(None, days))
                for_days = f", for services {concerned}" if concerned else ""
                yield f"`{pack.name}` {change.version} ({change.released}{for_days}): {_text(change.what)}"
    if not told:
        own = next((pack for pack in packs if pack.name == versions[0].pack), None)
        yield f"In `{versions[0].pack}` {own.version if own else ''}; the pack tells no change of it."


def _index(by_id: Mapping[str, Sequence[Rule]]) -> Iterator[str]:
    yield "# Every rule"
    yield (
        "One page for each rule: what it says, why, what to do, when exactly it fires, and on whose authority. They "
        "are made from the rules themselves. What a payer answers leads back to rules in [By denial code](answers.md), "
        "a code of a claim in [By code](codes.md)."
    )
    family = None
    rows: list[str] = []
    for id_, versions in by_id.items():
        rule = versions[0]
        if rule.family != family:
            if rows:
                yield "\n".join(rows)
            family = rule.family
            yield f"## {family_title(family)}"
            rows = ["| id | finds | severity | who |", "|---|---|---|---|"]
        who = _named({case.owner for one in versions for case in one.cases}).replace("_", " ")
        severity = "preview" if rule.status == "preview" else min(versions, key=_gravity).severity
        rows.append(f"| [{id_}]({id_}.md) | {_text(rule.title)} | {severity} | {who} |")
    yield "\n".join(rows)


def _gravity(rule: Rule) -> int:
    return SEVERITIES.index(rule.severity)


def _answers(by_id: Mapping[str, Sequence[Rule]]) -> Iterator[str]:
    yield "# By denial code"
    yield (
        "Which rules expect which answer: claim adjustment reason codes (CARC) first, then remark codes (RARC). They "
        "are forecasts; which code a payer picks varies. X12 owns the texts of the codes, so they are not shown here."
    )
    for title, attribute in (("Reason codes", "carc"), ("Remark codes", "rarc")):
        found: dict[str, dict[str, str]] = {}
        for id_, versions in by_id.items():
            for case in (case for rule in versions for case in rule.cases):
                for code in getattr(case.adjustment, attribute):
                    found.setdefault(code, {})[id_] = versions[0].title
        yield from _by_code(title, found)
    refused: dict[str, dict[str, str]] = {}
    for id_, versions in by_id.items():
        for one in (case.acknowledgment for rule in versions for case in rule.cases if case.acknowledgment):
            for code in coded(one).split(", "):
                refused.setdefault(code, {})[id_] = versions[0].title
    yield from _by_code("Claim status codes (277CA)", refused)


def _by_code(title: str, found: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    yield f"## {title}"
    rows = ["| code | rules |", "|---|---|"]
    for code in sorted(found, key=lambda code: (not code.isdigit(), len(code), code)):
        rules = "<br>".join(f"[{id_}]({id_}.md) {_text(name)}" for id_, name in found[code].items())
        rows.append(f"| {code} | {rules} |")
    yield "\n".join(rows)


def _codes(rules: Iterable[Rule]) -> Iterator[str]:
    yield "# By code"
    yield (
        "The codes, ranges and beginnings (O80…) of codes that rules name in their conditions. Codes of a "
        "table, such as the pairs of NCCI or the policies of coverage, are not listed: `scrubber tables lookup` does."
    )
    for kind, codes in rules_by_code(rules).items():
        yield f"## {kind}"
        rows = ["| code | rules |", "|---|---|"]
        for code, named_by in codes.items():
            links = ", ".join(f'[{rule.id}]({rule.id}.md "{_text(rule.title)}")' for rule in named_by)
            rows.append(f"| {code} | {links} |")
        yield "\n".join(rows)


def _heading(title: str) -> Iterator[str]:
    yield f"### {title}"


def _section(title: str, entries: Iterable[str]) -> Iterator[str]:
    listed = [f"- {entry}" for entry in entries]
    if listed:
        yield f"### {title}\n\n" + "\n".join(listed)


def _link(title: str, url: str | None) -> str:
    return f"[{_text(title)}]({url})" if url else _text(title)


def _named(names: Iterable[str], none: str = "") -> str:
    return ", ".join(sorted(name.replace("_", " ") for name in names)) or none


def _text(text: str) -> str:
    """A sentence as Markdown shows it: what looks like a tag or a table stands as it is."""
    return re.sub(r"([<>|*_\[\]])", r"\\\1", " ".join(text.split()))


def _lines(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
