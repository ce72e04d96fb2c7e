"""What the scrubber says of the clean corpus: findings by rule, each kind with an example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs

from scrubber.findings import Finding
from scrubber.scrub import Scrubber
from scrubber.testing.corpus.practice import Claim
from scrubber.testing.lists import tables_with_lists


@attrs.define
class Tally:
    """What fired on how many claims. `reasoned` says which findings are known and right."""

    claims: int = 0
    graver: int = 0
    """Claims with an error or a warning."""
    by_rule: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    by_scenario: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    examples: dict[tuple[str, str], tuple[str, Finding, Claim]] = attrs.field(factory=dict)
    unread: list[str] = attrs.field(factory=list)

    def text(self) -> str:
        """The table, and one example of each scenario that a rule fires on."""
        parts = [f"{self.claims} claims, {self.graver} with an error or a warning"]
        parts += [f"cannot be read: {message}" for message in self.unread]
        for (rule, severity), count in self.by_rule.most_common():
            parts.append(f"{rule} {severity}: {count}")
        for (scenario, rule), (severity, finding, claim) in sorted(
            self.examples.items(), key=lambda pair: pair[0][::-1]
        ):
            count = self.by_scenario[scenario, rule]
            parts.append(f"\n{rule} {severity} on {scenario} ({count}): {finding.message}\n  {in_short(claim)}")
        return "\n".join(parts)


def tally(
    claims: Iterable[tuple[str, Claim]], *, packs: Sequence[str] = ("core",), tables: Path | None = None
) -> Tally:
    """Check claims, each given with the name of its scenario; what `tables` lacks of lists, the corpus has itself."""
    with tables_with_lists(tables) as joined:
        return _tally(claims, Scrubber.load(packs=packs, tables=joined))


def _tally(claims: Iterable[tuple[str, Claim]], scrubber: Scrubber) -> Tally:
    found = Tally()
    for scenario, claim in claims:
        report = scrubber.scrub(claim)
        found.claims += 1
        found.unread += [f"{scenario}: {error.field} {error.message}" for error in report.errors]
        graver = {(f.rule, f.severity): f for f in report.findings if f.severity != "info"}
        found.graver += bool(graver)
        for (rule, severity), finding in graver.items():
            found.by_rule[rule, severity] += 1
            found.by_scenario[scenario, rule] += 1
            found.examples.setdefault((scenario, rule), (severity, finding, claim))
    return found


def in_short(claim: Claim) -> str:
    """What a reviewer wants to see of a claim, on one line."""
    lines = ", ".join(
        "-".join([line["procedure"], *line["modifiers"]])
        + f" x{line['units']} @{line['service_date']} dx={line['diagnosis_pointers']}"
        for line in claim["lines"]
    )
    codes = " ".join(diagnosis["code"] for diagnosis in claim["diagnoses"])
    patient = f"{claim['patient']['sex']} born {claim['patient']['birth_date']}"
    return f"{claim['payer']['kind']}, {patient}, place {claim['place_of_service']}, dx {codes}; {lines}"
