"""The file of suppressions: decisions of people not to hear of a finding for a while.

    - rule: DX104
      payer: "60054"
      reason: The payer confirmed in writing that it takes the old code until its release in January.
      by: J. Rivera
      until: 2027-01-31

Everything that an entry names must fit the finding. Reason, person and last day are required: a decision without an end
is a rule nobody wrote down.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path

import attrs
import yaml

from scrubber.claim import Claim
from scrubber.errors import ScrubberError, UnknownName, shown
from scrubber.findings import Finding, Suppression
from scrubber.rules import keys
from scrubber.rules.model import Pack
from scrubber.rules.yaml_source import Entries, YamlSource

_FINGERPRINT = re.compile("[0-9a-f]{16}")


@attrs.frozen(kw_only=True)
class Entry:
    """One suppression. Names of rules and payers are folded to small letters, procedures to capitals; empty: any."""

    place: str
    about: str = ""
    """What it names, in the author's words: the rules, else the fingerprints."""
    rules: frozenset[str] = frozenset()
    fingerprints: frozenset[str] = frozenset()
    claims: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    payers: frozenset[str] = frozenset()
    procedures: frozenset[str] = frozenset()
    reason: str
    by: str
    until: date

    def fits(self, finding: Finding, claim: Claim) -> bool:
        """Whether a finding on a claim is what the entry is about."""
        return (
            (not self.rules or not self.rules.isdisjoint(_names_of(finding)))
            and (not self.fingerprints or finding.fingerprint in self.fingerprints)
            and (not self.claims or (claim.claim_id or "").strip() in self.claims)
            and (not self.payers or not self.payers.isdisjoint(_payer_of(claim)))
            and (not self.procedures or not self.procedures.isdisjoint(_procedures_of(finding, claim)))
        )


@attrs.frozen
class Suppressions:
    """The entries of a file, in its order, and found by what they name."""

    entries: tuple[Entry, ...] = ()
    _by_name: Mapping[str, tuple[Entry, ...]] = attrs.field(init=False, repr=False, eq=False)

    _claims: frozenset[str] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_claims", frozenset(claim for entry in self.entries for claim in entry.claims))
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for name in entry.fingerprints or entry.rules:
                found.setdefault(name, []).append(entry)
        object.__setattr__(self, "_by_name", {name: tuple(entries) for name, entries in found.items()})

    @property
    def claims(self) -> frozenset[str]:
        """Ids of claims that entries name."""
        return self._claims

    def in_force(self, day: date) -> Suppressions:
        """Those that hold on a day; the last day counts."""
        return Suppressions(tuple(entry for entry in self.entries if entry.until >= day))

    def expired(self, day: date) -> tuple[Entry, ...]:
        """Those whose last day is before a day."""
        return tuple(entry for entry in self.entries if entry.until < day)

    def about(self, finding: Finding, claim: Claim) -> Suppression | None:
        """The decision about a finding, of the first entry that fits."""
        names = (finding.fingerprint, *_names_of(finding))
        fitting = [
            entry for name in names for entry in self._by_name.get(name, ()) if entry.fits(finding, claim)
        ]  # fmt: skip
        if not fitting:
            return None
        first = min(fitting, key=self.entries.index) if len(fitting) > 1 else fitting[0]
        return Suppression(kind="suppression", place=first.place, reason=first.reason, by=first.by, expires=first.until)


def read_suppressions(path: str | Path, packs: Iterable[Pack]) -> Suppressions:
    """Read a file of suppressions. An entry must name a rule of the packs, running or not.

    Raises:
        ScrubberError: it has mistakes; the message lists them all with file, line and mend.
    """
    source = YamlSource(Path(path), may_be_empty=True)
    root = source.read()
    known = {name for pack in packs for rule in pack.rules for name in (rule.id, rule.name, rule.family)}
    nodes = [] if root is None else source.items(root, "suppressions")
    found = tuple(one for node in nodes if (one := _EntryNode(source, known, node).read()) is not None)
    if source.problems:
        count = len(source.problems)
        listed = "\n".join(
            f"  {one.path}:{one.line}:{one.column}: {one.message} {one.hint}".rstrip()
            for one in sorted(source.problems)
        )
        message = f"{'a mistake' if count == 1 else f'{count} mistakes'} in the suppressions:\n{listed}"
        raise ScrubberError(message, where=shown(path), hint="\nNothing was checked. Mend the file and try again.")
    return Suppressions(found)


@attrs.frozen
class _EntryNode:
    """One entry being read."""

    source: YamlSource
    known: Collection[str]
    node: yaml.Node

    def read(self) -> Entry | None:
        source = self.source
        before = len(source.problems)
        source.meant.clear()
        entries = source.record(self.node, "a suppression", keys.SUPPRESSION, keys.SUPPRESSION_REQUIRED)
        if entries is None:
            return None
        named = self._rules(entries)
        fingerprints = self._fingerprints(entries)
        if not {"rule", "fingerprint"} & ({*entries} | source.meant):
            hint = "Add a line `rule: …` or `fingerprint: …`; reports show both."
            source.note(self.node, "RL003", "a suppression must say of which rule or finding.", hint)
        claims, payers, procedures = (self._texts(entries, key) for key in ("claim", "payer", "procedure"))
        reason, by = (self._sentence(entries, key) for key in ("reason", "by"))
        until = source.day(entries["until"][1], "until") if "until" in entries else None
        if len(source.problems) > before or until is None:
            return None
        return Entry(
            place=f"{shown(source.path)}:{self.node.start_mark.line + 1}",
            about=", ".join(named or fingerprints),
            rules=frozenset(name.casefold() for name in named),
            fingerprints=frozenset(fingerprints),
            claims=frozenset(claims),
            payers=frozenset(one.casefold() for one in payers),
            procedures=frozenset(one.upper() for one in procedures),
            reason=reason,
            by=by,
            until=until,
        )

    def _rules(self, entries: Entries) -> tuple[str, ...]:
        """Rules and families, each known."""
        if "rule" not in entries:
            return ()
        node = entries["rule"][1]
        known = {name.casefold() for name in self.known}
        for item in self.source.items(node, "rule"):
            name = self.source.text(item, "rule")
            if name is not None and name.casefold() not in known:
                unknown = UnknownName("rule or family", name, self.known)
                self.source.note(item, "RL008", unknown.message, unknown.hint)
        return self._texts(entries, "rule")

    def _fingerprints(self, entries: Entries) -> tuple[str, ...]:
        found = tuple(one.casefold() for one in self._texts(entries, "fingerprint"))
        for one in found:
            if not _FINGERPRINT.fullmatch(one):
                node = entries["fingerprint"][1]
                hint = "It has 16 digits and letters from a to f: copy it from a report."
                self.source.note(node, "RL011", "this is no fingerprint.", hint)
        return found

    def _texts(self, entries: Entries, key: str) -> tuple[str, ...]:
        """One value or a list of them, of which any may fit."""
        if key not in entries:
            return ()
        before = len(self.source.problems)
        found = tuple(one.strip() for one in self.source.texts(entries[key][1], key))
        if not all(found) or (not found and len(self.source.problems) == before):
            self.source.note(entries[key][1], "RL003", f"{key} is empty.", "Name one, or leave the key out.")
        return found

    def _sentence(self, entries: Entries, key: str) -> str:
        if key not in entries:
            return ""
        node = entries[key][1]
        text = None if self.source.is_null(node) else self.source.text(node, key)
        if text is not None and text.strip():
            return " ".join(text.split())
        if text is not None or self.source.is_null(node):
            self.source.note(node, "RL003", f"{key} is empty.", _SENTENCES[key])
        return ""


_SENTENCES: Mapping[str, str] = {
    "reason": "Say why the finding is not to be told.",
    "by": "Say who decided it.",
}


def _names_of(finding: Finding) -> tuple[str, str, str]:
    return finding.rule.casefold(), finding.name.casefold(), finding.family.casefold()


def _payer_of(claim: Claim) -> set[str]:
    return {one.strip().casefold() for one in (claim.payer.id, claim.payer.kind) if one}


def _procedures_of(finding: Finding, claim: Claim) -> set[str]:
    """The codes that a finding is about: its own, and the procedure of its line."""
    found = {code.upper() for code in finding.codes}
    if finding.line is not None and 1 <= finding.line <= len(claim.lines):
        found.add((claim.lines[finding.line - 1].procedure or "").strip().upper())
    return found
