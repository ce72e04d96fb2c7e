"""The structural faults of an 837, by edit and variant, and how one is put into words.

The text of a fault names segments, elements, control numbers, counts and qualifiers. It never names a person, an
identifier, a date of birth or free text.
"""

from __future__ import annotations

from scrubber.claim import StructuralFault

VARIANTS: dict[str, dict[str, str]] = {
    "EDI101": {
        "interchange-control-number": "ISA13 and IEA02 differ",
        "group-control-number": "GS06 and GE02 differ",
        "set-control-number": "ST02 and SE02 differ",
        "control-number-invalid": "ISA13 is not nine digits",
        "set-control-number-repeated": "ST02 stands twice within a group",
    },
    "EDI102": {
        "segment-count": "SE01 is not the number of segments from ST to SE",
        "set-count": "GE01 is not the number of transaction sets",
        "group-count": "IEA01 is not the number of groups",
        "trailer-missing": "SE, GE or IEA is missing",
        "header-missing": "SE, GE or IEA stands without its ST, GS or ISA",
    },
    "EDI103": {
        "byte-order-mark": "a byte order mark stands before ISA",
        "blank-before-isa": "blank lines or blanks stand before ISA",
        "text-outside": "text stands before, between or after the interchanges",
        "isa-unreadable": "an ISA whose separators cannot be told apart was skipped",
        "isa-not-fixed-width": "ISA is not 106 characters with fixed widths",
        "repetition-separator-invalid": "ISA11 is no separator in a 00501 interchange",
        "component-separator-wrong": "the claims use another component separator than ISA16 names",
        "release-unknown": "ISA12 is neither 00501 nor 00401",
        "envelope-missing": "a group or a transaction set stands without ISA or GS",
        "set-header-missing": "segments stand outside ST and SE",
        "terminator-missing": "the last segment has no terminator",
        "truncated": "the input ends inside a segment",
        "segment-too-long": "a segment of more than 1 MiB was skipped",
        "lower-case": "the interchange is written in lower case",
    },
    "EDI104": {
        "guide-differs": "GS08 and ST03 name different guides",
        "guide-missing": "ST03 is blank",
        "guide-unknown": "GS08 and ST03 name no 837 guide; the claims are read by their content",
        "guide-not-for-claims": "the guide is for predeterminations or reports (X291 to X293, X298 to X300)",
        "addendum-differs": "the guide is right, its addendum is not the adopted one",
        "content-differs": "the guide says one form, the service lines are of another",
        "old-release": "a 004010 file of 2012-07-01 or later",
        "release-4010": "a 004010 file of its own time: read as far as its loops agree with 005010",
        "not-a-claim-set": "the transaction set is no 837",
    },
    "EDI105": {
        "segment-missing": "a required segment is missing",
        "loop-missing": "a required loop is missing",
        "segment-repeated": "a segment stands more often than it may",
        "loop-repeated": "a loop stands more often than it may",
        "segment-out-of-order": "a segment stands after one that must follow it",
        "segment-unexpected": "a segment that the loop does not have",
        "segment-unknown": "a segment identifier that the 837 does not have",
        "segment-empty": "a terminator without a segment before it",
        "segment-indented": "blanks or blank lines stand before a segment",
        "segment-lower-case": "a segment identifier in lower case",
        "loop-unknown": "an NM1 whose entity code has no loop where it stands",
        "qualifier-unexpected": "a DTP, REF or AMT qualifier that the loop does not have",
        "facility-qualifier-wrong": "CLM05-2 is not B (professional, dental) or A (institutional)",
        "claim-indicator-missing": "one of CLM06 to CLM09 is blank but required",
        "principal-diagnosis-missing": "an institutional claim without a principal diagnosis in HI",
    },
    "EDI106": {
        "number-out-of-sequence": "HL01 does not count 1, 2, 3",
        "parent-unknown": "HL02 names no earlier HL",
        "parent-wrong": "HL02 names an HL of the wrong level",
        "level-unknown": "HL03 is not 20, 22 or 23",
        "child-code-wrong": "HL04 does not say whether children follow",
        "self-with-patient-loop": "SBR02 is 18 (self) and a patient loop 2000C follows",
        "patient-loop-missing": "SBR02 is not 18 and no patient loop 2000C follows",
    },
    "EDI107": {
        "element-missing": "a required element is empty",
        "element-too-long": "an element is longer than it may be",
        "element-too-short": "an element is shorter than it must be",
        "too-many-elements": "a segment has more elements than it may have",
        "code-invalid": "a value outside the guide's own code list",
        "number-invalid": "a value that is no number",
        "date-invalid": "a value that is no date, time or range in the format it names",
        "character-invalid": "a character outside the X12 character set",
        "separator-in-data": "a separator inside a value that has no parts",
        "payer-unknown": "SVD01 names no other payer of the claim, which has none or several",
        "payer-differs": "SVD01 does not name the one other payer that the claim has",
        "trailing-separators": "separators at the end of a segment or a composite",
    },
    "EDI108": {
        "qualifier-too-new": "an ICD-10 qualifier on a claim before 2015-10-01",
        "qualifier-too-old": "an ICD-9 qualifier on a claim of 2015-10-01 or later",
        "qualifiers-mixed": "ICD-9 and ICD-10 qualifiers on one claim",
        "code-shape": "a code that has the shape of the other code set",
    },
}  # fmt: skip
"""Every variant that the reader may report, by edit, with its meaning."""


def place(segment: int, loop: str, element: str) -> dict[str, object]:
    """A position: the segment's number in its transaction set (ST = 1; 0 outside of one), its loop and the element."""
    return {"segment": segment, "loop": loop, "element": element}


def fault(
    edit: str,
    variant: str,
    text: str,
    at: dict[str, object],
    *codes: str,
    field: str | None = None,
) -> StructuralFault:
    """A structural fault at a position; of `codes` only what is one is kept."""
    kept = tuple([code for code in codes if code not in ("", BLANK, UNREADABLE)])
    return StructuralFault(edit=edit, variant=variant, text=text, position=at, field=field, codes=kept)


BLANK = "blank"
UNREADABLE = "a value that is none"
_FINE = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-/_")


def shown(value: str) -> str:
    """A control number, count or qualifier as it may stand in a text: short, plain characters, and no word.

    In a damaged file a name can stand where a qualifier belongs, so more than three letters without a digit are no
    qualifier and are not repeated.
    """
    clipped = value.strip()[:20]
    if not clipped:
        return BLANK
    is_word = len(clipped) > 3 and not any(character.isdigit() for character in clipped)
    return UNREADABLE if is_word or not set(clipped.upper()) <= _FINE else clipped
