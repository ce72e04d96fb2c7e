"""What an example may state, and the shorthand that goes with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scrubber.rules.loader import read_pack
from scrubber.tables import TableSet
from scrubber.testing import ShorthandError, claim_from_shorthand, run_rule_tests

Write = Callable[..., Path]

BODY = """
when: [line.units: {more_than: 1}]
"""


@pytest.fixture
def troubles(write_rule: Write, shipped_tables: TableSet) -> Callable[..., list[str | None]]:
    """What is wrong with an example of a rule that fires on lines of several units."""

    def run(example: str, status: str = "stable") -> list[str | None]:
        path = write_rule(BODY)
        text = path.read_text(encoding="utf-8").replace("status: stable", f"status: {status}")
        head, _, rest = text.partition("tests:\n")
        body = rest[rest.index("when:") :]
        clean = "{name: clean, claim: {lines: [93000]}, fires_at: []}"
        path.write_text(f"{head}tests:\n  - {example}\n  - {clean}\n{body}", encoding="utf-8")
        pack, problems = read_pack(path.parent, shipped_tables)
        assert problems == []
        assert pack is not None
        return [result.trouble for result in run_rule_tests(pack.rules, shipped_tables)]

    return run


FIRES = "{{name: fires, claim: {{lines: [93000 x2]}}, fires_at: [line 1], says: {says}}}"


@pytest.mark.parametrize("says", ["It fired", "Mend it", "risk 0.5", "owner biller", "no adjustment", "lines[0].units"])
def test_a_finding_says_what_a_report_shows_of_it(troubles: Callable[..., list[str | None]], says: str) -> None:
    assert troubles(FIRES.format(says=f'"{says}"')) == [None, None]


def test_a_severity_that_a_preview_cannot_have_is_told(troubles: Callable[..., list[str | None]]) -> None:
    example = FIRES.format(says="It fired").replace(", says:", ", severity: warning, says:")
    trouble, _ = troubles(example, "preview")
    assert trouble == "expected severity warning, got info. A rule in preview reports as info."
    trouble, _ = troubles(example)
    assert trouble is not None
    assert "preview" not in trouble


def test_what_it_does_not_say_is_quoted_beside_what_it_says(troubles: Callable[..., list[str | None]]) -> None:
    trouble, _ = troubles(FIRES.format(says="[It fired, with nine units]"))
    assert trouble is not None
    assert trouble.startswith(
        "expected to say 'with nine units', said It fired. (lines[0].units; risk 0.5; owner biller; "
    )


def test_a_line_may_be_repeated() -> None:
    claim = claim_from_shorthand({"lines": ["99213", "93000 x2 times=3"]})
    assert [line.procedure for line in claim.lines] == ["99213", "93000", "93000", "93000"]
    assert [line.number for line in claim.lines] == [1, 2, 3, 4]
    assert {line.units for line in claim.lines[1:]} == {2}


def test_a_line_may_not_be_repeated_without_end() -> None:
    with pytest.raises(ShorthandError, match="more than any claim has"):
        claim_from_shorthand({"lines": ["93000 times=10000"]})
