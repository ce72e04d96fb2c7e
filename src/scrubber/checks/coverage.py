"""Coverage policies: whether the diagnoses of a line support its procedure, and what modifier a policy demands.

Medicare's policies hold where a service is given, so they are asked by the state (or the contractor's jurisdiction).
Those of another payer are asked by the payer's id, which stands in their column `jurisdiction`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

import attrs

from scrubber.checks.answers import Blank, Unknown, Unsupported, no_edition
from scrubber.checks.contract import Finder, Follows
from scrubber.checks.diagnoses import DiagnosisEntry, diagnosis_entry
from scrubber.checks.payers import demands
from scrubber.checks.same_service import is_supplier_claim, listed
from scrubber.claim import Provider
from scrubber.facts import ClaimFacts, DiagnosisFacts, LineFacts, dotted_code
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import Row, Table, TableSet
from scrubber.tables.edition_file import EditionFile

NATIONAL = "US"
"""The jurisdiction of a policy that holds in every state: a national determination."""

EXPORT = "Medicare Coverage Database"
"""How the source of an edition begins that comes from CMS, and not from the user."""

OF_A_PAYER = "policy"
"""The kind of a policy that is not Medicare's."""

PRACTICES = frozenset({"02", "10", "11"})
"""Places of service for which the guide sends no service facility: the service is given at the billing address.
For telehealth that is where the practitioner is."""

HOME = "12"

_SHOWN = 4

Verdict = Literal["covered", "not_listed", "noncovered"]


@attrs.frozen
class PoliciesListed:
    """Whether policies or the user's rules of payers may have something to say of a procedure, wherever they hold."""

    any: bool


def policies_listed(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> PoliciesListed | Unknown | None:
    """What is asked first of every line: few procedures have a policy at all."""
    code, day, kind = item.procedure, item.as_of, facts.claim.payer.kind
    table = tables.get("coverage")
    if "payer_rules" in tables:
        return PoliciesListed(True)
    if table is None and kind not in ("medicare", None):
        return None
    if code is None:
        return Blank(f"{item.path}.procedure")
    if day is None:
        return Blank(f"{item.path}.service_date")
    if table is None or table.edition_on(day) is None:
        return no_edition("coverage", day) if kind == "medicare" else None
    return PoliciesListed(bool(_everywhere(facts, table, code, day)))


@attrs.frozen
class CoveragePolicy:
    """What the policies in force say of a line: the one that does not cover it, else one that does.

    `pointed` are the diagnoses that count, `hint` tells of another diagnosis of the claim that is on the list.
    """

    table: str
    edition: str
    row: Row
    day: date
    verdict: Verdict
    policy: str
    kind: str
    place: str
    pointed: tuple[str, ...]
    hint: str


def coverage_policy(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> CoveragePolicy | Unknown | None:
    """Hold the diagnoses of a line against the lists of all policies for its procedure, place and day.

    One policy that covers the line is enough. None where no policy lists diagnoses.
    """
    found = _policies(facts, item, tables)
    if not isinstance(found, tuple):
        return found
    rows = [row for row in found if _lists(row)]
    day = item.as_of
    if not rows or day is None:
        return None
    codes = item.diagnosis_codes
    if not codes:
        return Blank(f"{item.path}.diagnosis_pointers" if facts.claim.form == "professional" else "diagnoses")
    lists = tables.get("coverage_diagnoses")
    edition = lists.edition_on(day) if lists is not None else None
    if lists is None or edition is None:
        return no_edition("coverage_diagnoses", day)
    judged = [(_judge(lists, row, codes, day), row) for row in rows]
    for verdict, row in judged:
        if verdict == "covered":
            return _answer(facts, tables, row, day, verdict, codes)
    # a diagnosis that is told by another rule may be meant for one that is covered
    for diagnosis in _counting(facts, item):
        entry = diagnosis_entry(facts, diagnosis, tables)
        if not isinstance(entry, DiagnosisEntry):
            return entry
        if entry.verdict != "valid":
            return Unsupported(f"diagnosis {diagnosis.position} is not a valid code on its date")
    verdict, row = next((one for one in judged if one[0] == "noncovered"), judged[0])
    return _answer(facts, tables, row, day, verdict, codes, _on_the_list(facts, lists, row, codes, day))


def _judge(lists: Table, row: Row, codes: tuple[str, ...], day: date) -> Verdict:
    """What one policy says of some diagnoses. A covered one counts with its companions only, where it needs some."""
    entries = [_entry(lists, row, code, day) for code in codes]
    groups = {group for entry in entries if entry is not None for group in (entry.get("groups") or "").split()}
    if any(entry is not None and entry.get("covered") and _needed(lists, entry) <= groups for entry in entries):
        return "covered"
    if all(entry is not None and entry.get("noncovered") for entry in entries):
        return "noncovered"
    return "not_listed" if _lists_covered(row) else "covered"


def _needed(lists: Table, entry: Row) -> set[str]:
    """Groups of each of which another diagnosis is needed beside this one."""
    return set((entry.get("only_with") or "").split()) if "only_with" in lists.columns else set()


def _entry(lists: Table, row: Row, code: str, day: date) -> Row | None:
    key = (row.get("diagnosis_list"), code)
    windows = (one for file in _editions(lists, day) for one in file.windows_of(key))
    return next((one for one in windows if one.covers(day)), None)


def _editions(table: Table, day: date) -> tuple[EditionFile, ...]:
    """The newest export and the newest list of the user's own for a day: neither takes the place of the other."""
    found: dict[bool, EditionFile] = {}
    for file in table.files:
        if file.first <= day.toordinal() <= file.last:
            found.setdefault(file.edition.source.startswith(EXPORT), file)
    return tuple(found.values())


def _lists(row: Row) -> bool:
    return bool(row.get("diagnosis_list")) and (_lists_covered(row) or bool(row.get("lists_noncovered")))


def _lists_covered(row: Row) -> bool:
    """A list of the user's own that says nothing is one of covered diagnoses."""
    covered = row.get("lists_covered")
    return bool(covered) or (covered is None and not row.get("lists_noncovered"))


def _counting(facts: ClaimFacts, item: LineFacts) -> Iterator[DiagnosisFacts]:
    """The diagnoses that count for a line."""
    codes = set(item.diagnosis_codes or ())
    pointers = None if facts.claim.form == "institutional" else set(item.raw.diagnosis_pointers)
    for diagnosis in facts.diagnoses:
        if diagnosis.code in codes and (pointers is None or diagnosis.position in pointers):
            yield diagnosis


def _on_the_list(facts: ClaimFacts, lists: Table, row: Row, codes: tuple[str, ...], day: date) -> str:
    """A sentence on other diagnoses of the claim that the policy covers, "" where there are none."""
    others = [
        f"{dotted_code(code)} (diagnosis {diagnosis.position})"
        for diagnosis in facts.diagnoses
        if (code := diagnosis.code) is not None
        and code not in codes
        and (entry := _entry(lists, row, code, day)) is not None
        and entry.get("covered")
    ]
    if not others:
        return ""
    stand = "stands" if len(others) == 1 else "stand"
    return (
        f" Of this claim's diagnoses {listed(others[:_SHOWN])} {stand} on its list, and the line does not point there."
    )


def _answer(
    facts: ClaimFacts, tables: TableSet, row: Row, day: date, verdict: Verdict, codes: tuple[str, ...], hint: str = ""
) -> CoveragePolicy:
    table = tables.get("coverage")
    editions = _editions(table, day) if table is not None else ()
    return CoveragePolicy(
        table="coverage",
        edition=next((file.edition.name for file in editions if row in file.windows_of(row.key)), ""),
        row=row,
        day=day,
        verdict=verdict,
        policy=_name(row),
        kind=_kind(row),
        place=row.key[1],
        pointed=tuple(dotted_code(code) for code in dict.fromkeys(codes)),
        hint=hint,
    )


def _name(row: Row) -> str:
    policy, determination = row.get("policy") or "the policy", row.get("determination")
    return f"{policy} ({determination})" if determination else policy


def _kind(row: Row) -> str:
    return (row.get("kind") or OF_A_PAYER).lower()


# which policies ---------------------------------------------------------------------------------------------------


def _policies(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> tuple[Row, ...] | Unknown:
    """The policies in force for a line's procedure where it was given; none where no policy is for the procedure."""
    code, day, payer = item.procedure, item.as_of, facts.claim.payer
    table = tables.get("coverage")
    if table is None and payer.kind not in ("medicare", None):
        return ()  # other payers have policies only where the user lists them
    if code is None:
        return Blank(f"{item.path}.procedure")
    if day is None:
        return Blank(f"{item.path}.service_date")
    if table is None or table.edition_on(day) is None:
        return no_edition("coverage", day) if payer.kind == "medicare" else ()
    everywhere = _everywhere(facts, table, code, day)
    if not everywhere:
        return ()
    if payer.kind is None:
        return Blank("payer.kind")
    if payer.kind != "medicare":
        of_payers = [row for row in everywhere if _kind(row) == OF_A_PAYER]
        if of_payers and not payer.id:
            return Blank("payer.id")
        return tuple(row for row in of_payers if row.key[1].upper() == (payer.id or "").strip().upper())
    of_medicare = [row for row in everywhere if _kind(row) != OF_A_PAYER]
    places = _places(facts, item, tables)
    here = tuple(row for row in of_medicare if row.key[1].upper() in places)
    if not here and not any(map(_is_state, places - {NATIONAL})) and any(_is_state(row.key[1]) for row in of_medicare):
        if not facts.claim.jurisdiction:
            return Blank("jurisdiction")
        return Unsupported("jurisdiction names no state, and the policies for this procedure are listed by state")
    return here


def _everywhere(facts: ClaimFacts, table: Table, code: str, day: date) -> tuple[Row, ...]:
    """Every policy for a procedure that is in force on a day, wherever and for whomever it holds."""
    key = ("coverage", code, day)
    known: tuple[Row, ...] | None = facts.memory.get(key)
    if known is not None:
        return known
    found = (row for file in _editions(table, day) for row in file.starting_with(code))
    rows = tuple(row for row in found if row.key[0] == code and row.covers(day))
    facts.memory.keep(key, rows)
    return rows


def _places(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> set[str]:
    """The jurisdictions whose policies hold for a line; only the nation's where nobody says where it was given.

    The claim's own jurisdiction decides. A state is taken from addresses where it is blank, or where it names a
    contractor's region, whose policies may be listed by region or by state.
    """
    stated = (facts.claim.jurisdiction or "").strip().upper()
    if _is_state(stated):
        return {NATIONAL, stated}
    state = _state(facts, item, tables)
    return {NATIONAL, *(one.strip().upper() for one in (stated, state) if one)}


def _is_state(place: str) -> bool:
    """Two letters; those of a contractor's region begin with J, as no state does."""
    return len(place) == 2 and place.isalpha() and place[0] not in "Jj"


def _state(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> str | None:
    """The state in which a service was given, as far as addresses tell it.

    A service facility is named where it differs from the billing address (837 2310C). Equipment belongs to where the
    patient lives (CMS Pub. 100-04, chapter 20), as does a visit at home. Institutional: the provider's address.
    """
    claim = facts.claim
    if claim.form == "institutional":
        return _state_of(claim.billing_provider)
    home = claim.patient.state or (claim.patient.address.state if claim.patient.address else None)
    if is_supplier_claim(facts, tables):
        return home
    for facility in (item.raw.service_facility, claim.service_facility):
        state = _state_of(facility)
        if state:
            return state
    if item.place_of_service == HOME:
        return home
    return _state_of(claim.billing_provider) if item.place_of_service in PRACTICES else None


def _state_of(provider: Provider | None) -> str | None:
    return provider.address.state if provider is not None and provider.address is not None else None


# modifiers --------------------------------------------------------------------------------------------------------


@attrs.frozen
class PolicyModifier:
    """Modifiers of which a policy, or the user's rules of the payer, demand one, and that are not on the line."""

    modifiers: str
    policy: str
    kind: str


def policy_modifier(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> PolicyModifier | Unknown | None:
    """The first demand for a modifier that a line does not meet."""
    found = _policies(facts, item, tables)
    table = tables.get("coverage")
    if isinstance(found, tuple) and table is not None and "modifiers" in table.columns:
        for row in found:
            if missing := _missing(row.get("modifiers"), item):
                return PolicyModifier(missing, f"policy {_name(row)}", _kind(row))
    for row in demands(facts, item, tables):
        if missing := _missing(row.get("modifiers"), item):
            return PolicyModifier(missing, row.get("policy") or "the rules of the payer", OF_A_PAYER)
    return None if isinstance(found, tuple) else found


def _missing(wanted: str | None, item: LineFacts) -> str | None:
    """The modifiers wanted, as a sentence says them, where a line has none of them."""
    modifiers = (wanted or "").upper().split()
    if not modifiers or not set(modifiers).isdisjoint(item.raw.modifiers):
        return None
    return modifiers[0] if len(modifiers) == 1 else f"{', '.join(modifiers[:-1])} or {modifiers[-1]}"


_LINES = frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE})

_LISTED = Follows("policies_listed", "any")

FINDERS = (
    Finder(
        "policies_listed",
        _LINES,
        {"any": FieldType.FLAG},
        "whether a coverage policy, or the user's rules of payers, may have something to say of the line's procedure",
        policies_listed,
        ("coverage",),
        sees=frozenset({"procedure", "as_of", "claim.payer.kind"}),
    ),
    Finder(
        "coverage_policy",
        _LINES,
        {
            "verdict": FieldType.CODE,
            "policy": FieldType.TEXT,
            "kind": FieldType.CODE,
            "place": FieldType.CODE,
            "day": FieldType.DATE,
            "pointed": FieldType.CODES,
            "hint": FieldType.TEXT,
        },
        "the coverage policy for the line's procedure and place, and whether the line's diagnoses are on its list",
        coverage_policy,
        ("coverage", "coverage_diagnoses"),
        follows=_LISTED,
    ),
    Finder(
        "policy_modifier",
        _LINES,
        {"modifiers": FieldType.TEXT, "policy": FieldType.TEXT, "kind": FieldType.CODE},
        "modifiers of which a coverage policy or the payer's rules demand one, where the line has none of them",
        policy_modifier,
        ("coverage", "payer_rules"),
        follows=_LISTED,
    ),
)
