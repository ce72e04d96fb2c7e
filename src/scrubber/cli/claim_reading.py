"""From inputs to claims that were found in them, and from a found claim to its report."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

import attrs

from scrubber.claim import Claim, Origin
from scrubber.cli.claim_checking import ClaimChecker, told, unusable
from scrubber.cli.group import failure_sentence, say
from scrubber.cli.inputs import ClaimInput
from scrubber.errors import InputError, ScrubberError
from scrubber.findings import Report
from scrubber.readers import InputFormat, claim_maker, find_claims

if TYPE_CHECKING:
    from scrubber.readers import FoundClaim


@attrs.frozen
class Found:
    """A claim that is there to be read and checked, and the name of its input."""

    source: str
    claim: FoundClaim = attrs.field(repr=False)


@attrs.frozen
class Unusable:
    """The report of an input that cannot be used, or not from here on, and what is said of it."""

    report: Report
    sentence: str


class HowFar:
    """How many bytes of all inputs are read, and how many there are: None unless all of them are files."""

    def __init__(self, inputs: Iterable[ClaimInput] = ()) -> None:
        sizes = [one.size for one in inputs if not one.problem]
        self.total = sum(size or 0 for size in sizes) if None not in sizes else None
        self._before = 0
        self._stream: BinaryIO | None = None

    @property
    def read(self) -> int:
        """Bytes that are behind us."""
        return self._before + (0 if self._stream is None else self._stream.tell())

    @contextmanager
    def follows(self, stream: BinaryIO) -> Iterator[None]:
        """Look at where this stream stands, while it is read."""
        self._stream = stream if self.total is not None else None
        try:
            yield
        finally:
            self._before, self._stream = self.read, None


def found_in(
    inputs: Iterable[ClaimInput], input_format: str | None, how_far: HowFar | None = None
) -> Iterator[Found | Unusable]:
    """What stands in the inputs, one after the other. Whatever is wrong with one, the next is still read."""
    how_far = how_far or HowFar()
    for one in inputs:
        if one.problem:
            yield _unusable(one, f"{one.problem} {one.hint}".rstrip(), one.problem, one.hint)
        else:
            yield from _found_in(one, cast("InputFormat | None", input_format), how_far)


def _found_in(one: ClaimInput, input_format: InputFormat | None, how_far: HowFar) -> Iterator[Found | Unusable]:
    empty = True
    try:
        with one.opened() as stream, how_far.follows(stream):
            for claim in find_claims(stream, input_format=input_format, source=one.name):
                empty = False
                yield Found(one.name, claim)
    except ScrubberError as error:
        position = error.position if isinstance(error, InputError) else None
        yield Unusable(unusable(one.name, error.message, error.hint, position), str(error))
    except Exception as error:
        yield _unusable(one, told(error), failure_sentence(error))
    else:
        if empty:
            problem, hint = "the input holds no claims, so nothing of it was checked.", "Look at what wrote it."
            yield _unusable(one, f"{problem} {hint}", problem, hint)


def _unusable(one: ClaimInput, sentence: str, message: str, hint: str = "") -> Unusable:
    return Unusable(unusable(one.name, message, hint), f"{one.name}: {sentence}")


class ClaimReader:
    """Reads found claims and has them checked. It remembers the neighbour of a claim, and nothing that would show."""

    def __init__(self, checker: ClaimChecker) -> None:
        self._checker = checker
        self._source: str | None = None
        self._read: Callable[[FoundClaim], Claim] = claim_maker(None)

    def report(self, found: Found) -> Report:
        """The report of a claim; a fault of the program costs this one claim and not the others."""
        if found.source != self._source:
            self._source, self._read = found.source, claim_maker(found.source)
        try:
            claim = self._read(found.claim)
        except Exception as error:
            index = index_of(found)
            say(f"{found.source}, claim {index + 1}: {told(error)}")
            return attrs.evolve(unusable(found.source, failure_sentence(error)), index=index)
        return self._checker.report(claim)


def index_of(found: Found) -> int:
    """The place of a claim among those of its input, from 0."""
    origin: Origin | None = found.claim.origin if isinstance(found.claim, Claim) else None
    index = origin.index if isinstance(found.claim, Claim) and origin else getattr(found.claim, "index", 0)
    return index or 0


def checked_here(stream: Iterable[Found | Unusable], checker: ClaimChecker) -> Generator[Report, None, None]:
    """The reports, in order, made in this process."""
    reader = ClaimReader(checker)
    for one in stream:
        if isinstance(one, Unusable):
            say(one.sentence)
            yield one.report
        else:
            yield reader.report(one)
