"""`scrubber rules`: the workbench of rule authors, one module for each command."""

from __future__ import annotations

import click

from scrubber.cli.group import CommandGroup
from scrubber.cli.rules.diff import diff
from scrubber.cli.rules.lint import lint
from scrubber.cli.rules.list import list_rules
from scrubber.cli.rules.new import new
from scrubber.cli.rules.pages import pages
from scrubber.cli.rules.schema import schema
from scrubber.cli.rules.test import test


@click.group(
    cls=CommandGroup,
    short_help="Write rules, list them, find mistakes, run their examples.",
)
def rules() -> None:
    """List the rules, find mistakes in a pack, run the examples inside the rules."""


for _command in (diff, lint, list_rules, new, pages, schema, test):
    rules.add_command(_command)
