"""`scrubber rules diff`: what another version of packs changes, in the rules and over claims."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from scrubber.cli import completing
from scrubber.cli.group import FOUND_NOTHING, FOUND_SOMETHING, NOT_USABLE, say
from scrubber.cli.options import (
    as_of_option,
    debug_option,
    json_option,
    open_tables,
    payer_option,
    tables_option,
)

if TYPE_CHECKING:
    from scrubber.scrub import Scrubber
    from scrubber.tables import TableSet
    from scrubber.testing.pack_diff import PackDiff


@click.command(short_help="Show what another version of packs changes.")
@click.argument("old", shell_complete=completing.packs)
@click.argument("new", shell_complete=completing.packs)
@click.option(
    "--claims",
    "claims",
    metavar="FILE",
    multiple=True,
    help="Check the claims of this file or folder by both versions; may be repeated. - is standard input.",
)
@click.option(
    "--examples",
    metavar="N",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="Show so many changed findings of each rule.",
)
@payer_option("Judge every claim as one of this payer: an id that a pack of either version names, or a kind of payer.")
@tables_option
@as_of_option("The day that counts as today, YYYY-MM-DD. [default: today]")
@json_option
@debug_option
@click.pass_context
def diff(
    ctx: click.Context,
    *,
    old: str,
    new: str,
    claims: tuple[str, ...],
    examples: int,
    payer: str | None,
    tables_folder: Path | None,
    as_of: date | None,
    output_format: str,
) -> None:
    """Show what the packs of NEW change against those of OLD.

    OLD and NEW are each a pack, by name or folder, or a folder of packs. Without --claims the rules are compared. With
    them both versions check the claims, too: which findings come, go and change, on how many claims and dollars, which
    decisions change, and what preview rules would hold if they were stable.

    Exit code: 0 nothing differs (with --claims: on no claim), 1 something does, 2 a pack or an input could not be used.
    """
    from scrubber.cli.interrupts import cleaned_up
    from scrubber.cli.rules.diff_text import DiffWritten, write_diff, write_diff_json
    from scrubber.rules.compare import compare_packs
    from scrubber.rules.layers import payer_named

    tables = open_tables(tables_folder)
    today = as_of or date.today()
    before, after = (_scrubber(side, tables, today) for side in (old, new))
    if payer is not None:
        judged_as = payer_named((*before.packs, *after.packs), payer)
        before, after = (attrs.evolve(side, payer=judged_as) for side in (before, after))
    if claims and as_of is None:
        say(f"as of {today.isoformat()}, which is today; --as-of sets another day.")
    over_claims, usable = None, True
    if claims:
        with cleaned_up():
            over_claims, usable = _over_claims(claims, before, after, examples)
    changes = compare_packs(before.packs, after.packs)
    written = DiffWritten(before.packs, after.packs, tuple(changes), over_claims)
    (write_diff_json if output_format == "json" else write_diff)(written, sys.stdout)
    if not usable:
        ctx.exit(NOT_USABLE)
    differs = bool(changes) if over_claims is None else over_claims.differs
    ctx.exit(FOUND_SOMETHING if differs else FOUND_NOTHING)


def _scrubber(name: str, tables: TableSet, today: date) -> Scrubber:
    from scrubber.scrub import Scrubber

    return Scrubber.load(packs=_packs_at(name), tables=tables, as_of=today)


def _packs_at(name: str) -> list[str | Path]:
    """The pack of that name or folder, or the packs that lie in a folder."""
    from scrubber.rules.pack_file import PACK_FILE

    folder = Path(name)
    if folder.is_dir() and not (folder / PACK_FILE).is_file():
        inside: list[str | Path] = sorted(path.parent for path in folder.glob(f"*/{PACK_FILE}"))
        if inside:
            return inside
    return [name]


def _over_claims(paths: tuple[str, ...], before: Scrubber, after: Scrubber, examples: int) -> tuple[PackDiff, bool]:
    """Every claim by both versions; and whether every input could be read."""
    from scrubber.cli.inputs import claim_inputs
    from scrubber.cli.progress import ClaimProgress
    from scrubber.errors import ScrubberError
    from scrubber.readers import read_claims
    from scrubber.testing.pack_diff import PackDiff

    found = PackDiff(before, after, examples)
    usable = True
    with ClaimProgress(shown=True) as progress:
        for one in claim_inputs(paths):
            if one.problem:
                say(f"{one.name}: {one.problem} {one.hint}".rstrip())
                usable = False
                continue
            seen = found.claims + found.unreadable
            try:
                with one.opened() as source:
                    for claim in read_claims(source, source=one.name):
                        found.add(claim)
                        progress.step(one.name)
            except ScrubberError as error:
                say(str(error))
                usable = False
            else:
                if found.claims + found.unreadable == seen:
                    say(f"{one.name}: the input holds no claims.")
                    usable = False
    if found.unreadable:
        say(f"{found.unreadable} claims could not be read and were left out; `scrubber check` says why.")
        usable = False
    return found, usable
