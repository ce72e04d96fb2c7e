"""The Scrubber: rules and tables loaded once, then a pure function from a claim to its report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from scrubber import scoring
from scrubber.claim import Claim, Origin
from scrubber.engine import Plan, judge, make_plan
from scrubber.engine.plan import RUNNING
from scrubber.errors import InputError, RuleError, TableError
from scrubber.facts import ClaimFacts
from scrubber.findings import ReadError, Report
from scrubber.readers.mapping import claim_from_mapping
from scrubber.rules.languages import in_best_language
from scrubber.rules.layers import PayerIdentity, payer_named
from scrubber.rules.loader import load_packs
from scrubber.rules.model import Pack, Rule
from scrubber.rules.pack_hash import check_hashes
from scrubber.tables import TableSet
from scrubber.traces import Trace

_NOWHERE = Origin()


@attrs.frozen
class Scrubber:
    """Checks claims. Immutable and safe to share between threads; opens no network, has no clock.

    Make one with `Scrubber.load`.
    """

    plan: Plan = attrs.field(repr=False)
    packs: tuple[Pack, ...]
    tables: TableSet
    as_of: date | None = None
    language: str | None = None
    """The language of titles, messages and fixes, as far as they are translated; None for English."""
    payer: PayerIdentity | None = None
    """The payer that every claim is judged for, whatever it says itself."""

    @classmethod
    def load(
        cls,
        packs: Sequence[str | Path] = ("core",),
        tables: str | Path | TableSet | None = None,
        *,
        as_of: date | None = None,
        select: Collection[str] = (),
        ignore: Collection[str] = (),
        language: str | None = None,
        engine: str = "compiled",
        payer: str | None = None,
        pack_hashes: Mapping[str, str] | None = None,
    ) -> Scrubber:
        """Load rule packs (names of shipped ones, or folders) and tables (the shipped ones, and those in a folder).

        `as_of` stands for today where a rule needs it (future dates, filing limits); without it such rules report
        `not_evaluated` unless the claim has a receipt date. `select` and `ignore` name rule ids, rule names or
        families. `language` is a tag such as "es" or "es-PR"; what a pack does not translate stays English. `payer`
        judges every claim as one of that payer: an id that a pack names, or a kind of payer. `pack_hashes` holds the
        sha256 of every file of the packs, by "PACK/FILE"; others are refused. `engine` is "compiled", or "durable" for
        the slower one that proves it and needs the extra `durable`.

        Raises:
            UnknownName: a pack, rule, family, engine or payer does not exist, or no pack is written in the language.
            RuleError: a pack has mistakes, is not the listed one, two packs use one id, or no rule is left to check
                with.
            TableError: a table cannot be opened.
            InputError: `as_of` is no date.
        """
        _refuse_no_date(as_of)
        named = _names(packs, (str, Path), "packs", 'Name folders or shipped packs: packs=["core"].')
        selected = _names(select, (str,), "select", 'Name rules or families: select=["DX102", "clm"].')
        ignored = _names(ignore, (str,), "ignore", 'Name rules or families: ignore=["DX102", "clm"].')
        opened = tables if isinstance(tables, TableSet) else TableSet.open(_tables_place(tables))
        read = load_packs(named, opened)
        if pack_hashes is not None:
            check_hashes(read, pack_hashes)
        loaded, found_language = in_best_language(read, _tag(language))
        judged_as = None if payer is None else payer_named(loaded, payer)
        _refuse_idle((*selected, *ignored), loaded)
        plan = make_plan(loaded, opened, selected, ignored, engine)
        if not plan.rules:
            hint = 'Name a pack of running rules, such as "core".'
            if any(rule.status in RUNNING for pack in loaded for rule in pack.rules):
                hint = "Select more, or ignore fewer."
            raise RuleError("no rule is left to check claims with.", hint=hint)
        return cls(plan, loaded, opened, as_of, found_language, judged_as)

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
        origin = claim.origin or _NOWHERE
        errors: tuple[ReadError, ...] = ()
        if origin.problems:
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
        claim = self.as_judged(claim)
        facts = ClaimFacts(claim, self.as_of, self.plan.memory)
        outcomes, selection = self.plan.run(facts)
        judgement = judge(outcomes, selection)
        facts.done()
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
            layers=selection.layers,
            coverage=judgement.coverage,
        )

    def as_judged(self, claim: Claim) -> Claim:
        """The claim as rules see it: with the payer that every claim is judged for, where there is one."""
        return claim if self.payer is None else _as_of_payer(claim, self.payer)

    def why(self, claim: Claim | Mapping[str, Any], rules: Collection[str] | None = None) -> tuple[Trace, ...]:
        """Why rules fire on a claim, are excused, or cannot tell, condition by condition; without private values.

        `rules` names rule ids, rule names or families. Without it, all rules are told that are anything but clear.

        Raises:
            UnknownName: a name in `rules` is that of no rule that runs.
        """
        from scrubber.engine.why import why

        named = None if rules is None else _names(rules, (str,), "rules", 'Name rules or families: rules=["DX102"].')
        read = claim if isinstance(claim, Claim) else claim_from_mapping(claim)
        return why(self.plan, self.as_judged(read), self.as_of, named)

    def scrub_many(self, claims: Iterable[Claim | Mapping[str, Any]]) -> Iterator[Report]:
        """Check claims one by one, in order, as they come: memory does not grow with the file.

        What is no claim at all has a report that says so, and the rest is checked.
        """
        if isinstance(claims, Claim | Mapping | str | bytes) or not isinstance(claims, Iterable):
            kind = type(claims).__name__
            raise InputError(f"scrub_many takes several claims, not {kind}.", hint="Give a list, or read_claims(path).")
        return (self._scrub_any(claim) for claim in claims)

    def _scrub_any(self, claim: object) -> Report:
        if isinstance(claim, Claim | Mapping):
            return self.scrub(claim)
        return self.scrub(claim_from_mapping(claim))


def _as_of_payer(claim: Claim, payer: PayerIdentity) -> Claim:
    """The claim as if it went to a payer; what that leaves open, the claim says itself."""
    own = claim.payer
    return attrs.evolve(
        claim,
        payer=attrs.evolve(
            own,
            id=payer.id or own.id,
            kind=payer.kind or own.kind,
            name=own.name if payer.id in (None, own.id) else None,
        ),
        jurisdiction=payer.jurisdiction or claim.jurisdiction,
    )


def _refuse_no_date(as_of: object) -> None:
    if as_of is not None and (not isinstance(as_of, date) or isinstance(as_of, datetime)):
        raise InputError(
            f"as_of must be a date, not {type(as_of).__name__}.",
            hint="For example datetime.date(2026, 10, 1), or the .date() of a datetime.",
        )


def _names(given: Any, kinds: tuple[type, ...], what: str, hint: str) -> tuple[Any, ...]:
    """Names as a tuple; a single one is taken as a list of one."""
    if isinstance(given, kinds):
        return (given,)
    if isinstance(given, Mapping | bytes) or not isinstance(given, Iterable):
        raise RuleError(f"{what} must be a list of names, not {type(given).__name__}.", hint=hint)
    names = tuple(given)
    for name in names:
        if not isinstance(name, kinds):
            raise RuleError(f"{what} must be a list of names, and holds {type(name).__name__}.", hint=hint)
    return names


def _tag(language: Any) -> str | None:
    if language is None or isinstance(language, str):
        return language
    raise RuleError(f"language must be a tag, not {type(language).__name__}.", hint='For example language="es".')


def _tables_place(tables: Any) -> str | Path | None:
    if tables is None or isinstance(tables, str | Path):
        return tables
    hint = "Name the folder of imported tables, or leave it out for the shipped ones."
    raise TableError(f"tables must be a folder or a TableSet, not {type(tables).__name__}.", hint=hint)


def _refuse_idle(names: Collection[str], packs: Collection[Pack]) -> None:
    """A draft or retired rule exists, but it does not run: that is said instead of "no such rule"."""
    for name in names:
        folded = name.casefold()
        meant = [rule for pack in packs for rule in pack.rules if folded in (rule.id.casefold(), rule.name.casefold())]
        if meant and all(rule.status not in RUNNING for rule in meant):
            status = "a draft" if meant[0].status == "draft" else meant[0].status
            hint = "To run it, set its status to preview or stable." if meant[0].status == "draft" else "Leave it out."
            raise RuleError(f"the rule {meant[0].id} is {status}, so it does not run.", where=name, hint=hint)
