"""`scrubber check --fix` and `--diff`: gathers the safe fixes of a run, then mends each input and says what it did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import attrs
import click

from scrubber.cli.group import say
from scrubber.cli.inputs import ClaimInput
from scrubber.cli.mend import Mend, MendedInput, Scrub, mended_input
from scrubber.cli.new_files import NewFiles, write_new
from scrubber.errors import ScrubberError, shown
from scrubber.findings import Change, Report
from scrubber.mending import safe_fixes
from scrubber.readers import InputFormat
from scrubber.report.page import count_of, printable


@attrs.frozen
class Fixes:
    """Stateful: the safe fixes of every input so far. `files` is None where nothing is to be written, only shown."""

    inputs: Sequence[ClaimInput]
    files: NewFiles | None
    diff: bool
    quiet: bool
    wanted: dict[str, dict[int, tuple[tuple[Change, str], ...]]] = attrs.field(factory=dict)

    def add(self, report: Report) -> None:
        """Remember what of a report may be mended. What was set aside or left out of the report is left alone."""
        if not report.readable or report.source is None or report.index is None:
            return
        of_input = self.wanted.setdefault(report.source, {})
        if fixes := safe_fixes(report):
            of_input[report.index] = fixes

    def finish(self, scrub: Scrub, input_format: InputFormat | None) -> None:
        """Mend and write every input that could be read.

        Raises:
            ScrubberError: a new file cannot be written.
        """
        if self.files is not None:
            self.files.make_folder()
        unread = same = 0
        for found in self.inputs:
            if found.name not in self.wanted:
                unread += 1
                continue
            data = _bytes_of(found)
            wanted = self.wanted[found.name]
            mended = mended_input(data, wanted, scrub, source=found.name, input_format=input_format)
            new = None if self.files is None else self.files.of_input[found.name]
            if new is not None:
                write_new(new, mended.data, found.path)
            if not self.quiet:
                self._tell(found, data, mended, new)
            same += not mended.done
        if self.quiet:
            return
        written = self.files is not None
        if same:
            copied = "; written as it came, byte for byte" if written else ""
            say(f"nothing is mended in {count_of(same, 'input')}{copied}.")
        if unread and written:
            say(f"nothing is written for {count_of(unread, 'input')}, of which no claim could be read.")

    def _tell(self, found: ClaimInput, data: bytes, mended: MendedInput, new: Path | None) -> None:
        for mend in mended.done:
            _line(f"{found.name}, {_told(mend)}")
        for left in mended.left:
            _line(f"{found.name}, {_told(left.mend)}: not done, for {left.reason}.")
        if self.diff and mended.done:
            for line in _diff(found.name, "mended" if new is None else shown(new), data, mended):
                _line(line)
        of_claims = count_of(len({mend.claim for mend in mended.done}), "claim")
        if mended.done:
            where = f"mended in {shown(new)}" if new else "would be mended; --fix NEW writes it"
            say(f"{found.name}: {count_of(len(mended.done), 'value')} of {of_claims} {where}.")


def kept_in_memory(inputs: Iterable[ClaimInput]) -> list[ClaimInput]:
    """The inputs, those that can be read only once with their bytes: mending has to read them again."""
    kept = []
    for found in inputs:
        if not found.problem and (found.path is None or not found.path.is_file()):
            with found.opened() as stream:
                found = attrs.evolve(found, data=stream.read())
        kept.append(found)
    return kept


def _bytes_of(found: ClaimInput) -> bytes:
    try:
        with found.opened() as stream:
            return stream.read()
    except OSError as error:
        raise ScrubberError(f"it cannot be read again: {error.strerror}.", where=found.name) from None


def _told(mend: Mend) -> str:
    """Names codes and their place only: a change never holds what may identify a patient."""
    return f"claim {mend.claim + 1}, {mend.place}: {mend.change.old} -> {mend.change.new} ({mend.rule})"


def _diff(old_name: str, new_name: str, data: bytes, mended: MendedInput) -> Iterable[str]:
    """The segments or lines that change, before and after. They may hold names: shown only to who asks for it."""
    yield f"--- {old_name}"
    yield f"+++ {new_name}"
    edits = sorted({edit: mend for mend, edit in mended.edits}.items(), key=lambda pair: pair[0].start)
    for (start, end), group in groupby(edits, key=lambda pair: pair[0].around):
        changes = list(group)
        before = after = data[start:end]
        for edit, _ in reversed(changes):
            after = after[: edit.start - start] + edit.new + after[edit.end - start :]
        yield f"@@ claim {changes[0][1].claim + 1}, {', '.join(mend.place for _, mend in changes)} @@"
        yield f"-{before.decode('utf-8', 'replace')}"
        yield f"+{after.decode('utf-8', 'replace')}"


def _line(text: str) -> None:
    click.echo(printable(text), err=True)
