"""A made-up claim, and a way to call the command as a user does. Each test selects the rule that it is about."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scrubber.cli import main

Call = Callable[..., Result]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    """`call("check", path, ...)`; `input` is what stands on standard input."""
    for name in ("NO_COLOR", "SCRUBBER_TABLES"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str | Path, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=input)

    return run


def claim(claim_id: str = "A-1", diagnosis: str = "E11.9", **fields: Any) -> dict[str, Any]:
    """A claim of one line; E11 instead of E11.9 is a heading, which DX102 reports as an error."""
    return {
        "claim_id": claim_id,
        "form": "professional",
        "payer": {"id": "60054", "kind": "medicare"},
        "subscriber": {"member_id": "M123", "relationship": "self"},
        "patient": {"birth_date": "1970-05-01", "sex": "F"},
        "diagnoses": [diagnosis],
        "lines": [
            {
                "number": 1,
                "procedure": "99213",
                "units": 1,
                "charge": "125.00",
                "service_date": "2026-10-02",
                "diagnosis_pointers": [1],
            }
        ],
        "total_charge": "125.00",
        **fields,
    }


@pytest.fixture
def make_claim() -> Callable[..., dict[str, Any]]:
    return claim


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return write(tmp_path / "clean.json", claim("CLEAN"))


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    return write(tmp_path / "faulty.json", claim("FAULTY", "E11"))


def write(path: Path, *claims: dict[str, Any]) -> Path:
    """One claim a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in claims), encoding="utf-8")
    return path


@pytest.fixture
def write_claims() -> Callable[..., Path]:
    return write
