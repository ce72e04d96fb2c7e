"""Reads one rule file into the model, noting every mistake with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

import attrs
import yaml

from scrubber.errors import UnknownName
from scrubber.fields import ADDED_UP, FIELDS, GROUPED, FieldType, ScopeKind, field_of, group_field
from scrubber.findings import Disposition, Owner, Safety, Severity
from scrubber.rules import keys
from scrubber.rules.common_keys import (
    read_acknowledgment,
    read_adjustment,
    read_payers,
    read_references,
    read_settings,
    read_window,
)
from scrubber.rules.conditions import Names, phrase, read_nodes, read_params
from scrubber.rules.examples import read_tests
from scrubber.rules.look_ups import ALIAS, read_look_ups
from scrubber.rules.meanings import meant
from scrubber.rules.model import (
    Adjustment,
    AppliesTo,
    Case,
    Condition,
    FieldRef,
    LookUp,
    Node,
    Param,
    Rule,
    Scope,
    Status,
    Template,
)
from scrubber.rules.rewrites import read_rewrites
from scrubber.rules.yaml_source import Entries, RuleProblem, YamlSource
from scrubber.tables import TableSet

RULE_ID_SHAPE = re.compile(r"[A-Z]{2,5}[0-9]{3}")
_OF_A_LAYER = {
    "payer_ids": "Write it under `applies_to` in the pack.yaml of a layer: it then holds for all rules of that pack."
}
_THINGS = (FieldType.OBJECT, FieldType.OBJECTS)
_NO_SINGLE_VALUE = (FieldType.CODES, FieldType.NUMBERS, *_THINGS)

_HIDDEN = re.compile(r"-?[A-Z]{2,5}[0-9]{3}|[a-z]{2,5}")
NAME_SHAPE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_IN_CONDITIONS = ("RL002", "RL004", "RL005", "RL006", "RL007", "RL008", "RL009", "RL011", "RL013")
"""Mistakes that may keep a condition or a message from being read."""

_DEFAULT_ALIASES = {ScopeKind.PROCEDURE_LINE: "line", ScopeKind.DIAGNOSIS: "diagnosis", ScopeKind.FAULT: "fault",
                    ScopeKind.PROCEDURE_LINES: "lines"}  # fmt: skip


def read_rule(
    path: Path, pack: str, tables: TableSet, *, text: str | None = None
) -> tuple[Rule | None, list[RuleProblem]]:
    """One rule file, or the text that is to stand in it, and its mistakes; no rule where something is wrong."""
    source = YamlSource(path)
    root = source.read() if text is None else source.compose(text)
    entries = source.record(root, "the rule", keys.RULE, keys.RULE_REQUIRED) if root is not None else None
    if entries is None or root is None or any(key not in entries for key in keys.RULE_REQUIRED):
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
    unread: frozenset[str] = frozenset()

    def rule(self) -> Rule:
        source = self.source
        identity = self._shaped("id", RULE_ID_SHAPE, "capital letters and three digits, such as DX102") or ""
        name = self._shaped("name", NAME_SHAPE, "lower-case words joined by dashes, such as dx-not-billable") or ""
        scope = self._scope("for_each")
        pair = self._scope("pair_with") if "pair_with" in self.entries else None
        scopes = {"claim": ScopeKind.CLAIM, scope.alias: scope.kind}
        if pair is not None:
            if pair.kind in GROUPED:
                source.note(self.entries["pair_with"][1], "RL011", "pair_with cannot be groups of lines.",
                            "Look for each group, and pair it with `line`.")  # fmt: skip
            if pair.alias in scopes:
                source.note(self.entries["pair_with"][1], "RL012", f"two things are called {pair.alias!r}.",
                            "Write `line as other`.")  # fmt: skip
            scopes[pair.alias] = pair.kind
        group_by = self._group_by(scope)
        shared = {reference.name: group_field(reference.field) for reference in group_by if reference.field}
        names = Names(
            source, scopes, value_sets=self.tables.value_sets, shared={scope.alias: shared}, unread=self.unread
        )
        if "params" in self.entries:
            names.params.update(read_params(source, self.entries["params"][1]))
        look_ups: tuple[LookUp, ...] = ()
        if "look_up" in self.entries:
            look_ups = read_look_ups(names, self.entries["look_up"][1], scope, self.tables)
        members = self._members(names, scope)
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
            group_by=group_by,
            members=members,
            once_per=self._once_per(names),
            every_case=self._every_case(),
            why=self._text("why"),
            references=read_references(source, self.entries["references"][1]),
            hides=self._hides(self.entries["hides"][1] if "hides" in self.entries else None),
            tests=read_tests(source, self.entries["tests"][1]),
            place=source.place(self.root),
            pack=self.pack,
        )

    def _shaped(self, key: str, shape: re.Pattern[str], words: str) -> str | None:
        node = self.entries[key][1]
        text = self.source.text(node, key)
        if text is not None and not shape.fullmatch(text):
            right = text.upper() if key == "id" else "-".join(re.findall(r"[a-z0-9]+", text.lower()))
            right = re.sub(r"[^A-Z0-9]", "", right) if key == "id" else right
            hint = f"Write {right}." if shape.fullmatch(right) else ""
            self.source.note(
                node, "RL015", f"the {key} {text!r} is not made of {words}.", hint, right if hint else None
            )
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
            close = meant(kind_text, kinds)
            known = f"Known: {', '.join(kinds)}; then `as` and a name of your own."
            self.source.note(
                node, "RL011", f"{key} cannot be {kind_text.strip()!r}.", f"Did you mean {close!r}?" if close else known
            )
            self.unread |= {alias.strip() or kind_text.strip().replace(" ", "_")} if close is None else set()
            kind_text = close or "claim"
        kind = kinds[kind_text.strip()]
        alias = alias.strip() or _DEFAULT_ALIASES.get(kind, kind.value)
        if not ALIAS.fullmatch(alias) or alias in ("params", "found"):
            self.source.note(node, "RL015", f"{alias!r} cannot be a name.", "Use a lower-case word.")
        return Scope(kind, alias)

    def _group_by(self, scope: Scope) -> tuple[FieldRef, ...]:
        """What the lines of a group have in common: fields of a line with one value each."""
        if scope.kind not in GROUPED:
            key = next((key for key in ("group_by", "members") if key in self.entries), None)
            if key is not None:
                several = {kind: group for group, kind in GROUPED.items()}.get(scope.kind, ScopeKind.LINES)
                named = f" as {scope.alias}" if scope.alias not in ("line", scope.kind) else ""
                self.source.note(self.entries[key][0], "RL003", f"{key} is about groups of lines.",
                                 f"Write `for_each: {several.value.replace('_', ' ')}{named}`, "
                                 "or delete the key.")  # fmt: skip
                self.unread |= {scope.alias}
            return ()
        if "group_by" not in self.entries:
            if "group_by" not in self.source.meant:
                self.source.note(self.entries["for_each"][1], "RL003", "groups of lines need the key 'group_by'.",
                                 "Add `group_by: [service_date]`, or write `line` to see each by itself.")  # fmt: skip
            return ()
        found: list[FieldRef] = []
        for item in self.source.items(self.entries["group_by"][1], "group_by"):
            name = (self.source.text(item, "a field of group_by") or "").removeprefix("line.")
            try:
                field = field_of(ScopeKind.LINE, name)
            except UnknownName as error:
                close = meant(name, FIELDS[ScopeKind.LINE])
                self.source.note(item, "RL008", error.message, f"Did you mean {close!r}?" if close else error.hint)
                self.unread |= {scope.alias}
                continue
            if field.type in _NO_SINGLE_VALUE or name in ADDED_UP:
                why = "is added up in a group" if name in ADDED_UP else f"is {phrase(field.type)}"
                self.source.note(item, "RL007", f"lines cannot be grouped by {name}, which {why}.",
                                 "Group by fields of one value, such as service_date.")  # fmt: skip
            elif any(one.name == name for one in found):
                self.source.note(item, "RL012", f"group_by names {name!r} twice.", "Keep one.")
            else:
                found.append(FieldRef("line", name, field.type, field))
        return tuple(found)

    def _members(self, names: Names, scope: Scope) -> tuple[Node, ...]:
        """Conditions on the lines that are grouped; they see the line and the claim."""
        if "members" not in self.entries or scope.kind not in GROUPED:
            return ()
        if scope.alias == "line":
            self.source.note(self.entries["for_each"][1], "RL012", "members call each line 'line', so a group cannot.",
                             "Write `lines as visits`.")  # fmt: skip
        seen = {"claim": ScopeKind.CLAIM, "line": GROUPED[scope.kind]}
        return self._nodes(attrs.evolve(names, scopes=seen, look_ups={}, shared={}), self.entries, "members")

    def _once_per(self, names: Names) -> tuple[FieldRef, ...] | None:
        """What findings must share for only the first of them to be reported; empty for the claim."""
        if "report" not in self.entries:
            return None
        entries = self.source.record(self.entries["report"][1], "report", keys.REPORT, ("once_per",)) or {}
        if "once_per" not in entries:
            return None
        node = entries["once_per"][1]
        if isinstance(node, yaml.ScalarNode) and node.value == "claim":
            return ()
        found: list[FieldRef] = []
        for item in self.source.items(node, "once_per"):
            reference = self._reference(names, item)
            if reference is not None and reference.type in _THINGS:
                self.source.note(item, "RL007", f"once_per cannot be {reference}, which is {phrase(reference.type)}.",
                                 "Name `claim`, or fields with a value.")  # fmt: skip
            elif reference is not None:
                found.append(reference)
        if not found and isinstance(node, yaml.SequenceNode) and not node.value:
            self.source.note(node, "RL003", "once_per names nothing.", "Name `claim`, or fields of the rule.")
        return tuple(found) or None

    def _nodes(self, names: Names, entries: Entries, key: str) -> tuple[Node, ...]:
        return read_nodes(names, entries[key][1], key) if key in entries else ()

    def _cases(self, names: Names, when: tuple[Node, ...]) -> tuple[Case, ...]:
        if "cases" not in self.entries:
            return (self._case(names, {}, self.root, when),)
        cases: list[Case] = []
        for node in self.source.items(self.entries["cases"][1], "cases"):
            own = self.source.record(node, "the case", keys.CASE)
            if own is not None:
                cases.append(self._case(names, own, node, when))
        if not cases:
            self.source.note(self.entries["cases"][1], "RL003", "cases has no case.", "Add one, or delete the key.")
            cases.append(self._case(names, {}, self.root, when))
        return tuple(attrs.evolve(case, number=number) for number, case in enumerate(cases, start=1))

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
        adjusted, acknowledged = value_of("adjustment", False), value_of("acknowledgment", False)
        question = value_of("question", False)
        fix_node = value_of("fix")
        safety, fix = self._fix(names, fix_node)
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
            rewrites=read_rewrites(names, fix_node),
            question=names.template(question, "question") if question and not source.is_null(question) else None,
            adjustment=read_adjustment(source, adjusted) if adjusted else Adjustment(),
            acknowledgment=read_acknowledgment(source, acknowledged) if acknowledged else None,
            field=self._reference(names, field_node) if field_node else _first_field((*when, *shared), names),
            codes=self._codes(names, codes_node),
            hides=self._hides(value_of("hides", False)),
        )

    def _reference(self, names: Names, node: yaml.Node) -> FieldRef | None:
        text = self.source.text(node, "a field")
        return names.reference(node, text.removeprefix("$")) if text else None

    def _codes(self, names: Names, node: yaml.Node | None) -> tuple[FieldRef, ...]:
        found: list[FieldRef] = []
        for item in self.source.items(node, "codes") if node is not None else []:
            reference = self._reference(names, item)
            if reference is not None and names.is_private(reference):
                self.source.note(item, "RL013", f"{reference} may identify the patient, so no finding may list it.",
                                 "Leave it out.")  # fmt: skip
            elif reference is not None:
                found.append(reference)
        return tuple(found)

    def _fix(self, names: Names, node: yaml.Node | None) -> tuple[Safety, Template]:
        empty = Template("", ())
        if node is None:
            return "display", empty
        entries = self.source.record(node, "fix", keys.FIX, ("text",))
        if not entries:
            return "display", empty
        safety: Any = "display"
        if "safety" in entries:
            safety = self.source.choice(entries["safety"][1], "safety", get_args(Safety)) or "display"
        text = names.template(entries["text"][1], "the text of fix") if "text" in entries else None
        return safety, text or empty

    def _effective(self) -> tuple[date | None, date | None]:
        if "effective" not in self.entries:
            return None, None
        node = self.entries["effective"][1]
        entries = self.source.record(node, "effective", keys.EFFECTIVE) or {}
        return read_window(self.source, entries, node, "effective")

    def _applies_to(self) -> AppliesTo:
        if "applies_to" not in self.entries:
            return AppliesTo()
        entries = (
            self.source.record(self.entries["applies_to"][1], "applies_to", keys.APPLIES_TO, elsewhere=_OF_A_LAYER)
            or {}
        )
        others = self.source.choices(entries["others"][1], "others", ("off",)) if "others" in entries else ()
        if others and "payers" not in entries:
            message = "`others` are payers of other kinds than `payers` names, and it names none."
            self.source.note(entries["others"][0], "RL011", message, "Add `payers`, or leave `others` out.")
        return AppliesTo(
            settings=read_settings(self.source, entries),
            payers=read_payers(self.source, entries),
            others_off=bool(others),
        )

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
        entries = self.source.record(node, "hides", keys.HIDES) or {}
        for key, (_, listed) in entries.items():
            for item in self.source.items(listed, key):
                if isinstance(item, yaml.ScalarNode) and item.value and not _HIDDEN.fullmatch(item.value):
                    self.source.note(item, "RL011", f"hides cannot be about {item.value!r}.",
                                     "Name a rule (MOD110), a family (ncci), or a rule to spare (-DX124).")  # fmt: skip
        return {key: self.source.texts(node, key) for key, (_, node) in entries.items()}

    def _unused(self, names: Names) -> None:
        """What nothing uses; not told where a condition could not be read, which may be the one that does."""
        if names.unknown or names.unread or any(problem.id in _IN_CONDITIONS for problem in self.source.problems):
            return
        for kind, listed, prefix in (("look-up", names.look_ups, ""), ("param", names.params, "params.")):
            for name in listed:
                if prefix + name not in names.used:
                    mapping = self.entries["look_up" if kind == "look-up" else "params"][1]
                    key = next(key for key, _ in mapping.value if key.value == name)
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
