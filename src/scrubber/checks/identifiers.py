"""Identifiers with a published shape or check digit."""

from __future__ import annotations

import re

from scrubber.checks.contract import Predicate
from scrubber.fields import FieldType

_TEXTS = frozenset({FieldType.CODE, FieldType.TEXT})

_NPI_PREFIX_SUM = 24
"""What the constant prefix 80840 adds to the Luhn sum of an NPI (CMS NPI check digit standard)."""

_MBI_LETTER = "[AC-HJKMNP-RT-Y]"
_MBI_EITHER = "[AC-HJKMNP-RT-Y0-9]"
_MBI = re.compile(f"[1-9]{_MBI_LETTER}{_MBI_EITHER}[0-9]{_MBI_LETTER}{_MBI_EITHER}[0-9]{_MBI_LETTER}{{2}}[0-9]{{2}}")
_PO_BOX = re.compile(r"(?:P\.?\s*O\.?\s*B(?:\.|OX)?|POST\s+OFFICE\s+BOX|LOCK\s*BOX|LOCKBOX)[\s#]*\d+|"
                     r"(?:P\.?\s*O\.?\s+BOX|LOCK\s+BOX)\b", re.IGNORECASE)  # fmt: skip


def npi(text: str) -> bool:
    """Ten digits, the first 1 or 2, whose Luhn sum with the prefix 80840 ends in 0 (CMS NPI standard)."""
    if len(text) != 10 or not text.isascii() or not text.isdigit() or text[0] not in "12":
        return False
    total = _NPI_PREFIX_SUM
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def tax_id(text: str) -> bool:
    """Nine digits without their dashes, not all the same, not beginning with 00 (837 2010AA REF EI, SY)."""
    digits = text.replace("-", "").strip()
    return (
        len(digits) == 9
        and digits.isascii()
        and digits.isdigit()
        and len(set(digits)) > 1
        and not digits.startswith("00")
    )


def taxonomy(text: str) -> bool:
    """Ten letters or digits that end in X (NUCC Health Care Provider Taxonomy)."""
    return len(text) == 10 and text.isascii() and text.isalnum() and text[-1] in "Xx"


def mbi(text: str) -> bool:
    """The Medicare Beneficiary Identifier (CMS, "Understanding the MBI format"), dashes and case ignored."""
    return _MBI.fullmatch(text.replace("-", "").replace(" ", "").upper()) is not None


def clia(text: str) -> bool:
    """A CLIA number: two digits, D, seven digits (CMS Claims Processing Manual, chapter 16, section 70)."""
    return re.fullmatch(r"[0-9]{2}[Dd][0-9]{7}", text) is not None


def street_address(text: str) -> bool:
    """A street line that is no post office box or lock box (837 2010AA N301)."""
    return _PO_BOX.search(text) is None


def full_zip(text: str) -> bool:
    """A nine-digit ZIP code whose last four digits say something (837 2010AA N403)."""
    digits = text.replace("-", "").strip()
    return len(digits) == 9 and digits.isascii() and digits.isdigit() and digits[5:] not in ("0000", "9999")


PREDICATES = (
    Predicate("npi", _TEXTS, "ten digits, first 1 or 2, with a right check digit", npi),
    Predicate("tax_id", _TEXTS, "nine digits, not all equal, not beginning with 00", tax_id),
    Predicate("taxonomy", _TEXTS, "ten letters or digits ending in X", taxonomy),
    Predicate("mbi", _TEXTS, "a Medicare beneficiary identifier by its published pattern", mbi),
    Predicate("clia_number", _TEXTS, "two digits, D, seven digits", clia),
    Predicate("street_address", _TEXTS, "a street line, not a post office box or lock box", street_address),
    Predicate("full_zip", _TEXTS, "a nine-digit ZIP code not ending in 0000 or 9999", full_zip),
)
