"""`scrubber testing`: made-up claims for tests of software and rules, one module for each command."""

from __future__ import annotations

import click

from scrubber.cli.group import CommandGroup
from scrubber.cli.testing.corpus import corpus
from scrubber.cli.testing.faults import faults
from scrubber.cli.testing.recall import recall


@click.group(cls=CommandGroup, short_help="Write made-up claims, right ones and ones with a known fault.")
def testing() -> None:
    """Write made-up claims for tests: right ones, and ones with a known fault; measure what the rules find."""


for _command in (corpus, faults, recall):
    testing.add_command(_command)
