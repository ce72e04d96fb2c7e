"""The service as its tests need it: frozen tables, a fixed day, and an outbox in place of a payer."""

from __future__ import annotations

from datetime import date

import pytest
from billing_service import BillingService

from scrubber import Claim, Scrubber


@pytest.fixture
def outbox() -> list[Claim]:
    return []


@pytest.fixture
def service(mini_scrubber: Scrubber, outbox: list[Claim]) -> BillingService:
    """`mini_scrubber` comes from the plugin of scrubber.testing and is loaded once for the run."""
    return BillingService(mini_scrubber, outbox.append, today=lambda: date(2026, 3, 10))
