"""The tables that a run lacked: which rules waited for each, for which dates, and where the table comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from scrubber.findings import Unjudged
from scrubber.report.page import some_of
from scrubber.tables.catalogue import KNOWN_TABLES, SHIPPED

IMPORT_COMMAND = "scrubber tables import FILE..."


@attrs.define
class MissingTables:
    """Which rules lacked which table, collected while the claims go by ("" where a reason names no table)."""

    loaded: frozenset[str] = frozenset()
    rules: dict[str, set[str]] = attrs.Factory(dict)
    dates: dict[str, tuple[date, date]] = attrs.Factory(dict)
    """The earliest and the latest date for which a table was missing."""
    parts: dict[str, set[str]] = attrs.Factory(dict)
    """The parts of its editions that were missing."""

    def add(self, unjudged: Unjudged) -> None:
        table, day = unjudged.table or "", unjudged.date
        self.rules.setdefault(table, set()).add(unjudged.rule)
        if day is not None:
            first, last = self.dates.get(table, (day, day))
            self.dates[table] = (min(first, day), max(last, day))
        if unjudged.missing_part is not None:
            self.parts.setdefault(table, set()).add(unjudged.missing_part)

    def tables(self) -> Iterator[MissingTable]:
        """Every table that was missing, by name."""
        for table, rules in sorted(self.rules.items()):
            source = KNOWN_TABLES.get(table, SHIPPED)
            first, last = self.dates.get(table, (None, None))
            yield MissingTable(
                name=table,
                rules=tuple(sorted(rules)),
                first_day=first,
                last_day=last,
                parts=tuple(sorted(self.parts.get(table, ()))),
                loaded=table in self.loaded,
                source=None if source == SHIPPED else source,
            )


@attrs.frozen(kw_only=True)
class MissingTable:
    """A table that rules waited for ("" for reasons that name no table), and between which dates."""

    name: str
    rules: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    parts: tuple[str, ...]
    loaded: bool
    source: str | None
    """Whose file it is; None where it ships with the program, so that nothing can be brought."""

    @property
    def title(self) -> str:
        return self.name or "other reasons"

    @property
    def dates(self) -> str:
        """For which claims it was missing: "for 2026-10-02..2026-11-30"."""
        if self.first_day is None or self.last_day is None:
            return ""
        first, last = self.first_day.isoformat(), self.last_day.isoformat()
        return f"for {first}" if first == last else f"for {first}..{last}"

    @property
    def notes(self) -> str:
        """What is wrong with it and where it comes from: "loaded, but not for those dates; from: CMS …"."""
        notes = [f"without {part}" for part in self.parts]
        if not notes and self.loaded:
            notes = ["loaded, but not for those dates"]
        return "; ".join([*notes, f"from: {self.source}"] if self.source else notes)

    @property
    def sentence(self) -> str:
        """All of it in words: which rules waited, for which dates, what is wrong, and how to mend that."""
        days = f" {self.dates}" if self.dates else ""
        bring = f" Bring the table with: {IMPORT_COMMAND}" if self.source else ""
        notes = f" ({self.notes})" if self.notes else ""
        return f"{self.title}{notes}: {some_of(self.rules)} could not be checked{days}.{bring}"
