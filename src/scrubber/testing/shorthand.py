"""Claims in shorthand: what a test is about is written, everything else is filled with something valid.

    {dos: 2024-03-01, sex: F, age: 40, dx: [E11.9], lines: ["99213-25 x1 dx=A", "93000"], payer: medicare}

A line reads `[revenue] CODE-MOD-MOD xUNITS @DATE..DATE key=value …` with the keys of `LINE_KEYS`; `key=` alone leaves
the field blank, and `times=51` repeats the line. Every key of the JSON claim may stand beside the shorthand keys and
replaces what they would give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import repeat
from typing import Any

import attrs

from scrubber.claim import Claim, Origin, StructuralFault
from scrubber.errors import ScrubberError, nearest
from scrubber.readers.mapping import claim_from_mapping
from scrubber.readers.x12.faults import VARIANTS
from scrubber.rules import keys
from scrubber.rules.days import guess_day, iso_day, no_day

DEFAULT_DAY = "2026-03-02"
SHORTHAND_KEYS = tuple(keys.SHORTHAND)
"""Keys with a meaning of their own; all others are keys of the JSON claim."""

LINE_KEYS = {
    "charge": "charge", "min": "minutes", "pos": "place_of_service", "rev": "revenue_code", "tooth": "tooth",
    "surf": "surfaces", "area": "oral_cavity", "ndc": "ndc", "ndc_unit": "ndc_unit", "ndc_quantity": "ndc_quantity",
    "unit": "unit", "noncovered": "noncovered_charge", "number": "number", "description": "description",
}  # fmt: skip

BILLING_NPI = "1234567893"
RENDERING_NPI = "1003000126"
"""CMS's own sample number for the NPI check digit, and another that passes it."""
SAMPLE_MBI = "1EG4TE5MK73"
"""CMS's own sample of a Medicare beneficiary identifier."""

_LINE_PART = re.compile(
    r"x(?P<units>-?[0-9.]*)|@(?P<first>[0-9-]+)(\.\.(?P<last>[0-9-]+))?|(?P<key>[a-z_]+)=(?P<value>.*)"
)
_RUN_TOGETHER = re.compile(r"([0-9A-Z][0-9]{3}[0-9A-Z])(?:(x[0-9]+)|([A-Z]{2}))")
"""A procedure with its units or its modifier, and nothing between them."""
_TIMES = re.compile(r" times=(?P<times>[1-9][0-9]{0,5})\b")
MOST_LINES = 9_999
"""More lines than these a test cannot ask for; the largest claim has 999."""
_ADDRESS = {"line1": "100 MAIN ST", "city": "MIAMI", "state": "FL", "zip": "331311234"}


_SEE = "The page on the rule language has the shorthand of tests."


class ShorthandError(ScrubberError):
    """A shorthand claim that cannot be understood."""


def claim_from_shorthand(short: Mapping[str, Any]) -> Claim:
    """The claim that a shorthand stands for.

    Raises:
        ShorthandError: a part is not understood; it names the part.
    """
    try:
        mapping = mapping_from_shorthand(short)
        faults = tuple(_fault(entry) for entry in _list(short, "faults", []))
    except (AttributeError, TypeError, ValueError):
        raise ShorthandError("a value has another shape than its key asks for.", hint=_SEE) from None
    claim = claim_from_mapping(mapping)
    problems = claim.origin.problems if claim.origin else ()
    if problems:
        problem = problems[0]
        raise ShorthandError(
            f"{problem.field}: {problem.message}." if problem.field else f"{problem.message}.", hint=problem.hint
        )
    return attrs.evolve(claim, origin=attrs.evolve(claim.origin or Origin(), faults=faults)) if faults else claim


def as_of_from_shorthand(short: Mapping[str, Any]) -> date | None:
    """What stands for today in a shorthand claim."""
    text = short.get("as_of")
    return _day(text, "as_of") if text else None


def mapping_from_shorthand(short: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON claim, as a mapping, that a shorthand stands for."""
    form = short.get("form") or ("institutional" if "tob" in short else "professional")
    for key in ("dos", "from", "to", "admission", "born"):
        if short.get(key):
            _day(short[key], key)
    day = short.get("dos") or short.get("from") or DEFAULT_DAY
    claim: dict[str, Any] = {"claim_id": "TEST", "form": form, "frequency": "1"}
    claim |= _parties(short, day)
    if form == "institutional":
        claim |= _institutional(short, day)
    else:
        claim["place_of_service"] = _text(short.get("pos", "11"))
        claim["rendering_provider"] = {"npi": RENDERING_NPI}
        for key in ("ordering", "referring"):
            if short.get(key):
                claim[f"{key}_provider"] = {"npi": short[key]}
    default_dx = [] if form == "dental" else ["I10"]
    claim["diagnoses"] = [_diagnosis(entry) for entry in _list(short, "dx", default_dx)]
    claim["lines"] = _lines(short, form, claim, day)
    charges = [line.get("charge") for line in claim["lines"] if line.get("revenue_code") != "0001"]
    try:
        claim["total_charge"] = f"{sum((Decimal(charge) for charge in charges if charge), Decimal('0.00')):f}"
    except InvalidOperation:
        claim["total_charge"] = None
    if short.get("clia"):
        claim["clia_number"] = short["clia"]
    own = {key: _typed(key, value) for key, value in short.items() if key not in SHORTHAND_KEYS}
    for key, value in own.items():
        default = claim.get(key)
        claim[key] = {**default, **value} if isinstance(default, dict) and isinstance(value, dict) else value
    return claim


def _parties(short: Mapping[str, Any], day: str) -> dict[str, Any]:
    kind = short.get("payer", "commercial")
    payer = (kind or {}) if isinstance(kind, dict) or kind is None else payer_of(kind)
    member = SAMPLE_MBI if kind == "medicare" else "W123456789"
    patient: dict[str, Any] = {"sex": _text(short.get("sex", "F")), "birth_date": short.get("born", "1970-05-01")}
    if "age" in short:
        service = _day(day, "dos")
        patient["birth_date"] = _years_before(service, _years(short["age"])).isoformat()
    return {
        "payer": payer,
        "subscriber": {"member_id": _text(short.get("member_id", member)), "relationship": "self"},
        "patient": patient,
        "billing_provider": {
            "npi": _text(short.get("npi", BILLING_NPI)),
            "taxonomy": "261QM1300X",
            "tax_id": "583522358",
            "name": "CLINIC",
            "address": _ADDRESS,
        },
    }


def payer_of(kind: Any) -> dict[str, Any]:
    """A payer of a kind."""
    return {"id": "09102" if kind == "medicare" else "60054", "name": "PAYER", "kind": kind}


def _years(age: Any) -> int:
    try:
        return int(age)
    except (TypeError, ValueError):
        raise ShorthandError(f"age: {age!r} is no number of years.", hint="Write it as 70, or give `born`.") from None


def _years_before(day: date, years: int) -> date:
    """The birthday of somebody who has turned `years` on that very day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _institutional(short: Mapping[str, Any], day: str) -> dict[str, Any]:
    bill = _text(short.get("tob", "0131")) or ""
    first, last = short.get("from") or short.get("dos") or short.get("to") or day, short.get("to") or day
    claim: dict[str, Any] = {
        "type_of_bill": short.get("tob", "0131"),
        "frequency": bill[-1:] or None,
        "statement_from": first,
        "statement_to": last,
        "attending_provider": {"npi": RENDERING_NPI},
        "admission_type": "3",
        "admission_source": "1",
        "discharge_status": _text(short.get("status", "30" if bill[-1:] in ("2", "3") else "01")),
    }
    if bill.removeprefix("0")[:2] in ("11", "12", "18", "21", "22", "28", "41"):
        claim["admission_date"] = short.get("admission", first)
    elif "admission" in short:
        claim["admission_date"] = short["admission"]
    return claim


def _diagnosis(entry: Any) -> Any:
    """A code, `CODE/kind`, `CODE/kind/poa`, or a mapping."""
    if not isinstance(entry, str):
        return entry
    code, *rest = entry.split("/")
    diagnosis: dict[str, Any] = {"code": code or None}
    if rest and rest[0]:
        diagnosis["kind"] = rest[0]
    if len(rest) > 1:
        diagnosis["poa"] = rest[1]
    return diagnosis


def _lines(short: Mapping[str, Any], form: str, claim: Mapping[str, Any], day: str) -> list[dict[str, Any]]:
    bill = claim.get("type_of_bill") or ""
    inpatient = form == "institutional" and bill.removeprefix("0")[:2] in ("11", "18", "21", "28", "41")
    default = "0120" if inpatient else {"institutional": "0510 99213", "dental": "D0120"}.get(form, "99213")
    lines = []
    for number, entry in enumerate(_repeated(_list(short, "lines", [default])), 1):
        line = entry if isinstance(entry, dict) else _line(str(entry), form, number)
        filled: dict[str, Any] = {"number": number, "units": "1", "charge": "100.00", "modifiers": []}
        if not inpatient:
            filled["service_date"] = day
        if claim["diagnoses"] and form != "institutional":
            filled["diagnosis_pointers"] = [1]
        lines.append({**filled, **{key: _typed(key, value) for key, value in line.items()}})
    return lines


def _repeated(entries: list[Any]) -> Iterator[Any]:
    """The entries, one that says `times=51` as often as that."""
    for entry in entries:
        found = _TIMES.search(entry) if isinstance(entry, str) else None
        if found is None:
            yield entry
        elif int(found["times"]) > MOST_LINES:
            raise ShorthandError(f"{found['times']} lines are more than any claim has.", hint=_SEE)
        else:
            yield from repeat(_TIMES.sub("", entry), int(found["times"]))


def _line(text: str, form: str, number: int) -> dict[str, Any]:
    line: dict[str, Any] = {}
    parts = text.split()
    if parts and form == "institutional" and re.fullmatch("[0-9]{4}", parts[0]):
        line["revenue_code"] = parts.pop(0)
    if parts and not _LINE_PART.fullmatch(parts[0]):
        if form != "dental" and (run := _RUN_TOGETHER.fullmatch(parts[0])):
            right = f"{run[1]} {run[2]}" if run[2] else f"{run[1]}-{run[3]}"
            raise ShorthandError(f"line {number}: {parts[0]!r} is not a procedure.", hint=f"Write {right}.")
        code, *modifiers = parts.pop(0).split("-")
        line |= {"procedure": code or None, "modifiers": modifiers}
    for part in parts:
        found = _LINE_PART.fullmatch(part)
        if found is None:
            hint = f"Write the units as x{part}, without a blank." if part.isdecimal() else _SEE
            if re.fullmatch("[A-Z0-9]{2}", part) and line.get("procedure"):
                hint = f"Write {'-'.join([line['procedure'], *line['modifiers'], part])}, if it is a modifier."
                hint += f" Units are x{part}." if part.isdecimal() else ""
            raise ShorthandError(f"line {number}: {part!r} is not understood.", hint=hint)
        if found["units"] is not None:
            line["units"] = found["units"] or None
        elif found["first"] is not None:
            line["service_date"] = found["first"]
            if found["last"]:
                line["service_date_end"] = found["last"]
        else:
            line |= _line_value(found["key"], found["value"] or None, number)
    return line


def _line_value(key: str, value: str | None, number: int) -> dict[str, Any]:
    if key == "dx":
        return {"diagnosis_pointers": [ord(letter) - ord("A") + 1 for letter in value or ""]}
    if key == "pointers":
        return {"diagnosis_pointers": [int(part) for part in (value or "").split(",") if part]}
    if key == "date":
        return {"service_date": value}
    if key == "npi":
        return {"rendering_provider": {"npi": value}}
    if key not in LINE_KEYS:
        known = [*LINE_KEYS, "dx", "pointers", "date", "npi", "times"]
        close = nearest(key, known)
        hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(known)}."
        raise ShorthandError(f"line {number}: there is no key {key!r}.", hint=hint)
    return {LINE_KEYS[key]: value}


def _fault(entry: Mapping[str, Any]) -> StructuralFault:
    """A fault that the 837 reader reports: `{edit: EDI102, variant: segment-count, codes: [...]}`."""
    edit, variant = str(entry.get("edit")), str(entry.get("variant"))
    meaning = VARIANTS.get(edit, {}).get(variant)
    if meaning is None:
        raise ShorthandError(f"the 837 reader reports no fault {edit} {variant}.", hint="See its table of variants.")
    return StructuralFault(
        edit=edit, variant=variant, text=entry.get("text", f"{meaning}."), codes=tuple(entry.get("codes", ()))
    )


def _list(short: Mapping[str, Any], key: str, default: list[Any]) -> list[Any]:
    value = short.get(key, default)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> Any:
    return None if value in ("", None) else value


def _day(text: Any, key: str) -> date:
    day = iso_day(str(text))
    if day is None:
        guess = guess_day(str(text))
        raise ShorthandError(f"{key}: {text!r} is not a date.", hint=guess.hint if guess else no_day(str(text)))
    return day


_NUMBERS = frozenset({"age_years", "number", "line"})
_FLAGS = frozenset({"employment", "auto", "other", "predetermination"})


def _typed(key: str, value: Any) -> Any:
    """Text as the JSON claim wants it: whole numbers, true and false, and empty text for blank."""
    if isinstance(value, dict):
        return {name: _typed(name, item) for name, item in value.items()}
    if isinstance(value, list):
        return [_typed(key, item) for item in value]
    if value == "":
        return None
    if isinstance(value, str) and (key in _NUMBERS or key == "diagnosis_pointers") and value.lstrip("-").isdigit():
        return int(value)
    if key in _FLAGS and value in ("true", "false"):
        return value == "true"
    return value
