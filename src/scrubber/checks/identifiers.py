"""Identifiers with a published shape or check digit."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import attrs

from scrubber.checks.answers import Blank, Unknown
from scrubber.checks.contract import Finder, Predicate
from scrubber.claim import Provider
from scrubber.facts import ClaimFacts, ProviderFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import TableSet

_TEXTS = frozenset({FieldType.CODE, FieldType.TEXT})

_NPI_PREFIX_SUM = 24
"""What the constant prefix 80840 adds to the Luhn sum of an NPI (CMS NPI check digit standard)."""

_MBI_LETTER = "[AC-HJKMNP-RT-Y]"
_MBI_EITHER = "[AC-HJKMNP-RT-Y0-9]"
_MBI = re.compile(f"[1-9]{_MBI_LETTER}{_MBI_EITHER}[0-9]{_MBI_LETTER}{_MBI_EITHER}[0-9]{_MBI_LETTER}{{2}}[0-9]{{2}}")
_HICN = re.compile(r"[0-9]{9}[A-Z][A-Z0-9]?|[A-Z]{1,3}(?:[0-9]{6}|[0-9]{9})")
"""Claim account number and one or two characters of the kind of beneficiary; railroad: letters first."""

_POST_BOX = re.compile(
    r"\bP(?:\.\s*|\s+)[O0](?:\.\s*|\s*)(?:BOX|BX)(?![A-Z])"  # P.O. Box, P O BOX
    r"|\bP[O0](?:\.\s*|\s+)(?:BOX|BX)(?![A-Z])"  # PO Box
    r"|\bP\.?\s*[O0]\.?\s*B(?:OX|X)?\.?[\s#:]*[0-9]"  # POBOX 12, POB 12, P.O.B. 12
    r"|\bPOST\s+OFFICE\s+(?:BOX|BX)(?![A-Z])|\bLOCK\s*BOX(?![A-Z])|\bLOCK\s+BIN(?![A-Z])",
    re.IGNORECASE,
)


@lru_cache(maxsize=16_384)  # a public number, given by claim after claim
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


@lru_cache(maxsize=4096)
def taxonomy(text: str) -> bool:
    """Ten letters or digits that end in X (NUCC Health Care Provider Taxonomy)."""
    return len(text) == 10 and text.isascii() and text.isalnum() and text[-1] in "Xx"


def mbi(text: str) -> bool:
    """The Medicare Beneficiary Identifier (CMS, "Understanding the MBI format"), dashes and case ignored."""
    return _MBI.fullmatch(_plain(text)) is not None


def medicare_number(text: str) -> bool:
    """An MBI, or the health insurance claim number that Medicare took until 2019-12-31."""
    return mbi(text) or _HICN.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    return text.replace("-", "").replace(" ", "").upper()


def clia(text: str) -> bool:
    """A CLIA number: two digits, D, seven digits (CMS Claims Processing Manual, chapter 16, section 70)."""
    return re.fullmatch(r"[0-9]{2}[Dd][0-9]{7}", text) is not None


def street_address(text: str) -> bool:
    """A street line that is no post office box or lock box (837 2010AA N301)."""
    return _POST_BOX.search(text) is None


_street_of_provider = lru_cache(maxsize=1024)(street_address)
"""The same, kept for the billing providers' addresses: one file names few, claim after claim."""


def full_zip(text: str) -> bool:
    """A nine-digit ZIP code whose last four digits say something (837 2010AA N403)."""
    digits = text.replace("-", "").replace(" ", "")
    return len(digits) == 9 and digits.isascii() and digits.isdigit() and digits[5:] not in ("0000", "9999")


@attrs.frozen
class ProviderNumbers:
    """The numbers of a provider that no earlier provider of the same role has given already."""

    npi: str | None
    taxonomy: str | None


def provider_numbers(facts: ClaimFacts, item: ProviderFacts, tables: TableSet) -> ProviderNumbers | Provider:
    """The NPI and the taxonomy, each blank where it was looked at before: one fault in a role is told once.

    A provider without another of the same role before it says both itself.
    """
    first = True
    npi, taxonomy = item.raw.npi, item.raw.taxonomy
    for other in facts.providers:
        if other is item:
            break
        if other.role == item.role:
            first = False
            npi = None if other.raw.npi == npi else npi
            taxonomy = None if other.raw.taxonomy == taxonomy else taxonomy
    return item.raw if first else ProviderNumbers(npi, taxonomy)


@attrs.frozen
class AddressFault:
    """What is wrong with an address; `says` reads on from "the billing provider's". Never holds the address."""

    says: str
    street: bool


def address_fault(facts: ClaimFacts, item: ProviderFacts, tables: TableSet) -> AddressFault | Unknown | None:
    """A billing street line that is a post office box, or a billing or facility ZIP code of fewer than nine digits.

    A postal code with letters is a foreign one and has no nine digits (837 2010AA, 2310C and 2310E, N3 and N4). The
    pay-to address may be a box.
    """
    if item.role not in ("billing_provider", "service_facility"):
        return None
    street, zip_code = _street_and_zip(item.raw)
    if not _is_first(facts, item, lambda other: _street_and_zip(other.raw) == (street, zip_code)):
        return None
    faults: list[str] = []
    billing = item.role == "billing_provider"
    box = billing and street is not None and not _street_of_provider(street)
    if box:
        faults.append("street line is a post office box or lock box")
    if zip_code is not None and not full_zip(zip_code) and not any(part.isalpha() for part in zip_code):
        faults.append("ZIP code is not the full nine digits")
    if faults:
        return AddressFault(" and its ".join(faults), box)
    if billing and street is None:
        return Blank("billing_provider.address.line1")
    return Blank(f"{item.path}.zip") if zip_code is None else None


def _addresses_are_usable(facts: ClaimFacts) -> bool:
    """Whether the addresses of the claim, and no other, are there and without a fault."""
    claim = facts.claim
    street, zip_code = _street_and_zip(claim.billing_provider)
    if street is None or zip_code is None or not (_street_of_provider(street) and full_zip(zip_code)):
        return False
    facility = claim.service_facility
    if facility is not None:
        _, zip_code = _street_and_zip(facility)
        if zip_code is None or not full_zip(zip_code):
            return False
    for line in claim.lines:  # noqa: SIM110 - asked of every claim
        if line.service_facility is not None:
            return False
    return True


def _street_and_zip(provider: Provider) -> tuple[str | None, str | None]:
    address = provider.address
    if address is None:
        return None, provider.zip
    return address.line1, address.zip or provider.zip


def _is_first(facts: ClaimFacts, item: ProviderFacts, same: Callable[[ProviderFacts], bool]) -> bool:
    """Whether no provider of the same role before this one is the same in this respect."""
    for other in facts.providers:
        if other is item:
            break
        if other.role == item.role and same(other):
            return False
    return True


PREDICATES = (
    Predicate("npi", _TEXTS, "ten digits, first 1 or 2, with a right check digit", npi),
    Predicate("tax_id", _TEXTS, "nine digits, not all equal, not beginning with 00", tax_id),
    Predicate("taxonomy", _TEXTS, "ten letters or digits ending in X", taxonomy),
    Predicate("mbi", _TEXTS, "a Medicare beneficiary identifier by its published pattern", mbi),
    Predicate("medicare_number", _TEXTS, "an MBI, or the claim number Medicare took until 2019", medicare_number),
    Predicate("clia_number", _TEXTS, "two digits, D, seven digits", clia),
    Predicate("street_address", _TEXTS, "a street line, not a post office box or lock box", street_address),
    Predicate("full_zip", _TEXTS, "a nine-digit ZIP code not ending in 0000 or 9999", full_zip),
)

_PROVIDER = frozenset({ScopeKind.PROVIDER})

FINDERS = (
    Finder(
        "provider_numbers",
        _PROVIDER,
        {"npi": FieldType.CODE, "taxonomy": FieldType.CODE},
        "the NPI and the taxonomy of a provider, blank where an earlier provider of the same role has the same",
        provider_numbers,
        sees=frozenset({"role", "npi", "taxonomy"}),
    ),
    Finder(
        "address_fault",
        _PROVIDER,
        {"says": FieldType.TEXT, "street": FieldType.FLAG},
        "what is wrong with the address of the billing provider or the service facility",
        address_fault,
        silent_on=_addresses_are_usable,
    ),
)
