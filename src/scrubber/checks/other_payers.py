"""Other payers of a claim: what an earlier one has to have told, whether its amounts add up, and signs of others.

An earlier payer's answer adds up in two places (837 guide, section on coordination of benefits balancing):

    charge of a line  = what it paid for the line  + what it took off the line, whoever bears it
    charge of a claim = what it paid for the claim + what it took off the claim and its lines
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

import attrs

from scrubber.checks.answers import Blank, Unknown, no_edition
from scrubber.checks.contract import Finder
from scrubber.checks.same_service import listed
from scrubber.claim import Adjustment, OtherPayer, OtherPayerLine
from scrubber.facts import ClaimFacts, LineFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import Row, TableSet

RANKS = {"primary": 1, "secondary": 2, "tertiary": 3}

GROUPS = frozenset({"CO", "PR", "OA", "PI", "CR"})
"""Claim adjustment group codes of the 837 and the 835 (X12 code source, element 1033)."""

EXPLANATION = "EB"
"""Report type of an explanation of benefits that goes with the claim on paper (PWK01)."""

SECONDARY_TYPES = frozenset({"12", "13", "14", "15", "16", "41", "42", "43", "47"})
"""Insurance types that say why Medicare pays second (SBR05), and the value codes that say the same on a bill."""

ACCIDENT_OCCURRENCES = frozenset({"01", "02", "03", "04", "24"})
"""Occurrence codes of accidents for which another payer may answer, and of a denial by another insurance."""

_NOTHING = Decimal(0)


def _name(facts: ClaimFacts, index: int) -> str:
    """How a message names another payer: by its place in the order and its id."""
    payer = facts.claim.other_payers[index]
    known = f"{payer.sequence} payer" if payer.sequence in RANKS else f"other payer {index + 1}"
    return f"{known} {payer.id}" if payer.id else known


def _earlier(facts: ClaimFacts) -> Iterator[tuple[int, OtherPayer]]:
    """Payers that come before this one, and those of which nobody says so."""
    own = RANKS.get(facts.claim.payer_sequence or "", 4)
    for index, payer in enumerate(facts.claim.other_payers):
        if RANKS.get(payer.sequence or "", 0) < own:
            yield index, payer


def _has_answered(payer: OtherPayer) -> bool:
    return payer.paid is not None or bool(payer.adjustments) or bool(payer.lines)


@attrs.frozen
class PriorPayer:
    """That no earlier payer's answer is complete; `lacks` says what is missing of the one that has most."""

    lacks: str


def prior_payer_missing(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> PriorPayer | None:
    """What a secondary or tertiary claim lacks of the answer of the payer before it.

    An answer says what was paid, when, and what was taken off, on the claim or on its lines. Where all was paid nothing
    was taken off. An explanation of benefits on paper stands for all of it.
    """
    claim = facts.claim
    if any(attachment.type == EXPLANATION for attachment in claim.attachments):
        return None
    lacking: list[tuple[int, str]] = []
    for index, payer in _earlier(facts):
        missing = _missing(facts, payer)
        if not missing:
            return None
        lacking.append((len(missing), f"{_name(facts, index)} lacks {listed(missing)}"))
    return PriorPayer(min(lacking)[1] if lacking else "the claim names no payer before this one")


def _missing(facts: ClaimFacts, payer: OtherPayer) -> list[str]:
    paid_lines = [line.paid for line in payer.lines if line.paid is not None]
    paid = payer.paid if payer.paid is not None else sum(paid_lines, _NOTHING) if paid_lines else None
    dated = payer.paid_date is not None or any(line.paid_date is not None for line in payer.lines)
    adjusted = bool(payer.adjustments) or any(line.adjustments for line in payer.lines)
    in_full = paid is not None and paid == facts.claim.total_charge
    return [
        *(["the amount it paid"] if paid is None else []),
        *(["the date on which it paid"] if not dated else []),
        *(["what it took off, with reasons"] if not adjusted and not in_full else []),
    ]


# what adds up -----------------------------------------------------------------------------------------------------


@attrs.frozen
class Imbalance:
    """What does not add up: of one payer, on a line or on the claim."""

    payer: str
    charge: Decimal
    paid: Decimal
    adjusted: Decimal
    difference: Decimal


def line_imbalance(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> Imbalance | Unknown | None:
    """The first earlier payer whose answer on a line is not the line's charge."""
    unsure: Unknown | None = None
    for index, payer in _earlier(facts):
        found = _of_line(facts, index, payer, item)
        if isinstance(found, Imbalance):
            if found.difference:
                return found
        elif found is not None:
            unsure = unsure or found
    return unsure


def _of_line(facts: ClaimFacts, index: int, payer: OtherPayer, item: LineFacts) -> Imbalance | Blank | None:
    """The sums of one payer on a line; None where it says nothing of the line.

    A payer that took off the whole on the claim may name its lines with nothing paid and nothing taken off.
    """
    answers = [line for line in payer.lines if line.line == item.position]
    if not answers or (payer.adjustments and not any(answer.paid or answer.adjustments for answer in answers)):
        return None
    adjusted = _adjusted(answer.adjustments for answer in answers)
    paid = _paid(answers)
    if item.raw.charge is None:
        return Blank(f"{item.path}.charge")
    if paid is None or adjusted is None:
        return Blank(f"other_payers[{index}].lines.{'paid' if paid is None else 'adjustments.amount'}")
    difference = item.raw.charge - paid - adjusted
    return Imbalance(_name(facts, index), item.raw.charge, paid, adjusted, difference)


def claim_imbalance(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> Imbalance | Unknown | None:
    """The first earlier payer whose answer on the claim is not the total charge.

    What does not add up on lines is told there and taken out here.
    """
    claim = facts.claim
    unsure: Unknown | None = None
    for index, payer in _earlier(facts):
        if not _has_answered(payer):
            continue
        if payer.paid is None:
            unsure = unsure or Blank(f"other_payers[{index}].paid")
            continue
        adjusted = _adjusted([payer.adjustments, *(line.adjustments for line in payer.lines)])
        if claim.total_charge is None or adjusted is None:
            blank = f"other_payers[{index}].adjustments.amount" if adjusted is None else "total_charge"
            unsure = unsure or Blank(blank)
            continue
        of_lines = [_of_line(facts, index, payer, line) for line in facts.lines]
        on_lines = sum((one.difference for one in of_lines if isinstance(one, Imbalance)), _NOTHING)
        difference = claim.total_charge - payer.paid - adjusted
        if difference != on_lines:
            return Imbalance(_name(facts, index), claim.total_charge, payer.paid, adjusted, difference)
    return unsure


def _adjusted(parts: Iterable[Iterable[Adjustment]]) -> Decimal | None:
    """The sum of adjustments; None where an amount is blank."""
    total = _NOTHING
    for part in parts:
        for adjustment in part:
            if adjustment.amount is None:
                return None
            total += adjustment.amount
    return total


def _paid(answers: Iterable[OtherPayerLine]) -> Decimal | None:
    total = _NOTHING
    for answer in answers:
        if answer.paid is None:
            return None
        total += answer.paid
    return total


@attrs.frozen
class OddAdjustment:
    """Adjustment codes of other payers that are none: `groups` and `reasons` (of the day on which they paid)."""

    groups: tuple[str, ...]
    reasons: tuple[str, ...]


def odd_adjustments(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> OddAdjustment | Unknown | None:
    """Group codes that do not exist, and reason codes that the table `carc` does not have on the day of payment."""
    groups: dict[str, None] = {}
    reasons: dict[tuple[str, date | None], None] = {}
    for payer in facts.claim.other_payers:
        answers = [(payer.paid_date, payer.adjustments)]
        answers += [(line.paid_date or payer.paid_date, line.adjustments) for line in payer.lines]
        for day, adjustments in answers:
            for adjustment in adjustments:
                if adjustment.group and adjustment.group.strip().upper() not in GROUPS:
                    groups[adjustment.group] = None
                if adjustment.carc:
                    reasons[adjustment.carc.strip().upper(), day or facts.as_of] = None
    table = tables.get("carc")
    odd: list[str] = []
    missing: Unknown | None = None
    for reason, day in reasons:
        if table is None or day is None or table.edition_on(day) is None:
            missing = missing or no_edition("carc", day)
        elif not isinstance(table.look_up(reason, day), Row):
            odd.append(reason)
    if groups or odd:
        return OddAdjustment(tuple(groups), tuple(odd))
    return missing


# signs of another payer -------------------------------------------------------------------------------------------


@attrs.frozen
class SecondarySigns:
    """What on an institutional claim says that Medicare pays second; `says` lists it: "value code 12"."""

    says: str


def secondary_signs(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> SecondarySigns | Unknown | None:
    """Value codes with an amount of another payer, and occurrence codes of accidents where no other payer is named.

    A value code with the amount 0 asks Medicare for a conditional payment, and says so of the accident too.
    """
    claim = facts.claim
    codes = [value for value in claim.value_codes if value.code in SECONDARY_TYPES]
    if any(value.amount is None for value in codes):
        return Blank("value_codes.amount")
    signs = [f"value code {value.code}" for value in codes if value.amount]
    if not codes and not claim.other_payers:
        found = {one.code: None for one in claim.occurrence_codes if one.code in ACCIDENT_OCCURRENCES}
        signs += [f"occurrence code {code}" for code in found]
    return SecondarySigns(listed(signs)) if signs else None


@attrs.frozen
class InsuranceTypes:
    """The insurance types (SBR05) on a claim, and whether one of them says why Medicare pays second."""

    given: tuple[str, ...]
    says_why: bool


def insurance_types(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> InsuranceTypes:
    """Insurance types of the payer and of the other payers: systems export it in either place."""
    claim = facts.claim
    types = [claim.payer.insurance_type, *(payer.insurance_type for payer in claim.other_payers)]
    given = tuple(dict.fromkeys(one for one in types if one))
    return InsuranceTypes(given, not SECONDARY_TYPES.isdisjoint(given))


_CLAIM = frozenset({ScopeKind.CLAIM})
_AMOUNTS = {
    "payer": FieldType.TEXT,
    "charge": FieldType.MONEY,
    "paid": FieldType.MONEY,
    "adjusted": FieldType.MONEY,
    "difference": FieldType.MONEY,
}


def _alone(facts: ClaimFacts) -> bool:
    """Whether a claim names no other payer."""
    return not facts.claim.other_payers


FINDERS = (
    Finder(
        "prior_payer_missing",
        _CLAIM,
        {"lacks": FieldType.TEXT},
        "what a claim lacks of the answer of the payers before it: the amount paid, the date, what was taken off",
        prior_payer_missing,
    ),
    Finder(
        "line_imbalance",
        frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE}),
        _AMOUNTS,
        "an earlier payer whose payment and adjustments of the line are not the line's charge",
        line_imbalance,
        silent_on=_alone,
    ),
    Finder(
        "claim_imbalance",
        _CLAIM,
        _AMOUNTS,
        "an earlier payer whose payment and adjustments are not the claim's charge, beside what lines tell",
        claim_imbalance,
        silent_on=_alone,
    ),
    Finder(
        "odd_adjustments",
        _CLAIM,
        {"groups": FieldType.CODES, "reasons": FieldType.CODES},
        "adjustment groups and reason codes of other payers that do not exist on the day of payment",
        odd_adjustments,
        ("carc",),
        silent_on=_alone,
    ),
    Finder(
        "secondary_signs",
        _CLAIM,
        {"says": FieldType.TEXT},
        "value and occurrence codes which say that Medicare is not the first payer",
        secondary_signs,
    ),
    Finder(
        "insurance_types",
        _CLAIM,
        {"given": FieldType.CODES, "says_why": FieldType.FLAG},
        "the insurance types on the claim, and whether one says why Medicare pays second",
        insurance_types,
    ),
)
