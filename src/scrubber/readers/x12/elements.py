"""What the elements of each segment may hold: length, type and, where the guides name them, codes.

One line per segment, in a small notation: an element is `MIN-MAX` characters (`MAX` alone: exactly so many), with `R`
before it a decimal, `N` an integer, `D` a date and `T` a time, `=A|B` its codes, `!` after it required (`!5`: not in
004010), `-` anything. A composite is its components in parentheses. A list of lines are alternatives by the first
element. Loops and their order stand in `structure`; the dates of claims are checked where they are read.

From these lines one regular expression per segment is made for the separators of the interchange: a segment that it
matches has nothing to report, and only the others are looked at element by element.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import attrs

from scrubber.claim import StructuralFault
from scrubber.readers.x12.blanks import blank_of_element
from scrubber.readers.x12.draft import Draft
from scrubber.readers.x12.faults import fault, place, shown
from scrubber.readers.x12.loops import UNKNOWN, Segment
from scrubber.readers.x12.tokens import Delimiters
from scrubber.readers.x12.values import day_of
from scrubber.readers.x12.wording import element_in_words

_FILING = "11|12|13|14|15|16|17|AM|BL|CH|CI|DS|FI|HM|LM|MA|MB|MC|OF|TV|VA|WC|ZZ"
_RELATED = "01|18|19|20|21|39|40|53|G8"
_PROVIDER = "1=1|2! 0-60 0-35 0-25 - 0-10 2=XX 2-80"
_PROCEDURE = "(2={}!,1-48!,2,2,2,2,0-80,0-48)"
_CODE = "(1-3!,1-30!,2-3,1-35,R1-18,-,-,-,1=N|U|W|Y|1)"
_POINTERS = "(N1-2,N1-2,N1-2,N1-2)"
_TRIPLE = " 1-5 R1-18 R1-15"

ELEMENTS: dict[str, str | list[str]] = {
    "BHT": "4=0019! 2=00|18! 1-50! D8! T4-8! 2=CH|RP|31!",
    "NM1": [
        "2=41|40! 1=1|2! 1-60! 0-35 0-25 - - 2=46! 2-80!",
        "2=IL! 1=1|2! 1-60! 0-35 0-25 - 0-10 2=MI|II 2-80",
        "2=QC! 1=1! 1-60!5 0-35 0-25 - 0-10 2=MI|II 2-80",
        "2=PR|PE! 1=2! 1-60! - - - - 2=PI|XV! 2-80!",
        f"2=82|85|QB! {_PROVIDER}",
        f"2=DN|P3|DQ|DK|71|72|ZZ|DD! {_PROVIDER.replace('1=1|2', '1=1')}",
        f"2=77! {_PROVIDER.replace('1=1|2', '1=2')}",
        "2=87! 1=1|2! - - - - - - -",
        "2=PW|45! 1=2! 0-60 - - - - - -",
    ],
    "N3": "1-55! 0-55",
    "N4": "2-30!5 2 3-15 2-3 - 0-30 1-3",
    "REF": "2-3! 1-50! 0-80 (2-3,1-50,2-3,1-50,2-3,1-50)",
    "PER": "2=IC! 0-60 2! 1-256! 2 1-256 2 1-256",
    "PRV": "2=BI|PE|AT! 2-3=PXC! 1-50!",
    "SBR": f"1=A|B|C|D|E|F|G|H|P|S|T|U! 2={_RELATED} 0-50 0-60 2=12|13|14|15|16|41|42|43|47 - - - 2={_FILING}",
    "PAT": f"2={_RELATED} - - - 2=D8 8 2=01 R1-10 1=Y",
    "DMG": "2=D8! 8! 1=F|M|U! - - - - - - - -",
    "CUR": "2=85! 3!",
    "CLM": (
        "1-38! R1-18! - - (1-2!,1,1!)! 1=N|Y 1=A|B|C 1=N|W|Y 1=I|Y 1=P"
        " (2=AA|EM|OA,2=AA|EM|OA,2=AA|EM|OA,2,2-3) 2=02|03|05|09 - - - - - - 2 1-2"
    ),
    "DTP": "3! 2-3=D8|RD8|DT|TM! 4-35!",
    "CL1": "1!5 1 1-2!5 1",
    "PWK": "2! 1-2! - - 2=AC 2-80",
    "CN1": "2=01|02|03|04|05|06|09! R1-18 R1-6 1-50 R1-6 1-30",
    "AMT": "1-3! R1-18! -",
    "K3": "1-80!",
    "NTE": "3! 1-80!",
    "CR1": "2=LB R1-10 - 1! 2=DH! R1-15! - - 1-80 1-80",
    "CR2": "- - - - - - - 1! - 1-80 1-80 -",
    "CR3": "1=I|R|S! 2=MO! R1-15!",
    "CRC": "2! 1=N|Y! 2-3! 2-3 2-3 2-3 2-3",
    "HI": f"{_CODE}!" + f" {_CODE}" * 11,
    "HCP": "2! R1-18! R1-18 1-50 R1-9 1-50 R1-18 - - - 2=DA|UN|MJ R1-15 2 1 1",
    "LX": "N1-6!",
    "SV1": f"{_PROCEDURE.format('HC|ER|IV|WK')}! R1-18! 2=MJ|UN! R1-15! 1-2 - {_POINTERS} - 1=Y - 1=Y 1=Y - - 1=0",
    "SV2": f"1-48! {_PROCEDURE.format('HC|ER|IV|WK|HP')} R1-18! 2=DA|UN! R1-15! - R1-18",
    "SV3": (
        f"{_PROCEDURE.format('AD')}! R1-18! 1-2 (1-3,1-3,1-3,1-3,1-3) 1=I|R R1-15 - - - - {_POINTERS}"
    ),
    "SV5": f"{_PROCEDURE.format('HC')}! 2=DA! R1-15! R1-18!5 R1-18!5 1=1|4|6!5",
    "TOO": "2=JP! 1-30!5 (1-2,1-2,1-2,1-2,1-2)",
    "DN1": "R1-15 R1-15 1 -",
    "DN2": "1-50! 1-2! - - - 2=JP",
    "LIN": "- 2! 1-48!",
    "CTP": "- - - R1-15! (2!)!",
    "SVD": f"2-80! R1-18! {_PROCEDURE.format('HC|ER|IV|WK|HP|AD')} 1-48 R1-15! N1-6",
    "CAS": "2=CO|CR|OA|PI|PR! 1-5! R1-18! R1-15" + _TRIPLE * 5,
    "OI": "- - 1=N|W|Y! 1=P - 1=I|Y!",
    "MOA": "R1-10 R1-18 1-50 1-50 1-50 1-50 1-50 R1-18 R1-18",
    "QTY": "2! R1-15!",
    "MEA": "2! 1-3! R1-20!",
    "PS1": "1-50! R1-18!",
    "LQ": "1-3! 1-30!",
    "FRM": "1-20! 1=N|W|Y 1-50 D8 R1-6",
}  # fmt: skip

_ANY_NAME = 4
"""The alternative of NM1 that asks for least: 004010 has entity codes that are not listed here."""

_JUDGED = frozenset(("DMG03", "SBR02", "PAT01"))
"""Elements whose code a rule about the claim judges too, as a field that is blank or not valid."""


@attrs.frozen
class Element:
    """One element or component: its length, type, codes, and whether it is required."""

    least: int
    most: int
    kind: str = ""
    codes: tuple[str, ...] = ()
    required: bool = False
    lately: bool = False
    """Required since 005010."""
    parts: tuple[Element, ...] = ()
    free: bool = False

    def needed(self, old: bool) -> bool:
        """Whether it must be there; `old`: in 004010."""
        return self.required and not (old and self.lately)


@attrs.frozen
class Oddity:
    """What is wrong with one element: `element` as in "NM103" or "SV101-2"; `of` is what holds too many."""

    element: str
    variant: str
    what: str
    codes: tuple[str, ...] = ()
    of: str = ""


_ONE = re.compile(r"([RNDT]?)(\d+)(?:-(\d+))?(?:=([^!]+))?(!5?)?")


def _element(text: str) -> Element:
    if text == "-":
        return Element(0, 999, free=True)
    if text.startswith("("):
        body, _, mark = text.rpartition(")")
        return Element(0, 999, required=mark == "!", parts=tuple(_element(part) for part in body[1:].split(",")))
    found = _ONE.fullmatch(text)
    assert found is not None, text
    kind, least, most, codes, mark = found.groups()
    chosen = tuple(codes.split("|")) if codes else ()
    return Element(max(1, int(least)), int(most or least), kind, chosen, bool(mark), mark == "!5")


@lru_cache(maxsize=1)
def specifications() -> dict[str, list[list[Element]]]:
    """The notation above, read: for each segment its alternatives, each a list of elements."""
    return {
        name: [[_element(word) for word in line.split()] for line in ([lines] if isinstance(lines, str) else lines)]
        for name, lines in ELEMENTS.items()
    }


Match = Callable[[str], object]


@lru_cache(maxsize=16)
def matchers(delimiters: Delimiters, old: bool) -> dict[str, Match]:
    """By segment identifier, what matches the text of a segment that has nothing to report. `old`: 004010."""
    found: dict[str, Match] = {}
    for name, alternatives in specifications().items():
        by_code = len(alternatives) > 1
        ways = "|".join(_pattern(way, delimiters, old, way[0] if by_code else None) for way in alternatives)
        found[name] = re.compile(f"{name}(?:{ways})").fullmatch
    return found


_WHEN = {
    "D": r"\d{4}(?:(?:0[1-9]|1[0-2])(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)",
    "T": r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?",
}
"""Dates CCYYMMDD, but for a 29th of February, which is then looked at alone; times HHMM to HHMMSSDD."""


def _pattern(elements: list[Element], delimiters: Delimiters, old: bool, chooses: Element | None) -> str:
    """A regular expression for the elements of one segment; what is optional at its end may be left out.

    `chooses` is the first element where its code tells this alternative from others.
    """
    refused = re.escape(delimiters.element + delimiters.component + (delimiters.repetition or ""))
    separator, component = re.escape(delimiters.element), re.escape(delimiters.component)

    def value(element: Element) -> str:
        if element.parts:
            return _sequence([value(part) for part in element.parts], element.parts, component, leading="")
        if element.free:
            return rf"[^{refused}]*+"
        if element.codes and (not old or element is chooses):
            return "(?:" + "|".join(map(re.escape, sorted(element.codes, key=len, reverse=True))) + ")"
        if element.kind in _WHEN:
            return _WHEN[element.kind]
        if element.kind:
            point = r"(?:\.\d*)?" if element.kind == "R" else ""
            return rf"-?(?:\d{{1,{element.most}}}{point}|\.\d+)" if point else rf"\d{{1,{element.most}}}"
        return rf"[^{refused}]{{{element.least},{element.most}}}+"

    def _sequence(values: list[str], parts: tuple[Element, ...] | list[Element], between: str, leading: str) -> str:
        text = ""
        for index in range(len(parts) - 1, -1, -1):
            part, start = parts[index], between if index else leading
            own = values[index] if part.needed(old) else f"(?:{values[index]})?+"
            rest_needed = any(later.needed(old) for later in parts[index + 1 :])
            follows = text if rest_needed or not text else f"(?:{text})?+"
            text = start + own + follows
        return text

    body = _sequence([value(element) for element in elements], elements, separator, leading=separator)
    optional = not any(element.needed(old) for element in elements)
    return f"(?:{body})?" if optional else body


def oddities(segment: Segment, delimiters: Delimiters, old: bool) -> Iterator[Oddity]:
    """What is wrong with the elements of a segment, one by one."""
    alternatives = specifications()[segment[0]]
    first = segment[1] if len(segment) > 1 else ""
    other = alternatives[_ANY_NAME] if old and len(alternatives) > 1 and first else alternatives[0]
    elements = next((way for way in alternatives if first in way[0].codes), other)
    name = segment[0]
    for index, element in enumerate(elements, 1):
        text = segment[index] if len(segment) > index else ""
        yield from _oddity(f"{name}{index:02d}", text, element, delimiters, old)
    if any(segment[len(elements) + 1 :]) and not old:
        yield Oddity(
            f"{name}{len(elements) + 1:02d}",
            "too-many-elements",
            f"has {len(segment) - 1} elements, not {len(elements)}",
            of=name,
        )


def element_faults(draft: Draft) -> list[StructuralFault]:
    """The faults of the elements of a claim's suspect segments, but for those that reading them has shown."""
    known = {(at["segment"], at["element"]) for at in (f.position for f in draft.faults) if at is not None}
    found = []
    for loop, segment in draft.suspects:
        if segment[0] not in ELEMENTS or loop.id == UNKNOWN or (loop.id == "2320" and segment[0] == "DMG"):
            continue  # 004010 has a DMG of another insured, with no more than the sex; 005010 has none
        number = loop.number_of(segment)
        for oddity in oddities(segment, draft.delimiters, draft.guide.old):
            if (number, oddity.element) in known:
                continue
            said = oddity.of or element_in_words(segment, oddity.element, draft.component)
            text = f"{said} {oddity.what} (segment {number})."
            blank = oddity.variant == "element-missing" or oddity.element in _JUDGED
            field = blank_of_element(draft, loop, segment, oddity.element) if blank else None
            at = place(number, loop.id, oddity.element)
            found.append(fault("EDI107", oddity.variant, text, at, *oddity.codes, field=field))
    return found


def _oddity(name: str, text: str, element: Element, delimiters: Delimiters, old: bool) -> Iterator[Oddity]:
    if not text:
        if element.needed(old):
            yield Oddity(name, "element-missing", "is blank but required")
        return
    if delimiters.repetition and delimiters.repetition in text:
        yield Oddity(name, "separator-in-data", "holds the repetition separator, but does not repeat")
        return
    parts = text.split(delimiters.component)
    if element.parts:
        given = parts + [""] * (len(element.parts) - len(parts))
        found: list[Oddity] = []
        for number, (part, spec) in enumerate(zip(given, element.parts, strict=False), 1):
            found += _oddity(f"{name}-{number}", part, spec, delimiters, old)
        present = [oddity for oddity in found if oddity.variant != "element-missing"]
        yield from present or found  # a composite that is something else altogether is one fault
        if any(parts[len(element.parts) :]):
            what = f"has {len(parts)} components, not {len(element.parts)}"
            yield Oddity(name, "too-many-elements", what, of=name)
        return
    if len(parts) > 1:
        yield Oddity(name, "separator-in-data", "holds the component separator, but has no components")
    elif element.free:
        return
    elif element.codes and not old:
        if text not in element.codes:
            what = "is not one of the codes that the guide has there"
            yield Oddity(name, "code-invalid", what, _code(text, element))
    elif element.kind == "D":
        if day_of(text) is None:
            yield Oddity(name, "date-invalid", "is no date CCYYMMDD")
    elif element.kind == "T":
        if not re.fullmatch(_WHEN["T"], text, re.ASCII):
            yield Oddity(name, "date-invalid", "is no time HHMM")
    elif element.kind and not re.fullmatch(r"-?(?:\d+\.?\d*|\.\d+)" if element.kind == "R" else r"\d+", text, re.ASCII):
        yield Oddity(name, "number-invalid", "is no number")
    elif len(text.strip("-.")) > element.most:
        yield Oddity(name, "element-too-long", f"has {_characters(text)}, at most {element.most}")
    elif len(text) < element.least:
        yield Oddity(name, "element-too-short", f"has {_characters(text)}, at least {element.least}")


def _characters(text: str) -> str:
    return "1 character" if len(text) == 1 else f"{len(text)} characters"


def _code(text: str, element: Element) -> tuple[str, ...]:
    """A code as it may be shown: what is longer than any code may be anything."""
    return (shown(text),) if len(text) <= max(3, *map(len, element.codes)) else ()
