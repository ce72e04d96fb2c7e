"""The files by which a run sets findings aside: what they say before it, and what it says of them after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import attrs

from scrubber import __version__
from scrubber.cli.group import say
from scrubber.cli.inputs import ClaimInput
from scrubber.cli.output import open_output
from scrubber.engine.plan import RUNNING
from scrubber.errors import ScrubberError, shown
from scrubber.findings import Report
from scrubber.report.aside_counts import BaselineUse
from scrubber.report.page import count_of, printable
from scrubber.report.summary import Tally
from scrubber.scrub import Scrubber
from scrubber.suppress import Aside, Baseline, BaselineDraft, Entry, read_baseline, read_suppressions
from scrubber.suppress.baseline import Key, begins_baseline, occurrences


@attrs.frozen(kw_only=True)
class AsideFiles:
    """The files that the options name."""

    baseline: Path | None = None
    write_baseline: Path | None = None
    suppressions: Path | None = None

    @property
    def first_time(self) -> bool:
        """Whether the baseline of the settings is about to be written for the first time."""
        return self.baseline == self.write_baseline and self.baseline is not None and not self.baseline.exists()

    def apart_from(self, inputs: Iterable[ClaimInput]) -> Iterator[ClaimInput]:
        """The inputs without these files, where they lie in a folder of claims."""
        own = {path.resolve() for path in (self.baseline, self.write_baseline, self.suppressions) if path is not None}
        for found in inputs:
            if found.named or found.path is None or found.path.resolve() not in own:
                yield found


@attrs.define
class AsideRun:
    """What a run counts of the findings that are set aside. Add every report once."""

    scrubber: Scrubber
    aside: Aside
    expired: tuple[Entry, ...] = ()
    draft: BaselineDraft | None = None
    _used: set[str] = attrs.field(factory=set)
    _claims: set[str] = attrs.field(factory=set)
    """Ids of claims that entries name, as far as they were among the inputs."""
    _found: dict[Key, int] = attrs.field(factory=dict)
    """How often a known finding was found again on one claim."""

    def add(self, report: Report) -> None:
        if self.draft is not None:
            self.draft.add(report)
        if self.aside.suppressions is not None:
            self._used.update(one.suppression.place for one in report.suppressed)
            if (claim := (report.claim_id or "").strip()) in self.aside.suppressions.claims:
                self._claims.add(claim)
        if self.aside.baseline is not None:
            all_found = (*report.findings, *(one.finding for one in report.suppressed))
            for key, count in occurrences(all_found).items():
                if key in self.aside.baseline.counts:
                    self._found[key] = max(count, self._found.get(key, 0))

    def finish(self, tally: Tally, *, selected: bool) -> None:
        """Adds what can only be told at the end of a whole run. `selected`: somebody chose the rules for this one."""
        tally.aside.expired = self.expired
        whole = not tally.interrupted and not tally.unreadable and not tally.partly_read
        if self.aside.suppressions is not None and whole and not selected:
            tally.aside.unused = tuple(self._unused(tally.not_checked))
        if self.aside.baseline is not None and whole:
            tally.aside.baseline = self._use_of(self.aside.baseline, tally.not_checked)

    def _unused(self, not_checked: Collection[str]) -> Iterator[Entry]:
        """Entries in force that fitted nothing, where that says something: the rule was asked, the claim was there."""
        asked = {
            name.casefold()
            for rule in self.scrubber.rules
            if rule.id not in not_checked
            for name in (rule.id, rule.name, rule.family)
        }
        for entry in self.aside.suppressions.entries if self.aside.suppressions is not None else ():
            # of a fingerprint alone nobody can tell whether its rule was asked
            could_fit = not entry.rules.isdisjoint(asked) if entry.rules else not self._idle
            if could_fit and entry.place not in self._used and (not entry.claims or entry.claims & self._claims):
                yield entry

    @property
    def _idle(self) -> frozenset[str]:
        """Rules that would run, but were left out of this run."""
        would_run = {rule.id for pack in self.scrubber.packs for rule in pack.rules if rule.status in RUNNING}
        return frozenset(would_run - {rule.id for rule in self.scrubber.rules})

    def _use_of(self, baseline: Baseline, not_checked: Collection[str]) -> BaselineUse:
        """What the baseline knows of the rules that were asked. A rule that is no more finds nothing again."""
        unasked = self._idle | frozenset(not_checked)
        counts = {key: count for key, count in baseline.counts.items() if key[0] not in unasked}
        gone = sum(max(0, count - self._found.get(key, 0)) for key, count in counts.items())
        return BaselineUse(place=baseline.place, known=sum(counts.values()), gone=gone)


def open_aside(files: AsideFiles, scrubber: Scrubber, day: date, *, quiet: bool) -> AsideRun:
    """Read the files; what of them does not hold any more is told on standard error.

    Raises:
        ScrubberError: a file cannot be used.
    """
    baseline = None if files.baseline is None or files.first_time else read_baseline(_near(files.baseline))
    entries = None
    if files.suppressions is not None:
        entries = read_suppressions(_near(files.suppressions), scrubber.packs)
    expired = () if entries is None else entries.expired(day)
    if not quiet:
        others = [] if baseline is None else baseline.differs_from(_packs(scrubber))
        if baseline is not None and others:
            told = f"{baseline.place} was written with {'; '.join(others)}."
            say(printable(f"{told} It is used; what changed is told again."))
        for entry in expired:
            told = f"{entry.place}: the suppression of {entry.about} by {entry.by} held until {entry.until}."
            say(printable(f"{told} Decide again, or delete it."))
    return AsideRun(
        scrubber=scrubber,
        aside=Aside(baseline=baseline, suppressions=None if entries is None else entries.in_force(day)),
        expired=expired,
        draft=None if files.write_baseline is None else BaselineDraft(),
    )


@contextmanager
def written_baseline(files: AsideFiles, run: AsideRun, *, quiet: bool) -> Iterator[None]:
    """Writes the new baseline when the run has come to its end; the file is whole or as it was.

    Raises:
        ScrubberError: there is nowhere to write to.
    """
    if files.write_baseline is None or run.draft is None:
        yield
        return
    with open_output(files.write_baseline, option="--write-baseline") as stream:
        yield
        stream.write(run.draft.text(__version__, _packs(run.scrubber)))
    if not quiet:
        count = count_of(run.draft.findings, "finding")
        say(f"{shown(files.write_baseline)}: {count} written down; --baseline tells only what is new.")


def refuse_to_replace(files: AsideFiles, output: Path | None) -> None:
    """Refuse to write a baseline where something else stands: claims, a report, decisions of people.

    Raises:
        ScrubberError: another file would be lost.
    """
    target = files.write_baseline
    if target is None:
        return
    where = f"--write-baseline {shown(target)}"
    if output is not None and output.resolve() == target.resolve():
        raise ScrubberError("the report goes there.", where=where, hint="Give one of them another name.")
    if target.is_file() and target.stat().st_size and not begins_baseline(target):
        hint = "Name another file, or delete this one first."
        raise ScrubberError("the file there is no baseline, and it would be lost.", where=where, hint=hint)


def _near(path: Path) -> Path:
    """A path of a settings file as one would write it here: reports name it, and must not differ by machine."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


def _packs(scrubber: Scrubber) -> dict[str, str]:
    return {pack.name: pack.version for pack in scrubber.packs}
