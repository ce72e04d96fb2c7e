"""What a stream of bytes holds, told from its first bytes and never from a file's name."""

from __future__ import annotations

import re
from typing import Literal

from scrubber.errors import InputError

Content = Literal["x12", "json"]

HEAD_SIZE = 8192
"""How many bytes from the beginning decide."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_FHIR = re.compile(rb'"resourceType"\s*:')
_SIGNATURES = {
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
    b"PAR1": "a Parquet table",
}
_HINTS = {
    "a zip archive": "Unpack it first.",
    "a gzip archive": "Unpack it first.",
    "text in UTF-16": "Save it as UTF-8.",
}
_OWN_REPORT = re.compile(
    rb"""\{\s*"schema"\s*:\s*"[0-9]+",\s*"scrubber"\s*:"""  # JSON
    rb"""|\{"claim_id":[^\n]*?,"decision":"(?:pass|review|hold)","risk":"""  # NDJSON
    rb"""|\{\s*"\$schema":\s*"[^"]*sarif[^"]*",[^\x00]{0,200}?"driver": \{"name": "Claim Scrubber\""""  # SARIF
    rb"""|<\?xml [^>]*>\s*<testsuites name="claim-scrubber\""""  # JUnit
    rb"""|"kind","claim_id","source",\""""  # CSV
    rb"""|(?:HOLD {4}|REVIEW {2}|PASS {4}|NOT READ {2})\S"""  # text, from its first claim
    rb"""|Statistics\r?\n {2}"""  # text of clean claims, with --statistics
    rb"""|[0-9,]+ claims?: [0-9,]+ pass, [0-9,]+ review, """  # text of clean claims
    rb"""|<!doctype html>[^\0]{0,900}content="Claim Scrubber report">"""  # HTML
)
"""How the reports of this library begin (`scrubber.report`)."""

_ACCEPTED = "Accepted are X12 837 (5010 or 4010) and claims as JSON: one object, a list, or one object per line."
_NOT_YET = "FHIR resources and rows (CSV, Parquet) are not read yet."


def recognize(head: bytes, *, where: str = "") -> Content:
    """The content that `head`, the first bytes, begins. A UTF-8 byte order mark may stand before it.

    Raises:
        InputError: it is none that can be read; the error describes it without repeating any of it.
    """
    from scrubber.readers.x12 import looks_like_x12

    if is_own_report(head):
        hint = "Name the claims that it is about, or leave it out of the folder."
        raise InputError("this is a report of Claim Scrubber, not claims.", where=where, hint=hint)
    start = head.removeprefix(BYTE_ORDER_MARK).lstrip()
    if start[:1] in (b"{", b"[") and not _FHIR.search(head):
        return "json"
    if looks_like_x12(head):
        return "x12"
    kind = _describe(start)
    advice = " ".join(part for part in (_HINTS.get(kind, ""), _ACCEPTED, _NOT_YET) if part)
    raise InputError(f"this is {kind}, which holds no claims that can be read.", where=where, hint=advice)


def is_own_report(head: bytes) -> bool:
    """Whether `head` begins a report that this library wrote, in any of its formats."""
    return _OWN_REPORT.match(head.removeprefix(BYTE_ORDER_MARK).lstrip()) is not None


def _describe(start: bytes) -> str:
    """The kind of content, in words that hold nothing of it."""
    if not start:
        return "an empty input"
    if start[:1] in (b"{", b"["):
        return "a FHIR resource"
    for signature, kind in _SIGNATURES.items():
        if start.startswith(signature):
            return kind
    if start[:1] == b"<":
        return "XML or HTML"
    if b"\x00" in start:
        return "binary data"
    first_line = start.splitlines()[0]
    if max(first_line.count(mark) for mark in (b",", b"\t", b";", b"|")) > 1:
        return "a table of rows"
    return "plain text"
