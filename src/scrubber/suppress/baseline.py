"""The baseline: the findings of a run that the next runs need not tell again.

    {"schema": "1", "scrubber": "0.1.0", "kind": "baseline", "packs": {"core": "2026.4"}, "findings": [
     {"rule": "DX102", "fingerprint": "0123456789abcdef"},
     {"rule": "MOD110", "fingerprint": "fedcba9876543210", "count": 2}
    ]}

One finding a line in a fixed order, so that a comparison of two versions shows what came and went. Nothing of a claim
stands in it; a fingerprint is a digest (`engine.fingerprints`). It knows a finding again on the same claim, as often as
it stood there: the third where two were known is new.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import attrs
import msgspec

from scrubber.errors import ScrubberError, os_error_hint, shown
from scrubber.findings import Finding, Report

SCHEMA = "1"
KIND = "baseline"

_HEAD = re.compile(rb'\s*\{\s*"schema"\s*:\s*"[^"]*",\s*"scrubber"\s*:\s*"[^"]*",\s*"kind"\s*:\s*"baseline"')

_REWRITE = "Write it again with --write-baseline."

Key = tuple[str, str]
"""The id of the rule, and the fingerprint."""


@attrs.frozen(kw_only=True)
class Baseline:
    """Known findings: how often each stood on its claim, and what wrote them down."""

    place: str
    counts: Mapping[Key, int] = attrs.field(repr=False)
    scrubber: str = ""
    packs: Mapping[str, str] = attrs.field(factory=dict)

    def differs_from(self, packs: Mapping[str, str]) -> list[str]:
        """The packs that are not those of the baseline: "core 2026.3, now 2026.4"."""
        told: list[str] = []
        for name in sorted({*packs, *self.packs}):
            before, now = self.packs.get(name), packs.get(name)
            if before is None:
                told.append(f"no {name}")
            elif now is None:
                told.append(f"{name} {before}, which is not used now")
            elif before != now:
                told.append(f"{name} {before}, now {now}")
        return told


@attrs.define
class BaselineDraft:
    """Collects the findings of a run for a new baseline. Add every report once."""

    counts: dict[Key, int] = attrs.field(factory=dict, repr=False)

    def add(self, report: Report) -> None:
        """Everything that the report tells, and what an earlier baseline set aside. What a suppression is about has a
        decision of its own, which must be able to expire.
        """
        before = (one.finding for one in report.suppressed if one.suppression.kind == "baseline")
        for key, count in occurrences((*report.findings, *before)).items():
            self.counts[key] = max(count, self.counts.get(key, 0))

    @property
    def findings(self) -> int:
        return sum(self.counts.values())

    def text(self, scrubber: str, packs: Mapping[str, str]) -> str:
        """The file, the same for the same findings in whatever order they came."""
        head = {"schema": SCHEMA, "scrubber": scrubber, "kind": KIND, "packs": dict(sorted(packs.items()))}
        lines = [
            json.dumps({"rule": rule, "fingerprint": mark} | ({"count": count} if count > 1 else {}))
            for (rule, mark), count in sorted(self.counts.items())
        ]
        listed = "".join(f"\n  {line}," for line in lines).removesuffix(",")
        return f'{json.dumps(head)[:-1]}, "findings": [{listed}\n]}}\n'


def occurrences(findings: Iterable[Finding]) -> Counter[Key]:
    """How often each finding stands on one claim; what has no fingerprint cannot be known again."""
    return Counter((finding.rule, finding.fingerprint) for finding in findings if finding.fingerprint)


class _Known(msgspec.Struct, forbid_unknown_fields=True):
    rule: Annotated[str, msgspec.Meta(min_length=1)]
    fingerprint: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    count: Annotated[int, msgspec.Meta(ge=1)] = 1


class _File(msgspec.Struct, forbid_unknown_fields=True):
    schema: str
    scrubber: str
    kind: str
    packs: dict[str, str]
    findings: list[_Known]


def begins_baseline(path: Path) -> bool:
    """Whether a file begins as a baseline does, be it damaged further on."""
    try:
        with path.open("rb") as stream:
            return _HEAD.match(stream.read(4096)) is not None
    except OSError:
        return False


def read_baseline(path: str | Path) -> Baseline:
    """Read a baseline.

    Raises:
        ScrubberError: it cannot be read, or is none; with the place.
    """
    place = shown(path)
    try:
        document = json.loads(Path(path).read_bytes())
    except OSError as error:
        message = "there is no such baseline." if isinstance(error, FileNotFoundError) else "it cannot be read."
        hint = "--write-baseline writes one." if isinstance(error, FileNotFoundError) else os_error_hint(error)
        raise ScrubberError(message, where=place, hint=hint) from None
    except json.JSONDecodeError as error:
        where = f"{place}:{error.lineno}:{error.colno}"
        raise ScrubberError("the baseline is damaged: this is not JSON.", where=where, hint=_REWRITE) from None
    except (ValueError, RecursionError):  # no UTF-8, a number of thousands of digits, brackets without end
        raise ScrubberError("this is no baseline.", where=place, hint=_REWRITE) from None
    _refuse_foreign(document, place)
    try:
        read = msgspec.convert(document, _File)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at ")
        told = f"the baseline is damaged: {message[:1].lower()}{message[1:]}."
        raise ScrubberError(told, where=f"{place} {where.strip('`')}".rstrip(), hint=_REWRITE) from None
    counts: dict[Key, int] = {}
    for known in read.findings:  # two who merged their changes may have left a finding twice
        key = known.rule, known.fingerprint
        counts[key] = max(known.count, counts.get(key, 0))
    return Baseline(place=place, counts=counts, scrubber=read.scrubber, packs=read.packs)


def _refuse_foreign(document: Any, place: str) -> None:
    if not isinstance(document, dict) or document.get("kind") != KIND:
        is_report = isinstance(document, dict) and "claims" in document and "summary" in document
        kind = "a report, not a baseline" if is_report else "no baseline"
        raise ScrubberError(f"this is {kind}.", where=place, hint="A baseline is written by --write-baseline.")
    if document.get("schema") != SCHEMA:
        hint = "Use that version, or write the baseline again with --write-baseline."
        raise ScrubberError("another version of Claim Scrubber wrote this baseline.", where=place, hint=hint)
