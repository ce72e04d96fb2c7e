"""What a front end answers where it refuses a claim before it is adjudicated (277CA, segment STC), in words of our own.

X12 keeps the lists of these codes (507 and 508) and owns their texts. None of its texts stands here, and of the status
codes only those that the shipped rules name: a list of the numbers alone would be out of date with every release of the
lists, and then refuse codes that are right. `docs/claim-status.md` says where each answer was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scrubber.findings import Acknowledgment

REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "A3": "cannot be processed",
        "A6": "missing",
        "A7": "invalid",
        "A8": "do not fit each other",
    }
)
"""The category codes of a claim that was refused. The others of a 277CA say that it was received or passed on."""

STATUS: Mapping[str, str] = MappingProxyType(
    {
        "164": "member id",
        "187": "date of service",
        "254": "principal diagnosis",
        "255": "diagnosis",
        "453": "modifiers",
        "507": "procedure code (HCPCS)",
        "510": "day that is still to come",
        "562": "NPI",
        "698": "kind of form",
    }
)
"""What a status code is about."""

ENTITIES: Mapping[str, str] = MappingProxyType(
    {
        "82": "rendering provider",
        "85": "billing provider",
        "IL": "subscriber",
    }
)
"""Whom a status code is about."""


def coded(acknowledgment: Acknowledgment) -> str:
    """As the segment STC has it: `A7:562:85`, one for each status code."""
    entity = f":{acknowledgment.entity}" if acknowledgment.entity else ""
    return ", ".join(f"{acknowledgment.category}:{status}{entity}" for status in acknowledgment.status)


def in_words(acknowledgment: Acknowledgment) -> str:
    """What the codes mean, as far as this module has words for them."""
    about = [STATUS[status] for status in acknowledgment.status if status in STATUS]
    whose = ENTITIES.get(acknowledgment.entity or "")
    told = ", ".join(about) + (f" of the {whose}" if about and whose else "")
    return ": ".join(part for part in (REFUSALS.get(acknowledgment.category), told) if part)
