"""The service over HTTP, and its command."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from billing_service import BillingService
from billing_service.command import main
from billing_service.web import application

from scrubber.testing import a_claim, as_json, plant_fault


def request(service: BillingService, method: str, path: str, body: bytes = b"") -> tuple[str, Any]:
    told: list[str] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    answer = application(service)(environ, lambda status, headers: told.append(status))
    return told[0], json.loads(b"".join(answer))


def test_claims_are_posted_and_looked_at(service: BillingService) -> None:
    body = as_json(a_claim(claim_id="A-1"), plant_fault("DX102", a_claim(diagnoses=["E11.9"])).claim).encode()
    status, answers = request(service, "POST", "/claims", body)
    assert status == "200 OK"
    assert [(one["decision"], one["ticket"]) for one in answers] == [("pass", None), ("hold", 1)]
    _, (held,) = request(service, "GET", "/queue/coder")
    assert (held["ticket"], held["findings"][0]["rule"]) == (1, "DX102")
    assert request(service, "GET", "/queue/clinician") == ("200 OK", [])
    assert request(service, "GET", "/health") == ("200 OK", {"complete": True, "not_checked": {}})


def test_what_cannot_be_read_is_refused(service: BillingService) -> None:
    status, told = request(service, "POST", "/claims", b"no claims at all")
    assert status == "400 Bad Request"
    assert told["error"]
    assert request(service, "GET", "/nothing")[0] == "404 Not Found"


def test_the_command_shows_what_waits_for_whom(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "claims.ndjson"
    file.write_text(as_json(a_claim(), a_claim(claim_id="B", diagnoses=["E11"])), encoding="utf-8")
    assert main([str(file)]) == 0
    shown = capsys.readouterr()
    assert "1 sent" in shown.out
    assert "for the coder:\n  ticket 1: hold, $100.00 at risk" in shown.out
    assert "cpt" in shown.err  # the tables of CMS are not there, and the operator is told
    assert main([str(tmp_path / "none.837")]) == 2
