"""`python -m scrubber`: the same as the command."""

from scrubber.cli import main

main()
