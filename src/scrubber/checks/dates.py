"""Dates that rules cannot reckon by themselves: filing deadlines, the day of death, spans, days of a stay."""

from __future__ import annotations

from datetime import date

import attrs

from scrubber.checks.answers import Blank, Unknown, Unsupported, no_edition
from scrubber.checks.contract import Finder
from scrubber.facts import ClaimFacts, LineFacts, ProcedureFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import Row, TableSet

DEATH = "55"
"""The occurrence code of the day of death (CMS CR 7792)."""

PAYMENT_WINDOW_DAYS = 3
"""Days before the admission that an inpatient claim may take in (CMS Pub. 100-04, chapter 3, section 40.3)."""

COVERED_DAYS, NONCOVERED_DAYS = "80", "81"
"""Value codes of the days of a stay (CMS Pub. 100-04, chapter 25, FL 39-41)."""

STILL_PATIENT = "30"

_LINES = frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE})
_CLAIM = frozenset({ScopeKind.CLAIM})


@attrs.frozen
class FilingLimit:
    """The last day on which a payer takes the claim, and how many days are left on the reference date."""

    service: date
    last_day: date
    days_left: int


def one_year_later(day: date) -> date:
    """The same day of the next year; February 28 for February 29 (CMS Pub. 100-04, chapter 1, section 70.1)."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)


def medicare_limit(service: date) -> date:
    """The last day on which Medicare takes a service (42 CFR 424.44, and as it stood before 2010).

    A calendar year since 2010-01-01. Before, the year after the federal fiscal year of the service; what was left of
    2009 ended with 2010 (Affordable Care Act, section 6404).
    """
    if service.year >= 2010:
        return one_year_later(service)
    return date(min(service.year + (1 if service.month < 10 else 2), 2010), 12, 31)


def filing_limit(facts: ClaimFacts, item: LineFacts | ClaimFacts, tables: TableSet) -> FilingLimit | Unknown:
    """The filing limit of a line from its first day, or of an institutional claim from its last (42 CFR 424.44).

    Medicare allows one calendar year (see `medicare_limit`). Others are asked of the user's table `timely_filing` with
    the key (payer, form) and the column `days`.
    """
    on_claim = isinstance(item, ClaimFacts)
    service = facts.claim.statement_to if isinstance(item, ClaimFacts) else item.raw.service_date
    if service is None:
        return Blank("statement_to" if on_claim else f"{item.path}.service_date")
    payer = facts.claim.payer
    if payer.kind is None:
        return Blank("payer.kind")
    if payer.kind == "medicare":
        last_day = medicare_limit(service)
    else:
        days = _payer_days(facts, service, tables)
        if not isinstance(days, int):
            return days
        last_day = date.fromordinal(service.toordinal() + days)
    if facts.reference_date is None:
        return Unsupported("nobody said what today is")
    return FilingLimit(service, last_day, (last_day - facts.reference_date).days)


def _payer_days(facts: ClaimFacts, service: date, tables: TableSet) -> int | Unknown:
    """Days that the user's table allows the payer's claims of this form."""
    table = tables.get("timely_filing")
    if table is None or table.edition_on(service) is None:
        return no_edition("timely_filing", service)
    if table.key != ("payer", "form") or "days" not in table.columns:
        return Unsupported("the table timely_filing needs the columns payer, form and days")
    if not facts.claim.payer.id:
        return Blank("payer.id")
    row = table.look_up((facts.claim.payer.id, facts.claim.form), service)
    if not isinstance(row, Row) or row.get("days") is None:
        return Unsupported(f"timely_filing says nothing of payer {facts.claim.payer.id}")
    return int(row.get("days"))


@attrs.frozen
class Death:
    """The day of death, from the patient or from occurrence code 55; the later one where the two differ."""

    day: date
    by_occurrence: bool


def death(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> Death | None:
    """The day of death that the claim states, None where it states none."""
    stated = facts.claim.patient.death_date
    if stated is None and not facts.claim.occurrence_codes:
        return None
    occurrence = max((o.date for o in facts.claim.occurrence_codes if o.code == DEATH and o.date), default=None)
    days = [day for day in (stated, occurrence) if day is not None]
    return Death(max(days), occurrence is not None) if days else None


@attrs.frozen
class BackwardSpan:
    """An occurrence span that ends before it begins."""

    code: str | None
    first_day: date
    last_day: date


def backward_span(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> BackwardSpan | None:
    """The first occurrence span whose through date lies before its from date."""
    for span in facts.claim.occurrence_spans:
        if span.first_day and span.last_day and span.last_day < span.first_day:
            return BackwardSpan(span.code, span.first_day, span.last_day)
    return None


@attrs.frozen
class ProcedureDate:
    """What is wrong with the date of an inpatient procedure: blank, after_discharge, before_admission or nothing."""

    verdict: str


def procedure_date(facts: ClaimFacts, item: ProcedureFacts, tables: TableSet) -> ProcedureDate | Unknown:
    """The date of an inpatient procedure against the stay and the days before it that the bill may take in."""
    claim, day = facts.claim, item.raw.date
    if day is None:
        return ProcedureDate("blank")
    if claim.statement_to is None:
        return Blank("statement_to")
    if day > claim.statement_to:
        return ProcedureDate("after_discharge")
    if claim.admission_date is None:
        return Blank("admission_date")
    early = (claim.admission_date - day).days > PAYMENT_WINDOW_DAYS
    inside = claim.statement_from is not None and day >= claim.statement_from
    return ProcedureDate("before_admission" if early and not inside else "valid")


@attrs.frozen
class StayDays:
    """Days of the stay by its dates, and by value codes 80 and 81."""

    by_dates: int
    by_value_codes: int


def stay_days(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> StayDays | Unknown:
    """Both counts of an inpatient claim.

    The day of discharge is not counted, but a patient who is still in is (status 30), and a stay within one day is one
    day. Days of the payment window before the admission are no days of the stay.
    """
    claim = facts.claim
    stated = [v for v in claim.value_codes if v.code in (COVERED_DAYS, NONCOVERED_DAYS)]
    if not stated:
        return Unsupported("neither covered days (value code 80) nor non-covered days (81) are given")
    if any(value.amount is None for value in stated):
        return Blank("value_codes.amount")
    if claim.statement_from is None or claim.statement_to is None:
        return Blank("statement_from" if claim.statement_from is None else "statement_to")
    if claim.discharge_status is None:
        return Blank("discharge_status")
    first = max(claim.statement_from, claim.admission_date or claim.statement_from)
    days = (claim.statement_to - first).days + (claim.discharge_status == STILL_PATIENT)
    return StayDays(max(days, 1), int(sum(value.amount for value in stated if value.amount is not None)))


_LIMIT = {"service": FieldType.DATE, "last_day": FieldType.DATE, "days_left": FieldType.NUMBER}

FINDERS = (
    Finder(
        "filing_limit",
        _LINES | _CLAIM,
        _LIMIT,
        "the last day on which the payer takes the claim, counted from the line's first or the statement's last day",
        filing_limit,
        ("timely_filing",),
        sees=frozenset({"service_date", "claim.reference_date", "claim.payer.kind", "claim.payer.id"}),
    ),
    Finder(
        "death",
        _CLAIM,
        {"day": FieldType.DATE, "by_occurrence": FieldType.FLAG},
        "the patient's day of death, where the claim states one",
        death,
        private=frozenset({"day"}),
    ),
    Finder(
        "backward_span",
        _CLAIM,
        {"code": FieldType.CODE, "first_day": FieldType.DATE, "last_day": FieldType.DATE},
        "an occurrence span that ends before it begins",
        backward_span,
    ),
    Finder(
        "procedure_date",
        frozenset({ScopeKind.PROCEDURE}),
        {"verdict": FieldType.CODE},
        "whether the date of an inpatient procedure is blank or outside the stay",
        procedure_date,
    ),
    Finder(
        "stay_days",
        _CLAIM,
        {"by_dates": FieldType.NUMBER, "by_value_codes": FieldType.NUMBER},
        "days of an inpatient stay by its dates and by value codes 80 and 81",
        stay_days,
    ),
)
