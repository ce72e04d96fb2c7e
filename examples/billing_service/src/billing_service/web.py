"""The service over HTTP, with nothing but the standard library: POST /claims, GET /queue[/OWNER], GET /health."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from typing import Any

from billing_service.queue import Held
from billing_service.service import BillingService
from scrubber import InputError, read_claims

LARGEST_BODY = 50_000_000


def application(service: BillingService) -> Callable[..., Iterable[bytes]]:
    """The WSGI application of a service."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, body = _answer(service, environ)
        start_response(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
        return [json.dumps(body).encode()]

    return app


def _answer(service: BillingService, environ: dict[str, Any]) -> tuple[str, Any]:
    match environ["REQUEST_METHOD"], environ["PATH_INFO"].strip("/").split("/"):
        case "POST", ["claims"]:
            length = environ.get("CONTENT_LENGTH") or ""
            if not length.isdecimal():
                return "411 Length Required", {"error": "Say how long the body is."}
            if int(length) > LARGEST_BODY:
                return "413 Content Too Large", {"error": "Send fewer claims at a time."}
            body = io.BytesIO(environ["wsgi.input"].read(int(length)))
            try:  # 837 or JSON: the content tells
                answers = list(service.submit_all(read_claims(body, source="request")))
            except InputError as error:
                return "400 Bad Request", {"error": str(error)}
            return "200 OK", [{"decision": one.decision, "ticket": one.ticket, "rules": one.rules} for one in answers]
        case "GET", ["queue", *owner]:
            return "200 OK", [_shown(held) for held in service.queue.waiting(*owner[:1])]
        case "GET", ["health"]:
            missing = service.not_checked()
            return "200 OK", {"complete": not missing, "not_checked": missing}
    return "404 Not Found", {"error": "There is POST /claims, GET /queue/OWNER and GET /health."}


def _shown(held: Held) -> dict[str, Any]:
    """What a screen shows of a claim that waits: no patient, only what the report says."""
    report = held.report
    return {
        "ticket": held.ticket,
        "owner": held.owner,
        "decision": report.decision,
        "amount_at_risk": str(report.amount_at_risk),
        "findings": [
            {"rule": finding.rule, "line": finding.line, "message": finding.message, "do": finding.fix.text}
            for finding in report.findings
        ],
        "errors": [error.message for error in report.errors],
    }
