"""Laboratory tests: the CLIA number and modifier QW that they need, and panels that are billed in parts."""

from __future__ import annotations

from datetime import date

import attrs

from scrubber.checks.answers import Blank, Unknown, Unsupported, no_edition
from scrubber.checks.contract import Finder
from scrubber.checks.same_service import listed
from scrubber.facts import ClaimFacts, GroupFacts, LineFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import NO_EDITION, Row, Table, TableSet


@attrs.frozen
class LaboratoryCertificate:
    """Whether CMS asks for a CLIA number with a laboratory code on its date."""

    table: str
    required: bool
    edition: str | None = None
    row: Row | None = None


def laboratory_certificate(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> LaboratoryCertificate | Unknown:
    """Look a laboratory code up in the user's CLIA list: its column `excluded` frees a code from the number.

    A laboratory code that the list does not hold is subject to CLIA (CMS publishes the waived, the
    provider-performed and the excluded codes only).
    """
    code, day = item.procedure, item.as_of
    if code is None:
        return Blank(f"{item.path}.procedure")
    if day is None:
        return Blank(f"{item.path}.service_date")
    table = tables.get("clia")
    edition = table.edition_on(day) if table else None
    row = table.look_up(code, day) if table else NO_EDITION
    if table is None or edition is None or row is NO_EDITION:
        return no_edition("clia", day)
    if not _says(facts, table, "excluded", day):
        return Unsupported("the clia table does not say which codes are excluded")
    found = row if isinstance(row, Row) else None
    required = not (found is not None and found.get("excluded"))
    return LaboratoryCertificate("clia", required, edition.name, found)


def _says(facts: ClaimFacts, table: Table, column: str, day: date) -> bool:
    """Whether some row of the day says yes in a column: a user may bring one of the lists and not another."""
    key = ("clia says", column, day)
    known: bool | None = facts.memory.get(key)
    if known is not None:
        return known
    told = column in table.columns and any(row.get(column) for row in table.starting_with("", day))
    answer: bool = facts.memory.keep(key, told)
    return answer


@attrs.frozen
class WaivedTest:
    """What the waived list says of a code, and what the certificate of the claim's laboratory is, where it is known."""

    table: str
    edition: str
    row: Row | None
    listed: bool
    needs_qw: bool
    certificate: str | None


def waived_test(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> WaivedTest | Unknown:
    """Look a code up in the waived list (CMS Pub. 100-04, chapter 16, section 70.8), and the certificate by its number.

    The kind of a certificate cannot be told from its number; without the table `clia_certificates` it is blank.
    """
    code, day = item.procedure, item.as_of
    if code is None:
        return Blank(f"{item.path}.procedure")
    if day is None:
        return Blank(f"{item.path}.service_date")
    table = tables.get("clia")
    edition = table.edition_on(day) if table else None
    if table is None or edition is None:
        return no_edition("clia", day)
    if not _says(facts, table, "waived", day):
        return Unsupported("the clia table does not say which codes are waived")
    row = table.look_up(code, day)
    found = row if isinstance(row, Row) else None
    return WaivedTest(
        "clia",
        edition.name,
        found,
        listed=found is not None and bool(found.get("waived")),
        needs_qw=found is not None and bool(found.get("needs_qw")),
        certificate=_certificate(facts, tables, day),
    )


def _certificate(facts: ClaimFacts, tables: TableSet, day: date) -> str | None:
    table, number = tables.get("clia_certificates"), facts.claim.clia_number
    row = table.look_up(number.strip().upper(), day) if table is not None and number else None
    if not isinstance(row, Row):
        return None
    kind = row.get("kind")
    return kind.strip().lower() if isinstance(kind, str) else None


@attrs.frozen
class UnbilledPanel:
    """A panel all of whose tests a group of lines bills one by one."""

    table: str
    panel: str
    members: tuple[str, ...]
    tests: str


def unbilled_panel(facts: ClaimFacts, item: GroupFacts, tables: TableSet) -> UnbilledPanel | Unknown | None:
    """The panel with the most tests of which all are billed apart; None where one lacks, or a panel that holds all of
    them is billed, too: then they are billed twice, and not in parts.
    """
    day = item.as_of
    if day is None:
        return Blank(f"{item.path}.service_date")
    table = tables.get("panels")
    if table is None or table.edition_on(day) is None:
        return no_edition("panels", day)
    billed = frozenset(item.procedures)
    panels = _panels(facts, table, day)
    in_billed_panels = [frozenset(members) for panel, members in panels if panel in billed]
    best: UnbilledPanel | None = None
    for panel, members in panels:
        if (
            panel in billed
            or not billed.issuperset(members)
            or (best is not None and len(members) <= len(best.members))
        ):
            continue
        if not any(held.issuperset(members) for held in in_billed_panels):
            best = UnbilledPanel("panels", panel, members, listed(members))
    return best


def _panels(facts: ClaimFacts, table: Table, day: date) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every panel of a day with its tests; a panel of fewer than two tests is none."""
    key = ("panels", "", day)  # of three parts, as no key that begins with a code of a claim
    known: tuple[tuple[str, tuple[str, ...]], ...] | None = facts.memory.get(key)
    if known is not None:
        return known
    members: dict[str, list[str]] = {}
    for row in table.starting_with("", day):
        member = row.get("member")
        if member:
            members.setdefault(row.key[0], []).append(str(member).upper())
    panels: tuple[tuple[str, tuple[str, ...]], ...] = facts.memory.keep(
        key, tuple((panel, tuple(sorted(tests))) for panel, tests in members.items() if len(tests) > 1)
    )
    return panels


_LINES = frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE})
_GROUPS = frozenset({ScopeKind.LINES, ScopeKind.PROCEDURE_LINES})

FINDERS = (
    Finder(
        "laboratory_certificate",
        _LINES,
        {"required": FieldType.FLAG},
        "whether a laboratory code needs a CLIA number on its date",
        laboratory_certificate,
        ("clia",),
        sees=frozenset({"procedure", "as_of"}),
    ),
    Finder(
        "waived_test",
        _LINES,
        {"listed": FieldType.FLAG, "needs_qw": FieldType.FLAG, "certificate": FieldType.CODE},
        "whether a code is a waived test that needs QW, and the kind of the laboratory's certificate",
        waived_test,
        ("clia",),
    ),
    Finder(
        "unbilled_panel",
        _GROUPS,
        {"panel": FieldType.CODE, "members": FieldType.CODES, "tests": FieldType.TEXT},
        "a panel of which the lines bill every test and not the panel itself",
        unbilled_panel,
        ("panels",),
    ),
)
