"""The report as SARIF 2.1.0, for code scanning and viewers of it: the rules first, then each result when its claim
comes, and at the end what was not looked at.

SARIF has no place for lines of service or segments: they stand in `properties`, under the names of the report as JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any, TextIO
from urllib.parse import quote

from scrubber.claim_status import coded
from scrubber.findings import Finding, ReadError, Report, Severity, Suppression
from scrubber.report.json import claim_head, encode, finding_object, pack_object, summary_object, table_object
from scrubber.report.missing_tables import MissingTables
from scrubber.report.page import count_of, percent, printable
from scrubber.report.places import claim_name, position_text, where_in_claim
from scrubber.report.summary import Tally
from scrubber.report.writer import RuleUsed, Run

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
NOTIFICATIONS: Mapping[str, str] = {
    "not-read": "An input, a claim or a part of a claim could not be read.",
    "not-checked": "Rules gave no verdict because a table is missing or has no edition for the date.",
    "not-evaluated": "A rule gave no verdict because a field is blank.",
    "interrupted": "The run was stopped before the last claim.",
}
"""What a run may say beside its results."""
TAGS = 20
"""GitHub refuses a rule with more."""
_ELSEWHERE = ("rule", "name", "family", "message", "references", "fingerprint")
"""Keys of a finding that stand in other places of a result, or with its rule."""
_MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>#|~"})


class SarifWriter:
    """Writes each result when it comes; what is kept is one line for each input and for each that could not be read."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._separator = "\n"
        self._rules: dict[str, int] = {}
        self._artifacts: dict[str, int] = {}
        self._not_read: list[str] = []
        self._missing = MissingTables()
        self._about: dict[str, Any] = {}

    def start(self, run: Run) -> None:
        self._missing = MissingTables(loaded=frozenset(table.name for table in run.tables))
        self._rules = {rule.id: index for index, rule in enumerate(run.rules)}
        self._about = {
            "packs": [pack_object(pack) for pack in run.packs],
            "tables": [table_object(table) for table in run.tables],
        }
        notifications = [
            {"id": name, "shortDescription": {"text": told}, "defaultConfiguration": {"level": _level_of(name)}}
            for name, told in NOTIFICATIONS.items()
        ]
        language = f'    "language": {encode(run.language)},\n' if run.language else ""
        self._stream.write(
            f'{{\n  "$schema": "{SCHEMA}",\n  "version": "2.1.0",\n  "runs": [{{\n{language}'
            f'    "tool": {{"driver": {{"name": "Claim Scrubber", "version": {encode(run.scrubber)},\n'
            f'      "notifications": {encode(notifications)},\n      "rules": [{_lines(map(_rule, run.rules))}]}}}},\n'
            '    "results": ['
        )

    def claim(self, report: Report) -> None:
        for unjudged in report.not_checked:
            self._missing.add(unjudged)
        for error in report.errors:
            self._not_read.append(encode(self._not_read_notification(report, error)))
        if report.findings or report.suppressed:
            about = claim_head(report)
            for finding in report.findings:
                self._result(report, about, finding, None)
            for one in report.suppressed:
                self._result(report, about, one.finding, one.suppression)

    def finish(self, tally: Tally) -> None:
        notifications = [*self._not_read, *map(encode, self._other_notifications(tally))]
        successful = not (tally.unreadable or tally.partly_read or tally.interrupted)
        artifacts = ({"location": {"uri": uri}, "roles": ["analysisTarget"]} for uri in self._artifacts)
        about = {**self._about, "summary": summary_object(tally)}
        self._stream.write(
            f"{']' if self._separator == chr(10) else chr(10) + '    ]'},\n"
            f'    "artifacts": [{_lines(artifacts)}],\n'
            f'    "invocations": [{{"executionSuccessful": {encode(successful)},\n'
            f'      "toolExecutionNotifications": [{_lines(notifications)}]}}],\n'
            f'    "properties": {encode(about)}\n  }}]\n}}\n'
        )

    def _result(
        self, report: Report, claim: Mapping[str, Any], finding: Finding, suppression: Suppression | None
    ) -> None:
        properties = finding_object(finding)
        result: dict[str, Any] = {"ruleId": finding.rule}
        if finding.rule in self._rules:
            result["ruleIndex"] = self._rules[finding.rule]
        result |= {
            "level": LEVELS[finding.severity],
            "rank": _rank(finding.risk),
            "message": {"text": message_text(f"{claim_name(report)}: {finding.message}")},
            "locations": [self._location_of(report, finding)],
        }
        if finding.fingerprint:
            # The first is the name under which GitHub looks for it.
            result["partialFingerprints"] = {
                "primaryLocationLineHash": finding.fingerprint,
                "claimScrubber/v1": finding.fingerprint,
            }
        if suppression is not None:
            result["suppressions"] = [_suppression(suppression)]
        result["properties"] = {
            "claim": claim,
            **{key: value for key, value in properties.items() if key not in _ELSEWHERE},
        }
        self._stream.write(f"{self._separator}      {encode(result)}")
        self._separator = ",\n"

    def _location_of(self, report: Report, finding: Finding) -> dict[str, Any]:
        field = finding.field or ""
        claim = printable(claim_name(report))
        location: dict[str, Any] = {
            "message": {"text": message_text(where_in_claim(finding))},
            "logicalLocations": [
                {
                    "name": field or claim,
                    "fullyQualifiedName": f"{claim}/{field}" if field else claim,
                    "kind": "property" if field else "object",
                }
            ],
        }
        if report.source is not None:
            location["physicalLocation"] = self._physical_location(report.source, finding.position)
        return location

    def _physical_location(self, source: str, position: Mapping[str, Any] | None) -> dict[str, Any]:
        uri = artifact_uri(source)
        index = self._artifacts.setdefault(uri, len(self._artifacts))
        location: dict[str, Any] = {"artifactLocation": {"uri": uri, "index": index}}
        if region := _region(position):
            location["region"] = region
        return location

    def _not_read_notification(self, report: Report, error: ReadError) -> dict[str, Any]:
        place = " ".join(filter(None, [error.field, position_text(error.position or {})]))
        claim = f"claim {report.index + 1}: " if report.index is not None else ""
        said = f"{claim}{f'{place}: ' if place else ''}{error.message}{f' {error.hint}' if error.hint else ''}"
        notification = _notification("not-read", f"{report.source}: {said}" if report.source else said)
        if report.source is not None:
            location = {"physicalLocation": self._physical_location(report.source, error.position)}
            notification["locations"] = [location]
        return notification

    def _other_notifications(self, tally: Tally) -> Iterator[dict[str, Any]]:
        if tally.interrupted:
            yield _notification("interrupted", "What came after these claims was not looked at.")
        for table in self._missing.tables():
            told = _notification("not-checked", table.sentence)
            yield {**told, "properties": {"table": table.name, "rules": table.rules}}
        for rule, claims in sorted(tally.not_evaluated.items()):
            told = _notification("not-evaluated", f"{rule} lacked a field on {count_of(claims, 'claim')}.")
            if rule in self._rules:
                told["associatedRule"] = {"id": rule, "index": self._rules[rule]}
            yield told


def message_text(text: str) -> str:
    """A plain text message: no control characters, no placeholder, and no link that the claim's data could make up."""
    return printable(text).replace("](", "] (").replace("{", "{{").replace("}", "}}")


def artifact_uri(source: str) -> str:
    """The URI of an input: relative where it was named so."""
    path = PurePath(source)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), safe="/", errors="replace")


def _rule(rule: RuleUsed) -> dict[str, Any]:
    answer = " ".join([rule.group or "", *rule.carc, *rule.rarc]).strip()
    facts = [
        ("To do", rule.fix),
        ("Who", rule.owner.replace("_", " ")),
        ("Risk", percent(rule.risk)),
        ("What a payer does", rule.disposition.replace("_", " ")),
        ("Likely answer", answer),
        ("277CA", coded(rule.acknowledgment) if rule.acknowledgment else ""),
    ]
    told = [(name, text) for name, text in facts if text]
    text = "\n\n".join([rule.why, *(f"{name}: {text}" for name, text in told)])
    markdown = [_markdown(rule.why), *(f"**{name}:** {_markdown(text)}" for name, text in told)]
    if rule.references:
        text += "\n\nAuthority:\n" + "\n".join(f"{one.title} {one.url or ''}".rstrip() for one in rule.references)
        markdown += ["**Authority:**", "\n".join(f"- {_reference(one.title, one.url)}" for one in rule.references)]
    tags = [rule.family, rule.owner, rule.disposition, *(f"CARC {code}" for code in rule.carc)]
    shown: dict[str, Any] = {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": message_text(rule.title)},
        "fullDescription": {"text": message_text(rule.why or rule.title)},
        "help": {"text": _braces(text), "markdown": _braces("\n\n".join(markdown))},
        "defaultConfiguration": {"level": LEVELS[rule.severity], "rank": _rank(rule.risk)},
        "properties": {
            "tags": list(dict.fromkeys([*tags, *(f"RARC {code}" for code in rule.rarc)]))[:TAGS],
            "family": rule.family,
            "owner": rule.owner,
            "disposition": rule.disposition,
            "risk": rule.risk,
            "group": rule.group,
            "carc": rule.carc,
            "rarc": rule.rarc,
            "status": rule.status,
            "pack": rule.pack,
        },
    }
    if page := next((one.url for one in rule.references if one.url), None):
        shown["helpUri"] = page
    return shown


def _suppression(suppression: Suppression) -> dict[str, Any]:
    """External, for it stands in a file of its own and not in the claim. The reason says by whom and until when."""
    by = f"by {suppression.by}" if suppression.by else ""
    until = f"until {suppression.expires.isoformat()}" if suppression.expires else ""
    signed = ", ".join(filter(None, [by, until]))
    reason = suppression.reason or ("known before: it stands in the baseline" if suppression.kind == "baseline" else "")
    file, _, line = suppression.place.rpartition(":")
    region = {"region": {"startLine": int(line)}} if file and line.isdecimal() and int(line) > 0 else {}
    uri = artifact_uri(file if region else suppression.place)
    return {
        "kind": "external",
        "status": "accepted",
        "justification": printable(f"{reason} ({signed})" if signed and reason else reason or signed),
        "location": {"physicalLocation": {"artifactLocation": {"uri": uri}, **region}},
    }


def _notification(name: str, said: str) -> dict[str, Any]:
    return {
        "descriptor": {"id": name, "index": list(NOTIFICATIONS).index(name)},
        "level": _level_of(name),
        "message": {"text": message_text(said)},
    }


def _level_of(name: str) -> str:
    return {"not-read": "error", "not-evaluated": "note"}.get(name, "warning")


def _region(position: Mapping[str, Any] | None) -> dict[str, int]:
    """Only where the line of the text is really known: a segment of an 837 is no line."""
    line = (position or {}).get("line")
    return {"startLine": line} if isinstance(line, int) and line > 0 else {}


def _rank(risk: float) -> float:
    """The risk as SARIF ranks results: 0 to 100, the most important highest."""
    return round(risk * 100, 2)


def _reference(title: str, url: str | None) -> str:
    return f"[{_markdown(title)}]({quote(url, safe=':/?#=&%@+,;~!$*')})" if url else _markdown(title)


def _markdown(text: str) -> str:
    return printable(text).translate(_MARKDOWN)


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _lines(values: Iterator[Any] | list[Any]) -> str:
    """Values as JSON, one to a line. Those that are text are JSON already."""
    told = ",\n".join(f"        {value if isinstance(value, str) else encode(value)}" for value in values)
    return f"\n{told}\n      " if told else ""
