"""Shapes of codes and numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from scrubber.checks.contract import Predicate
from scrubber.fields import FieldType

_remembered = lru_cache(maxsize=4096)
"""For shapes of public codes, of which a file of claims names few."""

_TEXTS = frozenset({FieldType.CODE, FieldType.TEXT})
_SIZES = frozenset({FieldType.NUMBER, FieldType.MONEY})

_ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?", re.IGNORECASE)
_ICD9 = re.compile(r"(?:[0-9]{3}|V[0-9]{2})(?:\.?[0-9]{1,2})?|E[0-9]{3}(?:\.?[0-9])?", re.IGNORECASE)
_PROCEDURE = re.compile(r"[0-9]{5}|[0-9]{4}[A-Z]|[A-Z][0-9]{4}", re.IGNORECASE)
_NDC = re.compile(r"[0-9]{11}|[0-9]{5}-[0-9]{4}-[0-9]{2}|[0-9]{4}-[0-9]{4}-[0-9]{2}|[0-9]{5}-[0-9]{3}-[0-9]{2}|"
                  r"[0-9]{5}-[0-9]{4}-[0-9]")  # fmt: skip


def icd10_shape(code: str) -> bool:
    """Letter, digit, letter or digit, then up to four more; a dot only after the third (OCG I.A.2-5)."""
    return _ICD10.fullmatch(code.strip()) is not None


def diagnosis_shape(code: str) -> bool:
    """Three to seven letters and digits: a diagnosis code of either set without its dot, as the 837 carries it."""
    return re.fullmatch(r"[0-9A-Za-z]{3,7}", code) is not None


def icd9_shape(code: str) -> bool:
    """ddd.dd, Vdd.dd or Eddd.d, the dot left out or not (ICD-9-CM)."""
    return _ICD9.fullmatch(code.strip()) is not None


@_remembered
def procedure_shape(code: str) -> bool:
    """Five characters: ddddd, dddd and a letter (CPT), or a letter and dddd (HCPCS, CDT)."""
    return _PROCEDURE.fullmatch(code) is not None


@_remembered
def dental_shape(code: str) -> bool:
    """D and four digits (CDT)."""
    return re.fullmatch(r"[Dd][0-9]{4}", code) is not None


def whole_number(number: Decimal) -> bool:
    """No fraction."""
    return number == number.to_integral_value()


def one_decimal(number: Decimal) -> bool:
    """At most one decimal."""
    return number * 10 == (number * 10).to_integral_value()


def whole_cents(amount: Decimal) -> bool:
    """At most two decimals."""
    return amount * 100 == (amount * 100).to_integral_value()


@_remembered
def four_digits(code: str) -> bool:
    """Exactly four digits (revenue codes, NUBC FL 42)."""
    return re.fullmatch(r"[0-9]{4}", code) is not None


@_remembered
def eight_digits(code: str) -> bool:
    """Exactly eight digits (the number of a clinical trial, 837 REF P4)."""
    return re.fullmatch(r"[0-9]{8}", code) is not None


@_remembered
def two_characters(code: str) -> bool:
    """Two letters or digits."""
    return re.fullmatch(r"[0-9A-Za-z]{2}", code) is not None


@_remembered
def type_of_bill_shape(code: str) -> bool:
    """Two digits and a frequency character, after an optional leading zero (NUBC FL 4)."""
    return re.fullmatch(r"0?[1-9][0-9][0-9A-Za-z]", code) is not None


def ndc(code: str) -> bool:
    """Eleven digits, or a label's 5-4-2, 4-4-2, 5-3-2 or 5-4-1 whose dashes show where a zero goes (837 LIN03)."""
    return _NDC.fullmatch(code.strip().upper().removeprefix("N4")) is not None


@_remembered
def ndc_unit(code: str) -> bool:
    """A unit of a drug quantity (837 CTP05-1): international unit, gram, milligram, milliliter, unit."""
    return code in ("F2", "GR", "ME", "ML", "UN")


PREDICATES = (
    Predicate(
        "diagnosis_shape",
        _TEXTS,
        "three to seven letters and digits: a diagnosis code without its dot",
        diagnosis_shape,
    ),
    Predicate("ndc_unit", _TEXTS, "F2, GR, ME, ML or UN: a unit of a drug quantity", ndc_unit),
    Predicate("icd10_shape", _TEXTS, "the shape of an ICD-10-CM code", icd10_shape),
    Predicate("icd9_shape", _TEXTS, "the shape of an ICD-9-CM diagnosis code", icd9_shape),
    Predicate("procedure_shape", _TEXTS, "the shape of a CPT, HCPCS or CDT code", procedure_shape),
    Predicate("dental_shape", _TEXTS, "D and four digits", dental_shape),
    Predicate("whole_number", _SIZES, "a number without a fraction", whole_number),
    Predicate("ndc", _TEXTS, "eleven digits of a national drug code, or a label's dashed ten", ndc),
    Predicate("one_decimal", _SIZES, "a number with at most one decimal", one_decimal),
    Predicate("whole_cents", _SIZES, "an amount with at most two decimals", whole_cents),
    Predicate("four_digits", _TEXTS, "exactly four digits", four_digits),
    Predicate("eight_digits", _TEXTS, "exactly eight digits", eight_digits),
    Predicate("two_characters", _TEXTS, "two letters or digits", two_characters),
    Predicate("type_of_bill_shape", _TEXTS, "the shape of a type of bill", type_of_bill_shape),
)
