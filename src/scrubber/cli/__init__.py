"""The command line: reads options, calls the library, writes reports. Nothing is decided here but exit codes.

Modules of this package import nothing heavy at their top, so that `scrubber --help` is quick.
"""

from __future__ import annotations

import click

from scrubber.cli.check import check
from scrubber.cli.completion import completion
from scrubber.cli.explain import explain
from scrubber.cli.group import HELP_NAMES, MainGroup
from scrubber.cli.init import init
from scrubber.cli.rules import rules
from scrubber.cli.tables import tables
from scrubber.cli.testing import testing
from scrubber.cli.version import version_option


@click.group(
    "scrubber",
    cls=MainGroup,
    context_settings={"help_option_names": HELP_NAMES, "max_content_width": 100},
)
@version_option
def main() -> None:
    """Check medical claims before they are sent: what a payer would refuse, why, and who can mend it."""


for command in (check, completion, explain, init, rules, tables, testing):
    main.add_command(command)
