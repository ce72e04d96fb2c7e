"""What comes out: findings, what could not be judged, and the report of one claim (contract section 3)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

import attrs

from scrubber.traces import Trace

Severity = Literal["error", "warning", "info"]
Disposition = Literal[
    "claim_rejection", "claim_denial", "return_to_provider", "suspend", "line_rejection", "line_denial", "advice"
]
Owner = Literal["coder", "clinician", "front_desk", "biller"]
Safety = Literal["safe", "unsafe", "display"]
Decision = Literal["pass", "review", "hold"]
SuppressionKind = Literal["baseline", "suppression"]
Level = Literal["national", "programme", "mac", "payer", "organisation"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""Worst first."""


@attrs.frozen(kw_only=True)
class Change:
    """One replacement that a fix proposes: the field, what it holds now and what it should hold."""

    field: str
    old: str
    new: str


@attrs.frozen(kw_only=True)
class Fix:
    """How to mend a finding. Only pure formatting is ever "safe"; everything else is shown, not done."""

    safety: Safety = "display"
    text: str = ""
    changes: tuple[Change, ...] = ()


@attrs.frozen(kw_only=True)
class Reference:
    title: str
    url: str | None = None


@attrs.frozen(kw_only=True)
class LayerMark:
    """What a layer set of the rule behind a finding: the names of what it changed, why, and on whose authority."""

    pack: str
    version: str
    level: Level
    set: tuple[str, ...]
    reason: str
    reference: Reference


@attrs.frozen(kw_only=True)
class LayerOfClaim:
    """A layer that lies over the rules for a claim. Where `undecided` gives a reason, it could not be told whether it
    does, and what it would have set did not count.
    """

    pack: str
    version: str
    level: Level
    undecided: str | None = None


@attrs.frozen(kw_only=True)
class Evidence:
    """The row of a dated table that a finding rests on."""

    table: str
    edition: str | None
    row: Mapping[str, Any]


@attrs.frozen(kw_only=True)
class Acknowledgment:
    """What a 277CA says of a claim that is refused before it is adjudicated: the claim status category code, the claim
    status codes, and the entity identifier code of whom they are about.
    """

    category: str
    status: tuple[str, ...]
    entity: str | None = None


@attrs.frozen(kw_only=True)
class Finding:
    """One fault of a claim. `line` and `diagnosis` are 1-based positions; `risk` is the chance of refusal, 0 to 1."""

    rule: str
    name: str
    family: str
    severity: Severity
    risk: float
    disposition: Disposition
    message: str
    line: int | None = None
    diagnosis: int | None = None
    field: str | None = None
    position: Mapping[str, Any] | None = None
    codes: tuple[str, ...] = ()
    group: str | None = None
    carc: tuple[str, ...] = ()
    rarc: tuple[str, ...] = ()
    owner: Owner = "biller"
    fix: Fix = Fix()
    acknowledgment: Acknowledgment | None = None
    question: str | None = None
    """A question that can be sent to the clinician as it stands, where only the record can tell; nothing private."""
    evidence: Evidence | None = None
    references: tuple[Reference, ...] = ()
    layers: tuple[LayerMark, ...] = ()
    """What layers set of the rule, the lowest layer first; empty where none did."""
    fingerprint: str = ""


@attrs.frozen(kw_only=True)
class Masked:
    """A finding that was hidden on purpose, and the rule whose finding tells the fault already."""

    rule: str
    by: str


@attrs.frozen(kw_only=True)
class Suppression:
    """Why a finding was set aside: it was known before, or somebody decided so until a day."""

    kind: SuppressionKind
    place: str
    """The file, and the line in it where it has lines."""
    reason: str = ""
    by: str = ""
    expires: datetime.date | None = None


@attrs.frozen(kw_only=True)
class Suppressed:
    """A finding that was set aside on purpose: it counts for nothing, and is told all the same."""

    finding: Finding
    suppression: Suppression


@attrs.frozen(kw_only=True)
class Unjudged:
    """A rule that gave no verdict, and the reason: a blank field, or the `table` that has no edition for the `date`,
    or one that lacks the `missing_part`.
    """

    rule: str
    reason: str
    table: str | None = None
    date: datetime.date | None = None
    missing_part: str | None = None


@attrs.frozen(kw_only=True)
class ReadError:
    """What made a claim, or a part of it, unreadable."""

    message: str
    position: Mapping[str, Any] | None = None
    field: str | None = None
    hint: str = ""


@attrs.frozen(kw_only=True)
class Coverage:
    """How many rules that apply to the claim ended in each of the five outcomes; a rule counts once, worst first."""

    fired: int = 0
    excused: int = 0
    not_evaluated: int = 0
    not_checked: int = 0
    clear: int = 0


@attrs.frozen(kw_only=True)
class OutlineDiagnosis:
    number: int
    code: str | None
    kind: str | None


@attrs.frozen(kw_only=True)
class OutlineLine:
    number: int
    """1-based, as in `Finding.line`."""
    procedure: str | None
    revenue_code: str | None
    modifiers: tuple[str, ...]
    units: Decimal | None
    charge: Decimal | None
    service_date: datetime.date | None
    service_date_end: datetime.date | None
    place_of_service: str | None
    diagnosis_pointers: tuple[int, ...]


@attrs.frozen(kw_only=True)
class ClaimOutline:
    """What of a claim a report may show: codes, amounts and days, and nothing that names a person."""

    form: str
    payer_kind: str | None
    payer_id: str | None
    payer_name: str | None
    type_of_bill: str | None
    total_charge: Decimal | None
    diagnoses: tuple[OutlineDiagnosis, ...]
    lines: tuple[OutlineLine, ...]


@attrs.frozen(kw_only=True)
class Report:
    """The verdict on one claim. `amount_at_risk` is in dollars; a line counts once however many findings it has."""

    claim_id: str | None
    source: str | None
    index: int | None
    decision: Decision
    risk: float
    amount_at_risk: Decimal
    findings: tuple[Finding, ...] = ()
    masked: tuple[Masked, ...] = ()
    not_evaluated: tuple[Unjudged, ...] = ()
    not_checked: tuple[Unjudged, ...] = ()
    errors: tuple[ReadError, ...] = ()
    layers: tuple[LayerOfClaim, ...] = ()
    coverage: Coverage = Coverage()
    readable: bool = True
    suppressed: tuple[Suppressed, ...] = ()
    below_min_risk: int = 0
    """Findings that the caller asked not to see, because their risk is small."""
    outline: ClaimOutline | None = None
    """The claim itself as far as a report may show it, where the format asks for it."""
    why: tuple[Trace, ...] | None = None
    """Why rules said what they said, where somebody asked (`Scrubber.why`)."""
