"""Claims for tests that read well: what a test is about is written, everything else is valid and adds up.

    a_claim(diagnoses=["E11.9"], lines=[a_line("99213", "25"), a_line("83036")])
    an_institutional_claim(type_of_bill="0111", lines=[a_line(revenue_code="0120", units=3)])
    a_dental_claim(lines=["D0120", "D1110"])

Beside the keys of the claim as JSON stand those of the shorthand of rule tests (`sex`, `age`, `payer="medicare"` …).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import msgspec

from scrubber.claim import Claim
from scrubber.readers.mapping import OTHER_KEYS
from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import FACILITY_PLACES, is_laboratory, is_ordered
from scrubber.testing.shorthand import (
    DEFAULT_DAY,
    RENDERING_NPI,
    SAMPLE_MBI,
    ShorthandError,
    claim_from_shorthand,
    mapping_from_shorthand,
    payer_of,
)

Line = dict[str, Any]
"""A line in the shape of the JSON claim."""

_FAMILY_PHYSICIAN, _DENTIST = "207Q00000X", "122300000X"
_CLIA = "11D1234567"
_DAYS_TO_RECEIPT = timedelta(days=7)
_SHORT = {
    "diagnoses": "dx",
    "day": "dos",
    "place_of_service": "pos",
    "type_of_bill": "tob",
    "statement_from": "from",
    "statement_to": "to",
    "admission_date": "admission",
    "discharge_status": "status",
    "clia_number": "clia",
}
"""Keys of the claim that the shorthand knows by another name, and makes more of than the one field."""


def a_claim(
    *,
    diagnoses: Sequence[Any] | None = None,
    lines: Sequence[str | Line] | None = None,
    day: date | str | None = None,
    **fields: Any,
) -> Claim:
    """A professional claim: an office visit for I10, unless the test says otherwise.

    `lines` are made by `a_line`, or written as rule tests write them ("99213-25 x1"). `day` is the day of service of
    every line that names none. `fields` are keys of the JSON claim; one that is a mapping is laid over what is there.

    Raises:
        ShorthandError: a key or a value is none that a claim has; it names the nearest one.
    """
    return _made("professional", diagnoses, lines, day, fields)


def an_institutional_claim(
    *,
    diagnoses: Sequence[Any] | None = None,
    lines: Sequence[str | Line] | None = None,
    day: date | str | None = None,
    **fields: Any,
) -> Claim:
    """A hospital's claim: an outpatient visit (type of bill 0131), unless the test says otherwise. As `a_claim`.

    `type_of_bill`, `statement_from` and `statement_to` bring the fields that belong to them.
    """
    return _made("institutional", diagnoses, lines, day, {"type_of_bill": "0131", **fields})


def a_dental_claim(
    *,
    diagnoses: Sequence[Any] | None = None,
    lines: Sequence[str | Line] | None = None,
    day: date | str | None = None,
    **fields: Any,
) -> Claim:
    """A dentist's claim: an examination, unless the test says otherwise. As `a_claim`."""
    return _made("dental", diagnoses, lines, day, fields)


FORMS: Mapping[str, Callable[..., Claim]] = {
    "professional": a_claim,
    "institutional": an_institutional_claim,
    "dental": a_dental_claim,
}


def a_line(
    procedure: str | None = None, *modifiers: str, units: Any = 1, charge: Any = "100.00", **fields: Any
) -> Line:
    """One service for `lines` of a claim: `a_line("99213", "25")`. `fields` are keys of the line of the JSON claim.

    The line has the day of its claim and points to the first diagnosis, unless it says otherwise.
    """
    own = {"procedure": procedure, "modifiers": list(modifiers), "units": units, "charge": charge}
    return {key: value for key, value in _plain({**own, **fields}).items() if (key, value) != ("procedure", None)}


def an_npi(seed: object = 1) -> str:
    """A provider number with its check digit, the same for the same seed; it belongs to nobody in particular."""
    return Chance("npi", seed).npi()


def a_medicare_number(seed: object = 1) -> str:
    """A Medicare beneficiary number in CMS's pattern, the same for the same seed."""
    return Chance("mbi", seed).mbi()


def as_mapping(claim: Claim) -> dict[str, Any]:
    """A claim as a mapping with the keys of the JSON claim, what is blank left out."""
    mapping: dict[str, Any] = _as_plain(claim)
    return mapping


def as_json(*claims: Claim) -> str:
    """Claims as JSON, one per line."""
    return "".join(msgspec.json.encode(as_mapping(claim)).decode() + "\n" for claim in claims)


def _made(
    form: str,
    diagnoses: Sequence[Any] | None,
    lines: Sequence[str | Line] | None,
    day: date | str | None,
    fields: Mapping[str, Any],
) -> Claim:
    given = {
        key: value for key, value in (("diagnoses", diagnoses), ("lines", lines), ("day", day)) if value is not None
    }
    given |= fields
    both = [(key, short) for key, short in _SHORT.items() if key in given and short in given]
    if both:
        raise ShorthandError(f"{both[0][0]} and {both[0][1]} are the same.", hint="Give one of them.")
    short = {"form": form, **{_SHORT.get(key, key): _plain(value) for key, value in given.items()}}
    payer = short.get("payer", "commercial")
    kind = payer.get("kind", "commercial") if isinstance(payer, dict) else payer
    if isinstance(payer, dict):
        short["payer"] = {**payer_of(kind), **payer}
        if kind == "medicare":
            short.setdefault("member_id", SAMPLE_MBI)
    for key, value in _rest(form, kind, short).items():
        own = short.get(key, value)
        short[key] = {**value, **own} if isinstance(value, dict) and isinstance(own, dict) else own
    return claim_from_shorthand(short)


def _rest(form: str, payer_kind: object, short: Mapping[str, Any]) -> dict[str, Any]:
    """What the shorthand leaves open and a payer wants to know."""
    rest: dict[str, Any] = {"payer_sequence": "primary"}
    last = _last_day(short)
    if last is not None:
        rest["receipt_date"] = (last + _DAYS_TO_RECEIPT).isoformat()
    if payer_kind in ("auto", "workers_comp"):
        auto = payer_kind == "auto"
        rest["accident"] = {"auto": auto, "employment": not auto, "date": short.get("dos", DEFAULT_DAY)}
        if auto:
            rest["accident"]["state"] = "FL"
        rest["property_casualty_number"] = "PC123456"
    if form == "institutional":
        return rest
    rest["rendering_provider"] = {
        "npi": RENDERING_NPI,
        "taxonomy": _DENTIST if form == "dental" else _FAMILY_PHYSICIAN,
        "entity": "person",
    }
    codes = [str(line.get("procedure") or "") for line in mapping_from_shorthand(short)["lines"]]
    if any(map(is_ordered, codes)) and "ordering" not in short:
        rest["ordering_provider"] = {"npi": RENDERING_NPI, "entity": "person"}
    if any(map(is_laboratory, codes)) and "clia" not in short:
        rest["clia"] = _CLIA
    if short.get("pos") in FACILITY_PLACES:
        rest["service_facility"] = {"npi": an_npi("facility"), "name": "GENERAL HOSPITAL", "zip": "331311234"}
    return rest


def _last_day(short: Mapping[str, Any]) -> date | None:
    """The last day of service that is written down."""
    days = [short.get(key) for key in ("dos", "from", "to")]
    if not any(days):
        days = [DEFAULT_DAY]
    for line in short.get("lines") or ():
        if isinstance(line, dict):
            days += [line.get("service_date"), line.get("service_date_end")]
    try:
        return max(date.fromisoformat(day) for day in days if day)
    except (TypeError, ValueError):
        return None


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, date | Decimal):
        return str(value)
    if isinstance(value, float):
        raise ShorthandError(f"{value!r} is a number with a point.", hint="Write it as text or as a Decimal.")
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if attrs.has(type(value)):  # a part of another claim
        return _as_plain(value)
    if isinstance(value, list | tuple | Iterator):
        return [_plain(item) for item in value]
    return value


def _as_plain(value: Any) -> Any:
    if attrs.has(type(value)):
        names = OTHER_KEYS.get(type(value), {})
        fields = (
            (names.get(field.name, field.name), getattr(value, field.name)) for field in attrs.fields(type(value))
        )
        told = ((key, _as_plain(item)) for key, item in fields if key != "origin" and item is not None and item != ())
        return {key: item for key, item in told if item != {}}
    if isinstance(value, tuple):
        return [_as_plain(item) for item in value]
    return str(value) if isinstance(value, date | Decimal) else value
