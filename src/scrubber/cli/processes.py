"""Claims checked in several processes: the same reports in the same order, in a memory that does not grow.

This process finds the claims and hands them out in groups, still unread; the others read and check them. Why so, and
why these are plain processes and no pool of the standard library, stands in ADR 10.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Self

import attrs
import click
import msgspec

from scrubber.cli.claim_checking import ClaimChecker, unusable
from scrubber.cli.claim_reading import ClaimReader, Found, Unusable, index_of
from scrubber.cli.group import DEBUG_KEY, debugging, failure_sentence, say
from scrubber.cli.settings import KEPT, settings
from scrubber.findings import Report

GROUP = 32
"""Claims that go to a process together: more would leave it idle at the end, fewer cost more to send."""

AHEAD = 2
"""Groups that a process has been given: one that it checks and one that waits, so that it never waits itself."""

OUT = 4
"""Groups, for each process, that are out or whose answers wait for those of a slower one before them."""

MakeChecker = Callable[[], ClaimChecker]
Answer = tuple[Report, str]
"""A report, and what the process that made it said."""


def cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def checked_elsewhere(
    stream: Iterable[Found | Unusable],
    jobs: int,
    checker: ClaimChecker,
    make_checker: MakeChecker,
    method: str | None = None,
) -> Generator[Report, None, None]:
    """The reports, in order, made by `jobs` processes.

    `make_checker` is what a process calls that cannot inherit `checker`, the one of this process. `method` is how
    processes start; by default they inherit where that is safe.
    """
    groups = _grouped(stream)
    first = list(islice(groups, jobs))  # a small input needs fewer processes
    with _Workers(len(first), checker, make_checker, method) as workers:
        yield from workers.reports(chain(first, groups))


def _grouped(stream: Iterable[Found | Unusable]) -> Iterator[list[Found | Unusable]]:
    rest = iter(stream)
    while group := list(islice(rest, GROUP)):
        yield group


class _Group:
    """Claims that went out together, and the answers once they are back."""

    def __init__(self, members: list[Found | Unusable]) -> None:
        self.members = members
        self.found = [one for one in members if isinstance(one, Found)]
        self.answers: list[Answer] | None = None if self.found else []

    def in_order(self) -> Iterator[Report]:
        """The reports of all members; what was said of one is said before it."""
        answers = iter(self.answers or ())
        for one in self.members:
            if isinstance(one, Unusable):
                say(one.sentence)
                yield one.report
            else:
                report, said = next(answers)
                click.echo(said, err=True, nl=False)
                yield report

    def lose(self, reason: str) -> None:
        """Nobody will answer any more: each claim has a report that says so."""
        self.answers = [_not_checked(one, reason) for one in self.found]


def _not_checked(found: Found, reason: str) -> Answer:
    message = f"the claim was not checked: {reason}."
    hint = "Check it again with --jobs 1; where memory runs out, fewer jobs need less."
    index = index_of(found)
    report = attrs.evolve(unusable(found.source, message, hint), index=index)
    return report, f"scrubber: {found.source}, claim {index + 1}: {message}\n"


class _Worker:
    """A process, the pipes to and from it, and the groups that it has."""

    def __init__(self, context: Any, make_checker: MakeChecker, inherited: Sequence[Connection]) -> None:
        found, self.to_it = context.Pipe(duplex=False)
        self.from_it, reports = context.Pipe(duplex=False)
        self.groups: deque[_Group] = deque()
        # Ends of pipes that a copy of this process inherits would keep them open when their owner is gone.
        ours = (*inherited, self.to_it, self.from_it) if context.get_start_method() == "fork" else ()
        self.process = context.Process(
            target=_work, args=(make_checker, _of_the_call(), found, reports, ours), daemon=True, name="scrubber"
        )
        self.process.start()
        found.close()
        reports.close()

    @property
    def ends(self) -> tuple[Connection, Connection]:
        return self.to_it, self.from_it

    def give(self, group: _Group) -> None:
        """Raises `OSError` if the process is gone."""
        self.groups.append(group)
        self.to_it.send(group.found)

    def take(self) -> None:
        """The answers to the oldest group. Raises `EOFError` or `OSError` if the process is gone."""
        data = self.from_it.recv_bytes()
        group = self.groups.popleft()
        group.answers = [_put_together(raw, one) for raw, one in zip(_RAWS.decode(data), group.found, strict=True)]

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        for end in self.ends:
            end.close()

    def ending(self) -> str:
        """How a process that is gone has ended."""
        self.process.join(1)
        code = self.process.exitcode
        if code is not None and code < 0:
            return f"the process that had it was ended by signal {-code}"
        return "the process that had it has ended"


class _Workers:
    """The processes of one run. They end with it, however it ends."""

    def __init__(self, count: int, checker: ClaimChecker, make_checker: MakeChecker, method: str | None) -> None:
        # A copy of this process has everything loaded and shares its memory. Elsewhere than on Linux copying a process
        # is not safe, so a new one loads for itself.
        method = method or ("fork" if sys.platform == "linux" else "spawn")
        self._context: Any = multiprocessing.get_context(method)
        self._make_checker = (lambda: checker) if method == "fork" else make_checker
        self._count = count
        self._alive: list[_Worker] = []

    def __enter__(self) -> Self:
        try:
            with _no_interrupt():
                for _ in range(self._count):
                    ends = [end for worker in self._alive for end in worker.ends]
                    self._alive.append(_Worker(self._context, self._make_checker, ends))
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        for worker in self._alive:
            worker.end()
        self._alive.clear()

    def reports(self, groups: Iterator[list[Found | Unusable]]) -> Iterator[Report]:
        """The reports of all groups in order. Groups are taken only as fast as their reports are asked for."""
        out: deque[_Group] = deque()
        more = True
        while True:
            self._collect(0)
            while more and len(out) < OUT * self._count and (worker := self._free()) is not None:
                members = next(groups, None)
                if members is None:
                    more = False
                else:
                    out.append(_Group(members))
                    self._give(worker, out[-1])
            if not out:
                break
            if out[0].answers is None:
                self._collect(None)
            else:
                yield from out.popleft().in_order()
        yield from _never_checked(chain.from_iterable(groups))

    def _free(self) -> _Worker | None:
        """The process with the least to do, if it may have more."""
        worker = min(self._alive, key=lambda one: len(one.groups), default=None)
        return worker if worker is not None and len(worker.groups) < AHEAD else None

    def _give(self, worker: _Worker, group: _Group) -> None:
        if group.found:
            try:
                worker.give(group)
            except OSError:
                self._gone(worker)

    def _collect(self, seconds: float | None) -> None:
        """Take the answers that have come; `None` waits for some."""
        by_end = {worker.from_it: worker for worker in self._alive}
        for end in wait(list(by_end), seconds):
            worker = by_end[end]
            try:
                worker.take()
            except (EOFError, OSError):
                self._gone(worker)

    def _gone(self, worker: _Worker) -> None:
        """A process has died. What it had is not tried again: it may well be what killed it."""
        self._alive.remove(worker)
        reason = worker.ending()
        for group in worker.groups:
            group.lose(reason)
        worker.end()


def _never_checked(rest: Iterable[Found | Unusable]) -> Iterator[Report]:
    """What is left when no process is: an entry for each input, so that nothing passes for checked."""
    source: str | None = None
    for one in rest:
        if isinstance(one, Unusable):
            say(one.sentence)
            yield one.report
        elif one.source != source:
            source = one.source
            index = index_of(one)
            message = f"from claim {index + 1} on nothing of this input was checked: no process is left to do it."
            say(f"{source}: {message}")
            yield unusable(source, message, "Check it again with --jobs 1.")


def _of_the_call() -> dict[str, Any]:
    """What another process must know of this call of the command besides its options."""
    return {DEBUG_KEY: debugging(), KEPT: settings()}


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Processes that start in here never see Ctrl-C, which a terminal sends to all: this one ends them."""
    if not hasattr(signal, "pthread_sigmask"):  # they ignore it themselves, a moment later
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# ------------------------------------------------------------------------------------------- in the other process


def _work(
    make_checker: MakeChecker,
    of_the_call: Mapping[str, Any],
    found: Connection,
    reports: Connection,
    inherited: Sequence[Connection],
) -> None:
    """Read and check claims until the process that sends them is gone, or ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for end in inherited:
        end.close()
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said), click.Context(click.Command("check")) as context:
        context.meta.update(of_the_call)
        reader = ClaimReader(make_checker())
        groups = _received(found)
        with suppress(OSError):
            while True:
                reports.send_bytes(_answered(groups.get(), reader, said))


def _received(found: Connection) -> queue.SimpleQueue[list[Found]]:
    """The groups as they come. A thread takes them at once: a sender that must wait could not take our answers."""
    groups: queue.SimpleQueue[list[Found]] = queue.SimpleQueue()
    parent = multiprocessing.parent_process()

    def receive() -> None:
        with suppress(EOFError, OSError):
            while parent is None or parent.sentinel not in wait([found, parent.sentinel]):
                groups.put(found.recv())
        os._exit(0)  # nobody is left to hear an answer

    threading.Thread(target=receive, daemon=True).start()
    return groups


def _answered(group: list[Found], reader: ClaimReader, said: io.StringIO) -> bytes:
    answers: list[msgspec.Raw] = []
    for one in group:
        said.seek(0)
        said.truncate()
        report = reader.report(one)
        answers.append(_taken_apart((report, said.getvalue()), one))
    return _ENCODER.encode(answers)


# ------------------------------------------------------------------------------------------ between the processes


def _plain(value: object) -> object:
    """What a row of a table may hold besides plain values: reports show it as text, or as an object."""
    return dict(value) if isinstance(value, Mapping) else str(value)


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plain)
_RAWS = msgspec.msgpack.Decoder(list[msgspec.Raw])
_ANSWER = msgspec.msgpack.Decoder(Answer)


def _taken_apart(answer: Answer, found: Found) -> msgspec.Raw:
    """The answer as bytes, or one that says why it cannot be sent: a named check may put anything into its evidence."""
    try:
        return msgspec.Raw(_ENCODER.encode(answer))
    except Exception as error:
        return msgspec.Raw(_ENCODER.encode(_failed(found, error)))


def _put_together(raw: msgspec.Raw, found: Found) -> Answer:
    try:
        answer: Answer = _ANSWER.decode(raw)
    except msgspec.DecodeError as error:
        return _failed(found, error)
    return answer


def _failed(found: Found, error: Exception) -> Answer:
    sentence = failure_sentence(error)
    index = index_of(found)
    report = attrs.evolve(unusable(found.source, sentence), index=index)
    return report, f"scrubber: {found.source}, claim {index + 1}: {sentence}\n"
