"""Lines of one drug and day: what was given, and what of a single-dose container was discarded."""

from __future__ import annotations

import attrs

from scrubber.checks.contract import Finder
from scrubber.facts import ClaimFacts, GroupFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import TableSet

DISCARDED, NONE_DISCARDED = "JW", "JZ"


@attrs.frozen
class DrugAmounts:
    """The numbers of the lines of a drug by what their modifiers say of it (CMS Pub. 100-04, chapter 17, section 40).

    A line with both modifiers is in neither of the latter two: that they exclude each other is a fault of its own.
    """

    plain: tuple[int, ...]
    discarded: tuple[int, ...]
    none_discarded: tuple[int, ...]


def drug_amounts(facts: ClaimFacts, item: GroupFacts, tables: TableSet) -> DrugAmounts:
    """Sort the lines of a drug by JW, JZ, or neither."""
    plain: list[int] = []
    discarded: list[int] = []
    none_discarded: list[int] = []
    for line in item.lines:
        with_jw, with_jz = DISCARDED in line.raw.modifiers, NONE_DISCARDED in line.raw.modifiers
        if not with_jw and not with_jz:
            plain.append(line.position)
        elif not with_jz:
            discarded.append(line.position)
        elif not with_jw:
            none_discarded.append(line.position)
    return DrugAmounts(tuple(plain), tuple(discarded), tuple(none_discarded))


FINDERS = (
    Finder(
        "drug_amounts",
        frozenset({ScopeKind.LINES, ScopeKind.PROCEDURE_LINES}),
        dict.fromkeys(("plain", "discarded", "none_discarded"), FieldType.NUMBERS),
        "the lines of a drug by what JW and JZ say of them",
        drug_amounts,
    ),
)
