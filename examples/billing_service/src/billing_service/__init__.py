"""A small billing service: claims come in, are checked, and go out or wait for the person who can mend them."""

from billing_service.queue import Held, NotYet, WorkQueue
from billing_service.service import Answer, BillingService

__all__ = ["Answer", "BillingService", "Held", "NotYet", "WorkQueue"]
