"""The sentences of rules in other languages: `languages/es.yaml` in a pack, by rule.

    DX102:
      title: El diagnóstico es un encabezado; hace falta un código más largo
      message: "{dx.code} es un encabezado de {entry.code_set} el {entry.as_of}, no un código facturable."

A translated sentence has the placeholders of the English one. What nobody translated stays English. Rules are
translated when they are loaded, so that nothing after the loader knows of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs
import yaml

from scrubber.errors import UnknownName, nearest
from scrubber.fields import ScopeKind, field_of
from scrubber.rules import keys
from scrubber.rules.conditions import may_identify, read_template
from scrubber.rules.model import Case, FieldRef, Language, Pack, Rule, Template, Translation
from scrubber.rules.yaml_source import Entries, RuleProblem, YamlSource

FOLDER = "languages"
ENGLISH = "en"

_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_SENTENCES = tuple(keys.TRANSLATED_CASE)


def is_of_language(path: Path, pack: Path) -> bool:
    """Whether a file of a pack translates, and is no rule."""
    return path.parent == pack / FOLDER


def read_languages(pack: Path, rules: Sequence[Rule], *, all_read: bool) -> tuple[list[Language], list[RuleProblem]]:
    """The languages of a pack, and the mistakes in their files. `all_read`: no rule of the pack is left out."""
    found: list[Language] = []
    problems: list[RuleProblem] = []
    for path in sorted((pack / FOLDER).glob("*.yaml")):
        file = _LanguageFile(YamlSource(path), rules, all_read)
        found.append(Language(path.stem, file.translations()))
        problems += file.source.problems
    return found, problems


def best_language(packs: Iterable[Pack], asked: str) -> str | None:
    """The language of the packs that serves best: es for es-PR where there is no es-PR; None for English.

    Raises:
        UnknownName: no pack is written in it.
    """
    at_hand = {language.tag.casefold(): language.tag for pack in packs for language in pack.languages}
    for tag in _from_special_to_general(asked):
        if tag.casefold() == ENGLISH:
            return None
        if tag.casefold() in at_hand:
            return at_hand[tag.casefold()]
    raise UnknownName("language", asked, [ENGLISH, *at_hand.values()])


def in_best_language(packs: Iterable[Pack], asked: str | None) -> tuple[tuple[Pack, ...], str | None]:
    """The packs as somebody who asks for a language reads them, and the language; None for English.

    Raises:
        UnknownName: no pack is written in it.
    """
    packs = tuple(packs)
    best = None if asked is None else best_language(packs, asked)
    return (packs if best is None else tuple(in_language(pack, best) for pack in packs)), best


def in_language(pack: Pack, tag: str) -> Pack:
    """The pack with its sentences in a language, as far as they are translated: in es-PR, else in es, else English."""
    for wanted in reversed(list(_from_special_to_general(tag))):
        for language in pack.languages:
            if language.tag.casefold() == wanted.casefold():
                rules = (_translated(rule, language.rules.get(rule.place.path)) for rule in pack.rules)
                pack = attrs.evolve(pack, rules=tuple(rules))
    return pack


def _from_special_to_general(tag: str) -> Iterator[str]:
    parts = tag.split("-")
    return ("-".join(parts[:length]) for length in range(len(parts), 0, -1))


def _translated(rule: Rule, said: Translation | None) -> Rule:
    if said is None:
        return rule
    cases = (
        attrs.evolve(case, message=message or case.message, fix=fix or case.fix, question=question or case.question)
        for case, message, fix, question in zip(rule.cases, said.messages, said.fixes, said.questions, strict=True)
    )
    return attrs.evolve(rule, title=said.title or rule.title, why=said.why or rule.why, cases=tuple(cases))


@attrs.define
class _LanguageFile:
    """One file of a language being read."""

    source: YamlSource
    rules: Sequence[Rule]
    all_read: bool

    def translations(self) -> Mapping[Path, Translation]:
        """What the file says, by the file of each rule."""
        if not _TAG.fullmatch(self.source.path.stem) or self.source.path.stem == ENGLISH:
            message = f"the file is called {self.source.path.stem!r}, which is no tag of another language than English."
            self.source.note(None, "RL015", message, "Name it es.yaml, es-PR.yaml, zh-Hant.yaml (BCP 47).")
        root = self.source.read()
        entries = self.source.entries(root, "the file") if root is not None else None
        found: dict[Path, Translation] = {}
        for name, (key, node) in (entries or {}).items():
            rule = self._rule(key, name)
            if rule is not None and rule.place.path in found:
                self.source.note(key, "RL012", f"{rule.place.path.name} is translated twice.", "Keep one.")
            elif rule is not None:
                found[rule.place.path] = self._translation(rule, node)
        return found

    def _rule(self, key: yaml.Node, name: str) -> Rule | None:
        """The rule of an id, or of the file of that name where an id has several."""
        meant = [rule for rule in self.rules if name in (rule.id, rule.place.path.stem)]
        if len(meant) == 1:
            return meant[0]
        if meant:
            files = " or ".join(sorted(rule.place.path.stem for rule in meant))
            self.source.note(key, "RL012", f"{name} stands in several files.", f"Write the name of one: {files}.")
        elif self.all_read:
            known = [name for rule in self.rules for name in (rule.id, rule.place.path.stem)]
            unknown = UnknownName("rule of this pack", name, known)
            self.source.note(key, "RL008", unknown.message, unknown.hint)
        return None

    def _translation(self, rule: Rule, node: yaml.Node) -> Translation:
        what = f"the translation of {rule.id}"
        entries = self.source.record(node, what, keys.TRANSLATION) or {}
        texts = {key: self._text(entries[key][1], key) for key in ("title", "why") if key in entries}
        own = self._cases(rule, entries)
        sentences = {f"{key}s": self._sentences(key, rule, entries, own) for key in ("message", "question")}
        fixes = self._sentences("fix", rule, entries, own)
        return Translation(title=texts.get("title"), why=texts.get("why"), fixes=fixes, **sentences)

    def _text(self, node: yaml.Node, what: str) -> str | None:
        text = self.source.text(node, what)
        if text is not None and not text.strip():
            self.source.note(node, "RL011", f"{what} is empty.", "Delete the key: what is missing stays English.")
        return text.strip() if text else None

    def _cases(self, rule: Rule, entries: Entries) -> list[Entries]:
        """What each case says by itself, in the order of the rule."""
        nothing: list[Entries] = [{} for _ in rule.cases]
        if "cases" not in entries:
            return nothing
        key, node = entries["cases"]
        items = self.source.items(node, "cases")
        if len(items) != len(rule.cases):
            message = f"{rule.id} has {len(rule.cases)} cases, and {len(items)} are translated."
            self.source.note(key, "RL004", message, "Write one for each, in order; {} keeps one English.")
            return nothing
        return [self.source.record(item, "the case", keys.TRANSLATED_CASE) or {} for item in items]

    def _sentences(self, key: str, rule: Rule, entries: Entries, own: Sequence[Entries]) -> tuple[Template | None, ...]:
        """The message, fix or question of each case: its own, else the one for the whole rule."""
        english = [_english(case, key) for case in rule.cases]
        for sentence, said in zip(english, own, strict=True):
            if sentence is None and key in said:
                self.source.note(said[key][0], "RL016", f"this case of {rule.id} has no {key}.", "Delete it.")
        rest = [one for one, said in zip(english, own, strict=True) if one is not None and key not in said]
        if key in entries and not rest:
            own_of_each = "each case has its own" if any(english) else "the rule has none"
            message = f"the {key} of {rule.id} is never used, for {own_of_each}."
            self.source.note(entries[key][0], "RL016", message, "Delete it.")
        if key in entries and len({one.text for one in rest}) > 1:
            message = f"the cases of {rule.id} differ in their {key}, so one cannot stand for all."
            self.source.note(entries[key][0], "RL004", message, "Translate each under `cases:`, in their order.")
            return (None,) * len(rule.cases)
        of_rule: Template | None = None
        if key in entries and rest:
            of_rule = self._sentence(entries[key][1], key, rest[0], rule)
        return tuple(
            None if one is None else self._sentence(said[key][1], key, one, rule) if key in said else of_rule
            for one, said in zip(english, own, strict=True)
        )

    def _sentence(self, node: yaml.Node, what: str, english: Template, rule: Rule) -> Template | None:
        """A sentence with the placeholders of the English one, in any order."""
        before = len(self.source.problems)
        shown = {str(part): part for part in english.parts if isinstance(part, FieldRef)}

        def reference(node: yaml.Node, name: str) -> FieldRef | None:
            if name not in shown:
                self._note_foreign(node, name, shown, rule)
            return shown.get(name)

        self._text(node, what)
        template = read_template(self.source, node, what, reference)
        if template is None or len(self.source.problems) > before:
            return None
        if lacking := [f"{{{name}}}" for name, part in shown.items() if part not in template.parts]:
            message = f"the {what} of {rule.id} lacks {', '.join(lacking)}, which the English one shows."
            self.source.note(node, "RL013", message, "Put it where the sentence wants it.")
        return template

    def _note_foreign(self, node: yaml.Node, name: str, shown: Mapping[str, FieldRef], rule: Rule) -> None:
        if _is_private(rule, name):
            self.source.note(node, "RL013", *may_identify(name))
            return
        close = nearest(name, shown)
        listed = ", ".join(f"{{{one}}}" for one in shown) or "none"
        hint = f"Did you mean {{{close}}}?" if close else f"It has {listed}."
        self.source.note(node, "RL013", f"{{{name}}} is no placeholder of the English sentence.", hint)


def _english(case: Case, key: str) -> Template | None:
    found: Template | None = getattr(case, key)
    return found


def _is_private(rule: Rule, name: str) -> bool:
    alias, _, field = name.partition(".")
    kinds = {"claim": ScopeKind.CLAIM, rule.scope.alias: rule.scope.kind}
    if rule.pair is not None:
        kinds[rule.pair.alias] = rule.pair.kind
    try:
        return field_of(kinds[alias], field).private
    except (KeyError, UnknownName):
        return False
