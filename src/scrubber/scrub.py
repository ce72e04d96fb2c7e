"""The Scrubber: rules and tables loaded once, then a pure function from a claim to its report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from scrubber import scoring
from scrubber.claim import Claim, Origin
from scrubber.engine import Plan, judge, make_plan
from scrubber.errors import InputError
from scrubber.facts import ClaimFacts
from scrubber.findings import ReadError, Report
from scrubber.readers.mapping import claim_from_mapping
from scrubber.rules.loader import load_pack
from scrubber.rules.model import Pack, Rule
from scrubber.tables import TableSet


@attrs.frozen
class Scrubber:
    """Checks claims. Immutable and safe to share between threads; opens no network, has no clock.

    Make one with `Scrubber.load`.
    """

    plan: Plan = attrs.field(repr=False)
    packs: tuple[Pack, ...]
    tables: TableSet
    as_of: date | None = None

    @classmethod
    def load(
        cls,
        packs: Sequence[str | Path] = ("core",),
        tables: str | Path | TableSet | None = None,
        *,
        as_of: date | None = None,
        select: Collection[str] = (),
        ignore: Collection[str] = (),
    ) -> Scrubber:
        """Load rule packs (names of shipped ones, or folders) and tables (the shipped ones, and those in a folder).

        `as_of` stands for today where a rule needs it (future dates, filing limits); without it such rules report
        `not_evaluated` unless the claim has a receipt date. `select` and `ignore` name rule ids, rule names or
        families.

        Raises:
            UnknownName: a pack, rule or family does not exist.
            RuleError: a pack has mistakes.
            TableError: a table cannot be opened.
        """
        opened = tables if isinstance(tables, TableSet) else TableSet.open(tables)
        loaded = tuple(load_pack(pack, opened) for pack in packs)
        return cls(make_plan(loaded, opened, select, ignore), loaded, opened, as_of)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that run, in the order of the packs."""
        return tuple(compiled.rule for compiled in self.plan.rules)

    def scrub(self, claim: Claim | Mapping[str, Any]) -> Report:
        """Check one claim: a `Claim`, or a mapping in the shape of the JSON claim.

        A field of a mapping that cannot be read is reported under `errors` and the rest is checked.
        """
        if not isinstance(claim, Claim):
            if not isinstance(claim, Mapping):
                raise InputError(
                    f"a claim must be a Claim or a mapping, not {type(claim).__name__}.",
                    hint="See the page on claims as JSON.",
                )
            claim = claim_from_mapping(claim)
        origin = claim.origin or Origin()
        errors = tuple(
            ReadError(message=p.message, position=p.position, field=p.field, hint=p.hint) for p in origin.problems
        )
        if not origin.readable:
            return Report(
                claim_id=claim.claim_id,
                source=origin.source,
                index=origin.index,
                decision="hold",
                risk=0.0,
                amount_at_risk=Decimal("0.00"),
                errors=errors,
                readable=False,
            )
        judgement = judge(*self.plan.run(ClaimFacts(claim, self.as_of)))
        findings = judgement.findings
        return Report(
            claim_id=claim.claim_id,
            source=origin.source,
            index=origin.index,
            # a claim that was read in part was judged in part: it is never passed
            decision="hold" if errors else scoring.decision(findings),
            risk=scoring.claim_risk(findings),
            amount_at_risk=scoring.amount_at_risk(findings, claim),
            findings=findings,
            masked=judgement.masked,
            not_evaluated=judgement.not_evaluated,
            not_checked=judgement.not_checked,
            errors=errors,
            coverage=judgement.coverage,
        )

    def scrub_many(self, claims: Iterable[Claim | Mapping[str, Any]]) -> Iterator[Report]:
        """Check claims one by one, in order, as they come: memory does not grow with the file."""
        for claim in claims:
            yield self.scrub(claim)
