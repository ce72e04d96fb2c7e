"""Two versions of packs over the same claims: which findings come, go and change, and what that does to decisions.

Nothing of a claim is kept but counts, sums and a few examples for each rule, so memory does not grow with the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Literal, get_args

import attrs

from scrubber.claim import Claim
from scrubber.findings import Decision, Finding, Report
from scrubber.scoring import amount_at_risk, decision
from scrubber.scrub import Scrubber

Kind = Literal["come", "go", "change"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_COMPARED = (
    *("severity", "risk", "disposition", "message", "group", "carc", "rarc", "acknowledgment", "owner", "fix"),
    "question",
)
"""What makes two findings of one rule about one thing different."""


@attrs.frozen
class FindingChange:
    """A finding that one version has and the other has not, or has in another way (`fields` says in which)."""

    kind: Kind
    old: Finding | None
    new: Finding | None
    fields: tuple[str, ...] = ()

    @property
    def finding(self) -> Finding:
        """The finding as it is now, else as it was."""
        found = self.new or self.old
        assert found is not None
        return found


@attrs.frozen
class Example:
    """A change and where it was seen: as a report names a claim."""

    change: FindingChange
    source: str | None
    index: int | None
    claim_id: str | None


@attrs.define
class RuleEffect:
    """What the new version does to the findings of one rule."""

    name: str
    kinds: Counter[Kind] = attrs.Factory(Counter)
    fields: Counter[str] = attrs.Factory(Counter)
    claims: int = 0
    at_risk: Decimal = Decimal("0.00")
    """Dollars in doubt by this rule alone, the new version less the old."""
    examples: list[Example] = attrs.Factory(list)


@attrs.define
class PreviewEffect:
    """What a preview rule of the new version would do if it were stable."""

    name: str
    findings: int = 0
    claims: int = 0
    would_hold: int = 0
    """Claims that would be held because of it, and are not now."""
    would_review: int = 0
    at_risk: Decimal = Decimal("0.00")


@attrs.define
class PackDiff:
    """Holds two versions against each other, claim by claim. The counts are what changes here."""

    old: Scrubber
    new: Scrubber
    examples_kept: int = 3
    claims: int = 0
    unreadable: int = 0
    changed_claims: int = 0
    decisions: Counter[tuple[Decision, Decision]] = attrs.Factory(Counter)
    """How many claims went from one decision to another."""
    old_at_risk: Decimal = Decimal("0.00")
    new_at_risk: Decimal = Decimal("0.00")
    rules: dict[str, RuleEffect] = attrs.Factory(dict)
    previews: dict[str, PreviewEffect] = attrs.Factory(dict)
    _stable: Scrubber | None = attrs.field(init=False, repr=False)
    """The new version as if its preview rules were stable; None where it has none."""

    def __attrs_post_init__(self) -> None:
        previews = {rule.id: rule for rule in self.new.rules if rule.status == "preview"}
        self.previews = {id: PreviewEffect(rule.name) for id, rule in sorted(previews.items())}
        self._stable = _with_stable_previews(self.new) if previews else None

    @property
    def differs(self) -> bool:
        """Whether any claim has another finding or another decision."""
        return bool(self.changed_claims)

    def add(self, claim: Claim) -> None:
        """Check one claim by both versions, and count what differs."""
        old, new = self.old.scrub(claim), self.new.scrub(claim)
        if not (old.readable and new.readable):
            self.unreadable += 1
            return
        self.claims += 1
        self.old_at_risk += old.amount_at_risk
        self.new_at_risk += new.amount_at_risk
        if old.decision != new.decision:
            self.decisions[old.decision, new.decision] += 1
        changes = finding_changes(old, new)
        self.changed_claims += bool(changes) or old.decision != new.decision
        by_rule: dict[str, list[FindingChange]] = {}
        for change in changes:
            by_rule.setdefault(change.finding.rule, []).append(change)
        for rule, of_rule in by_rule.items():
            self._count(rule, of_rule, claim, old, new)
        if self._stable is not None:
            self._count_previews(claim, new, self._stable.scrub(claim))

    def _count(self, rule: str, changes: list[FindingChange], claim: Claim, old: Report, new: Report) -> None:
        effect = self.rules.setdefault(rule, RuleEffect(changes[0].finding.name))
        effect.claims += 1
        effect.at_risk += amount_at_risk(_of(rule, new), claim) - amount_at_risk(_of(rule, old), claim)
        for change in changes:
            effect.kinds[change.kind] += 1
            effect.fields.update(change.fields)
            if len(effect.examples) < self.examples_kept:
                effect.examples.append(Example(change, new.source, new.index, new.claim_id))

    def _count_previews(self, claim: Claim, new: Report, stable: Report) -> None:
        for rule in {finding.rule for finding in stable.findings} & self.previews.keys():
            effect = self.previews[rule]
            found = _of(rule, stable)
            effect.findings += len(found)
            effect.claims += 1
            # with this rule stable, and every other preview rule as it is
            together = [*(finding for finding in new.findings if finding.rule != rule), *found]
            would_be = "hold" if new.errors else decision(together)
            if would_be != new.decision:
                effect.would_hold += would_be == "hold"
                effect.would_review += would_be == "review"
            effect.at_risk += amount_at_risk(together, claim) - new.amount_at_risk


def finding_changes(old: Report, new: Report) -> list[FindingChange]:
    """What happened to the findings of one claim, in the order of the new report, what is gone last."""
    waiting = list(old.findings)
    partners = _partners(new.findings, waiting, lambda finding: (finding.rule, finding.fingerprint))
    left = [finding for finding, partner in zip(new.findings, partners, strict=True) if partner is None]
    moved = iter(_partners(left, waiting, lambda finding: (finding.rule, finding.line, finding.diagnosis)))
    changes: list[FindingChange] = []
    for finding, same in zip(new.findings, partners, strict=True):
        partner = same if same is not None else next(moved)
        if partner is None:
            changes.append(FindingChange("come", None, finding))
        elif fields := tuple(name for name in _COMPARED if getattr(partner, name) != getattr(finding, name)):
            changes.append(FindingChange("change", partner, finding, fields))
    return changes + [FindingChange("go", finding, None) for finding in waiting]


def _partners(
    findings: Iterable[Finding], waiting: list[Finding], key: Callable[[Finding], object]
) -> list[Finding | None]:
    """For each finding one of those that wait with the same key, which then waits no more."""
    found: list[Finding | None] = []
    for finding in findings:
        partner = next((other for other in waiting if key(other) == key(finding)), None)
        if partner is not None:
            waiting.remove(partner)
        found.append(partner)
    return found


def _of(rule: str, report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == rule]


def _with_stable_previews(scrubber: Scrubber) -> Scrubber:
    plan = scrubber.plan
    rules = tuple(
        plan.engine.prepared(attrs.evolve(one.rule, status="stable")) if one.rule.status == "preview" else one
        for one in plan.rules
    )
    return attrs.evolve(scrubber, plan=attrs.evolve(plan, rules=rules))
