"""The command as a process of its own."""

from __future__ import annotations

import sys

PROGRAM = [
    sys.executable,
    "-c",
    # A shell that starts the tests in the background makes all that they start deaf to Ctrl-C.
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from scrubber.cli import main; main()",
]
