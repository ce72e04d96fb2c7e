"""Examples of rules made ready to run: the claim read, the small tables written, once for however many runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date

import attrs

from scrubber.claim import Claim
from scrubber.claim_status import coded
from scrubber.engine.compile import CompiledRule, compile_rule
from scrubber.engine.judge import Judgement, judge
from scrubber.engine.outcomes import Outcomes
from scrubber.engine.plan import Plan, Selection
from scrubber.errors import ScrubberError
from scrubber.facts import ClaimFacts
from scrubber.findings import Coverage, Finding
from scrubber.rules.model import Rule, RuleTest
from scrubber.tables import TableSet
from scrubber.testing.shorthand import as_of_from_shorthand, claim_from_shorthand
from scrubber.testing.small_tables import with_small_tables


@attrs.frozen
class Example:
    """One test of a rule with its claim and tables; `unusable` says why there are none."""

    test: RuleTest
    tables: TableSet
    claim: Claim | None = None
    as_of: date | None = None
    unusable: str | None = None

    def judged(self, compiled: CompiledRule) -> Judgement:
        """What the rule says of the claim, by itself, so that no other rule masks it."""
        return judge(*self.run(compiled))

    def run(self, compiled: CompiledRule) -> tuple[Outcomes, Selection]:
        """What becomes of the rule on the claim, before it is put into words."""
        assert self.claim is not None
        return Plan((compiled,), self.tables).run(ClaimFacts(self.claim, self.as_of))

    def trouble(self, compiled: CompiledRule) -> str | None:
        """What differs from what the test expects, in a sentence; None where nothing does."""
        found = self.unusable or difference(self.test, self.judged(compiled))
        if found and found.startswith("expected severity") and compiled.rule.status == "preview":
            found += " A rule in preview reports as info."
        return found


@contextmanager
def ready_examples(rule: Rule, tables: TableSet) -> Iterator[tuple[Example, ...]]:
    """The tests of a rule, ready to run while the context lasts, which is as long as their small tables do."""
    with ExitStack() as opened:
        written: dict[str, TableSet] = {}
        yield tuple(_ready(test, tables, written, opened) for test in rule.tests)


def _ready(test: RuleTest, tables: TableSet, written: dict[str, TableSet], opened: ExitStack) -> Example:
    own = tables
    try:
        if test.tables:
            same = str(test.tables)  # most tests of a rule bring the same tables
            if same not in written:
                written[same] = opened.enter_context(with_small_tables(tables, test.tables))
            own = written[same]
    except ScrubberError as error:
        return Example(test, tables, unusable=f"the tables of the test cannot be read: {error}")
    try:
        return Example(test, own, claim_from_shorthand(test.claim), as_of_from_shorthand(test.claim))
    except ScrubberError as error:
        return Example(test, own, unusable=f"the claim of the test cannot be read: {_sentences(error)}")


def _sentences(error: ScrubberError) -> str:
    return f"{error.message.rstrip('.')}. {error.hint}".rstrip()


@attrs.define
class Compilations:
    """A rule compiled for the tables of each example, once for those that have the same."""

    rule: Rule
    _known: dict[int, CompiledRule] = attrs.field(factory=dict, init=False)

    def for_example(self, example: Example) -> CompiledRule:
        found = self._known.get(id(example.tables))
        if found is None:
            found = self._known[id(example.tables)] = compile_rule(self.rule, example.tables)
        return found


def difference(test: RuleTest, judgement: Judgement) -> str | None:
    """What differs from what the test expects, or None."""
    findings = judgement.findings
    fired = sorted(place_of(finding) for finding in findings)
    expected = sorted(" ".join(place.split()) for place in test.fires_at)
    if fired != expected:
        reasons = [f"{unjudged.reason}" for unjudged in (*judgement.not_evaluated, *judgement.not_checked)]
        because = f" ({'; '.join(reasons)})" if reasons else ""
        return f"expected to fire at {_listed(expected)}, fired at {_listed(fired)}{because}."
    if test.severity and any(finding.severity != test.severity for finding in findings):
        return f"expected severity {test.severity}, got {', '.join(f.severity for f in findings)}."
    for text in test.says:
        if not any(text in told for finding in findings for told in told_by(finding)):
            return f"expected to say {text!r}, said {'; '.join(map(_said, findings)) or 'nothing'}"
    if test.outcome is not None and not getattr(judgement.coverage, test.outcome):
        return f"expected the outcome {test.outcome}, got {outcome_of(judgement.coverage)}."
    return None


def outcome_of(coverage: Coverage) -> str:
    """The outcome of the one rule that ran."""
    return next((o for o in ("fired", "excused", "not_evaluated", "not_checked") if getattr(coverage, o)), "clear")


def place_of(finding: Finding) -> str:
    """Where a finding points, as tests write it: "line 2", "diagnosis 1" or "claim"."""
    if finding.line is not None:
        return f"line {finding.line}"
    return f"diagnosis {finding.diagnosis}" if finding.diagnosis is not None else "claim"


def told_by(finding: Finding) -> tuple[str, ...]:
    """The texts of a finding in which `says` of a test is looked for, in the words of a rule file."""
    answer = " ".join([finding.group or "no adjustment", *finding.carc, *finding.rarc])
    return (
        finding.message,
        finding.fix.text,
        finding.field or "",
        f"risk {finding.risk}",
        f"owner {finding.owner}",
        f"disposition {finding.disposition}",
        answer,
        f"277CA {coded(finding.acknowledgment)}" if finding.acknowledgment else "no 277CA",
        finding.question or "no question",
    )


def _said(finding: Finding) -> str:
    """The message of a finding, and the short facts that `says` may quote."""
    facts = [text for text in told_by(finding)[2:-1] if text and not text.startswith("no ")]
    return f"{finding.message} ({'; '.join(facts)})"


def _listed(places: list[str]) -> str:
    return ", ".join(places) or "nothing"
