"""Reads one rule file into the model, noting every mistake with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

import attrs
import yaml

from scrubber.checks import FINDERS
from scrubber.claim import PayerKind
from scrubber.errors import UnknownName
from scrubber.fields import FieldType, ScopeKind
from scrubber.findings import Disposition, Owner, Reference, Safety, Severity
from scrubber.rules.conditions import Names, phrase, read_nodes, read_params
from scrubber.rules.examples import read_tests
from scrubber.rules.model import (
    Adjustment,
    AppliesTo,
    Case,
    Condition,
    FieldRef,
    FinderLookUp,
    LookUp,
    Node,
    Param,
    Rule,
    Scope,
    Status,
    TableLookUp,
    Template,
)
from scrubber.rules.yaml_source import Entries, RuleProblem, YamlSource
from scrubber.tables import TableSet

SETTINGS = ("professional", "institutional", "inpatient", "outpatient", "dental")

_RULE_ID = re.compile(r"[A-Z]{2,5}[0-9]{3}")
_HIDDEN = re.compile(r"-?[A-Z]{2,5}[0-9]{3}|[a-z]{2,5}")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ALIAS = re.compile(r"[a-z][a-z0-9_]*")
_CARC = re.compile(r"[ABDPWY]?[0-9]{1,3}")
_RARC = re.compile(r"(M|MA|N)[0-9]{1,4}")

_IN_CONDITIONS = ("RL002", "RL004", "RL005", "RL006", "RL007", "RL008", "RL009", "RL013")
"""Mistakes that may keep a condition or a message from being read."""

_CASE_KEYS = ("when", "unless", "severity", "risk", "disposition", "owner", "message", "fix", "adjustment", "field",
              "codes", "hides")  # fmt: skip
_RULE_KEYS = (*_CASE_KEYS, "id", "name", "title", "status", "effective", "applies_to", "for_each", "pair_with",
              "look_up", "params", "cases", "every_case", "why", "references", "tests")  # fmt: skip
_REQUIRED = ("id", "name", "title", "status", "for_each", "why", "references", "tests")
_DEFAULT_ALIASES = {ScopeKind.PROCEDURE_LINE: "line", ScopeKind.DIAGNOSIS: "diagnosis", ScopeKind.FAULT: "fault"}


def read_rule(path: Path, pack: str, tables: TableSet) -> tuple[Rule | None, list[RuleProblem]]:
    """One rule file, and its mistakes; no rule where something essential is wrong."""
    source = YamlSource(path)
    root = source.read()
    entries = source.record(root, "the rule", _RULE_KEYS, _REQUIRED) if root is not None else None
    if entries is None or root is None or any(key not in entries for key in _REQUIRED):
        return None, source.problems
    rule = _RuleFile(source, root, entries, pack, tables).rule()
    return (rule if not source.problems else None), source.problems


@attrs.define
class _RuleFile:
    """One rule file being read."""

    source: YamlSource
    root: yaml.Node
    entries: Entries
    pack: str
    tables: TableSet

    def rule(self) -> Rule:
        source = self.source
        identity = self._shaped("id", _RULE_ID, "capital letters and three digits, such as DX102") or ""
        name = self._shaped("name", _NAME, "lower-case words joined by dashes, such as dx-not-billable") or ""
        scope = self._scope("for_each")
        pair = self._scope("pair_with") if "pair_with" in self.entries else None
        scopes = {"claim": ScopeKind.CLAIM, scope.alias: scope.kind}
        if pair is not None:
            if pair.alias in scopes:
                source.note(self.entries["pair_with"][1], "RL012", f"two things are called {pair.alias!r}.",
                            "Write `line as other`.")  # fmt: skip
            scopes[pair.alias] = pair.kind
        names = Names(source, scopes, value_sets=self.tables.value_sets)
        if "params" in self.entries:
            names.params.update(read_params(source, self.entries["params"][1]))
        look_ups = self._look_ups(names, scope)
        when = self._nodes(names, self.entries, "when")
        unless = self._nodes(names, self.entries, "unless")
        cases = self._cases(names, when)
        self._unused(names)
        from_, to = self._effective()
        return Rule(
            id=identity,
            name=name,
            title=self._text("title"),
            status=self._choice("status", get_args(Status)),
            scope=scope,
            pair=pair,
            effective_from=from_,
            effective_to=to,
            applies_to=self._applies_to(),
            look_ups=look_ups,
            params={name: Param(name, ()) for name in names.params},
            when=when,
            unless=unless,
            cases=cases,
            every_case=self._every_case(),
            why=self._text("why"),
            references=self._references(),
            hides=self._hides(self.entries["hides"][1] if "hides" in self.entries else None),
            tests=read_tests(source, self.entries["tests"][1]),
            place=source.place(self.root),
            pack=self.pack,
        )

    def _shaped(self, key: str, shape: re.Pattern[str], words: str) -> str | None:
        node = self.entries[key][1]
        text = self.source.text(node, key)
        if text is not None and not shape.fullmatch(text):
            self.source.note(node, "RL015", f"the {key} {text!r} is not made of {words}.")
        return text

    def _text(self, key: str) -> str:
        return (self.source.text(self.entries[key][1], key) or "").strip()

    def _choice(self, key: str, known: tuple[str, ...]) -> Any:
        return self.source.choice(self.entries[key][1], key, known)

    def _scope(self, key: str) -> Scope:
        node = self.entries[key][1]
        text = self.source.text(node, key) or "claim"
        kind_text, _, alias = text.partition(" as ")
        kinds = {kind.value.replace("_", " "): kind for kind in ScopeKind}
        if kind_text.strip() not in kinds:
            self.source.note(node, "RL011", f"{key} cannot be {kind_text.strip()!r}.",
                             f"Known: {', '.join(kinds)}; then `as` and a name of your own.")  # fmt: skip
            return Scope(ScopeKind.CLAIM, "claim")
        kind = kinds[kind_text.strip()]
        alias = alias.strip() or _DEFAULT_ALIASES.get(kind, kind.value)
        if not _ALIAS.fullmatch(alias) or alias in ("params", "found"):
            self.source.note(node, "RL015", f"{alias!r} cannot be a name.", "Use a lower-case word.")
        return Scope(kind, alias)

    def _look_ups(self, names: Names, scope: Scope) -> tuple[LookUp, ...]:
        if "look_up" not in self.entries:
            return ()
        found: list[LookUp] = []
        for alias, (key, node) in (self.source.entries(self.entries["look_up"][1], "look_up") or {}).items():
            if alias in names.scopes or not _ALIAS.fullmatch(alias):
                self.source.note(key, "RL015", f"{alias!r} cannot be the name of a look-up.")
                continue
            entries = self.source.record(node, f"the look-up {alias}", ("table", "match", "as_of", "find", "of"))
            if not entries:
                continue
            look_up = (
                self._finder(names, alias, entries, node)
                if "find" in entries
                else self._table(names, alias, entries, node, scope)
            )
            if look_up is not None:
                found.append(look_up)
        return tuple(found)

    def _finder(self, names: Names, alias: str, entries: Entries, node: yaml.Node) -> FinderLookUp | None:
        name = self.source.choice(entries["find"][1], "the finder", FINDERS)
        names.look_ups[alias] = FINDERS.get(name or "")
        if "of" not in entries:
            self.source.note(node, "RL003", f"the look-up {alias} lacks the key 'of'.", "Name what it is about.")
            return None
        of = self.source.choice(entries["of"][1], "of", names.scopes)
        if name is None or of is None:
            return None
        if names.scopes[of] not in FINDERS[name].of:
            kinds = ", ".join(sorted(kind.value for kind in FINDERS[name].of))
            self.source.note(entries["of"][1], "RL007", f"{name} is about: {kinds}.")
            return None
        return FinderLookUp(alias, name, of)

    def _table(self, names: Names, alias: str, entries: Entries, node: yaml.Node, scope: Scope) -> TableLookUp | None:
        names.look_ups[alias] = None
        if "table" not in entries or "match" not in entries:
            self.source.note(node, "RL003", f"the look-up {alias} needs `table` and `match`, or `find` and `of`.")
            return None
        name = self.source.text(entries["table"][1], "table") or ""
        try:
            table = self.tables.get(name)
        except UnknownName as error:
            self.source.note(entries["table"][1], "RL009", error.message, error.hint)
            return None
        names.look_ups[alias] = table
        match: dict[str, FieldRef | str] = {}
        for column, (key, value) in (self.source.entries(entries["match"][1], "match") or {}).items():
            if table is not None and column not in table.key:
                self.source.note(key, "RL009", f"{column!r} is no key of {name}.", f"Its key: {', '.join(table.key)}.")
            text = self.source.text(value, column) or ""
            reference = names.reference(value, text[1:]) if text.startswith("$") else text
            if reference is not None:
                match[column] = reference
        if table is not None and (missing := [column for column in table.key if column not in match]):
            self.source.note(entries["match"][1], "RL003", f"match lacks {', '.join(missing)}.")
        as_of_node = entries["as_of"][1] if "as_of" in entries else None
        as_of_text = self.source.text(as_of_node, "as_of") if as_of_node else f"${scope.alias}.as_of"
        as_of = names.reference(as_of_node or node, (as_of_text or "").removeprefix("$"))
        if as_of is not None and as_of.type is not FieldType.DATE:
            self.source.note(as_of_node or node, "RL007", f"as_of must be a date; {as_of} is {phrase(as_of.type)}.")
        return TableLookUp(alias, name, match, as_of) if as_of is not None else None

    def _nodes(self, names: Names, entries: Entries, key: str) -> tuple[Node, ...]:
        return read_nodes(names, entries[key][1], key) if key in entries else ()

    def _cases(self, names: Names, when: tuple[Node, ...]) -> tuple[Case, ...]:
        if "cases" not in self.entries:
            return (self._case(names, {}, self.root, when),)
        cases: list[Case] = []
        for node in self.source.items(self.entries["cases"][1], "cases"):
            own = self.source.record(node, "the case", _CASE_KEYS)
            if own is not None:
                cases.append(self._case(names, own, node, when))
        if not cases:
            self.source.note(self.entries["cases"][1], "RL003", "cases has no case.", "Add one, or delete the key.")
            cases.append(self._case(names, {}, self.root, when))
        return tuple(cases)

    def _case(self, names: Names, own: Entries, node: yaml.Node, shared: tuple[Node, ...]) -> Case:
        """A case: what it says itself, else what the rule says."""
        source = self.source

        def value_of(key: str, required: bool = True) -> yaml.Node | None:
            entry = own.get(key) or self.entries.get(key)
            if entry is None and required and key not in source.meant:
                source.note(node, "RL003", f"the rule lacks the key {key!r}.", f"Add a line `{key}: …`.")
            return entry[1] if entry else None

        def choice_of(key: str, kind: Any) -> Any:
            found = value_of(key)
            return source.choice(found, key, get_args(kind)) if found else None

        when = self._nodes(names, own, "when") if own else ()
        unless = self._nodes(names, own, "unless") if own else ()
        message_node, risk_node = value_of("message"), value_of("risk")
        field_node, codes_node = value_of("field", False), value_of("codes", False)
        safety, fix = self._fix(names, value_of("fix"))
        return Case(
            when=when,
            unless=unless,
            severity=choice_of("severity", Severity),
            risk=(source.fraction(risk_node, "risk") if risk_node else None) or 0.0,
            disposition=choice_of("disposition", Disposition),
            owner=choice_of("owner", Owner),
            message=(names.template(message_node, "message") if message_node else None) or Template("", ()),
            fix_safety=safety,
            fix=fix,
            adjustment=self._adjustment(value_of("adjustment", False)),
            field=self._reference(names, field_node) if field_node else _first_field((*when, *shared), names),
            codes=tuple(
                reference
                for item in (source.items(codes_node, "codes") if codes_node else [])
                if (reference := self._reference(names, item)) is not None
            ),
            hides=self._hides(value_of("hides", False)),
        )

    def _reference(self, names: Names, node: yaml.Node) -> FieldRef | None:
        text = self.source.text(node, "a field")
        return names.reference(node, text.removeprefix("$")) if text else None

    def _fix(self, names: Names, node: yaml.Node | None) -> tuple[Safety, Template]:
        empty = Template("", ())
        if node is None:
            return "display", empty
        entries = self.source.record(node, "fix", ("safety", "text"), ("text",))
        if not entries:
            return "display", empty
        safety: Any = "display"
        if "safety" in entries:
            safety = self.source.choice(entries["safety"][1], "safety", get_args(Safety)) or "display"
        text = names.template(entries["text"][1], "the text of fix") if "text" in entries else None
        return safety, text or empty

    def _adjustment(self, node: yaml.Node | None) -> Adjustment:
        if node is None:
            return Adjustment()
        entries = self.source.record(node, "adjustment", ("group", "carc", "rarc")) or {}
        codes: dict[str, tuple[str, ...]] = {"carc": (), "rarc": ()}
        for key, shape in (("carc", _CARC), ("rarc", _RARC)):
            if key in entries and not (isinstance(entries[key][1], yaml.SequenceNode) and not entries[key][1].value):
                codes[key] = self.source.texts(entries[key][1], key)
                for code in codes[key]:
                    if not shape.fullmatch(code):
                        self.source.note(entries[key][1], "RL011", f"{code!r} does not look like a {key.upper()}.")
        group = None
        if "group" in entries and not self.source.is_null(entries["group"][1]):
            group = self.source.choice(entries["group"][1], "group", ("CO", "PR", "OA", "PI", "CR"))
        return Adjustment(group=group, **codes)

    def _effective(self) -> tuple[Any, Any]:
        if "effective" not in self.entries:
            return None, None
        node = self.entries["effective"][1]
        entries = self.source.record(node, "effective", ("from", "to")) or {}
        from_, to = (
            self.source.day(entries[key][1], key)
            if key in entries and not self.source.is_null(entries[key][1])
            else None
            for key in ("from", "to")
        )
        if from_ and to and to < from_:
            self.source.note(node, "RL011", "effective ends before it begins.")
        return from_, to

    def _applies_to(self) -> AppliesTo:
        if "applies_to" not in self.entries:
            return AppliesTo()
        known = ("settings", "payers")
        entries = self.source.record(self.entries["applies_to"][1], "applies_to", known) or {}
        settings: set[str] = set()
        if "settings" in entries:
            for setting in self.source.choices(entries["settings"][1], "settings", SETTINGS):
                settings.update(("inpatient", "outpatient") if setting == "institutional" else (setting,))
        payers = self.source.choices(entries["payers"][1], "payers", get_args(PayerKind)) if "payers" in entries else ()
        return AppliesTo(settings=frozenset(settings), payers=frozenset(payers))

    def _references(self) -> tuple[Reference, ...]:
        found: list[Reference] = []
        node = self.entries["references"][1]
        for item in self.source.items(node, "references"):
            entries = self.source.record(item, "a reference", ("title", "url"), ("title",))
            if entries and "title" in entries:
                url = self.source.text(entries["url"][1], "url") if "url" in entries else None
                found.append(Reference(title=self.source.text(entries["title"][1], "title") or "", url=url))
        if not found and "title" not in self.source.meant:
            self.source.note(node, "RL003", "the rule names no authority.", "Add a reference with its title.")
        return tuple(found)

    def _every_case(self) -> bool:
        if "every_case" not in self.entries:
            return False
        key, node = self.entries["every_case"]
        if "cases" not in self.entries:
            self.source.note(key, "RL003", "every_case is about cases, and the rule has none.", "Delete the key.")
        return self.source.flag(node, "every_case") is True

    def _hides(self, node: yaml.Node | None) -> Mapping[str, tuple[str, ...]]:
        if node is None:
            return {}
        entries = self.source.record(node, "hides", ("diagnosis", "line", "field", "claim")) or {}
        found = {key: self.source.texts(node, key) for key, (_, node) in entries.items()}
        for key, names in found.items():
            for name in names:
                if not _HIDDEN.fullmatch(name):
                    self.source.note(entries[key][1], "RL011", f"hides cannot be about {name!r}.",
                                     "Name a rule (MOD110), a family (ncci), or a rule to spare (-DX124).")  # fmt: skip
        return found

    def _unused(self, names: Names) -> None:
        """What nothing uses; not told where a condition could not be read, which may be the one that does."""
        if any(problem.id in _IN_CONDITIONS for problem in self.source.problems):
            return
        for kind, listed, prefix in (("look-up", names.look_ups, ""), ("param", names.params, "params.")):
            for name in listed:
                if prefix + name not in names.used:
                    key = self.entries["look_up" if kind == "look-up" else "params"][0]
                    self.source.note(key, "RL016", f"the {kind} {name!r} is never used.", "Use it or delete it.")


def _first_field(nodes: Iterable[Node], names: Names) -> FieldRef | None:
    """The first field of the claim that a condition names: where a finding points if the rule does not say."""
    for node in nodes:
        if isinstance(node, Condition):
            if node.subject.field is not None:
                return node.subject
        else:
            found = _first_field(node.members, names)
            if found is not None:
                return found
    return None
