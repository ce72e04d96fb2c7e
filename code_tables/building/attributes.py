"""From the words of the Medicare Code Editor to the columns of our tables."""

from __future__ import annotations

from collections.abc import Mapping

from building.sources import BuildError
from scrubber.tables.model import Column

TITLE = Column("title", "long_text", "title of the code in its newest edition; blank where no source has one")

_FLAGS_OF_DIAGNOSES = {
    "external_cause": ("ecodepdx", "external cause of morbidity: never a principal diagnosis"),
    "manifestation": ("manifestation", "manifestation of another disease, which is coded first"),
    "unacceptable_principal": ("unacceptable", "not acceptable as principal diagnosis of an inpatient stay"),
    "requires_secondary": ("reqsdx", "acceptable as principal diagnosis only beside another diagnosis"),
    "questionable_admission": ("qadm", "as principal diagnosis questions the need of an inpatient stay"),
    "unspecified": (
        "unspecified",
        "side not specified although codes with a side exist (edit of 2022-04-01)",
    ),
    "wrong_procedure": ("wrngproc", "a wrong procedure, patient or body part was operated on"),
    "delivery_outcome": ("delout", "outcome of delivery"),
    "clinical_trial": ("clintrial", "participation in a clinical trial"),
}
_FLAGS_OF_OLD_DIAGNOSES = {
    "nonspecific_principal": (
        "nonspecific",
        "too unspecific as principal diagnosis (edit of the editor's ICD-9 years)",
    ),
    "other_payer_first": (
        "msp",
        "points to another payer before Medicare (edit of the editor's ICD-9 years)",
    ),
    "complication": ("cc", "complication or comorbidity in the editor's list"),
}
_FLAGS_OF_PROCEDURES = {
    "noncovered": ("noncovered", "not covered by Medicare, whatever else stands on the claim"),
    "cesarean": ("csect", "cesarean section"),
    "vaginal_delivery": ("vagdel", "vaginal delivery"),
    "length_of_stay": ("los", "needs a minimum length of stay (mechanical ventilation over 96 hours)"),
}
_FLAGS_OF_OLD_PROCEDURES = {
    "operating_room": ("or_indic", "operating room procedure"),
    "nonspecific_procedure": ("nonspecific", "operating room procedure that is too unspecific"),
    "bilateral_procedure": ("bilateral", "bilateral procedure that is shown by two codes or by one twice"),
    "closed_biopsy_check": ("biopsy", "open biopsy whose closed form has a code of its own"),
}
_IGNORED = frozenset({"mdc08", "male", "female"})
_AGE_CLASSES = ("newborn", "pediatric", "maternity", "adult")
_SEX_AND_AGE = (
    Column("age_class", "text", "newborn, pediatric, maternity or adult: ages stand in table age_bands"),
    Column("sex", "text", "M or F where the code fits one sex only; blank from 2024-10-01, when the edit ended"),
)
_CONDITION = Column(
    "coverage_condition",
    "text",
    "the editor's words for conditional coverage, blank-separated, such as ncov6 and ncov_z302: see docs/tables.md",
)
SIDE = Column("side", "text", "left, right, bilateral or unspecified, where the words of the title name a side")


def diagnosis_columns(*, icd9: bool) -> tuple[Column, ...]:
    """Columns of a diagnosis table but for `side` and `title`."""
    flags = {**_FLAGS_OF_DIAGNOSES, **(_FLAGS_OF_OLD_DIAGNOSES if icd9 else {})}
    described = [Column(name, "flag", meaning) for name, (_, meaning) in flags.items()]
    return (
        Column("billable", "flag", "valid for submission; otherwise a header"),
        *described,
        *_SEX_AND_AGE,
        _CONDITION,
    )


def procedure_columns(*, icd9: bool) -> tuple[Column, ...]:
    """Columns of a procedure table but for `title`."""
    flags = {**_FLAGS_OF_PROCEDURES, **(_FLAGS_OF_OLD_PROCEDURES if icd9 else {})}
    described = [Column(name, "flag", meaning) for name, (_, meaning) in flags.items()]
    limited = Column("limited_coverage", "flag", "covered under special conditions only, such as approved centers")
    return (described[0], limited, *described[1:], _SEX_AND_AGE[1], _CONDITION)


def values_of(columns: tuple[Column, ...], words: frozenset[str]) -> dict[str, object]:
    """The values of the columns for a set of the editor's words.

    Raises:
        BuildError: a word that no column and no list here knows.
    """
    tokens: Mapping[str, str] = {
        name: token
        for flags in (
            _FLAGS_OF_DIAGNOSES,
            _FLAGS_OF_OLD_DIAGNOSES,
            _FLAGS_OF_PROCEDURES,
            _FLAGS_OF_OLD_PROCEDURES,
        )
        for name, (token, _) in flags.items()
    }
    values: dict[str, object] = {}
    used: set[str] = set(_IGNORED & words)
    for column in columns:
        if column.name in tokens:
            values[column.name] = tokens[column.name] in words
            used.add(tokens[column.name])
    limited = {word for word in words if word.startswith("lcov")}
    if any(column.name == "limited_coverage" for column in columns):
        values["limited_coverage"] = bool(limited)
        used |= {"lcov"}
    if any(column.name == "age_class" for column in columns):
        classes = [name for name in _AGE_CLASSES if name in words]
        used |= set(classes)
        # One ICD-9-CM code is of class maternity and of class adult: the narrower one stands.
        values["age_class"] = classes[0] if classes else None
    values["sex"] = "M" if "male" in words else "F" if "female" in words else None
    conditions = sorted(word for word in words - used if word.startswith(("ncov", "lcov", "kidneyxp", "diabtypeI")))
    values["coverage_condition"] = " ".join(conditions) or None
    unknown = words - used - set(conditions)
    if unknown:
        raise BuildError(f"the editor has words that are not understood: {', '.join(sorted(unknown))}")
    return values
