"""Same day, same provider, same kind of claim: what the NCCI edits mean when they speak of services together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from scrubber.checks.answers import Blank, Unknown, Unsupported
from scrubber.claim import Provider
from scrubber.facts import ClaimFacts, LineFacts
from scrubber.tables import TableSet

Relation = Literal["same", "different"]

_PROFESSIONAL_FEES = ("096", "097", "098")
"""Revenue codes of professional fees (CMS Pub. 100-04, chapter 4, section 250.2)."""


def is_supplier_claim(facts: ClaimFacts, tables: TableSet) -> bool:
    """Whether a professional claim is that of a DME supplier, which goes to a DME contractor."""
    known: bool | None = facts.found.get("is_supplier_claim")
    if known is None:  # asked of every line by several checks
        known = facts.found["is_supplier_claim"] = _is_supplier_claim(facts, tables)
    return known


def _is_supplier_claim(facts: ClaimFacts, tables: TableSet) -> bool:
    taxonomy, day = facts.claim.billing_provider.taxonomy, facts.as_of
    if taxonomy is None or day is None:
        return False
    return tables.value_sets["dme_suppliers"].holds(taxonomy.strip().upper(), day)


def own_of_medicaid(facts: ClaimFacts, name: str, tables: TableSet) -> str:
    """The name of Medicaid's own table of NCCI edits for a Medicaid claim, where it covers the day; else Medicare's."""
    own = f"{name}_medicaid"
    if facts.claim.payer.kind != "medicaid" or name == own or facts.as_of is None:
        return name
    table = tables.get(own)
    return own if table is not None and table.edition_on(facts.as_of) is not None else name


def first_day(line: LineFacts) -> date | None:
    return line.raw.service_date


def last_day(line: LineFacts) -> date:
    """The last day of a dated line; one that ends before it begins counts as one day, since DAT103 tells that."""
    assert line.raw.service_date is not None
    return max(line.raw.service_date, line.raw.service_date_end or line.raw.service_date)


class LinesByDay:
    """Dated lines, to be asked which of them share a day with another line. Lines of one day are found by that day;
    lines of several days, which are few, one by one.
    """

    def __init__(self, lines: Iterable[LineFacts]) -> None:
        self._of_one_day: dict[date, list[LineFacts]] = {}
        self._of_several: list[LineFacts] = []
        for line in lines:
            day = first_day(line)
            if day is None:
                continue
            if last_day(line) == day:
                self._of_one_day.setdefault(day, []).append(line)
            else:
                self._of_several.append(line)

    def sharing_a_day(self, line: LineFacts) -> Iterator[tuple[LineFacts, date]]:
        """The lines that share a day with a dated line, each with the first such day; the line itself too."""
        first = first_day(line)
        if first is None:
            return
        last = last_day(line)
        if first == last:
            for other in self._of_one_day.get(first, ()):
                yield other, first
        else:
            for day, others in self._of_one_day.items():
                if first <= day <= last:
                    yield from ((other, day) for other in others)
        for other in self._of_several:
            begins = first_day(other)
            if begins is not None and begins <= last and first <= last_day(other):
                yield other, max(first, begins)

    def on(self, day: date) -> Iterator[LineFacts]:
        """The lines that hold a day."""
        yield from self._of_one_day.get(day, ())
        for line in self._of_several:
            begins = first_day(line)
            if begins is not None and begins <= day <= last_day(line):
                yield line


def procedure_lines_by_day(facts: ClaimFacts) -> LinesByDay:
    """The lines with a procedure, by day; sorted once for a claim."""
    known: LinesByDay | None = facts.found.get("procedure_lines_by_day")
    if known is None:
        known = facts.found["procedure_lines_by_day"] = LinesByDay(facts.procedure_lines)
    return known


def relation(one: LineFacts, other: LineFacts) -> Relation | Unknown:
    """Whether two lines are of the same provider: the same rendering NPI, which a line without one has from the claim.

    On institutional claims the facility is the provider. Where a critical access hospital bills for its practitioners
    too (Method II), their lines have revenue codes of professional fees. Different NPIs are different providers; where
    their taxonomies and the tax id are the same they may be one group and specialty, which the payer counts as one
    provider and the claim alone does not settle.
    """
    if one is other:
        return "same"
    if one.facts.claim.form == "institutional":
        return "same" if _of_a_practitioner(one) == _of_a_practitioner(other) else "different"
    mine, theirs = _own_npi(one), _own_npi(other)
    if mine == theirs:
        return "same"
    for line, own in ((one, mine), (other, theirs)):
        if (own or line.rendering_npi) is None:
            return Blank(f"{line.path}.rendering_provider.npi")
    if one.rendering_npi == other.rendering_npi:
        return "same"
    if _specialty(one) is not None and _specialty(one) == _specialty(other):
        first, second = sorted((one.position, other.position))
        return Unsupported(f"lines {first} and {second} name different providers of one specialty and one tax id")
    return "different"


def _of_a_practitioner(line: LineFacts) -> bool:
    """Whether a line of a critical access hospital's bill is for a practitioner's service, by its revenue code."""
    bill, revenue = line.facts.bill_type, line.raw.revenue_code
    return bill is not None and bill.startswith("085") and (revenue or "").startswith(_PROFESSIONAL_FEES)


def _own_npi(line: LineFacts) -> str | None:
    provider = line.raw.rendering_provider
    return provider.npi if provider is not None else None


def _specialty(line: LineFacts) -> tuple[str, str] | None:
    """Taxonomy and tax id of who rendered a line, None where one of them is not given."""
    claim = line.facts.claim
    provider: Provider = line.raw.rendering_provider or claim.rendering_provider or claim.billing_provider
    tax_id = provider.tax_id or claim.billing_provider.tax_id
    return (provider.taxonomy, tax_id) if provider.taxonomy and tax_id else None


def listed(parts: Iterable[object]) -> str:
    """Parts as a sentence says them: "1, 2 and 4"."""
    texts = [str(part) for part in parts]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
