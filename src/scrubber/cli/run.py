"""The run of `scrubber check`: inputs to claims to reports to a writer, one claim at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import attrs

from scrubber import __version__
from scrubber.cli.claim_checking import ClaimChecker
from scrubber.cli.claim_reading import Found, HowFar, Unusable, checked_here, found_in
from scrubber.cli.group import FOUND_NOTHING, FOUND_SOMETHING, NOT_USABLE, say
from scrubber.cli.inputs import ClaimInput, claim_inputs
from scrubber.cli.interrupts import Interrupts, cleaned_up
from scrubber.cli.options import load_scrubber
from scrubber.cli.output import apart_from_output, open_output
from scrubber.cli.pack_text import pack_used, rules_used
from scrubber.cli.progress import ClaimProgress
from scrubber.cli.setting_aside import AsideFiles, open_aside, refuse_to_replace, written_baseline
from scrubber.cli.settings import settings
from scrubber.errors import shown
from scrubber.findings import Report
from scrubber.readers import InputFormat
from scrubber.report.formats import FORMATS, Look
from scrubber.report.page import count_of
from scrubber.report.summary import Tally
from scrubber.report.worst_first import WorstFirst
from scrubber.report.writer import ReportWriter, Run, TableUsed

if TYPE_CHECKING:
    from scrubber.cli.fixes import Fixes
    from scrubber.scrub import Scrubber
    from scrubber.suppress import Aside


@attrs.frozen(kw_only=True)
class CheckRequest:
    """The options of one call of `scrubber check`."""

    paths: tuple[str, ...]
    output_format: str = "text"
    output: Path | None = None
    packs: tuple[str, ...] = ()
    payer: str | None = None
    tables_folder: Path | None = None
    as_of: date | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"
    min_risk: float = 0.0
    aside: AsideFiles = attrs.field(factory=AsideFiles)
    language: str | None = None
    input_format: str | None = None
    engine: str = "compiled"
    require_hashes: Path | None = None
    statistics: bool = False
    worst_first: bool = False
    why: bool = False
    jobs: int = 1
    """Processes that check claims; 0 is one for each core."""
    fix: Path | None = None
    diff: bool = False
    quiet: bool = False
    color: bool = True


class ReportTaker(Protocol):
    """What looks at every report of a run once."""

    def add(self, report: Report) -> None: ...


def run_check(request: CheckRequest) -> int:
    """Check all inputs and write one report; the exit code.

    Raises:
        ScrubberError: a pack, a table or an option cannot be used, so nothing was checked.
    """
    refuse_to_replace(request.aside, request.output)
    inputs = _inputs(request)
    fixes = _fixes(request, inputs)
    today = request.as_of or date.today()
    scrubber = _scrubber(request, today)
    if (used := settings().path) is not None and not request.quiet:
        say(f"settings from {shown(used)}.")
    if request.as_of is None and not request.quiet:
        say(f"as of {today.isoformat()}, which is today; --as-of sets another day.")
    setting_aside = open_aside(request.aside, scrubber, today, quiet=request.quiet)
    checker = _checker(request, scrubber, setting_aside.aside)
    tally = Tally()
    with (
        cleaned_up(),
        open_output(request.output) as stream,
        written_baseline(request.aside, setting_aside, quiet=request.quiet),
    ):
        look = Look(color=request.color, statistics=request.statistics, fail_on=request.fail_on)
        writer = FORMATS[request.output_format].open(stream, look)
        if request.worst_first:
            writer = WorstFirst(writer)
        writer.start(_run_of(scrubber))
        try:
            takers: list[ReportTaker] = [tally, setting_aside, *([fixes] if fixes is not None else [])]
            make = partial(make_checker, request, today, setting_aside.aside)
            read = list(fixes.inputs if fixes else inputs)
            how_far = HowFar(read)
            with closing(_checked(found_in(read, request.input_format, how_far), request, checker, make)) as reports:
                _write_reports(reports, request, writer, takers, how_far)
        except KeyboardInterrupt:
            # What was done so far is worth having on standard output; a file is complete or it is not there.
            tally.interrupted = True
            setting_aside.finish(tally, selected=True)
            if request.output is None:
                writer.finish(tally)
            raise
        setting_aside.finish(tally, selected=bool(request.select))
        writer.finish(tally)
    if fixes is not None:
        fixes.finish(scrubber.scrub, cast("InputFormat | None", request.input_format))
    not_used = tally.unreadable + tally.partly_read
    if not_used and not request.quiet:
        say(f"{count_of(not_used, 'input')} could not be read, or only in part; the report says which and why.")
    return _exit_code(tally, request.fail_on)


def make_checker(request: CheckRequest, today: date, aside: Aside) -> ClaimChecker:
    """What checks the claims as the options say, in a process that has nothing loaded."""
    return _checker(request, _scrubber(request, today), aside)


def _scrubber(request: CheckRequest, today: date) -> Scrubber:
    return load_scrubber(
        request.packs,
        request.tables_folder,
        payer=request.payer,
        as_of=today,
        select=request.select,
        ignore=request.ignore,
        language=request.language,
        engine=request.engine,
        require_hashes=request.require_hashes,
    )


def _checker(request: CheckRequest, scrubber: Scrubber, aside: Aside) -> ClaimChecker:
    return ClaimChecker(
        scrubber=scrubber,
        why=request.why,
        select=request.select,
        min_risk=request.min_risk,
        aside=aside,
        outline=FORMATS[request.output_format].needs_outline,
    )


def _inputs(request: CheckRequest) -> Iterable[ClaimInput]:
    """The inputs, without an older report that stands where the new one goes."""
    found = request.aside.apart_from(claim_inputs(request.paths))
    if request.output is None:
        return found
    kept, older = apart_from_output(found, request.output)
    for report in older:
        if kept and not request.quiet:
            say(f"{report.name}: this is an earlier report, not claims; the new one takes its place.")
    return kept or [attrs.evolve(report, problem="the folder holds nothing but this report.") for report in older]


def _fixes(request: CheckRequest, inputs: Iterable[ClaimInput]) -> Fixes | None:
    """What gathers the safe fixes, where they are asked for; before anything is checked it is sure where they go."""
    if request.fix is None and not request.diff:
        return None
    from scrubber.cli.fixes import Fixes, kept_in_memory
    from scrubber.cli.new_files import new_files

    found = list(inputs)
    files = None if request.fix is None else new_files(request.fix, request.paths, found, request.output)
    return Fixes(kept_in_memory(found), files, diff=request.diff, quiet=request.quiet)


def _write_reports(
    reports: Iterable[Report],
    request: CheckRequest,
    writer: ReportWriter,
    takers: Iterable[ReportTaker],
    how_far: HowFar,
) -> None:
    interrupts = Interrupts()
    # A bar and a report in one terminal get in each other's way. Text has little to say of most claims, so the bar
    # steps aside when it speaks; the other formats speak of every claim, and show by that how far they are.
    same_terminal = request.output is None and sys.stdout.isatty()
    with_bar = not request.quiet and (request.output_format == "text" or not same_terminal)
    with ClaimProgress(shown=with_bar) as progress, interrupts.watched():
        for report in reports:
            speaks = same_terminal and bool(report.findings or report.errors)
            with interrupts.held(), progress.out_of_the_way() if speaks else nullcontext():
                writer.claim(report)
                for taker in takers:
                    taker.add(report)
            progress.step(report.source or "", how_far)


def _checked(
    found: Iterator[Found | Unusable], request: CheckRequest, checker: ClaimChecker, make: Callable[[], ClaimChecker]
) -> Generator[Report, None, None]:
    """The reports of all inputs in order, by as many processes as were asked for."""
    if request.jobs == 1:
        return checked_here(found, checker)
    from scrubber.cli.processes import checked_elsewhere, cores

    return checked_elsewhere(found, request.jobs or cores(), checker, make)


def _run_of(scrubber: Scrubber) -> Run:
    return Run(
        scrubber=__version__,
        packs=tuple(pack_used(pack) for pack in scrubber.packs),
        tables=tuple(_tables_used(scrubber)),
        rules=rules_used(scrubber.rules),
        language=scrubber.language,
    )


def _tables_used(scrubber: Scrubber) -> Iterator[TableUsed]:
    """Every edition of the tables at hand, by name and day."""
    for name in sorted(scrubber.tables.names):
        table = scrubber.tables.get(name)
        for edition in sorted(table.editions, key=lambda one: one.first_day) if table else ():
            yield TableUsed(
                name=name,
                edition=edition.name,
                first_day=edition.first_day.isoformat(),
                last_day=edition.last_day.isoformat() if edition.last_day else None,
            )


def _exit_code(tally: Tally, fail_on: str) -> int:
    if tally.unreadable or tally.partly_read:
        return NOT_USABLE
    stopping = 0 if fail_on == "never" else tally.by_severity["error"]
    if fail_on == "warning":
        stopping += tally.by_severity["warning"]
    return FOUND_SOMETHING if stopping else FOUND_NOTHING
