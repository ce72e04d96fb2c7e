"""What else one provider did for the patient on the day of a line."""

from __future__ import annotations

import attrs

from scrubber.checks.answers import Blank, Unknown, gravest
from scrubber.checks.contract import Finder
from scrubber.checks.same_service import procedure_lines_by_day, relation
from scrubber.facts import ClaimFacts, LineFacts
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import TableSet


@attrs.frozen
class SameDay:
    """The procedures of the other lines of the same provider that share a day with a line, each once."""

    procedures: tuple[str, ...]


def same_day(facts: ClaimFacts, item: LineFacts, tables: TableSet) -> SameDay | Unknown:
    """Gather them; where it cannot be told of a line whether it is of the same provider, say so."""
    if item.as_of is None:
        return Blank(f"{item.path}.service_date")
    procedures: dict[str, None] = {}
    unsure: list[Unknown] = []
    for line, _ in procedure_lines_by_day(facts).sharing_a_day(item):
        if line is item or line.procedure is None:
            continue
        together = relation(item, line)
        if together == "same":
            procedures[line.procedure] = None
        elif together != "different":
            unsure.append(together)
    return gravest(unsure) or SameDay(tuple(procedures))


FINDERS = (
    Finder(
        "same_day",
        frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE}),
        {"procedures": FieldType.CODES},
        "the other procedures of the same provider on the day of the line",
        same_day,
        sees=frozenset({"procedure", "as_of"}),
        of_all_lines=True,
    ),
)
