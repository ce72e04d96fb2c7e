"""The user's own rules of payers: which services need an authorization or a modifier (table `payer_rules`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from scrubber.checks.answers import Blank, Unknown, no_edition
from scrubber.checks.contract import Finder
from scrubber.facts import ClaimFacts, LineFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import Row, TableSet

ANY = "*"
"""Stands for every procedure, in the key of a rule that is about a revenue code or a place of service."""


def demands(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> Iterator[Row]:
    """The user's rules of the claim's payer that are about a line, on its date."""
    table, payer, day = tables.get("payer_rules"), facts.claim.payer.id, _day(facts, item)
    if table is None or not payer or day is None or table.key != ("payer", "procedure"):
        return
    for procedure in (item.procedure, ANY):
        rows = table.rows_on((payer.strip(), procedure), day) if procedure else ()
        for row in rows if isinstance(rows, tuple) else ():
            revenue, places = row.get("revenue_code"), row.get("place_of_service")
            if revenue and item.raw.revenue_code not in revenue.split():
                continue
            if places and item.place_of_service not in places.split():
                continue
            yield row


def _day(facts: ClaimFacts, item: LineFacts) -> date | None:
    """The date of a line; that of the claim where the lines of a stay have none."""
    return item.as_of or (facts.as_of if facts.claim.form == "institutional" else None)


@attrs.frozen
class AuthorizationDemand:
    """That the payer wants an authorization number; `service` says for what: "70553" or "revenue code 0128"."""

    service: str
    policy: str


def authorization_demand(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> AuthorizationDemand | Unknown | None:
    """The user's rule that demands an authorization for a line."""
    table, day = tables.get("payer_rules"), _day(facts, item)
    if day is None:
        return Blank(f"{item.path}.service_date") if table is not None else no_edition("payer_rules", None)
    if table is None or table.edition_on(day) is None:
        return no_edition("payer_rules", day)
    if not facts.claim.payer.id:
        return Blank("payer.id")
    for row in demands(facts, item, tables):
        if row.get("needs_authorization"):
            of_revenue = row.key[1] == ANY and item.raw.revenue_code
            service = f"revenue code {of_revenue}" if of_revenue else item.procedure or "the service"
            return AuthorizationDemand(service, row.get("policy") or "its rules")
    return None


FINDERS = (
    Finder(
        "authorization_demand",
        frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE}),
        {"service": FieldType.TEXT, "policy": FieldType.TEXT},
        "the user's rule of the payer that demands an authorization for the line",
        authorization_demand,
        ("payer_rules",),
    ),
)
