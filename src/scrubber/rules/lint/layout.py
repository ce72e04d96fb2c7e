"""Layout of the text: blanks at the ends of lines."""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.rules.lint.files import RuleFile
from scrubber.rules.yaml_source import Edit, RuleProblem


def trailing_spaces(file: RuleFile) -> Iterator[RuleProblem]:
    """RL021: blanks at the end of a line."""
    for number, line in enumerate(file.text.split("\n"), start=1):
        bare = line.rstrip(" \t\r")
        if line.rstrip("\r") != bare:
            edit = Edit(number, len(bare) + 1, number, len(line.rstrip("\r")) + 1, "")
            place = (file.path, number, len(bare) + 1)
            yield RuleProblem(*place, "RL021", "blanks stand at the end of this line.", "Delete them.", edit)
