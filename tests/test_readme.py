"""What the README and the sample file promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scrubber import read_claims

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def test_it_begins_with_the_main_job_and_the_tests() -> None:
    (first, check), (second, tests), *others = BLOCKS
    assert (first, second) == ("bash", "bash")
    assert check.endswith("scrubber check examples/clinic.837 --fail-on never\n")
    assert tests.endswith("python -m pytest -n auto\n")
    assert all(language != "bash" for language, _ in others)


def test_the_continuous_integration_runs_what_it_shows() -> None:
    run = (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    for _, block in BLOCKS[:2]:
        assert f"step {block.splitlines()[-1]}" in run


def test_the_python_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(CHECKOUT)
    (snippet,) = [block for language, block in BLOCKS if language == "python"]
    exec(compile(snippet, "README.md", "exec"), {})
    assert "LFC-1002" in capsys.readouterr().out


def test_the_sample_is_sound_x12_with_eight_claims(clinic_837: Path) -> None:
    claims = list(read_claims(clinic_837))
    assert [claim.claim_id for claim in claims] == [f"LFC-100{number}" for number in range(1, 9)]
    for claim in claims:
        assert claim.origin is not None
        assert claim.origin.problems == ()


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (CHECKOUT / target).exists(), target
