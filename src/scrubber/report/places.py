"""Where something stands, in a biller's words: in the claim, and in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from scrubber.findings import Finding, Report

_ITEM = re.compile(r"([a-z_]+)\[([0-9]+)\]")
_SINGULAR = {"diagnoses": "diagnosis"}


def claim_name(report: Report) -> str:
    """A claim by its own id, else by its place in the input."""
    return report.claim_id or ("claim" if report.index is None else f"claim {report.index + 1}")


def where_in_claim(finding: Finding) -> str:
    """The place as a biller names it: the line or diagnosis, the field, and where that stands in the file."""
    places: list[str] = []
    if finding.line is not None:
        places.append(f"line {finding.line}")
    if finding.diagnosis is not None:
        places.append(f"diagnosis {finding.diagnosis}")
    if finding.field:
        places.append(_field_name(finding.field, after_its_place=bool(places)))
    if finding.position:
        places.append(position_text(finding.position))
    return ", ".join(places) or "claim"


def position_text(position: Mapping[str, Any]) -> str:
    """A position in the source: `segment 31 loop 2400 SV101-2`, `row 7 column units`, `/item/0`."""
    speaks_for_itself = ("element", "pointer")
    return " ".join(
        str(value) if key in speaks_for_itself else f"{key} {value}"
        for key, value in position.items()
        if value is not None
    )


def _field_name(field: str, *, after_its_place: bool) -> str:
    """`billing_provider.npi` as "billing provider npi"; `lines[1].units` as "units" after its line number, and
    `procedures[0].date` as "procedure 1 date".
    """
    if after_its_place and "]." in field:
        field = field.rpartition("].")[2]
    field = _ITEM.sub(lambda item: f"{_SINGULAR.get(item[1], item[1].removesuffix('s'))} {int(item[2]) + 1}", field)
    return field.replace("_", " ").replace(".", " ")
