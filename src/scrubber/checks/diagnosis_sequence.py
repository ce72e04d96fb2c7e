"""What the diagnoses of a claim say of each other: order, code sets, pregnancy, drugs, deliveries."""

from __future__ import annotations

from datetime import date

import attrs

from scrubber.checks.answers import Unknown, no_edition
from scrubber.checks.contract import Finder
from scrubber.checks.diagnoses import DiagnosisEntry, shared_entry
from scrubber.facts import ICD10_STARTS, REASONS_TO_COME, ClaimFacts, DiagnosisFacts, dotted_code
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import Row, TableSet

CATEGORY_LENGTH = 3

_TRIMESTERS = {"first trimester": (0, 13), "second trimester": (14, 27), "third trimester": (28, 99)}
"""Whole weeks of each trimester (ICD-10-CM tabular list, note at chapter 15)."""

_WEEKS = {"Z3A00": None, "Z3A01": (0, 7), "Z3A49": (43, 99)}
"""Codes of weeks that are not one week: not specified, less than 8, more than 42 (category Z3A)."""

_EFFECTS = {"poisoning": "poisoning", "adverse effect": "adverse_effect", "underdosing": "underdosing"}


@attrs.frozen
class OtherCode:
    """Another diagnosis of the claim."""

    code: str
    position: int


def mixed_code_set(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> OtherCode | Unknown | None:
    """An earlier diagnosis in the other code set, where both are right on their own dates; told once per claim."""
    if _one_code_set(facts):
        return None
    first: tuple[DiagnosisFacts, DiagnosisEntry] | None = None
    for diagnosis in facts.diagnoses:
        entry = shared_entry(facts, diagnosis, tables)
        if not isinstance(entry, DiagnosisEntry) or entry.verdict != "valid":
            continue
        if first is None:
            first = diagnosis, entry
        elif entry.table != first[1].table:
            return OtherCode(first[0].written or first[1].code, first[0].position) if diagnosis is item else None
    return None


def _one_code_set(facts: ClaimFacts) -> bool:
    """Whether all dates of a claim lie on one side of the change of the code set."""
    days = facts.service_dates
    return not days or not days[0] < ICD10_STARTS <= days[-1] or facts.inpatient


def earlier_of_category(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> OtherCode | None:
    """An earlier diagnosis with another code of the same three-character category."""
    if item.code is None or item.raw.kind in REASONS_TO_COME:
        return None
    for earlier in facts.diagnoses[: item.index]:
        code = earlier.code
        if code is None or code == item.code or earlier.raw.kind in REASONS_TO_COME:
            continue
        if code[:CATEGORY_LENGTH] == item.code[:CATEGORY_LENGTH]:
            return OtherCode(dotted_code(code), earlier.position)
    return None


@attrs.frozen
class Trimester:
    """The trimester that a code names in its text, and its weeks."""

    words: str
    from_week: int
    to_week: int


def trimester(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> Trimester | Unknown | None:
    """The trimester in the text of a code; None where it names none, or more than one."""
    title = _title(facts, item, tables)
    if not isinstance(title, str):
        return title
    named = [words for words in _TRIMESTERS if words in title]
    return Trimester(named[0], *_TRIMESTERS[named[0]]) if len(named) == 1 else None


@attrs.frozen
class WeeksOfGestation:
    """The weeks that the claim's only Z3A code names."""

    code: str
    from_week: int
    to_week: int


def weeks_of_gestation(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> WeeksOfGestation | None:
    """The weeks of gestation; None where the claim names none, several, or "not specified"."""
    codes = {code for code in facts.diagnosis_codes if code.startswith("Z3A")}
    if len(codes) != 1:
        return None
    code = codes.pop()
    number = code[CATEGORY_LENGTH:]
    weeks = _WEEKS.get(code, (int(number), int(number)) if number.isdigit() else None)
    return WeeksOfGestation(dotted_code(code), *weeks) if weeks else None


@attrs.frozen
class DrugEffect:
    """What a code, one of T36-T50 above all, says a drug did: poisoning, adverse_effect or underdosing."""

    effect: str


def drug_effect(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> DrugEffect | Unknown | None:
    """The effect that the text of a code names: in T36-T50 the character that tells it has no fixed place."""
    title = _title(facts, item, tables)
    if not isinstance(title, str):
        return title
    return next((DrugEffect(effect) for words, effect in _EFFECTS.items() if words in title), None)


@attrs.frozen
class LeadingDiagnosis:
    """The principal (institutional) or first-listed diagnosis; `effect` as `DrugEffect` says, None for other codes."""

    code: str
    effect: str | None


def leading_diagnosis(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> LeadingDiagnosis | Unknown | None:
    """The diagnosis that the claim leads with."""
    leading = facts.principal
    if leading is None or leading.code is None:
        return None
    found = drug_effect(facts, leading, tables)
    if found is not None and not isinstance(found, DrugEffect):
        return found
    return LeadingDiagnosis(leading.code, found.effect if found else None)


def _title(facts: ClaimFacts, item: DiagnosisFacts, tables: TableSet) -> str | Unknown | None:
    """The text of a valid code in lower case."""
    entry = shared_entry(facts, item, tables)
    if not isinstance(entry, DiagnosisEntry):
        return entry
    return entry.title.lower() if entry.verdict == "valid" and entry.title else None


@attrs.frozen
class DeliveryProcedure:
    """A procedure that delivers a child, and whether a diagnosis tells the outcome."""

    code: str
    has_outcome: bool


def delivery_procedure(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> DeliveryProcedure | Unknown | None:
    """The first procedure flagged as a delivery (MCE), against an outcome of delivery among the other diagnoses."""
    table = tables.get("icd10pcs")
    for procedure in facts.procedures:
        day: date | None = procedure.as_of
        if procedure.code is None or day is None or day < ICD10_STARTS:
            continue
        if table is None or table.edition_on(day) is None:
            return no_edition("icd10pcs", day)
        row = table.look_up(procedure.code, day)
        if isinstance(row, Row) and (row.get("cesarean") or row.get("vaginal_delivery")):
            return DeliveryProcedure(procedure.code, _has_outcome(facts, tables))
    return None


def _has_outcome(facts: ClaimFacts, tables: TableSet) -> bool:
    for diagnosis in facts.diagnoses:
        if diagnosis.principal or diagnosis.raw.kind in REASONS_TO_COME or diagnosis.code is None:
            continue
        entry = shared_entry(facts, diagnosis, tables)
        if isinstance(entry, DiagnosisEntry) and entry.delivery_outcome:
            return True
    return False


@attrs.frozen
class DiagnosisKinds:
    """How many diagnoses of each kind a claim names; `all_given`: none is without its kind."""

    principal: int
    admitting: int
    reason_for_visit: int
    all_given: bool


def diagnosis_kinds(facts: ClaimFacts, item: ClaimFacts, tables: TableSet) -> DiagnosisKinds | None:
    """The kinds of the diagnoses; None where the claim has no diagnosis."""
    if not facts.diagnoses:
        return None
    kinds = [diagnosis.raw.kind for diagnosis in facts.diagnoses]
    return DiagnosisKinds(
        kinds.count("principal"), kinds.count("admitting"), kinds.count("reason_for_visit"), None not in kinds
    )


_DIAGNOSIS = frozenset({ScopeKind.DIAGNOSIS})
_CLAIM = frozenset({ScopeKind.CLAIM})
_OTHER = {"code": FieldType.CODE, "position": FieldType.NUMBER}
_WEEK_SPAN = {"from_week": FieldType.NUMBER, "to_week": FieldType.NUMBER}
_ICD = ("icd10cm", "icd9cm")
_CODE = frozenset({"code", "as_of"})

FINDERS = (
    Finder("mixed_code_set", _DIAGNOSIS, _OTHER, "an earlier diagnosis of the claim in the other ICD code set",
           mixed_code_set, _ICD, silent_on=_one_code_set, sees=_CODE, turns_on=(ICD10_STARTS,)),
    Finder("earlier_of_category", _DIAGNOSIS, _OTHER, "an earlier diagnosis with another code of the same category",
           earlier_of_category),
    Finder("trimester", _DIAGNOSIS, {"words": FieldType.TEXT, **_WEEK_SPAN},
           "the trimester that the text of a pregnancy code names", trimester, _ICD,
           sees=_CODE, turns_on=(ICD10_STARTS,)),
    Finder("weeks_of_gestation", _CLAIM, {"code": FieldType.CODE, **_WEEK_SPAN},
           "the weeks of gestation that the claim's only Z3A code names", weeks_of_gestation),
    Finder("drug_effect", _DIAGNOSIS, {"effect": FieldType.CODE},
           "what the text of a code says a drug did: poisoning, adverse_effect, underdosing", drug_effect, _ICD,
           sees=_CODE, turns_on=(ICD10_STARTS,)),
    Finder("leading_diagnosis", _CLAIM, {"code": FieldType.CODE, "effect": FieldType.CODE},
           "the principal or first-listed diagnosis, and what a drug did by its text", leading_diagnosis, _ICD),
    Finder("delivery_procedure", _CLAIM, {"code": FieldType.CODE, "has_outcome": FieldType.FLAG},
           "a procedure that delivers a child, and whether an outcome of delivery is coded", delivery_procedure,
           ("icd10pcs", "icd10cm")),
    Finder("diagnosis_kinds", _CLAIM,
           {"principal": FieldType.NUMBER, "admitting": FieldType.NUMBER, "reason_for_visit": FieldType.NUMBER,
            "all_given": FieldType.FLAG},
           "how many diagnoses of each kind the claim names", diagnosis_kinds),
)  # fmt: skip
