"""The run of `scrubber check`: inputs to claims to reports to a writer, one claim at a time."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import attrs

from scrubber import __version__
from scrubber.cli.claim_checking import ClaimChecker, told, unusable
from scrubber.cli.group import (
    FOUND_NOTHING,
    FOUND_SOMETHING,
    NOT_USABLE,
    failure_sentence,
    say,
)
from scrubber.cli.inputs import ClaimInput, claim_inputs, shown
from scrubber.cli.interrupts import Interrupts, cleaned_up
from scrubber.cli.options import load_scrubber
from scrubber.cli.output import apart_from_output, open_output
from scrubber.cli.pack_text import pack_used, rules_used
from scrubber.cli.progress import ClaimProgress
from scrubber.cli.setting_aside import AsideFiles, open_aside, refuse_to_replace, written_baseline
from scrubber.cli.settings import settings
from scrubber.errors import InputError, ScrubberError
from scrubber.findings import Report
from scrubber.readers import InputFormat, read_claims
from scrubber.report.formats import FORMATS, Look
from scrubber.report.page import count_of
from scrubber.report.summary import Tally
from scrubber.report.worst_first import WorstFirst
from scrubber.report.writer import ReportWriter, Run, TableUsed

if TYPE_CHECKING:
    from scrubber.cli.fixes import Fixes
    from scrubber.scrub import Scrubber


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
    scrubber = load_scrubber(
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
    if (used := settings().path) is not None and not request.quiet:
        say(f"settings from {shown(used)}.")
    if request.as_of is None and not request.quiet:
        say(f"as of {today.isoformat()}, which is today; --as-of sets another day.")
    setting_aside = open_aside(request.aside, scrubber, today, quiet=request.quiet)
    output_format = FORMATS[request.output_format]
    checker = ClaimChecker(
        scrubber=scrubber,
        why=request.why,
        select=request.select,
        min_risk=request.min_risk,
        aside=setting_aside.aside,
        outline=output_format.needs_outline,
    )
    tally = Tally()
    with (
        cleaned_up(),
        open_output(request.output) as stream,
        written_baseline(request.aside, setting_aside, quiet=request.quiet),
    ):
        look = Look(color=request.color, statistics=request.statistics, fail_on=request.fail_on)
        writer = output_format.open(stream, look)
        if request.worst_first:
            writer = WorstFirst(writer)
        writer.start(_run_of(scrubber))
        try:
            takers: list[ReportTaker] = [tally, setting_aside, *([fixes] if fixes is not None else [])]
            _write_reports(fixes.inputs if fixes else inputs, request, checker, writer, takers)
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
    inputs: Iterable[ClaimInput],
    request: CheckRequest,
    checker: ClaimChecker,
    writer: ReportWriter,
    takers: Iterable[ReportTaker],
) -> None:
    interrupts = Interrupts()
    # A bar and a report in one terminal get in each other's way. Text has little to say of most claims, so the bar
    # steps aside when it speaks; the other formats speak of every claim, and show by that how far they are.
    same_terminal = request.output is None and sys.stdout.isatty()
    shown = not request.quiet and (request.output_format == "text" or not same_terminal)
    with ClaimProgress(shown=shown) as progress, interrupts.watched():
        for found in inputs:
            for report in _reports_of(found, request, checker):
                speaks = same_terminal and bool(report.findings or report.errors)
                with interrupts.held(), progress.out_of_the_way() if speaks else nullcontext():
                    writer.claim(report)
                    for taker in takers:
                        taker.add(report)
                progress.step(found.name)


def _reports_of(found: ClaimInput, request: CheckRequest, checker: ClaimChecker) -> Iterator[Report]:
    """The reports of one input. Whatever is wrong with it becomes a report too, so the next input is still read."""
    if found.problem:
        say(f"{found.name}: {found.problem} {found.hint}".rstrip())
        yield unusable(found.name, found.problem, found.hint)
        return
    input_format = cast("InputFormat | None", request.input_format)
    empty = True
    try:
        with found.opened() as source:
            for claim in read_claims(source, input_format=input_format, source=found.name):
                empty = False
                yield checker.report(claim)
    except ScrubberError as error:
        say(str(error))
        position = error.position if isinstance(error, InputError) else None
        yield unusable(found.name, error.message, error.hint, position)
    except Exception as error:
        say(f"{found.name}: {told(error)}")
        yield unusable(found.name, failure_sentence(error))
    else:
        if empty:
            problem, hint = "the input holds no claims, so nothing of it was checked.", "Look at what wrote it."
            say(f"{found.name}: {problem} {hint}")
            yield unusable(found.name, problem, hint)


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
