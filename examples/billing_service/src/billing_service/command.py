"""`billing-service FILE...`: check the claims of some files, and show what would go out and what waits for whom.
`billing-service --serve PORT` answers over HTTP instead.
"""

from __future__ import annotations

import argparse
import sys
from itertools import groupby
from wsgiref.simple_server import make_server

from billing_service.service import BillingService
from billing_service.web import application
from scrubber import Claim, Scrubber, ScrubberError, read_claims


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="billing-service", description=__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE", help="claims as 837 or JSON")
    parser.add_argument("--tables", metavar="DIR", help="folder of imported tables")
    parser.add_argument("--serve", type=int, metavar="PORT", help="answer over HTTP on this port of this machine")
    given = parser.parse_args(arguments)
    try:
        service = BillingService(Scrubber.load(tables=given.tables), _send)
        if given.serve is not None:
            with make_server("127.0.0.1", given.serve, application(service)) as server:
                server.serve_forever()
        sent = 0
        for file in given.files:
            sent += sum(answer.ticket is None for answer in service.submit_all(read_claims(file)))
    except ScrubberError as error:  # it says where, what, and how to mend it
        print(f"billing-service: {error}", file=sys.stderr)
        return 2
    _print(service, sent)
    return 0


def _send(claim: Claim) -> None:
    """Where a real service would write the 837 and hand it over."""


def _print(service: BillingService, sent: int) -> None:
    print(f"{sent} sent")
    for owner, held in groupby(sorted(service.queue.waiting(), key=lambda one: one.owner), lambda one: one.owner):
        print(f"\nfor the {owner.replace('_', ' ')}:")
        for one in held:
            print(f"  ticket {one.ticket}: {one.report.decision}, ${one.report.amount_at_risk} at risk")
            for finding in one.report.findings:
                print(f"    {finding.message} {finding.fix.text}")
    missing = service.not_checked()
    if missing:
        tables = ", ".join(sorted(missing))
        print(f"\nNot everything was checked, for these tables are missing: {tables}", file=sys.stderr)
